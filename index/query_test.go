package index

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFilterMatches(t *testing.T) {
	tests := []struct {
		name   string
		filter Filter
		values []string
		want   bool
	}{
		{"empty filter", Filter{}, []string{"VA"}, true},
		{"empty filter, no value", Filter{}, nil, true},
		{"included", Filter{Include: []string{"MD", "VA"}}, []string{"VA"}, true},
		{"not included", Filter{Include: []string{"MD"}}, []string{"VA"}, false},
		{"included, no value", Filter{Include: []string{"MD"}}, nil, false},
		{"one of several", Filter{Include: []string{"MD"}}, []string{"VA", "MD"}, true},
		{"excluded", Filter{Exclude: []string{"VA"}}, []string{"VA"}, false},
		{"not excluded", Filter{Exclude: []string{"VA"}}, []string{"MD"}, true},
		{"excluded, no value", Filter{Exclude: []string{"VA"}}, nil, true},
		{"one of several excluded", Filter{Exclude: []string{"VA"}}, []string{"MD", "VA"}, false},
		{"included and excluded", Filter{Include: []string{"VA"}, Exclude: []string{"VA"}}, []string{"VA"}, false},
		{"one included, one excluded", Filter{Include: []string{"MD"}, Exclude: []string{"VA"}}, []string{"MD", "VA"}, false},
	}
	for _, test := range tests {
		if got := test.filter.Matches(test.values); got != test.want {
			t.Errorf("%s: %t, want %t", test.name, got, test.want)
		}
	}
}

// TestExclusionIsTheOpposite: of releases with one value at most, a filter takes those
// that the opposite filter leaves.
func TestExclusionIsTheOpposite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states := rapid.SampledFrom([]string{"MD", "VA", "WV"})
		chosen := rapid.SliceOfN(states, 1, 3).Draw(t, "chosen")
		values := rapid.SliceOfN(states, 0, 1).Draw(t, "values")
		if (Filter{Include: chosen}).Matches(values) == (Filter{Exclude: chosen}).Matches(values) {
			t.Fatalf("%v is in both or none", values)
		}
	})
}

func TestFilterOfField(t *testing.T) {
	q := Query{Filters: []Filter{{Field: FieldTopic, Include: []string{"opioids"}}}}
	if diff := cmp.Diff(q.Filters[0], q.Filter(FieldTopic)); diff != "" {
		t.Errorf("the filter (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Filter{Field: FieldState}, q.Filter(FieldState)); diff != "" {
		t.Errorf("no filter (-want +got):\n%s", diff)
	}
}

func TestEcho(t *testing.T) {
	tests := []struct {
		name  string
		query Query
		want  string
	}{
		{"nothing", Query{Sort: SortNewest, Limit: 20}, `{"limit":20,"q":"","sort":"newest"}`},
		{
			"everything",
			Query{
				Text: `"a b"`, Sort: SortAdded, Limit: 5, From: "2022-01-01", To: "2022-12-31", IncludeUndated: true, Collapse: true,
				AddedFrom: time.Date(2023, 1, 2, 3, 4, 5, 0, time.UTC), ChangedFrom: time.Date(2023, 1, 2, 0, 0, 0, 0, time.UTC),
				Filters: []Filter{{Field: FieldState, Include: []string{"VA"}, Exclude: []string{"NY"}}, {Field: FieldYear, Exclude: []string{Undated}}},
			},
			`{"added_from":"2023-01-02T03:04:05Z","changed_from":"2023-01-02T00:00:00Z","collapse":"matter","from":"2022-01-01",` +
				`"limit":5,"q":"\"a b\"","sort":"added","state":["VA","-NY"],"to":"2022-12-31","undated":"include","year":["-undated"]}`,
		},
	}
	for _, test := range tests {
		got, err := json.Marshal(test.query.Echo())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestEchoLeavesTheQueryAlone(t *testing.T) {
	include := append(make([]string, 0, 8), "VA")
	q := Query{Filters: []Filter{{Field: FieldState, Include: include, Exclude: []string{"NY"}}}}
	q.Echo()
	if diff := cmp.Diff([]string{"VA", ""}, include[:2]); diff != "" {
		t.Errorf("the filter's values (-want +got):\n%s", diff)
	}
}

func TestValueLabel(t *testing.T) {
	tests := []struct {
		field       Field
		value, want string
	}{
		{FieldState, "WV", "West Virginia"}, {FieldLead, "wv", "West Virginia"}, {FieldMember, "VA", "Virginia"},
		{FieldJoined, "DC", "District of Columbia"}, {FieldInvolves, "GU", "Guam"}, {FieldState, "ZZ", ""},
		{FieldTopic, "opioids", "Opioids and fentanyl"}, {FieldTopic, "none", ""},
		{FieldKind, "lawsuit", "Lawsuit"}, {FieldRole, "co-led", "Co-led"}, {FieldAction, "brief", "Brief"},
		{FieldParty, "PNP", "New Progressive"}, {FieldPresence, "gone", "Gone"},
		{FieldYear, "2023", ""}, {FieldYear, Undated, ""}, {FieldLanguage, "es", ""}, {Field("unknown"), "x", ""},
	}
	for _, test := range tests {
		if got := ValueLabel(test.field, test.value); got != test.want {
			t.Errorf("ValueLabel(%s, %q) = %q, want %q", test.field, test.value, got, test.want)
		}
	}
}
