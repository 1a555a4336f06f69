package columns

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"time"

	"agora/index"
)

// Census goes once over the documents that have the words of a query and finds the total,
// every facet and the histogram: a document that fails exactly one filter counts for that
// filter's own facet and for nothing else.
type Census struct {
	Total   int
	Undated int // documents that fail only because they have no date

	query  index.Query
	facets []*facet
	bars   *bars
}

// NewCensus prepares the count of a query.
func NewCensus(q index.Query) *Census {
	n := &Census{query: q}
	for _, field := range q.Facets {
		if !slices.ContainsFunc(n.facets, func(f *facet) bool { return f.field == field }) {
			n.facets = append(n.facets, newFacet(field))
		}
	}
	if q.Interval != "" {
		n.bars = &bars{interval: q.Interval}
	}
	return n
}

// Segment prepares the count of the documents of one segment. It must be used before the
// next one is prepared.
func (n *Census) Segment(c *Columns) *Count {
	count := &Count{census: n, columns: c}
	for _, f := range n.query.Filters {
		if len(f.Include) == 0 && len(f.Exclude) == 0 {
			continue
		}
		own := slices.IndexFunc(n.facets, func(facet *facet) bool { return facet.field == f.Field })
		count.tests = append(count.tests, test{pass: c.Filter(f), facet: own})
	}
	q := n.query
	if q.From != "" || q.To != "" {
		within := c.Published(q.From, q.To)
		if q.IncludeUndated {
			count.tests = append(count.tests, test{facet: -1, pass: func(doc uint32) bool { return c.Day[doc] == NoDay || within(doc) }})
		} else {
			count.tests = append(count.tests, test{facet: -1, pass: within, dates: true})
		}
	}
	if !q.AddedFrom.IsZero() {
		count.tests = append(count.tests, test{facet: -1, pass: c.AddedSince(q.AddedFrom.UnixMilli())})
	}
	if !q.ChangedFrom.IsZero() {
		count.tests = append(count.tests, test{facet: -1, pass: c.ChangedSince(q.ChangedFrom.UnixMilli())})
	}
	for _, f := range n.facets {
		count.adders = append(count.adders, f.adder(c))
	}
	return count
}

// test is a filter; facet is its own facet among those asked for, or -1.
type test struct {
	pass   Test
	facet  int
	dates  bool     // it leaves undated documents out
	failed []uint32 // documents that fail this test alone
}

// Count counts documents of one segment.
type Count struct {
	census  *Census
	columns *Columns
	tests   []test
	adders  []func(docs []uint32)
}

// Add counts docs and returns those that pass all filters, in the same memory.
func (s *Count) Add(docs []uint32) []uint32 {
	passed := docs
	if len(s.tests) > 0 {
		passed = s.filter(docs)
	}
	s.census.Total += len(passed)
	for _, add := range s.adders {
		add(passed)
	}
	if bars := s.census.bars; bars != nil {
		for _, doc := range passed {
			if day := s.columns.Day[doc]; day != NoDay {
				bars.tally.add(bars.number(day))
			}
		}
	}
	return passed
}

// filter returns the documents that pass all tests, and counts those that fail one.
func (s *Count) filter(docs []uint32) []uint32 {
	passed := docs[:0]
	for _, doc := range docs {
		failed := -1
		failures := 0
		for i := range s.tests {
			if !s.tests[i].pass(doc) {
				if failures++; failures > 1 {
					break
				}
				failed = i
			}
		}
		switch failures {
		case 0:
			passed = append(passed, doc)
		case 1:
			s.tests[failed].failed = append(s.tests[failed].failed, doc)
		}
	}
	for i := range s.tests {
		t := &s.tests[i]
		if t.facet >= 0 {
			s.adders[t.facet](t.failed)
		}
		if t.dates {
			for _, doc := range t.failed {
				if s.columns.Day[doc] == NoDay {
					s.census.Undated++
				}
			}
		}
		t.failed = t.failed[:0]
	}
	return passed
}

// Facets returns the counts as an engine has to show them.
func (n *Census) Facets() map[index.Field][]index.Count {
	shown := make(map[index.Field][]index.Count, len(n.facets))
	for _, f := range n.facets {
		shown[f.field] = f.counts(n.query.Filter(f.field).Include)
	}
	return shown
}

// Histogram returns the bars of the query's span of days; where that is open or too long,
// from the first or to the last that is not empty.
func (n *Census) Histogram() []index.Bar {
	if n.bars == nil {
		return nil
	}
	return n.bars.shown(n.query.From, n.query.To)
}

// facet counts the values of one field.
type facet struct {
	field index.Field
	bits  [64]int        // by place in the closed list
	years tally          // by year, 0 for undated
	words map[string]int // of a field without a closed list
}

func newFacet(field index.Field) *facet {
	return &facet{field: field, words: map[string]int{}}
}

