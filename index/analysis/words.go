package analysis

import (
	"bytes"
	"unicode/utf8"
)

// Parts calls yield with the words inside a compound ("drug" and "trafficking" of
// "drug-trafficking"), for those who look for one of them. Single characters are left
// out: nobody looks for the "t" of "t-mobile".
func Parts(word []byte, yield func(part []byte)) {
	for len(word) > 0 {
		i := bytes.IndexFunc(word, isSign)
		part := word
		if i >= 0 {
			part, word = word[:i], word[i+1:]
		} else {
			word = nil
		}
		if len(part) > 1 {
			yield(part)
		}
	}
}

func isSign(r rune) bool { return r < 0x80 && classifyASCII(byte(r)) == sign }

// Words returns the folded words that text asks for, each of which has to be found. A
// compound of whole words ("drug-trafficking", "and/or") asks for its words, any other
// ("t-mobile", "9/11", "at&t") for itself. Signs that stand alone ask for nothing.
func Words(text string) []string {
	var s Scanner
	s.Reset(text)
	var words []string
	for {
		t, ok := s.Next()
		if !ok {
			return words
		}
		switch {
		case t.Sign:
		case len(t.Full) > len(t.Word):
			words = append(words, string(t.Full))
		case t.Compound && joinsWords(t.Word):
			Parts(t.Word, func(part []byte) { words = append(words, string(part)) })
		default:
			words = append(words, string(t.Word))
		}
	}
}

// joinsWords tells whether a compound is words of letters joined by hyphens or slashes.
func joinsWords(word []byte) bool {
	letters := 0
	for _, c := range word {
		switch {
		case c == '-' || c == '/':
			if letters < 2 {
				return false
			}
			letters = 0
		case 'a' <= c && c <= 'z' || c >= 0x80:
			letters++
		default:
			return false
		}
	}
	return letters >= 2
}

// Wanted is a token of a phrase.
type Wanted struct {
	Text string // to be found as a whole token, or as the full form of one
	Stop bool   // only where a full stop follows
}

// Phrase returns the tokens that text asks for in a row.
func Phrase(text string) []Wanted {
	var s Scanner
	s.Reset(text)
	var wanted []Wanted
	for {
		t, ok := s.Next()
		if !ok {
			return wanted
		}
		wanted = append(wanted, Wanted{Text: string(t.Full), Stop: t.Stop})
	}
}

// Fold returns the folded tokens of text with a space between them, as a person would
// write them: for the parts of words that prefixes and fuzzy words are.
func Fold(text string) string {
	var s Scanner
	s.Reset(text)
	var b []byte
	for {
		t, ok := s.Next()
		if !ok {
			return string(b)
		}
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = append(b, t.Full...)
	}
}

// shortWord is the longest word of which only one letter may differ: with two, most short
// words are near each other.
const shortWord = 5

// Edits returns how many edits a fuzzy word may be away.
func Edits(word string) int {
	if utf8.RuneCountInString(word) <= shortWord {
		return 1
	}
	return 2
}
