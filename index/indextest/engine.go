package indextest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

// TestEngine checks that an engine keeps every promise of index.Engine. open opens the
// index in dir, which is empty at first; opened again after Close it is the same index.
// Tests close what they open; engines bear a second Close.
func TestEngine(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	for _, part := range []struct {
		name string
		test func(t *testing.T, open func(t *testing.T, dir string) index.Engine)
	}{
		{"state", testEngineState},
		{"words", testEngineWords},
		{"filters", testEngineFilters},
		{"model", testEngineModel},
		{"clicks", testEngineClicks},
		{"histograms", testEngineHistograms},
		{"paging", testEnginePaging},
		{"collapse", testEngineCollapse},
		{"relevance", testEngineRelevance},
		{"scores", testEngineScores},
		{"cursors", testEngineCursors},
		{"suggest", testEngineSuggest},
		{"similar", testEngineSimilar},
		{"rebuild", testEngineRebuild},
		{"sync", testEngineSync},
		{"interrupted", testEngineInterrupted},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, open) })
	}
}

// engineStore is the store that the engines under test follow.
const engineStore = "store-1"

// fill applies releases in batches, so that the index has several parts.
func fill(t testing.TB, e index.Engine, releases []index.Release, batch int) {
	t.Helper()
	state, err := e.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for some := range slices.Chunk(releases, batch) {
		state.Sequence += int64(len(some))
		if err := e.Apply(t.Context(), some, engineStore, state.Sequence); err != nil {
			t.Fatal(err)
		}
	}
}

func opened(t *testing.T, open func(t *testing.T, dir string) index.Engine) index.Engine {
	t.Helper()
	e := open(t, t.TempDir())
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func search(t testing.TB, e index.Engine, q index.Query) index.Found {
	t.Helper()
	found, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %#v: %v", q, err)
	}
	return found
}

func ids(found index.Found) []string {
	got := []string{}
	for _, m := range found.Matches {
		got = append(got, m.ReleaseID)
	}
	return got
}

// selected returns the ids that Select streams.
func selected(t testing.TB, e index.Engine, q index.Query) []string {
	t.Helper()
	got := []string{}
	for id, err := range e.Select(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, id)
	}
	return got
}

func stream(releases []index.Release, last error) iter.Seq2[index.Release, error] {
	return func(yield func(index.Release, error) bool) {
		for _, r := range releases {
			if !yield(r, nil) {
				return
			}
		}
		if last != nil {
			yield(index.Release{}, last)
		}
	}
}

func some(n int, changes ...func(*index.Release)) []index.Release {
	releases := make([]index.Release, n)
	for i := range releases {
		releases[i] = Release("VA", i, changes...)
	}
	return releases
}

func testEngineState(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	dir := t.TempDir()
	e := open(t, dir)
	check := func(what string, want index.EngineState) {
		t.Helper()
		got, err := e.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want.Schema = got.Schema
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", what, diff)
		}
		if found := search(t, e, index.Query{}); found.Total != want.Releases || found.Sequence != want.Sequence || !found.Exact {
			t.Errorf("%s: found %d of sequence %d, exact %t", what, found.Total, found.Sequence, found.Exact)
		}
	}
	apply := func(releases []index.Release, sequence int64) {
		t.Helper()
		if err := e.Apply(t.Context(), releases, engineStore, sequence); err != nil {
			t.Fatal(err)
		}
	}
	check("new", index.EngineState{})
	apply(some(3), 5)
	check("after Apply", index.EngineState{Lineage: engineStore, Sequence: 5, Releases: 3})
	apply(nil, 9)
	check("after Apply of nothing", index.EngineState{Lineage: engineStore, Sequence: 9, Releases: 3})
	apply(some(4, func(r *index.Release) { r.Title = "Heron" }), 12)
	check("after replacing", index.EngineState{Lineage: engineStore, Sequence: 12, Releases: 4})
	if found := search(t, e, index.Query{Root: index.Word{Text: "acts"}}); found.Total != 0 {
		t.Errorf("%d releases still have words that were replaced", found.Total)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if _, err := e.Search(t.Context(), index.Query{}); !errors.Is(err, index.ErrUnavailable) {
		t.Errorf("Search after Close: %v", err)
	}
	e = open(t, dir)
	check("opened again", index.EngineState{Lineage: engineStore, Sequence: 12, Releases: 4})
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// testEngineRebuild replaces the index beside searches, which must see either all of the
// old or all of the new one.
func testEngineRebuild(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	dir := t.TempDir()
	e := open(t, dir)
	fill(t, e, some(40), 7)
	first := search(t, e, index.Query{Root: index.Word{Text: "matter"}, Sort: index.SortRelevance, Limit: 7})

	broken := errors.New("the store failed")
	if err := e.Rebuild(t.Context(), stream(some(10), broken), "store-2", 1); !errors.Is(err, broken) {
		t.Errorf("Rebuild of a failing stream: %v", err)
	}
	if found := search(t, e, index.Query{}); found.Total != 40 || found.Sequence != 40 {
		t.Errorf("after a failed Rebuild %d releases of sequence %d are found", found.Total, found.Sequence)
	}

	stop := make(chan struct{})
	var searches sync.WaitGroup
	for range 2 {
		searches.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				found, err := e.Search(t.Context(), index.Query{Root: index.Word{Text: "matter"}, Facets: index.Fields, Limit: 5})
				if err != nil {
					t.Error(err)
					return
				}
				if want := map[int64]int{40: 40, 60: 55}[found.Sequence]; found.Total != want {
					t.Errorf("found %d of sequence %d", found.Total, found.Sequence)
					return
				}
			}
		})
	}
	if err := e.Rebuild(t.Context(), stream(some(55), nil), "store-2", 60); err != nil {
		t.Fatal(err)
	}
	close(stop)
	searches.Wait()
	rest := search(t, e, index.Query{Root: index.Word{Text: "matter"}, Sort: index.SortRelevance, Limit: 100, Cursor: first.Next})
	if len(rest.Matches) != 33 || rest.Sequence != 40 {
		t.Errorf("a cursor from before the Rebuild continues with %d releases of sequence %d", len(rest.Matches), rest.Sequence)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir)
	defer e.Close()
	state, err := e.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(index.EngineState{Lineage: "store-2", Sequence: 60, Schema: state.Schema, Releases: 55}, state); diff != "" {
		t.Errorf("opened again (-want +got)\n%s", diff)
	}
}

