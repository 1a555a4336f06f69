package extract

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/content"
	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
	"agora/crawler/extract/posted"
	"agora/crawler/extract/prose"
	"agora/crawler/extract/publication"
	"agora/index"
)

// findDates collects the candidates, the most trusted first.
func (p *page) findDates() {
	selector := p.in.Office.Page.Date
	for _, n := range document.Select(p.root, selector) {
		if f, ok := p.dateIn(n); ok {
			p.dates.Add(publication.Candidate{Found: f, Rule: "office selector " + selector, Source: publication.SourcePage, Witness: publication.Shown, Weight: publication.WeightSelector})
			break
		}
	}
	p.addRows()
	p.addShown()
	p.addDateline()
	p.addPosted()
	p.addMachine()
	p.addAddress()
}

func (p *page) addAddress() {
	if f, ok := dates.Address(cmp.Or(p.in.URL, p.canonical)); ok {
		p.dates.Add(publication.Candidate{Found: f, Rule: "address", Source: publication.SourceURL, Witness: publication.Address, Weight: publication.WeightAddress})
	}
}

// dateIn reads the date of an element: its words, else its datetime.
func (p *page) dateIn(n *html.Node) (dates.Found, bool) {
	for _, f := range dates.Find(document.Text(n)) {
		if f.Precision == dates.Day {
			return f, true
		}
	}
	var found dates.Found
	ok := false
	document.Walk(n, func(c *html.Node) bool {
		if value := cmp.Or(document.Attr(c, "datetime"), document.Attr(c, "content")); !ok && value != "" {
			found, ok = dates.Machine(value, zone(p.in))
		}
		return !ok
	})
	return found, ok
}

// addRows adds what listings say of the page, the latest capture first.
func (p *page) addRows() {
	rows := slices.Clone(p.in.Rows)
	slices.SortStableFunc(rows, func(a, b index.ListingRow) int { return b.Captured.Compare(a.Captured) })
	for i, r := range rows {
		weight := publication.WeightListing
		if i > 0 {
			weight = publication.WeightMachine
		}
		source := cmp.Or(r.Source, publication.SourceListing)
		if r.Date != "" {
			p.dates.Add(publication.Candidate{Found: dates.Found{Day: r.Date, Precision: dates.Day, Written: cmp.Or(r.AsWritten, string(r.Date))}, Rule: source, Source: source, Witness: publication.Listed, Weight: weight})
			continue
		}
		if all := dates.Find(r.AsWritten); len(all) == 1 {
			p.dates.Add(publication.Candidate{Found: all[0], Rule: source, Source: source, Witness: publication.Listed, Weight: weight})
		}
	}
}

// How far before and after the headline its date is looked for, in lines.
const (
	linesBefore = 6
	linesAfter  = 10
)

// addShown adds the date that stands by itself nearest to the headline.
func (p *page) addShown() {
	before, after := p.besideTitle()
	for i := range max(len(before), len(after)) {
		if i < len(after) && p.addLine(after[i], "date below the headline") {
			return
		}
		if j := len(before) - 1 - i; j >= 0 && p.addLine(before[j], "date above the headline") {
			return
		}
	}
}

// addLine adds the date of a line, if it is one.
func (p *page) addLine(l content.Line, rule string) bool {
	f, ok := p.lineDate(l)
	if ok {
		p.dates.Add(publication.Candidate{Found: f, Rule: rule, Source: publication.SourcePage, Witness: publication.Shown, Weight: publication.WeightShown})
	}
	return ok
}

// lineDate reads a line that is a date, or a time element with its datetime.
func (p *page) lineDate(l content.Line) (dates.Found, bool) {
	if f, ok := dates.Alone(l.Text); ok {
		return f, true
	}
	if len(l.Text) > 80 {
		return dates.Found{}, false
	}
	var found dates.Found
	ok := false
	document.Walk(l.Node, func(n *html.Node) bool {
		if n.DataAtom == atom.Time && !ok && !posted.AboutChange(n) {
			found, ok = dates.Machine(document.Attr(n, "datetime"), zone(p.in))
		}
		return !ok
	})
	return found, ok
}

