package analysis

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// Language is how words are reduced to stems.
type Language string

// The languages that are stemmed, and all others.
const (
	English Language = "en"
	Spanish Language = "es"
	Other   Language = "xx"
)

// Languages lists them all.
var Languages = [...]Language{English, Spanish, Other}

// LanguageOf returns how text tagged with a BCP 47 tag is stemmed. Text whose language
// is not known is taken for English, the language of all but a few offices.
func LanguageOf(tag string) Language {
	primary, _, _ := strings.Cut(tag, "-")
	switch strings.ToLower(primary) {
	case "en", "":
		return English
	case "es":
		return Spanish
	}
	return Other
}

// Stems tells whether a folded word has a stem: words with digits or signs and those of
// other languages are their own.
func (l Language) Stems(word string) bool { return l != Other && plain(word) }

// Stem returns the stem of a folded word: Porter's second stemmer for English, Savoy's
// light one for Spanish (which works on words without accents).
func (l Language) Stem(word string) string {
	if !l.Stems(word) {
		return word
	}
	if l == Spanish {
		return stemSpanish(word)
	}
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	return env.Current()
}

// plain tells whether word has nothing but letters without marks and apostrophes.
func plain(word string) bool {
	for i := range len(word) {
		if c := word[i]; (c < 'a' || c > 'z') && c != '\'' {
			return false
		}
	}
	return true
}

// stemSpanish is the light stemmer of Jacques Savoy (members.unine.ch/jacques.savoy/clef):
// plural and gender only. Words of four letters lose their vowel too, so that "niño" and
// "niños" stay together.
func stemSpanish(word string) string {
	n := len(word)
	if n < 4 {
		return word
	}
	switch word[n-1] {
	case 'o', 'a', 'e':
		return word[:n-1]
	case 's':
		switch {
		case n < 5:
			return word
		case strings.HasSuffix(word, "eses"):
			return word[:n-2]
		case strings.HasSuffix(word, "ces"):
			return word[:n-3] + "z"
		case strings.HasSuffix(word, "os"), strings.HasSuffix(word, "as"), strings.HasSuffix(word, "es"):
			return word[:n-2]
		}
	}
	return word
}

// Family returns how to find the words of a stem in a sorted list: all of them begin
// with prefix, but for the irregular ones, which are listed.
func (l Language) Family(stem string) (prefix string, irregular []string) {
	if !l.Stems(stem) || len(stem) < 2 {
		return stem, nil
	}
	last := stem[len(stem)-1]
	switch {
	case l == Spanish && last == 'z':
		return stem[:len(stem)-1], nil
	case l == Spanish:
		return stem, nil
	case last == 'e', last == 'i', strings.HasSuffix(stem, "bl"):
		// as hoping is of hope, happy of happi, sensibility of sensibl
		prefix = stem[:len(stem)-1]
	default:
		prefix = stem
	}
	switch stem { // the exceptions of the algorithm's own list
	case "die":
		irregular = []string{"dying"}
	case "lie":
		irregular = []string{"lying"}
	case "tie":
		irregular = []string{"tying"}
	case "sky":
		irregular = []string{"skies"}
	}
	return prefix, irregular
}
