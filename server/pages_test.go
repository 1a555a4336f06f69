package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"agora/index"
	"agora/server/pages"
	"agora/server/pages/matter"
	"agora/web"
)

// pages are addresses that together execute every template in every branch worth having.
func pageAddresses(s *testSite) []string {
	edited := s.store.releases[3].ID
	list := []string{
		"/", "/?q=matter", "/?q=%22told+of+matter%22+OR+nothing+-lantern&state=VA&state=-NY&topic=opioids", "/?q=nosuchword&state=VA&from=2020-01-01&to=2020-12-31&undated=include",
		"/?cursor=20", "/?cursor=gone&q=matter", "/?sort=oldest&limit=5", "/?year=undated", "/?q=(((", "/?state=nowhere&limit=zz",
		"/?q=%3Cscript%3Ealert(1)%3C/script%3E", "/?q=%00%ff", "/?presence=gone&party=N&role=led", "/?added_from=2024-01-01T00:00:00Z&changed_from=2024-01-01T00:00:00Z",
		"/?unknown=parameter", "/states/VA", "/states/NY", "/states/WY", "/topics/opioids", "/topics/tribal-affairs", "/topics/scams",
		"/sources", "/sources?sort=held", "/sources?sort=newest", "/sources?sort=health", "/sources?sort=nonsense", "/sources/VA", "/sources/OH", "/sources/WY", "/coalitions", "/coalitions?member=OH&view=led", "/coalitions?order=blocs&topic=opioids&from=2015-01-01&q=matter+OR+lantern", "/coalitions?member=-OH&lead=VA&party=R&role=led", "/coalitions?topic=tribal-affairs", "/coalitions?topic=&member=&from=&to=&view=x&order=%3Cb%3E", "/changes", "/changes?before=5", "/changes?before=x",
		"/releases/" + edited + "/versions/1", "/releases/" + edited + "/versions/2",
	}
	for _, r := range s.store.releases {
		list = append(list, "/releases/"+r.ID)
	}
	return list
}

func TestPagesRenderSafely(t *testing.T) {
	for _, demo := range []bool{false, true} {
		s := newSite(t, func(o *Options) { o.Demo = demo })
		for _, address := range pageAddresses(s) {
			w := s.ask(http.MethodGet, address)
			if w.Code != http.StatusOK {
				t.Errorf("%s: status %d\n%s", address, w.Code, s.log)
				continue
			}
			if got := w.Header().Get("Content-Type"); got != "text/html; charset=utf-8" {
				t.Errorf("%s: content type %q", address, got)
			}
			body := w.Body.String()
			if strings.Contains(body, "Every release, person and event shown here is invented") != demo {
				t.Errorf("%s: demo banner shown: %v, want %v", address, !demo, demo)
			}
			if strings.Contains(body, "ZgotmplZ") {
				t.Errorf("%s: a template refused an address", address)
			}
			checkMarkup(t, address, body)
		}
	}
}

// checkMarkup holds every page to what the site promises: no scripts but its own files, no
// foreign pictures, no handlers, no inline style, one main heading, labelled fields.
func checkMarkup(t *testing.T, address, body string) {
	t.Helper()
	ids, headings, labels, fields := map[string]bool{}, 0, map[string]bool{}, []string{}
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if !errors.Is(z.Err(), io.EOF) {
				t.Errorf("%s: %v", address, z.Err())
			}
			break
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		token := z.Token()
		attributes := map[string]string{}
		for _, a := range token.Attr {
			attributes[a.Key] = a.Val
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcset" {
				t.Errorf("%s: attribute %s on <%s>", address, a.Key, token.Data)
			}
			if a.Key == "href" || a.Key == "src" || a.Key == "action" {
				if !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "http://") {
					t.Errorf("%s: <%s %s=%q>", address, token.Data, a.Key, a.Val)
				}
			}
		}
		if id := attributes["id"]; id != "" {
			if ids[id] {
				t.Errorf("%s: id %q is there twice", address, id)
			}
			ids[id] = true
		}
		switch token.Data {
		case "script":
			if !strings.HasPrefix(attributes["src"], web.StaticPath) || z.Next() == html.TextToken {
				t.Errorf("%s: <script src=%q> on a page", address, attributes["src"])
			}
		case "img", "iframe", "object", "embed", "style", "base":
			t.Errorf("%s: <%s> on a page", address, token.Data)
		case "h1":
			headings++
		case "label":
			labels[attributes["for"]] = true
		case "input":
			if attributes["type"] == "search" {
				fields = append(fields, attributes["id"])
			}
		}
	}
	if headings != 1 {
		t.Errorf("%s: %d main headings", address, headings)
	}
	for _, id := range fields {
		if !labels[id] {
			t.Errorf("%s: field %q has no label", address, id)
		}
	}
}

