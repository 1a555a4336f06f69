package matters

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"agora/crawler/matters/telling"
	"agora/index"
)

// Cursor names this follower in the change log.
const Cursor = "matters"

// Store is what the follower needs of one. Only one follower may run at a time: whoever
// holds the collector's lock.
type Store interface {
	index.Reader
	index.ChangeLog
	SaveMatters(ctx context.Context, changes []index.MatterChange) ([]string, error)
}

// Done says what a Follow did.
type Done struct {
	Compared int // releases that were new, edited or read again
	Changed  int // matters that were made or are others now
}

const (
	logPiece     = 10_000 // entries of the log that are read at a time
	releasePiece = 500    // releases
	savePiece    = 500    // matters that are saved in one transaction
	// mostRounds bounds how often releases of further matters are looked at because new
	// ones are like them. What is left then stays joined as it is.
	mostRounds = 4
)

// Follow brings the matters in step with the releases. It may be interrupted and repeated
// at any time: the cursor is written last.
func Follow(ctx context.Context, store Store, progress index.Progress) (Done, error) {
	f := &follower{store: store, progress: progress, judged: map[string]uint64{}}
	after, err := store.Cursor(ctx, Cursor)
	if err != nil {
		return f.done, err
	}
	for {
		changed, last, err := f.changedAfter(ctx, after)
		if err != nil || last == after {
			return f.done, err
		}
		if err := f.judge(ctx, changed); err != nil {
			return f.done, fmt.Errorf("join matters: %w", err)
		}
		if err := store.SetCursor(ctx, Cursor, last); err != nil {
			return f.done, err
		}
		after = last
	}
}

// follower is one run.
type follower struct {
	store    Store
	progress index.Progress
	judged   map[string]uint64 // digest of each release that was judged, by id
	done     Done
}

// changedAfter reads the log to its end and lists the releases that may have other words
// or another day. Those that only lost or got a matter, by the follower itself, are
// recognised by judge.
func (f *follower) changedAfter(ctx context.Context, after int64) (ids []string, last int64, err error) {
	seen := map[string]bool{}
	for last = after; ; {
		changes, err := f.store.Changes(ctx, last, logPiece)
		if err != nil {
			return nil, last, err
		}
		for _, c := range changes {
			switch c.Kind {
			case index.ChangeNew, index.ChangeEdited, index.ChangeReread:
				seen[c.ReleaseID] = true
			}
			last = c.Sequence
		}
		if len(changes) < logPiece {
			return slices.Sorted(maps.Keys(seen)), last, nil
		}
	}
}

// round is what is known while some releases are judged.
type round struct {
	dirty   map[string]bool            // releases that are judged
	days    map[int]bool               // of those
	matters map[string]index.Matter    // that releases in sight have, by id
	told    map[string]telling.Telling // releases that are like another, by id, without their words
	edges   []edge
}

// edge says that two releases tell one action.
type edge struct {
	a, b string // a < b
	sure float64
	twin bool // one is a translation of the other
}

// judge decides again which matters some releases belong to, and saves what changed.
func (f *follower) judge(ctx context.Context, ids []string) error {
	r := &round{dirty: map[string]bool{}, days: map[int]bool{}, matters: map[string]index.Matter{}}
	fresh, err := f.take(ctx, r, ids, true)
	if err != nil || fresh == 0 {
		return err
	}
	f.done.Compared += fresh
	for range mostRounds {
		if err := f.compare(ctx, r); err != nil {
			return err
		}
		more := r.reached()
		if len(more) == 0 {
			break
		}
		if _, err := f.take(ctx, r, more, false); err != nil {
			return err
		}
	}
	changes := r.changes()
	for piece := range slices.Chunk(changes, savePiece) {
		if _, err := f.store.SaveMatters(ctx, piece); err != nil {
			return err
		}
	}
	f.done.Changed += len(changes)
	return nil
}

// take adds releases to those that are judged, with all others of their matters, and says
// how many. With changed only those that this run has not judged as they are now.
func (f *follower) take(ctx context.Context, r *round, ids []string, changed bool) (taken int, err error) {
	for len(ids) > 0 {
		var further []string
		for piece := range slices.Chunk(ids, releasePiece) {
			releases, err := f.store.Releases(ctx, piece)
			if err != nil {
				return taken, err
			}
			for i := range releases {
				release := &releases[i]
				digest := digestOf(release)
				if changed && f.judged[release.ID] == digest || r.dirty[release.ID] {
					continue
				}
				f.judged[release.ID] = digest
				r.dirty[release.ID] = true
				taken++
				if day, ok := telling.Day(release); ok {
					r.days[day] = true
				}
				if release.Matter == nil {
					continue
				}
				others, err := f.meet(ctx, r, release.Matter.ID)
				if err != nil {
					return taken, err
				}
				further = append(further, others...)
			}
		}
		ids, changed = further, false
	}
	return taken, nil
}

// meet reads a matter once and returns its releases.
func (f *follower) meet(ctx context.Context, r *round, id string) ([]string, error) {
	if _, known := r.matters[id]; known {
		return nil, nil
	}
	m, err := f.store.Matter(ctx, id)
	if err != nil {
		return nil, err
	}
	r.matters[id] = m
	return slices.Concat(m.Releases, m.Twins), nil
}

// compare finds all pairs of releases that tell one action and of which one at least is
// judged.
func (f *follower) compare(ctx context.Context, r *round) error {
	r.told, r.edges = map[string]telling.Telling{}, nil
	done := 0
	for _, span := range spans(r.days) {
		w := newWindow(r)
		for release, err := range f.store.PublishedWithin(ctx, dayDate(span.first), dayDate(span.last)) {
			if err != nil {
				return err
			}
			w.add(&release)
			if done++; f.progress != nil && r.dirty[release.ID] {
				f.progress(min(done, len(r.dirty)), len(r.dirty))
			}
		}
	}
	for id := range r.told {
		if m := r.told[id].Matter; m != "" {
			if _, err := f.meet(ctx, r, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// reached lists the releases of matters that judged ones are like and that are not judged
// themselves.
func (r *round) reached() (ids []string) {
	for _, m := range r.matters {
		for _, id := range slices.Concat(m.Releases, m.Twins) {
			if !r.dirty[id] {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}
