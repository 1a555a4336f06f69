// Package prose makes clean prose out of a part of a page: paragraphs, headings, lists,
// quotes and tables of data, with links made absolute and nothing else; and says the
// same as plain text and as Markdown.
//
// It does not choose the part of the page, and leaves out only what its caller names and
// what is never prose (images with their captions, scripts, controls).
package prose

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

// Clean returns a new tree that holds the prose of parts: a div whose children are p,
// h1–h6, ul, ol, blockquote, table and pre. Inline there are only a, strong, em and br;
// items of lists hold text and further lists. Elements for which skip is true are left
// out; base makes links absolute and may be nil.
func Clean(parts []*html.Node, base *url.URL, skip func(*html.Node) bool) *html.Node {
	b := &builder{root: element(atom.Div), base: base, skip: skip}
	b.container = b.root
	for _, part := range parts {
		b.children(part)
		b.end()
	}
	b.endRun()
	removeEmpty(b.root)
	return b.root
}

// builder writes a clean tree while it walks another.
type builder struct {
	root      *html.Node
	container *html.Node // where blocks go
	block     *html.Node // where text goes; nil between blocks
	marks     []*html.Node
	open      []*html.Node // clones of marks inside block
	space     bool         // a space is due before the next word
	breaks    int          // line breaks are due before the next word
	run       strings.Builder
	runNode   *html.Node // the text node that run will be the text of
	base      *url.URL
	skip      func(*html.Node) bool
}

func element(a atom.Atom) *html.Node {
	return &html.Node{Type: html.ElementNode, DataAtom: a, Data: a.String()}
}

func (b *builder) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.node(c)
	}
}

func (b *builder) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		b.text(n.Data)
		return
	case html.ElementNode:
	default:
		return
	}
	if document.Invisible(n) || b.skip != nil && b.skip(n) {
		return
	}
	switch n.DataAtom {
	case atom.Br:
		b.lineBreak()
	case atom.Strong, atom.B:
		b.marked(n, element(atom.Strong))
	case atom.Em, atom.I, atom.Cite:
		b.marked(n, element(atom.Em))
	case atom.A:
		b.link(n)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		b.heading(n)
	case atom.Ul, atom.Ol:
		b.list(n)
	case atom.Li:
		b.item(n)
	case atom.Blockquote:
		b.quote(n)
	case atom.Table:
		b.table(n)
	case atom.Pre:
		b.pre(n)
	case atom.Figure:
		b.figure(n)
	case atom.Figcaption, atom.Caption, atom.Hr:
		b.end()
	default:
		if !document.Breaks(n) {
			b.children(n)
			return
		}
		b.end()
		b.children(n)
		b.end()
	}
}

// text adds words to the open block, opening a paragraph where there is none.
func (b *builder) text(s string) {
	var word strings.Builder
	for _, r := range s {
		switch {
		case document.Unseen(r), unicode.IsControl(r) && !unicode.IsSpace(r):
		case unicode.IsSpace(r):
			b.word(&word)
			b.space = true
		default:
			word.WriteRune(r)
		}
	}
	b.word(&word)
}

// word writes a word with the space and the line break that are due before it.
func (b *builder) word(w *strings.Builder) {
	if w.Len() == 0 {
		return
	}
	s := w.String()
	w.Reset()
	if b.block == nil {
		b.block = element(atom.P)
		b.container.AppendChild(b.block)
		b.space, b.breaks = false, 0
	}
	switch {
	case b.block.FirstChild == nil:
	case b.breaks > 0 && (b.block.DataAtom == atom.Td || b.block.DataAtom == atom.Th):
		b.write(" ", min(len(b.open), len(b.marks))) // a row is one line
	case b.breaks > 0:
		b.closeMarks()
		b.block.AppendChild(element(atom.Br))
	case b.space:
		// The space goes before the mark that begins with the word, where Markdown
		// wants it.
		b.write(" ", min(len(b.open), len(b.marks)))
	}
	b.space, b.breaks = false, 0
	b.write(s, len(b.marks))
}

// write appends text inside the first depth marks.
func (b *builder) write(s string, depth int) {
	parent := b.block
	for i := range depth {
		if i == len(b.open) {
			m := b.marks[i]
			clone := &html.Node{Type: html.ElementNode, DataAtom: m.DataAtom, Data: m.Data, Attr: m.Attr}
			parent.AppendChild(clone)
			b.open = append(b.open, clone)
		}
		parent = b.open[i]
	}
	if b.runNode == nil || parent.LastChild != b.runNode {
		b.endRun()
		b.runNode = &html.Node{Type: html.TextNode}
		parent.AppendChild(b.runNode)
	}
	b.run.WriteString(s)
}

// endRun gives a text node its text, which is collected apart because it may be long.
func (b *builder) endRun() {
	if b.runNode != nil {
		b.runNode.Data = b.run.String()
	}
	b.runNode = nil
	b.run.Reset()
}

func (b *builder) closeMarks() { b.open = nil }

