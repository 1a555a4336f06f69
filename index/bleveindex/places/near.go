package places

import "github.com/RoaringBitmap/roaring/v2"

// near finds words near each other.
func (r Run) near(check func() error, readers []*tokenReader, candidates *roaring.Bitmap) ([]Count, error) {
	n := nearness{within: r.Within, need: make([]int, len(readers)), have: make([]int, len(readers)), at: make([]int, len(readers))}
	for i, t := range readers {
		n.need[i] = t.times
	}
	places := make([][]int, len(readers))
	var found []Count
	for i, docs := 0, candidates.Iterator(); docs.HasNext(); i++ {
		doc := docs.Next()
		if i%512 == 0 {
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
		if times := n.count(places); times > 0 {
			found = append(found, count(doc, times))
		}
	}
	return found, nil
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
