package indextest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
	"agora/index/analysis"
)

// testEngineModel holds the engine against a model that goes through all releases one by
// one, on random releases and questions, while random releases are added and replaced.
func testEngineModel(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	m := model{}
	var sequence int64
	apply := func(t *rapid.T, least int) {
		var releases []index.Release
		for range rapid.IntRange(least, least+20).Draw(t, "releases") {
			r := drawRelease(t)
			m[r.ID] = r
			releases = append(releases, r)
		}
		sequence++
		if err := e.Apply(t.Context(), releases, engineStore, sequence); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if len(m) < 100 {
			apply(t, 60)
		} else if rapid.IntRange(0, 3).Draw(t, "apply") == 0 {
			apply(t, 0)
		}
		for range 5 {
			q := drawQuery(t)
			got, err := e.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			m.check(t, q, got)
			m.checkClick(t, e, q, got)
			var streamed []string
			for id, err := range e.Select(t.Context(), q) {
				if err != nil {
					t.Fatal(err)
				}
				streamed = append(streamed, id)
			}
			if diff := gocmp.Diff(m.ordered(q), streamed); diff != "" {
				t.Fatalf("Select %+v (-want +got)\n%s", q, diff)
			}
		}
	})
}

// model is all releases by id.
type model map[string]index.Release

// check compares total, page, facets, undated and histogram.
func (m model) check(t *rapid.T, q index.Query, got index.Found) {
	ordered := m.ordered(q)
	rows := m.rows(q, ordered)
	want := index.Found{Total: len(ordered), Groups: len(rows), Exact: true, Sequence: got.Sequence,
		Facets: map[index.Field][]index.Count{}, Histogram: m.histogram(q, ordered)}
	if len(got.Warnings) > 0 {
		t.Fatalf("%+v: warnings %v", q, got.Warnings)
	}
	for _, field := range q.Facets {
		want.Facets[field] = m.facet(q, field)
	}
	if q.From != "" || q.To != "" {
		all := q
		all.IncludeUndated = true
		if !q.IncludeUndated {
			want.Undated = len(m.ordered(all)) - len(ordered)
		}
	}
	for _, id := range rows[:min(len(rows), q.Limit)] {
		want.Matches = append(want.Matches, index.Match{ReleaseID: id})
	}
	if len(want.Matches) == 0 {
		want.Matches = []index.Match{}
	}
	if (got.Next != "") != (q.Limit > 0 && len(rows) > q.Limit) {
		t.Fatalf("%+v: %d of %d and the cursor %q", q, q.Limit, len(rows), got.Next)
	}
	got.Warnings, got.Next = nil, ""
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("%+v (-want +got)\n%s", q, diff)
	}
}

// rows returns the ids that are shown: the first of each matter, where matters collapse.
func (m model) rows(q index.Query, ordered []string) []string {
	if !q.Collapse {
		return ordered
	}
	var rows []string
	shown := map[string]bool{}
	for _, id := range ordered {
		if matter := m[id].Matter; matter != nil {
			if shown[matter.ID] {
				continue
			}
			shown[matter.ID] = true
		}
		rows = append(rows, id)
	}
	return rows
}

// checkClick checks that a value of a facet, selected instead of what is selected there,
// shows as many releases as its count says.
func (m model) checkClick(t *rapid.T, e index.Engine, q index.Query, got index.Found) {
	for _, field := range q.Facets {
		counts := got.Facets[field]
		if len(counts) == 0 {
			continue
		}
		c := counts[rapid.IntRange(0, len(counts)-1).Draw(t, "click")]
		clicked := q
		clicked.Filters = slices.DeleteFunc(slices.Clone(q.Filters), func(f index.Filter) bool { return f.Field == field })
		clicked.Filters = append(clicked.Filters, index.Filter{Field: field, Include: []string{c.Value}})
		clicked.Limit = 0
		found, err := e.Search(t.Context(), clicked)
		if err != nil {
			t.Fatal(err)
		}
		if found.Total != c.Count {
			t.Fatalf("%+v: %s %s shows %d, a click finds %d", q, field, c.Value, c.Count, found.Total)
		}
	}
}

