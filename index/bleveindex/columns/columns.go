// Package columns keeps what filters, facets and orders need to know of each release of
// an index segment: one slice a value, by document number. It is built once from the
// records that the segment stores, saved beside the segment, and then only read, by any
// number of searches at once.
//
// It knows nothing of words, scores and segments' files.
package columns

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"agora/index/analysis"
)

// NoDay stands in Day for a release without a date, and in Order for one that sorts last.
const NoDay = math.MinInt32

// Bits of Flags.
const (
	multistate uint8 = 1 << iota
	backfill
)

// Columns are the values of all documents of one segment. A slice may lie in a mapped file,
// so whoever uses one has to hold on to the Columns.
type Columns struct {
	Count int

	ids     []byte // one after the other
	offsets []uint32

	Day     []int32 // of publication, since 1970; NoDay where it is not known
	Order   []int32 // the day to sort by: that of publication, else the day added if seen live, else NoDay
	Added   []int64 // Unix milliseconds
	Changed []int64
	Newest  []uint32 // all documents, the latest Order first, then by id

	TitleLength []uint16 // in tokens
	TextLength  []uint16
	TitleTotal  int // sums
	TextTotal   int

	year   []uint16 // 0 where it is not known
	topics []uint64 // bits by place in the vocabulary, and so on
	kinds  []uint32

	office   []uint8 // place in the vocabulary, noOffice where it is none
	party    []uint8 // one bit or none, by place in the vocabulary
	presence []uint8
	flags    []uint8

	coalition  []uint32 // place in coalitions, whose first is that of none
	coalitions []coalition

	matter    []uint32 // place in matters, whose first is that of none
	matters   []string
	language  []uint16 // place in languages
	languages []string
	attorney  []uint16 // place in attorneys
	attorneys []string // as they are written
	folded    []string // the words of attorneys, each after a space

	agencies  []uint64 // bits by place in the vocabulary
	company   []uint32 // places in companies, those of one document after those of another
	ends      []uint32 // where in company those of a document begin, and after the last one the end
	companies []string // value, tab, label; the first is that of none

	mutex  sync.Mutex
	totals map[totalKey]any // see facets.go
}

// coalition is who takes part in what; many releases have the same.
type coalition struct {
	leads, members uint64 // bits by place in the vocabulary
	role, action   uint64 // one bit or none, likewise
}

// noOffice stands in office for a publisher that is none of the vocabulary's.
const noOffice = 255

// Build makes the columns of count documents. read hands id and record of a document to
// use, which keeps neither.
func Build(count int, read func(doc int, use func(id, record []byte)) error) (*Columns, error) {
	c := &Columns{
		Count: count, offsets: make([]uint32, 1, count+1),
		Day: make([]int32, count), Order: make([]int32, count),
		Added: make([]int64, count), Changed: make([]int64, count), Newest: make([]uint32, count),
		TitleLength: make([]uint16, count), TextLength: make([]uint16, count),
		year: make([]uint16, count), topics: make([]uint64, count), kinds: make([]uint32, count),
		office: make([]uint8, count), party: make([]uint8, count), presence: make([]uint8, count), flags: make([]uint8, count),
		coalition: make([]uint32, count), matter: make([]uint32, count), language: make([]uint16, count), attorney: make([]uint16, count),
		agencies: make([]uint64, count), ends: make([]uint32, 1, count+1),
	}
	coalitions := newPlaces(coalition{}, math.MaxUint32)
	matters, languages, attorneys := newPlaces("", math.MaxUint32), newPlaces("", math.MaxUint16), newPlaces("", math.MaxUint16)
	companies := newPlaces("", math.MaxUint32)
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
			c.coalition[doc] = coalitions.of(r.coalition)
			c.matter[doc] = matters.of(string(r.matter))
			c.language[doc] = uint16(languages.of(string(r.language)))
			c.attorney[doc] = uint16(attorneys.of(string(r.attorney)))
			r.eachCompany(func(name []byte) { c.company = append(c.company, companies.of(string(name))) })
			c.ends = append(c.ends, uint32(len(c.company)))
		})
		if err := errors.Join(err, torn); err != nil {
			return nil, fmt.Errorf("read record of document %d: %w", doc, err)
		}
	}
	c.coalitions, c.matters, c.languages, c.attorneys = coalitions.list, matters.list, languages.list, attorneys.list
	c.companies = companies.list
	c.sortNewest()
	c.foldAttorneys()
	return c, nil
}

