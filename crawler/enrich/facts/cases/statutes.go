package cases

import (
	"agora/crawler/enrich/facts/passage"
	"regexp"
	"strings"

	"agora/crawler/enrich/phrases"
	"agora/index/vocabulary"
)

// section is the number of a section as it is written behind the name of a code.
var section = regexp.MustCompile(`^[\s.,]*(?:(?:[Ss]ections?|[Ss]ecs?\.?|[Cc]hapter|§{1,2})\s*)*\s*(\d[0-9A-Za-z]*(?:[.:\-–]\d[0-9A-Za-z]*)*[A-Za-z]?(?:-[a-z]\b)?)`)

// mostSectionBytes bounds how far behind a code its section is looked for.
const mostSectionBytes = 40

// statutes finds sections of codes and named acts.
func (s scan) statutes() {
	for _, f := range s.Found {
		switch f.Entry.Role {
		case passage.USCode:
			s.federalSection(f, "usc", " U.S.C. § ")
		case passage.FederalRules:
			s.federalSection(f, "cfr", " C.F.R. § ")
		case passage.ActName:
			s.namedAct(f)
		case passage.CodeName:
			s.stateSection(f)
		}
	}
	s.stateActs()
}

// number reads the section behind word end-1, with how it is written.
func (s scan) number(end int) string {
	if end >= len(s.Text.Words) || !passage.Digit(s.Word(end)) {
		return ""
	}
	from := s.Text.Words[end-1].End
	m := section.FindStringSubmatch(s.Text.Source[from:min(len(s.Text.Source), from+mostSectionBytes)])
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(m[1], "–", "-")
}

// federalSection reads "42 U.S.C. § 1983": the title of the code stands before it.
func (s scan) federalSection(f passage.Found, code, written string) {
	title := s.Word(f.Start - 1)
	number := s.number(f.End)
	if !passage.Digits(title) || len(title) > 2 || number == "" || s.Broken(f.Start, f.Start+1) {
		return
	}
	s.Add("statute", title+"-"+code+"-"+strings.ToLower(number), title+written+number, nil, f.Start-1, f.End+1)
}

// shortStates are the states as codes of law abbreviate them.
var shortStates = map[string]string{
	"ala": "AL", "ariz": "AZ", "ark": "AR", "cal": "CA", "colo": "CO", "conn": "CT", "del": "DE", "fla": "FL", "ga": "GA", "haw": "HI", "ill": "IL",
	"ind": "IN", "kan": "KS", "ky": "KY", "la": "LA", "me": "ME", "md": "MD", "mass": "MA", "mich": "MI", "minn": "MN", "miss": "MS", "mo": "MO",
	"mont": "MT", "neb": "NE", "nev": "NV", "nh": "NH", "nj": "NJ", "nm": "NM", "ny": "NY", "nc": "NC", "nd": "ND", "okla": "OK", "or": "OR",
	"pa": "PA", "ri": "RI", "sc": "SC", "sd": "SD", "tenn": "TN", "tex": "TX", "vt": "VT", "va": "VA", "wash": "WA", "wva": "WV", "wis": "WI",
	"wyo": "WY", "dc": "DC",
}

// stateSection reads "Va. Code § 59.1-200", "Minnesota Statutes 2020, section 8.31".
func (s scan) stateSection(f passage.Found) {
	var start int
	var code string
	if c, at, ok := s.StateBefore(f.Start); ok && c != "" {
		start, code = at, c
	} else if c, ok := shortStates[s.Word(f.Start-1)]; ok && s.Upper(f.Start-1) && s.Before(f.Start)&^(phrases.Point|phrases.Stop) == 0 {
		start, code = f.Start-1, c
	} else {
		return
	}
	if !s.Upper(f.Start) {
		return
	}
	end := f.End
	if y := s.Word(end); len(y) == 4 && (strings.HasPrefix(y, "20") || strings.HasPrefix(y, "19")) && (s.Word(end+1) == "section" || s.Word(end+1) == "sec" || s.Word(end+1) == "chapter") {
		end++
	}
	for w := s.Word(end); w == "section" || w == "sections" || w == "sec" || w == "chapter"; w = s.Word(end) {
		end++
	}
	number := s.number(end)
	if number == "" {
		return
	}
	office, ok := vocabulary.OfficeByCode(code)
	if !ok {
		return
	}
	title := codeTitle(s.Text.Slice(f.Start, f.End))
	value := strings.ToLower(code) + "-" + strings.ReplaceAll(strings.ToLower(title), " ", "-") + "-" + strings.ToLower(number)
	s.Add("statute", value, office.Name+" "+title+" § "+number, nil, start, end+1)
}

