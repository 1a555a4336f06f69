// Package posted finds the element in which a page says when it was posted where that
// stands apart from the headline, as themes of blocks put it below the text.
//
// It reads no date, and never takes what belongs to another release, a comment, or a
// change of the page.
package posted

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

// names are the classes that content systems give to a date of publication.
var names = [...]string{"wp-block-post-date", "post-date", "entry-date", "posted-on", "published", "dt-published"}

// foreign are words in names of what shows other releases, or what readers say.
var foreign = [...]string{"related", "recent", "latest", "other", "others", "more", "query", "comment", "comments", "commentlist", "respond", "widget", "sidebar", "jp", "teaser", "card"}

// Bounds, in bytes and elements: what a line with a date has at most, from when on a link
// is a headline, how many elements around a date are looked at.
const (
	longestLine      = 80
	shortestHeadline = 25
	mostLevels       = 60
)

// Find returns the elements that say when a page was posted, headline being that of the
// release, nil for none: those named so; without any, the one time that its main part or
// article gives, and then named is false. Elements for which around is true are passed
// over with all in them.
func Find(root, headline *html.Node, around func(*html.Node) bool) (found []*html.Node, named bool) {
	var times, all []*html.Node
	document.Walk(root, func(n *html.Node) bool {
		switch {
		case n.Type != html.ElementNode:
			return n.Type == html.DocumentNode
		case document.Invisible(n), n.DataAtom == atom.Nav, n.DataAtom == atom.Aside, ofOthers(n), around != nil && around(n):
			return false
		case isNamed(n):
			all = append(all, stamps(n)...)
			return false
		case n.DataAtom == atom.Time && document.Attr(n, "datetime") != "":
			times = append(times, n)
		}
		return true
	})
	own := func(n *html.Node) bool { return !AboutChange(n) && !belongsToOther(n, headline) }
	if all = slices.DeleteFunc(all, func(n *html.Node) bool { return !own(n) }); len(all) > 0 {
		return all, true
	}
	times = slices.DeleteFunc(times, func(n *html.Node) bool { return !own(n) || !inMain(n) || !alone(n) })
	if len(times) == 1 {
		return times, false
	}
	return nil, false
}

// AboutChange tells whether an element says when the page was changed. WordPress names the
// time of a post that never was "published updated".
func AboutChange(n *html.Node) bool {
	if slices.Contains(strings.Fields(strings.ToLower(document.Attr(n, "class"))), "published") {
		return false
	}
	for up, i := n, 0; up != nil && i < 3; up, i = up.Parent, i+1 {
		about := strings.ToLower(document.Attr(up, "class") + " " + document.Attr(up, "itemprop") + " " + document.Attr(up, "property"))
		if strings.Contains(about, "updated") || strings.Contains(about, "modified") || strings.Contains(about, "changed") {
			return true
		}
	}
	return false
}

// isNamed tells whether an element is named as a date of publication. "Published" is said
// of whole posts as well: it counts for what stands in a line.
func isNamed(n *html.Node) bool {
	for name := range strings.FieldsSeq(strings.ToLower(document.Attr(n, "class"))) {
		if slices.Contains(names[:], name) && (name != "published" || !document.Breaks(n)) {
			return len(document.Text(n)) <= 2*longestLine
		}
	}
	return false
}

// stamps returns the times inside an element, itself where there is none: beside that of
// publication there may be that of a change.
func stamps(n *html.Node) []*html.Node {
	var all []*html.Node
	document.Walk(n, func(c *html.Node) bool {
		if c.DataAtom == atom.Time {
			all = append(all, c)
		}
		return c.DataAtom != atom.Time
	})
	if len(all) == 0 && len(document.Text(n)) <= longestLine {
		all = append(all, n)
	}
	return all
}

// ofOthers tells whether class or id say that an element is of others. The body and what
// holds the main part are named for all that a site can do.
func ofOthers(n *html.Node) bool {
	if n.DataAtom == atom.Html || n.DataAtom == atom.Body || n.DataAtom == atom.Main || n.DataAtom == atom.Article {
		return false
	}
	for _, a := range n.Attr {
		if a.Key != "class" && a.Key != "id" {
			continue
		}
		for word := range strings.FieldsFuncSeq(strings.ToLower(a.Val), func(r rune) bool { return r == '-' || r == '_' || r == ':' || r == ' ' || r == '\t' || r == '\n' }) {
			if slices.Contains(foreign[:], word) && !holdsHeadline(n) {
				return true
			}
		}
	}
	return false
}

func holdsHeadline(n *html.Node) bool {
	found := false
	document.Walk(n, func(c *html.Node) bool {
		found = found || c.DataAtom == atom.H1
		return !found
	})
	return found
}

// belongsToOther tells whether an element stands with the headline of another release: in
// an item or article of its own, below a heading, or beside a link long enough for one.
func belongsToOther(n, headline *html.Node) bool {
	for up, below, i := n.Parent, n, 0; up != nil && i < mostLevels; up, below, i = up.Parent, up, i+1 {
		if up.DataAtom == atom.Main || up.DataAtom == atom.Body || headline != nil && within(headline, up) {
			return up.DataAtom != atom.Main && up.DataAtom != atom.Body && headed(below, headline)
		}
		switch up.DataAtom {
		case atom.Li, atom.Tr, atom.Dd:
			return true
		case atom.Article:
			if headline != nil {
				return true
			}
		}
		if leads(up, below) {
			return true
		}
	}
	return false
}

// leads tells whether an element shows a heading before one of its children, or a link as
// long as a headline anywhere but in navigation.
func leads(n, child *html.Node) bool {
	found, passed := false, false
	document.Walk(n, func(c *html.Node) bool {
		passed = passed || c == child
		switch c.DataAtom {
		case atom.Nav, atom.Form:
			return false
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			found = found || !passed
		case atom.A:
			found = found || len(document.Text(c)) >= shortestHeadline
		}
		return !found
	})
	return found
}

// headed tells whether the nearest heading right before an element is one that
// leads to another page, the headline of the page itself not.
func headed(child, headline *html.Node) bool {
	for c := child.PrevSibling; c != nil; c = c.PrevSibling {
		switch {
		case headline != nil && within(headline, c):
			return false
		case c.DataAtom == atom.H2 || c.DataAtom == atom.H3 || c.DataAtom == atom.H4 || c.DataAtom == atom.H5:
			return true
		}
	}
	return false
}

func within(n, part *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == part {
			return true
		}
	}
	return false
}

// inMain tells whether an element is in what the page marks as its content.
func inMain(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.Main || n.DataAtom == atom.Article || document.Attr(n, "role") == "main" {
			return true
		}
	}
	return false
}

// alone tells whether an element stands in a line with few other words: not in a sentence.
func alone(n *html.Node) bool {
	block := n.Parent
	for block != nil && block.Type == html.ElementNode && !document.Breaks(block) {
		block = block.Parent
	}
	return block != nil && len(document.Text(block)) <= longestLine
}
