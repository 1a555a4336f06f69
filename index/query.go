package index

import (
	"slices"
	"time"
)

// Field names a facet and filter. Values are those of the public interface.
type Field string

// The fields by which results can be filtered and counted.
const (
	FieldState    Field = "state" // the publisher, also asked for as "office"
	FieldTopic    Field = "topic"
	FieldYear     Field = "year" // YYYY or "undated"
	FieldKind     Field = "kind"
	FieldRole     Field = "role"
	FieldAction   Field = "action"
	FieldLead     Field = "lead"
	FieldMember   Field = "member"   // leads included
	FieldJoined   Field = "joined"   // members that did not lead
	FieldInvolves Field = "involves" // publisher, lead or member
	FieldParty    Field = "party"
	FieldLanguage Field = "language"
	FieldPresence Field = "presence"
	FieldAgency   Field = "agency"  // federal agencies that the release names
	FieldCompany  Field = "company" // companies, likewise, as reviewed names
)

// Fields lists every field in the order in which they are shown.
var Fields = []Field{
	FieldState, FieldTopic, FieldYear, FieldKind, FieldRole, FieldAction, FieldLead,
	FieldMember, FieldJoined, FieldInvolves, FieldParty, FieldLanguage, FieldPresence,
	FieldAgency, FieldCompany,
}

// Undated is the value of FieldYear for releases without a date.
const Undated = "undated"

// Filter restricts one field: a release passes if it has one of Include (or Include is
// empty) and none of Exclude. A query has at most one filter a field.
type Filter struct {
	Field   Field
	Include []string
	Exclude []string
}

// Sort is an order of results.
type Sort string

// Orders. Relevance needs words; ties are broken by date, then id. Undated releases sort
// by the day they were added if seen live (not back-filled), else last.
const (
	SortRelevance Sort = "relevance"
	SortNewest    Sort = "newest"
	SortOldest    Sort = "oldest"
	SortAdded     Sort = "added"
	SortChanged   Sort = "changed"
)

// Interval is the width of a histogram's bars.
type Interval string

// Widths of bars; weeks begin on Monday.
const (
	IntervalYear    Interval = "year"
	IntervalQuarter Interval = "quarter"
	IntervalMonth   Interval = "month"
	IntervalWeek    Interval = "week"
	IntervalDay     Interval = "day"
)

// Limits of a question, each with its reason.
const (
	MaxQueryBytes   = 8 << 10 // longer than anything a person writes; bounds the parser
	MaxQueryDepth   = 32      // of parentheses; bounds recursion
	MaxQueryClauses = 256     // bounds the work of one question
	MaxLimit        = 100     // results on a page; the export is for more
	DefaultLimit    = 20
)

// Query is one question, whoever asks: page, API, feed, export or terminal.
type Query struct {
	Text    string // as typed
	Root    Node   // what Text means; nil matches everything
	Filters []Filter

	From, To       Date // published within, inclusive; "" is open
	IncludeUndated bool // keep undated releases although From or To is given
	AddedFrom      time.Time
	ChangedFrom    time.Time

	Sort     Sort
	Limit    int
	Cursor   string // of the page before; "" is the first page
	Collapse bool   // one row for a matter

	Facets   []Field  // to count; none where nil
	Interval Interval // of the histogram; none where empty
	Warnings []Warning
}

// Filter returns the query's filter of field, empty where it has none.
func (q Query) Filter(field Field) Filter {
	for _, f := range q.Filters {
		if f.Field == field {
			return f
		}
	}
	return Filter{Field: field}
}

// Matches tells whether a release with these values of the field passes the filter.
func (f Filter) Matches(values []string) bool {
	for _, v := range values {
		if slices.Contains(f.Exclude, v) {
			return false
		}
	}
	if len(f.Include) == 0 {
		return true
	}
	for _, v := range values {
		if slices.Contains(f.Include, v) {
			return true
		}
	}
	return false
}

// Warning tells the asker how a question was read or what the answer lacks.
type Warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}
