package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/crawler/discover"
	"agora/crawler/fetch"
	"agora/crawler/keeper"
	"agora/crawler/office"
	"agora/index"
)

// pass is one walk over an office and over the pages that it leads to. One goroutine
// walks and asks; others read what came, and the keeper tells what is durable.
type pass struct {
	*Collector
	options CrawlOptions
	office  office.Office
	keep    *keeper.Keeper
	readers *readers

	started time.Time
	full    bool         // every source is walked to its end
	former  []index.Pass // of the office, newest first
	held    index.OfficeCount

	listed     map[string]rowNote     // what this pass's listings say, by canonical address
	viaAPI     map[string]bool        // addresses whose pages refuse, asked of the site's interface
	planned    int                    // releases that --max counts
	plan       map[string]index.Visit // what is not in the frontier yet, by canonical address
	tried      map[string]int         // pages asked for in this pass, by canonical address
	retry      []index.Visit          // that failed for the moment
	dead       int                    // answers in a row that say the site doesn't answer
	refused    int                    // pages that refuse while the interface answers
	cut        bool                   // the asking ended because the site didn't answer
	seeking    index.Date             // how far back missing releases are looked for; empty where none is
	firstAsked bool                   // the first page of the walk under way was asked for
	walks      []walked

	group    errgroup.Group // readings under way
	mu       sync.Mutex     // guards what follows: the keeper and the readers tell of it
	record   index.Pass
	result   PassResult
	progress OfficeProgress
	doubts   []doubt             // readings that wait for a decision
	blocked  []index.Visit       // pages that turned out to be walls
	failures map[string]Failure  // by canonical address
	lost     map[string]lostPage // releases whose pages were not there, by id
	back     []string            // releases that were missing or gone and are shown again
	moved    map[string]bool     // releases that were found at another address
	asked    int                 // pages asked for of releases that were live
	linked   []index.Visit       // attachments to plan
	linkers  map[string][]string // releases that link an attachment, by its address
	attached map[string]bool     // addresses of the attachments that were captured
	broken   error               // of the store or the disk
	outcomes map[string]string   // of the pages that were asked for last, by canonical address
	came     int                 // pages that came or were confirmed
	words    map[string]string   // fingerprints of new pages of this pass, with their addresses
}

// rowNote is what a listing of this pass says of an address.
type rowNote struct {
	date index.Date
	api  string
	at   time.Time
}

// walked is what became of one source.
type walked struct {
	source    office.Source
	rows      int        // that count
	fresh     int        // of which were not known
	newest    index.Date // of the dated rows
	reached   bool       // a whole page of known, unchanged rows
	known     bool       // some row was known before
	unchanged bool       // the server said that nothing changed since
	older     bool       // its rows are older than asked for
	ended     bool       // by itself, not by us
	err       error
}

// passOver makes one pass over an office and records it, also where it failed. The error
// is for what stops everything.
func (c *Collector) passOver(ctx context.Context, o office.Office, options CrawlOptions, k *keeper.Keeper, r *readers) (PassResult, error) {
	p := &pass{
		Collector: c, options: options, office: o, keep: k, readers: r, started: index.Instant(c.Now()),
		listed: map[string]rowNote{}, viaAPI: map[string]bool{}, plan: map[string]index.Visit{},
		tried: map[string]int{}, failures: map[string]Failure{}, lost: map[string]lostPage{}, attached: map[string]bool{}, linkers: map[string][]string{}, moved: map[string]bool{}, outcomes: map[string]string{}, words: map[string]string{},
	}
	p.progress = OfficeProgress{Office: o.ID, Phase: "listing"}
	if err := p.begin(ctx); err != nil {
		return p.result, err
	}
	work := p.work(ctx)
	// What is recorded is recorded also where the pass was stopped.
	settled := context.WithoutCancel(ctx)
	if err := errors.Join(p.savePlan(settled), p.drain(), p.planAttachments(settled)); err != nil {
		return p.result, err
	}
	if err := p.stateAttachments(ctx); err != nil && ctx.Err() == nil {
		return p.result, err
	}
	outcome, reason := p.verdict(ctx, work)
	if err := p.conclude(settled, outcome, reason, work == nil); err != nil {
		return p.result, err
	}
	if ctx.Err() != nil {
		return p.result, ctx.Err()
	}
	return p.result, nil
}