// codeTitle writes out the name of a code without the word "section".
func codeTitle(written string) string {
	var out []string
	for w := range strings.FieldsSeq(written) {
		switch w = strings.Trim(w, ".,§"); strings.ToLower(w) {
		case "section", "sections", "sec", "secs", "chapter", "ann", "annotated", "title", "":
		case "stat", "statute":
			out = append(out, "Statutes")
		case "rev":
			out = append(out, "Revised")
		case "gen":
			out = append(out, "General")
		case "comp":
			out = append(out, "Compiled")
		default:
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}

// namedAct keeps an act of the reviewed list, or the act of a state that has the same name.
func (s scan) namedAct(f passage.Found) {
	if s.Headline(f.Start) && s.Word(f.Start-1) != "the" {
		return
	}
	if code, start, ok := s.StateBefore(f.Start); ok {
		if code != "" {
			s.stateAct(code, start, f.Start, f.End)
		}
		return
	}
	if s.Upper(f.Start-1) && s.Before(f.Start) == 0 && !passage.OpenWords[s.Word(f.Start-1)] && !federalWords[s.Word(f.Start-1)] {
		return // a longer name that holds this one
	}
	s.Add("statute", f.Entry.Value, f.Entry.Label, nil, f.Start, f.End)
}

var federalWords = passage.Set("federal us violated violating under its")

// joining are the small words inside names of acts.
var joining = passage.Set("of and in for to against on the from with")

// mostActWords bounds the name of an act.
const mostActWords = 12

// stateActs finds acts with the name of their state before them: "Ohio Telephone Solicitation Act".
func (s scan) stateActs() {
	for _, f := range s.Found {
		if f.Entry.Role != passage.StateName || s.Headline(f.Start) {
			continue
		}
		for k := f.End; k < len(s.Text.Words) && k < f.End+mostActWords; k++ {
			w := s.Text.Words[k]
			if w.Before&^(phrases.Hyphen|phrases.Quote|phrases.Comma|phrases.Other) != 0 || !w.Upper && !joining[w.Folded] || notAnAct[w.Folded] {
				break
			}
			if k == f.End && (w.Before&^phrases.Quote != 0 || !w.Upper) {
				break
			}
			if w.Before&(phrases.Comma|phrases.Other) != 0 && s.Word(k) != "and" && !s.commaName(k) {
				break
			}
			if w.Folded == "act" && k > f.End {
				s.stateAct(f.Entry.Value, f.Start, f.End, k+1)
				break
			}
		}
	}
}

// notAnAct are words that no name of an act holds: with them the state belongs to something else.
var notAnAct = passage.Set(`attorney attorneys general governor legislature department senator senators representative representatives court supreme senate house assembly enacted office offices division bureau commission county ag
	violated violates under sued announced constitution code statutes statute`)

// commaName tells whether a comma before word k stands inside a name ("Fraud, Waste, and Abuse").
func (s scan) commaName(k int) bool {
	for n := k; n < k+5; n++ {
		if s.Word(n) == "and" || s.Word(n) == "act" {
			return s.Word(n) == "act" || s.Upper(n+1)
		}
		if !s.Upper(n) {
			return false
		}
	}
	return false
}

func (s scan) stateAct(code string, start, from, end int) {
	office, ok := vocabulary.OfficeByCode(code)
	if !ok || end-from < 2 {
		return
	}
	title := passage.Clean(strings.Trim(s.Text.Slice(from, end), "“”\""))
	s.Add("statute", strings.ToLower(code)+"-"+strings.TrimSuffix(s.Slug(from, end), "s"), office.Name+" "+title, nil, start, end)
}
