package listing

import (
	"cmp"
	"html"
	"net/url"
	"regexp"
	"strings"
	"time"

	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
	"agora/crawler/office"
	"agora/index"
)

// Data reads a list of releases that a site keeps as data: JSON, or a JavaScript file
// that sets a variable to an array of objects. The office's data source says which
// members hold what; without one the usual names are tried. ok is false for anything
// else.
func Data(source string, base *url.URL, o office.Office) (rows []index.ListingRow, ok bool) {
	if strings.HasPrefix(strings.TrimLeft(source[:min(len(source), 512)], " \t\r\n"), "<") {
		return nil, false
	}
	value, err := parseLiteral(source)
	if err != nil {
		return nil, false
	}
	rules := office.Source{Link: "link|url|href|permalink|file|path", Title: "title|headline|name|title.rendered", Date: "date|published|publishdate|releasedate|pubdate"}
	for _, s := range o.Sources {
		if s.Kind == office.Data && base != nil && Matches(s.URL, base.String()) {
			rules = s
		}
	}
	entries, _ := at(value, rules.Items).([]any)
	var zone *time.Location
	if o.Timezone != "" {
		zone = o.Location()
	}
	for _, e := range entries {
		if row, good := entry(e, rules, base, zone); good {
			rows = append(rows, row)
		}
	}
	return rows, len(rows) > 0
}

// entry makes a row of one entry, which may be an item of an interface.
func entry(e any, rules office.Source, base *url.URL, zone *time.Location) (index.ListingRow, bool) {
	row := index.ListingRow{Title: words(e, rules.Title), AsWritten: words(e, rules.Date)}
	if _, isPost := at(e, "title.rendered").(string); isPost {
		row.Source = sourceAPI
		if status, given := at(e, "status").(string); given && status != published {
			return row, false
		}
	}
	link := words(e, rules.Link)
	if strings.Contains(rules.Link, "{") {
		link = filled(rules.Link, e)
	}
	u, err := url.Parse(strings.ReplaceAll(link, " ", "%20"))
	if err != nil || link == "" || row.Title == "" {
		return row, false
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if !u.IsAbs() {
		return row, false
	}
	row.URL = u.String()
	if all := dates.Find(row.AsWritten); len(all) > 0 && all[0].Precision == dates.Day {
		row.Date = all[0].Day
	} else if f, ok := dates.Machine(row.AsWritten, zone); ok && len(all) == 0 {
		row.Date = f.Day
	}
	return row, true
}

var member = regexp.MustCompile(`\{([^{}]+)\}`)

// filled fills the members of an entry into a template of an address.
func filled(template string, e any) string {
	missing := false
	address := member.ReplaceAllStringFunc(template, func(name string) string {
		value := words(e, strings.Trim(name, "{}"))
		missing = missing || value == ""
		return value
	})
	if missing {
		return ""
	}
	return address
}

var tags = regexp.MustCompile(`<[^<>]*>`)

// words returns the text at the first of several paths ("a|b.c") that has any.
func words(e any, paths string) string {
	for path := range strings.SplitSeq(paths, "|") {
		if s, ok := at(e, path).(string); ok && strings.TrimSpace(s) != "" {
			return document.Clean(html.UnescapeString(tags.ReplaceAllString(s, "")))
		}
	}
	return ""
}

// at follows a path of member names, in any case. The empty path is the value itself.
func at(value any, path string) any {
	if path == "" {
		return value
	}
	for name := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		if value, ok = object[name]; ok {
			continue
		}
		for key, v := range object {
			if strings.EqualFold(key, name) {
				value = cmp.Or(v, value)
				break
			}
		}
	}
	return value
}
