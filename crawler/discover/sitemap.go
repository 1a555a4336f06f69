package discover

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/url"
	"slices"
	"time"

	"agora/crawler/discover/pager"
	"agora/crawler/discover/sitemaps"
	"agora/crawler/extract/dates"
	"agora/crawler/fetch"
	"agora/index"
)

// Limits of walks over sitemaps. The protocol allows one level of indexes; sites do worse.
const (
	maxSitemaps     = 500
	maxSitemapDepth = 3
	rowsAPart       = 1_000
	emptySitemaps   = 2 // years in a row that may lack one, for offices with one a year
)

func sitemap(ctx context.Context, w Walk) iter.Seq2[Page, error] {
	return walking(ctx, w, emptySitemaps, (*walker).sitemap)
}

// sitemapFile is a sitemap that waits to be read.
type sitemapFile struct {
	address  string
	modified time.Time // by its index; zero where that doesn't say
	depth    int
}

// sitemap walks a sitemap and all that it names. One that fails ends the walk only where
// it is the first, or where the site as a whole fails; else its error comes last.
func (k *walker) sitemap(ctx context.Context) error {
	pending := []sitemapFile{{address: k.Source.URL}}
	handed, failure := false, error(nil)
	for files := 0; len(pending) > 0 && files < maxSitemaps; files++ {
		file := pending[0]
		pending = pending[1:]
		if !k.mayAsk(file.address) {
			continue
		}
		a, err := k.get(ctx, file.address, acceptSitemap)
		if err != nil {
			if files == 0 || !ofOneFile(err) {
				return err
			}
			failure = cmp.Or(failure, err)
			continue
		}
		if a.NotModified() {
			handed = true
			if err := k.hand(Page{Answer: a, Unordered: len(pending) > 0}); err != nil {
				return err
			}
			continue
		}
		content, err := sitemaps.Read(a.Body, a.ContentType)
		if err != nil {
			unlike := k.unlike(file.address, a, err.Error())
			if files == 0 && len(content.Entries) == 0 || unlike.Outcome == index.PassRefused {
				return unlike
			}
			failure = cmp.Or(failure, error(unlike))
		}
		if content.IsIndex {
			if file.depth < maxSitemapDepth {
				pending = append(k.children(content, file, a.URL), pending...)
			}
			continue
		}
		handed = handed || len(content.Entries) > 0
		if err := k.handFile(a, file, content, pending); err != nil {
			return err
		}
	}
	if !handed && failure == nil {
		return &SourceError{Outcome: index.PassMoved, URL: k.Source.URL, Status: 200, Reason: "it names no sitemap with pages"}
	}
	return failure
}

// ofOneFile tells whether an error says something of one file only, not of its site.
func ofOneFile(err error) bool {
	var wrong *SourceError
	if errors.As(err, &wrong) {
		return wrong.Outcome != index.PassRefused
	}
	var failed *fetch.Error
	return errors.As(err, &failed) && slices.Contains([]string{
		index.OutcomeRobots, index.OutcomeTooLarge, index.OutcomeBomb, index.OutcomeCoding, index.OutcomeLoop,
	}, failed.Outcome)
}

// children returns the sitemaps of an index, the most promising first; with Since those
// that were changed after it.
func (k *walker) children(content sitemaps.File, parent sitemapFile, address string) []sitemapFile {
	base, _ := url.Parse(address)
	var files []sitemapFile
	for _, e := range sitemaps.Order(content.Entries) {
		old := !k.Since.IsZero() && !e.Modified.IsZero() && e.Modified.AddDate(0, 0, 1).Before(k.Since) // a day more: most give a day without time
		if location := pager.Resolve(base, e.Location); location != "" && !old && len(files) < maxSitemaps {
			files = append(files, sitemapFile{location, e.Modified, parent.depth + 1})
		}
	}
	return files
}

// handFile hands over the rows of a sitemap, newest first and in parts. Those that say
// nothing of their age come first and in one part, so that nobody stops before a new one.
func (k *walker) handFile(a fetch.Answer, file sitemapFile, content sitemaps.File, pending []sitemapFile) error {
	rows := k.sitemapRows(a.URL, content)
	slices.SortStableFunc(rows, func(x, y Row) int {
		switch a, b := age(x), age(y); {
		case a.IsZero() && !b.IsZero():
			return -1
		case b.IsZero() && !a.IsZero():
			return 1
		default:
			return b.Compare(a)
		}
	})
	size := rowsAPart
	if undated := slices.IndexFunc(rows, func(r Row) bool { return !age(r).IsZero() }); undated < 0 {
		size = len(rows)
	} else {
		size = max(size, undated)
	}
	for part := 0; part == 0 || len(rows) > 0; part++ {
		size = min(size, len(rows))
		page := Page{Answer: a, Part: part}
		var last time.Time
		if size > 0 {
			last = age(rows[size-1])
		}
		page.Unordered = slices.ContainsFunc(pending, func(f sitemapFile) bool { return f.modified.IsZero() || f.modified.After(last) })
		k.take(&page, rows[:size], file.address)
		rows, size = rows[size:], rowsAPart
		if err := k.hand(page); err != nil {
			return err
		}
	}
	return nil
}

// age returns when a row was changed or published last, zero where it doesn't say.
func age(r Row) time.Time {
	if !r.Modified.IsZero() {
		return r.Modified
	}
	day, err := time.Parse(time.DateOnly, string(r.Date))
	if err != nil {
		return time.Time{}
	}
	return day
}

// sitemapRows makes rows of the entries of a sitemap. When a page was changed last is no
// date of publication.
func (k *walker) sitemapRows(address string, content sitemaps.File) []Row {
	base, _ := url.Parse(address)
	rows := make([]Row, 0, len(content.Entries))
	for _, e := range content.Entries {
		location := pager.Resolve(base, e.Location)
		if location == "" {
			continue
		}
		r := Row{ListingRow: index.ListingRow{URL: location, Source: "sitemap"}, Modified: e.Modified}
		if e.Published != "" || e.Title != "" {
			found, _ := dates.Machine(e.Published, k.Office.Location())
			r.Source, r.Title, r.AsWritten, r.Date = "news-sitemap", e.Title, e.Published, found.Day
		}
		rows = append(rows, r)
	}
	return rows
}
