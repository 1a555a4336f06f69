package enrich

import (
	"fmt"

	"agora/crawler/enrich/coalition"
	"agora/crawler/enrich/facts"
	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
	"agora/crawler/office"
	"agora/index"
)

// Version names this code and its rules; it changes when a reading could come out otherwise.
const Version = "enrich/2"

// Enricher adds what a reading means. It is safe for use by several goroutines.
type Enricher struct {
	vocabulary *phrases.Vocabulary
	coalitions *coalition.Reader
	topics     *ruleSet
	kinds      *ruleSet
	skipped    *phrases.List // words that open boilerplate and credits
	attorneys  attorneys
	places     places
	facts      *facts.Reader
}

// New builds an enricher over the catalogue c. It fails only where the rules it ships
// with are wrong.
func New(c office.Catalogue) (*Enricher, error) {
	v := phrases.NewVocabulary()
	e := &Enricher{vocabulary: v, attorneys: newAttorneys(c)}
	var err error
	if e.coalitions, err = coalition.NewReader(v); err != nil {
		return nil, fmt.Errorf("build coalition rules: %w", err)
	}
	if e.topics, e.skipped, err = readTopicRules(v); err != nil {
		return nil, fmt.Errorf("build topic rules: %w", err)
	}
	if e.kinds, err = readKindRules(v); err != nil {
		return nil, fmt.Errorf("build kind rules: %w", err)
	}
	if e.places, err = newPlaces(v); err != nil {
		return nil, fmt.Errorf("build names of places: %w", err)
	}
	if e.facts, err = facts.NewReader(v); err != nil {
		return nil, fmt.Errorf("build names in facts: %w", err)
	}
	return e, nil
}

// maxRead bounds the text that is read: no release is longer, and hostile text costs no
// more than this.
const maxRead = 256 << 10

// Enrich sets the topics, kinds, coalition, attorney general and evidence of r, and its
// language where r has none. officeCode is the publisher, "" where it isn't known.
// Fields set by an earlier run are replaced.
func (e *Enricher) Enrich(officeCode string, r *index.Reading) {
	d := e.read(r.Title, r.Text)
	r.Evidence = nil
	if r.Language == "" {
		r.Language = d.language(r.Text)
	}
	r.Topics, r.Evidence = e.topicsOf(d, r.Tags, r.Evidence)
	r.AttorneyGeneral, r.Evidence = e.attorneys.inOffice(officeCode, r.Published, r.PublishedPrecision, d, r.Evidence)
	issuer := sentences.Issuer{Office: officeCode, Surnames: e.attorneys.surnames(officeCode, d)}
	var why []index.Evidence
	r.Coalition, why = e.coalitions.Read(d.text, d.numbers, issuer, r.Published)
	r.Evidence = append(r.Evidence, why...)
	r.Kinds, r.Evidence = e.kindsOf(d, r.Coalition, r.Evidence)
	r.Facts = e.facts.Read(d.forFacts(officeCode))
}

// document is a release as the rules read it: the title is the first line.
type document struct {
	text    phrases.Text
	numbers []int32
	lines   []line
	body    int    // number of the first line of the body, after title and headlines
	credits []line // parts of sentences that say who helped, in the order of the text
}

// line is the title or a paragraph: words start to end-1.
type line struct {
	start, end  int
	boilerplate bool
}

// read splits a release into words and lines.
func (e *Enricher) read(title, text string) document {
	title, text = bound(title, maxRead/16), bound(text, maxRead)
	d := document{text: phrases.Read(title + "\n" + text)}
	d.numbers = e.vocabulary.Numbers(d.text)
	start := 0
	for i, w := range d.text.Words {
		if i > 0 && w.Before&phrases.Line != 0 {
			d.lines = append(d.lines, line{start: start, end: i})
			start = i
		}
	}
	if len(d.text.Words) > start {
		d.lines = append(d.lines, line{start: start, end: len(d.text.Words)})
	}
	d.body = min(1, len(d.lines))
	for d.body < len(d.lines)-1 && d.body < 6 && d.headline(d.lines[d.body]) {
		d.body++
	}
	e.quieten(&d)
	return d
}

// forFacts hands on what the reader of facts needs of a release.
func (d document) forFacts(officeCode string) facts.Document {
	out := facts.Document{Text: d.text, Numbers: d.numbers, Office: officeCode, Lines: make([]facts.Line, len(d.lines))}
	for i, l := range d.lines {
		out.Lines[i] = facts.Line{Start: l.start, End: l.end, Headline: i < d.body, Boilerplate: l.boilerplate}
	}
	return out
}

// headline tells whether a line under the title is a further headline: short and without
// a stop at its end.
func (d document) headline(l line) bool {
	after := d.text.After
	if l.end < len(d.text.Words) {
		after = d.text.Words[l.end].Before
	}
	return l.end-l.start < 60 && after&(phrases.Stop|phrases.Point|phrases.Colon) == 0
}

// bound cuts s to limit bytes at a rune.
func bound(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && s[limit]&0xC0 == 0x80 {
		limit--
	}
	return s[:limit]
}
