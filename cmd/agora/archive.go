package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"agora/crawler/matters"
	"agora/index"
)

// archive is an open store and, where this process owns it, the index that follows it.
type archive struct {
	index.Searcher
	store   index.Store
	engine  index.Engine
	closers []io.Closer // in the order of opening
}

// Close closes in reverse order and returns the first error.
func (ar *archive) Close() error {
	var first error
	for i := len(ar.closers) - 1; i >= 0; i-- {
		if err := ar.closers[i].Close(); err != nil && first == nil {
			first = err
		}
	}
	ar.closers = nil
	return first
}

// openArchive takes the index for command, opens store and engine, and hands back the
// lock so that a server can announce where it answers. The engine may be behind.
func (a *app) openArchive(ctx context.Context, command string, create bool) (*archive, *lock, error) {
	store, err := a.openStore(ctx, create)
	if err != nil {
		return nil, nil, err
	}
	ar := &archive{store: store, closers: []io.Closer{store}}
	taken, err := a.openIndex(ctx, ar, command)
	if err != nil {
		_ = ar.Close() // the first error is the one to tell
		return nil, nil, err
	}
	return ar, taken, nil
}

// openIndex takes the index for command and opens the engine; what it opened is among
// the closers of ar, also where it fails.
func (a *app) openIndex(ctx context.Context, ar *archive, command string) (*lock, error) {
	taken, err := a.acquireIndex(ctx, command)
	if err != nil {
		return nil, err
	}
	ar.closers = append(ar.closers, taken)
	if ar.engine, err = a.openEngine(ctx); err != nil {
		return nil, err
	}
	ar.closers = append(ar.closers, ar.engine)
	ar.Searcher = a.newSearcher(ar.store, ar.engine)
	return taken, nil
}

// sync brings the archive's index in step and says so where that takes a while.
func (a *app) sync(ctx context.Context, ar *archive) error {
	progress := a.progress("indexing", "releases")
	done, err := index.Sync(ctx, ar.store, ar.engine, progress.Report)
	progress.End()
	if err != nil {
		return err
	}
	if done.Rebuilt != "" {
		a.Logger.Info("built the index anew", "releases", done.Releases, "reason", done.Rebuilt)
	}
	return nil
}

// joinMatters joins what several offices tell after a command that changed the store. A
// failure is logged and tried again with the next such command: the archive is complete.
func (a *app) joinMatters(ctx context.Context, store index.Store) {
	progress := a.progress("joining matters", "releases")
	_, err := matters.Follow(ctx, store, progress.Report)
	progress.End()
	if err != nil && ctx.Err() == nil {
		a.Logger.Error("join matters", "error", err)
	}
}

// syncIfFree brings the index in step after a command that changed the store. Where a
// server owns the index it follows by itself and nothing is done.
func (a *app) syncIfFree(ctx context.Context, store index.Store, command string) (err error) {
	ar := &archive{store: store}
	defer closeAfter(ar, &err)
	_, err = a.openIndex(ctx, ar, command)
	var locked *lockedError
	if errors.As(err, &locked) {
		a.Logger.Debug("the index is updated by its owner", "owner", locked.holder.String())
		return nil
	}
	if err != nil {
		return fmt.Errorf("the archive is complete, but its index could not be opened: %w", err)
	}
	if err := a.sync(ctx, ar); err != nil {
		return fmt.Errorf("the archive is complete, but its index is behind: %w", err)
	}
	return nil
}
