// Package lexing cuts typed questions into tokens: words, phrases, names of fields,
// operators and parentheses, each with its place in the text. It knows no field by itself
// and builds nothing of the tokens.
package lexing

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a piece of typed text is.
type Kind uint8

// Kinds of tokens.
const (
	End Kind = iota
	Word
	Phrase
	Field // a known field's name; its colon is consumed
	Other // an unknown name before a colon; its colon is consumed
	Open
	Close
	And
	Or
	Not
	Minus
)

// Token is a piece of typed text.
type Token struct {
	Kind   Kind
	Text   string // of words, phrases, names and operators
	Within int    // of a phrase: the number after "~", -1 without one
	Gap    bool   // white space, or nothing at all, stands before it
	Start  int    // byte of the text where it begins
	End    int    // byte after it
}

// StartsPart tells whether a part of a question can begin with the token.
func (t Token) StartsPart() bool {
	switch t.Kind {
	case Word, Phrase, Field, Other, Open, Not, Minus:
		return true
	case End, Close, And, Or:
	}
	return false
}

// lexer cuts typed text into tokens.
type lexer struct {
	size     int // of the whole text
	rest     string
	start    int  // of the token being read
	last     Kind // of the token before it
	tokens   []Token
	language Language
}

// Language is what a lexer is told of the language.
type Language struct {
	IsField func(name string) bool     // in any case
	Warn    func(code, message string) // of what had to be read otherwise than it was typed
}

// Lex cuts text without control characters into tokens. The list ends without an End.
func Lex(text string, language Language) []Token {
	l := lexer{size: len(text), rest: text, language: language}
	for l.next() {
	}
	return l.tokens
}

// next reads one token, or skips something that is none; false is the end.
func (l *lexer) next() bool {
	trimmed := strings.TrimLeftFunc(l.rest, unicode.IsSpace)
	gap := len(trimmed) != len(l.rest) || len(l.tokens) == 0
	l.rest = trimmed
	if l.rest == "" {
		return false
	}
	l.start = l.size - len(l.rest)
	first, size := utf8.DecodeRuneInString(l.rest)
	switch {
	case first == '(':
		l.rest = l.rest[size:]
		l.add(Token{Kind: Open, Gap: gap})
	case first == ')':
		l.rest = l.rest[size:]
		l.add(Token{Kind: Close, Gap: gap})
	case isQuote(first):
		l.rest = l.rest[size:]
		l.phrase(gap)
	case first == '-':
		l.minus(gap)
	default:
		l.word(gap)
	}
	return true
}

// add keeps a token that has just been read.
func (l *lexer) add(t Token) {
	t.Start, t.End = l.start, l.size-len(l.rest)
	l.tokens = append(l.tokens, t)
	l.last = t.Kind
}

// minus reads a hyphen that means NOT: one that stands where a part may begin and is
// followed directly by something. Any other hyphen before a word, or two, is a dash.
func (l *lexer) minus(gap bool) {
	after := strings.TrimLeft(l.rest, "-")
	hyphens := len(l.rest) - len(after)
	l.rest = after
	next, _ := utf8.DecodeRuneInString(after)
	begins := gap || l.last == Open || l.last == Field
	if hyphens == 1 && begins && after != "" && !unicode.IsSpace(next) && next != ')' {
		l.add(Token{Kind: Minus, Text: "-", Gap: gap})
	}
}

// phrase reads up to the quote that closes; any double quote does, since keyboards and
// word processors mix them.
func (l *lexer) phrase(gap bool) {
	end := strings.IndexFunc(l.rest, isQuote)
	if end < 0 {
		l.language.Warn("unbalanced_quote", "A quotation mark has no partner; what follows it was read as single words.")
		return
	}
	t := Token{Kind: Phrase, Text: strings.TrimSpace(l.rest[:end]), Within: -1, Gap: gap}
	_, size := utf8.DecodeRuneInString(l.rest[end:])
	l.rest = l.rest[end+size:]
	if after, found := strings.CutPrefix(l.rest, "~"); found {
		digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
		t.Within = l.distance(after[:digits])
		l.rest = after[digits:]
	}
	l.add(t)
}

// MaxDistance bounds how far apart the words of "a b"~N may be: further than in one
// paragraph says nothing that AND does not say.
const MaxDistance = 100

// distance reads the number after "~"; -1 where there is none.
func (l *lexer) distance(digits string) int {
	if digits == "" {
		l.language.Warn("bad_distance", `A number is missing after "~"; the phrase was read as an exact one.`)
		return -1
	}
	n := 0
	for _, digit := range digits {
		n = n*10 + int(digit-'0')
		if n > MaxDistance {
			l.language.Warn("bad_distance", fmt.Sprintf("Words can be searched up to %d words apart; that was used.", MaxDistance))
			return MaxDistance
		}
	}
	return n
}

// word reads up to white space, a parenthesis or a quote: an operator, the name of a
// field, or a word with all its signs.
func (l *lexer) word(gap bool) {
	end := strings.IndexFunc(l.rest, func(r rune) bool {
		return unicode.IsSpace(r) || r == '(' || r == ')' || isQuote(r)
	})
	if end < 0 {
		end = len(l.rest)
	}
	text := l.rest[:end]
	value := l.isValue(gap)
	if !value {
		switch text {
		case "AND":
			l.operator(And, text, gap)
			return
		case "OR":
			l.operator(Or, text, gap)
			return
		case "NOT":
			l.operator(Not, text, gap)
			return
		}
		if l.name(text, gap) {
			return
		}
	}
	l.rest = l.rest[end:]
	l.add(Token{Kind: Word, Text: text, Gap: gap})
}

// isValue tells whether what follows is the value of a field, known or not: there, OR is
// Oregon and a colon is a sign.
func (l *lexer) isValue(gap bool) bool {
	if gap || len(l.tokens) == 0 {
		return false
	}
	if l.last == Minus && len(l.tokens) > 1 {
		before := l.tokens[len(l.tokens)-2]
		return before.Kind == Field && !l.tokens[len(l.tokens)-1].Gap
	}
	return l.last == Field || l.last == Other
}

func (l *lexer) operator(kind Kind, text string, gap bool) {
	l.rest = l.rest[len(text):]
	l.add(Token{Kind: kind, Text: text, Gap: gap})
}

// name reads the name before a colon, if run begins with one. A colon at the end of a
// run ("Re: settlement") after anything but a field is punctuation; in "https://…" and
// "10:30" it is a sign.
func (l *lexer) name(run string, gap bool) bool {
	name, after, found := strings.Cut(run, ":")
	if !found || name == "" || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz_") != "" {
		return false
	}
	if l.language.IsField(name) {
		l.rest = l.rest[len(name)+1:]
		l.add(Token{Kind: Field, Text: name, Gap: gap})
		return true
	}
	bare := after == "" && (len(l.rest) == len(run) || !startsValue(l.rest[len(run):]))
	if bare || strings.HasPrefix(after, "//") {
		return false
	}
	l.rest = strings.TrimLeft(l.rest[len(name)+1:], "-:")
	l.add(Token{Kind: Other, Text: name, Gap: gap})
	return true
}

// startsValue tells whether a quoted or grouped value begins text.
func startsValue(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return first == '(' || isQuote(first)
}

// isQuote tells whether r is one of the double quotation marks that people's keyboards,
// word processors and languages have.
func isQuote(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '‟', '«', '»', '＂', '″':
		return true
	}
	return false
}
