package postings

import (
	"github.com/RoaringBitmap/roaring/v2"

	"agora/index"
	"agora/index/bleveindex/columns"
)

// conjunction matches what all parts match; those that are quick to evaluate come first
// and narrow the work of the others.
type conjunction struct{ quick, slow []expression }

func allOf(parts []expression) expression {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	var c conjunction
	for _, p := range parts {
		switch p.(type) {
		case *word, *terms, column:
			c.quick = append(c.quick, p)
		default:
			c.slow = append(c.slow, p)
		}
	}
	return c
}

func (c conjunction) match(q *Question, segment int, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	for _, parts := range [...][]expression{c.quick, c.slow} {
		for _, p := range parts {
			if within != nil && within.IsEmpty() {
				return within, nil
			}
			set, err := p.match(q, segment, within)
			if err != nil {
				return nil, err
			}
			if within != nil {
				set = roaring.And(within, set)
			}
			within = set
		}
	}
	return within, nil
}

// disjunction matches what one part matches.
type disjunction []expression

func anyOf(parts []expression) expression {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	return disjunction(parts)
}

func (d disjunction) match(q *Question, segment int, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, len(d))
	for i, p := range d {
		var err error
		if sets[i], err = p.match(q, segment, within); err != nil {
			return nil, err
		}
	}
	return roaring.FastOr(sets...), nil
}

// not matches what its part does not.
type not struct{ part expression }

func (n not) match(q *Question, segment int, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	if within == nil {
		within = everything(q.snapshot.Segments[segment])
	}
	set, err := n.part.match(q, segment, within)
	if err != nil {
		return nil, err
	}
	return roaring.AndNot(within, set), nil
}

// everything returns all documents of a segment, deleted ones included.
func everything(s Segment) *roaring.Bitmap {
	all := roaring.New()
	all.AddRange(0, uint64(s.Columns.Count))
	return all
}

// column matches by what the columns say.
type column struct {
	test func(c *columns.Columns) columns.Test
}

// columnExpression returns the expression of a node that asks for no words; false where
// the node is not one of them.
func columnExpression(node index.Node) (expression, bool) {
	var test func(c *columns.Columns) columns.Test
	switch n := node.(type) {
	case index.Has:
		test = func(c *columns.Columns) columns.Test { return c.Has(n.Field, n.Value) }
	case index.InOffice:
		test = func(c *columns.Columns) columns.Test { return c.InOffice(n.Name) }
	case index.Published:
		test = func(c *columns.Columns) columns.Test { return c.Published(n.From, n.To) }
	case index.IsMultistate:
		test = func(c *columns.Columns) columns.Test { return c.Multistate() }
	case index.Nothing:
		test = func(*columns.Columns) columns.Test { return func(uint32) bool { return false } }
	default:
		return nil, false
	}
	return column{test}, true
}

func (x column) match(q *Question, segment int, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	c := q.snapshot.Segments[segment].Columns
	pass := x.test(c)
	found := make([]uint32, 0, 1024)
	if within != nil {
		for docs := within.Iterator(); docs.HasNext(); {
			if doc := docs.Next(); pass(doc) {
				found = append(found, doc)
			}
		}
	} else {
		for doc := range uint32(c.Count) {
			if pass(doc) {
				found = append(found, doc)
			}
		}
	}
	set := roaring.New()
	set.AddMany(found)
	return set, nil
}
