package postings

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
)

// Weights of BM25 over two fields (Robertson, Zaragoza, Taylor: Simple BM25 extension to
// multiple weighted fields, 2004): frequencies in title and text, each by its length, are
// added before they saturate.
const (
	saturation  = 1.2 // k1
	lengthShare = 0.75
	titleWeight = 3.0
)

// scorer is a part of a query that says how well a document fits.
type scorer interface {
	// prepare finds in all segments what weigh needs, and returns how much the part says
	// about a document that has it once.
	prepare(q *Question) (value float64, err error)
	// weigh adds frequencies, by length, of the documents in set to those in tf.
	weigh(q *Question, segment int, set *roaring.Bitmap, tf []float32) error
}

// Scratch is memory for the scores of one segment, by document, that searches hand on.
// It is all zero between uses.
type Scratch struct {
	Scores []float64
	tf     []float32
}

func (s *Scratch) grow(n int) {
	if len(s.tf) < n {
		s.tf, s.Scores = make([]float32, n), make([]float64, n)
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

// Score fills in the scores of docs of a segment that were matched; Clear must follow.
func (q *Question) Score(segment int, docs []uint32, s *Scratch) error {
	s.grow(q.snapshot.Segments[segment].Columns.Count)
	set := roaring.New()
	set.AddMany(docs)
	for i, part := range q.scored {
		if err := q.Check(); err != nil {
			return err
		}
		if err := part.weigh(q, segment, set, s.tf); err != nil {
			return err
		}
		for _, doc := range docs {
			if tf := float64(s.tf[doc]); tf > 0 {
				s.Scores[doc] += q.values[i] * tf * (saturation + 1) / (tf + saturation)
				s.tf[doc] = 0
			}
		}
	}
	return nil
}

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

// frequency returns the weight of n occurrences.
func (q *Question) frequency(segment int, doc uint32, title bool, n float32) float32 {
	c := q.snapshot.Segments[segment].Columns
	if title {
		return titleWeight * n / norm(c.TitleLength[doc], q.snapshot.TitleAverage)
	}
	return n / norm(c.TextLength[doc], q.snapshot.TextAverage)
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

func (w *word) weigh(q *Question, segment int, set *roaring.Bitmap, tf []float32) error {
	var reader zap.PostingsIterator
	for _, list := range w.found[segment].lists {
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
			tf[doc] += q.frequency(segment, doc, list.title, float32(p.Frequency()))
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

func (t *terms) weigh(_ *Question, segment int, set *roaring.Bitmap, tf []float32) error { //nolint:unparam // words can fail
	for docs := roaring.And(set, t.found[segment]).Iterator(); docs.HasNext(); {
		tf[docs.Next()] = 1
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
		for i := range q.snapshot.Segments {
			for _, f := range fieldsOf(measured) {
				d, err := q.dictionary(i, f.name)
				if err != nil {
					return 0, err
				}
				list, err := d.PostingsList([]byte(w.Text), nil, nil)
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

func (r *run) weigh(q *Question, segment int, set *roaring.Bitmap, tf []float32) error { //nolint:unparam // words can fail
	for _, h := range r.found[segment] {
		if !set.Contains(h.doc) {
			continue
		}
		tf[h.doc] += q.frequency(segment, h.doc, true, float32(h.title)) + q.frequency(segment, h.doc, false, float32(h.text))
	}
	return nil
}
