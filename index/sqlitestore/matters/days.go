package matters

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"agora/index"
	"agora/index/sqlitestore/database"
)

// The releases of some days: those that are dated, and those that are not and were seen
// live when they were added.
const (
	datedWithin   = `SELECT published, id FROM release WHERE published > '' AND published >= ? AND published <= ? ORDER BY published, id`
	undatedWithin = `SELECT added, id FROM release WHERE published = '' AND backfill = 0 AND added >= ? AND added < ? ORDER BY added, id`
)

// placed is a release and the day that it counts with.
type placed struct{ day, id string }

// Within lists the ids of the releases of some days by day and id. Days that no calendar
// has are ErrInvalid.
func Within(ctx context.Context, view database.Querier, from, to index.Date) ([]string, error) {
	first, err := time.Parse(time.DateOnly, string(from))
	if err != nil {
		return nil, fmt.Errorf("day %q: %w", from, index.ErrInvalid)
	}
	last, err := time.Parse(time.DateOnly, string(to))
	if err != nil {
		return nil, fmt.Errorf("day %q: %w", to, index.ErrInvalid)
	}
	within, err := database.All(ctx, view, func(rows *sql.Rows) (placed, error) {
		var p placed
		err := rows.Scan(&p.day, &p.id)
		return p, err
	}, datedWithin, string(from), string(to))
	if err != nil {
		return nil, err
	}
	undated, err := database.All(ctx, view, func(rows *sql.Rows) (placed, error) {
		var p placed
		var added int64
		err := rows.Scan(&added, &p.id)
		p.day = string(index.DateOf(database.Time(added)))
		return p, err
	}, undatedWithin, first.UnixMilli(), last.AddDate(0, 0, 1).UnixMilli())
	if err != nil {
		return nil, err
	}
	within = append(within, undated...)
	slices.SortFunc(within, func(a, b placed) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.id, b.id)) })
	ids := make([]string, len(within))
	for i, p := range within {
		ids[i] = p.id
	}
	return ids, nil
}
