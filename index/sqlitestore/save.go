package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"agora/index"
	"agora/index/sqlitestore/database"
	"agora/index/sqlitestore/history"
	"agora/index/sqlitestore/reading"
)

// Save records captures of release pages with their readings, all or none.
func (s *Store) Save(ctx context.Context, observations []index.Observation) ([]index.Saved, error) {
	saved := make([]index.Saved, len(observations))
	if len(observations) == 0 {
		return saved, nil
	}
	rows := make([]reading.Row, len(observations))
	for i := range observations {
		err := valid(&observations[i])
		if err == nil {
			rows[i], err = s.codec.Encode(observations[i].Reading)
		}
		if err != nil {
			return nil, fmt.Errorf("save release: observation %d of %q: %w", i, observations[i].Capture.URL, err)
		}
	}
	err := s.write(ctx, "save releases", func(ctx context.Context, t *transaction) error {
		for i := range observations {
			if err := t.cancelled(); err != nil {
				return err
			}
			var err error
			if saved[i], err = t.save(ctx, &observations[i], rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return saved, nil
}

// valid refuses observations that could not be found again or compared.
func valid(o *index.Observation) error {
	switch {
	case o.Office == "":
		return fmt.Errorf("%w: it has no office", index.ErrInvalid)
	case len(o.Addresses) == 0 || o.Addresses[0] == "":
		return fmt.Errorf("%w: it has no address", index.ErrInvalid)
	case o.Capture.Captured.IsZero():
		return fmt.Errorf("%w: its capture has no time", index.ErrInvalid)
	case o.Reading.Reader == "" || o.Reading.Fingerprint == "":
		return fmt.Errorf("%w: its reading has no reader or no fingerprint", index.ErrInvalid)
	}
	return nil
}

// holding is a release as a transaction found it.
type holding struct {
	history.State
	id, office, published string
	newest                int64 // capture
	lastListed            sql.NullInt64
}

// neighbour returns the capture that a condition picks, nil where there is none.
func (t *transaction) neighbour(ctx context.Context, condition string, args ...any) (*history.Capture, error) {
	var n history.Capture
	err := database.One(ctx, t, `SELECT c.id, c.captured, c.version, c.fingerprint, c.fingerprint_by, c.reading_id, d.digest
		FROM capture c JOIN reading d ON d.id = c.reading_id WHERE `+condition, args,
		&n.ID, &n.Captured, &n.Version, &n.Fingerprint, &n.Reader, &n.ReadingID, &n.Digest)
	if errors.Is(err, index.ErrNotFound) {
		return nil, nil
	}
	return &n, err
}

// place finds the captures of a release before and after a place in its order, which is
// that of (captured, id).
func (t *transaction) place(ctx context.Context, release string, captured, id int64) (before, after *history.Capture, err error) {
	before, err = t.neighbour(ctx, `c.release_id = ? AND (c.captured, c.id) < (?, ?) ORDER BY c.captured DESC, c.id DESC LIMIT 1`, release, captured, id)
	if err != nil {
		return nil, nil, err
	}
	after, err = t.neighbour(ctx, `c.release_id = ? AND (c.captured, c.id) > (?, ?) ORDER BY c.captured, c.id LIMIT 1`, release, captured, id)
	return before, after, err
}

// save records one observation.
func (t *transaction) save(ctx context.Context, o *index.Observation, b reading.Row) (index.Saved, error) {
	held, owner, version, err := t.captureID(ctx, o.Capture)
	if err == nil && owner != "" {
		return index.Saved{ReleaseID: owner, Version: version, Known: true}, nil
	}
	if err != nil && !errors.Is(err, index.ErrNotFound) {
		return index.Saved{}, err
	}
	h, err := t.holder(ctx, o)
	if errors.Is(err, index.ErrNotFound) {
		return t.saveNew(ctx, o, b, held)
	}
	if err != nil {
		return index.Saved{}, err
	}
	return t.saveHeld(ctx, o, b, held, h)
}

// holder finds the release that has one of the addresses, by the first that one has.
func (t *transaction) holder(ctx context.Context, o *index.Observation) (h holding, err error) {
	for _, address := range o.Addresses {
		err = database.One(ctx, t, `SELECT r.id, r.office, r.url, r.published, r.version, r.last_version, r.newest, r.first_seen, r.changed, r.last_seen, r.last_listed
			FROM address a JOIN release r ON r.id = a.release_id WHERE a.address = ? AND a.office = ?`, []any{address, o.Office},
			&h.id, &h.office, &h.URL, &h.published, &h.Version, &h.LastVersion, &h.newest, &h.FirstSeen, &h.Changed, &h.LastSeen, &h.lastListed)
		if !errors.Is(err, index.ErrNotFound) {
			return h, err
		}
	}
	return h, index.ErrNotFound
}

// saveNew makes a release. held is the id of the capture where it is kept already,
// without a release.
func (t *transaction) saveNew(ctx context.Context, o *index.Observation, b reading.Row, held int64) (index.Saved, error) {
	capture, err := t.captureFor(ctx, held)
	if err != nil {
		return index.Saved{}, err
	}
	id, err := t.mint(ctx, o, b, capture)
	if err != nil {
		return index.Saved{}, err
	}
	kept, err := t.insertReading(ctx, b)
	if err != nil {
		return index.Saved{}, err
	}
	if err := t.own(ctx, o, capture, held != 0, belonging{id, 1, o.Reading.Fingerprint, o.Reading.Reader, kept}); err != nil {
		return index.Saved{}, err
	}
	if err := t.addresses(ctx, o, id); err != nil {
		return index.Saved{}, err
	}
	t.sum(o.Office, func(s *officeSums) {
		s.held++
		s.comes(b.Published)
		s.lastCapture = max(s.lastCapture, o.Capture.Captured.UnixMilli())
	})
	sequence, err := t.log(ctx, id, 1, index.ChangeNew)
	return index.Saved{ReleaseID: id, Version: 1, Change: index.ChangeNew, Sequence: sequence}, err
}

// captureFor returns the id of a capture that is held, or the next one (held is 0).
func (t *transaction) captureFor(ctx context.Context, held int64) (int64, error) {
	if held != 0 {
		return held, nil
	}
	return t.nextCapture(ctx)
}

// mint inserts a release, with its newest capture, under an id that none ever had.
func (t *transaction) mint(ctx context.Context, o *index.Observation, b reading.Row, capture int64) (string, error) {
	const longest = 64 // hex digits of SHA-256
	captured := o.Capture.Captured.UnixMilli()
	var listed sql.NullInt64
	if o.Listed != nil {
		listed = database.OptionalTime(*o.Listed)
	}
	for digits := index.MinIDDigits; digits <= longest; digits++ {
		id := index.MintID(o.Office, o.Addresses[0], digits)
		result, err := t.Run(ctx, `INSERT INTO release (id, office, url, published, version, last_version, newest, added, first_seen, changed,
				last_seen, backfill, presence, presence_since, presence_cause, last_listed)
			VALUES (?, ?, ?, ?, 1, 1, ?, ?, ?, ?, ?, ?, 'live', NULL, '', ?) ON CONFLICT (id) DO NOTHING`,
			id, o.Office, o.URL, b.Published, capture, t.now.UnixMilli(), captured, captured, captured, o.Backfill, listed)
		if err != nil {
			return "", err
		}
		if inserted, err := result.RowsAffected(); err != nil || inserted == 1 {
			return id, err
		}
	}
	return "", fmt.Errorf("mint id for %s: every id is taken", o.Addresses[0])
}

// addresses gives a release the addresses of an observation that no release has. Two
// releases at one address would be told apart by nothing.
func (t *transaction) addresses(ctx context.Context, o *index.Observation, id string) error {
	for _, address := range o.Addresses {
		if address == "" {
			continue
		}
		err := t.Exec(ctx, `INSERT INTO address (address, office, release_id) VALUES (?, ?, ?)
			ON CONFLICT (address, office) DO NOTHING`, address, o.Office, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// own keeps the capture of an observation as one of a release, also where it was held
// without one: an earlier reader took the page for something else.
func (t *transaction) own(ctx context.Context, o *index.Observation, id int64, held bool, b belonging) error {
	c := o.Capture
	c.Reader = o.Reading.Reader
	if c.Office == "" {
		c.Office = o.Office
	}
	if !held {
		return t.insertCapture(ctx, id, c, &b)
	}
	return t.Exec(ctx, `UPDATE capture SET office = ?, kind = ?, read_by = ?, release_id = ?, version = ?, fingerprint = ?,
		fingerprint_by = ?, reading_id = ? WHERE id = ?`, c.Office, string(c.Kind), c.Reader, b.release, b.version, b.fingerprint, b.fingerprintBy, b.reading, id)
}

// saveHeld adds a capture to a release.
func (t *transaction) saveHeld(ctx context.Context, o *index.Observation, b reading.Row, held int64, h holding) (index.Saved, error) {
	captured := o.Capture.Captured.UnixMilli()
	id, err := t.captureFor(ctx, held)
	if err != nil {
		return index.Saved{}, err
	}
	before, after, err := t.place(ctx, h.id, captured, id)
	if err != nil {
		return index.Saved{}, err
	}
	step, err := history.Take(h.id, h.State, history.Arrival{
		Captured: captured, URL: o.URL, Fingerprint: o.Reading.Fingerprint, Reader: o.Reading.Reader, Digest: b.Digest}, before, after)
	if err != nil {
		return index.Saved{}, err
	}
	if step.SplitTo != 0 {
		err := t.Exec(ctx, `UPDATE capture SET version = ? WHERE release_id = ? AND version = ? AND (captured, id) > (?, ?)`,
			step.SplitTo, h.id, step.SplitFrom, captured, id)
		if err != nil {
			return index.Saved{}, err
		}
	}
	if step.ReadingID == 0 {
		if step.ReadingID, err = t.insertReading(ctx, b); err != nil {
			return index.Saved{}, err
		}
	}
	if err := t.own(ctx, o, id, held != 0, belonging{h.id, step.Version, o.Reading.Fingerprint, o.Reading.Reader, step.ReadingID}); err != nil {
		return index.Saved{}, err
	}
	if err := t.addresses(ctx, o, h.id); err != nil {
		return index.Saved{}, err
	}
	if err := t.show(ctx, o, b, h, step, id); err != nil {
		return index.Saved{}, err
	}
	t.sum(h.office, func(s *officeSums) { s.lastCapture = max(s.lastCapture, captured) })
	saved := index.Saved{ReleaseID: h.id, Version: step.Version}
	named, _ := step.Named()
	for i, note := range step.Changes {
		sequence, err := t.log(ctx, h.id, note.Version, note.Kind)
		if err != nil {
			return index.Saved{}, err
		}
		if i == named {
			saved.Change, saved.Sequence = note.Kind, sequence
		}
	}
	return saved, nil
}

// show brings the row of a release in step with its history.
func (t *transaction) show(ctx context.Context, o *index.Observation, b reading.Row, h holding, step history.Step, capture int64) error {
	newest := h.newest
	if step.Newest {
		newest = capture
		if err := t.setPublished(ctx, h.id, h.office, h.published, b.Published); err != nil {
			return err
		}
	}
	listed := h.lastListed
	if o.Listed != nil && o.Listed.UnixMilli() > listed.Int64 {
		listed = database.OptionalTime(*o.Listed)
	}
	if step.State == h.State && newest == h.newest && listed == h.lastListed {
		return nil
	}
	return t.Exec(ctx, `UPDATE release SET url = ?, version = ?, last_version = ?, newest = ?, first_seen = ?, changed = ?, last_seen = ?, last_listed = ? WHERE id = ?`,
		step.State.URL, step.State.Version, step.State.LastVersion, newest, step.State.FirstSeen, step.State.Changed, step.State.LastSeen, listed, h.id)
}
