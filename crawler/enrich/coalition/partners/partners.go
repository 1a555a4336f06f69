// Package partners finds who takes part in an action beside attorneys general: governors,
// cities and counties, agencies of states and of the federal government.
//
// It looks only where a release tells who takes part; coalition says where that is.
package partners

import (
	"slices"
	"strings"

	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
	"agora/index"
	"agora/index/vocabulary"
)

// federal agencies that act with attorneys general, by the words that name them.
var federalAgencies = []struct{ words, name string }{
	{"federal trade commission", "Federal Trade Commission"}, {"ftc", "Federal Trade Commission"},
	{"consumer financial protection bureau", "Consumer Financial Protection Bureau"}, {"cfpb", "Consumer Financial Protection Bureau"},
	{"us department of justice", "U.S. Department of Justice"}, {"federal communications commission", "Federal Communications Commission"},
}

// release is a release with the places where it tells who takes part.
type release struct {
	*sentences.Release
	listed map[int]bool // sentences that list participants, by number
	claim  string       // words of the number claimed
}

// Find collects those who take part without being attorneys general, by name, from the
// sentences that list the participants (listed, by number) or hold the words of the claim. The
// result is never nil.
func Find(r *sentences.Release, listed map[int]bool, claim string) []index.Participant {
	p := release{r, listed, claim}
	out := []index.Participant{}
	add := func(name, office, kind string) {
		for _, o := range out {
			if o.Name == name {
				return
			}
		}
		out = append(out, index.Participant{Name: name, Office: index.NullableString(office), Type: kind})
	}
	for si, s := range p.Sentences {
		if s.Past || s.Denied || !listed[si] && !p.claimsIn(s) {
			continue
		}
		for _, g := range s.Groups {
			if g.Governors {
				for _, m := range g.Members {
					add("Governor of "+stateName(m.Code), m.Code, "governor")
				}
			}
		}
		p.localBodies(s, add)
		p.agencies(s, listed[si], add)
	}
	slices.SortFunc(out, func(a, b index.Participant) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func stateName(code string) string {
	o, _ := vocabulary.OfficeByCode(code)
	return o.Name
}

// claimsIn tells whether a sentence holds the words of the claim.
func (p release) claimsIn(s sentences.Sentence) bool {
	return p.claim != "" && s.Head && strings.Contains(p.Text.Slice(s.Start, s.End), p.claim)
}

// localBodies: "the City of New York", "the cities of Phoenix and Columbus", "Cook County, Illinois", "New York City".
func (p release) localBodies(s sentences.Sentence, add func(name, office, kind string)) {
	for i := s.Start; i < s.End; i++ {
		if !p.Text.Words[i].Upper && p.Word(i) != "cities" && p.Word(i) != "counties" && p.Word(i) != "city" {
			continue
		}
		switch p.Word(i) {
		case "city":
			if p.Word(i+1) == "of" {
				if name, _ := p.ProperName(i+2, s.End); name != "" {
					add("City of "+name, "", "city")
				}
			} else if p.Word(i-1) == "york" && p.Word(i-2) == "new" {
				add("City of New York", "NY", "city")
			}
		case "cities":
			if p.Word(i+1) != "of" {
				continue
			}
			for k := i + 2; k < s.End; {
				name, next := p.ProperName(k, s.End)
				if name == "" || p.Word(next-1) == "county" || p.Word(next-1) == "counties" || p.Word(next) == "county" {
					break
				}
				add("City of "+name, "", "city")
				k = next
				if p.Word(k) == "and" {
					if k++; k < s.End && p.Text.Words[k-1].Before&phrases.Comma != 0 && p.Word(k) == "the" {
						break
					}
				}
				if k < s.End && p.Text.Words[k].Before&phrases.Semicolon != 0 {
					break
				}
			}
		case "county":
			p.county(s, i, add)
		}
	}
}

// county: "Cook County, Illinois".
func (p release) county(s sentences.Sentence, i int, add func(name, office, kind string)) {
	start := i
	for start > s.Start && p.Text.Words[start-1].Upper && !sentences.ListWord(p.Word(start-1)) && p.Text.Words[start].Before&(phrases.Comma|phrases.Semicolon) == 0 && start > i-3 {
		start--
	}
	if start == i {
		return
	}
	name, office := p.Text.Slice(start, i+1), ""
	if code, _, ok := p.Names.At(p.Numbers[:s.End], i+1); ok {
		office = code
		name += ", " + stateName(code)
	}
	add(name, office, "county")
}

// agencies finds federal agencies and state agencies among the participants.
func (p release) agencies(s sentences.Sentence, listed bool, add func(name, office, kind string)) {
	for _, a := range federalAgencies {
		words := strings.Fields(a.words)
		for i := s.Start; i+len(words) <= s.End; i++ {
			if p.Word(i) == words[0] && p.SameWords(i, words) && p.actsBeside(s, i) {
				add(a.name, "", "federal")
				break
			}
		}
	}
	if !listed {
		return
	}
	for i := s.Start; i < s.End; {
		code, past, ok := p.Names.At(p.Numbers[:s.End], i)
		if !ok {
			i++
			continue
		}
		named := i
		i = past
		if k := past; k < s.End && p.Text.Words[k].Before == 0 && p.Text.Words[k].Upper {
			switch p.Word(k) {
			case "office", "department", "division", "public", "board", "bureau", "commission":
				if p.Word(k) == "office" && p.Within(k, k+4, "attorney") {
					continue
				}
				end := k
				for end < s.End && end < k+7 && (p.Text.Words[end].Upper || p.Word(end) == "of" || p.Word(end) == "and" && p.Text.Words[min(end+1, s.End-1)].Upper) &&
					(end == k || p.Text.Words[end].Before&(phrases.Comma|phrases.Semicolon|phrases.Stop|phrases.Line) == 0) {
					end++
				}
				add(p.Text.Slice(named, end), code, "agency")
				i = max(end, i)
			}
		}
	}
}

// actsBeside tells whether the agency named at word i acts with the attorneys general and is not
// what they write to or sue: "and the FTC", "along with the FTC".
func (p release) actsBeside(s sentences.Sentence, i int) bool {
	k := i - 1
	if p.Word(k) == "the" {
		k--
	}
	switch p.Word(k) {
	case "with", "alongside", "joined":
		return true
	case "and", "general":
		return p.Within(max(s.Start, k-12), k, "coalition", "attorneys", "general", "states", "joining", "joined") && !p.Within(max(s.Start, k-6), k, "against", "suing", "sued", "to")
	}
	return i > s.Start && p.Text.Words[i].Before&phrases.Comma != 0 && p.Within(s.Start, i, "general") && p.Within(i, i+10, "coalition", "attorneys")
}
