package coalition

import (
	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
)

// row is what a line of a roster may be.
type row int

const (
	rowOther  row = iota
	rowName       // "Jane Poe", without a state
	rowState      // "State of Iowa"
	rowSigner     // "Attorney General of Iowa", "Iowa Attorney General Jane Poe"
)

// Bounds of a roster: its lines are short, and fewer offices than this may be anything.
const (
	longestRow    = 24
	fewestSigners = 3
)

// readRosters finds the lists that stand in lines of their own without a sentence that
// announces them: the signatures below a letter, a table of the participants.
func (p *parse) readRosters() {
	var who sentences.Codes
	signers, first := 0, -1
	flush := func() {
		if who.Count() >= fewestSigners && (signers >= fewestSigners || p.announcesRoster(first)) && p.newRoster(who) {
			p.lists = append(p.lists, list{who: who, sentence: p.sentenceOf(first), size: who.Count()})
		}
		who, signers, first = 0, 0, -1
	}
	start := 0
	for start < len(p.Text.Words) {
		end := start + 1
		for end < len(p.Text.Words) && p.Text.Words[end].Before&phrases.Line == 0 {
			end++
		}
		kind, codes := p.row(start, end)
		switch {
		case kind == rowOther:
			flush()
		case kind == rowName && first < 0:
		default:
			if first < 0 {
				first = start
			}
			who |= codes
			if kind == rowSigner {
				signers += codes.Count()
			}
		}
		start = end
	}
	flush()
}

// row says what the line of words start to end-1 is.
func (p *parse) row(start, end int) (row, sentences.Codes) {
	if end-start > longestRow {
		return rowOther, 0
	}
	var who sentences.Codes
	titled, next := false, start
	mentions := p.Names.Find(p.Text, p.Numbers, start, end)
	for i := start; i < end; i++ {
		if len(mentions) > 0 && i == mentions[0].Start {
			who |= sentences.CodeOf(mentions[0].Code)
			next, mentions = mentions[0].End, mentions[1:]
		}
		if i < next {
			continue
		}
		w := p.Word(i)
		if !sentences.ListWord(w) && !p.NameWord(i) || p.Text.Words[i].Before&(phrases.Stop|phrases.Colon|phrases.Quote) != 0 && i > start {
			return rowOther, 0
		}
		titled = titled || w == "general" || w == "ag"
	}
	switch {
	case who == 0 && end-start > 6:
		return rowOther, 0
	case who == 0:
		return rowName, 0
	case titled:
		return rowSigner, who
	}
	return rowState, who
}

// announcesRoster tells whether the line before word first says that a list of participants follows.
func (p *parse) announcesRoster(first int) bool {
	si := p.sentenceOf(first)
	if si <= 0 {
		return false
	}
	s := p.Sentences[si-1]
	return s.Cue && !s.Past && !s.Denied && p.jointWord(s) && p.takingPart(s)
}

// newRoster tells whether a roster adds to what sentences have listed.
func (p *parse) newRoster(who sentences.Codes) bool {
	for _, l := range p.lists {
		if !l.leaders && l.who&who == who {
			return false
		}
	}
	return true
}

// sentenceOf returns the number of the sentence that holds word i; -1 for none.
func (p *parse) sentenceOf(i int) int {
	for si, s := range p.Sentences {
		if i >= s.Start && i < s.End {
			return si
		}
	}
	return -1
}
