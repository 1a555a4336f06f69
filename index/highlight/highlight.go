// Package highlight marks what a query matched in a release: in the title, and in the
// passages of the text that show the most of it. It uses the tokens of package analysis,
// so it marks what an engine finds, and needs nothing from the engine.
//
// Its output is HTML in which everything but <mark> is escaped.
//
// A text is not cut into tokens as a whole where that can be helped: a token never spans
// white space, so it is enough to look at the chunks between white space that begin like
// something that is looked for, and at those that hold more than plain letters.
package highlight

import (
	"strings"
	"unicode/utf8"

	"agora/index"
	"agora/index/analysis"
)

const (
	// passageWidth is about how many bytes of text a snippet shows: three lines.
	passageWidth = 240
	// enoughText is how many bytes of a text are searched in any case. What follows is
	// searched only where that does not show everything that is looked for.
	enoughText = 16 << 10
	// mostText bounds the bytes searched: more than all but reports that were pasted whole.
	mostText = 1 << 20
	// mostTitle bounds the bytes of a title in which words are marked.
	mostTitle = 4 << 10
)

// New is an index.Highlighter: it returns a function that marks what a query matched in one release after the other:
// the title and a snippet of the text, whole words. Without words, or where only the title
// has them, the snippet is the beginning of the text, behind its headline. The function is for one goroutine.
func New(q index.Query) func(r index.Release) (titleHTML, snippet string) {
	parts, groups := partsOf(q.Root)
	finders := map[analysis.Language]*finder{}
	return func(r index.Release) (titleHTML, snippet string) {
		language := analysis.LanguageOf(string(r.Language))
		f := finders[language]
		if f == nil {
			f = newFinder(parts, groups, language)
			finders[language] = f
		}
		return f.title(valid(r.Title)), f.snippet(r.Text, strings.TrimSpace(r.Title))
	}
}

// valid returns text with what is no UTF-8 replaced.
func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// cutAt returns the beginning of text, of at most so many bytes and ending before white
// space where there is some near.
func cutAt(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for i := most; i > most-200 && i > 0; i-- {
		if white(text[i]) {
			return text[:i]
		}
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

func (f *finder) title(title string) string {
	spans := f.find(cutAt(title, mostTitle), index.InTitle)
	return string(appendMarked(nil, title, passage{0, len(title)}, spans))
}

// snippet leaves out a headline that a text begins with: the title stands above it.
func (f *finder) snippet(text, title string) string {
	text = text[headline(text, title):]
	for _, most := range [...]int{enoughText, mostText} {
		searched := cutAt(text, most)
		whole := len(searched) == len(text)
		searched = valid(searched)
		spans := f.find(searched, index.InText)
		switch {
		case whole:
			return f.passages(searched, spans, false)
		case most == mostText, f.window.shows(spans):
			// A little of what follows may belong to the last passage.
			return f.passages(valid(cutAt(text, most+2*passageWidth)), spans, true)
		}
	}
	return ""
}

// mostBefore is how many bytes, like a rubric or a day, may stand before a headline.
const mostBefore = 100

// headline returns where a text goes on behind its title on a line of its own, 0 where it
// does not begin with that.
func headline(text, title string) int {
	if title == "" || len(text) < len(title) {
		return 0
	}
	at := strings.Index(text[:min(len(text), mostBefore+len(title))], title)
	if at < 0 || at > 0 && text[at-1] != '\n' {
		return 0
	}
	end := at + len(title)
	if rest := strings.TrimLeft(text[end:], " \t\r"); !strings.HasPrefix(rest, "\n") || strings.TrimSpace(rest) == "" {
		return 0
	}
	return end
}
