package indextest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

// testEngineFilters checks each field, date and node on a few releases by hand.
func testEngineFilters(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	change := func(n int, office string, f func(r *index.Release)) index.Release {
		r := titled(n, "Title", "Text")
		r.Office, r.Published, r.Topics, r.Kinds, r.AttorneyGeneral = office, "", nil, nil, nil
		r.Added, r.Changed = at(n, 12), at(n, 18)
		f(&r)
		return r
	}
	fill(t, e, []index.Release{
		change(1, "VA", func(r *index.Release) {
			r.Published, r.Topics, r.Kinds = "2023-02-08", []string{"opioids", "drug-crime"}, []string{"letter"}
			r.Coalition = &index.Coalition{Role: "led", Action: "letter", Leads: []string{"VA"}, Members: []string{"VA", "WV", "TX"}}
			r.AttorneyGeneral = &index.AttorneyGeneral{Name: "Avery Thornquist", Party: "R"}
		}),
		change(2, "WV", func(r *index.Release) {
			r.Published, r.Topics, r.Kinds = "2023-12-31", []string{"opioids"}, []string{"lawsuit", "letter"}
			r.Coalition = &index.Coalition{Role: "joined", Action: "letter", Leads: []string{"VA"}, Members: []string{"VA", "WV", "TX"}}
			r.AttorneyGeneral = &index.AttorneyGeneral{Name: "Zoë Thornquist-Vale", Party: "D"}
			r.Presence.State = "gone"
		}),
		change(3, "NY", func(r *index.Release) {
			r.Published, r.Topics, r.Language = "2024-01-01", []string{}, "es"
			r.Presence.State = "missing"
		}),
		change(4, "NY", func(r *index.Release) { r.Backfill = true }),
		change(5, "CA", func(r *index.Release) { r.Language = "" }),
	}, 2)
	has := func(field index.Field, value string) index.Node { return index.Has{Field: field, Value: value} }
	filter := func(field index.Field, include ...string) index.Query {
		return index.Query{Filters: []index.Filter{{Field: field, Include: include}}}
	}
	for i, test := range []struct {
		q    index.Query
		want string
	}{
		{filter(index.FieldState, "VA"), "1"},
		{filter(index.FieldState, "VA", "NY"), "1 3 4"},
		{filter(index.FieldState, "ZZ"), ""},
		{filter(index.FieldTopic, "drug-crime"), "1"},
		{filter(index.FieldYear, "2023"), "1 2"},
		{filter(index.FieldYear, "undated"), "4 5"},
		{filter(index.FieldYear, "2024", "undated"), "3 4 5"},
		{filter(index.FieldKind, "letter"), "1 2"},
		{filter(index.FieldRole, "led"), "1"},
		{filter(index.FieldAction, "letter"), "1 2"},
		{filter(index.FieldLead, "VA"), "1 2"},
		{filter(index.FieldMember, "VA"), "1 2"},
		{filter(index.FieldJoined, "VA"), ""},
		{filter(index.FieldJoined, "WV"), "1 2"},
		{filter(index.FieldInvolves, "NY"), "3 4"},
		{filter(index.FieldInvolves, "TX"), "1 2"},
		{filter(index.FieldParty, "D"), "2"},
		{filter(index.FieldLanguage, "es"), "3"},
		{filter(index.FieldPresence, "gone", "missing"), "2 3"},
		{index.Query{Filters: []index.Filter{{Field: index.FieldState, Exclude: []string{"NY"}}}}, "1 2 5"},
		{index.Query{Filters: []index.Filter{{Field: index.FieldTopic, Include: []string{"opioids"}, Exclude: []string{"drug-crime"}}}}, "2"},
		{index.Query{Filters: []index.Filter{{Field: index.FieldYear, Exclude: []string{"undated"}}}}, "1 2 3"},
		{index.Query{Filters: []index.Filter{{Field: index.FieldState, Include: []string{"VA", "WV"}}, {Field: index.FieldParty, Include: []string{"R"}}}}, "1"},
		{index.Query{From: "2023-12-31"}, "2 3"},
		{index.Query{To: "2023-12-31"}, "1 2"},
		{index.Query{From: "2023-02-08", To: "2023-02-08"}, "1"},
		{index.Query{From: "2024-01-01", IncludeUndated: true}, "3 4 5"},
		{index.Query{AddedFrom: at(4, 12)}, "4 5"},
		{index.Query{ChangedFrom: at(3, 19)}, "4 5"},
		{index.Query{Root: has(index.FieldState, "WV")}, "2"},
		{index.Query{Root: index.Not{Node: has(index.FieldTopic, "opioids")}}, "3 4 5"},
		{index.Query{Root: index.Or{Nodes: []index.Node{has(index.FieldState, "CA"), has(index.FieldPresence, "gone")}}}, "2 5"},
		{index.Query{Root: index.And{Nodes: []index.Node{index.Word{Text: "text"}, has(index.FieldState, "NY")}}}, "3 4"},
		{index.Query{Root: has(index.FieldYear, "undated")}, "4 5"},
		{index.Query{Root: index.IsMultistate{}}, "1 2"},
		{index.Query{Root: index.InOffice{Name: "thornquist"}}, "1"},
		{index.Query{Root: index.InOffice{Name: "ZOE"}}, "2"},
		{index.Query{Root: index.InOffice{Name: "Thornquist Avery"}}, "1"},
		{index.Query{Root: index.InOffice{Name: "thorn"}}, ""},
		{index.Query{Root: index.Published{From: "2023-03-01"}}, "2 3"},
		{index.Query{Root: index.Not{Node: index.Published{}}}, "4 5"},
	} {
		if got := numbers(selected(t, e, test.q)); got != test.want {
			t.Errorf("%d: %+v found %q, not %q", i, test.q, got, test.want)
		}
	}

	for order, want := range map[index.Sort][]int{
		index.SortNewest:  {5, 3, 2, 1, 4}, // 5 by the day it was added; 4 was back-filled
		index.SortOldest:  {1, 2, 3, 5, 4},
		index.SortAdded:   {5, 4, 3, 2, 1},
		index.SortChanged: {5, 4, 3, 2, 1},
		"":                {5, 3, 2, 1, 4},
	} {
		var ordered []string
		for _, n := range want {
			ordered = append(ordered, fmt.Sprintf("va-%012x", n))
		}
		found := search(t, e, index.Query{Sort: order, Limit: 10})
		if diff := cmp.Diff(ordered, ids(found)); diff != "" {
			t.Errorf("order %q (-want +got)\n%s", order, diff)
		}
		if slices.ContainsFunc(found.Matches, func(m index.Match) bool { return m.Score != nil }) {
			t.Errorf("order %q has scores", order)
		}
	}

	found := search(t, e, index.Query{From: "2023-12-31", Facets: []index.Field{index.FieldState, index.FieldYear},
		Filters: []index.Filter{{Field: index.FieldState, Include: []string{"NY", "AK"}}}})
	want := index.Found{Total: 1, Groups: 1, Exact: true, Undated: 1, Matches: []index.Match{}, Sequence: 5,
		Facets: map[index.Field][]index.Count{
			index.FieldState: {{Value: "NY", Count: 1}, {Value: "WV", Count: 1}, {Value: "AK", Count: 0}},
			index.FieldYear:  {{Value: "2024", Count: 1}},
		}}
	found.Warnings = nil // that some were left out is said by who asks, from Undated
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("facets (-want +got)\n%s", diff)
	}
	if found := search(t, e, index.Query{}); found.Facets != nil || found.Histogram != nil || len(found.Matches) != 0 {
		t.Errorf("a query for a total alone found %+v", found)
	}
}

