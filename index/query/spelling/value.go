package spelling

import (
	"slices"
	"strings"
	"unicode"

	"agora/index"
	"agora/index/vocabulary"
)

// Value returns the value of a field as archives keep it, from any spelling of value or
// label: "west virginia" is WV, "Drug Trafficking" is drug-crime.
func Value(f index.Field, typed string) (value string, ok bool) {
	key := Folded(typed)
	if key == "" {
		return "", false
	}
	switch f {
	case index.FieldYear:
		return key, key == index.Undated || isYear(strings.TrimSpace(typed))
	case index.FieldLanguage:
		return language(typed)
	case index.FieldState, index.FieldLead, index.FieldMember, index.FieldJoined, index.FieldInvolves:
		if code, ok := officeAlias(key); ok {
			return code, true
		}
	case index.FieldParty:
		if key == "democrat" || key == "gop" {
			return map[string]string{"democrat": "D", "gop": "R"}[key], true
		}
	case index.FieldCompany:
		return company(typed)
	case index.FieldTopic, index.FieldKind, index.FieldRole, index.FieldAction, index.FieldPresence, index.FieldAgency:
	}
	for _, w := range Known(f) {
		if Folded(w.Value) == key || Folded(w.Label) == key {
			return w.Value, true
		}
	}
	return "", false
}

// Known lists the values of a field with their labels; none where the list is open.
func Known(f index.Field) []vocabulary.Word {
	switch f {
	case index.FieldState, index.FieldLead, index.FieldMember, index.FieldJoined, index.FieldInvolves:
		list := make([]vocabulary.Word, 0, len(vocabulary.Offices))
		for _, o := range vocabulary.Offices {
			list = append(list, vocabulary.Word{Value: o.Code, Label: o.Name})
		}
		return list
	case index.FieldTopic:
		list := make([]vocabulary.Word, 0, len(vocabulary.Topics))
		for _, t := range vocabulary.Topics {
			list = append(list, vocabulary.Word{Value: t.Slug, Label: t.Label})
		}
		return list
	case index.FieldKind:
		return vocabulary.Kinds[:]
	case index.FieldRole:
		return vocabulary.Roles[:]
	case index.FieldAction:
		return vocabulary.Actions[:]
	case index.FieldParty:
		return vocabulary.Parties[:]
	case index.FieldPresence:
		return vocabulary.Presences[:]
	case index.FieldAgency:
		list := make([]vocabulary.Word, 0, len(vocabulary.Agencies))
		for _, a := range vocabulary.Agencies {
			list = append(list, vocabulary.Word{Value: a.Slug, Label: a.Label})
		}
		return list
	case index.FieldYear, index.FieldLanguage, index.FieldCompany:
	}
	return nil
}

// maxCompany bounds the name of a company: longer than any that was read.
const maxCompany = 120

// company reads a name as companies are kept: words joined by hyphens, without the legal
// form at its end.
func company(typed string) (value string, ok bool) {
	words := strings.FieldsFunc(strings.ToLower(strings.NewReplacer("'", "", "’", "", ".", "").Replace(typed)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for len(words) > 1 && slices.Contains(legalForms, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	value = strings.Join(words, "-")
	return value, value != "" && len(value) <= maxCompany
}

// legalForms end the names of companies and are not kept.
var legalForms = []string{"inc", "incorporated", "llc", "corp", "corporation", "co", "company", "lp", "llp", "ltd", "plc", "na"}

// officeAlias knows the names of states that people use beside the official ones.
func officeAlias(key string) (code string, ok bool) {
	switch key {
	case "washington dc":
		return "DC", true
	case "washington state":
		return "WA", true
	case "virgin islands", "usvi", "united states virgin islands":
		return "VI", true
	case "cnmi", "commonwealth of the northern mariana islands":
		return "MP", true
	}
	return "", false
}

// Folded brings spellings of one value together: lower case, "and" for "&", one space for
// every run of other signs, no full stops and apostrophes (D.C. is DC).
func Folded(typed string) string {
	var b strings.Builder
	space := false
	write := func(s string) {
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteString(s)
	}
	for _, r := range typed {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			write(string(unicode.ToLower(r)))
		case r == '.' || r == '\'' || r == '’':
		case r == '&':
			space = true
			write("and")
			space = true
		default:
			space = true
		}
	}
	return b.String()
}

// isYear tells whether s is four digits.
func isYear(s string) bool {
	return len(s) == 4 && strings.Trim(s, "0123456789") == ""
}

// language reads a tag of the shape of BCP 47, written as the standard recommends: en,
// es-PR, zh-Hant.
func language(typed string) (tag string, ok bool) {
	switch Folded(typed) {
	case "english":
		return "en", true
	case "spanish", "español":
		return "es", true
	}
	parts := strings.Split(typed, "-")
	if len(typed) > maxLanguage || len(parts[0]) < 2 || len(parts[0]) > 3 || !isASCII(parts[0], isLetter) {
		return "", false
	}
	parts[0] = strings.ToLower(parts[0])
	for i, part := range parts[1:] {
		if part == "" || len(part) > 8 || !isASCII(part, isLetterOrDigit) {
			return "", false
		}
		part = strings.ToLower(part)
		switch len(part) {
		case 2:
			part = strings.ToUpper(part)
		case 4:
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		parts[i+1] = part
	}
	return strings.Join(parts, "-"), true
}

// maxLanguage is the length that RFC 5646 §4.4.1 asks everybody to hold at least.
const maxLanguage = 35

func isASCII(s string, allowed func(byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isLetterOrDigit(c byte) bool { return isLetter(c) || ('0' <= c && c <= '9') }