// places numbers values in the order in which they come, the first being that of none.
type places[T comparable] struct {
	list   []T
	number map[T]uint32
	most   int
}

func newPlaces[T comparable](none T, most int) *places[T] {
	return &places[T]{list: []T{none}, number: map[T]uint32{none: 0}, most: most}
}

// of returns the place of a value; where there are more than can be counted, none's.
func (p *places[T]) of(value T) uint32 {
	n, ok := p.number[value]
	if !ok && len(p.list) < p.most {
		n = uint32(len(p.list))
		p.list = append(p.list, value)
		p.number[value] = n
	}
	return n
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
	c.office[doc] = noOffice
	if r.office != 0 {
		c.office[doc] = uint8(bits.TrailingZeros64(r.office))
	}
	c.topics[doc], c.kinds[doc], c.agencies[doc] = r.topics, uint32(r.kinds), r.agencies
	c.party[doc], c.presence[doc], c.flags[doc] = uint8(r.party), uint8(r.presence), r.flags
}

// sortNewest fills in Newest.
func (c *Columns) sortNewest() {
	for doc := range c.Newest {
		c.Newest[doc] = uint32(doc)
	}
	slices.SortFunc(c.Newest, func(a, b uint32) int {
		if c.Order[a] != c.Order[b] {
			return cmp.Compare(c.Order[b], c.Order[a])
		}
		return c.CompareIDs(a, c, b)
	})
}

func (c *Columns) foldAttorneys() {
	c.folded = make([]string, len(c.attorneys))
	for i, name := range c.attorneys {
		if words := analysis.Fold(name); words != "" {
			c.folded[i] = " " + words
		}
	}
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

// Matter returns the id of the matter that a document tells of; "" where it is in none.
func (c *Columns) Matter(doc uint32) string { return c.matters[c.matter[doc]] }

// MatterPlace returns a number for the matter of a document, the same for all documents of
// the segment that are in it; 0 where it is in none.
func (c *Columns) MatterPlace(doc uint32) uint32 { return c.matter[doc] }

// HasMatters tells whether any document is in a matter.
func (c *Columns) HasMatters() bool { return len(c.matters) > 1 }

// Lengths returns how many tokens the titles and the texts of all documents have that are
// not deleted.
func (c *Columns) Lengths(deleted *roaring.Bitmap) (titles, texts int) {
	titles, texts = c.TitleTotal, c.TextTotal
	if deleted != nil {
		for docs := deleted.Iterator(); docs.HasNext(); {
			doc := docs.Next()
			titles -= int(c.TitleLength[doc])
			texts -= int(c.TextLength[doc])
		}
	}
	return titles, texts
}

// EachAttorney calls yield with every attorney general's name, as it is written, and how
// many documents that are not deleted were published in that one's time.
func (c *Columns) EachAttorney(deleted *roaring.Bitmap, yield func(name string, docs int)) {
	counts := make([]int, len(c.attorneys))
	for _, a := range c.attorney {
		counts[a]++
	}
	if deleted != nil {
		for docs := deleted.Iterator(); docs.HasNext(); {
			counts[c.attorney[docs.Next()]]--
		}
	}
	for i, n := range counts {
		if n > 0 && c.attorneys[i] != "" {
			yield(c.attorneys[i], n)
		}
	}
}
