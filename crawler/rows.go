package crawler

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"agora/crawler/discover"
	"agora/crawler/fetch"
	"agora/crawler/intake"
	"agora/crawler/keeper"
	"agora/crawler/source"
	"agora/index"
)

// takePage keeps a page of a source with its rows, plans a visit to each address that is
// new or was changed, and tells whether it was a whole page of what is known.
func (p *pass) takePage(ctx context.Context, w *walked, page discover.Page) (known bool, err error) {
	if page.Answer.NotModified() {
		// The server says that nothing changed since the page was known whole.
		w.unchanged = true
		return true, p.keepSource(ctx, page)
	}
	if page.Part == 0 { // further parts of a sitemap are of the same bytes; they date nothing
		if err := p.keepSource(ctx, page); err != nil {
			return false, err
		}
	}
	rows := p.newEnough(page.Rows)
	known, err = p.planRows(ctx, w, rows)
	if err != nil {
		return false, err
	}
	if len(page.Rows) > 0 && len(rows) == 0 && !page.Unordered {
		w.older = true // from here on everything is older than asked for
	}
	return known && len(page.Rows) > 0 && !page.Unordered, nil
}

// newEnough leaves out the rows that --since and --max do not want. A row without a date
// counts as new enough.
func (p *pass) newEnough(rows []discover.Row) []discover.Row {
	if p.options.Since == "" {
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r discover.Row) bool { return r.Date != "" && r.Date < p.options.Since })
}

// planRows compares rows with the frontier. known tells that all of them are known, were
// asked for, and have not changed since.
func (p *pass) planRows(ctx context.Context, w *walked, rows []discover.Row) (known bool, err error) {
	addresses := make([]string, 0, len(rows))
	for _, r := range rows {
		addresses = append(addresses, r.Address)
	}
	visits, err := p.Store.Visits(ctx, p.office.ID, addresses)
	if err != nil {
		return false, err
	}
	for _, address := range addresses {
		if v, waits := p.plan[address]; waits {
			visits[address] = v
		}
	}
	known = true
	plan := len(p.plan)
	dated := map[string]index.Date{} // what the rows say of releases that are held
	for _, r := range rows {
		p.noteRow(w, r)
		v, held := visits[r.Address]
		switch {
		case !held:
			known = false
			if p.enough() || r.Address == "" {
				continue
			}
			if v, err = p.newVisit(ctx, r); err != nil {
				return false, err
			}
			visits[r.Address] = v // the row may come twice
			w.fresh++
			p.planned++
			p.plan[r.Address] = v
		case v.Kind != index.VisitPage:
			continue
		default:
			settled, again := p.settled(v, r)
			known = known && settled
			w.known = w.known || !v.Found.Equal(p.started)
			if again {
				v.Next = p.started
				p.plan[r.Address] = v
			}
		}
		if r.Date != "" && v.ReleaseID != "" {
			dated[v.ReleaseID] = r.Date
		}
	}
	p.show(func(o *OfficeProgress) { o.Found, o.Planned = p.record.Found, o.Planned+len(p.plan)-plan })
	return known, p.dateBy(ctx, dated)
}

// savePlan puts what was planned into the frontier, after the listings that say so: some
// releases are dated only there.
func (p *pass) savePlan(ctx context.Context) error {
	if len(p.plan) == 0 {
		return nil
	}
	if err := p.drain(); err != nil {
		return err
	}
	err := p.Store.SaveVisits(ctx, slices.Collect(maps.Values(p.plan)))
	clear(p.plan)
	return err
}

// newVisit plans to ask for an address that no visit is known of.
func (p *pass) newVisit(ctx context.Context, r discover.Row) (index.Visit, error) {
	id, err := p.heldAt(ctx, r.Address)
	return index.Visit{
		Office: p.office.ID, Address: r.Address, URL: r.URL, Kind: index.VisitPage, ReleaseID: id, Found: p.started, Next: p.started, Backfill: p.backfills(r),
	}, err
}

// lately is how old a date may be of a release that counts as found when it appeared,
// though a full pass found it.
const lately = 48 * time.Hour

// backfills tells whether a row of a full pass is of former times: all are in the first.
func (p *pass) backfills(r discover.Row) bool {
	return p.full && (p.lastSuccess().IsZero() || p.options.Full || r.Date == "" || r.Date < index.DateOf(p.local(p.started.Add(-lately))))
}

// settled tells whether a known address was asked for and has not changed since, and
// whether it has to be asked for again now.
func (p *pass) settled(v index.Visit, r discover.Row) (settled, again bool) {
	switch {
	case v.Last.IsZero():
		return false, v.Next.IsZero() || v.Next.After(p.started)
	case r.Modified.After(v.Last):
		return p.tried[r.Address] > 0, v.Next.IsZero() || v.Next.After(p.started)
	}
	return true, false
}

