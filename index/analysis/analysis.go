// Package analysis cuts text into tokens and folds them, the same way for what is
// indexed, what is asked for and what is marked in a result, so that the three can never
// disagree. It knows no index, no query language and no HTML.
//
// A token is a word with the signs & / . + $ % # - before or inside it: "at&t",
// "t-mobile", "9/11", "$5", "u.s". The sign § is a token of its own ("§ 1983" and
// "§1983" are the same two tokens), and so is a sign between white space. Signs directly
// after a word belong to a second, full form of the token ("50" and "50%", "c" and "c#");
// a single full stop after it is a property of the token, so that "No. 5" can be told
// from "no 5" while "court" still finds "court.".
//
// Folded are case, accents and other marks, quotes, dashes, ʻokina and white space:
// "Hawaiʻi", "Hawai'i" and "HAWAII" are one word. Straight and curly apostrophes inside a
// word are the same sign and stay. Dashes that join (‐ ‑ – −) are hyphens; dashes that
// separate (— and --) are a hyphen between white space. All other punctuation is dropped.
package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord bounds a token in bytes: what is longer is no word, and is cut.
const maxWord = 120

// Token is a folded token and where it stands in the text.
type Token struct {
	Word     []byte // folded; valid until the scanner moves on
	Full     []byte // Word with the signs directly after it; the same as Word where there are none
	Start    int    // byte of the text where it begins
	End      int    // byte after it, without a full stop
	Stop     bool   // a single full stop follows directly
	Sign     bool   // it holds no letter or digit
	Compound bool   // signs stand before or inside the word
}

// Scanner walks over the tokens of a text.
type Scanner struct {
	text string
	at   int
	buf  []byte
}

// Reset starts over with a text. The zero Scanner is ready to be Reset.
func (s *Scanner) Reset(text string) {
	s.text, s.at = text, 0
}

// class is what a character is to the scanner.
type class uint8

const (
	space    class = iota // and all that separates without being kept
	letter                // letters, digits and the marks on them
	sign                  // & / . + $ % # and hyphens
	section               // §
	quote                 // apostrophes of every shape
	okina                 // ʻ
	longDash              // — and ―
	hidden                // soft hyphens, zero-width characters: as if they were not there
)

// classify returns the class of the character at i, the character and its length.
func classify(text string, i int) (class, rune, int) {
	c := text[i]
	if c < utf8.RuneSelf {
		return classifyASCII(c), rune(c), 1
	}
	r, n := utf8.DecodeRuneInString(text[i:])
	switch r {
	case '§':
		return section, r, n
	case '’', '‘', '‛', 'ʼ', '′', '´', '＇':
		return quote, r, n
	case 'ʻ':
		return okina, r, n
	case '‐', '‑', '‒', '–', '−', '﹣', '－':
		return sign, '-', n
	case '—', '―':
		return longDash, r, n
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return hidden, r, n
	case utf8.RuneError:
		return space, r, n
	}
	if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
		return letter, r, n
	}
	return space, r, n
}

// isPlain tells whether c is a letter or digit of ASCII.
func isPlain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func classifyASCII(c byte) class {
	if isPlain(c) {
		return letter
	}
	switch c {
	case '&', '/', '.', '+', '$', '%', '#', '-':
		return sign
	case '\'', '`':
		return quote
	}
	return space
}

// Next returns the next token; false at the end of the text.
func (s *Scanner) Next() (Token, bool) {
	for s.at < len(s.text) {
		kind, _, n := classify(s.text, s.at)
		switch kind {
		case letter:
			s.buf = s.buf[:0]
			if t, ok := s.word(s.at); ok {
				return t, true
			}
		case section:
			s.buf = append(s.buf[:0], "§"...)
			return s.signToken(s.at, s.at+n), true
		case longDash:
			s.buf = append(s.buf[:0], '-')
			return s.signToken(s.at, s.at+n), true
		case sign:
			if t, ok := s.signs(); ok {
				return t, true
			}
		case space, quote, okina, hidden:
			s.at += n
		}
	}
	return Token{}, false
}

func (s *Scanner) signToken(start, end int) Token {
	s.at = end
	return Token{Word: s.buf, Full: s.buf, Start: start, End: end, Sign: true}
}

// run collects the signs at i in front of what is no sign; it stops at two hyphens in a
// row, which separate.
func (s *Scanner) run(i int, into []byte) ([]byte, int) {
	for i < len(s.text) {
		kind, r, n := classify(s.text, i)
		if kind != sign || (r == '-' && s.hyphenAt(i+n)) {
			break
		}
		into = append(into, byte(r))
		i += n
	}
	return into, i
}

func (s *Scanner) hyphenAt(i int) bool {
	if i >= len(s.text) {
		return false
	}
	kind, r, _ := classify(s.text, i)
	return kind == sign && r == '-'
}

func (s *Scanner) letterAt(i int) (rune, bool) {
	if i >= len(s.text) {
		return 0, false
	}
	kind, r, _ := classify(s.text, i)
	return r, kind == letter
}

