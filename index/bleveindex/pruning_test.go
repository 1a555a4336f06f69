package bleveindex_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/index/indextest"
)

// prunable returns n releases of words that are common and rare, in texts of all lengths:
// enough for bounds to leave most of them unscored.
func prunable(n int, seed uint64) []index.Release {
	random := rand.New(rand.NewPCG(seed, 1))
	words := strings.Fields("harbor lantern pier orchard heron quarry mill ferry bridge meadow letter lawsuit")
	text := func(longest int) string {
		var b strings.Builder
		for range 1 + random.IntN(longest) {
			b.WriteString(words[min(int(random.ExpFloat64()*2), len(words)-1)] + " ")
		}
		return b.String()
	}
	releases := make([]index.Release, n)
	for i := range releases {
		releases[i] = indextest.Release("VA", i, func(r *index.Release) {
			r.ID = fmt.Sprintf("va-%012x", i)
			r.Title, r.Text = text(6), text(120)
			r.Published = index.Date(fmt.Sprintf("20%02d-%02d-01", random.IntN(25), 1+random.IntN(12)))
		})
	}
	return releases
}

// TestPruning checks that leaving documents unscored that can't be among the best changes
// no answer: pages are those of the stream of all, which scores everything.
func TestPruning(t *testing.T) {
	e := open(t, t.TempDir())
	if err := e.Rebuild(t.Context(), all(prunable(9000, 1)), "store", 1); err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		word := func(text string) index.Node { return index.Word{Text: text} }
		for name, root := range map[string]index.Node{
			"common": word("harbor"), "rare": word("mill"), "title": index.Word{Text: "lantern", In: index.InTitle},
			"and":    index.And{Nodes: []index.Node{word("harbor"), word("orchard"), word("quarry")}},
			"or":     index.Or{Nodes: []index.Node{word("lantern"), word("heron"), word("ferry")}},
			"not":    index.And{Nodes: []index.Node{word("pier"), index.Not{Node: word("harbor")}}},
			"phrase": index.Phrase{Text: "harbor lantern"}, "near": index.Near{Text: "harbor heron quarry", Within: 9},
			"prefix": index.Prefix{Text: "har"}, "prefix and word": index.And{Nodes: []index.Node{index.Prefix{Text: "lan"}, word("pier")}},
			"prefix or state": index.Or{Nodes: []index.Node{index.Prefix{Text: "mil"}, index.Has{Field: index.FieldState, Value: "VA"}}},
		} {
			for _, filters := range [][]index.Filter{nil, {{Field: index.FieldYear, Include: []string{"2007", "2011"}}}} {
				q := index.Query{Root: root, Filters: filters, Sort: index.SortRelevance, Limit: 20}
				var want, got []string
				for id, err := range e.Select(t.Context(), q) {
					if err != nil {
						t.Fatal(err)
					}
					if want = append(want, id); len(want) == 80 {
						break
					}
				}
				for len(got) < len(want) {
					found, err := e.Search(t.Context(), q)
					if err != nil {
						t.Fatal(err)
					}
					for _, m := range found.Matches {
						got = append(got, m.ReleaseID)
					}
					if q.Cursor = found.Next; q.Cursor == "" {
						break
					}
				}
				if diff := cmp.Diff(want, got[:min(len(got), len(want))]); diff != "" {
					t.Errorf("%s %v (-all +pruned)\n%s", name, filters, diff)
				}
			}
		}
	}
	check() // what is kept is made
	check() // and used
	longer := prunable(900, 2)
	for i := range longer {
		longer[i].Text += strings.Repeat("harbor meadow bridge ", 100) // other averages
	}
	for n := range 3 {
		if err := e.Apply(t.Context(), longer[n*300:(n+1)*300], "store", int64(n+2)); err != nil {
			t.Fatal(err)
		}
		check()
	}
}

// TestHalves checks that a phrase that a second goroutine helps to find is found in the
// same releases, counted the same.
func TestHalves(t *testing.T) {
	releases := prunable(9000, 3)
	for i := range releases {
		releases[i].Text = "harbor heron " + releases[i].Text
	}
	e := open(t, t.TempDir())
	if err := e.Rebuild(t.Context(), all(releases), "store", 1); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"heron harbor lantern", "lantern harbor", "harbor heron harbor"} {
		want := 0
		for _, r := range releases {
			if strings.Contains(" "+r.Title+" ", " "+text+" ") || strings.Contains(" "+r.Text+" ", " "+text+" ") {
				want++
			}
		}
		found, err := e.Search(t.Context(), index.Query{Root: index.Phrase{Text: text}, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if found.Total != want || want == 0 {
			t.Errorf("%q: %d releases, not %d", text, found.Total, want)
		}
	}
}
