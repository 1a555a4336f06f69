package columns

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"agora/index"
	"agora/index/analysis"
	"agora/index/vocabulary"
)

// Test tells whether a document has some property.
type Test func(doc uint32) bool

// Has tests for a value of a field.
func (c *Columns) Has(field index.Field, value string) Test {
	return c.Filter(index.Filter{Field: field, Include: []string{value}})
}

// Published tests for a day of publication within from … to, inclusive; "" is open.
// Undated releases never pass.
func (c *Columns) Published(from, to index.Date) Test {
	first, last := int32(NoDay+1), int32(math.MaxInt32)
	if from != "" {
		day, ok := Day(from)
		if !ok {
			return never
		}
		first = day
	}
	if to != "" {
		day, ok := Day(to)
		if !ok {
			return never
		}
		last = day
	}
	return func(doc uint32) bool { return c.Day[doc] >= first && c.Day[doc] <= last }
}

func never(uint32) bool { return false }

// Multistate tests for releases that tell of a coalition.
func (c *Columns) Multistate() Test {
	return func(doc uint32) bool { return c.flags[doc]&multistate != 0 }
}

// InOffice tests for an attorney general whose name has all words of name.
func (c *Columns) InOffice(name string) Test {
	words := strings.Fields(analysis.Fold(name))
	fits := make([]bool, len(c.folded))
	for i, attorney := range c.folded {
		fits[i] = attorney != "" && len(words) > 0
		for _, w := range words {
			fits[i] = fits[i] && strings.Contains(attorney+" ", " "+w+" ")
		}
	}
	return func(doc uint32) bool { return fits[c.attorney[doc]] }
}

// AddedSince and ChangedSince test for times in Unix milliseconds.
func (c *Columns) AddedSince(from int64) Test {
	return func(doc uint32) bool { return c.Added[doc] >= from }
}

// ChangedSince tests for a current version first captured at from or later.
func (c *Columns) ChangedSince(from int64) Test {
	return func(doc uint32) bool { return c.Changed[doc] >= from }
}

// Filter tests for passing a filter.
func (c *Columns) Filter(f index.Filter) Test {
	switch f.Field {
	case index.FieldYear:
		return openFilter(f, c.year, yearName)
	case index.FieldLanguage:
		return openFilter(f, c.language, func(code uint16) string { return c.languages[code] })
	}
	if f.Field == index.FieldCompany {
		return c.companyFilter(f)
	}
	list, ok := closedList(f.Field)
	if !ok {
		return func(uint32) bool { return len(f.Include) == 0 }
	}
	include, exclude := list.bits(f.Include), list.bits(f.Exclude)
	if len(f.Include) == 0 {
		include = anything
	}
	passes := func(s uint64) bool { return (s&include != 0 || include == anything) && s&exclude == 0 }
	switch f.Field { // the usual ones without a call
	case index.FieldState:
		var ok [256]bool
		for place := range ok {
			ok[place] = passes(1 << place)
		}
		return func(doc uint32) bool { return ok[c.office[doc]] }
	case index.FieldTopic:
		if include == anything {
			return func(doc uint32) bool { return c.topics[doc]&exclude == 0 }
		}
		return func(doc uint32) bool { return c.topics[doc]&include != 0 && c.topics[doc]&exclude == 0 }
	case index.FieldRole, index.FieldAction, index.FieldLead, index.FieldMember, index.FieldJoined:
		values := coalitionValues(f.Field)
		ok := make([]bool, len(c.coalitions))
		for place, t := range c.coalitions {
			ok[place] = passes(values(t))
		}
		return func(doc uint32) bool { return ok[c.coalition[doc]] }
	default:
		set := c.sets(f.Field)
		return func(doc uint32) bool { return passes(set(doc)) }
	}
}

// anything stands for the values of a filter that leaves only some out.
const anything = ^uint64(0)

// openFilter is the filter of a field with one value a document and no closed list.
func openFilter(f index.Filter, column []uint16, name func(uint16) string) Test {
	const unknown, fails, passes = 0, 1, 2
	var judged []uint8 // by code
	return func(doc uint32) bool {
		code := column[doc]
		if int(code) >= len(judged) {
			judged = append(judged, make([]uint8, int(code)+1-len(judged))...)
		}
		if judged[code] == unknown {
			judged[code] = fails
			if f.Matches(presentValues(name(code))) {
				judged[code] = passes
			}
		}
		return judged[code] == passes
	}
}

