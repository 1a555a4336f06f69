// Package highlight marks what a query matched in a release: in the title, and in the
// passage of the text that shows the most of it. It uses the tokens of package analysis,
// so it marks what an engine finds, and needs nothing from the engine.
//
// Its output is HTML in which everything but <mark> is escaped.
package highlight

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/index"
	"agora/index/analysis"
)

const (
	// passageWidth is about how many bytes of text a snippet shows: three lines.
	passageWidth = 240
	// lead is how much of it stands before the first match where nothing better is near.
	lead = 60
	// mostText is how many bytes of a text are searched for matches: more than all but
	// reports that were pasted whole.
	mostText = 256 << 10
)

// Release returns the title and a snippet of the text with whole words marked that the
// query matched. Without words, or where only the title has them, the snippet is the
// beginning of the text. It is an index.Highlighter.
func Release(q index.Query, r index.Release) (titleHTML, snippet string) {
	m := newMatcher(q.Root, analysis.LanguageOf(string(r.Language)))
	title := strings.ToValidUTF8(r.Title, "\uFFFD")
	text := strings.ToValidUTF8(r.Text[:min(len(r.Text), mostText)], "\uFFFD")
	titleHTML = mark(title, 0, len(title), m.find(title, index.InTitle))
	return titleHTML, passages(text, m.find(text, index.InText))
}

// span is a place in a text that a part of a query matched.
type span struct {
	start, end int
	part       int // which one
}

// mark returns text[from:to] as HTML with the spans in it marked and white space folded.
// Spans are in order and may overlap.
func mark(text string, from, to int, spans []span) string {
	var b strings.Builder
	at := from
	for _, s := range spans {
		start, end := max(s.start, at), min(s.end, to)
		if start >= end {
			continue
		}
		b.WriteString(escape(text[at:start]))
		b.WriteString("<mark>" + escape(text[start:end]) + "</mark>")
		at = end
	}
	b.WriteString(escape(text[at:to]))
	return strings.TrimSpace(b.String())
}

// escape makes text harmless in HTML and its white space single spaces.
func escape(text string) string {
	var b strings.Builder
	space := false
	for _, r := range text {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		}
		space = false
		b.WriteRune(r)
	}
	return html.EscapeString(b.String())
}

// passages returns the snippet: one passage that shows all parts of the query that the
// text has, or two that show the most of them.
func passages(text string, spans []span) string {
	if len(spans) == 0 {
		return cut(text, 0, passageWidth, nil)
	}
	parts := map[int]bool{}
	for _, s := range spans {
		parts[s.part] = true
	}
	first, shown := densest(spans, passageWidth-lead, nil)
	if len(shown) == len(parts) {
		return cut(text, begin(text, spans[first].start, lead), passageWidth, spans)
	}
	first, shown = densest(spans, passageWidth/2-lead/2, nil)
	second, more := densest(spans, passageWidth/2-lead/2, shown)
	one, two := spans[first].start, spans[second].start
	if len(more) == 0 || abs(one-two) < passageWidth/2 {
		return cut(text, begin(text, min(one, two), lead), passageWidth, spans)
	}
	one, two = min(one, two), max(one, two)
	return cut(text, begin(text, one, lead/2), passageWidth/2, spans) + " " +
		strings.TrimPrefix(cut(text, begin(text, two, lead/2), passageWidth/2, spans), "… ")
}

func abs(n int) int { return max(n, -n) }

// densest returns the span with which the passage of a width begins that shows the most
// parts (those already shown apart), then the most matches, and the parts it shows.
func densest(spans []span, width int, already map[int]bool) (first int, shown map[int]bool) {
	count := map[int]int{}
	distinct, end := 0, 0
	best := [2]int{-1, -1}
	bestEnd := 0
	for i := range spans {
		for end < len(spans) && (end == i || spans[end].end-spans[i].start <= width) {
			if count[spans[end].part]++; count[spans[end].part] == 1 && !already[spans[end].part] {
				distinct++
			}
			end++
		}
		if now := [2]int{distinct, end - i}; now[0] > best[0] || now[0] == best[0] && now[1] > best[1] {
			best, first, bestEnd = now, i, end
		}
		if count[spans[i].part]--; count[spans[i].part] == 0 && !already[spans[i].part] {
			distinct--
		}
	}
	shown = map[int]bool{}
	for _, s := range spans[first:bestEnd] {
		if !already[s.part] {
			shown[s.part] = true
		}
	}
	return first, shown
}

// begin returns where a passage around the match at i begins: at the start of its
// sentence where that is at most before bytes away, else at a word.
func begin(text string, i, before int) int {
	from := max(0, i-before)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	if from == 0 {
		return 0
	}
	window := text[from:i]
	for _, end := range []string{"\n\n", ". ", "? ", "! ", ".” "} {
		if at := strings.LastIndex(window, end); at >= 0 {
			return from + at + len(end)
		}
	}
	if at := strings.IndexFunc(window, unicode.IsSpace); at >= 0 {
		return from + at
	}
	return i
}

// cut returns about width bytes of text from a place on, to the end of a word and of a
// span that is not longer than the passage, with dots where text is left out.
func cut(text string, from, width int, spans []span) string {
	to := len(text)
	if len(text)-from > width+width/8 { // a few words more are better than dots
		to = from + width
		for to > from && !utf8.RuneStart(text[to]) {
			to--
		}
		if at := strings.LastIndexFunc(text[from:to], unicode.IsSpace); at > width/2 {
			to = from + at
		}
		for _, s := range spans {
			if s.start < to && to < s.end && s.end-from <= 2*width {
				to = s.end
			}
		}
	}
	snippet := mark(text, from, to, spans)
	if strings.TrimSpace(text[:from]) != "" && snippet != "" {
		snippet = "… " + snippet
	}
	if strings.TrimSpace(text[to:]) != "" && snippet != "" {
		snippet += " …"
	}
	return snippet
}
