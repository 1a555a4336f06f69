package suggest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
	"agora/index/bleveindex"
	"agora/index/indextest"
	"agora/index/query"
	"agora/index/suggest"
)

// archive is a store of releases that are held in memory.
type archive struct {
	index.Reader
	releases []index.Release
}

func (a archive) Releases(_ context.Context, ids []string) ([]index.Release, error) {
	var list []index.Release
	for _, id := range ids {
		i := slices.IndexFunc(a.releases, func(r index.Release) bool { return r.ID == id })
		list = append(list, a.releases[i])
	}
	return list, nil
}

// open returns an archive of invented releases and its engine.
func open(t testing.TB) (archive, index.Engine) {
	t.Helper()
	var a archive
	texts := []struct{ office, title, text, topic, attorney string }{
		{"VA", "Opioid settlement reached", "The opioid settlement helps Virginia.", "opioids", "Jason Thornquist"},
		{"VA", "Opioid makers sued", "Opioid makers of Brindlemoor; a settlement is near.", "opioids", "Jason Thornquist"},
		{"TX", "Opioid settlement money", "Money of the opioid settlement for Texas and its fentanyl clinics.", "opioids", "Mary Ann Larkspur"},
		{"WV", "Fentanyl seized", "Fentanyl was seized in Quillfield. Thornquist spoke.", "drug-crime", "Bram Quill"},
		{"NY", "Statute upheld", "The statute was upheld; a statue fell.", "civil-rights", "Zoë O’Quill"},
		{"NJ", "Price gouging alert", "Price gouging of lanterns.", "price-gouging", `Ann "Lantern" Quill`},
	}
	for i, x := range texts {
		for n := range 5 {
			a.releases = append(a.releases, indextest.Release(x.office, 10*i+n, func(r *index.Release) {
				r.Title, r.Text, r.Topics = fmt.Sprintf("%s %d", x.title, n), x.text, []string{x.topic}
				r.AttorneyGeneral = &index.AttorneyGeneral{Name: x.attorney, Party: "N"}
			}))
		}
	}
	e, err := bleveindex.Open(t.Context(), t.TempDir(), bleveindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := e.Apply(t.Context(), a.releases, "store", 1); err != nil {
		t.Fatal(err)
	}
	return a, e
}

// asked is a question with what it finds.
func asked(t testing.TB, e index.Engine, text string, filters ...index.Filter) (index.Query, index.Found) {
	t.Helper()
	q := index.Query{Text: text, Filters: filters, Facets: query.DefaultFacets()}
	q.Root, _ = query.Parse(text)
	found, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return q, found
}

func TestMeant(t *testing.T) {
	_, e := open(t)
	virginia := index.Filter{Field: index.FieldState, Include: []string{"VA"}}
	for _, test := range []struct {
		q       string
		filters []index.Filter
		want    string
	}{
		{q: "opiod settlment", want: "opioid settlement"},
		{q: "Opiod SETTLMENT, now: opioid", want: ""}, // nothing has "now"
		{q: "Opiod SETTLMENT", want: "Opioid SETTLEMENT"},
		{q: "fentynal", want: "fentanyl"},
		{q: "Jason Thornquits", want: ""}, // no text has the first name
		{q: "Thornquits", want: "Thornquist"},
		{q: "opioid", want: ""},
		{q: "opioids", want: ""},
		{q: "settlements OR fentynal", want: ""}, // finds plenty
		{q: `"opiod" settlement`, want: ""},
		{q: `"opioid" settlment`, want: `"opioid" settlement`},
		{q: "title:opiod", want: ""},
		{q: "settlment -money", want: "settlement -money"},
		{q: "opioid -settlment", want: ""},
		{q: "(opiod OR fentynal)", want: "(opioid OR fentanyl)"},
		{q: "statue", want: ""}, // is what was meant
		{q: "zzyzx", want: ""},
		{q: "opoiid~", want: ""},
		{q: "price-guoging", want: "price-gouging"},
		{q: "state:VA opiod", want: "state:VA opioid"},
		{q: "opiod", filters: []index.Filter{virginia}, want: "opioid"},
		{q: "fentynal", filters: []index.Filter{virginia}, want: ""},
		{q: "lanterm 9/11", want: ""},
		{q: "", want: ""},
	} {
		q, found := asked(t, e, test.q, test.filters...)
		advice, err := suggest.Advise(t.Context(), e, q, found)
		if err != nil || string(advice.DidYouMean) != test.want {
			t.Errorf("%q (%d found): did you mean %q, %v; want %q", test.q, found.Total, advice.DidYouMean, err, test.want)
		}
	}
}

func TestOffersFindSomething(t *testing.T) {
	_, e := open(t)
	for question, want := range map[string][]string{
		"texas opioid settlement":   {"state TX", "topic opioids"},
		"ohio opioid":               {"topic opioids"},             // nothing is of Ohio
		"texas opioid letter zebra": {"state TX", "topic opioids"}, // nothing has them all: to be taken one after the other
		"lanterns":                  nil,
	} {
		q, found := asked(t, e, question)
		advice, err := suggest.Advise(t.Context(), e, q, found)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range advice.Offers {
			if o.Field == index.FieldKind {
				continue // invented ones
			}
			got = append(got, string(o.Field)+" "+o.Value)
			if found.Total == 0 {
				continue
			}
			if _, found := asked(t, e, o.Rest, index.Filter{Field: o.Field, Include: []string{o.Value}}); found.Total == 0 {
				t.Errorf("%q: %v finds nothing", question, o)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", question, diff)
		}
	}
}

// slow is an engine that has no time.
type slow struct{ index.Engine }

func (slow) State(ctx context.Context) (index.EngineState, error) {
	<-ctx.Done()
	return index.EngineState{}, fmt.Errorf("read state: %w", context.Cause(ctx))
}

func TestAdviceIsNotWaitedFor(t *testing.T) {
	_, e := open(t)
	q, found := asked(t, e, "opiod")
	if advice, err := suggest.Advise(t.Context(), slow{e}, q, found); err != nil || advice.DidYouMean != "" || advice.Offers == nil {
		t.Errorf("advice %+v, %v", advice, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := suggest.Advise(ended, slow{e}, q, found); !errors.Is(err, context.Canceled) {
		t.Errorf("advice for one who has gone: %v", err)
	}
	broken := fmt.Errorf("read words: %w", index.ErrDamaged)
	if _, err := suggest.Advise(t.Context(), failing{e, broken}, q, found); !errors.Is(err, index.ErrDamaged) {
		t.Errorf("advice of a damaged index: %v", err)
	}
}

// failing is an engine whose words can't be read.
type failing struct {
	index.Engine
	err error
}

func (f failing) Spellings(context.Context, string, int) ([]index.Term, error) { return nil, f.err }

func TestSuggest(t *testing.T) {
	a, e := open(t)
	c := suggest.NewCompleter(e, a)
	for _, test := range []struct {
		typed string
		want  []string
	}{
		{"vir", []string{"state: Virginia [ state=VA] 10", "word: virginia [virginia] 5"}},
		{"VA", []string{"state: Virginia [ state=VA] 10"}},
		{"west v", []string{"state: West Virginia [ state=WV] 5"}},
		{"new ", []string{"state: New Jersey [ state=NJ] 5", "state: New York [ state=NY] 5"}},
		{"opioid settlement tex", []string{"state: Texas [opioid settlement state=TX] 5", "word: opioid settlement texas [opioid settlement texas] 5"}},
		{"settlement va", []string{}}, // codes are names only where they stand alone
		{"fent", []string{"topic: Opioids and fentanyl [ topic=opioids] 15", "title: Fentanyl seized 4 [ ] 1", "title: Fentanyl seized 3 [ ] 1",
			"title: Fentanyl seized 2 [ ] 1", "title: Fentanyl seized 1 [ ] 1", "title: Fentanyl seized 0 [ ] 1", "word: fentanyl [fentanyl] 10"}},
		{"thorn", []string{`attorney_general: Jason Thornquist [ag:"Jason Thornquist" ] 10`, "word: thornquist [thornquist] 5"}},
		{"ann quil", []string{`attorney_general: Ann "Lantern" Quill [ag:"Ann  Lantern  Quill" ] 5`}},
		{"zoe", []string{`attorney_general: Zoë O’Quill [ag:"Zoë O’Quill" ] 5`}},
		{"settlement lark", []string{`attorney_general: Mary Ann Larkspur [settlement ag:"Mary Ann Larkspur"] 5`}},
		{"money opi", []string{"topic: Opioids and fentanyl [money topic=opioids] 5", "title: Opioid settlement money 4 [ ] 1", "title: Opioid settlement money 3 [ ] 1",
			"title: Opioid settlement money 2 [ ] 1", "title: Opioid settlement money 1 [ ] 1", "title: Opioid settlement money 0 [ ] 1", "word: money opioid [money opioid] 5"}},
		{`"price gou`, []string{}},
		{`"price gouging" lan`, []string{`attorney_general: Ann "Lantern" Quill ["price gouging" ag:"Ann  Lantern  Quill"] 5`, `word: "price gouging" lanterns ["price gouging" lanterns] 5`}},
		{"title:opi", []string{}},
		{"o", []string{}},
		{"", []string{}},
		{"   ", []string{}},
		{strings.Repeat("opioid ", 40), []string{}},
		{"opi\x00", []string{}},
		{"\xff\xfe", []string{}},
	} {
		found, err := c.Suggest(t.Context(), test.typed, suggest.MaxLimit)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, s := range found {
			filter := ""
			if s.Field != "" {
				filter = " " + string(s.Field) + "=" + string(s.Value)
			} else if s.Q == "" || s.Kind == suggest.AttorneyGeneral && !strings.Contains(s.Q, " ag:") {
				filter = " "
			}
			got = append(got, fmt.Sprintf("%s: %s [%s%s] %d", s.Kind, s.Text, s.Q, filter, s.Releases))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", test.typed, diff)
		}
	}
}

// TestSuggestionsAreTrue: every suggestion finds as many releases as it says, and more of
// them are never given than were asked for.
func TestSuggestionsAreTrue(t *testing.T) {
	a, e := open(t)
	c := suggest.NewCompleter(e, a)
	pieces := rapid.SampledFrom(strings.Fields(`opioid opi settlement fent va new york tex "price gou - OR ( state:VA ann quill lantern* the o § 9/11 é`))
	rapid.Check(t, func(rt *rapid.T) {
		typed := strings.Join(rapid.SliceOfN(pieces, 0, 5).Draw(rt, "words"), " ") + rapid.SampledFrom([]string{"", " "}).Draw(rt, "end")
		limit := rapid.IntRange(0, suggest.MaxLimit).Draw(rt, "limit")
		found, err := c.Suggest(t.Context(), typed, limit)
		if err != nil || len(found) > limit {
			rt.Fatalf("%q: %d suggestions, %v", typed, len(found), err)
		}
		for _, s := range found {
			if s.ReleaseID != "" {
				continue
			}
			var filters []index.Filter
			if s.Field != "" {
				filters = append(filters, index.Filter{Field: index.Field(s.Field), Include: []string{string(s.Value)}})
			}
			if _, got := asked(t, e, s.Q, filters...); got.Total != s.Releases || got.Total == 0 {
				rt.Fatalf("%q: %+v finds %d", typed, s, got.Total)
			}
		}
	})
}

// TestSuggestFollowsTheIndex: what is remembered of the archive is forgotten when that changes.
func TestSuggestFollowsTheIndex(t *testing.T) {
	a, e := open(t)
	c := suggest.NewCompleter(e, a)
	count := func() int {
		found, err := c.Suggest(t.Context(), "texas", 1)
		if err != nil || len(found) == 0 {
			t.Fatalf("%v, %v", found, err)
		}
		return found[0].Releases
	}
	before := count()
	if err := e.Apply(t.Context(), []index.Release{indextest.Release("TX", 900)}, "store", 2); err != nil {
		t.Fatal(err)
	}
	if after := count(); after != before+1 {
		t.Errorf("%d releases, then %d", before, after)
	}
}

func FuzzSuggest(f *testing.F) {
	a, e := open(f)
	c := suggest.NewCompleter(e, a)
	for _, typed := range []string{"opiod settlment", `"a`, "(((", "ag:\"", "٣٤ é̈ ʻ", "-x OR", "a\u2028b"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if _, err := c.Suggest(t.Context(), typed, suggest.MaxLimit); err != nil {
			t.Fatal(err)
		}
		q, found := asked(t, e, typed)
		advice, err := suggest.Advise(t.Context(), e, q, found)
		if err != nil {
			t.Fatal(err)
		}
		if meant := string(advice.DidYouMean); meant != "" {
			if _, better := asked(t, e, meant); better.Total <= found.Total {
				t.Fatalf("%q finds %d, but %q was meant, which finds %d", typed, found.Total, meant, better.Total)
			}
		}
	})
}
