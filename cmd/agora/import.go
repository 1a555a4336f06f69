package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"agora/cmd/agora/terminal"
	"agora/crawler/intake"
	"agora/index"
	"agora/index/vocabulary"
)

// importCommand takes in files.
type importCommand struct {
	Sources []string `arg:"" name:"source" help:"Files (.warc, .warc.gz, .jsonl, .html, .txt), folders, or - for JSONL on standard input."`
	Office  string   `help:"Office (postal code) of releases that do not say; never overrides." placeholder:"CODE"`
	JSON    bool     `name:"json" help:"Print the summary as JSON."`
}

// Run imports the sources and brings the index in step.
func (c *importCommand) Run(ctx context.Context, a *app) (err error) {
	if c.Office != "" {
		o, ok := vocabulary.OfficeByCode(c.Office)
		if !ok {
			return fmt.Errorf("%w: --office %s is none of the 56 offices; use a postal code such as VA", errUsage, c.Office)
		}
		c.Office = o.Code
	}
	favorThroughput()
	taken, err := a.acquire(collectLock, "import")
	if err != nil {
		return err
	}
	defer closeAfter(taken, &err)
	store, err := a.openStore(ctx, true)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)

	progress := a.progress("importing", "documents")
	collector, err := a.newIntake(store, progress.Report)
	if err != nil {
		return err
	}
	report, err := collector.Import(ctx, intake.ImportOptions{Sources: c.Sources, Stdin: a.Stdin, Office: c.Office})
	progress.End()
	if err != nil {
		return err
	}
	a.joinMatters(ctx, store)
	if err := a.syncIfFree(ctx, store, "import"); err != nil {
		return err
	}
	if err := c.print(a, report); err != nil {
		return err
	}
	if len(report.Failures) > 0 && report.Taken() == 0 {
		return errors.New("nothing could be imported (reasons above)")
	}
	return partly(report.Failures, "imported")
}

// partly is the end of a command that named failures and did the rest.
func partly(failures []intake.Failure, done string) error {
	switch len(failures) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("%w: 1 piece could not be %s (named above)", errPartly, done)
	}
	return fmt.Errorf("%w: %d pieces could not be %s (named above)", errPartly, len(failures), done)
}

// print writes the summary.
func (c *importCommand) print(a *app, r intake.ImportReport) error {
	if c.JSON {
		return json.NewEncoder(a.Stdout).Encode(struct {
			intake.ImportReport
			Failed int `json:"failed"`
		}{r, len(r.Failures)})
	}
	byKind := map[index.PageKind]int{}
	for _, p := range r.PassedOver {
		byKind[p.Kind]++
		fmt.Fprintf(a.Stderr, "no release: %s %s (%s: %s)\n", p.Where, p.URL, p.Kind, p.Why)
	}
	fmt.Fprintf(a.Stdout, "%d new, %d edited, %d unchanged, %d already held", r.New, r.Edited, r.Unchanged, r.Known)
	if r.Listings > 0 {
		fmt.Fprintf(a.Stdout, ", %d %s read", r.Listings, terminal.Plural(r.Listings, "listing", "listings"))
	}
	if n := len(r.PassedOver); n > 0 {
		var kinds []string
		for kind, n := range byKind {
			kinds = append(kinds, fmt.Sprintf("%s %d", kind, n))
		}
		slices.Sort(kinds)
		fmt.Fprintf(a.Stdout, ", %d %s that %s no %s (%s)", n, terminal.Plural(n, "page", "pages"), terminal.Plural(n, "is", "are"),
			terminal.Plural(n, "release", "releases"), strings.Join(kinds, ", "))
	}
	if len(r.Failures) > 0 {
		fmt.Fprintf(a.Stdout, ", %d failed", len(r.Failures))
	}
	fmt.Fprintln(a.Stdout)
	return nil
}

// closeAfter closes c and keeps the first error of both.
func closeAfter(c io.Closer, err *error) {
	if closeErr := c.Close(); closeErr != nil && *err == nil {
		*err = closeErr
	}
}
