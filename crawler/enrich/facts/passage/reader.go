package passage

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"agora/crawler/enrich/phrases"
	"agora/index"
	"agora/index/vocabulary"
)

// Bounds of what is kept of one release: more facts than these are a table, not a text.
const (
	mostFacts  = 40
	mostQuote  = 300 // bytes
	mostName   = 200 // bytes of a value or a label: what is longer is no name
	mostOfKind = 12
)

// MostWords is how many words of a release are read.
const MostWords = 20_000

// Line is the title or a paragraph of a release: words Start to End-1.
type Line struct {
	Start, End  int
	Headline    bool // the title, or a headline under it
	Boilerplate bool // says nothing of the matter
}

// Document is a release as facts are read from it.
type Document struct {
	Text    phrases.Text
	Numbers []int32 // of the words in the reader's vocabulary
	Lines   []Line
	Office  string // postal code of the publisher, "" where it isn't known
}

// Reader finds facts. It is built once and may be used by many at once.
type Reader struct {
	list    *phrases.List
	entries []Entry
}

// Role is what a phrase stands for.
type Role uint8

// What phrases stand for.
const (
	CompanyName Role = iota
	AgencyName
	ActName
	StateName
	LegalForm
	USCode
	FederalRules
	DistrictCourt
	SupremeCourt
	AppealsCourt
	SpecialCourt
	CountyCourt
	CodeName
	DocketWord
	Suing     // what stands behind it is a defendant
	Charging  // what stands behind it is a defendant, who is a person
	ChargedIs // who stands before it is a defendant
)

// Entry is what a phrase of the data stands for.
type Entry struct {
	Role     Role
	Value    string
	Label    string
	Short    bool   // counts only where another name of the same stands
	Acronym  string // as it must be written; "" for names
	Platform bool   // a place to be met at, too
	Final    byte   // 's' where every name ends with it, '-' where none does, else 0
}

// Found is a phrase in a text: words Start to End-1.
type Found struct {
	Start, End int
	Entry      *Entry
}

//go:embed data/companies.tsv
var companyData string

//go:embed data/agencies.tsv
var agencyData string

//go:embed data/acts.tsv
var actData string

// NewReader builds a reader whose words are numbered by v. It fails only where the data
// it ships with is wrong.
func NewReader(v *phrases.Vocabulary) (*Reader, error) {
	r := &Reader{list: phrases.NewList(v)}
	for _, o := range vocabulary.Offices {
		if err := r.add(o.Name, Entry{Role: StateName, Value: o.Code, Label: o.Name}); err != nil {
			return nil, err
		}
	}
	for _, w := range words {
		if err := r.add(w.phrase, Entry{Role: w.role, Value: w.value, Label: w.label}); err != nil {
			return nil, err
		}
	}
	if err := r.addCompanies(); err != nil {
		return nil, fmt.Errorf("read companies.tsv: %w", err)
	}
	if err := r.addAgencies(); err != nil {
		return nil, fmt.Errorf("read agencies.tsv: %w", err)
	}
	if err := r.addActs(); err != nil {
		return nil, fmt.Errorf("read acts.tsv: %w", err)
	}
	return r, nil
}

// add enters the phrases of one Entry, which " ; " separates.
func (r *Reader) add(list string, e Entry) error {
	if strings.TrimSpace(list) == "" {
		return nil
	}
	e.Final = finalOf(list)
	r.entries = append(r.entries, e)
	for phrase := range strings.SplitSeq(list, " ; ") {
		if err := r.list.Add(phrase, int32(len(r.entries)-1)); err != nil {
			return err
		}
	}
	return nil
}

// finalOf tells whether all phrases of a list, or none, end with s.
func finalOf(list string) byte {
	with, without := false, strings.Contains(list, "}")
	for phrase := range strings.SplitSeq(list, " ; ") {
		if strings.HasSuffix(strings.TrimSpace(phrase), "s") {
			with = true
		} else {
			without = true
		}
	}
	switch {
	case with && !without:
		return 's'
	case without && !with && !strings.Contains(list, "}"):
		return '-'
	}
	return 0
}

// rows splits a data file into rows of fields.
func rows(data string, fields int) ([][]string, error) {
	var out [][]string
	seen := map[string]bool{}
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) < 2 || len(row) > fields || seen[row[0]] {
			return nil, fmt.Errorf("row %q: %d fields, or its first stands twice", line, len(row))
		}
		seen[row[0]] = true
		out = append(out, append(row, make([]string, fields-len(row))...))
	}
	return out, nil
}

