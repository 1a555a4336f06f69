package enrich

import (
	"fmt"
	"slices"
	"strings"

	"agora/crawler/enrich/phrases"
	"agora/crawler/office"
	"agora/index"
)

// attorneys knows who held which office when, by the catalogue.
type attorneys struct {
	offices map[string]officeTerms
	byName  map[string][]string // surname → offices that had an attorney general of it
}

type officeTerms struct {
	office office.Office
	people []person
}

// person is an attorney general of the catalogue with the words of the name.
type person struct {
	term    office.Term
	words   []string // folded, initials and "Jr." left out
	surname string
}

func newAttorneys(c office.Catalogue) attorneys {
	a := attorneys{offices: map[string]officeTerms{}, byName: map[string][]string{}}
	for _, o := range c.All() {
		held := officeTerms{office: o}
		for _, t := range o.Terms {
			who := newPerson(t)
			if who.surname == "" {
				continue
			}
			held.people = append(held.people, who)
			if !slices.Contains(a.byName[who.surname], o.ID) {
				a.byName[who.surname] = append(a.byName[who.surname], o.ID)
			}
		}
		a.offices[o.ID] = held
	}
	return a
}

func newPerson(t office.Term) person {
	who := person{term: t}
	for _, w := range phrases.Read(t.Name).Words {
		switch {
		case len(w.Folded) < 2 || w.Before&phrases.Quote != 0:
		case w.Folded == "jr" || w.Folded == "sr" || w.Folded == "ii" || w.Folded == "iii" || w.Folded == "iv":
		default:
			who.words = append(who.words, w.Folded)
			who.surname = w.Folded
		}
	}
	return who
}

// title words before a name: "Attorney General Poe", "AG Poe", "Procurador General Poe".
func (d document) titled(i int) bool {
	switch d.word(i - 1) {
	case "general", "generals", "ag", "ags", "justicia":
		return true
	}
	return false
}

func (d document) word(i int) string {
	if i < 0 || i >= len(d.text.Words) {
		return ""
	}
	return d.text.Words[i].Folded
}

// naming is how often and how fully a person is named in a release.
type naming struct {
	times int
	full  bool // with the first name
	first int  // word of the first naming
}

// named counts where a person is named as attorney general: by full name, or by surname
// right after the title.
func (d document) named(who person) naming {
	n := naming{first: -1}
	for i, w := range d.text.Words {
		if w.Folded != who.surname || !w.Upper {
			continue
		}
		full := len(who.words) > 1 && (d.word(i-1) == who.words[0] || d.word(i-2) == who.words[0] || d.word(i-3) == who.words[0])
		if !full && !d.titled(i) {
			continue
		}
		n.times++
		n.full = n.full || full
		if n.first < 0 {
			n.first = i
		}
	}
	return n
}

// Rules of evidence on who was in office.
const (
	ruleTerm        = "attorney general: in office on "
	ruleContradicts = "contradicts term"
)

// inOffice returns who was attorney general of an office when a release was published:
// by the terms of the catalogue, where several of them may claim the day by the name in the
// text, and without a date by that name alone. A name that contradicts is evidence: the
// catalogue is wrong, or the date is.
func (a attorneys) inOffice(code string, day index.Date, precision string, d document, evidence []index.Evidence) (*index.AttorneyGeneral, []index.Evidence) {
	held, ok := a.offices[code]
	if !ok {
		return nil, evidence
	}
	if day == "" {
		who, quote := best(held.people, d)
		if who == nil {
			return nil, evidence
		}
		return who.value(), append(evidence, attorneyEvidence(who.term.Name, "attorney general: named in the text, no date", quote))
	}
	claims := held.claims(day, precision)
	if len(claims) == 0 {
		return nil, evidence
	}
	if !several(claims) {
		who := claims[len(claims)-1]
		evidence = append(evidence, attorneyEvidence(who.term.Name, ruleTerm+string(day), ""))
		if other, quote := a.contradiction(code, held.people, who, d); other != "" {
			evidence = append(evidence, index.Evidence{Field: "attorney_general.conflict", Value: other, Rule: ruleContradicts, Quote: quote})
		}
		return who.value(), evidence
	}
	who, quote := best(claims, d)
	if who == nil {
		return nil, evidence
	}
	return who.value(), append(evidence, attorneyEvidence(who.term.Name, fmt.Sprintf("attorney general: %d terms claim %s, the text decides", len(claims), day), quote))
}

// claims returns those whose terms may hold on a day, or on a day of the month or year that is
// all that is known of it.
func (o officeTerms) claims(day index.Date, precision string) []person {
	first, last := string(day), string(day)
	switch {
	case precision == "month" && len(first) >= len("2006-01"):
		first, last = first[:len("2006-01")]+"-01", first[:len("2006-01")]+"-31"
	case precision == "year" && len(first) >= len("2006"):
		first, last = first[:len("2006")]+"-01-01", first[:len("2006")]+"-12-31"
	}
	var claims []person
	for _, p := range o.people {
		from, until := string(p.term.From()), string(p.term.Until())
		if from != "" && last >= from && (until == "" || first < until) {
			claims = append(claims, p)
		}
	}
	return claims
}

// several tells whether terms are of more than one person, or of one who first only acted.
func several(claims []person) bool {
	for _, p := range claims[1:] {
		if p.term.Name != claims[0].term.Name {
			return true
		}
	}
	return false
}

