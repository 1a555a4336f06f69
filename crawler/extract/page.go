package extract

import (
	"cmp"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"agora/crawler/extract/content"
	"agora/crawler/extract/document"
	"agora/crawler/extract/publication"
	"agora/index"
)

// page is a page while it is read: its tree, what its head says, and what was found.
type page struct {
	in        Input
	base      *url.URL
	root      *html.Node
	flattened bool

	head      *document.Head
	canonical string // absolute
	around    *content.Weights

	title, titleRule string
	titleNode        *html.Node // the heading that gave the title; nil without one
	parts            []*html.Node
	body             *html.Node // clean
	text             string     // of body
	bodyRule         string
	removed          string // what was cut off the body, for signs of a release
	dates            publication.Book
	rows             []index.ListingRow
}

func newPage(in Input, base *url.URL, root *html.Node, flattened bool) *page {
	p := &page{in: in, base: base, root: root, flattened: flattened, head: document.ReadHead(root), around: content.Weigh(root)}
	if u, err := url.Parse(p.head.Base); err == nil && p.head.Base != "" && base != nil {
		p.base = base.ResolveReference(u)
	}
	p.canonical = p.absolute(p.head.Canonical)
	if base == nil || base.Host == "" {
		if u, err := url.Parse(p.canonical); err == nil && u.Host != "" {
			p.base = u
		}
	}
	return p
}

func (p *page) absolute(href string) string {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || href == "" {
		return ""
	}
	if p.base != nil {
		u = p.base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// path returns the path of the page's address in lower case, by its own account where
// the capture has none.
func (p *page) path() string {
	if u, err := url.Parse(cmp.Or(p.in.URL, p.canonical)); err == nil {
		return strings.ToLower(u.Path)
	}
	return ""
}
