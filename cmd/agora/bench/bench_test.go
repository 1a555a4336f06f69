package bench

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/index/query"
	"agora/index/sqlitestore"
)

// firstReleases is the digest of the first releases of seed 1: a change of the rules changes it,
// and needs another readerVersion.
const firstReleases = "6416ac431ae198c442a0af6d9b370571cc349e5bcdbda2a3f04265df438f8858"

// observations returns the releases of a corpus.
func observations(t *testing.T, c Corpus) []index.Observation {
	t.Helper()
	var list []index.Observation
	for o, err := range c.Observations(0) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, o)
	}
	return list
}

func TestSameReleases(t *testing.T) {
	parts := []string{readerVersion}
	for _, o := range observations(t, Corpus{Seed: 1, Releases: 200}) {
		content, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, string(content))
	}
	if got := digest(parts...); got != firstReleases {
		t.Errorf("the releases of seed 1 have the digest %s, want %s", got, firstReleases)
	}
	other := observations(t, Corpus{Seed: 2, Releases: 1})[0]
	if other.Reading.Text == observations(t, Corpus{Seed: 1, Releases: 1})[0].Reading.Text {
		t.Error("another seed makes the same text")
	}
}

// TestFromAnywhere: a stream that begins later goes on as the whole one does.
func TestFromAnywhere(t *testing.T) {
	c := Corpus{Seed: 3, Releases: 40}
	whole := observations(t, c)
	n := 25
	for o, err := range c.Observations(n) {
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole[n], o); diff != "" {
			t.Fatalf("release %d differs (-whole +later):\n%s", n, diff)
		}
		n++
	}
	if n != c.Releases {
		t.Errorf("the stream ended at %d", n)
	}
}

// TestStatistics: the releases are as those of real offices in what searching depends on.
func TestStatistics(t *testing.T) {
	const releases = 3000
	counts := map[string]float64{}
	words := map[string]bool{}
	for _, o := range observations(t, Corpus{Seed: 1, Releases: releases}) {
		r := o.Reading
		counts["bytes"] += float64(len(r.Title) + len(r.Text))
		for name, is := range map[string]bool{
			"undated": r.Published == "", "spanish": r.Language == "es", "coalition": r.Coalition != nil, "topics": len(r.Topics) > 0,
			"attorney general": strings.Contains(r.Text, "Attorney General"), "of the": strings.Contains(r.Text, " of the "),
			"paragraphs": strings.Contains(r.Text, "\n\n"), "money laundering": strings.Contains(r.Text, "money laundering"),
			"kratom": strings.Contains(r.Text, "kratom"), "long": len(r.Text) > 6000,
		} {
			if is {
				counts[name]++
			}
		}
		for _, w := range strings.Fields(r.Text) {
			words[w] = true
		}
	}
	for _, want := range []struct {
		name        string
		least, most float64 // of a release
	}{
		{"bytes", 2500, 3600},
		{"undated", .06, .11},
		{"spanish", .02, .08},
		{"coalition", .22, .28},
		{"topics", .5, .8},
		{"attorney general", .9, .99},
		{"of the", .5, .95},
		{"paragraphs", .9, 1},
		{"money laundering", .02, .25},
		{"kratom", .002, .05},
		{"long", .02, .2},
	} {
		if got := counts[want.name] / releases; got < want.least || got > want.most {
			t.Errorf("%s: %.3f of a release, want %.3f to %.3f", want.name, got, want.least, want.most)
		}
	}
	if len(words) < 50_000 || len(words) > 200_000 {
		t.Errorf("%d different words", len(words))
	}
}

