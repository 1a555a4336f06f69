package indextest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
)

// testEngineScores holds the laws of an order by relevance, whatever the formula.
func testEngineScores(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	t.Run("laws", func(t *testing.T) { testScoreLaws(t, open) })
	t.Run("order", func(t *testing.T) { testScoreOrder(t, open) })
}

// scores returns the scores of all that a query finds, by number of titled releases, and
// checks that they are in order.
func scores(t testing.TB, e index.Engine, root index.Node) map[int]float64 {
	t.Helper()
	got := map[int]float64{}
	last := math.Inf(1)
	for _, m := range search(t, e, index.Query{Root: root, Limit: 100}).Matches {
		var n int
		if _, err := fmt.Sscanf(m.ReleaseID, "va-%x", &n); err != nil {
			t.Fatal(err)
		}
		if m.Score == nil || *m.Score > last || *m.Score < 0 || math.IsNaN(*m.Score) {
			t.Fatalf("%#v: score of %s after %f: %v", root, m.ReleaseID, last, m.Score)
		}
		last = *m.Score
		got[n] = last
	}
	return got
}

// testScoreLaws compares releases that are the same but for one thing.
func testScoreLaws(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	var releases []index.Release
	add := func(title, text string) int {
		n := len(releases) + 1
		releases = append(releases, titled(n, title, text))
		releases[n-1].Published = "2023-02-08"
		return n
	}
	padded := func(words string, length int) string {
		return words + strings.Repeat(" plank", length-len(strings.Fields(words)))
	}
	const most = 12
	var once, phrases []int
	for n := range most + 1 {
		once = append(once, add("Orchard notice", padded(strings.Repeat("heron ", n), 40)))
		phrases = append(phrases, add("Orchard notice", padded(strings.Repeat("grey owl ", n), 40)))
	}
	inTitle, inText := add("Otter notice", padded("plank", 40)), add("Orchard notice", padded("otter", 40))
	short, long := add("Orchard notice", padded("badger", 40)), add("Orchard notice", padded("badger", 400))
	rare, frequent := add("Orchard notice", padded("lynx", 40)), add("Orchard notice", padded("marmot", 40))
	for range 5 {
		add("Orchard notice", padded("marmot", 40))
	}
	both, single := add("Orchard notice", padded("stork ibis", 40)), add("Orchard notice", padded("stork", 40))
	fill(t, e, releases, 9)

	word := func(text string) index.Node { return index.Word{Text: text} }
	or := func(nodes ...index.Node) index.Node { return index.Or{Nodes: nodes} }
	above := func(what string, root index.Node, better, worse int) {
		t.Helper()
		if got := scores(t, e, root); got[better] <= got[worse] {
			t.Errorf("%s: %f is not above %f", what, got[better], got[worse])
		}
	}
	for n := 1; n < most; n++ {
		above(fmt.Sprintf("a word %d times", n+1), word("heron"), once[n+1], once[n])
		above(fmt.Sprintf("a phrase %d times", n+1), index.Phrase{Text: "grey owl"}, phrases[n+1], phrases[n])
	}
	above("in the title", word("otter"), inTitle, inText)
	above("in a short text", word("badger"), short, long)
	above("of a rare word", or(word("lynx"), word("marmot")), rare, frequent)
	above("of two words", or(word("stork"), word("ibis")), both, single)
	if got := scores(t, e, index.And{Nodes: []index.Node{word("stork"), index.Not{Node: word("ibis")}}}); got[single] != scores(t, e, word("stork"))[single] {
		t.Errorf("what a query leaves out changes scores: %v", got)
	}
}

