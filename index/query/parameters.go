package query

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"agora/index"
)

// Parameters are the parameters of an address, or the flags of the terminal, by name.
type Parameters = url.Values

// Bounds of what parameters may say.
const (
	maxFilterValues = 100     // of a field: more than any closed list has
	maxCursorBytes  = 4 << 10 // longer than any cursor that was handed out
)

// DefaultFacets are counted where nobody chose others.
func DefaultFacets() []index.Field {
	return []index.Field{index.FieldState, index.FieldTopic, index.FieldYear}
}

// noFacets stands for an empty choice of facets, which an empty parameter does not: forms
// send those for everything that was left open.
const noFacets = "none"

// ParameterError says which parameter, or which value of it, is not known, and what may
// have been meant. It is an index.ErrInvalid.
type ParameterError struct {
	Parameter string
	Value     string // "" where the parameter itself is unknown
	Message   string // one sentence without capital and full stop
}

// Error returns the message.
func (e *ParameterError) Error() string { return e.Message }

// Unwrap makes it an index.ErrInvalid.
func (e *ParameterError) Unwrap() error { return index.ErrInvalid }

// FromValues reads the parameters that pages, API and terminal share. Where strict is
// true (API, terminal) an unknown parameter or value is a *ParameterError naming the
// nearest; otherwise (pages) unknown parameters are ignored, and unknown values with a
// warning. Empty values count as absent. What a caller understands beyond the shared
// parameters it must take out of v first.
func FromValues(v url.Values, strict bool) (index.Query, error) {
	r := reader{values: v, strict: strict, query: index.Query{Limit: index.DefaultLimit, Facets: DefaultFacets()}}
	if err := r.unknown(); err != nil {
		return index.Query{}, err
	}
	text, err := r.one("q")
	if err != nil {
		return index.Query{}, err
	}
	r.query.Text = cut(text, &r.warnings)
	root, said := Parse(r.query.Text)
	r.query.Root = root
	r.warnings.list = append(r.warnings.list, said...)
	for _, read := range []func() error{r.filters, r.dates, r.times, r.limit, r.page, r.counts, r.order} {
		if err := read(); err != nil {
			return index.Query{}, err
		}
	}
	r.contradictions()
	r.query.Warnings = r.warnings.list
	return r.query, nil
}

// reader fills a query from parameters.
type reader struct {
	values   url.Values
	strict   bool
	query    index.Query
	warnings warnings
}

// names lists the known parameters.
func names() []string {
	list := []string{"q", "office"}
	for _, f := range index.Fields {
		list = append(list, string(f))
	}
	return append(list, "from", "to", "undated", "added_from", "changed_from", "sort", "limit", "cursor", "collapse", "facets", "interval")
}

// unknown refuses parameters that nobody knows, where that is asked for.
func (r *reader) unknown() error {
	if !r.strict {
		return nil
	}
	known := names()
	var unknown []string
	for name := range r.values {
		if !slices.Contains(known, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	name := slices.Min(unknown)
	return &ParameterError{Parameter: name, Message: "unknown parameter " + quoted(name) + nearestOrAll(name, known)}
}

// refuse reports a value that can't be used: an error where strict, else a warning that
// it was left out.
func (r *reader) refuse(code, name, value, message string) error {
	return r.refuseFor(code, name, value, message, "It was left out.")
}

// refuseFor is refuse where something else is done instead, which a sentence says.
func (r *reader) refuseFor(code, name, value, message, instead string) error {
	if r.strict {
		return &ParameterError{Parameter: name, Value: value, Message: message}
	}
	stop := "."
	if strings.HasSuffix(message, "?") {
		stop = ""
	}
	r.warnings.add(code, strings.ToUpper(message[:1])+message[1:]+stop+" "+instead)
	return nil
}

// one returns the value of a parameter that takes one.
func (r *reader) one(name string) (string, error) {
	given := slices.DeleteFunc(slices.Clone(r.values[name]), func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(given) == 0 {
		return "", nil
	}
	if len(given) > 1 {
		message := fmt.Sprintf("%s was given %d times and takes one value", name, len(given))
		if err := r.refuseFor("repeated_parameter", name, given[1], message, "The first was used."); err != nil {
			return "", err
		}
	}
	return given[0], nil
}
