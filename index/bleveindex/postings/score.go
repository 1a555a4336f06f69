package postings

import (
	"fmt"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
	"agora/index/bleveindex/columns"
)

// Weights of BM25 over two fields (Robertson, Zaragoza, Taylor: Simple BM25 extension to
// multiple weighted fields, 2004): frequencies in title and text, each by its length, are
// added before they saturate.
const (
	saturation  = 1.2 // k1
	lengthShare = 0.75
	titleWeight = 5.0
	askedCounts = 2 // times another word of the same family
)

// scorer is a part of a query that says how well a document fits.
type scorer interface {
	// prepare finds in all segments what weigh needs, and returns how much the part says
	// about a document that has it once.
	prepare(q *Question) (value float64, err error)
	// weigh adds frequencies, by length, of docs to those in s. Docs ascend.
	weigh(q *Question, segment int, docs []uint32, s *Scratch) error
	// bounds returns the greatest weight in each block of documents, nil where that is
	// nowhere more than 1.
	bounds(q *Question, segment int, s *Scratch) ([]float32, error)
}

// Scratch is memory for the scores of one segment, by document, that searches hand on.
// It is all zero between uses.
type Scratch struct {
	Scores      []float64
	Docs        []uint32 // for the caller; not zero
	tf          []float32
	title, text []uint8 // occurrences of the word at hand
}

func (s *Scratch) grow(n int) {
	if len(s.tf) < n {
		s.tf, s.Scores = make([]float32, n), make([]float64, n)
		s.title, s.text = make([]uint8, n), make([]uint8, n)
	}
}

// Prepare finds in all segments what scores need. Score needs it.
func (q *Question) Prepare() error {
	q.values = make([]float64, len(q.scored))
	for i, part := range q.scored {
		value, err := part.prepare(q)
		if err != nil {
			return err
		}
		q.values[i] = value
	}
	return nil
}

// Same returns the score that all matches share; false where they differ.
func (q *Question) Same() (float64, bool) {
	if len(q.scored) != 1 {
		return 0, false
	}
	same, ok := q.scored[0].(*terms)
	if !ok {
		return 0, false
	}
	if all, ok := q.root.(conjunction); ok {
		ok = slices.Contains(all.quick, expression(same))
		return q.values[0] * saturated(1), ok
	}
	return q.values[0] * saturated(1), q.root == expression(same)
}

// Score fills in the scores of docs of a segment that were matched; Clear must follow.
func (q *Question) Score(segment int, docs []uint32, s *Scratch) error {
	s.grow(q.snapshot.Segments[segment].Columns.Count)
	if q.pace.Late() && !q.Patient {
		q.Unranked = true
		q.cut("ranking_cut", "The search took long; results are not all in the order of relevance.")
		return nil
	}
	for i, part := range q.scored {
		if err := q.Check(); err != nil {
			return err
		}
		if err := part.weigh(q, segment, docs, s); err != nil {
			return err
		}
		for _, doc := range docs {
			if tf := float64(s.tf[doc]); tf > 0 {
				s.Scores[doc] += q.values[i] * saturated(tf)
				s.tf[doc] = 0
			}
		}
	}
	return nil
}

// saturated returns what a weight comes to: the more there is of a word, the less more of
// it says.
func saturated(tf float64) float64 { return tf * (saturation + 1) / (tf + saturation) }

// Clear makes the memory zero again after a use for docs.
func (s *Scratch) Clear(docs []uint32) {
	for _, doc := range docs {
		s.tf[doc], s.Scores[doc] = 0, 0
	}
}

// norm returns what a frequency is divided by in a field of this length.
func norm(length uint16, average float64) float32 {
	return float32(1 - lengthShare + lengthShare*float64(length)/average)
}

// weight returns what so many occurrences in title and text weigh.
func (q *Question) weight(c *columns.Columns, doc uint32, title, text int) float32 {
	var sum float32
	if title > 0 {
		sum = titleWeight * float32(title) / norm(c.TitleLength[doc], q.snapshot.TitleAverage)
	}
	if text > 0 {
		sum += float32(text) / norm(c.TextLength[doc], q.snapshot.TextAverage)
	}
	return sum
}

