package cases

import (
	"agora/crawler/enrich/facts/passage"
	"strings"

	"agora/crawler/enrich/phrases"
	"agora/index/vocabulary"
)

// circuits are the federal courts of appeals by the word before "Circuit".
var circuits = map[string][2]string{
	"first": {"1", "First"}, "1st": {"1", "First"}, "second": {"2", "Second"}, "2nd": {"2", "Second"}, "2d": {"2", "Second"}, "third": {"3", "Third"}, "3rd": {"3", "Third"},
	"3d": {"3", "Third"}, "fourth": {"4", "Fourth"}, "4th": {"4", "Fourth"}, "fifth": {"5", "Fifth"}, "5th": {"5", "Fifth"}, "sixth": {"6", "Sixth"}, "6th": {"6", "Sixth"},
	"seventh": {"7", "Seventh"}, "7th": {"7", "Seventh"}, "eighth": {"8", "Eighth"}, "8th": {"8", "Eighth"}, "ninth": {"9", "Ninth"}, "9th": {"9", "Ninth"},
	"tenth": {"10", "Tenth"}, "10th": {"10", "Tenth"}, "eleventh": {"11", "Eleventh"}, "11th": {"11", "Eleventh"}, "dc": {"dc", "D.C."}, "federal": {"federal", "Federal"},
}

// courts finds the courts that are named in full.
func (s scan) courts() {
	for _, f := range s.Found {
		switch f.Entry.Role {
		case passage.SupremeCourt, passage.SpecialCourt:
			s.Add("court", f.Entry.Value, f.Entry.Label, nil, f.Start, f.End)
		case passage.DistrictCourt:
			s.districtCourt(f)
		case passage.AppealsCourt:
			if c, ok := circuits[s.Word(f.End)]; ok && s.Word(f.End+1) == "circuit" && !s.Broken(f.End, f.End+2) {
				s.appealsCourt(c, f.Start, f.End+2)
			}
		case passage.CountyCourt:
			s.stateCourt(f)
		}
	}
	s.circuitCourts()
}

func (s scan) appealsCourt(c [2]string, start, end int) {
	s.Add("court", "us-court-of-appeals-"+c[0], "U.S. Court of Appeals for the "+c[1]+" Circuit", nil, start, end)
}

// circuitCourts finds "Ninth Circuit Court of Appeals" and "the Ninth Circuit".
func (s scan) circuitCourts() {
	for _, l := range s.Lines {
		if l.Boilerplate {
			continue
		}
		for i := l.Start + 1; i < min(l.End, passage.MostWords); i++ {
			if s.Text.Words[i].Folded != "circuit" || !s.Upper(i) || s.Broken(i, i+1) {
				continue
			}
			c, ok := circuits[s.Word(i-1)]
			if !ok || s.Word(i-2) == "the" && s.Word(i-3) == "of" && s.Word(i-4) == "court" || s.Word(i-1) == "federal" && s.Word(i+1) == "court" {
				continue // "Circuit Court of the First Circuit" is Hawaii's
			}
			appeals := s.Word(i+1) == "court" && s.Word(i+2) == "of" && s.Word(i+3) == "appeals"
			if !appeals && (s.Word(i+1) == "court" || s.Word(i+1) == "judge" || s.solicitor(i) || s.Word(i-2) != "the" || s.Office == "HI") {
				continue
			}
			if !s.Upper(i-1) && !passage.Digit(s.Word(i-1)) {
				continue
			}
			s.appealsCourt(c, i-1, i+1)
		}
	}
}

// solicitor tells whether "Circuit" at word i is the district of a prosecutor, as in South Carolina.
func (s scan) solicitor(i int) bool {
	if w := s.Word(i + 1); w == "solicitor" || w == "solicitors" {
		return true
	}
	for k := i - 1; k > i-9; k-- {
		if (s.Word(k) == "solicitor" || s.Word(k) == "solicitors") && s.Word(k+1) != "general" {
			return true
		}
	}
	return false
}

