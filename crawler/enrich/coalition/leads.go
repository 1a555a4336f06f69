package coalition

import (
	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
)

// readLeads finds who leads: offices named as leaders, and whether the publisher is
// said to lead.
func (p *parse) readLeads() {
	for si := range p.Sentences {
		s := &p.Sentences[si]
		if !s.Cue || s.Denied || s.Past && !p.resultOf(*s) {
			continue
		}
		for gi := range s.Groups {
			g := &s.Groups[gi]
			if g.Governors || g.Local || s.Past && g.End > s.PastAt || p.opponents(*s, *g) {
				continue
			}
			if who, ok := p.leadsAfter(*s, *g); ok {
				p.addLeads(who, *s)
			} else if p.leadsBefore(*s, *g) {
				p.addLeads(p.beforeCompanions(*g), *s)
			}
		}
		if !s.Past {
			p.issuerLeads(*s)
		}
	}
}

// resultOf tells whether a sentence that names an earlier time ties it to the matter:
// "These suits are the result of an investigation led by …, begun in November 2021".
func (p *parse) resultOf(s sentences.Sentence) bool {
	return p.Within(s.Start, s.Start+6, "these", "this") && p.Within(s.Start, s.PastAt, "result", "results", "follows", "resulted")
}

func (p *parse) addLeads(who sentences.Codes, s sentences.Sentence) {
	p.leads |= who
	if p.leadQuote == "" {
		p.leadQuote = p.Quote(s.Start, s.End)
	}
}

// opponents tells whether a group leads those on the other side: "the lawsuit, originally
// filed by a Texas-led coalition", "against efforts by a group of states led by Texas".
func (p *parse) opponents(s sentences.Sentence, g sentences.Group) bool {
	for i := max(s.Start, g.Start-14); i < g.Start; i++ {
		switch p.Word(i) {
		case "originally", "plaintiffs", "challengers", "opponents":
			return p.Within(i, g.Start, "by") || p.Word(g.End) == "led"
		case "states":
			if p.Word(i+1) == "led" && p.Word(i-1) == "of" && p.Within(i-4, i-2, "a", "another") && p.Within(s.Start, i, "against") {
				return true
			}
		}
	}
	return false
}

// beforeCompanions returns the offices of a group that leads, without those that only
// go along: "led by Ohio and Iowa, along with Utah".
func (p *parse) beforeCompanions(g sentences.Group) sentences.Codes {
	for i := 1; i < len(g.Members); i++ {
		if p.Within(g.Members[i-1].End, g.Members[i].Start, "along") {
			g.Members = g.Members[:i]
			break
		}
	}
	return g.Codes()
}

// leadVerb tells whether word i is a form of to lead, alone or with co-.
func (p *parse) leadVerb(i int) (verb, shared bool) {
	switch p.Word(i) {
	case "led", "leads", "leading", "lead", "spearheaded", "spearheading", "spearheads", "headed", "heading", "chaired", "chairs":
		return true, p.Word(i-1) == "co"
	case "coled", "coleads", "coleading", "colead", "cochaired":
		return true, true
	}
	return false, false
}

// beforeLeaders are words between "led by" and the leaders.
var beforeLeaders = map[string]bool{
	"an": true, "a": true, "executive": true, "committee": true, "made": true, "up": true, "comprised": true,
	"consisting": true, "consists": true, "composed": true, "co": true, "is": true, "that": true, "included": true, "including": true,
	"steering": true, "governor": true, "members": true, "states": true, "republican": true, "democratic": true, "democrat": true, "two": true, "three": true, "four": true,
}

// farthest bounds the words between "led by" and the last of the leaders.
const farthest = 150

