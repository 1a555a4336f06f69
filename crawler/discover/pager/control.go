// Package pager finds where a page that lists things goes on: the next page, and archives
// of years and months. It knows how the usual content systems build their pagers and, for
// others, what pagers have in common.
//
// It asks for nothing, reads no rows, and doesn't decide how far anyone goes.
package pager

import (
	"cmp"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

// Bounds of what is looked at.
const (
	longestAddress = 2_048 // no office links a longer one
	longestText    = 300   // of a control, bytes
)

// Selector finds what may lead on: links, buttons that load more, and choices of years.
// All of them are small: their text is read for each.
const Selector = `a[href], link[rel][href], option[value], button[data-url], button[data-href], button[data-next], button[data-next-url], ` +
	`button[data-next-page], button[data-endpoint], button[data-ajax-url], button[data-path], button[hx-get], button[data-hx-get], ` +
	`a[data-url], a[data-href], a[data-next-url], a[data-ajax-url], a[hx-get], a[data-hx-get], input[data-url], input[data-href], input[hx-get]`

// loadAttributes are those in which buttons keep the address that they load.
var loadAttributes = []string{"data-url", "data-href", "data-next", "data-next-url", "data-next-page", "data-endpoint", "data-ajax-url", "data-path", "hx-get", "data-hx-get"}

// Control is a link, button or choice of a page.
type Control struct {
	Link    string // as written
	text    string // what it shows or is called, in lower case
	names   string // its rel, classes and id, and what is right around it
	isLoad  bool   // scripts load its address
	isHead  bool   // it is in the page's head
	current bool   // it stands for the page that is shown
}

// addressLike matches values of attributes that are addresses.
var addressLike = regexp.MustCompile(`^(?:https?://|/|\?|\./)\S+$`)

// Controls reads what an element leads to.
func Controls(n *html.Node) []Control {
	if n.DataAtom == atom.Option {
		return choice(n)
	}
	c := Control{text: label(n), current: document.Attr(n, "aria-current") != ""}
	names := document.Attr(n, "rel") + " " + document.Attr(n, "class") + " " + document.Attr(n, "id")
	if p := n.Parent; p != nil && (p.DataAtom == atom.Li || p.DataAtom == atom.Span || p.DataAtom == atom.Div) {
		names += " " + document.Attr(p, "class")
	}
	c.names = strings.ToLower(names[:min(len(names), longestText)])
	href := document.Attr(n, "href")
	if n.DataAtom == atom.Link {
		c.isHead, c.Link = true, href
		return []Control{c}
	}
	var all []Control
	if href != "" && n.DataAtom == atom.A {
		c.Link = href
		all = append(all, c)
	}
	for _, name := range loadAttributes {
		if value := document.Attr(n, name); len(value) <= longestAddress && addressLike.MatchString(value) {
			c.Link, c.isLoad = value, true
			all = append(all, c)
		}
	}
	return all
}

// label returns what a control shows, or is called where it shows a sign or nothing.
func label(n *html.Node) string {
	shown := document.Clean(text(n))
	if shown == "" || len(shown) <= 3 && !isNumber(shown) {
		shown = cmp.Or(document.Clean(document.Attr(n, "aria-label")), document.Clean(document.Attr(n, "title")), document.Clean(document.Attr(n, "value")), shown)
	}
	return strings.ToLower(shown[:min(len(shown), longestText)])
}

// text returns the text below a node, buttons included.
func text(n *html.Node) string {
	var b strings.Builder
	document.Walk(n, func(c *html.Node) bool {
		if c.Type == html.TextNode && b.Len() < longestText {
			b.WriteString(c.Data + " ")
		}
		return true
	})
	return b.String()
}

// year matches a year, for a choice.
var year = regexp.MustCompile(`^(?:19|20)\d\d$`)

// choice reads one of a list of choices: one that is an address, or a year that a form
// would send.
func choice(n *html.Node) []Control {
	value := document.Attr(n, "value")
	c := Control{Link: value, text: label(n)}
	if addressLike.MatchString(value) && len(value) <= longestAddress {
		return []Control{c}
	}
	if !year.MatchString(value) {
		return nil
	}
	name := ""
	for up := n.Parent; up != nil; up = up.Parent {
		switch up.DataAtom {
		case atom.Select:
			name = document.Attr(up, "name")
		case atom.Form:
			if name == "" || strings.EqualFold(document.Attr(up, "method"), "post") {
				return nil
			}
			action, _, _ := strings.Cut(document.Attr(up, "action"), "?")
			c.Link = action + "?" + url.QueryEscape(name) + "=" + value
			return []Control{c}
		}
	}
	return nil
}

var anyLink = cascadia.MustCompile("a[href]")

// LinkOf returns the link that an element is or holds, as written; "" for none.
func LinkOf(n *html.Node) string {
	if href := document.Attr(n, "href"); href != "" {
		return href
	}
	if a := cascadia.Query(n, anyLink); a != nil {
		return document.Attr(a, "href")
	}
	for _, c := range Controls(n) {
		return c.Link
	}
	return ""
}

// Resolve returns where a link of a page leads, as an absolute address of the web; "" for
// one that leads nowhere else.
func Resolve(base *url.URL, link string) string {
	link = strings.TrimSpace(link)
	if link == "" || strings.HasPrefix(link, "#") || len(link) > longestAddress {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(link, " ", "%20"))
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 31)
	return err == nil
}
