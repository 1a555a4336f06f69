package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/crawler/keeper"
	"agora/crawler/office"
	"agora/crawler/schedule"
	"agora/index"
)

// CrawlReport is what a crawl did.
type CrawlReport struct {
	Passes  []PassResult `json:"passes"`  // by office
	Waiting []Waiting    `json:"waiting"` // offices that were left out
}

// Waiting is an office that was not crawled.
type Waiting struct {
	Office string     `json:"office"`
	Reason string     `json:"reason"`
	Due    *time.Time `json:"due"` // nil where it is paused
}

// Crawl makes one pass over the offices that are due, all at the same time. The failure
// of an office is in its result; the error is for what stops everything, and for ctx.
func (c *Collector) Crawl(ctx context.Context, options CrawlOptions) (CrawlReport, error) {
	report := CrawlReport{Passes: []PassResult{}, Waiting: []Waiting{}}
	offices, err := c.chosen(options.Offices)
	if err != nil {
		return report, err
	}
	if err := c.live(ctx, false); err != nil {
		return report, err
	}
	due := offices
	if !options.All && !options.Full && len(options.Offices) == 0 {
		plan, err := c.plan(ctx, offices)
		if err != nil {
			return report, err
		}
		due = nil
		for _, o := range offices {
			if at := plan[o.ID]; at.After(c.Now()) {
				report.Waiting = append(report.Waiting, Waiting{Office: o.ID, Reason: "not due yet", Due: &at})
				continue
			}
			due = append(due, o)
		}
	}
	paused, err := c.paused(ctx)
	if err != nil {
		return report, err
	}
	due = slices.DeleteFunc(due, func(o office.Office) bool {
		stance, is := paused[o.ID]
		if is {
			report.Waiting = append(report.Waiting, Waiting{Office: o.ID, Reason: "paused: " + stance.Reason})
		}
		return is
	})
	report.Passes, err = c.passes(ctx, due, options)
	return report, err
}

// chosen returns the offices that a list of codes names; all where it is empty.
func (c *Collector) chosen(codes []string) ([]office.Office, error) {
	if len(codes) == 0 {
		return c.Catalogue.All(), nil
	}
	var offices []office.Office
	for _, code := range codes {
		o, known := c.Catalogue.Office(strings.TrimSpace(code))
		if !known {
			return nil, fmt.Errorf("office %q: %w: it is not in the catalogue", code, index.ErrInvalid)
		}
		if !slices.ContainsFunc(offices, func(other office.Office) bool { return other.ID == o.ID }) {
			offices = append(offices, o)
		}
	}
	return offices, nil
}

// passes makes a pass over each office.
func (c *Collector) passes(ctx context.Context, offices []office.Office, options CrawlOptions) ([]PassResult, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	k := keeper.New(c.Intake, func(err error) { cancel(err) })
	r := newReaders()
	var mu sync.Mutex
	results := []PassResult{}
	var group errgroup.Group
	for _, o := range offices {
		group.Go(func() error {
			result, err := c.passOver(ctx, o, options, k, r)
			mu.Lock()
			defer mu.Unlock()
			if result.Office != "" {
				results = append(results, result)
			}
			if err != nil && ctx.Err() == nil {
				cancel(err) // the store or the disk: no office can go on
			}
			return err
		})
	}
	err := group.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		err = cause
	}
	if closeErr := k.Close(); err == nil {
		err = closeErr
	}
	slices.SortFunc(results, func(a, b PassResult) int { return cmp.Compare(a.Office, b.Office) })
	return results, err
}

// live leaves a sign of life in the store.
func (c *Collector) live(ctx context.Context, running bool) error {
	return c.Store.SetCollectorState(ctx, index.CollectorState{Agent: c.Agent, Contact: c.Contact, Beat: index.Instant(c.Now()), Running: running})
}

// paused returns the offices that people told the crawler to leave alone.
func (c *Collector) paused(ctx context.Context) (map[string]index.Stance, error) {
	stances, err := c.Store.Stances(ctx)
	if err != nil {
		return nil, err
	}
	paused := map[string]index.Stance{}
	for _, s := range stances {
		if s.State == index.StancePaused && s.Holds(c.Now()) {
			paused[s.Office] = s
		}
	}
	return paused, nil
}

