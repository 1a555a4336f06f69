package api

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"agora/index"
	"agora/index/export"
	"agora/index/query"
	"agora/index/vocabulary"
)

// Coalitions says who takes part in coalitions with whom. Its numbers are of releases that
// tell of a coalition: an action of which five offices tell counts five times.
type Coalitions struct {
	Total    int                           `json:"total"`
	Exact    bool                          `json:"exact"`
	Warnings []index.Warning               `json:"warnings"`
	Query    map[string]any                `json:"query"`
	Offices  []CoalitionOffice             `json:"offices"` // by code, those that take part
	Pairs    []CoalitionPair               `json:"pairs"`   // by codes, those that take part together
	Facets   map[index.Field][]index.Count `json:"facets"`
	Archive  index.ArchiveState            `json:"archive"`
}

// CoalitionOffice is in how many releases an office takes part in a coalition.
type CoalitionOffice struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Member int    `json:"member"` // led ones included
	Led    int    `json:"led"`
	Joined int    `json:"joined"`
}

// CoalitionPair is in how many releases two offices take part in one coalition; A is the
// code that comes first.
type CoalitionPair struct {
	A        string `json:"a"`
	B        string `json:"b"`
	Together int    `json:"together"`
	ALed     int    `json:"a_led"` // A led and B joined
	BLed     int    `json:"b_led"`
	BothLed  int    `json:"both_led"`
}

// Office returns the numbers of an office, zeros where it takes part in nothing.
func (c *Coalitions) Office(code string) CoalitionOffice {
	for _, o := range c.Offices {
		if o.Code == code {
			return o
		}
	}
	name := code
	if o, ok := vocabulary.OfficeByCode(code); ok {
		name = o.Name
	}
	return CoalitionOffice{Code: code, Name: name}
}

// Coalitions counts the coalitions that a question finds. Besides the parameters of every
// question it takes format, json or csv.
func (a *API) Coalitions(r *http.Request) (*Coalitions, error) {
	values, err := parameters(r)
	if err != nil {
		return nil, err
	}
	if format := values.Get("format"); format != "" && format != "json" && format != "csv" {
		return nil, fmt.Errorf("parameter \"format\": %q is neither json nor csv: %w", format, index.ErrInvalid)
	}
	values.Del("format")
	for _, name := range []string{"limit", "cursor", "sort", "collapse", "facets", "interval"} {
		if values.Has(name) {
			return nil, fmt.Errorf("unknown parameter %q: this address counts all coalitions and takes none of that name: %w", name, index.ErrInvalid)
		}
	}
	q, err := query.FromValues(values, true)
	if err != nil {
		return nil, err
	}
	return a.Holdings.Coalitions(r.Context(), q)
}

