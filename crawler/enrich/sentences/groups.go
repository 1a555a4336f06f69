package sentences

import (
	"agora/crawler/enrich/phrases"
)

// Group is a run of states in one sentence with nothing but the words of a list
// between them: "California, New York Attorney General Ann Poe, and the State of Iowa".
type Group struct {
	Members    []Member
	Start, End int // words, from the first name to the last, names of persons included
	Governors  bool
	Local      bool // cities, counties and their lawyers
}

// Member is a mention with the person that stands for it.
type Member struct {
	Mention
	Person bool // "Iowa Attorney General Ann Poe"
	Owner  bool // possessive and no person: "Iowa's law"
}

// Codes returns the offices of a group, without names that only own something.
func (g Group) Codes() Codes {
	var c Codes
	for _, m := range g.Members {
		if !m.Owner {
			c |= CodeOf(m.Code)
		}
	}
	return c
}

// listWords may stand between the states of a list.
var listWords = map[string]bool{
	"and": true, "the": true, "of": true, "state": true, "states": true, "commonwealth": true, "commonwealths": true,
	"territory": true, "territories": true, "attorney": true, "attorneys": true, "general": true, "generals": true, "from": true, "for": true,
	"as": true, "well": true, "along": true, "with": true, "plus": true, "ag": true, "ags": true, "bipartisan": true, "us": true, "then": true,
	"acting": true, "interim": true, "former": true, "r": true, "d": true, "both": true, "district": true, "s": true, "jr": true, "ii": true, "iii": true,
}

// ListWord tells whether w may stand between the states of a list.
func ListWord(w string) bool { return listWords[w] }

// maxGap bounds the words between two states of a list: a title, a name, "of the".
const maxGap = 9

// group joins the mentions of a sentence into runs.
func (p *Release) group(s Sentence) []Group {
	var out []Group
	for i, m := range s.Mentions {
		full := Member{Mention: m, Person: p.personAfter(m, s.End) || p.personBefore(m, s.Start)}
		full.Owner = p.Text.Words[m.End-1].Possessive && !full.Person
		gov := p.governor(m, s)
		loc := p.local(m, s)
		if len(out) > 0 && i > 0 {
			last := &out[len(out)-1]
			if last.Governors == gov && last.Local == loc && p.listGap(s.Mentions[i-1].End, m.Start) && !full.Owner {
				last.Members = append(last.Members, full)
				last.End = m.End
				continue
			}
			// "the governors of Kansas, Kentucky, and Ohio"
			if (last.Governors || last.Local) && !gov && p.plainGap(s.Mentions[i-1].End, m.Start) && !full.Person {
				last.Members = append(last.Members, full)
				last.End = m.End
				continue
			}
		}
		out = append(out, Group{Members: []Member{full}, Start: m.Start, End: m.End, Governors: gov, Local: loc})
	}
	for i := range out {
		out[i].End = p.afterName(out[i], s.End)
	}
	return out
}

// listGap tells whether the words from start to end-1 can stand between two states of a list.
func (p *Release) listGap(start, end int) bool {
	if end-start > maxGap {
		return false
	}
	for i := start; i < end; i++ {
		w := p.Text.Words[i]
		if w.Before&(phrases.Colon) != 0 || !listWords[w.Folded] && !p.NameWord(i) {
			return false
		}
	}
	return end >= len(p.Text.Words) || p.Text.Words[end].Before&phrases.Colon == 0
}

// plainGap tells whether nothing but "and", "the" and commas stand between.
func (p *Release) plainGap(start, end int) bool {
	for i := start; i < end; i++ {
		if w := p.Word(i); w != "and" && w != "the" {
			return false
		}
	}
	return true
}

// notNames are capitalised words that belong to no person's name.
var notNames = map[string]bool{
	"governor": true, "governors": true, "gov": true, "city": true, "cities": true, "county": true, "counties": true, "mayor": true, "president": true,
	"court": true, "joining": true, "filing": true, "leading": true, "department": true, "commission": true, "agency": true,
	"in": true, "company": true, "inc": true, "llc": true, "corp": true, "today": true, "conference": true,
	// Verbs of headlines, whose words are all capitalised: "Wyoming Joins North Dakota-Led Suit".
	"joins": true, "join": true, "joined": true, "leads": true, "led": true, "co": true, "coleads": true, "coled": true, "sues": true, "suing": true,
	"files": true, "filed": true, "backs": true, "backing": true, "supports": true, "supporting": true, "urges": true, "opposes": true,
	"opposing": true, "asks": true, "signs": true, "challenges": true, "challenging": true, "against": true, "over": true, "support": true,
	"announces": true, "secures": true, "settles": true, "defends": true, "defending": true, "calls": true, "wins": true,
}

