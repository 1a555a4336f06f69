package passage

import (
	"sort"
	"strings"

	"agora/crawler/enrich/phrases"
)

// EndingPhrase returns the phrase whose last word is k.
func (s *Passage) EndingPhrase(k int) (Found, bool) {
	for n := range 5 {
		if f, ok := s.Phrase(k - n); ok && f.End == k+1 {
			return f, true
		}
	}
	return Found{}, false
}

// IsState tells whether the name of a state begins at word k.
func (s *Passage) IsState(k int) bool {
	f, ok := s.Phrase(k)
	return ok && f.Entry.Role == StateName
}

// Headline tells whether word i stands in the title or a headline.
func (s *Passage) Headline(i int) bool { return s.line(i).Headline }

// Ampersand tells whether the gap before word k is "&".
func (s *Passage) Ampersand(k int) bool {
	return strings.TrimSpace(s.Text.Source[s.Text.Words[k-1].End:s.Text.Words[k].Start]) == "&"
}

// Boilerplate tells whether word i stands in a standing part.
func (s *Passage) Boilerplate(i int) bool { return s.line(i).Boilerplate }

// line returns the line that holds word i.
func (s *Passage) line(i int) Line {
	n := sort.Search(len(s.Lines), func(n int) bool { return s.Lines[n].End > i })
	if n == len(s.Lines) {
		return Line{}
	}
	return s.Lines[n]
}

// Same tells whether words stand from word i on.
func (s *Passage) Same(i int, words []string) bool {
	for k, w := range words {
		if s.Word(i+k) != w {
			return false
		}
	}
	return true
}

// Broken tells whether a sign stands before one of words start to end-1. The sign of the
// dollar counts for none.
func (s *Passage) Broken(start, end int) bool {
	for i := start; i < end; i++ {
		if s.Before(i)&^(phrases.Dollar|phrases.Hyphen) != 0 {
			return true
		}
	}
	return false
}

// Digits tells whether a word is digits and nothing else.
func Digits(w string) bool {
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' {
			return false
		}
	}
	return w != ""
}

// OpenWords begin a sentence or stand before a name without being part of it.
var OpenWords = Set(`the a an in on and by for from with against defendant defendants plaintiff plaintiffs attorney general attorneys generals president ceo
	owner company companies manufacturer operator while when after under as both when where if mr ms mrs dr state county city however also
	since that this these at of to today former seller retailers retailer landlord including includes like through because although according
	furthermore additionally meanwhile instead earlier previously respondent respondents debtor debtors`)
