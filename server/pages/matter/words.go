package matter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/server/wording"
)

// Bounds of a comparison: a usual release has forty sentences of thirty words.
const (
	maxSentences     = 160
	maxSentenceWords = 120
	// alike is the share of common words from which one sentence is another's rewording.
	alike = 0.55
)

// Piece is a run of words of a sentence.
type Piece struct {
	Text string
	Mark string // "" for what both say, "added" or "left" out
}

// Sentence is a sentence of one telling against the first telling.
type Sentence struct {
	Pieces []Piece
	Kind   string // same, reworded, added, left
}

// Difference is what a telling says beside the first, in its own order, and what it leaves
// out of that, in the order of the first.
type Difference struct {
	Own     []Sentence // reworded and added ones; those that are the same are left out
	Left    []Sentence
	Same    int // sentences that are equal
	Partial bool
}

// compare compares a telling with the first.
func compare(first, other string) Difference {
	a, moreA := sentences(first)
	b, moreB := sentences(other)
	d := Difference{Partial: moreA || moreB}
	taken := make([]bool, len(a))
	for _, own := range b {
		at, best := -1, alike
		for i := range a {
			if taken[i] {
				continue
			}
			if likeness := common(a[i].set, own.set); likeness >= best {
				at, best = i, likeness
				if likeness == 1 {
					break
				}
			}
		}
		switch {
		case at < 0:
			d.Own = append(d.Own, Sentence{[]Piece{{own.text, "added"}}, "added"})
			continue
		case slices.Equal(a[at].folded, own.folded):
			d.Same++
		default:
			d.Own = append(d.Own, Sentence{reword(a[at], own), "reworded"})
		}
		taken[at] = true
	}
	for i := range a {
		if !taken[i] {
			d.Left = append(d.Left, Sentence{[]Piece{{a[i].text, "left"}}, "left"})
		}
	}
	return d
}

// Words says how much is the same, own and left out.
func (d Difference) Words() string {
	return wording.Counted(d.Same, "sentence", "sentences") + " the same, " + wording.Number(len(d.Own)) + " its own, " + wording.Number(len(d.Left)) + " left out"
}

// sentence is one as written and as compared.
type sentence struct {
	text   string
	words  []string // as written
	folded []string
	set    []string // of folded, sorted
}

// sentences cuts a text, and tells whether some of it was left.
func sentences(text string) (list []sentence, more bool) {
	for paragraph := range strings.SplitSeq(text, "\n") {
		start := 0
		words := strings.Fields(paragraph)
		for i, w := range words {
			if i+1 < len(words) && !ends(w, words[i+1]) && i-start+1 < maxSentenceWords {
				continue
			}
			if len(list) == maxSentences {
				return list, true
			}
			list = append(list, newSentence(words[start:i+1]))
			start = i + 1
		}
	}
	return list, false
}

func newSentence(words []string) sentence {
	s := sentence{text: strings.Join(words, " "), words: words, folded: make([]string, len(words))}
	for i, w := range words {
		s.folded[i] = strings.ToLower(strings.TrimFunc(w, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '$' }))
	}
	s.set = slices.Clone(s.folded)
	slices.Sort(s.set)
	s.set = slices.Compact(s.set)
	return s
}

// ends tells whether a word is the last of a sentence: a stop behind it, not that of an
// initial or abbreviation, and a capital letter to follow.
func ends(word, next string) bool {
	bare := strings.TrimRight(word, `"”’')`)
	if bare == "" || !strings.ContainsRune(".!?", rune(bare[len(bare)-1])) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(bare)
	if bare[len(bare)-1] == '.' && (len(bare) <= 4 && unicode.IsUpper(first) || strings.Count(bare, ".") > 1) {
		return false
	}
	for _, c := range next {
		return unicode.IsUpper(c) || unicode.IsDigit(c) || strings.ContainsRune("“\"‘'(", c)
	}
	return false
}

// common is Jaccard's share of the words of two sentences.
func common(a, b []string) float64 {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch strings.Compare(a[i], b[j]) {
		case 0:
			n, i, j = n+1, i+1, j+1
		case -1:
			i++
		default:
			j++
		}
	}
	return float64(n) / float64(max(1, len(a)+len(b)-n))
}

// reword marks the words that differ, by the longest common run of words with gaps.
func reword(a, b sentence) []Piece {
	table := make([][]uint8, len(a.folded)+1)
	for i := range table {
		table[i] = make([]uint8, len(b.folded)+1)
	}
	for i := len(a.folded) - 1; i >= 0; i-- {
		for j := len(b.folded) - 1; j >= 0; j-- {
			if a.folded[i] == b.folded[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	var pieces []Piece
	add := func(word, mark string) {
		if n := len(pieces); n > 0 && pieces[n-1].Mark == mark {
			pieces[n-1].Text += " " + word
			return
		}
		pieces = append(pieces, Piece{word, mark})
	}
	i, j := 0, 0
	for i < len(a.folded) || j < len(b.folded) {
		switch {
		case i < len(a.folded) && j < len(b.folded) && a.folded[i] == b.folded[j]:
			add(b.words[j], "")
			i, j = i+1, j+1
		case j == len(b.folded) || i < len(a.folded) && table[i+1][j] >= table[i][j+1]:
			add(a.words[i], "left")
			i++
		default:
			add(b.words[j], "added")
			j++
		}
	}
	return pieces
}
