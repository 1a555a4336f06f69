// Package crawl keeps what the collector has to know tomorrow, in tables of an archive:
// visits, hosts with their robots.txt, passes, what people decided about offices, and
// what the collector says of itself. It implements that part of index.Store.
//
// It decides nothing: when an address is due, whether a pass failed and how a host is
// asked is said by whoever saves it. The tables are described in the migrations of
// package sqlitestore.
package crawl

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"agora/index"
	"agora/index/sqlitestore/database"
)

// Tables are the tables of the crawl in an archive.
type Tables struct {
	db     *database.Database
	passes passCache
}

// New returns the tables in a database, which the caller closes.
func New(db *database.Database) *Tables { return &Tables{db: db} }

// write runs work in one transaction.
func (t *Tables) write(ctx context.Context, doing string, work func(ctx context.Context, w *database.Writer) error) error {
	return t.db.Write(ctx, doing, func(ctx context.Context, w *database.Writer, _ func() error) error { return work(ctx, w) })
}

// Stances returns what people decided about offices, by office.
func (t *Tables) Stances(ctx context.Context) ([]index.Stance, error) {
	stances, err := database.All(ctx, t.db, func(rows *sql.Rows) (index.Stance, error) {
		var s index.Stance
		var since, until sql.NullInt64
		err := rows.Scan(&s.Office, &s.State, &s.Reason, &since, &until)
		s.Since, s.Until = database.KnownTime(since), database.KnownTime(until)
		return s, err
	}, `SELECT office, state, reason, since, until FROM stance ORDER BY office`)
	return stances, t.db.Failure("read stances", err)
}

// SetStance replaces what people decided about an office; an empty state takes it back.
// States that there are none of are ErrInvalid.
func (t *Tables) SetStance(ctx context.Context, s index.Stance) error {
	doing := fmt.Sprintf("set stance on office %q", s.Office)
	if s.Office == "" {
		return fmt.Errorf("%s: %w: it has no office", doing, index.ErrInvalid)
	}
	switch s.State {
	case "", index.StancePaused, index.StanceAcknowledged:
	default:
		return fmt.Errorf("%s: state %q: %w", doing, s.State, index.ErrInvalid)
	}
	return t.write(ctx, doing, func(ctx context.Context, w *database.Writer) error {
		if s.State == "" {
			return w.Exec(ctx, `DELETE FROM stance WHERE office = ?`, s.Office)
		}
		return w.Exec(ctx, `INSERT INTO stance (office, state, reason, since, until) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (office) DO UPDATE SET state = excluded.state, reason = excluded.reason, since = excluded.since, until = excluded.until`,
			s.Office, s.State, s.Reason, database.OptionalTime(s.Since), database.OptionalTime(s.Until))
	})
}

// CollectorState returns what the collector said of itself last; zero before it did.
func (t *Tables) CollectorState(ctx context.Context) (index.CollectorState, error) {
	var c index.CollectorState
	var beat sql.NullInt64
	err := database.One(ctx, t.db, `SELECT agent, contact, beat, running FROM collector`, nil, &c.Agent, &c.Contact, &beat, &c.Running)
	if errors.Is(err, index.ErrNotFound) {
		return index.CollectorState{}, nil
	}
	c.Beat = database.KnownTime(beat)
	return c, t.db.Failure("read state of the collector", err)
}

// SetCollectorState replaces what the collector says of itself.
func (t *Tables) SetCollectorState(ctx context.Context, c index.CollectorState) error {
	return t.write(ctx, "save state of the collector", func(ctx context.Context, w *database.Writer) error {
		return w.Exec(ctx, `INSERT INTO collector (id, agent, contact, beat, running) VALUES (1, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET agent = excluded.agent, contact = excluded.contact, beat = excluded.beat, running = excluded.running`,
			c.Agent, c.Contact, database.OptionalTime(c.Beat), c.Running)
	})
}
