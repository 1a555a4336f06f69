package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"agora/index"
	"agora/server/wording"
	"agora/web"
)

func TestStatusesAndForms(t *testing.T) {
	const page, problem, text = "text/html; charset=utf-8", "application/problem+json", "text/plain; charset=utf-8"
	const metrics = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
	release := newSite(t).store.releases[0].ID
	tests := []struct {
		method, target string
		status         int
		mediaType      string
		code           string // of problems
	}{
		{"GET", "/nowhere", 404, page, ""},
		{"GET", "/releases/va-000000000000", 404, page, ""},
		{"GET", "/releases/" + release + "/versions/9", 404, page, ""},
		{"GET", "/releases/" + release + "/versions/x", 404, page, ""},
		{"GET", "/states/ZZ", 404, page, ""},
		{"GET", "/topics/nothing", 404, page, ""},
		{"GET", "/sources/ZZ", 404, page, ""},
		{"GET", "/sources/VA", 200, page, ""},
		{"HEAD", "/sources/VA", 200, page, ""},
		{"POST", "/sources/VA", 405, page, ""},
		{"POST", "/", 405, page, ""},
		{"DELETE", "/releases/" + release, 405, page, ""},
		{"HEAD", "/", 200, page, ""},
		{"HEAD", "/nowhere", 404, page, ""},
		{"GET", "/?q=" + strings.Repeat("a", maxAddress), 413, page, ""},
		{"GET", "/static/site.css", 404, text, ""},
		{"GET", "/healthz", 200, text, ""},
		{"HEAD", "/healthz", 200, text, ""},
		{"GET", "/readyz", 200, "application/json", ""},
		{"GET", "/robots.txt", 200, text, ""},
		{"GET", "/metrics", 200, metrics, ""},
		{"HEAD", "/metrics", 200, metrics, ""},
		{"GET", "/api/v1/nothing", 404, problem, "not_found"},
		{"GET", "/api/v1/releases", 200, "application/json", ""},
		{"GET", "/api/v1/releases?stat=VA", 400, problem, "invalid"},
		{"GET", "/api/v1/releases?state=Virgina", 400, problem, "invalid"},
		{"GET", "/api/v1/releases?limit=0", 400, problem, "invalid"},
		{"GET", "/api/v1/releases?q=matter&cursor=old", 400, problem, "cursor_expired"},
		{"POST", "/api/v1/releases", 405, problem, "method_not_allowed"},
		{"HEAD", "/api/v1/releases", 200, "application/json", ""},
		{"GET", "/api/v1/releases/va-1", 404, problem, "not_found"},
		{"GET", "/api/v1/releases/" + release, 200, "application/json", ""},
		{"GET", "/api/v1/releases/" + release + "?x=1", 400, problem, "invalid"},
		{"GET", "/api/v1/releases/" + release + "/versions", 200, "application/json", ""},
		{"GET", "/api/v1/releases/" + release + "/versions/1", 200, "application/json", ""},
		{"GET", "/api/v1/releases/" + release + "/versions/7", 404, problem, "not_found"},
		{"GET", "/api/v1/releases/" + release + "/captures", 200, "application/json", ""},
		{"GET", "/api/v1/facets?facets=state,party&interval=year", 200, "application/json", ""},
		{"GET", "/api/v1/releases/" + release + "/similar", 200, "application/json", ""},
		{"HEAD", "/api/v1/releases/" + release + "/similar?limit=50", 200, "application/json", ""},
		{"GET", "/api/v1/releases/" + release + "/similar?limit=51", 400, problem, "invalid"},
		{"GET", "/api/v1/releases/va-1/similar", 404, problem, "not_found"},
		{"GET", "/api/v1/suggest", 200, "application/json", ""},
		{"HEAD", "/api/v1/suggest?q=vir&limit=20", 200, "application/json", ""},
		{"GET", "/api/v1/suggest?q=vir&limit=21", 400, problem, "invalid"},
		{"GET", "/api/v1/suggest?q=vir&q=gin", 400, problem, "invalid"},
		{"GET", "/api/v1/suggest?query=vir", 400, problem, "invalid"},
		{"POST", "/api/v1/suggest", 405, problem, "method_not_allowed"},
		{"GET", "/api/v1/suggest/opensearch?q=vir", 200, "application/json", ""},
		{"GET", "/api/v1/suggest/opensearch?limit=5", 400, problem, "invalid"},
		{"GET", "/opensearch.xml", 200, openSearchType, ""},
		{"HEAD", "/opensearch.xml", 200, openSearchType, ""},
		{"POST", "/opensearch.xml", 405, page, ""},
		{"GET", "/api/v1/offices", 200, "application/json", ""},
		{"GET", "/api/v1/offices/va/passes?limit=50", 200, "application/json", ""},
		{"HEAD", "/api/v1/offices/VA/passes", 200, "application/json", ""},
		{"GET", "/api/v1/offices/ZZ/passes", 404, problem, "not_found"},
		{"GET", "/api/v1/offices/VA/passes?limit=51", 400, problem, "invalid"},
		{"GET", "/api/v1/topics", 200, "application/json", ""},
		{"GET", "/api/v1/changes?after=3&limit=2", 200, "application/json", ""},
		{"GET", "/api/v1/changes?after=x", 400, problem, "invalid"},
		{"GET", "/api/v1/changes?limt=1", 400, problem, "invalid"},
		{"GET", "/api/v1/export.jsonl?nothing=1", 400, problem, "invalid"},
		{"GET", "/api/v1/export.jsonl", 200, "application/x-ndjson", ""},
		{"HEAD", "/api/v1/export.csv?state=VA", 200, "text/csv; charset=utf-8", ""},
	}
	s := newSite(t)
	for _, test := range tests {
		w := s.ask(test.method, test.target)
		name := test.method + " " + wording.Shorten(test.target, 80)
		if w.Code != test.status || w.Header().Get("Content-Type") != test.mediaType {
			t.Errorf("%s: %d %s, want %d %s", name, w.Code, w.Header().Get("Content-Type"), test.status, test.mediaType)
		}
		if test.method == "HEAD" && w.Body.Len() > 0 {
			t.Errorf("%s: has a body", name)
		}
		if test.status == 405 && w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: Allow is %q", name, w.Header().Get("Allow"))
		}
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} {
			if w.Header().Get(header) == "" {
				t.Errorf("%s: no %s", name, header)
			}
		}
		if test.code != "" {
			var p struct {
				Type, Title, Detail, Code string
				Status                    int
			}
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != test.status || p.Code != test.code || p.Detail == "" || p.Title == "" {
				t.Errorf("%s: problem %+v, %v", name, p, err)
			}
		}
	}
}