// signs reads signs that no word precedes: they begin a word, stand alone or are dropped.
func (s *Scanner) signs() (Token, bool) {
	start := s.at
	var end int
	s.buf, end = s.run(start, s.buf[:0])
	if len(s.buf) == 0 { // two hyphens or more
		s.buf = append(s.buf, '-')
		for end = start; s.hyphenAt(end); {
			_, _, n := classify(s.text, end)
			end += n
		}
		return s.signToken(start, end), true
	}
	dots := strings.Trim(string(s.buf), ".") == ""
	next, joined := s.letterAt(end)
	switch {
	case joined && dots && len(s.buf) > 1: // an ellipsis
		s.at = end
		return Token{}, false
	case joined && s.buf[len(s.buf)-1] == '-' && !unicode.IsNumber(next): // a bullet, a dash
		return s.signToken(start, end), true
	case joined:
		t, ok := s.wordFrom(start, end)
		t.Compound = true
		return t, ok
	case dots:
		s.at = end
		return Token{}, false
	}
	for s.buf[len(s.buf)-1] == '.' {
		s.buf = s.buf[:len(s.buf)-1]
	}
	return s.signToken(start, end), true
}

func (s *Scanner) word(start int) (Token, bool) { return s.wordFrom(start, start) }

// wordFrom reads a word whose letters begin at i; signs before it are in the buffer.
func (s *Scanner) wordFrom(start, i int) (Token, bool) {
	t := Token{Start: start}
	leading := len(s.buf)
	letters := 0 // and digits since the last sign
	tail := ""   // signs after the word
	end := i
scan:
	for i < len(s.text) {
		kind, r, n := classify(s.text, i)
		switch kind {
		case letter:
			before := len(s.buf)
			s.buf = appendFolded(s.buf, r)
			if len(s.buf) > before {
				letters++
				s.dropOkina(before)
			}
			i += n
			for i < len(s.text) && isPlain(s.text[i]) { // the rest of nearly every word
				s.buf = append(s.buf, lower(s.text[i]))
				letters++
				i++
			}
			end = i
		case hidden, okina:
			i += n
		case quote:
			if _, joined := s.letterAt(i + n); !joined || len(s.buf) == leading {
				break scan
			}
			s.buf = append(s.buf, '\'')
			i += n
		case sign:
			mark := len(s.buf)
			var next int
			s.buf, next = s.run(i, s.buf)
			signs := string(s.buf[mark:])
			_, joined := s.letterAt(next)
			if joined && signs != "" && !s.sentenceEnds(signs, letters, next) {
				t.Compound = true
				letters = 0
				i = next
				continue
			}
			s.buf = s.buf[:mark]
			if tail, t.Stop = tailOf(signs); tail != "" {
				end = next - (len(signs) - len(tail))
			}
			i = next
			break scan
		case space, section, longDash:
			break scan
		}
	}
	s.at = max(i, s.at+1)
	for len(s.buf) > leading && (s.buf[len(s.buf)-1] == '\'' || isSign(rune(s.buf[len(s.buf)-1]))) {
		s.buf = s.buf[:len(s.buf)-1] // what followed inside the word was a lone mark
	}
	if len(s.buf) == leading {
		return Token{}, false
	}
	if len(s.buf) > maxWord {
		s.buf = trimRune(s.buf[:maxWord])
	}
	n := len(s.buf)
	s.buf = append(s.buf, tail...)
	t.Word, t.Full, t.End = s.buf[:n], s.buf, end
	return t, true
}

// dropOkina removes an apostrophe between two vowels, the second of them at i: no English
// or Spanish word has one, Hawaiian words often do.
func (s *Scanner) dropOkina(i int) {
	if i >= 2 && s.buf[i-1] == '\'' && isVowel(s.buf[i-2]) && isVowel(s.buf[i]) {
		s.buf = append(s.buf[:i-1], s.buf[i:]...)
	}
}

func isVowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	}
	return false
}

// sentenceEnds tells a full stop without white space after it ("colleagues.The") from
// one inside a word ("u.s", "3.5", "oag.example.gov").
func (s *Scanner) sentenceEnds(signs string, letters, next int) bool {
	if signs != "." || letters < 2 {
		return false
	}
	first, _ := s.letterAt(next)
	second, ok := s.letterAt(next + utf8.RuneLen(first))
	return ok && unicode.IsUpper(first) && unicode.IsLower(second)
}

// tailOf splits the signs after a word into those that belong to its full form and a
// single full stop. More than one full stop is an ellipsis and is dropped.
func tailOf(signs string) (tail string, stop bool) {
	tail = strings.TrimRight(signs, ".")
	return tail, len(signs)-len(tail) == 1
}

// trimRune drops a character that was cut in two at the end of b.
func trimRune(b []byte) []byte {
	for len(b) > 0 && !utf8.Valid(b[max(0, len(b)-utf8.UTFMax):]) {
		if utf8.RuneStart(b[len(b)-1]) {
			return b[:len(b)-1]
		}
		b = b[:len(b)-1]
	}
	return b
}

// appendFolded appends r without case and marks.
func appendFolded(b []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		return append(b, lower(byte(r)))
	}
	if unicode.IsMark(r) {
		return b
	}
	if !unicode.IsLetter(r) {
		return utf8.AppendRune(b, r)
	}
	for _, d := range norm.NFKD.String(strings.ToLower(norm.NFKD.String(string(r)))) {
		switch {
		case d == 'ß':
			b = append(b, "ss"...)
		case d == 'æ':
			b = append(b, "ae"...)
		case d == 'ø':
			b = append(b, 'o')
		case d == 'ʼ', d == 'ʻ', unicode.IsMark(d), !unicode.IsLetter(d) && !unicode.IsNumber(d):
		default:
			b = utf8.AppendRune(b, d)
		}
	}
	return b
}
