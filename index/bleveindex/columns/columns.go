// Package columns keeps what filters, facets and orders need to know of each release of
// an index segment: one slice a value, by document number. It is built once from the
// records that the segment stores and then only read, by any number of searches at once.
//
// It knows nothing of words, scores and segments' files.
package columns

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"

	"agora/index"
	"agora/index/analysis"
	"agora/index/vocabulary"
)

// NoDay stands in Day for a release without a date, and in Order for one that sorts last.
const NoDay = math.MinInt32

// Bits of Flags.
const (
	multistate uint8 = 1 << iota
	backfill
)

// Columns are the values of all documents of one segment.
type Columns struct {
	Count int

	ids     []byte // one after the other
	offsets []uint32

	Day     []int32 // of publication, since 1970; NoDay where it is not known
	Order   []int32 // the day to sort by: that of publication, else the day added if seen live, else NoDay
	Added   []int64 // Unix milliseconds
	Changed []int64

	TitleLength []uint16 // in tokens
	TextLength  []uint16
	TitleTotal  int // sums
	TextTotal   int

	year     []uint16 // 0 where it is not known
	office   []uint64 // bit sets from here, by place in the vocabulary
	topics   []uint64
	leads    []uint64
	members  []uint64
	kinds    []uint32
	role     []uint8 // one bit or none, likewise
	action   []uint8
	party    []uint8
	presence []uint8
	flags    []uint8

	language  []uint16 // place in languages
	languages []string
	attorney  []uint16 // place in attorneys
	attorneys []string // folded words of a name, each after a space
}

// Build makes the columns of count documents. read hands id and record of a document to
// use, which keeps neither.
func Build(count int, read func(doc int, use func(id, record []byte)) error) (*Columns, error) {
	c := &Columns{
		Count: count, offsets: make([]uint32, 1, count+1),
		Day: make([]int32, count), Order: make([]int32, count),
		Added: make([]int64, count), Changed: make([]int64, count),
		TitleLength: make([]uint16, count), TextLength: make([]uint16, count),
		year: make([]uint16, count), office: make([]uint64, count), topics: make([]uint64, count),
		leads: make([]uint64, count), members: make([]uint64, count), kinds: make([]uint32, count),
		role: make([]uint8, count), action: make([]uint8, count), party: make([]uint8, count),
		presence: make([]uint8, count), flags: make([]uint8, count),
		language: make([]uint16, count), attorney: make([]uint16, count),
	}
	languages, attorneys := map[string]uint16{}, map[string]uint16{}
	var r record
	for doc := range count {
		torn := errRecord
		err := read(doc, func(id, stored []byte) {
			if torn = r.decode(stored); torn != nil {
				return
			}
			c.ids = append(c.ids, id...)
			c.offsets = append(c.offsets, uint32(len(c.ids)))
			c.set(doc, &r)
			c.language[doc] = place(languages, &c.languages, r.language)
			c.attorney[doc] = place(attorneys, &c.attorneys, r.attorney)
		})
		if err := errors.Join(err, torn); err != nil {
			return nil, fmt.Errorf("read record of document %d: %w", doc, err)
		}
	}
	return c, nil
}

func place(places map[string]uint16, list *[]string, value []byte) uint16 {
	p, ok := places[string(value)]
	if !ok {
		p = uint16(len(*list))
		*list = append(*list, string(value))
		places[string(value)] = p
	}
	return p
}

func (c *Columns) set(doc int, r *record) {
	c.Day[doc], c.Added[doc], c.Changed[doc] = r.day, r.added, r.changed
	c.Order[doc] = r.day
	switch {
	case r.day != NoDay:
		year, _, _ := civil(r.day)
		c.year[doc] = uint16(max(0, min(year, math.MaxUint16)))
	case r.flags&backfill == 0:
		c.Order[doc] = int32(floorDiv(r.added, 24*60*60*1000))
	}
	c.TitleLength[doc] = uint16(min(r.titleLength, math.MaxUint16))
	c.TextLength[doc] = uint16(min(r.textLength, math.MaxUint16))
	c.TitleTotal += int(c.TitleLength[doc])
	c.TextTotal += int(c.TextLength[doc])
	c.office[doc], c.topics[doc], c.leads[doc], c.members[doc] = r.office, r.topics, r.leads, r.members
	c.kinds[doc] = uint32(r.kinds)
	c.role[doc], c.action[doc], c.party[doc], c.presence[doc] = uint8(r.role), uint8(r.action), uint8(r.party), uint8(r.presence)
	c.flags[doc] = r.flags
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// ID returns the id of a document.
func (c *Columns) ID(doc uint32) string { return string(c.id(doc)) }

func (c *Columns) id(doc uint32) []byte { return c.ids[c.offsets[doc]:c.offsets[doc+1]] }

// CompareIDs orders two documents, of the same or of different segments, by id.
func (c *Columns) CompareIDs(doc uint32, other *Columns, otherDoc uint32) int {
	return bytes.Compare(c.id(doc), other.id(otherDoc))
}

// CompareID orders a document and an id.
func (c *Columns) CompareID(doc uint32, id string) int {
	return strings.Compare(string(c.id(doc)), id)
}

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
	fits := make([]bool, len(c.attorneys))
	for i, attorney := range c.attorneys {
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
	list, ok := closedList(f.Field)
	if !ok {
		return func(uint32) bool { return len(f.Include) == 0 }
	}
	set := c.sets(f.Field)
	include, exclude := list.bits(f.Include), list.bits(f.Exclude)
	if len(f.Include) == 0 {
		return func(doc uint32) bool { return set(doc)&exclude == 0 }
	}
	return func(doc uint32) bool {
		s := set(doc)
		return s&include != 0 && s&exclude == 0
	}
}

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
		return func(doc uint32) uint64 { return c.office[doc] }
	case index.FieldTopic:
		return func(doc uint32) uint64 { return c.topics[doc] }
	case index.FieldKind:
		return func(doc uint32) uint64 { return uint64(c.kinds[doc]) }
	case index.FieldRole:
		return func(doc uint32) uint64 { return uint64(c.role[doc]) }
	case index.FieldAction:
		return func(doc uint32) uint64 { return uint64(c.action[doc]) }
	case index.FieldLead:
		return func(doc uint32) uint64 { return c.leads[doc] }
	case index.FieldMember:
		return func(doc uint32) uint64 { return c.members[doc] | c.leads[doc] }
	case index.FieldJoined:
		return func(doc uint32) uint64 { return c.members[doc] &^ c.leads[doc] }
	case index.FieldInvolves:
		return func(doc uint32) uint64 { return c.office[doc] | c.members[doc] | c.leads[doc] }
	case index.FieldParty:
		return func(doc uint32) uint64 { return uint64(c.party[doc]) }
	case index.FieldPresence:
		return func(doc uint32) uint64 { return uint64(c.presence[doc]) }
	case index.FieldYear, index.FieldLanguage:
	}
	return func(uint32) uint64 { return 0 }
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

// closedList returns the values of a field by bit; false for year and language.
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
	case index.FieldYear, index.FieldLanguage:
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
