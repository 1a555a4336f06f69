package crawler

import (
	"context"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"agora/crawler/fetch"
	"agora/crawler/office"
	"agora/index"
)

// BenchmarkCrawl prints how many pages a second a first pass takes in from a site of 2,000
// pages on the loopback that may be asked without pauses, through capture, reading and
// store; and how many a second pass confirms.
func BenchmarkCrawl(b *testing.B) {
	const pages = 2000
	for b.Loop() {
		s := newSite(pages)
		server := httptest.NewServer(s)
		a := newArchive(b, s, func(o *office.Office) {
			o.Home = server.URL + "/"
			o.Sources = []office.Source{{Kind: office.Listing, URL: server.URL + "/news"}}
		})
		a.Now = time.Now
		web, err := fetch.New(fetch.Options{Product: "Agora", Contact: "https://archive.example/", AllowPrivate: true, Hosts: a.Store})
		if err != nil {
			b.Fatal(err)
		}
		a.Web = web
		for _, pass := range []struct {
			unit    string
			options CrawlOptions
		}{{"pages/s", CrawlOptions{}}, {"confirmed/s", CrawlOptions{All: true}}} {
			start := time.Now()
			report, err := a.Crawl(b.Context(), pass.options)
			if err != nil {
				b.Fatal(err)
			}
			if r := report.Passes[0]; r.New+r.Unchanged != pages || r.Outcome != index.PassOK {
				b.Fatalf("%d new, %d unchanged, %s: %s", r.New, r.Unchanged, r.Outcome, r.Reason)
			}
			b.ReportMetric(pages/time.Since(start).Seconds(), pass.unit)
		}
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		b.ReportMetric(float64(memory.Sys>>20), "MiB-of-process")
		if err := web.Close(context.Background()); err != nil {
			b.Fatal(err)
		}
		server.Close()
	}
}