// adder returns what counts documents of a segment.
func (f *facet) adder(c *Columns) func(docs []uint32) {
	switch f.field {
	case index.FieldYear:
		return func(docs []uint32) {
			for _, doc := range docs {
				f.years.add(int(c.year[doc]))
			}
		}
	case index.FieldLanguage:
		return func(docs []uint32) {
			counts := make([]int, len(c.languages))
			for _, doc := range docs {
				counts[c.language[doc]]++
			}
			for i, n := range counts {
				if n > 0 {
					f.words[c.languages[i]] += n
				}
			}
		}
	case index.FieldState:
		return func(docs []uint32) { f.addBits(docs, c.office) }
	case index.FieldTopic:
		return func(docs []uint32) { f.addBits(docs, c.topics) }
	}
	set := c.sets(f.field)
	return func(docs []uint32) {
		for _, doc := range docs {
			for s := set(doc); s != 0; s &= s - 1 {
				f.bits[bits.TrailingZeros64(s)]++
			}
		}
	}
}

// addBits is the loop that most answers spend their time in.
func (f *facet) addBits(docs []uint32, column []uint64) {
	for _, doc := range docs {
		for s := column[doc]; s != 0; s &= s - 1 {
			f.bits[bits.TrailingZeros64(s)&63]++
		}
	}
}

// counts lists the values found and, with 0, those of closed lists that are selected.
func (f *facet) counts(selected []string) []index.Count {
	counts := []index.Count{}
	switch f.field {
	case index.FieldYear:
		for i, n := range slices.Backward(f.years.counts) {
			if year := f.years.base + i; n > 0 && year > 0 {
				counts = append(counts, index.Count{Value: yearName(uint16(year)), Count: n})
			}
		}
		if n := f.years.at(0); n > 0 {
			counts = append(counts, index.Count{Value: index.Undated, Count: n})
		}
		return counts
	case index.FieldLanguage:
		for value, n := range f.words {
			if value != "" {
				counts = append(counts, index.Count{Value: value, Count: n})
			}
		}
	default:
		l, _ := closedList(f.field)
		for i, value := range l {
			if value != "" && (f.bits[i] > 0 || slices.Contains(selected, value)) {
				counts = append(counts, index.Count{Value: value, Count: f.bits[i]})
			}
		}
	}
	slices.SortFunc(counts, func(a, b index.Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return counts
}

// tally counts whole numbers that lie near each other.
type tally struct {
	base   int // what counts[0] counts
	counts []int
}

func (t *tally) add(n int) {
	i := n - t.base
	switch {
	case t.counts == nil:
		t.base, t.counts = n, make([]int, 1)
		i = 0
	case i < 0:
		t.counts = append(make([]int, -i, len(t.counts)-i), t.counts...)
		t.base = n
		i = 0
	case i >= len(t.counts):
		t.counts = append(t.counts, make([]int, i+1-len(t.counts))...)
	}
	t.counts[i]++
}

func (t *tally) at(n int) int {
	if i := n - t.base; i >= 0 && i < len(t.counts) {
		return t.counts[i]
	}
	return 0
}

// bars counts days by interval.
type bars struct {
	interval index.Interval
	tally    tally
}

// number returns the number of the bar that a day is in.
func (b *bars) number(day int32) int {
	switch b.interval {
	case index.IntervalDay:
		return int(day)
	case index.IntervalWeek: // day 0 was a Thursday
		return int(floorDiv(int64(day)+3, 7))
	case index.IntervalYear, index.IntervalQuarter, index.IntervalMonth:
	}
	year, month, _ := civil(day)
	switch b.interval {
	case index.IntervalQuarter:
		return year*4 + (month-1)/3
	case index.IntervalMonth:
		return year*12 + month - 1
	case index.IntervalYear, index.IntervalWeek, index.IntervalDay:
	}
	return year
}

// first returns the first day of the bar with number n.
func (b *bars) first(n int) int {
	switch b.interval {
	case index.IntervalDay:
		return n
	case index.IntervalWeek:
		return n*7 - 3
	case index.IntervalQuarter:
		return dayOf(n/4, n%4*3+1)
	case index.IntervalMonth:
		return dayOf(n/12, n%12+1)
	case index.IntervalYear:
	}
	return dayOf(n, 1)
}

func dayOf(year, month int) int {
	return int(floorDiv(time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC).Unix(), 24*60*60))
}

// ends returns the numbers of the first and the last bar of a span of days, each that of
// what was found where the span is open. Where there is none the last is below the first.
func (b *bars) ends(from, to index.Date) (first, last int) {
	first, last = b.tally.base, b.tally.base+len(b.tally.counts)-1
	fromDay, begins := Day(from)
	toDay, ends := Day(to)
	switch {
	case begins && ends && toDay < fromDay:
		return first, last
	case len(b.tally.counts) == 0 && (!begins || !ends):
		return first, last // nothing tells the open end
	}
	low, high := first, last
	if begins {
		low = b.number(fromDay)
	}
	if ends {
		high = b.number(toDay)
	}
	if high-low >= index.MaxBars {
		return first, last
	}
	return low, high
}

func (b *bars) shown(from, to index.Date) []index.Bar {
	first, last := b.ends(from, to)
	shown := make([]index.Bar, 0, last-first+1)
	for bar := first; bar <= last; bar++ {
		shown = append(shown, index.Bar{From: dateOf(b.first(bar)), To: dateOf(b.first(bar+1) - 1), Count: b.tally.at(bar)})
	}
	return shown
}
