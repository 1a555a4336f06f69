package postings

import (
	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
	"agora/index/analysis"
)

// Automaton accepts the words that are near text, as analysis.Edits allows; it tells of
// each how many edits it is away.
func (f *FuzzyWords) Automaton(text string) (zap.Automaton, error) { return f.automaton(text) }

// FieldName returns the name of the field that holds a place in a language.
func FieldName(in index.TextField, language analysis.Language) string {
	return fieldName(in, language)
}
