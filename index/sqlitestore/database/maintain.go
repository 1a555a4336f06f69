package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"agora/index"
)

// CopyTo writes a copy of the file, as of now, into the folder dir under its own name. It
// refuses a folder that holds one: it might be the one in use. The copy has its name only
// when it is whole and on disk.
func (d *Database) CopyTo(ctx context.Context, dir string) error {
	doing := "back up archive to " + dir
	target := filepath.Join(dir, filepath.Base(d.path))
	if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fmt.Errorf("%w: the folder holds %s already; name another", index.ErrInvalid, filepath.Base(target))
		}
		return fmt.Errorf("%s: %w", doing, err)
	}
	partial := target + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	defer os.Remove(partial)
	if _, err := d.reads.ExecContext(ctx, `VACUUM INTO ?`, partial); err != nil {
		return failure(partial, doing, err)
	}
	if err := syncPath(partial); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if err := os.Rename(partial, target); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if err := syncPath(dir); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// syncPath puts a file, or the names in a folder, on disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Check asks SQLite for damaged pages and indexes and for references to rows that are not
// there, and then the invariants: questions whose rows, of one text, are what is wrong. A
// file that is too damaged to be asked is a finding too.
func (d *Database) Check(ctx context.Context, invariants []string) ([]string, error) {
	findings := []string{}
	err := d.ask(ctx, &findings, `PRAGMA integrity_check`, func(rows *sql.Rows) (string, error) {
		var finding string
		err := rows.Scan(&finding)
		if finding == "ok" {
			return "", err
		}
		return "file: " + finding, err
	})
	if err == nil {
		err = d.ask(ctx, &findings, `PRAGMA foreign_key_check`, func(rows *sql.Rows) (string, error) {
			var table, parent string
			var row, key sql.NullInt64
			err := rows.Scan(&table, &row, &parent, &key)
			which := "a row"
			if row.Valid { // tables without rowid have none to tell
				which = fmt.Sprintf("row %d", row.Int64)
			}
			return fmt.Sprintf("table %s: %s names a %s that is not held", table, which, parent), err
		})
	}
	for _, text := range invariants {
		if err != nil {
			break
		}
		err = d.ask(ctx, &findings, text, func(rows *sql.Rows) (finding string, err error) {
			err = rows.Scan(&finding)
			return finding, err
		})
	}
	err = d.Failure("check archive", err)
	if errors.Is(err, index.ErrDamaged) {
		return append(findings, err.Error()), nil
	}
	if err != nil {
		return nil, err
	}
	return findings, nil
}

// ask adds the rows of a question to findings, but for empty ones.
func (d *Database) ask(ctx context.Context, findings *[]string, text string, scan func(*sql.Rows) (string, error)) error {
	rows, err := d.reads.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		finding, err := scan(rows)
		if err != nil {
			return err
		}
		if finding != "" {
			*findings = append(*findings, finding)
		}
	}
	return rows.Err()
}

// Plan tells how SQLite would answer a question, a line for each step: for tests of
// whether an index is used. https://www.sqlite.org/eqp.html
func (d *Database) Plan(ctx context.Context, text string) ([]string, error) {
	args := make([]any, strings.Count(text, "?"))
	for i := range args {
		args[i] = 1
	}
	return All(ctx, d, func(rows *sql.Rows) (step string, err error) {
		var id, parent, unused int
		err = rows.Scan(&id, &parent, &unused, &step)
		return step, err
	}, `EXPLAIN QUERY PLAN `+text, args...)
}
