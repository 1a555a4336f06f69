// Package attachment finds the documents that a release offers to its readers: letters,
// complaints, briefs, orders; those that it links, and those that it only speaks of
// because the link was lost.
//
// It fetches none of them.
package attachment

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
	"agora/crawler/extract/prose"
	"agora/index"
)

// stateLinked is the state of an attachment that nobody has fetched.
const stateLinked = "linked"

// mediaTypes are those of documents that releases link to, by the end of their names.
func mediaType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf":
		return "application/pdf"
	case ".doc":
		return "application/msword"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case ".xls":
		return "application/vnd.ms-excel"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ".ppt":
		return "application/vnd.ms-powerpoint"
	case ".pptx":
		return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	case ".rtf":
		return "application/rtf"
	case ".csv":
		return "text/csv"
	case ".txt":
		return "text/plain"
	case ".zip":
		return "application/zip"
	}
	return ""
}

var (
	// documentFolder is where sites keep what they let people download.
	documentFolder = regexp.MustCompile(`(?i)/(?:attachments?|system/files|sites/default/files|wp-content/uploads|files|docs?|documents?|downloads?|media/\d+|getattachment|getmedia|showdocument|documentcenter/view)/`)
	// picture ends the names of what is looked at, and pages those of what is read here.
	picture = regexp.MustCompile(`(?i)\.(?:jpe?g|png|gif|webp|svg|mp[34]|mov|wav|m4a)$`)
	webPage = regexp.MustCompile(`(?i)\.(?:html?|aspx?|php|jsp|cfm)$`)
	// offered matches words that offer a document: "Read the letter here".
	offered = regexp.MustCompile(`(?i)\b(?:read|view|see|download|find|access|click|available|a copy|copies|lea|leer|consulte|copia)\b[^.]{0,120}\b(?:letter|complaint|brief|order|settlement|judgment|consent decree|lawsuit|petition|motion|filing|opinion|report|comments?|indictment|agreement|document|ruling|injunction|resolution|statement of interest|subpoena|assurance of discontinuance|carta|demanda|orden|escrito|acuerdo|documento)\b`)
	pointer = regexp.MustCompile(`(?i)^\W*(?:(?:click |read (?:it |more )?|available )?here|this link|link|view|download|pdf|(?:haga clic )?aquí)\W*$`)
	here    = regexp.MustCompile(`(?i)^\W*(?:here|click here|this link|read (?:it |more )?here|available here|view|download|pdf|aquí|haga clic aquí|read the .{0,60}|view the .{0,60}|(?:a )?copy of .{0,80}|the (?:letter|complaint|brief|order|settlement|lawsuit)|letter|complaint|brief|order)\W*$`)
)

// mostAttachments is how many documents of a release are listed: more than any release
// offers, less than would keep a site busy for a day.
const mostAttachments = 200

// Find lists the documents that a release links to: in its clean body, whose text is text,
// and in fields that its page keeps for files. Where it links none, those are listed that it says can be
// read.
func Find(root, body *html.Node, text string, base *url.URL) []index.Attachment {
	var all []index.Attachment
	seen := map[string]bool{}
	add := func(l prose.Link) {
		if len(all) == mostAttachments {
			return
		}
		if a, ok := attachmentOf(l); ok && !seen[a.URL] {
			seen[a.URL] = true
			all = append(all, a)
		}
	}
	for _, l := range prose.Links(body) {
		add(l)
	}
	for _, l := range filesBeside(root, base) {
		if u, err := url.Parse(l.URL); err == nil && mediaType(u.Path) != "" {
			add(l)
		}
	}
	if len(all) == 0 {
		all = Mentions(text)
	}
	return all
}

// filesBeside lists links to files in fields that a site keeps beside the text.
func filesBeside(root *html.Node, base *url.URL) []prose.Link {
	var links []prose.Link
	document.Walk(root, func(n *html.Node) bool {
		if n.Type == html.ElementNode && (document.Invisible(n) || document.Chrome(n)) {
			return false
		}
		if !forFiles(strings.ToLower(document.Attr(n, "class"))) {
			return true
		}
		document.Walk(n, func(a *html.Node) bool {
			if a.DataAtom == atom.A {
				if address := prose.Absolute(base, document.Attr(a, "href")); address != "" {
					links = append(links, prose.Link{URL: address, Text: document.Text(a), Of: document.Text(a)})
				}
			}
			return true
		})
		return false
	})
	return links
}

// forFiles tells whether a field of this class holds files.
func forFiles(class string) bool {
	for _, part := range [...]string{"attachment", "field-type-file", "field--type-file", "file-link", "wp-block-file"} {
		if strings.Contains(class, part) {
			return true
		}
	}
	return false
}

