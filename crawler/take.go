package crawler

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/crawler/extract"
	"agora/crawler/extract/listing"
	"agora/crawler/intake"
	"agora/crawler/keeper"
	"agora/crawler/outcomes"
	"agora/index"
)

// doubt is a reading that can't be taken for what it seems without a further look.
type doubt struct {
	asked
	outcome   intake.Outcome
	shortened bool // known page with much less text than before
	led       bool // a release's page led to another address
}

// took sorts a page by what it was read as.
func (p *pass) took(ctx context.Context, a asked, o intake.Outcome) error {
	switch {
	case o.Err != nil:
		p.keepOther(a, o, index.OutcomeUnread, o.Err.Error())
	case o.Kind == index.PageRelease && o.Office != p.office.ID:
		p.keepOther(a, o, index.OutcomeNoPage, "the page is "+o.Office+"’s")
	case o.Kind == index.PageRelease:
		return p.tookRelease(ctx, a, o)
	case o.Kind == index.PageBlock:
		outcome := index.OutcomeBlocked
		switch o.Refusal {
		case extract.RefusalNotFound, extract.RefusalMoved:
			outcome = index.OutcomeSoft404
		case extract.RefusalHome:
			outcome = index.OutcomeRedirect
		}
		p.keepOther(a, o, outcome, o.Why)
	case a.visit.ReleaseID != "" && !a.viaAPI && p.elsewhere(a):
		p.keepOther(a, o, index.OutcomeRedirect, "led to "+a.answer.URL+" ("+o.Why+")")
	default:
		p.keepOther(a, o, index.OutcomeNoPage, o.Why)
	}
	return nil
}

// elsewhere tells whether an answer came from another page than the one asked for: the
// home page, a listing, anything behind a redirect.
func (p *pass) elsewhere(a asked) bool {
	final := index.CanonicalURL(a.answer.URL)
	if final == index.CanonicalURL(p.office.Home) {
		return true
	}
	for _, s := range p.office.Sources {
		if listing.Matches(s.URL, a.answer.URL) {
			return true
		}
	}
	return final != a.visit.Address
}

// tookRelease finds out which release a page is, and whether it may be taken as it is.
func (p *pass) tookRelease(ctx context.Context, a asked, o intake.Outcome) error {
	final := index.CanonicalURL(a.answer.URL)
	if a.viaAPI {
		// The item stays where it is when its page gets another address.
		o.Addresses = append(o.Addresses, a.visit.Address, final)
		final = a.visit.Address
	}
	if final != a.visit.Address {
		o.Addresses = append(o.Addresses, a.visit.Address)
	}
	if api := p.listed[a.visit.Address].api; api != "" {
		o.Addresses = append(o.Addresses, index.CanonicalURL(api)) // it stays when the page's address changes
	}
	if canonical := index.CanonicalURL(o.Canonical); o.Canonical != "" && !p.listed[canonical].at.IsZero() && !slices.Contains(o.Addresses, canonical) {
		o.Addresses = append(o.Addresses, canonical) // the office lists the page under that address
	}
	d := doubt{asked: a, outcome: o}
	doubtful := false
	if a.known != nil {
		d.led, d.shortened = final != a.visit.Address, len(o.Reading.Text)*3 < len(a.known.Text)
		doubtful = d.led || d.shortened
	} else {
		twins, err := p.twins(ctx, o)
		if err != nil {
			return err
		}
		p.mu.Lock()
		first, again := p.words[o.Reading.Fingerprint]
		if !again {
			p.words[o.Reading.Fingerprint] = a.visit.Address
		}
		p.mu.Unlock()
		doubtful = len(twins) > 0 || again && first != a.visit.Address
	}
	if doubtful {
		p.locked(func() { p.doubts = append(p.doubts, d) })
		return nil
	}
	p.keepRelease(a, o)
	return nil
}

// twins returns the releases with the very words of a page that is not known yet.
func (p *pass) twins(ctx context.Context, o intake.Outcome) ([]string, error) {
	for _, address := range o.Addresses {
		if id, err := p.heldAt(ctx, address); id != "" || err != nil {
			return nil, err
		}
	}
	return p.Store.SameWords(ctx, p.office.ID, o.Reading.Fingerprint)
}

// settleDoubts decides what waited until a chunk of pages was read.
func (p *pass) settleDoubts(ctx context.Context) error {
	doubts := p.doubts
	p.doubts = nil
	var shortened []doubt
	for _, d := range doubts {
		var err error
		switch {
		case d.led:
			err = p.settleLed(ctx, d)
		case d.shortened:
			shortened = append(shortened, d)
		default:
			err = p.settleTwin(ctx, d)
		}
		if err != nil {
			return err
		}
	}
	p.settleShortened(shortened)
	return p.drain()
}

