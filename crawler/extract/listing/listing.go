// Package listing reads the rows of pages that list releases: their links, titles and
// dates; by the selectors of the office's source where the catalogue has them, else by
// what such pages have in common: blocks of one shape, side by side, each with a headline
// that links and a date. It also reads lists that a site keeps as data for its own pages.
//
// It does not decide whether a page is a listing, and walks to no next page.
package listing

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
	"agora/crawler/extract/prose"
	"agora/crawler/office"
	"agora/index"
)

// Row is a row with the element that it was read from.
type Row struct {
	index.ListingRow
	Node *html.Node
}

// Sources returns the listing sources of the office that have this address.
func Sources(o office.Office, address string) []office.Source {
	var all []office.Source
	for _, s := range o.Sources {
		if s.Kind == office.Listing && Matches(s.URL, address) {
			all = append(all, s)
		}
	}
	return all
}

// Rows returns the rows of a page by the first of its sources whose selectors find any,
// else by general rules. chrome tells which elements are around the content.
func Rows(root *html.Node, base *url.URL, sources []office.Source, chrome func(*html.Node) bool) []Row {
	for _, s := range sources {
		if rows := selected(root, base, s); len(rows) > 0 {
			return rows
		}
	}
	return general(root, base, chrome)
}

// placeholder is a part of a source's address that is filled in.
var placeholder = regexp.MustCompile(`\\\{[^{}]*\\\}`)

// Matches tells whether an address is that of a source, on any of its pages: scheme,
// query and what stands for a placeholder do not matter.
func Matches(source, address string) bool {
	source, _, _ = strings.Cut(index.CanonicalURL(source), "?")
	address, _, _ = strings.Cut(index.CanonicalURL(address), "?")
	if source == "" || address == "" {
		return false
	}
	if source == address {
		return true
	}
	source = strings.NewReplacer("%7B", "{", "%7D", "}").Replace(source)
	if !strings.Contains(source, "{") {
		return false
	}
	pattern, err := regexp.Compile("^" + placeholder.ReplaceAllString(regexp.QuoteMeta(source), `[0-9A-Za-z]+`) + "$")
	return err == nil && pattern.MatchString(address)
}

// selected reads rows by the selectors of a source.
func selected(root *html.Node, base *url.URL, s office.Source) []Row {
	if s.Item == "" {
		return nil
	}
	var rows []Row
	seen := map[string]bool{}
	for _, item := range document.Select(root, s.Item) {
		link := document.SelectFirst(item, cmp.Or(s.Link, "a[href]"))
		if link == nil {
			continue
		}
		row, ok := rowOf(item, link, base)
		if !ok || seen[row.URL] {
			continue
		}
		if title := document.SelectFirst(item, s.Title); title != nil {
			row.Title = document.Text(title)
		}
		if n := document.SelectFirst(item, s.Date); n != nil {
			row.Date, row.AsWritten = dateBy(n, s.DateLayout)
		}
		if row.Date == "" && row.AsWritten == "" {
			row.Date, row.AsWritten = dateIn(item, link)
		}
		seen[row.URL] = true
		rows = append(rows, row)
	}
	return rows
}

// rowOf makes a row of an item and its link; a link that is not one leads to the first
// link inside it.
func rowOf(item, link *html.Node, base *url.URL) (Row, bool) {
	address := prose.Absolute(base, document.Attr(link, "href"))
	if address == "" {
		if inner := document.SelectFirst(link, "a[href]"); inner != nil {
			address = prose.Absolute(base, document.Attr(inner, "href"))
		}
	}
	title := document.Text(link)
	if !strings.HasPrefix(address, "http") || title == "" {
		return Row{}, false
	}
	return Row{index.ListingRow{URL: address, Title: title}, item}, true
}

// dateBy reads a date in the layout of its source; words around it may stand in the way.
func dateBy(n *html.Node, layout string) (index.Date, string) {
	text := document.Text(n)
	if layout != "" {
		if t, err := time.Parse(layout, text); err == nil {
			return index.DateOf(t), text
		}
	}
	if day, written := dayOf(text); written != "" {
		return day, written
	}
	if f, ok := dates.Machine(document.Attr(n, "datetime"), nil); ok {
		return f.Day, f.Written
	}
	return "", text
}

// dayOf returns the first day in a text; a date without a day is given as written only.
func dayOf(text string) (index.Date, string) {
	written := ""
	for _, f := range dates.Find(text) {
		if f.Precision == dates.Day {
			return f.Day, f.Written
		}
		written = cmp.Or(written, f.Written)
	}
	return "", written
}

// dateIn finds the date of an item outside of its headline: in a line of its own, in a
// time element, else the first that is written.
func dateIn(item, link *html.Node) (index.Date, string) {
	var alone, written dates.Found
	document.Walk(item, func(n *html.Node) bool {
		if n == link || n.Type == html.ElementNode && document.Invisible(n) {
			return false
		}
		switch {
		case n.DataAtom == atom.Time && alone.Day == "":
			if f, ok := dates.Alone(document.Text(n)); ok {
				alone = f
			} else if f, ok := dates.Machine(document.Attr(n, "datetime"), nil); ok {
				alone = f
			}
		case n.Type == html.TextNode:
			text := document.Clean(n.Data)
			if f, ok := dates.Alone(text); ok && alone.Day == "" {
				alone = f
			}
			for _, f := range dates.Find(text) {
				if f.Precision == dates.Day && written.Day == "" && len(text) < 200 {
					written = f
				}
			}
		}
		return true
	})
	if alone.Day != "" {
		return alone.Day, alone.Written
	}
	return written.Day, written.Written
}
