package postings

import (
	"fmt"
	"math"

	"github.com/RoaringBitmap/roaring/v2"
	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
	"agora/index/analysis"
	"agora/index/bleveindex/columns"
)

// Segment is a part of an index that never changes.
type Segment struct {
	Data    zap.Segment
	Deleted *roaring.Bitmap // nil where nothing is
	Columns *columns.Columns
	Kept    *Kept // nil keeps nothing
}

// Snapshot is an index at one moment.
type Snapshot struct {
	Segments     []Segment
	Releases     int     // those that are not deleted
	TitleAverage float64 // tokens
	TextAverage  float64
}

// Question is what a query asks for, on its way through one snapshot. It is used by one
// goroutine.
type Question struct {
	Exact    bool // false once something was left out
	Warnings []index.Warning
	Patient  bool // it ranks however late it is
	Unranked bool // it was late: scores are not all there

	pace     Pace
	snapshot *Snapshot
	fuzzy    *FuzzyWords
	root     expression
	scored   []scorer  // what adds to a score: all words but those under a Not
	values   []float64 // of scored

	dictionaries map[dictionaryKey]zap.TermDictionary
}

// Pace says how long a question may go on.
type Pace interface {
	// Check returns why the search has to stop, nil while it has not. It may wait for
	// others' turns.
	Check() error
	// Ended is Check without waiting, for further goroutines of the search.
	Ended() error
	// Late tells whether the question has taken so long that it has to do with less.
	Late() bool
}

// NewQuestion reads a question. Its methods return what pace does when that ends it.
func NewQuestion(pace Pace, snapshot *Snapshot, fuzzy *FuzzyWords, root index.Node) *Question {
	q := &Question{Exact: true, pace: pace, snapshot: snapshot, fuzzy: fuzzy, dictionaries: map[dictionaryKey]zap.TermDictionary{}}
	q.root = q.compile(root, true)
	return q
}

// HasWords tells whether releases can be ranked by how well they fit.
func (q *Question) HasWords() bool { return len(q.scored) > 0 }

// Match returns the documents of a segment that fit, without those that are deleted. It
// must not be changed.
func (q *Question) Match(segment int) (*roaring.Bitmap, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	s := q.snapshot.Segments[segment]
	set := everything(s)
	if q.root != nil {
		var err error
		if set, err = q.root.match(q, segment, nil); err != nil {
			return nil, err
		}
	}
	if s.Deleted != nil {
		set = roaring.AndNot(set, s.Deleted)
	}
	return set, nil
}

type dictionaryKey struct {
	segment int
	field   string
}

// expression finds the documents of a segment that match a part of a query.
type expression interface {
	// match may leave out documents that are not within, where that is not nil. What it
	// returns is not changed by anybody.
	match(q *Question, segment int, within *roaring.Bitmap) (*roaring.Bitmap, error)
}

// Check returns why the search has to stop; nil while it has not.
func (q *Question) Check() error { return q.pace.Check() }

// cut notes that something was left out, and what.
func (q *Question) cut(code, message string) {
	q.Exact = false
	q.warn(code, message)
}

// warn adds a warning once.
func (q *Question) warn(code, message string) {
	for _, w := range q.Warnings {
		if w.Code == code {
			return
		}
	}
	q.Warnings = append(q.Warnings, index.Warning{Code: code, Message: message})
}

// dictionary returns the terms of a field in a segment. Dictionaries are read by one
// goroutine only.
func (q *Question) dictionary(segment int, field string) (zap.TermDictionary, error) {
	key := dictionaryKey{segment, field}
	if d, ok := q.dictionaries[key]; ok {
		return d, nil
	}
	d, err := q.snapshot.Segments[segment].Data.Dictionary(field)
	if err != nil {
		return nil, fmt.Errorf("read terms of %s: %w", field, err)
	}
	q.dictionaries[key] = d
	return d, nil
}

// compile returns the expression of a node; nil where it asks for nothing. Words count
// for the score where scored is true.
func (q *Question) compile(node index.Node, scored bool) expression {
	switch n := node.(type) {
	case nil:
		return nil
	case index.And:
		return allOf(q.compileAll(n.Nodes, scored))
	case index.Or:
		return anyOf(q.compileAll(n.Nodes, scored))
	case index.Not:
		if part := q.compile(n.Node, false); part != nil {
			return not{part}
		}
		return nil
	case index.Word, index.Phrase, index.Near, index.Prefix, index.Fuzzy:
		return q.compileText(node, scored)
	}
	if column, ok := columnExpression(node); ok {
		return column
	}
	q.Exact = false
	q.warn("unsupported", fmt.Sprintf("A part of the query (%T) is not supported by this engine and was left out.", node))
	return nil
}

func (q *Question) compileAll(nodes []index.Node, scored bool) []expression {
	var parts []expression
	for _, n := range nodes {
		if part := q.compile(n, scored); part != nil {
			parts = append(parts, part)
		}
	}
	return parts
}

// compileText compiles the nodes that look for words.
func (q *Question) compileText(node index.Node, scored bool) expression {
	var parts []expression
	text := ""
	switch n := node.(type) {
	case index.Word:
		text = n.Text
		for _, w := range analysis.Words(n.Text) {
			parts = append(parts, newWord(w, n.In))
		}
	case index.Phrase:
		text = n.Text
		if wanted := analysis.Phrase(n.Text); len(wanted) > 0 {
			parts = append(parts, newPhrase(wanted, n.In))
		}
	case index.Near:
		text = n.Text
		if wanted := withoutSigns(analysis.Phrase(n.Text)); len(wanted) > 0 {
			parts = append(parts, newNear(wanted, max(0, n.Within), n.In))
		}
	case index.Prefix:
		text = n.Text
		if prefix := analysis.Fold(n.Text); prefix != "" {
			parts = append(parts, newPrefix(prefix, n.In))
		}
	case index.Fuzzy:
		text = n.Text
		for _, w := range analysis.Words(n.Text) {
			parts = append(parts, newFuzzy(w, n.In))
		}
	}
	if len(parts) == 0 && text != "" {
		q.warn("nothing_to_find", fmt.Sprintf("%q has no letters or digits and was left out.", text))
	}
	if scored {
		for _, p := range parts {
			q.scored = append(q.scored, p.(scorer))
		}
	}
	return allOf(parts)
}

// inverse returns how much a word that so many releases have says about one (the inverse
// document frequency of BM25).
func (q *Question) inverse(releases int) float64 {
	n, d := float64(q.snapshot.Releases), float64(releases)
	return math.Log(1 + (max(n-d, 0)+0.5)/(d+0.5))
}

// live returns the number of documents in set that are not deleted.
func (s Segment) live(set *roaring.Bitmap) int {
	n := set.GetCardinality()
	if s.Deleted != nil {
		n -= set.AndCardinality(s.Deleted)
	}
	return int(n)
}
