// Package office is the catalogue: who the 56 offices are, under which addresses each
// publishes, who held it when, and how its pages are read. The embedded catalogue is
// data/*.yaml, one file an office; people bring their own in the same form.
//
// It fetches nothing and reads no page. What data/ says was gathered from public lists
// and copies of pages, without reading a live site: an address or selector in it is a
// lead that the first crawl confirms or refutes, and doubts stand beside it as comments.
package office

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"agora/index"
)

// Office is one entry of the catalogue. Everything but ID, Name and one source may be
// empty: without selectors the general rules apply.
//
// An Office is a value to read, not to change: its slices are shared with the catalogue.
type Office struct {
	ID        string   `yaml:"id"`        // postal code in capitals
	Name      string   `yaml:"name"`      // the state, district or territory
	Office    string   `yaml:"office"`    // the office's own name
	Home      string   `yaml:"home"`      // its home page
	Aliases   []string `yaml:"aliases"`   // further hosts that serve the same pages
	Timezone  string   `yaml:"timezone"`  // IANA name; "" counts as UTC
	Languages []string `yaml:"languages"` // BCP 47, the usual one first
	Terms     []Term   `yaml:"terms"`     // who was attorney general, in order of start
	Sources   []Source `yaml:"sources"`   // where releases are listed, the best first
	Page      Page     `yaml:"page"`      // how a release page is read

	location *time.Location // of Timezone, loaded once
	release  *regexp.Regexp // of Page.Match, compiled once
}

// Term is one person's time as attorney general, start ≤ day < end.
//
// Start and End are YYYY-MM-DD, or YYYY-MM or YYYY where the day isn't known. Then the
// term may have begun on any day of that month or year, and may have ended on any day of
// it, so that both the outgoing and the incoming term hold throughout. An empty End is a
// term that goes on.
type Term struct {
	Name      string `yaml:"name"`
	Party     string `yaml:"party"`     // a value of vocabulary.Parties
	Start     string `yaml:"start"`     // may not be empty
	End       string `yaml:"end"`       // "" while it goes on
	Certainty string `yaml:"certainty"` // Seen or Memory
	Acting    bool   `yaml:"acting"`    // acting, interim or in charge for someone suspended
}

// How well a term is supported: Seen in a document, or from Memory and to be confirmed.
const (
	Seen   = "seen"
	Memory = "memory"
)

// Kinds of source, by how a list of releases is had from it.
const (
	WordPress = "wordpress" // the posts route of the REST interface
	Feed      = "feed"      // RSS, Atom or JSON Feed
	Sitemap   = "sitemap"   // a sitemap or a sitemap index
	Listing   = "listing"   // HTML pages that link releases
	Data      = "data"      // a data endpoint behind a page
)

// Source is one way to the addresses of an office's releases. Which members count
// depends on Kind; all but Kind and URL may be empty.
//
// {year} (four digits) and {month} (two) in URL stand for each year and month that the
// archive of the office has; whoever walks the source fills them in.
type Source struct {
	Kind       string `yaml:"kind"`
	URL        string `yaml:"url"`
	Match      string `yaml:"match"`       // regexp of addresses that count; empty: Page.Match of the office
	Item       string `yaml:"item"`        // listing: CSS selector of a row
	Link       string `yaml:"link"`        // listing: CSS selector of the row's link, empty: the row or its first link; data: see below
	Title      string `yaml:"title"`       // listing: CSS selector of the title, empty: the link's text; data: path
	Date       string `yaml:"date"`        // listing: CSS selector of the date; data: path
	DateLayout string `yaml:"date_layout"` // layout of the date in Go's form
	Next       string `yaml:"next"`        // listing: CSS selector of the link to the next page
	Page       string `yaml:"page"`        // address of the n-th page, see PageURL
	Format     string `yaml:"format"`      // data: js-array (one JavaScript array) or json
	Items      string `yaml:"items"`       // data: path of the list of entries, empty: the whole

	// Paths of data are keys joined by dots; the case of keys doesn't count. Link may also
	// be an address with paths in braces, "/news/{file}", relative to URL.
}

