package database

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"agora/index"
)

// notes is a format with one table.
func notes() Format {
	return Format{ApplicationID: 7, Version: 1, Migrations: fstest.MapFS{
		"00001_notes.sql": {Data: []byte("-- +goose Up\nPRAGMA application_id = 7;\nCREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL);\n")},
	}}
}

func openNotes(t *testing.T) *Database {
	t.Helper()
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "notes.db"), notes(), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func write(ctx context.Context, d *Database, text string) error {
	return d.Write(ctx, "write note", func(ctx context.Context, w *Writer, _ func() error) error {
		return w.Exec(ctx, `INSERT INTO note (text) VALUES (?)`, text)
	})
}

func count(t *testing.T, d *Database) int {
	t.Helper()
	var n int
	if err := One(t.Context(), d, `SELECT COUNT(*) FROM note`, nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestFull lets the file grow no further, as on a full disk: writing fails with a clear
// error, reading goes on, and so does writing once there is room.
func TestFull(t *testing.T) {
	d := openNotes(t)
	if err := write(t.Context(), d, "first"); err != nil {
		t.Fatal(err)
	}
	limit := func(pages string) {
		rows, err := d.writer.conn.QueryContext(t.Context(), `PRAGMA max_page_count = `+pages)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() { // SQLite sets the limit when asked for the row that tells it
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	limit("12")
	held := 1
	var err error
	for err == nil {
		if err = write(t.Context(), d, strings.Repeat("long ", 2000)); err == nil {
			held++
		}
	}
	if !errors.Is(err, index.ErrReadOnly) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("error of a full disk: %v", err)
	}
	if n := count(t, d); n != held {
		t.Errorf("%d notes, want %d", n, held)
	}
	limit("1000000")
	if err := write(t.Context(), d, "last"); err != nil {
		t.Error(err)
	}
	if n := count(t, d); n != held+1 {
		t.Errorf("%d notes, want %d", n, held+1)
	}
}

// TestFailedWrite keeps nothing of a transaction that fails, whatever the reason.
func TestFailedWrite(t *testing.T) {
	d := openNotes(t)
	ctx, cancel := context.WithCancel(t.Context())
	broken := errors.New("broken")
	for name, work := range map[string]func(context.Context, *Writer, func() error) error{
		"error":  func(context.Context, *Writer, func() error) error { return broken },
		"cancel": func(context.Context, *Writer, func() error) error { cancel(); return nil },
		"SQL":    func(ctx context.Context, w *Writer, _ func() error) error { return w.Exec(ctx, `NONSENSE`) },
	} {
		err := d.Write(ctx, name, func(steady context.Context, w *Writer, cancelled func() error) error {
			if err := w.Exec(steady, `INSERT INTO note (text) VALUES ('x')`); err != nil {
				return err
			}
			return work(steady, w, cancelled)
		})
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if n := count(t, d); n != 0 {
		t.Errorf("%d notes were kept", n)
	}
	if err := write(t.Context(), d, "after"); err != nil {
		t.Error(err)
	}
}

// TestSnapshot sees what was there at its first question.
func TestSnapshot(t *testing.T) {
	d := openNotes(t)
	view, err := d.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer view.End()
	for range 3 {
		var n int
		if err := One(t.Context(), view, `SELECT COUNT(*) FROM note`, nil, &n); err != nil || n != 0 {
			t.Fatalf("%d notes, %v", n, err)
		}
		if err := write(t.Context(), d, "later"); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, d); n != 3 {
		t.Errorf("%d notes", n)
	}
}

// TestSnapshotsTakeTheWholePool: snapshots that hold every connection there is answer
// questions that nobody asked before, and keep them for those who come later.
func TestSnapshotsTakeTheWholePool(t *testing.T) {
	d := openNotes(t)
	if err := write(t.Context(), d, "first"); err != nil {
		t.Fatal(err)
	}
	// Who waits for a connection that nobody gives back would wait for ever.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for range 2 {
		snapshots := make([]*Snapshot, d.reads.Stats().MaxOpenConnections)
		for i := range snapshots {
			s, err := d.Snapshot(ctx)
			if err != nil {
				t.Fatal(err)
			}
			snapshots[i] = s
		}
		for i, s := range snapshots {
			var n int
			if err := One(ctx, s, fmt.Sprintf(`SELECT COUNT(*) + %d FROM note`, i), nil, &n); err != nil || n != 1+i {
				t.Errorf("snapshot %d: %d, %v", i, n, err)
			}
		}
		for _, s := range snapshots {
			s.End()
		}
	}
	kept := 0
	d.statements.texts.Range(func(any, any) bool { kept++; return true })
	if want := d.reads.Stats().MaxOpenConnections; kept < want {
		t.Errorf("%d statements are kept, want %d", kept, want)
	}
}
