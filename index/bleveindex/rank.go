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
	k := candidate{columns: c, doc: doc, score: score}
	day := int64(c.Order[doc])
	switch sort {
	case index.SortRelevance:
		k.primary, k.secondary = int64(math.Float64bits(score)), day // positive floats sort like their bits
	case index.SortAdded:
		k.primary, k.secondary = c.Added[doc], day
	case index.SortChanged:
		k.primary, k.secondary = c.Changed[doc], day
	case index.SortOldest:
		k.primary = -day
		if day == columns.NoDay {
			k.primary = math.MinInt64
		}
	case index.SortNewest:
		k.primary = day
	}
	return k
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

func (r *ranking) sorted() []candidate {
	if r.limit == 0 {
		slices.SortFunc(r.kept, candidate.compare)
	}
	return r.kept
}
