package discover

import (
	"cmp"
	"context"
	"crypto/sha256"
	"iter"
	"net/url"
	"slices"

	"github.com/andybalholm/cascadia"
	"github.com/gocolly/colly/v2"
	"golang.org/x/net/html"

	"agora/crawler/discover/pager"
	"agora/crawler/discover/rows"
	"agora/crawler/extract/document"
	"agora/crawler/fetch"
	"agora/crawler/office"
	"agora/index"
)

// Limits of walks over listings.
const (
	emptyListings = 3     // years in a row without rows
	maxStale      = 2     // pages in a row that bring nothing new
	maxControls   = 5_000 // links of a page that are looked at for the next one
	maxGuesses    = 4     // at the next page
)

func listing(ctx context.Context, w Walk) iter.Seq2[Page, error] {
	return walking(ctx, w, emptyListings, (*walker).listing)
}

// listing walks pages that list releases and, where there is no next page, the archives of
// years that the first one links.
func (k *walker) listing(ctx context.Context) error {
	l := &lister{walker: k, source: k.Source}
	if err := l.walk(ctx); err != nil || l.turned || k.confirmed {
		return err
	}
	for _, address := range l.archives {
		if !k.mayAsk(address) {
			continue
		}
		year := &lister{walker: k, source: k.Source}
		year.source.URL, year.source.Page = address, ""
		if err := year.walk(ctx); err != nil && !ended(err) {
			return err
		}
	}
	return nil
}

// lister walks one list from its first page through the next ones.
type lister struct {
	*walker
	source   office.Source
	turned   bool     // a next page brought rows
	follows  bool     // the source's selector has found a next page
	misled   bool     // the source's rule for further pages leads nowhere
	archives []string // of years, as the first page links them
}

// walk hands over the pages. It ends where no next page is found, or where two in a row
// bring nothing new: pagers and calendars can be endless.
func (l *lister) walk(ctx context.Context) error {
	queue, stale := []string{l.source.URL}, 0
	turn, failed := 1, false // pages by the source's rule, and whether the last of them led nowhere
	bodies := map[[sha256.Size]byte]bool{}
	for first := true; len(queue) > 0 && stale < maxStale; {
		address := queue[0]
		queue = queue[1:]
		if !first && !l.mayAsk(address) {
			continue
		}
		templated := !first && address == l.source.PageURL(turn+1)
		if templated {
			turn++
		}
		v, err := l.view(ctx, address)
		if !first && ended(err) {
			stale++
			failed = failed || templated
			continue
		}
		if err != nil {
			return err
		}
		page := Page{Answer: v.answer}
		if v.answer.NotModified() {
			return l.hand(page)
		}
		digest := sha256.Sum256(v.answer.Body)
		repeated := bodies[digest]
		bodies[digest] = true
		fresh := l.take(&page, v.rows, address)
		if failure := l.saysNothing(address, v, page, first); failure != nil {
			return failure
		}
		if first {
			l.archives = v.pager.Archives()
		}
		if fresh == 0 && !first {
			stale++
			failed = failed || templated
			if !repeated {
				queue = append(queue, l.nexts(v, turn+1)...)
			}
			continue
		}
		l.turned, l.misled = l.turned || !first, l.misled || failed && !templated
		stale, failed, first = 0, false, false
		if err := l.hand(page); err != nil {
			return err
		}
		queue = l.nexts(v, turn+1)
	}
	return nil
}

// nexts returns guesses at the page after a view, the best first; number is that of the
// page by the source's rule.
func (l *lister) nexts(v view, number int) []string {
	var guesses []string
	guess := func(address string) {
		if l.mayAsk(address) && pager.InCalendar(address, v.pager.Latest) && !slices.Contains(guesses, address) && len(guesses) < maxGuesses {
			guesses = append(guesses, address)
		}
	}
	if chosen := pager.Resolve(v.pager.Base, v.chosen); chosen != "" {
		l.follows = true
		guess(chosen)
	} else if l.follows {
		return nil // the last page: it has no such link
	}
	guess(pager.Resolve(v.pager.Base, v.data))
	if !l.misled {
		guess(l.source.PageURL(number))
	}
	for _, address := range v.pager.Next() {
		guess(address)
	}
	return guesses
}

// view is a page of a list, looked at.
type view struct {
	answer fetch.Answer
	root   *html.Node
	pager  pager.Page
	rows   []Row
	chosen string // link found by the source's selector of the next page, as written
	data   string // link to the next page in an answer that is data, as written
}

// view gets a page; colly looks for its links and buttons.
func (l *lister) view(ctx context.Context, address string) (v view, err error) {
	parts := []fetch.Selection{{Selector: pager.Selector, Found: func(e *colly.HTMLElement) { v.note(e.DOM.Nodes) }}}
	if l.source.Next != "" {
		parts = append(parts, fetch.Selection{Selector: l.source.Next, Found: func(e *colly.HTMLElement) { v.choose(e.DOM.Nodes) }})
	}
	if v.answer, err = l.get(ctx, address, acceptPage, parts...); err != nil || v.answer.NotModified() {
		return v, err
	}
	text, err := document.Decode(v.answer.Body, v.answer.ContentType)
	if err != nil {
		return v, l.unlike(address, v.answer, err.Error())
	}
	fragment, next, isData := pager.InData(text)
	if isData { // what a "load more" button brings
		text, v.data = fragment, next
	}
	if v.root, _, err = document.Parse(text); err != nil {
		return v, l.unlike(address, v.answer, err.Error())
	}
	v.pager = pager.Page{Address: v.answer.URL, Controls: v.pager.Controls, Rows: map[string]bool{}, May: l.mayAsk, Latest: l.Now.Year() + 1}
	v.pager.Base, _ = url.Parse(v.answer.URL)
	if base := pager.Resolve(v.pager.Base, document.ReadHead(v.root).Base); base != "" {
		v.pager.Base, _ = url.Parse(base)
	}
	if len(v.pager.Controls) == 0 { // colly looks into pages only, not into parts of them
		v.note(cascadia.QueryAll(v.root, controls))
		if q, err := cascadia.ParseGroup(l.source.Next); err == nil && l.source.Next != "" {
			v.choose(cascadia.QueryAll(v.root, q))
		}
	}
	for _, r := range l.reader.Read(v.root, v.pager.Base, l.source) {
		v.rows = append(v.rows, Row{ListingRow: r})
		v.pager.Rows[index.CanonicalURL(r.URL)] = true
	}
	return v, nil
}

var controls = cascadia.MustCompile(pager.Selector)

func (v *view) note(nodes []*html.Node) {
	for _, n := range nodes {
		if len(v.pager.Controls) < maxControls {
			v.pager.Controls = append(v.pager.Controls, pager.Controls(n)...)
		}
	}
}

func (v *view) choose(nodes []*html.Node) {
	for _, n := range nodes {
		v.chosen = cmp.Or(v.chosen, pager.LinkOf(n))
	}
}

// saysNothing says what a page without rows is, nil where it has some or may simply be the
// end of the list.
func (l *lister) saysNothing(address string, v view, page Page, first bool) error {
	if len(page.Rows) > 0 || !first && len(v.rows) > 0 {
		return nil
	}
	failure := l.unlike(address, v.answer, "no rows that lead to pages")
	if failure.Outcome == index.PassMoved && rows.NeedsScripts(v.root) {
		failure.Outcome, failure.Reason = index.PassScripts, "its list is filled by scripts"
	}
	if failure.Outcome == index.PassRefused || failure.Outcome == index.PassUnreachable || first && (page.Passed == 0 || !ended(failure)) {
		return failure
	}
	return nil
}
