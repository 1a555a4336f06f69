// Package prose shows the text of releases as HTML that can do no harm.
//
// What was crawled is never served as HTML: Markdown is rendered here, HTML inside it is
// shown as the characters it consists of, links go to the web or to mail only, pictures
// are dropped. It knows nothing of releases or pages.
package prose

import (
	"bytes"
	"html"
	"html/template"
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// maxMarkdown is the longest text that is parsed as Markdown; nested marks make parsing
// slower than its length, and no press release is as long.
const maxMarkdown = 512 << 10

// headingShift makes a text's headings subordinate to the page's own two levels.
const headingShift = 2

// Render shows markdown, or text (paragraphs separated by blank lines) where there is no
// markdown or too much of it. It never fails: what can't be rendered is shown as text.
func Render(markdown, text string) template.HTML {
	if strings.TrimSpace(markdown) == "" || len(markdown) > maxMarkdown {
		return paragraphs(text)
	}
	var b bytes.Buffer
	if err := converter().Convert([]byte(markdown), &b); err != nil {
		return paragraphs(text)
	}
	return template.HTML(b.String())
}

// converter reads Markdown with tables and bare links.
func converter() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
			extension.Strikethrough,
			extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:", "mailto:"})),
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(careful{}, 1))),
	)
}

// paragraphs shows plain text.
func paragraphs(text string) template.HTML {
	var b strings.Builder
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph == "" {
			continue
		}
		b.WriteString("<p>")
		b.WriteString(strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>\n"))
		b.WriteString("</p>\n")
	}
	return template.HTML(b.String())
}

// careful renders what could do harm.
type careful struct{}

// RegisterFuncs takes the place of goldmark's own renderers.
func (careful) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, link)
	r.Register(ast.KindAutoLink, autoLink)
	r.Register(ast.KindImage, image)
	r.Register(ast.KindRawHTML, rawHTML)
	r.Register(ast.KindHTMLBlock, htmlBlock)
	r.Register(ast.KindHeading, heading)
}

// safe returns an address that may be linked to, "" for any but the web's and mail's.
func safe(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto":
		if u.Opaque == "" {
			return ""
		}
	default:
		return ""
	}
	return u.String()
}

func open(w util.BufWriter, address string) {
	_, _ = w.WriteString(`<a href="` + html.EscapeString(address) + `" rel="nofollow noopener">`)
}

func link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n, ok := node.(*ast.Link)
	if !ok {
		return ast.WalkContinue, nil
	}
	address := safe(string(n.Destination))
	switch {
	case address == "": // only its words remain
	case entering:
		open(w, address)
	default:
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n, ok := node.(*ast.AutoLink)
	if !ok || !entering {
		return ast.WalkContinue, nil
	}
	address := string(n.URL(source))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
		address = "mailto:" + address
	}
	label := html.EscapeString(string(n.Label(source)))
	if address = safe(address); address == "" {
		_, _ = w.WriteString(label)
		return ast.WalkContinue, nil
	}
	open(w, address)
	_, _ = w.WriteString(label + "</a>")
	return ast.WalkContinue, nil
}

// image shows nothing but the words that stand for the picture.
func image(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkContinue, nil
}

func rawHTML(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if n, ok := node.(*ast.RawHTML); ok && entering {
		for i := range n.Segments.Len() {
			segment := n.Segments.At(i)
			_, _ = w.WriteString(html.EscapeString(string(segment.Value(source))))
		}
	}
	return ast.WalkSkipChildren, nil
}

func htmlBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n, ok := node.(*ast.HTMLBlock)
	if !ok || !entering {
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString("<p>")
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		_, _ = w.WriteString(html.EscapeString(string(line.Value(source))))
	}
	if n.HasClosure() {
		_, _ = w.WriteString(html.EscapeString(string(n.ClosureLine.Value(source))))
	}
	_, _ = w.WriteString("</p>\n")
	return ast.WalkContinue, nil
}

func heading(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n, ok := node.(*ast.Heading)
	if !ok {
		return ast.WalkContinue, nil
	}
	level := string("0123456"[min(6, n.Level+headingShift)])
	if entering {
		_, _ = w.WriteString("<h" + level + ">")
	} else {
		_, _ = w.WriteString("</h" + level + ">\n")
	}
	return ast.WalkContinue, nil
}
