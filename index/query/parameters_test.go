package query

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"agora/index"
	"agora/index/query/spelling"
	"agora/index/vocabulary"
)

// plain is the query of an address without parameters.
func plain(changes ...func(*index.Query)) index.Query {
	q := index.Query{Sort: index.SortNewest, Limit: index.DefaultLimit, Facets: DefaultFacets()}
	for _, change := range changes {
		change(&q)
	}
	return q
}

func filter(f index.Field, include, exclude []string) func(*index.Query) {
	return func(q *index.Query) {
		q.Filters = append(q.Filters, index.Filter{Field: f, Include: include, Exclude: exclude})
	}
}

func TestFromValuesReadsEveryParameter(t *testing.T) {
	tests := []struct {
		parameters string
		want       index.Query
	}{
		{"", plain()},
		{"q=&state=&from=&to=&sort=&limit=&facets=", plain()},
		{"q=opioid", plain(func(q *index.Query) {
			q.Text, q.Root, q.Sort = "opioid", index.Word{Text: "opioid"}, index.SortRelevance
		})},
		{"q=state:VA", plain(func(q *index.Query) {
			q.Text, q.Root = "state:VA", index.Has{Field: index.FieldState, Value: "VA"}
		})},
		{"q=-opioid", plain(func(q *index.Query) {
			q.Text, q.Root = "-opioid", index.Not{Node: index.Word{Text: "opioid"}}
		})},
		{"q=opioid&sort=oldest", plain(func(q *index.Query) {
			q.Text, q.Root, q.Sort = "opioid", index.Word{Text: "opioid"}, index.SortOldest
		})},
		{"sort=relevance", plain()},
		{"sort=Added", plain(func(q *index.Query) { q.Sort = index.SortAdded })},
		{"state=wv&state=VA&state=VA", plain(filter(index.FieldState, []string{"VA", "WV"}, nil))},
		{"state=VA,West Virginia", plain(filter(index.FieldState, []string{"VA", "WV"}, nil))},
		{"office=va", plain(filter(index.FieldState, []string{"VA"}, nil))},
		{"office=va&state=md", plain(filter(index.FieldState, []string{"MD", "VA"}, nil))},
		{"state=Washington, D.C.", plain(filter(index.FieldState, []string{"DC"}, nil))},
		{"state=-NY", plain(filter(index.FieldState, nil, []string{"NY"}))},
		{"state=-NY,VA", plain(filter(index.FieldState, []string{"VA"}, []string{"NY"}))},
		{"topic=opioids&state=VA", plain(filter(index.FieldState, []string{"VA"}, nil), filter(index.FieldTopic, []string{"opioids"}, nil))},
		{"topic=Drug trafficking", plain(filter(index.FieldTopic, []string{"drug-crime"}, nil))},
		{"year=2023&year=undated", plain(filter(index.FieldYear, []string{"2023", "undated"}, nil))},
		{"kind=Lawsuit", plain(filter(index.FieldKind, []string{"lawsuit"}, nil))},
		{"role=co-led", plain(filter(index.FieldRole, []string{"co-led"}, nil))},
		{"action=brief", plain(filter(index.FieldAction, []string{"brief"}, nil))},
		{"lead=TX", plain(filter(index.FieldLead, []string{"TX"}, nil))},
		{"member=TX", plain(filter(index.FieldMember, []string{"TX"}, nil))},
		{"joined=TX", plain(filter(index.FieldJoined, []string{"TX"}, nil))},
		{"involves=TX", plain(filter(index.FieldInvolves, []string{"TX"}, nil))},
		{"party=republican&party=d", plain(filter(index.FieldParty, []string{"D", "R"}, nil))},
		{"language=ES-pr", plain(filter(index.FieldLanguage, []string{"es-PR"}, nil))},
		{"presence=-gone", plain(filter(index.FieldPresence, nil, []string{"gone"}))},
		{"from=2022-01-01&to=2022-06-30", plain(func(q *index.Query) { q.From, q.To = "2022-01-01", "2022-06-30" })},
		{"from=2022&to=2022-06", plain(func(q *index.Query) { q.From, q.To = "2022-01-01", "2022-06-30" })},
		{"from=2022-01-01&undated=include", plain(func(q *index.Query) { q.From, q.IncludeUndated = "2022-01-01", true })},
		{"added_from=2023-02-08", plain(func(q *index.Query) { q.AddedFrom = time.Date(2023, 2, 8, 0, 0, 0, 0, time.UTC) })},
		{"changed_from=2023-02-08T01:02:03.5%2B02:00", plain(func(q *index.Query) { q.ChangedFrom = time.Date(2023, 2, 7, 23, 2, 3, 5e8, time.UTC) })},
		{"changed_from=2023-02-08T01:02:03+02:00", plain(func(q *index.Query) { q.ChangedFrom = time.Date(2023, 2, 7, 23, 2, 3, 0, time.UTC) })},
		{"limit=100", plain(func(q *index.Query) { q.Limit = 100 })},
		{"cursor=abc", plain(func(q *index.Query) { q.Cursor = "abc" })},
		{"collapse=matter", plain(func(q *index.Query) { q.Collapse = true })},
		{"facets=year,Kind&facets=office", plain(func(q *index.Query) {
			q.Facets = []index.Field{index.FieldYear, index.FieldKind, index.FieldState}
		})},
		{"facets=none", plain(func(q *index.Query) { q.Facets = nil })},
		{"interval=month", plain(func(q *index.Query) { q.Interval = index.IntervalMonth })},
	}
	for _, test := range tests {
		t.Run(test.parameters, func(t *testing.T) {
			v := parse(t, test.parameters)
			for _, strict := range []bool{true, false} {
				got, err := FromValues(v, strict)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("strict %t (-want +got):\n%s", strict, diff)
				}
			}
		})
	}
}

