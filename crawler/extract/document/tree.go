package document

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Attr returns an attribute of an element, trimmed, "" where it has none.
func Attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// Walk visits n and everything below it in document order, until visit returns false
// for an element, whose children are then left out.
func Walk(n *html.Node, visit func(*html.Node) bool) {
	if !visit(n) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		Walk(c, visit)
	}
}

// Invisible tells whether an element never shows text of the page.
func Invisible(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Object,
		atom.Select, atom.Option, atom.Textarea, atom.Button, atom.Input, atom.Head, atom.Img, atom.Video, atom.Audio, atom.Canvas:
		return true
	}
	return n.Type == html.CommentNode
}

// Text returns the visible text below n on one line, as Clean leaves it. Blocks and
// line breaks count as spaces.
func Text(n *html.Node) string {
	var b strings.Builder
	Walk(n, func(c *html.Node) bool {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c != n && c.Type == html.ElementNode && Invisible(c):
			return false
		case c.Type == html.ElementNode && Breaks(c):
			b.WriteByte(' ')
		}
		return true
	})
	return Clean(b.String())
}

// Breaks tells whether an element begins a new line.
func Breaks(n *html.Node) bool {
	switch n.DataAtom {
	case atom.A, atom.B, atom.I, atom.Em, atom.Strong, atom.Span, atom.U, atom.Font, atom.Small, atom.Big, atom.Sup,
		atom.Sub, atom.Abbr, atom.Mark, atom.Cite, atom.Code, atom.S, atom.Strike, atom.Time, atom.Q, atom.Ins, atom.Del,
		atom.Label, atom.Wbr, atom.Bdi, atom.Bdo, atom.Tt, atom.Data, atom.Dfn, atom.Kbd, atom.Var, atom.Samp, atom.Nobr:
		return false
	}
	return n.Type == html.ElementNode && n.DataAtom != 0
}

// Clean folds white space to single spaces and drops characters that are not seen: soft
// hyphens, zero-width spaces, byte order marks, controls.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case Unseen(r):
		case unicode.IsSpace(r):
			space = true
		case unicode.IsControl(r):
		default:
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plain tells whether Clean would change nothing, as for most short texts.
func plain(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return s == "" || before != ' '
}

// Unseen tells whether a character shows nothing and separates nothing.
func Unseen(r rune) bool {
	switch r {
	case '\u00AD', '\u200B', '\u200C', '\u200D', '\u200E', '\u200F', '\u2060', '\uFEFF', '\uFFFC', '\uFFFD':
		return true
	}
	return false
}

// chromeRoles are the ARIA roles of what surrounds the content of a page.
func chromeRole(role string) bool {
	switch role {
	case "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "alert", "status", "menu", "menubar", "toolbar", "tablist":
		return true
	}
	return false
}

// Chrome tells whether an element is around the content by what it is: navigation,
// header of the site, footer, dialog, or hidden.
func Chrome(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Aside, atom.Dialog, atom.Menu:
		return true
	case atom.Header:
		return !insideArticle(n) && !headsArticle(n)
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "role":
			if chromeRole(strings.ToLower(strings.TrimSpace(a.Val))) {
				return true
			}
		case "hidden":
			return true
		case "style":
			style := strings.ReplaceAll(strings.ToLower(a.Val), " ", "")
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

func insideArticle(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.Article || p.DataAtom == atom.Main {
			return true
		}
	}
	return false
}

// headsArticle tells whether a header is that of what is told, not of the site: it has
// the headline and no navigation.
func headsArticle(n *html.Node) bool {
	headline, navigation := false, false
	Walk(n, func(c *html.Node) bool {
		headline = headline || c.DataAtom == atom.H1
		navigation = navigation || c.DataAtom == atom.Nav || c.DataAtom == atom.Ul || c.DataAtom == atom.Form
		return !navigation
	})
	return headline && !navigation
}

// NamedChrome tells whether class or id say that an element is around the content. Names
// can mislead (a wrapper of the whole page called "offcanvas"), so callers weigh it
// against how much of the page's text it would take away.
func NamedChrome(n *html.Node) bool {
	for _, a := range n.Attr {
		if (a.Key == "class" || a.Key == "id") && namesChrome(a.Val) {
			return true
		}
	}
	return false
}

// namesChrome looks at a class list or id name by name, and at the words of each: the
// name "share-links" has the words share and links.
func namesChrome(names string) bool {
	for name := range strings.FieldsSeq(strings.ToLower(names)) {
		switch name {
		case "hidden", "visually-hidden", "sr-only", "show-for-sr", "screen-reader-text", "element-invisible", "hidden-print", "no-print", "print-only", "d-none",
			"site-alert", "site-alerts", "alert-banner", "alert-banners", "emergency-alert", "global-alert", "page-alert":
			return true
		}
		for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '-' || r == '_' || r == ':' }) {
			switch word {
			case "nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "footer", "sidebar", "sidenav", "share", "sharing", "shares",
				"sharethis", "addthis", "addtoany", "a2a", "social", "cookie", "cookies", "consent", "modal", "related", "relatedposts", "newsletter", "subscribe",
				"skip", "skiplink", "pager", "pagination", "offcanvas", "toolbar", "printfriendly", "lightbox", "popup", "advertisement", "advertisements", "advert", "ads", "ad",
				"translate", "gtranslate", "alertbar", "utility", "megamenu", "backtotop", "totop", "comments":
				return true
			}
		}
	}
	return false
}

// FoldSigns brings quotes, dashes and spaces to one form each and drops characters that
// are not seen. It keeps case.
func FoldSigns(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch r {
		case '‘', '’', '‚', '‛', '′', '`', '´', 'ʼ', 'ʻ':
			return '\''
		case '“', '”', '„', '‟', '″', '«', '»':
			return '"'
		case '‐', '‑', '‒', '–', '—', '―', '−':
			return '-'
		case '\u00AD', '\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF':
			return -1
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, s))
}

// Fold brings spellings of one headline together: case, quotes, dashes, spaces.
func Fold(s string) string { return strings.ToLower(FoldSigns(s)) }