// followed is the part of a store that Sync reads.
type followed struct {
	index.Store
	id       string
	releases []index.Release // each with the sequence of its place, from 1
}

func (s *followed) ID() string { return s.id }

func (s *followed) Sequence(context.Context) (int64, error) { return int64(len(s.releases)), nil }

func (s *followed) Count(context.Context) (int, error) { return len(s.releases), nil }

func (s *followed) Changes(_ context.Context, after int64, limit int) ([]index.Change, error) {
	var changes []index.Change
	for i := after; i < int64(len(s.releases)) && len(changes) < limit; i++ {
		changes = append(changes, index.Change{Sequence: i + 1, ReleaseID: s.releases[i].ID, Version: 1, Kind: index.ChangeNew})
	}
	return changes, nil
}

func (s *followed) Releases(_ context.Context, ids []string) ([]index.Release, error) {
	var found []index.Release
	for _, id := range ids {
		i := slices.IndexFunc(s.releases, func(r index.Release) bool { return r.ID == id })
		found = append(found, s.releases[i])
	}
	return found, nil
}

func (s *followed) All(context.Context) (int64, iter.Seq2[index.Release, error], error) {
	return int64(len(s.releases)), stream(s.releases, nil), nil
}

func testEngineSync(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	store := &followed{id: "a", releases: some(30)}
	for _, step := range []struct {
		name    string
		change  func()
		rebuilt bool
		total   int
	}{
		{"new", func() {}, false, 30},
		{"nothing to do", func() {}, false, 30},
		{"a few more", func() { store.releases = some(35) }, false, 35},
		{"a replaced state of the store", func() { store.releases = append(some(30), some(40)[35:]...) }, true, 35},
		{"ahead of the store", func() { store.releases = some(20) }, true, 20},
		{"of another store", func() { store.id, store.releases = "b", some(25) }, true, 25},
	} {
		step.change()
		done, err := index.Sync(t.Context(), store, e, nil)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if (done.Rebuilt != "") != step.rebuilt {
			t.Errorf("%s: rebuilt because %q", step.name, done.Rebuilt)
		}
		state, err := e.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		lineage, err := index.Lineage(t.Context(), store, int64(step.total))
		if err != nil {
			t.Fatal(err)
		}
		want := index.EngineState{Lineage: lineage, Sequence: int64(step.total), Schema: state.Schema, Releases: step.total}
		if diff := cmp.Diff(want, state); diff != "" {
			t.Errorf("%s (-want +got)\n%s", step.name, diff)
		}
	}
}

// testEngineInterrupted checks that a context ends what runs, and that a write that it
// ended has left nothing.
func testEngineInterrupted(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	fill(t, e, some(20), 20)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Search(ended, index.Query{Root: index.Word{Text: "matter"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("Search: %v", err)
	}
	for _, err := range e.Select(ended, index.Query{}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Select: %v", err)
		}
	}
	if err := e.Apply(ended, some(30), engineStore, 99); !errors.Is(err, context.Canceled) {
		t.Errorf("Apply: %v", err)
	}
	if err := e.Rebuild(ended, stream(some(30), nil), engineStore, 99); !errors.Is(err, context.Canceled) {
		t.Errorf("Rebuild: %v", err)
	}
	if found := search(t, e, index.Query{}); found.Total != 20 || found.Sequence != 20 {
		t.Errorf("found %d of sequence %d", found.Total, found.Sequence)
	}
	n := 0
	for _, err := range e.Select(t.Context(), index.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("Select went on after %d", n)
	}
}

// at returns a day and time of January 2024.
func at(day, hour int) time.Time { return time.Date(2024, 1, day, hour, 0, 0, 0, time.UTC) }

// titled returns a release whose id is made of its number, so that ids sort by it.
func titled(n int, title, text string) index.Release {
	return Release("VA", n, func(r *index.Release) {
		r.ID = fmt.Sprintf("va-%012x", n)
		r.Title, r.Text = title, text
	})
}

// numbers returns the numbers of titled releases, sorted.
func numbers(ids []string) string {
	var got []string
	for _, id := range slices.Sorted(slices.Values(ids)) {
		got = append(got, strings.TrimLeft(strings.TrimPrefix(id, "va-"), "0"))
	}
	return strings.Join(got, " ")
}
