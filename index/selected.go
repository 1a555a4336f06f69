package index

import (
	"context"
	"iter"
)

// selectedBatch is how many releases are loaded at a time for a stream.
const selectedBatch = 200

// Selected streams the releases that a query matches, complete, in its order: what an
// export writes. Releases are loaded from the store as they are now.
func Selected(ctx context.Context, store Reader, engine Engine, q Query) iter.Seq2[Release, error] {
	return func(yield func(Release, error) bool) {
		ids := make([]string, 0, selectedBatch)
		flush := func() bool {
			releases, err := store.Releases(ctx, ids)
			ids = ids[:0]
			if err != nil {
				yield(Release{}, err)
				return false
			}
			for _, r := range releases {
				if !yield(r, nil) {
					return false
				}
			}
			return true
		}
		for id, err := range engine.Select(ctx, q) {
			if err != nil {
				yield(Release{}, err)
				return
			}
			if ids = append(ids, id); len(ids) == selectedBatch && !flush() {
				return
			}
		}
		if len(ids) > 0 {
			flush()
		}
	}
}
