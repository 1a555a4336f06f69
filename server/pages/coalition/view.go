// Package coalition makes the content of the page on who joins whom: who leads, a map, a
// matrix and tables, drawn from numbers that others have counted.
//
// It asks no archive and knows no page around what it makes.
package coalition

import (
	"cmp"
	"slices"
	"strings"

	"agora/index"
	"agora/index/vocabulary"
	"agora/server/api"
	"agora/server/refine"
	"agora/server/wording"
)

// View is who joins whom among the coalitions that a question finds.
type View struct {
	Count    string
	Chips    []refine.Chip
	Form     Form
	Searched string // search for all the coalitions counted
	Leads    []Lead
	Map      *TileMap
	Offices  []Row
	Matrix   *Matrix
	Pairs    []Pair
	PairsOf  string // the one office whose pairs are listed; "" lists the most frequent
	Data     []Link
}

// Link is a text that leads somewhere.
type Link struct{ Text, URL string }

// Lead is an office that leads, with a bar in percent of the longest.
type Lead struct{ Label, URL, Count, Width string }

// Form asks for restrictions.
type Form struct {
	Choices  []Choice
	From, To string
	Hidden   []refine.Parameter
}

// Choice is a field with one value to choose.
type Choice struct {
	Name, Label, Any string
	Options          []Option
}

// Option is a value of a choice.
type Option struct {
	Value, Label string
	Selected     bool
}

// Row is an office in the table beside the map.
type Row struct{ Name, URL, Member, Led, Joined string }

// Pair is two offices in the table beside the matrix.
type Pair struct{ Names, URL, Together, ALed, BLed, BothLed string }

// Ways to show the matrix.
const (
	viewLed   = "led"   // rows lead, columns join
	orderBloc = "blocs" // offices that go together stand together
)

// pairsShown is how many pairs are listed where no office is chosen.
const pairsShown = 30

// leadsShown is how many of those who lead are drawn.
const leadsShown = 12

// Shown is how the numbers are to be shown.
type Shown struct{ view, order string }

// ShownBy reads how the numbers are to be shown; what it does not know is the usual way.
func ShownBy(view, order string) Shown {
	if view != viewLed {
		view = ""
	}
	if order != orderBloc {
		order = ""
	}
	return Shown{view, order}
}

// Usual tells whether nothing but the usual way is asked for.
func (s Shown) Usual() bool { return s == Shown{} }

// Here is the page on coalitions with the parameters of an address of the search page, shown in
// the same way.
func (s Shown) Here(search string) string {
	return refine.Coalitions(search, "view", s.view, "order", s.order)
}

// Of shows the numbers of a question.
func Of(c *api.Coalitions, q index.Query, shown Shown) View {
	l := refine.New(q)
	v := View{
		Count: wording.Counted(c.Total, "release", "releases"), Searched: searchAlso(l, q, "is:multistate"), Form: newForm(q, l, shown),
		Leads: leads(c, l), Offices: rows(c, l),
		Data: []Link{{"CSV", l.Data("/api/v1/coalitions.csv")}, {"JSON", l.Data("/api/v1/coalitions")}},
	}
	for _, chip := range refine.Chips(l) {
		chip.URL = shown.Here(chip.URL)
		v.Chips = append(v.Chips, chip)
	}
	focus := ""
	if f := q.Filter(index.FieldMember); len(f.Include) == 1 && len(f.Exclude) == 0 {
		focus = f.Include[0]
	}
	to := func(code string) string { return shown.Here(l.With("member", code)) }
	v.Map = newMap(c, focus, to)
	if v.Matrix = newMatrix(c, shown, to); v.Matrix != nil {
		v.Matrix.Views = matrixLinks(l, shown)
	}
	v.listPairs(c, q, l, focus)
	return v
}

// searchAlso is the search for what a question finds and more words.
func searchAlso(l refine.Links, q index.Query, words string) string {
	if text := strings.TrimSpace(q.Text); text != "" {
		words = "(" + text + ") " + words
	}
	return l.With("q", words)
}

