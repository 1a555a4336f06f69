package columns

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"agora/index"
)

// facet counts the values of one field.
type facet struct {
	field index.Field
	bits  [64]int        // by place in the closed list
	years tally          // by year
	words map[string]int // of a field without a closed list

	undated int
}

func newFacet(field index.Field) *facet {
	return &facet{field: field, words: map[string]int{}}
}

// adder returns what counts documents of a segment.
func (f *facet) adder(c *Columns) adder {
	switch f.field {
	case index.FieldYear:
		return func(docs []uint32, by int) { f.addYears(docs, c.year, by) }
	case index.FieldLanguage:
		return func(docs []uint32, by int) {
			counts := make([]int, len(c.languages))
			for _, doc := range docs {
				counts[c.language[doc]]++
			}
			for i, n := range counts {
				if n > 0 {
					f.words[c.languages[i]] += n * by
				}
			}
		}
	case index.FieldCompany:
		counts := make([]int, len(c.companies)) // zero between blocks
		var touched []uint32
		return func(docs []uint32, by int) {
			for _, doc := range docs {
				for _, place := range c.company[c.ends[doc]:c.ends[doc+1]] {
					if counts[place]++; counts[place] == 1 {
						touched = append(touched, place)
					}
				}
			}
			for _, place := range touched {
				f.words[c.companies[place]] += counts[place] * by
				counts[place] = 0
			}
			touched = touched[:0]
		}
	case index.FieldState:
		return func(docs []uint32, by int) { f.addPlaces(docs, c.office, by) }
	case index.FieldTopic:
		return func(docs []uint32, by int) { f.addBits(docs, c.topics, by) }
	}
	set := c.sets(f.field)
	return func(docs []uint32, by int) {
		for _, doc := range docs {
			for s := set(doc); s != 0; s &= s - 1 {
				f.bits[bits.TrailingZeros64(s)] += by
			}
		}
	}
}

// The loops that most answers spend their time in.

func (f *facet) addBits(docs []uint32, column []uint64, by int) {
	var counts [64]int
	for _, doc := range docs {
		for s := column[doc]; s != 0; s &= s - 1 {
			counts[bits.TrailingZeros64(s)&63]++
		}
	}
	for place, n := range counts {
		f.bits[place] += n * by
	}
}

func (f *facet) addPlaces(docs []uint32, column []uint8, by int) {
	var counts [256]int
	for _, doc := range docs {
		counts[column[doc]]++
	}
	for place := range f.bits {
		f.bits[place] += counts[place] * by
	}
}

func (f *facet) addYears(docs []uint32, column []uint16, by int) {
	var counts [4096]int // years of any calendar that matters; others one by one
	low, high := len(counts), 0
	for _, doc := range docs {
		year := int(column[doc])
		if year >= len(counts) {
			f.years.add(year, by)
			continue
		}
		counts[year]++
		if year != 0 {
			low, high = min(low, year), max(high, year)
		}
	}
	f.undated += counts[0] * by
	for year := low; year <= high; year++ {
		if counts[year] > 0 {
			f.years.add(year, counts[year]*by)
		}
	}
}

// merge adds the counts of another facet of the field.
func (f *facet) merge(o *facet) {
	for place, n := range o.bits {
		f.bits[place] += n
	}
	f.undated += o.undated
	f.years.merge(&o.years)
	for word, n := range o.words {
		f.words[word] += n
	}
}

// totalKey names a count of all documents: of a facet or of a histogram.
type totalKey string

// facetTotals returns the counts of all documents, deleted ones included, made once.
func (c *Columns) facetTotals(field index.Field) *facet {
	return c.total(totalKey(field), func() any {
		f := newFacet(field)
		c.all(f.adder(c))
		return f
	}).(*facet)
}

// barTotals is facetTotals for a histogram.
func (c *Columns) barTotals(interval index.Interval) *tally {
	return c.total(totalKey("by "+interval), func() any {
		b := &bars{interval: interval}
		c.all(b.adder(c))
		return &b.tally
	}).(*tally)
}

func (c *Columns) total(key totalKey, count func() any) any {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.totals == nil {
		c.totals = map[totalKey]any{}
	}
	if c.totals[key] == nil {
		c.totals[key] = count()
	}
	return c.totals[key]
}

// all counts all documents, deleted ones included.
func (c *Columns) all(add adder) {
	for docs := range slices.Chunk(c.Newest, blockSize) {
		add(docs, 1)
	}
}

// counts lists the values found and, with 0, those of closed lists that are selected.
func (f *facet) counts(selected []string) []index.Count {
	counts := []index.Count{}
	switch f.field {
	case index.FieldYear:
		for i, n := range slices.Backward(f.years.counts) {
			if n > 0 {
				counts = append(counts, index.Count{Value: yearName(uint16(f.years.base + i)), Count: n})
			}
		}
		if f.undated > 0 {
			counts = append(counts, index.Count{Value: index.Undated, Count: f.undated})
		}
		return counts
	case index.FieldLanguage:
		for value, n := range f.words {
			if value != "" && n > 0 {
				counts = append(counts, index.Count{Value: value, Count: n})
			}
		}
	case index.FieldCompany:
		return f.companies(selected)
	default:
		l, _ := closedList(f.field)
		for i, value := range l {
			if value != "" && (f.bits[i] > 0 || slices.Contains(selected, value)) {
				counts = append(counts, index.Count{Value: value, Count: f.bits[i]})
			}
		}
	}
	slices.SortFunc(counts, byCount)
	return counts
}

// byCount puts the more frequent first.
func byCount(a, b index.Count) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
}

// mostCompanies is how many values the facet of companies shows, beside those selected: the
// list is open, and the rest can be asked for by name.
const mostCompanies = 200

// companies lists the companies found, each under one label.
func (f *facet) companies(selected []string) []index.Count {
	found := map[string]index.Count{}
	for name, n := range f.words {
		value, label, _ := strings.Cut(name, "\t")
		if count := found[value]; n > 0 {
			if count.Value == "" || label < count.Label {
				count.Label = label
			}
			found[value] = index.Count{Value: value, Label: count.Label, Count: count.Count + n}
		}
	}
	counts := slices.SortedFunc(maps.Values(found), byCount)
	for i := len(counts) - 1; i >= mostCompanies; i-- {
		if !slices.Contains(selected, counts[i].Value) {
			counts = slices.Delete(counts, i, i+1)
		}
	}
	return slices.AppendSeq([]index.Count{}, slices.Values(counts))
}
