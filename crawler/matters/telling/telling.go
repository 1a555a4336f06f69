// Package telling compares releases of different offices: do two of them tell the same
// action of several states? It is a pure function of two releases, the same whichever comes
// first.
//
// It knows no store and joins nothing: package matters does, which also says how far apart
// in time releases are compared. It would rather miss a pair than join two cases.
package telling

import (
	"slices"
	"strings"
	"time"

	"agora/crawler/enrich/phrases"
	"agora/index"
)

// Bounds of what is kept of a release: hostile text costs no more than this.
const (
	maxText  = 64 << 10 // bytes
	maxLead  = 160      // words after the title that say what a release is about
	maxFacts = 40       // of a kind
)

// Telling is what is compared of a release.
type Telling struct {
	ID, Office, Title string
	Day               int // since 1970-01-01
	Language          string
	Topics            []string
	Coalition         *index.Coalition // nil: the release tells of no other office
	Matter            string           // id of its matter, "" without one

	shingles  []uint64 // of four words, sorted, each once
	Signature Signature
	terms     []term   // of title and lead, by word
	named     []uint64 // of the title, sorted
	words     []uint64 // of the whole release, sorted
	subjects  []uint64 // names that come up again and again, sorted
	begun     bool     // the title tells of a suit that was filed
	ended     bool     // the title tells of what a court said
	dockets   []string
	parties   []string // companies and defendants
	amounts   []string
	agencies  []string
}

// term is a word of the lead that says what the release is about.
type term struct {
	word   uint64
	weight uint8 // names and numbers weigh more
}

// Day returns the day that a release counts with, as days since 1970, and whether it has
// one: that of publication, or, where none is known, that of its adding if it was seen live.
func Day(r *index.Release) (int, bool) {
	const perDay = 24 * 60 * 60
	switch {
	case r.Published == "" && !r.Backfill:
		return int(r.Added.Unix() / perDay), true
	case r.Published == "" || r.PublishedPrecision != "" && r.PublishedPrecision != "day":
		return 0, false
	}
	at, err := time.Parse(time.DateOnly, string(r.Published))
	return int(at.Unix() / perDay), err == nil
}

// Read takes from a release what is compared; false where it has no day, or no words.
func Read(r *index.Release) (*Telling, bool) {
	day, ok := Day(r)
	if !ok {
		return nil, false
	}
	t := &Telling{ID: r.ID, Office: r.Office, Title: r.Title, Day: day, Language: string(r.Language), Topics: r.Topics, Coalition: multistate(r.Coalition)}
	text := phrases.Read(bounded(r.Title, maxText/16) + "\n" + bounded(r.Text, maxText))
	title := phrases.Read(bounded(r.Title, maxText/16))
	if len(text.Words) < shingleWords {
		return nil, false
	}
	if r.Matter != nil {
		t.Matter = r.Matter.ID
	}
	t.readWords(text, len(title.Words))
	t.readFacts(r.Facts)
	return t, true
}

// multistate returns a coalition in which somebody takes part beside the publisher.
func multistate(c *index.Coalition) *index.Coalition {
	if c == nil || len(c.Members) < 2 && (c.Claimed == nil || *c.Claimed < 2) {
		return nil
	}
	return c
}

// readWords reads what the words of a release say; the first ones are its title.
func (t *Telling) readWords(text phrases.Text, title int) {
	hashes := make([]uint64, 0, len(text.Words)) // without states: lists of members are compared as such
	terms := map[uint64]uint8{}
	for i, w := range text.Words {
		if !ofState(w.Folded) && !stateWords[w.Folded] {
			hashes = append(hashes, hash(w.Folded))
		}
		if i >= title+maxLead || common[w.Folded] || len(w.Folded) < 2 {
			continue
		}
		weight := uint8(1)
		name := w.Upper || w.Before&phrases.Dollar != 0 || w.Folded[0] >= '0' && w.Folded[0] <= '9'
		if name {
			weight = 2
		}
		if i < title {
			weight++
			t.named = append(t.named, hash(stem(w.Folded)))
		}
		key := hash(stem(w.Folded))
		terms[key] = max(terms[key], weight)
	}
	for word, weight := range terms {
		t.terms = append(t.terms, term{word, weight})
	}
	slices.SortFunc(t.terms, func(a, b term) int {
		if a.word < b.word {
			return -1
		}
		return 1
	})
	for _, w := range text.Words[:title] {
		t.begun = t.begun || beginning[w.Folded]
		t.ended = t.ended || ending[w.Folded]
	}
	t.named, t.subjects = sorted(t.named), subjects(text)
	t.words = make([]uint64, 0, len(text.Words))
	for _, w := range text.Words {
		t.words = append(t.words, hash(stem(w.Folded)))
	}
	t.words = sorted(t.words)
	t.shingles = shingles(hashes)
	t.Signature = sign(t.shingles)
}

// oftenNamed is how often a release names what it is about.
const oftenNamed = 3

// subjects lists the names that come up again and again in a release, but for states and
// attorneys general, which each office has of its own.
func subjects(text phrases.Text) []uint64 {
	count, general := map[string]int{}, map[string]bool{}
	for i, w := range text.Words {
		if i == 0 || !w.Upper || common[w.Folded] || ofState(w.Folded) || len(w.Folded) < 3 {
			continue
		}
		switch text.Words[i-1].Folded {
		case "general", "ag":
			general[w.Folded] = true
			if i+1 < len(text.Words) { // the surname
				general[text.Words[i+1].Folded] = true
			}
		}
		if w.Before&(phrases.Stop|phrases.Line|phrases.Quote) == 0 { // elsewhere every word has a capital
			count[w.Folded]++
		}
	}
	var names []uint64
	for name, n := range count {
		if n >= oftenNamed && !general[name] {
			names = append(names, hash(stem(name)))
		}
	}
	return sorted(names)
}

// readFacts keeps facts that tell one case from another.
func (t *Telling) readFacts(facts []index.Fact) {
	keep := func(list *[]string, value string) {
		if value != "" && len(*list) < maxFacts {
			*list = append(*list, value)
		}
	}
	for _, f := range facts {
		switch f.Kind {
		case "docket":
			keep(&t.dockets, f.Value)
		case "company", "defendant":
			keep(&t.parties, f.Value)
		case "settlement", "penalty", "restitution":
			keep(&t.amounts, f.Value)
		case "agency":
			keep(&t.agencies, f.Value)
		}
	}
	for _, list := range []*[]string{&t.dockets, &t.parties, &t.amounts, &t.agencies} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}

// Bare returns a telling without its words.
func (t *Telling) Bare() Telling {
	return Telling{ID: t.ID, Office: t.Office, Title: t.Title, Day: t.Day, Language: t.Language, Topics: t.Topics, Coalition: t.Coalition, Matter: t.Matter}
}

// Keys are what releases of one action are likely to share, for looking them up: dockets,
// and parties with amounts.
func (t *Telling) Keys() []string {
	var keys []string
	for _, d := range t.dockets {
		keys = append(keys, "docket "+d)
	}
	for _, p := range t.parties {
		keys = append(keys, "party "+p)
	}
	return keys
}

// bounded cuts s to limit bytes at a rune.
func bounded(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}

// stem takes the plural from a word, so that "grant" is found in "grants".
func stem(word string) string {
	if len(word) > 4 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") {
		return word[:len(word)-1]
	}
	return word
}

// sorted sorts a list and leaves out repeats.
func sorted(list []uint64) []uint64 {
	slices.Sort(list)
	return slices.Clip(slices.Compact(list))
}
