package database

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"agora/index"
)

// statements prepares each text of SQL once for a pool of connections. That takes a
// connection: who holds one already must not wait for another, or as many of them as the
// pool has connections wait for each other for ever.
type statements struct {
	db     *sql.DB
	texts  sync.Map // string → *sql.Stmt
	wanted sync.Map // string → nothing: texts that were asked inside of snapshots
}

// known returns the statement of a text that was prepared before. Others are noted, and
// prepared before the next snapshot takes its connection.
func (p *statements) known(text string) (*sql.Stmt, bool) {
	if known, ok := p.texts.Load(text); ok {
		return known.(*sql.Stmt), true
	}
	p.wanted.Store(text, nil)
	return nil, false
}

// prepareWanted prepares what snapshots asked for. One that can't be is asked as it is.
func (p *statements) prepareWanted(ctx context.Context) {
	p.wanted.Range(func(text, _ any) bool {
		p.wanted.Delete(text)
		_, err := p.prepare(ctx, text.(string)) //nolint:sqlclosecheck // kept for the next caller
		return err == nil
	})
}

func (p *statements) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if known, ok := p.texts.Load(text); ok {
		return known.(*sql.Stmt), nil
	}
	made, err := p.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if known, other := p.texts.LoadOrStore(text, made); other {
		made.Close() //nolint:sqlclosecheck // only the one that another caller was faster to keep
		return known.(*sql.Stmt), nil
	}
	return made, nil
}

// Querier asks one snapshot: a statement of its own, a Snapshot, or a Writer.
type Querier interface {
	Query(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}

// Query asks a snapshot that ends with the rows.
func (d *Database) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	prepared, err := d.statements.prepare(ctx, text) //nolint:sqlclosecheck // kept for the next caller
	if err != nil {
		return nil, err
	}
	return prepared.QueryContext(ctx, args...)
}

// Snapshot is a transaction that reads.
type Snapshot struct {
	d  *Database
	tx *sql.Tx
}

// Snapshot begins one; the first question fixes what it sees. The caller ends it; it
// ends by itself with ctx.
func (d *Database) Snapshot(ctx context.Context) (*Snapshot, error) {
	d.statements.prepareWanted(ctx)
	tx, err := d.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	return &Snapshot{d, tx}, nil
}

// Query asks the snapshot.
func (s *Snapshot) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	prepared, ok := s.d.statements.known(text)
	if !ok {
		return s.tx.QueryContext(ctx, text, args...)
	}
	return s.tx.StmtContext(ctx, prepared).QueryContext(ctx, args...) //nolint:sqlclosecheck // closed with the transaction
}

// End ends the snapshot.
func (s *Snapshot) End() { _ = s.tx.Rollback() }

// One scans the only row of a question; index.ErrNotFound where there is none.
func One(ctx context.Context, from Querier, text string, args []any, into ...any) error {
	rows, err := from.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return index.ErrNotFound
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	return rows.Close()
}

// Each yields the rows of a question, or the error that cut it short, and tells whether
// more are wanted.
func Each[T any](ctx context.Context, from Querier, scan func(*sql.Rows) (T, error), yield func(T, error) bool, text string, args ...any) bool {
	var none T
	rows, err := from.Query(ctx, text, args...)
	if err != nil {
		yield(none, err)
		return false
	}
	defer rows.Close()
	for rows.Next() {
		value, err := scan(rows)
		if !yield(value, err) || err != nil {
			return false
		}
		// The rows would end some time after the context; a caller may rely on the next.
		if err := ctx.Err(); err != nil {
			yield(none, err)
			return false
		}
	}
	if err := rows.Err(); err != nil {
		yield(none, err)
		return false
	}
	return true
}

// All returns the rows of a question, never nil without an error.
func All[T any](ctx context.Context, from Querier, scan func(*sql.Rows) (T, error), text string, args ...any) ([]T, error) {
	values := []T{}
	var failed error
	Each(ctx, from, scan, func(value T, err error) bool {
		failed = err
		values = append(values, value)
		return true
	}, text, args...)
	if failed != nil {
		return nil, failed
	}
	return values, nil
}

// Writer is the connection that writes. Whoever holds turn has it for one transaction.
type Writer struct {
	turn     chan struct{}
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	closed   bool
}

func newWriter(ctx context.Context, db *sql.DB) (*Writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &Writer{turn: make(chan struct{}, 1), conn: conn, prepared: map[string]*sql.Stmt{}}, nil
}

func (w *Writer) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if known, ok := w.prepared[text]; ok {
		return known, nil
	}
	made, err := w.conn.PrepareContext(ctx, text)
	if err == nil {
		w.prepared[text] = made
	}
	return made, err
}

// Query asks inside the transaction.
func (w *Writer) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	prepared, err := w.statement(ctx, text) //nolint:sqlclosecheck // kept until the writer closes
	if err != nil {
		return nil, err
	}
	return prepared.QueryContext(ctx, args...)
}

// Run executes a statement inside the transaction.
func (w *Writer) Run(ctx context.Context, text string, args ...any) (sql.Result, error) {
	prepared, err := w.statement(ctx, text) //nolint:sqlclosecheck // kept until the writer closes
	if err != nil {
		return nil, err
	}
	return prepared.ExecContext(ctx, args...)
}

// Exec is Run where the result does not matter.
func (w *Writer) Exec(ctx context.Context, text string, args ...any) error {
	_, err := w.Run(ctx, text, args...)
	return err
}

// close waits for the running transaction and lets no other begin.
func (w *Writer) close() {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	if w.closed {
		return
	}
	w.closed = true
	for _, prepared := range w.prepared {
		prepared.Close()
	}
	w.conn.Close()
}

// Write runs work in one transaction, durable when Write returns nil; on an error nothing
// is kept. Transactions follow one another, also between processes. The context that work
// is given does not end: handed to every statement an ending one would cost a goroutine
// each, so long work asks cancelled between its steps.
func (d *Database) Write(ctx context.Context, doing string, work func(ctx context.Context, w *Writer, cancelled func() error) error) error {
	if d.writer == nil {
		return fmt.Errorf("%s: archive %s %w: it was opened for reading only", doing, d.path, index.ErrReadOnly)
	}
	w := d.writer
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return d.Failure(doing, ctx.Err())
	}
	if w.closed {
		return d.Failure(doing, errClosed)
	}
	if err := w.Exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		return d.Failure(doing, err)
	}
	steady := context.WithoutCancel(ctx)
	err := work(steady, w, ctx.Err)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = w.Exec(steady, `COMMIT`)
	}
	if err != nil {
		// After some faults SQLite has rolled back by itself and says there is nothing
		// left to do, which is as good.
		_ = w.Exec(steady, `ROLLBACK`)
		return d.Failure(doing, err)
	}
	return nil
}
