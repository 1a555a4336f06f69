package bleveindex_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"agora/index"
	"agora/index/bleveindex"
	"agora/index/vocabulary"
)

// The benchmarks read real text, of which only numbers are printed, from beside the
// project; AGORA_BENCH_RELEASES sets how many releases they make of it.

const corpus = "../../../shared/corpus/press.jsonl.gz"

// benchRelease makes the n-th release: text from the corpus, everything else by rule.
func benchRelease(n int, title, text, published string) index.Release {
	var r index.Release
	office := vocabulary.Offices[n%len(vocabulary.Offices)].Code
	r.ID = index.MintID(office, fmt.Sprintf("https://example.org/%d", n), index.MinIDDigits)
	r.Office, r.Title, r.Text, r.Language = office, title, text, "en"
	if n%12 != 0 {
		r.Published = index.Date(published)
	}
	r.Topics = []string{vocabulary.Topics[n*7%47].Slug, vocabulary.Topics[n*13%47].Slug}
	r.Kinds = []string{vocabulary.Kinds[n*5%18].Value}
	r.Presence.State = vocabulary.Presences[n%97/95].Value
	r.Added = time.UnixMilli(1_700_000_000_000 + int64(n)*1000)
	r.Changed = r.Added
	r.Backfill = n%3 == 0
	if n%4 == 0 {
		r.Coalition = &index.Coalition{Role: "joined", Action: "letter", Leads: []string{"CA"}, Members: []string{"CA", office}}
	}
	r.AttorneyGeneral = &index.AttorneyGeneral{Name: fmt.Sprintf("Person %d", n%200), Party: vocabulary.Parties[n%3].Value}
	return r
}

// benchReleases returns n releases of about 3 kB, the corpus over and over.
func benchReleases(b testing.TB, n int) []index.Release {
	f, err := os.Open(corpus)
	if err != nil {
		b.Skip("skipped: ../shared is not here")
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<24)
	var releases []index.Release
	for lines.Scan() && len(releases) < n {
		var in struct{ Title, Text, Published string }
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			b.Fatal(err)
		}
		releases = append(releases, benchRelease(len(releases), in.Title, in.Text, in.Published))
	}
	for i := 0; len(releases) < n; i++ {
		r := releases[i]
		releases = append(releases, benchRelease(len(releases), r.Title, r.Text, string(r.Published)))
	}
	return releases
}

func benchCount(b testing.TB) int {
	n := 20_000
	if v := os.Getenv("AGORA_BENCH_RELEASES"); v != "" {
		if _, err := fmt.Sscan(v, &n); err != nil {
			b.Fatal(err)
		}
	}
	return n
}

func all(releases []index.Release) iter.Seq2[index.Release, error] {
	return func(yield func(index.Release, error) bool) {
		for _, r := range releases {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// processorTime is what the process has used of all processors: on a busy machine the
// only time that can be compared.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func folderSize(dir string) (size int64) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			size += info.Size()
		}
		return nil
	})
	if err != nil {
		return 0
	}
	return size
}

// repeated streams n releases of the text of some, so that they need not all be in memory.
func repeated(some []index.Release, n int) iter.Seq2[index.Release, error] {
	return func(yield func(index.Release, error) bool) {
		for i := range n {
			r := some[i%len(some)]
			if !yield(benchRelease(i, r.Title, r.Text, string(r.Published)), nil) {
				return
			}
		}
	}
}

