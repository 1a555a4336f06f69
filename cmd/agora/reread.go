package main

import (
	"context"
	"encoding/json"
	"fmt"
)

// rereadCommand reads all captures again.
type rereadCommand struct {
	JSON bool `name:"json" help:"Print the summary as JSON."`
}

// Run reads the captures again and brings the index in step.
func (c *rereadCommand) Run(ctx context.Context, a *app) (err error) {
	favorThroughput()
	taken, err := a.acquire(collectLock, "reread")
	if err != nil {
		return err
	}
	defer closeAfter(taken, &err)
	store, err := a.openStore(ctx, false)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)

	progress := a.progress("reading again", "captures")
	collector, err := a.newIntake(store, progress.Report)
	if err != nil {
		return err
	}
	report, err := collector.Reread(ctx)
	progress.End()
	if err != nil {
		return err
	}
	a.joinMatters(ctx, store)
	if err := a.syncIfFree(ctx, store, "reread"); err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(a.Stdout).Encode(report); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.Stdout, "%d captures read again: %d releases read differently now, %d new, %d pages no longer taken for releases\n",
			report.Captures, report.Changed, report.New, report.Lost)
	}
	return partly(report.Failures, "read")
}
