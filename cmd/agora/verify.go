package main

import (
	"context"
	"fmt"

	"agora/cmd/agora/terminal"
	"agora/index"
)

// verifyCommand checks everything against everything.
type verifyCommand struct{}

// Run checks captures against their digests, the store against the captures and the
// index against the store, and fails if anything was found.
func (c *verifyCommand) Run(ctx context.Context, a *app) (err error) {
	store, err := a.openStore(ctx, false)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)
	progress := a.progress("verifying", "captures")
	collector, err := a.newIntake(store, progress.Report)
	if err != nil {
		return err
	}
	findings, notChecked := 0, ""
	captures, err := collector.Verify(ctx, func(line string) {
		findings++
		fmt.Fprintln(a.Stdout, line)
	})
	progress.End()
	if err != nil {
		return err
	}
	ar, _, err := a.openArchive(ctx, "verify", false)
	if owning, ok := owner(err); ok {
		notChecked = "; the index is open in " + owning.holder.String() + " and was not checked"
	} else if err != nil {
		return err
	} else {
		defer closeAfter(ar, &err)
		if err := a.sync(ctx, ar); err != nil {
			return err
		}
		differences, err := a.compareIndex(ctx, ar)
		if err != nil {
			return err
		}
		findings += differences
	}
	if findings > 0 {
		return fmt.Errorf("archive %w: %d %s (above); restore what is lost from a backup", index.ErrDamaged, findings, terminal.Plural(findings, "finding", "findings"))
	}
	fmt.Fprintf(a.Stdout, "%d captures and the store are sound%s\n", captures, notChecked)
	return nil
}
