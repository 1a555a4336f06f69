package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind is what a piece of typed text is.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenPhrase
	tokenField // a known field's name; its colon is consumed
	tokenOther // an unknown name before a colon; its colon is consumed
	tokenOpen
	tokenClose
	tokenAnd
	tokenOr
	tokenNot
	tokenMinus
)

// token is a piece of typed text.
type token struct {
	kind   tokenKind
	text   string // of words, phrases, names and operators
	within int    // of a phrase: the number after "~", -1 without one
	gap    bool   // white space, or nothing at all, stands before it
}

// startsPart tells whether a part of a question can begin with the token.
func (t token) startsPart() bool {
	switch t.kind {
	case tokenWord, tokenPhrase, tokenField, tokenOther, tokenOpen, tokenNot, tokenMinus:
		return true
	case tokenEnd, tokenClose, tokenAnd, tokenOr:
	}
	return false
}

// lexer cuts typed text into tokens.
type lexer struct {
	rest     string
	last     tokenKind
	tokens   []token
	warnings *warnings
}

// lex cuts clean text into tokens. The list ends without a tokenEnd.
func lex(text string, w *warnings) []token {
	l := lexer{rest: text, warnings: w}
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
	first, size := utf8.DecodeRuneInString(l.rest)
	switch {
	case first == '(':
		l.rest = l.rest[size:]
		l.add(token{kind: tokenOpen, gap: gap})
	case first == ')':
		l.rest = l.rest[size:]
		l.add(token{kind: tokenClose, gap: gap})
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

func (l *lexer) add(t token) {
	l.tokens = append(l.tokens, t)
	l.last = t.kind
}

// minus reads a hyphen that means NOT: one that stands where a part may begin and is
// followed directly by something. Any other hyphen before a word, or two, is a dash.
func (l *lexer) minus(gap bool) {
	after := strings.TrimLeft(l.rest, "-")
	hyphens := len(l.rest) - len(after)
	l.rest = after
	next, _ := utf8.DecodeRuneInString(after)
	begins := gap || l.last == tokenOpen || l.last == tokenField
	if hyphens == 1 && begins && after != "" && !unicode.IsSpace(next) && next != ')' {
		l.add(token{kind: tokenMinus, text: "-", gap: gap})
	}
}

// phrase reads up to the quote that closes; any double quote does, since keyboards and
// word processors mix them.
func (l *lexer) phrase(gap bool) {
	end := strings.IndexFunc(l.rest, isQuote)
	if end < 0 {
		l.warnings.add("unbalanced_quote", "A quotation mark has no partner; what follows it was read as single words.")
		return
	}
	t := token{kind: tokenPhrase, text: strings.TrimSpace(l.rest[:end]), within: -1, gap: gap}
	_, size := utf8.DecodeRuneInString(l.rest[end:])
	l.rest = l.rest[end+size:]
	if after, found := strings.CutPrefix(l.rest, "~"); found {
		digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
		t.within = l.distance(after[:digits])
		l.rest = after[digits:]
	}
	l.add(t)
}

// maxDistance bounds how far apart the words of "a b"~N may be: further than in one
// paragraph says nothing that AND does not say.
const maxDistance = 100

// distance reads the number after "~"; -1 where there is none.
func (l *lexer) distance(digits string) int {
	if digits == "" {
		l.warnings.add("bad_distance", `A number is missing after "~"; the phrase was read as an exact one.`)
		return -1
	}
	n := 0
	for _, digit := range digits {
		n = n*10 + int(digit-'0')
		if n > maxDistance {
			l.warnings.addf("bad_distance", "Words can be searched up to %d words apart; that was used.", maxDistance)
			return maxDistance
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
			l.operator(tokenAnd, text, gap)
			return
		case "OR":
			l.operator(tokenOr, text, gap)
			return
		case "NOT":
			l.operator(tokenNot, text, gap)
			return
		}
		if l.name(text, gap) {
			return
		}
	}
	l.rest = l.rest[end:]
	l.add(token{kind: tokenWord, text: text, gap: gap})
}

// isValue tells whether what follows is the value of a field, known or not: there, OR is
// Oregon and a colon is a sign.
func (l *lexer) isValue(gap bool) bool {
	if gap || len(l.tokens) == 0 {
		return false
	}
	if l.last == tokenMinus && len(l.tokens) > 1 {
		before := l.tokens[len(l.tokens)-2]
		return before.kind == tokenField && !l.tokens[len(l.tokens)-1].gap
	}
	return l.last == tokenField || l.last == tokenOther
}

func (l *lexer) operator(kind tokenKind, text string, gap bool) {
	l.rest = l.rest[len(text):]
	l.add(token{kind: kind, text: text, gap: gap})
}

// name reads the name before a colon, if run begins with one. A colon at the end of a
// run ("Re: settlement") after anything but a field is punctuation; in "https://…" and
// "10:30" it is a sign.
func (l *lexer) name(run string, gap bool) bool {
	name, after, found := strings.Cut(run, ":")
	if !found || name == "" || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz_") != "" {
		return false
	}
	if _, known := fieldNamed(name); known {
		l.rest = l.rest[len(name)+1:]
		l.add(token{kind: tokenField, text: name, gap: gap})
		return true
	}
	bare := after == "" && (len(l.rest) == len(run) || !startsValue(l.rest[len(run):]))
	if bare || strings.HasPrefix(after, "//") {
		return false
	}
	l.rest = strings.TrimLeft(l.rest[len(name)+1:], "-:")
	l.add(token{kind: tokenOther, text: name, gap: gap})
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