// plan says when each office is due.
func (c *Collector) plan(ctx context.Context, offices []office.Office) (map[string]time.Time, error) {
	passes, err := c.Store.Passes(ctx, passesRemembered)
	if err != nil {
		return nil, err
	}
	hosts, err := c.Store.Hosts(ctx)
	if err != nil {
		return nil, err
	}
	byOffice := map[string][]index.Pass{}
	for _, p := range passes {
		if p.Strategy != checkStrategy {
			byOffice[p.Office] = append(byOffice[p.Office], p)
		}
	}
	plan := make(map[string]time.Time, len(offices))
	now := c.Now()
	for _, o := range offices {
		days, err := c.Store.PublishedPerDay(ctx, o.ID, index.DateOf(now.In(o.Location()).AddDate(-1, 0, 0)))
		if err != nil {
			return nil, err
		}
		plan[o.ID] = schedule.Due(schedule.History{
			Office: o.ID, Location: o.Location(), Passes: byOffice[o.ID], Days: days, NotBefore: leftAlone(o, hosts),
		}, now)
	}
	return plan, nil
}

// leftAlone is until when the host of an office's first source wants to be left alone.
func leftAlone(o office.Office, hosts []index.Host) time.Time {
	if len(o.Sources) == 0 {
		return time.Time{}
	}
	name := strings.ToLower(hostOf(o.Sources[0].URL))
	for _, h := range hosts {
		if h.Name == name && h.Failures > 0 {
			return h.Next
		}
	}
	return time.Time{}
}

// Run crawls on its own until ctx ends: every office when it is due, each in its own time.
func (c *Collector) Run(ctx context.Context, tick <-chan time.Time) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	k := keeper.New(c.Intake, func(err error) { cancel(err) })
	run := &running{collector: c, keeper: k, readers: newReaders(), busy: map[string]bool{}}
	for ctx.Err() == nil {
		if err := errors.Join(c.live(ctx, true), run.start(ctx, cancel)); err != nil && ctx.Err() == nil {
			cancel(err)
			break
		}
		select {
		case <-ctx.Done():
		case <-tick:
		}
	}
	run.group.Wait()
	err := errors.Join(k.Close(), c.live(context.WithoutCancel(ctx), false))
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// running is the state of a crawl that goes on by itself.
type running struct {
	collector *Collector
	keeper    *keeper.Keeper
	readers   *readers
	group     sync.WaitGroup

	mu   sync.Mutex
	busy map[string]bool // offices with a pass under way
}

// start begins a pass over each office that is due and not busy.
func (r *running) start(ctx context.Context, cancel context.CancelCauseFunc) error {
	c := r.collector
	offices := slices.DeleteFunc(c.Catalogue.All(), func(o office.Office) bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.busy[o.ID]
	})
	plan, err := c.plan(ctx, offices)
	if err != nil {
		return err
	}
	paused, err := c.paused(ctx)
	if err != nil {
		return err
	}
	for _, o := range offices {
		if _, is := paused[o.ID]; is || plan[o.ID].After(c.Now()) {
			continue
		}
		r.mu.Lock()
		r.busy[o.ID] = true
		r.mu.Unlock()
		r.group.Go(func() {
			result, err := c.passOver(ctx, o, CrawlOptions{}, r.keeper, r.readers)
			r.mu.Lock()
			delete(r.busy, o.ID)
			r.mu.Unlock()
			if err != nil && ctx.Err() == nil {
				cancel(err)
				return
			}
			c.tell(result)
		})
	}
	return nil
}

// tell logs what a pass did, in one line.
func (c *Collector) tell(r PassResult) {
	if r.Office == "" || r.Outcome == index.PassStopped {
		return
	}
	if r.Outcome != index.PassOK {
		c.Logger.Warn("pass failed", "office", r.Office, "outcome", r.Outcome, "reason", r.Reason)
		return
	}
	c.Logger.Info("pass", "office", r.Office, "by", r.Strategy, "found", r.Found, "new", r.New, "edited", r.Edited, "missing", r.Missing, "failed", r.Failed)
}