func (r *Reader) addCompanies() error {
	list, err := rows(companyData, 5)
	if err != nil {
		return err
	}
	for _, row := range list {
		e := Entry{Role: CompanyName, Value: row[0], Label: row[1], Platform: row[4] == "platform"}
		if err := r.add(row[2], e); err != nil {
			return err
		}
		e.Short = true
		if err := r.add(row[3], e); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) addAgencies() error {
	list, err := rows(agencyData, 4)
	if err != nil {
		return err
	}
	for _, row := range list {
		agency, ok := vocabulary.AgencyBySlug(row[0])
		if !ok {
			return fmt.Errorf("%q is not in the vocabulary", row[0])
		}
		e := Entry{Role: AgencyName, Value: agency.Slug, Label: agency.Label}
		if err := r.add(row[1], e); err != nil {
			return err
		}
		e.Acronym = row[2]
		if err := r.add(row[2], e); err != nil {
			return err
		}
		e.Acronym, e.Short = row[3], true
		if err := r.add(row[3], e); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) addActs() error {
	list, err := rows(actData, 3)
	if err != nil {
		return err
	}
	for _, row := range list {
		if err := r.add(row[2], Entry{Role: ActName, Value: row[0], Label: row[1]}); err != nil {
			return err
		}
	}
	return nil
}

// Passage is a release with the phrases that stand in it and the facts found so far. It serves one
// reading.
type Passage struct {
	Document
	Found []Found         // phrases outside of standing parts, in the order of the text
	at    map[int]int     // first word → place in Found
	named map[string]bool // names that stand in full
	facts []placed
	seen  map[string]bool
}

// placed is a fact with the word at which it stands.
type placed struct {
	index.Fact
	start, end int
}

// Open looks up all phrases of a release.
func (r *Reader) Open(d Document) *Passage {
	s := &Passage{Document: d, at: map[int]int{}, named: map[string]bool{}, seen: map[string]bool{}}
	s.find(r)
	return s
}

// InFull tells whether the name of what f stands for is in the release in full: short forms count only there.
func (s *Passage) InFull(f Found) bool { return !f.Entry.Short || s.named[key(f.Entry)] }

// find looks up all phrases, the longest at each word.
func (s *Passage) find(r *Reader) {
	for _, l := range s.Lines {
		if l.Boilerplate {
			continue
		}
		end := min(l.End, MostWords)
		for i := l.Start; i < end; {
			m, ok := r.list.Longest(s.Numbers[:end], i)
			if !ok || !s.written(m, &r.entries[m.Value]) {
				i++
				continue
			}
			e := &r.entries[m.Value]
			s.at[i] = len(s.Found)
			s.Found = append(s.Found, Found{m.Start, m.End, e})
			if _, _, states := s.StateBefore(i); !e.Short && (!states || e.Role != AgencyName) {
				s.named[key(e)] = true
			}
			i = m.End
		}
	}
}

func key(e *Entry) string { return string(rune('0'+e.Role)) + e.Value }

// written tells whether a phrase is written as a name is: with capitals, in one piece.
func (s *Passage) written(m phrases.Match, e *Entry) bool {
	for i := m.Start + 1; i < m.End; i++ {
		if s.Text.Words[i].Before&(phrases.Line|phrases.Stop|phrases.Semicolon|phrases.Colon|phrases.Dollar) != 0 {
			return false
		}
	}
	if e.Acronym != "" {
		return s.Text.Slice(m.Start, m.End) == e.Acronym
	}
	switch e.Role {
	case LegalForm: // "Marine Corps" is none
		last := s.Text.Words[m.End-1]
		return last.Upper && !last.Possessive && last.Folded[len(last.Folded)-1] != 's'
	case DistrictCourt, AppealsCourt:
		return s.Text.Words[m.Start].Upper
	case CompanyName, AgencyName, ActName, StateName, SupremeCourt, SpecialCourt, CountyCourt:
		first, last := s.Text.Words[m.Start], s.Text.Words[m.End-1]
		return (first.Upper || Digit(first.Folded) || first.Folded == "ebay") && (last.Upper || m.End-m.Start == 1 || Digit(last.Folded))
	}
	return true
}

// Add keeps a fact unless the release has said it before.
func (s *Passage) Add(kind, value, label string, amount *int64, start, end int) {
	id := kind + "\n" + value
	if value == "" || len(value) > mostName || len(label) > mostName || s.seen[id] {
		return
	}
	s.seen[id] = true
	s.facts = append(s.facts, placed{index.Fact{Kind: kind, Value: value, Label: label, Amount: amount}, start, end})
}

// Facts returns the facts in order, no more of each kind than leaves room for the others.
func (s *Passage) Facts() []index.Fact {
	if len(s.facts) == 0 {
		return nil
	}
	slices.SortStableFunc(s.facts, func(a, b placed) int { return a.start - b.start })
	byKind := make([][]placed, len(vocabulary.FactKinds))
	for _, f := range s.facts {
		k := slices.IndexFunc(vocabulary.FactKinds[:], func(w vocabulary.Word) bool { return w.Value == f.Kind })
		if len(byKind[k]) < mostOfKind {
			byKind[k] = append(byKind[k], f)
		}
	}
	for limit := mostOfKind; ; limit-- {
		total := 0
		for _, list := range byKind {
			total += min(len(list), limit)
		}
		if total > mostFacts {
			continue
		}
		out := make([]index.Fact, 0, total)
		for _, list := range byKind {
			for _, f := range list[:min(len(list), limit)] {
				f.Quote = s.quote(f.start, f.end)
				out = append(out, f.Fact)
			}
		}
		return out
	}
}
