package pager

import (
	"cmp"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"agora/index"
)

// EarliestYear is the first of which archives are asked for: no office was on the web
// before.
const EarliestYear = 1990

const months = `january|february|march|april|may|june|july|august|september|october|november|december|` +
	`enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre`

var (
	yearText   = regexp.MustCompile(`^(?:(?:news|press|media|releases?|archives?|year|from|in|of|the|de|comunicados|noticias)\s+)*((?:19|20)\d\d)(?:\s+(?:news|press|media|releases?|archives?|statements|comunicados|de|prensa))*\s*(?:\(\d+\))?$`)
	monthText  = regexp.MustCompile(`^(?:` + months + `)\s+(?:de\s+)?((?:19|20)\d\d)\s*(?:\(\d+\))?$`)
	yearPart   = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d\d)(?:[^0-9]|$)`)
	monthParts = regexp.MustCompile(`(?:19|20)\d\d[/_-]?(0[1-9]|1[0-2])(?:[^0-9]|$)`)
)

// Archives returns the archives of years, else of months, that a page links, the newest
// first.
func (p Page) Archives() []string {
	years, byMonth := map[string]string{}, map[string]string{} // by year; by year and month
	for _, c := range p.Controls {
		address := Resolve(p.Base, c.Link)
		if address == "" || c.isLoad || c.isHead || p.Rows[index.CanonicalURL(address)] || !InCalendar(address, p.Latest) {
			continue
		}
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		where := u.EscapedPath() + "?" + u.RawQuery
		named := func(year string) bool {
			return slices.ContainsFunc(yearPart.FindAllStringSubmatch(where, -1), func(part []string) bool { return part[1] == year })
		}
		if m := yearText.FindStringSubmatch(c.text); m != nil && named(m[1]) {
			years[m[1]] = cmp.Or(years[m[1]], address)
		} else if m = monthText.FindStringSubmatch(c.text); m != nil {
			if part := monthParts.FindStringSubmatch(where); part != nil {
				key := m[1] + part[1]
				byMonth[key] = cmp.Or(byMonth[key], address)
			}
		}
	}
	if len(years) == 0 {
		years = byMonth
	}
	keys := slices.Sorted(maps.Keys(years))
	slices.Reverse(keys)
	addresses := make([]string, len(keys))
	for i, key := range keys {
		addresses[i] = years[key]
	}
	return addresses
}

var (
	calendarParameter = regexp.MustCompile(`(?i)^(?:year|yr|y|date|month|day|start_?date|end_?date|tribe-bar-date|event-?date|year_?month|yyyymm|mcat)$`)
	calendarFolder    = regexp.MustCompile(`/(\d{4})(?:[/-]\d{1,2}){0,2}/?$`)
	fourDigits        = regexp.MustCompile(`^\d{4}`)
)

// InCalendar tells whether the year that an address stands for, if it does for one, can
// have releases: calendars go on without end in both directions.
func InCalendar(address string, latest int) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	within := func(digits string) bool {
		n, err := strconv.Atoi(digits)
		return err != nil || n >= EarliestYear && n <= latest
	}
	if m := calendarFolder.FindStringSubmatch(u.Path); m != nil && !within(m[1]) {
		return false
	}
	for name, values := range u.Query() {
		for _, value := range values {
			if calendarParameter.MatchString(name) && !within(fourDigits.FindString(value)) {
				return false
			}
		}
	}
	return true
}
