package prose

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text returns a clean tree as plain text: blocks separated by one blank line, items of
// lists and rows of tables one line each, cells separated by " | ".
func Text(root *html.Node) string {
	var b strings.Builder
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		block := BlockText(c)
		if block == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(block)
	}
	return b.String()
}

// BlockText returns one child of a clean tree as Text does.
func BlockText(block *html.Node) string {
	switch block.DataAtom {
	case atom.Ul, atom.Ol:
		return strings.Join(itemLines(block), "\n")
	case atom.Table:
		return strings.Join(rowLines(block), "\n")
	case atom.Blockquote, atom.Div:
		return Text(block)
	}
	return inlineText(block)
}

// itemLines returns the items of a list, those of lists inside it included. Lines of an
// item are joined: it is one line.
func itemLines(list *html.Node) []string {
	var lines []string
	for li := list.FirstChild; li != nil; li = li.NextSibling {
		if li.DataAtom != atom.Li {
			if s := BlockText(li); s != "" {
				lines = append(lines, strings.Split(s, "\n")...)
			}
			continue
		}
		if s := oneLine(inlineText(li)); s != "" {
			lines = append(lines, s)
		}
		for c := li.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Ul || c.DataAtom == atom.Ol {
				lines = append(lines, itemLines(c)...)
			}
		}
	}
	return lines
}

func rowLines(table *html.Node) []string {
	var lines []string
	for body := table.FirstChild; body != nil; body = body.NextSibling {
		for tr := body.FirstChild; tr != nil; tr = tr.NextSibling {
			var cells []string
			for cell := tr.FirstChild; cell != nil; cell = cell.NextSibling {
				cells = append(cells, oneLine(inlineText(cell)))
			}
			lines = append(lines, strings.TrimRight(strings.Join(cells, " | "), " |"))
		}
	}
	return lines
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// inlineText returns the text of a block without the lists inside it; line breaks stay.
func inlineText(n *html.Node) string {
	var b strings.Builder
	var write func(*html.Node)
	write = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.DataAtom == atom.Br:
				b.WriteByte('\n')
			case c.DataAtom != atom.Ul && c.DataAtom != atom.Ol:
				write(c)
			}
		}
	}
	write(n)
	return strings.TrimSpace(b.String())
}

// blankLines are lines of spaces, which the converter puts before lists inside of items.
var blankLines = regexp.MustCompile(`\n +\n`)

// mostBrackets bounds what the converter does about a bracket, which is to look through
// all that follows it: brackets times bytes.
const mostBrackets = 1 << 24

// escapes takes the meaning from all that Markdown may take for its own.
var escapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "|", `\|`, "~", `\~`, "\n", "  \n", "\n\n", "\n\n")

// Markdown returns a clean tree as CommonMark with tables; one that is made of brackets as
// paragraphs alone.
func Markdown(root *html.Node) (string, error) {
	if text := Text(root); strings.Count(text, "[")*len(text) > mostBrackets {
		return escapes.Replace(text), nil
	}
	c := converter.NewConverter(converter.WithPlugins(
		base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), table.NewTablePlugin()))
	text, err := c.ConvertNode(root)
	if err != nil {
		return "", fmt.Errorf("write Markdown: %w", err)
	}
	return blankLines.ReplaceAllString(strings.TrimSpace(string(text)), "\n"), nil
}

// FromText returns the clean tree of plain text: a paragraph for each run of lines.
func FromText(text string) *html.Node {
	root := element(atom.Div)
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if strings.TrimSpace(paragraph) == "" {
			continue
		}
		p := element(atom.P)
		root.AppendChild(p)
		for i, line := range strings.Split(strings.Trim(paragraph, "\n"), "\n") {
			if i > 0 {
				p.AppendChild(element(atom.Br))
			}
			p.AppendChild(&html.Node{Type: html.TextNode, Data: line})
		}
	}
	return root
}

// Link is a link of a clean tree with the block that it stands in.
type Link struct {
	URL  string
	Text string // of the link, on one line
	Of   string // the text of its block; that of the link where the block is very long
}

// longestOf is how long a block can be whose text says something of a link in it, in
// bytes.
const longestOf = 8 << 10

// Links lists the links below a clean tree or a part of one, in order.
func Links(root *html.Node) []Link {
	var links []Link
	var last *html.Node // the block whose text is of
	of := ""
	textOf := func(block *html.Node) string {
		if block != last {
			if last, of = block, oneLine(inlineText(block)); len(of) > longestOf {
				of = ""
			}
		}
		return of
	}
	var walk func(n, block *html.Node)
	walk = func(n, block *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.DataAtom {
			case atom.A:
				words := oneLine(inlineText(c))
				links = append(links, Link{URL: c.Attr[0].Val, Text: words, Of: cmp.Or(textOf(block), words)})
			case atom.P, atom.Li, atom.Td, atom.Th, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
				walk(c, c)
			default:
				walk(c, block)
			}
		}
	}
	walk(root, root)
	return links
}
