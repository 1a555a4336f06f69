package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"agora/crawler/intake"
	"agora/crawler/office"
	"agora/index"
)

// demoData holds about 100 invented releases of invented people and companies, edited
// texts of some of them, and a catalogue whose attorneys general are invented too.
//
//go:embed demodata
var demoData embed.FS

// The files of the demo, and how long before now each is taken to be captured.
var demoFiles = []struct {
	name string
	ago  time.Duration
}{
	{"demodata/releases.jsonl", 30 * 24 * time.Hour},
	{"demodata/edits.jsonl", 2 * 24 * time.Hour},
}

// demoCommand serves the built-in sample.
type demoCommand struct {
	serveFlags
}

// Run loads the sample into a temporary folder, serves it and takes it away again.
func (c *demoCommand) Run(ctx context.Context, a *app) (err error) {
	folder, err := os.MkdirTemp("", "agora-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() {
		if removeErr := os.RemoveAll(folder); removeErr != nil && err == nil {
			err = removeErr
		}
	}()
	demo := *a
	demo.Data = folder
	if err := demo.loadDemo(ctx); err != nil {
		return fmt.Errorf("load the demo: %w", err)
	}
	fmt.Fprintln(a.Stderr, "demo: every release, person and company in it is invented")
	return demo.serve(ctx, "demo", c.serveFlags, true, nil)
}

// loadDemo imports the sample as if its files had been captured at different times, and
// marks some releases as no longer shown by their offices.
func (a *app) loadDemo(ctx context.Context) (err error) {
	now := a.Now()
	var paths []string
	for _, file := range demoFiles {
		content, err := demoData.ReadFile(file.name)
		if err != nil {
			return err
		}
		path := filepath.Join(a.Data, filepath.Base(file.name))
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return err
		}
		paths = append(paths, path)
		earlier := *a
		earlier.Now = func() time.Time { return now.Add(-file.ago) }
		earlier.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
		if err := earlier.importDemo(ctx, path); err != nil {
			return err
		}
	}
	store, err := a.openStore(ctx, false)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)
	for _, path := range paths {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	a.joinMatters(ctx, store)
	return hideSome(ctx, store, now)
}

func (a *app) importDemo(ctx context.Context, path string) (err error) {
	store, err := a.openStore(ctx, true)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)
	catalogue, err := demoCatalogue()
	if err != nil {
		return err
	}
	collector, err := a.newIntakeOf(catalogue, store, nil)
	if err != nil {
		return err
	}
	report, err := collector.Import(ctx, intake.ImportOptions{Sources: []string{path}})
	if err == nil && len(report.Failures) > 0 {
		err = report.Failures[0].Err
	}
	return err
}

// demoCatalogue is the catalogue of the demo's offices: no real person held one of them.
func demoCatalogue() (office.Catalogue, error) {
	file, err := demoData.Open("demodata/offices.yaml")
	if err != nil {
		return office.Catalogue{}, err
	}
	defer file.Close()
	offices, err := office.Read(file)
	if err != nil {
		return office.Catalogue{}, err
	}
	return office.New(offices)
}

// hideEvery makes one release in so many missing or gone, so that a visitor sees how the
// archive shows them.
const hideEvery = 16

func hideSome(ctx context.Context, store index.Store, now time.Time) error {
	_, releases, err := store.All(ctx)
	if err != nil {
		return err
	}
	var changes []index.PresenceChange
	n := 0
	for r, err := range releases {
		if err != nil {
			return err
		}
		if n++; n%hideEvery != 0 {
			continue
		}
		change := index.PresenceChange{ReleaseID: r.ID, State: "missing", Since: now.Add(-36 * time.Hour), Cause: "404"}
		if n%(2*hideEvery) == 0 {
			change.State, change.Since, change.Cause = "gone", now.Add(-16*24*time.Hour), "410"
		}
		changes = append(changes, change)
	}
	return store.SetPresence(ctx, changes)
}
