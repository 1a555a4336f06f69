package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"agora/index"
	"agora/index/vocabulary"
)

// Offices is what the archive holds of every office and how well it keeps up with it.
type Offices struct {
	Offices  []Office       `json:"offices"`
	Coverage index.Coverage `json:"coverage"`

	Collector Collector `json:"collector"`
}

// Collector is what the collector says of itself, so that a dead one can be noticed.
type Collector struct {
	Agent   index.NullableString `json:"agent"`
	Contact index.NullableString `json:"contact"`
	Beat    *time.Time           `json:"beat"`    // last sign of life
	Running bool                 `json:"running"` // said then that it crawls on its own schedule
}

// Office is one of the 56.
type Office struct {
	Code        string       `json:"code"`
	Name        string       `json:"name"`
	Held        int          `json:"held"`
	Undated     int          `json:"undated"`
	Missing     int          `json:"missing"`
	Gone        int          `json:"gone"`
	Oldest      index.Date   `json:"oldest"`
	Newest      index.Date   `json:"newest"`
	LastSeen    *time.Time   `json:"last_seen"`
	Health      index.Health `json:"health"`
	Reason      string       `json:"reason"`
	LastPass    *time.Time   `json:"last_pass"`
	LastSuccess *time.Time   `json:"last_success"`
	Expected    *float64     `json:"expected"`
	Found       *int         `json:"found"` // rows of the last pass

	Fresh        *int          `json:"fresh"`         // of what expected is about
	Cause        string        `json:"cause"`         // outcome of the last pass, where that failed
	FailingSince *time.Time    `json:"failing_since"` // start of the first of the failures in a row
	Strategy     string        `json:"strategy"`      // kind of the source in use
	Source       string        `json:"source"`        // its kind and address
	Robots       string        `json:"robots"`        // verdict of robots.txt on it: allowed, disallowed, unknown
	Stance       *index.Stance `json:"stance"`        // what people decided, while it holds
}

// Unhealthy tells whether somebody should look at the office.
func (o *Office) Unhealthy() bool {
	return index.OfficeHealth{Health: o.Health, Stance: o.Stance}.Unhealthy()
}

// Offices lists all offices by name.
func (a *API) Offices(r *http.Request) (Offices, error) {
	if _, err := onlyParameters(r); err != nil {
		return Offices{}, err
	}
	held, err := a.Holdings.Totals(r.Context())
	if err != nil {
		return Offices{}, err
	}
	answer := Offices{
		Offices: held.Offices, Coverage: index.Coverage{Offices: len(held.Offices), Behind: []string{}},
		Collector: Collector{
			Agent: index.NullableString(held.Collector.Agent), Contact: index.NullableString(held.Collector.Contact),
			Beat: known(held.Collector.Beat), Running: held.Collector.Running,
		},
	}
	for _, o := range held.Offices {
		if o.Health == index.HealthCurrent {
			answer.Coverage.Current++
		} else {
			answer.Coverage.Behind = append(answer.Coverage.Behind, o.Code)
		}
	}
	slices.Sort(answer.Coverage.Behind)
	return answer, nil
}

// listOffices joins what is held of the offices with their health, by name of state.
func listOffices(counts []index.OfficeCount, health []index.OfficeHealth) []Office {
	byCode := make(map[string]*Office, len(vocabulary.Offices))
	offices := make([]Office, len(vocabulary.Offices))
	for i, o := range vocabulary.Offices {
		offices[i] = Office{Code: o.Code, Name: o.Name, Health: index.HealthNever}
		byCode[o.Code] = &offices[i]
	}
	for _, c := range counts {
		if o := byCode[c.Office]; o != nil {
			o.Held, o.Undated, o.Missing, o.Gone, o.Oldest, o.Newest = c.Held, c.Undated, c.Missing, c.Gone, c.Oldest, c.Newest
			o.LastSeen = known(c.LastSeen)
		}
	}
	for _, h := range health {
		if o := byCode[h.Office]; o != nil {
			o.Health, o.Reason, o.LastPass, o.LastSuccess, o.Expected, o.Found = h.Health, h.Reason, h.LastPass, h.LastSuccess, h.Expected, h.Found
			o.Fresh, o.Cause, o.FailingSince, o.Strategy, o.Source, o.Robots, o.Stance = h.Fresh, h.Cause, h.FailingSince, h.Strategy, h.Source, h.Robots, h.Stance
		}
	}
	return offices
}

// known returns a time, or nil where it is not known.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Passes are the latest passes over an office, newest first.
type Passes struct {
	Office string `json:"office"`
	Passes []Pass `json:"passes"`
}

// Pass is one walk over an office.
type Pass struct {
	Started  time.Time            `json:"started"`
	Ended    *time.Time           `json:"ended"` // null: still running, or died
	Strategy string               `json:"strategy"`
	Source   string               `json:"source"`
	Robots   string               `json:"robots"`
	Full     bool                 `json:"full"` // walked to the end of every source
	From     index.NullableString `json:"from"` // first and last row seen, as address
	To       index.NullableString `json:"to"`
	Found    int                  `json:"found"`
	New      int                  `json:"new"`
	Edited   int                  `json:"edited"`
	Failed   int                  `json:"failed"`
	Fresh    int                  `json:"fresh"`
	Expected *float64             `json:"expected"`
	Outcome  index.NullableString `json:"outcome"` // null: not ended
	Reason   string               `json:"reason"`
	Fill     index.Fill           `json:"fill"`
}

// Limits of how many passes are shown. A store reads so many of every office.
const (
	defaultPasses = 20
	MaxPasses     = 50
)

// Passes lists the latest passes over an office.
func (a *API) Passes(r *http.Request, code string) (Passes, error) {
	values, err := onlyParameters(r, "limit")
	if err != nil {
		return Passes{}, err
	}
	limit, err := number(values, "limit", defaultPasses, 1, MaxPasses)
	if err != nil {
		return Passes{}, err
	}
	office, ok := vocabulary.OfficeByCode(code)
	if !ok {
		return Passes{}, fmt.Errorf("find office %q: %w", code, index.ErrNotFound)
	}
	passes, err := LatestPasses(r.Context(), a.Store, office.Code, int(limit))
	if err != nil {
		return Passes{}, err
	}
	answer := Passes{Office: office.Code, Passes: make([]Pass, 0, len(passes))}
	for _, p := range passes {
		answer.Passes = append(answer.Passes, Pass{
			Started: p.Started, Ended: known(p.Ended), Strategy: p.Strategy, Source: p.Source, Robots: p.Robots, Full: p.Full,
			From: index.NullableString(p.From), To: index.NullableString(p.To), Found: p.Found, New: p.New, Edited: p.Edited, Failed: p.Failed,
			Fresh: p.Fresh, Expected: p.Expected, Outcome: index.NullableString(p.Outcome), Reason: p.Reason, Fill: p.Fill,
		})
	}
	return answer, nil
}

// LatestPasses reads the latest passes over an office, newest first.
func LatestPasses(ctx context.Context, store index.Reader, office string, limit int) ([]index.Pass, error) {
	all, err := store.Passes(ctx, limit)
	if err != nil {
		return nil, err
	}
	var passes []index.Pass
	for _, p := range all {
		if p.Office == office {
			passes = append(passes, p)
		}
	}
	return passes, nil
}
