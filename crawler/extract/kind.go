package extract

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/content"
	"agora/crawler/extract/document"
	"agora/crawler/extract/listing"
	"agora/crawler/extract/prose"
	"agora/crawler/extract/publication"
	"agora/index"
)

// longestText is how long the text of a release can be, in bytes: five times the longest
// seen, which lists every defendant of a case.
const longestText = 512 << 10

// decide says what kind of page it is and why: by the office's rules where they match
// the address, else by what the page shows.
func (p *page) decide() (index.PageKind, string) {
	length := len(p.text)
	if length > longestText {
		return index.PageOther, fmt.Sprintf("%d kB of text are no release", length>>10)
	}
	matched, ruled := p.in.Office.MatchesRelease(p.in.URL)
	ruled = ruled && p.in.URL != ""
	if ruled && matched {
		if p.title != "" && length >= shortestBody/3 {
			return index.PageRelease, "the office's rule for addresses of releases"
		}
		return index.PageOther, "a release by its address, without a title or text"
	}
	signs, total := p.releaseSigns()
	if why := p.opinion(signs); why != "" {
		return index.PageOpinion, why
	}
	why, least := strings.Join(signs.words(), ", "), leastSigns
	if ruled { // the office's rule says no: the page has to say it clearly
		least = leastAgainst
	}
	sources := listing.Sources(p.in.Office, p.in.URL)
	named := !ruled && len(sources) == 0 && length >= shortestNamed && p.named()
	if named && total < least {
		why = "its headline is one that the office lists"
	}
	if named && len(strings.Fields(p.title)) >= fewestWords {
		return index.PageRelease, why
	}
	accepted := !ruled && len(sources) == 0 && p.title != "" && !p.generic(p.title) && length >= shortestNamed && p.in.Office.MatchesSource(p.in.URL)
	if accepted && total < least {
		why = "a source's rule for its addresses"
	}
	if len(sources) > 0 || !p.plainlyTold(signs) {
		rows := listing.Rows(p.root, p.base, sources, func(n *html.Node) bool {
			return p.around.Chrome(n, p.root) || accepted && p.around.Others(n)
		})
		if len(rows) > 0 && (len(sources) > 0 || p.isListing(rows, signs)) {
			p.rows = withoutNodes(rows)
			return index.PageListing, fmt.Sprintf("%d rows that lead to pages", len(rows))
		}
		named = named && len(rows) < fewestRows
	}
	if named || accepted || p.title != "" && length >= shortestBody && total >= least {
		return index.PageRelease, why
	}
	return index.PageOther, "no sign of a release"
}

// What the signs of a release weigh together at least; and where the office's rule for
// addresses of releases does not match the page's.
const (
	leastSigns   = 3
	leastAgainst = 5
)

// releaseSign is something that releases show and other pages mostly don't.
type releaseSign struct {
	words  string
	weight int
}

type releaseSigns []releaseSign

func (s releaseSigns) words() []string {
	var words []string
	for _, sign := range s {
		words = append(words, sign.words)
	}
	return words
}

func (s releaseSigns) has(words string) bool {
	for _, sign := range s {
		if sign.words == words {
			return true
		}
	}
	return false
}

// The signs that others ask for by name.
const (
	signDateline = "a dateline"
	signLabel    = "labelled a release"
	signFolder   = "a folder of news"
)

var (
	newsFolder = regexp.MustCompile(`(?:^|[/_-])(?:news|newsroom|press|pressroom|press-?releases?|news-?releases?|media|releases?|communications|taking-action|comunicados?(?:-de-prensa)?|prensa|noticias|announcements?)(?:[/_-]|$)`)
	placeMark  = regexp.MustCompile(`^\(?(?:\p{Lu}[\p{L}.'’-]*,?[ ]?){1,5}(?:\([A-Z][\p{L}. ]+\) ?)?\)?\s?(?:–|—|--|-) ?\S`)
	release    = regexp.MustCompile(`(?i)for immediate release|para publicación inmediata|\b(?:press|news|media) release\b|comunicado de prensa`)
)

// releaseSigns collects the signs of a release and adds up their weights.
func (p *page) releaseSigns() (signs releaseSigns, total int) {
	add := func(when bool, words string, weight int) {
		if when {
			signs = append(signs, releaseSign{words, weight})
			total += weight
		}
	}
	add(p.dates.Has(publication.Dateline) || p.placed(), signDateline, 2)
	add(p.dates.Has(publication.Shown), "a date beside the headline", 2)
	add(p.dates.Has(publication.Listed), "named by a listing", 3)
	add(p.dates.Has(publication.Machine), "a date of publication in its data", 1)
	add(p.dates.Has(publication.Address), "a day in its address", 1)
	add(p.labelledRelease(), signLabel, 2)
	add(newsFolder.MatchString(folder(p.path())), signFolder, 2)
	add(strings.EqualFold(p.head.Meta["og:type"], "article") || p.describesArticle(), "an article by its data", 1)
	add(p.speaksOfAttorney(), "the attorney general at its head", 1)
	add(p.endMarked(), "the mark of the end", 2)
	return signs, total
}

func (p *page) speaksOfAttorney() bool {
	head := p.text[:min(len(p.text), 1500)]
	return strings.Contains(head, "Attorney General") || strings.Contains(p.title, "Attorney General") || strings.Contains(head, "Fiscal General")
}

