package refusal

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

var (
	homePath  = regexp.MustCompile(`^/?(?:home|index|default|main|en|es|inicio)?(?:\.\w{3,5})?/?$`)
	homeTitle = regexp.MustCompile(`(?i)^\W*(?:home|home ?page|front page|inicio|página de inicio|página principal)\W*$`)
)

// homeInstead tells whether somebody who asked for a page was led to a home page.
func homeInstead(asked, final string) bool {
	return asked != "" && final != "" && !isHomeAddress(asked) && isHomeAddress(final)
}

// isHomeAddress tells whether an address is that of a home page, not of something that a
// query of the home page chooses.
func isHomeAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && u.RawQuery == "" && homePath.MatchString(strings.ToLower(u.Path))
}

// isHome tells whether a page under another address is the home page by its own account:
// by its address, its title, its menu, or the names that content systems give it.
func (p Page) isHome() bool {
	u, err := url.Parse(p.URL)
	if p.URL == "" || err != nil || isHomeAddress(p.URL) || p.Lists || p.Repeated {
		return false
	}
	for _, own := range p.Own {
		if o, err := url.Parse(own); err == nil && sameHost(o, u) && isHomeAddress(own) {
			return true
		}
	}
	for _, t := range p.Titles {
		name, _, _ := strings.Cut(separators.ReplaceAllString(document.FoldSigns(t), "\n"), "\n")
		if homeTitle.MatchString(name) {
			return true
		}
	}
	home := false
	document.Walk(p.Root, func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.Body:
			for name := range strings.FieldsSeq(strings.ToLower(document.Attr(n, "class") + " " + document.Attr(n, "id"))) {
				switch name {
				case "home", "front", "is-front", "path-frontpage", "page-home", "homepage":
					home = true
				}
			}
		case atom.A:
			if document.Attr(n, "aria-current") == "page" {
				link, err := u.Parse(document.Attr(n, "href"))
				home = home || err == nil && sameHost(link, u) && isHomeAddress(link.String())
			}
		}
		return !home
	})
	return home
}

func sameHost(a, b *url.URL) bool {
	bare := func(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Host), "www.") }
	return bare(a) == bare(b)
}
