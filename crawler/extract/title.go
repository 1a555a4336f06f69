package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
	"agora/crawler/extract/prose"
)

// shortestTitle and longestTitle bound what is believed to be a headline, in bytes.
const (
	shortestTitle = 8
	longestTitle  = 500
)

// findTitle sets the title: the office's selector; then a heading that agrees with what
// the head of the page says; then the best heading; then the head alone.
func (p *page) findTitle() {
	if n := document.SelectFirst(p.root, p.in.Office.Page.Title); n != nil {
		if t := firstLine(n); usable(t) {
			p.title, p.titleNode, p.titleRule = t, n, "office selector "+p.in.Office.Page.Title
			return
		}
	}
	told := p.toldTitles()
	if p.agreeing(told) || p.bestHeading() {
		return
	}
	for _, t := range told {
		if usable(t.text) && !p.generic(t.text) {
			p.title, p.titleRule = t.text, t.rule
			return
		}
	}
	for _, h := range p.head.Headings {
		if usable(h.Text) && !p.generic(h.Text) && !p.around.InChrome(h.Node) {
			p.title, p.titleNode, p.titleRule = h.Text, h.Node, "first heading"
			return
		}
	}
}

// told is a title that the head of the page gives.
type told struct{ text, rule string }

// toldTitles lists the titles that the head of the page gives, without the site's name.
func (p *page) toldTitles() []told {
	var all []told
	add := func(text, rule string) {
		if t := p.withoutSite(document.Clean(text)); t != "" {
			all = append(all, told{t, rule})
		}
	}
	add(p.head.Meta["og:title"], "og:title")
	for _, ld := range p.head.Linked {
		add(ld.Headline, "JSON-LD headline")
	}
	add(p.head.Title, "title of the page")
	add(p.head.Meta["twitter:title"], "twitter:title")
	add(p.head.Meta["dc.title"], "dc.title")
	return all
}

// agreeing takes the first heading, those of the first level first, that says the same as
// the head of the page.
func (p *page) agreeing(all []told) bool {
	for level := 1; level <= 3; level++ {
		for _, h := range p.head.Headings {
			if h.Level != level || !usable(h.Text) || p.generic(h.Text) {
				continue
			}
			for _, t := range all {
				if agree(h.Text, t.text) && !p.around.Chrome(h.Node, p.root) {
					p.title, p.titleNode, p.titleRule = h.Text, h.Node, "heading that agrees with "+t.rule
					return true
				}
			}
		}
	}
	return false
}

