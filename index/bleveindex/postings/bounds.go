package postings

import (
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

// Plan is a way to score documents of a segment: blocks that may have the best come first.
type Plan struct {
	docs   []uint32
	blocks []block // that were not handed out yet, in the order of documents
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

// Next returns the documents to score next, in ascending order: those of the blocks with
// the highest bounds, about so many, unless there are no more that may score floor or
// better. None is returned twice.
func (p *Plan) Next(floor float64, most int) []uint32 {
	least := max(floor, p.threshold(floor, most))
	rest := p.blocks[:0]
	var docs []uint32
	for _, b := range p.blocks {
		switch {
		case b.bound < floor: // and never more
		case b.bound < least:
			rest = append(rest, b)
		default:
			docs = append(docs, p.docs[b.first:b.end]...)
		}
	}
	p.blocks = rest
	return docs
}

// threshold returns the bound of the last of so many blocks with the highest; of all, where
// they are no more.
func (p *Plan) threshold(floor float64, most int) float64 {
	if most >= len(p.blocks) {
		return floor
	}
	highest := make([]float64, 0, min(most, len(p.blocks))+1) // the lowest of them first
	for _, b := range p.blocks {
		if b.bound < floor || len(highest) == most && b.bound <= highest[0] {
			continue
		}
		at, _ := slices.BinarySearch(highest, b.bound)
		highest = slices.Insert(highest, at, b.bound)
		if len(highest) > most {
			highest = highest[1:]
		}
	}
	if len(highest) < most {
		return floor
	}
	return highest[0]
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
func (r *run) bounds(q *Question, segment int, _ *Scratch) ([]float32, error) { //nolint:unparam // words can fail
	c := q.snapshot.Segments[segment].Columns
	blocks := make([]float32, c.Count/boundedBlock+1)
	for _, h := range r.found[segment] {
		b := &blocks[h.doc/boundedBlock]
		*b = max(*b, q.weight(c, h.doc, int(h.title), int(h.text)))
	}
	return blocks, nil
}
