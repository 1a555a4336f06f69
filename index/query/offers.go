package query

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"agora/index"
	"agora/index/query/lexing"
	"agora/index/query/offers"
)

// maxOffers bounds how many filters are offered: a row of them, no list.
const maxOffers = 8

// Offers returns the filters that words of q may stand for, in the order of the words, at
// most eight. None has been applied. Offered are states, topics, kinds and years whose
// filter is not set, neither as a parameter nor in the words, for plain words that must
// all match: no quoted, excluded, fielded or grouped ones, and none where OR is used.
func Offers(q index.Query) []index.Offer { return offersUntil(q, time.Now().Year()) }

// offersUntil is Offers in a year.
func offersUntil(q index.Query, latest int) []index.Offer {
	text := clean(cut(q.Text, &warnings{}))
	p, _ := read(text, &warnings{})
	if p.alternatives {
		return nil
	}
	set := p.fieldsSet(q)
	var list []index.Offer
	for _, row := range p.rows(text) {
		words := make([]string, len(row))
		for i, t := range row {
			words[i] = t.Text
		}
		for _, o := range offers.Find(words, latest) {
			same := func(known index.Offer) bool { return known.Field == o.Field && known.Value == o.Value }
			if set[o.Field] || slices.ContainsFunc(list, same) {
				continue
			}
			start, end := row[o.First].Start, row[o.Last].End
			rest, ok := p.without(text, start, end)
			if !ok {
				continue
			}
			list = append(list, index.Offer{
				Field: o.Field, Value: o.Value, Label: cmp.Or(index.ValueLabel(o.Field, o.Value), o.Value),
				Words: strings.Trim(text[start:end], ",;:!?"), Rest: rest,
			})
			if len(list) == maxOffers {
				return list
			}
		}
	}
	return list
}

// Fewer returns the question without one of its words, for each of those that Offers looks at,
// at most eight; none where only one word is left. What they find is not known yet.
func Fewer(q index.Query) []index.Fewer {
	text := clean(cut(q.Text, &warnings{}))
	p, _ := read(text, &warnings{})
	var list []index.Fewer
	for _, t := range slices.Concat(p.rows(text)...) {
		rest, ok := p.without(text, t.Start, t.End)
		if !ok || len(list) == maxOffers || p.alternatives {
			continue
		}
		if left, _ := Parse(rest); hasWords(left) {
			list = append(list, index.Fewer{Without: strings.Trim(text[t.Start:t.End], ",;:!?"), Q: rest})
		}
	}
	return list
}

// fieldsSet returns the fields that a question restricts already.
func (p *parser) fieldsSet(q index.Query) map[index.Field]bool {
	set := map[index.Field]bool{index.FieldYear: q.From != "" || q.To != ""}
	for _, f := range q.Filters {
		set[f.Field] = true
	}
	for _, t := range p.tokens {
		if t.Kind != lexing.Field {
			continue
		}
		switch f, _ := fieldNamed(t.Text); f.role {
		case inValues:
			set[f.value] = true
		case onDate, afterDate, beforeDate:
			set[index.FieldYear] = true
		case inText, inOffice, isState: // is:undated and a year find nothing, and that is not offered
		}
	}
	return set
}

// rows returns the plain words that can be taken out, those together that have nothing but
// white space between them.
func (p *parser) rows(text string) [][]lexing.Token {
	var rows [][]lexing.Token
	end := -1
	for _, w := range p.plain {
		if w.bound {
			continue
		}
		if end < 0 || strings.TrimSpace(text[end:w.Start]) != "" {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], w.Token)
		end = w.End
	}
	return rows
}

// without returns text without the words from start to end, and without an AND that would
// have nothing to join; false where the rest would be read in another way than before.
func (p *parser) without(text string, start, end int) (rest string, ok bool) {
	for i, t := range p.tokens {
		if t.Start == start && i > 0 && p.tokens[i-1].Kind == lexing.And {
			start = p.tokens[i-1].Start
			break
		}
		if t.End == end && i+1 < len(p.tokens) && p.tokens[i+1].Kind == lexing.And {
			end = p.tokens[i+1].End
		}
	}
	before, after := strings.TrimRightFunc(text[:start], unicode.IsSpace), strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	rest = before + after
	if before != "" && after != "" {
		rest = before + " " + after
	}
	kept := slices.DeleteFunc(slices.Clone(p.tokens), func(t lexing.Token) bool { return start <= t.Start && t.End <= end })
	same := func(a, b lexing.Token) bool { return a.Kind == b.Kind && a.Text == b.Text }
	return rest, slices.EqualFunc(kept, lex(rest, &warnings{}), same)
}