// BenchmarkRebuild prints releases a second, bytes of index a release and the growth of
// the heap.
func BenchmarkRebuild(b *testing.B) {
	count := benchCount(b)
	releases := benchReleases(b, min(count, 20_000))
	bytes := 0
	for _, r := range releases {
		bytes += len(r.Title) + len(r.Text)
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	dir := b.TempDir()
	start := processorTime()
	for b.Loop() {
		e, err := bleveindex.Open(context.Background(), dir, bleveindex.Options{})
		if err != nil {
			b.Fatal(err)
		}
		var peak atomic.Uint64
		done := make(chan struct{})
		go func() {
			var m runtime.MemStats
			for {
				select {
				case <-done:
					return
				case <-time.After(50 * time.Millisecond):
					runtime.ReadMemStats(&m)
					peak.Store(max(peak.Load(), m.HeapInuse))
				}
			}
		}()
		if err := e.Rebuild(context.Background(), repeated(releases, count), "store", 1); err != nil {
			b.Fatal(err)
		}
		close(done)
		b.ReportMetric(float64(peak.Load()-min(peak.Load(), before.HeapInuse))/1e6, "MB-heap")
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
	taken := processorTime() - start
	tidy(b, dir)
	b.ReportMetric(float64(taken.Microseconds())/float64(count*b.N), "CPU-µs/release")
	b.ReportMetric(float64(count*b.N)/b.Elapsed().Seconds(), "releases/s")
	b.ReportMetric(float64(folderSize(dir))/float64(count), "index-bytes/release")
	b.ReportMetric(float64(bytes)/float64(len(releases)), "text-bytes/release")
}

// tidy opens the index and writes nothing, after which files that merges have left are gone.
func tidy(b *testing.B, dir string) {
	b.StopTimer()
	defer b.StartTimer()
	e, err := bleveindex.Open(context.Background(), dir, bleveindex.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := e.Apply(context.Background(), nil, "store", 1); err != nil {
		b.Fatal(err)
	}
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
}

var benchQueries = []struct {
	name string
	root index.Node
	sort index.Sort
}{
	{"match-all", nil, index.SortNewest},
	{"word-common", index.Word{Text: "general"}, ""},
	{"word-stop", index.Word{Text: "the"}, ""},
	{"word-mid", index.Word{Text: "settlement"}, ""},
	{"word-rare", index.Word{Text: "fentanyl"}, ""},
	{"word-newest", index.Word{Text: "health"}, index.SortNewest},
	{"and-2", and("opioid", "treatment"), ""},
	{"and-3", and("attorney", "general", "lawsuit"), ""},
	{"and-4-common", and("united", "states", "of", "america"), ""},
	{"or-3", index.Or{Nodes: []index.Node{index.Word{Text: "tobacco"}, index.Word{Text: "vaping"}, index.Word{Text: "nicotine"}}}, ""},
	{"or-common", index.Or{Nodes: []index.Node{index.Word{Text: "health"}, index.Word{Text: "committee"}, index.Word{Text: "department"}}}, ""},
	{"not", index.And{Nodes: []index.Node{index.Word{Text: "climate"}, index.Not{Node: index.Word{Text: "energy"}}}}, ""},
	{"not-alone", index.Not{Node: index.Word{Text: "health"}}, ""},
	{"title", index.Word{Text: "bill", In: index.InTitle}, ""},
	{"phrase-rare", index.Phrase{Text: "money laundering"}, ""},
	{"phrase-mid", index.Phrase{Text: "supreme court"}, ""},
	{"phrase-common", index.Phrase{Text: "attorney general"}, ""},
	{"phrase-stop", index.Phrase{Text: "of the"}, ""},
	{"phrase-long", index.Phrase{Text: "the people of the united states"}, ""},
	{"phrase-sign", index.Phrase{Text: "COVID-19 relief"}, ""},
	{"prefix", index.Prefix{Text: "manu"}, ""},
	{"prefix-short", index.Prefix{Text: "con"}, ""},
	{"fuzzy", index.Fuzzy{Text: "mortage"}, ""},
	{"near", index.Near{Text: "health care", Within: 5}, ""},
	{"word-and-state", index.And{Nodes: []index.Node{index.Word{Text: "court"}, index.Has{Field: index.FieldState, Value: "VA"}}}, ""},
	{"field-only", index.Has{Field: index.FieldTopic, Value: "opioids"}, index.SortNewest},
	{"multistate", index.And{Nodes: []index.Node{index.IsMultistate{}, index.Word{Text: "letter"}}}, ""},
}

func and(words ...string) index.Node {
	var n index.And
	for _, w := range words {
		n.Nodes = append(n.Nodes, index.Word{Text: w})
	}
	return n
}

// BenchmarkOpen prints how long it takes from nothing to the first answer.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	build(b, dir).Close()
	for b.Loop() {
		e, err := bleveindex.Open(context.Background(), dir, bleveindex.Options{})
		if err != nil {
			b.Fatal(err)
		}
		ask(b, e, and("attorney", "general"), "")
		b.StopTimer()
		e.Close()
		b.StartTimer()
	}
}

func build(b testing.TB, dir string) *bleveindex.Engine {
	b.Helper()
	e, err := bleveindex.Open(context.Background(), dir, bleveindex.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := e.Rebuild(context.Background(), all(benchReleases(b, benchCount(b))), "store", 1); err != nil {
		b.Fatal(err)
	}
	return e
}

func ask(b testing.TB, e *bleveindex.Engine, root index.Node, sort index.Sort) index.Found {
	found, err := e.Search(context.Background(), index.Query{Root: root, Sort: sort, Limit: 20,
		Facets: []index.Field{index.FieldState, index.FieldTopic, index.FieldYear}})
	if err != nil {
		b.Fatal(err)
	}
	return found
}

// BenchmarkSearch asks queries of all kinds for 20 releases and three facets and prints
// the time of each, and the median and the worst of all.
func BenchmarkSearch(b *testing.B) {
	e := build(b, b.TempDir())
	defer e.Close()
	var times []float64
	for _, q := range benchQueries {
		b.Run(q.name, func(b *testing.B) {
			total := 0
			start := processorTime()
			for b.Loop() {
				total = ask(b, e, q.root, q.sort).Total
			}
			taken := float64((processorTime() - start).Microseconds()) / 1000 / float64(b.N)
			b.ReportMetric(taken, "CPU-ms")
			b.ReportMetric(float64(total), "found")
			times = append(times, taken)
		})
	}
	slices.Sort(times)
	fmt.Fprintf(os.Stderr, "%s%d queries on %d releases: median %.2f ms, worst %.2f ms of CPU\n", strings.Repeat(" ", 4), len(times), benchCount(b), times[len(times)/2], times[len(times)-1])
}
