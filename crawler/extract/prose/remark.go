package prose

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
)

// remarks are what a site says of its page and the page's readers, beside what is told:
// numbers that grow, ages, stamps. They differ from copy to copy.
var remarks = regexp.MustCompile(`(?i)^[\W_]*(?:` + strings.Join([]string{
	`(?:(?:total |number of |page |post )*(?:views?|hits|visits|visitors?|reads|shares?|likes?|comments?|tweets?|downloads?)\W*\d[\d,.]*k?(?: times?)?(?: (?:since|so far|today)\b.{0,30})?)`,
	`(?:\d[\d,.]*k? (?:people |users |page |post )?(?:views?|hits|visits|visitors?|reads|shares?|likes?|like this|comments?|tweets?|found this helpful)(?: (?:since|so far|today)\b.{0,30})?)`,
	`(?:you are (?:the )?visitor|(?:this page )?(?:has been |was )?(?:viewed|visited|read|shared)) ?(?:number|no\.?)?\W*\d[\d,.]*(?: times?)?(?: since .{0,30})?`,
	`(?:this )?(?:page |site )?(?:was |is )?(?:generated|rendered|served|loaded|cached|printed)\b.{0,30}\d.{0,40}`,
	`(?:(?:estimated |approx(?:imate|\.) )?read(?:ing)? time\W*(?:about |~)?)?\d+\W?(?:minutes?|mins?)\.?(?:,? read(?:ing time)?)?`,
	`(?:estimated )?reading time\W.{0,30}`,
	`(?:(?:posted|published|updated|last updated|modified|added)\W+)?(?:about |over |less than )?(?:\d+|an?|one) (?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?) ago(?: by .{0,40})?`,
	`(?:(?:this )?page |last )+(?:was )?(?:updated|modified|reviewed|changed|revised)\b(?: (?:on|at|by))?\W*(?:today|yesterday|[\w.,:/ -]{0,40}\d[\w.,:/ -]{0,30})`,
	`(?:updated|modified)(?: on)?\W*(?:today|yesterday)\b.{0,30}`,
	`(?:copyright|©|\(c\))\W{0,4}(?:copyright )?\W*(?:19|20)\d\d.{0,80}`,
	`(?:was|is) this (?:page|information|article|release) (?:helpful|useful).{0,40}`,
	`advertisements?`, `sponsored(?: content)?`, `listen to this (?:page|article|post|release).{0,20}`, `(?:posted|published)(?: (?:on |at )?.{0,40}\d{4})? by [\w. -]{1,40}`,
	`leave a (?:comment|reply)`, `no comments(?: yet)?`, `comments (?:are )?(?:off|closed).{0,40}`, `skip to .{0,30}`, `select language.{0,40}`,
}, "|") + `)[\W_]*$`)

// remark tells whether a block says something of its page alone.
func remark(text string) bool { return len(text) < 140 && remarks.MatchString(text) }

// longestTeaser is how much of another release a page shows below its headline, in bytes.
const longestTeaser = 450

// cutOthers removes other releases that follow the one that is told: from the heading on
// that announces them, if nothing else follows it. They are no part of what was cut off
// around the release: their days are not its own.
func (p *trimmer) cutOthers() {
	for n := p.body.FirstChild; n != nil; n = n.NextSibling {
		text := BlockText(n)
		if n.PrevSibling == nil || len(text) > 80 || n.DataAtom == atom.Ul || n.DataAtom == atom.Table || !document.AnnouncesOthers(text) {
			continue
		}
		other := somethingElse(n.NextSibling)
		if other == nil {
			for last := p.body.LastChild; last != n; last = p.body.LastChild {
				p.body.RemoveChild(last)
			}
			p.body.RemoveChild(n)
			return
		}
		n = other // it follows each heading before it as well
	}
}

// somethingElse returns the first of a block and all after it that is neither a headline
// that links, a day, a teaser below a headline, nor what else surrounds a release; nil
// where there is none. Where there is no headline it is the last block.
func somethingElse(n *html.Node) *html.Node {
	headlines, teasers, last := 0, 0, n
	for ; n != nil; n = n.NextSibling {
		text := BlockText(n)
		last = n
		switch {
		case (n.DataAtom == atom.Ul || n.DataAtom == atom.Ol) && leadsElsewhere(n, text):
			headlines++
		case n.DataAtom == atom.Ul, n.DataAtom == atom.Ol, n.DataAtom == atom.Table:
			return n
		case leadsElsewhere(n, text):
			headlines, teasers = headlines+1, 0
		case dateLine(text), endMark(text), offer(text), remark(text), contact(text), document.AnnouncesOthers(text):
		case headlines == 0 || teasers == 2 || len(text) > longestTeaser:
			return n
		default:
			teasers++
		}
	}
	if headlines == 0 {
		return last
	}
	return nil
}

// file matches addresses of documents: a list of them belongs to the release.
var file = regexp.MustCompile(`(?i)\.(?:pdf|docx?|xlsx?|pptx?|rtf|zip|csv)(?:$|[?#])`)

// leadsElsewhere tells whether a block is links to pages and their days, and little else.
func leadsElsewhere(n *html.Node, text string) bool {
	linked := 0
	for _, l := range Links(n) {
		if file.MatchString(l.URL) {
			return false
		}
		linked += len(l.Text)
	}
	if linked == 0 {
		return false
	}
	for _, d := range dates.Find(text) {
		linked += d.End - d.Start
	}
	return 10*linked >= 8*len(text)
}
