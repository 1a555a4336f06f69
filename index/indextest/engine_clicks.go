package indextest

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
)

// tester is what a test and a property have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

// testEngineClicks checks that a click on any value of any facet yields exactly the number
// shown, however it is clicked, for random questions and for every choice of up to four
// fields that are filtered already.
func testEngineClicks(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	c := clicker{engine: e, model: model{}}
	generated := rapid.Custom(drawRelease)
	for batch := range 6 {
		var releases []index.Release
		for n := range 40 {
			r := generated.Example(batch*40 + n)
			c.model[r.ID] = r
			releases = append(releases, r)
		}
		fill(t, e, releases, 40)
	}
	t.Run("random", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			q := drawQuery(t)
			c.clickAll(t, q, index.Fields)
			c.histograms(t, q)
			c.undated(t, q)
		})
	})
	t.Run("every choice of fields", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		for fields := range choices(index.Fields, 4) {
			q := index.Query{Facets: fields}
			if random.IntN(2) == 0 {
				q.Root = index.Word{Text: modelWords[random.IntN(len(modelWords))]}
			}
			for _, field := range fields {
				q.Filters = append(q.Filters, randomFilter(random, field))
			}
			c.clickAll(t, q, fields)
		}
	})
}

// choices returns every choice of one to most fields.
func choices(fields []index.Field, most int) func(yield func([]index.Field) bool) {
	var choose func(chosen, from []index.Field, yield func([]index.Field) bool) bool
	choose = func(chosen, from []index.Field, yield func([]index.Field) bool) bool {
		for i, field := range from {
			now := append(slices.Clone(chosen), field)
			if !yield(now) || len(now) < most && !choose(now, from[i+1:], yield) {
				return false
			}
		}
		return true
	}
	return func(yield func([]index.Field) bool) { choose(nil, fields, yield) }
}

func randomFilter(random *rand.Rand, field index.Field) index.Filter {
	f := index.Filter{Field: field}
	for _, v := range modelValues[field] {
		switch random.IntN(5) {
		case 0, 1:
			f.Include = append(f.Include, v)
		case 2:
			f.Exclude = append(f.Exclude, v)
		}
	}
	return f
}

// clicker asks an engine for what follows from its counts.
type clicker struct {
	engine index.Engine
	model  model
}

func (c clicker) search(t tester, q index.Query) index.Found {
	t.Helper()
	found, err := c.engine.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %+v: %v", q, err)
	}
	if !found.Exact {
		t.Fatalf("%+v: not exact", q)
	}
	return found
}

// filtered returns q with another filter of a field, without hits.
func filtered(q index.Query, field index.Field, f index.Filter) index.Query {
	q.Filters = slices.DeleteFunc(slices.Clone(q.Filters), func(f index.Filter) bool { return f.Field == field })
	if f.Field = field; len(f.Include)+len(f.Exclude) > 0 {
		q.Filters = append(q.Filters, f)
	}
	q.Limit, q.Interval = 0, ""
	return q
}

// several are the fields of which a release may have more than one value.
var several = []index.Field{index.FieldTopic, index.FieldKind, index.FieldLead, index.FieldMember, index.FieldJoined, index.FieldInvolves, index.FieldAgency, index.FieldCompany}

// openFields are those without a closed list of values.
var openFields = []index.Field{index.FieldYear, index.FieldLanguage, index.FieldCompany}

// clickAll clicks on every value of some facets in every way.
func (c clicker) clickAll(t tester, q index.Query, fields []index.Field) {
	t.Helper()
	got := c.search(t, q)
	for _, field := range fields {
		f, counts := q.Filter(field), got.Facets[field]
		shown := map[string]int{}
		for _, count := range counts {
			shown[count.Value] = count.Count
		}
		for _, v := range f.Include {
			if _, ok := shown[v]; !ok && !slices.Contains(openFields, field) {
				t.Fatalf("%+v: %s %s is selected and not shown", q, field, v)
			}
		}
		if !slices.Contains(several, field) && len(f.Include) > 0 && len(f.Exclude) == 0 {
			sum := 0
			for _, v := range slices.Compact(slices.Sorted(slices.Values(f.Include))) {
				sum += shown[v]
			}
			if sum != got.Total {
				t.Fatalf("%+v: the selected values of %s count %d, found are %d", q, field, sum, got.Total)
			}
		}
		without := c.search(t, filtered(q, field, index.Filter{})).Total
		for _, count := range counts {
			c.click(t, q, field, count, without, shown)
		}
	}
}

