package document

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of a tree. Real pages have up to 5,000 elements and a depth of 40 in 200 kB; beyond the
// limits a page is flattened to its blocks of text, so that no walk can be made to take
// long or deep.
const (
	maxBytes    = 8 << 20
	maxElements = 100_000 // comments count as well
	maxNodes    = 300_000 // with the elements that a parser adds to mend formatting
	maxText     = 2 << 20 // bytes of text that are looked at, of each script as well
	maxFlat     = 20_000  // blocks kept of a flattened page
)

// Parse builds the tree of a page. Pages of more than the usual depth or size come back
// flattened: as a list of headings and paragraphs without any other structure.
func Parse(source string) (root *html.Node, flattened bool, err error) {
	if len(source) <= maxBytes && withinLimits(source) {
		// The parser refuses more than 512 open elements, which bounds the depth.
		if root, err = html.Parse(strings.NewReader(source)); err == nil {
			bound(root)
			return root, false, nil
		}
	}
	root, err = html.Parse(strings.NewReader(flatten(source)))
	if err != nil {
		return nil, true, fmt.Errorf("parse page: %w", err)
	}
	return root, true, nil
}

// Limits of attributes: longer ones are data and not names, links or dates.
const (
	longestAttribute = 8 << 10
	mostAttributes   = 100
)

// bound empties what no one needs to look at: long attributes, long scripts, and text
// beyond what any page has that people would read.
func bound(root *html.Node) {
	left := maxText
	Walk(root, func(n *html.Node) bool {
		if n.Type == html.TextNode {
			hidden := n.Parent != nil && Invisible(n.Parent)
			if !hidden {
				left -= len(n.Data)
			}
			if left < 0 && !hidden {
				n.Data = strings.ToValidUTF8(n.Data[:max(0, len(n.Data)+left)], "")
				left = 0
			} else if len(n.Data) > maxText {
				n.Data = ""
			}
		}
		if len(n.Attr) > mostAttributes {
			n.Attr = n.Attr[:mostAttributes:mostAttributes]
		}
		for i := range n.Attr {
			if len(n.Attr[i].Val) > longestAttribute {
				n.Attr[i].Val = ""
			}
		}
		return true
	})
}

// withinLimits counts the elements of a page and those that mending it would add:
// formatting left open is opened again in each block that follows.
func withinLimits(source string) bool {
	if tags, others := countTags(source); tags*tags+others <= maxNodes {
		return true // even if each of them were opened again in each
	}
	elements, open, added := 0, 0, 0
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return true
		case html.CommentToken, html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		name, _ := z.TagName() // "" for comments
		switch {
		case kind == html.EndTagToken:
			if formatting(name) && open > 0 {
				open--
			}
			continue
		case formatting(name):
			open++
		case kind != html.CommentToken:
			added += open
		}
		elements++
		if elements > maxElements || elements+added > maxNodes {
			return false
		}
	}
}

// countTags counts what may be a start tag, and what may be a comment or end tag.
func countTags(source string) (tags, others int) {
	for i := strings.IndexByte(source, '<'); i >= 0 && i+1 < len(source); {
		if c := source[i+1] | 0x20; c >= 'a' && c <= 'z' {
			tags++
		} else {
			others++
		}
		next := strings.IndexByte(source[i+1:], '<')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return tags, others
}

// formatting tells whether a parser reopens an element of this name.
func formatting(name []byte) bool {
	switch atom.Lookup(name) {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S,
		atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}