// begin reads the office's history and records that a pass began.
func (p *pass) begin(ctx context.Context) (err error) {
	passes, err := p.Store.Passes(ctx, passesRemembered)
	if err != nil {
		return err
	}
	for _, former := range passes {
		if former.Office == p.office.ID && former.Strategy != checkStrategy {
			p.former = append(p.former, former)
		}
	}
	p.full = p.options.Full || p.wantsFull()
	counts, err := p.Store.OfficeCounts(ctx)
	if err != nil {
		return err
	}
	for _, count := range counts {
		if count.Office == p.office.ID {
			p.held = count
		}
	}
	p.record = index.Pass{Office: p.office.ID, Started: p.started, Full: p.full, Robots: "unknown"}
	if len(p.office.Sources) > 0 {
		s := p.office.Sources[0]
		p.record.Source, p.record.Strategy = s.Kind+" "+s.URL, s.Kind
	}
	p.record.ID, err = p.Store.SavePass(ctx, p.record)
	return err
}

// passesRemembered is how many passes of an office a new one looks back on. Of an office
// with as many the first one is long ago.
const passesRemembered = 60

// Reasons of passes that succeeded, but not with everything.
const (
	reasonPart     = "asked for a part only (--max or --since)"
	reasonBrokeOff = "a source broke off before its end; it is walked to its end again in a day"
)

// brokeOffAgain is when a walk to the end is tried again that broke off.
const brokeOffAgain = 24 * time.Hour

// wantsFull tells whether the sources have to be walked to their end: none ever was, or
// something between what is known and what is listed may have been missed.
func (p *pass) wantsFull() bool {
	if len(p.former) > 0 && p.former[0].Outcome == index.PassCutShort {
		return true
	}
	if len(p.former) >= passesRemembered {
		return false
	}
	for _, former := range p.former {
		if former.Succeeded() && (former.Full || former.Reason == reasonBrokeOff && p.started.Sub(former.Started) < brokeOffAgain) {
			return false
		}
	}
	return true
}

// work walks the sources and asks for what is due.
func (p *pass) work(ctx context.Context) error {
	if err := p.walkSources(ctx); err != nil {
		return err
	}
	p.show(func(o *OfficeProgress) { o.Phase = "pages" })
	if p.options.All {
		if err := p.revisitAll(ctx); err != nil {
			return err
		}
	}
	if err := p.visitDue(ctx, index.VisitPage, false); err != nil {
		return err
	}
	if err := p.tryAgain(ctx); err != nil {
		return err
	}
	if err := p.sample(ctx); err != nil {
		return err
	}
	if err := p.seekLost(ctx); err != nil {
		return err
	}
	if err := p.planAttachments(ctx); err != nil {
		return err
	}
	p.show(func(o *OfficeProgress) { o.Phase = "attachments" })
	return p.visitDue(ctx, index.VisitAttachment, false)
}

// walkSources walks the office's sources in their order: all of them in a full pass, else
// up to the first that answers the question what is new.
func (p *pass) walkSources(ctx context.Context) error {
	for _, source := range p.office.Sources {
		w, err := p.walkSource(ctx, source)
		if err != nil {
			return err
		}
		p.walks = append(p.walks, w)
		if !p.full && w.answers() && !p.suspicious(ctx, w) {
			break
		}
	}
	return nil
}

// answers tells whether a walk showed what is new: it had rows that count and reached
// known ground.
func (w walked) answers() bool { return w.err == nil && w.reached && (w.rows > 0 || w.unchanged) }

// walkSource walks one source. Its own failure is in the walk; the error is for what
// stops the pass.
func (p *pass) walkSource(ctx context.Context, source office.Source) (walked, error) {
	w := walked{source: source, ended: true}
	strategy := discover.For(source.Kind)
	if strategy == nil {
		w.err = fmt.Errorf("no way to walk a source of kind %q", source.Kind)
		return w, nil
	}
	since := []time.Time{{}}
	if last := p.lastSuccess(); !p.full && !last.IsZero() {
		switch source.Kind {
		case office.WordPress: // the newest items, and then what was edited
			since = append(since, last.Add(-overlap))
		case office.Sitemap:
			since[0] = last.Add(-overlap)
		}
	}
	for _, from := range since {
		if err := p.walkFrom(ctx, strategy, &w, from); err != nil {
			return w, err
		}
	}
	return w, nil
}

// overlap is how far a later pass asks back beyond the last success: clocks of sites go
// wrong by hours, and their lastmod by a day.
const overlap = 26 * time.Hour

// walkFrom walks a source from its newest item, or only what changed since a time.
func (p *pass) walkFrom(ctx context.Context, strategy discover.Strategy, w *walked, since time.Time) error {
	walk := discover.Walk{Office: p.office, Source: w.source, Since: since, Now: p.Now(), Get: p.getSource}
	p.firstAsked = false
	for page, err := range strategy(ctx, walk) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if w.err == nil {
				w.err = err
			}
			w.ended = false
			p.Logger.Debug("source", "office", p.office.ID, "kind", w.source.Kind, "error", err)
			break
		}
		known, err := p.takePage(ctx, w, page)
		if err != nil {
			return err
		}
		if w.older || known && !p.full && !p.seeks(page) || p.enough() {
			w.reached, w.ended = w.reached || known, false
			break
		}
		if err := p.visitSome(ctx); err != nil {
			return err
		}
	}
	return p.brokenError()
}

