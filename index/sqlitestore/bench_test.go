package sqlitestore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"agora/index"
	"agora/index/indextest"
	"agora/index/sqlitestore"
	"agora/index/vocabulary"
)

// benchReleases is how many releases the benchmarks of reading ask.
const benchReleases = 100_000

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
		b.Logf("filled in %v: %.0f releases/s", time.Since(start), benchReleases/time.Since(start).Seconds())
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

func BenchmarkRead(b *testing.B) {
	store, dir := filled(b)
	ctx := b.Context()
	ids := make([]string, 20)
	for i := range ids {
		o := observation(i * 4999)
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
