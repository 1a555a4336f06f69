package indextest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

// testEnginePaging walks every order page by page while the index grows: what was there
// at the start is shown exactly once.
func testEnginePaging(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	for _, order := range []index.Sort{index.SortNewest, index.SortOldest, index.SortAdded, index.SortChanged, index.SortRelevance} {
		t.Run(string(order), func(t *testing.T) {
			e := opened(t, open)
			there := some(60, func(r *index.Release) {
				if r.Capture.Captured.Minute()%7 == 0 {
					r.Published = ""
				}
				if r.Capture.Captured.Minute()%14 == 0 {
					r.Backfill = true
				}
				r.Changed = r.Changed.Truncate(8 * 60e9) // many at the same time
			})
			fill(t, e, there, 13)
			q := index.Query{Root: index.Word{Text: "matter"}, Sort: order, Limit: 7}
			whole := selected(t, e, q)
			seen := map[string]int{}
			var walked []string
			for page := 0; ; page++ {
				found := search(t, e, q)
				for _, m := range found.Matches {
					seen[m.ReleaseID]++
					walked = append(walked, m.ReleaseID)
				}
				if found.Next == "" {
					break
				}
				q.Cursor = found.Next
				fill(t, e, []index.Release{Release("NY", 100+page), there[page]}, 2)
			}
			for _, r := range there {
				if seen[r.ID] == 0 {
					t.Errorf("%s was not shown", r.ID)
				}
			}
			for id, n := range seen {
				if n != 1 {
					t.Errorf("%s was shown %d times", id, n)
				}
			}
			if order == index.SortRelevance {
				if diff := cmp.Diff(whole, walked); diff != "" {
					t.Errorf("Select and pages differ (-selected +walked)\n%s", diff)
				}
			}
		})
	}
}

// testEngineCollapse walks every order page by page with one row for each matter: the rows
// are the first releases of the matters, in the order in which all come.
func testEngineCollapse(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	releases := some(60, func(r *index.Release) {
		if minute := r.Capture.Captured.Minute(); minute%5 > 1 {
			r.Matter = &index.MatterLink{ID: fmt.Sprintf("m-%d", minute%7)}
		}
	})
	matter := map[string]string{}
	for _, r := range releases {
		if matter[r.ID] = r.ID; r.Matter != nil {
			matter[r.ID] = r.Matter.ID
		}
	}
	fill(t, e, releases, 13)
	for _, order := range []index.Sort{index.SortNewest, index.SortOldest, index.SortAdded, index.SortChanged, index.SortRelevance} {
		q := index.Query{Root: index.Word{Text: "matter"}, Sort: order, Limit: 7, Collapse: true}
		var want, got []string
		shown := map[string]bool{}
		for _, id := range selected(t, e, q) {
			if !shown[matter[id]] {
				want = append(want, id)
			}
			shown[matter[id]] = true
		}
		for {
			found := search(t, e, q)
			got = append(got, ids(found)...)
			if found.Total != 60 || found.Groups != len(want) {
				t.Errorf("%s: %d releases, %d rows, not 60 and %d", order, found.Total, found.Groups, len(want))
			}
			if q.Cursor = found.Next; q.Cursor == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", order, diff)
		}
	}
}

// testEngineRelevance checks that better matches come first and that ties are broken by
// date and then id.
func testEngineRelevance(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	padding := Text(5, 600)
	releases := []index.Release{
		titled(1, "Orchard heron", padding),
		titled(2, "Orchard notice", padding+" heron"),
		titled(3, "Orchard notice", padding+" heron heron heron"),
		titled(4, "Orchard notice", padding+" heron"),
		titled(5, "Orchard notice", padding+" heron"),
		titled(6, "Orchard notice", padding),
	}
	for i, day := range []index.Date{"2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", "2021-01-01", "2024-01-01"} {
		releases[i].Published = day
	}
	fill(t, e, releases, 2)
	found := search(t, e, index.Query{Root: index.Word{Text: "heron"}, Limit: 10})
	var want []string
	for _, n := range []int{1, 3, 4, 2, 5} {
		want = append(want, fmt.Sprintf("va-%012x", n))
	}
	if diff := cmp.Diff(want, ids(found)); diff != "" {
		t.Errorf("order (-want +got)\n%s", diff)
	}
	last := math.Inf(1)
	for _, m := range found.Matches {
		if m.Score == nil || *m.Score <= 0 || *m.Score > last {
			t.Fatalf("score of %s after %f: %v", m.ReleaseID, last, m.Score)
		}
		last = *m.Score
	}
	// A filter changes which are found, and no score.
	filtered := search(t, e, index.Query{Root: index.Word{Text: "heron"}, Limit: 10, To: "2021-12-31"})
	for _, m := range filtered.Matches {
		i := slices.IndexFunc(found.Matches, func(o index.Match) bool { return o.ReleaseID == m.ReleaseID })
		if *found.Matches[i].Score != *m.Score {
			t.Errorf("%s has the score %f, with a filter %f", m.ReleaseID, *found.Matches[i].Score, *m.Score)
		}
	}
}

func testEngineCursors(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	dir := t.TempDir()
	e := open(t, dir)
	fill(t, e, some(30), 11)
	newest := index.Query{Sort: index.SortNewest, Limit: 10}
	relevance := index.Query{Root: index.Word{Text: "matter"}, Limit: 10}
	dated, scored := search(t, e, newest).Next, search(t, e, relevance).Next
	if dated == "" || scored == "" {
		t.Fatal("there is no next page")
	}
	other := newest
	other.Filters = []index.Filter{{Field: index.FieldState, Include: []string{"VA"}}}
	for name, q := range map[string]index.Query{
		"not a cursor":     with(newest, "%%%"),
		"nonsense":         with(newest, "bm9uc2Vuc2U"),
		"of another query": with(other, dated),
		"of another order": with(index.Query{Sort: index.SortOldest, Limit: 10}, dated),
	} {
		if _, err := e.Search(t.Context(), q); !errors.Is(err, index.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Page size, facets and the like may change on the way.
	bigger := with(newest, dated)
	bigger.Limit, bigger.Facets = 100, index.Fields
	if n := len(search(t, e, bigger).Matches); n != 20 {
		t.Errorf("the rest is %d releases", n)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir)
	defer e.Close()
	if n := len(search(t, e, bigger).Matches); n != 20 {
		t.Errorf("opened again the rest is %d releases", n)
	}
	if _, err := e.Search(t.Context(), with(relevance, scored)); !errors.Is(err, index.ErrCursorExpired) {
		t.Errorf("a cursor of relevance of a closed engine: %v", err)
	}
}

func with(q index.Query, cursor string) index.Query {
	q.Cursor = cursor
	return q
}
