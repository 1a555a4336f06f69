package discover

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"
	"github.com/rogpeppe/go-internal/txtar"

	"agora/crawler/fetch"
	"agora/crawler/office"
	"agora/index"
)

var now = time.Date(2026, 3, 10, 15, 0, 0, 0, time.UTC)

// answer is what an invented site says.
type answer struct {
	status int
	kind   string // content type
	header http.Header
	body   string
	to     string // address that answers in the end
}

// site is an invented site: what it answers, and what it was asked for.
type site struct {
	t      testing.TB
	answer func(u *url.URL) answer
	asked  []string
	fail   map[string]error
}

// get is the fetcher of a walk; like the real one it lets colly's elements be looked at.
func (s *site) get(_ context.Context, r fetch.Request) (fetch.Answer, error) {
	s.asked = append(s.asked, r.URL)
	if err := s.fail[r.URL]; err != nil {
		return fetch.Answer{}, err
	}
	u, err := url.Parse(r.URL)
	if err != nil {
		s.t.Fatalf("asked for %q: %v", r.URL, err)
	}
	got := s.answer(u)
	if got.status == 0 {
		got.status = 200
	}
	if got.kind == "" {
		got.kind = guessType(got.body)
	}
	if got.header == nil {
		got.header = http.Header{}
	}
	got.header.Set("Content-Type", got.kind)
	final := r.URL
	if got.to != "" {
		final = got.to
	}
	a := fetch.Answer{URL: final, Status: got.status, Header: got.header, ContentType: got.kind, Body: []byte(got.body), Captured: now}
	if got.status == http.StatusNotModified {
		a.Body = nil
	}
	selectParts(r, a)
	return a, nil
}

// failingGet fails whatever it is asked.
func failingGet(err error) func(context.Context, fetch.Request) (fetch.Answer, error) {
	return func(context.Context, fetch.Request) (fetch.Answer, error) { return fetch.Answer{}, err }
}

// selectParts does what colly does with an answer.
func selectParts(r fetch.Request, a fetch.Answer) {
	if !strings.Contains(a.ContentType, "html") {
		return
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(a.Body))
	if err != nil {
		return // nested too deeply to be parsed
	}
	u, _ := url.Parse(a.URL)
	resp := &colly.Response{StatusCode: a.Status, Body: a.Body, Headers: &a.Header, Request: &colly.Request{URL: u}}
	for _, part := range r.Select {
		doc.Find(part.Selector).Each(func(i int, found *goquery.Selection) {
			part.Found(colly.NewHTMLElementFromSelectionNode(resp, found, found.Nodes[0], i))
		})
	}
}

func guessType(body string) string {
	body = strings.TrimSpace(body)
	switch {
	case strings.HasPrefix(body, "{"), strings.HasPrefix(body, "["):
		return "application/json"
	case strings.HasPrefix(body, "<?xml"):
		return "application/xml"
	case strings.HasPrefix(body, "<"):
		return "text/html; charset=utf-8"
	}
	return "text/plain"
}

// txtarSite serves the files of a txtar archive whose names are addresses, each maybe
// followed by a status or "-> address" for where it leads.
func txtarSite(t testing.TB, name string) *site {
	t.Helper()
	data, err := os.ReadFile(path.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]answer{}
	for _, f := range txtar.Parse(data).Files {
		fields := strings.Fields(f.Name)
		a := answer{status: 200, body: string(f.Data)}
		if len(fields) > 1 {
			if a.status, err = strconv.Atoi(fields[1]); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		if len(fields) > 2 {
			a.to = fields[2]
		}
		files[fields[0]] = a
	}
	return &site{t: t, answer: func(u *url.URL) answer {
		if a, ok := files[u.String()]; ok {
			return a
		}
		return notFound
	}}
}

var notFound = answer{status: 404, body: "<html><title>Page not found</title><body><h1>Page not found</h1><p>There is no such page.</p></body></html>"}

// harbor is an invented office.
func harbor(s office.Source) office.Office {
	return office.Office{ID: "VA", Name: "Harbor", Home: "https://ag.example/", Timezone: "America/New_York", Sources: []office.Source{s}}
}

// walk walks a source to its end and returns the pages and the error that ended it.
func walk(t testing.TB, s *site, source office.Source, change ...func(*Walk)) (pages []Page, err error) {
	t.Helper()
	w := Walk{Office: harbor(source), Source: source, Now: now, Get: s.get}
	for _, c := range change {
		c(&w)
	}
	for page, failed := range For(source.Kind)(t.Context(), w) {
		if failed != nil {
			err = failed
			continue
		}
		pages = append(pages, page)
	}
	checkPages(t, w, pages)
	return pages, err
}

// checkPages checks what holds for every walk.
func checkPages(t testing.TB, w Walk, pages []Page) {
	t.Helper()
	position, seen := 0, map[string]bool{}
	for _, p := range pages {
		for _, r := range p.Rows {
			if r.Position != position || r.Office != w.Office.ID || r.Listing == "" || !r.Captured.Equal(p.Answer.Captured) || r.Source == "" {
				t.Errorf("row %d is not filled in: %+v", position, r)
			}
			if r.Address != index.CanonicalURL(r.URL) || !strings.HasPrefix(r.URL, "http") || seen[r.Address] {
				t.Errorf("row %d: address %q of %q", position, r.Address, r.URL)
			}
			seen[r.Address] = true
			position++
		}
	}
}

// told returns the rows of pages in short: date, title, last part of the address.
func told(pages []Page) []string {
	var all []string
	for _, p := range pages {
		for _, r := range p.Rows {
			all = append(all, fmt.Sprintf("%s %s %s", r.Date, r.Title, r.URL[strings.LastIndexByte(strings.TrimRight(r.URL, "/"), '/')+1:]))
		}
	}
	return all
}

// addresses returns the addresses of the rows of pages.
func addresses(pages []Page) []string {
	var all []string
	for _, p := range pages {
		for _, r := range p.Rows {
			all = append(all, r.URL)
		}
	}
	return all
}

// outcome says how a walk ended, in short.
func outcome(err error) string {
	switch e := err.(type) { //nolint:errorlint // the sequence yields them as they are
	case nil:
		return ""
	case *SourceError:
		return e.Outcome
	}
	return err.Error()
}
