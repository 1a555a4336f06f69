package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"agora/crawler/discover"
	"agora/crawler/fetch"
	"agora/crawler/office"
	"agora/crawler/outcomes"
	"agora/crawler/silence"
	"agora/index"
)

// conclude judges the pass and records it: what it found, or why it failed.
func (p *pass) conclude(ctx context.Context, outcome, reason string, whole bool) error {
	p.record.Outcome, p.record.Reason = outcome, reason
	if err := p.judgePresence(ctx); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	r := &p.record
	r.Full = p.full && whole && p.options.Max == 0 && p.options.Since == "" && !p.cut && !p.brokeOff()
	if r.Outcome == index.PassOK {
		switch {
		case p.options.Max > 0 || p.options.Since != "":
			r.Reason = reasonPart
		case p.full && !r.Full:
			r.Reason = reasonBrokeOff
		}
	}
	r.New, r.Edited, r.Failed = p.result.New, p.result.Edited, len(p.failures)
	r.Ended = index.Instant(p.Now())
	if _, err := p.Store.SavePass(ctx, *r); err != nil {
		return err
	}
	waiting, err := p.Store.DueVisits(ctx, p.office.ID, "", p.Now(), allVisits)
	if err != nil {
		return err
	}
	result := &p.result
	result.Office, result.Source, result.Strategy, result.Outcome, result.Reason = r.Office, r.Source, r.Strategy, r.Outcome, r.Reason
	result.Robots, result.Started, result.Ended, result.Found = r.Robots, r.Started, r.Ended, r.Found
	result.Failed, result.Expected, result.Fresh, result.Waiting = r.Failed, r.Expected, r.Fresh, len(waiting)
	if last := p.lastSuccess(); !last.IsZero() {
		result.Previous = &last
	}
	result.Failures = []Failure{}
	for _, f := range p.failures {
		result.Failures = append(result.Failures, f)
	}
	sort.Slice(result.Failures, func(i, j int) bool { return result.Failures[i].URL < result.Failures[j].URL })
	result.Failures = result.Failures[:min(len(result.Failures), failuresNamed)]
	if p.Observe != nil {
		p.progress.Phase, p.progress.Outcome, p.progress.Reason = "done", r.Outcome, r.Reason
		p.Observe(p.progress)
	}
	return nil
}

// inUse notes the source that gave the rows: the first that had any.
func (p *pass) inUse() {
	for _, w := range p.walks {
		if w.rows > 0 {
			p.record.Source, p.record.Strategy = w.source.Kind+" "+w.source.URL, w.source.Kind
			return
		}
	}
}

// brokeOff tells whether a source stopped answering in the middle of a walk: then a full
// walk was not one.
func (p *pass) brokeOff() bool {
	return slices.ContainsFunc(p.walks, func(w walked) bool {
		return w.rows > 0 && w.err != nil
	})
}

// verdict says how the pass ended, and why in words.
func (p *pass) verdict(ctx context.Context, work error) (outcome, reason string) {
	p.inUse()
	switch {
	case errors.Is(work, context.Canceled):
		return index.PassStopped, "stopped before its end"
	case work != nil:
		return index.PassBroken, work.Error()
	}
	if robots, err := p.Web.Robots(ctx, p.sourceInUse()); err == nil {
		p.record.Robots = robots.String()
	}
	if outcome, reason := p.sourcesFailed(); outcome != "" {
		return outcome, reason
	}
	if outcome, reason := p.pagesFailed(); outcome != "" {
		return outcome, reason
	}
	return p.silent(ctx)
}

// sourceInUse returns the address of the source that gave the rows, else of the first.
func (p *pass) sourceInUse() string {
	for _, w := range p.walks {
		if w.rows > 0 {
			return w.source.URL
		}
	}
	return p.office.Sources[0].URL
}

// worst is the order in which the failures of several sources are told: what asks
// somebody to do something comes first.
var worst = []string{
	index.PassRefused, index.PassRobots, index.PassNoRobots, index.PassUnreachable, index.PassBroken, index.PassScripts, index.PassMoved,
}

// sourcesFailed says why no source had rows; "" where one had, or answered that nothing
// changed.
func (p *pass) sourcesFailed() (outcome, reason string) {
	found := map[string]string{}
	for _, w := range p.walks {
		if w.rows > 0 || w.err == nil && w.reached {
			return "", ""
		}
		outcome, reason := failureOf(w)
		if found[outcome] == "" {
			found[outcome] = reason
		}
	}
	for _, outcome := range worst {
		if reason, is := found[outcome]; is {
			return outcome, reason
		}
	}
	return index.PassMoved, "no source of the catalogue lists a release"
}

