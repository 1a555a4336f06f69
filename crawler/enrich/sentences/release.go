// Package sentences splits a release into sentences and says of each what stands in it:
// which states it names and in which runs, whether they stand for their attorneys
// general, governors or towns, and whether it tells of an earlier action.
//
// It draws no conclusion from that (see coalition). It reads words, not grammar.
package sentences

import (
	"slices"
	"strings"

	"agora/crawler/enrich/phrases"
	"agora/index"
)

// Issuer is the publisher of a release.
type Issuer struct {
	Office   string   // postal code
	Surnames []string // of its attorneys general, folded; any that may speak in the release
}

// Release is a release in sentences.
type Release struct {
	Text      phrases.Text
	Numbers   []int32 // of the words in the names' vocabulary
	Issuer    Issuer
	Published index.Date
	Sentences []Sentence
	Names     Names
}

// Sentence is a run of words, Start to End-1, with what is known of it. Mentions, Groups
// and what follows from them are filled for sentences with a cue or in the head.
type Sentence struct {
	Start, End int
	Paragraph  int // 0 is the title
	Headline   bool
	Quoted     bool // begins inside a quotation

	Mentions []Mention
	Groups   []Group
	Cue      bool // has a word of joint action
	Past     bool // tells of an earlier action
	PastAt   int  // word that says so
	Denied   bool // tells who does not take part
	Head     bool // stands where releases tell their matter: title, headlines, first paragraphs
	Body     int  // number of its body paragraph, from 1; 0 for title and headlines
}

// headParagraphs is how many paragraphs of the body tell the matter of a release.
const headParagraphs = 4

// Read splits t, whose first line is the title and whose further lines are paragraphs.
func Read(names Names, t phrases.Text, numbers []int32, issuer Issuer, published index.Date) *Release {
	p := &Release{Text: t, Numbers: numbers, Issuer: issuer, Published: published, Names: names}
	body, last := 0, -1
	for _, s := range split(t, names, numbers) {
		if s.Headline && s.Paragraph > 0 && body > 0 {
			s.Headline = false // a heading between paragraphs
		}
		if !s.Headline && s.Paragraph > 0 && s.Paragraph != last {
			body++
			last = s.Paragraph
		}
		if !s.Headline {
			s.Body = body
		}
		s.Head = s.Body <= headParagraphs
		s.Cue = p.hasCue(s)
		if s.Cue || s.Head {
			s.Mentions = names.Find(t, numbers, s.Start, s.End)
			s.Groups = p.group(s)
			s.Past = p.isPast(&s) || p.carriesPast(s)
			s.Denied = p.isDenied(s)
		}
		p.Sentences = append(p.Sentences, s)
	}
	return p
}

// Listing tells whether a sentence names three offices or more in a row.
func (s Sentence) Listing() bool {
	for _, g := range s.Groups {
		if len(g.Members) >= 3 && !g.Governors && !g.Local {
			return true
		}
	}
	return false
}

// cueWords are words of joint action.
var cueWords = map[string]bool{
	"coalition": true, "multistate": true, "bipartisan": true, "joined": true, "joins": true, "joining": true, "join": true,
	"signed": true, "signing": true, "signatories": true, "signers": true, "cosigned": true, "led": true, "leads": true, "leading": true, "coled": true, "coleads": true, "coleading": true,
	"ags": true, "attorneys": true, "generals": true, "alongside": true, "states": true, "participating": true, "jurisdictions": true,
	"plaintiffs": true, "committee": true, "group": true, "chaired": true, "sign": true, "signs": true, "multi": true, "along": true, "filing": true,
	"counterparts": true, "cosigners": true, "signatory": true,
}

func (p *Release) hasCue(s Sentence) bool {
	for i := s.Start; i < s.End; i++ {
		if cueWords[p.Text.Words[i].Folded] {
			return true
		}
	}
	return false
}

// Word returns the folded word at i, or "" outside of the text.
func (p *Release) Word(i int) string {
	if i < 0 || i >= len(p.Text.Words) {
		return ""
	}
	return p.Text.Words[i].Folded
}

// Within tells whether any of words stands from start to end-1.
func (p *Release) Within(start, end int, words ...string) bool {
	for i := max(start, 0); i < end && i < len(p.Text.Words); i++ {
		if slices.Contains(words, p.Text.Words[i].Folded) {
			return true
		}
	}
	return false
}

// maxQuote bounds a quotation kept as evidence, in bytes.
const maxQuote = 400

// Quote returns the words from start to end-1 as evidence.
func (p *Release) Quote(start, end int) string {
	return shorten(p.Text.Slice(start, end), maxQuote)
}

// shorten cuts s at a space before limit bytes.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	cut := strings.LastIndexByte(s[:limit], ' ')
	if cut < limit/2 {
		cut = limit
		for cut > 0 && s[cut]&0xC0 == 0x80 {
			cut--
		}
	}
	return s[:cut] + " …"
}

// ProperName reads a name of capitalised words at i and returns where it ends.
func (p *Release) ProperName(i, end int) (string, int) {
	k := i
	for k < end && k < i+4 && p.Text.Words[k].Upper && (k == i || p.Text.Words[k].Before&(phrases.Comma|phrases.Semicolon|phrases.Stop|phrases.Line) == 0) {
		k++
	}
	return p.Text.Slice(i, k), k
}

// SameWords tells whether words stand from word i on.
func (p *Release) SameWords(i int, words []string) bool {
	for k, w := range words {
		if p.Word(i+k) != w {
			return false
		}
	}
	return true
}
