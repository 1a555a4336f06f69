// Package dates finds civil days in text, machine-written values and addresses, and says
// how each was written. Numeric dates are read as month/day/year and as nothing else.
//
// It does not decide which date is one of publication, and it reads no page.
package dates

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"agora/index"
)

// How exact a date is.
const (
	Day   = "day"
	Month = "month"
	Year  = "year"
)

// Found is a date in a text.
type Found struct {
	Day        index.Date // the first day of the month or year where no day was written
	Precision  string     // Day, Month or Year
	Written    string     // as in the text
	Start, End int        // bytes of Written in the text
}

const (
	weekday = `(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+|(?:mon|tue|wed|thu|fri|sat|sun)\.?,\s+|(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo),?\s+)?`
	month   = `(january|february|march|april|may|june|july|august|september|october|november|december|` +
		`jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|` +
		`enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)\b\.?`
	dayOf = `(\d{1,2})(?:st|nd|rd|th)?`
	year  = `((?:19|20)\d\d)\b`
)

// Expressions for the forms seen. A month by name leaves nothing to guess.
var (
	monthFirst = regexp.MustCompile(`(?i)\b` + weekday + month + `\s*` + dayOf + `\b(?:\s*,\s*|\.\s+|\s+)` + year)
	dayFirst   = regexp.MustCompile(`(?i)\b` + weekday + dayOf + `\s+(?:de\s+|of\s+)?` + month + `,?\s+(?:de\s+|del\s+)?` + year)
	monthOnly  = regexp.MustCompile(`(?i)\b` + month + `,?\s+(?:de\s+)?` + year)
	numeric    = regexp.MustCompile(`(?i)\b` + weekday + `(\d{1,2})([/.-])(\d{1,2})([/.-])(\d{4}|\d{2})\b`)
	isoDay     = regexp.MustCompile(`\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b`)
)

// Find returns the dates written in a text, in order and without overlap: days, and
// months where no day is written.
func Find(text string) []Found {
	named := strings.Contains(text, "19") || strings.Contains(text, "20")
	if !named && strings.IndexByte(text, '/') < 0 {
		return nil // every form has a year of four digits or slashes
	}
	all := findNumeric(text)
	if !named || !hasMonth(text) {
		return all
	}
	for _, m := range monthFirst.FindAllStringSubmatchIndex(text, -1) {
		all = add(all, text, m, sub(text, m, 3), monthNumber(sub(text, m, 1)), sub(text, m, 2))
	}
	for _, m := range dayFirst.FindAllStringSubmatchIndex(text, -1) {
		all = add(all, text, m, sub(text, m, 3), monthNumber(sub(text, m, 2)), sub(text, m, 1))
	}
	for _, m := range monthOnly.FindAllStringSubmatchIndex(text, -1) {
		all = add(all, text, m, sub(text, m, 2), monthNumber(sub(text, m, 1)), "")
	}
	return all
}

// findNumeric returns the dates that are written in numbers alone.
func findNumeric(text string) []Found {
	if !strings.ContainsAny(text, "/.-") {
		return nil
	}
	var all []Found
	for _, m := range numeric.FindAllStringSubmatchIndex(text, -1) {
		year, mark := sub(text, m, 5), sub(text, m, 2)
		if mark != sub(text, m, 4) || len(year) == 2 && mark != "/" {
			continue
		}
		all = add(all, text, m, fullYear(year), number(sub(text, m, 1)), sub(text, m, 3))
	}
	for _, m := range isoDay.FindAllStringSubmatchIndex(text, -1) {
		all = add(all, text, m, sub(text, m, 1), number(sub(text, m, 2)), sub(text, m, 3))
	}
	return all
}

// hasMonth tells whether a text may name a month: it holds the first three letters of
// one. It spares most texts the search for whole dates.
func hasMonth(text string) bool {
	for i := 0; i+3 <= len(text); i++ {
		switch strings.ToLower(text[i : i+3]) {
		case "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "ene", "abr", "ago", "set", "dic":
			return true
		}
	}
	return false
}

// add inserts a date in order, unless no calendar has it or another one is there.
func add(all []Found, text string, span []int, year string, month int, day string) []Found {
	f := Found{Precision: Day, Written: strings.TrimSpace(text[span[0]:span[1]]), Start: span[0], End: span[1]}
	d := number(day)
	if day == "" {
		f.Precision, d = Month, 1
	}
	if f.Day = civil(number(year), month, d); f.Day == "" {
		return all
	}
	at := len(all)
	for i, other := range all {
		if f.Start < other.End && other.Start < f.End {
			return all
		}
		if f.Start < other.Start && at == len(all) {
			at = i
		}
	}
	return append(all[:at:at], append([]Found{f}, all[at:]...)...)
}

func sub(text string, m []int, group int) string { return text[m[2*group]:m[2*group+1]] }

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func civil(year, month, day int) index.Date {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return ""
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return ""
	}
	return index.DateOf(t)
}

func fullYear(s string) string {
	switch {
	case len(s) == 4:
		return s
	case s >= "90":
		return "19" + s
	}
	return "20" + s
}

// monthNumber reads an English or Spanish name of a month, or the beginning of one.
func monthNumber(name string) int {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	for i, prefixes := range [12][]string{
		{"jan", "ene"}, {"feb"}, {"mar"}, {"apr", "abr"}, {"may"}, {"jun"}, {"jul"}, {"aug", "ago"},
		{"sep", "set"}, {"oct"}, {"nov"}, {"dec", "dic"},
	} {
		for _, p := range prefixes {
			if strings.HasPrefix(name, p) {
				return i + 1
			}
		}
	}
	return 0
}

// layouts of values that programs write, those with a zone first.
var layouts = [...]struct {
	layout string
	zoned  bool
}{
	{time.RFC3339, true}, {"2006-01-02T15:04:05-0700", true}, {"2006-01-02T15:04Z07:00", true}, {"2006-01-02 15:04:05 -0700", true},
	{"2006-01-02 15:04:05Z07:00", true}, {time.RFC1123Z, true}, {time.RFC1123, true},
	{"2006-01-02T15:04:05", false}, {"2006-01-02 15:04:05", false}, {"2006-01-02T15:04", false}, {"2006-01-02 15:04", false},
}

// Machine reads a value that a program wrote (datetime, article:published_time), as the
// civil day in zone. A nil zone leaves the value's own. Midnight UTC stands for a day
// without time and is left as written.
func Machine(value string, zone *time.Location) (Found, bool) {
	value = strings.TrimSpace(value)
	for _, l := range layouts {
		t, err := time.Parse(l.layout, value)
		if err != nil {
			continue
		}
		_, offset := t.Zone()
		midnight := offset == 0 && t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0
		if l.zoned && zone != nil && !midnight {
			t = t.In(zone)
		}
		return Found{Day: index.DateOf(t), Precision: Day, Written: value, End: len(value)}, true
	}
	if all := Find(value); len(all) == 1 && all[0].Precision == Day {
		all[0].Written = value
		return all[0], true
	}
	return Found{}, false
}