// newForm offers the restrictions that researchers ask for.
func newForm(q index.Query, l refine.Links, shown Shown) Form {
	f := Form{From: string(q.From), To: string(q.To), Hidden: l.Hidden("topic", "action", "role", "party", "member", "from", "to")}
	choice := func(field index.Field, label, none string, words []vocabulary.Word) {
		c := Choice{Name: string(field), Label: label, Any: none}
		chosen := q.Filter(field)
		for _, w := range words {
			c.Options = append(c.Options, Option{w.Value, w.Label, len(chosen.Include) == 1 && chosen.Include[0] == w.Value})
		}
		if len(chosen.Include) > 1 || len(chosen.Exclude) > 0 { // more than one choice can say stays as it is
			for _, value := range slices.Concat(chosen.Include, prefixed(chosen.Exclude)) {
				f.Hidden = append(f.Hidden, refine.Parameter{Name: string(field), Value: value})
			}
			return
		}
		f.Choices = append(f.Choices, c)
	}
	topics := make([]vocabulary.Word, 0, len(vocabulary.Topics))
	for _, t := range vocabulary.Topics {
		topics = append(topics, vocabulary.Word{Value: t.Slug, Label: t.Label})
	}
	slices.SortFunc(topics, func(a, b vocabulary.Word) int { return strings.Compare(a.Label, b.Label) })
	offices := make([]vocabulary.Word, 0, len(vocabulary.Offices))
	for _, o := range vocabulary.Offices {
		offices = append(offices, vocabulary.Word{Value: o.Code, Label: o.Name})
	}
	choice(index.FieldTopic, "Topic", "All topics", topics)
	choice(index.FieldMember, "With", "Any office", offices)
	choice(index.FieldAction, "Action", "All actions", vocabulary.Actions[:])
	choice(index.FieldParty, "Told by", "Any party", vocabulary.Parties[:])
	choice(index.FieldRole, "Teller’s part", "Any part", vocabulary.Roles[:])
	for _, own := range []refine.Parameter{{Name: "view", Value: shown.view}, {Name: "order", Value: shown.order}} {
		if own.Value != "" {
			f.Hidden = append(f.Hidden, own)
		}
	}
	return f
}

// prefixed writes excluded values as parameters do.
func prefixed(values []string) []string {
	list := make([]string, 0, len(values))
	for _, v := range values {
		list = append(list, "-"+v)
	}
	return list
}

// leads draws who leads most.
func leads(c *api.Coalitions, l refine.Links) []Lead {
	offices := slices.Clone(c.Offices)
	slices.SortStableFunc(offices, func(a, b api.CoalitionOffice) int { return cmp.Compare(b.Led, a.Led) })
	var list []Lead
	for _, o := range offices {
		if o.Led == 0 || len(list) == leadsShown {
			break
		}
		list = append(list, Lead{o.Name, l.With("lead", o.Code), wording.Number(o.Led), refine.Percent(100 * float64(o.Led) / float64(offices[0].Led))})
	}
	return list
}

// rows lists the offices, those that take part most first.
func rows(c *api.Coalitions, l refine.Links) []Row {
	offices := slices.Clone(c.Offices)
	slices.SortStableFunc(offices, func(a, b api.CoalitionOffice) int { return cmp.Compare(b.Member, a.Member) })
	list := make([]Row, 0, len(offices))
	for _, o := range offices {
		list = append(list, Row{o.Name, l.With("member", o.Code), wording.Number(o.Member), wording.Number(o.Led), wording.Number(o.Joined)})
	}
	return list
}

// listPairs lists the pairs: those of the focus, or the most frequent.
func (v *View) listPairs(c *api.Coalitions, q index.Query, l refine.Links, focus string) {
	pairs := slices.Clone(c.Pairs)
	slices.SortStableFunc(pairs, func(a, b api.CoalitionPair) int { return cmp.Compare(b.Together, a.Together) })
	if focus != "" {
		v.PairsOf = wording.StateName(focus)
	}
	for _, pair := range pairs {
		if focus != "" && pair.A != focus && pair.B != focus {
			continue
		}
		if focus == "" && len(v.Pairs) == pairsShown {
			break
		}
		if pair.B == focus {
			pair = api.CoalitionPair{A: pair.B, B: pair.A, Together: pair.Together, ALed: pair.BLed, BLed: pair.ALed, BothLed: pair.BothLed}
		}
		v.Pairs = append(v.Pairs, Pair{
			Names: wording.StateName(pair.A) + " and " + wording.StateName(pair.B), URL: searchAlso(l, q, "member:"+pair.A+" member:"+pair.B),
			Together: wording.Number(pair.Together), ALed: wording.Number(pair.ALed), BLed: wording.Number(pair.BLed), BothLed: wording.Number(pair.BothLed),
		})
	}
}
