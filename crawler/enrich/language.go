package enrich

import (
	"github.com/abadojack/whatlanggo"
)

// Bytes and words of the body that tell its language: fewer say nothing, more say nothing new.
const (
	fewestBytes = 80
	mostBytes   = 700
	mostWords   = 250
)

// A language is told by its commonest words where there are enough of them, and several times those of
// the other language. Where both have enough, the text is in both and told by neither.
const (
	enoughWords = 8
	timesOther  = 3
)

// languageWords are words that one language uses all the time and the other never.
var languageWords = map[string]string{
	"the": "en", "and": "en", "of": "en", "that": "en", "with": "en", "for": "en", "this": "en", "was": "en", "their": "en", "from": "en",
	"el": "es", "los": "es", "las": "es", "del": "es", "que": "es", "una": "es", "por": "es", "para": "es", "con": "es", "sus": "es",
}

// language returns the language of a body as BCP 47, "en" or "es", or "" where it is too short to
// tell, in both or in another. The commonest words answer where they can; else the detector is asked, whose profiles
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
	switch {
	case english >= enoughWords && english >= timesOther*spanish:
		return "en"
	case spanish >= enoughWords && spanish >= timesOther*english:
		return "es"
	case english >= enoughWords && spanish >= enoughWords:
		return ""
	}
	// All languages are offered: asked for two alone, the detector takes French for Spanish.
	info := whatlanggo.Detect(bound(body, mostBytes))
	if !info.IsReliable() {
		return ""
	}
	switch info.Lang {
	case whatlanggo.Eng:
		return "en"
	case whatlanggo.Spa:
		return "es"
	}
	return ""
}
