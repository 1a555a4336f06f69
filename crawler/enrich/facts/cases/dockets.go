package cases

import (
	"agora/crawler/enrich/facts/passage"
	"regexp"
	"strings"
)

// The forms of docket numbers. They are looked for only where a cheap sign of one stands.
var (
	federalDocket  = regexp.MustCompile(`\b\d:\d\d-(?:cv|cr|mc|md|mj|bk|ap|po|sw|mdl|ml|misc|gd|adv)-\d{1,6}\b`)
	shortFederal   = regexp.MustCompile(`\b\d\d-(?:cv|cr|mc|md|mj|bk|ap)-\d{2,6}\b`)
	stateDocket    = regexp.MustCompile(`\b\d\d-(?:cv|cr|co|fa|pr|ja|jv)-\d\d-\d{1,6}\b`)
	numbered       = regexp.MustCompile(`^[\s:#]*([A-Z0-9]{1,6}(?:[-:/][A-Za-z0-9]{1,10}){1,5}|[A-Z]{1,3}\d{5,10}|\d{6,12})`)
	appellate      = regexp.MustCompile(`^[\s:#]*(\d{2}-\d{1,5})\b`)
	courtOrYear    = regexp.MustCompile(`^\d{4}-\d{2,4}$|^\d{1,2}/\d{1,2}/\d{2,4}$|^\d{3}-\d{3}-\d{4}$|^\d{3}-\d{4}$`)
	numberedEnough = regexp.MustCompile(`\d.*\d.*\d`)
)

// mostDocketBytes bounds how far behind a word the number is looked for.
const mostDocketBytes = 60

// dockets finds the numbers of cases.
func (s scan) dockets() {
	for _, f := range s.Found {
		if f.Entry.Role != passage.DocketWord || f.End >= len(s.Text.Words) {
			continue
		}
		from := s.Text.Words[f.End-1].End
		rest := s.Text.Source[from:min(len(s.Text.Source), from+mostDocketBytes)]
		rest = strings.TrimPrefix(strings.TrimPrefix(rest, "."), "s.")
		form := numbered
		if f.Entry.Value == "bare" {
			form = appellate
			if s.notACase(f) {
				continue
			}
		}
		m := form.FindStringSubmatch(rest)
		if m != nil && goesOn(rest[len(m[0]):]) {
			continue
		}
		if m == nil || !numberedEnough.MatchString(m[1]) || courtOrYear.MatchString(m[1]) || f.Entry.Value == "bare" && !strings.Contains(s.Text.Slice(f.Start, f.End), "N") {
			continue
		}
		s.docket(m[1], f.Start, f.End+1)
	}
	s.federalDockets()
}

// goesOn tells whether a number is written on: what was read is not all of it.
func goesOn(rest string) bool {
	return len(rest) > 1 && (rest[0] == '-' || rest[0] == '/') && (passage.Digit(rest[1:]) || rest[1]|0x20 >= 'a' && rest[1]|0x20 <= 'z')
}

// notACase tells whether "No." numbers something else: "Opinion No. 21-104".
func (s scan) notACase(f passage.Found) bool {
	switch s.Word(f.Start - 1) {
	case "opinion", "rule", "order", "bill", "resolution", "docket", "release", "ordinance", "proposition", "measure", "question", "permit", "license", "formal",
		"proposal", "letter", "notice", "contract", "request", "rfp", "act", "law", "chapter", "article", "section", "regulation", "circular", "advisory":
		return true
	}
	return false
}

// federalDockets finds numbers whose form alone says what they are.
func (s scan) federalDockets() {
	for i := 1; i+1 < len(s.Text.Words) && i < passage.MostWords; i++ {
		switch s.Text.Words[i].Folded {
		case "cv", "cr", "mc", "md", "mj", "bk", "ap", "mdl", "po", "sw", "ml", "misc", "gd", "adv":
		default:
			continue
		}
		if !passage.Digit(s.Word(i-1)) || !passage.Digit(s.Word(i+1)) || s.Boilerplate(i) {
			continue
		}
		from := max(s.Text.Words[i].Start-5, 0)
		part := strings.ToLower(s.Text.Source[from:min(len(s.Text.Source), s.Text.Words[i+1].End)])
		number := federalDocket.FindString(part)
		whole := strings.ToLower(s.Text.Source[from:min(len(s.Text.Source), s.Text.Words[i+1].End+8)])
		if full := stateDocket.FindString(whole); full != "" {
			number = full
		}
		if number == "" && (from == 0 || !strings.ContainsAny(part[:2], "0123456789:-")) {
			number = shortFederal.FindString(part)
		}
		if number != "" {
			s.docket(number, i, i+2)
		}
	}
}

// docket keeps a number; the initials of judges behind it are no part of its value.
func (s scan) docket(number string, start, end int) {
	value := strings.ToLower(number)
	if len(value) > 2 && value[0] == '0' && value[2] == ':' {
		value = value[1:] // "01:13-cv-4023"
	}
	for _, form := range []*regexp.Regexp{stateDocket, federalDocket, shortFederal} {
		if m := form.FindString(value); m != "" && strings.HasPrefix(value, m) {
			value, number = m, m
			break
		}
	}
	s.Add("docket", value, number, nil, start, min(end, len(s.Text.Words)))
}