// ordered returns the ids that a query matches, in its order.
func (m model) ordered(q index.Query) []string {
	var found []index.Release
	for _, r := range m {
		if matches(r, q.Root) && passes(r, q, "") {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b index.Release) int {
		switch q.Sort {
		case index.SortOldest:
			ka, kb := sortDay(a), sortDay(b)
			if (ka == "") != (kb == "") {
				return strings.Compare(kb, ka)
			}
			return cmp.Or(strings.Compare(ka, kb), strings.Compare(a.ID, b.ID))
		case index.SortAdded:
			return cmp.Or(b.Added.Compare(a.Added), strings.Compare(sortDay(b), sortDay(a)), strings.Compare(a.ID, b.ID))
		case index.SortChanged:
			return cmp.Or(b.Changed.Compare(a.Changed), strings.Compare(sortDay(b), sortDay(a)), strings.Compare(a.ID, b.ID))
		default:
			return cmp.Or(strings.Compare(sortDay(b), sortDay(a)), strings.Compare(a.ID, b.ID))
		}
	})
	var ordered []string
	for _, r := range found {
		ordered = append(ordered, r.ID)
	}
	return ordered
}

// sortDay is the day of publication, else that of the addition if seen live.
func sortDay(r index.Release) string {
	if r.Published == "" && !r.Backfill {
		return string(index.DateOf(r.Added.UTC()))
	}
	return string(r.Published)
}

// passes applies all filters but that of one field.
func passes(r index.Release, q index.Query, but index.Field) bool {
	for _, f := range q.Filters {
		if f.Field != but && !f.Matches(fieldValues(r, f.Field)) {
			return false
		}
	}
	if (q.From != "" || q.To != "") && (r.Published != "" || !q.IncludeUndated) && !within(r.Published, q.From, q.To) {
		return false
	}
	return !r.Added.Before(q.AddedFrom) && !r.Changed.Before(q.ChangedFrom)
}

func within(day, from, to index.Date) bool {
	return day != "" && (from == "" || day >= from) && (to == "" || day <= to)
}

// fieldValues returns the values of a release in a field.
func fieldValues(r index.Release, field index.Field) []string {
	var c index.Coalition
	if r.Coalition != nil {
		c = *r.Coalition
	}
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	members := append(slices.Clone(c.Members), c.Leads...)
	switch field {
	case index.FieldState:
		return one(r.Office)
	case index.FieldTopic:
		return r.Topics
	case index.FieldYear:
		return one(cmp.Or(r.Published.Year(), index.Undated))
	case index.FieldKind:
		return r.Kinds
	case index.FieldRole:
		return one(c.Role)
	case index.FieldAction:
		return one(c.Action)
	case index.FieldLead:
		return c.Leads
	case index.FieldMember:
		return members
	case index.FieldJoined:
		return slices.DeleteFunc(members, func(s string) bool { return slices.Contains(c.Leads, s) })
	case index.FieldInvolves:
		return append(members, r.Office)
	case index.FieldParty:
		if r.AttorneyGeneral == nil {
			return nil
		}
		return one(r.AttorneyGeneral.Party)
	case index.FieldLanguage:
		return one(string(r.Language))
	case index.FieldPresence:
		return one(r.Presence.State)
	case index.FieldAgency:
		return r.FactValues("agency")
	case index.FieldCompany:
		return r.FactValues("company")
	}
	return nil
}

// facet counts the values of what passes all other filters.
func (m model) facet(q index.Query, field index.Field) []index.Count {
	found := map[string]int{}
	if !slices.Contains(openFields, field) {
		for _, v := range q.Filter(field).Include {
			found[v] = 0
		}
	}
	for _, r := range m {
		if matches(r, q.Root) && passes(r, q, field) {
			for _, v := range slices.Compact(slices.Sorted(slices.Values(fieldValues(r, field)))) {
				found[v]++
			}
		}
	}
	counts := []index.Count{}
	for v, n := range found {
		count := index.Count{Value: v, Count: n}
		if field == index.FieldCompany {
			count.Label = strings.ToUpper(v)
		}
		counts = append(counts, count)
	}
	slices.SortFunc(counts, func(a, b index.Count) int {
		switch {
		case field != index.FieldYear:
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
		case a.Value == index.Undated:
			return 1
		case b.Value == index.Undated:
			return -1
		}
		return strings.Compare(b.Value, a.Value)
	})
	return counts
}

// histogram counts days one after the other.
func (m model) histogram(q index.Query, ids []string) []index.Bar {
	if q.Interval == "" {
		return nil
	}
	days := map[index.Date]int{}
	for _, id := range ids {
		days[m[id].Published]++
	}
	delete(days, "")
	var first, last index.Date
	for day := range days {
		if first == "" || day < first {
			first = day
		}
		last = max(last, day)
	}
	if q.From == "" || q.To == "" || q.From <= q.To {
		if bars := barsOf(days, q.Interval, cmp.Or(q.From, first), cmp.Or(q.To, last)); len(bars) <= index.MaxBars {
			return bars
		}
	}
	return barsOf(days, q.Interval, first, last)
}