func testEngineHistograms(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	var releases []index.Release
	for i, day := range []index.Date{"2023-12-30", "2023-12-31", "2024-01-01", "2024-03-01", ""} {
		releases = append(releases, titled(i+1, "Title", "Text"))
		releases[i].Published = day
	}
	fill(t, e, releases, 2)
	for interval, want := range map[index.Interval][]index.Bar{
		index.IntervalYear:    {{From: "2023-01-01", To: "2023-12-31", Count: 2}, {From: "2024-01-01", To: "2024-12-31", Count: 2}},
		index.IntervalQuarter: {{From: "2023-10-01", To: "2023-12-31", Count: 2}, {From: "2024-01-01", To: "2024-03-31", Count: 2}},
		index.IntervalMonth: {{From: "2023-12-01", To: "2023-12-31", Count: 2}, {From: "2024-01-01", To: "2024-01-31", Count: 1},
			{From: "2024-02-01", To: "2024-02-29", Count: 0}, {From: "2024-03-01", To: "2024-03-31", Count: 1}},
	} {
		if diff := cmp.Diff(want, search(t, e, index.Query{Interval: interval}).Histogram); diff != "" {
			t.Errorf("%s (-want +got)\n%s", interval, diff)
		}
	}
	weeks := search(t, e, index.Query{Interval: index.IntervalWeek}).Histogram
	if len(weeks) != 10 || weeks[0] != (index.Bar{From: "2023-12-25", To: "2023-12-31", Count: 2}) || weeks[1] != (index.Bar{From: "2024-01-01", To: "2024-01-07", Count: 1}) {
		t.Errorf("weeks %v", weeks)
	}
	days := search(t, e, index.Query{Interval: index.IntervalDay, To: "2024-01-02"}).Histogram
	if diff := cmp.Diff([]index.Bar{{From: "2023-12-30", To: "2023-12-30", Count: 1}, {From: "2023-12-31", To: "2023-12-31", Count: 1},
		{From: "2024-01-01", To: "2024-01-01", Count: 1}, {From: "2024-01-02", To: "2024-01-02"}}, days); diff != "" {
		t.Errorf("days (-want +got)\n%s", diff)
	}
	testEngineHistogramSpans(t, e)
}