func TestRealTexts(t *testing.T) {
	lines := `{"office":"VA","title":"Ferry fares fall","text":"The fares fall."}
{"office":"VA","title":"","text":"no title: left out"}
{"office":"WV","title":"Lantern recall","text":"The lanterns burn."}
`
	plain := filepath.Join(t.TempDir(), "texts.jsonl")
	if err := os.WriteFile(plain, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	zipped := plain + ".gz"
	file, err := os.Create(zipped)
	if err != nil {
		t.Fatal(err)
	}
	w := gzip.NewWriter(file)
	if _, err := w.Write([]byte(lines)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{plain, zipped} {
		var titles, addresses []string
		for _, o := range observations(t, Corpus{Seed: 1, Releases: 5, From: from}) {
			titles, addresses = append(titles, o.Reading.Title), append(addresses, o.URL)
		}
		want := []string{"Ferry fares fall", "Lantern recall", "Ferry fares fall", "Lantern recall", "Ferry fares fall"}
		if diff := cmp.Diff(want, titles); diff != "" {
			t.Errorf("titles (-want +got):\n%s", diff)
		}
		if n, ok := number(addresses[4]); !ok || n != 4 {
			t.Errorf("release 4 has the address %s", addresses[4])
		}
	}
}

func TestBadTexts(t *testing.T) {
	for name, content := range map[string]string{
		"no JSON": "lantern\n", "no releases": "{}\n", "nothing": "", "no gzip.gz": "lantern", "cut.gz": "\x1f\x8b\x08\x00",
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		failed := false
		for _, err := range (Corpus{Releases: 3, From: path}).Observations(0) {
			failed = failed || err != nil
		}
		if !failed {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestFill: an interrupted Fill is gone on with, and a finished one does nothing.
func TestFill(t *testing.T) {
	store, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "archive.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	small, whole := Corpus{Seed: 1, Releases: 30}, Corpus{Seed: 1, Releases: 200}
	for _, step := range []struct {
		corpus Corpus
		saved  int
	}{{small, 30}, {whole, 170}, {whole, 0}} {
		if saved, err := Fill(t.Context(), store, step.corpus, nil); err != nil || saved != step.saved {
			t.Errorf("filling up to %d saved %d, %v; want %d", step.corpus.Releases, saved, err, step.saved)
		}
	}
	counts, err := store.OfficeCounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	held, gone := 0, 0
	for _, c := range counts {
		held, gone = held+c.Held, gone+c.Gone
	}
	if held != whole.Releases || gone == 0 || gone > whole.Releases/10 {
		t.Errorf("%d releases are held, %d of them gone", held, gone)
	}
	_, releases, err := WithMatters(store, whole).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	matters, links := map[string]int{}, map[string]int{}
	for r, err := range releases {
		if err != nil {
			t.Fatal(err)
		}
		if r.Matter != nil {
			matters[r.Matter.ID]++
			links[r.Matter.ID] = r.Matter.Releases
		}
	}
	if len(matters) < 5 {
		t.Errorf("only %d matters", len(matters))
	}
	if diff := cmp.Diff(matters, links); diff != "" {
		t.Errorf("releases of matters (-there +told):\n%s", diff)
	}
}

// TestQuestions: every question can be read without a warning, and there are enough.
func TestQuestions(t *testing.T) {
	if len(questions) < 40 {
		t.Errorf("%d questions", len(questions))
	}
	askers, err := newAskers(questions)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, a := range askers {
		q, err := query.FromValues(a.values, true)
		if err != nil {
			t.Errorf("%s: %v", a.Text, err)
		}
		if seen[a.Text] && a.Pages == 0 {
			t.Errorf("%s is asked twice", a.Text)
		}
		seen[a.Text] = true
		if len(q.Facets) != 3 || q.Limit != 20 {
			t.Errorf("%s: %d facets, limit %d", a.Text, len(q.Facets), q.Limit)
		}
	}
	if err := KnownClasses([]string{"lantern"}); !errors.Is(err, index.ErrInvalid) || !strings.Contains(err.Error(), "phrase long") {
		t.Errorf("an unknown class: %v", err)
	}
}

func TestSpread(t *testing.T) {
	var times []time.Duration
	for i := range 200 {
		times = append(times, time.Duration(200-i)*time.Millisecond)
	}
	if diff := cmp.Diff(Spread{200, 100, 190, 198, 200}, spreadOf(times)); diff != "" {
		t.Errorf("spread (-want +got):\n%s", diff)
	}
	if got := spreadOf(times[:1]); got.P50 != 200 || got.P99 != 200 {
		t.Errorf("spread of one: %+v", got)
	}
	if got := spreadOf(nil); got != (Spread{}) {
		t.Errorf("spread of none: %+v", got)
	}
}

func TestMemory(t *testing.T) {
	m, err := parseMemory("55d0-7ffc ---p 00000000 00:00 0 [rollup]\nRss:  3000 kB\nPss:  2000 kB\nAnonymous:  1000 kB\n")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Memory{3000 << 10, 1000 << 10, 2000 << 10}, m); diff != "" {
		t.Errorf("memory (-want +got):\n%s", diff)
	}
	if _, err := parseMemory("lantern"); err == nil {
		t.Error("no error where nothing is said")
	}
}

func TestClaim(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	c := Corpus{Seed: 1, Releases: 10}
	for range 2 {
		if err := c.Claim(dir); err != nil {
			t.Fatal(err)
		}
	}
	other := c
	other.Seed = 2
	if err := other.Claim(dir); !errors.Is(err, index.ErrInvalid) {
		t.Errorf("another seed: %v", err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "archive.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Claim(foreign); !errors.Is(err, index.ErrInvalid) {
		t.Errorf("somebody's folder: %v", err)
	}
}

// TestReport: the names of the figures are what scripts read, and a report of nothing can
// be printed.
func TestReport(t *testing.T) {
	r := Report{Releases: 1, Asked: Questions{Classes: []Asked{{Class: "word"}}}, Memory: &Memory{}, Changed: &Changed{Until: []float64{1}, Save: []float64{1}}, Skipped: []string{"x"}}
	content, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(content, &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"releases", "seed", "texts", "processors", "go", "save", "index", "store", "index_size", "cold", "warm", "questions", "coverage",
		"memory", "memory_after", "changed", "skipped",
	} {
		if _, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		}
	}
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"releases, seed", "p99", "word", "skipped"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, b.String())
		}
	}
}

// BenchmarkObservations prints how many releases are made in a second: more than any
// store takes.
func BenchmarkObservations(b *testing.B) {
	c := Corpus{Seed: 1, Releases: b.N}
	for _, err := range c.Observations(0) {
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "releases/s")
}
