package content

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

// Within tells whether an element is a part or inside it.
func Within(n, part *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == part {
			return true
		}
	}
	return false
}

// Below leaves out parts that stand above a headline, such as an alert of the day, where
// the parts with most of the prose stand below it.
func (s *Weights) Below(headline *html.Node, parts []*html.Node) []*html.Node {
	if len(parts) < 2 {
		return parts
	}
	above, passed := 0, false
	document.Walk(s.root, func(n *html.Node) bool {
		passed = passed || n == headline
		if !passed && above < len(parts) && n == parts[above] && !Within(headline, parts[above]) {
			above++
		}
		return !passed
	})
	prose := 0
	for _, part := range parts[:above] {
		prose += s.Prose(part)
	}
	for _, part := range parts[above:] {
		prose -= s.Prose(part)
	}
	if prose > 0 {
		return parts
	}
	return parts[above:]
}

// Outermost drops elements that lie inside others of the list.
func Outermost(all []*html.Node) []*html.Node {
	chosen := map[*html.Node]bool{}
	var kept []*html.Node
	for _, n := range all {
		inside := false
		for up := n.Parent; up != nil && !inside; up = up.Parent {
			inside = chosen[up]
		}
		if !inside {
			chosen[n] = true
			kept = append(kept, n)
		}
	}
	return kept
}

// Meta tells whether an element is a block of a theme that says of a post when, by whom
// and under which labels it was posted.
func Meta(n *html.Node) bool {
	for name := range strings.FieldsSeq(document.Attr(n, "class")) {
		switch name {
		case "wp-block-post-date", "wp-block-post-author", "wp-block-post-author-name", "wp-block-post-terms":
			return true
		}
	}
	return false
}

// Caption tells whether an element says what a picture shows.
func Caption(n *html.Node) bool {
	if n.DataAtom == atom.Figcaption {
		return true
	}
	for word := range strings.FieldsSeq(strings.ToLower(document.Attr(n, "class"))) {
		if strings.HasPrefix(word, "wp-caption") || word == "caption" || word == "image-caption" || word == "photo-caption" || word == "media-caption" {
			return true
		}
	}
	return false
}
