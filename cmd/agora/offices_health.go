package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"agora/cmd/agora/terminal"
	"agora/crawler"
	"agora/index"
	"agora/index/vocabulary"
)

// officesCheckCommand tells how well the offices are kept up with.
type officesCheckCommand struct {
	Live bool `help:"Ask robots.txt and a listing of each office first."`
	JSON bool `name:"json" help:"Print the judgements as JSON."`
	crawlFlags
}

// readHosts shows what is known of hosts, and keeps nothing.
type readHosts struct{ index.Store }

// SaveHosts does nothing.
func (readHosts) SaveHosts(context.Context, []index.Host) error { return nil }

// checkedOffice is the judgement on an office, with what its site said just now.
type checkedOffice struct {
	index.OfficeHealth
	Live *crawler.Probed `json:"live"`
}

// Run judges all offices by what is recorded. With --live a site that does not answer is
// recorded as a failed pass; one that answers is not, as nothing was collected.
func (c *officesCheckCommand) Run(ctx context.Context, a *app) (err error) {
	catalogue, err := c.catalogue()
	if err != nil {
		return err
	}
	store, err := a.openStore(ctx, true)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)
	probed := map[string]crawler.Probed{}
	if c.Live {
		// A crawler may be at work beside this: what it knows of hosts is read and left alone.
		collector, closeWeb, err := a.newCollector(ctx, catalogue, store, readHosts{store}, c.crawlFlags, nil)
		if err != nil {
			return err
		}
		defer func() {
			if closeErr := closeWeb(); err == nil {
				err = closeErr
			}
		}()
		all, err := collector.Check(ctx)
		if err != nil {
			return err
		}
		for _, p := range all {
			probed[p.Office] = p
		}
	}
	judged, err := index.Searcher{Store: store, Now: a.Now}.Health(ctx)
	if err != nil {
		return err
	}
	checked, unhealthy := []checkedOffice{}, 0
	for _, h := range judged {
		if _, known := catalogue.Office(h.Office); !known {
			continue
		}
		one := checkedOffice{OfficeHealth: h}
		if p, asked := probed[h.Office]; asked {
			one.Live = &p
		}
		if h.Unhealthy() {
			unhealthy++
		}
		checked = append(checked, one)
	}
	if c.JSON {
		err = json.NewEncoder(a.Stdout).Encode(checked)
	} else {
		err = c.print(a, checked)
	}
	if err == nil && unhealthy > 0 {
		err = fmt.Errorf("%w: %d of %d offices need a look", errPartly, unhealthy, len(checked))
	}
	return err
}

// print writes the judgements as a table.
func (c *officesCheckCommand) print(a *app, checked []checkedOffice) error {
	table := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "OFFICE\tHEALTH\tLAST SUCCESS\tROBOTS\tWHY")
	for _, o := range checked {
		health, success := string(o.Health), "never"
		if o.Cause != "" {
			health = o.Cause
		}
		if o.LastSuccess != nil {
			success = o.LastSuccess.Local().Format("2006-01-02 15:04")
		}
		why := o.Reason
		if o.Stance != nil {
			health += ", " + o.Stance.State
			why = strings.TrimSpace(why + " (" + o.Stance.Reason + ")")
		}
		if o.Live != nil && o.Live.Outcome == index.PassOK {
			why = strings.TrimSpace(why + " — just now it answered by " + o.Live.Strategy)
		}
		robots := o.Robots
		if o.Live != nil {
			robots = o.Live.Robots
		}
		if robots == "" {
			robots = "unknown"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", o.Office, health, success, robots, terminal.Printable(why))
	}
	return table.Flush()
}

// stanceFlags are what people say about an office.
type stanceFlags struct {
	Office string `arg:"" name:"office" help:"Postal code of the office."`
	Reason string `help:"Why, in words that others understand." required:"" placeholder:"TEXT"`
	Until  string `help:"Day on which it ends (YYYY-MM-DD); without it holds until resume." placeholder:"DATE"`
}

type (
	pauseCommand  struct{ stanceFlags }
	ackCommand    struct{ stanceFlags }
	resumeCommand struct {
		Office string `arg:"" name:"office" help:"Postal code of the office."`
		Reason string `help:"Why, for the log." placeholder:"TEXT"`
	}
)

// Run pauses an office.
func (c *pauseCommand) Run(ctx context.Context, a *app) error {
	return c.set(ctx, a, index.StancePaused)
}

// Run acknowledges an office's failure.
func (c *ackCommand) Run(ctx context.Context, a *app) error {
	return c.set(ctx, a, index.StanceAcknowledged)
}

// Run takes back what was said of an office.
func (c *resumeCommand) Run(ctx context.Context, a *app) error {
	a.Logger.Debug("resume", "office", c.Office, "reason", c.Reason)
	return a.setStance(ctx, index.Stance{Office: c.Office})
}

func (c *stanceFlags) set(ctx context.Context, a *app, state string) error {
	stance := index.Stance{Office: c.Office, State: state, Reason: strings.TrimSpace(c.Reason), Since: index.Instant(a.Now())}
	if stance.Reason == "" {
		return fmt.Errorf("%w: --reason is empty", errUsage)
	}
	if c.Until != "" {
		until, err := time.ParseInLocation(time.DateOnly, c.Until, time.Local)
		if err != nil {
			return fmt.Errorf("%w: --until %s is no day; write it as 2024-05-31", errUsage, c.Until)
		}
		if !until.After(a.Now()) {
			return fmt.Errorf("%w: --until %s is over already", errUsage, c.Until)
		}
		stance.Until = until.UTC()
	}
	return a.setStance(ctx, stance)
}

// setStance records a stance; that may happen beside a crawl.
func (a *app) setStance(ctx context.Context, stance index.Stance) (err error) {
	o, ok := vocabulary.OfficeByCode(stance.Office)
	if !ok {
		return fmt.Errorf("%w: %q is none of the 56 offices; use a postal code such as VA", errUsage, stance.Office)
	}
	stance.Office = o.Code
	store, err := a.openStore(ctx, true)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)
	if err := store.SetStance(ctx, stance); err != nil {
		return err
	}
	switch {
	case stance.State == "":
		fmt.Fprintf(a.Stdout, "%s: nothing is said any more; it is crawled and judged as usual\n", o.Name)
	case stance.Until.IsZero():
		fmt.Fprintf(a.Stdout, "%s: %s until resumed (%s)\n", o.Name, stance.State, stance.Reason)
	default:
		fmt.Fprintf(a.Stdout, "%s: %s until %s (%s)\n", o.Name, stance.State, stance.Until.Local().Format(time.DateOnly), stance.Reason)
	}
	return nil
}