// passage.DistrictCourt reads the district behind "U.S. District Court for the Eastern District of".
func (s scan) districtCourt(f passage.Found) {
	state, ok := s.Phrase(f.End)
	if !ok || state.Entry.Role != passage.StateName || s.Broken(f.End, f.End+1) {
		return
	}
	part := ""
	switch w := s.Word(f.End - 3); w {
	case "eastern", "western", "northern", "southern", "central", "middle":
		part = w
	}
	court, value := "U.S. District Court for the ", "us-district-court-"
	if f.Entry.Value == "bankruptcy" {
		court, value = "U.S. Bankruptcy Court for the ", "us-bankruptcy-court-"
	}
	district := "District of " + state.Entry.Label
	if state.Entry.Value == "DC" {
		district = "District of Columbia"
	}
	if part != "" {
		district = strings.ToUpper(part[:1]) + part[1:] + " " + district
		value += part[:1] + "d-"
	} else if divided[state.Entry.Value] {
		return // a state with several districts, of which none is named
	}
	s.Add("court", value+strings.ToLower(state.Entry.Value), court+district, nil, f.Start, state.End)
}

// divided are the states with more than one federal district.
var divided = passage.Set("AL AR CA FL GA IL IN IA KY LA MI MS MO NY NC OH OK PA TN TX VA WA WV WI")

// highCourts are the courts of a state that its name alone tells apart.
var highCourts = map[string]string{"supreme court": "Supreme Court", "court of appeals": "Court of Appeals", "court of criminal appeals": "Court of Criminal Appeals"}

// stateCourt reads the state or the county before or behind the kind of a court.
func (s scan) stateCourt(f passage.Found) {
	kind := strings.ToLower(strings.Join(strings.Fields(s.Text.Slice(f.Start, f.End)), " "))
	if s.Text.Words[f.End-1].Folded[len(s.Text.Words[f.End-1].Folded)-1] == 's' && s.Word(f.End-1) == "courts" {
		return
	}
	if title, ok := highCourts[kind]; ok {
		if code, start, ok := s.StateBefore(f.Start); ok && code != "" && !s.Text.Words[f.Start-1].Possessive {
			s.highCourt(code, kind, title, start, f.End)
			return
		}
		k := f.End
		if s.Same(k, []string{"of", "the", "state", "of"}) {
			k += 4
		} else if s.Word(k) == "of" {
			k++
		}
		if state, ok := s.Phrase(k); ok && k > f.End && state.Entry.Role == passage.StateName && !s.Broken(f.End, k+1) {
			s.highCourt(state.Entry.Value, kind, title, f.Start, state.End)
			return
		}
	}
	if s.Word(f.Start-1) == "county" && s.Upper(f.Start-1) && !s.Broken(f.Start, f.Start+1) {
		s.countyCourt(f, kind)
	}
}

func (s scan) highCourt(code, kind, title string, start, end int) {
	if kind == "supreme court" && code == "NY" && s.Word(end) == "county" {
		return
	}
	state, ok := vocabulary.OfficeByCode(code)
	if !ok || code == "DC" && kind == "supreme court" {
		return
	}
	value := strings.ToLower(code) + "-" + strings.ReplaceAll(kind, " ", "-")
	s.Add("court", value, state.Name+" "+title, nil, start, end)
}

// passage.CountyCourt reads "Hennepin County District Court". It is taken for a court of the publisher's state
// unless the sentence names another one.
func (s scan) countyCourt(f passage.Found, kind string) {
	own, ok := vocabulary.OfficeByCode(s.Office)
	if !ok {
		return
	}
	k := f.Start - 1
	for k > 0 && f.Start-k < 5 && s.Upper(k-1) && s.Before(k)&^(phrases.Hyphen|phrases.Point) == 0 && !passage.OpenWords[s.Word(k-1)] && !s.Ends(k) {
		k--
	}
	if k == f.Start-1 || s.Before(k)&phrases.Hyphen != 0 || s.Word(k-1) == "and" {
		return
	}
	start, end := s.Sentence(f.Start)
	for i := start; i < end; i++ {
		if p, ok := s.Phrase(i); ok && p.Entry.Role == passage.StateName && p.Entry.Value != s.Office {
			return
		}
	}
	if p, ok := s.Phrase(k); ok && p.Entry.Role == passage.StateName && p.End < f.Start-1 {
		k = p.End
	}
	label := passage.Clean(s.Text.Slice(k, f.End))
	s.Add("court", strings.ToLower(s.Office)+"-"+s.Slug(k, f.Start)+"-"+strings.ReplaceAll(kind, " ", "-"), label+", "+own.Name, nil, k, f.End)
}
