package postings

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

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
	within int // words, of those near each other; inARow of those that follow each other

	found map[int][]hit // by segment
}

// inARow stands in within for tokens that follow each other.
const inARow = -1

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
		return &word{text: terms[0].Text, exact: true, in: in, fields: fieldsOf(in), found: map[int]*occurrences{}}
	}
	return &run{wanted: terms, fields: fieldsOf(in), in: in, within: inARow, found: map[int][]hit{}}
}

// newNear looks for wanted words within so many words of each other, in any order.
func newNear(wanted []analysis.Wanted, within int, in index.TextField) *run {
	terms := make([]joined, len(wanted))
	for i, w := range wanted {
		terms[i].Wanted = w
	}
	return &run{wanted: terms, fields: fieldsOf(in), in: in, within: within, found: map[int][]hit{}}
}

func (r *run) match(q *Question, segment int, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	set := roaring.New()
	var inFields [][]hit
	for _, f := range r.fields {
		hits, err := r.search(q, segment, f, within)
		if err != nil {
			return nil, err
		}
		if len(hits) == 0 {
			continue
		}
		docs := make([]uint32, len(hits))
		for i := range hits {
			docs[i] = hits[i].doc
		}
		set.AddMany(docs)
		inFields = append(inFields, hits)
	}
	r.found[segment] = joinHits(inFields)
	return set, nil
}

// joinHits merges lists of hits, each in the order of documents.
func joinHits(lists [][]hit) []hit {
	if len(lists) == 1 {
		return lists[0]
	}
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b hit) int { return cmp.Compare(a.doc, b.doc) })
	joined := all[:0]
	for _, h := range all {
		if n := len(joined); n > 0 && joined[n-1].doc == h.doc {
			joined[n-1].title += h.title
			joined[n-1].text += h.text
		} else {
			joined = append(joined, h)
		}
	}
	return joined
}

// search returns the documents that have the run in a field, in order. Where they may be
// many, a second goroutine takes half of them.
func (r *run) search(q *Question, segment int, f field, within *roaring.Bitmap) ([]hit, error) {
	readers, candidates, err := r.readers(q, segment, f, within)
	if err != nil || candidates == nil {
		return nil, err
	}
	if candidates.GetCardinality() < halvedFrom || runtime.GOMAXPROCS(0) < 2 {
		return r.hits(q.Check, f, readers, candidates)
	}
	middle, err := candidates.Select(uint32(candidates.GetCardinality() / 2))
	if err != nil {
		return nil, fmt.Errorf("halve documents: %w", err)
	}
	low := candidates.Clone()
	low.RemoveRange(uint64(middle), math.MaxUint32+1)
	others, high, err := r.readers(q, segment, f, roaring.AndNot(candidates, low))
	if err != nil {
		return nil, err
	}
	for _, t := range readers {
		t.narrow(low)
	}
	var after []hit
	var failed error
	var half sync.WaitGroup
	half.Go(func() { after, failed = r.hits(q.pace.Ended, f, others, high) })
	before, err := r.hits(q.Check, f, readers, low)
	half.Wait()
	return append(before, after...), errors.Join(err, failed)
}

// halvedFrom is from how many documents on a second goroutine is worth its while.
const halvedFrom = 8192

// hits looks for the run in candidates, which all have all its tokens. The rarest token
// comes first: each other is looked for only in documents that may still have the run.
func (r *run) hits(check func() error, f field, readers []*tokenReader, candidates *roaring.Bitmap) ([]hit, error) {
	if r.within != inARow {
		return r.near(check, f, readers, candidates)
	}
	s := starts{docs: candidates.ToArray()}
	for i, t := range readers {
		if i > 0 {
			t.narrow(s.set())
		}
		if err := s.follow(check, t, i == 0); err != nil {
			return nil, err
		}
		if len(s.docs) == 0 {
			return nil, nil
		}
	}
	hits := make([]hit, len(s.docs))
	for i, doc := range s.docs {
		hits[i] = f.hit(doc, s.ends[i+1]-s.ends[i])
	}
	return hits, nil
}

// hit returns that a document has what was looked for n times in the field.
func (f field) hit(doc uint32, n int) hit {
	if f.title {
		return hit{doc: doc, title: n}
	}
	return hit{doc: doc, text: n}
}

// starts are the places where a run may begin, by document.
type starts struct {
	docs   []uint32
	ends   []int // where in places those of a document begin, and after the last one the end
	places []int

	buffer []int
}

func (s *starts) set() *roaring.Bitmap {
	set := roaring.New()
	set.AddMany(s.docs)
	return set
}

// follow keeps the places where a token stands as it should; in the first round, all of
// the token's.
func (s *starts) follow(check func() error, t *tokenReader, first bool) error {
	kept := 0
	ends := make([]int, 1, len(s.docs)+1)
	for i, doc := range s.docs {
		if i%4096 == 0 {
			if err := check(); err != nil {
				return err
			}
		}
		places, err := t.places(doc, s.buffer[:0])
		if err != nil {
			return err
		}
		s.buffer = places
		begin := ends[len(ends)-1]
		var end int
		if first {
			for _, p := range places {
				if p >= t.offset {
					s.places = append(s.places, p-t.offset)
				}
			}
			end = len(s.places)
		} else {
			end = s.keep(s.ends[i], s.ends[i+1], begin, t.offset, places)
		}
		if end > begin {
			ends = append(ends, end)
			s.docs[kept] = doc
			kept++
		}
	}
	s.docs, s.ends, s.places = s.docs[:kept], ends, s.places[:ends[len(ends)-1]]
	return nil
}

