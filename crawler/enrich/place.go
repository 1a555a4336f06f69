package enrich

import (
	"fmt"
	"strings"

	"agora/crawler/enrich/phrases"
	"agora/index/vocabulary"
)

// datelineForms are the abbreviations of states after the name of a town, beside the
// postal code and the full name.
var datelineForms = map[string]string{
	"ala": "AL", "ariz": "AZ", "ark": "AR", "calif": "CA", "colo": "CO", "conn": "CT", "del": "DE", "fla": "FL", "ga": "GA", "ill": "IL",
	"ind": "IN", "kan": "KS", "kans": "KS", "ky": "KY", "la": "LA", "md": "MD", "mass": "MA", "mich": "MI", "minn": "MN", "miss": "MS", "mo": "MO", "mont": "MT",
	"neb": "NE", "nev": "NV", "nh": "NH", "nj": "NJ", "nm": "NM", "ny": "NY", "nc": "NC", "nd": "ND", "okla": "OK", "ore": "OR",
	"pa": "PA", "ri": "RI", "sc": "SC", "sd": "SD", "tenn": "TN", "tex": "TX", "vt": "VT", "va": "VA", "wash": "WA", "wva": "WV", "wis": "WI", "wisc": "WI",
	"wyo": "WY", "pr": "PR", "dc": "DC", "vi": "VI", "usvi": "VI", "cnmi": "MP",
}

// seats are the towns that releases are dated from without the name of the state. Towns whose name
// several states share are left out: they prove nothing alone.
var seats = map[string]string{
	"montgomery": "AL", "juneau": "AK", "anchorage": "AK", "phoenix": "AZ", "little rock": "AR", "sacramento": "CA", "los angeles": "CA",
	"san francisco": "CA", "oakland": "CA", "san diego": "CA", "denver": "CO", "hartford": "CT", "tallahassee": "FL", "atlanta": "GA", "honolulu": "HI",
	"boise": "ID", "chicago": "IL", "indianapolis": "IN", "des moines": "IA", "topeka": "KS", "frankfort": "KY", "baton rouge": "LA", "baltimore": "MD", "annapolis": "MD",
	"boston": "MA", "lansing": "MI", "st paul": "MN", "saint paul": "MN", "jefferson city": "MO", "st louis": "MO", "helena": "MT", "lincoln": "NE",
	"carson city": "NV", "las vegas": "NV", "trenton": "NJ", "santa fe": "NM", "albuquerque": "NM", "new york city": "NY", "albany": "NY", "raleigh": "NC",
	"bismarck": "ND", "oklahoma city": "OK", "harrisburg": "PA", "providence": "RI", "pierre": "SD", "nashville": "TN", "austin": "TX",
	"salt lake city": "UT", "montpelier": "VT", "olympia": "WA", "seattle": "WA", "charleston wva": "WV", "madison": "WI", "cheyenne": "WY",
	"san juan": "PR", "hagatna": "GU", "saipan": "MP", "pago pago": "AS",
}

// places finds names of states for the search of an office.
type places struct {
	names *phrases.List
}

func newPlaces(v *phrases.Vocabulary) (places, error) {
	p := places{names: phrases.NewList(v)}
	for i, o := range vocabulary.Offices {
		if err := p.names.Add(o.Name, int32(i)); err != nil {
			return places{}, err
		}
	}
	return p, nil
}

// searched is how many lines may tell whose a release is.
const searched = 8

// FindOffice tells whose release a title and a text are: by the town and state of the
// dateline, the attorney general named, and the name of the office. What it finds must
// agree; ok is false where nothing is found or two things contradict, for a wrong
// office is worse than none. evidence says in words what it rests on.
func (e *Enricher) FindOffice(title, text string) (code, evidence string, ok bool) {
	d := e.read(title, text)
	var why []string
	agree := func(found, reason string) bool {
		if found == "" {
			return true
		}
		if code != "" && code != found {
			return false
		}
		code = found
		why = append(why, reason)
		return true
	}
	dated, quote := e.dateline(d)
	if !agree(dated, fmt.Sprintf("dateline %q", quote)) {
		return "", "", false
	}
	attorney, quote, clash := e.speaker(d, code)
	if clash || !agree(attorney, fmt.Sprintf("attorney general %q", quote)) {
		return "", "", false
	}
	body, quote := e.ownName(d, code)
	if attorney != "" && body != attorney {
		body = "" // a colleague's: who speaks is known
	}
	if !agree(body, fmt.Sprintf("office %q", quote)) {
		return "", "", false
	}
	if code == "" {
		return "", "", false
	}
	return code, strings.Join(why, ", "), true
}

// dateline finds the state of the dateline: "RICHMOND, VA –", "(Anchorage, AK)",
// "CHARLESTON, W.Va. —", "August 2, 2022 (SAINT PAUL) —".
func (e *Enricher) dateline(d document) (string, string) {
	for n := 1; n < len(d.lines) && n <= searched; n++ {
		l := d.lines[n]
		end := min(l.end, l.start+14)
		for i := l.start; i < end; i++ {
			closes := i+1 >= l.end || d.text.Words[i+1].Before&(phrases.Dash|phrases.Open|phrases.Close|phrases.Colon) != 0
			if !closes || i == l.start && i+1 >= l.end {
				continue
			}
			if code := e.placeAt(d, l.start, i); code != "" {
				return code, d.text.Slice(l.start, i+1)
			}
		}
	}
	return "", ""
}