// noteRow remembers what a row says for the rest of the pass.
func (p *pass) noteRow(w *walked, r discover.Row) {
	w.rows++
	if r.Date > w.newest {
		w.newest = r.Date
	}
	note, again := p.listed[r.Address]
	if !again {
		p.mu.Lock()
		p.record.Found++
		if p.record.From == "" {
			p.record.From = r.Address
		}
		p.record.To = r.Address
		p.mu.Unlock()
	}
	if note.api == "" {
		note.api = r.API
	}
	if note.date == "" {
		note.date = r.Date
	}
	note.at = p.started
	p.listed[r.Address] = note
}

// heldAt returns the office's release at an address, "" where none is held: one that was
// imported has no visit yet.
func (p *pass) heldAt(ctx context.Context, address string) (string, error) {
	id, err := p.Store.Find(ctx, address)
	if errors.Is(err, index.ErrNotFound) || err == nil && !strings.HasPrefix(id, strings.ToLower(p.office.ID)+"-") {
		return "", nil
	}
	return id, err
}

// dateBy reads releases again that have no date of their own, now that a listing dates
// them, or dates them otherwise than before.
func (p *pass) dateBy(ctx context.Context, dates map[string]index.Date) error {
	if len(dates) == 0 {
		return nil
	}
	releases, err := p.Store.Releases(ctx, slices.Sorted(maps.Keys(dates)))
	if err != nil {
		return err
	}
	releases = slices.DeleteFunc(releases, func(r index.Release) bool {
		listed := r.PublishedSource == "listing" || r.PublishedSource == "feed" || r.PublishedSource == "api"
		weighed := func(c index.DateCandidate) bool { return c.Date == dates[r.ID] && c.Source != "page" }
		return r.Published != "" && !listed || slices.ContainsFunc(r.Candidates, weighed)
	})
	if len(releases) > 0 {
		if err := p.drain(); err != nil { // the listing has to be held first
			return err
		}
	}
	for _, r := range releases {
		if err := p.ReadAgain(ctx, r.ID); err != nil {
			p.Logger.Warn("read again with the date of a listing", "release", r.ID, "error", err)
		}
	}
	return nil
}

// keepSource hands a page of a source with its rows to the keeper.
func (p *pass) keepSource(ctx context.Context, page discover.Page) error {
	answer := page.Answer
	if len(answer.Hops) == 0 {
		return nil
	}
	asked := answer.Hops[0].URL
	address := index.CanonicalURL(asked)
	found, err := p.Store.Visits(ctx, p.office.ID, []string{address})
	if err != nil {
		return err
	}
	v, known := found[address]
	if !known {
		v = index.Visit{Office: p.office.ID, Address: address, URL: asked, Kind: index.VisitSource, Found: p.started}
	}
	item := keeper.Item{Exchanges: answer.Hops, Office: p.office.ID}
	doc := documentOf(answer)
	switch {
	case answer.NotModified():
		item.Revisit = revisitOf(answer, v)
		v.Outcome = index.OutcomeNotModified
	case v.Payload != "" && doc.SHA256 == v.SHA256:
		item.Revisit = revisitOf(answer, v)
		v.Outcome = index.OutcomeUnchanged
	default:
		rows := make([]index.ListingRow, len(page.Rows))
		for i, r := range page.Rows {
			rows[i] = r.ListingRow
		}
		item.Outcome = &intake.Outcome{Doc: doc, Office: p.office.ID, Kind: index.PageListing, URL: answer.URL, Rows: rows, Reader: p.ReaderOf(p.office)}
		v.Outcome, v.SHA256, v.Payload, v.Captured = index.OutcomeOK, doc.SHA256, warcDigest(answer), answer.Captured
	}
	v.Last, v.Failures, v.FailingSince = answer.Captured, 0, time.Time{}
	v.ETag, v.LastModified = answer.Header.Get("ETag"), answer.Header.Get("Last-Modified")
	if v.Kind == index.VisitSource {
		item.Visits = []*index.Visit{&v}
	}
	item.Done = func(_ keeper.Item, _ index.Saved, err error) { p.locked(func() { p.note(err) }) }
	p.keep.Keep(item)
	return nil
}

// keepAndWait hands something to the keeper and waits until it is durable.
func (p *pass) keepAndWait(item keeper.Item) error {
	ended := make(chan error, 1)
	item.Urgent = true
	item.Done = func(_ keeper.Item, _ index.Saved, err error) { ended <- err }
	p.keep.Keep(item)
	return <-ended
}

// documentOf makes a document of an answer, as if it had been read back from its WARC
// record.
func documentOf(answer fetch.Answer) source.Document {
	status := answer.Status
	return source.Document{
		Where: answer.URL, URL: answer.URL, Captured: index.Instant(answer.Captured), ContentType: answer.ContentType,
		Status: &status, Body: answer.Body, SHA256: source.Digest(answer.Body),
	}
}