// keep moves the places from first to end that a token's places fit to, forward to to, and
// returns where they end.
func (s *starts) keep(first, end, to, offset int, places []int) int {
	at := 0
	for _, start := range s.places[first:end] {
		for at < len(places) && places[at] < start+offset {
			at++
		}
		if at == len(places) {
			break
		}
		if places[at] == start+offset {
			s.places[to] = start
			to++
		}
	}
	return to
}

// near finds words near each other.
func (r *run) near(check func() error, f field, readers []*tokenReader, candidates *roaring.Bitmap) ([]hit, error) {
	n := nearness{within: r.within, need: make([]int, len(readers)), have: make([]int, len(readers)), at: make([]int, len(readers))}
	for i, t := range readers {
		n.need[i] = t.times
	}
	places := make([][]int, len(readers))
	var hits []hit
	for i, docs := 0, candidates.Iterator(); docs.HasNext(); i++ {
		doc := docs.Next()
		if i%4096 == 0 {
			if err := check(); err != nil {
				return nil, err
			}
		}
		whole := true
		for k, t := range readers {
			var err error
			if places[k], err = t.places(doc, places[k][:0]); err != nil {
				return nil, err
			}
			if whole = len(places[k]) >= n.need[k]; !whole {
				break
			}
		}
		if !whole {
			continue
		}
		if count := n.count(places); count > 0 {
			hits = append(hits, f.hit(doc, count))
		}
	}
	return hits, nil
}

// tokenReader reads the places of a token in a field of a segment.
type tokenReader struct {
	reader zap.PostingsIterator
	all    *roaring.Bitmap
	count  uint64
	offset int  // behind the first token of the run
	stop   bool // a full stop has to follow
	times  int  // that it is wanted, near others
}

// narrow says that only these documents will be asked for.
func (t *tokenReader) narrow(docs *roaring.Bitmap) {
	t.reader.(zap.OptimizablePostingsIterator).ReplaceActual(docs)
}

// places appends the numbers of the token's places in a document. Documents are asked for
// in ascending order.
func (t *tokenReader) places(doc uint32, into []int) ([]int, error) {
	p, err := t.reader.Advance(uint64(doc))
	if err != nil {
		return into, fmt.Errorf("read places: %w", err)
	}
	if p == nil || p.Number() != uint64(doc) {
		return into, fmt.Errorf("read places: postings lost document %d: %w", doc, index.ErrDamaged)
	}
	return appendPlaces(into, p.Locations(), t.stop), nil
}

// readers returns a reader of the places of each token, the rarest first, over the
// documents that have all of them; no documents where one is missing.
func (r *run) readers(q *Question, segment int, f field, within *roaring.Bitmap) ([]*tokenReader, *roaring.Bitmap, error) {
	if err := q.Check(); err != nil {
		return nil, nil, err
	}
	dictionary, err := q.dictionary(segment, f.name)
	if err != nil || dictionary.Cardinality() == 0 {
		return nil, nil, err
	}
	var readers []*tokenReader
	candidates := within
	for i, w := range r.wanted {
		if r.within != inARow {
			if first := slices.IndexFunc(r.wanted, func(o joined) bool { return o.Text == w.Text }); first < i {
				continue // counted where it was first wanted
			}
		}
		list, err := dictionary.PostingsList([]byte(w.Text), nil, nil)
		if err != nil {
			return nil, nil, fmt.Errorf("read postings: %w", err)
		}
		if list.Count() == 0 {
			return nil, nil, nil
		}
		t := &tokenReader{reader: list.Iterator(true, true, true, nil), count: list.Count(), offset: w.offset, stop: w.Stop}
		narrowed, ok := t.reader.(zap.OptimizablePostingsIterator)
		if !ok || narrowed.ActualBitmap() == nil {
			return nil, nil, nil // a single posting without places: only inside a compound
		}
		for _, o := range r.wanted {
			if o.Text == w.Text {
				t.times++
			}
		}
		if candidates == nil {
			candidates = narrowed.ActualBitmap()
		} else {
			candidates = roaring.And(candidates, narrowed.ActualBitmap())
		}
		readers = append(readers, t)
	}
	if len(readers) == 0 || candidates.IsEmpty() {
		return nil, nil, nil
	}
	slices.SortStableFunc(readers, func(a, b *tokenReader) int { return cmp.Compare(a.count, b.count) })
	for _, t := range readers {
		t.narrow(candidates)
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

// nearness counts the places where all words begin within so many words; a word that is
// wanted twice has to be there twice.
type nearness struct {
	within         int
	need, have, at []int // by word
}

// count goes over the places of all words in order; a window behind each reaches as far
// back as words may stand apart.
func (n *nearness) count(places [][]int) int {
	type occurrence struct{ place, word int }
	var some [64]occurrence
	window := some[:0]
	clear(n.have)
	clear(n.at)
	missing := 0
	for _, need := range n.need {
		missing += need
	}
	found, first := 0, 0
	for {
		next := occurrence{word: -1}
		for w, at := range n.at {
			if at < len(places[w]) && (next.word < 0 || places[w][at] < next.place) {
				next = occurrence{places[w][at], w}
			}
		}
		if next.word < 0 {
			return found
		}
		n.at[next.word]++
		window = append(window, next)
		if n.have[next.word]++; n.have[next.word] <= n.need[next.word] {
			missing--
		}
		for window[first].place < next.place-n.within {
			w := window[first].word
			if n.have[w]--; n.have[w] < n.need[w] {
				missing++
			}
			first++
		}
		if missing == 0 {
			found++
		}
	}
}
