package parties

import (
	"agora/crawler/enrich/facts/passage"
	"strings"

	"agora/crawler/enrich/phrases"
)

// name is a company or agency in a text: words start to end-1.
type name struct {
	start, end   int
	value, label string
	agency       bool
}

// companies finds the companies of a release and returns each mention, in the order of the text.
func (s scan) companies() []name {
	var names []name
	for _, f := range s.Found {
		switch f.Entry.Role {
		case passage.CompanyName:
			if s.InFull(f) && s.isCompany(f) {
				names = append(names, name{start: f.Start, end: f.End, value: f.Entry.Value, label: f.Entry.Label})
				s.Add("company", f.Entry.Value, f.Entry.Label, nil, f.Start, f.End)
			}
		case passage.LegalForm:
			if n, ok := s.formed(f); ok {
				names = append(names, n)
				s.Add("company", n.value, n.label, nil, n.start, n.end)
			}
		}
	}
	return names
}

// places are words behind the name of a company that make a place of it, or another thing.
var places = passage.Set(`field stadium center centre arena park theater theatre circle avenue street road foundation university school tower plaza building
	award marathon ave st rd blvd drive lane county museum library scholarship`)

// pages are words behind the name of a platform that make a means of it.
var pages = passage.Set(`page pages live account accounts profile post posts ad ads group groups messenger maps map translate play meet hangouts drive form forms doc docs
	voice community fan pay search searches marketplace video videos channel feed message messages user users scholar classroom chat calendar hangout gift card cards earth`)

// means are words before the name of a platform that make a means of it.
var means = passage.Set("on via through visit follow using like or and over by")

// isCompany tells whether a name from the list is that of the company here.
func (s scan) isCompany(f passage.Found) bool {
	next := s.Word(f.End)
	if s.Upper(f.End) && s.Before(f.End) == 0 && places[next] {
		return false
	}
	if f.Entry.Final == 's' != s.finalS(f) && f.Entry.Final != 0 || s.isSurname(f) {
		return false
	}
	if s.Before(f.Start)&phrases.Hyphen != 0 || s.Before(f.End)&phrases.Hyphen != 0 && f.End < len(s.Text.Words) && f.Entry.Platform {
		return false
	}
	if w := s.Text.Source; f.Start > 0 && strings.HasSuffix(w[:s.Text.Words[f.Start].Start], "@") || strings.HasSuffix(w[:s.Text.Words[f.Start].Start], "www.") {
		return false
	}
	if f.End < len(s.Text.Words) && strings.HasPrefix(s.Text.Source[s.Text.Words[f.End-1].End:], ".") && s.Text.Words[f.End].Start == s.Text.Words[f.End-1].End+1 {
		return false // an address on the web
	}
	if f.Entry.Platform {
		if before := s.Word(f.Start - 1); means[before] && !s.joinsCompany(f, before) || pages[next] && s.Before(f.End) == 0 {
			return false
		}
	}
	return true
}

// finalS tells whether the last word of a name is written with an s, as "McDonald’s" is.
func (s scan) finalS(f passage.Found) bool {
	w := s.Text.Words[f.End-1]
	return w.Possessive && f.Entry.Final == 's' || w.Folded[len(w.Folded)-1] == 's'
}

// surnames are names of companies that people have too.
var surnames = passage.Set("honda mcdonald cargill kroger dupont hilton marriott glock bayer toyota boeing pfizer allergan barclay anthem frontier menard")

// isSurname tells whether the name of a company stands behind a first name or a title.
func (s scan) isSurname(f passage.Found) bool {
	if f.End-f.Start != 1 || !surnames[strings.TrimSuffix(s.Word(f.Start), "s")] {
		return false
	}
	before := s.Word(f.Start - 1)
	if s.Before(f.Start)&^phrases.Stop != 0 || s.Ends(f.Start) {
		return false
	}
	_, legal := s.EndingPhrase(f.Start - 1)
	return titles[before] || s.Upper(f.Start-1) && !passage.OpenWords[before] && !legal && !s.Headline(f.Start)
}

// joinsCompany tells whether "and" before a name joins it to another company.
func (s scan) joinsCompany(f passage.Found, before string) bool {
	if before != "and" && before != "or" {
		return false
	}
	o, ok := s.EndingPhrase(f.Start - 2)
	return ok && (o.Entry.Role == passage.LegalForm || o.Entry.Role == passage.CompanyName && !o.Entry.Platform)
}

// publicBodies are corporations that are no companies.
var publicBodies = passage.Set("federal legal housing development nonprofit limited state public county tribal regional community professional")

