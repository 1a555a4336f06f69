package crawler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"agora/crawler/discover"
	"agora/crawler/fetch"
	"agora/crawler/office"
	"agora/index"
)

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
