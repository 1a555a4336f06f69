package crawl

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"agora/index"
	"agora/index/sqlitestore/database"
)

// passColumns are the columns of a pass but for its id, in the order of passValues.
const passColumns = `office, source, strategy, started, ended, full_walk, first_row, last_row, found, new, edited, failed, fresh, expected,
	outcome, reason, robots, pages, dated, titled, text_bytes, shortened`

func passValues(p index.Pass) []any {
	return []any{
		p.Office, p.Source, p.Strategy, p.Started.UnixMilli(), database.OptionalTime(p.Ended), p.Full, p.From, p.To, p.Found, p.New, p.Edited, p.Failed, p.Fresh, p.Expected,
		p.Outcome, p.Reason, p.Robots, p.Fill.Pages, p.Fill.Dated, p.Fill.Titled, p.Fill.Text, p.Fill.Shortened,
	}
}

// insertPass and updatePass take passValues; the latter the id after them.
var (
	insertPass = `INSERT INTO pass (` + passColumns + `) VALUES (?` + strings.Repeat(`, ?`, strings.Count(passColumns, ",")) + `)`
	updatePass = `UPDATE pass SET ` + strings.ReplaceAll(passColumns, ",", " = ?,") + ` = ? WHERE id = ?`
)

// SavePass inserts a pass (ID 0) or replaces it, and returns its id; ErrNotFound where
// there is none to replace.
func (t *Tables) SavePass(ctx context.Context, p index.Pass) (int64, error) {
	id := p.ID
	err := t.write(ctx, "save pass", func(ctx context.Context, w *database.Writer) error {
		values, text := passValues(p), insertPass
		if p.ID != 0 {
			values, text = append(values, p.ID), updatePass
		}
		result, err := w.Run(ctx, text, values...)
		if err != nil {
			return err
		}
		if p.ID == 0 {
			id, err = result.LastInsertId()
		} else if replaced, countErr := result.RowsAffected(); countErr != nil || replaced == 0 {
			err = errors.Join(countErr, fmt.Errorf("pass %d: %w", p.ID, index.ErrNotFound))
		}
		if err != nil {
			return err
		}
		return w.Exec(ctx, `INSERT INTO counter (name, value) VALUES ('passes', 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1`)
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

// passCache keeps the passes that were asked for last: every search judges the health of
// all offices by them, and they change a few times an hour.
type passCache struct {
	mutex   sync.Mutex
	limit   int
	counter int64
	passes  []index.Pass
}

// passesOfEach leaps from office to office along the index.
const passesOfEach = `WITH RECURSIVE walked (office) AS (
		SELECT MIN(office) FROM pass
		UNION ALL SELECT (SELECT MIN(office) FROM pass WHERE office > walked.office) FROM walked WHERE walked.office IS NOT NULL)
	SELECT id, ` + passColumns + ` FROM pass WHERE id IN (SELECT latest.id FROM walked JOIN pass latest ON latest.id IN (
			SELECT id FROM pass WHERE office = walked.office ORDER BY started DESC, id DESC LIMIT ?))
	ORDER BY office, started DESC, id DESC`

// Passes returns the latest passes of each office by the time they started.
func (t *Tables) Passes(ctx context.Context, limit int) ([]index.Pass, error) {
	const doing, counter = "read passes", `SELECT COALESCE((SELECT value FROM counter WHERE name = 'passes'), 0)`
	var now int64
	if err := database.One(ctx, t.db, counter, nil, &now); err != nil {
		return nil, t.db.Failure(doing, err)
	}
	t.passes.mutex.Lock()
	defer t.passes.mutex.Unlock()
	if t.passes.passes != nil && t.passes.limit == limit && t.passes.counter == now {
		return slices.Clone(t.passes.passes), nil
	}
	view, err := t.db.Snapshot(ctx)
	if err != nil {
		return nil, t.db.Failure(doing, err)
	}
	defer view.End()
	err = database.One(ctx, view, counter, nil, &now)
	if err != nil {
		return nil, t.db.Failure(doing, err)
	}
	found, err := database.All(ctx, view, scanPass, passesOfEach, limit)
	if err != nil {
		return nil, t.db.Failure(doing, err)
	}
	t.passes.limit, t.passes.counter, t.passes.passes = limit, now, found
	return slices.Clone(found), nil
}

func scanPass(rows *sql.Rows) (index.Pass, error) {
	var p index.Pass
	var started int64
	var ended sql.NullInt64
	var expected sql.NullFloat64
	err := rows.Scan(&p.ID, &p.Office, &p.Source, &p.Strategy, &started, &ended, &p.Full, &p.From, &p.To, &p.Found, &p.New, &p.Edited, &p.Failed, &p.Fresh, &expected,
		&p.Outcome, &p.Reason, &p.Robots, &p.Fill.Pages, &p.Fill.Dated, &p.Fill.Titled, &p.Fill.Text, &p.Fill.Shortened)
	p.Started, p.Ended = database.Time(started), database.KnownTime(ended)
	if expected.Valid {
		p.Expected = &expected.Float64
	}
	return p, err
}
