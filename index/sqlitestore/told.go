package sqlitestore

import (
	"context"
	"database/sql"
	"iter"
	"slices"

	"agora/index"
	"agora/index/sqlitestore/matters"
)

// SaveMatters makes matters what the changes say, all or none, and returns their ids.
func (s *Store) SaveMatters(ctx context.Context, changes []index.MatterChange) (ids []string, err error) {
	err = s.write(ctx, "save matters", func(ctx context.Context, t *transaction) (err error) {
		ids, err = matters.Save(ctx, t.Writer, t.now, changes, t.cancelled, func(release string, version int) error {
			_, err := t.log(ctx, release, version, index.ChangeReread)
			return err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// PublishedWithin streams the releases of some days from one snapshot: first it notes which
// they are, then it reads them piece by piece.
func (s *Store) PublishedWithin(ctx context.Context, from, to index.Date) iter.Seq2[index.Release, error] {
	return func(yield func(index.Release, error) bool) {
		told := func(r index.Release, err error) bool { return yield(r, s.db.Failure("stream releases by day", err)) }
		view, err := s.db.Snapshot(ctx)
		if err != nil {
			told(index.Release{}, err)
			return
		}
		defer view.End()
		within, err := matters.Within(ctx, view, from, to)
		if err != nil {
			told(index.Release{}, err)
			return
		}
		for ids := range slices.Chunk(within, mostHeads) {
			found := make(map[string]index.Release, len(ids))
			err := eachOf(ctx, view, currentReleases, ids, func(rows *sql.Rows) error {
				r, err := s.scanRelease(rows)
				found[r.ID] = r
				return err
			})
			if err != nil {
				told(index.Release{}, err)
				return
			}
			for _, id := range ids {
				if !told(found[id], nil) {
					return
				}
			}
			if err := ctx.Err(); err != nil {
				told(index.Release{}, err)
				return
			}
		}
	}
}
