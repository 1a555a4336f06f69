package documents

import (
	"github.com/blevesearch/bleve/v2/document"
	bleve "github.com/blevesearch/bleve_index_api"

	"agora/index"
	"agora/index/analysis"
	"agora/index/bleveindex/columns"
)

// RecordField is the stored field that columns are read from.
const RecordField = "record"

// FieldName returns the name of the field that holds a place in a language.
func FieldName(in index.TextField, language analysis.Language) string {
	return string(in) + "." + string(language)
}

// Writer makes documents of releases. It is used by one goroutine at a time.
type Writer struct {
	lists    *columns.Lists
	scanner  analysis.Scanner
	frequent map[string]bool

	numbers map[string]int32 // of the words seen so far
	words   []known          // by number

	field    int // number of the field at hand
	entries  []entry
	spots    []spot
	previous int32 // the last token if it was a frequent word, else none
	pair     []byte
}

// known is a word that was seen before.
type known struct {
	word     string
	frequent bool
	field    int   // that it was last seen in
	entry    int32 // there
}

// entry is a word of the field at hand.
type entry struct {
	word      string
	frequency int
	spots     int // as a whole token
}

// spot is a place of a whole token.
type spot struct {
	entry int32
	place int
}

const (
	// maxKnown bounds the memory for words; behind it the writer forgets them all.
	maxKnown = 1 << 17
	none     = -1
)

// NewWriter returns a writer.
func NewWriter() *Writer {
	return &Writer{lists: columns.NewLists(), numbers: map[string]int32{}, frequent: Frequent()}
}

// Document makes the document of a release.
func (w *Writer) Document(r *index.Release) *document.Document {
	language := analysis.LanguageOf(string(r.Language))
	d := document.NewDocument(r.ID)
	title, titleLength := w.terms(r.Title)
	d.AddField(&textField{name: FieldName(index.InTitle, language), words: title})
	text, textLength := w.terms(r.Text)
	d.AddField(&textField{name: FieldName(index.InText, language), words: text})
	d.AddField(&storedField{value: w.lists.AppendRecord(nil, r, titleLength, textLength)})
	return d
}

// terms returns the terms of a text with their places, and how many tokens it has.
func (w *Writer) terms(text string) (bleve.TokenFrequencies, int) {
	if len(w.words) > maxKnown {
		clear(w.numbers)
		w.words = w.words[:0]
	}
	w.scanner.Reset(text)
	w.entries, w.spots = w.entries[:0], w.spots[:0]
	w.field++
	w.previous = none
	n := 0
	for {
		t, ok := w.scanner.Next()
		if !ok {
			break
		}
		place := n * 2
		if t.Stop {
			place++
		}
		n++
		w.addPair(w.add(t.Word, place), place)
		if len(t.Full) > len(t.Word) {
			w.add(t.Full, place)
		}
		if t.Compound {
			analysis.Parts(t.Word, func(part []byte) {
				if len(part) < len(t.Word) {
					w.add(part, none)
				}
			})
		}
	}
	return w.packed(), n
}

// addPair counts a frequent word after another; place is that of the second.
func (w *Writer) addPair(number int32, place int) {
	if !w.words[number].frequent {
		w.previous = none
		return
	}
	if w.previous != none {
		w.pair = append(append(append(w.pair[:0], w.words[w.previous].word...), ' '), w.words[number].word...)
		w.add(w.pair, place&^1-2)
	}
	w.previous = number
}

// add counts a word and returns its number; place is none where it is only part of a token.
func (w *Writer) add(word []byte, place int) int32 {
	number, ok := w.numbers[string(word)]
	if !ok {
		number = int32(len(w.words))
		text := string(word)
		w.numbers[text] = number
		w.words = append(w.words, known{word: text, frequent: w.frequent[text], field: none})
	}
	k := &w.words[number]
	if k.field != w.field {
		k.field, k.entry = w.field, int32(len(w.entries))
		w.entries = append(w.entries, entry{word: k.word})
	}
	e := &w.entries[k.entry]
	e.frequency++
	if place != none {
		e.spots++
		w.spots = append(w.spots, spot{entry: k.entry, place: place})
	}
	return number
}

// packed returns the entries the way the index stores them, in few allocations.
func (w *Writer) packed() bleve.TokenFrequencies {
	words := make(bleve.TokenFrequencies, len(w.entries))
	frequencies := make([]bleve.TokenFreq, len(w.entries))
	locations := make([]bleve.TokenLocation, len(w.entries))
	pointers := make([]*bleve.TokenLocation, len(w.entries))
	gaps := make([]uint64, len(w.spots))
	last := make([]int, len(w.entries))
	used := 0
	for i, e := range w.entries {
		f := &frequencies[i]
		f.SetFrequency(e.frequency)
		words[e.word] = f
		if e.spots == 0 {
			continue
		}
		pointers[i] = &locations[i]
		f.Locations = pointers[i : i+1 : i+1]
		locations[i].Position = -1
		locations[i].ArrayPositions = gaps[used : used : used+e.spots-1]
		used += e.spots - 1
	}
	for _, s := range w.spots {
		l := &locations[s.entry]
		if l.Position < 0 {
			l.Position = s.place
		} else {
			l.ArrayPositions = append(l.ArrayPositions, uint64(s.place-last[s.entry]))
		}
		last[s.entry] = s.place
	}
	return words
}

// textField is an indexed field whose words are known already.
type textField struct {
	name  string
	words bleve.TokenFrequencies
}

func (f *textField) Name() string             { return f.name }
func (f *textField) Value() []byte            { return nil }
func (f *textField) ArrayPositions() []uint64 { return nil }
func (f *textField) EncodedFieldType() byte   { return 't' }
func (f *textField) Analyze()                 {}
func (f *textField) Options() bleve.FieldIndexingOptions {
	return bleve.IndexField | bleve.IncludeTermVectors
}
func (f *textField) AnalyzedLength() int                              { return 1 }
func (f *textField) AnalyzedTokenFrequencies() bleve.TokenFrequencies { return f.words }
func (f *textField) NumPlainTextBytes() uint64                        { return 0 }
func (f *textField) Size() int                                        { return 0 }

// storedField is the record, stored and not indexed.
type storedField struct{ value []byte }

func (f *storedField) Name() string                                     { return RecordField }
func (f *storedField) Value() []byte                                    { return f.value }
func (f *storedField) ArrayPositions() []uint64                         { return nil }
func (f *storedField) EncodedFieldType() byte                           { return 'b' }
func (f *storedField) Analyze()                                         {}
func (f *storedField) Options() bleve.FieldIndexingOptions              { return bleve.StoreField }
func (f *storedField) AnalyzedLength() int                              { return 0 }
func (f *storedField) AnalyzedTokenFrequencies() bleve.TokenFrequencies { return nil }
func (f *storedField) NumPlainTextBytes() uint64                        { return 0 }
func (f *storedField) Size() int                                        { return len(f.value) }
