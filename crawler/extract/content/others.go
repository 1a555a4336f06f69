package content

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

// What a box of other releases looks like, in bytes: headlines that link, each with no
// more than a few teasers below it.
const (
	shortestLinked = 15
	longestTeaser  = 450
	mostTeasers    = 2
	fewestLinked   = 2
	longestLabel   = 80
)

// findOthers finds the boxes that show other releases beside the one that is told: what
// begins with a heading that announces them and holds nothing but their headlines, days
// and teasers. Content systems give them no name that could be relied on.
func (s *Weights) findOthers() {
	document.Walk(s.root, func(n *html.Node) bool {
		if n.Type != html.ElementNode || document.Invisible(n) && n != s.root {
			return n.Type != html.ElementNode
		}
		if s.announces(n) {
			if box := s.boxOf(n); box != nil {
				s.others[box] = true
			}
		}
		return true
	})
}

// announces tells whether an element is a heading that announces others.
func (s *Weights) announces(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.P, atom.Legend:
	case atom.Div:
		if !leaf(n) {
			return false
		}
	default:
		return false
	}
	return s.weights[n].text < longestLabel && document.AnnouncesOthers(document.Text(n))
}

// How far from a heading the edges of its box are looked for, in elements.
const (
	mostLevels   = 6
	mostSiblings = 20
)

// boxOf returns the largest element that begins with a heading and is a box of others;
// nil for none.
func (s *Weights) boxOf(heading *html.Node) *html.Node {
	var box *html.Node
	n := heading
	for range mostLevels {
		up := n.Parent
		if up == nil || up.DataAtom == atom.Body || up.DataAtom == atom.Main || !begins(n) {
			break
		}
		if container(up) || up.DataAtom == atom.Aside {
			if !s.holdsOthers(up, heading) {
				break
			}
			box = up
		}
		n = up
	}
	return box
}

// begins tells whether nothing with text stands before an element in its parent.
func begins(n *html.Node) bool {
	seen := 0
	for c := n.PrevSibling; c != nil; c = c.PrevSibling {
		seen++
		if seen > mostSiblings || c.Type == html.TextNode && document.Clean(c.Data) != "" || c.Type == html.ElementNode && !document.Invisible(c) && document.Text(c) != "" {
			return false
		}
	}
	return true
}

// holdsOthers tells whether an element holds nothing after its heading but headlines that
// link, days, and teasers below headlines.
func (s *Weights) holdsOthers(box, heading *html.Node) bool {
	linked, teasers, fits := 0, 0, true
	judge := func(length, link int) {
		switch {
		case link >= shortestLinked && 10*link >= 6*length:
			linked++
			teasers = 0
		case length < shortBlock: // a day, a label
		case linked == 0 || length > longestTeaser || teasers == mostTeasers:
			fits = false
		default:
			teasers++
		}
	}
	document.Walk(box, func(n *html.Node) bool {
		switch {
		case !fits, n == heading, n.Type == html.ElementNode && document.Invisible(n):
			return false
		case n.DataAtom == atom.H1:
			fits = false
		case n.DataAtom == atom.A:
			text := document.Text(n)
			judge(len(text), len(text))
			return false
		case n.Type == html.TextNode:
			judge(len(document.Clean(n.Data)), 0)
		case n != box && leaf(n):
			judge(s.weights[n].text, s.weights[n].linked)
			return false
		}
		return fits
	})
	return fits && linked >= fewestLinked
}

// leaf tells whether an element is a block without blocks inside.
func leaf(n *html.Node) bool {
	if n.Type != html.ElementNode || !document.Breaks(n) {
		return false
	}
	blocks := false
	for c := n.FirstChild; c != nil && !blocks; c = c.NextSibling {
		document.Walk(c, func(d *html.Node) bool {
			blocks = blocks || d.Type == html.ElementNode && document.Breaks(d) && !document.Invisible(d) && d.DataAtom != atom.Br
			return !blocks
		})
	}
	return !blocks
}

// Others tells whether an element is a box of other releases.
func (s *Weights) Others(n *html.Node) bool { return s.others[n] }
