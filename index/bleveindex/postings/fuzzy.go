package postings

import (
	"fmt"
	"sync"

	zap "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"

	"agora/index/analysis"
)

// FuzzyWords makes automata that accept words near another one. Their tables take a while
// to build and are built when first needed.
type FuzzyWords struct {
	once sync.Once
	err  error
	one  *levenshtein.LevenshteinAutomatonBuilder
	two  *levenshtein.LevenshteinAutomatonBuilder
}

// Automaton accepts words so many edits away from text as analysis allows, and tells of
// each how many; swapped letters are one edit.
func (f *FuzzyWords) Automaton(text string) (zap.Automaton, error) {
	f.once.Do(func() {
		if f.one, f.err = levenshtein.NewLevenshteinAutomatonBuilder(1, true); f.err == nil {
			f.two, f.err = levenshtein.NewLevenshteinAutomatonBuilder(2, true)
		}
	})
	if f.err != nil {
		return nil, fmt.Errorf("build fuzzy words: %w", f.err)
	}
	edits := analysis.Edits(text)
	builder := f.two
	if edits == 1 {
		builder = f.one
	}
	automaton, err := builder.BuildDfa(text, uint8(edits))
	if err != nil {
		return nil, fmt.Errorf("build fuzzy word: %w", err)
	}
	return automaton, nil
}
