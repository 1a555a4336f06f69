package index

import (
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSync(t *testing.T) {
	many := newArchive()
	for i := range 10 * syncBatch {
		many.save(fmt.Sprint("r", i), 1)
	}
	at := func(sequence int) string { return fmt.Sprintf("one@r%d@%d", sequence-1, sequence) }
	const replaced = "it follows another archive, or a state of this one that was replaced"
	few := newArchive()
	few.save("a", 1)
	few.save("b", 1)
	few.save("a", 2)
	tests := []struct {
		name  string
		store *archive
		state EngineState
		want  Synced
		tells bool // progress
	}{
		{"both empty", newArchive(), EngineState{}, Synced{}, false},
		{"in step", few, EngineState{Lineage: "one@a@3", Sequence: 3}, Synced{Sequence: 3}, false},
		{"new index", few, EngineState{}, Synced{Releases: 2, Sequence: 3}, true},
		{"one change behind", few, EngineState{Lineage: "one@b@2", Sequence: 2}, Synced{Releases: 1, Sequence: 3}, true},
		{"index of the store when it was empty", few, EngineState{Lineage: "one"}, Synced{Releases: 2, Sequence: 3}, true},
		{"other release at its sequence", few, EngineState{Lineage: "one@c@2", Sequence: 2}, Synced{Rebuilt: replaced, Releases: 2, Sequence: 3}, true},
		{"same release at another time", few, EngineState{Lineage: "one@a@4", Sequence: 3}, Synced{Rebuilt: replaced, Releases: 2, Sequence: 3}, true},
		{"without a lineage", few, EngineState{Lineage: "one", Sequence: 3}, Synced{Rebuilt: replaced, Releases: 2, Sequence: 3}, true},
		{"of nobody", few, EngineState{Sequence: 3}, Synced{Rebuilt: replaced, Releases: 2, Sequence: 3}, true},
		{"foreign", few, EngineState{Lineage: "other@a@1", Sequence: 1}, Synced{Rebuilt: "it belongs to another archive", Releases: 2, Sequence: 3}, true},
		{"foreign and in step", few, EngineState{Lineage: "other@a@3", Sequence: 3}, Synced{Rebuilt: "it belongs to another archive", Releases: 2, Sequence: 3}, true},
		{"ahead", few, EngineState{Lineage: "one@a@4", Sequence: 4}, Synced{Rebuilt: "it is ahead of the archive", Releases: 2, Sequence: 3}, true},
		{"new index of a large archive", many, EngineState{}, Synced{Rebuilt: "more than a fifth of the archive changed", Releases: 10 * syncBatch, Sequence: 10 * syncBatch}, true},
		{"a fifth behind", many, EngineState{Lineage: at(8 * syncBatch), Sequence: 8 * syncBatch}, Synced{Releases: 2 * syncBatch, Sequence: 10 * syncBatch}, true},
		{"more than a fifth behind", many, EngineState{Lineage: at(8*syncBatch - 1), Sequence: 8*syncBatch - 1}, Synced{Rebuilt: "more than a fifth of the archive changed", Releases: 10 * syncBatch, Sequence: 10 * syncBatch}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			engine := newLedger()
			engine.state = test.state
			told := -1
			got, err := Sync(t.Context(), test.store, engine, func(done, total int) {
				if done <= told || done > total {
					t.Errorf("progress from %d to %d of %d", told, done, total)
				}
				told = done
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("synced (-want +got):\n%s", diff)
			}
			if (told > 0) != test.tells {
				t.Errorf("told of %d", told)
			}
			if test.want.Rebuilt != "" && engine.rebuilt != 1 {
				t.Errorf("built %d times", engine.rebuilt)
			}
		})
	}
}

// TestSyncEndsInStep: whatever was saved, whatever failed and whichever backup was put in
// place in between, an index that was synced at last has exactly the releases of its store.
func TestSyncEndsInStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		store, engine := newArchive(), newLedger()
		engine.failure = errors.New("the disk is full")
		backups := []*archive{store.backup()}
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			restored := rapid.IntRange(0, 3).Draw(t, "restore") == 0
			if restored {
				store.restore(rapid.SampledFrom(backups).Draw(t, "backup"))
			}
			first, step := rapid.IntRange(0, 3*syncBatch).Draw(t, "first"), rapid.IntRange(0, 7).Draw(t, "step")
			for i := range rapid.IntRange(0, 2*syncBatch).Draw(t, "changes") {
				id := fmt.Sprint("r", (first+i*step)%(3*syncBatch))
				store.save(id, store.releases[id].Version+1)
			}
			engine.failures = rapid.IntRange(0, 2).Draw(t, "failures")
			failing := engine.failures > 0
			before := engine.state
			if _, err := Sync(t.Context(), store, engine, nil); err != nil {
				if !failing || !errors.Is(err, engine.failure) {
					t.Fatalf("sync: %v", err)
				}
				if !restored && engine.state.Sequence < before.Sequence {
					t.Fatalf("the index went back from %d to %d", before.Sequence, engine.state.Sequence)
				}
			}
			backups = append(backups, store.backup())
		}
		engine.failures = 0
		if _, err := Sync(t.Context(), store, engine, nil); err != nil {
			t.Fatal(err)
		}
		same := func(a, b Release) bool { return a.ID == b.ID && a.Version == b.Version }
		if !maps.EqualFunc(store.releases, engine.releases, same) {
			t.Fatalf("%d releases in the store, %d in the index, or other versions", len(store.releases), len(engine.releases))
		}
		follows, err := Follows(t.Context(), store, engine.state)
		if err != nil || len(store.log) > 0 && !follows || engine.state.Sequence != int64(len(store.log)) {
			t.Fatalf("state %+v after %d changes; it follows: %t, %v", engine.state, len(store.log), follows, err)
		}
		again, err := Sync(t.Context(), store, engine, nil)
		if err != nil || again.Releases != 0 || again.Rebuilt != "" {
			t.Fatalf("a second sync did %+v, %v", again, err)
		}
	})
}

