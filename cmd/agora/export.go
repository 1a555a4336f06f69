package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"agora/index"
	"agora/index/export"
	"agora/index/query"
)

// exportCommand writes releases.
type exportCommand struct {
	Query  []string `arg:"" optional:"" help:"Only what this finds."`
	Format string   `help:"jsonl or csv; without it, what the ending of --output says, else jsonl." enum:",jsonl,csv" default:"" placeholder:"FORMAT"`
	Output string   `short:"o" help:"File to write; complete or not there at all." placeholder:"FILE" type:"path"`
	filterFlags
}

// Run streams the complete result, from one snapshot.
func (c *exportCommand) Run(ctx context.Context, a *app) error {
	if c.Format == "" {
		c.Format = "jsonl"
		if strings.EqualFold(filepath.Ext(c.Output), ".csv") {
			c.Format = "csv"
		}
	}
	if c.Output == "" {
		return c.stream(ctx, a, a.Stdout)
	}
	return writeWhole(c.Output, func(w io.Writer) error { return c.stream(ctx, a, w) })
}

// writeWhole writes a file beside its place and moves it there when it is complete. What
// a link leads to is written in its place; a device or a pipe is written into as it is.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeInto(path, write)
	}
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = part.Close()           // the first error is the one to tell
			_ = os.Remove(part.Name()) // likewise
		}
	}()
	if err := write(part); err != nil {
		return err
	}
	if err := part.Sync(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := part.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Chmod(part.Name(), 0o644); err != nil { //nolint:gosec // an export is for others to read
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(part.Name(), path)
}

// writeInto writes into what is there already.
func writeInto(path string, write func(io.Writer) error) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer closeAfter(file, &err)
	return write(file)
}

// stream writes to w: the whole store without asking an index, or what a query finds
// by the index here or by its owner.
func (c *exportCommand) stream(ctx context.Context, a *app, w io.Writer) (err error) {
	values := c.values(strings.Join(c.Query, " "))
	if len(values) == 0 {
		store, err := a.openStore(ctx, false)
		if err != nil {
			return err
		}
		defer closeAfter(store, &err)
		_, releases, err := store.All(ctx)
		if err != nil {
			return err
		}
		return c.write(w, releases)
	}
	q, err := query.FromValues(values, true)
	if err != nil {
		return err
	}
	for _, warning := range q.Warnings {
		fmt.Fprintln(a.Stderr, "note:", warning.Message)
	}
	ar, _, err := a.openArchive(ctx, "export", false)
	if owning, ok := owner(err); ok {
		body, err := owning.ask(ctx, "/api/v1/export."+c.Format, values)
		if err != nil {
			return err
		}
		defer body.Close()
		_, err = io.Copy(w, body)
		return err
	}
	if err != nil {
		return err
	}
	defer closeAfter(ar, &err)
	if err := a.sync(ctx, ar); err != nil {
		return err
	}
	return c.write(w, index.Selected(ctx, ar.store, ar.engine, q))
}

func (c *exportCommand) write(w io.Writer, releases iter.Seq2[index.Release, error]) (err error) {
	if c.Format == "csv" {
		_, err = export.CSV(w, releases)
	} else {
		_, err = export.JSONL(w, releases)
	}
	return err
}