func TestFailuresKeepTheirCauseToThemselves(t *testing.T) {
	secret := errors.New("/var/secret/archive.db: disk I/O error")
	for cause, status := range map[error]int{
		secret: 500,
		fmt.Errorf("read: %w: %w", index.ErrDamaged, secret):       500,
		fmt.Errorf("search: %w: %w", index.ErrUnavailable, secret): 503,
		context.DeadlineExceeded:                                   503,
	} {
		s := newSite(t)
		s.engine.failure, s.store.failure = cause, cause
		for _, target := range []string{"/", "/states/VA", "/sources", "/api/v1/releases", "/api/v1/offices", "/api/v1/export.csv"} {
			w := s.ask("GET", target)
			if w.Code != status {
				t.Errorf("%s with %v: status %d, want %d", target, cause, w.Code, status)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%s tells an internal cause", target)
			}
			if status == 503 && w.Header().Get("Retry-After") == "" {
				t.Errorf("%s: no Retry-After", target)
			}
		}
		if errors.Is(cause, secret) && !strings.Contains(s.log.String(), "secret") {
			t.Error("the log does not tell the cause")
		}
		if w := s.ask("GET", "/healthz"); w.Code != 200 {
			t.Errorf("healthz: %d", w.Code)
		}
		if w := s.ask("GET", "/readyz"); w.Code != 503 {
			t.Errorf("readyz: %d", w.Code)
		}
	}
}

// TestReadiness: an index of another history isn't ready, one that is behind is; the
// answer names the archive by its id alone.
func TestReadiness(t *testing.T) {
	s := newSite(t)
	id := s.store.ID()
	behind, err := index.Lineage(t.Context(), s.store, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		state  *index.EngineState
		status int
	}{
		{"in step", nil, 200},
		{"behind", &index.EngineState{Lineage: behind, Sequence: 1}, 200},
		{"new", &index.EngineState{}, 503},
		{"another archive", &index.EngineState{Lineage: "other@r@1", Sequence: 1}, 503},
		{"a replaced state", &index.EngineState{Lineage: id + "@r@1", Sequence: 1}, 503},
	} {
		s.engine.state = tt.state
		w := s.ask("GET", "/readyz")
		if w.Code != tt.status {
			t.Errorf("%s: status %d, want %d", tt.name, w.Code, tt.status)
		}
		if tt.status == 200 && !strings.Contains(w.Body.String(), `"index":{"store":"`+id+`","sequence":`) {
			t.Errorf("%s: %s", tt.name, w.Body)
		}
	}
}

func TestPanicIsAnError(t *testing.T) {
	s := newSite(t)
	s.store.Store = nil
	s.engine.store = nil // Search dereferences it
	w := s.ask("GET", "/", "Accept-Encoding", "gzip")
	if w.Code != 500 || !strings.Contains(s.log.String(), "panicked") {
		t.Errorf("status %d, log %s", w.Code, s.log)
	}
}

