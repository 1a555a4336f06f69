package places

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
)

// Run is tokens that follow each other, or stand near each other.
type Run struct {
	Terms  []Term
	Within int // words, of those near each other; InARow of those that follow each other
}

// InARow stands in Within for tokens that follow each other.
const InARow = -1

// Count is a document and how often a field of it has a run, up to 255.
type Count struct {
	Doc   uint32
	Times uint8
}

// Pace ends what takes too long.
type Pace interface {
	Check() error // may be asked by one goroutine only
	Ended() error // by any
}

// Find returns the documents that have the run in a field, in order: of those within,
// where that is not nil. Where they may be many, a second goroutine takes half of them.
func (r Run) Find(pace Pace, field zap.TermDictionary, within *roaring.Bitmap) ([]Count, error) {
	readers, candidates, err := r.readers(pace, field, within)
	if err != nil || candidates == nil {
		return nil, err
	}
	if candidates.GetCardinality() < halvedFrom || runtime.GOMAXPROCS(0) < 2 {
		return r.counts(pace.Check, readers, candidates)
	}
	middle, err := candidates.Select(uint32(candidates.GetCardinality() / 2))
	if err != nil {
		return nil, fmt.Errorf("halve documents: %w", err)
	}
	low := candidates.Clone()
	low.RemoveRange(uint64(middle), math.MaxUint32+1)
	others, high, err := r.readers(pace, field, roaring.AndNot(candidates, low))
	if err != nil {
		return nil, err
	}
	for _, t := range readers {
		t.narrow(low)
	}
	var after []Count
	var failed error
	var half sync.WaitGroup
	half.Go(func() { after, failed = r.counts(pace.Ended, others, high) })
	before, err := r.counts(pace.Check, readers, low)
	half.Wait()
	return append(before, after...), errors.Join(err, failed)
}

// halvedFrom is from how many documents on a second goroutine is worth its while.
const halvedFrom = 8192

// counts looks for the run in candidates, which all have all its tokens. The rarest token
// comes first: each other is looked for only in documents that may still have the run.
func (r Run) counts(check func() error, readers []*tokenReader, candidates *roaring.Bitmap) ([]Count, error) {
	if r.Within != InARow {
		return r.near(check, readers, candidates)
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
	found := make([]Count, len(s.docs))
	for i, doc := range s.docs {
		found[i] = count(doc, s.ends[i+1]-s.ends[i])
	}
	return found, nil
}

func count(doc uint32, times int) Count {
	return Count{Doc: doc, Times: uint8(min(times, math.MaxUint8))}
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
		if i%512 == 0 {
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

// tokenReader reads the places of a token in a field of a segment.
type tokenReader struct {
	reader zap.PostingsIterator
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
func (r Run) readers(pace Pace, field zap.TermDictionary, within *roaring.Bitmap) ([]*tokenReader, *roaring.Bitmap, error) {
	if err := pace.Check(); err != nil {
		return nil, nil, err
	}
	var readers []*tokenReader
	candidates := within
	for i, w := range r.Terms {
		if r.Within != InARow {
			if first := slices.IndexFunc(r.Terms, func(o Term) bool { return o.Text == w.Text }); first < i {
				continue // counted where it was first wanted
			}
		}
		list, err := field.PostingsList([]byte(w.Text), nil, nil)
		if err != nil {
			return nil, nil, fmt.Errorf("read postings: %w", err)
		}
		if list.Count() == 0 {
			return nil, nil, nil
		}
		t := &tokenReader{reader: list.Iterator(true, true, true, nil), count: list.Count(), offset: w.Offset, stop: w.Stop}
		narrowed, ok := t.reader.(zap.OptimizablePostingsIterator)
		if !ok || narrowed.ActualBitmap() == nil {
			return nil, nil, nil // a single posting without places: only inside a compound
		}
		for _, o := range r.Terms {
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
