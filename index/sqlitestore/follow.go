package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"agora/index"
	"agora/index/sqlitestore/database"
)

// Sequence returns the latest sequence of the change log, 0 for an empty one.
func (s *Store) Sequence(ctx context.Context) (int64, error) {
	var sequence int64
	err := database.One(ctx, s.db, latestSequence, nil, &sequence)
	return sequence, s.db.Failure("read sequence", err)
}

// Changes returns up to limit entries of the change log above after, in order.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]index.Change, error) {
	changes, err := database.All(ctx, s.db, func(rows *sql.Rows) (index.Change, error) {
		var c index.Change
		var at int64
		err := rows.Scan(&c.Sequence, &c.ReleaseID, &c.Version, &c.Kind, &at)
		c.Time = database.Time(at)
		return c, err
	}, `SELECT sequence, release_id, version, kind, time FROM change WHERE sequence > ? ORDER BY sequence LIMIT ?`, after, max(limit, 0))
	return changes, s.db.Failure("read change log", err)
}

// Cursor returns how far a follower has come; 0 for an unknown name.
func (s *Store) Cursor(ctx context.Context, name string) (int64, error) {
	var sequence int64
	err := database.One(ctx, s.db, `SELECT sequence FROM cursor WHERE name = ?`, []any{name}, &sequence)
	if errors.Is(err, index.ErrNotFound) {
		return 0, nil
	}
	return sequence, s.db.Failure(fmt.Sprintf("read cursor %q", name), err)
}

// SetCursor records how far a follower has come.
func (s *Store) SetCursor(ctx context.Context, name string, sequence int64) error {
	return s.write(ctx, fmt.Sprintf("set cursor %q", name), func(ctx context.Context, t *transaction) error {
		return t.Exec(ctx, `INSERT INTO cursor (name, sequence) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence`, name, sequence)
	})
}

// Count returns the number of releases.
func (s *Store) Count(ctx context.Context) (int, error) {
	var count int
	err := database.One(ctx, s.db, `SELECT COALESCE(SUM(held), 0) FROM office`, nil, &count)
	return count, s.db.Failure("count releases", err)
}

// OfficeCounts returns what is held of each office that has releases, by code.
func (s *Store) OfficeCounts(ctx context.Context) ([]index.OfficeCount, error) {
	counts, err := database.All(ctx, s.db, func(rows *sql.Rows) (index.OfficeCount, error) {
		var c index.OfficeCount
		var last int64
		err := rows.Scan(&c.Office, &c.Held, &c.Undated, &c.Missing, &c.Gone, &last, (*string)(&c.Oldest), (*string)(&c.Newest))
		c.LastSeen = database.Time(last)
		return c, err
	}, `SELECT code, held, undated, missing, gone, last_capture, oldest, newest FROM office WHERE held > 0 ORDER BY code`)
	return counts, s.db.Failure("count releases of offices", err)
}

// SameWords returns the ids of the releases of an office whose newest capture has a
// fingerprint, in order.
func (s *Store) SameWords(ctx context.Context, office, fingerprint string) ([]string, error) {
	ids, err := database.All(ctx, s.db, func(rows *sql.Rows) (id string, err error) {
		err = rows.Scan(&id)
		return id, err
	}, sameWords, fingerprint, fingerprint, office)
	return ids, s.db.Failure("find releases of the same words", err)
}

const sameWords = `SELECT r.id FROM capture c JOIN release r ON r.id = c.release_id AND r.newest = c.id
	WHERE c.fingerprint IS NOT NULL AND substr(c.fingerprint, 1, 12) = substr(?, 1, 12) AND c.fingerprint = ? AND r.office = ? ORDER BY r.id`

// PublishedPerDay counts the releases of an office by their day of publication.
func (s *Store) PublishedPerDay(ctx context.Context, office string, from index.Date) ([]index.DayCount, error) {
	days, err := database.All(ctx, s.db, func(rows *sql.Rows) (index.DayCount, error) {
		var d index.DayCount
		err := rows.Scan((*string)(&d.Day), &d.Count)
		return d, err
	}, publishedPerDay, office, string(from))
	return days, s.db.Failure(fmt.Sprintf("count days of office %q", office), err)
}

const publishedPerDay = `SELECT published, COUNT(*) FROM release WHERE office = ? AND published >= ? AND published > '' GROUP BY published ORDER BY published`

// ListingRows returns the rows that name an address, by time of capture.
func (s *Store) ListingRows(ctx context.Context, office, address string) ([]index.ListingRow, error) {
	rows, err := database.All(ctx, s.db, func(rows *sql.Rows) (index.ListingRow, error) {
		var r index.ListingRow
		var captured int64
		err := rows.Scan(&r.Office, &r.Address, &r.URL, &r.Title, &r.AsWritten, (*string)(&r.Date), &r.Source, &r.Position, &r.Listing, &captured)
		r.Captured = database.Time(captured)
		return r, err
	}, `SELECT l.office, l.address, l.url, l.title, l.as_written, l.date, l.source, l.position, COALESCE(l.listing, c.url), c.captured
		FROM listing_row l JOIN capture c ON c.id = l.capture_id WHERE l.address = ? AND l.office = ?
		ORDER BY c.captured, c.id, l.place`, address, office)
	return rows, s.db.Failure(fmt.Sprintf("read listing rows of %q", address), err)
}
