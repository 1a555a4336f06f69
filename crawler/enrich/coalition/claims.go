package coalition

import (
	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
)

// claim is a number of participants as a release writes it.
type claim struct {
	number   int
	total    int  // with the district and territories counted beside the states
	other    bool // the publisher is not counted: "21 other attorneys general"
	words    string
	strength int
	local    bool // local governments are counted too
	group    bool // written with the word for the group: "coalition of 21 states"
}

// readClaims finds the number of participants that the release claims: the first in
// the body that is written for its own matter, else the first in its headlines.
func (p *parse) readClaims() {
	var earlier claim // written of an earlier stage of the matter
	for _, s := range p.Sentences {
		if s.Denied || !s.Cue || s.Past && !s.Head {
			continue
		}
		for i := s.Start; i < s.End; i++ {
			if sentences.Number(p.Text, i) == 0 || i > s.Start && p.Text.Words[i].Before&phrases.Hyphen != 0 && sentences.Number(p.Text, i-1) >= 20 {
				continue
			}
			c, ok := p.claimAt(s, i)
			if !ok {
				continue
			}
			if s.Past {
				p.recalled = true
				if earlier.number == 0 && p.Within(max(s.Start, i-6), i, "part") {
					earlier = c
				}
				continue
			}
			if s.Head && c.strength > 1 && !p.joint {
				p.joint, p.jointAt = true, p.Quote(s.Start, s.End)
			}
			if c.rank() > p.claim.rank() {
				p.claim = c
			}
		}
		if !s.Past {
			p.readJoint(s)
			p.readBipartisan(s)
		}
	}
	if p.claim.number == 0 && p.hasList() {
		p.claim = earlier
	}
}

// rank orders claims: a number written for the coalition by name goes before one of
// those who joined, and of two alike the first written stays.
func (c claim) rank() int {
	switch {
	case c.number == 0:
		return 0
	case c.strength == 1:
		return 1
	case c.group:
		return 4
	}
	return c.strength
}

// hasList tells whether participants, not leaders alone, are listed.
func (p *parse) hasList() bool {
	for _, l := range p.lists {
		if !l.leaders {
			return true
		}
	}
	return false
}

// claimModifiers stand between the number and what it counts.
var claimModifiers = map[string]bool{
	"other": true, "total": true, "state": true, "of": true, "the": true, "bipartisan": true, "additional": true, "fellow": true, "us": true,
	"and": true, "territorial": true, "territory": true, "local": true, "nation": true, "republican": true, "democratic": true, "gop": true, "nations": true, "more": true, "different": true,
}

// claimAt reads a claim whose number is at word i.
func (p *parse) claimAt(s sentences.Sentence, i int) (claim, bool) {
	n := sentences.Number(p.Text, i)
	c := claim{number: n}
	k := i + 1
	if n > 20 && k < s.End && p.Text.Words[k].Before&phrases.Hyphen != 0 && sentences.TensAndUnit(p.Text, i) {
		k++
	}
	if p.Word(k) == "state" && p.Text.Words[k].Before&phrases.Hyphen != 0 {
		if !p.Within(k+1, k+6, "coalition", "group", "lawsuit", "letter", "brief", "effort", "attorneys", "settlement", "investigation", "suit", "comment", "ag", "amicus") {
			return c, false
		}
		end := k + 1
		for end < k+6 && end < s.End && !p.Within(end-1, end, "coalition", "group", "lawsuit", "letter", "brief", "effort", "settlement", "investigation", "suit") {
			end++
		}
		c.strength, c.total, c.words, c.group = 3, n, p.Text.Slice(i, end), true
		return c, true
	}
	end, noun := p.counted(s, k, &c)
	if noun == "" || p.comparison(s, end) {
		return c, false
	}
	c.strength = p.claimStrength(s, i, noun, c.other)
	if c.strength == 0 {
		return c, false
	}
	c.total = n
	if !s.Head && !s.Listing() && p.newGroup(s, i) && !p.Within(s.Start, s.End, "today", "yesterday", "todays", "joining") {
		return c, false
	}
	c.group = p.Within(max(s.Start, i-3), i, "coalition", "group")
	end = p.beyond(s, end, noun, &c)
	c.words = p.Text.Slice(p.claimStart(s, i), end)
	return c, true
}

// newGroup tells whether the group counted at word i is introduced as another one, far from the
// beginning of the release: "a bipartisan coalition of 10 AGs that joined …".
func (p *parse) newGroup(s sentences.Sentence, i int) bool {
	for k := i - 1; k >= s.Start && k > i-8; k-- {
		if w := p.Word(k); w == "a" || w == "another" {
			return true
		}
	}
	return false
}

