package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"sort"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

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

// found makes the answer of a search that has run.
func (e *Engine) found(s *search) index.Found {
	q := s.query
	found := index.Found{
		Total: s.census.Total, Groups: s.groups(), Exact: s.question.Exact, Undated: s.census.Undated,
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
		if s.byRelevance() {
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
	if s.byRelevance() {
		e.mutex.Lock()
		name, expired := e.held.hold(s.view, e.now())
		e.mutex.Unlock()
		for _, v := range expired {
			e.drop(v)
		}
		c.View, c.Unranked = name, s.question.Unranked
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
		q.Facets, q.Interval, q.Collapse = nil, "", false
		s := e.newSearch(ctx, v, q)
		s.pace.whole = true
		err := s.run()
		if err == nil && !s.question.Exact {
			err = fmt.Errorf("select all of a search: %s: %w", s.question.Warnings[len(s.question.Warnings)-1].Message, index.ErrUnavailable)
		}
		if err != nil {
			yield("", err)
			return
		}
		for _, c := range s.ranking.sorted() {
			if ctx.Err() != nil {
				yield("", context.Cause(ctx))
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
	matters  matters
	pace     *pace
	same     *float64 // the score of all matches, where they share one
}

func (e *Engine) newSearch(ctx context.Context, v *view, q index.Query) *search {
	p := e.newPace(ctx)
	return &search{
		engine: e, query: q, view: v, census: columns.NewCensus(q), pace: p,
		question: postings.NewQuestion(p, &v.content, e.fuzzy, q.Root),
		matters:  matters{first: map[string]candidate{}},
	}
}

func (s *search) byRelevance() bool { return s.sort == index.SortRelevance }

// run goes through all segments. What was found when the time is up is the answer.
func (s *search) run() error {
	defer s.pace.leave()
	err := s.walk()
	if errors.Is(err, errHardLimit) {
		s.rankMatters()
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
	s.question.Unranked = s.byRelevance() && s.at != nil && s.at.Unranked
	s.question.Patient = s.at != nil // the pages before say what the scores are
	if s.question.Unranked {
		s.same = new(float64)
	} else if s.byRelevance() {
		if err := s.question.Prepare(); err != nil {
			return err
		}
		if same, ok := s.question.Same(); ok {
			s.same = &same
		}
	}
	if err := s.segments(); err != nil {
		return err
	}
	if s.question.Unranked && s.same == nil { // some were ranked: once more, all alike
		s.same, s.census, s.ranking.kept = new(float64), columns.NewCensus(s.query), nil
		s.matters = matters{first: map[string]candidate{}}
		if err := s.segments(); err != nil {
			return err
		}
	}
	s.rankMatters()
	return nil
}

func (s *search) segments() error {
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
	most := !count.Filtered() && set.GetCardinality() > uint64(c.Count)/2
	if most {
		count.AddMost(set)
	}
	byDay := s.sort == index.SortNewest || s.same != nil
	if most && byDay && s.ranking.limit > 0 && !s.query.Collapse {
		return s.rankNewest(c, set)
	}
	memory := s.engine.scratch.Get().(*postings.Scratch)
	defer s.engine.scratch.Put(memory)
	memory.Docs = memory.Docs[:0]
	gather := s.byRelevance() && s.same == nil || s.query.Collapse
	block := make([]uint32, blockSize)
	for docs := set.ManyIterator(); ; {
		n := docs.NextMany(block)
		if n == 0 {
			break
		}
		if err := s.question.Check(); err != nil {
			return err
		}
		passed := block[:n]
		if !most {
			passed = count.Add(passed)
		}
		if gather {
			memory.Docs = append(memory.Docs, passed...)
		} else {
			s.rank(c, passed, nil)
		}
	}
	if !gather {
		return nil
	}
	if s.query.Collapse {
		if memory.Docs, err = s.collapse(i, memory); err != nil {
			return err
		}
	}
	switch {
	case s.ranking.limit < 0 || len(memory.Docs) == 0:
	case s.byRelevance() && s.same == nil:
		return s.rankRelevant(i, memory)
	default:
		s.rank(c, memory.Docs, nil)
	}
	return nil
}

// rankRelevant scores and ranks documents of a segment, those that may be the best first,
// until no other can be among them.
func (s *search) rankRelevant(i int, memory *postings.Scratch) error {
	c := s.view.content.Segments[i].Columns
	plan, err := s.question.Plan(i, memory.Docs, memory)
	if err != nil {
		return err
	}
	blocks := 2 * s.ranking.limit
	if s.ranking.limit == 0 {
		blocks = len(memory.Docs)
	}
	for {
		floor := math.Inf(-1)
		if s.ranking.full() {
			floor, blocks = s.ranking.last().score, len(memory.Docs)
		}
		docs := plan.Next(floor, blocks)
		if len(docs) == 0 {
			return nil
		}
		if err := s.question.Score(i, docs, memory); err != nil {
			memory.Clear(docs)
			return err
		}
		s.rank(c, docs, memory.Scores)
		memory.Clear(docs)
		blocks *= 4
	}
}

// rankNewest ranks a set that has most documents of a segment, where nothing but the day
// tells them apart, by walking over all of them from the newest.
func (s *search) rankNewest(c *columns.Columns, set *roaring.Bitmap) error {
	first := 0
	if s.at != nil {
		first = sort.Search(c.Count, func(i int) bool { return s.key(c, c.Newest[i], nil).follows(*s.at) })
	}
	for _, doc := range c.Newest[first:] {
		if !set.Contains(doc) {
			continue
		}
		k := s.key(c, doc, nil)
		if s.ranking.full() && k.compare(*s.ranking.last()) > 0 {
			break // and so are all that follow
		}
		s.ranking.add(k)
	}
	return s.question.Check()
}

// rank offers documents to the ranking.
func (s *search) rank(c *columns.Columns, docs []uint32, scores []float64) {
	if s.ranking.limit < 0 {
		return
	}
	floor := s.ranking.floor()
	for _, doc := range docs {
		score := 0.0
		switch {
		case s.same != nil:
			score = *s.same
		case scores != nil:
			score = scores[doc]
		}
		if primaryKey(s.sort, c, doc, score) < floor {
			continue // nearly all of them, where there are many
		}
		k := key(s.sort, c, doc, score)
		if s.ranking.full() && !k.mayPrecede(s.ranking.last()) {
			continue
		}
		if s.at == nil || k.follows(*s.at) {
			s.ranking.add(k)
			floor = s.ranking.floor()
		}
	}
}

// key returns what sorts a document that has a score where scores are given.
func (s *search) key(c *columns.Columns, doc uint32, scores []float64) candidate {
	score := 0.0
	switch {
	case s.same != nil:
		score = *s.same
	case scores != nil:
		score = scores[doc]
	}
	return key(s.sort, c, doc, score)
}
