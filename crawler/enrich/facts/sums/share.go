package sums

import (
	"agora/crawler/enrich/facts/passage"
	"agora/crawler/enrich/phrases"
)

// receiving are the verbs of who gets a share.
var receiving = passage.Set("receive receives receiving received get gets getting obtain obtains recover recovers")

// auxiliaries stand between who receives and the verb.
var auxiliaries = passage.Set("will is to expected set slated also itself alone stands be projected estimated now currently has shall anticipated")

// linking are the verbs between a share and its amount.
var linking = passage.Set("is was be totals total totaling exceeds exceed equals being")

// unlikelyShare are words of money that a state gets from elsewhere.
var unlikelyShare = passage.Set("grant grants federal budget medicaid appropriation appropriated tax taxes annually congress fema funding year could lose cut cuts bill session legislature")

// share tells whether an amount is what the publisher's own state gets of a settlement.
func (s scan) share(m money, start, end int) bool {
	if s.Office == "" {
		return false
	}
	settled := false
	for k := start; k < end; k++ {
		w := s.Word(k)
		if unlikelyShare[w] {
			return false
		}
		settled = settled || w == "settlement" || w == "settlements" || w == "share" || w == "agreement" || w == "judgment" || w == "settle" || w == "agreed"
	}
	if !settled && !s.settled {
		return false
	}
	for k := max(m.from-4, start); k < m.from; k++ {
		if w := s.Word(k); w == "may" || w == "might" || w == "would" || w == "potentially" {
			return false
		}
	}
	return s.received(m, start) || s.shareOf(m, start) || s.goingTo(m, end)
}

// settles tells whether the title or the first paragraph tells of a settlement.
func (s scan) settles() bool {
	body := 0
	for _, l := range s.Lines {
		if !l.Headline {
			body++
		}
		if body > 1 {
			return false
		}
		for k := l.Start; k < l.End; k++ {
			switch s.Word(k) {
			case "settlement", "settlements", "settle", "settles":
				return true
			}
		}
	}
	return false
}

// received reads "Virginia will receive $5 million".
func (s scan) received(m money, start int) bool {
	k := m.from - 1
	if s.Broken(m.from, m.start+1) {
		return false
	}
	if !receiving[s.Word(k)] {
		return false
	}
	for k--; k >= start && auxiliaries[s.Word(k)]; k-- {
		if s.Broken(k+1, k+2) {
			return false
		}
	}
	return !s.Broken(k+1, k+2) && s.ownState(k, start)
}

// ownState tells whether the name of the publisher's state, or "the State", ends at word k.
func (s scan) ownState(k, start int) bool {
	if s.Word(k) == "state" && s.Word(k-1) == "the" {
		return true
	}
	return s.nameEnds(k, start) >= 0
}

// nameEnds returns the first word of the name of the publisher's state that ends at word k, or -1.
func (s scan) nameEnds(k, start int) int {
	for n := 0; n < 3 && k-n >= start; n++ {
		f, ok := s.Phrase(k - n)
		if !ok || f.End != k+1 || f.Entry.Role != passage.StateName {
			continue
		}
		if f.Entry.Value != s.Office || s.Text.Words[k].Folded[len(s.Text.Words[k].Folded)-1] == 's' && !hasFinalS(s.Office) {
			return -1
		}
		if w := s.Word(f.Start - 1); w == "and" || w == "or" || w == "for" || w == "in" || w == "across" {
			return -1 // "Ohio and Virginia"
		}
		return f.Start
	}
	return -1
}

// hasFinalS tells whether the name of a state ends with s: other names with one are people.
func hasFinalS(code string) bool {
	switch code {
	case "AR", "IL", "KS", "MA", "TX", "VI", "MP":
		return true
	}
	return false
}

// shareOf reads "Virginia’s share of the settlement is $5 million".
func (s scan) shareOf(m money, start int) bool {
	if !linking[s.Word(m.from-1)] || s.Broken(m.from, m.start+1) {
		return false
	}
	for k := m.from - 2; k >= start && k > m.from-22; k-- {
		if w := s.Word(k); w == "share" || w == "portion" {
			j := k - 1
			if s.Word(j) == "total" || s.Word(j) == "full" || s.Word(j) == "estimated" {
				j--
			}
			return s.Text.Words[max(j, 0)].Possessive && (s.Word(j) == "state" || s.nameEnds(j, start) >= 0)
		}
	}
	return false
}

// goingTo reads "including $5 million for Virginia", "will bring $5 million to Virginia".
func (s scan) goingTo(m money, end int) bool {
	switch s.Word(m.from - 1) {
	case "pay":
		if w := s.Word(m.from - 2); w != "will" && w != "to" || s.Upper(m.from-1) || s.Ends(m.from-1) {
			return false
		}
	case "including", "bring", "brings", "bringing", "with", "securing", "secures":
	default:
		return false
	}
	k := m.end
	if s.Word(k) == "going" || s.Word(k) == "coming" {
		k++
	}
	if w := s.Word(k); w != "to" && w != "for" && w != "into" {
		return false
	}
	k++
	if s.Same(k, []string{"the", "state", "of"}) {
		k += 3
	}
	f, ok := s.Phrase(k)
	if !ok || f.Entry.Role != passage.StateName || f.Entry.Value != s.Office || s.Broken(m.end, f.End) {
		return false
	}
	last := s.Text.Words[f.End-1]
	if last.Possessive || last.Folded[len(last.Folded)-1] == 's' && !hasFinalS(s.Office) {
		return false
	}
	if f.End >= end || s.Before(f.End)&^(phrases.Hyphen|phrases.Other) != 0 {
		return s.Word(f.End) != "and" && !s.stateNext(f.End)
	}
	switch s.Word(f.End) { // "Virginia students" are not the state
	case "to", "over", "from", "as", "for", "that", "in", "through", "alone", "which", "under":
		return true
	}
	return false
}

// stateNext tells whether another state follows in a list.
func (s scan) stateNext(k int) bool {
	if s.Word(k) == "the" && s.Word(k+1) == "other" {
		return true
	}
	f, ok := s.Phrase(k)
	return ok && f.Entry.Role == passage.StateName
}
