// Package database opens one SQLite file the way an archive needs it: WAL with
// synchronous=FULL, one connection that writes and a pool that reads beside it, numbered
// migrations, copies while it is in use, and errors that say what to do.
//
// It knows no tables but goose's: what lies in the file is the business of sqlitestore.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"agora/index"
)

const (
	// busyTimeout is how long a writer waits for the writer of another process: many
	// times the longest batch.
	busyTimeout = 20 * time.Second
	// checkpointPages is how long the log grows before it is moved into the file: a page
	// that many batches touch is moved once.
	checkpointPages = 8192
	// migrationTries is how often a file is brought to its format before giving up: others
	// may be doing so at the same moment, and then all but one fail at each step.
	migrationTries = 20
	// busyPause is what the second try waits for, and each further one once more.
	busyPause = 5 * time.Millisecond
)

// Format is what a program knows of the files it opens.
type Format struct {
	ApplicationID int64 // marks a SQLite file as one of these; set by the first migration
	Version       int64 // number of the last migration
	Migrations    fs.FS // numbered SQL files of goose
}

// Database is an open SQLite file.
type Database struct {
	path   string
	format Format

	reads      *sql.DB
	statements statements // of reads

	writes *sql.DB // nil where the file is read only
	writer *Writer // nil likewise

	closed sync.Once
}

// Open opens the file path and makes it where there is none; its folder must exist. It
// fails with ErrNewer for the file of a newer program, ErrDamaged for one that is broken
// or another program's, ErrReadOnly where the file can't be written and ErrNotFound where
// a file to be read only is missing. The caller closes the database.
func Open(ctx context.Context, path string, f Format, readOnly bool) (*Database, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	if _, err := os.Stat(path); readOnly && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open archive: %s %w: there is nothing to read yet", path, index.ErrNotFound)
	}
	d := &Database{path: path, format: f}
	if err := d.open(ctx, readOnly); err != nil {
		_ = d.release()
		return nil, d.Failure("open archive", err)
	}
	return d, nil
}

// open does the work of Open; on an error the caller releases what it left open.
func (d *Database) open(ctx context.Context, readOnly bool) error {
	var err error
	if !readOnly {
		if d.writes, err = sql.Open("sqlite", address(d.path, writeParameters())); err != nil {
			return err
		}
		d.writes.SetMaxOpenConns(1)
		if err := d.migrate(ctx); err != nil {
			return err
		}
		if d.writer, err = newWriter(ctx, d.writes); err != nil {
			return err
		}
		// A file without permission opens, and fails at the first write: try one that
		// changes nothing.
		err := d.Write(ctx, "try to write", func(ctx context.Context, w *Writer, _ func() error) error {
			return w.Exec(ctx, `DELETE FROM goose_db_version WHERE 1 = 0`)
		})
		if err != nil {
			return err
		}
	}
	if d.reads, err = sql.Open("sqlite", address(d.path, readParameters())); err != nil {
		return err
	}
	readers := max(4, 2*runtime.NumCPU())
	d.reads.SetMaxOpenConns(readers)
	d.reads.SetMaxIdleConns(readers)
	d.statements.db = d.reads
	if !readOnly {
		return nil
	}
	version, err := d.storedVersion(ctx, d.reads)
	if err == nil && version < d.format.Version {
		err = fmt.Errorf("archive %s %w: its format is older than this program's; open it for writing once", d.path, index.ErrReadOnly)
	}
	return err
}

// Path returns the file.
func (d *Database) Path() string { return d.path }

// Close ends the database after a running write. It may be called again.
func (d *Database) Close() error {
	var err error
	d.closed.Do(func() { err = d.release() })
	return d.Failure("close archive", err)
}

// release closes whatever is open.
func (d *Database) release() error {
	var faults []error
	if d.writer != nil {
		d.writer.close()
	}
	// The readers first: the last connection moves the log into the file.
	if d.reads != nil {
		faults = append(faults, d.reads.Close())
	}
	if d.writes != nil {
		faults = append(faults, d.writes.Close())
	}
	return errors.Join(faults...)
}

// writeParameters are those of the connection that writes.
func writeParameters() url.Values {
	return url.Values{"_txlock": {"immediate"}, "_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(ON)", "cache_size(-65536)",
		fmt.Sprintf("wal_autocheckpoint(%d)", checkpointPages),
	}}
}

// readParameters are those of the connections that read.
func readParameters() url.Values {
	return url.Values{"mode": {"rw"}, "_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "cache_size(-16384)",
	}}
}

// address returns the data source name of the file path.
func address(path string, parameters url.Values) string {
	u := url.URL{Scheme: "file", Path: path, RawQuery: parameters.Encode()}
	return u.String()
}

// migrate brings the file to the version of the format.
func (d *Database) migrate(ctx context.Context) error {
	for try := 1; ; try++ {
		version, err := d.storedVersion(ctx, d.writes)
		if isBusy(err) && try < migrationTries {
			// Of several that turn a new file to WAL SQLite lets some wait and others not.
			select {
			case <-time.After(time.Duration(try) * busyPause):
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err != nil || version == d.format.Version {
			return err
		}
		provider, err := goose.NewProvider(goose.DialectSQLite3, d.writes, d.format.Migrations, goose.WithDisableGlobalRegistry(true))
		if err != nil {
			return fmt.Errorf("read migrations: %w", err)
		}
		if _, err = provider.Up(ctx); err != nil && try == migrationTries {
			return fmt.Errorf("migrate: %w", err)
		}
	}
}

// storedVersion returns the version of the format of a file, 0 for a new one. It refuses
// newer files and those of other programs.
func (d *Database) storedVersion(ctx context.Context, db *sql.DB) (int64, error) {
	var application, tables, versions, version int64
	err := db.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(CASE name WHEN 'goose_db_version' THEN 1 END)
		FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).Scan(&tables, &versions)
	if err != nil {
		return 0, err
	}
	if versions > 0 {
		err = db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`).Scan(&version)
	}
	if err != nil {
		return 0, err
	}
	// Last: another process may be setting up the file, and what it has by now has an id.
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&application); err != nil {
		return 0, err
	}
	switch {
	case version > 0 && application != d.format.ApplicationID, tables > versions && version == 0:
		return 0, fmt.Errorf("%s is a SQLite file but no archive, or %w: name another file, or put a backup in its place", d.path, index.ErrDamaged)
	case version > d.format.Version:
		return 0, fmt.Errorf("archive %s was %w: its format is %d, this program knows %d; use that program", d.path, index.ErrNewer, version, d.format.Version)
	}
	return version, nil
}