// counted finds what is counted from word k on, and returns where its words end.
func (p *parse) counted(s sentences.Sentence, k int, c *claim) (int, string) {
	for from := k; k < s.End && k < from+7; k++ {
		w := p.Word(k)
		if p.Text.Words[k].Before&(phrases.Semicolon|phrases.Open|phrases.Colon|phrases.Stop) != 0 {
			return k, ""
		}
		switch w {
		case "attorneys", "attorney":
			if next := p.Word(k + 1); next == "general" || next == "generals" {
				return k + 2, "attorneys"
			}
			return k, ""
		case "ags":
			return k + 1, "attorneys"
		case "states":
			if next := p.Word(k + 1); next == "attorneys" || next == "ags" {
				continue
			}
			return k + 1, "states"
		case "jurisdictions":
			return k + 1, "states"
		case "governments":
			c.local = true
			return k + 1, "states"
		case "other":
			c.other = true
		default:
			if !claimModifiers[w] {
				return k, ""
			}
		}
	}
	return k, ""
}

// comparison tells whether the words after a count show that it counts something else:
// "18 states have banned", "14 states with such laws".
func (p *parse) comparison(s sentences.Sentence, end int) bool {
	for i := end; i < s.End && i < end+4; i++ {
		if lawWords[p.Word(i)] {
			return true
		}
	}
	return false
}

// lawWords say what states have or do as states, not what their attorneys general do together.
var lawWords = map[string]bool{
	"banned": true, "enacted": true, "passed": true, "adopted": true, "already": true, "laws": true, "allow": true, "permit": true, "prohibit": true,
	"require": true, "ban": true, "currently": true, "did": true, "where": true, "legalized": true, "regulate": true,
}

// claimStrength says how surely the number at word i counts a coalition: 3 it is said, 2 it is likely, 1 perhaps, 0 not.
func (p *parse) claimStrength(s sentences.Sentence, i int, noun string, other bool) int {
	switch p.Word(i - 1) {
	case "least", "than", "nearly", "about", "roughly", "past", "first", "republican", "democratic", "title", "section", "no":
		return 0
	}
	floor := max(s.Start, i-7)
	for k := i - 1; k >= floor; k-- {
		switch p.Word(k) {
		case "joins", "join", "joined":
			if noun == "states" && !p.takingPart(s) {
				return 0
			}
			return 3
		case "coalition", "group", "joining", "alongside", "leads", "leading", "coled", "coleads", "signed", "along", "led", "effort":
			return 3
		}
		if p.Text.Words[k+1].Before&(phrases.Semicolon|phrases.Stop) != 0 {
			break
		}
	}
	if p.Within(i-3, i, "general", "generals", "ags", "from") && noun == "states" && p.Within(i-5, i, "general", "generals", "ags") {
		return 3
	}
	if noun == "states" && p.Within(i, i+5, "jointly") {
		return 3
	}
	after := p.Within(i, i+12, "joined", "join", "signed", "suing", "sued", "filed", "coalition", "multistate", "joining")
	switch p.Word(i - 1) {
	case "and", "with", "by", "included", "includes", "including", "among":
		if noun == "attorneys" || other {
			if other {
				return 3
			}
			return 2
		}
	case "of":
		if p.Word(i-2) == "one" && after {
			return 2
		}
		if noun == "attorneys" && p.Within(i-3, i, "letter", "total", "group") {
			return 3
		}
	case "the":
		if noun == "attorneys" {
			return 1
		}
	}
	if s.Headline && noun == "attorneys" {
		return 2
	}
	if after && noun == "attorneys" || p.Within(i, i+9, "jointly") {
		return 1
	}
	return 0
}

// claimStart finds where the words of a claim begin: "bipartisan coalition of 24".
func (p *parse) claimStart(s sentences.Sentence, i int) int {
	start, named := i, false
	for k := i - 1; k >= s.Start && k > i-7; k-- {
		switch p.Word(k) {
		case "joined", "joins", "joining", "led", "leads":
			if named {
				return start
			}
			start = k
		case "coalition", "group", "attorneys", "team":
			start, named = k, true
		case "bipartisan", "national", "nationwide", "multistate", "broad", "large", "total", "one":
			if start < i || p.Word(k) == "total" || p.Word(k) == "one" {
				start = min(start, k)
			}
		case "of", "general", "generals", "from", "state", "a", "the", "all", "in":
			continue
		}
		if start != k && start < i {
			break
		}
	}
	return start
}

