package bleveindex

import (
	"context"
	"errors"
	"time"
)

const (
	// quickLimit is how long a search works before it has to wait for the slow lane. In it
	// are few at a time, so that what takes long leaves room for what does not.
	quickLimit = 10 * time.Millisecond
	// softLimit is after how long a search does with less: no more words are looked for,
	// and what is found is no longer ranked by relevance.
	softLimit = time.Second
	// hardLimit is the longest that a search works; what it has found by then is its answer.
	hardLimit = 3 * time.Second
)

// errHardLimit ends a search that took too long.
var errHardLimit = errors.New("search took too long")

// pace is how long one search may go on. It is used by one goroutine.
type pace struct {
	done  <-chan struct{} // closed when the search has to stop
	cause func() error    // why it had to
	lane  chan struct{}   // a place for each search that may be slow at a time
	slow  bool            // it has one of them
	whole bool            // it does with nothing less: no soft limit
	now   func() time.Time
	begun time.Time
}

func (e *Engine) newPace(ctx context.Context) *pace {
	cause := func() error { return context.Cause(ctx) }
	return &pace{done: ctx.Done(), cause: cause, lane: e.slow, now: e.now, begun: e.now()}
}

// Check returns why the search has to stop, nil while it has not. A search that is no
// longer quick waits here until there is a place for it.
func (p *pace) Check() error {
	if err := p.Ended(); err != nil {
		return err
	}
	if p.slow || p.now().Sub(p.begun) < quickLimit {
		return nil
	}
	waiting := p.now()
	select {
	case p.lane <- struct{}{}:
		p.slow = true
		p.begun = p.begun.Add(p.now().Sub(waiting)) // who only waited need not do with less
		return nil
	case <-p.done:
		return p.cause()
	}
}

// Ended returns why the search has to stop. Any goroutine may ask.
func (p *pace) Ended() error {
	select {
	case <-p.done:
		return p.cause()
	default:
		return nil
	}
}

// Late tells whether the soft limit is over.
func (p *pace) Late() bool { return !p.whole && p.now().Sub(p.begun) >= softLimit }

// leave gives up the place in the slow lane.
func (p *pace) leave() {
	if p.slow {
		p.slow = false
		<-p.lane
	}
}
