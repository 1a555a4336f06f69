package api

import (
	"context"
	"sync"
	"time"

	"agora/index"
)

// totalsKept is how long the numbers of what is held may be shown again: they stand on
// every page and are of the whole archive, so a rush of readers asks for them once.
const totalsKept = 2 * time.Second

// Holdings reads what the archive holds and how well it keeps up, not more often than is
// worth it. It is safe for use by many goroutines.
type Holdings struct {
	searcher index.Searcher
	now      func() time.Time

	mu   sync.Mutex
	read time.Time
	last *Totals

	counting   chan struct{} // held while coalitions are counted
	coalitions kept[*Coalitions]
	years      kept[map[string][]index.Count]
}

// NewHoldings returns the holdings of an archive.
func NewHoldings(searcher index.Searcher, now func() time.Time) *Holdings {
	return &Holdings{searcher: searcher, now: now, counting: make(chan struct{}, 1)}
}

// Totals returns what is held, as it was some seconds ago at most; the result must not be
// changed.
func (h *Holdings) Totals(ctx context.Context) (*Totals, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	if h.last != nil && now.Sub(h.read) < totalsKept {
		return h.last, nil
	}
	totals, err := readTotals(ctx, h.searcher)
	if err != nil {
		return nil, err
	}
	h.last, h.read = totals, now
	return h.last, nil
}

// Totals are what the archive holds, office by office and together.
type Totals struct {
	Offices   []Office // all 56, by name of state
	Collector index.CollectorState
	Alive     time.Time // last sign of life of a collector; zero where none ever ran
	Releases  int
	Undated   int
	Gone      int // missing ones included
	With      int // offices that have releases
}

// Office returns what is held of one office.
func (t *Totals) Office(code string) Office {
	for _, o := range t.Offices {
		if o.Code == code {
			return o
		}
	}
	return Office{}
}

// readTotals reads the offices and adds them up.
func readTotals(ctx context.Context, searcher index.Searcher) (*Totals, error) {
	counts, err := searcher.Store.OfficeCounts(ctx)
	if err != nil {
		return nil, err
	}
	health, err := searcher.Health(ctx)
	if err != nil {
		return nil, err
	}
	collector, err := searcher.Store.CollectorState(ctx)
	if err != nil {
		return nil, err
	}
	t := &Totals{Offices: listOffices(counts, health), Collector: collector, Alive: collector.Beat}
	for _, o := range t.Offices {
		t.Releases += o.Held
		t.Undated += o.Undated
		t.Gone += o.Missing + o.Gone
		if o.Held > 0 {
			t.With++
		}
		if o.LastPass != nil && o.LastPass.After(t.Alive) {
			t.Alive = *o.LastPass // a pass that ended is a sign of life, too
		}
	}
	return t, nil
}
