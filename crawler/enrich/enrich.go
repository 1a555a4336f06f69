package enrich

import (
	"fmt"

	"github.com/abadojack/whatlanggo"

	"agora/crawler/enrich/coalition"
	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
	"agora/crawler/office"
	"agora/index"
)

// Version names this code and its rules; it changes when a reading could come out otherwise.
const Version = "enrich/1"

// Enricher adds what a reading means. It is safe for use by several goroutines.
type Enricher struct {
	vocabulary *phrases.Vocabulary
	coalitions *coalition.Reader
	topics     *ruleSet
	kinds      *ruleSet
	skipped    *phrases.List // words that open boilerplate
	attorneys  attorneys
	places     places
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
	r.AttorneyGeneral, r.Evidence = e.attorneys.inOffice(officeCode, r.Published, d, r.Evidence)
	issuer := sentences.Issuer{Office: officeCode, Surnames: e.attorneys.surnames(officeCode, d)}
	var why []index.Evidence
	r.Coalition, why = e.coalitions.Read(d.text, d.numbers, issuer, r.Published)
	r.Evidence = append(r.Evidence, why...)
	r.Kinds, r.Evidence = e.kindsOf(d, r.Coalition, r.Evidence)
}

// document is a release as the rules read it: the title is the first line.
type document struct {
	text    phrases.Text
	numbers []int32
	lines   []line
	body    int // number of the first line of the body, after title and headlines
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
	for i := d.body; i < len(d.lines); i++ {
		d.lines[i].boilerplate = i > d.body && e.opensBoilerplate(d, d.lines[i])
	}
	return d
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

// Languages that offices publish in and the detector is asked about.
var languages = whatlanggo.Options{Whitelist: map[whatlanggo.Lang]bool{whatlanggo.Eng: true, whatlanggo.Spa: true}}

// Bytes of the body that tell its language: fewer say nothing, more say nothing new.
const (
	fewestBytes = 80
	mostBytes   = 700
	mostWords   = 150
)

// languageWords are words that one language uses all the time and the other never.
var languageWords = map[string]string{
	"the": "en", "and": "en", "of": "en", "that": "en", "with": "en", "for": "en", "this": "en", "was": "en", "their": "en", "from": "en",
	"el": "es", "los": "es", "las": "es", "del": "es", "que": "es", "una": "es", "por": "es", "para": "es", "con": "es", "sus": "es",
}

// language returns the language of a body as BCP 47, or "" where it is too short to
// tell. The commonest words answer where they agree; else the detector is asked, whose profiles
// of trigrams cost more than all the rest of reading.
func (d document) language(body string) string {
	if len(body) < fewestBytes {
		return ""
	}
	english, spanish := 0, 0
	start := 0
	if d.body < len(d.lines) {
		start = d.lines[d.body].start
	}
	for _, w := range d.text.Words[start:min(len(d.text.Words), start+mostWords)] {
		switch languageWords[w.Folded] {
		case "en":
			english++
		case "es":
			spanish++
		}
	}
	if english >= 8 && english > 6*spanish {
		return "en"
	}
	if spanish >= 8 && spanish > 6*english {
		return "es"
	}
	info := whatlanggo.DetectWithOptions(bound(body, mostBytes), languages)
	switch info.Lang {
	case whatlanggo.Eng:
		return "en"
	case whatlanggo.Spa:
		return "es"
	}
	return ""
}
