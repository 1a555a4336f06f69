package columns

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"strconv"
	"time"

	"agora/index"
)

// record is what a segment stores of each release for its columns.
//
// The stored form is a run of integers as in encoding/binary: signed day, added and
// changed; unsigned flags, office, topics, leads, members, kinds, role, action, party,
// presence, agencies, length of title and of text; then language, attorney general, matter
// and companies, each with its length before it. A company is its value, a tab and its label,
// again with its length before it. Sets are bits by place in the vocabulary, so a record can only be
// read with the vocabulary it was written with: see Vocabulary.
type record struct {
	day            int32
	added, changed int64

	flags                   uint8
	office, topics          uint64
	coalition               coalition
	kinds, party, presence  uint64
	titleLength, textLength uint64

	language []byte
	attorney []byte // as the name is written
	matter   []byte // id

	agencies  uint64
	companies []byte // names one after the other, each behind its length
}

// Lists are the closed lists, made once and used for every record that is written.
type Lists struct {
	offices, topics, kinds, roles, actions, parties, presences, agencies list
}

// NewLists returns the closed lists of the vocabulary.
func NewLists() *Lists {
	of := func(f index.Field) list {
		l, _ := closedList(f)
		return l
	}
	return &Lists{
		offices: of(index.FieldState), topics: of(index.FieldTopic), kinds: of(index.FieldKind),
		roles: of(index.FieldRole), actions: of(index.FieldAction), parties: of(index.FieldParty),
		presences: of(index.FieldPresence), agencies: of(index.FieldAgency),
	}
}

// Vocabulary names the order of all closed lists: records of another can't be read.
func Vocabulary() string {
	h := fnv.New64a()
	for _, f := range index.Fields {
		l, _ := closedList(f)
		for _, v := range l {
			h.Write([]byte(v + ","))
		}
		h.Write([]byte(";"))
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// AppendRecord appends the record of a release whose title and text have so many tokens.
func (l *Lists) AppendRecord(b []byte, r *index.Release, titleLength, textLength int) []byte {
	day, ok := Day(r.Published)
	if !ok {
		day = NoDay
	}
	var flags uint8
	if r.Backfill {
		flags |= backfill
	}
	var coalition index.Coalition
	if r.Coalition != nil {
		flags |= multistate
		coalition = *r.Coalition
	}
	var party, attorney string
	if ag := r.AttorneyGeneral; ag != nil {
		party, attorney = ag.Party, ag.Name
	}
	var matter string
	if r.Matter != nil {
		matter = r.Matter.ID
	}
	b = binary.AppendVarint(b, int64(day))
	b = binary.AppendVarint(b, r.Added.UnixMilli())
	b = binary.AppendVarint(b, r.Changed.UnixMilli())
	for _, v := range [...]uint64{
		uint64(flags), l.offices.bit(r.Office), l.topics.bits(r.Topics),
		l.offices.bits(coalition.Leads), l.offices.bits(coalition.Members),
		l.kinds.bits(r.Kinds), l.roles.bit(coalition.Role), l.actions.bit(coalition.Action),
		l.parties.bit(party), l.presences.bit(r.Presence.State), l.agencies.bits(r.FactValues("agency")),
		uint64(titleLength), uint64(textLength),
	} {
		b = binary.AppendUvarint(b, v)
	}
	for _, s := range [...]string{string(r.Language), attorney, matter, companies(r)} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

// companies returns the names of a release's companies as a record holds them.
func companies(r *index.Release) string {
	var b []byte
	for _, value := range r.FactValues("company") {
		name := value + "\t"
		for _, f := range r.Facts {
			if f.Kind == "company" && f.Value == value {
				name += f.Label
				break
			}
		}
		b = binary.AppendUvarint(b, uint64(len(name)))
		b = append(b, name...)
	}
	return string(b)
}

var errRecord = errors.New("record is torn")

func (r *record) decode(b []byte) error {
	var signed [3]int64
	for i := range signed {
		v, n := binary.Varint(b)
		if n <= 0 {
			return errRecord
		}
		signed[i], b = v, b[n:]
	}
	r.day, r.added, r.changed = int32(signed[0]), signed[1], signed[2]
	var flags uint64
	for _, into := range [...]*uint64{
		&flags, &r.office, &r.topics, &r.coalition.leads, &r.coalition.members, &r.kinds,
		&r.coalition.role, &r.coalition.action, &r.party, &r.presence, &r.agencies, &r.titleLength, &r.textLength,
	} {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return errRecord
		}
		*into, b = v, b[n:]
	}
	r.flags = uint8(flags)
	for _, into := range [...]*[]byte{&r.language, &r.attorney, &r.matter, &r.companies} {
		v, n := binary.Uvarint(b)
		if n <= 0 || uint64(len(b)-n) < v {
			return errRecord
		}
		*into, b = b[n:n+int(v)], b[n+int(v):]
	}
	return nil
}

// eachCompany calls use with the companies of a record, as far as they can be read.
func (r *record) eachCompany(use func(name []byte)) {
	for b := r.companies; len(b) > 0; {
		length, n := binary.Uvarint(b)
		if n <= 0 || uint64(len(b)-n) < length {
			return
		}
		use(b[n : n+int(length)])
		b = b[n+int(length):]
	}
}

// Day returns the number of days from 1970-01-01 to a date; false where there is none.
func Day(date index.Date) (int32, bool) {
	if date == "" {
		return 0, false
	}
	t, err := time.Parse(time.DateOnly, string(date))
	if err != nil {
		return 0, false
	}
	return int32(floorDiv(t.Unix(), 24*60*60)), true
}

// dateOf is the inverse of Day.
func dateOf(day int) index.Date {
	return index.DateOf(time.Unix(int64(day)*24*60*60, 0).UTC())
}

// civil returns year, month (from 1) and day of a day since 1970, by the algorithm of
// Howard Hinnant (howardhinnant.github.io/date_algorithms.html, civil_from_days).
func civil(days int32) (year, month, day int) {
	z := int(days) + 719468
	era := z / 146097
	if z < 0 {
		era = (z - 146096) / 146097
	}
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	month = mp + 3
	if month > 12 {
		month -= 12
	}
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}
