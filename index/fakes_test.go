package index

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"
)

// archive is a store in memory: releases by id and a change log.
type archive struct {
	Store    // what no test needs
	id       string
	releases map[string]Release
	log      []Change
	saves    int // ever; the time of a log entry, in ms
	passes   []Pass
	stances  []Stance
	state    CollectorState
	failing  error // of every method
}

func newArchive() *archive { return &archive{id: "one", releases: map[string]Release{}} }

// save adds or changes a release and logs it.
func (a *archive) save(id string, version int) {
	a.releases[id] = Release{Summary: Summary{ID: id, Title: "Title of " + id, Version: version}}
	a.saves++
	a.log = append(a.log, Change{Sequence: int64(len(a.log) + 1), ReleaseID: id, Version: version, Kind: ChangeNew, Time: time.UnixMilli(int64(a.saves))})
}

// backup returns a copy of the archive as it is.
func (a *archive) backup() *archive {
	return &archive{id: a.id, releases: maps.Clone(a.releases), log: slices.Clone(a.log)}
}

// restore puts a backup in place; time goes on.
func (a *archive) restore(b *archive) {
	a.releases, a.log = maps.Clone(b.releases), slices.Clone(b.log)
}

func (a *archive) ID() string { return a.id }

func (a *archive) Sequence(context.Context) (int64, error) { return int64(len(a.log)), a.failing }

func (a *archive) Count(context.Context) (int, error) { return len(a.releases), a.failing }

func (a *archive) Changes(_ context.Context, after int64, limit int) ([]Change, error) {
	rest := a.log[min(after, int64(len(a.log))):]
	return slices.Clone(rest[:min(limit, len(rest))]), a.failing
}

func (a *archive) Releases(_ context.Context, ids []string) ([]Release, error) {
	var found []Release
	for _, id := range ids {
		if r, ok := a.releases[id]; ok {
			found = append(found, r)
		}
	}
	return found, a.failing
}

func (a *archive) All(context.Context) (int64, iter.Seq2[Release, error], error) {
	return int64(len(a.log)), func(yield func(Release, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(a.releases)) {
			if !yield(a.releases[id], nil) {
				return
			}
		}
	}, a.failing
}

func (a *archive) Passes(context.Context, int) ([]Pass, error) { return a.passes, a.failing }

func (a *archive) Stances(context.Context) ([]Stance, error) { return a.stances, a.failing }

func (a *archive) CollectorState(context.Context) (CollectorState, error) { return a.state, a.failing }

// ledger is an engine in memory that knows which releases it has and answers as it is told.
type ledger struct {
	Engine   // what no test needs
	state    EngineState
	releases map[string]Release
	applied  []int // releases of each write
	rebuilt  int
	failures int // writes that fail before one succeeds
	failure  error
	found    Found
	selected []string
}

func newLedger() *ledger { return &ledger{releases: map[string]Release{}} }

func (l *ledger) State(context.Context) (EngineState, error) {
	if l.failures < 0 {
		return EngineState{}, l.failure
	}
	return l.state, nil
}

func (l *ledger) fails() bool {
	l.failures--
	return l.failures >= 0
}

func (l *ledger) Apply(_ context.Context, releases []Release, lineage string, sequence int64) error {
	if l.fails() {
		return l.failure
	}
	l.failures = 0
	for _, r := range releases {
		l.releases[r.ID] = r
	}
	l.applied = append(l.applied, len(releases))
	l.state = EngineState{Lineage: lineage, Sequence: sequence, Releases: len(l.releases)}
	return nil
}

func (l *ledger) Rebuild(_ context.Context, releases iter.Seq2[Release, error], lineage string, sequence int64) error {
	built := map[string]Release{}
	for r, err := range releases {
		if err != nil {
			return err
		}
		built[r.ID] = r
	}
	if l.fails() {
		return l.failure
	}
	l.failures = 0
	l.rebuilt++
	l.releases = built
	l.state = EngineState{Lineage: lineage, Sequence: sequence, Releases: len(built)}
	return nil
}

func (l *ledger) Search(context.Context, Query) (Found, error) { return l.found, l.failure }

func (l *ledger) Select(context.Context, Query) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, id := range l.selected {
			if !yield(id, nil) {
				return
			}
		}
		if l.failure != nil {
			yield("", l.failure)
		}
	}
}

// clock returns times that are a step apart.
func clock(start time.Time, step time.Duration) func() time.Time {
	return func() time.Time {
		start = start.Add(step)
		return start
	}
}
