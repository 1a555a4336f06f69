package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"agora/crawler/office"
	"agora/index"
)

// officesCommand is about the catalogue.
type officesCommand struct {
	List   officesListCommand  `cmd:"" help:"List the offices, who is in office, and how each publishes."`
	Check  officesCheckCommand `cmd:"" help:"Tell how well each office is kept up with; exit 3 if one needs a look."`
	Pause  pauseCommand        `cmd:"" help:"Do not crawl an office for a while."`
	Resume resumeCommand       `cmd:"" help:"Take back a pause or an acknowledgement."`
	Ack    ackCommand          `cmd:"" help:"Note that an office's failure is known."`
}

// officesListCommand lists the catalogue.
type officesListCommand struct {
	JSON bool `name:"json" help:"Print the catalogue as JSON."`
}

// officeRow is an office in the list.
type officeRow struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Office  string   `json:"office"`
	Home    string   `json:"home"`
	Sources []string `json:"sources"` // kinds, in the order in which they are tried
	Today   []string `json:"in_office"`
}

// Run prints the catalogue that is built in.
func (c *officesListCommand) Run(_ context.Context, a *app) error {
	catalogue, err := office.Embedded()
	if err != nil {
		return fmt.Errorf("read the built-in catalogue: %w", err)
	}
	rows := []officeRow{}
	for _, o := range catalogue.All() {
		row := officeRow{ID: o.ID, Name: o.Name, Office: o.Office, Home: o.Home, Sources: []string{}, Today: []string{}}
		for _, s := range o.Sources {
			row.Sources = append(row.Sources, s.Kind)
		}
		for _, t := range o.InOffice(index.DateOf(a.Now().In(o.Location()))) {
			row.Today = append(row.Today, t.Name+" ("+t.Party+")")
		}
		rows = append(rows, row)
	}
	if c.JSON {
		return json.NewEncoder(a.Stdout).Encode(rows)
	}
	table := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "OFFICE\tSTATE\tIN OFFICE\tFIRST SOURCE\tHOME")
	for _, r := range rows {
		inOffice, first := "unknown", "none"
		if len(r.Today) > 0 {
			// Two where a change is known to the month only.
			inOffice = strings.Join(r.Today, " or ")
		}
		if len(r.Sources) > 0 {
			first = r.Sources[0]
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Name, inOffice, first, r.Home)
	}
	return table.Flush()
}
