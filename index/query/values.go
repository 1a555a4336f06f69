package query

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/index"
)

// Values returns the parameters that FromValues reads as q, without those that say what
// is so anyway: for links, cursors and asking another process. What Root means must be
// what Text says; Warnings are not part of it.
func Values(q index.Query) url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", q.Text)
	for _, f := range q.Filters {
		for _, value := range f.Include {
			v.Add(string(f.Field), value)
		}
		for _, value := range f.Exclude {
			v.Add(string(f.Field), "-"+value)
		}
	}
	set("from", string(q.From))
	set("to", string(q.To))
	if q.IncludeUndated {
		v.Set("undated", "include")
	}
	set("added_from", moment(q.AddedFrom))
	set("changed_from", moment(q.ChangedFrom))
	if q.Sort != defaultSort(q.Root) {
		set("sort", string(q.Sort))
	}
	if q.Limit > 0 && q.Limit != index.DefaultLimit {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	set("cursor", q.Cursor)
	if q.Collapse {
		v.Set("collapse", "matter")
	}
	if !slices.Equal(q.Facets, DefaultFacets()) {
		v.Set("facets", facetNames(q.Facets))
	}
	set("interval", string(q.Interval))
	return v
}

func facetNames(facets []index.Field) string {
	if len(facets) == 0 {
		return noFacets
	}
	list := make([]string, 0, len(facets))
	for _, f := range facets {
		list = append(list, string(f))
	}
	return strings.Join(list, ",")
}

// moment writes a time as parameters take it, "" for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return index.Instant(t).Format(time.RFC3339Nano)
}
