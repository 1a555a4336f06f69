package content

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

// Line is a line of a page as a reader sees it.
type Line struct {
	Text string
	Node *html.Node // the block that holds it
}

// StartsOther tells whether a line is a headline that leads to another page.
func (l Line) StartsOther() bool {
	if l.Node == nil || l.Node.DataAtom != atom.H2 && l.Node.DataAtom != atom.H3 && l.Node.DataAtom != atom.H4 {
		return false
	}
	return l.Node.FirstChild != nil && l.Node.FirstChild.DataAtom == atom.A
}

// Lines returns the lines below n outside of what surrounds the content. All of keep is
// one line.
func (s *Weights) Lines(n, keep *html.Node) []Line {
	var lines []Line
	var b strings.Builder
	block := n
	flush := func(next *html.Node) {
		if text := document.Clean(b.String()); text != "" {
			lines = append(lines, Line{text, block})
		}
		b.Reset()
		block = next
	}
	var walk func(*html.Node)
	walk = func(c *html.Node) {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
			return
		case c.Type == html.ElementNode && c != keep && c != n && (document.Invisible(c) || s.Chrome(c, s.root)):
			return
		case c == keep && c != n:
			flush(c)
			lines = append(lines, Line{document.Text(c), c})
			block = c.Parent
			return
		}
		breaks := document.Breaks(c)
		if breaks {
			flush(c)
		}
		for d := c.FirstChild; d != nil; d = d.NextSibling {
			walk(d)
		}
		if breaks {
			flush(c.Parent)
		}
	}
	walk(n)
	flush(nil)
	return lines
}
