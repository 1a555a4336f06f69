// Package twins tells whether two releases are the same one in two languages: an office that publishes in
// English and Spanish tells one thing twice on one day. It compares what a translation leaves
// as it is, numbers and names, and knows no dictionary. It links nothing; who counts releases asks it.
package twins

import (
	"fmt"
	"slices"
	"strings"

	"agora/crawler/enrich/phrases"
	"agora/index"
)

// Bounds of what is read of a release: a twin shows in its beginning.
const (
	mostText  = 32 << 10 // bytes
	mostMarks = 300      // numbers, and names
	mostQuote = 300      // bytes

	longestWord = 60 // bytes; what is longer is no word
)

// What twins have in common: most of their numbers, and some name; where there are hardly any numbers,
// more names. Translations are at most twice as long.
const (
	sameNumbers  = 0.6 // of those that stand in either
	fewNumbers   = 2
	leastMarks   = 4 // numbers and names together
	leastNames   = 4 // without numbers
	sameNames    = 0.5
	longestRatio = 2
)

// Likely tells whether a and b are one release in two languages, and why. It needs their offices, days,
// languages, titles and texts, and gives the same for (b, a), but that the evidence names the other one.
func Likely(a, b index.Release) (bool, index.Evidence) {
	if a.ID == b.ID || a.Office == "" || a.Office != b.Office || a.Language == "" || b.Language == "" || base(a) == base(b) {
		return false, index.Evidence{}
	}
	if a.Published == "" || a.Published != b.Published || a.PublishedPrecision != "day" || b.PublishedPrecision != "day" {
		return false, index.Evidence{}
	}
	if long, short := max(len(a.Text), len(b.Text)), min(len(a.Text), len(b.Text)); short == 0 || long > longestRatio*short {
		return false, index.Evidence{}
	}
	one, two := read(a), read(b)
	numbers, names := shared(one.numbers, two.numbers), shared(one.names, two.names)
	either := len(one.numbers) + len(two.numbers) - len(numbers)
	switch {
	case either >= fewNumbers:
		if float64(len(numbers)) < sameNumbers*float64(either) || len(names) == 0 || len(numbers)+len(names) < leastMarks {
			return false, index.Evidence{}
		}
	case len(numbers) < either || len(names) < leastNames || float64(len(names)) < sameNames*float64(min(len(one.names), len(two.names))):
		return false, index.Evidence{}
	}
	quote := strings.Join(slices.Concat(numbers, names), ", ")
	if len(quote) > mostQuote {
		quote = quote[:strings.LastIndex(quote[:mostQuote], ", ")]
	}
	return true, index.Evidence{
		Field: "twin", Value: b.ID, Quote: quote,
		Rule: fmt.Sprintf("same office and day, %s and %s: %d of %d numbers and %d names are the same", a.Language, b.Language, len(numbers), either, len(names)),
	}
}

// base returns the language without region and script.
func base(r index.Release) string {
	tag, _, _ := strings.Cut(strings.ToLower(string(r.Language)), "-")
	return tag
}

// marks are what a translation leaves as it is.
type marks struct{ numbers, names map[string]bool }

// read collects the marks of a release.
func read(r index.Release) marks {
	m := marks{map[string]bool{}, map[string]bool{}}
	everywhere := map[string]bool{} // words that all releases of an office have
	head := ""
	if r.AttorneyGeneral != nil {
		head = r.AttorneyGeneral.Name
	}
	for _, w := range phrases.Read(cut(head + " " + r.State)).Words {
		everywhere[w.Folded] = true
	}
	year, day := string(r.Published)[:min(4, len(r.Published))], strings.TrimPrefix(string(r.Published[max(0, len(r.Published)-2):]), "0")
	t := phrases.Read(cut(r.Title) + "\n" + cut(r.Text))
	for i, w := range t.Words {
		switch {
		case len(w.Folded) > longestWord:
		case w.Folded[0] >= '0' && w.Folded[0] <= '9':
			if w.Folded != year && (w.Folded != day || w.Before&phrases.Dollar != 0) && !telephone(t, i) && len(m.numbers) < mostMarks {
				m.numbers[w.Folded] = true
			}
		case w.Upper && len(w.Folded) >= 3 && !everywhere[w.Folded] && !begins(w) && len(m.names) < mostMarks:
			m.names[w.Folded] = true
		}
	}
	return m
}

// begins tells whether a word begins a sentence: then its capital says nothing.
func begins(w phrases.Word) bool {
	return w.Start == 0 || w.Before&(phrases.Line|phrases.Stop|phrases.Point|phrases.Quote|phrases.Colon) != 0
}

// telephone tells whether word i is part of a telephone number: those stand in every release.
func telephone(t phrases.Text, i int) bool {
	joined := func(k int) bool {
		return k > 0 && k < len(t.Words) && t.Words[k].Before&(phrases.Hyphen|phrases.Close|phrases.Point|phrases.Stop) != 0 && numeric(t.Words[k].Folded) && numeric(t.Words[k-1].Folded) &&
			(len(t.Words[k].Folded) == 4 || len(t.Words[k].Folded) == 3)
	}
	n := len(t.Words[i].Folded)
	return n >= 3 && n <= 4 && (joined(i) || joined(i+1)) || n == 1 && joined(i+1)
}

func numeric(w string) bool {
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' {
			return false
		}
	}
	return w != ""
}

// shared returns what stands in both, in order.
func shared(a, b map[string]bool) []string {
	var both []string
	for w := range a {
		if b[w] {
			both = append(both, w)
		}
	}
	slices.Sort(both)
	return both
}

// cut bounds a text at a rune.
func cut(s string) string {
	if len(s) <= mostText {
		return s
	}
	end := mostText
	for end > 0 && s[end]&0xC0 == 0x80 {
		end--
	}
	return s[:end]
}
