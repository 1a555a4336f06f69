package crawler

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"agora/crawler/discover"
	"agora/crawler/office"
	"agora/index"
)

// Probed is what a site says of itself while nothing is collected: robots.txt and one
// page of a source were asked for, and nothing was kept.
type Probed struct {
	Office   string          `json:"office"`
	Outcome  string          `json:"outcome"` // of a pass
	Reason   string          `json:"reason"`
	Strategy string          `json:"strategy"` // that would be used
	Source   string          `json:"source"`
	Robots   string          `json:"robots"` // verdict on it
	Rule     string          `json:"rule"`   // of robots.txt that decides
	Delay    float64         `json:"crawl_delay"`
	Total    int             `json:"total"` // items that the source says it has; 0 where it doesn't say
	First    []ProbedAddress `json:"first"` // what would be asked for first
}

// ProbedAddress is an address that a source names.
type ProbedAddress struct {
	URL   string     `json:"url"`
	Title string     `json:"title"`
	Date  index.Date `json:"date"`
	Known bool       `json:"known"` // the crawler has asked for it already
}

// probedFirst is how many addresses a probe shows.
const probedFirst = 10

// Probe asks the sites of offices (all where there are none) for robots.txt and a page of
// a source, and tells what a pass would do.
func (c *Collector) Probe(ctx context.Context, codes []string) ([]Probed, error) {
	offices, err := c.chosen(codes)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	probed := []Probed{}
	var group errgroup.Group
	for _, o := range offices {
		group.Go(func() error {
			one, err := c.probe(ctx, o)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				probed = append(probed, one)
			}
			return err
		})
	}
	err = group.Wait()
	slices.SortFunc(probed, func(a, b Probed) int { return cmp.Compare(a.Office, b.Office) })
	return probed, err
}

// probe asks the sources of an office in their order for a page, up to the first that has
// rows.
func (c *Collector) probe(ctx context.Context, o office.Office) (Probed, error) {
	p := &pass{Collector: c, office: o}
	result := Probed{Office: o.ID, Robots: "unknown", First: []ProbedAddress{}}
	for i, source := range o.Sources {
		verdict, err := c.Web.Robots(ctx, source.URL)
		if ctx.Err() != nil {
			return result, ctx.Err()
		}
		if i == 0 && err == nil {
			result.Source, result.Strategy = source.URL, source.Kind
			result.Robots, result.Rule, result.Delay = verdict.String(), verdict.Rule, verdict.CrawlDelay.Seconds()
		}
		w := walked{source: source}
		page, err := c.firstPage(ctx, o, source)
		if ctx.Err() != nil {
			return result, ctx.Err()
		}
		if w.err = err; err == nil && len(page.Rows) > 0 {
			result.Source, result.Strategy, result.Total = source.URL, source.Kind, page.Total
			result.Robots, result.Rule, result.Delay = verdict.String(), verdict.Rule, verdict.CrawlDelay.Seconds()
			result.Outcome, result.Reason = index.PassOK, ""
			result.First, err = c.firstAddresses(ctx, o, page)
			return result, err
		}
		p.walks = append(p.walks, w)
	}
	result.Outcome, result.Reason = p.sourcesFailed()
	return result, nil
}

// firstPage returns the first page of a source.
func (c *Collector) firstPage(ctx context.Context, o office.Office, source office.Source) (discover.Page, error) {
	strategy := discover.For(source.Kind)
	for page, err := range strategy(ctx, discover.Walk{Office: o, Source: source, Now: c.Now(), Get: c.Web.Get}) {
		return page, err
	}
	return discover.Page{}, nil
}

// firstAddresses returns the first rows of a page, and which of them are known.
func (c *Collector) firstAddresses(ctx context.Context, o office.Office, page discover.Page) ([]ProbedAddress, error) {
	rows := page.Rows[:min(len(page.Rows), probedFirst)]
	addresses := make([]string, len(rows))
	for i, r := range rows {
		addresses[i] = r.Address
	}
	visits, err := c.Store.Visits(ctx, o.ID, addresses)
	if err != nil {
		return nil, err
	}
	first := make([]ProbedAddress, len(rows))
	for i, r := range rows {
		v, known := visits[r.Address]
		first[i] = ProbedAddress{URL: r.URL, Title: r.Title, Date: r.Date, Known: known && !v.Last.IsZero()}
	}
	return first, nil
}

// checkStrategy marks a recorded pass that only asked whether the site answers.
const checkStrategy = "check"

// Check probes all offices that are not paused and records those that fail, as passes: a site that can't be
// reached is as good a finding as one of a crawl. That one answers is not recorded, since
// nothing was collected.
func (c *Collector) Check(ctx context.Context) ([]Probed, error) {
	started := index.Instant(c.Now())
	paused, err := c.paused(ctx)
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, o := range c.Catalogue.All() {
		if _, is := paused[o.ID]; !is {
			codes = append(codes, o.ID)
		}
	}
	if len(codes) == 0 {
		return nil, nil
	}
	probed, err := c.Probe(ctx, codes)
	if err != nil {
		return nil, err
	}
	for _, p := range probed {
		if p.Outcome == index.PassOK {
			continue
		}
		pass := index.Pass{
			Office: p.Office, Source: p.Strategy + " " + p.Source, Strategy: checkStrategy, Started: started, Ended: index.Instant(c.Now()),
			Outcome: p.Outcome, Reason: p.Reason, Robots: p.Robots,
		}
		if _, err := c.Store.SavePass(ctx, pass); err != nil {
			return nil, err
		}
	}
	return probed, nil
}
