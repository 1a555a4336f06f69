package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/crawler/warc"
	"agora/index/indextest"
	"agora/index/vocabulary"
	"agora/server"
)

// benchReleases is how many releases of 3 kB the benchmarks work on: few by default, as
// many as AGORA_BENCH_RELEASES says for the figures (100000).
func benchReleases(b *testing.B) int {
	b.Helper()
	n, err := strconv.Atoi(os.Getenv("AGORA_BENCH_RELEASES"))
	if err != nil {
		return 2000
	}
	return n
}

// benchInput writes n releases of 3 kB as lines of JSON; AGORA_BENCH_INPUT names a file
// of real ones to take instead.
func benchInput(b *testing.B, n int) string {
	b.Helper()
	if given := os.Getenv("AGORA_BENCH_INPUT"); given != "" {
		return given
	}
	path := filepath.Join(b.TempDir(), "releases.jsonl")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(file)
	encoder := json.NewEncoder(w)
	for i := range n {
		err := encoder.Encode(map[string]any{
			"office": vocabulary.Offices[i%len(vocabulary.Offices)].Code, "title": fmt.Sprintf("Release %d on the harbor", i),
			"url": fmt.Sprintf("https://www.example.org/releases/%d", i), "text": indextest.Text(i, 3000),
			"published": time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%5000).Format(time.DateOnly),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// importInto imports sources into the app's archive, with capture, store and index.
func importInto(b *testing.B, a *app, sources ...string) {
	b.Helper()
	if code := run(b.Context(), append([]string{"--data", a.Data, "import"}, sources...), a.Stdin, a.Stdout, a.Stderr); code != exitDone {
		b.Fatalf("import: exit %d: %s", code, a.Stderr)
	}
}

// BenchmarkImportReleases prints releases a second from JSONL to a searchable archive,
// and the memory that Go took from the system.
func BenchmarkImportReleases(b *testing.B) {
	n := benchReleases(b)
	input := benchInput(b, n)
	for b.Loop() {
		importInto(b, newApp(b), input)
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "releases/s")
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(sample)
	b.ReportMetric(float64(sample[0].Value.Uint64())/(1<<20), "MiB")
}

// BenchmarkImportPages prints pages a second through capture, extraction, store and
// index, on the real pages five times over under different addresses.
func BenchmarkImportPages(b *testing.B) {
	source := filepath.Join("..", "..", "..", "shared", "real", "ag-pages.warc.gz")
	if _, err := os.Stat(source); err != nil {
		b.Skip("skipped: ../shared is not here")
	}
	input, pages := fiveTimes(b, source)
	for b.Loop() {
		importInto(b, newApp(b), input)
	}
	b.ReportMetric(float64(pages*b.N)/b.Elapsed().Seconds(), "pages/s")
}

// fiveTimes copies the records of a WARC file five times with a parameter that tells the
// copies apart.
func fiveTimes(b *testing.B, source string) (path string, pages int) {
	b.Helper()
	file, err := os.Open(source)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	reader, err := warc.NewReader(file)
	if err != nil {
		b.Fatal(err)
	}
	folder := b.TempDir()
	writer, err := warc.NewWriter(folder, warc.WriterOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for {
		record, err := reader.Next()
		if err != nil {
			break
		}
		if record.Type != warc.TypeResource {
			continue
		}
		address := record.TargetURI
		for copied := range 5 {
			record.ID = ""
			record.TargetURI = address
			if copied > 0 && !strings.HasSuffix(address, ".js") {
				record.TargetURI = fmt.Sprintf("%s?copy=%d", address, copied)
			}
			at, err := writer.Write(record)
			if err != nil {
				b.Fatal(err)
			}
			path = filepath.Join(folder, at.File)
			pages++
		}
	}
	if err := writer.Close(); err != nil {
		b.Fatal(err)
	}
	return path, pages
}

// BenchmarkServe prints how long the server takes for the first page of results and
// others on an archive of benchReleases, and how long from the start to the first answer.
func BenchmarkServe(b *testing.B) {
	a := newApp(b)
	if given := os.Getenv("AGORA_BENCH_DATA"); given != "" {
		a.Data = given
	} else {
		importInto(b, a, benchInput(b, benchReleases(b)))
	}
	b.Run("start", func(b *testing.B) {
		for b.Loop() {
			handler, ar := openSite(b, a)
			get200(b, handler, "/")
			if err := ar.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	handler, ar := openSite(b, a)
	defer ar.Close()
	for _, path := range []string{"/", "/?q=settlement", "/?q=attorney+general&state=VA&topic=opioids", "/?q=%22attorney+general%22", "/api/v1/releases?q=fraud", "/sources", "/states/VA"} {
		get200(b, handler, path)
		b.Run(strings.ReplaceAll(path, "/", "|"), func(b *testing.B) {
			for b.Loop() {
				get200(b, handler, path)
			}
		})
	}
}

func openSite(b *testing.B, a *app) (http.Handler, *archive) {
	b.Helper()
	ar, _, err := a.openArchive(b.Context(), "bench", false)
	if err != nil {
		b.Fatal(err)
	}
	handler, err := server.New(server.Options{Searcher: ar.Searcher, Store: ar.store, Logger: a.Logger, Now: a.Now})
	if err != nil {
		b.Fatal(err)
	}
	return handler, ar
}

func get200(b *testing.B, handler http.Handler, path string) {
	b.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, http.NoBody))
	if recorder.Code != http.StatusOK {
		b.Fatalf("%s: %d", path, recorder.Code)
	}
}
