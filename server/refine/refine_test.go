package refine

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
	"agora/index/query"
	"agora/index/vocabulary"
)

// someQuery draws a question that a person may have clicked together.
func someQuery(t *rapid.T) index.Query {
	v := url.Values{}
	for _, field := range []struct {
		name   string
		values []string
	}{
		{"state", []string{"VA", "WV", "NY", "-TX", "-OH"}}, {"topic", []string{"opioids", "scams", "-housing"}},
		{"year", []string{"2014", "2020", "undated"}}, {"kind", []string{"letter", "brief"}}, {"presence", []string{"gone", "live"}},
		{"q", []string{"matter", `"a phrase" & more`, "state:VA"}}, {"from", []string{"2013-01-01"}}, {"sort", []string{"oldest", "added"}},
		{"limit", []string{"5"}}, {"cursor", []string{"10"}},
	} {
		n := len(field.values)
		if slices.Contains([]string{"q", "from", "sort", "limit", "cursor"}, field.name) {
			n = 1
		}
		v[field.name] = rapid.SliceOfNDistinct(rapid.SampledFrom(field.values), 0, n, rapid.ID[string]).Draw(t, field.name)
	}
	q, err := query.FromValues(v, false)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// back reads an address of the search page.
func back(t *rapid.T, address string) index.Query {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if u.Path != "/" {
		t.Fatalf("%s is no search", address)
	}
	q, err := query.FromValues(u.Query(), true)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return q
}

// filterSet is a query's filters in a form that can be compared.
func filterSet(q index.Query) map[string]bool {
	set := map[string]bool{}
	for _, f := range q.Filters {
		for _, v := range f.Include {
			set[string(f.Field)+"="+v] = true
		}
		for _, v := range f.Exclude {
			set[string(f.Field)+"=-"+v] = true
		}
	}
	return set
}

func TestEveryFacetLinkTogglesOneValue(t *testing.T) {
	counts := map[index.Field][]index.Count{
		index.FieldState:    {{Value: "VA", Count: 3}, {Value: "NY", Count: 2}, {Value: "GU", Count: 0}},
		index.FieldTopic:    {{Value: "opioids", Count: 9}, {Value: "housing", Count: 1}},
		index.FieldYear:     {{Value: "2020", Count: 4}, {Value: "2019", Count: 2}, {Value: index.Undated, Count: 1}},
		index.FieldKind:     {{Value: "letter", Count: 5}, {Value: "plea", Count: 5}},
		index.FieldPresence: {{Value: "live", Count: 7}, {Value: "gone", Count: 1}, {Value: "", Count: 1}},
		index.FieldLanguage: {{Value: "en", Count: 8}},
	}
	for _, o := range vocabulary.Offices { // a long list, folded after its head
		counts[index.FieldMember] = append(counts[index.FieldMember], index.Count{Value: o.Code, Count: 1})
	}
	rapid.Check(t, func(t *rapid.T) {
		q := someQuery(t)
		before := filterSet(q)
		for _, f := range Facets(New(q), counts) {
			for _, v := range slices.Concat(f.Values, f.More) {
				after := back(t, v.URL)
				var changed []string
				for key := range filterSet(after) {
					if !before[key] {
						changed = append(changed, "+"+key)
					}
				}
				for key := range before {
					if !filterSet(after)[key] {
						changed = append(changed, "-"+key)
					}
				}
				if len(changed) != 1 || !strings.HasPrefix(changed[0][1:], string(f.Field)+"=") {
					t.Fatalf("%s %q of %v: %s changes %v", f.Field, v.Label, before, v.URL, changed)
				}
				if (v.Selected || v.Excluded) != (changed[0][0] == '-') {
					t.Fatalf("%s %q selected %v: %v", f.Field, v.Label, v.Selected, changed)
				}
				if after.Text != q.Text || after.From != q.From || after.Sort != q.Sort || after.Limit != q.Limit || after.Cursor != "" {
					t.Fatalf("%s changes more than its filter", v.URL)
				}
			}
		}
	})
}

func TestOtherLinksKeepWhatTheyDoNotChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := someQuery(t)
		l := New(q)
		if got := back(t, l.First()); !cmp.Equal(filterSet(got), filterSet(q)) || got.Sort != q.Sort || got.Cursor != "" {
			t.Fatalf("first page of %v is %s", q, l.First())
		}
		if got := back(t, l.Next("abc")); got.Cursor != "abc" || !cmp.Equal(filterSet(got), filterSet(q)) {
			t.Fatalf("next page is %s", l.Next("abc"))
		}
		for _, link := range Sorts(l) {
			if got := back(t, link.URL); !cmp.Equal(filterSet(got), filterSet(q)) || (got.Sort == q.Sort) != link.Current {
				t.Fatalf("sort %s is %s", link.Label, link.URL)
			}
		}
		for _, chip := range Chips(l) {
			if got := back(t, chip.URL); len(Chips(New(got))) != len(Chips(l))-1 {
				t.Fatalf("without %s is %s", chip.Label, chip.URL)
			}
		}
	})
}

func TestPaths(t *testing.T) {
	got := []string{
		StatePath("VA"), TopicPath("drug-crime"), TopicPath("a/b?c"), VersionPath("va-1", 2), FilterPath("q", `ag:"A & B"`, "state", "VA"), searchPath(nil),
	}
	want := []string{"/states/VA", "/topics/drug-crime", "/topics/a%2Fb%3Fc", "/releases/va-1/versions/2", "/?q=ag%3A%22A+%26+B%22&state=VA", "/"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTimeline(t *testing.T) {
	to := func(year string) string { return "/?year=" + year }
	counts := []index.Count{{Value: "2023", Count: 100}, {Value: "2020", Count: 1}, {Value: index.Undated, Count: 7}}
	got := NewTimeline(counts, []string{"2023"}, to)
	if got == nil || len(got.Bars) != 4 || got.Undated == nil {
		t.Fatalf("timeline: %+v", got)
	}
	if first, last := got.Bars[0], got.Bars[3]; first.Height != 2 || last.Height != timelineHeight || !last.Selected || first.Selected || !got.Bars[1].Empty {
		t.Errorf("bars: %+v", got.Bars)
	}
	if got.Bars[3].Label != "2023: 100 releases" || got.Bars[0].Label != "2020: 1 release" {
		t.Errorf("labels: %q, %q", got.Bars[3].Label, got.Bars[0].Label)
	}
	for _, few := range [][]index.Count{nil, {{Value: "2023", Count: 1}}, {{Value: "0001", Count: 1}, {Value: "2023", Count: 1}}} {
		if NewTimeline(few, nil, to) != nil {
			t.Errorf("a timeline of %v", few)
		}
	}
}
