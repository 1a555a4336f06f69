package listing

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of what is read as data.
const (
	deepestLiteral = 32
	mostValues     = 200_000
)

var errLiteral = errors.New("not a literal")

// parseLiteral reads JSON, or the first array or object that a script assigns: keys
// without quotes, single quotes, commas at the end and comments are allowed, as scripts
// have them. Nothing is evaluated.
func parseLiteral(source string) (any, error) {
	start := strings.IndexAny(source, "[{")
	if start < 0 || start > 2000 || !leadsToValue(source[:start]) {
		return nil, errLiteral
	}
	l := &literal{s: source, at: start}
	return l.value(0)
}

// leadsToValue tells whether what stands before a value is an assignment or nothing.
func leadsToValue(before string) bool {
	before = strings.TrimSpace(strings.TrimPrefix(before, "\uFEFF"))
	return before == "" || strings.HasSuffix(before, "=") || strings.HasSuffix(before, "(")
}

// literal is a reader of JavaScript literals.
type literal struct {
	s      string
	at     int
	values int
}

func (l *literal) value(depth int) (any, error) {
	if l.values++; depth > deepestLiteral || l.values > mostValues {
		return nil, errLiteral
	}
	l.space()
	switch l.peek() {
	case '[':
		return l.array(depth)
	case '{':
		return l.object(depth)
	case '"', '\'', '`':
		return l.text()
	case 0:
		return nil, errLiteral
	}
	word := l.word()
	switch word {
	case "":
		return nil, errLiteral
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null", "undefined":
		return nil, nil
	}
	if n, err := strconv.ParseFloat(word, 64); err == nil {
		return n, nil
	}
	return nil, errLiteral
}

func (l *literal) array(depth int) (any, error) {
	l.at++
	list := []any{}
	for {
		l.space()
		switch l.peek() {
		case ']':
			l.at++
			return list, nil
		case ',':
			l.at++
			continue
		}
		v, err := l.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
}

func (l *literal) object(depth int) (any, error) {
	l.at++
	object := map[string]any{}
	for {
		l.space()
		switch l.peek() {
		case '}':
			l.at++
			return object, nil
		case ',', ';':
			l.at++
			continue
		}
		key, err := l.key()
		if err != nil {
			return nil, err
		}
		if l.space(); l.peek() != ':' {
			return nil, errLiteral
		}
		l.at++
		if object[key], err = l.value(depth + 1); err != nil {
			return nil, err
		}
	}
}

func (l *literal) key() (string, error) {
	if c := l.peek(); c == '"' || c == '\'' {
		return l.text()
	}
	if w := l.word(); w != "" {
		return w, nil
	}
	return "", errLiteral
}

// text reads a string in any quotes.
func (l *literal) text() (string, error) {
	quote := l.s[l.at]
	l.at++
	var b strings.Builder
	for l.at < len(l.s) {
		c := l.s[l.at]
		l.at++
		switch {
		case c == quote:
			return b.String(), nil
		case c == '\\' && l.at < len(l.s):
			l.escape(&b)
		default:
			b.WriteByte(c)
		}
	}
	return "", errLiteral
}

// escape reads what follows a backslash.
func (l *literal) escape(b *strings.Builder) {
	c := l.s[l.at]
	l.at++
	switch c {
	case 'n', 'r', 't', '\n':
		b.WriteByte(' ')
	case 'u', 'x':
		digits := 4
		if c == 'x' {
			digits = 2
		}
		if l.at+digits <= len(l.s) {
			if n, err := strconv.ParseUint(l.s[l.at:l.at+digits], 16, 32); err == nil {
				l.at += digits
				if utf8.ValidRune(rune(n)) {
					b.WriteRune(rune(n))
				}
				return
			}
		}
	default:
		b.WriteByte(c)
	}
}

func (l *literal) word() string {
	start := l.at
	for l.at < len(l.s) && !strings.ContainsRune(" \t\r\n,:;[]{}()'\"", rune(l.s[l.at])) {
		l.at++
	}
	return l.s[start:l.at]
}

func (l *literal) peek() byte {
	if l.at < len(l.s) {
		return l.s[l.at]
	}
	return 0
}

// space skips white space and comments.
func (l *literal) space() {
	for l.at < len(l.s) {
		rest := l.s[l.at:]
		switch {
		case strings.ContainsRune(" \t\r\n", rune(rest[0])):
			l.at++
		case strings.HasPrefix(rest, "//"):
			l.skipPast("\n")
		case strings.HasPrefix(rest, "/*"):
			l.skipPast("*/")
		default:
			return
		}
	}
}

func (l *literal) skipPast(mark string) {
	if i := strings.Index(l.s[l.at:], mark); i >= 0 {
		l.at += i + len(mark)
		return
	}
	l.at = len(l.s)
}
