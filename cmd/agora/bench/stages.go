package bench

import (
	"context"
	"sync/atomic"
	"time"

	"agora/index"
)

// stages adds up where the time of answers goes.
type stages struct {
	engine, hits, marks, coverage, advice atomic.Int64 // nanoseconds
}

// Stages is where the time of an answer goes, in milliseconds on the average.
type Stages struct {
	Engine   float64 `json:"engine_ms"`    // matches, order and counts
	Hits     float64 `json:"hits_ms"`      // releases read from the store
	Marks    float64 `json:"highlight_ms"` // titles and snippets
	Coverage float64 `json:"coverage_ms"`  // passes and stances read, not yet judged
	Advice   float64 `json:"advice_ms"`
	Rest     float64 `json:"rest_ms"` // the question read, offices judged, the answer put together
}

// take returns the average of n answers that took total together, and begins anew.
func (s *stages) take(n int, total time.Duration) Stages {
	average := func(v *atomic.Int64) float64 { return milliseconds(time.Duration(v.Swap(0))) / float64(max(n, 1)) }
	t := Stages{average(&s.engine), average(&s.hits), average(&s.marks), average(&s.coverage), average(&s.advice), 0}
	t.Rest = milliseconds(total)/float64(max(n, 1)) - t.Engine - t.Hits - t.Marks - t.Coverage - t.Advice
	return t
}

// watch returns a searcher that is s, with a clock at each of its parts.
func (s *stages) watch(searcher index.Searcher) index.Searcher {
	mark, advise := searcher.Highlight, searcher.Advise
	searcher.Engine = watchedEngine{searcher.Engine, s}
	searcher.Store = watchedReader{searcher.Store, s}
	searcher.Highlight = func(q index.Query) func(r index.Release) (title, snippet string) {
		defer add(&s.marks, time.Now())
		marked := mark(q)
		return func(r index.Release) (title, snippet string) {
			defer add(&s.marks, time.Now())
			return marked(r)
		}
	}
	if advise != nil {
		searcher.Advise = func(ctx context.Context, q index.Query, found index.Found) (index.Advice, error) {
			defer add(&s.advice, time.Now())
			return advise(ctx, q, found)
		}
	}
	return searcher
}

func add(to *atomic.Int64, start time.Time) { to.Add(int64(time.Since(start))) }

type watchedEngine struct {
	index.Engine
	stages *stages
}

// Search implements index.Engine.
func (w watchedEngine) Search(ctx context.Context, q index.Query) (index.Found, error) {
	defer add(&w.stages.engine, time.Now())
	return w.Engine.Search(ctx, q)
}

type watchedReader struct {
	index.Reader
	stages *stages
}

// Releases implements index.Reader.
func (w watchedReader) Releases(ctx context.Context, ids []string) ([]index.Release, error) {
	defer add(&w.stages.hits, time.Now())
	return w.Reader.Releases(ctx, ids)
}

// Passes implements index.Reader.
func (w watchedReader) Passes(ctx context.Context, limit int) ([]index.Pass, error) {
	defer add(&w.stages.coverage, time.Now())
	return w.Reader.Passes(ctx, limit)
}

// Stances implements index.Reader.
func (w watchedReader) Stances(ctx context.Context) ([]index.Stance, error) {
	defer add(&w.stages.coverage, time.Now())
	return w.Reader.Stances(ctx)
}

// CollectorState implements index.Reader.
func (w watchedReader) CollectorState(ctx context.Context) (index.CollectorState, error) {
	defer add(&w.stages.coverage, time.Now())
	return w.Reader.CollectorState(ctx)
}