// NameWord tells whether word i may be part of a person's name.
func (p *Release) NameWord(i int) bool {
	w := p.Text.Words[i]
	return w.Upper && !notNames[w.Folded] && w.Before&(phrases.Semicolon|phrases.Open) == 0 || len(w.Folded) == 1 || w.Folded == "de" || w.Folded == "la"
}

// personAfter: "Iowa Attorney General Ann Poe", "Iowa’s Attorney General", "Iowa AG Poe", "California General Poe".
func (p *Release) personAfter(m Mention, end int) bool {
	for i := m.End; i < end && i < m.End+3; i++ {
		switch p.Word(i) {
		case "acting", "interim", "state", "then", "former":
			continue
		case "ag":
			return true
		case "attorney":
			return (p.Word(i+1) == "general" || p.Word(i+1) == "generals") && p.Text.Words[m.End].Before&phrases.Comma == 0
		case "general":
			return p.Text.Words[i].Upper && p.Text.Words[i].Before&phrases.Comma == 0
		}
		return false
	}
	return false
}

// personBefore: "Attorney General Ann Poe of Iowa", "Ann Poe, Iowa".
func (p *Release) personBefore(m Mention, start int) bool {
	i := m.Start - 1
	if p.Word(i) == "the" || p.Word(i) == "state" {
		i--
	}
	if p.Word(i) != "of" && p.Word(i) != "from" {
		return false
	}
	for k := i - 1; k >= start && k > i-6; k-- {
		if p.Word(k) == "general" && p.Word(k-1) == "attorney" || p.Word(k) == "generals" {
			return k < i-1 && k >= start
		}
		if !p.NameWord(k) && p.Word(k) != "of" {
			return false
		}
	}
	return false
}

// governor: "Oregon Governor Ann Poe", "the governor of Oregon".
func (p *Release) governor(m Mention, s Sentence) bool {
	next := p.Word(m.End)
	if next == "governor" || next == "gov" {
		return true
	}
	i := m.Start - 1
	for ; i >= s.Start && i > m.Start-5; i-- {
		switch w := p.Word(i); {
		case w == "of" || w == "the" || w == "state" || w == "commonwealth":
		case w == "governor" || w == "governors" || w == "gov":
			return true
		case p.NameWord(i) && p.Word(m.Start-1) == "of" && !listWords[w]:
		default:
			return false
		}
	}
	return false
}

// local: "the City of Phoenix, Arizona", "the cities of Columbus, Ohio".
func (p *Release) local(m Mention, s Sentence) bool {
	comma := p.Text.Words[m.Start].Before&phrases.Comma != 0
	for i := m.Start - 1; i >= s.Start && i > m.Start-5; i-- {
		switch p.Word(i) {
		case "city", "cities", "county", "counties", "town", "village", "borough", "mayor", "mayors", "counsel", "counsels", "solicitor":
			return comma || p.Word(m.Start-1) == "of"
		case "attorneys", "general", "states", "and":
			return false
		}
	}
	return false
}

// afterName returns the end of a group with the name of its last person.
func (p *Release) afterName(g Group, end int) int {
	last := g.Members[len(g.Members)-1]
	if !last.Person {
		return last.End
	}
	i := last.End
	for i < end && i < last.End+8 {
		w := p.Text.Words[i]
		if w.Before&(phrases.Comma|phrases.Semicolon|phrases.Stop) != 0 && i > last.End+1 && len(p.Word(i-1)) > 1 && w.Folded != "jr" && w.Folded != "ii" {
			break
		}
		if !p.NameWord(i) && w.Folded != "attorney" && w.Folded != "general" && w.Folded != "ag" && w.Folded != "state" && w.Folded != "acting" {
			break
		}
		i++
	}
	return i
}