// click clicks on one value: alone, excluded, and added to those that are selected.
func (c clicker) click(t tester, q index.Query, field index.Field, count index.Count, without int, shown map[string]int) {
	t.Helper()
	expect := func(how string, f index.Filter, want int) index.Found {
		t.Helper()
		found := c.search(t, filtered(q, field, f))
		if found.Total != want {
			t.Fatalf("%+v: %s %s shows %d; a click (%s) finds %d, not %d", q, field, count.Value, count.Count, how, found.Total, want)
		}
		return found
	}
	expect("alone", index.Filter{Include: []string{count.Value}}, count.Count)
	expect("excluded", index.Filter{Exclude: []string{count.Value}}, without-count.Count)
	f := q.Filter(field)
	if slices.Contains(f.Include, count.Value) {
		return
	}
	added := index.Filter{Field: field, Include: append(slices.Clone(f.Include), count.Value), Exclude: f.Exclude}
	clicked := filtered(q, field, added)
	want := len(c.model.ordered(clicked))
	if !slices.Contains(several, field) && len(f.Exclude) == 0 {
		sum := count.Count
		for _, v := range slices.Compact(slices.Sorted(slices.Values(f.Include))) {
			sum += shown[v]
		}
		if sum != want {
			t.Fatalf("%+v: with %s %s the counts sum up to %d, not %d", q, field, count.Value, sum, want)
		}
	}
	found := expect("added", added, want)
	// What is selected in a facet changes nothing in it.
	after := map[string]int{}
	for _, c := range found.Facets[field] {
		after[c.Value] = c.Count
	}
	if diff := gocmp.Diff(shown, after); diff != "" {
		t.Fatalf("%+v: a click on %s %s changed that facet (-before +after)\n%s", q, field, count.Value, diff)
	}
}

// undatedOnly narrows a question to releases without a date.
func undatedOnly(q index.Query) index.Query {
	nodes := []index.Node{index.Has{Field: index.FieldYear, Value: index.Undated}}
	if q.Root != nil {
		nodes = append(nodes, q.Root)
	}
	q.Root = index.And{Nodes: nodes}
	return q
}

// histograms checks that the bars of every width sum up, with what is undated, to the total.
func (c clicker) histograms(t tester, q index.Query) {
	t.Helper()
	undated := c.search(t, undatedOnly(q)).Total
	for _, interval := range []index.Interval{index.IntervalYear, index.IntervalQuarter, index.IntervalMonth, index.IntervalWeek, index.IntervalDay} {
		q.Interval = interval
		found := c.search(t, q)
		sum := undated
		before := index.Date("")
		for _, bar := range found.Histogram {
			sum += bar.Count
			if bar.From > bar.To || bar.From <= before {
				t.Fatalf("%+v: bar %+v after %s", q, bar, before)
			}
			before = bar.To
		}
		if sum != found.Total {
			t.Fatalf("%+v: bars and %d undated sum up to %d, not %d", q, undated, sum, found.Total)
		}
	}
}

// undated checks what a span of days leaves out, and that it can be kept.
func (c clicker) undated(t tester, q index.Query) {
	t.Helper()
	q.IncludeUndated = false
	without := c.search(t, q)
	q.IncludeUndated = true
	with := c.search(t, q)
	if with.Undated != 0 || with.Total != without.Total+without.Undated {
		t.Fatalf("%+v: %d releases and %d undated; with those %d and %d", q, without.Total, without.Undated, with.Total, with.Undated)
	}
	if kept := c.search(t, undatedOnly(q)).Total; (q.From != "" || q.To != "") && kept != without.Undated {
		t.Fatalf("%+v: %d were left out as undated, %d are undated", q, without.Undated, kept)
	}
}