// companyFilter is the filter of companies, of which a document may have several.
func (c *Columns) companyFilter(f index.Filter) Test {
	included, excluded := make([]bool, len(c.companies)), make([]bool, len(c.companies))
	for place, name := range c.companies {
		value, _, _ := strings.Cut(name, "\t")
		included[place] = slices.Contains(f.Include, value)
		excluded[place] = slices.Contains(f.Exclude, value)
	}
	return func(doc uint32) bool {
		found := len(f.Include) == 0
		for _, place := range c.company[c.ends[doc]:c.ends[doc+1]] {
			if excluded[place] {
				return false
			}
			found = found || included[place]
		}
		return found
	}
}

func presentValues(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

func yearName(year uint16) string {
	if year == 0 {
		return index.Undated
	}
	return fmt.Sprintf("%04d", year)
}

// sets returns the values of a field with a closed list as bits by place in the list.
func (c *Columns) sets(field index.Field) func(doc uint32) uint64 {
	switch field {
	case index.FieldState:
		return func(doc uint32) uint64 { return 1 << c.office[doc] } // noOffice shifts it out
	case index.FieldTopic:
		return func(doc uint32) uint64 { return c.topics[doc] }
	case index.FieldKind:
		return func(doc uint32) uint64 { return uint64(c.kinds[doc]) }
	case index.FieldRole, index.FieldAction, index.FieldLead, index.FieldMember, index.FieldJoined:
		return c.coalitionSets(coalitionValues(field))
	case index.FieldInvolves:
		return func(doc uint32) uint64 {
			t := c.coalitions[c.coalition[doc]]
			return 1<<c.office[doc] | t.members | t.leads
		}
	case index.FieldParty:
		return func(doc uint32) uint64 { return uint64(c.party[doc]) }
	case index.FieldPresence:
		return func(doc uint32) uint64 { return uint64(c.presence[doc]) }
	case index.FieldAgency:
		return func(doc uint32) uint64 { return c.agencies[doc] }
	case index.FieldYear, index.FieldLanguage, index.FieldCompany:
	}
	return func(uint32) uint64 { return 0 }
}

// coalitionValues returns what a field takes from a coalition.
func coalitionValues(field index.Field) func(t coalition) uint64 {
	switch field {
	case index.FieldRole:
		return func(t coalition) uint64 { return t.role }
	case index.FieldAction:
		return func(t coalition) uint64 { return t.action }
	case index.FieldLead:
		return func(t coalition) uint64 { return t.leads }
	case index.FieldMember:
		return func(t coalition) uint64 { return t.members | t.leads }
	default: // FieldJoined
		return func(t coalition) uint64 { return t.members &^ t.leads }
	}
}

// coalitionSets returns the values of a field of coalitions.
func (c *Columns) coalitionSets(values func(coalition) uint64) func(doc uint32) uint64 {
	sets := make([]uint64, len(c.coalitions))
	for i, t := range c.coalitions {
		sets[i] = values(t)
	}
	return func(doc uint32) uint64 { return sets[c.coalition[doc]] }
}

// list is a closed list: the value at each bit.
type list []string

func (l list) bit(value string) uint64 {
	for i, v := range l {
		if v == value && v != "" {
			return 1 << i
		}
	}
	return 0
}

func (l list) bits(values []string) uint64 {
	var set uint64
	for _, v := range values {
		set |= l.bit(v)
	}
	return set
}

// closedList returns the values of a field by bit; false for year, language
// and company, whose lists are open.
func closedList(field index.Field) (list, bool) {
	switch field {
	case index.FieldState, index.FieldLead, index.FieldMember, index.FieldJoined, index.FieldInvolves:
		l := make(list, len(vocabulary.Offices))
		for i, o := range vocabulary.Offices {
			l[i] = o.Code
		}
		return l, true
	case index.FieldTopic:
		l := make(list, 64)
		for _, t := range vocabulary.Topics {
			l[t.Bit] = t.Slug
		}
		return l, true
	case index.FieldKind:
		return wordList(vocabulary.Kinds[:]), true
	case index.FieldRole:
		return wordList(vocabulary.Roles[:]), true
	case index.FieldAction:
		return wordList(vocabulary.Actions[:]), true
	case index.FieldParty:
		return wordList(vocabulary.Parties[:]), true
	case index.FieldPresence:
		return wordList(vocabulary.Presences[:]), true
	case index.FieldAgency:
		l := make(list, 64)
		for _, a := range vocabulary.Agencies {
			l[a.Place] = a.Slug
		}
		return l, true
	case index.FieldYear, index.FieldLanguage, index.FieldCompany:
	}
	return nil, false
}

func wordList(words []vocabulary.Word) list {
	l := make(list, len(words))
	for i, w := range words {
		l[i] = w.Value
	}
	return l
}