// placeAt reads the state of a dateline whose last word is at i.
func (e *Enricher) placeAt(d document, start, i int) string {
	last := d.text.Words[i]
	for length := 4; length >= 1; length-- {
		from := i - length + 1
		if from <= start {
			continue
		}
		if m, ok := e.places.names.Longest(d.numbers[:i+1], from); ok && m.End == i+1 && d.text.Words[from].Upper &&
			d.text.Words[from].Before&(phrases.Comma|phrases.Open) != 0 {
			return vocabulary.Offices[m.Value].Code
		}
	}
	if i > start && last.Before&phrases.Comma != 0 || i > start+1 && d.word(i-1) == "w" && last.Folded == "va" {
		if d.word(i-1) == "w" && last.Folded == "va" {
			return "WV"
		}
		if code, ok := datelineForms[last.Folded]; ok && last.Upper {
			return code
		}
		written := d.text.Source[last.Start:last.End]
		if o, ok := vocabulary.OfficeByCode(written); ok && written == o.Code {
			return o.Code
		}
	}
	for length := 3; length >= 1; length-- {
		from := i - length + 1
		if from < start || !d.text.Words[from].Upper {
			continue
		}
		words := make([]string, 0, length)
		for k := from; k <= i; k++ {
			words = append(words, d.word(k))
		}
		if code, ok := seats[strings.Join(words, " ")]; ok && (from == start || d.text.Words[from].Before&(phrases.Open|phrases.Comma|phrases.Dash) != 0) {
			return code
		}
	}
	return ""
}

// speaker finds the office of the attorney general who is named: by full name wherever
// one office alone had that name, or by the surname in an office already known. clash tells that the
// first one named belongs to another office than known.
func (e *Enricher) speaker(d document, known string) (code, quote string, clash bool) {
	end := 0
	if n := min(d.body+2, len(d.lines)); n > 0 {
		end = d.lines[n-1].end
	}
	for i := range min(end, len(d.text.Words)) {
		w := d.text.Words[i]
		if !w.Upper || len(e.attorneys.byName[w.Folded]) == 0 || !d.titledWithin(i) {
			continue
		}
		candidates := e.attorneys.candidates(d, i)
		if len(candidates) == 0 {
			continue
		}
		quote = d.text.Slice(max(i-3, 0), i+1)
		for _, c := range candidates {
			if c == known {
				return c, quote, false
			}
		}
		if len(candidates) == 1 {
			return candidates[0], quote, known != "" && !e.joint(d, i)
		}
		return "", "", false
	}
	return "", "", false
}

// joint tells whether the person named at word i is introduced with a state of their own,
// as colleagues of a joint action are.
func (e *Enricher) joint(d document, i int) bool {
	for k := i - 1; k >= 0 && k > i-8; k-- {
		if m, ok := e.places.names.Longest(d.numbers[:i], k); ok && m.Value >= 0 && d.word(m.End) == "attorney" {
			return true
		}
	}
	return false
}

// titledWithin tells whether the title "Attorney General" stands at most three words before i.
func (d document) titledWithin(i int) bool {
	for k := i; k > i-4 && k > 0; k-- {
		if d.titled(k) {
			return true
		}
	}
	return false
}

// candidates returns the offices that had an attorney general with the name that ends at
// word i: those whose full name is written, else those with the surname.
func (a attorneys) candidates(d document, i int) []string {
	surname := d.word(i)
	var full []string
	for _, code := range a.byName[surname] {
		for _, p := range a.offices[code].people {
			if p.surname == surname && len(p.words) > 1 && (d.word(i-1) == p.words[0] || d.word(i-2) == p.words[0]) {
				full = append(full, code)
				break
			}
		}
	}
	if len(full) > 0 {
		return full
	}
	if d.titled(i) {
		return a.byName[surname]
	}
	return nil
}

// ownName finds "Office of the Attorney General of Iowa", "Iowa Attorney General", "the
// Iowa Department of Justice" in the first lines: that of the office known where it is among
// them, else the only one; several different ones prove nothing.
func (e *Enricher) ownName(d document, known string) (code, quote string) {
	end := 0
	if n := min(d.body+1, len(d.lines)); n > 0 {
		end = d.lines[n-1].end
	}
	found := map[string]string{}
	for i := 0; i < end; {
		m, ok := e.places.names.Longest(d.numbers[:end], i)
		if !ok || !d.text.Words[i].Upper {
			i++
			continue
		}
		i = m.End
		after := d.word(m.End) == "attorney" && d.word(m.End+1) == "general"
		justice := d.word(m.End) == "department" && d.word(m.End+2) == "justice"
		before := d.word(m.Start-1) == "of" && d.word(m.Start-2) == "general" && d.word(m.Start-3) == "attorney"
		if after || before || justice {
			found[vocabulary.Offices[m.Value].Code] = d.text.Slice(max(m.Start-3, 0), min(m.End+2, end))
		}
	}
	if q, ok := found[known]; ok {
		return known, q
	}
	if len(found) == 1 {
		for c, q := range found {
			return c, q
		}
	}
	return "", ""
}