// leadsBefore: "led by G", "in leading the letter were G", "co-led with G", "G-led".
func (p *parse) leadsBefore(s sentences.Sentence, g sentences.Group) bool {
	if p.Word(g.End) == "led" && p.Text.Words[g.End].Before&phrases.Hyphen != 0 {
		return true
	}
	committee := false
	for i := g.Start - 1; i >= max(s.Start, g.Start-farthest); i-- {
		w := p.Word(i)
		if verb, _ := p.leadVerb(i); verb && p.Word(i+1) == "by" {
			return true
		}
		if w == "by" {
			if verb, _ := p.leadVerb(i - 1); verb {
				continue
			}
			break
		}
		committee = committee || w == "committee"
		if !committee && !g.Members[0].Person && p.inOtherGroup(s, g, i) {
			break
		}
		if !sentences.ListWord(w) && !beforeLeaders[w] && !p.NameWord(i) && !p.inGovernors(s, i) {
			break
		}
	}
	return p.leadingWere(s, g) || p.ledWith(s, g)
}

// inOtherGroup tells whether word i is part of a group before g.
func (p *parse) inOtherGroup(s sentences.Sentence, g sentences.Group, i int) bool {
	for _, o := range s.Groups {
		if o.Start < g.Start && !o.Governors && i >= o.Start && i < o.End {
			return true
		}
	}
	return false
}

// inGovernors tells whether word i belongs to a governor named before other leaders.
func (p *parse) inGovernors(s sentences.Sentence, i int) bool {
	for _, g := range s.Groups {
		if g.Governors && i >= g.Start-3 && i < g.End+4 {
			return true
		}
	}
	return false
}

// leadingWere: "Leading the investigation is a coalition of attorneys general from G",
// "Joining Attorney General Poe in leading the letter were G".
func (p *parse) leadingWere(s sentences.Sentence, g sentences.Group) bool {
	for i := s.Start; i < g.Start; i++ {
		if verb, _ := p.leadVerb(i); !verb || p.Word(i) != "leading" && p.Word(i) != "coleading" {
			continue
		}
		before := p.Word(i - 1)
		if before == "co" {
			before = p.Word(i - 2)
		}
		if before == "are" || i > s.Start+1 && before != "in" && before != "also" {
			continue
		}
		for k := i; k < g.Start; k++ {
			switch p.Word(k) {
			case "is", "are", "was", "were":
				return p.noGroupBetween(s, i, g.Start)
			}
		}
	}
	return false
}

func (p *parse) noGroupBetween(s sentences.Sentence, start, end int) bool {
	for _, g := range s.Groups {
		if g.Start > start && g.End <= end && g.Codes() != sentences.CodeOf(p.Issuer.Office) {
			return false
		}
	}
	return true
}

// ledWith: "co-led with G", "which he co-led a letter alongside G", "the letter that I led alongside G".
func (p *parse) ledWith(s sentences.Sentence, g sentences.Group) bool {
	i := g.Start - 1
	for i > s.Start && (sentences.ListWord(p.Word(i)) && p.Word(i) != "with") {
		i--
	}
	switch p.Word(i) {
	case "with", "alongside":
	default:
		return false
	}
	if verb, _ := p.leadVerb(i - 1); verb {
		return true
	}
	for k := i - 1; k >= s.Start && k > i-18; k-- {
		if verb, shared := p.leadVerb(k); verb && shared {
			return true
		}
	}
	return false
}

// leadsAfter: "G led the investigation", "G, who co-led the coalition", "joined by G in leading".
func (p *parse) leadsAfter(s sentences.Sentence, g sentences.Group) (sentences.Codes, bool) {
	for i := g.End; i < s.End && i < g.End+8; i++ {
		verb, shared := p.leadVerb(i)
		if p.Word(i) == "lead" && (i > g.End || p.Word(i+1) != "the") {
			return 0, false
		}
		if verb && p.Word(i+1) != "by" && p.leadObject(i) {
			if p.Text.Words[i].Before&phrases.Hyphen != 0 && p.Word(i-1) != "co" {
				return 0, false
			}
			plural := shared || p.Within(g.End, i, "are", "were", "have")
			return p.leaders(g, plural), true
		}
		switch w := p.Word(i); w {
		case "who", "which", "that", "are", "is", "were", "was", "have", "has", "also", "today", "together", "jointly", "co", "in",
			"will", "be", "attorney", "general", "whom", "both", "they":
		default:
			if !p.NameWord(i) {
				return 0, false
			}
		}
		if i > g.End && p.Text.Words[i].Before&phrases.Semicolon != 0 {
			return 0, false
		}
	}
	return 0, false
}

