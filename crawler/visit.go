package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/semaphore"

	"agora/crawler/fetch"
	"agora/crawler/intake"
	"agora/crawler/keeper"
	"agora/crawler/outcomes"
	"agora/crawler/schedule"
	"agora/crawler/source"
	"agora/crawler/warc"
	"agora/index"
)

// readers bounds how much is read at the same time, of all offices together: by the
// number of processors and by the bytes of the pages.
type readers struct {
	slots  *semaphore.Weighted
	budget *semaphore.Weighted
}

func newReaders() *readers {
	return &readers{slots: semaphore.NewWeighted(int64(runtime.GOMAXPROCS(0))), budget: semaphore.NewWeighted(readBudget)}
}

// asked is a visit on its way through the pass.
type asked struct {
	visit  index.Visit
	known  *index.Release // that the address is known for; nil without one
	answer fetch.Answer
	viaAPI bool   // asked of the site's interface, since the page refuses
	page   string // the page's own address then, where the visit had it
}

// visit asks for an address and passes on what came. The error is for what stops the pass.
func (p *pass) visit(ctx context.Context, v index.Visit, known *index.Release) error {
	p.tried[v.Address]++
	request := pageRequest(v)
	viaAPI := v.Kind == index.VisitPage && index.CanonicalURL(v.URL) != v.Address // came so last time
	page := ""
	if api := p.listed[v.Address].api; api != "" && !viaAPI && (p.viaAPI[v.Address] || p.refused >= refusedAfter) {
		viaAPI, page, v.URL = true, v.URL, api
		request = fetch.Request{URL: api}
	}
	if viaAPI {
		request.Accept = "application/json"
	}
	p.asking(request.URL)
	answer, err := p.Web.Get(ctx, request)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if p.tried[v.Address] == 1 {
		if known != nil && known.Presence.State == "live" {
			p.asked++
		}
		p.show(func(o *OfficeProgress) { o.Done++ })
	}
	a := asked{visit: v, known: known, answer: answer, viaAPI: viaAPI, page: page}
	if err != nil {
		p.unanswered(a, err)
		return nil
	}
	return p.answered(ctx, a)
}

// pageRequest asks for an address, conditionally where its bytes are held.
func pageRequest(v index.Visit) fetch.Request {
	request := fetch.Request{URL: v.URL}
	if v.Kind == index.VisitAttachment {
		request.Accept = "*/*"
	}
	if v.Payload != "" && v.SHA256 != "" {
		request.ETag, request.LastModified = v.ETag, v.LastModified
	}
	return request
}

// refusedAfter is after how many pages that refuse the others are not asked any more,
// where the site's interface has their words: fewer than make a host count as refusing.
const refusedAfter = 2

// unanswered records that nothing whole came.
func (p *pass) unanswered(a asked, err error) {
	outcome, reason := index.OutcomeNetwork, err.Error()
	failure := new(fetch.Error)
	if errors.As(err, &failure) {
		outcome, reason = failure.Outcome, failure.Err.Error()
		a.answer.Hops = failure.Hops
	}
	a.answer.Captured = index.Instant(p.Now())
	p.fail(a, outcome, reason)
	if failure.Until.After(p.Now()) && (outcome == index.OutcomeLater || outcome == index.OutcomeNoRobots) {
		p.dead = deadAfter // the host said how long; nothing of it is asked before
	}
}

// answered sorts an answer by its status.
func (p *pass) answered(ctx context.Context, a asked) error {
	status := a.answer.Status
	switch {
	case status == http.StatusNotModified:
		p.confirm(a, index.OutcomeNotModified)
	case !whole(status):
		p.fail(a, strconv.Itoa(status), "the site answered with status "+strconv.Itoa(status)+" "+http.StatusText(status))
	case a.visit.Payload != "" && a.visit.SHA256 == source.Digest(a.answer.Body) && len(a.answer.Hops) == 1:
		p.confirm(a, index.OutcomeUnchanged)
	case a.visit.Kind == index.VisitAttachment:
		p.dead = 0
		p.keepAttachment(a)
	default:
		p.dead = 0
		return p.read(ctx, a)
	}
	return nil
}

