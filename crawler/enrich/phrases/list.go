package phrases

import (
	"fmt"
	"strings"
)

// Vocabulary numbers the words that any list knows, so that a text is looked up once
// for all lists. It is built first and only read afterwards, by any number of readers.
type Vocabulary struct {
	numbers map[string]int32 // every written form → number of the word
}

// NewVocabulary returns an empty vocabulary.
func NewVocabulary() *Vocabulary { return &Vocabulary{numbers: map[string]int32{}} }

// Unknown is the number of words that no list knows.
const Unknown = int32(0)

// Numbers returns the number of each word of text.
func (v *Vocabulary) Numbers(t Text) []int32 {
	numbers := make([]int32, len(t.Words))
	for i, w := range t.Words {
		numbers[i] = v.numbers[w.Folded]
	}
	return numbers
}

// number returns the number of a word of a list, with its singular and plural forms.
func (v *Vocabulary) number(word string) int32 {
	if n, ok := v.numbers[word]; ok {
		return n
	}
	base := singular(word)
	n, ok := v.numbers[base]
	if !ok {
		n = int32(len(v.numbers) + 1)
		v.numbers[base] = n
	}
	for _, form := range []string{word, plural(base)} {
		if _, taken := v.numbers[form]; !taken {
			v.numbers[form] = n
		}
	}
	return n
}

// singular returns the likely singular of an English noun. It need not be a word: it
// only must be the same for both forms.
func singular(w string) string {
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case len(w) > 4 && (strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "xes") ||
		strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes")):
		return w[:len(w)-2]
	case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") &&
		!strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		return w[:len(w)-1]
	}
	return w
}

func plural(w string) string {
	switch {
	case len(w) > 2 && strings.HasSuffix(w, "y") && !strings.ContainsRune("aeiou", rune(w[len(w)-2])):
		return w[:len(w)-1] + "ies"
	case strings.HasSuffix(w, "s") || strings.HasSuffix(w, "x") || strings.HasSuffix(w, "ch") || strings.HasSuffix(w, "sh"):
		return w + "es"
	}
	return w + "s"
}

// List is a set of phrases, each with a value of the caller's.
type List struct {
	vocabulary *Vocabulary
	next       map[uint64]int32 // node and word → node
	values     [][]int32        // node → values of the phrases that end there
	longest    int
}

// NewList returns an empty list over v.
func NewList(v *Vocabulary) *List {
	return &List{vocabulary: v, next: map[uint64]int32{}, values: make([][]int32, 1)}
}

// maxForms bounds how many phrases one written form with choices may stand for.
const maxForms = 256

// Add enters a phrase under a value. A phrase is words with spaces or hyphens between;
// {a,b c} is a choice, and a choice may be empty: "{sue,sues,sued} {the,} state".
func (l *List) Add(phrase string, value int32) error {
	forms, err := expand(phrase)
	if err != nil {
		return fmt.Errorf("add phrase %q: %w", phrase, err)
	}
	for _, form := range forms {
		words := Read(form).Words
		if len(words) == 0 {
			return fmt.Errorf("add phrase %q: it has no word", phrase)
		}
		node := int32(0)
		for _, w := range words {
			key := uint64(node)<<32 | uint64(l.vocabulary.number(w.Folded))
			child, ok := l.next[key]
			if !ok {
				child = int32(len(l.values))
				l.values = append(l.values, nil)
				l.next[key] = child
			}
			node = child
		}
		l.values[node] = append(l.values[node], value)
		l.longest = max(l.longest, len(words))
	}
	return nil
}

// expand writes out the choices of a phrase.
func expand(phrase string) ([]string, error) {
	open := strings.IndexByte(phrase, '{')
	if open < 0 {
		if strings.ContainsRune(phrase, '}') {
			return nil, fmt.Errorf("} without {")
		}
		return []string{phrase}, nil
	}
	end := strings.IndexByte(phrase[open:], '}')
	if end < 0 {
		return nil, fmt.Errorf("{ without }")
	}
	rest, err := expand(phrase[open+end+1:])
	if err != nil {
		return nil, err
	}
	var forms []string
	for choice := range strings.SplitSeq(phrase[open+1:open+end], ",") {
		for _, tail := range rest {
			forms = append(forms, phrase[:open]+choice+tail)
		}
	}
	if len(forms) > maxForms {
		return nil, fmt.Errorf("it stands for more than %d phrases", maxForms)
	}
	return forms, nil
}

// Match is a phrase found: words Start to End-1 of the text.
type Match struct {
	Start, End int
	Value      int32
}

// Each calls found for every phrase of the list in a text of numbered words, in order
// of place, the shorter of two that begin together first. It takes time in proportion
// to the text: no phrase is tried for more words than the longest has.
func (l *List) Each(numbers []int32, found func(Match)) {
	for i, n := range numbers {
		node := int32(0)
		for j := i; n != Unknown; n = numbers[j] {
			child, ok := l.next[uint64(node)<<32|uint64(n)]
			if !ok {
				break
			}
			node = child
			j++
			for _, value := range l.values[node] {
				found(Match{Start: i, End: j, Value: value})
			}
			if j == len(numbers) {
				break
			}
		}
	}
}

// Longest returns the longest phrase that begins at word i, if one does.
func (l *List) Longest(numbers []int32, i int) (Match, bool) {
	var best Match
	node, ok := int32(0), false
	for j := i; j < len(numbers) && numbers[j] != Unknown; j++ {
		child, more := l.next[uint64(node)<<32|uint64(numbers[j])]
		if !more {
			break
		}
		node = child
		if values := l.values[node]; len(values) > 0 {
			best, ok = Match{Start: i, End: j + 1, Value: values[0]}, true
		}
	}
	return best, ok
}
