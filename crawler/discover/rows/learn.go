package rows

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
	"agora/crawler/extract/listing"
	"agora/crawler/extract/prose"
	"agora/crawler/office"
)

// learn returns selectors for blocks like those of the rows, the zero source where these
// have nothing in common: general rules need several rows to see what they share, and a
// last page may have one or two.
func learn(found []listing.Row, base *url.URL) office.Source {
	type lesson struct{ item, link string }
	times := map[lesson]int{}
	var best lesson
	for _, r := range found {
		l := lesson{item: pathTo(r.Node, nil)}
		document.Walk(r.Node, func(n *html.Node) bool {
			if n != r.Node && n.DataAtom == atom.A && l.link == "" && prose.Absolute(base, document.Attr(n, "href")) == r.URL && document.Text(n) == r.Title {
				l.link = pathTo(n, r.Node)
			}
			return l.link == ""
		})
		if times[l]++; l.item != "" && l.link != "" && times[l] > times[best] {
			best = l
		}
	}
	return office.Source{Item: best.item, Link: best.link}
}

// same tells whether learned selectors find the rows that they were learned from, and
// hardly anything else.
func same(found, again []listing.Row) bool {
	addresses := map[string]bool{}
	for _, r := range again {
		addresses[r.URL] = true
	}
	for _, r := range found {
		if !addresses[r.URL] {
			return false
		}
	}
	return len(found) > 0 && 10*len(again) <= 11*len(found)
}

// usableClass are names of classes that say what a block is, not which of many.
var usableClass = regexp.MustCompile(`^[A-Za-z][A-Za-z_-]{2,40}$`)

// usableName are names of elements that a selector can have.
var usableName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// deepest is how many steps a selector may have.
const deepest = 60

// pathTo describes where an element stands below another, nil for the body: the elements
// down to it, with the classes that say what those around it are. Its own classes often
// differ from row to row.
func pathTo(n, top *html.Node) string {
	var steps []string
	for e := n; e != nil && e != top && e.DataAtom != atom.Body; e = e.Parent {
		if e.Type != html.ElementNode || len(steps) > deepest || !usableName.MatchString(e.Data) {
			return ""
		}
		step := e.Data
		for class := range strings.FieldsSeq(document.Attr(e, "class")) {
			if e != n && top == nil && usableClass.MatchString(class) {
				step += "." + class
			}
		}
		steps = append(steps, step)
	}
	if top == nil {
		steps = append(steps, "body")
	}
	slices.Reverse(steps)
	return strings.Join(steps, " > ")
}
