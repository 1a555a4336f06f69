package listing

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
	"agora/crawler/extract/prose"
)

// What a headline in a listing looks like: shorter links are "read more" and menus.
const (
	shortestHeadline = 15
	usualHeadline    = 28 // on average, where rows have no dates
	fewestRows       = 3
	shapeDepth       = 5 // how many elements above a link make its shape
)

// readMore begins the text of links below an excerpt, which repeat the headline for those
// who can't see it. Short items have none, so they are no rows.
var readMore = regexp.MustCompile(`(?i)^(?:continue reading|read (?:more|the full)|learn more|more about|full (?:story|release)|seguir leyendo|leer más)\b`)

// group is links of one shape.
type group struct {
	links []*html.Node
}

// general finds the rows of a page by their shape.
func general(root *html.Node, base *url.URL, chrome func(*html.Node) bool) []Row {
	groups := map[string]*group{}
	var order []string
	document.Walk(root, func(n *html.Node) bool {
		if n.Type == html.ElementNode && (document.Invisible(n) || chrome(n)) {
			return false
		}
		if n.DataAtom != atom.A || !leadsOn(n, base) {
			return true
		}
		if text := document.Text(n); len(text) < shortestHeadline || readMore.MatchString(text) {
			return true
		}
		s := shape(n)
		if groups[s] == nil {
			groups[s] = &group{}
			order = append(order, s)
		}
		groups[s].links = append(groups[s].links, n)
		return false
	})
	var best []Row
	most := 0
	for _, s := range order {
		rows := groups[s].rows(base)
		if score := worth(rows); score > most {
			best, most = rows, score
		}
	}
	return best
}

// leadsOn tells whether a link leads to another page of the site.
func leadsOn(n *html.Node, base *url.URL) bool {
	address := prose.Absolute(base, document.Attr(n, "href"))
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return base == nil || base.Host == "" || sameSite(u.Hostname(), base.Hostname()) && u.Path != base.Path
}

func sameSite(a, b string) bool {
	a, b = strings.TrimPrefix(a, "www."), strings.TrimPrefix(b, "www.")
	return a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a)
}

// shape describes where a link stands: the elements above it and how deep it is.
func shape(n *html.Node) string {
	var b strings.Builder
	depth := 0
	for up := n.Parent; up != nil; up = up.Parent {
		if depth < shapeDepth {
			b.WriteString(up.Data)
			b.WriteByte('>')
		}
		depth++
	}
	b.WriteString(strconv.Itoa(depth))
	return b.String()
}

// rows makes a row of each link, with the date in its block or beside it.
func (g *group) rows(base *url.URL) []Row {
	if len(g.links) < fewestRows {
		return nil
	}
	counts := g.counts()
	var rows []Row
	seen := map[string]bool{}
	for _, link := range g.links {
		item := link
		for item.Parent != nil && counts[item.Parent] == 1 && item.Parent.DataAtom != atom.Body {
			item = item.Parent
		}
		row, ok := rowOf(item, link, base)
		if !ok || seen[row.URL] {
			continue
		}
		seen[row.URL] = true
		row.Date, row.AsWritten = dateIn(item, link)
		rows = append(rows, row)
	}
	if dated(rows) == 0 {
		datesBeside(rows, counts)
	}
	return rows
}

// counts returns how many links of the group are below each element.
func (g *group) counts() map[*html.Node]int {
	counts := map[*html.Node]int{}
	for _, link := range g.links {
		for up := link; up != nil; up = up.Parent {
			counts[up]++
		}
	}
	return counts
}

func dated(rows []Row) int {
	n := 0
	for _, r := range rows {
		if r.Date != "" {
			n++
		}
	}
	return n
}

// datesBeside dates rows from what stands between their blocks: after each or before
// each, whichever gives more.
func datesBeside(rows []Row, counts map[*html.Node]int) {
	after, before := beside(rows, counts, next), beside(rows, counts, previous)
	chosen := after
	if dated(before) > dated(after) {
		chosen = before
	}
	copy(rows, chosen)
}

func next(n *html.Node) *html.Node     { return n.NextSibling }
func previous(n *html.Node) *html.Node { return n.PrevSibling }

func beside(rows []Row, counts map[*html.Node]int, step func(*html.Node) *html.Node) []Row {
	found := make([]Row, len(rows))
	copy(found, rows)
	for i := range found {
		for n := step(found[i].Node); n != nil && counts[n] == 0; n = step(n) {
			if n.Type == html.TextNode && strings.TrimSpace(n.Data) == "" {
				continue
			}
			if found[i].Date, found[i].AsWritten = dateIn(n, nil); found[i].Date != "" {
				break
			}
		}
	}
	return found
}

// worth says how likely rows are the listing of a page: long headlines, and dates.
func worth(rows []Row) int {
	if len(rows) < fewestRows {
		return 0
	}
	length := 0
	for _, r := range rows {
		length += len(r.Title)
	}
	withDate := dated(rows)
	if 2*withDate < len(rows) && length < usualHeadline*len(rows) {
		return 0
	}
	return length * (len(rows) + 3*withDate) / len(rows)
}
