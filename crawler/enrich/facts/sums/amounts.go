package sums

import (
	"agora/crawler/enrich/facts/passage"
	"strconv"

	"agora/crawler/enrich/phrases"
)

// amounts finds what the amounts of a release are for.
func (s scan) amounts() {
	for _, l := range s.Lines {
		if l.Boilerplate {
			continue
		}
		end := min(l.End, passage.MostWords)
		for i := l.Start; i < end; i++ {
			if s.Text.Words[i].Before&phrases.Dollar == 0 {
				continue
			}
			m, ok := s.money(i, end)
			if !ok {
				continue
			}
			if kind := s.purpose(m); kind != "" {
				dollars := m.dollars
				s.Add(kind, strconv.FormatInt(dollars, 10), m.label, &dollars, m.from, m.end)
			}
			i = m.end - 1
		}
	}
}

// purpose returns the kind of fact that an amount is, or "".
func (s scan) purpose(m money) string {
	start, end := s.Sentence(m.start)
	if s.share(m, start, end) {
		return "share"
	}
	kind := s.nounBehind(m, end)
	if kind == "" {
		kind = s.nounBefore(m, start)
	}
	if kind == "" && s.paidToSettle(m, end) {
		kind = "settlement"
	}
	if kind != "" && s.unsure(kind, m, start, end) {
		return ""
	}
	return kind
}

// nouns are what money is paid as.
var nouns = map[string]string{
	"settlement": "settlement", "penalty": "penalty", "penalties": "penalty", "fine": "penalty", "fines": "penalty", "restitution": "restitution",
}

// qualifiers stand between an amount and its noun, or before the noun.
var qualifiers = passage.Set(`total civil criminal consumer victim victims state federal combined full statutory additional monetary administrative
	direct court ordered court-ordered financial mandatory stipulated cash in as a the of and`)

// mixed are nouns beside which an amount is for more than one thing.
var mixed = passage.Set(`restitution penalties penalty fines fine fees costs damages interest disgorgement relief refunds forfeiture payments assessment
	surcharges attorneys debt funds other repayment credits abatement cancellation investigative investigation court legal`)

// prepositions end the words that may stand between an amount and "settlement".
var prepositions = passage.Set(`to from for in of and that which who as by with will was is are were has have had through under after on or the a an its their
	his her at into over per each every following before during against between than worth more less`)

// nounBehind reads "$5 million settlement", "$5 million in civil penalties", "$5,000 fine".
func (s scan) nounBehind(m money, end int) string {
	if s.Before(m.end)&(phrases.Comma|phrases.Semicolon|phrases.Colon|phrases.Open|phrases.Close|phrases.Dash) != 0 {
		return ""
	}
	direct := s.Word(m.end) != "in" && s.Word(m.end) != "as"
	for k := m.end; k < end && k < m.end+7; k++ {
		w := s.Text.Words[k]
		if k > m.end && w.Before&^(phrases.Hyphen|phrases.Quote|phrases.Comma|phrases.Other) != 0 || w.Before&phrases.Dollar != 0 {
			return ""
		}
		if kind, ok := nouns[w.Folded]; ok {
			if kind == "settlement" && (!direct || !s.wholeSettlement(k)) {
				return ""
			}
			if s.mixedBehind(k, end) || !direct && s.mixedBefore(m.end, k) {
				return ""
			}
			return kind
		}
		if direct && prepositions[w.Folded] || !direct && !qualifiers[w.Folded] && w.Folded != "as" {
			return ""
		}
		if direct && k > m.end && w.Before&phrases.Comma != 0 {
			return ""
		}
	}
	return ""
}

// wholeSettlement tells whether "settlement" at word k is the thing, not a part of one.
func (s scan) wholeSettlement(k int) bool {
	switch s.Word(k + 1) {
	case "payment", "payments", "check", "checks", "offer", "offers", "proposal", "proceeds", "conference", "demand", "credit", "credits":
		return s.Before(k+1) != 0
	}
	return !s.Text.Words[k].Possessive
}

// mixedBehind tells whether another purpose is joined to the noun at word k: "$5 million in
// restitution and penalties" is neither.
func (s scan) mixedBehind(k, end int) bool {
	for j := k + 1; j < end && j < k+6; j++ {
		if s.Before(j)&phrases.Dollar != 0 {
			return false
		}
		w := s.Word(j)
		joined := w == "and" || w == "or" || w == "plus" || s.Before(j)&(phrases.Comma|phrases.Other) != 0
		if j == k+1 && !joined {
			return false
		}
		if mixed[w] || w == "restitution" {
			for n := j; n < end && n < j+4; n++ { // "and costs of $5" is another amount
				if s.Before(n)&phrases.Dollar != 0 {
					return false
				}
			}
			return true
		}
	}
	return false
}

// mixedBefore tells whether another purpose stands between the amount and the noun at word k.
func (s scan) mixedBefore(from, k int) bool {
	for j := from; j < k; j++ {
		if w := s.Word(j); w == "and" || w == "or" || s.Before(j)&phrases.Comma != 0 && j > from {
			return true
		}
	}
	return false
}

