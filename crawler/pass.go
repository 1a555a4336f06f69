package crawler

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

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