func (p *page) labelledRelease() bool {
	return release.MatchString(p.removed) || release.MatchString(p.titleArea())
}

func (p *page) endMarked() bool {
	return strings.Contains(p.removed, "###") || strings.Contains(p.removed, "# # #") || strings.Contains(p.removed, "-30-")
}

// placed tells whether one of the first blocks begins with a place and a dash.
func (p *page) placed() bool {
	for n, i := p.body.FirstChild, 0; n != nil && i < datelineBlocks; n, i = n.NextSibling, i+1 {
		if text := prose.BlockText(n); len(text) > 60 && placeMark.MatchString(text) {
			return true
		}
	}
	return false
}

// titleArea returns the words right around the headline, without it.
func (p *page) titleArea() string {
	before, after := p.besideTitle()
	var words []string
	for _, l := range append(before, after[:min(len(after), 4)]...) {
		if len(l.Text) < 120 {
			words = append(words, l.Text)
		}
	}
	return strings.Join(words, "\n")
}

func (p *page) describesArticle() bool {
	for _, ld := range p.head.Linked {
		if strings.Contains(ld.Type, "Article") || strings.Contains(ld.Type, "Posting") {
			return true
		}
	}
	return false
}

// folder returns a path without its last part: the words of a headline say nothing of
// where a page is kept.
func folder(path string) string {
	path = strings.TrimRight(path, "/")
	return path[:strings.LastIndexByte(path, '/')+1]
}

var (
	opinionTitle = regexp.MustCompile(`(?i)^(?:the )?(?:attorney general(?:'s)?|ag|official|formal|legal|published|recent|search|all|\s)*opinions?(?:$| (?:of|by|issued|published|archive|search|index|library|no\b|number|letters?|and\b|from|\d|-|\|).{0,60}|[:,] .{0,40}$)|^opinion (?:no\.?|number) |^(?:op\.|[a-z]{2}-\d{4}$)`)
	opinionPath  = regexp.MustCompile(`(?:^|[/_-])(?:ag-?)?opinions?(?:[/_.-]|$)`)
	opinionMark  = regexp.MustCompile(`Ops?\. ?(?:Cal\. ?)?Att(?:y|orney|'y|’y)\.? ?Gen|Op\. Tex\. Att|Opinion No\.? |Official Citation|\b[A-Z]{2}-\d{4}\b|Attorney General Opinion`)
)

// opinionMarks is how many citations of opinions make a page one of opinions.
const opinionMarks = 6

// opinion says why a page is one of formal opinions, "" where it is none. A release that
// tells of an opinion has the signs of a release.
func (p *page) opinion(signs releaseSigns) string {
	if signs.has(signLabel) || signs.has(signFolder) {
		return ""
	}
	for _, t := range append([]string{p.title, p.withoutSite(p.head.Title)}, p.firstHeadings()...) {
		if opinionTitle.MatchString(document.FoldSigns(t)) {
			return fmt.Sprintf("its heading is %q", t)
		}
	}
	if opinionPath.MatchString(p.path()) && !signs.has(signDateline) {
		return "a folder of opinions"
	}
	if n := len(opinionMark.FindAllStringIndex(p.text, opinionMarks)); n >= opinionMarks && !signs.has(signDateline) {
		return "a list of citations of opinions"
	}
	return ""
}

// firstHeadings returns the headings of the first level.
func (p *page) firstHeadings() []string {
	var all []string
	for _, h := range p.head.Headings {
		if h.Level == 1 {
			all = append(all, h.Text)
		}
	}
	return all
}

// plainlyTold tells without a look for rows that a page is no listing: it has a headline
// that leads nowhere, a dateline and a text.
func (p *page) plainlyTold(signs releaseSigns) bool {
	if p.titleNode == nil || !signs.has(signDateline) || len(p.text) < 3*shortestBody {
		return false
	}
	linked := false
	document.Walk(p.titleNode, func(n *html.Node) bool {
		linked = linked || n.DataAtom == atom.A
		return !linked
	})
	return !linked
}

// fewestRows is how many rows make a listing by themselves.
const fewestRows = 3

// isListing tells whether rows are what the page is for: it has no headline but theirs
// and they are a good part of it, or they outweigh all else and the page's own address
// does not name what its headline says.
func (p *page) isListing(rows []listing.Row, signs releaseSigns) bool {
	if len(rows) < fewestRows {
		return false
	}
	scores := map[*html.Node]int{}
	rest, told := p.around.Score(p.root, scores), 0
	headless := p.titleNode == nil && p.in.Office.Page.Title == "" || p.title == ""
	for _, r := range rows {
		rest -= scores[r.Node]
		told += max(p.around.Text(r.Node), len(r.Title))
		headless = headless || p.titleNode != nil && content.Within(p.titleNode, r.Node)
	}
	if headless {
		return 2*told >= rest
	}
	return told > 2*rest && (rest < shortestBody || !signs.has(signDateline) && !p.repeated())
}

func withoutNodes(rows []listing.Row) []index.ListingRow {
	plain := make([]index.ListingRow, len(rows))
	for i, r := range rows {
		plain[i] = r.ListingRow
	}
	return plain
}