// settleLed decides whether a release moved to where its page led: not where another
// release is, and not where other words stand under another title. Those that lead to one
// page are looked at one after another, so that the second finds the first there.
func (p *pass) settleLed(ctx context.Context, d doubt) error {
	other, err := p.heldAt(ctx, index.CanonicalURL(d.answer.URL))
	if err != nil {
		return err
	}
	same := strings.EqualFold(d.outcome.Reading.Title, d.known.Title) || d.outcome.Reading.Text == d.known.Text
	if other != "" && other != d.known.ID || other == "" && !same {
		p.keepOther(d.asked, d.outcome, index.OutcomeRedirect, "led to another page, "+d.answer.URL)
	} else {
		p.keepRelease(d.asked, d.outcome)
	}
	return p.drain()
}

// settleTwin decides whether a page with a release's very words is that release at a new
// address: it is where the old address does not show it any more.
func (p *pass) settleTwin(ctx context.Context, d doubt) error {
	twins, err := p.twins(ctx, d.outcome) // again: one may have been saved meanwhile
	if err != nil {
		return err
	}
	for _, id := range twins {
		twin, err := p.Store.Release(ctx, id)
		if err != nil {
			return err
		}
		if twin.URL == "" {
			continue
		}
		old := index.CanonicalURL(string(twin.URL))
		visits, err := p.Store.Visits(ctx, p.office.ID, []string{old})
		if err != nil {
			return err
		}
		v, asked := visits[old]
		if !asked {
			v = index.Visit{Office: p.office.ID, Address: old, URL: string(twin.URL), Kind: index.VisitPage, ReleaseID: id, Found: p.started}
		}
		if samePath(old, d.outcome.Addresses) {
			d.outcome.Addresses = append(d.outcome.Addresses, old)
			break
		}
		if p.tried[old] == 0 && twin.Presence.State == "live" {
			gone, err := p.left(ctx, v, d)
			if err != nil {
				return err
			}
			if !gone {
				continue
			}
		} else if !outcomes.Absent(v.Outcome) {
			continue
		} else if v.Next = (time.Time{}); asked {
			if err := p.Store.SaveVisits(ctx, []index.Visit{v}); err != nil { // not asked for there any more
				return err
			}
		}
		d.outcome.Addresses = append(d.outcome.Addresses, old)
		d.known = &twin
		p.moved[id] = true
		break
	}
	p.keepRelease(d.asked, d.outcome)
	return p.drain()
}

// samePath tells whether an address differs from one of others by its parameters alone:
// the same words there are the same page.
func samePath(address string, others []string) bool {
	path, _, asked := strings.Cut(address, "?")
	return slices.ContainsFunc(others, func(other string) bool {
		otherPath, _, alsoAsked := strings.Cut(other, "?")
		return path == otherPath && (asked || alsoAsked)
	})
}

// left asks whether a release left its old address for that of d.
func (p *pass) left(ctx context.Context, v index.Visit, d doubt) (bool, error) {
	p.tried[v.Address]++
	answer, err := p.Web.Get(ctx, pageRequest(v))
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		return false, nil //nolint:nilerr // no answer says nothing of the page
	}
	outcome := p.absence(ctx, asked{visit: v, answer: answer}, d.answer.URL)
	if outcome == "" {
		return false, p.keepAndWait(keeper.Item{Exchanges: answer.Hops, Office: p.office.ID})
	}
	v.Last, v.Next, v.Outcome = index.Instant(answer.Captured), time.Time{}, outcome
	return true, p.keepAndWait(keeper.Item{Exchanges: answer.Hops, Office: p.office.ID, Visits: []*index.Visit{&v}})
}

// absence says how an answer shows that a page is not there, or led to an address; "" where
// it doesn't.
func (p *pass) absence(ctx context.Context, a asked, led string) string {
	switch {
	case a.answer.Status == http.StatusNotFound || a.answer.Status == http.StatusGone:
		return strconv.Itoa(a.answer.Status)
	case index.CanonicalURL(a.answer.URL) == index.CanonicalURL(led):
		return index.OutcomeRedirect
	case !whole(a.answer.Status):
		return ""
	}
	doc := documentOf(a.answer)
	if a.visit.URL != doc.URL {
		doc.Asked = a.visit.URL
	}
	o := intake.Safely(func() intake.Outcome { return p.Read(ctx, doc, p.office.ID) }, doc)
	switch {
	case o.Kind == index.PageBlock && o.Refusal.OfPage():
		return index.OutcomeSoft404
	case o.Kind != index.PageBlock && o.Kind != index.PageRelease && p.elsewhere(a):
		return index.OutcomeRedirect
	}
	return ""
}