func TestTagsAndCompression(t *testing.T) {
	s := newSite(t)
	target := "/releases/" + s.store.releases[0].ID
	first := s.ask("GET", target, "Accept-Encoding", "gzip")
	tag := first.Header().Get("ETag")
	if !strings.HasPrefix(tag, `W/"`) || first.Header().Get("Last-Modified") == "" || first.Header().Get("Cache-Control") != "public, max-age=60" {
		t.Fatalf("headers of a release: %v", first.Header())
	}
	if first.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(first.Header().Get("Vary"), "Accept-Encoding") {
		t.Errorf("not compressed: %v", first.Header())
	}
	unpacked, err := gzip.NewReader(first.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	plain := s.ask("GET", target)
	if plain.Body.String() != string(body) || plain.Header().Get("ETag") != tag {
		t.Error("compressed and plain pages differ, or their tags do")
	}
	for _, header := range []string{tag, `"other", ` + tag, "*", strings.TrimPrefix(tag, "W/")} {
		if again := s.ask("GET", target, "If-None-Match", header); again.Code != 304 || again.Body.Len() > 0 {
			t.Errorf("If-None-Match %s: %d with %d bytes", header, again.Code, again.Body.Len())
		}
	}
	if again := s.ask("GET", target, "If-None-Match", `W/"stale"`); again.Code != 200 {
		t.Errorf("a stale tag: %d", again.Code)
	}
}

func TestStaticFiles(t *testing.T) {
	s := newSite(t)
	assets, err := web.ReadAssets()
	if err != nil {
		t.Fatal(err)
	}
	path, err := assets.Path("site.css")
	if err != nil {
		t.Fatal(err)
	}
	if body := s.ask("GET", "/").Body.String(); !strings.Contains(body, path) {
		t.Errorf("the page does not name %s", path)
	}
	w := s.ask("GET", path)
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d %v", path, w.Code, w.Header())
	}
}

func TestSearchAnswer(t *testing.T) {
	s := newSite(t)
	var got map[string]any
	w := s.ask("GET", "/api/v1/releases?state=VA&limit=2")
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"total", "exact", "took_ms", "warnings", "query", "hits", "facets", "coverage", "archive", "next"} {
		if _, ok := got[member]; !ok {
			t.Errorf("no member %q", member)
		}
	}
	hit, ok := got["hits"].([]any)[0].(map[string]any)
	if !ok {
		t.Fatal("no hit")
	}
	if _, ok := hit["text"]; ok {
		t.Error("a hit has its text")
	}
	if w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Error("other sites can't read the answer")
	}
	var facets map[string]any
	if err := json.Unmarshal(s.ask("GET", "/api/v1/facets?facets=state&interval=year").Body.Bytes(), &facets); err != nil {
		t.Fatal(err)
	}
	if facets["hits"] != nil || facets["histogram"] == nil || facets["undated"] == nil || facets["total"] != 42.0 {
		t.Errorf("facets: %v", facets)
	}
	var changes struct {
		Changes []index.Change
		Next    *int64
	}
	if err := json.Unmarshal(s.ask("GET", "/api/v1/changes?after=3&limit=2").Body.Bytes(), &changes); err != nil {
		t.Fatal(err)
	}
	if len(changes.Changes) != 2 || changes.Changes[0].Sequence != 4 || changes.Next == nil || *changes.Next != 5 {
		t.Errorf("changes: %+v", changes)
	}
}

// TestExportBreaksOff sees that a part is never taken for the whole.
func TestExportBreaksOff(t *testing.T) {
	s := newSite(t)
	for range 12 { // more than any writer's buffer
		more := archive().releases[:40]
		for i := range more {
			more[i].ID = fmt.Sprintf("%s-%d", more[i].ID, len(s.store.releases))
			more[i].Text = strings.Repeat(more[i].Text, 20)
			s.store.releases = append(s.store.releases, more[i])
		}
	}
	server := httptest.NewServer(s)
	defer server.Close()
	whole, err := read(server.URL + "/api/v1/export.jsonl")
	if err != nil || strings.Count(whole, "\n") != len(s.store.releases) {
		t.Fatalf("whole export: %d lines of %d, %v", strings.Count(whole, "\n"), len(s.store.releases), err)
	}
	s.engine.breakAt = 400
	if part, err := read(server.URL + "/api/v1/export.jsonl"); err == nil {
		t.Errorf("an export that failed ended well after %d bytes", len(part))
	}
}

func read(address string) (string, error) {
	answer, err := http.Get(address) //nolint:noctx // a test's own server
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(answer.Body)
	return string(body), errors.Join(err, answer.Body.Close())
}

