package postings

import (
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
	"agora/index/analysis"
)

// run matches tokens by their places: in a row, or near each other.
type run struct {
	wanted []joined
	fields []field
	in     index.TextField
	count  func(places [][]int) int // how often they stand as they should

	found map[int][]hit // by segment
}

// hit is a document and how often title and text have what was looked for.
type hit struct {
	doc         uint32
	title, text int
}

// withoutSigns leaves out signs that stand alone and full stops: they are no words.
func withoutSigns(wanted []analysis.Wanted) []analysis.Wanted {
	var words []analysis.Wanted
	for _, w := range wanted {
		if len(analysis.Words(w.Text)) > 0 {
			words = append(words, analysis.Wanted{Text: w.Text})
		}
	}
	return words
}

func newPhrase(wanted []analysis.Wanted, in index.TextField) expression {
	terms := joinPairs(wanted)
	if len(terms) == 1 && terms[0].pair {
		return &word{text: terms[0].Text, exact: true, fields: fieldsOf(in), found: map[int]*occurrences{}}
	}
	return &run{wanted: terms, fields: fieldsOf(in), in: in, found: map[int][]hit{},
		count: func(places [][]int) int { return inARow(terms, places) }}
}

// newNear looks for wanted words within so many words of each other, in any order.
func newNear(wanted []analysis.Wanted, within int, in index.TextField) *run {
	terms := make([]joined, len(wanted))
	for i, w := range wanted {
		terms[i].Wanted = w
	}
	return &run{wanted: terms, fields: fieldsOf(in), in: in, found: map[int][]hit{},
		count: func(places [][]int) int { return nearEachOther(terms, places, within) }}
}

func (r *run) match(q *Question, segment int, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	set := roaring.New()
	byDoc := map[uint32]*hit{}
	for _, f := range r.fields {
		err := r.search(q, segment, f, within, func(doc uint32, n int) {
			h := byDoc[doc]
			if h == nil {
				h = &hit{doc: doc}
				byDoc[doc] = h
				set.Add(doc)
			}
			if f.title {
				h.title += n
			} else {
				h.text += n
			}
		})
		if err != nil {
			return nil, err
		}
	}
	hits := make([]hit, 0, len(byDoc))
	for docs := set.Iterator(); docs.HasNext(); {
		hits = append(hits, *byDoc[docs.Next()])
	}
	r.found[segment] = hits
	return set, nil
}

// search calls yield with each document that has the run in a field, and how often.
func (r *run) search(q *Question, segment int, f field, within *roaring.Bitmap, yield func(doc uint32, n int)) error {
	readers, candidates, err := r.readers(q, segment, f, within)
	if err != nil || candidates == nil {
		return err
	}
	places := make([][]int, len(readers))
	n := 0
	for docs := candidates.Iterator(); docs.HasNext(); {
		doc := docs.Next()
		if n++; n%4096 == 0 {
			if err := q.Check(); err != nil {
				return err
			}
		}
		whole := true
		for i, reader := range readers {
			p, err := reader.Next()
			if err != nil {
				return fmt.Errorf("read places: %w", err)
			}
			if p == nil || p.Number() != uint64(doc) {
				return fmt.Errorf("read places: postings lost document %d: %w", doc, index.ErrDamaged)
			}
			places[i] = appendPlaces(places[i][:0], p.Locations(), r.wanted[i].Stop)
			whole = whole && len(places[i]) > 0
		}
		if !whole {
			continue
		}
		if n := r.count(places); n > 0 {
			yield(doc, n)
		}
	}
	return nil
}

// readers returns a reader of the postings of each token, over the documents that have
// all of them; no documents where one is missing.
func (r *run) readers(q *Question, segment int, f field, within *roaring.Bitmap) ([]zap.PostingsIterator, *roaring.Bitmap, error) {
	if err := q.Check(); err != nil {
		return nil, nil, err
	}
	dictionary, err := q.dictionary(segment, f.name)
	if err != nil || dictionary.Cardinality() == 0 {
		return nil, nil, err
	}
	readers := make([]zap.PostingsIterator, len(r.wanted))
	candidates := within
	for i, w := range r.wanted {
		list, err := dictionary.PostingsList([]byte(w.Text), nil, nil)
		if err != nil {
			return nil, nil, fmt.Errorf("read postings: %w", err)
		}
		if list.Count() == 0 {
			return nil, nil, nil
		}
		readers[i] = list.Iterator(true, true, true, nil)
		narrowed, ok := readers[i].(zap.OptimizablePostingsIterator)
		if !ok || narrowed.ActualBitmap() == nil {
			return nil, nil, nil // a single posting without places: only inside a compound
		}
		if candidates == nil {
			candidates = narrowed.ActualBitmap()
		} else {
			candidates = roaring.And(candidates, narrowed.ActualBitmap())
		}
	}
	if len(readers) == 0 || candidates.IsEmpty() {
		return nil, nil, nil
	}
	for i := range readers {
		readers[i].(zap.OptimizablePostingsIterator).ReplaceActual(candidates)
	}
	return readers, candidates, nil
}

// appendPlaces unpacks the numbers of the tokens that a posting stands for.
func appendPlaces(places []int, locations []zap.Location, stop bool) []int {
	if len(locations) == 0 {
		return places
	}
	place := locations[0].Pos()
	gaps := locations[0].ArrayPositions()
	for i := 0; ; i++ {
		if !stop || place&1 == 1 {
			places = append(places, int(place>>1))
		}
		if i == len(gaps) {
			return places
		}
		place += gaps[i]
	}
}

// inARow counts how often the terms follow each other; places are in ascending order.
func inARow(terms []joined, places [][]int) int {
	n := 0
	at := make([]int, len(places))
first:
	for _, start := range places[0] {
		for i := 1; i < len(places); i++ {
			for at[i] < len(places[i]) && places[i][at[i]] < start+terms[i].offset {
				at[i]++
			}
			if at[i] == len(places[i]) {
				break first
			}
			if places[i][at[i]] != start+terms[i].offset {
				continue first
			}
		}
		n++
	}
	return n
}

// nearEachOther counts the places where all words begin within so many words; a word that
// is wanted twice has to be there twice.
func nearEachOther(wanted []joined, places [][]int, within int) int {
	type occurrence struct{ place, word int }
	var all []occurrence
	need := map[int]int{}
	for i, w := range wanted {
		first := slices.IndexFunc(wanted, func(o joined) bool { return o.Text == w.Text })
		need[first]++
		if first == i {
			for _, p := range places[i] {
				all = append(all, occurrence{p, i})
			}
		}
	}
	slices.SortFunc(all, func(a, b occurrence) int { return a.place - b.place })
	n, first, missing := 0, 0, len(wanted)
	have := map[int]int{}
	for _, o := range all {
		if have[o.word]++; have[o.word] <= need[o.word] {
			missing--
		}
		for all[first].place < o.place-within {
			if have[all[first].word]--; have[all[first].word] < need[all[first].word] {
				missing++
			}
			first++
		}
		if missing == 0 {
			n++
		}
	}
	return n
}