func (w *word) prepare(q *Question) (float64, error) {
	n := 0
	for i, s := range q.snapshot.Segments {
		o, err := w.occurrences(q, i)
		if err != nil {
			return 0, err
		}
		n += s.live(o.set)
	}
	return q.inverse(n), nil
}

func (w *word) weigh(q *Question, segment int, docs []uint32, s *Scratch) error {
	part := q.snapshot.Segments[segment]
	title, text := s.title, s.text
	kept := part.Kept.get(w.key())
	if kept != nil && kept.text != nil {
		title, text = kept.title, kept.text
	} else {
		kept = nil
		if err := w.count(segment, docs, s); err != nil {
			return err
		}
	}
	for _, doc := range docs {
		if t, x := title[doc], text[doc]; t|x != 0 {
			s.tf[doc] += q.weight(part.Columns, doc, int(t), int(x)) / askedCounts
			if kept == nil {
				title[doc], text[doc] = 0, 0
			}
		}
	}
	return nil
}

// count adds the occurrences of a word in docs, up to 255, to those in s.
func (w *word) count(segment int, docs []uint32, s *Scratch) error {
	set := roaring.New()
	set.AddMany(docs)
	var reader zap.PostingsIterator
	for _, list := range w.found[segment].lists {
		into := s.text
		if list.title {
			into = s.title
		}
		reader = list.postings.Iterator(true, true, false, reader)
		narrow, narrows := reader.(zap.OptimizablePostingsIterator)
		if narrows = narrows && narrow.ActualBitmap() != nil; narrows {
			all := narrow.ActualBitmap()
			if both := roaring.And(all, set); both.GetCardinality() < all.GetCardinality() {
				narrow.ReplaceActual(both)
			}
		}
		for {
			p, err := reader.Next()
			if err != nil {
				return fmt.Errorf("read frequencies: %w", err)
			}
			if p == nil {
				break
			}
			doc := uint32(p.Number())
			if !narrows && !set.Contains(doc) {
				continue
			}
			n := p.Frequency()
			if list.asked {
				n *= askedCounts
			}
			into[doc] = uint8(min(uint64(into[doc])+n, math.MaxUint8))
		}
	}
	return nil
}

func (t *terms) prepare(q *Question) (float64, error) {
	n := 0
	for i, s := range q.snapshot.Segments {
		set, err := t.match(q, i, nil)
		if err != nil {
			return 0, err
		}
		n += s.live(set)
	}
	return q.inverse(n), nil
}

func (t *terms) weigh(_ *Question, segment int, docs []uint32, s *Scratch) error { //nolint:unparam // words can fail
	set := t.found[segment]
	for _, doc := range docs {
		if set.Contains(doc) {
			s.tf[doc] = 1
		}
	}
	return nil
}

// prepare says that a run is worth all its tokens together.
func (r *run) prepare(q *Question) (float64, error) {
	sum := 0.0
	measured := index.InText // what the title has, the text mostly has too
	if r.in == index.InTitle {
		measured = index.InTitle
	}
	for _, w := range r.wanted {
		n := 0
		for i, s := range q.snapshot.Segments {
			for _, f := range fieldsOf(measured) {
				d, err := q.dictionary(i, f.name)
				if err != nil {
					return 0, err
				}
				list, err := d.PostingsList([]byte(w.Text), s.Deleted, nil)
				if err != nil {
					return 0, fmt.Errorf("read postings: %w", err)
				}
				n += int(list.Count())
			}
		}
		sum += q.inverse(n)
	}
	return sum, nil
}

func (r *run) weigh(q *Question, segment int, docs []uint32, s *Scratch) error { //nolint:unparam // words can fail
	c := q.snapshot.Segments[segment].Columns
	hits := r.found[segment]
	for _, doc := range docs {
		for len(hits) > 0 && hits[0].doc < doc {
			hits = hits[1:]
		}
		if len(hits) == 0 {
			break
		}
		if h := hits[0]; h.doc == doc {
			s.tf[doc] += q.weight(c, doc, int(h.title), int(h.text))
		}
	}
	return nil
}