// contradiction returns the attorney general that the text speaks of in place of the one in
// office: another of the catalogue, or whoever title and first paragraph call so.
func (a attorneys) contradiction(code string, people []person, who person, d document) (name, quote string) {
	if d.named(who).times > 0 {
		return "", ""
	}
	if other, quote := best(people, d); other != nil && other.term.Name != who.term.Name {
		return other.term.Name, quote
	}
	for i := 1; i < d.headEnd() && i+1 < len(d.text.Words); i++ {
		if d.word(i) != "general" || d.word(i-1) != "attorney" || !d.text.Words[i].Upper || d.text.Words[i].Possessive || !a.ownTitle(code, d, i-2) {
			continue
		}
		surname := d.surnameAt(i + 1)
		if surname == "" || surname == d.word(i+1) || slices.Contains(who.words, surname) {
			continue // a surname alone may be anybody's
		}
		if d.named(person{surname: surname, words: []string{d.word(i + 1), surname}}).times > 1 {
			end := i + 2
			for end < len(d.text.Words) && d.word(end-1) != surname {
				end++
			}
			return d.text.Slice(i+1, end), d.text.Slice(i-1, end)
		}
	}
	return "", ""
}

// otherTitles stand before "Attorney General" in titles that are not that of the office's head.
var otherTitles = map[string]bool{
	"us": true, "states": true, "assistant": true, "deputy": true, "former": true, "associate": true, "senior": true, "special": true, "then": true,
	"chief": true, "by": true, "nominee": true, "elect": true,
}

// ownTitle tells whether the title that follows word i can be that of the office's attorney
// general: nothing before it says otherwise, and no other state.
func (a attorneys) ownTitle(code string, d document, i int) bool {
	if otherTitles[d.word(i)] || d.word(i) == "and" || d.word(i) == "with" {
		return false
	}
	own := a.owner(d, i)
	return own == "" || own == code
}

// headEnd returns the word after the first paragraph.
func (d document) headEnd() int {
	if d.body < len(d.lines) {
		return d.lines[d.body].end
	}
	return len(d.text.Words)
}

func attorneyEvidence(name, rule, quote string) index.Evidence {
	return index.Evidence{Field: "attorney_general", Value: name, Rule: rule, Quote: quote}
}

func (p person) value() *index.AttorneyGeneral {
	return &index.AttorneyGeneral{Name: p.term.Name, Party: p.term.Party, Acting: p.term.Acting, Certainty: p.term.Certainty}
}

// best returns the person of a list that the text names most, the earlier named of two; nil where
// it names none. Of two terms of one person the later counts.
func best(people []person, d document) (*person, string) {
	var found *person
	var most naming
	for i := len(people) - 1; i >= 0; i-- {
		n := d.named(people[i])
		if n.times == 0 || found != nil && found.term.Name == people[i].term.Name {
			continue
		}
		if found == nil || n.times > most.times || n.times == most.times && n.first < most.first {
			found, most = &people[i], n
		}
	}
	if found == nil {
		return nil, ""
	}
	return found, d.text.Slice(max(most.first-4, 0), most.first+1)
}

// surnames returns the folded names under which the publisher's attorneys general may
// speak in a release: those of the catalogue, and whoever the title or the first
// paragraph calls attorney general without another state's name before it.
func (a attorneys) surnames(code string, d document) []string {
	var out []string
	for _, p := range a.offices[code].people {
		out = append(out, p.surname)
	}
	for i, end := 0, d.headEnd(); i+1 < end; i++ {
		w := d.word(i)
		if w != "general" && w != "ag" || w == "general" && d.word(i-1) != "attorney" {
			continue
		}
		before := i - 1
		if w == "general" {
			before--
		}
		if own := a.owner(d, before); own != "" && own != code {
			continue
		}
		if name := d.surnameAt(i + 1); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// owner returns the office whose name ends at word i, by its last word; "" for none.
func (a attorneys) owner(d document, i int) string {
	if d.word(i) == "" || !d.text.Words[i].Upper {
		return ""
	}
	for code, held := range a.offices {
		name := strings.Fields(strings.ToLower(held.office.Name))
		if len(name) == 0 || name[len(name)-1] != d.word(i) {
			continue
		}
		if len(name) == 1 && (d.word(i-1) == "west" || d.word(i-1) == "new") {
			continue
		}
		if len(name) > 1 && name[len(name)-2] != d.word(i-1) {
			continue
		}
		return code
	}
	return ""
}

// surnameAt reads the name that begins at word i and returns its last word, folded.
func (d document) surnameAt(i int) string {
	last := ""
	for k := i; k < len(d.text.Words) && k < i+4; k++ {
		w := d.text.Words[k]
		if !w.Upper || k > i && w.Before&^(phrases.Stop|phrases.Point) != 0 && w.Before&phrases.Hyphen == 0 || namesEnd[w.Folded] {
			break
		}
		if w.Folded != "jr" {
			last = w.Folded
		}
		if w.Possessive {
			break
		}
	}
	if len(last) < 3 {
		return ""
	}
	return last
}

// namesEnd are capitalised words of titles that follow a name: "Attorney General Poe Joins".
var namesEnd = map[string]bool{
	"joins": true, "leads": true, "co": true, "coleads": true, "announces": true, "urges": true, "sues": true, "files": true, "calls": true, "secures": true,
	"today": true, "and": true, "reaches": true, "issues": true, "obtains": true, "wins": true, "warns": true, "fights": true, "asks": true,
	"opposes": true, "statement": true, "releases": true, "supports": true, "applauds": true, "reminds": true, "challenges": true,
	"demands": true, "settles": true, "defends": true, "to": true, "in": true, "for": true, "on": true, "condemns": true, "celebrates": true,
	"seeks": true, "moves": true, "praises": true, "charges": true, "launches": true, "has": true, "is": true, "said": true, "will": true, "of": true,
}
