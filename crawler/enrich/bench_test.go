package enrich

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"agora/index"
)

// BenchmarkEnrich measures enrichment of real releases: the multistate ones and many others.
func BenchmarkEnrich(b *testing.B) {
	releases := readShared(b, "real/truth.jsonl")
	e := newEnricher(b)
	bytes := 0
	for _, l := range releases {
		bytes += len(l.Text)
	}
	b.Logf("%d releases of %d bytes", len(releases), bytes/len(releases))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		l := releases[i%len(releases)]
		r := index.Reading{Title: l.Title, Text: l.Text, Published: index.Date(l.Date)}
		e.Enrich(l.State, &r)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "releases/s")
}

// BenchmarkPress measures enrichment of the load corpus.
func BenchmarkPress(b *testing.B) {
	f, err := os.Open(filepath.Join(shared, "corpus", "doj.jsonl.gz"))
	if err != nil {
		b.Skip("skipped: ../shared is not here")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	var releases []struct{ Office, Title, Text, Published string }
	in := bufio.NewScanner(z)
	in.Buffer(nil, 16<<20)
	for len(releases) < 2000 && in.Scan() {
		releases = append(releases, struct{ Office, Title, Text, Published string }{})
		if err := json.Unmarshal(in.Bytes(), &releases[len(releases)-1]); err != nil {
			b.Fatal(err)
		}
	}
	e := newEnricher(b)
	for i := 0; b.Loop(); i++ {
		l := releases[i%len(releases)]
		r := index.Reading{Title: l.Title, Text: l.Text, Published: index.Date(l.Published)}
		e.Enrich(l.Office, &r)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "releases/s")
}
