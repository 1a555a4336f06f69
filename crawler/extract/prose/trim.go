package prose

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
)

// How far into a body its letterhead is looked for, in blocks that stay; how many blocks
// are cut off its end at most; and how long a block is that begins the text proper, in
// bytes.
const (
	preambleBlocks = 14
	closingBlocks  = 30
	FirstParagraph = 180
)

// Trim cuts off a clean tree what surrounds a release: the headline and the date, which
// are kept by themselves, letterhead and contacts before it; marks of the end, contacts
// and offers to share after it. It returns what was cut off, a block a line.
func Trim(body *html.Node, title string) (cutOff string) {
	p := &trimmer{body, title}
	var removed []string
	cut := func(n *html.Node) {
		removed = append(removed, BlockText(n))
		p.body.RemoveChild(n)
	}
	contacts, headed := false, false
	for n, kept := p.body.FirstChild, 0; n != nil && kept < preambleBlocks; kept++ {
		next, text := n.NextSibling, BlockText(n)
		if p.cutTitle(n, text) {
			removed = append(removed, p.title)
			for above := p.body.FirstChild; above != n && !headed && p.headline(); above = p.body.FirstChild {
				cut(above)
			}
			kept, headed = -1, true
			if n.FirstChild == nil {
				p.body.RemoveChild(n)
			}
			n = next
			continue
		}
		if len(text) >= FirstParagraph && !letterhead(text) && !contact(text) {
			break
		}
		switch {
		case label(text), remark(text), letterhead(text), dateLine(text):
			cut(n)
			kept--
		case contact(text), contacts && bareContact(text):
			contacts = true
			cut(n)
		}
		n = next
	}
	p.cutOthers()
	p.trimEnd(cut)
	return strings.Join(removed, "\n")
}

// trimmer is a body with the headline to cut off it.
type trimmer struct {
	body  *html.Node
	title string
}

// fewestWords is how many words a headline has; shorter ones may be mere labels, which
// stand below headlines as well.
const fewestWords = 4

func (p *trimmer) headline() bool { return len(strings.Fields(p.title)) >= fewestWords }

// cutTitle removes the headline where the body repeats it, alone or as the first line of
// a block, and tells whether it did.
func (p *trimmer) cutTitle(n *html.Node, text string) bool {
	if p.title == "" || n.DataAtom == atom.Ul || n.DataAtom == atom.Ol || n.DataAtom == atom.Table {
		return false
	}
	title := document.Fold(p.title)
	if document.Fold(strings.Join(strings.Fields(text), " ")) == title {
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
		return true
	}
	first, _, several := strings.Cut(text, "\n")
	if !several || document.Fold(first) != title {
		return false
	}
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		if c.DataAtom == atom.Br {
			break
		}
	}
	return true
}

// trimEnd cuts off what follows the release.
func (p *trimmer) trimEnd(cut func(*html.Node)) {
	contacts := false
	for n, seen := p.body.LastChild, 0; n != nil && seen < closingBlocks; seen++ {
		previous, text := n.PrevSibling, BlockText(n)
		above := ""
		if previous != nil {
			above = BlockText(previous)
		}
		switch {
		case endMark(text), offer(text), remark(text), contact(text):
			cut(n)
		case bareContact(text) && (contacts || contactLabel.MatchString(above)):
			contacts = true
			cut(n)
		case heading(n) && (leadsElsewhere(n, text) || relatedLabel.MatchString(text)):
			cut(n)
		case n.DataAtom == atom.Ul || n.DataAtom == atom.Ol:
			if !leadsElsewhere(n, text) || !relatedLabel.MatchString(above) {
				return
			}
			cut(n)
		default:
			p.cutMark(n)
			return
		}
		n = previous
	}
}

func heading(n *html.Node) bool {
	return n.DataAtom == atom.H2 || n.DataAtom == atom.H3 || n.DataAtom == atom.H4 || n.DataAtom == atom.H5
}

// cutMark removes a mark of the end in the last line of the last paragraph.
func (p *trimmer) cutMark(n *html.Node) {
	for last := n.LastChild; last != nil; last = n.LastChild {
		if last.DataAtom == atom.Br {
			n.RemoveChild(last)
			continue
		}
		text := nodeText(last)
		if last.PrevSibling == nil || last.PrevSibling.DataAtom != atom.Br || !endMark(text) {
			return
		}
		n.RemoveChild(last)
	}
}

func nodeText(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	return BlockText(n)
}

