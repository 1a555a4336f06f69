package suggest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/index"
	"agora/index/analysis"
	"agora/index/query"
)

// What is taken for a slip of the pen. The figures are from words of an archive of 100,000
// releases with a letter left out, added, replaced or swapped, and from rare words that
// are what they were meant to be (see TestMeant).
const (
	shortest   = 4     // letters: shorter words are all near each other
	maxLooked  = 12    // words of a question that are looked at
	maxMended  = 4     // of those: who misspells more will have to try
	maxTries   = 6     // questions that are tried
	choices    = 3     // near words of a word that are tried
	rareShare  = 0.001 // of all releases: what more have is no slip
	rareAtMost = 3     // however few releases there are
	spellings  = 12    // near words that are weighed
)

// A near word has to be so many times more frequent than the word itself, where releases
// have that: slips are in releases, too, but much rarer than the word. Where the whole
// question finds nothing, less is enough.
const (
	farMore     = 200
	more        = 10
	secondEdit  = 20 // a word two edits away counts for so many times less than one that is one away
	firstLetter = 10 // and one with another first letter, which slips seldom touch
	long        = 6  // letters: shorter words that find something are near others by chance
)

// didYouMean returns a question as it may have been meant, "" where q needs no mending or
// no other finds more.
func didYouMean(ctx context.Context, engine index.Engine, q index.Query, found index.Found) (string, error) {
	if strings.TrimSpace(q.Text) == "" {
		return "", nil
	}
	state, err := engine.State(ctx)
	if err != nil {
		return "", err
	}
	m := mender{ctx: ctx, engine: engine, query: q, rare: max(rareAtMost, int(float64(state.Releases)*rareShare)), total: found.Total}
	if found.Total > m.rare {
		return "", nil // so every word that was asked for is in more releases than a slip is
	}
	if err := m.look(); err != nil || len(m.words) == 0 {
		return "", err
	}
	return m.best()
}

// mender looks for better spellings of the words of one question.
type mender struct {
	ctx    context.Context
	engine index.Engine
	query  index.Query
	rare   int
	total  int
	words  []mended
}

// mended is a word of the question and what may have been meant, the likeliest first.
type mended struct {
	typed string
	meant []string
}

// look finds the words that may be slips.
func (m *mender) look() error {
	var typed []string
	query.Respell(m.query.Text, func(word string) (string, bool) {
		if len(typed) < maxLooked && isName(word) && !slices.Contains(typed, word) {
			typed = append(typed, word)
		}
		return "", false
	})
	for _, word := range typed {
		if len(m.words) == maxMended {
			return nil
		}
		root, _ := query.Parse(word)
		releases, err := count(m.ctx, m.engine, index.Query{Root: root})
		if err != nil {
			return err
		}
		if releases > m.rare {
			continue
		}
		meant, err := m.meant(word, releases)
		if err != nil {
			return err
		}
		if len(meant) > 0 {
			m.words = append(m.words, mended{word, meant})
		}
	}
	return nil
}

// isName tells whether a word is of letters, and long enough to be told from others.
func isName(word string) bool {
	other := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("'’ʻ", r)
	}
	return utf8.RuneCountInString(word) >= shortest && !strings.ContainsFunc(word, other)
}

// meant returns the words that a word which so many releases have may have been meant to
// be, the likeliest first.
func (m *mender) meant(word string, releases int) ([]string, error) {
	folded := analysis.Fold(word)
	least := farMore * releases
	switch {
	case m.total == 0:
		least = more * releases
	case releases > 0 && utf8.RuneCountInString(folded) < long:
		return nil, nil
	}
	near, err := m.engine.Spellings(m.ctx, word, spellings)
	if err != nil {
		return nil, err
	}
	type choice struct {
		word   string
		weight float64
	}
	var likely []choice
	for _, t := range near {
		weight := float64(t.Releases)
		if edits(folded, t.Text) > 1 {
			weight /= secondEdit
		}
		if !sameStart(folded, t.Text) {
			weight /= firstLetter
		}
		if t.Text != folded && weight > float64(least) {
			likely = append(likely, choice{t.Text, weight})
		}
	}
	slices.SortStableFunc(likely, func(a, b choice) int { return cmp.Compare(b.weight, a.weight) })
	var words []string
	for _, c := range likely[:min(len(likely), choices)] {
		words = append(words, c.word)
	}
	return words, nil
}

func sameStart(a, b string) bool {
	first, _ := utf8.DecodeRuneInString(a)
	other, _ := utf8.DecodeRuneInString(b)
	return first == other
}

// edits returns 0 where the words are the same, 1 where they are one insertion, deletion,
// replacement or swap of neighbours apart, else 2.
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	switch {
	case len(x) == 0 && len(y) == 0:
		return 0
	case len(x) <= 1 && len(y) <= 1, len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]:
		return 1
	}
	return 2
}

// best tries spellings of the question and returns the first that finds more.
func (m *mender) best() (string, error) {
	tries := [][]int{make([]int, len(m.words))} // which meaning of each word
	for i, w := range m.words {
		for choice := 1; choice < len(w.meant); choice++ {
			other := make([]int, len(m.words))
			other[i] = choice
			tries = append(tries, other)
		}
	}
	for _, try := range tries[:min(len(tries), maxTries)] {
		text := query.Respell(m.query.Text, func(word string) (string, bool) {
			for i, w := range m.words {
				if w.typed == word {
					return cased(word, w.meant[try[i]]), true
				}
			}
			return "", false
		})
		if text == m.query.Text || len(text) > index.MaxQueryBytes {
			continue
		}
		q := m.query
		q.Text = text
		q.Root, _ = query.Parse(text)
		n, err := count(m.ctx, m.engine, q)
		if err != nil {
			return "", err
		}
		if n > m.total {
			return text, nil
		}
	}
	return "", nil
}

// cased writes a folded word in capitals the way that another one was written.
func cased(like, word string) string {
	first, size := utf8.DecodeRuneInString(like)
	switch {
	case strings.ToUpper(like) == like:
		return strings.ToUpper(word)
	case unicode.IsUpper(first) && strings.ToLower(like[size:]) == like[size:]:
		start, length := utf8.DecodeRuneInString(word)
		return string(unicode.ToUpper(start)) + word[length:]
	}
	return word
}

// count returns how many releases a question finds.
func count(ctx context.Context, engine index.Engine, q index.Query) (int, error) {
	q.Limit, q.Cursor, q.Facets, q.Interval, q.Sort, q.Collapse, q.Warnings = 0, "", nil, "", index.SortNewest, false, nil
	found, err := engine.Search(ctx, q)
	return found.Total, err
}
