package refine

import (
	"cmp"
	"slices"

	"agora/index"
	"agora/server/wording"
)

// ShownFacets are those that the search page counts, in its order.
func ShownFacets() []index.Field {
	return []index.Field{
		index.FieldState, index.FieldTopic, index.FieldYear, index.FieldKind, index.FieldRole,
		index.FieldAction, index.FieldLead, index.FieldMember, index.FieldParty, index.FieldCompany,
		index.FieldAgency, index.FieldPresence, index.FieldLanguage,
	}
}

// facetHead is how many values of a facet are shown before "more".
const facetHead = 10

// Facet is one block of the filter column.
type Facet struct {
	Field  index.Field
	Label  string
	Open   bool // shown unfolded
	Active bool // has a filter
	Values []FacetValue
	More   []FacetValue
}

// FacetValue is a value that a click switches on or off.
type FacetValue struct {
	Label    string
	Count    string
	URL      string
	Selected bool
	Excluded bool
}

// Facets describes the counts of an answer. Facets that offer no choice are left out:
// one value, not selected, changes nothing.
func Facets(l Links, counts map[index.Field][]index.Count) []Facet {
	var list []Facet
	for position, field := range ShownFacets() {
		filter := l.query.Filter(field)
		active := len(filter.Include)+len(filter.Exclude) > 0
		values := facetValues(l, filter, counts[field])
		if !active && len(values) < 2 {
			continue
		}
		f := Facet{Field: field, Label: wording.FieldLabel(field), Active: active, Open: active || position < 5}
		f.Values, f.More = split(values)
		list = append(list, f)
	}
	return list
}

// facetValues describes the values of one facet, selected ones that found nothing included.
func facetValues(l Links, filter index.Filter, counts []index.Count) []FacetValue {
	values := make([]FacetValue, 0, len(counts))
	seen := make(map[string]bool, len(counts))
	add := func(value, label string, count int) {
		v := FacetValue{
			Label: label, Count: wording.Number(count), URL: l.Toggle(filter.Field, value),
			Selected: slices.Contains(filter.Include, value), Excluded: slices.Contains(filter.Exclude, value),
		}
		if value == "" || seen[value] || (count == 0 && !v.Selected && !v.Excluded) {
			return
		}
		seen[value] = true
		values = append(values, v)
	}
	for _, c := range counts {
		label := wording.ValueLabel(filter.Field, c.Value)
		if filter.Field == index.FieldCompany { // only the index knows how a company writes its name
			label = cmp.Or(c.Label, label)
		}
		add(c.Value, label, c.Count)
	}
	for _, value := range slices.Concat(filter.Include, filter.Exclude) {
		add(value, wording.ValueLabel(filter.Field, value), 0)
	}
	return values
}

// split divides values into those shown at once, with all that are switched on, and the rest.
func split(values []FacetValue) (head, rest []FacetValue) {
	if len(values) <= facetHead+2 { // folding two away would save nothing
		return values, nil
	}
	for i, v := range values {
		if i < facetHead || v.Selected || v.Excluded {
			head = append(head, v)
		} else {
			rest = append(rest, v)
		}
	}
	return head, rest
}

// Chip is an active restriction with the search that lacks it.
type Chip struct {
	Label string // "Topic: Opioids and fentanyl"
	URL   string
}

// Chips lists everything but the words that restricts a query.
func Chips(l Links) []Chip {
	var list []Chip
	for _, field := range index.Fields {
		filter := l.query.Filter(field)
		for _, v := range filter.Include {
			list = append(list, Chip{wording.FieldLabel(field) + ": " + wording.ValueLabel(field, v), l.Toggle(field, v)})
		}
		for _, v := range filter.Exclude {
			list = append(list, Chip{wording.FieldLabel(field) + ": not " + wording.ValueLabel(field, v), l.Toggle(field, v)})
		}
	}
	q := l.query
	if q.From != "" {
		list = append(list, Chip{"From " + wording.DateText(q.From, "day"), l.With("from")})
	}
	if q.To != "" {
		list = append(list, Chip{"To " + wording.DateText(q.To, "day"), l.With("to")})
	}
	if q.IncludeUndated {
		list = append(list, Chip{"Undated ones kept", l.With("undated")})
	}
	if !q.AddedFrom.IsZero() {
		list = append(list, Chip{"Added since " + wording.MomentOf(q.AddedFrom).Text, l.With("added_from")})
	}
	if !q.ChangedFrom.IsZero() {
		list = append(list, Chip{"Changed since " + wording.MomentOf(q.ChangedFrom).Text, l.With("changed_from")})
	}
	return list
}
