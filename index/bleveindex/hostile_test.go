package bleveindex_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/index"
	"agora/index/bleveindex"
	"agora/index/highlight"
	"agora/index/indextest"
	"agora/index/query"
	"agora/index/vocabulary"
)

// The hostile list is made of questions that nobody asks who wants an answer.
// AGORA_HOSTILE sets how many of them are asked (10000 is the whole list), and
// AGORA_BENCH_RELEASES that they are asked of so many releases of the corpus.

const (
	fewHostile = 500
	// mostHeap is by how much one search may let the heap grow.
	mostHeap = 256 << 20
)

// hostile makes questions out of chance.
type hostile struct{ *rand.Rand }

func hostileOf(seed uint64) hostile { return hostile{rand.New(rand.NewPCG(seed, 11))} }

func (h hostile) pick(from ...string) string { return from[h.IntN(len(from))] }

var stopWords = strings.Fields("the of and to in a for that on with is by was as be from at this an are or will attorney general state")

var syllables = strings.Fields("ba con de fra ing ka lo mort na ope pro qua re sta tion un ver wa ex zy")

func (h hostile) letters(most int) string {
	var b strings.Builder
	for range 1 + h.IntN(most) {
		b.WriteByte(byte('a' + h.IntN(26)))
	}
	return b.String()
}

func (h hostile) word() string {
	switch h.IntN(4) {
	case 0:
		return h.pick(stopWords...)
	case 1:
		return h.letters(9)
	case 2:
		return h.pick(syllables...) + h.pick(syllables...)
	}
	return h.pick("settlement", "harbor", "opioid", "court", "consumers", "filing", "lawsuit", "notice")
}

// repeat joins pieces until they are as long as a query may be, or a little longer.
func repeat(joined string, piece func() string) string {
	var b strings.Builder
	for b.Len() < index.MaxQueryBytes {
		if b.Len() > 0 {
			b.WriteString(joined)
		}
		b.WriteString(piece())
	}
	return b.String()
}

// hostileKinds are the ways of being hostile.
var hostileKinds = []struct {
	name string
	q    func(h hostile) string
}{
	{"nesting", func(h hostile) string {
		n := 1 + h.IntN(4000)
		return strings.Repeat(h.pick("(", "-(", "NOT (", "a OR (", "title:("), n) + h.word() + strings.Repeat(")", h.IntN(n+1))
	}},
	{"chain of not", func(h hostile) string {
		return repeat(" ", func() string { return h.pick("NOT", "-", "NOT -") }) + h.word()
	}},
	{"short prefixes", func(h hostile) string {
		return repeat(h.pick(" ", " OR "), func() string { return h.letters(1) + h.letters(1) + h.letters(1) + "*" })
	}},
	{"frequent prefixes", func(h hostile) string {
		return repeat(" OR ", func() string { return h.pick("con*", "pro*", "sta*", "the*", "att*", "int*", "com*", "dis*", "mor*") })
	}},
	{"fuzzy of everything", func(h hostile) string { return repeat(h.pick(" ", " OR "), func() string { return h.word() + "~" }) }},
	{"fuzzy letters", func(h hostile) string { return repeat(" OR ", func() string { return h.letters(10) + "~" }) }},
	{"ors of stop words", func(h hostile) string { return repeat(" OR ", func() string { return h.pick(stopWords...) }) }},
	{"ands of stop words", func(h hostile) string { return repeat(" ", func() string { return h.pick(stopWords...) }) }},
	{"nots of stop words", func(h hostile) string { return repeat(" ", func() string { return "-" + h.pick(stopWords...) }) }},
	{"near", func(h hostile) string {
		return repeat(h.pick(" ", " OR "), func() string {
			return fmt.Sprintf("\"%s %s %s\"~%d", h.pick(stopWords...), h.pick(stopWords...), h.word(), h.IntN(1<<h.IntN(31)))
		})
	}},
	{"one long near", func(h hostile) string {
		return `"` + repeat(" ", func() string { return h.pick(stopWords...) }) + h.pick(`"~5`, `"~99999999999999999999`, `"~0`, `"~-1`)
	}},
	{"phrases of stop words", func(h hostile) string {
		return repeat(h.pick(" ", " OR "), func() string {
			return fmt.Sprintf("%q", h.pick(stopWords...)+" "+h.pick(stopWords...)+" "+h.pick(stopWords...))
		})
	}},
	{"one long phrase", func(h hostile) string { return `"` + repeat(" ", func() string { return h.pick(stopWords...) }) }},
	{"unicode", func(h hostile) string {
		return repeat("", func() string {
			return h.pick(string(rune(h.IntN(0x3000))), string(rune(h.IntN(0x10ffff))), "\u0301", "\u202e", "\x00", "\xff", "ʻ", "ﷺ", "ǆ", " ", "\u200b", "𝒜", "é")
		})
	}},
	{"operators", func(h hostile) string {
		return repeat(h.pick("", " "), func() string { return h.pick("AND", "OR", "NOT", "-", "(", ")", `"`, "~", "*", ":", "~5", "a", " ") })
	}},
	{"regular expressions", func(h hostile) string {
		return repeat(h.pick(" ", ""), func() string {
			return h.pick("/(a+)+$/", ".*", "[a-z]{1000}", "(x|x)*", "\\w+?", "a**", "?*", "^$", "*a*", "a*b*")
		})
	}},
	{"fields", func(h hostile) string {
		field := func() string {
			return h.pick("state:", "topic:", "kind:", "ag:", "lead:", "member:", "joined:", "involves:", "date:", "after:", "before:", "is:", "title:", "text:", "nothing:", "state:state:", "-title:")
		}
		return repeat(h.pick(" ", " OR "), func() string {
			return field() + h.pick("VA", "opioids", "9999-99-99", "2023", "0000", "gone", `"West Virginia`, h.word(), h.word()+"*", "("+h.word(), "*", "")
		})
	}},
	{"long words", func(h hostile) string {
		return strings.Repeat(h.pick("a", "a-", "a.", "é", "'", "a'", "§", "x&", "%"), index.MaxQueryBytes) + h.pick("", "*", "~")
	}},
	{"everything", func(h hostile) string {
		return repeat(h.pick(" ", " OR "), func() string {
			return h.pick(h.word(), h.word()+"*", h.word()+"~", `"`+h.word()+" "+h.word()+`"`, "-"+h.word(), "(", ")", "OR", `"the of"~9`, "title:the", "state:VA", "after:2020-01-01")
		})
	}},
	{"a person", func(h hostile) string { return h.word() + " " + h.word() }},
}

