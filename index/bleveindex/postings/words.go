package postings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
	"agora/index/analysis"
	"agora/index/bleveindex/documents"
)

// field is a field of the index that words are looked up in.
type field struct {
	name     string
	language analysis.Language
	title    bool
}

// fieldsOf returns the fields of a place in all languages.
func fieldsOf(in index.TextField) []field {
	var fields []field
	for _, language := range analysis.Languages {
		if in != index.InText {
			fields = append(fields, field{documents.FieldName(index.InTitle, language), language, true})
		}
		if in != index.InTitle {
			fields = append(fields, field{documents.FieldName(index.InText, language), language, false})
		}
	}
	return fields
}

// word matches the family of a stem in each language, or just the term text.
type word struct {
	text   string
	exact  bool
	in     index.TextField
	fields []field
	found  map[int]*occurrences // by segment
}

// occurrences are the documents of a segment that have a word and where they have it.
type occurrences struct {
	set   *roaring.Bitmap
	lists []termList
}

type termList struct {
	postings zap.PostingsList
	title    bool
	asked    bool // the very word, not another of its family
}

func newWord(text string, in index.TextField) *word {
	return &word{text: text, in: in, fields: fieldsOf(in), found: map[int]*occurrences{}}
}

// key names what the word looks for, wherever that is kept.
func (w *word) key() string {
	key := w.text + " " + string(w.in)
	if w.exact {
		key += " exactly"
	}
	return key
}

func (w *word) match(q *Question, segment int, _ *roaring.Bitmap) (*roaring.Bitmap, error) {
	o, err := w.occurrences(q, segment)
	if err != nil {
		return nil, err
	}
	return o.set, nil
}

func (w *word) occurrences(q *Question, segment int) (*occurrences, error) {
	if o, ok := w.found[segment]; ok {
		return o, nil
	}
	if err := q.Check(); err != nil {
		return nil, err
	}
	o := &occurrences{set: roaring.New()}
	for _, f := range w.fields {
		dictionary, err := q.dictionary(segment, f.name)
		if err != nil {
			return nil, err
		}
		family := []string{w.text}
		if !w.exact {
			if family, err = q.familyOf(segment, f, dictionary, w.text); err != nil {
				return nil, err
			}
		}
		for _, term := range family {
			list, err := dictionary.PostingsList([]byte(term), nil, nil)
			if err != nil {
				return nil, fmt.Errorf("read postings: %w", err)
			}
			if list.Count() > 0 {
				if err := AddTo(o.set, list); err != nil {
					return nil, err
				}
				o.lists = append(o.lists, termList{list, f.title, term == w.text})
			}
		}
	}
	w.found[segment] = o
	return o, nil
}

// familyOf returns the words of a segment's field with the stem of a word, as they were
// found before where they were.
func (q *Question) familyOf(segment int, f field, d zap.TermDictionary, text string) ([]string, error) {
	kept := q.snapshot.Segments[segment].Kept
	key := f.name + " " + text
	if family, ok := kept.family(key); ok {
		return family, nil
	}
	family, err := familyOf(d, f.language, text)
	if err == nil {
		kept.putFamily(key, family)
	}
	return family, err
}

// familyOf returns the words of a dictionary with the stem of a word.
func familyOf(d zap.TermDictionary, language analysis.Language, text string) ([]string, error) {
	if d.Cardinality() == 0 {
		return nil, nil
	}
	if !language.Stems(text) {
		return []string{text}, nil
	}
	stem := language.Stem(text)
	prefix, members := language.Family(stem)
	members = slices.Clone(members)
	err := EachTerm(d, nil, prefix, func(term string, _ int) bool {
		if language.Stem(term) == stem {
			members = append(members, term)
		}
		return true
	})
	return members, err
}

// terms matches documents with one of many terms, all worth the same: what prefixes and
// fuzzy words come to.
type terms struct {
	name   string // of what it looks for, wherever that is kept
	fields []field
	cut    bool // some words were left out
	expand func(q *Question, d zap.TermDictionary, yield func(term string) bool) error
	found  map[int]*roaring.Bitmap
}

// maxExpansions bounds the terms of one prefix or fuzzy word in one segment's field.
const maxExpansions = 50_000

func newPrefix(prefix string, in index.TextField) *terms {
	return &terms{name: prefix + "* " + string(in), fields: fieldsOf(in), found: map[int]*roaring.Bitmap{},
		expand: func(_ *Question, d zap.TermDictionary, yield func(string) bool) error {
			return EachTerm(d, nil, prefix, func(term string, _ int) bool { return yield(term) })
		}}
}

func newFuzzy(text string, in index.TextField) *terms {
	var automaton zap.Automaton // made when first needed, for all fields
	return &terms{name: text + "~ " + string(in), fields: fieldsOf(in), found: map[int]*roaring.Bitmap{},
		expand: func(q *Question, d zap.TermDictionary, yield func(string) bool) error {
			if automaton == nil {
				var err error
				if automaton, err = q.fuzzy.Automaton(text); err != nil {
					return err
				}
			}
			return EachTerm(d, automaton, "", func(term string, _ int) bool {
				return strings.Contains(term, " ") || yield(term) // a pair is no word
			})
		}}
}

func (t *terms) match(q *Question, segment int, _ *roaring.Bitmap) (*roaring.Bitmap, error) {
	if set, ok := t.found[segment]; ok {
		return set, nil
	}
	memory := q.snapshot.Segments[segment].Kept
	if kept := memory.get(t.name); kept != nil {
		t.found[segment] = kept.set
		return kept.set, nil
	}
	set := roaring.New()
	for _, f := range t.fields {
		if err := q.Check(); err != nil {
			return nil, err
		}
		dictionary, err := q.dictionary(segment, f.name)
		if err != nil {
			return nil, err
		}
		if dictionary.Cardinality() == 0 {
			continue
		}
		if err := t.union(q, dictionary, set); err != nil {
			return nil, err
		}
	}
	t.found[segment] = set
	if !t.cut {
		memory.put(t.name, &keptWord{set: set})
	}
	return set, nil
}

func (t *terms) union(q *Question, dictionary zap.TermDictionary, set *roaring.Bitmap) error {
	var list zap.PostingsList
	var failed error
	n := 0
	err := t.expand(q, dictionary, func(term string) bool {
		n++
		if n%64 == 0 {
			if failed = q.Check(); failed != nil {
				return false
			}
		}
		if n > maxExpansions || n%64 == 0 && q.pace.Late() {
			t.cut = true
			q.cut("expansions_cut", "A part of the query fits too many words; only some of them were looked for.")
			return false
		}
		if list, failed = dictionary.PostingsList([]byte(term), nil, list); failed != nil {
			return false
		}
		failed = AddTo(set, list)
		return failed == nil
	})
	if err == nil {
		err = failed
	}
	return err
}
