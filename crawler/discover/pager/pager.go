package pager

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"agora/index"
)

// Page is a page of a list, as far as going on from it needs it.
type Page struct {
	Address  string   // that answered
	Base     *url.URL // of its links
	Controls []Control
	Rows     map[string]bool // canonical addresses that its rows lead to
	May      func(address string) bool
	Latest   int // last year that can have releases
}

// Words by which links call the next page, and what else there is in pagers.
var (
	nextWords = regexp.MustCompile(`^(?:go to |view |to )?(?:the )?(?:next|siguientes?|próxim[ao]s?|older|anteriores)(?: \d{0,4})?` +
		`(?: ?(?:page|posts?|entries|news|items?|articles?|releases?|results?|press|página|noticias|entradas|comunicados|stories))*$`)
	moreWords = regexp.MustCompile(`^(?:load|show|view|see|ver|cargar|mostrar) (?:more|older|más)\b.{0,40}$|^more(?: (?:press )?(?:news|releases|results|posts|items|articles|stories))?$`)
	backWords = regexp.MustCompile(`prev|prior|newer|back|atrás|recientes`)
	endWords  = regexp.MustCompile(`first|last|final|primer|últim`)
	nextName  = regexp.MustCompile(`(?:^|[\s_-])(?:next|older)(?:$|[\s_-])`)
	backName  = regexp.MustCompile(`(?:^|[\s_-])(?:prev|previous|newer)(?:$|[\s_-])`)
	endName   = regexp.MustCompile(`(?:^|[\s_-])(?:first|last|disabled)(?:$|[\s_-])`)
	signs     = strings.NewReplacer("›", "", "»", "", "→", "", ">", "", "«", "", "←", "", "‹", "", "<", "", "…", "", "...", "", "(", "", ")", "", "+", "", "|", "")
)

// How surely a control leads to the next page, by what speaks for it.
const (
	byHead    = 95 // <link rel="next">
	byWords   = 90 // "Next", "Older posts"
	byName    = 80 // a class or rel "next"
	byMore    = 75 // "Load more"
	bySign    = 70 // ›
	byOrder   = 65 // the number after the current one
	byFarSign = 60 // », which often means the last page
	byLoading = 55 // a button that loads
	bySeries  = 50 // the same address with a higher number
)

// Next returns guesses at the next page, the best first.
func (p Page) Next() []string {
	here, err := url.Parse(p.Address)
	if err != nil {
		return nil
	}
	number, series := Number(here)
	type guess struct {
		address string
		score   int
		number  int
	}
	var guesses []guess
	nearest := -1 // the next higher number of the series
	for _, c := range p.Controls {
		address := Resolve(p.Base, c.Link)
		if address == "" || c.current || p.Rows[index.CanonicalURL(address)] || !InCalendar(address, p.Latest) || !p.May(address) {
			continue
		}
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		n, s := Number(u)
		higher := s == series && n > max(number, 0) && (number >= 0 || c.text != "1")
		if higher && (nearest < 0 || n < nearest) && !endName.MatchString(c.names) {
			nearest = n
		}
		if score := c.score(higher, s == series, max(number, 1)); score > 0 {
			guesses = append(guesses, guess{address, score, n})
		}
	}
	slices.SortStableFunc(guesses, func(a, b guess) int {
		if a.score == bySeries && b.score == bySeries {
			return cmp.Compare(a.number, b.number)
		}
		return b.score - a.score
	})
	var addresses []string
	for _, g := range guesses {
		skips := nearest >= 0 && g.number > nearest
		if skips && g.score <= bySign && g.score != byOrder || slices.Contains(addresses, g.address) {
			continue
		}
		addresses = append(addresses, g.address)
	}
	return addresses
}

// score says how surely a control leads to the next page, 0 where nothing speaks for it.
// higher: its address is this page's with a higher number; near: with any number or none.
func (c Control) score(higher, near bool, number int) int {
	words := strings.TrimSpace(signs.Replace(c.text))
	called := nextWords.MatchString(words)
	switch {
	case c.isHead:
		if slices.Contains(strings.Fields(c.names), "next") {
			return byHead
		}
	case called:
		return byWords
	case endWords.MatchString(words) || endName.MatchString(c.names):
	case backWords.MatchString(words) || backName.MatchString(c.names):
		if higher {
			return bySeries // "previous" of some systems is older
		}
	case nextName.MatchString(c.names) && len(words) < 30:
		return byName
	case moreWords.MatchString(words) && (near || c.isLoad):
		return byMore
	case words == "" && strings.Trim(c.text, "›>→ ") == "" && c.text != "":
		return bySign
	case higher && words == strconv.Itoa(number+1):
		return byOrder
	case higher && words == "" && strings.ContainsAny(c.text, "»>"):
		return byFarSign
	case c.isLoad && (higher || strings.Contains(c.names, "more")):
		return byLoading
	case higher && (words == "" || isNumber(words) || strings.HasPrefix(words, "page ") || strings.HasPrefix(words, "página ")):
		return bySeries
	}
	return 0
}

// parameters are the names under which addresses count pages or rows.
var parameters = regexp.MustCompile(`(?i)^(?:page|paged|pg|p|pagina|pageno|page_?no|page_?num(?:ber)?|page_?index|current_?page|sf_paged|_page|pagenum|pn|start|offset|from|skip|start_?row|limitstart|b_start:int|first|\w{1,40}[_.-]page|\w{1,40}\[page\])$`)

// folder is the part of a path that counts pages.
var folder = regexp.MustCompile(`(?i)/(?:page|pagina|p)[/-]?(\d{1,6})(?:/|$|\.\w{2,5}$)`)

// Number returns the number by which an address counts pages or rows, -1 without one, and
// the address without it.
func Number(u *url.URL) (number int, series string) {
	number = -1
	rest := *u
	if m := folder.FindStringSubmatchIndex(rest.Path); m != nil {
		number, _ = strconv.Atoi(rest.Path[m[2]:m[3]]) // at most six digits
		rest.Path, rest.RawPath = rest.Path[:m[0]]+"/"+rest.Path[m[1]:], ""
	}
	var kept []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if n, ok := counts(name, value); ok {
			number = max(number, n)
		} else if value != "" {
			kept = append(kept, pair)
		}
	}
	slices.Sort(kept)
	rest.RawQuery = strings.Join(kept, "&")
	return number, index.CanonicalURL(rest.String())
}

// counts reads a parameter that counts pages. Drupal counts several pagers in one.
func counts(name, value string) (int, bool) {
	name, err := url.QueryUnescape(name)
	if err != nil || !parameters.MatchString(name) {
		return 0, false
	}
	if value, err = url.QueryUnescape(value); err != nil {
		return 0, false
	}
	n, err := strconv.ParseUint(value[strings.LastIndexByte(value, ',')+1:], 10, 31)
	return int(n), err == nil
}