// leaders returns who of a group the words "who led" mean: its persons at the end where
// it names persons, else the whole run.
func (p *parse) leaders(g sentences.Group, plural bool) sentences.Codes {
	last := len(g.Members) - 1
	if !g.Members[last].Person || plural && g.Members[0].Person {
		return g.Codes()
	}
	var c sentences.Codes
	for i := last; i >= 0 && g.Members[i].Person; i-- {
		c |= sentences.CodeOf(g.Members[i].Code)
		if !plural && !p.tiedByAnd(g, i) {
			break
		}
	}
	return c
}

// tiedByAnd tells whether member i of a group and the one before are joined by "and"
// without a comma: "A and B, who led" are both meant.
func (p *parse) tiedByAnd(g sentences.Group, i int) bool {
	if i == 0 {
		return false
	}
	and := false
	for k := g.Members[i-1].End; k <= g.Members[i].Start; k++ {
		if p.Text.Words[k].Before&phrases.Comma != 0 {
			return false
		}
		and = and || p.Word(k) == "and"
	}
	return and
}

// leadObjects are what is led, as against "led to" and "leading cause".
var leadObjects = map[string]bool{
	"coalition": true, "group": true, "letter": true, "brief": true, "lawsuit": true, "suit": true, "effort": true, "investigation": true,
	"negotiations": true, "ags": true, "attorneys": true, "states": true, "multistate": true, "bipartisan": true, "it": true, "them": true,
	"settlement": true, "comment": true, "comments": true, "call": true, "litigation": true, "multi": true, "case": true, "complaint": true,
	"filing": true, "petition": true, "fight": true, "action": true, "agreement": true, "team": true, "committee": true, "state": true,
	"campaign": true, "charge": true, "talks": true, "probe": true, "motion": true, "amicus": true, "nationwide": true, "national": true, "work": true,
}

// leadObject tells whether the verb at word i has an object of joint action, or none.
func (p *parse) leadObject(i int) bool {
	next := p.Word(i + 1)
	switch next {
	case "to", "cause", "causes", "role", "roles", "up", "provider", "manufacturer", "company", "supplier", "maker", "expert":
		return false
	}
	if i+1 >= len(p.Text.Words) || p.Text.Words[i+1].Before&(phrases.Comma|phrases.Stop|phrases.Line|phrases.Semicolon) != 0 {
		return true
	}
	for k := i + 1; k < len(p.Text.Words) && k < i+8; k++ {
		if p.Text.Words[k].Before&(phrases.Stop|phrases.Line) != 0 && k > i+1 {
			return false
		}
		if leadObjects[p.Word(k)] || sentences.Number(p.Text, k) > 1 {
			return true
		}
	}
	switch next {
	case "are", "were", "is", "was", "alongside", "with":
		return true
	}
	return false
}

// issuerLeads looks for the publisher as one who leads.
func (p *parse) issuerLeads(s sentences.Sentence) {
	if !s.Head && !s.Listing() {
		return // what it once led is told far from the beginning
	}
	for i := s.Start; i < s.End; i++ {
		verb, _ := p.leadVerb(i)
		if !verb || p.Word(i) == "lead" || !p.leadObject(i) && p.Word(i+1) != "by" {
			continue
		}
		if p.Word(i+1) == "by" {
			if p.issuerBetween(s, i+2, i+12) {
				p.issuerLed = true
			}
			continue
		}
		if i <= s.Start+2 && p.Word(s.Start) == "they" && p.Word(i-1) != "by" {
			p.leadersBefore(s)
			continue
		}
		if p.subjectIsIssuer(s, i) {
			p.issuerLed = true
			if p.leadQuote == "" {
				p.leadQuote = p.Quote(s.Start, s.End)
			}
		}
	}
}

