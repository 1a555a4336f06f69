package columns

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

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
	if n.bars != nil {
		count.bars = n.bars.adder(c)
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
	adders  []adder // of the facets
	bars    adder   // nil where no histogram was asked for
}

// adder counts documents, each as so many: taking away is counting as -1.
type adder func(docs []uint32, by int)

// Add counts docs and returns those that pass all filters, in the same memory.
func (s *Count) Add(docs []uint32) []uint32 {
	passed := docs
	if len(s.tests) > 0 {
		passed = s.filter(docs)
	}
	s.census.Total += len(passed)
	s.add(passed, 1)
	return passed
}

func (s *Count) add(docs []uint32, by int) {
	for _, add := range s.adders {
		add(docs, by)
	}
	if s.bars != nil {
		s.bars(docs, by)
	}
}

// Filtered tells whether documents may fail a filter.
func (s *Count) Filtered() bool { return len(s.tests) > 0 }

// AddMost counts a set of documents like Add where nothing is filtered, by counting those
// that it lacks: quicker where it has most of the segment.
func (s *Count) AddMost(set *roaring.Bitmap) {
	s.census.Total += int(set.GetCardinality())
	for _, f := range s.census.facets {
		f.merge(s.columns.facetTotals(f.field))
	}
	if bars := s.census.bars; bars != nil {
		bars.tally.merge(s.columns.barTotals(bars.interval))
	}
	block := make([]uint32, blockSize)
	for lacking := roaring.Flip(set, 0, uint64(s.columns.Count)).ManyIterator(); ; {
		n := lacking.NextMany(block)
		if n == 0 {
			return
		}
		s.add(block[:n], -1)
	}
}

// blockSize is how many documents are counted at a time: enough to forget the calls.
const blockSize = 4096

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
			s.adders[t.facet](t.failed, 1)
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
