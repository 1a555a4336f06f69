package discover

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"agora/crawler/discover/pager"
	"agora/crawler/discover/rows"
	"agora/crawler/extract"
	"agora/crawler/extract/refusal"
	"agora/crawler/fetch"
	"agora/crawler/office"
	"agora/index"
)

// Limits of every walk. One that reaches them ends as if the source ended there.
const (
	maxPages     = 5_000 // a listing of 5 rows a page and 25,000 releases
	maxRows      = 200_000
	maxTitle     = 1_000 // bytes
	maxAsWritten = 120
)

// What is asked for, by the kind of answer.
const (
	acceptPage    = "text/html, application/xhtml+xml, */*;q=0.5"
	acceptFeed    = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
	acceptSitemap = "application/xml, text/xml, text/plain;q=0.8, */*;q=0.5"
	acceptData    = "application/json, */*;q=0.5"
)

// errStopped ends a walk whose consumer wants no more.
var errStopped = errors.New("the consumer stopped")

// walker is the state of one walk, whatever the strategy.
type walker struct {
	Walk
	scope     scope
	yield     func(Page, error) bool
	asked     map[string]bool // canonical addresses of pages
	seen      map[string]bool // canonical addresses of rows, those that don't count too
	position  int
	confirmed bool // the first page was answered with 304
	pages     int
	reader    rows.Reader // of listings
}

// walking turns a strategy into a sequence; what the strategy returns is yielded last. A
// source with a page for each year or month is walked from now back, until emptyYears in
// a row (or emptyMonths) have nothing.
func walking(ctx context.Context, w Walk, emptyYears int, walk func(*walker, context.Context) error) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		k := &walker{Walk: w, scope: newScope(w.Office, w.Source), yield: yield, asked: map[string]bool{}, seen: map[string]bool{}}
		if k.scope.rule != nil {
			k.reader.Matches = k.scope.matches
		}
		var err error
		if strings.Contains(w.Source.URL, "{year}") || strings.Contains(w.Source.URL, "{month}") {
			err = k.archives(ctx, emptyYears, walk)
		} else {
			err = walk(k, ctx)
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(Page{}, err)
		}
	}
}

// emptyMonths is how many months in a row may be empty: a year and a half.
const emptyMonths = 18

// archives walks the years, or months, for which the source's address has placeholders. One
// that isn't there is empty.
func (k *walker) archives(ctx context.Context, most int, walk func(*walker, context.Context) error) error {
	source := k.Source
	years, months := -1, 0
	if strings.Contains(source.URL, "{month}") {
		years, months, most = 0, -1, emptyMonths
	}
	now := k.Now.In(k.Office.Location())
	at := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	var failure error
	for empty := 0; empty < most && at.Year() >= pager.EarliestYear && k.pages < maxPages && !k.confirmed; at = at.AddDate(years, months, 0) {
		before := k.position
		k.Source = filled(source, at)
		err := walk(k, ctx)
		if err != nil && !ended(err) {
			return err
		}
		failure = cmp.Or(failure, err)
		if empty++; k.position > before {
			empty = 0
		}
	}
	if k.position > 0 || k.confirmed {
		return nil
	}
	return failure
}

// filled returns a source for one month.
func filled(s office.Source, at time.Time) office.Source {
	placeholders := strings.NewReplacer("{year}", fmt.Sprintf("%04d", at.Year()), "{month}", fmt.Sprintf("%02d", int(at.Month())))
	s.URL, s.Page = placeholders.Replace(s.URL), placeholders.Replace(s.Page)
	return s
}

// mayAsk tells whether a page that a source names may be asked for: it is on the office's
// hosts and was not asked for in this walk.
func (k *walker) mayAsk(address string) bool {
	return len(address) <= maxAddress && k.scope.owns(address) && !k.asked[index.CanonicalURL(address)] && k.pages < maxPages
}

// get asks for a page of the source. Statuses that give no page are SourceErrors.
func (k *walker) get(ctx context.Context, address, accept string, parts ...fetch.Selection) (fetch.Answer, error) {
	if err := ctx.Err(); err != nil {
		return fetch.Answer{}, err
	}
	k.asked[index.CanonicalURL(address)] = true
	k.pages++
	a, err := k.Get(ctx, fetch.Request{URL: address, Accept: accept, Select: parts})
	if err != nil {
		return a, err
	}
	a.URL = cmp.Or(a.URL, address)
	k.asked[index.CanonicalURL(a.URL)] = true
	good := a.Status >= 200 && a.Status < 300
	if a.NotModified() || good && len(a.Body) > 0 {
		if k.pages == 1 {
			k.confirmed = a.NotModified()
			k.scope.add(a.URL) // where the source itself leads is the office's
		}
		return a, nil
	}
	if good {
		return a, k.unlike(address, a, "its answer is empty")
	}
	e := k.unlike(address, a, strings.TrimSpace(fmt.Sprintf("it answers %d %s", a.Status, http.StatusText(a.Status))))
	switch s := a.Status; {
	case slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotAcceptable, http.StatusTooManyRequests, http.StatusUnavailableForLegalReasons}, s):
		e.Outcome = index.PassRefused
	case s == http.StatusRequestTimeout || s >= 500 && e.Outcome != index.PassRefused:
		e.Outcome = index.PassUnreachable
	case s < 500:
		e.Outcome = index.PassMoved
	}
	return a, e
}

// unlike says what an answer is that is no page of the source's kind: a refusal, a site
// that is down, a shell for scripts, or something else in its place.
func (k *walker) unlike(address string, a fetch.Answer, reason string) *SourceError {
	e := &SourceError{Outcome: index.PassMoved, URL: address, Status: a.Status, Reason: reason}
	in := extract.Input{Body: a.Body, ContentType: a.ContentType, URL: a.URL, Captured: a.Captured, Office: k.Office}
	if a.URL != address {
		in.Asked = address
	}
	read, err := extract.Read(in)
	if err != nil || read.Kind != index.PageBlock {
		return e
	}
	switch read.Refusal {
	case refusal.Wall, refusal.Consent:
		e.Outcome = index.PassRefused
	case refusal.Maintenance, refusal.Error:
		e.Outcome = index.PassUnreachable
	case refusal.Scripts:
		e.Outcome = index.PassScripts
	}
	e.Reason += "; what came: " + read.Why
	return e
}

// ended tells whether an error says that there is no further page: beyond the last one
// sites answer that it isn't there, or with some other page.
func ended(err error) bool {
	var e *SourceError
	return errors.As(err, &e) && e.Outcome == index.PassMoved
}

// hand hands a page over.
func (k *walker) hand(page Page) error {
	if !k.yield(page, nil) {
		return errStopped
	}
	return nil
}

// take adds rows to a page, those that count and were not in this walk before, and says
// how many the walk had not seen. listing is the address that was asked for.
func (k *walker) take(page *Page, found []Row, listing string) (fresh int) {
	for _, r := range found {
		r.URL = strings.TrimSpace(r.URL)
		r.Address = index.CanonicalURL(r.URL)
		if k.seen[r.Address] || len(k.seen) >= maxRows {
			continue
		}
		k.seen[r.Address] = true
		fresh++
		if k.asked[r.Address] || !k.scope.counts(r.URL) {
			page.Passed++
			continue
		}
		r.Office, r.Listing, r.Captured, r.Position = k.Office.ID, listing, page.Answer.Captured, k.position
		r.Title, r.AsWritten = plainTitle(r.Title), cut(strings.TrimSpace(r.AsWritten), maxAsWritten)
		k.position++
		page.Rows = append(page.Rows, r)
	}
	return fresh
}
