package server

import (
	"encoding/csv"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/server/api"
)

// counted counts pairs the plain way.
func counted(releases []index.Release, keep func(r *index.Release) bool) map[[2]string]api.CoalitionPair {
	pairs := map[[2]string]api.CoalitionPair{}
	for i := range releases {
		c := releases[i].Coalition
		if c == nil || !keep(&releases[i]) {
			continue
		}
		for _, a := range c.Members {
			for _, b := range c.Members {
				if a >= b {
					continue
				}
				p := pairs[[2]string{a, b}]
				p.A, p.B = a, b
				p.Together++
				switch aLed, bLed := slices.Contains(c.Leads, a), slices.Contains(c.Leads, b); {
				case aLed && bLed:
					p.BothLed++
				case aLed:
					p.ALed++
				case bLed:
					p.BLed++
				}
				pairs[[2]string{a, b}] = p
			}
		}
	}
	return pairs
}

func TestCoalitionCountsAreExact(t *testing.T) {
	for _, c := range []struct {
		address string
		keep    func(r *index.Release) bool
	}{
		{"/api/v1/coalitions", func(*index.Release) bool { return true }},
		{"/api/v1/coalitions?member=OH", func(r *index.Release) bool { return slices.Contains(r.Coalition.Members, "OH") }},
		{"/api/v1/coalitions?member=-OH&state=VA", func(r *index.Release) bool { return !slices.Contains(r.Coalition.Members, "OH") && r.Office == "VA" }},
		{"/api/v1/coalitions?lead=VA&lead=TX", func(r *index.Release) bool {
			return slices.Contains(r.Coalition.Leads, "VA") || slices.Contains(r.Coalition.Leads, "TX")
		}},
		{"/api/v1/coalitions?role=led&topic=opioids", func(r *index.Release) bool {
			return r.Coalition.Role == "led" && slices.Contains(r.Topics, "opioids")
		}},
	} {
		s := newSite(t)
		for range 2 { // counted, then remembered
			w := s.ask(http.MethodGet, c.address)
			var got api.Coalitions
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
				t.Fatalf("%s: status %d, %v", c.address, w.Code, err)
			}
			want := counted(s.store.releases, c.keep)
			have := map[[2]string]api.CoalitionPair{}
			for _, p := range got.Pairs {
				have[[2]string{p.A, p.B}] = p
			}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.address, diff)
			}
			if !slices.IsSortedFunc(got.Pairs, func(a, b api.CoalitionPair) int { return strings.Compare(a.A+a.B, b.A+b.B) }) {
				t.Errorf("%s: pairs are not sorted", c.address)
			}
		}
	}
}

func TestCoalitionTable(t *testing.T) {
	s := newSite(t)
	plain := s.ask(http.MethodGet, "/api/v1/coalitions.csv?state=VA")
	asked := s.ask(http.MethodGet, "/api/v1/coalitions?state=VA&format=csv")
	if plain.Body.String() != asked.Body.String() || plain.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("the two addresses differ, or the type is %q", plain.Header().Get("Content-Type"))
	}
	rows, err := csv.NewReader(strings.NewReader(plain.Body.String())).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	pairs := counted(s.store.releases, func(r *index.Release) bool { return r.Office == "VA" })
	if len(rows)-1 != len(pairs) {
		t.Errorf("%d rows, want %d", len(rows)-1, len(pairs))
	}
	for _, row := range rows[1:] {
		if p := pairs[[2]string{row[0], row[2]}]; row[4] != strconv.Itoa(p.Together) {
			t.Errorf("row %v, want %+v", row, p)
		}
	}
	for address, status := range map[string]int{
		"/api/v1/coalitions?format=xml": http.StatusBadRequest, "/api/v1/coalitions?topik=opioids": http.StatusBadRequest,
		"/api/v1/coalitions.csv?topic=nothing": http.StatusBadRequest, "/coalitions?topik=opioids&topic=nothing": http.StatusOK,
	} {
		if w := s.ask(http.MethodGet, address); w.Code != status {
			t.Errorf("%s: status %d, want %d", address, w.Code, status)
		}
	}
}

// TestCoalitionLinksShowWhatTheySay follows the links of the pairs to the search they count.
func TestCoalitionLinksShowWhatTheySay(t *testing.T) {
	s := newSite(t)
	page := s.ask(http.MethodGet, "/coalitions?member=VA&from=2000-01-01&q=matter+OR+lantern").Body.String()
	_, pairs, found := strings.Cut(page, "Who acts with Virginia")
	if !found {
		t.Fatal("no pairs of Virginia")
	}
	rows := 0
	for row := range strings.SplitSeq(pairs, "<tr>") {
		_, rest, ok := strings.Cut(row, `<a href="/?`)
		if !ok {
			continue
		}
		address, rest, _ := strings.Cut(rest, `"`)
		_, rest, _ = strings.Cut(rest, `data-label="Together">`)
		count, _, _ := strings.Cut(rest, "<")
		v, err := url.ParseQuery(html.UnescapeString(address))
		if err != nil {
			t.Fatal(err)
		}
		var answer index.Answer
		w := s.ask(http.MethodGet, "/api/v1/releases?"+v.Encode())
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%s: %v: %s", v.Encode(), err, w.Body)
		}
		if strconv.Itoa(answer.Total) != count {
			t.Errorf("%s finds %d, the page says %s", v.Encode(), answer.Total, count)
		}
		rows++
	}
	if rows == 0 {
		t.Error("no pair was read")
	}
}

func TestWhoDidNotJoin(t *testing.T) {
	s := newSite(t)
	r := &s.store.releases[0]
	r.Office = "VA"
	r.Coalition = &index.Coalition{Role: "led", Action: "letter", Leads: []string{"VA"}, Members: []string{"OH", "VA"}, Complete: true,
		Others: []index.Participant{{Name: "Governor of Kansas", Office: "KS", Type: "governor"}, {Name: "City of Denver", Type: "city"}}}
	page := s.ask(http.MethodGet, "/releases/"+r.ID).Body.String()
	for _, want := range []string{"Who did not join: 53 offices", "Kansas (Governor of Kansas)"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	r.Coalition.Complete = false
	if strings.Contains(s.ask(http.MethodGet, "/releases/"+r.ID).Body.String(), "Who did not join") {
		t.Error("absence is told from a list that is not complete")
	}
}

func TestContradictionsAreShown(t *testing.T) {
	s := newSite(t)
	r := &s.store.releases[0]
	r.AttorneyGeneral = &index.AttorneyGeneral{Name: "Avery Thornquist", Party: "D", Certainty: "seen"}
	r.Evidence = append(r.Evidence, index.Evidence{Field: "attorney_general.conflict", Value: "Oda Fennimore", Rule: "contradicts term", Quote: "Attorney General Oda Fennimore"})
	for address, want := range map[string]string{
		"/releases/" + r.ID:        "but the text names Oda Fennimore",
		"/sources/" + r.Office:     "Contradictions on who was in office (1)",
		"/api/v1/releases/" + r.ID: `"rule":"contradicts term"`,
	} {
		if page := s.ask(http.MethodGet, address).Body.String(); !strings.Contains(page, want) {
			t.Errorf("%s lacks %q", address, want)
		}
	}
}
