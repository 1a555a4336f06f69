package extract

import (
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
	"agora/crawler/extract/prose"
)

// shortestBody is the least text, in bytes, that counts as the text of something: a
// statement of two lines.
const shortestBody = 120

// findBody sets the body: what the office's selector finds, else the part of the page
// that holds most of its prose, else what a reader of articles in general would take.
func (p *page) findBody() {
	office := p.in.Office.Page
	if parts := outermost(selectAll(p.root, office.Body)); len(parts) > 0 {
		p.setBody(parts, "office selector "+office.Body)
		if len(p.text) >= shortestBody {
			return
		}
	}
	p.setBody(p.around.Locate(), "part with most of the prose")
	if len(p.text) >= shortestBody || p.flattened {
		return
	}
	parser := readability.NewParser()
	article, err := parser.ParseDocument(p.root, p.base)
	if err != nil || article.Node == nil {
		return
	}
	if len(document.Text(article.Node)) > 2*len(p.text) {
		p.setBody([]*html.Node{article.Node}, "readability")
	}
}

// setBody makes clean prose of parts and cuts off what surrounds the release.
func (p *page) setBody(parts []*html.Node, rule string) {
	drop := map[*html.Node]bool{}
	for _, selector := range p.in.Office.Page.Drop {
		for _, n := range selectAll(p.root, selector) {
			drop[n] = true
		}
	}
	whole := p.root
	if len(parts) == 1 {
		whole = parts[0]
	}
	p.parts, p.bodyRule = parts, rule
	p.body = prose.Clean(parts, p.base, func(n *html.Node) bool {
		return drop[n] || p.around.Chrome(n, whole) || caption(n)
	})
	p.removed = prose.Trim(p.body, p.title)
	p.text = prose.Text(p.body)
}

// Bounds of a headline that stands in the text itself, in bytes.
const (
	shortestHeadline = 20
	longestHeadline  = 250
)

// titleFromBody takes the headline from the text of a page that has it nowhere else, as
// old pages do: its first block, if that is a heading, in bold, or no sentence.
func (p *page) titleFromBody() {
	first := p.body.FirstChild
	if p.title != "" || first == nil || first.NextSibling == nil {
		return
	}
	text := strings.Join(strings.Fields(prose.BlockText(first)), " ")
	if len(text) < shortestHeadline || len(text) > longestHeadline || first.DataAtom == atom.Ul || first.DataAtom == atom.Ol || first.DataAtom == atom.Table {
		return
	}
	rule := "first line of the text"
	switch {
	case first.DataAtom != atom.P:
		rule = "first heading of the text"
	case first.FirstChild.DataAtom == atom.Strong && first.FirstChild.NextSibling == nil:
		rule = "first bold line of the text"
	case strings.HasSuffix(text, "."), placeMark.MatchString(text):
		return
	}
	p.title, p.titleRule = text, rule
	p.body.RemoveChild(first)
	p.removed += "\n" + prose.Trim(p.body, p.title)
	p.text = prose.Text(p.body)
}

// outermost drops elements that lie inside others of the list.
func outermost(all []*html.Node) []*html.Node {
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

// caption tells whether an element says what a picture shows.
func caption(n *html.Node) bool {
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
