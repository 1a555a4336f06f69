package likeness

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/RoaringBitmap/roaring/v2"
	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
	"agora/index/analysis"
	"agora/index/bleveindex/columns"
	"agora/index/bleveindex/documents"
	"agora/index/bleveindex/postings"
)

// part is what a segment has in one language: a release has its title and its text in the
// same one.
type part struct {
	title, text zap.TermDictionary
	deleted     *roaring.Bitmap
	columns     *columns.Columns

	inTitle, inText zap.PostingsList // memory that look hands on
}

// parts returns those parts of a snapshot that hold words. They are used by one goroutine.
func parts(s *postings.Snapshot) ([]*part, error) {
	var list []*part
	for _, segment := range s.Segments {
		for _, language := range analysis.Languages {
			p := &part{deleted: segment.Deleted, columns: segment.Columns}
			for in, d := range map[index.TextField]*zap.TermDictionary{index.InTitle: &p.title, index.InText: &p.text} {
				var err error
				if *d, err = segment.Data.Dictionary(documents.FieldName(in, language)); err != nil {
					return nil, fmt.Errorf("read words: %w", err)
				}
			}
			if p.title.Cardinality() > 0 || p.text.Cardinality() > 0 {
				list = append(list, p)
			}
		}
	}
	return list, nil
}

// look finds where the part has a word; what it returns is good until the next look.
func (p *part) look(word string) (title, text zap.PostingsList, err error) {
	if p.inTitle, err = p.title.PostingsList([]byte(word), p.deleted, p.inTitle); err != nil {
		return nil, nil, fmt.Errorf("read postings: %w", err)
	}
	if p.inText, err = p.text.PostingsList([]byte(word), p.deleted, p.inText); err != nil {
		return nil, nil, fmt.Errorf("read postings: %w", err)
	}
	return p.inTitle, p.inText, nil
}

// atLeast returns a number of releases that have a word: never more than do, and mostly
// as many, for what is in a title is mostly in the text too.
func atLeast(list []*part, word string) (int, error) {
	n := 0
	for _, p := range list {
		title, text, err := p.look(word)
		if err != nil {
			return 0, err
		}
		n += int(max(title.Count(), text.Count()))
	}
	return n, nil
}

// exactly returns how many releases have a word.
func exactly(list []*part, word string) (int, error) {
	n := 0
	for _, p := range list {
		title, text, err := p.look(word)
		if err != nil {
			return 0, err
		}
		if title.Count() == 0 || text.Count() == 0 {
			n += int(title.Count() + text.Count())
			continue
		}
		set := roaring.New()
		for _, some := range []zap.PostingsList{title, text} {
			if err := postings.AddTo(set, some); err != nil {
				return 0, err
			}
		}
		if p.deleted != nil {
			set.AndNot(p.deleted)
		}
		n += int(set.GetCardinality())
	}
	return n, nil
}

// isWord tells words from other terms: numbers, compounds with signs and pairs of words
// are no spellings, and a possessive is a form of its word.
func isWord(term string) bool {
	if strings.HasSuffix(term, "'s") {
		return false
	}
	for _, r := range term {
		if !unicode.IsLetter(r) && r != '\'' {
			return false
		}
	}
	return term != ""
}

// candidate is a word that may be asked for.
type candidate struct {
	word     string
	edits    int
	releases int
}

func (c candidate) compare(o candidate) int {
	return cmp.Or(cmp.Compare(c.edits, o.edits), cmp.Compare(o.releases, c.releases), strings.Compare(c.word, o.word))
}

// exact is how many of the words that seem the best are counted exactly, at least: a few
// more than are asked for, because what seems may be wrong.
const exact = 32

// best counts the releases of candidates and returns the first of them.
func best(ctx context.Context, list []*part, candidates map[string]int, limit int) ([]index.Term, error) {
	kept := make([]candidate, 0, len(candidates))
	for word, edits := range candidates {
		if len(kept)%countedAtOnce == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		n, err := atLeast(list, word)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			kept = append(kept, candidate{word, edits, n})
		}
	}
	slices.SortFunc(kept, candidate.compare)
	kept = kept[:min(len(kept), max(exact, 2*limit))]
	for i := range kept {
		var err error
		if kept[i].releases, err = exactly(list, kept[i].word); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(kept, candidate.compare)
	kept = kept[:min(len(kept), max(0, limit))]
	terms := make([]index.Term, len(kept))
	for i, c := range kept {
		terms[i] = index.Term{Text: c.word, Releases: c.releases}
	}
	return terms, nil
}

// countedAtOnce is how many words are counted between looks at the clock.
const countedAtOnce = 256
