package parties

import (
	"agora/crawler/enrich/facts/passage"
	"strconv"
	"strings"

	"agora/crawler/enrich/phrases"
)

// mostTargets bounds how many defendants one sentence names.
const mostTargets = 8

// defendants finds who is sued, charged or sentenced. Persons are taken only where they are named
// with the act; who is not yet of age is left out, and so is everybody in a sentence about one.
func (s scan) defendants(companies []name) {
	names := map[int]name{}
	for _, n := range companies {
		names[n.start] = n
	}
	for _, f := range s.Found {
		if f.Entry.Role == passage.AgencyName && s.isAgency(f) {
			names[f.Start] = name{start: f.Start, end: f.End, value: f.Entry.Value, label: f.Entry.Label, agency: true}
		}
	}
	for _, f := range s.Found {
		if s.Upper(f.Start) && (!s.Ends(f.Start) || s.Word(f.Start) == "sue") {
			continue // a heading, the row of a table, Judge Sue Whitlock
		}
		switch f.Entry.Role {
		case passage.Suing:
			if !s.consumers(f) {
				s.targets(f.End, names, f.Entry.Value, false)
			}
		case passage.Charging:
			s.targets(f.End, names, "", true)
		case passage.ChargedIs:
			s.charged(f)
		}
	}
}

// consumers tells whether the words are of people who complain, or of a case in general.
func (s scan) consumers(f passage.Found) bool {
	first := s.Text.Slice(f.Start, f.Start+1)
	if strings.EqualFold(first, "complaints") || strings.EqualFold(first, "lawsuits") || strings.EqualFold(first, "suits") {
		return s.Word(f.Start-1) == "consumer" || s.Word(f.Start-1) == "many" || strings.EqualFold(first, "complaints")
	}
	if strings.EqualFold(first, "complaint") {
		for n := 1; n <= 4; n++ {
			if w := s.Word(f.Start - n); w == "consumer" || w == "your" || w == "file" && s.Word(f.Start-n-1) != "to" {
				return true
			}
		}
	}
	return false
}

// following are words that may stand behind the name of a defendant.
var following = passage.Set(`for with in over and or alleging after to on under today because as by who which seeking claiming that is at from yesterday last earlier this of
	following was were has have had will also but based asking when where while before arguing challenging accusing filed before should may`)

// leading are words before the name of a defendant that are no part of it.
var leading = passage.Set(`the a an defendant defendants company companies former manufacturer manufacturers retailer landlord president secretary dr mr ms mrs giant
	owner owners platform business businesses tech giants two three four five several nonprofit online vaping maker makers social media corporate
	pharmaceutical drug e cigarette contractor and its opioid debt collector ticket operator operators firm firms minneapolis based`)

// targets reads the names behind a word of passage.Suing or passage.Charging.
func (s scan) targets(i int, names map[int]name, sure string, person bool) {
	_, end := s.Sentence(max(i-1, 0))
	if s.Headline(i - 1) {
		return
	}
	for n := 0; n < mostTargets && i < end; n++ {
		if n == 0 && s.Before(i)&^phrases.Hyphen != 0 {
			return
		}
		k := i
		for k < end && k < i+5 && leading[s.Word(k)] && (!s.Upper(k) || titles[s.Word(k)] || s.Word(k) == "the") {
			if _, ok := names[k]; ok {
				break
			}
			k++
		}
		t, ok := names[k]
		if ok && person && t.agency {
			return // "charged the Department for it"
		}
		if form, legal := s.Phrase(t.end); ok && legal && form.Entry.Role == passage.LegalForm && s.Before(t.end)&^(phrases.Comma|phrases.Point) == 0 {
			t.end = form.End
		}
		if !ok && k < end {
			t, ok = s.properName(k, end, person)
		}
		if !ok || !s.closes(t, end) || sure == "case" && t.end-t.start == 1 && names[k].end == 0 {
			return
		}
		s.Add("defendant", t.value, t.label, nil, t.start, t.end)
		i = t.end
		comma := s.Before(i)&phrases.Comma != 0 && i < end
		if s.Word(i) == "and" {
			i++
		} else if !comma {
			return
		}
		if !s.Upper(i) && !leading[s.Word(i)] {
			return
		}
	}
}