// CoalitionsCSV writes the pairs as a table.
func (a *API) CoalitionsCSV(w http.ResponseWriter, r *http.Request) error {
	c, err := a.Coalitions(r)
	if err != nil {
		return err
	}
	var table strings.Builder
	rows := csv.NewWriter(&table)
	write := func(cells ...string) {
		for i := range cells {
			cells[i] = export.Harmless(cells[i])
		}
		_ = rows.Write(cells) // a strings.Builder takes everything
	}
	write("a", "state_a", "b", "state_b", "together", "a_led", "b_led", "both_led")
	for _, p := range c.Pairs {
		write(p.A, c.Office(p.A).Name, p.B, c.Office(p.B).Name, strconv.Itoa(p.Together), strconv.Itoa(p.ALed), strconv.Itoa(p.BLed), strconv.Itoa(p.BothLed))
	}
	rows.Flush()
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="agora-coalitions.csv"`)
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Length", strconv.Itoa(table.Len()))
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = w.Write([]byte(table.String())) // a reader who has gone needs no answer
	return nil
}

// Limits of counting coalitions.
const (
	countsTries  = 3 // the index may move on while offices are counted one by one
	changedWords = "The archive changed while this was counted; numbers of single pairs may differ by a few."
)

// Coalitions counts the coalitions that q finds; the result must not be changed. Order,
// limit and cursor of q mean nothing here.
func (h *Holdings) Coalitions(ctx context.Context, q index.Query) (*Coalitions, error) {
	q.Cursor, q.Limit, q.Sort, q.Interval, q.Collapse = "", 0, index.SortNewest, "", false
	q.Facets = []index.Field{index.FieldMember, index.FieldLead, index.FieldJoined, index.FieldTopic, index.FieldAction, index.FieldRole, index.FieldParty, index.FieldYear}
	asked := q.Warnings // of this question's own words; what is kept serves every one that means the same
	q.Warnings = nil
	c, err := h.counted(ctx, q)
	if err != nil || len(asked) == 0 {
		return c, err
	}
	told := *c
	told.Warnings = slices.Concat(asked, c.Warnings)
	return &told, nil
}

// counted counts the coalitions of a question, or finds them kept.
func (h *Holdings) counted(ctx context.Context, q index.Query) (*Coalitions, error) {
	key := query.Values(q).Encode()
	select { // one is counted at a time: a rush of readers must not take the machine from searches
	case h.counting <- struct{}{}:
		defer func() { <-h.counting }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	state, err := h.searcher.Engine.State(ctx)
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	if c, ok := h.coalitions.at(state.Sequence, key); ok {
		return c, nil
	}
	var c *Coalitions
	for range countsTries {
		var whole bool
		if c, whole, err = h.countCoalitions(ctx, q); err != nil {
			return nil, err
		}
		if whole {
			h.coalitions.keep(c.Archive.Sequence, key, c)
			return c, nil
		}
	}
	c.Exact = false
	c.Warnings = append(c.Warnings, index.Warning{Code: "changed_meanwhile", Message: changedWords})
	return c, nil
}

// countCoalitions asks for the numbers of every office that takes part; whole tells whether all
// are of one snapshot.
func (h *Holdings) countCoalitions(ctx context.Context, q index.Query) (c *Coalitions, whole bool, err error) {
	echo := q.Echo()
	delete(echo, "limit") // nor is there an order
	delete(echo, "sort")
	q = restricted(q)
	answer, err := h.searcher.Search(ctx, q)
	if err != nil {
		return nil, false, err
	}
	c = &Coalitions{
		Total: answer.Total, Exact: answer.Exact, Warnings: answer.Warnings, Query: echo, Archive: answer.Archive,
		Offices: []CoalitionOffice{}, Pairs: []CoalitionPair{}, Facets: map[index.Field][]index.Count{},
	}
	for _, field := range q.Facets[3:] {
		c.Facets[field] = orEmpty(answer.Facets[field])
	}
	member, led, joined := numbers(answer.Facets[index.FieldMember]), numbers(answer.Facets[index.FieldLead]), numbers(answer.Facets[index.FieldJoined])
	whole = true
	pairs := pairCounts{}
	for _, o := range vocabulary.Offices {
		if member[o.Code] == 0 {
			continue
		}
		c.Offices = append(c.Offices, CoalitionOffice{o.Code, o.Name, member[o.Code], led[o.Code], joined[o.Code]})
		fields := []index.Field{index.FieldMember, index.FieldLead}
		if led[o.Code] == 0 {
			fields = fields[:1]
		}
		for _, field := range fields {
			found, err := h.besides(ctx, q, field, o.Code)
			if err != nil {
				return nil, false, err
			}
			whole, c.Exact = whole && found.Sequence == c.Archive.Sequence, c.Exact && found.Exact
			pairs.add(o.Code, found.Facets)
		}
	}
	for _, p := range pairs {
		c.Pairs = append(c.Pairs, *p)
	}
	slices.SortFunc(c.Pairs, func(a, b CoalitionPair) int {
		return strings.Compare(a.A+" "+a.B, b.A+" "+b.B)
	})
	slices.SortFunc(c.Offices, func(a, b CoalitionOffice) int { return strings.Compare(a.Code, b.Code) })
	return c, whole, nil
}

// pairCounts are the pairs by their codes.
type pairCounts map[[2]string]*CoalitionPair

func (pairs pairCounts) of(a, b string) *CoalitionPair {
	key := [2]string{min(a, b), max(a, b)}
	if pairs[key] == nil {
		pairs[key] = &CoalitionPair{A: key[0], B: key[1]}
	}
	return pairs[key]
}

// add takes up who is there beside an office: the members where it takes part, leads and
// joined where it leads.
func (pairs pairCounts) add(code string, facets map[index.Field][]index.Count) {
	for other, n := range numbers(facets[index.FieldMember]) {
		if other != code {
			pairs.of(code, other).Together = n
		}
	}
	for other, n := range numbers(facets[index.FieldLead]) {
		if other != code {
			pairs.of(code, other).BothLed = n
		}
	}
	for other, n := range numbers(facets[index.FieldJoined]) {
		if other == code {
			continue
		}
		if p := pairs.of(code, other); p.A == code {
			p.ALed = n
		} else {
			p.BLed = n
		}
	}
}

// besides counts who is there where an office leads or takes part.
func (h *Holdings) besides(ctx context.Context, q index.Query, field index.Field, code string) (index.Found, error) {
	q.Root = index.And{Nodes: []index.Node{q.Root, index.Has{Field: field, Value: code}}}
	q.Facets = []index.Field{index.FieldMember}
	if field == index.FieldLead {
		q.Facets = []index.Field{index.FieldLead, index.FieldJoined}
	}
	found, err := h.searcher.Engine.Search(ctx, q)
	if err != nil {
		return found, fmt.Errorf("count coalitions of %s: %w", code, err)
	}
	return found, nil
}

// restricted makes of a question one for coalitions alone. Its filters on who takes part
// become part of the words: a facet does not obey the filter of its own field.
func restricted(q index.Query) index.Query {
	nodes := []index.Node{index.IsMultistate{}}
	if q.Root != nil {
		nodes = append(nodes, q.Root)
	}
	var filters []index.Filter
	for _, f := range q.Filters {
		if f.Field != index.FieldMember && f.Field != index.FieldLead && f.Field != index.FieldJoined {
			filters = append(filters, f)
			continue
		}
		var included []index.Node
		for _, v := range f.Include {
			included = append(included, index.Has{Field: f.Field, Value: v})
		}
		if len(included) > 0 {
			nodes = append(nodes, index.Or{Nodes: included})
		}
		for _, v := range f.Exclude {
			nodes = append(nodes, index.Not{Node: index.Has{Field: f.Field, Value: v}})
		}
	}
	q.Filters, q.Root = filters, index.And{Nodes: nodes}
	return q
}

// numbers are the counts of a facet by value.
func numbers(counts []index.Count) map[string]int {
	n := make(map[string]int, len(counts))
	for _, c := range counts {
		if c.Count > 0 {
			n[c.Value] = c.Count
		}
	}
	return n
}
