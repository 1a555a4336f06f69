package pages

import (
	"context"
	"sync"
	"time"

	"agora/index"
	"agora/server/api"
)

// holdingsKept is how long the numbers of what is held may be shown again: they stand on
// every page and are of the whole archive, so a rush of readers asks for them once.
const holdingsKept = 2 * time.Second

// totals are what the archive holds, office by office.
type totals struct {
	Offices  []api.Office // all 56, by name of state
	Releases int
	Undated  int
	Gone     int // missing ones included
	With     int // offices that have releases
	Current  int
	Failing  int
	Stale    int
	Never    int
}

// holdings reads what is held, not more often than is worth it.
type holdings struct {
	searcher index.Searcher
	now      func() time.Time

	mu   sync.Mutex
	read time.Time
	last *totals
}

// get returns what is held; the result must not be changed.
func (h *holdings) get(ctx context.Context) (*totals, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	if h.last != nil && now.Sub(h.read) < holdingsKept {
		return h.last, nil
	}
	counts, err := h.searcher.Store.OfficeCounts(ctx)
	if err != nil {
		return nil, err
	}
	health, err := h.searcher.Health(ctx)
	if err != nil {
		return nil, err
	}
	h.last, h.read = summed(api.ListOffices(counts, health)), now
	return h.last, nil
}

// office returns what is held of one office.
func (h *totals) office(code string) api.Office {
	for _, o := range h.Offices {
		if o.Code == code {
			return o
		}
	}
	return api.Office{}
}

// summed adds up the offices.
func summed(offices []api.Office) *totals {
	h := &totals{Offices: offices}
	for _, o := range offices {
		h.Releases += o.Held
		h.Undated += o.Undated
		h.Gone += o.Missing + o.Gone
		if o.Held > 0 {
			h.With++
		}
		switch o.Health {
		case index.HealthCurrent:
			h.Current++
		case index.HealthFailing:
			h.Failing++
		case index.HealthStale:
			h.Stale++
		case index.HealthNever:
			h.Never++
		}
	}
	return h
}
