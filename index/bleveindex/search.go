package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"agora/index"
	"agora/index/bleveindex/columns"
	"agora/index/bleveindex/postings"
)

// Search implements index.Engine. A limit of 0 asks for counts alone. The histogram
// obeys all filters, its own range of days included.
func (e *Engine) Search(ctx context.Context, q index.Query) (index.Found, error) {
	if err := e.enter(); err != nil {
		return index.Found{}, err
	}
	defer e.leave()
	var at *cursor
	if q.Cursor != "" {
		c, err := readCursor(q)
		if err != nil {
			return index.Found{}, err
		}
		at = &c
	}
	v, err := e.viewFor(at)
	if err != nil {
		return index.Found{}, err
	}
	defer e.drop(v)
	ctx, cancel := e.limited(ctx, hardLimit)
	defer cancel()
	s := e.newSearch(ctx, v, q)
	s.at = at
	if q.Limit > 0 {
		s.ranking.limit = min(q.Limit, maxPage) + 1 // one more tells whether there is a next page
	} else {
		s.ranking.limit = -1
	}
	if err := s.run(); err != nil {
		return index.Found{}, err
	}
	return e.found(s), nil
}

// maxPage bounds the results of one page, whatever is asked for.
const maxPage = 10 * index.MaxLimit

// viewFor returns the view to search, acquired: that of the cursor, where it needs one.
func (e *Engine) viewFor(at *cursor) (*view, error) {
	if at == nil || at.View == "" {
		return e.acquire(), nil
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if v := e.held.find(at.View, e.now()); v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("continue search: %w", index.ErrCursorExpired)
}

// drop releases a view; that its files can't be closed is no error of a search.
func (e *Engine) drop(v *view) {
	if err := v.release(); err != nil {
		e.logger.Warn("close a snapshot of the index", "error", err)
	}
}

// limited returns a context that ends with ctx, with the engine, or after limit where
// that is not 0.
func (e *Engine) limited(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := func() { cancel(nil) }
	if limit > 0 {
		var stopTimer context.CancelFunc
		ctx, stopTimer = context.WithTimeoutCause(ctx, limit, errHardLimit)
		done = func() {
			stopTimer()
			cancel(nil)
		}
	}
	go func() { // until done is called
		select {
		case <-e.closing:
			cancel(fmt.Errorf("search: the index is closing: %w", index.ErrUnavailable))
		case <-ctx.Done():
		}
	}()
	return ctx, done
}

// hardLimit is the longest that a search works; what it has found by then is its answer.
const hardLimit = 3 * time.Second

// errHardLimit ends a search that took too long.
var errHardLimit = errors.New("search took too long")

// found makes the answer of a search that has run.
func (e *Engine) found(s *search) index.Found {
	q := s.query
	found := index.Found{
		Total: s.census.Total, Groups: s.census.Total, Exact: s.question.Exact, Undated: s.census.Undated,
		Matches: []index.Match{}, Histogram: s.census.Histogram(), Warnings: s.question.Warnings,
		Sequence: s.view.state.Sequence,
	}
	if q.Facets != nil {
		found.Facets = s.census.Facets()
	}
	kept := s.ranking.sorted()
	more := q.Limit > 0 && len(kept) == s.ranking.limit
	if more {
		kept = kept[:len(kept)-1]
	}
	for i := range kept {
		m := index.Match{ReleaseID: kept[i].columns.ID(kept[i].doc)}
		if s.sort == index.SortRelevance {
			m.Score = &kept[i].score
		}
		found.Matches = append(found.Matches, m)
	}
	if more {
		found.Next = e.next(s, kept[len(kept)-1])
	}
	return found
}

// next returns the cursor of the page after last.
func (e *Engine) next(s *search, last candidate) string {
	c := cursor{Query: digest(s.query), Primary: last.primary, Secondary: last.secondary, ID: last.columns.ID(last.doc)}
	if s.sort == index.SortRelevance {
		e.mutex.Lock()
		name, expired := e.held.hold(s.view, e.now())
		e.mutex.Unlock()
		for _, v := range expired {
			e.drop(v)
		}
		c.View = name
	}
	return c.String()
}

// Select implements index.Engine.
func (e *Engine) Select(ctx context.Context, q index.Query) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := e.enter(); err != nil {
			yield("", err)
			return
		}
		defer e.leave()
		v := e.acquire()
		defer e.drop(v)
		ctx, cancel := e.limited(ctx, 0)
		defer cancel()
		q.Facets, q.Interval = nil, ""
		s := e.newSearch(ctx, v, q)
		if err := s.run(); err != nil {
			yield("", err)
			return
		}
		for _, c := range s.ranking.sorted() {
			if err := s.question.Check(); err != nil {
				yield("", err)
				return
			}
			if !yield(c.columns.ID(c.doc), nil) {
				return
			}
		}
	}
}

