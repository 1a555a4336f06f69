package server

import (
	"net/http"
	"strings"
	"testing"

	"agora/index"
)

// withMatters returns a site whose first releases of two offices tell one action.
func withMatters(t *testing.T) (s *testSite, releases []string) {
	t.Helper()
	s = newSite(t)
	m := index.Matter{ID: "m-0123456789ab", Title: "Two sue", First: "2024-01-02", Last: "2024-01-03", Topics: []string{"antitrust"}}
	for i := range s.store.releases {
		r := &s.store.releases[i]
		if len(m.Releases) < 2 && (len(m.Offices) == 0 || m.Offices[0] != r.Office) {
			r.Matter = &index.MatterLink{ID: m.ID, Releases: 2}
			m.Offices, m.Releases = append(m.Offices, r.Office), append(m.Releases, r.ID)
		}
	}
	s.store.matters = []index.Matter{m, {ID: "m-222222222222", Title: "Others sue", Offices: []string{"ZZ"}}}
	s.store.merged = map[string]string{"m-aaaaaaaaaaaa": m.ID}
	return s, m.Releases
}

func TestMatters(t *testing.T) {
	s, releases := withMatters(t)
	for _, c := range []struct {
		target, location string
		status           int
	}{
		{"/matters/m-0123456789ab", "", 200},
		{"/matters/m-222222222222", "", 200},
		{"/matters/m-aaaaaaaaaaaa", "/matters/m-0123456789ab", 301},
		{"/matters/M-AAAAAAAAAAAA", "/matters/m-aaaaaaaaaaaa", 301},
		{"/matters/m-0", "", 404},
		{"/api/v1/matters", "", 200},
		{"/api/v1/matters?state=va&topic=antitrust&limit=1", "", 200},
		{"/api/v1/matters?state=Atlantis", "", 400},
		{"/api/v1/matters?topic=lamps", "", 400},
		{"/api/v1/matters?cursor=x", "", 400},
		{"/api/v1/matters?limit=101", "", 400},
		{"/api/v1/matters?sate=VA", "", 400},
		{"/api/v1/matters/m-0123456789ab", "", 200},
		{"/api/v1/matters/m-0123456789ab?x=1", "", 400},
		{"/api/v1/matters/m-aaaaaaaaaaaa", "/api/v1/matters/m-0123456789ab", 301},
		{"/api/v1/matters/m-0", "", 404},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := s.ask(method, c.target)
			if w.Code != c.status || w.Header().Get("Location") != c.location {
				t.Errorf("%s %s: %d to %q, want %d to %q: %s", method, c.target, w.Code, w.Header().Get("Location"), c.status, c.location, w.Body)
			}
		}
	}
	for target, want := range map[string]string{
		"/matters/m-0123456789ab":         "/releases/" + releases[1],
		"/releases/" + releases[0]:        `<a href="/matters/m-0123456789ab">This action is told by 2 releases</a>`,
		"/matters/m-222222222222":         "No release belongs to this matter any more",
		"/api/v1/matters/m-222222222222":  `"topics":[],"releases":[],"twins":[]`,
		"/api/v1/matters?state=" + "VA":   `"next":null`,
		"/api/v1/matters/m-0123456789ab":  `"tellings":[{"id":"` + releases[0],
		"/api/v1/releases/" + releases[0]: `"matter":{"id":"m-0123456789ab","releases":2}`,
		"/api/v1/matters?limit=1":         `"next":"MjAyNC0wMS0wMyBtLTAxMjM0NTY3ODlhYg"`,
		"/api/v1/matters?limit=1&cursor=" + "MjAyNC0wMS0wMyBtLTAxMjM0NTY3ODlhYg": `"matters":[{"id":"m-222222222222"`,
	} {
		if body := s.ask(http.MethodGet, target).Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s lacks %s: %s", target, want, body)
		}
	}
}
