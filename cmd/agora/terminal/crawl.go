package terminal

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"agora/crawler"
	"agora/index"
)

// Board shows the passes under way: on a terminal a bar for each office, else a line for
// each that runs every ten seconds.
type Board struct {
	out  io.Writer
	now  func() time.Time
	bars *mpb.Progress // nil where out is no terminal

	// Waiting says what a host is waiting for, and until when; nil: nobody knows.
	Waiting func(host string) (reason string, until time.Time)

	mu      sync.Mutex
	offices map[string]*lane
	spoken  time.Time
	ended   chan struct{}
}

// lane is what is shown of an office.
type lane struct {
	bar     *mpb.Bar
	state   atomic.Pointer[crawler.OfficeProgress] // read by the bars' own goroutine, which must not wait for the board
	started time.Time
}

// NewBoard returns a board that is told on out.
func NewBoard(out io.Writer, bars bool, now func() time.Time) *Board {
	b := &Board{out: out, now: now, offices: map[string]*lane{}, spoken: now(), ended: make(chan struct{})}
	if bars {
		b.bars = mpb.New(mpb.WithOutput(out), mpb.WithWidth(24), mpb.WithRefreshRate(200*time.Millisecond))
	} else {
		go b.remind()
	}
	return b
}

// Show takes a step of a pass.
func (b *Board) Show(p crawler.OfficeProgress) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.offices[p.Office]
	if l == nil {
		l = &lane{started: b.now()}
		l.state.Store(&p)
		b.offices[p.Office] = l
		if b.bars != nil {
			l.bar = b.bar(p.Office, l)
		}
	}
	l.state.Store(&p)
	if b.bars != nil {
		l.bar.SetTotal(int64(max(p.Planned, p.Done, 1)), false)
		l.bar.SetCurrent(int64(p.Done))
		if p.Phase == "done" {
			l.bar.Abort(true)
			delete(b.offices, p.Office)
		}
		return
	}
	if p.Phase == "done" {
		delete(b.offices, p.Office)
		return
	}
	b.speak()
}

// speak says how far all passes have come, where the last time is long enough ago.
func (b *Board) speak() {
	now := b.now()
	if now.Sub(b.spoken) < lineEvery {
		return
	}
	b.spoken = now
	for _, office := range slices.Sorted(maps.Keys(b.offices)) {
		l := b.offices[office]
		fmt.Fprintf(b.out, "crawling %s: %s (%s)\n", office, b.words(l), l.state.Load().Phase)
	}
}

// remind speaks also while hosts make everybody wait, until the board ends.
func (b *Board) remind() {
	tick := time.NewTicker(lineEvery)
	defer tick.Stop()
	for {
		select {
		case <-b.ended:
			return
		case <-tick.C:
			b.mu.Lock()
			b.speak()
			b.mu.Unlock()
		}
	}
}

// bar makes the bar of an office.
func (b *Board) bar(office string, l *lane) *mpb.Bar {
	words := func(decor.Statistics) string { return " " + b.words(l) }
	// Made without a total: only such a bar does not end when all that is known so far is done.
	return b.bars.AddBar(0, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(office+" ")), mpb.AppendDecorators(decor.Any(words)))
}

// words tells how far a pass has come.
func (b *Board) words(l *lane) string {
	s := l.state.Load()
	rate := float64(s.Done) / max(b.now().Sub(l.started).Minutes(), 1.0/60)
	text := fmt.Sprintf("%d found, %d of %d asked, %d new, %d changed, %d failed, %.0f/min", s.Found, s.Done, s.Planned, s.New, s.Changed, s.Failed, rate)
	if b.Waiting == nil {
		return text
	}
	if reason, until := b.Waiting(s.Host); reason != "" {
		text += ", " + reason
		if left := until.Sub(b.now()).Round(time.Second); left > 0 {
			text += " " + left.String()
		}
	}
	return Printable(text)
}

// End takes the bars away.
func (b *Board) End() {
	b.mu.Lock()
	close(b.ended)
	for _, l := range b.offices {
		if l.bar != nil {
			l.bar.Abort(true)
		}
	}
	b.mu.Unlock()
	if b.bars != nil {
		b.bars.Wait()
	}
}

// WriteCrawl writes what a crawl did as a table.
func WriteCrawl(out io.Writer, report crawler.CrawlReport) error {
	if len(report.Passes) == 0 {
		return nothingDue(out, report)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "OFFICE\tBY\tFOUND\tNEW\tEDITED\tUNCHANGED\tMISSING\tGONE\tFILES\tFAILED\tWAITING\tOUTCOME")
	for _, p := range report.Passes {
		numbers := ""
		for _, n := range []int{p.Found, p.New, p.Edited, p.Unchanged, p.Missing, p.Gone, p.Attachments, p.Failed, p.Waiting} {
			numbers += strconv.Itoa(n) + "\t"
		}
		fmt.Fprintf(table, "%s\t%s\t%s%s\n", p.Office, p.Strategy, numbers, p.Outcome)
	}
	return table.Flush()
}

// WriteFailures names what failed, each with its reason, and the offices that were left
// out though they were named.
func WriteFailures(out io.Writer, report crawler.CrawlReport, named bool) {
	for _, w := range report.Waiting {
		if named {
			fmt.Fprintf(out, "%s: left out: %s\n", w.Office, Printable(w.Reason))
		}
	}
	for _, p := range report.Passes {
		if p.Outcome != index.PassOK {
			fmt.Fprintf(out, "%s: %s\n", p.Office, Printable(p.Reason))
		}
		for _, f := range p.Failures {
			fmt.Fprintf(out, "%s: %s: %s\n", p.Office, Printable(f.URL), Printable(f.Reason))
		}
		if rest := p.Failed - len(p.Failures); rest > 0 {
			fmt.Fprintf(out, "%s: and %d more\n", p.Office, rest)
		}
	}
}

// nothingDue tells when the next office is due.
func nothingDue(out io.Writer, report crawler.CrawlReport) error {
	var next *time.Time
	for _, w := range report.Waiting {
		if w.Due != nil && (next == nil || w.Due.Before(*next)) {
			next = w.Due
		}
	}
	if next == nil {
		_, err := fmt.Fprintln(out, "no office to crawl: all are paused")
		return err
	}
	_, err := fmt.Fprintf(out, "no office is due before %s; --all crawls all of them now\n", next.Local().Format("2006-01-02 15:04"))
	return err
}

// WriteProbes writes what probes found.
func WriteProbes(out io.Writer, probed []crawler.Probed) error {
	for _, p := range probed {
		fmt.Fprintf(out, "%s: %s by %s %s\n    robots.txt: %s", p.Office, p.Outcome, p.Strategy, Printable(p.Source), p.Robots)
		if p.Rule != "" {
			fmt.Fprintf(out, " (%s)", Printable(p.Rule))
		}
		if p.Delay > 0 {
			fmt.Fprintf(out, ", asks for %g s between requests", p.Delay)
		}
		fmt.Fprintln(out)
		if p.Reason != "" {
			fmt.Fprintf(out, "    %s\n", Printable(p.Reason))
		}
		if p.Total > 0 {
			fmt.Fprintf(out, "    %d items, first:\n", p.Total)
		}
		for _, a := range p.First {
			known := "new  "
			if a.Known {
				known = "known"
			}
			fmt.Fprintf(out, "    %s  %-10s  %s\n", known, a.Date, Printable(a.URL))
		}
	}
	return nil
}
