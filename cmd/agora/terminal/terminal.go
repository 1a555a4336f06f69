// Package terminal shows things to people at a terminal: answers of a search, a release,
// and how far long work has come. It asks nothing and decides nothing; what scripts read
// is written elsewhere, as JSON.
package terminal

import (
	"html"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// Widths of text in columns: for output that is no terminal, and the widest that reads well.
const (
	defaultWidth = 100
	widest       = 110
	narrowest    = 40
)

// Width returns how wide text to w should be.
func Width(w io.Writer) int {
	f, ok := w.(interface{ Fd() uintptr })
	if !ok {
		return defaultWidth
	}
	columns, _, err := term.GetSize(int(f.Fd())) //nolint:gosec // a file descriptor fits an int
	if err != nil {
		return defaultWidth
	}
	return min(max(columns, narrowest), widest)
}

// wrap breaks text between words so that no line is longer than columns; lines after the
// first are indented, and the first is taken to begin at the indent.
func wrap(text string, columns, indent int) string {
	var b strings.Builder
	at := indent
	for i, word := range strings.Fields(text) {
		length := visibleLength(word)
		switch {
		case i == 0:
		case at+1+length > columns:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += length
	}
	return b.String()
}

// Escapes that turn bold on and off (ECMA-48).
const (
	boldOn  = "\x1b[1m"
	boldOff = "\x1b[0m"
)

func visibleLength(word string) int {
	return utf8.RuneCountInString(strings.NewReplacer(boldOn, "", boldOff, "").Replace(word))
}

// marked turns highlighted HTML into text, with the marks in bold on a terminal.
func marked(s string, bold bool) string {
	on, off := "", ""
	if bold {
		on, off = boldOn, boldOff
	}
	return html.UnescapeString(strings.NewReplacer("<mark>", on, "</mark>", off).Replace(Printable(s)))
}

// Printable replaces control characters but line feeds: crawled text could steer a
// terminal with them.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0)) {
			return ' '
		}
		return r
	}, s)
}

// Plural returns the form of a word that n asks for.
func Plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Is tells whether w is a terminal that a person looks at.
func Is(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) //nolint:gosec // a file descriptor fits an int
}
