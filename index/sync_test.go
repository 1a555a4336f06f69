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
		{"in step", few, EngineState{StoreID: "one", Sequence: 3}, Synced{Sequence: 3}, false},
		{"new index", few, EngineState{}, Synced{Releases: 2, Sequence: 3}, true},
		{"one change behind", few, EngineState{StoreID: "one", Sequence: 2}, Synced{Releases: 1, Sequence: 3}, true},
		{"foreign", few, EngineState{StoreID: "other", Sequence: 1}, Synced{Rebuilt: "it belongs to another archive", Releases: 2, Sequence: 3}, true},
		{"foreign and in step", few, EngineState{StoreID: "other", Sequence: 3}, Synced{Rebuilt: "it belongs to another archive", Releases: 2, Sequence: 3}, true},
		{"ahead", few, EngineState{StoreID: "one", Sequence: 4}, Synced{Rebuilt: "it is ahead of the archive", Releases: 2, Sequence: 3}, true},
		{"new index of a large archive", many, EngineState{}, Synced{Rebuilt: "more than a fifth of the archive changed", Releases: 10 * syncBatch, Sequence: 10 * syncBatch}, true},
		{"a fifth behind", many, EngineState{StoreID: "one", Sequence: 8 * syncBatch}, Synced{Releases: 2 * syncBatch, Sequence: 10 * syncBatch}, true},
		{"more than a fifth behind", many, EngineState{StoreID: "one", Sequence: 8*syncBatch - 1}, Synced{Rebuilt: "more than a fifth of the archive changed", Releases: 10 * syncBatch, Sequence: 10 * syncBatch}, true},
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

// TestSyncEndsInStep: whatever was saved and whatever failed in between, an index that
// was synced at last has exactly the releases of its store.
func TestSyncEndsInStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		store, engine := newArchive(), newLedger()
		engine.failure = errors.New("the disk is full")
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
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
				if engine.state.Sequence < before.Sequence {
					t.Fatalf("the index went back from %d to %d", before.Sequence, engine.state.Sequence)
				}
			}
		}
		engine.failures = 0
		if _, err := Sync(t.Context(), store, engine, nil); err != nil {
			t.Fatal(err)
		}
		same := func(a, b Release) bool { return a.ID == b.ID && a.Version == b.Version }
		if !maps.EqualFunc(store.releases, engine.releases, same) {
			t.Fatalf("%d releases in the store, %d in the index, or other versions", len(store.releases), len(engine.releases))
		}
		if len(store.log) > 0 && (engine.state.StoreID != "one" || engine.state.Sequence != int64(len(store.log))) {
			t.Fatalf("state %+v after %d changes", engine.state, len(store.log))
		}
		again, err := Sync(t.Context(), store, engine, nil)
		if err != nil || again.Releases != 0 || again.Rebuilt != "" {
			t.Fatalf("a second sync did %+v, %v", again, err)
		}
	})
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
