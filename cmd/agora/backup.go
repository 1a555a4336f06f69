package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// backupCommand copies the archive.
type backupCommand struct {
	Dir string `arg:"" help:"Folder for the copy; new or empty." type:"path"`
}

// Run copies the store first and the captures after it, so that every capture that the
// copied store names is there. The index is derived and is not copied.
func (c *backupCommand) Run(ctx context.Context, a *app) (err error) {
	store, err := a.openStore(ctx, false)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)
	if entries, err := os.ReadDir(c.Dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%w: %s is not empty; name a new folder for the copy", errUsage, c.Dir)
	}
	captures := filepath.Join(c.Dir, "captures")
	if err := os.MkdirAll(captures, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", captures, err)
	}
	if err := store.Backup(ctx, c.Dir); err != nil {
		return fmt.Errorf("back up the store: %w", err)
	}
	entries, err := os.ReadDir(a.capturesPath())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("back up the captures: %w", err)
	}
	progress := a.progress("copying captures", "files")
	defer progress.End()
	for i, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !e.Type().IsRegular() {
			continue
		}
		if err := copyFile(filepath.Join(captures, e.Name()), filepath.Join(a.capturesPath(), e.Name())); err != nil {
			return fmt.Errorf("back up %s: %w", e.Name(), err)
		}
		progress.Report(i+1, len(entries))
	}
	fmt.Fprintf(a.Stdout, "copied to %s; it opens with --data %s\n", c.Dir, c.Dir)
	return nil
}

// copyFile copies a file and makes the copy durable.
func copyFile(to, from string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // as public as the original
	if err != nil {
		return err
	}
	defer closeAfter(target, &err)
	if _, err := io.Copy(target, source); err != nil {
		return err
	}
	return target.Sync()
}
