// Package discover finds out which addresses an office publishes: it walks the sources of
// the catalogue (feeds, sitemaps, WordPress interfaces, listing pages, data files) from the
// newest item back, page by page, for as long as it is asked to.
//
// It does not decide when to stop, fetches no release, and knows no store.
package discover

import (
	"context"
	"fmt"
	"iter"
	"time"

	"agora/crawler/fetch"
	"agora/crawler/office"
	"agora/index"
)

// Walk is one walk over one source.
type Walk struct {
	Office office.Office
	Source office.Source
	Since  time.Time // only what changed after it, where the source can be asked so; zero: everything
	Now    time.Time // for sources with a page for each year or month
	Get    func(ctx context.Context, r fetch.Request) (fetch.Answer, error)
}

// Row is an item of a source.
type Row struct {
	index.ListingRow
	Modified time.Time // when the site says that the item changed last; zero where it doesn't say. Never a date of publication.
	API      string    // address of the item alone in the site's interface; "" where there is none
}

// Page is one answered page of a source with its rows, in the source's order.
type Page struct {
	Answer fetch.Answer // the evidence
	Rows   []Row        // those that count by the source's match rule and were not in this walk before
	Passed int          // rows that the match rule left out
	Total  int          // items that the source says it has; 0 where it doesn't say
	Part   int          // from 0: an answer of very many rows comes in parts, each with the same Answer

	// Unordered says that something newer may come later in the walk: that all rows of
	// this page are known says nothing of the rest.
	Unordered bool
}

// Strategy walks a source from its newest item back and yields its pages. The walk ends
// where the source does, where the consumer stops, or after an error: one that wraps a
// *fetch.Error, or a *SourceError. What was yielded before it holds.
type Strategy func(ctx context.Context, w Walk) iter.Seq2[Page, error]

// SourceError says that a source answered, but not as a source of its kind does.
type SourceError struct {
	Outcome string // index.PassMoved, PassScripts, PassRefused or PassUnreachable
	URL     string
	Status  int
	Reason  string // in words: "no rows that lead to pages"
}

// Error says which source and why.
func (e *SourceError) Error() string { return fmt.Sprintf("source %s: %s", e.URL, e.Reason) }

// For returns the strategy for a kind of source; nil for an unknown one, which the
// catalogue refuses.
func For(kind string) Strategy {
	switch kind {
	case office.WordPress:
		return wordpress
	case office.Feed:
		return feed
	case office.Sitemap:
		return sitemap
	case office.Listing:
		return listing
	case office.Data:
		return data
	}
	return nil
}
