package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/index"
	"agora/index/query/spelling"
	"agora/index/query/tree"
)

// filters reads the parameters that restrict a field. The filters are in the order of
// index.Fields and their values sorted, so that one question has one form.
func (r *reader) filters() error {
	for _, f := range index.Fields {
		given := r.values[string(f)]
		if f == index.FieldState {
			given = slices.Concat(given, r.values["office"])
		}
		pieces, err := r.pieces(f, given)
		if err != nil {
			return err
		}
		filter := index.Filter{Field: f}
		for _, piece := range pieces {
			if err := r.filterValue(&filter, piece); err != nil {
				return err
			}
		}
		if len(filter.Include)+len(filter.Exclude) == 0 {
			continue
		}
		for _, values := range []*[]string{&filter.Include, &filter.Exclude} {
			slices.Sort(*values)
			*values = slices.Compact(*values)
		}
		r.query.Filters = append(r.query.Filters, filter)
	}
	return nil
}

// pieces cuts what was given for a field into single values, each with its "-".
func (r *reader) pieces(f index.Field, given []string) ([]string, error) {
	var pieces []string
	for _, value := range given {
		value = strings.TrimSpace(value)
		if _, whole := spelling.Value(f, strings.TrimPrefix(value, "-")); whole {
			pieces = append(pieces, value) // some labels have commas
			continue
		}
		for piece := range strings.SplitSeq(value, ",") {
			if piece = strings.TrimSpace(piece); piece != "" && len(pieces) <= maxFilterValues {
				pieces = append(pieces, piece)
			}
		}
		if len(pieces) > maxFilterValues {
			break
		}
	}
	if len(pieces) <= maxFilterValues {
		return pieces, nil
	}
	message := fmt.Sprintf("%s was given more than the %d values it takes", f, maxFilterValues)
	return pieces[:maxFilterValues], r.refuseFor("too_many_clauses", string(f), "", message, "The rest was left out.")
}

// filterValue adds one value, excluded where a "-" stands before it.
func (r *reader) filterValue(filter *index.Filter, piece string) error {
	bare, exclude := strings.CutPrefix(piece, "-")
	value, ok := spelling.Value(filter.Field, bare)
	switch {
	case !ok && r.warnings.full() && !r.strict:
	case !ok:
		return r.refuse("unknown_value", string(filter.Field), piece, unknownValue(filter.Field, bare))
	case exclude:
		filter.Exclude = append(filter.Exclude, value)
	default:
		filter.Include = append(filter.Include, value)
	}
	return nil
}

// unknownValue says that a filter has no such value, and which may have been meant.
func unknownValue(f index.Field, value string) string {
	message := "unknown " + string(f) + " " + quoted(value)
	switch f {
	case index.FieldYear:
		return message + `; a year is four digits, or "undated"`
	case index.FieldCompany:
		return message + "; a company is its name, such as purdue-pharma"
	case index.FieldLanguage:
		return message + "; a language is a BCP 47 tag such as en or es-PR"
	}
	if near := didYouMean(f, value); near != "" {
		return message + near
	}
	var known []string
	for _, w := range spelling.Known(f) {
		known = append(known, w.Value)
	}
	return message + "; known are " + strings.Join(known, ", ")
}

// chosen reads a parameter that takes one of a few words; "" where it is absent.
func (r *reader) chosen(name string, known ...string) (string, error) {
	value, err := r.one(name)
	if err != nil || value == "" {
		return "", err
	}
	if key := spelling.Folded(value); slices.Contains(known, key) {
		return key, nil
	}
	return "", r.refuse("unknown_value", name, value, "unknown "+name+" "+quoted(value)+nearestOrAll(value, known))
}

// dates reads the span of days and what becomes of the undated.
func (r *reader) dates() error {
	from, err := r.one("from")
	if err != nil {
		return err
	}
	to, err := r.one("to")
	if err != nil {
		return err
	}
	for _, end := range []struct{ name, value string }{{"from", from}, {"to", to}} {
		if end.value == "" {
			continue
		}
		first, last, ok := spelling.Period(end.value)
		switch {
		case !ok || strings.Contains(end.value, ".."):
			message := fmt.Sprintf("%s is no day: %s takes days such as 2023-02-08", quoted(end.value), end.name)
			if err = r.refuse("bad_date", end.name, end.value, message); err != nil {
				return err
			}
		case end.name == "from":
			r.query.From = first
		default:
			r.query.To = last
		}
	}
	undated, err := r.chosen("undated", "include")
	r.query.IncludeUndated = undated == "include"
	return err
}

// times reads the moments from which on releases were added or changed.
func (r *reader) times() error {
	for _, start := range []struct {
		name string
		into *time.Time
	}{{"added_from", &r.query.AddedFrom}, {"changed_from", &r.query.ChangedFrom}} {
		value, err := r.one(start.name)
		if err != nil {
			return err
		}
		if value == "" {
			continue
		}
		moment, ok := instant(value)
		if !ok {
			message := fmt.Sprintf("%s is no time: %s takes times such as 2023-02-08T15:04:05Z, or days", quoted(value), start.name)
			if err := r.refuse("bad_date", start.name, value, message); err != nil {
				return err
			}
			continue
		}
		*start.into = moment
	}
	return nil
}