// barsOf counts from the bar of one day to that of another; none where either is unknown.
func barsOf(days map[index.Date]int, interval index.Interval, first, last index.Date) []index.Bar {
	bars := []index.Bar{}
	if first == "" || last == "" {
		return bars
	}
	day, _ := time.Parse(time.DateOnly, string(first))
	for index.DateOf(day) <= last {
		from, next := span(day, interval)
		bar := index.Bar{From: index.DateOf(from), To: index.DateOf(next.AddDate(0, 0, -1))}
		for d := from; d.Before(next); d = d.AddDate(0, 0, 1) {
			bar.Count += days[index.DateOf(d)]
		}
		bars = append(bars, bar)
		day = next
	}
	return bars
}

// span returns the first day of the bar that day is in, and that of the next bar.
func span(day time.Time, interval index.Interval) (from, next time.Time) {
	y, m, _ := day.Date()
	month := func(m time.Month) time.Time { return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC) }
	switch interval {
	case index.IntervalYear:
		return month(1), month(13)
	case index.IntervalQuarter:
		return month((m-1)/3*3 + 1), month((m-1)/3*3 + 4)
	case index.IntervalMonth:
		return month(m), month(m + 1)
	case index.IntervalWeek:
		from = day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		return from, from.AddDate(0, 0, 7)
	case index.IntervalDay:
	}
	return day, day.AddDate(0, 0, 1)
}

// matches evaluates a question on one release.
func matches(r index.Release, node index.Node) bool {
	switch n := node.(type) {
	case nil:
		return true
	case index.And:
		return !slices.ContainsFunc(n.Nodes, func(n index.Node) bool { return !matches(r, n) })
	case index.Or:
		return slices.ContainsFunc(n.Nodes, func(n index.Node) bool { return matches(r, n) })
	case index.Not:
		return !matches(r, n.Node)
	case index.Word:
		return inTexts(r, n.In, func(text string) bool { return hasWord(text, n.Text, analysis.LanguageOf(string(r.Language))) })
	case index.Phrase:
		return inTexts(r, n.In, func(text string) bool { return hasPhrase(text, n.Text) })
	case index.Prefix:
		return inTexts(r, n.In, func(text string) bool {
			return strings.Contains(" "+analysis.Fold(text), " "+analysis.Fold(n.Text))
		})
	case index.Has:
		return index.Filter{Field: n.Field, Include: []string{n.Value}}.Matches(fieldValues(r, n.Field))
	case index.Published:
		return within(r.Published, n.From, n.To)
	case index.IsMultistate:
		return r.Coalition != nil
	}
	panic(fmt.Sprintf("the model has no %T", node))
}

func inTexts(r index.Release, in index.TextField, has func(text string) bool) bool {
	return in != index.InText && has(r.Title) || in != index.InTitle && has(r.Text)
}

func hasWord(text, word string, language analysis.Language) bool {
	stem := language.Stem(analysis.Fold(word))
	return slices.ContainsFunc(strings.Fields(analysis.Fold(text)), func(w string) bool { return language.Stem(w) == stem })
}

// hasPhrase looks for a phrase the way grep would, in the folded text. The words of the
// model have no signs, but for a full stop that counts only where it is asked for.
func hasPhrase(text, phrase string) bool {
	fold := func(s string) string { return " " + analysis.Fold(s) + " " }
	return strings.Contains(fold(text), fold(phrase))
}

var (
	modelWords   = strings.Fields("harbor harbors filing filed lantern the of general attorneys attorney niño cañón")
	modelOffices = []string{"VA", "WV", "NY", "CA", "PR"}
	modelTopics  = []string{"opioids", "drug-crime", "privacy-security", "antitrust"}
	modelDays    = []index.Date{"2022-12-31", "2023-01-01", "2023-02-08", "2023-06-15", "2024-02-29", "2024-12-30"}
)

func draw[T any](t *rapid.T, name string, from []T) T { return rapid.SampledFrom(from).Draw(t, name) }

func subset(t *rapid.T, name string, from []string) []string {
	return slices.DeleteFunc(slices.Clone(from), func(string) bool { return rapid.IntRange(0, 2).Draw(t, name) > 0 })
}

func drawText(t *rapid.T, name string, most int) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(modelWords), 1, most).Draw(t, name), " ")
}