// seekLost walks the first source that answers further back where releases are missing:
// they may have moved, and then the list has them at another address.
func (p *pass) seekLost(ctx context.Context) error {
	if p.full || p.cut || p.options.Max > 0 {
		return nil
	}
	for _, l := range p.lost {
		if l.known == nil || l.known.Presence.State != "live" {
			continue
		}
		if day := l.known.Published; p.seeking == "" || day < p.seeking {
			p.seeking = day
		}
		if l.known.Published == "" {
			p.seeking = beginning
		}
	}
	if p.seeking == "" {
		return nil
	}
	for _, w := range p.walks {
		if w.rows == 0 || w.err != nil {
			continue
		}
		again := walked{source: w.source, ended: true}
		if err := p.walkFrom(ctx, discover.For(w.source.Kind), &again, time.Time{}); err != nil {
			return err
		}
		break
	}
	return p.visitDue(ctx, index.VisitPage, true)
}

// sampled is how many further pages are asked for where so many are missing that the site
// may have changed.
const sampled = 30

// sample asks for further known pages where more than a fifth of those asked for are
// missing: whether a page is gone or its whole site changed can't be told from a few.
func (p *pass) sample(ctx context.Context) error {
	missing := p.newlyLost()
	if p.options.All || p.cut || missing == 0 || missing*changedShare <= p.asked {
		return nil
	}
	known, err := p.Store.DueVisits(ctx, p.office.ID, index.VisitPage, p.started.AddDate(100, 0, 0), allVisits)
	if err != nil {
		return err
	}
	known = slices.DeleteFunc(known, func(v index.Visit) bool { return v.Last.IsZero() || v.ReleaseID == "" || p.tried[v.Address] > 0 })
	var some []index.Visit
	step := max(1, len(known)/sampled)
	for i := 0; i < len(known) && len(some) < sampled; i += step {
		some = append(some, known[i])
	}
	return p.visitChunk(ctx, some)
}

// beginning is before the first release that an office can have.
const beginning = index.Date("0001-01-01")

// seeks tells whether a walk that looks for missing releases goes on behind a page: it has
// rows of their time or later.
func (p *pass) seeks(page discover.Page) bool {
	if p.seeking == "" || len(page.Rows) == 0 {
		return false
	}
	last := page.Rows[len(page.Rows)-1].Date
	return last == "" || last >= p.seeking
}

// enough tells whether --max is reached.
func (p *pass) enough() bool { return p.options.Max > 0 && p.planned >= p.options.Max }

// getSource asks for a page of a source and shows it.
func (p *pass) getSource(ctx context.Context, r fetch.Request) (fetch.Answer, error) {
	p.asking(r.URL)
	if !p.firstAsked {
		p.firstAsked = true
		if err := p.validate(ctx, &r); err != nil {
			return fetch.Answer{}, err
		}
	}
	return p.Web.Get(ctx, r)
}

// validate asks for the first page of a source conditionally: a 304 says that nothing is
// new. Only where the pass before this one came to its end, so that what the page named is
// in the frontier, and where this one is not to look closer.
func (p *pass) validate(ctx context.Context, r *fetch.Request) error {
	if p.full || p.options.All || p.seeking != "" || len(p.former) == 0 || !p.former[0].Succeeded() || p.former[0].Reason == reasonPart {
		return nil
	}
	address := index.CanonicalURL(r.URL)
	visits, err := p.Store.Visits(ctx, p.office.ID, []string{address})
	if v, known := visits[address]; known && v.Kind == index.VisitSource && !v.Last.After(p.former[0].Ended) {
		r.ETag, r.LastModified = v.ETag, v.LastModified
	}
	return err
}

// lastSuccess is when the last pass began that succeeded and was not asked for a part
// only; zero without one.
func (p *pass) lastSuccess() time.Time {
	for _, former := range p.former {
		if former.Succeeded() && former.Reason != reasonPart {
			return former.Started
		}
	}
	return time.Time{}
}

// visitSome asks for pages while a long walk goes on, so that what was found last does
// not wait for what was published first.
func (p *pass) visitSome(ctx context.Context) error {
	p.mu.Lock()
	waiting := p.progress.Planned - p.progress.Done
	p.mu.Unlock()
	if !p.full || waiting < chunkSize {
		return nil
	}
	return p.visitDue(ctx, index.VisitPage, true)
}