func TestLineage(t *testing.T) {
	store := newArchive()
	store.save("a", 1)
	store.save("b@2", 1)
	for sequence, want := range []string{"one", "one@a@1", "one@b@2@2"} {
		got, err := Lineage(t.Context(), store, int64(sequence))
		if err != nil || got != want {
			t.Errorf("at %d: %q, %v; want %q", sequence, got, err, want)
		}
		state := EngineState{Lineage: got, Sequence: int64(sequence)}
		if id, follows := state.Store(); id != "one" || !follows {
			t.Errorf("%q is of the store %q, %t", got, id, follows)
		}
		if follows, err := Follows(t.Context(), store, state); !follows || err != nil {
			t.Errorf("%+v follows: %t, %v", state, follows, err)
		}
	}
	if _, err := Lineage(t.Context(), store, 3); !errors.Is(err, ErrNotFound) {
		t.Errorf("beyond the log: %v", err)
	}
	for _, state := range []EngineState{{}, {Lineage: "one@a@1", Sequence: 3}, {Lineage: "one@a@1", Sequence: 2}, {Lineage: "two@a@1", Sequence: 1}} {
		if follows, err := Follows(t.Context(), store, state); follows || err != nil {
			t.Errorf("%+v follows: %t, %v", state, follows, err)
		}
	}
	if id, follows := (EngineState{}).Store(); id != "" || follows {
		t.Errorf("a new index is of the store %q, %t", id, follows)
	}
	store.failing = errors.New("broken")
	if follows, err := Follows(t.Context(), store, EngineState{Lineage: "one@a@1", Sequence: 1}); follows || !errors.Is(err, store.failing) {
		t.Errorf("of a failing store: %t, %v", follows, err)
	}
}

func TestSyncReportsWhatFails(t *testing.T) {
	broken := errors.New("broken")
	store := newArchive()
	store.save("a", 1)
	store.failing = broken
	if _, err := Sync(t.Context(), store, newLedger(), nil); !errors.Is(err, broken) {
		t.Errorf("store: %v", err)
	}
	store.failing = nil
	engine := newLedger()
	engine.failure, engine.failures = broken, -1
	if _, err := Sync(t.Context(), store, engine, nil); !errors.Is(err, broken) {
		t.Errorf("state: %v", err)
	}
	engine.failures = 1
	if _, err := Rebuild(t.Context(), store, engine, "asked for", nil); !errors.Is(err, broken) || len(engine.releases) != 0 {
		t.Errorf("rebuild: %v", err)
	}
	if got, err := Rebuild(t.Context(), store, engine, "asked for", nil); err != nil || got != (Synced{Rebuilt: "asked for", Releases: 1, Sequence: 1}) {
		t.Errorf("rebuild: %+v, %v", got, err)
	}
}
