package coalition

import (
	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
)

// list is a group of participants told in one sentence.
type list struct {
	who      sentences.Codes
	leaders  bool // named as those who lead, and no others beside
	sentence int
	size     int
}

// readLists finds the participants named.
func (p *parse) readLists() {
	for si := range p.Sentences {
		s := &p.Sentences[si]
		if s.Denied || !s.Cue || s.Past && !p.sameMatter(*s) {
			continue
		}
		p.readAll(*s)
		for gi, g := range s.Groups {
			if g.Governors || g.Local {
				continue
			}
			who := g.Codes()
			led, isLed := p.leadsAfter(*s, g)
			isLed = isLed && led == who
			if !isLed && p.leadsBefore(*s, g) {
				if leads := p.beforeCompanions(g); leads != who {
					p.lists = append(p.lists, list{who: who &^ leads, sentence: si, size: len(g.Members)})
				}
				isLed = true
			}
			if p.opponents(*s, g) {
				continue
			}
			if who&^sentences.CodeOf(p.Issuer.Office) == 0 || !isLed && !p.participants(*s, gi) {
				continue
			}
			p.lists = append(p.lists, list{who: who, leaders: isLed, sentence: si, size: len(g.Members)})
		}
		if s.Past {
			s.Past = false
		}
	}
}

// sameMatter tells whether a sentence with a date that looks like another one's is a
// full list in a release that names no other: "joined in the complaint filed June 11".
func (p *parse) sameMatter(s sentences.Sentence) bool {
	if p.Published == "" || s.Head || s.Quoted {
		return false
	}
	for i := s.Start; i < s.End; i++ {
		if p.Year(i) > 0 || p.Word(i) == "previously" || p.Word(i) == "earlier" || p.Word(i) == "last" || p.Word(i) == "similar" || p.Word(i) == "also" {
			return false
		}
	}
	for _, g := range s.Groups {
		if len(g.Members) >= 5 {
			return true
		}
	}
	return false
}

// joinWords tell, in a sentence with a list, that the list takes part.
var joinWords = map[string]bool{
	"joined": true, "joins": true, "joining": true, "join": true, "signed": true, "signing": true, "coalition": true, "led": true, "coled": true, "leading": true,
	"multistate": true, "along": true, "alongside": true, "addition": true, "participating": true, "participated": true, "following": true, "counterparts": true,
	"group": true, "committee": true, "consists": true, "comprised": true, "includes": true, "include": true, "filing": true, "filed": true, "sign": true,
	"other": true, "support": true, "settlement": true, "suing": true, "signatories": true, "cosigned": true, "submitted": true, "sent": true,
}

// participants tells whether group gi of a sentence names those who take part.
func (p *parse) participants(s sentences.Sentence, gi int) bool {
	g := s.Groups[gi]
	named, i := p.announced(s, g)
	before := p.Word(i)
	if g.Members[0].Owner || p.spokenOf(s, i) {
		return false
	}
	if len(g.Members) > 1 && p.joinedAfter(s, g) {
		return true
	}
	person := g.Members[0].Person || g.Members[len(g.Members)-1].Person
	joint := p.jointWord(s)
	switch {
	case named && (before != "to" || p.Word(i-1) == "addition") && before != "against" && before != "suing" && before != "by" || person && len(g.Members) > 1:
		return joint && (len(g.Members) > 1 || p.tied(s, g, i))
	case person:
		return joint && p.tied(s, g, i)
	case before == "including" && s.Head:
		return false
	case len(g.Members) >= 3:
		colon := p.Text.Words[g.Start].Before&phrases.Colon != 0 && !p.comparison(s, g.Start-5)
		return joint && p.takingPart(s) && (colon || p.listBefore(s, i))
	}
	return joint && p.tied(s, g, i)
}

// spokenOf tells whether word i, before a group, makes of it those whom an action is
// for or against: "in support of Illinois", "challenging Vermont's law".
func (p *parse) spokenOf(s sentences.Sentence, i int) bool {
	switch p.Word(i) {
	case "by": // "opposing a lawsuit filed by Texas"
		return p.Within(i-1, i, "filed", "brought", "enacted", "passed") && p.Within(max(s.Start, i-8), i, "opposing", "opposes", "against", "challenging", "fighting", "dismiss")
	case "support":
		return p.Word(i-1) != "with"
	case "supporting", "supports", "backing", "backs", "defending", "defends", "challenging", "challenges", "opposing", "opposes", "behalf", "against", "favor", "suing", "sues", "sued":
		return true
	}
	return false
}

// joinedAfter: "Iowa, Nebraska and South Dakota also joined.", "… have joined the lawsuit"; not
// "… joined six states in banning".
func (p *parse) joinedAfter(s sentences.Sentence, g sentences.Group) bool {
	for i := g.End; i < s.End && i < g.End+4; i++ {
		switch p.Word(i) {
		case "also", "have", "has", "all", "later", "since", "today":
			continue
		case "joined", "join", "signed":
			switch next := p.Word(i + 1); {
			case i+1 >= s.End || p.Text.Words[i+1].Before&(phrases.Comma|phrases.Stop) != 0:
				return true
			case next == "by" || next == "with":
				return false
			case next == "in" || next == "on" || next == "onto" || next == "the" || next == "this":
				return p.takingPart(s)
			default:
				return p.Within(i+1, i+4, "attorney", "ag") || p.issuerNamed(i+1)
			}
		default:
			return false
		}
	}
	return false
}