// search is one query on its way through the segments of a view.
type search struct {
	engine   *Engine
	query    index.Query
	sort     index.Sort
	at       *cursor
	view     *view
	question *postings.Question
	census   *columns.Census
	ranking  ranking
}

func (e *Engine) newSearch(ctx context.Context, v *view, q index.Query) *search {
	return &search{
		engine: e, query: q, view: v, census: columns.NewCensus(q),
		question: postings.NewQuestion(ctx, &v.content, e.fuzzy, q.Root),
	}
}

// run goes through all segments. What was found when the time is up is the answer.
func (s *search) run() error {
	err := s.walk()
	if errors.Is(err, errHardLimit) {
		s.question.Exact = false
		s.question.Warnings = append(s.question.Warnings, index.Warning{Code: "time_limit",
			Message: fmt.Sprintf("The search was stopped after %s; there may be more than this.", hardLimit)})
		return nil
	}
	return err
}

func (s *search) walk() error {
	words := s.question.HasWords()
	s.sort = s.query.Sort
	switch {
	case s.sort == "" && words:
		s.sort = index.SortRelevance
	case s.sort == "", s.sort == index.SortRelevance && !words:
		s.sort = index.SortNewest
	}
	if s.sort == index.SortRelevance {
		if err := s.question.Prepare(); err != nil {
			return err
		}
	}
	for i := range s.view.content.Segments {
		if err := s.segment(i); err != nil {
			return err
		}
	}
	return nil
}

// blockSize is how many documents are counted at a time: enough to forget the calls.
const blockSize = 4096

// segment counts and ranks the documents of one segment.
func (s *search) segment(i int) error {
	set, err := s.question.Match(i)
	if err != nil {
		return err
	}
	c := s.view.content.Segments[i].Columns
	count := s.census.Segment(c)
	block := make([]uint32, blockSize)
	var passed []uint32
	for docs := set.ManyIterator(); ; {
		n := docs.NextMany(block)
		if n == 0 {
			break
		}
		if err := s.question.Check(); err != nil {
			return err
		}
		found := count.Add(block[:n])
		if s.sort == index.SortRelevance {
			passed = append(passed, found...)
			continue
		}
		s.rank(c, found, nil)
	}
	if len(passed) == 0 {
		return nil
	}
	memory := s.engine.scratch.Get().(*postings.Scratch)
	defer s.engine.scratch.Put(memory)
	defer memory.Clear(passed)
	if err := s.question.Score(i, passed, memory); err != nil {
		return err
	}
	s.rank(c, passed, memory.Scores)
	return nil
}

// rank offers documents to the ranking.
func (s *search) rank(c *columns.Columns, docs []uint32, scores []float64) {
	if s.ranking.limit < 0 {
		return
	}
	for _, doc := range docs {
		score := 0.0
		if scores != nil {
			score = scores[doc]
		}
		k := key(s.sort, c, doc, score)
		if s.at == nil || k.follows(*s.at) {
			s.ranking.add(k)
		}
	}
}