// attachmentOf tells whether a link leads to a document: by its name or folder, or by
// words that offer one.
func attachmentOf(l prose.Link) (index.Attachment, bool) {
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || picture.MatchString(u.Path) {
		return index.Attachment{}, false
	}
	kind := mediaType(u.Path)
	sentence := sentenceWith(l.Of, l.Text)
	switch {
	case kind != "":
	case documentFolder.MatchString(u.Path) && !webPage.MatchString(u.Path):
	case here.MatchString(l.Text) && offered.MatchString(sentence) && roleOf(sentence) != roleOther:
	default:
		return index.Attachment{}, false
	}
	title := l.Text
	if title == "" || pointer.MatchString(title) {
		title = sentence
	}
	role := roleOf(l.Text)
	if role == roleOther {
		role = roleOf(strings.NewReplacer("_", " ", "-", " ", "%20", " ").Replace(path.Base(u.Path)))
	}
	if role == roleOther {
		role = roleOf(sentence)
	}
	return index.Attachment{URL: l.URL, Title: shortened(title), Type: index.NullableString(kind), Role: role, State: stateLinked}, true
}

// longestTitleOf is how long the title of an attachment can be, in bytes.
const longestTitleOf = 160

func shortened(s string) string {
	if len(s) <= longestTitleOf {
		return s
	}
	cut := strings.LastIndexByte(s[:longestTitleOf], ' ')
	if cut < longestTitleOf/2 {
		cut = longestTitleOf
		for cut > 0 && s[cut]&0xC0 == 0x80 {
			cut--
		}
	}
	return s[:cut] + " …"
}

// sentenceWith returns the sentence of a block that holds the words of a link.
func sentenceWith(block, words string) string {
	at := strings.LastIndex(block, words)
	if at < 0 {
		return block
	}
	start, end := 0, len(block)
	if i := strings.LastIndex(block[:at], ". "); i >= 0 {
		start = i + 2
	}
	if i := strings.Index(block[at+len(words):], ". "); i >= 0 {
		end = at + len(words) + i + 1
	}
	return strings.TrimSpace(block[start:end])
}

// Roles of attachments, values of vocabulary.AttachmentRoles.
const (
	roleLetter    = "letter"
	roleComplaint = "complaint"
	roleBrief     = "brief"
	roleOrder     = "order"
	roleOther     = "other"
)

// roles are tried in this order: an "amicus letter brief" is a brief.
var roles = [...]struct {
	role  string
	words *regexp.Regexp
}{
	{roleBrief, regexp.MustCompile(`(?i)\b(?:brief|amicus|amici)\b`)},
	{roleComplaint, regexp.MustCompile(`(?i)\b(?:complaint|lawsuit|petition|indictment|demanda|suit)\b`)},
	{roleLetter, regexp.MustCompile(`(?i)\b(?:letters?|ltr|carta)\b`)},
	{roleOrder, regexp.MustCompile(`(?i)\b(?:order|judgment|judgement|decree|injunction|ruling|tro|orden|assurance|avc|aod)\b`)},
}

func roleOf(words string) string {
	for _, r := range roles {
		if r.words.MatchString(words) {
			return r.role
		}
	}
	return roleOther
}

// mention matches an offer to read a document whose link was lost: "Read the letter
// HERE."
var mention = regexp.MustCompile(`(?im)(?:^|[.!?”"] )((?:to )?(?:read|view|see|download|click here (?:to (?:read|view))?|(?:a|the) (?:full )?(?:copy|text) of|the full)\b[^.\n]{0,140}\b(?:here|below|can be (?:read|found|viewed)[^.\n]{0,40}|is available[^.\n]{0,40}))\W*(?:$|\. )`)

// longestOffer is how long a paragraph can be that offers a document, in bytes.
const longestOffer = 1200

// Mentions lists the documents that a text says can be read, without an address: one of
// each role.
func Mentions(text string) []index.Attachment {
	var all []index.Attachment
	for line := range strings.Lines(text) {
		if len(line) > longestOffer || !strings.Contains(strings.ToLower(line), "here") && !strings.Contains(line, "below") && !strings.Contains(line, "can be") && !strings.Contains(line, "available") {
			continue
		}
		for _, m := range mention.FindAllStringSubmatch(strings.TrimSpace(line), -1) {
			role := roleOf(m[1])
			if role == roleOther || slices.ContainsFunc(all, func(a index.Attachment) bool { return a.Role == role }) {
				continue
			}
			all = append(all, index.Attachment{Title: shortened(strings.TrimSpace(m[1])), Role: role, State: stateLinked})
		}
	}
	return all
}
