package document

import (
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Head is what a page says of itself, and its headings.
type Head struct {
	Title     string            // <title>
	Canonical string            // href of the canonical link, as written
	Base      string            // href of <base>
	Meta      map[string]string // first value by lower-case name or property
	Labels    []string          // article:tag and article:section
	Headings  []Heading
	Linked    []LinkedData
}

// Heading is a heading in document order.
type Heading struct {
	Node  *html.Node
	Level int // 1 to 4
	Text  string
}

// LinkedData is what the page says of itself as schema.org data.
type LinkedData struct {
	Type      string
	Headline  string
	Published string
}

// ReadHead collects what a page says of itself.
func ReadHead(root *html.Node) *Head {
	h := &Head{Meta: map[string]string{}}
	Walk(root, h.gather)
	return h
}

// gather notes what the head of the page says and where its headings are.
func (h *Head) gather(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Meta:
		h.gatherMeta(n)
	case atom.Title:
		if h.Title == "" && n.Parent != nil && n.Parent.DataAtom != atom.Svg && n.FirstChild != nil {
			h.Title = Clean(n.FirstChild.Data)
		}
		return false
	case atom.Link:
		if strings.EqualFold(Attr(n, "rel"), "canonical") && h.Canonical == "" {
			h.Canonical = Attr(n, "href")
		}
	case atom.Base:
		if h.Base == "" {
			h.Base = Attr(n, "href")
		}
	case atom.Script:
		if Attr(n, "type") == "application/ld+json" && n.FirstChild != nil {
			h.gatherJSONLD(n.FirstChild.Data)
		}
		return false
	case atom.H1, atom.H2, atom.H3, atom.H4:
		if text := Text(n); text != "" {
			h.Headings = append(h.Headings, Heading{n, int(n.Data[1] - '0'), text})
		}
	case atom.Style, atom.Svg, atom.Noscript, atom.Template:
		return false
	}
	return true
}

func (h *Head) gatherMeta(n *html.Node) {
	content := Attr(n, "content")
	if content == "" {
		return
	}
	for _, key := range []string{"property", "name", "itemprop"} {
		name := strings.ToLower(Attr(n, key))
		if name == "" {
			continue
		}
		if name == "article:tag" || name == "article:section" {
			h.Labels = append(h.Labels, content)
		}
		if _, known := h.Meta[name]; !known {
			h.Meta[name] = content
		}
	}
}

// gatherJSONLD notes the articles that a block of JSON-LD describes.
func (h *Head) gatherJSONLD(source string) {
	var value any
	if json.Unmarshal([]byte(source), &value) != nil {
		return
	}
	h.collectLD(value, 0)
}

// deepestLD is how deep articles are looked for in JSON-LD: lists, @graph, mainEntity.
const deepestLD = 6

func (h *Head) collectLD(value any, depth int) {
	if depth > deepestLD {
		return
	}
	switch v := value.(type) {
	case []any:
		for _, e := range v {
			h.collectLD(e, depth+1)
		}
	case map[string]any:
		ld := LinkedData{Type: text(v["@type"]), Headline: Clean(text(v["headline"])), Published: text(v["datePublished"])}
		if strings.Contains(ld.Type, "Article") || strings.Contains(ld.Type, "Posting") || strings.Contains(ld.Type, "WebPage") || strings.Contains(ld.Type, "Report") {
			h.Linked = append(h.Linked, ld)
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			h.collectLD(v[key], depth+1)
		}
	}
}

// text returns a JSON string, or the first one of a list.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []any:
		if len(v) > 0 {
			return text(v[0])
		}
	}
	return ""
}