// nounBefore reads "settlement of $5 million", "civil penalties totaling $5 million", "fined $500".
func (s scan) nounBefore(m money, start int) string {
	k := m.from - 1
	if s.Broken(m.from, m.start+1) {
		return ""
	}
	if s.Word(k) == "fined" {
		return "penalty"
	}
	link := s.Word(k)
	reach := 1
	switch {
	case link == "of" && s.Word(k-1) == "amount" && s.Word(k-2) == "the":
		k, reach = k-3, 6
		if s.Word(k) == "in" {
			k--
		}
	case link == "totaling" || link == "totalling" || link == "worth" || link == "of":
		k--
		if link != "of" {
			reach = 6
		}
		if s.Word(k) == "at" || s.Word(k) == "valued" {
			k--
		}
	case link == "at" && s.Word(k-1) == "valued":
		k -= 2
	case link == "for" && s.settledFor(k, start):
		return "settlement"
	default:
		return ""
	}
	for n := 0; n < reach && k-n >= start; n++ {
		w := s.Word(k - n)
		if kind, ok := nouns[w]; ok {
			if s.Broken(k-n+1, m.from) || s.joinedBefore(k-n) || s.mixedBefore(k-n+1, m.from) || w == "settlement" && reach > 1 && n > 3 {
				return ""
			}
			return kind
		}
		if s.Before(k-n)&phrases.Dollar != 0 {
			return ""
		}
	}
	return ""
}

var taxes = passage.Set("tax taxes")

// joinedBefore tells whether another purpose is joined before the noun at word k.
func (s scan) joinedBefore(k int) bool {
	for j := k - 1; j >= max(k-4, 0); j-- {
		if w := s.Word(j); w == "and" || w == "or" || w == "plus" {
			return mixed[s.Word(j-1)] || taxes[s.Word(j-1)]
		}
	}
	return taxes[s.Word(k-1)]
}

// settledFor reads "settled with Acme for $5 million": word k is "for".
func (s scan) settledFor(k, start int) bool {
	for n := 1; n < 8 && k-n >= start; n++ {
		w := s.Word(k - n)
		if w == "settled" || w == "settle" || w == "settlement" {
			return n == 1 || s.Word(k-n+1) == "with" || s.Word(k-n+1) == "the"
		}
		if s.Before(k-n+1)&^(phrases.Other|phrases.Hyphen) != 0 {
			return false
		}
	}
	return false
}

// paidToSettle reads "will pay $5 million … to settle claims".
func (s scan) paidToSettle(m money, end int) bool {
	switch s.Word(m.from - 1) {
	case "pay", "pays", "paid", "paying":
	default:
		return false
	}
	if s.Broken(m.from, m.start+1) {
		return false
	}
	for k := m.end; k < end && k < m.end+25; k++ {
		if s.Before(k)&(phrases.Dollar|phrases.Semicolon|phrases.Open) != 0 {
			return false
		}
		w := s.Word(k)
		if nouns[w] != "" || mixed[w] && w != "other" && w != "court" && w != "funds" {
			return false
		}
		if (w == "settle" || w == "resolve" || w == "resolving" || w == "settling") && (s.Word(k-1) == "to" || k <= m.end+1) {
			return true
		}
		if w == "and" && k < m.end+3 {
			return false
		}
	}
	return false
}

// conditional tells whether a sentence says of a penalty that it is due only if something happens, or
// how high it may be.
func (s scan) conditional(start, end int) bool {
	for k := start; k < end; k++ {
		switch s.Word(k) {
		case "if", "unless", "stayed", "avoid", "should", "would", "until", "maximum", "faces", "face", "facing", "punishable", "carries", "carry", "greater":
			return true
		}
	}
	return false
}

// unsureWords make of an amount a threat, a wish or a limit.
var unsureWords = passage.Set(`maximum faces face facing punishable carries carry carrying could may might seek seeks seeking sought request requests requesting
	asks asking asked proposes propose would if per each minimum suspended held unless risk risks reject rejected demand demanded until potential
	possible collect refused failing failed against eligible authorizes allows allow authorized can subject`)

// unsure tells whether the words of the clause say that the amount is not what was agreed or ordered.
func (s scan) unsure(kind string, m money, start, end int) bool {
	if kind != "settlement" && (m.hedge == "up to" || m.hedge == "as much as" || m.hedge == "a maximum of" || m.hedge == "up to a total of") {
		return true
	}
	if kind == "penalty" && s.conditional(start, end) {
		return true
	}
	reach := 12
	if kind == "settlement" {
		reach = 3
	}
	for k := m.from - 1; k >= start && k > m.from-1-reach; k-- {
		if s.Before(k+1)&phrases.Semicolon != 0 {
			break
		}
		if unsureWords[s.Word(k)] {
			return true
		}
	}
	for k := m.end; k < end && k < m.end+7; k++ {
		switch s.Word(k) {
		case "per", "each", "every", "apiece", "suspended", "maximum", "possible", "available":
			return true
		case "a":
			if w := s.Word(k + 1); w == "day" || w == "violation" || w == "month" || w == "year" {
				return true
			}
		case "and", "or":
			k = end // another clause
		}
		if k < end && s.Before(k+1)&(phrases.Comma|phrases.Semicolon|phrases.Dollar) != 0 {
			break
		}
	}
	return false
}