var titles = passage.Set("president secretary dr mr ms mrs")

// closes tells whether the name ends where it is said to: what follows begins something else.
func (s scan) closes(t name, end int) bool {
	if t.end >= end || s.Before(t.end)&^(phrases.Hyphen|phrases.Other|phrases.Quote) != 0 {
		return !s.Text.Words[t.end-1].Possessive
	}
	return !s.Text.Words[t.end-1].Possessive && following[s.Word(t.end)]
}

// noNames are words that no name of a person or company is made of alone.
var noNames = passage.Set(`the attorney general attorneys state states county federal government minnesota national american congress monday tuesday wednesday thursday friday
	saturday sunday january february march april may june july august september october november december governor senator representative judge
	it he she they them him her his its this that these those we i you us our their all any some more most one two three four five six seven
	people residents consumers minnesotans americans covid police officer officers republicans democrats democratic republican house senate legislature court`)

// properName reads a name of capitalised words at word k.
func (s scan) properName(k, end int, person bool) (name, bool) {
	j := k
	for j < end && j < k+6 && (s.Upper(j) || j > k && nameJoins(s.Word(j)) && s.Upper(j+1) && (s.Word(j) != "of" || bodies[s.Word(j-1)])) && (j == k || s.OneName(j) || s.Ampersand(j)) {
		j++
	}
	if s.Word(j) == "and" && j > k && s.Before(j) == 0 && trades[s.Word(j+1)] && s.Upper(j+1) && j+1 < end {
		j += 2 // "Harbor Bar and Grill"
	}
	n := j - k
	if n == 0 || n > 5 || noNames[s.Word(k)] || noNames[s.Word(j-1)] {
		return name{}, false
	}
	for i := k; i < j; i++ {
		if f, ok := s.Phrase(i); ok && f.Entry.Role == passage.StateName && (i == k || f.End == j) || len(s.Word(i)) == 0 {
			return name{}, false
		}
	}
	if known, ok := publicNames[s.Slug(k, j)]; ok && !person {
		return name{start: k, end: j, value: known[0], label: known[1]}, true
	}
	if n < 2 && !camel(s.Text.Slice(k, j)) {
		return name{}, false
	}
	if person && !s.personName(k, j) || s.young(k, j) {
		return name{}, false
	}
	return name{start: k, end: j, value: s.Slug(k, j), label: passage.Clean(s.Text.Slice(k, j))}, true
}

// trades are words behind "and" that end the name of a business.
var trades = passage.Set("grill grille sons associates company bistro lounge bar spa fitness bakery brewery cafe catering eatery tavern restaurant pub saloon daughters brothers")

// bodies are words whose name goes on behind "of": "Bank of Salem", but not "Dana Whitlock of Salem".
var bodies = passage.Set("bank university board department church college institute house school city town village diocese archdiocese order association")

func nameJoins(w string) bool {
	return w == "of" || w == "de" || w == "la" || w == "van" || w == "von" || w == "del"
}

// camel tells whether a single word is written as brands are: "TikTok", "JUUL".
func camel(w string) bool { return len(w) > 3 && strings.ToLower(w[1:]) != w[1:] }

// publicNames are defendants that are named in many ways.
var publicNames = map[string][2]string{
	"trump": {"donald-trump", "Donald Trump"}, "donald-trump": {"donald-trump", "Donald Trump"}, "donald-j-trump": {"donald-trump", "Donald Trump"},
	"trump-administration": {"trump-administration", "Trump administration"}, "biden-administration": {"biden-administration", "Biden administration"},
	"biden": {"joe-biden", "Joe Biden"}, "joe-biden": {"joe-biden", "Joe Biden"}, "obama-administration": {"obama-administration", "Obama administration"},
}

// organisations are words in names that are no person's.
var organisations = passage.Set(`big company companies group services service university college school hospital clinic church bank fund funds foundation association center centre
	department agency administration bureau board commission city town village district court office system systems health care home homes
	solutions management properties industries products partners holdings enterprises international global council committee union coalition
	institute society club team program project plan act law solar energy auto motors sales construction media network news trust police of
	army force navy guard jail prison housing apartments estates park street avenue farms farm foods medicaid medicare task unit division federal superior
	first second third degree county state north south east west new united attorney general`)