// leadersBefore takes those whom "They co-led" means: the persons of the sentence before.
func (p *parse) leadersBefore(s sentences.Sentence) {
	for k := len(p.Sentences) - 1; k >= 0; k-- {
		before := p.Sentences[k]
		if before.End != s.Start {
			continue
		}
		for _, g := range before.Groups {
			if g.Members[0].Person {
				p.issuerLed = true
				p.addLeads(g.Codes(), s)
			}
		}
	}
}

// issuerBetween: "led by Attorney General Poe and …", before the clause ends.
func (p *parse) issuerBetween(s sentences.Sentence, start, end int) bool {
	for i := start; i < end && i < s.End; i++ {
		if i > start && p.Text.Words[i].Before&phrases.Semicolon != 0 {
			return false
		}
		if w := p.Word(i); p.Surname(w) && p.Text.Words[i].Upper && !p.foreignPerson(s, i) {
			return true
		} else if !sentences.ListWord(w) && !p.NameWord(i) {
			return false
		}
	}
	return false
}

// foreignPerson tells whether the name at word i is that of another state's attorney general.
func (p *parse) foreignPerson(s sentences.Sentence, i int) bool {
	for _, g := range s.Groups {
		for k, m := range g.Members {
			end := g.End
			if k+1 < len(g.Members) {
				end = g.Members[k+1].Start
			}
			if m.Person && m.Code != p.Issuer.Office && i > m.Start && i < end && i < m.End+7 &&
				p.Text.Words[i].Before&phrases.Comma == 0 && !p.Within(m.End+1, i, "and") {
				return true
			}
		}
	}
	return false
}

// otherPerson tells whether the person named last before word i is another state's.
func (p *parse) otherPerson(s sentences.Sentence, i int) bool {
	for k := i - 1; k >= s.Start; k-- {
		if p.Surname(p.Word(k)) && p.Text.Words[k].Upper && !p.foreignPerson(s, k) {
			return false
		}
		for _, g := range s.Groups {
			for _, m := range g.Members {
				if m.Person && m.Code != p.Issuer.Office && k == m.Start {
					return true
				}
			}
		}
	}
	return false
}

// companions tells whether word k ends a group named beside the subject, and where its
// words begin: "Attorney General Poe, along with the attorneys general of Ohio and Iowa, led".
func (p *parse) companions(s sentences.Sentence, k int) (int, bool) {
	for _, g := range s.Groups {
		if g.End != k+1 || g.Governors || g.Local || g.Codes()&sentences.CodeOf(p.Issuer.Office) != 0 {
			continue
		}
		for i := g.Start - 1; i > s.Start && i > g.Start-8; i-- {
			switch w := p.Word(i); {
			case w == "with" || w == "alongside":
				return i, true
			case !sentences.ListWord(w):
				return 0, false
			}
		}
	}
	return 0, false
}

// subjectIsIssuer tells whether the publisher is the subject of the verb at word i.
func (p *parse) subjectIsIssuer(s sentences.Sentence, i int) bool {
	if s.Headline && (i == s.Start || i == s.Start+1 && p.Word(s.Start) == "co") {
		return true // "Leads 21 other attorneys general"
	}
	relative := false // "…, who led": its subject is the person right before
	for k, floor := i-1, i-16; k >= s.Start && k > floor; k-- {
		w := p.Word(k)
		relative = relative || w == "who"
		if p.Surname(w) && p.Text.Words[k].Upper {
			return !p.foreignPerson(s, k)
		}
		switch w {
		case "i", "we":
			return true
		case "he", "she":
			return !p.otherPerson(s, k)
		case "coalition", "letter", "brief", "lawsuit", "which", "group":
			if k < i-2 {
				return false
			}
		}
		if start, beside := p.companions(s, k); beside && !relative {
			k, floor = start, start-16
			continue
		}
		for _, m := range s.Mentions {
			if k >= m.Start && k < m.End && (m.Code == p.Issuer.Office || relative || p.Word(m.Start-1) != "and") {
				return m.Code == p.Issuer.Office
			}
		}
		if p.Text.Words[k].Before&(phrases.Semicolon) != 0 {
			return false
		}
	}
	return false
}
