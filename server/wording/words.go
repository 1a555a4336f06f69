// Package wording says things the way people read them: numbers, days, times, and the
// names of what archives keep as codes.
//
// It knows no pages and no addresses; it is functions of their arguments only.
package wording

import (
	"html"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"agora/index"
	"agora/index/vocabulary"
)

// Number writes n with commas.
func Number(n int) string {
	if n < 0 {
		return "-" + Number(-n)
	}
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Counted writes n and the word for so many: "1 release", "1,234 releases".
func Counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Join writes a list as in a sentence: "a, b and c".
func Join(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// Shorten cuts text to n bytes at most, at a character's edge.
func Shorten(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

// Day is a date as people read it.
type Day struct {
	Text    string // "Feb 8, 2023", "February 2023", "2023" or "date unknown"
	ISO     string // for <time datetime>; "" where unknown
	How     string // how it was read, or why it is unknown
	Unknown bool
}

// DayOf describes the date of publication of a release.
func DayOf(r *index.Summary) Day {
	if r.Published == "" {
		how := r.PublishedNote
		if how == "" {
			how = "The office gives no date for this release."
		}
		return Day{Text: "date unknown", How: how, Unknown: true}
	}
	d := Day{Text: DateText(r.Published, string(r.PublishedPrecision)), ISO: string(r.Published)}
	switch r.PublishedPrecision {
	case "month":
		d.ISO = d.ISO[:7]
	case "year":
		d.ISO = d.ISO[:4]
	}
	if r.PublishedSource != "" {
		d.How = "Dated by " + vocabulary.Label(vocabulary.DateSources[:], string(r.PublishedSource)) + "."
	}
	if r.PublishedNote != "" {
		d.How = strings.TrimSpace(d.How + " " + r.PublishedNote)
	}
	return d
}

// DateText writes a civil day as precisely as it is known.
func DateText(d index.Date, precision string) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	switch precision {
	case "year":
		return t.Format("2006")
	case "month":
		return t.Format("January 2006")
	}
	return t.Format("Jan 2, 2006")
}

// Moment is a time as people read it.
type Moment struct{ Text, ISO string }

// MomentOf describes a time in UTC, as archives keep it.
func MomentOf(t time.Time) Moment {
	if t.IsZero() {
		return Moment{Text: "never"}
	}
	t = t.UTC()
	return Moment{Text: t.Format("Jan 2, 2006, 15:04 UTC"), ISO: t.Format(time.RFC3339)}
}

// Marked lets <mark> through and nothing else, whatever made the HTML.
func Marked(s string) template.HTML {
	rest := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(s)
	if strings.ContainsAny(rest, "<>") || strings.Count(s, "<mark>") != strings.Count(s, "</mark>") {
		return template.HTML(html.EscapeString(s))
	}
	return template.HTML(s)
}

// WebAddress returns an address that may be linked to, "" for any but http and https.
func WebAddress(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.String()
}

// StateName returns the name of an office's state, or its code where that is unknown.
func StateName(code string) string {
	if o, ok := vocabulary.OfficeByCode(code); ok {
		return o.Name
	}
	return code
}

// ValueLabel returns what people call a value of a field, never "".
func ValueLabel(field index.Field, value string) string {
	switch {
	case field == index.FieldYear && value == index.Undated:
		return "Undated"
	case field == index.FieldLanguage:
		switch value {
		case "en":
			return "English"
		case "es":
			return "Spanish"
		}
	}
	if label := index.ValueLabel(field, value); label != "" {
		return label
	}
	return value
}

// FieldLabel returns the heading of a facet.
func FieldLabel(field index.Field) string {
	switch field {
	case index.FieldState:
		return "Published by"
	case index.FieldTopic:
		return "Topic"
	case index.FieldYear:
		return "Year"
	case index.FieldKind:
		return "Kind of release"
	case index.FieldRole:
		return "Role in coalition"
	case index.FieldAction:
		return "Joint action"
	case index.FieldLead:
		return "Led by"
	case index.FieldMember:
		return "Coalition member"
	case index.FieldJoined:
		return "Joined by"
	case index.FieldInvolves:
		return "Involves"
	case index.FieldParty:
		return "Attorney general’s party"
	case index.FieldLanguage:
		return "Language"
	case index.FieldPresence:
		return "On the office’s site"
	case index.FieldAgency:
		return "Federal agency named"
	case index.FieldCompany:
		return "Company named"
	}
	return string(field)
}

// Sentence makes a sentence of words: a capital, and a full stop where nothing ends it.
func Sentence(words string) string {
	if words == "" {
		return ""
	}
	_, first := utf8.DecodeRuneInString(words)
	words = strings.ToUpper(words[:first]) + words[first:]
	if strings.ContainsRune(".?!", rune(words[len(words)-1])) {
		return words
	}
	return words + "."
}