func TestTurnstile(t *testing.T) {
	gate := newTurnstile(3, 2)
	leave, err := gate.enter("a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gate.enter("a"); err != nil {
		t.Fatal(err)
	}
	if _, err := gate.enter("a"); !errors.Is(err, errTooMany) {
		t.Errorf("third of one client: %v", err)
	}
	if f := explain(errTooMany); f.Status != 429 || f.RetryAfter == 0 {
		t.Errorf("too many: %+v", f)
	}
	if _, err := gate.enter("b"); err != nil {
		t.Fatal(err)
	}
	if _, err := gate.enter("c"); !errors.Is(err, index.ErrUnavailable) {
		t.Errorf("fourth of all: %v", err)
	}
	leave()
	if _, err := gate.enter("c"); err != nil {
		t.Errorf("after one left: %v", err)
	}
}

func TestClientOf(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7:1234": "192.0.2.7", "[2001:db8:1:2:3:4:5:6]:99": "2001:db8:1:2::/64", "[fe80::1%eth0]:1": "fe80::/64", "pipe": "pipe",
	} {
		if got := clientOf(&http.Request{RemoteAddr: address}); got != want {
			t.Errorf("client of %s is %s, want %s", address, got, want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("a server without archive")
	}
	for _, base := range []string{"agora.example", "ftp://agora.example", "https://agora.example/?x"} {
		if err := checkBaseURL(base); !errors.Is(err, index.ErrInvalid) {
			t.Errorf("base URL %q: %v", base, err)
		}
	}
}

// TestGoldenLinks compares all addresses that one search page leads to with a reviewed list.
func TestGoldenLinks(t *testing.T) {
	s := newSite(t)
	body := s.ask("GET", "/?q=matter+%22of+VA%22&state=VA&state=-NY&year=2014&from=2013-01-01&sort=oldest&limit=3").Body.String()
	got := strings.Join(hrefs(body), "\n") + "\n"
	golden(t, "testdata/links.golden", got)
}

// hrefs lists where the links of a page lead, in order.
func hrefs(body string) []string {
	var list []string
	z := html.NewTokenizer(strings.NewReader(body))
	for z.Next() != html.ErrorToken {
		if token := z.Token(); token.Data == "a" && token.Type == html.StartTagToken {
			for _, a := range token.Attr {
				if a.Key == "href" {
					list = append(list, a.Val)
				}
			}
		}
	}
	return list
}

// TestOpenSearch: the addresses that a browser is told are absolute, also where the site
// does not know its own, and lead to what they promise.
func TestOpenSearch(t *testing.T) {
	for base, want := range map[string]string{"https://agora.example": "https://agora.example", "": "http://example.com"} {
		s := newSite(t, func(o *Options) { o.BaseURL = base })
		body := s.ask("GET", openSearchPath).Body.Bytes()
		var said struct {
			Image string
			URLs  []struct {
				Template string `xml:"template,attr"`
			} `xml:"Url"`
		}
		if err := xml.Unmarshal(body, &said); err != nil {
			t.Fatal(err)
		}
		addresses := []string{said.Image}
		for _, u := range said.URLs {
			addresses = append(addresses, strings.ReplaceAll(u.Template, "{searchTerms}", "vir%20%22"))
		}
		for _, address := range addresses {
			path, ok := strings.CutPrefix(address, want)
			if w := s.ask("GET", path); !ok || w.Code != 200 {
				t.Errorf("base %q: %s answers %d", base, address, w.Code)
			}
		}
		if len(addresses) != 4 {
			t.Errorf("base %q: %d addresses in\n%s", base, len(addresses), body)
		}
	}
}

// TestGoldenAnswers compares the JSON interface's answers with reviewed ones: names of
// members are a promise.
func TestGoldenAnswers(t *testing.T) {
	s := newSite(t)
	release := s.store.releases[3].ID
	var got strings.Builder
	for _, target := range []string{
		"/api/v1/releases?q=matter&state=VA&limit=1&facets=state", "/api/v1/releases/" + release, "/api/v1/releases/" + release + "/versions",
		"/api/v1/releases/" + release + "/captures", "/api/v1/facets?facets=party,role&interval=year&state=VA", "/api/v1/changes?after=40",
		"/api/v1/releases?limt=1", "/api/v1/releases/va-1", "/api/v1/suggest?q=virg", "/api/v1/suggest?q=", "/api/v1/suggest?limt=1",
		"/api/v1/suggest/opensearch?q=matter+of+virg", "/api/v1/releases/" + release + "/similar?limit=1",
	} {
		w := s.ask("GET", target)
		var indented bytes.Buffer
		if err := json.Indent(&indented, w.Body.Bytes(), "", " "); err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		fmt.Fprintf(&got, "%d %s\n%s\n", w.Code, target, strings.TrimSpace(indented.String()))
	}
	golden(t, "testdata/answers.golden", got.String())
}

// golden compares got with a file, which UPDATE_GOLDEN=1 writes anew.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
