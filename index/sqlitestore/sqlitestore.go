// Package sqlitestore keeps an archive in one SQLite file: releases, versions, captures,
// listing rows, visits, passes and the change log. It implements index.Store.
//
// It searches nothing (an engine follows its change log), keeps no page bytes (they lie
// in WARC files beside it), reads no pages and decides nothing about offices: versions
// are told apart by fingerprints that the collector made. How the file is opened, shared
// and made durable is the business of package database below it. The stored format is
// described above the tables in migrations/.
package sqlitestore

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"time"

	"agora/index"
	"agora/index/sqlitestore/crawl"
	"agora/index/sqlitestore/database"
	"agora/index/sqlitestore/matters"
	"agora/index/sqlitestore/reading"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	// schemaVersion is the number of the last file in migrations.
	schemaVersion = 3
	// applicationID marks a SQLite file as an archive: "AGOR".
	applicationID = 0x41474F52
)

// Options are what a store needs besides its file.
type Options struct {
	Now      func() time.Time // for times of the change log; nil: time.Now
	Random   io.Reader        // for the id of a new archive; nil: crypto/rand
	ReadOnly bool             // the file must exist; methods that write fail with index.ErrReadOnly
}

// Store is an archive in a SQLite file.
type Store struct {
	*crawled // visits, hosts, passes, stances and the collector's state
	*told    // matters

	db       *database.Database
	codec    *reading.Codec
	readings *reading.Recent // of the pages of results asked for lately
	now      func() time.Time
	id       string
}

// crawled and told have names of their own so that the store shows their methods and not
// them.
type (
	crawled = crawl.Tables
	told    = matters.Tables
)

var _ index.Store = (*Store)(nil)

// Open opens the archive in the file path and makes it where there is none; its folder
// must exist. It fails with ErrNewer for the file of a newer program, ErrDamaged for one
// that is no archive or broken, ErrReadOnly where the file can't be written and ErrNotFound
// where a file to be read only is missing. The caller closes the store.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	codec, err := reading.NewCodec()
	if err != nil {
		return nil, err
	}
	db, err := database.Open(ctx, path, database.Format{ApplicationID: applicationID, Version: schemaVersion, Migrations: folder}, o.ReadOnly)
	if err != nil {
		return nil, err
	}
	s := &Store{crawled: crawl.New(db), told: matters.New(db), db: db, codec: codec, readings: reading.NewRecent(), now: o.Now}
	const stored = `SELECT COALESCE((SELECT value FROM archive WHERE name = 'id'), '')`
	err = database.One(ctx, db, stored, nil, &s.id)
	if err == nil && s.id == "" {
		if err = s.mintID(ctx, o.Random); err == nil {
			err = database.One(ctx, db, stored, nil, &s.id)
		}
	}
	if err != nil {
		_ = db.Close()
		return nil, db.Failure("open archive", err)
	}
	return s, nil
}

// mintID gives a new archive its id. A second process may do so at the same moment: the
// first wins.
func (s *Store) mintID(ctx context.Context, random io.Reader) error {
	id := make([]byte, 16)
	if _, err := io.ReadFull(random, id); err != nil {
		return fmt.Errorf("mint id: %w", err)
	}
	return s.write(ctx, "mint id", func(ctx context.Context, t *transaction) error {
		return t.Exec(ctx, `INSERT INTO archive (name, value) VALUES ('id', ?) ON CONFLICT (name) DO NOTHING`, hex.EncodeToString(id))
	})
}

// ID returns the id that the archive was given when it was made.
func (s *Store) ID() string { return s.id }

// Close ends the store after a running write. It may be called again.
func (s *Store) Close() error { return s.db.Close() }
