package bleveindex

import (
	"cmp"
	"math"
	"slices"

	"agora/index"
	"agora/index/bleveindex/columns"
)

// candidate is a document that matched, with what it is sorted by: the higher comes
// first, then the lower id.
type candidate struct {
	primary   int64
	secondary int64
	columns   *columns.Columns
	doc       uint32
	score     float64
}

func (c candidate) compare(o candidate) int {
	if c.primary != o.primary {
		return cmp.Compare(o.primary, c.primary)
	}
	if c.secondary != o.secondary {
		return cmp.Compare(o.secondary, c.secondary)
	}
	return c.columns.CompareIDs(c.doc, o.columns, o.doc)
}

// mayPrecede tells whether the candidate may come before another: by id only compare tells.
func (c *candidate) mayPrecede(o *candidate) bool {
	return c.primary > o.primary || c.primary == o.primary && c.secondary >= o.secondary
}

// follows tells whether the candidate comes after the place of a cursor.
func (c candidate) follows(at cursor) bool {
	if c.primary != at.Primary {
		return c.primary < at.Primary
	}
	if c.secondary != at.Secondary {
		return c.secondary < at.Secondary
	}
	return c.columns.CompareID(c.doc, at.ID) > 0
}

// key returns what sorts a document, which has a score only in an order by relevance.
func key(sort index.Sort, c *columns.Columns, doc uint32, score float64) candidate {
	k := candidate{columns: c, doc: doc, score: score, primary: primaryKey(sort, c, doc, score)}
	switch sort {
	case index.SortRelevance, index.SortAdded, index.SortChanged:
		k.secondary = int64(c.Order[doc])
	case index.SortNewest, index.SortOldest:
	}
	return k
}

// primaryKey returns the first thing that sorts a document.
func primaryKey(sort index.Sort, c *columns.Columns, doc uint32, score float64) int64 {
	switch sort {
	case index.SortRelevance:
		return int64(math.Float64bits(score)) // positive floats sort like their bits
	case index.SortAdded:
		return c.Added[doc]
	case index.SortChanged:
		return c.Changed[doc]
	case index.SortOldest:
		if c.Order[doc] == columns.NoDay {
			return math.MinInt64
		}
		return -int64(c.Order[doc])
	case index.SortNewest:
	}
	return int64(c.Order[doc])
}

// ranking keeps the first of many candidates, in order.
type ranking struct {
	limit int // 0 keeps all, unsorted until sorted is called
	kept  []candidate
}

func (r *ranking) add(c candidate) {
	if r.limit == 0 {
		r.kept = append(r.kept, c)
		return
	}
	if len(r.kept) == r.limit {
		if c.compare(r.kept[len(r.kept)-1]) > 0 {
			return
		}
		r.kept = r.kept[:len(r.kept)-1]
	}
	i, _ := slices.BinarySearchFunc(r.kept, c, candidate.compare)
	r.kept = slices.Insert(r.kept, i, c)
}

// full tells whether candidates have to be better than the last one kept.
func (r *ranking) full() bool { return r.limit > 0 && len(r.kept) == r.limit }

// floor returns the primary key below which no candidate is kept.
func (r *ranking) floor() int64 {
	if !r.full() {
		return math.MinInt64
	}
	return r.last().primary
}

// last returns the last candidate kept.
func (r *ranking) last() *candidate { return &r.kept[len(r.kept)-1] }

func (r *ranking) sorted() []candidate {
	if r.limit == 0 {
		slices.SortFunc(r.kept, candidate.compare)
	}
	return r.kept
}
