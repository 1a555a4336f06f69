package discover

import (
	"cmp"
	"context"
	"iter"
	"net/url"

	"agora/crawler/discover/pager"
	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
	blocks "agora/crawler/extract/listing"
	"agora/crawler/office"
)

// emptyData is how many years in a row may lack their file.
const emptyData = 2

func data(ctx context.Context, w Walk) iter.Seq2[Page, error] {
	return walking(ctx, w, emptyData, (*walker).data)
}

// data walks a list of releases that a site keeps as data for its own pages, and the
// further pages that its rule or the list itself names.
func (k *walker) data(ctx context.Context) error {
	rules := k.Office
	rules.Sources = []office.Source{withMembers(k.Source)}
	address := k.Source.URL
	for n := 1; k.mayAsk(address); n++ {
		a, err := k.get(ctx, address, acceptData)
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
		text, err := document.Decode(a.Body, a.ContentType)
		if err != nil {
			return k.unlike(address, a, err.Error())
		}
		base, _ := url.Parse(address)
		list, _ := blocks.Data(text, base, rules)
		rows := make([]Row, len(list))
		for i, r := range list {
			if r.Date == "" {
				found, _ := dates.Machine(r.AsWritten, k.Office.Location())
				r.Date = found.Day
			}
			r.Source = cmp.Or(r.Source, "listing")
			rows[i].ListingRow = r
		}
		if fresh := k.take(&page, rows, address); fresh == 0 {
			if failure := k.unlike(address, a, "no entries that lead to pages"); n == 1 || !ended(failure) {
				return failure
			}
			return nil
		}
		var next string
		next, page.Total = pager.Around(text)
		if err := k.hand(page); err != nil {
			return err
		}
		address = cmp.Or(pager.Resolve(base, next), k.Source.PageURL(n+1))
	}
	return nil
}

// withMembers returns a source that says where an entry's link, title and date are: under
// the usual names where the catalogue doesn't say.
func withMembers(s office.Source) office.Source {
	s.Link = cmp.Or(s.Link, "link|url|href|permalink|newsurl|pageurl|path|file")
	s.Title = cmp.Or(s.Title, "title|headline|name|newstitle|pagetitle|title.rendered")
	s.Date = cmp.Or(s.Date, "date|published|publishdate|publisheddate|releasedate|newsdate|pubdate|date_published|created")
	return s
}