// whole tells whether an answer with a status has the whole of what was asked for.
func whole(status int) bool {
	return status >= 200 && status <= 299 && status != http.StatusNoContent && status != http.StatusResetContent && status != http.StatusPartialContent
}

// read reads a page beside the asking for the next one.
func (p *pass) read(ctx context.Context, a asked) error {
	weight := min(int64(len(a.answer.Body))+1, readBudget)
	if err := p.readers.budget.Acquire(ctx, weight); err != nil {
		return err
	}
	if err := p.readers.slots.Acquire(ctx, 1); err != nil {
		p.readers.budget.Release(weight)
		return err
	}
	p.group.Go(func() error {
		defer p.readers.budget.Release(weight)
		defer p.readers.slots.Release(1)
		doc := documentOf(a.answer)
		if a.visit.URL != doc.URL && !a.viaAPI {
			doc.Asked = a.visit.URL
		}
		o := intake.Safely(func() intake.Outcome { return p.Read(ctx, doc, p.office.ID) }, doc)
		if ctx.Err() != nil {
			return nil // not read to its end; asked again next time
		}
		if err := p.took(ctx, a, o); ctx.Err() == nil {
			return err
		}
		return nil
	})
	return nil
}

// confirm records that an address shows what is held.
func (p *pass) confirm(a asked, outcome string) {
	p.dead = 0
	v := a.visit
	p.settle(&v, outcome, a)
	item := keeper.Item{Exchanges: a.answer.Hops, Office: p.office.ID, Visits: []*index.Visit{&v}}
	if len(a.answer.Hops) > 0 {
		item.Revisit = revisitOf(a.answer, a.visit)
	}
	item.Done = func(_ keeper.Item, _ index.Saved, err error) {
		p.locked(func() {
			p.note(err)
			p.ended(v, outcome)
			p.came++
			delete(p.failures, v.Address)
			if v.Kind == index.VisitPage && v.ReleaseID != "" {
				p.result.Unchanged++
				p.found(a.known)
			}
		})
	}
	p.keep.Keep(item)
}

// fail records that an address did not give what it should.
func (p *pass) fail(a asked, outcome, reason string) {
	v := a.visit
	if a.viaAPI {
		// The interface says nothing of the page: that is asked for next time.
		v.URL = pageURL(a)
		if outcomes.Absent(outcome) {
			outcome = index.OutcomeNoPage
		}
	}
	p.consequence(v, outcome)
	p.settle(&v, outcome, a)
	item := keeper.Item{Exchanges: a.answer.Hops, Office: p.office.ID, Visits: []*index.Visit{&v}}
	item.Done = func(_ keeper.Item, _ index.Saved, err error) {
		p.locked(func() {
			p.note(err)
			p.ended(v, outcome)
			p.failure(v, a.known, outcome, reason)
		})
	}
	p.keep.Keep(item)
}

// consequence decides what a failure means for the rest of the pass.
func (p *pass) consequence(v index.Visit, outcome string) {
	switch api := p.listed[v.Address].api; {
	case outcomes.Refuses(outcome) && api != "" && !p.viaAPI[v.Address]:
		p.refused++
		p.viaAPI[v.Address] = true
		p.retry = append(p.retry, v)
	case outcomes.OfSite(outcome):
		p.dead++
		if outcomes.Momentary(outcome) {
			p.retry = append(p.retry, v)
		}
	default:
		p.dead = 0
	}
}

// failure counts a failure; the caller holds the lock. A page that was asked for several
// times counts once, by what came of it last.
func (p *pass) failure(v index.Visit, known *index.Release, outcome, reason string) {
	p.failures[v.Address] = Failure{URL: v.URL, Outcome: outcome, Reason: reason}
	if v.Kind == index.VisitPage && v.ReleaseID != "" && outcomes.Absent(outcome) {
		if known != nil && index.CanonicalURL(string(known.URL)) == v.Address { // not a former address
			p.lost[v.ReleaseID] = lostPage{release: v.ReleaseID, known: known, cause: outcome, at: v.Last}
		}
	}
}

