package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lengths of texts in bytes: most near the middle, few very long, as offices write.
const (
	textMiddle  = 2600
	textSpread  = 0.55 // of the logarithm
	textLeast   = 500
	textMost    = 20_000
	titleWords  = 7
	phraseEvery = 2 // sentences
	topicEvery  = 9 // words
)

// style is what the sentences of a release are made of.
type style struct {
	random *rand.Rand
	tongue *tongue
	topic  []string // words of what it is about; a release says them again and again
	favor  []string // a few more that it keeps to: words of a text come in bursts
	plain  bool     // without the English phrases
}

// writer builds the text of one release.
type writer struct {
	style
	b strings.Builder
}

// text makes paragraphs of sentences, as long as the release is.
func (s style) text(opening string) string {
	size := int(textMiddle * math.Exp(textSpread*s.random.NormFloat64()))
	size = min(max(size, textLeast), textMost)
	w := writer{style: s}
	w.b.Grow(size + 256)
	w.b.WriteString(opening)
	for w.b.Len() < size {
		if w.b.Len() > len(opening) {
			w.b.WriteString("\n\n")
		}
		for range 2 + w.random.IntN(4) {
			w.b.WriteByte(' ')
			w.sentence()
		}
	}
	return strings.ReplaceAll(w.b.String(), "\n\n ", "\n\n")
}

// sentence writes a sentence of ten to thirty words, now and then with a fixed phrase, a
// number or somebody's name in it.
func (w *writer) sentence() {
	words := 10 + w.random.IntN(20)
	phraseAt, extraAt := -1, -1
	if !w.plain && w.random.IntN(phraseEvery) == 0 {
		phraseAt = 1 + w.random.IntN(words-1)
	}
	if w.random.IntN(3) == 0 {
		extraAt = 1 + w.random.IntN(words-1)
	}
	for i := range words {
		if i > 0 {
			w.b.WriteByte(' ')
		}
		switch i {
		case 0:
			w.b.WriteString(capital(w.word()))
		case phraseAt:
			w.b.WriteString(phrases[steep(w.random, len(phrases))])
		case extraAt:
			w.extra()
		default:
			w.b.WriteString(w.word())
		}
		if i < words-1 && w.random.IntN(14) == 0 {
			w.b.WriteByte(',')
		}
	}
	w.b.WriteByte('.')
}

func (w *writer) word() string {
	if w.random.IntN(topicEvery) == 0 {
		return pick(w.random, w.topic)
	}
	if w.random.IntN(topicEvery) == 0 {
		return pick(w.random, w.favor)
	}
	return w.tongue.word(w.random)
}

// extra writes what no list of words has: names, numbers, amounts, files.
func (w *writer) extra() {
	switch w.random.IntN(6) {
	case 0:
		fmt.Fprintf(&w.b, "$%d.%d million", 1+w.random.IntN(400), w.random.IntN(10))
	case 1:
		fmt.Fprintf(&w.b, "No. %02d-cv-%05d", w.random.IntN(26), w.random.IntN(20_000))
	case 2:
		fmt.Fprintf(&w.b, "$%d,%03d", 1+w.random.IntN(900), w.random.IntN(1000))
	case 3:
		fmt.Fprintf(&w.b, "%d", 2001+w.random.IntN(26))
	default:
		w.b.WriteString(pick(w.random, firsts) + " " + inventedName(w.random))
	}
}

// title makes a headline of a few words, most of them capitalised.
func (s style) title(opening string) string {
	words := []string{opening}
	for range titleWords/2 + s.random.IntN(titleWords) {
		w := s.tongue.word(s.random)
		if s.random.IntN(3) == 0 {
			w = pick(s.random, s.topic)
		}
		words = append(words, capital(w))
	}
	return strings.Join(words, " ")
}

func capital(w string) string {
	first, size := utf8.DecodeRuneInString(w)
	return string(unicode.ToUpper(first)) + w[size:]
}

// steep draws a number below n: 0 far more often than the last.
func steep(random *rand.Rand, n int) int {
	u := random.Float64()
	return int(float64(n) * u * u * u)
}
