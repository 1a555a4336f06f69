package crawler

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/crawler/enrich"
	"agora/crawler/fetch"
	"agora/crawler/intake"
	"agora/crawler/office"
	"agora/index"
	"agora/index/sqlitestore"
)

// clock is a clock that waiting moves on.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(max(d, 0))
	return ctx.Err()
}

// site is an invented office's site: pages by path, with what was asked for.
type site struct {
	mu    sync.Mutex
	pages map[string]*page
	log   []string // "200 /path", in their order
	wrap  func(w http.ResponseWriter, r *http.Request) bool
}

// page is a page of the site.
type page struct {
	status   int // 0: 200
	body     func() string
	media    string
	location string
	plain    bool // without validators
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.wrap != nil && s.wrap(w, r) {
		return
	}
	s.mu.Lock()
	p := s.pages[r.URL.RequestURI()]
	s.mu.Unlock()
	if p == nil {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "<html><title>Not found</title><h1>Not found</h1>")
		return
	}
	if p.location != "" {
		w.Header().Set("Location", p.location)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if p.media != "" {
		w.Header().Set("Content-Type", p.media)
	}
	body := ""
	if p.body != nil {
		body = p.body()
	}
	if !p.plain && p.status == 0 {
		sum := sha256.Sum256([]byte(body))
		tag := `"` + hex.EncodeToString(sum[:8]) + `"`
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if p.status != 0 {
		w.WriteHeader(p.status)
	}
	fmt.Fprint(w, body)
}

// RoundTrip answers as the network would.
func (s *site) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, r)
	response := recorder.Result()
	s.mu.Lock()
	s.log = append(s.log, fmt.Sprintf("%d %s", response.StatusCode, r.URL.RequestURI()))
	s.mu.Unlock()
	response.Request = r
	body := recorder.Body.Bytes()
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return response, nil
}

// asked returns how often a status was answered to addresses that begin with a prefix.
func (s *site) asked(status int, prefix string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, line := range s.log {
		if strings.HasPrefix(line, fmt.Sprintf("%d %s", status, prefix)) {
			n++
		}
	}
	return n
}

// forget empties the log.
func (s *site) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = nil
}

func (s *site) set(path string, p page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = &p
}

func (s *site) remove(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pages, path)
}

// town is an invented place for release n.
func town(n int) string {
	return []string{"Harrow", "Pellham", "Quince Bay", "Ostrander", "Vale Ridge"}[n%5]
}

// headline is the headline of release n.
func headline(n int) string {
	return fmt.Sprintf("Attorney General Marlow Announces Settlement No. %d with %s Heating Company", n, town(n))
}

// published is the day of release n: one a day.
func published(n int) time.Time { return time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n) }

// releaseBody is the text of release n; note is added to it.
func releaseBody(n int, note string) string {
	return fmt.Sprintf(`<p>%s – Attorney General Ada Marlow today announced that the heating company of %s will repay %d customers whom it charged for oil that it never delivered.</p>
<p>“Nobody should sit in a cold house that was paid for,” said Marlow. “The company has agreed to change how it bills, and we will watch that it does.”</p>
<p>Customers who were charged between November and March will get their money back within ninety days. They need not do anything. %s</p>`, strings.ToUpper(town(n)), town(n), 100+n, note)
}

// release is the page of release n.
func release(n int, note string) page {
	return page{body: func() string {
		return fmt.Sprintf(`<!doctype html><html><head><title>%[1]s | Office of the Attorney General</title></head><body><header><nav><a href="/">Home</a><a href="/news">News</a></nav></header>
<main><article><h1>%[1]s</h1><p class="date">%[2]s</p>%[3]s</article></main><footer>Office of the Attorney General</footer></body></html>`,
			headline(n), published(n).Format("January 2, 2006"), releaseBody(n, note))
	}}
}

func releasePath(n int) string { return fmt.Sprintf("/news/settlement-%d", n) }

// row is the row of a listing for release n at a path.
func row(path string, n int) string {
	return `<div class="row"><h3><a href="` + path + `">` + headline(n) + `</a></h3><span class="day">` + published(n).Format("January 2, 2006") + `</span></div>`
}

