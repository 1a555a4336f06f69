// Package rows reads the rows of one page of a listing and remembers what they have in
// common, so that a last page with one or two of them is read like those before it.
//
// It asks for nothing and doesn't decide which rows count.
package rows

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/content"
	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
	"agora/crawler/extract/listing"
	"agora/crawler/extract/prose"
	"agora/crawler/office"
	"agora/index"
)

// Bounds of what is looked at link by link.
const (
	maxLinks      = 2_000
	shortestTitle = 15 // bytes of a title without a date beside it: shorter ones are menus
)

// Reader reads the pages of one walk over a listing. It is for one goroutine.
type Reader struct {
	Matches func(address string) bool // the match rule; nil without one
	learned office.Source             // what the rows of an earlier page have in common
}

// Read returns the rows of a page: by the source's selectors, else by what the rows of an
// earlier page had in common, else by general rules; then single links that the match
// rule names or, without a rule and other rows, that lie below the page itself.
func (r *Reader) Read(root *html.Node, base *url.URL, s office.Source) []index.ListingRow {
	selected := func(s office.Source) []listing.Row {
		if s.Item == "" {
			return nil
		}
		return listing.Rows(root, base, []office.Source{s}, func(*html.Node) bool { return true })
	}
	if found := selected(s); len(found) > 0 {
		return plain(found)
	}
	around := content.Weigh(root)
	chrome := func(n *html.Node) bool { return around.Chrome(n, root) }
	found := selected(r.learned)
	if len(found) == 0 {
		found = listing.Rows(root, base, nil, chrome)
		if lesson := learn(found, base); r.learned.Item == "" && same(found, selected(lesson)) {
			r.learned = lesson
		}
	}
	all := plain(found)
	switch {
	case r.Matches != nil:
		all = append(all, single(root, base, chrome, r.Matches, all)...)
	case len(all) == 0:
		all = slices.DeleteFunc(single(root, base, chrome, belowOf(base), nil), func(row index.ListingRow) bool {
			return row.Date == "" && len(row.Title) < shortestTitle
		})
	}
	return all
}

func plain(found []listing.Row) []index.ListingRow {
	all := make([]index.ListingRow, len(found))
	for i, r := range found {
		all[i] = r.ListingRow
		all[i].Source = "listing"
	}
	return all
}

// belowOf matches addresses in the folder that a page is or heads: /news/one of /news,
// /news/ and /news/index.html. Of a home page all would be.
func belowOf(base *url.URL) func(string) bool {
	if base == nil {
		return func(string) bool { return false }
	}
	folder := strings.TrimRight(base.Path, "/")
	if name := folder[strings.LastIndexByte(folder, '/')+1:]; strings.HasPrefix(name, "index.") || strings.HasPrefix(name, "default.") {
		folder = strings.TrimSuffix(folder, "/"+name)
	} else if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		folder = strings.TrimSuffix(folder, name[dot:])
	}
	return func(address string) bool {
		u, err := url.Parse(address)
		return err == nil && folder != "" && u.Host == base.Host && strings.HasPrefix(u.Path, folder+"/") && len(u.Path) > len(folder)+1 && u.Path != base.Path
	}
}

// links are the links of a page to wanted addresses.
type links struct {
	order  []string                // canonical addresses, as they appear
	nodes  map[string][]*html.Node // of each
	url    map[string]string       // as linked
	around map[*html.Node]string   // the one address that the links below an element lead to, "" for several
}

// single returns a row for each link to a wanted address that isn't among the rows.
func single(root *html.Node, base *url.URL, chrome func(*html.Node) bool, wanted func(string) bool, rows []index.ListingRow) []index.ListingRow {
	known := map[string]bool{}
	for _, r := range rows {
		known[index.CanonicalURL(r.URL)] = true
	}
	all := gather(root, base, chrome, wanted)
	var found []index.ListingRow
	for _, address := range all.order {
		if known[address] {
			continue
		}
		block := all.nodes[address][0]
		for block.Parent != nil && all.around[block.Parent] == address && block.Parent.DataAtom != atom.Body {
			block = block.Parent
		}
		r := index.ListingRow{URL: all.url[address], Title: titleIn(block, all.nodes[address]), Source: "listing"}
		if r.Title != "" {
			r.Date, r.AsWritten = dayIn(block, r.Title)
			found = append(found, r)
		}
	}
	return found
}

// gather collects the links to wanted addresses, outside of what surrounds the content.
func gather(root *html.Node, base *url.URL, chrome func(*html.Node) bool, wanted func(string) bool) links {
	all := links{nodes: map[string][]*html.Node{}, url: map[string]string{}, around: map[*html.Node]string{}}
	count := 0
	document.Walk(root, func(n *html.Node) bool {
		if n.Type == html.ElementNode && (document.Invisible(n) || chrome(n)) {
			return false
		}
		if n.DataAtom != atom.A || count >= maxLinks {
			return true
		}
		link := prose.Absolute(base, document.Attr(n, "href"))
		if link, _, _ = strings.Cut(link, "#"); !strings.HasPrefix(link, "http") || !wanted(link) {
			return true // of mail and telephone as well
		}
		count++
		address := index.CanonicalURL(link)
		if all.nodes[address] == nil {
			all.order = append(all.order, address)
			all.url[address] = link
		}
		all.nodes[address] = append(all.nodes[address], n)
		for up := n; up != nil; up = up.Parent {
			if one, met := all.around[up]; met && one != address {
				all.around[up] = ""
			} else {
				all.around[up] = address
			}
		}
		return true
	})
	return all
}

// titleIn returns the longest text of the links in a block: a picture, a headline and
// "read more" may all lead to a page; but a heading beside links that say little, or
// inside one that is the whole block, is the title.
func titleIn(block *html.Node, nodes []*html.Node) string {
	title := ""
	for _, n := range nodes {
		if t := document.Text(n); len(t) > len(title) && below(n, block) {
			title = t
		}
	}
	document.Walk(block, func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			if t := document.Text(n); len(t) > len(title) || strings.Contains(title, t) && t != "" {
				title = t
			}
		}
		return true
	})
	return title
}

func below(n, block *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == block {
			return true
		}
	}
	return false
}

// dayIn returns the day in a block, outside of its title.
func dayIn(block *html.Node, title string) (day index.Date, written string) {
	document.Walk(block, func(n *html.Node) bool {
		if day != "" || n.Type == html.ElementNode && document.Invisible(n) {
			return false
		}
		if n.DataAtom == atom.Time {
			if f, ok := dates.Machine(document.Attr(n, "datetime"), nil); ok {
				day, written = f.Day, f.Written
				return false
			}
		}
		if n.Type != html.TextNode {
			return true
		}
		text := document.Clean(n.Data)
		if f, ok := dates.Alone(text); ok {
			day, written = f.Day, f.Written
		} else if all := dates.Find(text); len(all) > 0 && all[0].Precision == dates.Day && len(text) < 200 && !strings.Contains(title, text) {
			day, written = all[0].Day, all[0].Written
		}
		return true
	})
	return day, written
}
