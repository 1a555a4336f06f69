package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

var (
	labelPath  = regexp.MustCompile(`(?i)/(?:topics?|categor(?:y|ies)|tags?|taxonomy/term|ta_cats|subjects?|issues?|bureaus?|divisions?|news-categor(?:y|ies)|new-press-categories)/`)
	labelWords = regexp.MustCompile(`(?i)\b(?:topics?|categor(?:y|ies)|tags?|filed under|posted in|subjects?|issues?)\s*:?`)
)

// tags lists the office's own labels: what the page's data say, and links to labels
// beside the headline, around the text, or marked as such.
func (p *page) tags() []string {
	var all []string
	add := func(s string) {
		s = strings.Trim(document.Clean(s), " ,;|")
		if s != "" && len(s) < 80 && !slices.ContainsFunc(all, func(t string) bool { return strings.EqualFold(s, t) }) {
			all = append(all, s)
		}
	}
	for _, l := range p.head.Labels {
		add(l)
	}
	document.Walk(p.root, func(n *html.Node) bool {
		if n.Type == html.ElementNode && (document.Invisible(n) || p.around.Chrome(n, p.root) && !endsArticle(n)) {
			return false
		}
		if n.DataAtom != atom.A {
			return true
		}
		rel := " " + strings.ToLower(document.Attr(n, "rel")) + " "
		href := document.Attr(n, "href")
		if strings.Contains(rel, " tag ") || labelPath.MatchString(href+"/") && p.labelled(n) {
			add(document.Text(n))
		}
		return false
	})
	return all
}

// endsArticle tells whether an element is the footer of an article, where many systems
// put its labels.
func endsArticle(n *html.Node) bool {
	if n.DataAtom != atom.Footer {
		return false
	}
	for up := n.Parent; up != nil; up = up.Parent {
		if up.DataAtom == atom.Article {
			return true
		}
	}
	return false
}

// labelled tells whether a link stands among labels: its block names them or is a field
// for them.
func (p *page) labelled(n *html.Node) bool {
	for up, i := n.Parent, 0; up != nil && i < 4; up, i = up.Parent, i+1 {
		class := strings.ToLower(document.Attr(up, "class"))
		for _, field := range [...]string{"tags", "topic", "categor", "taxonomy", "terms", "meta"} {
			if strings.Contains(class, field) && p.around.Prose(up) < 200 {
				return true
			}
		}
		if document.Breaks(up) {
			text := document.Text(up)
			return len(text) < 300 && labelWords.MatchString(text)
		}
	}
	return false
}