// formed reads the name before a legal form: "Acme Widgets, Inc." It gives none where it isn't
// plain where the name begins.
func (s scan) formed(f passage.Found) (name, bool) {
	if s.Headline(f.Start) || s.Before(f.Start)&^phrases.Comma != 0 {
		return name{}, false
	}
	if f.End-f.Start == 1 && s.Word(f.Start) == "na" && s.Text.Slice(f.Start, f.End) == "Na" {
		return name{}, false
	}
	begin, _ := s.Sentence(f.Start)
	k := f.Start
	for k > begin && f.Start-k < 9 {
		w := s.Text.Words[k-1]
		gap := s.Before(k)
		joiner := w.Folded == "of" && s.Upper(k) && s.Upper(k-2) && (s.Word(k-2) == "bank" || s.Word(k-2) == "university" || s.IsState(k))
		if !w.Upper && !passage.Digit(w.Folded) && !joiner {
			break
		}
		if k < f.Start && !s.OneName(k) && !s.Ampersand(k) || k == f.Start && gap&^(phrases.Comma|phrases.Point) != 0 {
			break
		}
		if o, ok := s.Phrase(k - 1); ok && o.Entry.Role == passage.LegalForm && k < f.Start {
			return name{}, false // "Acme Corporation America Inc."
		}
		k--
	}
	for k < f.Start && (passage.OpenWords[s.Word(k)] || s.possessiveState(k)) {
		k++
	}
	if k >= f.Start || f.Start-k > 7 || !s.clear(k, begin, f) || s.IsState(k) && f.Start-k < 3 {
		return name{}, false
	}
	if f.Start-k == 1 && (publicBodies[s.Word(k)] || len(s.Word(k)) < 3) || s.Word(f.Start) == "corporation" && publicBodies[s.Word(f.Start-1)] {
		return name{}, false
	}
	for i := k; i < f.Start; i++ {
		if o, ok := s.Phrase(i); ok && (o.Entry.Role == passage.AgencyName || o.Entry.Role == passage.CompanyName && !o.Entry.Short && i == k) {
			return name{}, false // counted by its own name
		}
		if w := s.Word(i); w == "attorney" || w == "general" && s.Word(i-1) == "attorney" {
			return name{}, false
		}
	}
	label := strings.TrimSuffix(s.Text.Slice(k, f.End), ",")
	if strings.HasPrefix(s.Text.Source[s.Text.Words[f.End-1].End:], ".") && s.Word(f.End-1) != "llc" && s.Word(f.End-1) != "corporation" && s.Word(f.End-1) != "llp" {
		label += "."
	}
	return name{start: k, end: f.End, value: s.Slug(k, f.Start), label: passage.Clean(label)}, true
}

// clear tells whether nothing before word k may belong to the name that begins there.
func (s scan) clear(k, begin int, f passage.Found) bool {
	if k == begin {
		return true
	}
	before := s.Text.Words[k-1]
	gap := s.Before(k)
	switch {
	case before.Folded == "the" && s.Upper(k-2) && k-1 > begin && s.Before(k-1)&^phrases.Hyphen == 0:
		return false // "Help the Young, Inc."
	case gap&phrases.Other != 0 && !s.Ampersand(k), passage.Digit(before.Folded) && gap == 0, gap&phrases.Quote != 0 && gap&phrases.Comma == 0 && before.Upper:
		return false
	case before.Folded == "and" || before.Folded == "of" || before.Folded == "for" || before.Folded == "in":
		// "Heating and Cooling, Inc." and "Bank of Acme, Inc." begin before the joining word.
		if s.Before(k-1)&phrases.Comma != 0 || !s.Upper(k-2) {
			return s.Before(k-1)&phrases.Comma == 0 || f.Start-k > 1 || before.Folded != "and" || !s.Upper(k-2)
		}
		o, ok := s.EndingPhrase(k - 2)
		return ok && (o.Entry.Role == passage.LegalForm || o.Entry.Role == passage.CompanyName)
	case before.Upper && gap&phrases.Comma != 0:
		o, ok := s.EndingPhrase(k - 1)
		return f.Start-k >= 2 || ok && o.Entry.Role == passage.LegalForm
	}
	return true
}

func (s scan) possessiveState(k int) bool {
	f, ok := s.Phrase(k)
	return ok && f.Entry.Role == passage.StateName && s.Text.Words[f.End-1].Possessive && f.End == k+1
}

// agencies finds federal agencies.
func (s scan) agencies() {
	for _, f := range s.Found {
		if f.Entry.Role == passage.AgencyName && s.isAgency(f) {
			s.Add("agency", f.Entry.Value, f.Entry.Label, nil, f.Start, f.End)
		}
	}
}

// isAgency tells whether a name is that of the federal agency here.
func (s scan) isAgency(f passage.Found) bool {
	if !s.InFull(f) {
		return false
	}
	if f.Entry.Acronym != "" && (s.Before(f.Start)&phrases.Hyphen != 0 || f.End < len(s.Text.Words) && s.Before(f.End)&phrases.Hyphen != 0) {
		return false // "FDA-approved" names no agency's act
	}
	if _, _, ok := s.StateBefore(f.Start); ok {
		return false // a state's own
	}
	if s.Upper(f.End) && s.Before(f.End) == 0 && (s.Word(f.End) == "act" || s.Word(f.End) == "of" || s.Word(f.End) == "building") {
		return false
	}
	return true
}