func TestPagesSay(t *testing.T) {
	s := newSite(t)
	gone, edited, undated := s.store.releases[1].ID, s.store.releases[3].ID, s.store.releases[10].ID
	tests := map[string][]string{
		"/":                                   {"42 releases", "newest first", "The archive holds 42 releases of 9 offices; 1 of 56 offices are current", "Next page", "Gone from the office’s site", "a coalition of 21", `href="/?state=VA"`, "<title>Agora</title>", `<link rel="canonical" href="https://agora.example/">`},
		"/?q=matter+1&state=VA":               {"Published by: Virginia", `href="/?q=matter&#43;1"`, "<mark>", "noindex", `name="state" value="VA"`},
		"/?q=xyzzy&state=VA":                  {"No releases", "the word “xyzzy”", "Search for the words alone", "Without “Published by: Virginia”"},
		"/?state=-VA":                         {"not Virginia", "(excluded, allow again)"},
		"/?cursor=20":                         {"First page"},
		"/?cursor=old":                        {"That page of results is no longer held"},
		"/?from=2015-01-01":                   {"From Jan 1, 2015", "3 releases without a date were left out. <a href=\"/?from=2015-01-01&amp;undated=include\"", "Keep undated releases</a>"},
		"/releases/" + gone:                   {"no longer shows this release", "SHA-256", "First captured"},
		"/releases/" + edited:                 {"Version 2", "Version 1", "An earlier title", "shown here"},
		"/releases/" + edited + "/versions/1": {"This is version 1 of this release", "Read the current version", `href="/releases/` + edited + `"`},
		"/releases/" + undated:                {"No date given by the office", "the page gives no date", "Co-led a coalition of 21", "coalition of 21 states", "City of Lanternford", "Alaska", "does not list all participants", "Read the letter"},
		"/states/VA":                          {"Virginia", "Last success", "Current", "Topics", "Search 5 releases of Virginia"},
		"/states/WY":                          {"Nothing of this office is held yet", "Never crawled"},
		"/?q=virginia+matter+8&sort=oldest":   {"Narrow to:", `href="/?q=matter&#43;8&amp;sort=oldest&amp;state=VA"`, `Published by: Virginia, in place of the words “virginia”`},
		"/releases/" + s.store.releases[0].ID: {"Similar releases", `href="/releases/` + s.store.releases[1].ID + `"`, s.store.releases[2].Title},
		"/topics/opioids":                     {"What belongs here", "opioid makers"},
		"/sources":                            {"42 releases of 9 of 56 offices", "Refused", "12 of about 12", "what is held was imported"},
		"/changes":                            {"Latest changes", "New"},
	}
	for address, wants := range tests {
		body := s.ask(http.MethodGet, address).Body.String()
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not say %q", address, want)
			}
		}
	}
}

// TestAdvicePage: advice is shown as links that keep everything else, whatever it says.
func TestAdvicePage(t *testing.T) {
	s := newSite(t, func(o *Options) {
		o.Searcher.Advise = func(context.Context, index.Query, index.Found) (index.Advice, error) {
			return index.Advice{DidYouMean: hostile, Offers: []index.Offer{
				{Field: index.FieldTopic, Value: "opioids", Label: hostile, Words: hostile, Rest: " "},
				{Field: index.FieldYear, Value: "2014", Label: "2014", Words: "2014", Rest: "a & b"},
			}}, nil
		}
	})
	address := "/?q=matter&state=VA&sort=oldest&limit=5"
	body := s.ask(http.MethodGet, address).Body.String()
	checkMarkup(t, address, body)
	for _, want := range []string{
		"Did you mean: <a href=\"/?limit=5&amp;q=%3Cscript", `href="/?limit=5&amp;sort=oldest&amp;state=VA&amp;topic=opioids"`,
		`href="/?limit=5&amp;q=a&#43;%26&#43;b&amp;sort=oldest&amp;state=VA&amp;year=2014"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// TestReleaseWithoutIndex: a release can be read while the index can't be asked.
func TestReleaseWithoutIndex(t *testing.T) {
	s := newSite(t)
	s.engine.failure = fmt.Errorf("look up words: %w", index.ErrUnavailable)
	w := s.ask(http.MethodGet, "/releases/"+s.store.releases[0].ID)
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "Similar releases") {
		t.Errorf("status %d", w.Code)
	}
}

// TestOneSearchAPage: whatever took more than one is remembered, as long as nothing changes.
func TestOneSearchAPage(t *testing.T) {
	for address, first := range map[string]int{"/": 1, "/?q=matter&state=VA": 1, "/states/VA": 13, "/topics/opioids": 13, "/coalitions": 113} {
		s := newSite(t)
		s.ask(http.MethodGet, address)
		if s.engine.searches > first {
			t.Errorf("%s: %d searches, want %d at most", address, s.engine.searches, first)
		}
		before := s.engine.searches
		s.ask(http.MethodGet, address)
		s.ask(http.MethodGet, address)
		if again := s.engine.searches - before; again > 2 || s.store.counted > 1 {
			t.Errorf("%s twice again: %d searches, %d counts of all offices; want 2 and 1 at most", address, again, s.store.counted)
		}
	}
}

func TestMovedAddresses(t *testing.T) {
	s := newSite(t)
	for from, to := range map[string]string{"/states/va": "/states/VA", "/sources/oh": "/sources/OH", "/sources/new-york": "/sources/NY", "/states/west-virginia": "/states/WV", "/topics/Opioids": "/topics/opioids", "/sources/": "/sources", "/releases/VA-0F": "/releases/va-0f"} {
		w := s.ask(http.MethodGet, from)
		if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != to {
			t.Errorf("%s: %d to %q, want %q", from, w.Code, w.Header().Get("Location"), to)
		}
	}
}

func TestEveryTemplateHasAPage(t *testing.T) {
	files, err := web.Templates()
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"layout.html", "parts.html"}
	for _, p := range append(pages.Blank(), &matter.Page{}) {
		known = append(known, p.Template())
	}
	slices.Sort(known)
	if diff := cmp.Diff(known, names); diff != "" {
		t.Errorf("templates (-pages +files):\n%s", diff)
	}
}
