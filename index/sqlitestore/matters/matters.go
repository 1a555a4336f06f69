// Package matters keeps matters and their releases in two tables of an archive. It
// implements that part of index.Store.
//
// It decides nothing: which releases tell one matter is said by whoever saves it. It keeps
// the promise of ids: one that was given answers for ever. The tables are described in the
// migrations of package sqlitestore.
package matters

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"agora/index"
	"agora/index/sqlitestore/database"
)

// Tables are the tables of matters in an archive.
type Tables struct{ db *database.Database }

// New returns the tables in a database, which the caller closes.
func New(db *database.Database) *Tables { return &Tables{db} }

const columns = `m.id, m.minted, m.title, m.first, m.last, m.offices, m.topics`

func scan(rows *sql.Rows) (index.Matter, error) {
	m := index.Matter{Releases: []string{}, Twins: []string{}}
	var minted int64
	var offices, topics string
	err := rows.Scan(&m.ID, &minted, &m.Title, (*string)(&m.First), (*string)(&m.Last), &offices, &topics)
	m.Minted, m.Offices, m.Topics = database.Time(minted), strings.Fields(offices), strings.Fields(topics)
	return m, err
}

// list writes words as a column of them.
func list(words []string) string {
	words = slices.Clone(words)
	slices.Sort(words)
	return " " + strings.Join(append(slices.Compact(words), ""), " ")
}

// Matter returns a matter; for one that was merged into another the one that lives.
func (t *Tables) Matter(ctx context.Context, id string) (index.Matter, error) {
	found, err := t.read(ctx, `SELECT `+columns+` FROM matter m WHERE m.id = COALESCE((SELECT merged_into FROM matter WHERE id = ?), ?)`, id, id)
	if err == nil && len(found) == 0 {
		err = index.ErrNotFound
	}
	if err != nil {
		return index.Matter{}, t.db.Failure(fmt.Sprintf("read matter %q", id), err)
	}
	return found[0], nil
}

// Matters lists matters that have releases, the newest first.
func (t *Tables) Matters(ctx context.Context, q index.MatterQuery) ([]index.Matter, error) {
	conditions, args := []string{`m.releases > 0`}, []any{}
	where := func(condition string, values ...any) {
		conditions, args = append(conditions, condition), append(args, values...)
	}
	if q.After.ID != "" {
		where(`m.last <= ? AND (m.last < ? OR m.id > ?)`, string(q.After.Last), string(q.After.Last), q.After.ID)
	}
	if q.State != "" {
		where(`instr(m.offices, ?) > 0`, " "+q.State+" ")
	}
	if q.Topic != "" {
		where(`instr(m.topics, ?) > 0`, " "+q.Topic+" ")
	}
	found, err := t.read(ctx, `SELECT `+columns+` FROM matter m WHERE `+strings.Join(conditions, ` AND `)+` ORDER BY m.last DESC, m.id LIMIT ?`, append(args, max(q.Limit, 0))...)
	return found, t.db.Failure("list matters", err)
}

// read reads matters and their releases, from one snapshot.
func (t *Tables) read(ctx context.Context, question string, args ...any) ([]index.Matter, error) {
	view, err := t.db.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer view.End()
	found, err := database.All(ctx, view, scan, question, args...)
	if err != nil {
		return nil, err
	}
	for i := range found {
		m := &found[i]
		members, err := membersOf(ctx, view, m.ID)
		if err != nil {
			return nil, err
		}
		for _, r := range members {
			if r.twin {
				m.Twins = append(m.Twins, r.release)
			} else {
				m.Releases = append(m.Releases, r.release)
			}
		}
	}
	return found, nil
}

// member is a release of a matter.
type member struct {
	release string
	twin    bool
}

// membersOf lists the releases of a matter by id.
func membersOf(ctx context.Context, from database.Querier, matter string) ([]member, error) {
	return database.All(ctx, from, func(rows *sql.Rows) (member, error) {
		var m member
		err := rows.Scan(&m.release, &m.twin)
		return m, err
	}, `SELECT release_id, twin FROM matter_release WHERE matter_id = ? ORDER BY release_id`, matter)
}