// beyond reads what is counted beside the states: "48 states, the District of Columbia,
// and five U.S. territories". It returns where the words of the claim end.
func (p *parse) beyond(s sentences.Sentence, end int, noun string, c *claim) int {
	count := func(n int) {
		if noun == "states" {
			c.total += n
		}
	}
	for i := end; i < s.End && i < end+24; {
		w := p.Word(i)
		switch {
		case w == "and" || w == "the" || w == "us" || w == "of" || w == "from" && i == end:
			i++
			continue
		case noun == "attorneys" && sentences.Number(p.Text, i) > 1 && p.Word(i+1) == "states":
			i += 2
		case w == "territories" || w == "states":
			i++
		case sentences.Number(p.Text, i) > 0 && p.Within(i+1, i+3, "territories"):
			count(sentences.Number(p.Text, i))
			for p.Word(i) != "territories" {
				i++
			}
			i++
		case w == "district" && p.Word(i+2) == "columbia":
			count(1)
			i += 3
		case w == "dc":
			count(1)
			i++
		case w == "puerto" || w == "american":
			count(1)
			i += 2
		case w == "guam":
			count(1)
			i++
		case w == "cities" || w == "counties" || w == "local" || w == "governments":
			c.local = true
			i++
		case w == "city" && p.Word(i+1) == "of":
			i += 4
			if p.Word(i-2) == "new" {
				return min(i, s.End)
			}
			return min(i-1, s.End)
		default:
			return end
		}
		end = i
	}
	return min(end, s.End)
}

// jointNouns are what offices do together.
var jointNouns = map[string]bool{
	"coalition": true, "lawsuit": true, "settlement": true, "investigation": true, "effort": true, "action": true, "brief": true, "letter": true,
	"amicus": true, "litigation": true, "agreement": true, "group": true, "task": true, "complaint": true, "suit": true, "case": true, "call": true, "comment": true,
}

// readJoint looks in the first paragraphs for a joint action without a number:
// "joins multistate lawsuit", "a coalition of attorneys general".
func (p *parse) readJoint(s sentences.Sentence) {
	if p.joint || !s.Head || s.Quoted {
		return
	}
	for i := s.Start; i < s.End; i++ {
		ok := false
		switch w := p.Word(i); {
		case w == "coalition" && s.Headline:
			ok = true
		case w == "multistate" || w == "nationwide":
			ok = jointNouns[p.Word(i+1)] && (w == "multistate" || p.Within(i-5, i, "joined", "joins", "joining", "led", "leads"))
		case w == "multi":
			ok = p.Word(i+1) == "state" && jointNouns[p.Word(i+2)]
		case w == "coalition" || w == "group":
			ok = p.Word(i+1) == "of" && p.Within(i+2, i+7, "attorneys", "ags", "states", "generals", "governments") &&
				p.Within(max(s.Start, i-14), i, "joined", "joins", "joining", "led", "leads", "leading", "coled", "part", "alongside", "with", "and", "along", "coleads", "coleading", "as")
		case w == "states":
			ok = p.Word(i-1) == "other" && p.Within(max(s.Start, i-8), i, "joined", "joins", "joining", "along", "with", "alongside") &&
				p.Within(s.Start, s.End, "settlement", "resolution", "lawsuit", "suing", "agreement", "letter", "brief", "filing")
		}
		if ok {
			p.joint, p.jointAt = true, p.Quote(s.Start, s.End)
			return
		}
	}
}

// readBipartisan looks for the word where it describes the participants.
func (p *parse) readBipartisan(s sentences.Sentence) {
	if !s.Headline && !p.Within(s.Start, s.End, "attorneys", "attorney", "ags", "ag", "states", "generals") {
		return
	}
	for i := s.Start; i < s.End && !p.bipart; i++ {
		switch p.Word(i) {
		case "bipartisan", "bipartisancoalition":
			if p.Word(i) != "bipartisan" {
				p.bipart = true
				break
			}
			for k := i + 1; k < s.End && k < i+5; k++ {
				switch p.Word(k) {
				case "coalition", "group", "attorneys", "ags", "multistate", "settlement", "majority", "effort", "investigation", "letter", "brief", "committee", "executive", "call":
					p.bipart = p.Word(k) != "letter" || p.Within(i-4, i, "a", "led", "joined")
				}
				if p.Word(k) == "conference" || p.Word(k) == "legislation" || p.Word(k) == "advisory" || p.Text.Words[k].Before&phrases.Stop != 0 {
					break
				}
			}
		case "republican", "democratic":
			if p.Word(i+1) == "and" && p.Word(i+3) == "attorneys" {
				p.bipart = true
			}
		}
	}
}
