package likeness

import (
	"context"
	"maps"
	"strings"
	"unicode/utf8"

	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
	"agora/index/analysis"
	"agora/index/bleveindex/postings"
)

const (
	longestWord = 40   // letters: nobody misspells a longer one, and its automaton is large
	maxNear     = 4096 // words, far more than any word is near
	maxBegin    = 2048 // words that begin alike: what can be counted in a millisecond
	maxTitled   = 8192 // such words in titles, which are all counted where there are more
)

// Near returns words near a word, the nearest first, then the more frequent, itself
// included where a release has it. Numbers and compounds are left out unless they are the
// word itself. Numbers of releases are exact.
func Near(ctx context.Context, s *postings.Snapshot, fuzzy *postings.FuzzyWords, word string, limit int) ([]index.Term, error) {
	word = analysis.Fold(word)
	if word == "" || strings.Contains(word, " ") || utf8.RuneCountInString(word) > longestWord {
		return nil, nil
	}
	list, err := parts(s)
	if err != nil {
		return nil, err
	}
	automaton, err := fuzzy.Automaton(word)
	if err != nil {
		return nil, err
	}
	candidates := map[string]int{}
	for _, d := range dictionaries(list) {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		err := postings.EachTerm(d, automaton, "", func(term string, edits int) bool {
			if (isWord(term) || edits == 0) && (len(candidates) < maxNear || edits < 2) {
				candidates[term] = edits
			}
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	return best(ctx, list, candidates, limit)
}

// dictionaries returns those of titles and then those of texts.
func dictionaries(list []*part) []zap.TermDictionary {
	all := make([]zap.TermDictionary, 0, 2*len(list))
	for _, p := range list {
		all = append(all, p.title)
	}
	for _, p := range list {
		all = append(all, p.text)
	}
	return all
}

// Beginning returns the most frequent words that begin with prefix, with exact numbers of
// releases. Where more words begin so than can be counted in time, only those that stand
// in titles are looked at, in which every frequent word does.
func Beginning(ctx context.Context, s *postings.Snapshot, prefix string, limit int) ([]index.Term, error) {
	prefix = analysis.Fold(prefix)
	if prefix == "" || !isWord(prefix) || utf8.RuneCountInString(prefix) > longestWord {
		return nil, nil
	}
	list, err := parts(s)
	if err != nil {
		return nil, err
	}
	titles, all := map[string]int{}, map[string]int{}
	for i, d := range dictionaries(list) {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		into, most := all, maxBegin
		if i < len(list) {
			into, most = titles, maxTitled
		} else if i == len(list) {
			maps.Copy(all, titles)
		}
		if len(into) > most {
			break
		}
		err := postings.EachTerm(d, nil, prefix, func(term string, _ int) bool {
			if isWord(term) {
				into[term] = 0
			}
			return len(into) <= most
		})
		if err != nil {
			return nil, err
		}
	}
	if max(len(titles), len(all)) > maxBegin {
		return best(ctx, list, titles, limit)
	}
	return best(ctx, list, all, limit)
}
