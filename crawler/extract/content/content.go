// Package content finds the part of a page that holds what is told, by how much prose
// each part holds, and tells it from what is around it.
//
// It knows nothing of releases: what it finds may as well be the text of any page.
package content

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

// Weights weighs the parts of a page: how much prose there is below each element,
// so that a misleading name does not take the content away.
type Weights struct {
	root    *html.Node
	weights map[*html.Node]weight
	others  map[*html.Node]bool // boxes of other releases
}

// weight is what an element holds: bytes of text in all, and of that in links.
type weight struct{ text, linked int }

// Weigh weighs the parts of a page.
func Weigh(root *html.Node) *Weights {
	s := &Weights{root: root, weights: map[*html.Node]weight{}, others: map[*html.Node]bool{}}
	s.weights[root] = s.weigh(root, false)
	s.findOthers()
	return s
}

func (s *Weights) weigh(n *html.Node, inLink bool) weight {
	var w weight
	if n.Type == html.TextNode {
		w.text = len(n.Data) - strings.Count(n.Data, " ") - strings.Count(n.Data, "\t") - strings.Count(n.Data, "\n")
		if inLink {
			w.linked = w.text
		}
		return w
	}
	if n.Type == html.ElementNode && document.Invisible(n) {
		return w
	}
	inLink = inLink || n.DataAtom == atom.A
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		below := s.weigh(c, inLink)
		w.text += below.text
		w.linked += below.linked
	}
	if n.FirstChild != nil && n.Type == html.ElementNode && document.Breaks(n) {
		s.weights[n] = w
	}
	return w
}

// Prose returns how much text outside of links an element holds.
func (s *Weights) Prose(n *html.Node) int {
	w := s.weights[n]
	return w.text - w.linked
}

// A form only asks for something where it has less text than this, in bytes, and no
// headlines that link.
const (
	smallForm  = 300
	fewLinked  = 100
	shortBlock = 50 // blocks below it are labels and dates, not prose
)

// Chrome tells whether an element is around the content, given that whole is what the
// content would be chosen from: something that holds most of it can't be.
func (s *Weights) Chrome(n, whole *html.Node) bool {
	if n.Type != html.ElementNode || n.DataAtom == atom.Html || n.DataAtom == atom.Body || n.DataAtom == atom.Main || n.DataAtom == atom.Article {
		return false
	}
	if n.DataAtom == atom.Form { // some systems wrap a whole page or its listing in one
		return s.weights[n].text < smallForm && s.weights[n].linked < fewLinked
	}
	if document.Chrome(n) {
		return 4*s.Prose(n) < 3*s.Prose(whole) || s.Prose(n) == 0
	}
	return document.NamedChrome(n) && 3*s.Prose(n) < s.Prose(whole)
}

// Text returns how much text an element holds, links included.
func (s *Weights) Text(n *html.Node) int { return s.weights[n].text }

// InChrome tells whether an element or one that holds it is around the content.
func (s *Weights) InChrome(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if s.Chrome(n, s.root) {
			return true
		}
	}
	return false
}

// Blocks returns how many blocks the page has.
func (s *Weights) Blocks() int { return len(s.weights) }

// How Locate weighs: a child that holds this share of the prose is looked into; a
// neighbour counts as part of the release from this much prose on.
const (
	dominantShare  = 0.8
	markedShare    = 0.5 // of what the page itself marks as its content
	leastNeighbour = 80
)

// Locate finds the part of the page that holds most of its prose: it goes down from the
// body, or from what the page marks as its content, for as long as one child holds nearly
// all, and takes the prose beside it.
func (s *Weights) Locate() []*html.Node {
	scores := map[*html.Node]int{}
	current := s.root
	total := s.Score(s.root, scores)
	if total == 0 {
		return []*html.Node{s.root}
	}
	document.Walk(s.root, func(n *html.Node) bool {
		if marked(n) && float64(scores[n]) >= markedShare*float64(total) {
			current = n
		}
		return true
	})
	for {
		var best *html.Node
		for c := current.FirstChild; c != nil; c = c.NextSibling {
			if container(c) && (best == nil || scores[c] > scores[best]) {
				best = c
			}
		}
		if best == nil || float64(scores[best]) < dominantShare*float64(scores[current]) {
			break
		}
		current = best
	}
	return s.withNeighbours(current, scores)
}

// marked tells whether the page marks an element as its content.
func marked(n *html.Node) bool {
	return n.DataAtom == atom.Main || n.DataAtom == atom.Article || n.Type == html.ElementNode && (document.Attr(n, "role") == "main" || document.Attr(n, "itemprop") == "articleBody")
}

// withNeighbours adds the prose beside an element: a lede or a second half in a
// container of its own. What has a heading of its own is something else.
func (s *Weights) withNeighbours(n *html.Node, scores map[*html.Node]int) []*html.Node {
	if n.Parent == nil || n.DataAtom == atom.Body {
		return []*html.Node{n}
	}
	var parts []*html.Node
	for c := n.Parent.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c == n:
			parts = append(parts, c)
		case scores[c] < leastNeighbour, c.Type != html.ElementNode, hasHeading(c):
		case c.DataAtom == atom.P || container(c):
			parts = append(parts, c)
		}
	}
	return parts
}

func hasHeading(n *html.Node) bool {
	found := false
	document.Walk(n, func(c *html.Node) bool {
		switch c.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4:
			found = true
		}
		return !found
	})
	return found
}

// container tells whether an element may hold the paragraphs of a release.
func container(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Main, atom.Article, atom.Section, atom.Div, atom.Center, atom.Form, atom.Table,
		atom.Tbody, atom.Tr, atom.Td, atom.Font, atom.Span, atom.Header:
		return true
	}
	return n.Type == html.ElementNode && n.DataAtom == 0 // elements of a site's own making
}

// Score returns how much prose an element holds: text outside of links in blocks long
// enough to be sentences.
func (s *Weights) Score(n *html.Node, scores map[*html.Node]int) int {
	if n.Type == html.TextNode {
		return 0
	}
	if n.Type == html.ElementNode && (document.Invisible(n) || s.others[n] || s.Chrome(n, s.root)) {
		return 0
	}
	total := 0
	switch n.DataAtom {
	case atom.A, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
	case atom.P, atom.Li, atom.Blockquote, atom.Dd, atom.Pre:
		if prose := s.Prose(n); prose >= shortBlock {
			total = prose
		}
	default:
		loose := 0
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if words, inline := looseText(c); inline {
				loose += words
			} else {
				total += s.Score(c, scores)
			}
		}
		if loose >= 60 {
			total += loose
		}
	}
	scores[n] = total
	return total
}

// looseText returns how much text a node holds that stands in no block and no link;
// inline is false where there are blocks inside.
func looseText(n *html.Node) (words int, inline bool) {
	if n.Type == html.TextNode {
		return len(strings.TrimSpace(n.Data)), true
	}
	if n.Type != html.ElementNode || document.Breaks(n) {
		return 0, n.Type != html.ElementNode
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		below, ok := looseText(c)
		if !ok {
			return 0, false
		}
		words += below
	}
	if n.DataAtom == atom.A || document.Invisible(n) {
		return 0, true
	}
	return words, true
}