// testScoreOrder checks on thousands of releases, many of them replaced, that the best are
// the same however many are asked for, whatever is counted beside them and whether all are
// streamed: an engine that does not score them all must not miss one.
func testScoreOrder(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	random := rand.New(rand.NewPCG(3, 4))
	releases := func(n, first int) []index.Release {
		made := make([]index.Release, n)
		for i := range made {
			made[i] = titled(first+i, randomText(random, 5), randomText(random, 60))
			made[i].Office = modelOffices[random.IntN(len(modelOffices))]
			made[i].Published = modelDays[random.IntN(len(modelDays))]
		}
		return made
	}
	fill(t, e, releases(4000, 1), 4000)
	fill(t, e, releases(700, 300), 300)
	fill(t, e, releases(300, 3900), 50)
	rapid.Check(t, func(t *rapid.T) {
		q := index.Query{Root: drawScored(t, 0), Sort: index.SortRelevance}
		all := []string{}
		for id, err := range e.Select(t.Context(), q) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, id)
		}
		ask := func(q index.Query) index.Found {
			found, err := e.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		q.Limit = index.MaxLimit
		whole := ask(q)
		if whole.Total != len(all) {
			t.Fatalf("%#v: %d found, %d streamed", q.Root, whole.Total, len(all))
		}
		scored := map[string]*float64{}
		for _, m := range whole.Matches {
			scored[m.ReleaseID] = m.Score
		}
		q.Limit = rapid.IntRange(1, 40).Draw(t, "limit")
		walked := []string{}
		for range 4 {
			found := ask(q)
			walked = append(walked, ids(found)...)
			if q.Cursor = found.Next; q.Cursor == "" {
				break
			}
		}
		if diff := cmp.Diff(all[:len(walked)], walked); diff != "" {
			t.Fatalf("%#v, %d at a time (-selected +found)\n%s", q.Root, q.Limit, diff)
		}
		q.Cursor, q.Limit = "", 20
		q.Facets, q.Interval = index.Fields, index.IntervalMonth
		if diff := cmp.Diff(all[:min(20, len(all))], ids(ask(q))); diff != "" {
			t.Fatalf("%#v, with facets (-without +with)\n%s", q.Root, diff)
		}
		q.Filters = []index.Filter{{Field: index.FieldState, Include: []string{draw(t, "state", modelOffices)}}}
		for i, m := range ask(q).Matches {
			if s := scored[m.ReleaseID]; s != nil && (m.Score == nil || math.Abs(*s-*m.Score) > 1e-9) {
				t.Fatalf("%#v: hit %d has the score %v, with a filter %v", q.Root, i, *s, m.Score)
			}
		}
	})
}

// randomText returns up to so many words of the model, some much rarer than others.
func randomText(random *rand.Rand, most int) string {
	words := make([]string, 1+random.IntN(most))
	for i := range words {
		words[i] = modelWords[min(random.IntN(len(modelWords)), random.IntN(len(modelWords)))]
	}
	return strings.Join(words, " ")
}

// drawScored draws a question of words that can be ranked.
func drawScored(t *rapid.T, depth int) index.Node {
	in := draw(t, "in", []index.TextField{index.InAny, index.InAny, index.InTitle, index.InText})
	kind := rapid.IntRange(0, 9).Draw(t, "node")
	if depth > 1 {
		kind %= 4
	}
	some := func() []index.Node {
		var nodes []index.Node
		for range rapid.IntRange(1, 3).Draw(t, "nodes") {
			nodes = append(nodes, drawScored(t, depth+1))
		}
		return nodes
	}
	switch kind {
	case 0, 1:
		return index.Word{Text: draw(t, "word", modelWords), In: in}
	case 2:
		return index.Phrase{Text: drawText(t, "phrase", 3), In: in}
	case 3:
		return index.Prefix{Text: draw(t, "prefix", []string{"har", "atto", "nin"}), In: in}
	case 4, 5:
		return index.And{Nodes: append(some(), index.Not{Node: index.Word{Text: draw(t, "not", modelWords), In: index.InTitle}})}
	case 6, 7:
		return index.And{Nodes: some()}
	}
	return index.Or{Nodes: some()}
}
