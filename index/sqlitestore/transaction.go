package sqlitestore

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"agora/index"
	"agora/index/sqlitestore/database"
	"agora/index/sqlitestore/reading"
)

// transaction is one write: the writer's connection between BEGIN and COMMIT, and what
// is put into the file only at its end.
type transaction struct {
	*database.Writer
	now       time.Time    // of all that this write records
	cancelled func() error // not nil once the caller gave up

	sequence int64 // last given in the change log; 0: not read yet
	capture  int64 // last id given to a capture; 0: not read yet
	sums     map[string]officeSums
}

// write runs work in one transaction, durable when write returns nil; on an error
// nothing is kept.
func (s *Store) write(ctx context.Context, doing string, work func(ctx context.Context, t *transaction) error) error {
	return s.db.Write(ctx, doing, func(ctx context.Context, w *database.Writer, cancelled func() error) error {
		t := &transaction{Writer: w, now: index.Instant(s.now()), cancelled: cancelled}
		if err := work(ctx, t); err != nil {
			return err
		}
		return t.flush(ctx)
	})
}

// officeSums is what a transaction adds to the row of an office.
type officeSums struct {
	held, undated, missing, gone int
	lastCapture                  int64
	oldest, newest               string // of the dates that came, "" without any
	leftOldest, leftNewest       string // of the dates that went
}

const latestSequence = `SELECT COALESCE(MAX(sequence), 0) FROM change`

// log appends to the change log and returns the sequence.
func (t *transaction) log(ctx context.Context, release string, version int, kind index.ChangeKind) (int64, error) {
	if t.sequence == 0 {
		if err := database.One(ctx, t, latestSequence, nil, &t.sequence); err != nil {
			return 0, err
		}
	}
	t.sequence++
	return t.sequence, t.Exec(ctx, `INSERT INTO change (sequence, release_id, version, kind, time) VALUES (?, ?, ?, ?, ?)`,
		t.sequence, release, version, string(kind), t.now.UnixMilli())
}

// sum notes what changes in the sums of an office.
func (t *transaction) sum(office string, change func(*officeSums)) {
	if t.sums == nil {
		t.sums = map[string]officeSums{}
	}
	sums := t.sums[office]
	change(&sums)
	t.sums[office] = sums
}

// flush writes what was noted.
func (t *transaction) flush(ctx context.Context) error {
	offices := make([]string, 0, len(t.sums))
	for office := range t.sums {
		offices = append(offices, office)
	}
	slices.Sort(offices)
	for _, office := range offices {
		if err := t.flushOffice(ctx, office, t.sums[office]); err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) flushOffice(ctx context.Context, office string, sums officeSums) error {
	err := t.Exec(ctx, `INSERT INTO office (code, held, undated, missing, gone, oldest, newest, last_capture) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (code) DO UPDATE SET held = office.held + excluded.held, undated = office.undated + excluded.undated,
			missing = office.missing + excluded.missing, gone = office.gone + excluded.gone,
			oldest = CASE WHEN office.oldest = '' OR excluded.oldest > '' AND excluded.oldest < office.oldest THEN excluded.oldest ELSE office.oldest END,
			newest = CASE WHEN excluded.newest > office.newest THEN excluded.newest ELSE office.newest END,
			last_capture = CASE WHEN excluded.last_capture > office.last_capture THEN excluded.last_capture ELSE office.last_capture END`,
		office, sums.held, sums.undated, sums.missing, sums.gone, sums.oldest, sums.newest, sums.lastCapture)
	if err != nil || sums.leftOldest == "" {
		return err
	}
	// A date that went may have been the first or last.
	const dated = ` FROM release WHERE office = ? AND published > ''`
	return t.Exec(ctx, `UPDATE office SET oldest = COALESCE((SELECT MIN(published)`+dated+`), ''), newest = COALESCE((SELECT MAX(published)`+dated+`), '')
		WHERE code = ? AND (oldest >= ? OR newest <= ?)`, office, office, office, sums.leftOldest, sums.leftNewest)
}

// comes counts a date of publication, goes takes it back.
func (s *officeSums) comes(published string) {
	if published == "" {
		s.undated++
		return
	}
	if s.oldest == "" || published < s.oldest {
		s.oldest = published
	}
	s.newest = max(s.newest, published)
}

func (s *officeSums) goes(published string) {
	if published == "" {
		s.undated--
		return
	}
	if s.leftOldest == "" || published < s.leftOldest {
		s.leftOldest = published
	}
	s.leftNewest = max(s.leftNewest, published)
}

// setPublished keeps the copy of the date of the current reading.
func (t *transaction) setPublished(ctx context.Context, release, office, before, after string) error {
	if before == after {
		return nil
	}
	t.sum(office, func(s *officeSums) { s.goes(before); s.comes(after) })
	return t.Exec(ctx, `UPDATE release SET published = ? WHERE id = ?`, after, release)
}

// insertReading keeps a reading and returns its id.
func (t *transaction) insertReading(ctx context.Context, b reading.Row) (int64, error) {
	result, err := t.Run(ctx, `INSERT INTO reading (digest, title, content) VALUES (?, ?, ?)`, b.Digest, b.Title, b.Content)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// captureID finds a capture that is held by what names it.
func (t *transaction) captureID(ctx context.Context, c index.Capture) (id int64, release string, version int, err error) {
	var owner sql.NullString
	var number sql.NullInt64
	err = database.One(ctx, t, `SELECT id, release_id, version FROM capture WHERE url = ? AND sha256 = ? AND captured = ?`,
		[]any{c.URL, c.SHA256, c.Captured.UnixMilli()}, &id, &owner, &number)
	return id, owner.String, int(number.Int64), err
}

// belonging is what makes a capture one of a release.
type belonging struct {
	release       string
	version       int
	fingerprint   string
	fingerprintBy string
	reading       int64
}

// nextCapture returns the id for a capture that is to be inserted.
func (t *transaction) nextCapture(ctx context.Context) (int64, error) {
	if t.capture == 0 {
		if err := database.One(ctx, t, `SELECT COALESCE(MAX(id), 0) FROM capture`, nil, &t.capture); err != nil {
			return 0, err
		}
	}
	t.capture++
	return t.capture, nil
}

// insertCapture keeps a capture under an id of nextCapture; owner is nil where it belongs to no release.
func (t *transaction) insertCapture(ctx context.Context, id int64, c index.Capture, owner *belonging) error {
	final := sql.NullString{String: c.FinalURL, Valid: c.FinalURL != c.URL && c.FinalURL != ""}
	var status sql.NullInt64
	if c.Status != nil {
		status = sql.NullInt64{Int64: int64(*c.Status), Valid: true}
	}
	var release, version, fingerprint, by, reading any
	if owner != nil {
		release, version, fingerprint, by, reading = owner.release, owner.version, owner.fingerprint, owner.fingerprintBy, owner.reading
	}
	return t.Exec(ctx, `INSERT INTO capture (id, office, kind, captured, url, final_url, media_type, status, origin, file,
			record_offset, record_length, sha256, read_by, release_id, version, fingerprint, fingerprint_by, reading_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, c.Office, string(c.Kind), c.Captured.UnixMilli(), c.URL, final, c.MediaType, status, c.Origin, c.File,
		c.Offset, c.Length, c.SHA256, c.Reader, release, version, fingerprint, by, reading)
}