func parse(t *testing.T, parameters string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(parameters)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWhatFromValuesDoesNotKnow(t *testing.T) {
	tests := []struct {
		parameters string
		strict     string      // the error
		lenient    []string    // codes of warnings
		want       index.Query // what pages ask then
	}{
		{"stat=VA", `unknown parameter "stat"; did you mean "state"?`, nil, plain()},
		{"utm_source=x&topics=y", `unknown parameter "topics"; did you mean "topic"?`, nil, plain()},
		{"zzzzzzz=1", `unknown parameter "zzzzzzz"; known are q, office, state, topic, year, kind, role, action, lead, member, joined, involves, party, language, presence, agency, company, from, to, undated, added_from, changed_from, sort, limit, cursor, collapse, facets, interval`, nil, plain()},
		{"State=VA", `unknown parameter "State"; did you mean "state"?`, nil, plain()},
		{"state=ZZ", `unknown state "ZZ"; did you mean "AZ" (Arizona)?`, []string{"unknown_value"}, plain()},
		{"state=Virgina&state=md", `unknown state "Virgina"; did you mean "VA" (Virginia)?`, []string{"unknown_value"}, plain(filter(index.FieldState, []string{"MD"}, nil))},
		{"topic=opiod", `unknown topic "opiod"; did you mean "opioids" (Opioids and fentanyl)?`, []string{"unknown_value"}, plain()},
		{"kind=letters", `unknown kind "letters"; did you mean "letter" (Letter)?`, []string{"unknown_value"}, plain()},
		{"role=king", `unknown role "king"; known are led, co-led, joined`, []string{"unknown_value"}, plain()},
		{"year=23", `unknown year "23"; a year is four digits, or "undated"`, []string{"unknown_value"}, plain()},
		{"language=x", `unknown language "x"; a language is a BCP 47 tag such as en or es-PR`, []string{"unknown_value"}, plain()},
		{"presence=-", `unknown presence ""; known are live, missing, gone`, []string{"unknown_value"}, plain()},
		{"from=yesterday", `"yesterday" is no day: from takes days such as 2023-02-08`, []string{"bad_date"}, plain()},
		{"to=2023-02-30", `"2023-02-30" is no day: to takes days such as 2023-02-08`, []string{"bad_date"}, plain()},
		{"undated=yes", `unknown undated "yes"; known are include`, []string{"unknown_value"}, plain()},
		{"added_from=now", `"now" is no time: added_from takes times such as 2023-02-08T15:04:05Z, or days`, []string{"bad_date"}, plain()},
		{"added_from=0000-01-01", `"0000-01-01" is no time: added_from takes times such as 2023-02-08T15:04:05Z, or days`, []string{"bad_date"}, plain()},
		{"sort=newst", `unknown sort "newst"; did you mean "newest"?`, []string{"unknown_value"}, plain()},
		{"sort=newest&sort=oldest", `sort was given 2 times and takes one value`, []string{"repeated_parameter"}, plain()},
		{"limit=0", `limit "0" is not a number from 1 to 100`, []string{"bad_limit"}, plain()},
		{"limit=500", `limit "500" is not a number from 1 to 100`, []string{"bad_limit"}, plain(func(q *index.Query) { q.Limit = 100 })},
		{"limit=all", `limit "all" is not a number from 1 to 100`, []string{"bad_limit"}, plain()},
		{"cursor=" + strings.Repeat("x", 5000), `the cursor is longer than any that was handed out`, []string{"bad_cursor"}, plain()},
		{"collapse=mater", `unknown collapse "mater"; did you mean "matter"?`, []string{"unknown_value"}, plain()},
		{"facets=state,topics", `unknown facet "topics"; did you mean "topic"?`, []string{"unknown_value"}, plain(func(q *index.Query) { q.Facets = []index.Field{index.FieldState} })},
		{"interval=decade", `unknown interval "decade"; known are year, quarter, month, week, day`, []string{"unknown_value"}, plain()},
	}
	for _, test := range tests {
		t.Run(test.parameters[:min(40, len(test.parameters))], func(t *testing.T) {
			v := parse(t, test.parameters)
			_, err := FromValues(v, true)
			var said string
			if err != nil {
				said = err.Error()
			}
			if diff := cmp.Diff(test.strict, said); diff != "" {
				t.Errorf("strict (-want +got):\n%s", diff)
			}
			var parameterError *ParameterError
			if !errors.Is(err, index.ErrInvalid) || !errors.As(err, &parameterError) {
				t.Errorf("%v is no ErrInvalid and ParameterError", err)
			}
			got, err := FromValues(v, false)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.lenient, codes(got.Warnings)); diff != "" {
				t.Errorf("lenient warnings (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(index.Query{}, "Warnings")); diff != "" {
				t.Errorf("lenient (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLenientWarningsAreSentences(t *testing.T) {
	got, err := FromValues(url.Values{"state": {"Virgina"}, "year": {"x"}}, false)
	if err != nil {
		t.Fatal(err)
	}
	want := []index.Warning{
		{Code: "unknown_value", Message: `Unknown state "Virgina"; did you mean "VA" (Virginia)? It was left out.`},
		{Code: "unknown_value", Message: `Unknown year "x"; a year is four digits, or "undated". It was left out.`},
	}
	if diff := cmp.Diff(want, got.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestContradictionsOfWordsAndFilters(t *testing.T) {
	tests := []struct {
		parameters string
		want       []string
	}{
		{"q=state:VA&state=WV", []string{contradiction}},
		{"q=state:VA&state=VA", nil},
		{"q=state:VA opioid&state=WV,VA", nil},
		{"state=VA&state=-VA", []string{contradiction}},
		{"state=VA,WV&state=-VA", nil},
		{"from=2023-01-02&to=2023-01-01", []string{contradiction}},
		{"q=before:2020&from=2021-01-01", []string{contradiction}},
		{"q=before:2020&from=2021-01-01&undated=include", nil},
		{"year=undated&from=2021-01-01", []string{contradiction}},
		{"year=undated&from=2021-01-01&undated=include", nil},
		{"year=2020&from=2021-01-01", []string{contradiction}},
		{"q=-is:multistate&lead=TX", []string{contradiction}},
		{"q=-is:gone&presence=gone", []string{contradiction}},
		{"topic=opioids&topic=-scams", nil},
		{"q=state:VA state:WV&state=MD", []string{contradiction}},
	}
	for _, test := range tests {
		t.Run(test.parameters, func(t *testing.T) {
			got, err := FromValues(parse(t, test.parameters), true)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, codes(got.Warnings)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTooManyValues(t *testing.T) {
	v := url.Values{}
	for year := range maxFilterValues + 1 {
		v.Add("year", index.Date(time.Date(1900+year, 1, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)).Year())
	}
	if _, err := FromValues(v, true); !errors.Is(err, index.ErrInvalid) {
		t.Errorf("strict: %v, want ErrInvalid", err)
	}
	q, err := FromValues(v, false)
	if err != nil || len(q.Filter(index.FieldYear).Include) != maxFilterValues || len(q.Warnings) != 1 {
		t.Errorf("lenient: %v, %d values, %d warnings", err, len(q.Filter(index.FieldYear).Include), len(q.Warnings))
	}
}

// TestValuesRoundTrip: the parameters of a query are read as that query, also by the
// strict, and saying them again changes nothing.
func TestValuesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, err := FromValues(parameters().Draw(t, "parameters"), false)
		if err != nil {
			t.Fatalf("lenient: %v", err)
		}
		v := Values(q)
		again, err := FromValues(v, true)
		if err != nil {
			t.Fatalf("strict refuses %q: %v", v.Encode(), err)
		}
		if diff := cmp.Diff(q, again, cmpopts.IgnoreFields(index.Query{}, "Warnings")); diff != "" {
			t.Fatalf("%q (-want +got):\n%s", v.Encode(), diff)
		}
		if diff := cmp.Diff(v, Values(again)); diff != "" {
			t.Fatalf("parameters (-want +got):\n%s", diff)
		}
	})
}

// parameters draws what people, and those who mean it ill, put into addresses.
func parameters() *rapid.Generator[url.Values] {
	words := rapid.OneOf(
		rapid.SampledFrom([]string{"opioid", `"a b"~3`, "state:VA", "-x", "a OR b", "(", `"`, "state:VA state:WV", "op*", "§ 1983", " "}),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) url.Values {
		v := url.Values{}
		for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom(names()), rapid.ID).Draw(t, "names") {
			v[name] = rapid.SliceOfN(rapid.OneOf(valueOf(name), words), 1, 3).Draw(t, name)
		}
		return v
	})
}

func valueOf(name string) *rapid.Generator[string] {
	days := rapid.Map(rapid.Int64Range(-1e12, 1e12), func(seconds int64) time.Time { return time.Unix(seconds, seconds%1e9).UTC() })
	switch name {
	case "q":
		return rapid.SampledFrom([]string{"opioid settlement", "title:(a OR b)", "-a", "date:2023 fraud"})
	case "from", "to":
		return rapid.Map(days, func(d time.Time) string { return d.Format(time.DateOnly) })
	case "added_from", "changed_from":
		return rapid.Map(days, func(d time.Time) string { return d.Format(time.RFC3339Nano) })
	case "sort":
		return rapid.SampledFrom([]string{"relevance", "newest", "oldest", "added", "changed"})
	case "limit":
		return rapid.SampledFrom([]string{"0", "1", "20", "100", "101", "-1", "99999999999999999999"})
	case "interval":
		return rapid.SampledFrom([]string{"year", "quarter", "month", "week", "day"})
	case "facets":
		return rapid.SampledFrom([]string{"none", "state,topic,year", "kind", "year,office,kind", "none,lead"})
	case "undated":
		return rapid.Just("include")
	case "collapse":
		return rapid.Just("matter")
	case "cursor":
		return rapid.String()
	case "year":
		return rapid.SampledFrom([]string{"2023", "undated", "-1999", "0001"})
	case "language":
		return rapid.SampledFrom([]string{"en", "es-pr", "zh-hant-TW", "-es"})
	case "company":
		return rapid.SampledFrom([]string{"purdue-pharma", "Thornquist Mills", "-acme"})
	}
	field := index.Field(name)
	if name == "office" {
		field = index.FieldState
	}
	var values []string
	for _, w := range spelling.Known(field) {
		values = append(values, w.Value, w.Label, "-"+w.Value)
	}
	return rapid.SampledFrom(values)
}

// TestStrictQueriesNeedNoWarnings: what the strict accept, they take whole.
func TestStrictQueriesNeedNoWarnings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := parameters().Draw(t, "parameters")
		delete(v, "q")
		q, err := FromValues(v, true)
		if err != nil {
			return
		}
		if others := slices.DeleteFunc(codes(q.Warnings), func(c string) bool { return c == contradiction }); len(others) > 0 {
			t.Fatalf("warnings %v", others)
		}
	})
}

func FuzzFromValues(f *testing.F) {
	for _, seed := range []string{
		"q=opioid&state=VA&state=-NY&topic=opioids,scams&year=undated", "from=2022-01-01&to=2021&undated=include&sort=added&limit=7",
		"added_from=2023-02-08T01:02:03%2B02:00&facets=year,none&interval=week&collapse=matter", "language=es-pr&party=democrat&office=washington%2C+d.c.",
		"q=%ff&cursor=%00&limit=1e9&state=%f0%9f", "stat=1&=2&&",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		v, _ := url.ParseQuery(raw) // what could be read is kept
		if _, err := FromValues(v, true); err != nil && !errors.Is(err, index.ErrInvalid) {
			t.Fatalf("%v is no ErrInvalid", err)
		}
		q, err := FromValues(v, false)
		if err != nil {
			t.Fatalf("lenient: %v", err)
		}
		checkTree(t, q.Root)
		if q.Limit < 1 || q.Limit > index.MaxLimit || len(q.Text) > index.MaxQueryBytes {
			t.Fatalf("limit %d, %d bytes", q.Limit, len(q.Text))
		}
		for _, filter := range q.Filters {
			for _, value := range slices.Concat(filter.Include, filter.Exclude) {
				if kept, ok := spelling.Value(filter.Field, value); !ok || kept != value {
					t.Fatalf("%s has the value %q", filter.Field, value)
				}
			}
		}
		again, err := FromValues(Values(q), true)
		if err != nil {
			t.Fatalf("strict refuses %q: %v", Values(q).Encode(), err)
		}
		if diff := cmp.Diff(q, again, cmpopts.IgnoreFields(index.Query{}, "Warnings")); diff != "" {
			t.Fatalf("round trip (-want +got):\n%s", diff)
		}
	})
}

func TestEveryFieldOfTheListsIsAParameter(t *testing.T) {
	for _, o := range vocabulary.Offices {
		for _, spelt := range []string{o.Code, strings.ToLower(o.Code), o.Name, strings.ToUpper(o.Name)} {
			q, err := FromValues(url.Values{"office": {spelt}}, true)
			if err != nil || !slices.Equal(q.Filter(index.FieldState).Include, []string{o.Code}) {
				t.Errorf("office %q: %v, %v", spelt, q.Filters, err)
			}
		}
	}
	for _, topic := range vocabulary.Topics {
		for _, spelt := range []string{topic.Slug, topic.Label} {
			q, err := FromValues(url.Values{"topic": {spelt}}, true)
			if err != nil || !slices.Equal(q.Filter(index.FieldTopic).Include, []string{topic.Slug}) {
				t.Errorf("topic %q: %v, %v", spelt, q.Filters, err)
			}
		}
	}
}
