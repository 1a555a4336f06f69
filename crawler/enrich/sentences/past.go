package sentences

import (
	"strconv"
	"time"

	"agora/crawler/enrich/phrases"
)

var months = map[string]time.Month{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
	"october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "aug": 8, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}

// freshDays is how far a day named in a sentence may lie from the day of publication
// and still be that of the action told.
const freshDays = 16

// isPast tells whether a sentence tells of an earlier action: it names another time, or says so.
func (p *Release) isPast(s *Sentence) bool {
	if s.Headline {
		s.PastAt = s.Start
		return p.Within(s.Start, s.Start+1, "last") && s.Paragraph > 0
	}
	for i := s.Start; i < s.End; i++ {
		if p.Word(i) == "similar" && p.Within(i+1, i+2, "coalition", "coalitions", "lawsuit", "lawsuits", "suit", "suits", "brief", "briefs", "letter", "letters", "complaint", "complaints") {
			s.PastAt = i
			return true // another action beside this one
		}
	}
	if p.Within(s.Start, s.End, "today", "todays", "yesterday") {
		return false
	}
	if s.Body == 1 && s.Start == p.firstOf(*s) {
		return false // the dateline carries the day
	}
	for i := s.Start; i < s.End; i++ {
		s.PastAt = i
		switch w := p.Word(i); w {
		case "last", "previous":
			switch p.Word(i + 1) {
			case "year", "month", "week", "fall", "spring", "summer", "winter", "december", "november", "october", "september",
				"august", "july", "june", "may", "april", "march", "february", "january":
				if w != "last" || p.Word(i+1) != "week" {
					return true
				}
			}
		case "earlier":
			if next := p.Word(i + 1); next == "this" || next == "in" {
				return true
			}
		case "previously":
			return true
		case "ago":
			return true
		case "also":
			if p.alsoActed(i) {
				return true
			}
		case "separate", "separately":
			return true
		default:
			if m, ok := months[w]; ok && p.Text.Words[i].Upper && p.otherDay(i, m) {
				return true
			}
			if w == "in" && i == s.Start && p.Year(i+1) > 0 && p.stale(p.Year(i+1), 0, 0) {
				return true
			}
		}
	}
	return false
}

// carriesPast tells whether a sentence goes on with the earlier action that the one
// before it in its paragraph tells of.
func (p *Release) carriesPast(s Sentence) bool {
	if s.Headline || s.Body < 2 || len(p.Sentences) == 0 || p.Within(s.Start, s.End, "today", "todays", "now") {
		return false
	}
	before := p.Sentences[len(p.Sentences)-1]
	if s.Listing() && (!before.Past || p.Word(before.PastAt) != "similar" || p.Within(s.Start, s.End, "joining", "joined")) {
		return false
	}
	return before.Past && before.Paragraph == s.Paragraph && before.Body > 1 && p.Within(before.Start, before.End, "lawsuit", "lawsuits", "suit", "suits", "letter", "brief",
		"settlement", "case", "complaint", "coalition", "joined", "led", "filed", "sued", "comments", "investigation", "action")
}

// firstOf returns the first word of the paragraph of s.
func (p *Release) firstOf(s Sentence) int {
	i := s.Start
	for i > 0 && p.Text.Words[i].Before&phrases.Line == 0 {
		i--
	}
	return i
}

// alsoActed: "Attorney General Poe has also joined", "she also led".
func (p *Release) alsoActed(i int) bool {
	next := p.Word(i + 1)
	if next == "recently" || next == "previously" {
		next = p.Word(i + 2)
	}
	switch next {
	case "joined", "led", "co", "coled", "filed", "signed", "sued", "fought", "supported":
	default:
		return false
	}
	before := p.Word(i - 1)
	if before == "has" || before == "have" {
		before = p.Word(i - 2)
	}
	return before == "he" || before == "she" || before == "i" || p.Surname(before)
}

// Surname tells whether w is the name of an attorney general of the publisher.
func (p *Release) Surname(w string) bool {
	for _, n := range p.Issuer.Surnames {
		if n == w {
			return true
		}
	}
	return false
}

// otherDay tells whether the month named at word i, with its day or year, is another
// time than that of the release.
func (p *Release) otherDay(i int, month time.Month) bool {
	day, year := 0, 0
	if n, ok := dayNumber(p.Word(i + 1)); ok {
		day = n
		year = p.Year(i + 2)
	} else {
		year = p.Year(i + 1)
	}
	before := p.Word(i - 1)
	if day == 0 && year == 0 && before != "in" && before != "since" && before != "the" && before != "late" && before != "early" {
		return false // "May" as a verb or a name
	}
	// A deadline or a hearing to come is no other action.
	if before == "until" || before == "by" || before == "through" {
		return false
	}
	return p.stale(year, month, day)
}

// stale tells whether a time lies too far from the day of publication. Without that day
// every time named is another one.
func (p *Release) stale(year int, month time.Month, day int) bool {
	published, err := time.Parse(time.DateOnly, string(p.Published))
	if err != nil {
		return true
	}
	if year == 0 {
		year = published.Year()
		if month > published.Month()+1 {
			year--
		}
	}
	if month == 0 {
		return year != published.Year()
	}
	if day == 0 {
		return year != published.Year() || month != published.Month()
	}
	distance := published.Sub(time.Date(year, month, day, 0, 0, 0, 0, time.UTC)).Hours() / 24
	return distance > freshDays || distance < -freshDays
}

// Year reads a year of our time at word i; 0 where there is none.
func (p *Release) Year(i int) int {
	w := p.Word(i)
	if len(w) != 4 {
		return 0
	}
	n, err := strconv.Atoi(w)
	if err != nil || n < 1985 || n > 2100 {
		return 0
	}
	return n
}

// dayNumber reads "15", "15th".
func dayNumber(w string) (int, bool) {
	for _, ending := range []string{"st", "nd", "rd", "th"} {
		if len(w) > 2 && w[len(w)-2:] == ending {
			w = w[:len(w)-2]
			break
		}
	}
	n, err := strconv.Atoi(w)
	return n, err == nil && n >= 1 && n <= 31 && len(w) <= 2
}

// isDenied tells whether a sentence says who did not take part.
func (p *Release) isDenied(s Sentence) bool {
	for i := s.Start; i < s.End; i++ {
		switch p.Word(i) {
		case "not", "never":
			switch p.Word(i + 1) {
			case "sign", "join", "signed", "joined", "participate", "participating", "joining", "signing", "part":
				return true
			}
		case "declined", "refused", "opted":
			if p.Within(i, i+4, "join", "sign", "participate", "out") {
				return true
			}
		}
	}
	return false
}
