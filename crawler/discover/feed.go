package discover

import (
	"cmp"
	"context"
	"iter"
	"net/url"
	"strconv"

	"agora/crawler/discover/feeds"
	"agora/crawler/discover/pager"
	"agora/index"
)

// emptyFeeds is how many years in a row may lack a feed, for offices with one a year.
const emptyFeeds = 2

func feed(ctx context.Context, w Walk) iter.Seq2[Page, error] {
	return walking(ctx, w, emptyFeeds, (*walker).feed)
}

// feed walks a feed and, where it has them, its older pages.
func (k *walker) feed(ctx context.Context) error {
	address := k.Source.URL
	for n := 1; k.mayAsk(address); n++ {
		a, err := k.get(ctx, address, acceptFeed)
		if n > 1 && ended(err) {
			return nil
		}
		if err != nil {
			return err
		}
		page := Page{Answer: a}
		if a.NotModified() {
			return k.hand(page)
		}
		f, err := feeds.Read(a.Body, a.ContentType, k.Office.Location())
		if err != nil {
			failure := k.unlike(address, a, "it is no feed: "+err.Error())
			if n > 1 && ended(failure) {
				return nil
			}
			return failure
		}
		base, _ := url.Parse(a.URL)
		if fresh := k.take(&page, k.feedRows(f, base), address); n > 1 && fresh == 0 {
			return nil // none left, or the site doesn't know of further pages
		}
		if err := k.hand(page); err != nil {
			return err
		}
		address = cmp.Or(pager.Resolve(base, f.Next), k.Source.PageURL(n+1))
		if address == "" && f.WordPress && len(f.Items) > 0 {
			address = withParameter(k.Source.URL, "paged", strconv.Itoa(n+1))
		}
	}
	return nil
}

// feedRows makes rows of the items of a feed.
func (k *walker) feedRows(f feeds.Feed, base *url.URL) []Row {
	home := pager.Resolve(base, f.Home)
	k.scope.add(home)
	var rows []Row
	for _, item := range f.Items {
		link := pager.Resolve(base, item.Link)
		permanent := pager.Resolve(nil, item.Permanent)
		tracked := permanent != "" && k.scope.owns(permanent) && !k.scope.owns(link)
		switch {
		case item.Origin != "":
			link = cmp.Or(pager.Resolve(base, item.Origin), link)
		case link == "" || tracked:
			link = cmp.Or(permanent, link)
		}
		if link == "" {
			continue
		}
		rows = append(rows, Row{
			ListingRow: index.ListingRow{URL: link, Title: item.Title, AsWritten: item.Published, Date: item.Day, Source: "feed"},
			Modified:   item.Updated,
		})
	}
	return rows
}
