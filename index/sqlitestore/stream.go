package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"agora/index"
	"agora/index/sqlitestore/database"
)

// errSpent says that a stream was read a second time.
var errSpent = errors.New("the stream was read already")

// All streams every release by id, from one snapshot, which lasts until the stream ends,
// is left or ctx is done. A stream is read once.
func (s *Store) All(ctx context.Context) (int64, iter.Seq2[index.Release, error], error) {
	const doing = "stream releases"
	view, err := s.db.Snapshot(ctx)
	if err != nil {
		return 0, nil, s.db.Failure(doing, err)
	}
	var sequence int64
	if err := database.One(ctx, view, latestSequence, nil, &sequence); err != nil {
		view.End()
		return 0, nil, s.db.Failure(doing, err)
	}
	return sequence, func(yield func(index.Release, error) bool) {
		if view == nil {
			yield(index.Release{}, s.db.Failure(doing, errSpent))
			return
		}
		from := view
		view = nil
		defer from.End()
		database.Each(ctx, from, func(rows *sql.Rows) (index.Release, error) { return s.scanRelease(rows) },
			func(r index.Release, err error) bool { return yield(r, s.db.Failure(doing, err)) }, currentReleases+` ORDER BY r.id`)
	}, nil
}

// captures is the start of a question for captures, in the columns of scanCapture.
const captures = `SELECT c.id, c.office, c.kind, c.final_url, c.media_type, c.read_by, c.release_id, c.version, ` +
	captureRefColumns + ` FROM capture c `

func scanCapture(rows *sql.Rows) (index.Capture, error) {
	var (
		c              index.Capture
		ref            captureRow
		final, release sql.NullString
		version        sql.NullInt64
	)
	into := append([]any{&c.ID, &c.Office, &c.Kind, &final, &c.MediaType, &c.Reader, &release, &version}, ref.into()...)
	if err := rows.Scan(into...); err != nil {
		return c, err
	}
	c.CaptureRef = ref.value()
	c.FinalURL = c.URL
	if final.Valid {
		c.FinalURL = final.String
	}
	c.ReleaseID, c.Version = release.String, int(version.Int64)
	return c, nil
}

// Captures lists the captures of a release by time.
func (s *Store) Captures(ctx context.Context, id string) ([]index.Capture, error) {
	found, err := database.All(ctx, s.db, scanCapture, captures+`WHERE c.release_id = ? ORDER BY c.captured, c.id`, id)
	if err == nil && len(found) == 0 {
		err = index.ErrNotFound
	}
	if err != nil {
		return nil, s.db.Failure(fmt.Sprintf("list captures of release %q", id), err)
	}
	return found, nil
}

// AllCaptures streams every capture from one snapshot: those of listings by time, then
// those of no release by time, then the others by release and time.
func (s *Store) AllCaptures(ctx context.Context) iter.Seq2[index.Capture, error] {
	return func(yield func(index.Capture, error) bool) {
		told := func(c index.Capture, err error) bool { return yield(c, s.db.Failure("stream captures", err)) }
		view, err := s.db.Snapshot(ctx)
		if err != nil {
			told(index.Capture{}, err)
			return
		}
		defer view.End()
		for _, part := range []string{
			`WHERE c.kind = 'listing' ORDER BY c.captured, c.id`,
			`WHERE c.kind <> 'listing' AND c.release_id IS NULL ORDER BY c.captured, c.id`,
			`WHERE c.kind <> 'listing' AND c.release_id IS NOT NULL ORDER BY c.release_id, c.captured, c.id`,
		} {
			if !database.Each(ctx, view, scanCapture, told, captures+part) {
				return
			}
		}
	}
}