var (
	labels = regexp.MustCompile(`(?i)^[\W_]*(?:for (?:immediate )?release|immediate release|news release|press release|media release|press statement|news from .{0,60}|para publicación inmediata|comunicado de prensa|` +
		`share(?: this)?(?: (?:page|post|article|on .{0,40}))?|print(?: (?:this )?(?:page|version|friendly))?|email(?: this)?|download(?: (?:as )?pdf)?|listen|tweet|back to .{0,40}|return to .{0,40})[\W_]*$`)
	releaseLabel = regexp.MustCompile(`(?i)^[\W_]*(?:for immediate release|para publicación inmediata)\b.{0,60}$`)
	endMarks     = regexp.MustCompile(`(?i)^[\s*]*(?:#(?:[\s*]*#)+|-+\s*(?:30|end)\s*-+|[–—]\s*(?:30|end)\s*[–—]|\*(?:\s*\*)+|_{3,}|-{3,}|x{3}|~+)[\s*]*$`)
	offers       = regexp.MustCompile(`(?i)^[\W_]*(?:share(?: this)?(?: (?:page|post|article|story|on .{0,40}))?|print(?: (?:this )?(?:page|version|friendly|release))?|email(?: this.{0,20})?|(?:back|return) to .{0,60}|read more|view all.{0,40}|see all.{0,40}|tweet|facebook|twitter|linkedin|related .{0,30}|more news|previous|next|tags?|filed under.{0,80}|posted(?: on| by)?|posted in.{0,80}|in|by|categor(?:y|ies)|last (?:updated|modified).{0,60})[\W_]*$`)
	relatedLabel = regexp.MustCompile(`(?i)^[\W_]*(?:related|more|latest|recent|other)\b.{0,40}$`)
	contactLabel = regexp.MustCompile(`(?i)^[\W_]*(?:(?:for )?(?:(?:news|press|media|public|reporter)\s+)*(?:inquiries|enquiries|questions|information|contacts?)(?: only)?|(?:press|media|news) (?:office|contacts?|inquiries)|contacts?|contacto)\b[^.!?]{0,80}[:\n]`)
	contactAlone = regexp.MustCompile(`(?i)^[\W_]*(?:(?:press|media|news|public information) (?:office|contacts?|inquiries)|contacts?|contacto)[\W_]*$`)
	phone        = regexp.MustCompile(`\(?\b\d{3}\)?[\s./–-]{1,2}\d{3}[\s.–-]\d{4}\b|\b1-\d{3}-[A-Z0-9-]{7,}`)
	email        = regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.]+`)
	street       = regexp.MustCompile(`(?i)\b\d{1,5} (?:[\w.]+ ){1,4}(?:street|st\.?|avenue|ave\.?|road|boulevard|blvd\.?|drive|square|plaza|floor|way|place)\b|\bp\.?\s?o\.? box \d|\b\p{L}{2,},? \d{5}(?:-\d{4})?$|\bfax\b`)
	letterLine   = regexp.MustCompile(`(?i)^(?:the )?(?:(?:state|commonwealth|government|territory|people) of [\p{L} ]{3,30}|(?:state of [\p{L} ]+ )?office of (?:the )?(?:[\p{L} ]{0,24})attorney general(?: of [\p{L} ]+)?(?: [\p{L}.]+ [\p{L}.]+)?|department of (?:justice|law)|(?:[\p{L}.]+ ){2,4},?\s*attorney general|attorney general (?:[\p{L}.]+ ?){2,3}|attorney general)$`)
	sentence     = regexp.MustCompile(`[\p{Ll}\d”"')][.!?]["”’)]?\s+\p{Lu}`)
)

func label(text string) bool {
	return len(text) < 140 && (labels.MatchString(text) || releaseLabel.MatchString(text))
}

// dateLine tells whether a block is a date of publication and no more.
func dateLine(text string) bool {
	if len(text) > FirstParagraph {
		return false
	}
	_, alone := dates.Alone(strings.ReplaceAll(text, "\n", " "))
	return alone
}

func endMark(text string) bool { return len(text) < 40 && endMarks.MatchString(text) }

// offer tells whether a block offers to share or print, or leads elsewhere.
func offer(text string) bool { return len(text) < 120 && offers.MatchString(text) }

// longestContact is how long a block of contacts can be.
const longestContact = 400

// contact tells whether a block says whom reporters should ask.
func contact(text string) bool {
	if len(text) > longestContact || sentence.MatchString(text) {
		return false
	}
	return contactAlone.MatchString(text) || contactLabel.MatchString(text+"\n") && (reachable(text) || len(text) < 60)
}

// bareContact tells whether a block holds names with phone numbers or addresses and no
// sentence: what stands below the word "contact".
func bareContact(text string) bool {
	return len(text) < 200 && len(strings.Fields(text)) <= 16 && reachable(text) && !sentence.MatchString(text)
}

func reachable(text string) bool { return phone.MatchString(text) || email.MatchString(text) }

// letterhead tells whether every line of a block belongs to a letterhead: names of the
// state, the office and its head, street, phone.
func letterhead(text string) bool {
	if len(text) > longestContact {
		return false
	}
	lines, known := 0, 0
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.Trim(strings.TrimSpace(line), "|,;–—- ")
		if line == "" {
			continue
		}
		lines++
		if len(line) < 90 && (letterLine.MatchString(line) || street.MatchString(line) && len(strings.Fields(line)) < 12 || len(line) < 40 && reachable(line)) {
			known++
		}
	}
	return lines > 0 && (known == lines || lines > 2 && known >= lines-1) || lines == 2 && strings.EqualFold(lastLine(text), "attorney general") && len(text) < 60
}

func lastLine(text string) string {
	return strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:])
}
