package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"

	"agora/index"
	"agora/index/sqlitestore/database"
	"agora/index/sqlitestore/history"
	"agora/index/sqlitestore/reading"
)

// Reread replaces readings of captures of releases. It moves no capture to another
// version, whatever the new fingerprints are.
func (s *Store) Reread(ctx context.Context, rereadings []index.Rereading) (changed int, err error) {
	err = s.write(ctx, "replace readings", func(ctx context.Context, t *transaction) error {
		current := map[string]int{} // changed releases and their version
		var order []string
		for _, r := range rereadings {
			if err := t.cancelled(); err != nil {
				return err
			}
			release, version, differs, err := s.reread(ctx, t, r)
			if err != nil {
				return err
			}
			if _, counted := current[release]; differs && !counted {
				order = append(order, release)
				current[release] = version
			}
		}
		for _, release := range order {
			if _, err := t.log(ctx, release, current[release], index.ChangeReread); err != nil {
				return err
			}
		}
		changed = len(order)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

// reread replaces one reading and tells whether the release shows another one now.
func (s *Store) reread(ctx context.Context, t *transaction, r index.Rereading) (release string, version int, differs bool, err error) {
	if r.Reading.Reader == "" || r.Reading.Fingerprint == "" {
		return "", 0, false, fmt.Errorf("capture %d: %w: its reading has no reader or no fingerprint", r.CaptureID, index.ErrInvalid)
	}
	var owner, office, published, digest sql.NullString
	var captured, kept, newest sql.NullInt64
	var current sql.NullInt64
	err = database.One(ctx, t, `SELECT c.captured, c.release_id, c.reading_id, d.digest, r.office, r.published, r.newest, r.version
		FROM capture c LEFT JOIN release r ON r.id = c.release_id LEFT JOIN reading d ON d.id = c.reading_id WHERE c.id = ?`,
		[]any{r.CaptureID}, &captured, &owner, &kept, &digest, &office, &published, &newest, &current)
	switch {
	case err != nil:
		return "", 0, false, fmt.Errorf("capture %d: %w", r.CaptureID, err)
	case !owner.Valid:
		return "", 0, false, fmt.Errorf("capture %d: %w: it belongs to no release", r.CaptureID, index.ErrInvalid)
	}
	b, err := s.codec.Encode(r.Reading)
	if err != nil {
		return "", 0, false, err
	}
	placed := kept.Int64
	if b.Digest != digest.String {
		if placed, err = t.replaceReading(ctx, r.CaptureID, owner.String, captured.Int64, kept.Int64, b); err != nil {
			return "", 0, false, err
		}
	}
	err = t.Exec(ctx, `UPDATE capture SET read_by = ?, fingerprint = ?, fingerprint_by = ?, reading_id = ? WHERE id = ?`,
		r.Reading.Reader, r.Reading.Fingerprint, r.Reading.Reader, placed, r.CaptureID)
	if err != nil {
		return "", 0, false, err
	}
	if placed != kept.Int64 {
		err = t.Exec(ctx, `DELETE FROM reading WHERE id = ? AND NOT EXISTS (SELECT 1 FROM capture WHERE release_id = ? AND reading_id = ?)`,
			kept.Int64, owner.String, kept.Int64)
		if err != nil {
			return "", 0, false, err
		}
	}
	if newest.Int64 != r.CaptureID || b.Digest == digest.String {
		return owner.String, int(current.Int64), false, nil
	}
	return owner.String, int(current.Int64), true, t.setPublished(ctx, owner.String, office.String, published.String, b.Published)
}

// replaceReading finds the row for a changed reading of a capture: that of a neighbour
// that reads the same, the capture's own where nobody shares it, or a new one.
func (t *transaction) replaceReading(ctx context.Context, capture int64, release string, captured, kept int64, b reading.Row) (int64, error) {
	before, after, err := t.place(ctx, release, captured, capture)
	if err != nil {
		return 0, err
	}
	for _, beside := range []*history.Capture{before, after} {
		if beside != nil && beside.Digest == b.Digest {
			return beside.ReadingID, nil
		}
	}
	var shared int
	err = database.One(ctx, t, `SELECT COUNT(*) FROM capture WHERE release_id = ? AND reading_id = ? AND id <> ?`, []any{release, kept, capture}, &shared)
	if err != nil {
		return 0, err
	}
	if shared > 0 {
		return t.insertReading(ctx, b)
	}
	return kept, t.Exec(ctx, `UPDATE reading SET digest = ?, title = ?, content = ? WHERE id = ?`, b.Digest, b.Title, b.Content, kept)
}
