package sums

import (
	"agora/crawler/enrich/facts/passage"
	"strconv"
	"strings"

	"agora/crawler/enrich/phrases"
)

// money is an amount in a text: words start to end-1.
type money struct {
	start, end int
	dollars    int64
	label      string // as written
	from       int    // first word with the words that hedge it
	hedge      string // "more than"; "" where the amount is exact
}

var scales = map[string]int64{"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

// otherScales are words behind which a number is not what its digits say.
var otherScales = passage.Set("millones millon mil mm k m b bn") //nolint:misspell // Spanish

// money reads the amount at word i, behind a dollar sign. Ranges are not read: they have
// no one value.
func (s scan) money(i, lineEnd int) (money, bool) {
	words := s.Text.Words
	number, scale := suffixed(words[i].Folded)
	whole, fraction, _ := strings.Cut(number, ".")
	if !passage.Digits(whole) || len(whole) > 13 || fraction != "" && !passage.Digits(fraction) || len(fraction) > 9 {
		return money{}, false
	}
	m := money{start: i, end: i + 1, from: i}
	if scale == 1 && i+1 < lineEnd && words[i+1].Before&^phrases.Hyphen == 0 {
		next := words[i+1].Folded
		if n, ok := scales[next]; ok {
			scale, m.end = n, i+2
		} else if otherScales[next] {
			return money{}, false
		}
	}
	if s.ranged(m, lineEnd) {
		return money{}, false
	}
	value, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || value > 99e12/scale {
		return money{}, false
	}
	m.dollars = value * scale
	for _, c := range fraction {
		scale /= 10
		m.dollars += int64(c-'0') * scale
	}
	m.label = "$" + s.Text.Slice(i, m.end)
	s.hedged(&m)
	if w := s.Word(m.from - 1); m.hedge == "" && (w == "exceed" || w == "exceeds") && !s.Broken(m.from, m.start+1) {
		m.hedge, m.label = w, "more than "+m.label
	}
	return m, m.dollars > 0
}

// suffixed reads the scale that headlines write at a number: "573M", "4.3B".
func suffixed(w string) (number string, scale int64) {
	switch {
	case strings.HasSuffix(w, "m"):
		return w[:len(w)-1], 1e6
	case strings.HasSuffix(w, "b"):
		return w[:len(w)-1], 1e9
	}
	return w, 1
}

// ranged tells whether the amount is one end of a range.
func (s scan) ranged(m money, lineEnd int) bool {
	dollar := func(i int) bool { return i < lineEnd && s.Before(i)&phrases.Dollar != 0 }
	if dollar(m.end) && s.Before(m.end)&(phrases.Hyphen|phrases.Dash) != 0 || s.Word(m.end) == "to" && dollar(m.end+1) {
		return true
	}
	if m.end < lineEnd && passage.Digit(s.Word(m.end)) && s.Before(m.end)&(phrases.Hyphen|phrases.Dash) != 0 {
		return true // "$5-10 million"
	}
	if s.Before(m.start)&(phrases.Hyphen|phrases.Dash) != 0 && passage.Digit(s.Word(m.start-1)) {
		return true
	}
	for n := 2; n <= 4; n++ { // "$3 to $5", "between $3 million and $5 million"
		before := s.Word(m.start - n)
		if s.Word(m.start-1) == "to" && s.Before(m.start-n)&phrases.Dollar != 0 && n <= 3 && passage.Digit(before) {
			return true
		}
		if before == "between" {
			return true
		}
	}
	return s.Word(m.start-1) == "between"
}

// hedges are words before an amount that say it is not exact, the longer first.
var hedges = []string{"a total of more than", "up to a total of", "a maximum of", "as much as", "as many as", "more than", "less than", "at least", "in excess of",
	"up to", "an estimated", "an additional", "a total of", "over", "nearly", "almost", "approximately", "about", "roughly", "around", "some", "exceeding", "estimated", "another", "additional", "a"}

// exactWords are words in the list of hedges that leave an amount exact.
var exactWords = map[string]bool{"a total of": true, "an additional": true, "another": true, "additional": true, "a": true}

// hedged takes in the words before an amount that belong to it.
func (s scan) hedged(m *money) {
	for again := true; again; {
		again = false
		for _, h := range hedges {
			parts := strings.Fields(h)
			at := m.from - len(parts)
			if at < 0 || !s.Same(at, parts) || s.Broken(at+1, m.from+1) {
				continue
			}
			m.from = at
			if !exactWords[h] && m.hedge == "" {
				m.hedge = h
				m.label = h + " " + m.label
			}
			again = m.start-m.from < 8
			break
		}
	}
}