// besideTitle returns the lines before and after the headline, up to the first paragraph
// on either side. Without a headline in the page it is the lines at the head of the body.
func (p *page) besideTitle() (before, after []content.Line) {
	if p.titleNode == nil {
		for _, part := range p.parts {
			after = append(after, p.around.Lines(part, part)...)
		}
		return nil, untilParagraph(after, linesAfter)
	}
	all := p.around.Lines(p.root, p.titleNode)
	at := slices.IndexFunc(all, func(l content.Line) bool { return l.Node == p.titleNode })
	if at < 0 {
		return nil, nil
	}
	before, after = all[:at], all[at+1:]
	for i := len(before) - 1; i >= 0 && i >= len(before)-linesBefore; i-- {
		if len(before[i].Text) >= prose.FirstParagraph {
			before = before[i+1:]
			break
		}
	}
	return before[max(0, len(before)-linesBefore):], untilParagraph(after, linesAfter)
}

func untilParagraph(lines []content.Line, most int) []content.Line {
	for i, l := range lines {
		if len(l.Text) >= prose.FirstParagraph || i == most || l.StartsOther() {
			return lines[:i]
		}
	}
	return lines
}

// datelineBlocks is how many blocks of a body may come before the one with the dateline:
// subtitles and labels.
const datelineBlocks = 6

// addDateline adds the date that the text begins with.
func (p *page) addDateline() {
	seen := 0
	for n := p.body.FirstChild; n != nil && seen < datelineBlocks; n = n.NextSibling {
		seen++
		text := prose.BlockText(n)
		first, _, _ := strings.Cut(text, "\n")
		if f, ok := dates.Dateline(first); ok {
			p.dates.Add(publication.Candidate{Found: f, Rule: "dateline", Source: publication.SourcePage, Witness: publication.Dateline, Weight: publication.WeightDateline})
			return
		}
		if len(text) >= 2*prose.FirstParagraph {
			return
		}
	}
	for text := range strings.SplitSeq(p.removed, "\n") {
		if f, ok := dates.Alone(text); ok {
			p.dates.Add(publication.Candidate{Found: f, Rule: "date at the head of the text", Source: publication.SourcePage, Witness: publication.Shown, Weight: publication.WeightShown})
			return
		}
	}
}

// addPosted adds the date that the page shows apart from the headline and text, where it
// shows none beside them; days that differ are of different things.
func (p *page) addPosted() {
	if p.dates.Has(publication.Shown) {
		return
	}
	all, named := posted.Find(p.root, p.titleNode, p.around.Others)
	var found dates.Found
	for _, n := range all {
		f, ok := p.dateIn(n)
		if ok && found.Day != "" && f.Day != found.Day {
			return
		} else if ok {
			found = f
		}
	}
	if named || !p.dates.Has(publication.Dateline) {
		p.dates.Add(publication.Candidate{Found: found, Rule: "date of posting", Source: publication.SourcePage, Witness: publication.Shown, Weight: publication.WeightShown})
	}
}

// published are the names under which heads of pages give a date of publication, the
// most reliable first. Dates of change are never read.
var published = [...]string{
	"article:published_time", "og:article:published_time", "datepublished", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
	"dcterms.created", "dc.date.created", "publishdate", "publication_date", "pubdate", "publish-date", "sailthru.date", "date",
}

// addMachine adds what the page's data say: JSON-LD, then the names of published.
func (p *page) addMachine() {
	for _, ld := range p.head.Linked {
		if f, ok := dates.Machine(ld.Published, zone(p.in)); ok {
			p.dates.Add(publication.Candidate{Found: f, Rule: "JSON-LD datePublished", Source: publication.SourcePage, Witness: publication.Machine, Weight: publication.WeightMachine})
			break
		}
	}
	for _, name := range published {
		if f, ok := dates.Machine(p.head.Meta[name], zone(p.in)); ok {
			p.dates.Add(publication.Candidate{Found: f, Rule: name, Source: publication.SourcePage, Witness: publication.Machine, Weight: publication.WeightMachine})
			return
		}
	}
}

// zone returns the office's time zone, nil where it is not known: then a time is taken
// in its own zone.
func zone(in Input) *time.Location {
	if in.Office.Timezone == "" {
		return nil
	}
	return in.Office.Location()
}

// latestDay is the last day that a release can have: the day after its capture, for what
// is announced in the evening and stamped in another zone.
func latestDay(in Input) index.Date {
	if in.Captured.IsZero() {
		return ""
	}
	captured := in.Captured.UTC()
	if z := zone(in); z != nil {
		captured = captured.In(z)
	}
	return index.DateOf(captured.AddDate(0, 0, 1))
}
