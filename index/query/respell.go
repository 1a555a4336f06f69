package query

import (
	"strings"

	"agora/index/query/lexing"
)

// Respell returns text with those of its plain words written as spelling has them, all
// else byte for byte. Plain are words outside quotes and fields, without "*" and "~", that
// are not excluded: a question that found too little finds no more by excluding more.
//
// spelling gets a word as it was typed, without the punctuation around it; of words joined
// by hyphens or slashes ("drug-trafficking") it gets each, for each is looked for. Other
// compounds ("T-Mobile", "9/11") it gets whole. A spelling that would be read as anything
// but words is not used.
func Respell(text string, spelling func(word string) (string, bool)) string {
	p, _ := read(clean(cut(text, &warnings{})), &warnings{})
	var b strings.Builder
	done := 0
	for _, word := range p.plain {
		for _, span := range lexing.Words(word.Text) {
			start, end := word.Start+span[0], word.Start+span[1]
			better, ok := spelling(text[start:end])
			if !ok || better == text[start:end] || !isWords(better) {
				continue
			}
			b.WriteString(text[done:start])
			b.WriteString(better)
			done = end
		}
	}
	b.WriteString(text[done:])
	return b.String()
}

// isWords tells whether text would be read as words alone wherever it stands.
func isWords(text string) bool {
	tokens := lex(clean(text), &warnings{})
	for _, t := range tokens {
		if t.Kind != lexing.Word || strings.ContainsAny(t.Text, notPlain) || letters(t.Text) == 0 {
			return false
		}
	}
	return len(tokens) > 0
}