// list sets the listing pages for releases, latest first, ten a page.
func (s *site) list(numbers ...int) {
	slices.SortFunc(numbers, func(a, b int) int { return b - a })
	const size = 10
	for n := 0; n == 0 || n*size < len(numbers); n++ {
		path := "/news"
		if n > 0 {
			path = fmt.Sprintf("/news?page=%d", n+1)
		}
		rows := numbers[n*size : min(len(numbers), (n+1)*size)]
		last := (n+1)*size >= len(numbers)
		s.set(path, page{body: func() string {
			var b strings.Builder
			b.WriteString("<!doctype html><html><head><title>News</title></head><body><main><h1>News releases</h1>")
			for _, r := range rows {
				b.WriteString(row(releasePath(r), r))
			}
			if !last {
				fmt.Fprintf(&b, `<a rel="next" href="/news?page=%d">Older</a>`, n+2)
			}
			b.WriteString("</main></body></html>")
			return b.String()
		}})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := (len(numbers) + size - 1) / size; n < 300; n++ {
		delete(s.pages, fmt.Sprintf("/news?page=%d", n+1))
	}
}

// newSite makes a site with releases 1 to count.
func newSite(count int) *site {
	s := &site{pages: map[string]*page{}}
	s.set("/robots.txt", page{body: func() string { return "User-agent: *\nDisallow: /private/\n" }, media: "text/plain"})
	s.set("/", page{body: func() string {
		return `<!doctype html><html><head><title>Home | Office of the Attorney General</title></head><body class="home"><main><h1>Welcome</h1><p>The office of the attorney general protects the people of the state.</p></main></body></html>`
	}})
	var all []int
	for n := 1; n <= count; n++ {
		s.set(releasePath(n), release(n, ""))
		all = append(all, n)
	}
	s.list(all...)
	return s
}

// archive is an archive with a collector that crawls a site.
type archive struct {
	*Collector
	site  *site
	clock *clock
}

// newArchive makes an archive for an office on a site.
func newArchive(t testing.TB, s *site, change func(*office.Office)) *archive {
	t.Helper()
	c := &clock{now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}
	folder := t.TempDir()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(folder, "archive.db"), sqlitestore.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	o := office.Office{
		ID: "WY", Name: "Wyoming", Home: "https://ag.example/", Timezone: "America/Denver", Languages: []string{"en"},
		Sources: []office.Source{{Kind: office.Listing, URL: "https://ag.example/news"}},
	}
	if change != nil {
		change(&o)
	}
	catalogue, err := office.New([]office.Office{o})
	if err != nil {
		t.Fatal(err)
	}
	enricher, err := enrich.New(catalogue)
	if err != nil {
		t.Fatal(err)
	}
	web, err := fetch.New(fetch.Options{
		Product: "Agora", Version: "test", Contact: "https://archive.example/contact", Network: s, Hosts: store, Now: c.Now, Wait: c.Wait,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = web.Close(context.Background()) })
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	hands := &intake.Intake{Store: store, Captures: filepath.Join(folder, "captures"), Catalogue: catalogue, Enricher: enricher, Program: "Agora/test", Now: c.Now, Logger: logger}
	return &archive{Collector: &Collector{Intake: hands, Web: web, Agent: web.Agent(), GoneAfter: 14 * 24 * time.Hour}, site: s, clock: c}
}

// crawl makes a pass an hour later and returns its result.
func (a *archive) crawl(t testing.TB, options CrawlOptions) PassResult {
	t.Helper()
	a.clock.now = a.clock.now.Add(time.Hour)
	options.Offices = []string{"wy"} // due or not
	report, err := a.Crawl(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Passes) != 1 {
		t.Fatalf("passes: %+v, waiting: %+v", report.Passes, report.Waiting)
	}
	return report.Passes[0]
}

// releases returns all that is held, by address.
func (a *archive) releases(t testing.TB) map[string]index.Release {
	t.Helper()
	_, all, err := a.Store.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]index.Release{}
	for r, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		held[strings.TrimPrefix(string(r.URL), "https://ag.example")] = r
	}
	return held
}

// changes returns the change log above a sequence, as "kind path".
func (a *archive) changes(t testing.TB, after int64) []string {
	t.Helper()
	log, err := a.Store.Changes(t.Context(), after, 10000)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, c := range log {
		r, err := a.Store.Release(t.Context(), c.ReleaseID)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(c.Kind)+" "+strings.TrimPrefix(string(r.URL), "https://ag.example"))
	}
	return list
}

func (a *archive) sequence(t testing.TB) int64 {
	t.Helper()
	sequence, err := a.Store.Sequence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sequence
}