// revisitAll asks again for every known page, whatever its plan.
func (p *pass) revisitAll(ctx context.Context) error {
	if err := p.savePlan(ctx); err != nil {
		return err
	}
	due, err := p.Store.DueVisits(ctx, p.office.ID, index.VisitPage, p.started.AddDate(100, 0, 0), allVisits)
	if err != nil {
		return err
	}
	due = slices.DeleteFunc(due, func(v index.Visit) bool { return v.Last.IsZero() })
	p.show(func(o *OfficeProgress) { o.Planned += len(due) })
	for chunk := range slices.Chunk(due, chunkSize) {
		if err := p.visitChunk(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// allVisits bounds what one question to the frontier brings.
const allVisits = 1 << 20

// visitDue asks for what is planned for now, chunk by chunk until nothing is left that
// this pass has not tried. freshOnly leaves revisits for later.
func (p *pass) visitDue(ctx context.Context, kind index.VisitKind, freshOnly bool) error {
	if err := p.savePlan(ctx); err != nil {
		return err
	}
	revisits := 0
	for !p.siteIsDead() {
		due, err := p.Store.DueVisits(ctx, p.office.ID, kind, p.Now(), len(p.tried)+chunkSize)
		if err != nil {
			return err
		}
		due = slices.DeleteFunc(due, func(v index.Visit) bool {
			return p.tried[v.Address] > 0 || freshOnly && !v.Last.IsZero()
		})
		due = due[:min(len(due), chunkSize)]
		for i, v := range due {
			if v.Last.IsZero() {
				continue
			}
			if revisits++; revisits > revisitsPerPass {
				due = due[:i]
				break
			}
		}
		if len(due) == 0 {
			return nil
		}
		if err := p.visitChunk(ctx, due); err != nil {
			return err
		}
	}
	return nil
}

// visitChunk asks for pages one after another, while those that came are read.
func (p *pass) visitChunk(ctx context.Context, due []index.Visit) error {
	known, err := p.knownReleases(ctx, due)
	if err != nil {
		return err
	}
	came := p.came
	for _, v := range due {
		if err := ctx.Err(); err != nil {
			return err
		}
		if p.siteIsDead() {
			break
		}
		if err := p.visit(ctx, v, known[v.ReleaseID]); err != nil {
			return err
		}
	}
	if err := p.drain(); err != nil {
		return err
	}
	for _, v := range p.blocked {
		p.consequence(v, index.OutcomeBlocked)
	}
	if p.blocked = nil; p.came > came {
		p.dead = 0 // others came meanwhile: it is no wall
	}
	return p.settleDoubts(ctx)
}

// knownReleases returns the releases that visits are for, by id.
func (p *pass) knownReleases(ctx context.Context, visits []index.Visit) (map[string]*index.Release, error) {
	var ids []string
	for _, v := range visits {
		if v.ReleaseID != "" && v.Kind == index.VisitPage {
			ids = append(ids, v.ReleaseID)
		}
	}
	releases, err := p.Store.Releases(ctx, ids)
	if err != nil {
		return nil, err
	}
	known := make(map[string]*index.Release, len(releases))
	for i := range releases {
		known[releases[i].ID] = &releases[i]
	}
	return known, nil
}

// tryAgain asks once more for what failed for the moment.
func (p *pass) tryAgain(ctx context.Context) error {
	p.cut = p.siteIsDead()
	for range retryRounds {
		again := p.retry
		p.retry = nil
		if len(again) == 0 || p.siteIsDead() {
			return nil
		}
		if err := p.visitChunk(ctx, again); err != nil {
			return err
		}
	}
	return nil
}

// siteIsDead tells whether so many answers in a row said that the site doesn't answer
// that asking on would only trouble it.
func (p *pass) siteIsDead() bool { return p.dead >= deadAfter }

// deadAfter is how many failures of the site in a row end the asking.
const deadAfter = 8

// drain waits until all that was asked for is read and durable.
func (p *pass) drain() error {
	err := p.group.Wait()
	p.group = errgroup.Group{}
	durable := make(chan struct{})
	p.keep.Keep(keeper.Item{Urgent: true, Done: func(keeper.Item, index.Saved, error) { close(durable) }})
	<-durable
	return errors.Join(err, p.brokenError())
}

func (p *pass) brokenError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.broken
}

// asking shows which host a pass asks.
func (p *pass) asking(address string) {
	p.show(func(o *OfficeProgress) { o.Host = hostOf(address) })
}

// show changes what is shown of the pass.
func (p *pass) show(change func(*OfficeProgress)) {
	p.mu.Lock()
	change(&p.progress)
	now := p.progress
	p.mu.Unlock()
	if p.Observe != nil {
		p.Observe(now)
	}
}
