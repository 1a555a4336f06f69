package terminal

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// lineEvery is how often long work speaks where no terminal shows a bar.
const lineEvery = 10 * time.Second

// Progress tells how far long work has come: a bar on a terminal, else a line every ten
// seconds. Its methods may be called from any goroutine.
type Progress struct {
	out    io.Writer
	bars   bool // out is a terminal
	now    func() time.Time
	action string // "indexing"
	unit   string // "releases"

	mu      sync.Mutex
	bar     *progressbar.ProgressBar
	started time.Time
	spoken  time.Time
}

// NewProgress returns the progress of an action on units ("releases"), told on out: with
// a bar if that is a terminal.
func NewProgress(out io.Writer, bars bool, now func() time.Time, action, unit string) *Progress {
	start := now()
	return &Progress{out: out, bars: bars, now: now, action: action, unit: unit, started: start, spoken: start}
}

// Report is an index.Progress.
func (p *Progress) Report(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bars {
		p.draw(done, total)
		return
	}
	now := p.now()
	if now.Sub(p.spoken) < lineEvery {
		return
	}
	p.spoken = now
	of := ""
	if total > 0 {
		of = fmt.Sprintf(" of %d", total)
	}
	rate := float64(done) / max(now.Sub(p.started).Seconds(), 0.001)
	fmt.Fprintf(p.out, "%s: %d%s %s, %.0f/s\n", p.action, done, of, p.unit, rate)
}

// draw shows the bar, made when the first report comes so that short work shows none.
func (p *Progress) draw(done, total int) {
	if total <= 0 {
		total = -1 // an unknown end is a spinner
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(p.action),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString(p.unit),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	if p.bar.GetMax() != total {
		p.bar.ChangeMax(total)
	}
	_ = p.bar.Set(done) // a bar that can't be drawn is no reason to stop
}

// End takes the bar away.
func (p *Progress) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish() // as above
		p.bar = nil
	}
}
