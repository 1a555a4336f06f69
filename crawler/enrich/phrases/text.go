package phrases

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Gap says what stands between a word and the one before it.
type Gap uint16

// The signs that may stand in a gap. A gap holds several.
const (
	Comma Gap = 1 << iota
	Semicolon
	Colon
	Stop // full stop, question or exclamation mark
	Open // an opening parenthesis or bracket
	Close
	Quote
	Dash   // a dash between words
	Hyphen // a hyphen without space: both are parts of one written word
	Line   // a line break
	Dollar // the word is an amount of money
	Point  // a stop that belongs to the abbreviation before it, and may end a sentence too
	Other
)

// Word is one word of a text: a run of letters and digits, "U.S." and "1,200" included.
type Word struct {
	Folded     string // lower case, without apostrophes, stops and soft hyphens
	Start, End int    // bytes of the source
	Before     Gap
	Upper      bool // begins with a capital letter
	Possessive bool // written with 's or a closing apostrophe; Folded is without
}

// Text is a text with its words.
type Text struct {
	Source string
	Words  []Word
	After  Gap // what follows the last word
}

// Slice returns the source from the first byte of word i to the last of word j-1.
func (t Text) Slice(i, j int) string {
	if i < 0 || j > len(t.Words) || i >= j {
		return ""
	}
	return t.Source[t.Words[i].Start:t.Words[j-1].End]
}

// Read splits source into words. It takes any bytes; what is not UTF-8 separates words.
func Read(source string) Text {
	r := reader{source: source, folded: make([]byte, 0, len(source)+16)}
	r.words = make([]Word, 0, len(source)/6+4)
	r.bounds = make([]int32, 0, 2*cap(r.words))
	r.run()
	folded := string(r.folded)
	for i := range r.words {
		r.words[i].Folded = folded[r.bounds[2*i]:r.bounds[2*i+1]]
	}
	return Text{Source: source, Words: r.words, After: r.gap}
}

// reader is the state of one pass over a source.
type reader struct {
	source string
	folded []byte
	words  []Word
	bounds []int32 // of each word in folded
	gap    Gap
	spaced bool // white space since the last word
}

func (r *reader) run() {
	for i := 0; i < len(r.source); {
		c, size := decode(r.source[i:])
		if wordRune(c) {
			i = r.word(i)
			continue
		}
		r.separator(c)
		i += size
	}
}

// word reads the word that begins at byte i and returns where it ends.
func (r *reader) word(i int) int {
	w := Word{Start: i, Before: r.gap}
	if r.gap&Hyphen != 0 && (r.spaced || len(r.words) == 0) {
		w.Before = w.Before&^Hyphen | Dash
	}
	from := len(r.folded)
	first, _ := decode(r.source[i:])
	w.Upper = unicode.IsUpper(first)
	for i < len(r.source) {
		c, size := decode(r.source[i:])
		switch {
		case wordRune(c):
			r.fold(c)
		case c == 0xAD: // soft hyphen
		case apostrophe(c):
			next, nextSize := decode(r.source[i+size:])
			after, _ := decode(r.source[i+size+nextSize:])
			if (next == 's' || next == 'S') && !wordRune(after) {
				w.Possessive = true
				return r.keep(w, from, i, i+size+nextSize)
			}
			if !wordRune(next) {
				w.Possessive = c != '‘' && c != 'ʻ' && strings.HasSuffix(string(r.folded[from:]), "s")
				if w.Possessive {
					return r.keep(w, from, i, i+size)
				}
				return r.keep(w, from, i, i)
			}
		case c == '.' && r.innerStop(from, i):
			if digitBefore(r.folded[from:]) {
				r.folded = append(r.folded, '.')
			}
		case c == ',' && digitBefore(r.folded[from:]) && digitAt(r.source, i+1) && digitAt(r.source, i+3):
		default:
			return r.keep(w, from, i, i)
		}
		i += size
	}
	return r.keep(w, from, i, i)
}

