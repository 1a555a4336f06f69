package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
	"agora/crawler/extract/publication"
	"agora/crawler/extract/refusal"
)

// blocked says why a page is a refusal, an error or a home page in place of a release; ""
// where it is none. A release about such pages has a headline of its own and much to say.
func (p *page) blocked() string {
	length := len(p.text)
	if length > refusal.Longest {
		return ""
	}
	headings := []string{p.withoutSite(p.head.Title), p.head.Title, p.title}
	for _, h := range p.head.Headings[:min(len(p.head.Headings), 4)] {
		headings = append(headings, h.Text)
	}
	if why := refusal.ByHeadings(headings); why != "" {
		return why
	}
	// A page that shows its own day has been published: its words are what it tells.
	if p.dates.Has(publication.Shown) || p.dates.Has(publication.Dateline) {
		return ""
	}
	if length < refusal.LongestExcuse && p.around.Prose(p.root) < 2*refusal.Longest {
		if why := refusal.ByWords(p.text); why != "" {
			return why
		}
	}
	if length < shortestBody {
		visible := document.Text(p.root)
		if why := refusal.ByWords(visible[:min(len(visible), 4*refusal.Longest)]); why != "" {
			return why
		}
		if p.challenged() {
			return "a check for robots"
		}
	}
	if p.homeInstead() {
		return "the home page in place of the one asked for"
	}
	return ""
}

// challenged tells whether the page consists of a challenge that a script sets.
func (p *page) challenged() bool {
	found := false
	document.Walk(p.root, func(n *html.Node) bool {
		if n.Type == html.ElementNode {
			marks := strings.ToLower(document.Attr(n, "src") + " " + document.Attr(n, "id") + " " + document.Attr(n, "class") + " " + document.Attr(n, "action"))
			for _, mark := range [...]string{"challenge-platform", "cf-challenge", "_incapsula_resource", "g-recaptcha", "h-captcha", "px-captcha", "captcha-delivery", "akamai-challenge", "sec-if-cpt"} {
				found = found || strings.Contains(marks, mark)
			}
		}
		return !found
	})
	return found
}

var homePath = regexp.MustCompile(`^/?(?:home|index|default|en|inicio)?(?:\.\w{3,5})?/?$`)

// homeInstead tells whether a page asked for by another address is the home page.
func (p *page) homeInstead() bool {
	if p.in.URL == "" || p.base == nil || homePath.MatchString(p.path()) {
		return false
	}
	if p.headed() {
		return false
	}
	for _, address := range []string{p.canonical, p.head.Meta["og:url"]} {
		if rest, ok := strings.CutPrefix(address, "https://"+p.base.Host); ok && homePath.MatchString(strings.ToLower(rest)) {
			return true
		}
	}
	home := false
	document.Walk(p.root, func(n *html.Node) bool {
		if n.DataAtom == atom.Body {
			for name := range strings.FieldsSeq(strings.ToLower(document.Attr(n, "class") + " " + document.Attr(n, "id"))) {
				home = home || name == "home" || name == "front" || name == "is-front" || name == "path-frontpage" || name == "page-home" || name == "homepage"
			}
			return false
		}
		return !home
	})
	return home
}

// headed tells whether the page has a headline that its own address repeats: then it is
// the page that was asked for.
func (p *page) headed() bool {
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