// instant reads an RFC 3339 time, or a day as its first moment in UTC. A space is read as
// the plus of a time zone, which it was before somebody forgot to escape it.
func instant(value string) (time.Time, bool) {
	value = strings.TrimSpace(value)
	if day, ok := index.ParseDate(value); ok {
		value = string(day) + "T00:00:00Z"
	}
	t, err := time.Parse(time.RFC3339, strings.ReplaceAll(value, " ", "+"))
	t = index.Instant(t)
	// Beyond these years RFC 3339 has no way to write the time in UTC.
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, false
	}
	return t, true
}

// limit reads how many results are shown.
func (r *reader) limit() error {
	value, err := r.one("limit")
	if err != nil || value == "" {
		return err
	}
	n, err := strconv.Atoi(strings.TrimSpace(value))
	used := min(n, index.MaxLimit)
	if err != nil || n < 1 {
		used = index.DefaultLimit
	}
	r.query.Limit = used
	if err == nil && used == n {
		return nil
	}
	message := fmt.Sprintf("limit %s is not a number from 1 to %d", quoted(value), index.MaxLimit)
	return r.refuseFor("bad_limit", "limit", value, message, fmt.Sprintf("%d was used.", used))
}

// page reads from where results are shown, and in which rows.
func (r *reader) page() error {
	cursor, err := r.one("cursor")
	if err != nil {
		return err
	}
	if len(cursor) > maxCursorBytes {
		if err = r.refuse("bad_cursor", "cursor", cursor[:maxQuoted], "the cursor is longer than any that was handed out"); err != nil {
			return err
		}
		cursor = ""
	}
	r.query.Cursor = cursor
	collapse, err := r.chosen("collapse", "matter")
	r.query.Collapse = collapse == "matter"
	return err
}

// counts reads which facets and which histogram are counted.
func (r *reader) counts() error {
	var chosen []index.Field
	none := false
	for _, given := range r.values["facets"] {
		for piece := range strings.SplitSeq(given, ",") {
			f := index.Field(strings.ToLower(strings.TrimSpace(piece)))
			if f == "office" {
				f = index.FieldState
			}
			switch {
			case f == "":
			case f == noFacets:
				none = true
			case slices.Contains(index.Fields, f):
				if !slices.Contains(chosen, f) {
					chosen = append(chosen, f)
				}
			case r.warnings.full() && !r.strict:
			default:
				if err := r.refuse("unknown_value", "facets", piece, unknownFacet(piece)); err != nil {
					return err
				}
			}
		}
	}
	if chosen != nil || none {
		r.query.Facets = chosen
	}
	interval, err := r.chosen("interval", string(index.IntervalYear), string(index.IntervalQuarter),
		string(index.IntervalMonth), string(index.IntervalWeek), string(index.IntervalDay))
	r.query.Interval = index.Interval(interval)
	return err
}

// unknownFacet says that nothing of this name is counted.
func unknownFacet(name string) string {
	known := make([]string, 0, len(index.Fields))
	for _, f := range index.Fields {
		known = append(known, string(f))
	}
	return "unknown facet " + quoted(name) + nearestOrAll(name, known)
}

// order reads the sort. Relevance needs words: without them the newest come first.
func (r *reader) order() error {
	chosen, err := r.chosen("sort", string(index.SortRelevance), string(index.SortNewest),
		string(index.SortOldest), string(index.SortAdded), string(index.SortChanged))
	r.query.Sort = index.Sort(chosen)
	if chosen == "" || r.query.Sort == index.SortRelevance {
		r.query.Sort = defaultSort(r.query.Root)
	}
	return err
}

// defaultSort is the order of results where nobody chose one.
func defaultSort(root index.Node) index.Sort {
	if hasWords(root) {
		return index.SortRelevance
	}
	return index.SortNewest
}

// hasWords tells whether a question looks for something in the text, which alone makes
// one release more relevant than another.
func hasWords(n index.Node) bool {
	switch n := n.(type) {
	case index.Word, index.Phrase, index.Near, index.Prefix, index.Fuzzy:
		return true
	case index.And:
		return slices.ContainsFunc(n.Nodes, hasWords)
	case index.Or:
		return slices.ContainsFunc(n.Nodes, hasWords)
	}
	return false
}

// contradictions warns where words, filters and dates together leave nothing. The parts
// are kept as they are, since a facet has to disregard its own filter.
func (r *reader) contradictions() {
	if tree.IsNothing(r.query.Root) {
		return
	}
	nodes := conditionsOf(r.query)
	if r.query.Root != nil {
		nodes = append(nodes, r.query.Root)
	}
	if all, ok := tree.All(nodes).(index.And); ok {
		nodes = all.Nodes
	}
	if why := tree.Conflict(nodes); why != "" {
		r.warnings.add(contradiction, why+", so nothing matches.")
	}
}

// conditionsOf says filters and dates in the words of the language.
func conditionsOf(q index.Query) []index.Node {
	var nodes []index.Node
	for _, f := range q.Filters {
		for i, values := range [][]string{f.Include, f.Exclude} {
			var has []index.Node
			for _, v := range values {
				has = append(has, index.Has{Field: f.Field, Value: v})
			}
			n := tree.Any(has)
			if n != nil && i == 1 {
				n = tree.Negate(n)
			}
			if n != nil {
				nodes = append(nodes, n)
			}
		}
	}
	if (q.From != "" || q.To != "") && !q.IncludeUndated {
		nodes = append(nodes, index.Published{From: q.From, To: q.To})
	}
	return nodes
}
