package postings

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	zap "github.com/blevesearch/scorch_segment_api/v2"
)

// EachTerm calls yield with the terms that begin with prefix and that the automaton, if
// there is one, accepts, and how many edits it says they are away, until yield returns false.
func EachTerm(d zap.TermDictionary, accepts zap.Automaton, prefix string, yield func(term string, edits int) bool) error {
	var first, end []byte
	if prefix != "" {
		first, end = []byte(prefix), after(prefix)
	}
	var terms zap.DictionaryIterator
	if quick, ok := d.(interface {
		AutomatonIteratorOmitCount(a zap.Automaton, first, end []byte) zap.DictionaryIterator
	}); ok {
		terms = quick.AutomatonIteratorOmitCount(accepts, first, end)
	} else {
		terms = d.AutomatonIterator(accepts, first, end)
	}
	for {
		entry, err := terms.Next()
		if err != nil {
			return fmt.Errorf("read terms: %w", err)
		}
		if entry == nil || !yield(entry.Term, int(entry.EditDistance)) {
			return nil
		}
	}
}

// after returns the first string behind all that begin with prefix; nil where none is.
func after(prefix string) []byte {
	end := []byte(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] < 0xff {
			end[i]++
			return end[:i+1]
		}
	}
	return nil
}

// AddTo adds the documents of a postings list to a set, deleted ones perhaps included.
func AddTo(set *roaring.Bitmap, list zap.PostingsList) error {
	if quick, ok := list.(interface {
		OrInto(receiver *roaring.Bitmap)
	}); ok {
		quick.OrInto(set)
		return nil
	}
	docs := list.Iterator(false, false, false, nil)
	for {
		p, err := docs.Next()
		if err != nil {
			return fmt.Errorf("read postings: %w", err)
		}
		if p == nil {
			return nil
		}
		set.Add(uint32(p.Number()))
	}
}
