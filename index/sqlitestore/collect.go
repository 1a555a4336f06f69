package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
