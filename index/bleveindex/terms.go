package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"agora/index"
	"agora/index/bleveindex/likeness"
)

// lookLimit is the longest that words and releases are looked up for: nobody waits longer
// for something that was not asked for.
const lookLimit = time.Second

// looking runs do on the view of the moment.
func (e *Engine) looking(ctx context.Context, do func(ctx context.Context, v *view) error) error {
	if err := e.enter(); err != nil {
		return err
	}
	defer e.leave()
	v := e.acquire()
	defer e.drop(v)
	ctx, cancel := e.limited(ctx, lookLimit)
	defer cancel()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := do(ctx, v); errors.Is(err, errHardLimit) {
		return fmt.Errorf("look up words: %w: %w", index.ErrUnavailable, err)
	} else if err != nil {
		return err
	}
	return nil
}

// Spellings implements index.Engine. Numbers and compounds with signs are left out, unless
// they are the word itself; how many releases have a word is exact.
func (e *Engine) Spellings(ctx context.Context, word string, limit int) (terms []index.Term, err error) {
	err = e.looking(ctx, func(ctx context.Context, v *view) error {
		terms, err = likeness.Near(ctx, &v.content, e.fuzzy, word, limit)
		return err
	})
	return terms, err
}

// Completions implements index.Engine. Numbers and compounds with signs are left out; how
// many releases have a word is exact.
func (e *Engine) Completions(ctx context.Context, prefix string, limit int) (terms []index.Term, err error) {
	err = e.looking(ctx, func(ctx context.Context, v *view) error {
		terms, err = likeness.Beginning(ctx, &v.content, prefix, limit)
		return err
	})
	return terms, err
}

// Attorneys implements index.Engine.
func (e *Engine) Attorneys(ctx context.Context) (counts []index.Count, err error) {
	err = e.looking(ctx, func(_ context.Context, v *view) error {
		releases := map[string]int{}
		for _, s := range v.content.Segments {
			s.Columns.EachAttorney(s.Deleted, func(name string, docs int) { releases[name] += docs })
		}
		for name, n := range releases {
			counts = append(counts, index.Count{Value: name, Count: n})
		}
		slices.SortFunc(counts, func(a, b index.Count) int {
			return strings.Compare(a.Value, b.Value)
		})
		return nil
	})
	return counts, err
}