// agree tells whether two titles say the same, one of them perhaps cut off or followed
// by a site's name.
func agree(a, b string) bool {
	a, b = document.Fold(a), document.Fold(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	if a == b {
		return true
	}
	return len(a) >= 24 && (strings.HasPrefix(b, strings.TrimRight(strings.TrimSuffix(a, "..."), " ")) || strings.HasSuffix(b, " "+a))
}

// bestHeading takes the best h1 of the content, for sites whose head gives no title: the
// longest, since what names the section or the person in office is short.
func (p *page) bestHeading() bool {
	var best *document.Heading
	for i, h := range p.head.Headings {
		if h.Level != 1 || !usable(h.Text) || p.generic(h.Text) || p.around.InChrome(h.Node) {
			continue
		}
		if best == nil || len(h.Text) > len(best.Text) && len(best.Text) < 30 {
			best = &p.head.Headings[i]
		}
	}
	if best == nil {
		return false
	}
	p.title, p.titleNode, p.titleRule = best.Text, best.Node, "h1"
	return true
}

func usable(t string) bool { return len(t) >= shortestTitle && len(t) <= longestTitle }

// sections are headings of parts of a site, not of a release.
var sections = regexp.MustCompile(`^(?:the )?(?:latest |all |recent |current |our |office )*(?:news(?: ?room)?|news(?:,? and| &)? (?:media )?(?:releases?|events|updates?|articles?|information|archives?|media)|press(?: ?room| releases?| office| center)?|media(?: ?room| releases?| center| contacts?)?|` +
	`(?:press|news|media) (?:releases?|statements?|room|center|archives?)(?: archives?| details?)?|newsroom archives?|communications?|announcements?|statements?|home|home page|menu|main menu|search|search results?|taking action|for immediate release|blog|in the news|` +
	`attorney general(?:'s office)?|office of (?:the )?attorney general|department of justice|sala de prensa|noticias|comunicados(?: de prensa)?|inicio|translate|contact us|related(?: news| content| links)?)$`)

// namesOffice matches the name of an office or of the person in it and nothing more.
var namesOffice = regexp.MustCompile(`^(?:(?:the )?(?:state|commonwealth|government) of [\p{L} ]+?[ ,|-]*)?(?:(?:the )?office of (?:the )?)?(?:(?:[\p{Lu}][\p{L}.'’-]*|of|the|de) ){0,4}?(?:Attorney General|Department of (?:Justice|Law))(?:'s Office|’s Office)?(?: (?:of|for) (?:the )?(?:[\p{Lu}][\p{L}.]*|of|the) ?(?:[\p{Lu}][\p{L}]*)?(?: [\p{Lu}][\p{L}]*)?)?$`)

// generic tells whether a heading names the site, a section of it or the person in
// office, as it does on every page.
func (p *page) generic(t string) bool {
	folded := document.Fold(t)
	if _, date := dates.Alone(t); date || sections.MatchString(folded) || namesOffice.MatchString(t) {
		return true
	}
	for _, name := range []string{p.head.Meta["og:site_name"], p.in.Office.Office, p.in.Office.Name} {
		if name != "" && folded == document.Fold(name) {
			return true
		}
	}
	rest, isTitle := strings.CutPrefix(folded, "attorney general ")
	for _, term := range p.in.Office.Terms {
		if name := document.Fold(term.Name); folded == name || isTitle && rest == name {
			return true
		}
	}
	return false
}

// separators stand between a title and the name of the site.
var separators = [...]string{" | ", " – ", " — ", " - ", " :: ", " » ", " « ", " · ", " • ", " |", "| "}

// siteName matches the name of a site at the end of a title.
var siteName = regexp.MustCompile(`(?i)^(?:(?:the |official |state of |commonwealth of )*(?:[\w.&' ]{0,40}\b)?(?:attorney general(?:'s office)?|department of (?:justice|law)|departamento de justicia|oficina del fiscal general|doj|oag|ago|\.gov|official (?:web ?)?site|office of (?:the )?attorney general)\b[\w.,&' ]{0,40}|(?:state|commonwealth) of [\w ]{3,30}|(?:news ?room|press releases?|news releases?|news|media center))$`)

// withoutSite cuts the site's name off the end of a title, and a section's off its
// beginning.
func (p *page) withoutSite(t string) string {
	for range 4 {
		cut := false
		for _, s := range separators {
			if i := strings.LastIndex(t, s); i > 0 && p.isSite(t[i+len(s):], s) {
				t, cut = strings.TrimSpace(t[:i]), true
				break
			}
			if i := strings.Index(t, s); i > 0 && sections.MatchString(document.Fold(t[:i])) {
				t, cut = strings.TrimSpace(t[i+len(s):]), true
				break
			}
		}
		if !cut {
			break
		}
	}
	return t
}

// isSite tells whether what follows a separator is the site's name. After a dash it may
// as well be the end of a headline, so that only short names count there.
func (p *page) isSite(s, separator string) bool {
	s = strings.TrimSpace(s)
	for _, name := range []string{p.head.Meta["og:site_name"], p.in.Office.Office, p.in.Office.Name} {
		if name != "" && document.Fold(s) == document.Fold(name) {
			return true
		}
	}
	dash := strings.TrimSpace(separator) == "-" || strings.TrimSpace(separator) == "–" || strings.TrimSpace(separator) == "—"
	return siteName.MatchString(document.FoldSigns(s)) && (!dash || len(strings.Fields(s)) <= 8 && capitalised(s))
}

// capitalised tells whether all words but small ones begin with a capital and none looks
// like the verb of a headline ("Announces").
func capitalised(s string) bool {
	for _, w := range strings.Fields(s) {
		first, _ := utf8.DecodeRuneInString(w)
		small := w == "of" || w == "the" || w == "and" || w == "for" || w == "&" || w == "|"
		if !small && !unicode.IsUpper(first) {
			return false
		}
		if headlineVerb.MatchString(w) {
			return false
		}
	}
	return true
}

var headlineVerb = regexp.MustCompile(`(?i)^(?:announces?|sues?|warns?|joins?|leads?|files?|secures?|wins?|urges?|calls?|demands?|obtains?|reaches|issues?|says?|charges?|reminds?|recovers?|settles?|launches)$`)

// firstLine returns the text of a heading up to a line break that begins a subtitle in
// other type, as the whole where there is none.
func firstLine(n *html.Node) string {
	whole := document.Text(n)
	if n.DataAtom == atom.H1 || n.DataAtom == atom.H2 {
		return whole
	}
	first := prose.Clean([]*html.Node{n}, nil, nil).FirstChild
	if first == nil {
		return whole
	}
	return document.Clean(prose.BlockText(first))
}