// hostileQuestion returns the parameters of question n of the list and what kind it is.
func hostileQuestion(n int) (url.Values, string) {
	h := hostileOf(uint64(n))
	kind := hostileKinds[n%len(hostileKinds)]
	v := url.Values{"q": {kind.q(h)}}
	if h.IntN(3) == 0 {
		v.Set("q", v.Get("q")[:min(len(v.Get("q")), 1+h.IntN(400))])
	}
	if h.IntN(2) == 0 {
		v.Set("facets", "state,topic,year,kind,role,action,lead,member,joined,involves,party,language,presence")
	}
	if h.IntN(2) == 0 {
		v.Set("interval", h.pick("day", "week", "year", "century"))
		v.Set("from", h.pick("", "0001-01-01", "1990-01-01", "9999-12-31", "x"))
		v.Set("to", h.pick("", "9999-12-31", "2023-01-01"))
		v.Set("undated", h.pick("include", "maybe"))
	}
	if h.IntN(4) == 0 {
		for range h.IntN(300) {
			field := h.pick("state", "topic", "year", "kind", "lead", "member", "joined", "involves", "language")
			value := h.pick(vocabulary.Offices[h.IntN(len(vocabulary.Offices))].Code, vocabulary.Topics[h.IntN(len(vocabulary.Topics))].Slug, "2023", "undated", "letter", h.letters(5))
			v.Add(field, h.pick("", "-")+value)
		}
	}
	v.Set("limit", h.pick("20", "100", "0", "-1", "99999999999999999999"))
	v.Set("sort", h.pick("", "relevance", "newest", "oldest", "added", "changed"))
	v.Set("collapse", h.pick("", "matter"))
	if h.IntN(20) == 0 {
		v.Set("cursor", h.pick("x", "eyJxIjoiIn0", strings.Repeat("A", 5000)))
	}
	return v, kind.name
}

// taken is what a question of the list took.
type taken struct {
	n     int
	kind  string
	time  time.Duration
	bytes uint64
	exact bool
}

func (a taken) String() string {
	return fmt.Sprintf("%5d %-22s %8.2f ms %8.2f MB allocated, exact %t", a.n, a.kind, a.time.Seconds()*1000, float64(a.bytes)/1e6, a.exact)
}

// TestHostile asks the questions of the list: none panics, each answer is whole or says
// why it is not, and none lets the heap grow without bound.
func TestHostile(t *testing.T) {
	count, releases := fewHostile, hostileReleases()
	if v := os.Getenv("AGORA_HOSTILE"); v != "" {
		if _, err := fmt.Sscan(v, &count); err != nil {
			t.Fatal(err)
		}
	}
	e := hostileIndex(t, releases)
	var all []taken
	for n := range count {
		all = append(all, askHostile(t, e, releases, n))
	}
	show := func(what string, order func(a, b taken) int) []taken {
		slices.SortFunc(all, order)
		worst := all[:min(len(all), 10)]
		for _, a := range worst {
			t.Logf("worst by %s: %s", what, a)
		}
		return slices.Clone(worst)
	}
	show("time", func(a, b taken) int { return cmp.Compare(b.time, a.time) })
	heaviest := show("memory", func(a, b taken) int { return cmp.Compare(b.bytes, a.bytes) })
	if count == fewHostile {
		heaviest = heaviest[:3]
	}
	for _, a := range heaviest {
		grown := heapGrowth(t, e, a.n)
		t.Logf("%5d %s let the heap grow by %.1f MB", a.n, a.kind, float64(grown)/1e6)
		if grown > mostHeap {
			t.Errorf("question %d (%s) let the heap grow by %d MiB", a.n, a.kind, grown>>20)
		}
	}
}

