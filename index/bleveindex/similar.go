package bleveindex

import (
	"context"

	"agora/index"
	"agora/index/bleveindex/likeness"
)

// Similar implements index.Engine. A score is the share of what r says by its most telling
// words that a release says too; releases that share little are left out.
func (e *Engine) Similar(ctx context.Context, r index.Release, limit int) (matches []index.Match, err error) {
	err = e.looking(ctx, func(ctx context.Context, v *view) error {
		matches, err = likeness.Similar(ctx, &v.content, &r, limit)
		return err
	})
	return matches, err
}