// marked walks an inline element whose words carry a mark.
func (b *builder) marked(n, mark *html.Node) {
	for _, m := range b.marks {
		if m.DataAtom == mark.DataAtom {
			b.children(n)
			return
		}
	}
	b.marks = append(b.marks, mark)
	b.children(n)
	b.marks = b.marks[:len(b.marks)-1]
	if len(b.open) > len(b.marks) {
		b.open = b.open[:len(b.marks)]
	}
}

// link walks a link; those that lead nowhere outside the page are mere text.
func (b *builder) link(n *html.Node) {
	address := Absolute(b.base, document.Attr(n, "href"))
	if address == "" {
		b.children(n)
		return
	}
	mark := element(atom.A)
	mark.Attr = []html.Attribute{{Key: "href", Val: address}}
	b.marked(n, mark)
}

// Absolute resolves a link against the page's address, "" for links that lead nowhere:
// scripts, fragments of the page itself, addresses that can't be parsed.
func Absolute(base *url.URL, href string) string {
	href = document.Clean(href)
	if href == "" || strings.HasPrefix(href, "#") {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(href, " ", "%20"))
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	switch u.Scheme {
	case "http", "https", "mailto", "tel":
		return u.String()
	}
	return ""
}

// lineBreak notes a break; two of them end a paragraph outside of lists and tables.
func (b *builder) lineBreak() {
	if b.block == nil {
		return
	}
	b.breaks++
	if b.breaks > 1 && b.block.DataAtom == atom.P {
		b.end()
	}
}

// end closes a block. In an item of a list or a cell the text goes on in a new line.
func (b *builder) end() {
	if b.block == nil {
		return
	}
	if b.block.DataAtom == atom.P {
		b.block = nil
		b.space, b.breaks = false, 0
	} else {
		b.breaks = 1
	}
	b.closeMarks()
}

// inside walks the children of n with all text going into block.
func (b *builder) inside(n, block *html.Node) {
	outer, marks := b.block, b.marks
	b.block, b.marks, b.space, b.breaks = block, nil, false, 0
	b.closeMarks()
	b.children(n)
	b.closeMarks()
	b.block, b.marks, b.space, b.breaks = outer, marks, false, 0
}

func (b *builder) heading(n *html.Node) {
	if b.nested() {
		b.end()
		b.children(n)
		b.end()
		return
	}
	b.end()
	h := element(n.DataAtom)
	b.container.AppendChild(h)
	b.inside(n, h)
}

// nested tells whether text goes into an item or a cell, which hold no blocks but lists.
func (b *builder) nested() bool { return b.block != nil && b.block.DataAtom != atom.P }

func (b *builder) list(n *html.Node) {
	b.end()
	list := element(n.DataAtom)
	if start := document.Attr(n, "start"); n.DataAtom == atom.Ol && start != "" {
		list.Attr = []html.Attribute{{Key: "start", Val: start}}
	}
	parent := b.container
	if b.nested() {
		parent = b.block
		if parent.DataAtom != atom.Li { // a list in a cell: lines
			b.children(n)
			b.end()
			return
		}
	}
	parent.AppendChild(list)
	outerContainer, outerBlock := b.container, b.block
	b.container, b.block = list, nil
	b.children(n)
	b.end()
	b.container, b.block = outerContainer, outerBlock
	b.space, b.breaks = false, 0
	if b.block != nil {
		b.breaks = 1
	}
}

func (b *builder) item(n *html.Node) {
	if b.container.DataAtom != atom.Ul && b.container.DataAtom != atom.Ol {
		b.end()
		b.children(n)
		b.end()
		return
	}
	li := element(atom.Li)
	b.container.AppendChild(li)
	b.inside(n, li)
}

func (b *builder) quote(n *html.Node) {
	b.end()
	if b.nested() || b.container.DataAtom != atom.Div {
		b.children(n)
		b.end()
		return
	}
	quote := element(atom.Blockquote)
	b.container.AppendChild(quote)
	outer := b.container
	b.container = quote
	b.children(n)
	b.end()
	b.container = outer
}

func (b *builder) pre(n *html.Node) {
	if b.nested() {
		b.children(n)
		return
	}
	b.end()
	for line := range strings.SplitSeq(rawText(n), "\n") {
		if strings.TrimSpace(line) == "" {
			b.end()
			continue
		}
		b.text(line)
		b.lineBreak()
	}
	b.end()
}

func rawText(n *html.Node) string {
	var s strings.Builder
	document.Walk(n, func(c *html.Node) bool {
		if c.Type == html.TextNode {
			s.WriteString(c.Data)
		}
		if c.DataAtom == atom.Br {
			s.WriteByte('\n')
		}
		return true
	})
	return s.String()
}

// removeEmpty drops elements that hold no text.
func removeEmpty(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.ElementNode && c.DataAtom != atom.Br {
			removeEmpty(c)
			if c.FirstChild == nil && c.DataAtom != atom.Td && c.DataAtom != atom.Th {
				n.RemoveChild(c)
			}
		}
		c = next
	}
}
