package office_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"agora/crawler/office"
	"agora/index"
	"agora/index/vocabulary"
)

func embedded(t *testing.T) office.Catalogue {
	t.Helper()
	c, err := office.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEmbeddedHoldsAllOffices(t *testing.T) {
	var want, got []string
	for _, o := range vocabulary.Offices {
		want = append(want, o.Code+" "+o.Name)
	}
	c := embedded(t)
	for _, o := range c.All() {
		got = append(got, o.ID+" "+o.Name)
		if o.Office == "" || o.Home == "" || o.Timezone == "" || len(o.Languages) == 0 || len(o.Terms) == 0 {
			t.Errorf("%s lacks office, home, time zone, languages or terms", o.ID)
		}
		if o.Location().String() != o.Timezone {
			t.Errorf("%s is in %s, want %s", o.ID, o.Location(), o.Timezone)
		}
		if found, ok := c.ByURL(o.Home); !ok || found.ID != o.ID {
			t.Errorf("home of %s belongs to %q", o.ID, found.ID)
		}
		for _, s := range o.Sources {
			if found, ok := c.ByURL(s.URL); !ok || found.ID != o.ID {
				t.Errorf("source %s of %s belongs to %q", s.URL, o.ID, found.ID)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEmbeddedFilesAreNamedAfterTheirOffice(t *testing.T) {
	files, err := filepath.Glob("data/*.yaml")
	if err != nil || len(files) != len(vocabulary.Offices) {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		offices, err := office.Read(f)
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if want := strings.ToUpper(strings.TrimSuffix(filepath.Base(name), ".yaml")); len(offices) != 1 || offices[0].ID != want {
			t.Errorf("%s doesn't hold %s alone", name, want)
		}
	}
}

// Terms that are certain may not run into each other by more than the day of a change.
func TestEmbeddedTermsFollowEachOther(t *testing.T) {
	for _, o := range embedded(t).All() {
		for i, a := range o.Terms {
			if i > 0 && a.From() < o.Terms[i-1].From() {
				t.Errorf("%s: %s stands before an earlier term", o.ID, a.Name)
			}
			if a.End == "" && i != len(o.Terms)-1 {
				t.Errorf("%s: %s has no end though others follow", o.ID, a.Name)
			}
			if a.Certainty == "" {
				t.Errorf("%s: %s has no certainty", o.ID, a.Name)
			}
			for _, b := range o.Terms[i+1:] {
				if day := firstCertain(b); lastCertain(a) > day && !nextDay(day, lastCertain(a)) {
					t.Errorf("%s: %s (until %s) and %s (from %s) overlap", o.ID, a.Name, a.End, b.Name, b.Start)
				}
			}
		}
		if len(o.InOffice("2026-11-01")) == 0 {
			t.Errorf("%s has nobody in office in November 2026", o.ID)
		}
	}
}

// firstCertain returns the day by which a term has begun for sure.
func firstCertain(t office.Term) index.Date {
	switch len(t.Start) {
	case len("2006"):
		return index.Date(t.Start + "-12-31")
	case len("2006-01"):
		return index.Date(t.Start + "-31")
	}
	return index.Date(t.Start)
}

// lastCertain returns the day before which a term hasn't ended for sure.
func lastCertain(t office.Term) index.Date {
	if t.End == "" {
		return "9999"
	}
	if len(t.End) == len("2006-01") {
		return index.Date(t.End + "-01")
	}
	return index.Date((t.End + "-01-01")[:len("2006-01-02")])
}

func isInvalid(err error) bool { return errors.Is(err, index.ErrInvalid) }

func nextDay(a, b index.Date) bool {
	t, err := time.Parse(time.DateOnly, string(a))
	return err == nil && index.DateOf(t.AddDate(0, 0, 1)) == b
}

func TestEmbeddedMatchesKnownReleases(t *testing.T) {
	text, err := os.ReadFile("../../../shared/facts/offices.yaml")
	if os.IsNotExist(err) {
		t.Skip("skipped: ../shared is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Offices []struct {
			Postal  string `yaml:"postal"`
			Example *struct {
				URL string `yaml:"url"`
			} `yaml:"release_url_example"`
		} `yaml:"offices"`
	}
	if err := yaml.Unmarshal(text, &facts); err != nil {
		t.Fatal(err)
	}
	c, examples := embedded(t), 0
	for _, fact := range facts.Offices {
		if fact.Example == nil {
			continue
		}
		examples++
		found, ok := c.ByURL(fact.Example.URL)
		if !ok || found.ID != fact.Postal {
			t.Errorf("%s belongs to %q, want %s", fact.Example.URL, found.ID, fact.Postal)
		}
		for _, other := range c.All() {
			if matched, _ := other.MatchesRelease(fact.Example.URL); matched != (other.ID == fact.Postal) {
				t.Errorf("%s matches releases of %s: %v", fact.Example.URL, other.ID, matched)
			}
		}
	}
	t.Logf("%d known addresses of releases match their office alone", examples)
}

func TestInOffice(t *testing.T) {
	c := embedded(t)
	for _, tt := range []struct {
		office string
		day    index.Date
		want   []string
	}{
		{"VA", "2023-02-07", []string{"Jason Miyares R"}},
		{"VA", "2022-01-14", []string{"Mark Herring D"}},
		{"VA", "2022-01-15", []string{"Jason Miyares R"}},
		{"VA", "2026-01-17", []string{"Jay Jones D"}},
		{"VA", "", nil},
		{"TX", "2023-06-15", []string{"John B. Scott R acting"}},
		{"TX", "2023-10-01", []string{"Ken Paxton R"}},
		{"NJ", "2022-03-01", []string{"Matthew Platkin D acting"}},
		{"NJ", "2023-03-01", []string{"Matthew Platkin D"}},
		{"ND", "2022-02-01", nil},                                                       // a gap
		{"VI", "2024-05-20", []string{"Ian S.A. Clement N acting", "Gordon C. Rhea N"}}, // known to the month
		{"AK", "2026-03-01", []string{"Stephen J. Cox R", "Cori Mills R acting"}},       // known to the year
		{"MP", "2027-06-01", []string{"Edward E. Manibusan N"}},
	} {
		o, ok := c.Office(tt.office)
		if !ok {
			t.Fatalf("no %s", tt.office)
		}
		var got []string
		for _, term := range o.InOffice(tt.day) {
			s := term.Name + " " + term.Party
			if term.Acting {
				s += " acting"
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s on %s: %s", tt.office, tt.day, diff)
		}
	}
}

func TestTermBounds(t *testing.T) {
	overlap := office.Office{Terms: []office.Term{
		{Name: "Old", Start: "2010-01-01", End: "2014-01-02"},
		{Name: "New", Start: "2014-01-01"},
	}}
	if n := len(overlap.InOffice("2014-01-01")); n != 2 {
		t.Errorf("%d terms on the day on which both hold, want 2", n)
	}
	for _, tt := range []struct {
		term        office.Term
		from, until index.Date
	}{
		{office.Term{Start: "2010-02-03", End: "2011-04-05"}, "2010-02-03", "2011-04-05"},
		{office.Term{Start: "2010-02", End: "2011-12"}, "2010-02-01", "2012-01-01"},
		{office.Term{Start: "2010", End: "2011"}, "2010-01-01", "2012-01-01"},
		{office.Term{Start: "2010"}, "2010-01-01", ""},
		{office.Term{Start: "soon", End: "2011-02-30"}, "", ""},
	} {
		if from, until := tt.term.From(), tt.term.Until(); from != tt.from || until != tt.until {
			t.Errorf("%+v holds from %s until %s", tt.term, from, until)
		}
	}
}

func TestByURL(t *testing.T) {
	c := embedded(t)
	for address, want := range map[string]string{
		"https://www.oag.state.va.us/media-center/news-releases/1-x": "VA",
		"http://OAG.state.va.us./x":                                  "VA",
		"https://oag.state.va.us:443/x":                              "VA",
		"https://media.oag.ca.gov/x":                                 "CA",
		"https://oag.ca.gov.example.com/x":                           "",
		"https://notoag.ca.gov/x":                                    "",
		"https://ca.gov/":                                            "",
		"https://ago.wv.gov/article/x":                               "WV",
		"https://events.in.gov/event/x":                              "IN",
		"https://bmv.in.gov/event/x":                                 "", // another agency of the state
		"https://www.kentucky.gov/Pages/x":                           "KY",
		"https://kentucky.gov/Pages/x":                               "KY",
		"text:abc":                                                   "",
		"":                                                           "",
		"://":                                                        "",
		"https://example.com/oag.ca.gov":                             "",
	} {
		o, _ := c.ByURL(address)
		if o.ID != want {
			t.Errorf("%q belongs to %q, want %q", address, o.ID, want)
		}
	}
}

func TestByURLOnSharedHosts(t *testing.T) {
	source := func(url string) []office.Source { return []office.Source{{Kind: office.Listing, URL: url}} }
	c, err := office.New([]office.Office{
		{ID: "UT", Name: "Utah", Home: "http://127.0.0.1:8001/", Sources: source("http://127.0.0.1:8001/news")},
		{ID: "OH", Name: "Ohio", Home: "http://127.0.0.1:8002/oh/", Sources: source("http://127.0.0.1:8002/oh/news")},
		{ID: "PA", Name: "Pennsylvania", Home: "http://127.0.0.1:8002/pa/", Sources: source("http://127.0.0.1:8002/pa/news"),
			Page: office.Page{Match: `/release/pa-\d+$`}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"http://127.0.0.1:8001/x":               "UT",
		"http://127.0.0.1:8002/oh/x":            "OH",
		"http://127.0.0.1:8002/pa/x":            "PA",
		"http://127.0.0.1:8002/release/pa-7":    "PA",
		"http://127.0.0.1:8002/oh/release/pa-7": "PA",
		"http://127.0.0.1:8002/ohio":            "",
		"http://127.0.0.1:8003/":                "",
	} {
		if o, _ := c.ByURL(address); o.ID != want {
			t.Errorf("%s belongs to %q, want %q", address, o.ID, want)
		}
	}
}

func TestMatchesSource(t *testing.T) {
	o := office.Office{Home: "https://ag.example.gov/", Sources: []office.Source{{URL: "https://ag.example.gov/feed/"}, {URL: "https://ag.example.gov/sitemap.xml", Match: `^https://ag\.example\.gov/news/[a-z-]+/$`}}}
	for address, want := range map[string]bool{
		"https://ag.example.gov/news/suit/":    true,
		"http://www.ag.example.gov/news/suit":  true,
		"https://ag.example.gov/news/":         false,
		"https://ag.example.gov/about/suit/":   false,
		"https://other.example.gov/news/suit/": false,
		"":                                     false,
	} {
		if got := o.MatchesSource(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

func TestMatchesRelease(t *testing.T) {
	o := office.Office{Home: "https://www.ag.example.gov/", Aliases: []string{"law.example.gov"},
		Page: office.Page{Match: `^https://www\.ag\.example\.gov/news/[a-z-]+/$`}}
	for address, want := range map[string]bool{
		"https://www.ag.example.gov/news/suit/":      true,
		"http://ag.example.gov/news/suit#top":        true,
		"https://law.example.gov/news/suit?utm_id=1": true,
		"https://other.example.gov/news/suit/":       false,
		"https://www.ag.example.gov/about/":          false,
		"":                                           false,
	} {
		if matched, known := o.MatchesRelease(address); matched != want || !known {
			t.Errorf("%q: %v, %v", address, matched, known)
		}
	}
	if _, known := (office.Office{}).MatchesRelease("https://www.ag.example.gov/news/suit/"); known {
		t.Error("an office without a rule knows its releases")
	}
}

func TestWithReplacesWhole(t *testing.T) {
	replaced, err := office.Read(strings.NewReader("- id: va\n  name: Virginia\n  sources: [{kind: feed, url: https://va.example/feed}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	before := embedded(t)
	after := before.With(replaced)
	if o, _ := after.Office("VA"); len(o.Terms) != 0 || o.Sources[0].URL != "https://va.example/feed" {
		t.Errorf("entry of Virginia is %+v", o)
	}
	if o, ok := after.ByURL("https://www.oag.state.va.us/"); ok {
		t.Errorf("the replaced host still belongs to %s", o.ID)
	}
	if o, _ := before.ByURL("https://www.oag.state.va.us/"); o.ID != "VA" || len(after.All()) != 56 {
		t.Error("the first catalogue changed or entries were lost")
	}
	if o, ok := (office.Catalogue{}).With(replaced).ByURL("https://va.example/1"); !ok || o.ID != "VA" {
		t.Error("an empty catalogue can't be added to")
	}
}

func TestRead(t *testing.T) {
	const good = "- id: WA\n  name: Washington\n  sources:\n  - {kind: listing, url: 'https://wa.example/n', page: '?page={n}'}\n"
	offices, err := office.Read(strings.NewReader(good))
	if err != nil || len(offices) != 1 || offices[0].Location() != time.UTC {
		t.Fatalf("%+v, %v", offices, err)
	}
	for name, tt := range map[string]struct{ text, want string }{
		"unknown key":        {"- id: WA\n  name: Washington\n  sorces: []\n", `line 3: unknown key "sorces"`},
		"unknown source key": {good + "  - {kind: feed,\n     urls: x}\n", `line 6: unknown key "urls"`},
		"wrong shape":        {"- id: WA\n  aliases: x.example\n", "line 2: `x.example` is not a list"},
		"not a list":         {"id: WA\nname: Washington\n", "line 1: is not a list"},
		"key twice":          {"- id: WA\n  id: OR\n", "line 2"},
		"no YAML":            {"- id: [\n", "line"},
		"empty":              {"", "no office"},
		"only comments":      {"# nothing\n", "no office"},
		"two documents":      {good + "---\n- id: OR\n", "more than one"},
		"unknown office":     {strings.Replace(good, "WA", "XX", 1), `line 1: office XX id: "XX" is not the postal code`},
		"office twice":       {good + good, "line 5: office WA id: is there twice"},
		"no name":            {strings.Replace(good, "name: Washington", "name: ''", 1), "line 2: office WA name: is missing"},
		"no source":          {"- id: WA\n  name: Washington\n", "line 1: office WA sources: at least one"},
		"bad kind":           {strings.Replace(good, "listing", "rss", 1), `line 4: office WA sources 1 kind: "rss"`},
		"bad address":        {strings.Replace(good, "https:", "ftp:", 1), "line 4: office WA sources 1 url"},
		"bad page":           {strings.Replace(good, "{n}", "n", 1), "line 4: office WA sources 1 page"},
		"no format":          {strings.Replace(good, "listing", "data", 1), "sources 1 format"},
		"bad time zone":      {good + "  timezone: America/Nowhere\n", "line 5: office WA timezone"},
		"local time zone":    {good + "  timezone: Local\n", "line 5: office WA timezone"},
		"bad language":       {good + "  languages: [en, english-ish]\n", "line 5: office WA languages 2"},
		"bad alias":          {good + "  aliases: ['https://a.example/']\n", "line 5: office WA aliases 1"},
		"bad home":           {good + "  home: a.example\n", "line 5: office WA home"},
		"bad selector":       {good + "  page: {title: 'h1['}\n", "line 5: office WA page title"},
		"bad drop":           {good + "  page: {drop: [p, 'a >']}\n", "line 5: office WA page drop 2"},
		"bad regexp":         {good + "  page: {match: '(?=x)'}\n", "line 5: office WA page match"},
		"bad start":          {good + "  terms: [{name: A, party: R, start: 2022-02-30}]\n", "line 5: office WA terms 1 start"},
		"no start":           {good + "  terms: [{name: A, party: R}]\n", "line 5: office WA terms 1 start"},
		"end before start":   {good + "  terms: [{name: A, party: R, start: 2022-02-03, end: 2022-02-03}]\n", "terms 1 end"},
		"bad party":          {good + "  terms: [{name: A, party: X, start: 2022}]\n", "line 5: office WA terms 1 party"},
		"bad certainty":      {good + "  terms: [{name: A, party: R, start: 2022, certainty: yes}]\n", "terms 1 certainty"},
	} {
		offices, err := office.Read(strings.NewReader(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) || !isInvalid(err) || offices != nil {
			t.Errorf("%s: got %v, want an error with %q", name, err, tt.want)
		}
	}
}

func TestPageURL(t *testing.T) {
	for _, tt := range []struct{ url, page, want string }{
		{"https://a.example/news", "?page={n}", "https://a.example/news?page=3"},
		{"https://a.example/news", "?page={n-1}", "https://a.example/news?page=2"},
		{"https://a.example/news", "?start={offset:10}", "https://a.example/news?start=20"},
		{"https://a.example/news/", "page/{n}/", "https://a.example/news/page/3/"},
		{"https://a.example/News/Page/1", "/News/Page/{n}", "https://a.example/News/Page/3"},
		{"https://a.example/news?kind=x", "?page={n}", "https://a.example/news?kind=x&page=3"},
		{"https://a.example/news", "", ""},
	} {
		s := office.Source{URL: tt.url, Page: tt.page}
		if got := s.PageURL(3); got != tt.want || s.PageURL(1) != tt.url {
			t.Errorf("%+v: third page %q, want %q", tt, got, tt.want)
		}
	}
}

// The comments in data are for people; what the program has must not depend on them.
func TestEmbeddedSourcesByKind(t *testing.T) {
	kinds := map[string]int{}
	for _, o := range embedded(t).All() {
		for _, s := range o.Sources {
			kinds[s.Kind]++
			if s.Kind == office.Listing && strings.Contains(s.Page, "{") && s.PageURL(2) == s.PageURL(3) {
				t.Errorf("%s: pages of %s don't differ", o.ID, s.URL)
			}
		}
		if slices.ContainsFunc(o.Sources, func(s office.Source) bool { return strings.HasSuffix(s.URL, "/wp-json/wp/v2/") }) {
			t.Errorf("%s has a source without route", o.ID)
		}
	}
	t.Logf("sources by kind: %v", kinds)
}

func BenchmarkEmbedded(b *testing.B) {
	for b.Loop() {
		if _, err := office.Embedded(); err != nil {
			b.Fatal(err)
		}
	}
}