// innerStop tells whether the stop at byte i belongs to an abbreviation of single
// letters ("U.S.", "W.Va.") or to a number ("1.5").
func (r *reader) innerStop(from, i int) bool {
	if digitBefore(r.folded[from:]) {
		return digitAt(r.source, i+1)
	}
	start := r.wordStart(i)
	if i-start == 1 && i+1 < len(r.source) && isLetter(r.source[i+1]) {
		return true // the first letter of a longer abbreviation
	}
	return strings.IndexByte(r.source[start:i], '.') == 1 && i-start <= 6
}

// wordStart returns where the written word that holds byte i begins.
func (r *reader) wordStart(i int) int {
	start := i
	for start > 0 && i-start < 8 && (isLetter(r.source[start-1]) || r.source[start-1] == '.') {
		start--
	}
	return start
}

func (r *reader) keep(w Word, from, end, next int) int {
	w.End = end
	r.words = append(r.words, w)
	r.bounds = append(r.bounds, int32(from), int32(len(r.folded)))
	r.gap, r.spaced = 0, false
	if end > 0 && r.source[end-1] == '.' {
		r.gap = Point
	}
	return next
}

func (r *reader) fold(c rune) {
	if c < utf8.RuneSelf {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		r.folded = append(r.folded, byte(c))
		return
	}
	r.folded = utf8.AppendRune(r.folded, unaccented(unicode.ToLower(c)))
}

func (r *reader) separator(c rune) {
	switch c {
	case ' ', '\t', '\r', 0xA0:
		r.spaced = true
	case '\n':
		r.gap |= Line
		r.spaced = true
	case ',':
		r.gap |= Comma
	case ';':
		r.gap |= Semicolon
	case ':':
		r.gap |= Colon
	case '.', '?', '!':
		r.gap |= Stop
	case '(', '[':
		r.gap |= Open
	case ')', ']':
		r.gap |= Close
	case '"', '“', '”', '«', '»':
		r.gap |= Quote
	case '-', '‐', '‑':
		r.gap |= Hyphen
	case '–', '—', '―':
		r.gap |= Dash
	case '$':
		r.gap |= Dollar
	default:
		if unicode.IsSpace(c) {
			r.spaced = true
			return
		}
		r.gap |= Other
	}
}

// decode reads one rune; a byte that is not UTF-8 counts as U+FFFD of length 1.
func decode(s string) (rune, int) {
	if len(s) == 0 {
		return 0, 0
	}
	if s[0] < utf8.RuneSelf {
		return rune(s[0]), 1
	}
	return utf8.DecodeRuneInString(s)
}

func wordRune(c rune) bool {
	if c < utf8.RuneSelf {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
	}
	return c != utf8.RuneError && c != 'ʻ' && (unicode.IsLetter(c) || unicode.IsDigit(c))
}

func apostrophe(c rune) bool {
	return c == '\'' || c == '’' || c == '‘' || c == 'ʻ' || c == '`' || c == 'ʼ'
}

func isLetter(b byte) bool { return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' }

func digitAt(s string, i int) bool { return i < len(s) && '0' <= s[i] && s[i] <= '9' }

func digitBefore(b []byte) bool {
	return len(b) > 0 && '0' <= b[len(b)-1] && b[len(b)-1] <= '9'
}

// unaccented folds the accented letters of Spanish and its neighbours, so that names
// match whether or not the office typed the accent.
func unaccented(c rune) rune {
	switch c {
	case 'á', 'à', 'â', 'ä', 'ã', 'ā':
		return 'a'
	case 'é', 'è', 'ê', 'ë':
		return 'e'
	case 'í', 'ì', 'î', 'ï', 'ī':
		return 'i'
	case 'ó', 'ò', 'ô', 'ö', 'õ', 'ō':
		return 'o'
	case 'ú', 'ù', 'û', 'ü', 'ū':
		return 'u'
	case 'ñ':
		return 'n'
	case 'ç':
		return 'c'
	}
	return c
}
