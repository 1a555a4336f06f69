package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/crawler/warc"
	"agora/index"
)

// townSite is a site of invented releases on the loopback, which counts what is asked.
type townSite struct {
	*httptest.Server
	releases int
	perPage  int

	mu    sync.Mutex
	asked map[string]int // times, by path of a release
}

func newTownSite(t testing.TB, releases, perPage int) *townSite {
	s := &townSite{releases: releases, perPage: perPage, asked: map[string]int{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP answers with the listing, a release, or the status 404.
func (s *townSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var n int
	switch {
	case r.URL.Path == "/news":
		page := 1
		_, _ = fmt.Sscan(r.URL.Query().Get("page"), &page) // the first page has no number
		s.listing(w, page)
	case s.number(r.URL.Path, &n):
		s.mu.Lock()
		s.asked[r.URL.Path]++
		s.mu.Unlock()
		w.Header().Set("ETag", fmt.Sprintf(`"%d"`, n))
		if r.Header.Get("If-None-Match") == fmt.Sprintf(`"%d"`, n) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, townRelease(n))
	default:
		http.NotFound(w, r)
	}
}

func (s *townSite) number(path string, n *int) bool {
	_, err := fmt.Sscanf(path, "/news/lantern-%d", n)
	return err == nil && *n >= 1 && *n <= s.releases
}

func (s *townSite) listing(w http.ResponseWriter, page int) {
	fmt.Fprint(w, "<!doctype html><html><head><title>News</title></head><body><main><h1>News releases</h1>")
	first := s.releases - (page-1)*s.perPage
	for n := first; n > max(0, first-s.perPage); n-- {
		fmt.Fprintf(w, `<div class="row"><h3><a href="/news/lantern-%d">%s</a></h3><span>%s</span></div>`, n, townHeadline(n), townDay(n))
	}
	if first > s.perPage {
		fmt.Fprintf(w, `<a rel="next" href="/news?page=%d">Older</a>`, page+1)
	}
	fmt.Fprint(w, "</main></body></html>")
}

func townHeadline(n int) string {
	return fmt.Sprintf("Attorney General Marlow Recovers Money for Lantern Buyers, Case %d", n)
}

func townDay(n int) string {
	return time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format("January 2, 2006")
}

func townRelease(n int) string {
	return fmt.Sprintf(`<!doctype html><html><head><title>%[1]s | Office of the Attorney General</title></head><body><nav><a href="/news">News</a></nav>
<main><article><h1>%[1]s</h1><p class="date">%[2]s</p><p>HARROW – Attorney General Ada Marlow today announced that the lantern makers of case %[3]d will repay their customers.</p>
<p>“A lantern has to burn,” said Marlow. “These did not, and whoever bought one gets the money back.” The makers have agreed to test what they sell for five years.</p>
<p>Buyers need not do anything: the shops will write to each of them within ninety days, and the office watches that they do.</p></article></main></body></html>`, townHeadline(n), townDay(n), n)
}

// entry is the site's entry in a catalogue.
func (s *townSite) entry() string {
	return fmt.Sprintf("- id: WY\n  name: Wyoming\n  home: %[1]s/\n  sources:\n  - {kind: listing, url: \"%[1]s/news\"}\n", s.URL)
}

// catalogue writes a catalogue file for the site.
func (s *townSite) catalogue(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "office.yaml")
	if err := os.WriteFile(path, []byte(s.entry()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// crawlOnce runs a pass, kills it after a while where that isn't zero, and tells whether
// it finished.
func crawlOnce(t *testing.T, data, catalogue string, after time.Duration) bool {
	t.Helper()
	ctx := t.Context()
	if after > 0 {
		limited, cancel := context.WithTimeout(ctx, after)
		defer cancel()
		ctx = limited
	}
	output, err := exec.CommandContext(ctx, "agora", "--data", data, "crawl", "--office", "WY", "--only", catalogue, "--allow-private", "--min-delay", "0s").CombinedOutput()
	if err != nil && ctx.Err() == nil {
		t.Fatalf("the crawl failed by itself: %v\n%s", err, output)
	}
	return err == nil
}

// batch is what a kill may cost: the pages of the last batch that was not acknowledged.
const batch = 64

// TestCrawlSurvivesKills kills passes over a site with SIGKILL at random moments and goes
// on: every release is held once, every WARC file can be read, and no page is asked for
// again but those of the last batch.
func TestCrawlSurvivesKills(t *testing.T) {
	rounds := kills(t)
	site := newTownSite(t, 300, 50)
	catalogue := site.catalogue(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	folder, archives, killed, again, most := t.TempDir(), 0, 0, 0, 0
	for killed < rounds {
		archives++
		data := filepath.Join(folder, fmt.Sprint("archive", archives))
		site.forget()
		for {
			before := site.total()
			held := heldIn(t, data)
			finished := crawlOnce(t, data, catalogue, time.Duration(1+random.Int64N(int64(1500*time.Millisecond))))
			// Asked for in this run, and not held after it: the price of the kill.
			lost := site.total() - before - (heldIn(t, data) - held)
			if finished || killed >= rounds {
				break
			}
			killed++
			most = max(most, lost)
			if lost > 2*batch {
				t.Errorf("kill %d cost %d pages", killed, lost)
			}
			readWARCs(t, data)
		}
		crawlOnce(t, data, catalogue, 0)
		again += site.total() - site.releases
		if n := heldIn(t, data); n != site.releases {
			t.Errorf("%d releases are held, want %d", n, site.releases)
		}
		checkOnce(t, data, site.releases)
		if output, err := exec.CommandContext(t.Context(), "agora", "--data", data, "verify").CombinedOutput(); err != nil {
			t.Fatalf("verify: %v\n%s", err, output)
		}
		handOver(t, data)
	}
	t.Logf("%d kills over %d archives; %d pages were asked for again, %.1f a kill, at most %d", killed, archives, again, float64(again)/float64(max(killed, 1)), most)
	if again > killed*batch {
		t.Errorf("%d pages were asked for again after %d kills, more than a batch each", again, killed)
	}
}

func (s *townSite) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.asked)
}

// total is how often releases were asked for.
func (s *townSite) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for _, n := range s.asked {
		total += n
	}
	return total
}

// handOver copies the captures of an archive to the folder AGORA_WARCS, where one is
// named, for readers that others wrote.
func handOver(t *testing.T, data string) {
	t.Helper()
	folder := os.Getenv("AGORA_WARCS")
	if folder == "" {
		return
	}
	if err := os.CopyFS(filepath.Join(folder, filepath.Base(data)), os.DirFS(filepath.Join(data, "captures"))); err != nil {
		t.Fatal(err)
	}
}

// readWARCs reads every WARC file of an archive to its last whole record.
func readWARCs(t *testing.T, data string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "captures", "*.warc.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		reader, err := warc.NewReader(file)
		for err == nil {
			_, err = reader.Next()
		}
		if !errors.Is(err, io.EOF) && !errors.Is(err, warc.ErrTorn) {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		_ = file.Close()
	}
}

// checkOnce holds that each release of an archive entered the log once.
func checkOnce(t *testing.T, data string, want int) {
	t.Helper()
	a := &app{Data: data, Now: time.Now}
	store, err := a.openStore(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	changes, err := store.Changes(t.Context(), 0, 10*want)
	if err != nil {
		t.Fatal(err)
	}
	entered := map[string]int{}
	for _, c := range changes {
		if c.Kind != index.ChangeNew && c.Kind != index.ChangeReread {
			t.Errorf("%s: %s", c.ReleaseID, c.Kind)
		}
		if c.Kind == index.ChangeNew {
			entered[c.ReleaseID]++
		}
	}
	for id, n := range entered {
		if n != 1 {
			t.Errorf("%s entered the log %d times", id, n)
		}
	}
	if len(entered) != want {
		t.Errorf("%d releases in the log, want %d", len(entered), want)
	}
	_, releases, err := store.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for r, err := range releases {
		if err != nil {
			t.Fatal(err)
		}
		if address := strings.ToLower(string(r.URL)); seen[address] {
			t.Errorf("%s is held twice", address)
		} else {
			seen[address] = true
		}
	}
}
