package lexing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words returns where in the text of a Word the words are that are looked for, from which
// byte to which: of words joined by hyphens or slashes each, of any other compound itself,
// without the signs around it.
func Words(run string) [][2]int {
	isSign := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }
	start := strings.IndexFunc(run, func(r rune) bool { return !isSign(r) })
	if start < 0 {
		return nil
	}
	end := start + len(strings.TrimRightFunc(run[start:], isSign))
	var spans [][2]int
	for at := start; at <= end; {
		next := strings.IndexAny(run[at:end], "-/")
		if next < 0 {
			next = end - at
		}
		piece := run[at : at+next]
		if utf8.RuneCountInString(piece) < 2 || strings.ContainsFunc(piece, func(r rune) bool { return isSign(r) || unicode.IsNumber(r) }) {
			return [][2]int{{start, end}} // looked for as it is
		}
		spans = append(spans, [2]int{at, at + next})
		at += next + 1
	}
	return spans
}
