package discover

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"agora/crawler/discover/posts"
	"agora/crawler/extract/dates"
	"agora/crawler/fetch"
	"agora/index"
)

func wordpress(ctx context.Context, w Walk) iter.Seq2[Page, error] {
	return walking(ctx, w, emptyFeeds, (*walker).wordpress)
}

// route is one way to items of the interface: those of a kind, all or only what is newer
// or was changed since a time.
type route struct {
	address string
	filter  string // a parameter that leaves out what is older; "" for all items
	form    int    // which of the forms of a question the site accepts
	page    int    // asked for last
	total   int    // items that the site says it has
	oldest  string // date of the last item
	done    bool
}

// wordpress walks the items of a route of the interface; where the site has no such route,
// the kinds of post of its own that look like releases. With Since it asks for what is newer and for what was changed: a post that was
// written first and published later doesn't count as changed when it appears.
func (k *walker) wordpress(ctx context.Context) error {
	routes := k.routes(k.Source.URL)
	for first := true; ; first = false {
		r := next(routes)
		if r == nil {
			return nil
		}
		page, err := k.items(ctx, r)
		if first && isNoRoute(err) {
			if routes = k.otherTypes(ctx); len(routes) == 0 {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		page.Unordered = slices.ContainsFunc(routes, func(other *route) bool {
			return other != r && !other.done && (other.page == 0 || other.oldest > r.oldest)
		})
		for _, other := range routes {
			page.Total += other.total
		}
		if first || len(page.Rows)+page.Passed > 0 {
			if err := k.hand(page); err != nil {
				return err
			}
		}
		if k.confirmed {
			return nil
		}
	}
}

// routes are the questions for the items at an address. With Since they reach a day
// further back: some versions compare it with the local time of the site.
func (k *walker) routes(address string) []*route {
	if k.Since.IsZero() {
		return []*route{{address: address}}
	}
	since := "=" + k.Since.UTC().AddDate(0, 0, -1).Format("2006-01-02T15:04:05Z")
	return []*route{{address: address, filter: "after" + since}, {address: address, filter: "modified_after" + since}}
}

// next chooses where to go on: at a route that was never asked, else where the items are
// newest.
func next(routes []*route) *route {
	var best *route
	for _, r := range routes {
		switch {
		case r.done:
		case r.page == 0:
			return r
		case best == nil || r.oldest > best.oldest:
			best = r
		}
	}
	return best
}

// forms are ways to ask for a page, the best first: some sites refuse large pages, some
// parameters that they don't know.
func (r *route) forms() [3]string {
	number := "page=" + strconv.Itoa(r.page)
	var forms [3]string
	for i, parameters := range [...][]string{
		{"per_page=100", number, "orderby=date", "order=desc", "_fields=" + posts.Fields, r.filter},
		{"per_page=10", number, "orderby=date", "order=desc", "_fields=" + posts.Fields, r.filter},
		{number},
	} {
		forms[i] = r.address
		for _, p := range parameters {
			if name, value, found := strings.Cut(p, "="); found {
				forms[i] = withParameter(forms[i], name, value)
			}
		}
	}
	return forms
}

// items asks for the next page of a route and makes rows of it.
func (k *walker) items(ctx context.Context, r *route) (page Page, err error) {
	r.page++
	forms := r.forms()
	var a fetch.Answer
	for {
		if a, err = k.get(ctx, forms[r.form], acceptData); a.Status != http.StatusBadRequest || r.page > 1 || r.form == len(forms)-1 {
			break
		}
		r.form++
	}
	page.Answer = a
	if r.page > 1 && ended(err) { // 400 rest_post_invalid_page_number
		r.done = true
		return page, nil
	}
	if err != nil {
		return page, withRefusal(err, a)
	}
	if a.NotModified() {
		r.done = true
		return page, nil
	}
	items, err := posts.Read(a.Body)
	if err != nil {
		return page, k.unlike(forms[r.form], a, "it is no list of items: "+err.Error())
	}
	var rows []Row
	for _, item := range items {
		if !item.Published() {
			page.Passed++
			continue
		}
		rows = append(rows, itemRow(item, r.address))
		r.oldest = item.Date
	}
	fresh := k.take(&page, rows, forms[r.form])
	pages, _ := strconv.Atoi(a.Header.Get("X-WP-TotalPages"))
	r.done = len(items) == 0 || pages > 0 && r.page >= pages || r.page > 1 && fresh == 0 || k.pages >= maxPages
	if total, err := strconv.Atoi(a.Header.Get("X-WP-Total")); err == nil && total > 0 && r.filter == "" {
		r.total = total
	}
	return page, nil
}

// itemRow makes a row of an item.
func itemRow(item posts.Item, address string) Row {
	r := Row{ListingRow: index.ListingRow{URL: item.Link, Title: string(item.Title), AsWritten: item.Date, Source: "api"}, Modified: item.Changed()}
	if found, ok := dates.Machine(item.Date, nil); ok && found.Precision == dates.Day {
		r.Date = found.Day
	}
	if item.ID > 0 {
		r.API = posts.ItemRoute(address, item.ID)
	}
	return r
}

// withRefusal adds to an error what the interface says about it.
func withRefusal(err error, a fetch.Answer) error {
	var wrong *SourceError
	if said, ok := posts.ReadRefusal(a.Body); ok && errors.As(err, &wrong) {
		wrong.Reason = cut(fmt.Sprintf("%s: %s (%s)", wrong.Reason, said.Message, said.Code), maxTitle)
	}
	return err
}

// isNoRoute tells whether the interface answered that it has no such route.
func isNoRoute(err error) bool {
	var wrong *SourceError
	return errors.As(err, &wrong) && wrong.Status == http.StatusNotFound && strings.HasSuffix(wrong.Reason, "("+posts.NoRoute+")")
}

// otherTypes asks which kinds of post the site has and returns the routes of those that
// look like releases. A site that doesn't say has none.
func (k *walker) otherTypes(ctx context.Context) []*route {
	a, err := k.get(ctx, posts.Beside(k.Source.URL, "types"), acceptData)
	if err != nil {
		return nil
	}
	var routes []*route
	for _, name := range posts.ReleaseTypes(a.Body) {
		if address := posts.Beside(k.Source.URL, name); !k.asked[index.CanonicalURL(address)] {
			routes = append(routes, k.routes(address)...)
		}
	}
	return routes
}