// failureOf says why a source had no rows.
func failureOf(w walked) (outcome, reason string) {
	where := w.source.Kind + " " + w.source.URL
	sourceError, fetchError := new(discover.SourceError), new(fetch.Error)
	switch {
	case errors.As(w.err, &sourceError):
		return sourceError.Outcome, where + ": " + sourceError.Reason
	case errors.As(w.err, &fetchError) && fetchError.Outcome == index.OutcomeNoRobots && !outcomes.IsStatus(fetchError.Cause):
		// Nothing answers there at all: robots.txt was only the first thing to be asked for.
		return index.PassUnreachable, where + ": the site could not be reached: " + fetchError.Err.Error()
	case errors.As(w.err, &fetchError):
		return outcomes.OfPass(fetchError.Outcome), where + ": " + fetchError.Err.Error()
	case w.err != nil:
		return index.PassBroken, where + ": " + w.err.Error()
	}
	return index.PassMoved, where + ": it has no rows that count"
}

// fewPages is how many pages have to fail before that is a failure of the site.
const fewPages = 3

// pagesFailed says why hardly a page came although the sources answered; "" where pages
// came.
func (p *pass) pagesFailed() (outcome, reason string) {
	came, nothing, failed := 0, 0, map[string]int{}
	for _, outcome := range p.outcomes {
		switch {
		case outcome == index.OutcomeOK || outcome == index.OutcomeUnchanged || outcome == index.OutcomeNotModified:
			came++
		case outcome == index.OutcomeNoPage:
			nothing++
		case outcomes.OfSite(outcome) || outcome == index.OutcomeRobots:
			failed[outcomes.OfPass(outcome)]++
		}
	}
	total := 0
	for outcome, n := range failed {
		total += n
		if reason == "" || n > failed[reason] {
			reason = outcome
		}
	}
	if came+total == 0 && nothing >= fewPages {
		return index.PassThin, fmt.Sprintf("%d pages came, but none of them could be read as a release", nothing)
	}
	if total < fewPages || !p.cut && total < 9*came {
		return "", ""
	}
	return reason, fmt.Sprintf("the listing answers, but %d of %d pages did not come: %s", total, total+came, index.PassWords(reason))
}

// remembered is how many years of day counts an expectation looks back on.
const remembered = 3

// perDay counts the office's releases by day, of the last years.
func (p *pass) perDay(ctx context.Context) ([]index.DayCount, error) {
	return p.Store.PublishedPerDay(ctx, p.office.ID, index.DateOf(p.local(p.Now()).AddDate(-remembered, 0, 0)))
}

// local is a time in the office's zone.
func (p *pass) local(t time.Time) time.Time { return t.In(p.office.Location()) }

// evidence is what the pass is judged by.
func (p *pass) evidence(days []index.DayCount) silence.Evidence {
	e := silence.Evidence{
		Now: p.local(p.Now()), Days: days, LastNew: p.lastNew(), Watched: p.watchedSince(), Held: p.held.Held, Pass: p.record, Before: p.former,
	}
	for _, w := range p.walks {
		if w.rows == 0 && !w.unchanged {
			continue
		}
		if e.Walk.Reached || e.Walk.Ended || !e.Walk.Partial && e.Walk.Newest != "" {
			if w.newest > e.Walk.Ahead {
				e.Walk.Ahead, e.Walk.Other = w.newest, w.source.Kind+" "+w.source.URL
			}
			continue
		}
		e.Walk = silence.Walk{
			Partial: w.unchanged || !p.full && w.source.Kind == office.Sitemap, Ended: w.ended && w.err == nil, Reached: w.known || w.unchanged, Newest: w.newest,
		}
	}
	return e
}

// lastNew is the day on which a pass last found a release that had just been published.
func (p *pass) lastNew() index.Date {
	if p.result.New > 0 && !p.full {
		return index.DateOf(p.local(p.started))
	}
	for _, former := range p.former {
		if former.New > 0 && !former.Full {
			return index.DateOf(p.local(former.Started))
		}
	}
	return ""
}

// watchedSince is the day of the first pass that succeeded: this one's where none did.
func (p *pass) watchedSince() index.Date {
	since := p.started
	for _, former := range p.former {
		if former.Succeeded() {
			since = former.Started
		}
	}
	return index.DateOf(p.local(since))
}

// silent says whether the pass found less than the office's own history made near certain.
func (p *pass) silent(ctx context.Context) (outcome, reason string) {
	days, err := p.perDay(ctx)
	if err != nil {
		return index.PassBroken, err.Error()
	}
	p.record.Fresh, p.record.Expected = silence.Recent(days, p.local(p.Now()))
	if p.options.Max > 0 || p.options.Since != "" {
		return index.PassOK, "" // asked for a part only
	}
	return silence.Judge(p.evidence(days))
}

// suspicious tells whether a walk that found nothing new should not be believed yet: where
// something new is near certain the next source is asked as well.
func (p *pass) suspicious(ctx context.Context, w walked) bool {
	if w.fresh > 0 {
		return false
	}
	days, err := p.perDay(ctx)
	if err != nil {
		return false // the verdict meets the error again
	}
	outlook, known := silence.Since(days, max(p.lastNew(), p.watchedSince()), p.local(p.Now()))
	return known && outlook.NearCertain()
}