// personName tells whether words k to j-1 have the form of a person's name.
func (s scan) personName(k, j int) bool {
	if j-k < 2 || j-k > 5 {
		return false
	}
	if w := s.Word(k); w == "al" || w == "de" || w == "el" || w == "van" {
		return false // a surname alone
	}
	for i := k; i < j; i++ {
		w := s.Text.Words[i].Folded
		if organisations[w] || noNames[w] || passage.Digit(w) || !s.Upper(i) && !nameJoins(w) || w == "of" {
			return false
		}
		if f, ok := s.Phrase(i); ok && f.Entry.Role != passage.DocketWord && f.Entry.Role != passage.CodeName {
			return false
		}
	}
	return len(s.Word(k)) > 1 || len(s.Word(k+1)) > 1
}

// young tells whether the person named is not of age, or the sentence is about somebody who isn't.
func (s scan) young(k, j int) bool {
	if age, err := strconv.Atoi(s.Word(j)); err == nil && s.Before(j)&phrases.Comma != 0 && age < 18 {
		return true
	}
	start, end := s.Sentence(k)
	for i := start; i < end; i++ {
		switch s.Word(i) {
		case "juvenile", "teenager", "minor", "teen":
			return true
		}
	}
	return false
}

// described are the words before a name that tell of whom it is.
var described = passage.Set(`resident man woman owner operator defendant physician doctor nurse attorney officer that where dentist contractor pharmacist provider
	trafficker dealer therapist caregiver director administrator lawyer landlord businessman psychologist psychiatrist counselor owners president ceo
	lieutenant sergeant deputy sheriff captain corporal detective agent senator representative`)

// charged reads the person before "was sentenced", "pleaded guilty".
func (s scan) charged(f passage.Found) {
	if s.Headline(f.Start) {
		return
	}
	start, _ := s.Sentence(f.Start)
	j := f.Start
	for n := 0; n < 4 && s.Before(j)&phrases.Comma != 0; n++ { // ", 45, of Saint Paul,"
		k := j - 1
		for k > start && j-k < 9 && s.Before(k)&phrases.Comma == 0 {
			k--
		}
		if k <= start || !aside(s.Word(k)) && !s.residence(k, j) {
			break
		}
		j = k
	}
	if s.Before(j)&^phrases.Comma != 0 || j <= start {
		return
	}
	k := j
	for k > start && j-k < 5 && s.Upper(k-1) && (k == j || s.Before(k)&^(phrases.Hyphen|phrases.Point|phrases.Stop|phrases.Quote|phrases.Open|phrases.Close) == 0 && !s.Ends(k)) {
		k--
	}
	for k < j && (titles[s.Word(k)] || described[s.Word(k)]) {
		k++
	}
	if k != start && !s.afterDateline(k) && !described[s.Word(k-1)] && s.Before(k)&phrases.Comma == 0 || !s.personName(k, j) || s.young(k, j) || s.Text.Words[j-1].Possessive {
		return
	}
	if s.Before(k)&phrases.Comma != 0 && k != start && !passage.OpenWords[s.Word(start)] {
		return // the end of a list, or of another clause
	}
	s.Add("defendant", s.Slug(k, j), passage.Clean(s.Text.Slice(k, j)), nil, k, f.End)
}

// aside tells whether a word begins what is said of a person between commas.
func aside(w string) bool {
	switch w {
	case "of", "a", "an", "the", "age", "from", "owner", "also", "aged", "formerly", "who":
		return true
	}
	n, err := strconv.Atoi(w)
	return err == nil && n >= 18 && n < 110
}

// residence tells whether words k to j-1 are a state behind a town.
func (s scan) residence(k, j int) bool {
	f, ok := s.Phrase(k)
	return ok && f.Entry.Role == passage.StateName && f.End == j
}

// afterDateline tells whether word k follows the dash of a dateline.
func (s scan) afterDateline(k int) bool {
	return s.Before(k)&phrases.Dash != 0
}
