package highlight

import (
	"unicode"
	"unicode/utf8"
)

// passage is a part of a text: from … to.
type passage struct{ from, to int }

// appendMarked appends a passage of a text as HTML with the spans in it marked and white
// space folded. Spans are in order and may overlap, and then are marked as one.
func appendMarked(b []byte, text string, p passage, spans []span) []byte {
	w := writer{b: b, space: true}
	at := p.from
	for i := 0; i < len(spans); {
		start, end := max(spans[i].start, p.from), spans[i].end
		for i++; i < len(spans) && spans[i].start < end; i++ {
			end = max(end, spans[i].end)
		}
		if end = min(end, p.to); start >= end {
			continue
		}
		w.text(text[at:start])
		w.pause()
		w.b = append(w.b, "<mark>"...)
		w.text(text[start:end])
		w.b = append(w.b, "</mark>"...)
		at = end
	}
	w.text(text[at:max(at, p.to)])
	return w.b
}

// writer makes text harmless in HTML, and white space and control characters single
// spaces, none at the ends.
type writer struct {
	b       []byte
	space   bool // nothing or a space was written last
	waiting bool // a space has to be written before the next character
}

// pause writes a space that is due.
func (w *writer) pause() {
	if w.waiting {
		w.b = append(w.b, ' ')
		w.waiting = false
	}
}

func (w *writer) text(text string) {
	copied := 0 // text[copied:i] can be written as it is
	for i := 0; i < len(text); {
		c := text[i]
		if kinds[c] == kindPlain {
			if w.waiting {
				w.pause()
			}
			w.space = false
			i++
			continue
		}
		escaped, gap, n := "", false, 1
		switch {
		case c >= utf8.RuneSelf:
			var r rune
			r, n = utf8.DecodeRuneInString(text[i:])
			gap = unicode.IsSpace(r) || unicode.IsControl(r)
		case c <= ' ' || c == 0x7f:
			gap = true
		default:
			escaped = escapes[c]
		}
		switch {
		case gap:
			w.b = append(w.b, text[copied:i]...)
			w.waiting = w.waiting || !w.space
			w.space = true
			copied = i + n
		case escaped != "":
			w.b = append(w.b, text[copied:i]...)
			w.pause()
			w.b = append(w.b, escaped...)
			w.space = false
			copied = i + n
		default:
			w.pause()
			w.space = false
		}
		i += n
	}
	w.b = append(w.b, text[copied:]...)
}

var escapes = [256]string{'<': "&lt;", '>': "&gt;", '&': "&amp;", '\'': "&#39;", '"': "&#34;"}
