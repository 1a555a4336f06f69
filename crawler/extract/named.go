package extract

import (
	"html"
	"strings"
)

// What a page needs that is a release because its office names it one: text, in bytes;
// and a headline that is no mere name of a section, in words, where the page lists others.
const (
	shortestNamed = 60
	fewestWords   = 4
)

// shortestCut is how much of a headline a row has to give that cuts it off, in bytes.
const shortestCut = 20

// named tells whether the headline is one that the office gave in a listing, feed or
// interface to what its row leads to. Rows without titles say nothing.
func (p *page) named() bool {
	title := folded(p.withoutSite(p.title))
	if title == "" {
		return false
	}
	for _, r := range p.in.Rows {
		given := folded(p.withoutSite(html.UnescapeString(r.Title)))
		if given == "" {
			continue
		}
		if given == title || given == folded(p.title) {
			return true
		}
		cut, ok := strings.CutSuffix(given, "...") // "…" and "[…]" fold to that
		if cut = strings.TrimRight(cut, " "); ok && len(cut) >= shortestCut && strings.HasPrefix(title, cut) {
			return true
		}
	}
	return false
}

// folded brings spellings of one headline together: as for fingerprints, and in case and
// signs at the end.
func folded(title string) string {
	title = strings.ToLower(normal(title))
	title = strings.ReplaceAll(title, "[...]", "...")
	if strings.HasSuffix(title, "...") {
		return strings.TrimRight(title, " .") + "..."
	}
	return strings.TrimRight(title, " .")
}
