package highlight

import (
	"slices"
	"strings"

	"agora/index"
	"agora/index/analysis"
)

// part is a word, phrase, prefix … of a query that has to be marked.
type part struct {
	in    index.TextField
	group int // alternatives, like synonyms, are of one group: a reader needs to see one

	word   string            // folded: marked with all words of its stem
	prefix string            // folded
	fuzzy  string            // folded
	run    []analysis.Wanted // tokens of a phrase, in a row
	near   []string          // tokens near each other, in any order
	within int               // how near
}

// partsOf returns the parts of a question that say what to find, not what to leave out,
// and how many groups they are of.
func partsOf(root index.Node) (parts []part, groups int) {
	c := collector{group: none}
	c.add(root)
	return c.parts, c.groups
}

const none = -1

// collector gathers parts; group is that of the alternatives at hand, else none.
type collector struct {
	parts         []part
	groups, group int
}

func (c *collector) add(node index.Node) {
	switch n := node.(type) {
	case index.And:
		for _, n := range n.Nodes {
			c.add(n)
		}
	case index.Or:
		if outermost := c.group == none; outermost {
			c.group = c.groups
			c.groups++
			defer func() { c.group = none }()
		}
		for _, n := range n.Nodes {
			c.add(n)
		}
	case index.Word:
		for _, w := range analysis.Words(n.Text) {
			c.take(part{in: n.In, word: w})
		}
	case index.Phrase:
		if run := analysis.Phrase(n.Text); len(run) > 0 {
			c.take(part{in: n.In, run: run})
		}
	case index.Near:
		c.near(n)
	case index.Prefix:
		if prefix := analysis.Fold(n.Text); prefix != "" {
			c.take(part{in: n.In, prefix: prefix})
		}
	case index.Fuzzy:
		for _, w := range analysis.Words(n.Text) {
			c.take(part{in: n.In, fuzzy: w})
		}
	}
}

// near leaves out signs that stand alone, as they are no words.
func (c *collector) near(n index.Near) {
	var words []string
	for _, w := range analysis.Phrase(n.Text) {
		if len(analysis.Words(w.Text)) > 0 {
			words = append(words, w.Text)
		}
	}
	if len(words) > 0 {
		c.take(part{in: n.In, near: words, within: max(0, n.Within)})
	}
}

func (c *collector) take(p part) {
	if p.group = c.group; p.group == none {
		p.group = c.groups
		c.groups++
	}
	c.parts = append(c.parts, p)
}

// maxNeedle bounds a needle: what begins like it is looked at closely.
const maxNeedle = 8

// needles returns with what letters and digits of ASCII, in lower case, the words begin
// that a part can match in a chunk of plain letters; false where they may begin anyhow.
func (p part) needles(language analysis.Language) (needles []string, known bool) {
	var begins []string
	switch {
	case p.word != "" && language.Stems(p.word):
		prefix, irregular := language.Family(language.Stem(p.word))
		begins = append(slices.Clone(irregular), prefix)
	case p.word != "":
		begins = []string{p.word}
	case p.prefix != "":
		begins = []string{p.prefix}
	case p.run != nil:
		begins = []string{p.run[0].Text}
	default: // fuzzy words begin anyhow, and nearness needs the number of each token
		return nil, false
	}
	for _, b := range begins {
		needle, ok := needleOf(b)
		if !ok {
			return nil, false
		}
		if needle != "" {
			needles = append(needles, needle)
		}
	}
	return needles, true
}

// needleOf returns the letters and digits with which a word begins behind its signs: none
// where only a chunk can have it that holds more than plain letters.
func needleOf(word string) (string, bool) {
	word = strings.TrimLeft(word, "&/.+$%#-'")
	if word == "" {
		return "", false
	}
	end := 0
	for end < len(word) && end < maxNeedle && kinds[word[end]] == kindPlain {
		end++
	}
	return word[:end], true
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
