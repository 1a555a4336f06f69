// Package refine makes the addresses of searches from one another: with a value of a
// filter switched, a restriction removed, another order, the next page. Facets, chips and
// the timeline are lists of such addresses with what a click will show.
//
// It asks no engine and renders nothing; it works on a query and the counts of an answer.
package refine

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"agora/index"
	"agora/index/query"
)

// VersionPath is the address of a version of a release.
func VersionPath(id string, n int) string {
	return index.ReleasePath(id) + "/versions/" + strconv.Itoa(n)
}

// StatePath is the address of the page of an office.
func StatePath(code string) string { return "/states/" + url.PathEscape(code) }

// SourcePath is the address of the page on how an office is collected.
func SourcePath(code string) string { return "/sources/" + url.PathEscape(code) }

// TopicPath is the address of the page of a topic.
func TopicPath(slug string) string { return "/topics/" + url.PathEscape(slug) }

// searchPath is the search page of these parameters.
func searchPath(v url.Values) string {
	if len(v) == 0 {
		return "/"
	}
	return "/?" + v.Encode()
}

// FilterPath is the search page of values of one or two fields: name, value, name, value.
func FilterPath(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return searchPath(v)
}

// Links makes the addresses of searches that differ from one in one respect. All lead to
// the first page of results.
type Links struct {
	query index.Query
	base  url.Values // of the query, without cursor
}

// New returns the links of a query.
func New(q index.Query) Links {
	q.Cursor, q.Facets, q.Interval = "", nil, ""
	base := query.Values(q)
	for _, name := range []string{"cursor", "facets", "interval"} {
		base.Del(name)
	}
	return Links{query: q, base: base}
}

// With replaces the values of one parameter; none removes it.
func (l Links) With(name string, values ...string) string {
	v := make(url.Values, len(l.base)+1)
	for k, list := range l.base {
		v[k] = list
	}
	if len(values) == 0 {
		delete(v, name)
	} else {
		v[name] = values
	}
	return searchPath(v)
}

// First is the first page of the same search.
func (l Links) First() string { return searchPath(l.base) }

// Data is the address at which a program gets the same question answered: path is that of
// the API's answer or of an export.
func (l Links) Data(path string) string {
	if len(l.base) == 0 {
		return path
	}
	return path + "?" + l.base.Encode()
}

// Next is the page that follows a cursor.
func (l Links) Next(cursor string) string { return l.With("cursor", cursor) }

// Toggle is the search with one value of a field's filter switched.
func (l Links) Toggle(field index.Field, value string) string {
	return l.With(string(field), parameters(toggled(l.query.Filter(field), value))...)
}

// Offered is the search with a filter in place of the words that may stand for it.
func (l Links) Offered(o index.Offer) string {
	v := make(url.Values, len(l.base)+1)
	for k, list := range l.base {
		v[k] = list
	}
	v[string(o.Field)] = parameters(toggled(l.query.Filter(o.Field), o.Value))
	v["q"] = []string{o.Rest}
	if strings.TrimSpace(o.Rest) == "" {
		delete(v, "q")
	}
	return searchPath(v)
}

// Without is the search that lacks the named parameters.
func (l Links) Without(names ...string) string {
	v := make(url.Values, len(l.base))
	for k, list := range l.base {
		if !slices.Contains(names, k) {
			v[k] = list
		}
	}
	return searchPath(v)
}

// Parameter is a hidden field of a form.
type Parameter struct{ Name, Value string }

// Hidden lists what a form must carry so that only the named parameters change.
func (l Links) Hidden(names ...string) []Parameter {
	var list []Parameter
	for name, values := range l.base {
		if slices.Contains(names, name) {
			continue
		}
		for _, value := range values {
			list = append(list, Parameter{name, value})
		}
	}
	slices.SortStableFunc(list, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// toggled switches one value of a filter: what is included or excluded is no longer,
// what is neither is included.
func toggled(f index.Filter, value string) index.Filter {
	is := func(v string) bool { return v == value }
	if slices.ContainsFunc(f.Include, is) || slices.ContainsFunc(f.Exclude, is) {
		f.Include = slices.DeleteFunc(slices.Clone(f.Include), is)
		f.Exclude = slices.DeleteFunc(slices.Clone(f.Exclude), is)
		return f
	}
	f.Include = append(slices.Clone(f.Include), value)
	return f
}

// parameters writes a filter as values of its parameter.
func parameters(f index.Filter) []string {
	values := slices.Clone(f.Include)
	for _, v := range f.Exclude {
		values = append(values, "-"+v)
	}
	return values
}

// Cleared is the search with the words alone, "" where nothing else restricts.
func (l Links) Cleared() string {
	v := l.base
	kept := map[string][]string{}
	for _, name := range []string{"q", "sort", "limit"} {
		if list, ok := v[name]; ok {
			kept[name] = list
		}
	}
	if len(kept) == len(v) {
		return ""
	}
	return searchPath(kept)
}

// SortLink is one way to sort.
type SortLink struct {
	Label   string
	URL     string
	Current bool
}

// Sorts lists the ways to sort. Relevance needs words: it is offered where it is what
// a question without a sort gets.
func Sorts(l Links) []SortLink {
	var list []SortLink
	for _, s := range []struct {
		sort  index.Sort
		label string
	}{
		{index.SortRelevance, "Relevance"}, {index.SortNewest, "Newest"}, {index.SortOldest, "Oldest"},
		{index.SortAdded, "Added"}, {index.SortChanged, "Changed"},
	} {
		q := l.query
		q.Sort = s.sort
		sorted := New(q)
		if s.sort == index.SortRelevance && sorted.base.Has("sort") {
			continue
		}
		list = append(list, SortLink{Label: s.label, URL: sorted.First(), Current: l.query.Sort == s.sort})
	}
	return list
}
