package extract

import (
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/content"
	"agora/crawler/extract/document"
	"agora/crawler/extract/prose"
)

// shortestBody is the least text, in bytes, that counts as the text of something: a
// statement of two lines. Where an office says where its text stands, or it is the only
// text below the headline, a third of that is enough.
const shortestBody = 120

// mostBlocks is how many blocks a page can have that a reader of articles looks through,
// which takes long over them: four times as many as have been seen.
const mostBlocks = 10_000

// findBody sets the body: what the office's selector finds, else the part of the page
// that holds most of its prose, else what a reader of articles in general would take.
func (p *page) findBody() {
	office := p.in.Office.Page
	if parts := content.Outermost(document.Select(p.root, office.Body)); len(parts) > 0 {
		p.setBody(parts, "office selector "+office.Body)
		if len(p.text) >= shortestBody/3 {
			return
		}
	}
	headed := p.titleNode != nil && !p.leadsAway()
	parts := p.around.Locate()
	if headed {
		parts = p.around.Below(p.titleNode, parts)
	}
	p.setBody(parts, "part with most of the prose")
	standsOut := parts[0] != p.root && len(p.text) >= shortestBody/3
	if p.flattened || headed && (standsOut || p.bodyBelowHeadline()) || len(p.text) >= shortestBody {
		return
	}
	if p.around.Blocks() > mostBlocks {
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

// mostLevels is how many elements around a headline are tried as the one with its text.
const mostLevels = 6

// bodyBelowHeadline takes the smallest part of the page that has some text besides the
// headline, for texts so short that no part stands out. It tells whether there is one.
func (p *page) bodyBelowHeadline() bool {
	before := *p
	for n, i := p.titleNode.Parent, 0; n != nil && n.DataAtom != atom.Body && i < mostLevels; n, i = n.Parent, i+1 {
		p.setBody([]*html.Node{n}, "part with the headline")
		if len(p.text) >= shortestBody/3 {
			return true
		}
	}
	*p = before
	return false
}

// setBody makes clean prose of parts and cuts off what surrounds the release.
func (p *page) setBody(parts []*html.Node, rule string) {
	drop := map[*html.Node]bool{}
	for _, selector := range p.in.Office.Page.Drop {
		for _, n := range document.Select(p.root, selector) {
			drop[n] = true
		}
	}
	whole := p.root
	if len(parts) == 1 {
		whole = parts[0]
	}
	p.parts, p.bodyRule = parts, rule
	p.body = prose.Clean(parts, p.base, func(n *html.Node) bool {
		return drop[n] || p.around.Others(n) || p.around.Chrome(n, whole) || content.Caption(n) || content.Meta(n)
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
	if len(text) < shortestHeadline || len(text) > longestHeadline || first.DataAtom == atom.Ul || first.DataAtom == atom.Ol || first.DataAtom == atom.Table || p.generic(text) {
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
