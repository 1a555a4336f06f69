package sqlitestore_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/index/indextest"
	"agora/index/sqlitestore"
	"agora/index/sqlitestore/database"
)

// firstFormat makes an archive of format 1 in a folder, as the program of that time left
// it: releases, a listing, a cursor, two visits and a pass.
func firstFormat(t *testing.T, dir string) {
	t.Helper()
	// What format 2 left as it was is written by today's program and copied.
	today := t.TempDir()
	store := open(t, today, func() time.Time { return indextest.Start.AddDate(1, 0, 0) })
	for _, o := range []index.Observation{
		indextest.Observation("VA", 1), indextest.Observation("VA", 1, indextest.At(time.Hour), indextest.Saying("other words")), indextest.Observation("OH", 2),
	} {
		if _, err := store.Save(t.Context(), []index.Observation{o}); err != nil {
			t.Fatal(err)
		}
	}
	listing := indextest.Observation("VA", 9).Capture
	listing.Kind = index.PageListing
	err := errors.Join(store.SaveListing(t.Context(), listing, []index.ListingRow{{Office: "VA", Address: indextest.URL("VA", 1), Title: "row"}}),
		store.SetCursor(t.Context(), "feeds", 2), store.Close())
	if err != nil {
		t.Fatal(err)
	}

	first, err := os.ReadFile(filepath.Join("migrations", "00001_archive.sql"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "archive.db")
	db, err := database.Open(t.Context(), path, database.Format{
		ApplicationID: 0x41474F52, Version: 1, Migrations: fstest.MapFS{"00001_archive.sql": {Data: first}},
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	statements := []string{`ATTACH '` + filepath.Join(today, "archive.db") + `' AS today`}
	for _, table := range []string{"archive", "reading", "release", "address", "capture", "listing_row", "change", "cursor", "office"} {
		statements = append(statements, `INSERT INTO main.`+table+` SELECT * FROM today.`+table)
	}
	run(t, path, append(statements,
		`INSERT INTO visit SELECT 'VA', '`+indextest.URL("VA", 1)+`', 'u', id, 1000, 2000, 3000, '404', 2, 1500, 'e', 'm', 's' FROM release WHERE office = 'VA'`,
		`INSERT INTO visit VALUES ('OH', 'a', 'u', 'oh-none', NULL, NULL, 4000, '', 0, NULL, '', '', '')`,
		`INSERT INTO counter VALUES ('passes', 1)`,
		`INSERT INTO pass VALUES (7, 'VA', 's', 'feed', 5000, 6000, 1, 'a', 'b', 3, 2, 1, 0, 2.5, 'ok', 'r', 'allowed')`)...)
}

// run runs statements on a SQLite file, one after another on one connection.
func run(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// TestFirstFormat opens an archive that the program before the crawl made.
func TestFirstFormat(t *testing.T) {
	dir := t.TempDir()
	firstFormat(t, dir)
	path := filepath.Join(dir, "archive.db")
	if _, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{ReadOnly: true}); !errors.Is(err, index.ErrReadOnly) {
		t.Fatalf("opened to read only: %v", err)
	}
	store := open(t, dir, nil)
	if findings, err := store.Check(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("check: %v, %q", err, findings)
	}
	id := index.MintID("VA", indextest.URL("VA", 1), index.MinIDDigits)
	r, err := store.Release(t.Context(), id)
	if err != nil || r.Version != 2 || r.Text != "other words" || r.Presence.LastListed == nil {
		t.Errorf("release is %+v, %v", r, err)
	}
	ids, err := store.SameWords(t.Context(), "VA", indextest.Observation("VA", 1, indextest.Saying("other words")).Reading.Fingerprint)
	if err != nil || !cmp.Equal(ids, []string{id}) {
		t.Errorf("same words: %v, %v", ids, err)
	}
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	kept := index.Visit{Office: "VA", Address: indextest.URL("VA", 1), URL: "u", Kind: index.VisitPage, ReleaseID: id, Found: at(1000), Last: at(2000), Next: at(3000),
		Outcome: "404", Failures: 2, FailingSince: at(1500), ETag: "e", LastModified: "m", SHA256: "s"}
	visit, err := store.Visit(t.Context(), "VA", kept.Address)
	if diff := cmp.Diff(kept, visit); err != nil || diff != "" {
		t.Errorf("visit: %v (-want +got):\n%s", err, diff)
	}
	due, err := store.DueVisits(t.Context(), "OH", "", at(4000), 5)
	if diff := cmp.Diff([]index.Visit{{Office: "OH", Address: "a", URL: "u", Kind: index.VisitPage, Next: at(4000)}}, due); err != nil || diff != "" {
		t.Errorf("due visits: %v (-want +got):\n%s", err, diff)
	}
	counts, err := store.VisitCounts(t.Context())
	wanted := []index.VisitCount{{Office: "OH", Kind: index.VisitPage, Count: 1}, {Office: "VA", Kind: index.VisitPage, Outcome: "404", Count: 1}}
	if diff := cmp.Diff(wanted, counts); err != nil || diff != "" {
		t.Errorf("counts of visits: %v (-want +got):\n%s", err, diff)
	}
	expected := 2.5
	pass := index.Pass{ID: 7, Office: "VA", Source: "s", Strategy: "feed", Started: at(5000), Ended: at(6000), Full: true, From: "a", To: "b", Found: 3, New: 2, Edited: 1,
		Expected: &expected, Outcome: index.PassOK, Reason: "r", Robots: "allowed"}
	passes, err := store.Passes(t.Context(), 5)
	if diff := cmp.Diff([]index.Pass{pass}, passes); err != nil || diff != "" {
		t.Errorf("passes: %v (-want +got):\n%s", err, diff)
	}
	if again := open(t, dir, nil); again.ID() != store.ID() {
		t.Errorf("opened again the archive has id %q, had %q", again.ID(), store.ID())
	}
}

// TestFirstFormatBusy opens an archive of the first format several times at the same
// moment: it is brought to today's once.
func TestFirstFormatBusy(t *testing.T) {
	dir := t.TempDir()
	firstFormat(t, dir)
	failures := make(chan error)
	const opened = 4
	for range opened {
		go func() {
			store, err := sqlitestore.Open(t.Context(), filepath.Join(dir, "archive.db"), sqlitestore.Options{})
			if err == nil {
				err = store.Close()
			}
			failures <- err
		}()
	}
	for range opened {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}

// TestSecondFormat opens an archive that the program before matters made.
func TestSecondFormat(t *testing.T) {
	dir := t.TempDir()
	firstFormat(t, dir)
	path := filepath.Join(dir, "archive.db")
	files := fstest.MapFS{}
	for _, name := range []string{"00001_archive.sql", "00002_crawl.sql"} {
		content, err := os.ReadFile(filepath.Join("migrations", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: content}
	}
	db, err := database.Open(t.Context(), path, database.Format{ApplicationID: 0x41474F52, Version: 2, Migrations: files}, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	store := open(t, dir, nil)
	if findings, err := store.Check(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("check: %v, %q", err, findings)
	}
	ids := []string{index.MintID("VA", indextest.URL("VA", 1), index.MinIDDigits), index.MintID("OH", indextest.URL("OH", 2), index.MinIDDigits)}
	matters, err := store.SaveMatters(t.Context(), []index.MatterChange{{Title: "one", Releases: ids}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := store.Release(t.Context(), ids[1])
	if diff := cmp.Diff(&index.MatterLink{ID: matters[0], Releases: 2}, r.Matter); err != nil || diff != "" {
		t.Errorf("matter: %v (-want +got):\n%s", err, diff)
	}
}
