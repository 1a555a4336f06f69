package postings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"agora/index"
	"agora/index/analysis"
	"agora/index/bleveindex/places"
)

// run matches tokens by their places: in a row, or near each other.
type run struct {
	wanted []places.Term
	fields []field
	in     index.TextField
	within int // as in places.Run

	found map[int][]hit // by segment
}

// hit is a document and how often title and text have what was looked for.
type hit struct {
	doc         uint32
	title, text uint8 // up to 255
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
	terms := places.Join(wanted)
	if len(terms) == 1 && terms[0].Pair {
		return &word{text: terms[0].Text, exact: true, in: in, fields: fieldsOf(in), found: map[int]*occurrences{}}
	}
	return &run{wanted: terms, fields: fieldsOf(in), in: in, within: places.InARow, found: map[int][]hit{}}
}

// newNear looks for wanted words within so many words of each other, in any order.
func newNear(wanted []analysis.Wanted, within int, in index.TextField) *run {
	terms := make([]places.Term, len(wanted))
	for i, w := range wanted {
		terms[i].Wanted = w
	}
	return &run{wanted: terms, fields: fieldsOf(in), in: in, within: within, found: map[int][]hit{}}
}

func (r *run) match(q *Question, segment int, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	memory := q.snapshot.Segments[segment].Kept
	if kept := memory.get(r.key()); kept != nil {
		r.found[segment] = hitsWithin(kept.hits(), within)
		return kept.set, nil
	}
	set := roaring.New()
	var inFields [][]hit
	for _, f := range r.fields {
		hits, err := r.search(q, segment, f, within)
		if err != nil {
			return nil, err
		}
		docs := make([]uint32, len(hits))
		for i := range hits {
			docs[i] = hits[i].doc
		}
		set.AddMany(docs)
		inFields = append(inFields, hits)
	}
	r.found[segment] = joinHits(inFields)
	if within == nil {
		memory.put(r.key(), keepHits(set, r.found[segment]))
	}
	return set, nil
}

// hitsWithin returns the hits in documents within: what is remembered must not add to the
// score of a document that would not have been looked at without it.
func hitsWithin(hits []hit, within *roaring.Bitmap) []hit {
	if within == nil {
		return hits
	}
	return slices.DeleteFunc(slices.Clone(hits), func(h hit) bool { return !within.Contains(h.doc) })
}

// key names what the run looks for, wherever that is kept.
func (r *run) key() string {
	var b strings.Builder
	for _, w := range r.wanted {
		fmt.Fprintf(&b, "%s|%t ", w.Text, w.Stop)
	}
	fmt.Fprintf(&b, "%d %s", r.within, r.in)
	return b.String()
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

// search looks for the run in one field.
func (r *run) search(q *Question, segment int, f field, within *roaring.Bitmap) ([]hit, error) {
	dictionary, err := q.dictionary(segment, f.name)
	if err != nil || dictionary.Cardinality() == 0 {
		return nil, err
	}
	found, err := places.Run{Terms: r.wanted, Within: r.within}.Find(q.pace, dictionary, within)
	hits := make([]hit, len(found))
	for i, c := range found {
		hits[i].doc = c.Doc
		if f.title {
			hits[i].title = c.Times
		} else {
			hits[i].text = c.Times
		}
	}
	return hits, err
}
