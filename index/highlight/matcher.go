package highlight

import (
	"bytes"
	"cmp"
	"slices"

	"agora/index"
	"agora/index/analysis"
)

// matcher finds what the words of a query match in texts of one language.
type matcher struct {
	language analysis.Language
	parts    []part
}

// part is a word, phrase, prefix … of a query.
type part struct {
	in  index.TextField
	fit func(word []byte) bool // a single word; nil for a phrase
	run []analysis.Wanted      // a phrase
}

func newMatcher(root index.Node, language analysis.Language) *matcher {
	m := &matcher{language: language}
	m.add(root)
	return m
}

// add collects the parts of a node that say what to find, not what to leave out.
func (m *matcher) add(node index.Node) {
	switch n := node.(type) {
	case index.And:
		for _, n := range n.Nodes {
			m.add(n)
		}
	case index.Or:
		for _, n := range n.Nodes {
			m.add(n)
		}
	case index.Word:
		for _, w := range analysis.Words(n.Text) {
			m.parts = append(m.parts, part{in: n.In, fit: m.family(w)})
		}
	case index.Phrase:
		if wanted := analysis.Phrase(n.Text); len(wanted) > 0 {
			m.parts = append(m.parts, part{in: n.In, run: wanted})
		}
	case index.Near:
		for _, w := range analysis.Words(n.Text) {
			m.parts = append(m.parts, part{in: n.In, fit: func(word []byte) bool { return string(word) == w }})
		}
	case index.Prefix:
		if prefix := []byte(analysis.Fold(n.Text)); len(prefix) > 0 {
			m.parts = append(m.parts, part{in: n.In, fit: func(word []byte) bool { return bytes.HasPrefix(word, prefix) }})
		}
	case index.Fuzzy:
		for _, w := range analysis.Words(n.Text) {
			wanted, edits := []rune(w), analysis.Edits(w)
			m.parts = append(m.parts, part{in: n.In, fit: func(word []byte) bool {
				return distance(wanted, []rune(string(word)), edits) <= edits
			}})
		}
	}
}

// family fits the words with the stem of one. Few words are stemmed: a family has a
// prefix.
func (m *matcher) family(word string) func([]byte) bool {
	if !m.language.Stems(word) {
		return func(w []byte) bool { return string(w) == word }
	}
	stem := m.language.Stem(word)
	prefix, irregular := m.language.Family(stem)
	begins := []byte(prefix)
	return func(w []byte) bool {
		if bytes.HasPrefix(w, begins) {
			return m.language.Stem(string(w)) == stem
		}
		return slices.Contains(irregular, string(w))
	}
}

// token is a token of the text at hand; word and full are in the buffer of the finder.
type token struct {
	start, end int
	word, full string
	stop       bool
}

// find returns what the parts match in a text, in order.
func (m *matcher) find(text string, in index.TextField) []span {
	var parts []int
	runs := false
	for i, p := range m.parts {
		if p.in == index.InAny || p.in == in {
			parts = append(parts, i)
			runs = runs || p.run != nil
		}
	}
	if len(parts) == 0 {
		return nil
	}
	var spans []span
	var tokens []token
	var s analysis.Scanner
	s.Reset(text)
	for {
		t, ok := s.Next()
		if !ok {
			break
		}
		if runs {
			tokens = append(tokens, token{t.Start, t.End, string(t.Word), string(t.Full), t.Stop})
		}
		if t.Sign {
			continue
		}
		for _, i := range parts {
			if m.parts[i].fit != nil && fits(m.parts[i].fit, t) {
				spans = append(spans, span{t.Start, t.End, i})
			}
		}
	}
	for _, i := range parts {
		if run := m.parts[i].run; run != nil {
			spans = appendRuns(spans, tokens, run, i)
		}
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	return spans
}

// fits tells whether a token, its full form or a word inside it fits.
func fits(fit func([]byte) bool, t analysis.Token) bool {
	found := fit(t.Word) || len(t.Full) > len(t.Word) && fit(t.Full)
	if t.Compound && !found {
		analysis.Parts(t.Word, func(part []byte) { found = found || fit(part) })
	}
	return found
}

// appendRuns appends the places where the tokens of a phrase follow each other.
func appendRuns(spans []span, tokens []token, run []analysis.Wanted, part int) []span {
	for i := 0; i+len(run) <= len(tokens); i++ {
		here := true
		for j, w := range run {
			t := tokens[i+j]
			if t.word != w.Text && t.full != w.Text || w.Stop && !t.stop {
				here = false
				break
			}
		}
		if here {
			spans = append(spans, span{tokens[i].start, tokens[i+len(run)-1].end, part})
		}
	}
	return spans
}

// distance returns the number of edits between two words, swapped neighbours being one
// (optimal string alignment), or more than most where it is more than most.
func distance(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
