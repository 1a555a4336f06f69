package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	"agora/index"
	"agora/index/sqlitestore/database"
	"agora/index/vocabulary"
)

// Held tells for each key whether the capture is held already.
func (s *Store) Held(ctx context.Context, keys []index.CaptureKey) ([]bool, error) {
	held := make([]bool, len(keys))
	view, err := s.db.Snapshot(ctx)
	if err != nil {
		return nil, s.db.Failure("look for captures", err)
	}
	defer view.End()
	for i, key := range keys {
		var found int
		if key.Captured.IsZero() {
			err = database.One(ctx, view, `SELECT 1 FROM capture WHERE url = ? AND sha256 = ? LIMIT 1`, []any{key.URL, key.SHA256}, &found)
		} else {
			err = database.One(ctx, view, `SELECT 1 FROM capture WHERE url = ? AND sha256 = ? AND captured = ?`, []any{key.URL, key.SHA256, key.Captured.UnixMilli()}, &found)
		}
		if err != nil && !errors.Is(err, index.ErrNotFound) {
			return nil, s.db.Failure("look for captures", err)
		}
		held[i] = err == nil
	}
	return held, nil
}

// SaveListing records a capture of a listing with its rows, or replaces the rows of one
// that is held. The releases that the rows name were listed at its time.
func (s *Store) SaveListing(ctx context.Context, capture index.Capture, rows []index.ListingRow) error {
	doing := fmt.Sprintf("save listing %q", capture.URL)
	if capture.Captured.IsZero() {
		return fmt.Errorf("%s: %w: its capture has no time", doing, index.ErrInvalid)
	}
	return s.write(ctx, doing, func(ctx context.Context, t *transaction) error {
		id, err := t.keep(ctx, capture)
		if err != nil {
			return err
		}
		if err := t.Exec(ctx, `DELETE FROM listing_row WHERE capture_id = ?`, id); err != nil {
			return err
		}
		captured := capture.Captured.UnixMilli()
		for i, row := range rows {
			office := row.Office
			if office == "" {
				office = capture.Office
			}
			listing := sql.NullString{String: row.Listing, Valid: row.Listing != "" && row.Listing != capture.URL}
			err := t.Exec(ctx, `INSERT INTO listing_row (capture_id, place, position, office, address, url, title, as_written, date, source, listing)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				id, i, row.Position, office, row.Address, row.URL, row.Title, row.AsWritten, string(row.Date), row.Source, listing)
			if err != nil {
				return err
			}
			err = t.Exec(ctx, `UPDATE release SET last_listed = ? WHERE id = (SELECT release_id FROM address WHERE address = ? AND office = ?)
				AND (last_listed IS NULL OR last_listed < ?)`, captured, row.Address, office, captured)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// keep inserts a capture of no release, or marks what one that is held is taken for now.
func (t *transaction) keep(ctx context.Context, c index.Capture) (int64, error) {
	id, _, _, err := t.captureID(ctx, c)
	if errors.Is(err, index.ErrNotFound) {
		if id, err = t.nextCapture(ctx); err != nil {
			return 0, err
		}
		return id, t.insertCapture(ctx, id, c, nil)
	}
	if err != nil {
		return 0, err
	}
	return id, t.Exec(ctx, `UPDATE capture SET kind = ?, read_by = ? WHERE id = ?`, string(c.Kind), c.Reader, id)
}

// SaveCaptures records captures that are neither releases nor listings.
func (s *Store) SaveCaptures(ctx context.Context, captures []index.Capture) error {
	return s.write(ctx, "save captures", func(ctx context.Context, t *transaction) error {
		for _, c := range captures {
			if c.Captured.IsZero() {
				return fmt.Errorf("capture of %q: %w: it has no time", c.URL, index.ErrInvalid)
			}
			if _, err := t.keep(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// presenceChanges are the entries of the change log by the state that a release comes to.
func presenceChange(state string) index.ChangeKind {
	switch state {
	case "missing":
		return index.ChangeMissing
	case "gone":
		return index.ChangeGone
	}
	return index.ChangeBack
}

// SetPresence records judgements. A judgement with the state and cause that a release
// has already changes nothing, whatever its time; one with another cause alone is logged
// as ChangeReread, for the office did nothing new.
func (s *Store) SetPresence(ctx context.Context, changes []index.PresenceChange) error {
	for _, c := range changes {
		if !vocabulary.Has(vocabulary.Presences[:], c.State) {
			return fmt.Errorf("set presence of release %q: %w: no such state: %q", c.ReleaseID, index.ErrInvalid, c.State)
		}
	}
	return s.write(ctx, "set presence", func(ctx context.Context, t *transaction) error {
		for _, c := range changes {
			if err := t.setPresence(ctx, c); err != nil {
				return fmt.Errorf("release %q: %w", c.ReleaseID, err)
			}
		}
		return nil
	})
}

func (t *transaction) setPresence(ctx context.Context, c index.PresenceChange) error {
	var office, state, cause string
	var version int
	err := database.One(ctx, t, `SELECT office, version, presence, presence_cause FROM release WHERE id = ?`, []any{c.ReleaseID}, &office, &version, &state, &cause)
	if err != nil || state == c.State && cause == c.Cause {
		return err
	}
	since := c.Since
	if since.IsZero() {
		since = t.now
	}
	err = t.Exec(ctx, `UPDATE release SET presence = ?, presence_cause = ?, presence_since = ? WHERE id = ?`, c.State, c.Cause, since.UnixMilli(), c.ReleaseID)
	if err != nil {
		return err
	}
	kind := presenceChange(c.State)
	if state == c.State {
		kind = index.ChangeReread
	}
	t.sum(office, func(s *officeSums) {
		for name, sum := range map[string]*int{"missing": &s.missing, "gone": &s.gone} {
			if state == name {
				*sum--
			}
			if c.State == name {
				*sum++
			}
		}
	})
	_, err = t.log(ctx, c.ReleaseID, version, kind)
	return err
}

// SaveVisits inserts or replaces visits. One that found a release not modified confirms
// the release.
func (s *Store) SaveVisits(ctx context.Context, visits []index.Visit) error {
	return s.write(ctx, "save visits", func(ctx context.Context, t *transaction) error {
		for _, v := range visits {
			err := t.Exec(ctx, `INSERT INTO visit (`+visitColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (office, address) DO UPDATE SET url = excluded.url, release_id = excluded.release_id, found = excluded.found,
					last = excluded.last, next = excluded.next, outcome = excluded.outcome, failures = excluded.failures,
					failing_since = excluded.failing_since, etag = excluded.etag, last_modified = excluded.last_modified, sha256 = excluded.sha256`,
				v.Office, v.Address, v.URL, v.ReleaseID, database.OptionalTime(v.Found), database.OptionalTime(v.Last), database.OptionalTime(v.Next), v.Outcome, v.Failures,
				database.OptionalTime(v.FailingSince), v.ETag, v.LastModified, v.SHA256)
			if err != nil {
				return err
			}
			if v.ReleaseID == "" || v.Outcome != notModified || v.Last.IsZero() {
				continue
			}
			at := v.Last.UnixMilli()
			if err := t.Exec(ctx, `UPDATE release SET last_seen = ? WHERE id = ? AND last_seen < ?`, at, v.ReleaseID, at); err != nil {
				return err
			}
		}
		return nil
	})
}

// notModified is the outcome of a visit that brought no bytes because those held are
// still right.
const notModified = "not-modified"

const visitColumns = `office, address, url, release_id, found, last, next, outcome, failures, failing_since, etag, last_modified, sha256`

// Visit returns what is known of an address of an office.
func (s *Store) Visit(ctx context.Context, office, address string) (index.Visit, error) {
	var v index.Visit
	var found, last, next, failing sql.NullInt64
	err := database.One(ctx, s.db, `SELECT `+visitColumns+` FROM visit WHERE office = ? AND address = ?`, []any{office, address},
		&v.Office, &v.Address, &v.URL, &v.ReleaseID, &found, &last, &next, &v.Outcome, &v.Failures, &failing, &v.ETag, &v.LastModified, &v.SHA256)
	if err != nil {
		return index.Visit{}, s.db.Failure(fmt.Sprintf("read visit of %q", address), err)
	}
	v.Found, v.Last, v.Next, v.FailingSince = database.KnownTime(found), database.KnownTime(last), database.KnownTime(next), database.KnownTime(failing)
	return v, nil
}

const passColumns = `office, source, strategy, started, ended, full_walk, first_row, last_row, found, new, edited, failed, expected, outcome, reason, robots`

// SavePass inserts a pass (ID 0) or replaces it, and returns its id; ErrNotFound where
// there is none to replace.
func (s *Store) SavePass(ctx context.Context, p index.Pass) (int64, error) {
	id := p.ID
	err := s.write(ctx, "save pass", func(ctx context.Context, t *transaction) error {
		values := []any{p.Office, p.Source, p.Strategy, p.Started.UnixMilli(), database.OptionalTime(p.Ended), p.Full, p.From, p.To,
			p.Found, p.New, p.Edited, p.Failed, p.Expected, p.Outcome, p.Reason, p.Robots}
		text := `INSERT INTO pass (` + passColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
		if p.ID != 0 {
			values = append(values, p.ID)
			text = `UPDATE pass SET office = ?, source = ?, strategy = ?, started = ?, ended = ?, full_walk = ?, first_row = ?, last_row = ?,
				found = ?, new = ?, edited = ?, failed = ?, expected = ?, outcome = ?, reason = ?, robots = ? WHERE id = ?`
		}
		result, err := t.Run(ctx, text, values...)
		if err != nil {
			return err
		}
		if p.ID == 0 {
			id, err = result.LastInsertId()
		} else if replaced, countErr := result.RowsAffected(); countErr != nil || replaced == 0 {
			err = errors.Join(countErr, fmt.Errorf("pass %d: %w", p.ID, index.ErrNotFound))
		}
		if err != nil {
			return err
		}
		return t.Exec(ctx, `INSERT INTO counter (name, value) VALUES ('passes', 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1`)
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

// passCache keeps the passes that were asked for last: every search judges the health of
// all offices by them, and they change a few times an hour.
type passCache struct {
	mutex   sync.Mutex
	limit   int
	counter int64
	passes  []index.Pass
}

// Passes returns the latest passes of each office by the time they started.
func (s *Store) Passes(ctx context.Context, limit int) ([]index.Pass, error) {
	const doing, counter = "read passes", `SELECT COALESCE((SELECT value FROM counter WHERE name = 'passes'), 0)`
	var now int64
	if err := database.One(ctx, s.db, counter, nil, &now); err != nil {
		return nil, s.db.Failure(doing, err)
	}
	s.passes.mutex.Lock()
	defer s.passes.mutex.Unlock()
	if s.passes.passes != nil && s.passes.limit == limit && s.passes.counter == now {
		return slices.Clone(s.passes.passes), nil
	}
	view, err := s.db.Snapshot(ctx)
	if err != nil {
		return nil, s.db.Failure(doing, err)
	}
	defer view.End()
	err = database.One(ctx, view, counter, nil, &now)
	if err != nil {
		return nil, s.db.Failure(doing, err)
	}
	// The recursion leaps from office to office along the index.
	found, err := database.All(ctx, view, scanPass, `WITH RECURSIVE walked (office) AS (
			SELECT MIN(office) FROM pass
			UNION ALL SELECT (SELECT MIN(office) FROM pass WHERE office > walked.office) FROM walked WHERE walked.office IS NOT NULL)
		SELECT id, `+passColumns+` FROM pass WHERE id IN (SELECT latest.id FROM walked JOIN pass latest ON latest.id IN (
				SELECT id FROM pass WHERE office = walked.office ORDER BY started DESC, id DESC LIMIT ?))
		ORDER BY office, started DESC, id DESC`, limit)
	if err != nil {
		return nil, s.db.Failure(doing, err)
	}
	s.passes.limit, s.passes.counter, s.passes.passes = limit, now, found
	return slices.Clone(found), nil
}

func scanPass(rows *sql.Rows) (index.Pass, error) {
	var p index.Pass
	var started int64
	var ended sql.NullInt64
	var expected sql.NullFloat64
	err := rows.Scan(&p.ID, &p.Office, &p.Source, &p.Strategy, &started, &ended, &p.Full, &p.From, &p.To, &p.Found, &p.New,
		&p.Edited, &p.Failed, &expected, &p.Outcome, &p.Reason, &p.Robots)
	p.Started, p.Ended = database.Time(started), database.KnownTime(ended)
	if expected.Valid {
		p.Expected = &expected.Float64
	}
	return p, err
}