// issuerNamed tells whether the name of the publisher's state begins at word i.
func (p *parse) issuerNamed(i int) bool {
	code, _, ok := p.Names.At(p.Numbers, i)
	return ok && code == p.Issuer.Office
}

// takingPart tells whether a sentence has a word for what is done together, so that
// "Iowa joins seven other states in banning" is no coalition.
func (p *parse) takingPart(s sentences.Sentence) bool {
	if first := p.Word(s.Start); first == "joining" || first == "also" && p.Word(s.Start+1) == "joining" {
		return true
	}
	for i := s.Start; i < s.End; i++ {
		switch p.Word(i) {
		case "coalition", "lawsuit", "suit", "brief", "letter", "settlement", "filing", "filed", "signed", "sign", "signing", "group", "multistate", "complaint", "comments", "comment",
			"attorneys", "ags", "generals", "petition", "investigation", "suing", "statement", "effort", "settling", "settled", "case", "agreement", "motion", "litigation", "following", "amicus", "signatories", "participating", "led", "counterparts":
			return true
		}
	}
	return false
}

// listBefore tells whether word i can stand before a bare list of participants.
func (p *parse) listBefore(s sentences.Sentence, i int) bool {
	if i < s.Start {
		return true
	}
	if p.Text.Words[i+1].Before&(phrases.Colon|phrases.Dash) != 0 {
		return true
	}
	switch p.Word(i) {
	case "by", "with", "are", "is", "were", "was", "includes", "include", "included", "alongside", "joined", "joins", "joining", "following", "also",
		"coalition", "group", "jurisdictions", "and", "plaintiffs", "signatories", "along", "committee", "participants", "comprises":
		return true
	case "comprised", "consists", "consisting", "composed", "up", "alliance", "team", "members":
		return true
	case "to":
		return p.Word(i-1) == "addition"
	case "including":
		return !s.Head
	case "support":
		return p.Word(i-1) == "with"
	case "add", "adds", "adding":
		return true
	case "in":
		return p.Within(i-1, i, "counterparts", "colleagues")
	}
	return p.Word(i+1) == "from" && p.Within(s.Start, i, "attorneys", "ags", "generals")
}

// announced walks back over the words of lists before a group, and tells whether they
// name it as attorneys general or as states ("the attorneys general of"), and where the words end.
func (p *parse) announced(s sentences.Sentence, g sentences.Group) (bool, int) {
	i, named := g.Start-1, false
	if p.Text.Words[g.Start].Before&phrases.Open != 0 { // "Attorneys General Ann Poe (Iowa), …"
		for i >= s.Start && i > g.Start-6 && p.NameWord(i) && !sentences.ListWord(p.Word(i)) {
			i--
		}
	}
	for ; i >= s.Start; i-- {
		w := p.Word(i)
		if w == "generals" || w == "general" || w == "ags" || w == "attorneys" || w == "states" && p.Word(i+1) == "of" {
			named = true
		}
		if !sentences.ListWord(w) && w != "in" || w == "with" || w == "and" || w == "along" {
			break
		}
		if w == "in" && !named && p.Word(i-1) != "general" && p.Word(i-1) != "generals" && p.Word(i-1) != "ags" {
			break
		}
	}
	return named, i
}

func (p *parse) jointWord(s sentences.Sentence) bool {
	for i := s.Start; i < s.End; i++ {
		if joinWords[p.Word(i)] {
			return true
		}
	}
	return false
}

// tied tells whether a small group is tied to the joint action by the words beside it:
// "joined by", "joins", "along with", "in addition to", "… have joined the lawsuit".
func (p *parse) tied(s sentences.Sentence, g sentences.Group, i int) bool {
	for k := i; k >= s.Start && k > i-5; k-- {
		switch p.Word(k) {
		case "joined", "joins", "joining", "join", "alongside", "along", "signed", "includes", "include", "addition", "were":
			return true
		case "by", "with", "and", "are", "is", "to", "also", "general", "attorney", "in", "the":
			continue
		}
		if !p.NameWord(k) {
			break
		}
	}
	for k := g.End; k < s.End && k < g.End+5; k++ {
		switch p.Word(k) {
		case "joined", "joins", "join", "signed", "in":
			return p.Text.Words[k].Before&phrases.Stop == 0 && (p.Word(k) != "in" || p.Within(k+1, k+3, "leading", "filing", "sending", "signing", "coleading"))
		case "have", "has", "also", "were", "was", "who", "is", "are":
			continue
		}
		if !p.NameWord(k) {
			break
		}
	}
	return false
}

// readAll: "attorneys general from all 50 states and the District of Columbia".
func (p *parse) readAll(s sentences.Sentence) {
	if !s.Head {
		return
	}
	for i := s.Start; i+2 < s.End; i++ {
		if p.Word(i) != "all" || sentences.Number(p.Text, i+1) != 50 || p.Word(i+2) != "states" && p.Word(i+2) != "state" {
			continue
		}
		if !p.Within(i-6, i, "attorneys", "generals", "ags", "coalition", "joined", "joins", "general") {
			continue
		}
		p.all = true
		who := sentences.FiftyStates()
		if p.Within(i+3, i+9, "columbia", "dc") {
			who |= sentences.CodeOf("DC")
		}
		if p.Within(i+3, i+16, "territories") && p.Within(i+3, i+16, "five", "5") {
			who |= sentences.Territories()
		}
		p.lists = append(p.lists, list{who: who, sentence: -1, size: who.Count()})
	}
}
