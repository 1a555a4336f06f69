package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// syncBatch is how many changes one write of the index takes: large enough to be quick,
// small enough that new releases are found within a second.
const syncBatch = 1000

// lineageSeparator parts a lineage. Ids of stores don't have it.
const lineageSeparator = "@"

// Synced says what a Sync did.
type Synced struct {
	Rebuilt  string // why the index was built anew; "" where it was not
	Releases int    // written
	Sequence int64  // that the index has now
}

// Progress is told how much of a long piece of work is done; total is 0 while unknown.
// A nil Progress is allowed wherever one is taken.
type Progress func(done, total int)

// Lineage names the history of a store up to a sequence: the store's id and, above 0, the
// release and the time of the log's entry there. The id alone isn't enough: a backup that
// is put in place keeps it, and sequences that were given before are then given again, to
// other changes. ErrNotFound is a sequence that the log doesn't have.
func Lineage(ctx context.Context, store Store, sequence int64) (string, error) {
	if sequence == 0 {
		return store.ID(), nil
	}
	changes, err := store.Changes(ctx, sequence-1, 1)
	if err != nil {
		return "", err
	}
	if len(changes) == 0 || changes[0].Sequence != sequence {
		return "", fmt.Errorf("read entry %d of the change log: %w", sequence, ErrNotFound)
	}
	return lineageAt(store, changes[0]), nil
}

// lineageAt is the lineage of a store up to an entry of its log.
func lineageAt(store Store, c Change) string {
	return fmt.Sprint(store.ID(), lineageSeparator, c.ReleaseID, lineageSeparator, c.Time.UnixMilli())
}

// Follows tells whether an index in this state has what the store had at its sequence,
// and nothing else. A new index doesn't follow yet.
func Follows(ctx context.Context, store Store, state EngineState) (bool, error) {
	lineage, err := Lineage(ctx, store, state.Sequence)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && lineage == state.Lineage, err
}

// Sync brings an engine in step with a store. An engine that follows another store or a
// state of this one that was replaced, is ahead, or is so far behind that more than a
// fifth of all releases changed is built anew; otherwise the changes are applied in their
// order. It may be repeated and interrupted at any time.
func Sync(ctx context.Context, store Store, engine Engine, progress Progress) (Synced, error) {
	state, err := engine.State(ctx)
	if err != nil {
		return Synced{}, fmt.Errorf("read state of index: %w", err)
	}
	latest, err := store.Sequence(ctx)
	if err != nil {
		return Synced{}, err
	}
	reason, err := needsRebuild(ctx, store, state, latest)
	if err != nil {
		return Synced{}, err
	}
	if reason != "" {
		return Rebuild(ctx, store, engine, reason, progress)
	}
	done := Synced{Sequence: state.Sequence}
	pending := int(latest - state.Sequence)
	for applied := 0; done.Sequence < latest; {
		changes, err := store.Changes(ctx, done.Sequence, syncBatch)
		if err != nil {
			return done, err
		}
		if len(changes) == 0 {
			break
		}
		releases, err := store.Releases(ctx, changedReleases(changes))
		if err != nil {
			return done, err
		}
		last := changes[len(changes)-1]
		if err := engine.Apply(ctx, releases, lineageAt(store, last), last.Sequence); err != nil {
			return done, fmt.Errorf("update index: %w", err)
		}
		done.Sequence = last.Sequence
		done.Releases += len(releases)
		applied += len(changes)
		if progress != nil {
			progress(applied, pending)
		}
	}
	return done, nil
}

// needsRebuild returns why the engine can't follow from where it is, "" where it can.
func needsRebuild(ctx context.Context, store Store, state EngineState, latest int64) (string, error) {
	id, known := state.Store()
	switch {
	case known && id != store.ID():
		return "it belongs to another archive", nil
	case state.Sequence > latest:
		return "it is ahead of the archive", nil
	}
	if known || state.Sequence > 0 {
		follows, err := Follows(ctx, store, state)
		if err != nil {
			return "", err
		}
		if !follows {
			return "it follows another archive, or a state of this one that was replaced", nil
		}
	}
	if state.Sequence == latest {
		return "", nil
	}
	total, err := store.Count(ctx)
	if err != nil {
		return "", err
	}
	if pending := latest - state.Sequence; pending > syncBatch && pending*5 > int64(total) {
		return "more than a fifth of the archive changed", nil
	}
	return "", nil
}

// Rebuild builds the engine anew from the store; reason is handed back in the result.
func Rebuild(ctx context.Context, store Store, engine Engine, reason string, progress Progress) (Synced, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the store's stream where it isn't read
	total, err := store.Count(ctx)
	if err != nil {
		return Synced{}, err
	}
	sequence, releases, err := store.All(ctx)
	if err != nil {
		return Synced{}, err
	}
	lineage, err := Lineage(ctx, store, sequence)
	if err != nil {
		return Synced{}, err
	}
	written := 0
	var counted iter.Seq2[Release, error] = func(yield func(Release, error) bool) {
		for r, err := range releases {
			if !yield(r, err) {
				return
			}
			if written++; progress != nil {
				progress(written, total)
			}
		}
	}
	if err := engine.Rebuild(ctx, counted, lineage, sequence); err != nil {
		return Synced{}, fmt.Errorf("rebuild index: %w", err)
	}
	return Synced{Rebuilt: reason, Releases: written, Sequence: sequence}, nil
}

// changedReleases lists the releases that changes name, each once.
func changedReleases(changes []Change) []string {
	seen := make(map[string]bool, len(changes))
	ids := make([]string, 0, len(changes))
	for _, c := range changes {
		if !seen[c.ReleaseID] {
			seen[c.ReleaseID] = true
			ids = append(ids, c.ReleaseID)
		}
	}
	return ids
}
