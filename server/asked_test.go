package server

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/server/api"
)

// TestParametersThatCantBeRead sees that no part of a question is left out without a word.
func TestParametersThatCantBeRead(t *testing.T) {
	s := newSite(t)
	release := s.store.releases[0].ID
	const percent, semicolon = "a percent sign is written %25", "a semicolon is written %3B"
	for query, said := range map[string]string{
		"q=100%&state=VA":       `The parameter "q=100%" can't be read: ` + percent,
		"state=VA&q=a;b":        `The parameter "q=a;b" can't be read: ` + semicolon,
		"state=VA&q%zz=1":       `The parameter "q%zz=1" can't be read: ` + percent,
		"state=VA&topic=%&a;=1": `can't be read: ` + percent,
	} {
		for _, path := range []string{"/api/v1/releases", "/api/v1/facets", "/api/v1/export.csv", "/api/v1/export.jsonl", "/api/v1/releases/" + release, "/api/v1/changes", "/api/v1/topics"} {
			w := s.ask("GET", path+"?"+query)
			var problem struct{ Code, Detail string }
			if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || w.Code != http.StatusBadRequest || problem.Code != "invalid" || !strings.Contains(problem.Detail, said) {
				t.Errorf("%s?%s: %d %+v, %v", path, query, w.Code, problem, err)
			}
		}
		w := s.ask("GET", "/?"+query)
		body := html.UnescapeString(w.Body.String())
		for _, want := range []string{said, "It was left out.", "Published by: Virginia", "5 releases"} {
			if w.Code != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("/?%s: %d, does not say %q", query, w.Code, want)
			}
		}
	}
	if body := s.ask("GET", "/?"+strings.Repeat("a;&b;&", 1000)).Body.String(); strings.Count(body, "It was left out.") != 2 {
		t.Error("a page says the same more than once")
	}
}

// TestParameters sees that what can be read is read as everywhere else.
func TestParameters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringOfN(rapid.RuneFrom([]rune("ab=&%2;+é")), 0, 20, -1).Draw(t, "raw")
		want, err := url.ParseQuery(raw)
		got, unreadable := api.Parameters(raw)
		if got.Encode() != want.Encode() || (len(unreadable) > 0) != (err != nil) {
			t.Fatalf("%q: %v, %v; want %v, %v", raw, got, unreadable, want, err)
		}
	})
}

// TestEqualAnswersHaveEqualTags, however long each took.
func TestEqualAnswersHaveEqualTags(t *testing.T) {
	step, passed := time.Duration(0), time.Duration(0)
	s := newSite(t, func(o *Options) {
		o.Searcher.Now = func() time.Time {
			step += time.Microsecond // so that every answer takes longer than the one before
			passed += step
			return testNow.Add(passed)
		}
	})
	for _, target := range []string{"/api/v1/releases?q=matter&state=VA&limit=2", "/api/v1/facets?interval=year&state=VA"} {
		first := s.ask("GET", target)
		tag := first.Header().Get("ETag")
		again := s.ask("GET", target)
		if !strings.HasPrefix(tag, `W/"`) || again.Header().Get("ETag") != tag {
			t.Errorf("%s: tags %s and %s", target, tag, again.Header().Get("ETag"))
		}
		if first.Body.String() == again.Body.String() || strings.Contains(again.Body.String(), `"took_ms":0,`) {
			t.Errorf("%s: the answers don't say how long they took", target)
		}
		if w := s.ask("GET", target, "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s: %d with %d bytes to who has it", target, w.Code, w.Body.Len())
		}
		if w := s.ask("GET", strings.Replace(target, "VA", "NY", 1), "If-None-Match", tag); w.Code != http.StatusOK {
			t.Errorf("%s: another answer has the same tag", target)
		}
	}
}

// TestHistogramWithoutBars sees that what was asked for is there.
func TestHistogramWithoutBars(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/api/v1/releases", "/api/v1/facets"} {
		if body := s.ask("GET", path+"?q=xyzzy&interval=year").Body.String(); !strings.Contains(body, `"histogram":[],`) {
			t.Errorf("%s: no empty histogram in %s", path, body)
		}
		if body := s.ask("GET", path+"?q=xyzzy").Body.String(); strings.Contains(body, "histogram") {
			t.Errorf("%s: a histogram nobody asked for in %s", path, body)
		}
	}
}

// TestExportIsComplete, whatever page of results its parameters are those of.
func TestExportIsComplete(t *testing.T) {
	s := newSite(t)
	for _, parameters := range []string{"", "?limit=2", "?limit=2&cursor=2&facets=state&interval=year"} {
		body := s.ask("GET", "/api/v1/export.jsonl"+parameters).Body.String()
		if lines := strings.Count(body, "\n"); lines != len(s.store.releases) {
			t.Errorf("%s: %d releases of %d", parameters, lines, len(s.store.releases))
		}
	}
}

// TestIDsInCapitals sees that releases are found by ids typed as offices are written.
func TestIDsInCapitals(t *testing.T) {
	s := newSite(t)
	id := s.store.releases[3].ID
	for _, path := range []string{"", "/versions", "/versions/1", "/captures"} {
		lower, upper := s.ask("GET", "/api/v1/releases/"+id+path), s.ask("GET", "/api/v1/releases/"+strings.ToUpper(id)+path)
		if lower.Code != http.StatusOK || upper.Code != http.StatusOK || lower.Body.String() != upper.Body.String() {
			t.Errorf("%s: %d, in capitals %d: %s", path, lower.Code, upper.Code, upper.Body)
		}
	}
	if w := s.ask("GET", "/api/v1/releases/VA-1"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "VA-1") {
		t.Errorf("an unknown id: %d %s", w.Code, w.Body)
	}
}
