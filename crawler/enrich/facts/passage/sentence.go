package passage

import (
	"strings"
	"unicode/utf8"

	"agora/crawler/enrich/phrases"
)

// abbreviations end with a stop that ends no sentence.
var abbreviations = Set(`st no nos v vs mr ms mrs dr sen sens rep reps gov atty gen inc co corp ltd llc lp llp na pc plc jr sr us
	usc cfr stat sec secs art ch rev ann pen bus prof civ proc crim subd va wva ny nj nm nh nc nd sc sd ri pr dc ala ariz calif colo
	conn fla ga ill ind kan ky md mass mich minn mo mont neb nev okla ore pa tenn vt wash wis wyo jan feb mar apr
	aug sept oct nov dec et al dept ft mt pub cir bros mfg dist`)

// openers begin a sentence even after an abbreviation.
var openers = Set(`the a an in this these today we as for that they it he she on at if under last after to by while our since
	attorney attorneys additional read however according both two`)

// Set returns the words of a list.
func Set(list string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(list) {
		words[w] = true
	}
	return words
}

// longestSentence is how many words to either side of a fact a sentence is looked for.
const longestSentence = 150

// Ends tells whether a sentence ends before word i.
func (s *Passage) Ends(i int) bool {
	w := s.Text.Words[i]
	if w.Before&phrases.Line != 0 {
		return true
	}
	if w.Before&(phrases.Stop|phrases.Point) == 0 || i == 0 {
		return false
	}
	before := s.Text.Words[i-1]
	if !w.Upper && !Digit(w.Folded) || before.End+1 >= w.Start {
		return false
	}
	if before.Before&phrases.Dollar == 0 && (abbreviations[before.Folded] || len(before.Folded) == 1 && before.Upper) {
		return openers[w.Folded]
	}
	return true
}

// Sentence returns the sentence that holds word i.
func (s *Passage) Sentence(i int) (start, end int) {
	start, end = i, i+1
	for start > 0 && i-start < longestSentence && !s.Ends(start) {
		start--
	}
	for end < len(s.Text.Words) && end-i < longestSentence && !s.Ends(end) {
		end++
	}
	return start, end
}

// quote returns the sentence of words start to end-1, cut at words around them where it is long.
func (s *Passage) quote(start, end int) string {
	from, to := s.Sentence(start)
	to = max(to, end)
	whole := s.Text.Words
	first, last := s.opening(from), whole[to-1].End
	for n := 0; n < 3 && last < len(s.Text.Source); n++ {
		c, size := utf8.DecodeRuneInString(s.Text.Source[last:])
		if !strings.ContainsRune(".?!)”\"’", c) {
			break
		}
		last += size
	}
	if last-first <= mostQuote {
		return Clean(s.Text.Source[first:last])
	}
	// The words themselves first, then what stands around them, in turn.
	begin := from
	from, to = start, end
	for {
		grown := false
		if from > begin && whole[to-1].End-whole[from-1].Start <= mostQuote-8 {
			from--
			grown = true
		}
		if to < len(whole) && !s.Ends(to) && whole[to].End-whole[from].Start <= mostQuote-8 {
			to++
			grown = true
		}
		if !grown {
			break
		}
	}
	cut := Clean(s.Text.Source[s.opening(from):whole[to-1].End])
	if len(cut) > mostQuote-8 {
		cut = cut[:mostQuote-8]
		for !utf8.ValidString(cut) && len(cut) > 0 {
			cut = cut[:len(cut)-1]
		}
	}
	if !s.Ends(from) && from > 0 {
		cut = "… " + cut
	}
	if to < len(whole) && !s.Ends(to) {
		cut += " …"
	}
	return cut
}

// opening returns the first byte of word i with the signs that stand right before it.
func (s *Passage) opening(i int) int {
	from := 0
	if i > 0 {
		from = s.Text.Words[i-1].End
	}
	return from + len(strings.TrimRight(s.Text.Source[from:s.Text.Words[i].Start], "$“\"‘("))
}

// Clean makes one line of valid UTF-8.
func Clean(text string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
}

// OneName tells whether words i-1 and i may be parts of one name: nothing stands between them but the
// stop of an abbreviation.
func (s *Passage) OneName(i int) bool {
	return s.Before(i)&^(phrases.Hyphen|phrases.Point|phrases.Stop) == 0 && !s.Ends(i)
}

// Word returns the folded word at i, or "" outside of the text.
func (s *Passage) Word(i int) string {
	if i < 0 || i >= len(s.Text.Words) {
		return ""
	}
	return s.Text.Words[i].Folded
}

// Before returns the gap before word i.
func (s *Passage) Before(i int) phrases.Gap {
	if i <= 0 || i >= len(s.Text.Words) {
		return phrases.Line
	}
	return s.Text.Words[i].Before
}

// Upper tells whether word i begins with a capital.
func (s *Passage) Upper(i int) bool { return i >= 0 && i < len(s.Text.Words) && s.Text.Words[i].Upper }

// Phrase returns the phrase that begins at word i.
func (s *Passage) Phrase(i int) (Found, bool) {
	n, ok := s.at[i]
	if !ok {
		return Found{}, false
	}
	return s.Found[n], true
}

// StateBefore tells whether the name of a state, or "state", stands right before word i.
func (s *Passage) StateBefore(i int) (code string, start int, ok bool) {
	if s.Before(i)&^phrases.Other != 0 {
		return "", 0, false
	}
	for n := 1; n <= 4; n++ {
		if f, at := s.Phrase(i - n); at && f.End == i && f.Entry.Role == StateName {
			return f.Entry.Value, f.Start, true
		}
	}
	if w := s.Word(i - 1); w == "state" || w == "states" {
		return "", i - 1, true
	}
	return "", 0, false
}

// Digit tells whether a word begins with a digit.
func Digit(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' }

// Slug makes a value of words: lower-case letters, digits and hyphens.
func (s *Passage) Slug(start, end int) string {
	var b strings.Builder
	for i := start; i < end; i++ {
		w := s.Text.Words[i].Folded
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		b.WriteString(w)
	}
	return b.String()
}
