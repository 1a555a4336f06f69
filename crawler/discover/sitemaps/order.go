package sitemaps

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	releaseNames = regexp.MustCompile(`press|news|release|comunicad|noticia|prensa|media`)
	postNames    = regexp.MustCompile(`post|article|blog`)
	otherNames   = regexp.MustCompile(`image|video|photo|galler|categor|tag|author|user|taxonom|topic|attachment|product|event|page|location|staff|people|newsletter`)
	number       = regexp.MustCompile(`\d{1,9}`)
)

// promise says by its name how likely a sitemap is to hold releases; below 0 it is
// plainly about something else.
func promise(location string) int {
	u, err := url.Parse(strings.ToLower(location))
	if err != nil {
		return 0
	}
	name := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	switch {
	case otherNames.MatchString(name):
		return -1
	case releaseNames.MatchString(name):
		return 2
	case postNames.MatchString(name):
		return 1
	}
	return 0
}

// numbers returns the numbers in the name of a file: years, months, running numbers.
func numbers(location string) []int {
	var all []int
	for _, digits := range number.FindAllString(location[strings.LastIndexByte(location, '/')+1:], 8) {
		n, _ := strconv.Atoi(digits) // at most nine digits
		all = append(all, n)
	}
	return all
}

// Order sorts the sitemaps of an index, the most promising first: by name, then the one
// changed last, then the highest number. Those of pictures, topics and people are left
// out where others are named after releases or posts.
func Order(entries []Entry) []Entry {
	type ranked struct {
		Entry
		promise int
		numbers []int
	}
	all := make([]ranked, len(entries))
	named := false
	for i, e := range entries {
		all[i] = ranked{e, promise(e.Location), numbers(e.Location)}
		named = named || all[i].promise > 0
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(b.promise-a.promise, b.Modified.Compare(a.Modified), slices.Compare(b.numbers, a.numbers))
	})
	var ordered []Entry
	for _, r := range all {
		if r.promise >= 0 || !named {
			ordered = append(ordered, r.Entry)
		}
	}
	return ordered
}