// pagePlaceholder is a number in Source.Page: {n} counts pages from 1, {n-1} from 0,
// {offset:10} counts the rows before a page of 10.
var pagePlaceholder = regexp.MustCompile(`\{n\}|\{n-1\}|\{offset:([0-9]{1,4})\}`)

// PageURL returns the absolute address of the n-th page of a source, from 1, the first
// page being URL itself. It returns "" where the source has no rule for further pages.
func (s Source) PageURL(n int) string {
	if n <= 1 {
		return s.URL
	}
	if s.Page == "" {
		return ""
	}
	numbered := pagePlaceholder.ReplaceAllStringFunc(s.Page, func(placeholder string) string {
		switch parts := pagePlaceholder.FindStringSubmatch(placeholder); {
		case parts[1] != "":
			rows, _ := strconv.Atoi(parts[1]) // at most four digits
			return strconv.Itoa(rows * (n - 1))
		case placeholder == "{n-1}":
			return strconv.Itoa(n - 1)
		}
		return strconv.Itoa(n)
	})
	base, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	next, err := base.Parse(numbered)
	if err != nil {
		return ""
	}
	// A page given by parameters alone joins those that the source has already.
	if strings.HasPrefix(numbered, "?") && base.RawQuery != "" {
		next.RawQuery = base.RawQuery + "&" + strings.TrimPrefix(numbered, "?")
	}
	return next.String()
}

// Page says how a release page of the office is read, by CSS selectors.
type Page struct {
	Title string   `yaml:"title"`
	Date  string   `yaml:"date"`
	Body  string   `yaml:"body"`
	Drop  []string `yaml:"drop"`  // parts of the body that are no part of the release
	Match string   `yaml:"match"` // regexp of addresses of releases
}

// Location returns the office's time zone, UTC where none is given or known.
func (o Office) Location() *time.Location {
	if o.location != nil && o.location.String() == o.Timezone {
		return o.location
	}
	location, err := time.LoadLocation(o.Timezone)
	if err != nil {
		return time.UTC
	}
	return location
}

// InOffice returns the terms that hold on a day, in the order of the entry: usually one;
// none in a gap or for the unknown day; two where terms overlap or where a change of
// office is known to the month or year only.
func (o Office) InOffice(day index.Date) []Term {
	var holding []Term
	for _, t := range o.Terms {
		if t.Holds(day) {
			holding = append(holding, t)
		}
	}
	return holding
}

// Holds tells whether the term may include the day.
func (t Term) Holds(day index.Date) bool {
	if day == "" || t.Start == "" || day < t.From() {
		return false
	}
	until := t.Until()
	return until == "" || day < until
}

// From returns the first day on which the term may hold, "" where Start is no date.
func (t Term) From() index.Date {
	from, _, _ := span(t.Start)
	return from
}

// Until returns the first day on which the term surely holds no more, "" where it goes on.
func (t Term) Until() index.Date {
	from, next, exact := span(t.End)
	if exact {
		return from
	}
	return next
}

// span returns the first day of a date that may be cut to a month or year, the first day
// after that month or year, and whether it was a whole date. All are zero for no date.
func span(s string) (first, next index.Date, exact bool) {
	switch len(s) {
	case len("2006"):
		if t, err := time.Parse("2006", s); err == nil {
			return index.DateOf(t), index.DateOf(t.AddDate(1, 0, 0)), false
		}
	case len("2006-01"):
		if t, err := time.Parse("2006-01", s); err == nil {
			return index.DateOf(t), index.DateOf(t.AddDate(0, 1, 0)), false
		}
	default:
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			return index.DateOf(t), index.DateOf(t.AddDate(0, 0, 1)), true
		}
	}
	return "", "", false
}
