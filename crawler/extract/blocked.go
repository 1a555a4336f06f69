package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
	"agora/crawler/extract/listing"
	"agora/crawler/extract/prose"
	"agora/crawler/extract/publication"
	"agora/crawler/extract/refusal"
	"agora/index"
)

// Refusal is the way in which a page says no in place of a release: see refusal.Way.
type Refusal = refusal.Way

// The ways. Those that speak of the page (OfPage: not-found, home, moved) may mean that a
// release is missing; the others speak of the site and say nothing of any release.
const (
	RefusalWall        = refusal.Wall
	RefusalMaintenance = refusal.Maintenance
	RefusalNotFound    = refusal.NotFound
	RefusalConsent     = refusal.Consent
	RefusalHome        = refusal.Home
	RefusalScripts     = refusal.Scripts
	RefusalMoved       = refusal.Moved
	RefusalError       = refusal.Error
)

// firstHeadings is how many headings of a page may say what it is.
const firstHeadings = 4

// blocked says in which way a page says no, and by what sign.
func (p *page) blocked() (Refusal, string) {
	view := refusal.Page{
		Root: p.root, Title: p.title, Text: p.text, Prose: p.around.Prose(p.root),
		Titles: []string{p.withoutSite(p.head.Title), p.head.Title},
		Told:   p.told(), Headed: p.titleNode != nil && !p.leadsAway(), Named: p.named(), Repeated: p.repeated(),
		URL: p.in.URL, Asked: p.in.Asked, Own: []string{p.canonical, p.head.Meta["og:url"]},
		Lists: len(listing.Sources(p.in.Office, p.in.URL)) > 0,
	}
	for _, h := range p.head.Headings[:min(len(p.head.Headings), firstHeadings)] {
		if !p.around.InChrome(h.Node) {
			view.Headings = append(view.Headings, h.Text)
		}
	}
	return refusal.Find(view)
}

// told tells whether the page shows what only releases show. The day beside a headline that
// leads to another page is of that page.
func (p *page) told() bool {
	if p.title == "" || p.leadsAway() {
		return false
	}
	return p.dates.Has(publication.Shown) || p.dates.Has(publication.Dateline) || p.endMarked() ||
		!release.MatchString(p.title) && p.labelledRelease() ||
		p.placed() && p.speaksOfAttorney()
}

// leadsAway tells whether the headline links to another page.
func (p *page) leadsAway() bool {
	if p.titleNode == nil {
		return false
	}
	away := false
	follow := func(n *html.Node) bool {
		if n.DataAtom == atom.A {
			address := index.CanonicalURL(prose.Absolute(p.base, document.Attr(n, "href")))
			away = away || address != "" && address != index.CanonicalURL(p.in.URL) && address != index.CanonicalURL(p.canonical)
		}
		return !away
	}
	document.Walk(p.titleNode, follow)
	if up := p.titleNode.Parent; up != nil {
		follow(up)
	}
	return away
}

// repeated tells whether the page has a headline that its own address repeats: then it is
// the page that was asked for.
func (p *page) repeated() bool {
	path, words, shared := strings.ReplaceAll(p.path(), "_", "-"), 0, 0
	for _, w := range strings.FieldsFunc(document.Fold(p.title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		if len(w) < 4 {
			continue
		}
		words++
		if strings.Contains(path, w) {
			shared++
		}
	}
	return shared > 2 && 2*shared >= words
}
