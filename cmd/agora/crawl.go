package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"agora/cmd/agora/terminal"
	"agora/crawler"
	"agora/crawler/fetch"
	"agora/crawler/office"
	"agora/index"
)

// crawlFlags say how sites are asked and by which catalogue; run and crawl share them.
type crawlFlags struct {
	Offices      string        `name:"offices" help:"Catalogue file whose entries replace embedded ones whole." placeholder:"FILE" type:"path"`
	Only         string        `name:"only" help:"Catalogue file that is used alone." placeholder:"FILE" type:"path"`
	MinDelay     time.Duration `help:"Least pause between requests to a host; Crawl-delay and Retry-After always hold." default:"3s"`
	GoneAfter    time.Duration `help:"How long a missing release is looked for until it counts as gone." default:"336h"`
	AllowPrivate bool          `help:"Also ask hosts at private addresses (tests, intranets)."`
	Contact      string        `help:"Address shown to the sites, for questions and complaints." placeholder:"URL"`
}

// crawlCommand makes one pass over the offices that are due.
type crawlCommand struct {
	Office []string `name:"office" help:"Crawl these offices (VA,WV), due or not." placeholder:"CODE"`
	All    bool     `help:"Crawl all offices and visit all known releases again, due or not."`
	Full   bool     `help:"Walk every source to its end again."`
	Since  string   `help:"Leave out what a listing dates earlier (YYYY-MM-DD)." placeholder:"DATE"`
	Max    int      `help:"Take at most so many new releases an office." placeholder:"N"`
	DryRun bool     `help:"Show what would be asked: verdict of robots.txt, way in, first addresses."`
	JSON   bool     `name:"json" help:"Print the summary as JSON."`
	crawlFlags
}

// Run crawls and brings the index in step.
func (c *crawlCommand) Run(ctx context.Context, a *app) (err error) {
	options, err := c.options()
	if err != nil {
		return err
	}
	catalogue, err := c.catalogue()
	if err != nil {
		return err
	}
	taken, err := a.acquire(collectLock, "crawl")
	if err != nil {
		return err
	}
	defer closeAfter(taken, &err)
	store, err := a.openStore(ctx, true)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)
	board := terminal.NewBoard(a.Stderr, a.Terminal, a.Now)
	collector, closeWeb, err := a.newCollector(ctx, catalogue, store, store, c.crawlFlags, board.Show)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := closeWeb(); err == nil {
			err = closeErr
		}
	}()
	board.Waiting = collector.Web.Waiting
	if c.DryRun {
		return c.dryRun(ctx, a, collector, options)
	}
	restore := favorMemory()
	report, err := collector.Crawl(ctx, options)
	restore()
	board.End()
	a.joinMatters(ctx, store)
	if syncErr := a.syncIfFree(context.WithoutCancel(ctx), store, "crawl"); err == nil {
		err = syncErr
	}
	c.name(a, report)
	if printErr := c.print(a, report); err == nil {
		err = printErr
	}
	if err != nil {
		return err
	}
	return failedPasses(report.Passes)
}

// dryRun shows what a pass would ask for.
func (c *crawlCommand) dryRun(ctx context.Context, a *app, collector *crawler.Collector, options crawler.CrawlOptions) error {
	probed, err := collector.Probe(ctx, options.Offices)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(a.Stdout).Encode(probed)
	} else {
		err = terminal.WriteProbes(a.Stdout, probed)
	}
	for _, p := range probed {
		if p.Outcome != index.PassOK && err == nil {
			return fmt.Errorf("%w: not all offices can be crawled (named above)", errPartly)
		}
	}
	return err
}

// options reads the flags that say which offices and how far.
func (c *crawlCommand) options() (crawler.CrawlOptions, error) {
	options := crawler.CrawlOptions{All: c.All, Full: c.Full, Max: c.Max}
	for _, codes := range c.Office {
		for code := range strings.SplitSeq(codes, ",") {
			if code = strings.TrimSpace(code); code != "" {
				options.Offices = append(options.Offices, code)
			}
		}
	}
	if c.Since != "" {
		since, ok := index.ParseDate(c.Since)
		if !ok {
			return options, fmt.Errorf("%w: --since %s is no day; write it as 2024-05-31", errUsage, c.Since)
		}
		options.Since = since
	}
	if c.Max < 0 {
		return options, fmt.Errorf("%w: --max %d is less than nothing", errUsage, c.Max)
	}
	return options, nil
}

// catalogue returns the catalogue that the flags ask for.
func (c *crawlFlags) catalogue() (office.Catalogue, error) {
	switch {
	case c.Only != "" && c.Offices != "":
		return office.Catalogue{}, fmt.Errorf("%w: --only and --offices exclude each other", errUsage)
	case c.Only != "":
		offices, err := readCatalogue(c.Only)
		if err != nil {
			return office.Catalogue{}, err
		}
		return office.New(offices)
	}
	catalogue, err := office.Embedded()
	if err != nil {
		return catalogue, fmt.Errorf("read the built-in catalogue: %w", err)
	}
	if c.Offices == "" {
		return catalogue, nil
	}
	offices, err := readCatalogue(c.Offices)
	return catalogue.With(offices), err
}

func readCatalogue(path string) (offices []office.Office, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: read catalogue: %w", errUsage, err)
	}
	defer closeAfter(file, &err)
	if offices, err = office.Read(file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return offices, nil
}

// newCollector makes what crawls: the hands that keep, and the guest that asks.
func (a *app) newCollector(ctx context.Context, catalogue office.Catalogue, store index.Store, hosts fetch.HostStore, flags crawlFlags, observe func(crawler.OfficeProgress)) (*crawler.Collector, func() error, error) {
	hands, err := a.newIntakeOf(catalogue, store, nil)
	if err != nil {
		return nil, nil, err
	}
	web, err := fetch.New(fetch.Options{
		Product: "Agora", Version: programVersion(), Contact: flags.Contact, MinDelay: flags.MinDelay, AllowPrivate: flags.AllowPrivate,
		Hosts: hosts, Now: a.Now, Logger: a.Logger,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errUsage, err)
	}
	if flags.Contact == "" {
		a.Logger.Warn("no --contact is set: the sites can't tell who asks, so public hosts are asked at most once in 10 s")
	}
	collector := &crawler.Collector{Intake: hands, Web: web, Agent: web.Agent(), Contact: flags.Contact, GoneAfter: flags.GoneAfter, Observe: observe}
	return collector, func() error { return web.Close(context.WithoutCancel(ctx)) }, nil
}

// failedPasses is the end of a crawl in which offices failed.
func failedPasses(passes []crawler.PassResult) error {
	failed := 0
	for _, p := range passes {
		if p.Outcome != index.PassOK {
			failed++
		}
	}
	switch {
	case failed == 0:
		return nil
	case failed == len(passes):
		return fmt.Errorf("%w: no pass succeeded (named above)", errPartly)
	}
	return fmt.Errorf("%w: %d of %d passes failed (named above)", errPartly, failed, len(passes))
}

// print writes the summary.
func (c *crawlCommand) print(a *app, report crawler.CrawlReport) error {
	if c.JSON {
		return json.NewEncoder(a.Stdout).Encode(report)
	}
	return terminal.WriteCrawl(a.Stdout, report)
}

// name names on stderr what failed or was left out.
func (c *crawlCommand) name(a *app, report crawler.CrawlReport) {
	terminal.WriteFailures(a.Stderr, report, len(c.Office) > 0)
}
