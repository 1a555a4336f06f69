package sqlitestore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"agora/index"
	"agora/index/indextest"
	"agora/index/sqlitestore"
	"agora/index/vocabulary"
)

// benchReleases is how many releases the benchmarks of reading ask: 100,000 or what
// AGORA_BENCH_RELEASES says.
var benchReleases = func() int {
	if n, err := strconv.Atoi(os.Getenv("AGORA_BENCH_RELEASES")); err == nil {
		return n
	}
	return 100_000
}()

// observation makes release n of about 3 kB, of an office that n picks.
func observation(n int) index.Observation {
	return indextest.Observation(vocabulary.Offices[n%len(vocabulary.Offices)].Code, n, func(o *index.Observation) {
		o.Reading.Text = fmt.Sprintf("Release %d.\n\n%s", n, indextest.Text(n, 3000))
		o.Reading.Markdown = "## Release\n\n" + o.Reading.Text
		if n%3 == 0 {
			o.Reading.Coalition = &index.Coalition{Role: "joined", Action: "letter", Leads: []string{"VA"}, Members: []string{"AK", "OH", "TX", "VA"}, Complete: true, Agrees: true}
		}
	})
}

// fill saves n releases in batches of 64.
func fill(t testing.TB, store *sqlitestore.Store, n int) {
	t.Helper()
	batch := make([]index.Observation, 0, 64)
	for i := range n {
		if batch = append(batch, observation(i)); len(batch) == cap(batch) || i == n-1 {
			if _, err := store.Save(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
			batch = batch[:0]
		}
	}
}

func BenchmarkSave(b *testing.B) {
	store := open(b, b.TempDir(), time.Now)
	batches := make([][]index.Observation, 0, b.N)
	next := 0
	for range b.N {
		batch := make([]index.Observation, 64)
		for i := range batch {
			batch[i] = observation(next)
			next++
		}
		batches = append(batches, batch)
	}
	b.ResetTimer()
	for _, batch := range batches {
		if _, err := store.Save(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "releases/s")
}

// filled opens a store of benchReleases, made once and kept in AGORA_BENCH_DIR where that
// names a folder.
func filled(b *testing.B) (*sqlitestore.Store, string) {
	dir := os.Getenv("AGORA_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	store := open(b, dir, time.Now)
	held, err := store.Count(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if held < benchReleases {
		start := time.Now()
		fill(b, store, benchReleases)
		b.Logf("filled in %v: %.0f releases/s", time.Since(start), float64(benchReleases)/time.Since(start).Seconds())
		for _, office := range vocabulary.Offices {
			for n := range 200 {
				_, err := store.SavePass(b.Context(), index.Pass{Office: office.Code, Source: "feed", Started: indextest.Start.Add(time.Duration(n) * time.Hour), Ended: indextest.Start.Add(time.Duration(n)*time.Hour + time.Minute), Outcome: "ok"})
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	return store, dir
}

// frontier makes the visits of a release: its page, which was fetched, and a letter that
// it links. Of every hundredth page it is known that there is one, and no more.
func frontier(n int) []index.Visit {
	o := observation(n)
	at := o.Capture.Captured
	page := index.Visit{
		Office: o.Office, Address: o.Addresses[0], URL: o.URL, Kind: index.VisitPage, Found: at, Last: at, Next: at.AddDate(0, 0, n%90), Outcome: index.OutcomeOK,
		ETag: `"5d8c72a5edda8"`, LastModified: at.Format(time.RFC1123), SHA256: o.Capture.SHA256, Payload: "sha1:" + o.Capture.SHA256[:32], Captured: at, Backfill: true,
	}
	if n%100 == 0 {
		page.Last, page.Outcome = time.Time{}, ""
	}
	letter := index.Visit{Office: o.Office, Address: o.URL + "/letter.pdf", URL: o.URL + "/letter.pdf", Kind: index.VisitAttachment, Found: at, Next: at}
	if n%10 != 0 {
		letter.Last, letter.Next, letter.Outcome, letter.SHA256 = at, time.Time{}, index.OutcomeOK, o.Capture.SHA256
	}
	return []index.Visit{page, letter}
}

// BenchmarkCrawl asks what a crawl asks, beside as many releases as BenchmarkRead.
func BenchmarkCrawl(b *testing.B) {
	store, _ := filled(b)
	ctx := b.Context()
	counts, err := store.VisitCounts(ctx)
	if err != nil {
		b.Fatal(err)
	}
	if len(counts) == 0 {
		start := time.Now()
		for n := 0; n < benchReleases; n += 500 {
			var visits []index.Visit
			for i := range min(500, benchReleases-n) {
				visits = append(visits, frontier(n+i)...)
			}
			if err := store.SaveVisits(ctx, visits); err != nil {
				b.Fatal(err)
			}
		}
		b.Logf("filled in %v: %.0f visits/s", time.Since(start), 2*float64(benchReleases)/time.Since(start).Seconds())
	}
	var addresses []string
	for n := 0; len(addresses) < 1000 && n < benchReleases; n += len(vocabulary.Offices) {
		addresses = append(addresses, observation(n).Addresses[0])
	}
	var hosts []index.Host
	for _, o := range vocabulary.Offices {
		robots := index.RobotsFile{Origin: "https://ag." + o.Code + ".example", Body: []byte(indextest.Text(1, 2000))}
		hosts = append(hosts, index.Host{Name: "ag." + o.Code + ".example", Next: indextest.Start, Robots: []index.RobotsFile{robots}})
	}
	office, words := vocabulary.Offices[0].Code, observation(0).Reading.Fingerprint
	late := indextest.Start.AddDate(10, 0, 0)
	round := 0
	asked := []struct {
		name string
		ask  func() error
	}{
		{"SaveVisits64", func() error {
			var visits []index.Visit
			for n := range 32 {
				visits = append(visits, frontier((round*32+n)*7919%benchReleases)...)
			}
			round++
			return store.SaveVisits(ctx, visits)
		}},
		{"SaveHosts56", func() error { return store.SaveHosts(ctx, hosts) }},
		{"Hosts56", func() error { _, err := store.Hosts(ctx); return err }},
		{"Visits1000", func() error { _, err := store.Visits(ctx, office, addresses); return err }},
		{"DueVisits64", func() error { _, err := store.DueVisits(ctx, office, "", late, 64); return err }},
		{"DueVisitsAll", func() error { _, err := store.DueVisits(ctx, office, "", late, benchReleases); return err }},
		{"NoDueVisits", func() error {
			_, err := store.DueVisits(ctx, office, "", indextest.Start.AddDate(-1, 0, 0), 64)
			return err
		}},
		{"VisitCounts", func() error { _, err := store.VisitCounts(ctx); return err }},
		{"SameWords", func() error { _, err := store.SameWords(ctx, office, words); return err }},
		{"PublishedPerDay", func() error { _, err := store.PublishedPerDay(ctx, office, ""); return err }},
	}
	for _, a := range asked {
		b.Run(a.name, func(b *testing.B) {
			for b.Loop() {
				if err := a.ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	store, dir := filled(b)
	ctx := b.Context()
	ids := make([]string, 20)
	for i := range ids {
		o := observation(i * (benchReleases / 21))
		ids[i] = index.MintID(o.Office, o.Addresses[0], index.MinIDDigits)
	}
	b.Run("Open", func(b *testing.B) {
		for b.Loop() {
			again, err := sqlitestore.Open(ctx, filepath.Join(dir, "archive.db"), sqlitestore.Options{})
			if err != nil {
				b.Fatal(err)
			}
			again.Close()
		}
	})
	b.Run("Releases20", func(b *testing.B) {
		for b.Loop() {
			if found, err := store.Releases(ctx, ids); err != nil || len(found) != len(ids) {
				b.Fatal(len(found), err)
			}
		}
	})
	b.Run("All", func(b *testing.B) {
		streamed := 0
		for b.Loop() {
			_, releases, err := store.All(ctx)
			if err != nil {
				b.Fatal(err)
			}
			for _, err := range releases {
				if err != nil {
					b.Fatal(err)
				}
				streamed++
			}
		}
		b.ReportMetric(float64(streamed)/b.Elapsed().Seconds(), "releases/s")
	})
	asked := map[string]func() error{
		"Sequence":     func() error { _, err := store.Sequence(ctx); return err },
		"Passes50":     func() error { _, err := store.Passes(ctx, 50); return err },
		"OfficeCounts": func() error { _, err := store.OfficeCounts(ctx); return err },
		"Count":        func() error { _, err := store.Count(ctx); return err },
		"PassesAnew": func() error {
			id, err := store.SavePass(ctx, index.Pass{Office: "VA", Started: indextest.Start, Outcome: "ok"})
			if err == nil && id > 0 {
				_, err = store.Passes(ctx, 50)
			}
			return err
		},
	}
	for name, ask := range asked {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