// ended notes what came of a page last; the caller holds the lock.
func (p *pass) ended(v index.Visit, outcome string) {
	if v.Kind == index.VisitPage {
		p.outcomes[v.Address] = outcome
	}
}

// pageURL is the address of the page that an item of the interface stands for.
func pageURL(a asked) string {
	switch {
	case a.page != "":
		return a.page
	case a.known != nil && a.known.URL != "":
		return string(a.known.URL)
	}
	return a.visit.Address
}

// found takes back that a page failed or was lost, and notes a release that is back.
func (p *pass) found(known *index.Release) {
	if known == nil {
		return
	}
	delete(p.lost, known.ID)
	if known.ID != "" && known.Presence.State != "live" && !slices.Contains(p.back, known.ID) {
		p.back = append(p.back, known.ID)
	}
}

// settle brings a visit up to date with its outcome and plans the next.
func (p *pass) settle(v *index.Visit, outcome string, a asked) {
	at := a.answer.Captured
	if at.IsZero() {
		at = index.Instant(p.Now())
	}
	v.Last, v.Outcome = at, outcome
	if v.Succeeded() || outcome == index.OutcomeNoPage {
		v.Failures, v.FailingSince = 0, time.Time{}
	} else {
		if v.Failures++; v.FailingSince.IsZero() {
			v.FailingSince = at
		}
	}
	if v.Succeeded() && a.answer.Header != nil {
		if tag := a.answer.Header.Get("ETag"); tag != "" || outcome == index.OutcomeOK {
			v.ETag = tag
		}
		if modified := a.answer.Header.Get("Last-Modified"); modified != "" || outcome == index.OutcomeOK {
			v.LastModified = modified
		}
	}
	plan := schedule.Page{
		Address: v.Address, Kind: v.Kind, Outcome: outcome, Failures: v.Failures, FirstSeen: v.Found, Backfill: v.Backfill, Last: v.Last,
	}
	if a.known != nil {
		plan.Published, plan.FirstSeen, plan.Backfill = a.known.Published, a.known.FirstSeen, a.known.Backfill
		plan.Versions = a.known.Version
		if a.known.Version > 1 {
			plan.Changed = a.known.Changed
		}
		plan.Presence, plan.Since, plan.Cause = a.known.Presence.State, a.known.Presence.Since, string(a.known.Presence.Cause)
		if v.Succeeded() {
			plan.Presence = "live"
		} else if outcomes.Absent(outcome) && plan.Presence == "live" {
			plan.Presence, plan.Since, plan.Cause = "missing", v.FailingSince, outcome
		}
	}
	if outcome == index.OutcomeNoPage && a.known == nil {
		v.Next = time.Time{} // asked again when its listing says that it changed
		return
	}
	v.Next = schedule.Revisit(plan)
}

// warcDigest is the digest of an answer's payload as its WARC record carries it.
func warcDigest(answer fetch.Answer) string {
	if len(answer.Hops) == 0 || answer.NotModified() {
		return ""
	}
	return warc.PayloadDigest(answer.Hops[len(answer.Hops)-1].Response)
}

// revisitOf makes the record that names an earlier capture in place of its payload.
func revisitOf(answer fetch.Answer, v index.Visit) *warc.Revisit {
	last := answer.Hops[len(answer.Hops)-1]
	return &warc.Revisit{
		URL: last.URL, Date: last.Date, Head: warc.Head(last.Response), PayloadDigest: v.Payload,
		EarlierURL: last.URL, EarlierDate: v.Captured, NotModified: answer.NotModified(),
	}
}

// hostOf returns the host of an address, for display.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// note remembers what stops everything; the caller holds the lock.
func (p *pass) note(err error) {
	if err != nil && p.broken == nil {
		p.broken = fmt.Errorf("keep what came of %s: %w", p.office.ID, err)
	}
}

// locked runs work while nobody else changes the pass's counts, and shows them.
func (p *pass) locked(work func()) {
	p.mu.Lock()
	work()
	o := &p.progress
	o.New, o.Changed, o.Failed = p.result.New, p.result.Edited, len(p.failures)
	p.mu.Unlock()
	p.show(func(*OfficeProgress) {})
}
