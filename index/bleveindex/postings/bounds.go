package postings

import (
	"cmp"
	"math"
	"slices"
)

const (
	// boundedBlock is how many documents in a row share a bound.
	boundedBlock = 64
	// prunedFrom is from how many documents on it pays to ask for bounds first.
	prunedFrom = 2048
	// slack makes up for what floating point numbers round.
	slack = 1 + 1e-5
)

// Where the best documents of a question are wanted, a block of documents that can't have
// one is not scored at all: block-max pruning (Ding, Suel: Faster top-k document retrieval
// using block-max indexes, 2011). What bounds a word's weights is made when the word is
// first asked for, and kept.

// Plan is an order in which to score documents of a segment: blocks that may have the
// best come first.
type Plan struct {
	docs   []uint32
	blocks []block // the highest bound first
}

// block is a part of the documents of a plan and what none of them scores more than.
type block struct {
	first, end int
	bound      float64
}

// Plan prepares to score docs, which are in ascending order.
func (q *Question) Plan(segment int, docs []uint32, s *Scratch) (*Plan, error) {
	p := &Plan{docs: docs}
	if len(docs) < prunedFrom || q.pace.Late() {
		p.blocks = []block{{0, len(docs), math.Inf(1)}}
		return p, nil
	}
	s.grow(q.snapshot.Segments[segment].Columns.Count)
	limits := make([][]float32, len(q.scored))
	for i, part := range q.scored {
		var err error
		if limits[i], err = part.bounds(q, segment, s); err != nil {
			return nil, err
		}
	}
	for first := 0; first < len(docs); {
		number := docs[first] / boundedBlock
		end := first + 1
		for end < len(docs) && docs[end]/boundedBlock == number {
			end++
		}
		p.blocks = append(p.blocks, block{first, end, q.limit(limits, int(number)) * slack})
		first = end
	}
	slices.SortFunc(p.blocks, func(a, b block) int {
		if a.bound != b.bound {
			return cmp.Compare(b.bound, a.bound)
		}
		return cmp.Compare(a.first, b.first)
	})
	return p, nil
}

// limit returns the most that a document of a block can score.
func (q *Question) limit(limits [][]float32, block int) float64 {
	sum := 0.0
	for i, l := range limits {
		tf := 1.0
		if l != nil {
			tf = float64(l[block])
		}
		sum += q.values[i] * saturated(tf)
	}
	return sum
}

// Next returns the documents to score next, in ascending order: those of so many blocks,
// unless there are no more that may score floor or better. None is returned twice.
func (p *Plan) Next(floor float64, most int) []uint32 {
	n, end := 0, 0
	for end < len(p.blocks) && end < most && p.blocks[end].bound >= floor {
		n += p.blocks[end].end - p.blocks[end].first
		end++
	}
	blocks := p.blocks[:end]
	p.blocks = p.blocks[end:]
	slices.SortFunc(blocks, func(a, b block) int { return cmp.Compare(a.first, b.first) })
	if len(blocks) == 1 {
		return p.docs[blocks[0].first:blocks[0].end]
	}
	docs := make([]uint32, 0, n)
	for _, b := range blocks {
		docs = append(docs, p.docs[b.first:b.end]...)
	}
	return docs
}

// bounds returns those of a word, kept ones where there are.
func (w *word) bounds(q *Question, segment int, s *Scratch) ([]float32, error) {
	part := q.snapshot.Segments[segment]
	o, err := w.occurrences(q, segment)
	if err != nil {
		return nil, err
	}
	if kept := part.Kept.get(w.key()); kept != nil {
		return q.adjusted(kept), nil
	}
	docs := o.set.ToArray()
	count := part.Columns.Count
	made := &keptWord{titleAverage: q.snapshot.TitleAverage, textAverage: q.snapshot.TextAverage}
	made.blocks = make([]float32, count/boundedBlock+1)
	if len(docs) >= count/keptShare {
		made.title, made.text = make([]uint8, count), make([]uint8, count)
	}
	if err := w.count(segment, docs, s); err != nil {
		return nil, err
	}
	for _, doc := range docs {
		b := &made.blocks[doc/boundedBlock]
		*b = max(*b, q.weight(part.Columns, doc, int(s.title[doc]), int(s.text[doc]))/askedCounts)
		if made.text != nil {
			made.title[doc], made.text[doc] = s.title[doc], s.text[doc]
		}
		s.title[doc], s.text[doc] = 0, 0
	}
	if len(docs) >= prunedFrom {
		part.Kept.put(w.key(), made)
	}
	return made.blocks, nil
}

// adjusted returns bounds for the averages of today: a text weighs the more the longer
// texts are on average, and never more than in proportion.
func (q *Question) adjusted(kept *keptWord) []float32 {
	grown := max(q.snapshot.TitleAverage/kept.titleAverage, q.snapshot.TextAverage/kept.textAverage)
	if grown <= 1 {
		return kept.blocks
	}
	blocks := make([]float32, len(kept.blocks))
	for i, b := range kept.blocks {
		blocks[i] = b * float32(grown)
	}
	return blocks
}

// bounds says that all words of a prefix are worth the same.
func (t *terms) bounds(*Question, int, *Scratch) ([]float32, error) { return nil, nil }

// bounds returns those of a phrase, which is found by now.
func (r *run) bounds(q *Question, segment int, _ *Scratch) ([]float32, error) {
	c := q.snapshot.Segments[segment].Columns
	blocks := make([]float32, c.Count/boundedBlock+1)
	for _, h := range r.found[segment] {
		b := &blocks[h.doc/boundedBlock]
		*b = max(*b, q.weight(c, h.doc, int(h.title), int(h.text)))
	}
	return blocks, nil
}