// manyShortened is how many known pages of a chunk may lose most of their text before
// that is taken for a fault of the site or the reader, not for edits.
const manyShortened = 5

// settleShortened takes shortened pages for edits where they are few. Where they are many
// their bytes are kept and no version begins: what was read may be a changed page frame.
func (p *pass) settleShortened(doubts []doubt) {
	p.locked(func() { p.record.Fill.Shortened += len(doubts) })
	for _, d := range doubts {
		if p.record.Fill.Shortened < manyShortened {
			p.keepRelease(d.asked, d.outcome)
			continue
		}
		d.outcome.Kind = index.PageOther
		p.keepOther(d.asked, d.outcome, index.OutcomeUnread, fmt.Sprintf("%d bytes of text where there were %d, as on other pages of the site", len(d.outcome.Reading.Text), len(d.known.Text)))
	}
}

// keepRelease saves a page as a release.
func (p *pass) keepRelease(a asked, o intake.Outcome) {
	v := a.visit
	digest := warcDigest(a.answer)
	v.SHA256, v.Payload, v.Captured = o.Doc.SHA256, digest, a.answer.Captured
	if a.known == nil {
		a.known = &index.Release{Summary: index.Summary{
			Published: o.Reading.Published, FirstSeen: v.Found, Backfill: v.Backfill, Version: 1, Presence: index.Presence{State: "live"},
		}}
	}
	p.settle(&v, index.OutcomeOK, a)
	visits := []*index.Visit{&v}
	if final := index.CanonicalURL(a.answer.URL); final != v.Address && !a.viaAPI {
		// From now on the page is asked for where it was found.
		moved := v
		moved.Address, moved.URL = final, a.answer.URL
		v.Next = time.Time{}
		visits = append(visits, &moved)
	}
	item := keeper.Item{Exchanges: a.answer.Hops, Outcome: &o, Office: p.office.ID, Backfill: v.Backfill, Visits: visits}
	if note := p.listed[v.Address]; !note.at.IsZero() {
		item.Listed = &note.at
	}
	item.Done = func(_ keeper.Item, saved index.Saved, err error) {
		p.locked(func() { p.saved(a, o, saved, err) })
	}
	p.keep.Keep(item)
}

// saved counts what became of a release page; the caller holds the lock.
func (p *pass) saved(a asked, o intake.Outcome, saved index.Saved, err error) {
	p.ended(a.visit, index.OutcomeOK)
	p.came++
	if err != nil {
		p.failure(a.visit, nil, index.OutcomeUnread, err.Error())
		return
	}
	delete(p.failures, a.visit.Address)
	switch saved.Change {
	case index.ChangeNew:
		p.result.New++
	case index.ChangeEdited:
		p.result.Edited++
	default:
		p.result.Unchanged++
	}
	p.found(a.known)
	fill := &p.record.Fill
	fill.Pages++
	fill.Text += len(o.Reading.Text)
	if o.Reading.Published != "" {
		fill.Dated++
	}
	if o.Reading.Title != "" {
		fill.Titled++
	}
	for _, attachment := range o.Reading.Attachments {
		if !strings.HasPrefix(attachment.URL, "http") {
			continue
		}
		p.linked = append(p.linked, index.Visit{
			Office: p.office.ID, Address: index.CanonicalURL(attachment.URL), URL: attachment.URL, Kind: index.VisitAttachment,
			ReleaseID: saved.ReleaseID, Found: p.started, Next: p.started, Backfill: a.visit.Backfill,
		})
	}
}

// keepOther keeps the bytes of a page that is no release, as evidence.
func (p *pass) keepOther(a asked, o intake.Outcome, outcome, reason string) {
	v := a.visit
	if o.Kind == "" || o.Kind == index.PageRelease || o.Kind == index.PageListing {
		o.Kind = index.PageOther // of a release that is not this one's; rows count only from sources
	}
	p.settle(&v, outcome, a)
	item := keeper.Item{Exchanges: a.answer.Hops, Outcome: &o, Office: p.office.ID, Visits: []*index.Visit{&v}}
	item.Done = func(_ keeper.Item, _ index.Saved, err error) {
		p.locked(func() {
			p.note(err)
			p.ended(v, outcome)
			if outcome != index.OutcomeNoPage || v.ReleaseID != "" {
				p.failure(v, a.known, outcome, reason)
			}
			if outcome == index.OutcomeBlocked {
				p.blocked = append(p.blocked, v)
			}
		})
	}
	p.keep.Keep(item)
}
