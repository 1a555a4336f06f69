package sentences

import (
	"slices"
	"strings"

	"agora/crawler/enrich/phrases"
	"agora/index/vocabulary"
)

// shortNames are the forms that newspapers give to states, beyond those of single letters,
// which are names everywhere.
var shortNames = []struct{ code, name string }{
	{"AL", "Ala"}, {"AZ", "Ariz"}, {"AR", "Ark"}, {"CA", "Calif"}, {"CA", "Cal"}, {"CO", "Colo"}, {"CT", "Conn"}, {"DE", "Del"}, {"FL", "Fla"}, {"GA", "Ga"},
	{"IL", "Ill"}, {"IN", "Ind"}, {"KS", "Kan"}, {"KS", "Kans"}, {"KY", "Ky"}, {"LA", "La"}, {"MD", "Md"}, {"MA", "Mass"}, {"ME", "Me"}, {"MI", "Mich"},
	{"MN", "Minn"}, {"MS", "Miss"}, {"MO", "Mo"}, {"MT", "Mont"}, {"NE", "Neb"}, {"NE", "Nebr"}, {"NV", "Nev"}, {"OK", "Okla"}, {"OR", "Ore"}, {"PA", "Pa"},
	{"PA", "Penn"}, {"TN", "Tenn"}, {"TX", "Tex"}, {"VT", "Vt"}, {"VA", "Va"}, {"WA", "Wash"}, {"WI", "Wis"}, {"WI", "Wisc"}, {"WY", "Wyo"},
}

// fewestShort is how many states in a row make abbreviations sure: "Miss." is also a title, "IN" a word.
const fewestShort = 3

func newAbbreviations(v *phrases.Vocabulary) (*phrases.List, error) {
	list := phrases.NewList(v)
	for i, o := range vocabulary.Offices {
		if err := list.Add(o.Code, int32(i)); err != nil {
			return nil, err
		}
		for _, n := range shortNames {
			if n.code != o.Code {
				continue
			}
			if err := list.Add(n.name, int32(i)); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// withAbbreviations adds to the names found the abbreviations that stand in a list of
// three states or more: "Ala., Ariz. and W.Va.", "AL, AR, KS", "Ann Poe (AL), Bo Roe (GA) …".
func (s Names) withAbbreviations(found []Mention, t phrases.Text, numbers []int32, start, end int) []Mention {
	var all []Mention
	short := map[int]bool{} // by first word
	bracketed := 0
	next := 0
	for i := start; i < end; i++ {
		if next < len(found) && i == found[next].Start {
			all = append(all, found[next])
			i = found[next].End - 1
			next++
			continue
		}
		if m, ok := s.short.Longest(numbers[:end], i); ok && m.End == i+1 && abbreviation(t, i) {
			all = append(all, Mention{Code: vocabulary.Offices[m.Value].Code, Start: i, End: i + 1})
			short[i] = true
			if inBrackets(t, i) {
				bracketed++
			}
		}
	}
	if len(short) == 0 || len(all) < fewestShort {
		return found
	}
	var kept []Mention
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && besides(t, all[to-1].End, all[to].Start) {
			to++
		}
		run := all[from:to]
		if len(run) < fewestShort {
			run = slices.DeleteFunc(slices.Clone(run), func(m Mention) bool {
				return short[m.Start] && (bracketed < fewestShort || !inBrackets(t, m.Start))
			})
		}
		kept = append(kept, run...)
		from = to
	}
	return kept
}

// abbreviation tells whether word i is written as one: in two capitals, or with a
// capital and a stop.
func abbreviation(t phrases.Text, i int) bool {
	w := t.Words[i]
	written := t.Source[w.Start:w.End]
	if len(written) == 2 && strings.ToUpper(written) == written {
		return true
	}
	return w.Upper && w.End < len(t.Source) && t.Source[w.End] == '.'
}

// inBrackets tells whether word i stands alone in brackets.
func inBrackets(t phrases.Text, i int) bool {
	after := t.After
	if i+1 < len(t.Words) {
		after = t.Words[i+1].Before
	}
	return t.Words[i].Before&phrases.Open != 0 && after&phrases.Close != 0
}

// besides tells whether words start to end-1 and the signs around them join two names of a list.
func besides(t phrases.Text, start, end int) bool {
	comma := false
	for i := start; i <= end && i < len(t.Words); i++ {
		if t.Words[i].Before&(phrases.Open|phrases.Close|phrases.Colon|phrases.Dash) != 0 {
			return false
		}
		comma = comma || t.Words[i].Before&(phrases.Comma|phrases.Semicolon|phrases.Line) != 0
		if w := t.Words[i].Folded; i < end && w != "and" && w != "the" {
			return false
		} else if i < end && w == "and" {
			comma = true
		}
	}
	return comma
}