// testEngineHistogramSpans checks where histograms begin and end on releases of
// 2023-12-30 to 2024-03-01.
func testEngineHistogramSpans(t *testing.T, e index.Engine) {
	none := index.Word{Text: "nowhere"}
	for i, test := range []struct {
		q           index.Query
		bars        int
		first, last index.Date // first and last day
	}{
		{index.Query{From: "2022-05-17", To: "2024-06-30", Interval: index.IntervalMonth}, 26, "2022-05-01", "2024-06-30"},
		{index.Query{From: "2022-05-17", Interval: index.IntervalQuarter}, 8, "2022-04-01", "2024-03-31"},
		{index.Query{To: "2025-01-01", Interval: index.IntervalYear}, 3, "2023-01-01", "2025-12-31"},
		{index.Query{From: "2023-12-27", To: "2024-01-10", Interval: index.IntervalWeek}, 3, "2023-12-25", "2024-01-14"},
		{index.Query{From: "2024-01-02", To: "2024-01-04", Interval: index.IntervalDay}, 3, "2024-01-02", "2024-01-04"},
		{index.Query{From: "2023-01-01", To: "2023-03-31", IncludeUndated: true, Interval: index.IntervalMonth}, 3, "2023-01-01", "2023-03-31"},
		{index.Query{From: "2023-01-01", To: "2023-03-31", Root: none, Interval: index.IntervalMonth}, 3, "2023-01-01", "2023-03-31"},
		{index.Query{From: "2023-01-01", Root: none, Interval: index.IntervalMonth}, 0, "", ""},
		{index.Query{To: "2023-01-01", Root: none, Interval: index.IntervalMonth}, 0, "", ""},
		{index.Query{Root: none, Interval: index.IntervalMonth}, 0, "", ""},
		{index.Query{From: "2024-01-03", To: "2024-01-02", Interval: index.IntervalYear}, 0, "", ""},
		{index.Query{From: "2013-03-20", To: "2024-03-01", Interval: index.IntervalDay}, index.MaxBars, "2013-03-20", "2024-03-01"},
		{index.Query{From: "2013-03-19", To: "2024-03-01", Interval: index.IntervalDay}, 63, "2023-12-30", "2024-03-01"},
		{index.Query{From: "0001-01-01", To: "9999-12-31", Interval: index.IntervalYear}, 2, "2023-01-01", "2024-12-31"},
		{index.Query{From: "0001-01-01", To: "9999-12-31", Root: none, Interval: index.IntervalDay}, 0, "", ""},
	} {
		found := search(t, e, test.q)
		bars, dated := found.Histogram, found.Total
		if test.q.IncludeUndated {
			dated--
		}
		for _, bar := range bars {
			dated -= bar.Count
		}
		if bars == nil || len(bars) != test.bars || dated != 0 && test.q.From+test.q.To != "" {
			t.Errorf("%d: %d bars, not %d, and %d releases in none", i, len(bars), test.bars, dated)
			continue
		}
		if test.bars > 0 && (bars[0].From != test.first || bars[len(bars)-1].To != test.last) {
			t.Errorf("%d: bars from %s to %s, not %s to %s", i, bars[0].From, bars[len(bars)-1].To, test.first, test.last)
		}
	}
}
