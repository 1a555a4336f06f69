// Package offers finds, among the words of a question, those that may stand for values of
// fields: "texas" for a state, "opioid" for a topic, "2023" for a year. It applies nothing
// and reads no questions: it gets words that stand beside each other.
//
// Values are found by value and label, and by the reviewed names of data/names.tsv. Roles
// and actions of coalitions, parties and languages are not offered: their words ("joined",
// "letter") nearly always mean something else.
package offers

import (
	"slices"
	"strings"
	"unicode"

	"agora/index"
	"agora/index/query/spelling"
)

// Offer is a value that words may stand for.
type Offer struct {
	Field index.Field
	Value string
	First int // of the words
	Last  int // of the words, inclusive
}

// Find returns the values that words may stand for, in the order of their words; the
// longest name wins, and a name may stand for values of several fields. words are as
// typed, beside each other. Years are offered up to latest.
func Find(words []string, latest int) []Offer {
	var found []Offer
	mixed := len(words) == 1 || strings.ContainsFunc(strings.Join(words, ""), unicode.IsLower)
	for at := 0; at < len(words); {
		values, taken := longest(words[at:], mixed)
		if taken == 0 && isYear(words[at], latest) && !followsAny(words[:at], "since", "before", "after", "until", "section", "sec", "no", "number", "rule", "title", "chapter", "form") {
			values, taken = []value{{index.FieldYear, spelling.Folded(words[at])}}, 1
		}
		for _, v := range values {
			first := at
			if followsAny(words[:at], prepositions(v.field)...) {
				first--
			}
			found = append(found, Offer{v.field, v.value, first, at + taken - 1})
		}
		at += max(1, taken)
	}
	return found
}

// longest returns what the longest name that words begin with may stand for.
func longest(words []string, mixed bool) (values []value, taken int) {
	names := table()
	for k := min(len(words), names.longest); k > 0; k-- {
		typed := strings.Join(words[:k], " ")
		if len(typed) > maxName {
			continue
		}
		if values, ok := names.find(typed); ok {
			return values, k
		}
		if k == 1 && mixed {
			if code, ok := postalCode(typed); ok {
				return []value{{index.FieldState, code}}, 1
			}
		}
	}
	return nil, 0
}

// maxName bounds the bytes of what is looked up: no name is longer.
const maxName = 120

// postalCode reads a code of two capitals: in small letters, or where all is in capitals,
// it is a word more often than not (in, or, me, ok).
func postalCode(typed string) (code string, ok bool) {
	typed = strings.Trim(typed, ",;:!?.")
	if len(typed) != 2 || strings.ToUpper(typed) != typed {
		return "", false
	}
	return spelling.Value(index.FieldState, typed)
}

// isYear tells whether a word is a year from which there may be a release.
func isYear(word string, latest int) bool {
	year := strings.Trim(word, ",;:!?.")
	if len(year) != 4 || strings.Trim(year, "0123456789") != "" {
		return false
	}
	n := int(year[0]-'0')*1000 + int(year[1]-'0')*100 + int(year[2]-'0')*10 + int(year[3]-'0')
	return n >= earliest && n <= latest
}

// earliest is the first year of which a date is believed.
const earliest = 1990

// prepositions belong to a name when they stand before it: without the name they would be
// words to look for.
func prepositions(f index.Field) []string {
	switch f {
	case index.FieldState:
		return []string{"in", "from", "of", "by"}
	case index.FieldYear:
		return []string{"in", "from", "of", "during"}
	case index.FieldTopic:
		return []string{"about", "on", "over"}
	}
	return nil
}

// followsAny tells whether the last of words is one of some.
func followsAny(words []string, some ...string) bool {
	return len(words) > 0 && slices.Contains(some, spelling.Folded(words[len(words)-1]))
}
