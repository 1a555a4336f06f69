package prose

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

// longestCell is how long the cells of a table of data are on average at most; tables
// with longer ones only lay out a page.
const longestCell = 300

// table copies a table of data; what a table for layout holds is copied as if it were
// not there.
func (b *builder) table(n *html.Node) {
	rows := b.rows(n)
	if b.nested() || b.container.DataAtom != atom.Div || !holdsData(n, rows) {
		b.end()
		b.children(n)
		b.end()
		return
	}
	b.end()
	table, body := element(atom.Table), element(atom.Tbody)
	table.AppendChild(body)
	b.container.AppendChild(table)
	for _, row := range rows {
		tr := element(atom.Tr)
		body.AppendChild(tr)
		for _, cell := range row {
			td := element(cell.DataAtom)
			tr.AppendChild(td)
			b.inside(cell, td)
		}
	}
	dropEmptyRows(body)
	if body.FirstChild == nil {
		b.container.RemoveChild(table)
	}
}

// figure copies the tables of a figure, which editors of blocks put around each; pictures
// and what they show are no prose.
func (b *builder) figure(n *html.Node) {
	b.end()
	document.Walk(n, func(c *html.Node) bool {
		if c != n && c.Type == html.ElementNode && (document.Invisible(c) || c.DataAtom == atom.Figcaption || b.skip != nil && b.skip(c)) {
			return false
		}
		if c.DataAtom == atom.Table {
			b.table(c)
			return false
		}
		return true
	})
}

// rows lists the cells of a table by row, without those of tables inside it.
func (b *builder) rows(table *html.Node) [][]*html.Node {
	var rows [][]*html.Node
	document.Walk(table, func(n *html.Node) bool {
		switch {
		case n == table:
			return true
		case n.DataAtom == atom.Table:
			return false
		case b.skip != nil && n.Type == html.ElementNode && b.skip(n):
			return false
		case n.DataAtom == atom.Tr:
			rows = append(rows, nil)
		case n.DataAtom == atom.Td || n.DataAtom == atom.Th:
			if len(rows) > 0 {
				rows[len(rows)-1] = append(rows[len(rows)-1], n)
			}
			return false
		}
		return true
	})
	return rows
}

// holdsData tells a table of data from one that lays out a page.
func holdsData(table *html.Node, rows [][]*html.Node) bool {
	if role := document.Attr(table, "role"); role == "presentation" || role == "none" {
		return false
	}
	cells, wide, length := 0, 0, 0
	for _, row := range rows {
		if len(row) > 1 {
			wide++
		}
		for _, cell := range row {
			cells++
			length += len(document.Text(cell))
		}
	}
	return wide > 1 && length < longestCell*cells && !hasTable(table)
}

func hasTable(table *html.Node) bool {
	found := false
	document.Walk(table, func(n *html.Node) bool {
		found = found || n != table && n.DataAtom == atom.Table
		return !found
	})
	return found
}

func dropEmptyRows(body *html.Node) {
	for tr := body.FirstChild; tr != nil; {
		next := tr.NextSibling
		if document.Text(tr) == "" {
			body.RemoveChild(tr)
		}
		tr = next
	}
}