// askHostile asks one question and checks its answer.
func askHostile(t *testing.T, e *bleveindex.Engine, releases map[string]index.Release, n int) taken {
	v, kind := hostileQuestion(n)
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("question %d (%s) %q panics: %v\n%s", n, kind, v, r, debug.Stack())
		}
	}()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	q, err := query.FromValues(v, false)
	var found index.Found
	if err == nil {
		found, err = e.Search(context.Background(), q)
	}
	a := taken{n: n, kind: kind, time: time.Since(start), exact: found.Exact}
	runtime.ReadMemStats(&after)
	a.bytes = after.TotalAlloc - before.TotalAlloc
	if errors.Is(err, index.ErrInvalid) && v.Has("cursor") {
		return a
	}
	if err != nil {
		t.Errorf("question %d (%s): %v", n, kind, err)
		return a
	}
	if !found.Exact && len(found.Warnings) == 0 {
		t.Errorf("question %d (%s) is not exact and does not say why", n, kind)
	}
	if len(found.Matches) > index.MaxLimit || found.Total < len(found.Matches) || len(q.Warnings)+len(found.Warnings) > 100 {
		t.Errorf("question %d (%s): %d of %d found, %d and %d warnings", n, kind, len(found.Matches), found.Total, len(q.Warnings), len(found.Warnings))
	}
	mark := highlight.New(q)
	for _, m := range found.Matches[:min(3, len(found.Matches))] {
		if m.Score != nil && (math.IsNaN(*m.Score) || math.IsInf(*m.Score, 0)) {
			t.Errorf("question %d (%s): score %f", n, kind, *m.Score)
		}
		mark(releases[m.ReleaseID])
	}
	return a
}

// heapGrowth asks a question once more and returns by how much the heap grew meanwhile.
func heapGrowth(t *testing.T, e *bleveindex.Engine, n int) uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	heap := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	v, _ := hostileQuestion(n)
	before, most := heap(), uint64(0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if q, err := query.FromValues(v, false); err == nil {
			if _, err := e.Search(context.Background(), q); err != nil && !errors.Is(err, index.ErrInvalid) {
				t.Error(err)
			}
		}
	}()
	for {
		most = max(most, heap())
		select {
		case <-done:
			return max(most, before) - before
		default:
			runtime.Gosched()
		}
	}
}

// hostileReleases are invented releases with many words, by id.
func hostileReleases() map[string]index.Release {
	releases := map[string]index.Release{}
	for n := range 2000 {
		h := hostileOf(uint64(n) + 1<<40)
		r := indextest.Release(vocabulary.Offices[n%len(vocabulary.Offices)].Code, n)
		for range 30 {
			r.Text += " " + h.word()
		}
		releases[r.ID] = r
	}
	return releases
}

// hostileIndex makes the index that is asked.
func hostileIndex(t testing.TB, releases map[string]index.Release) *bleveindex.Engine {
	e, err := bleveindex.Open(context.Background(), t.TempDir(), bleveindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if os.Getenv("AGORA_BENCH_RELEASES") != "" {
		err = e.Rebuild(context.Background(), repeated(benchReleases(t, 20_000), benchCount(t)), "store", 1)
	} else {
		list := make([]index.Release, 0, len(releases))
		for _, r := range releases {
			list = append(list, r)
		}
		err = e.Rebuild(context.Background(), all(list), "store", 1)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// BenchmarkBesideHostile prints how long plain questions take alone and beside four
// clients that go through the hostile list.
func BenchmarkBesideHostile(b *testing.B) {
	e := hostileIndex(b, hostileReleases())
	plain := func() (p50, p99 float64) {
		var times []float64
		for i := range 100 * len(benchQueries) {
			q := benchQueries[i%len(benchQueries)]
			start := time.Now()
			ask(b, e, q.root, q.sort)
			times = append(times, time.Since(start).Seconds()*1000)
		}
		slices.Sort(times)
		return times[len(times)/2], times[len(times)*99/100]
	}
	for b.Loop() {
		plain()
		p50, p99 := plain()
		b.ReportMetric(p50, "p50-alone-ms")
		b.ReportMetric(p99, "p99-alone-ms")
		ctx, cancel := context.WithCancel(context.Background())
		var clients sync.WaitGroup
		for client := range 4 {
			clients.Go(func() {
				for n := client; ctx.Err() == nil; n += 4 {
					v, _ := hostileQuestion(n % 10_000)
					if q, err := query.FromValues(v, false); err == nil {
						if _, err := e.Search(ctx, q); err != nil && ctx.Err() == nil && !errors.Is(err, index.ErrInvalid) {
							b.Error(err)
						}
					}
				}
			})
		}
		p50, p99 = plain()
		cancel()
		clients.Wait()
		b.ReportMetric(p50, "p50-beside-ms")
		b.ReportMetric(p99, "p99-beside-ms")
	}
}
