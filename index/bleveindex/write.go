package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	bleve "github.com/blevesearch/bleve_index_api"

	"agora/index"
	"agora/index/bleveindex/documents"
	"agora/index/bleveindex/folders"
)

// Apply implements index.Engine. It is durable and searchable when it returns.
func (e *Engine) Apply(ctx context.Context, releases []index.Release, lineage string, sequence int64) error {
	if err := e.enter(); err != nil {
		return err
	}
	defer e.leave()
	e.writing.Lock()
	defer e.writing.Unlock()
	batch := bleve.NewBatch()
	w := documents.NewWriter()
	for i := range releases {
		if err := e.interrupted(ctx); err != nil {
			return err
		}
		batch.Update(w.Document(&releases[i]))
	}
	batch.SetInternal([]byte(stateKey), encodeState(lineage, sequence))
	if err := e.scorch.Batch(batch); err != nil {
		return fmt.Errorf("write index: %w", folders.WriteError(err))
	}
	v, err := newView(e.scorch, e.current)
	if err != nil {
		return err
	}
	e.sweepColumns(filepath.Join(e.dir, e.folder))
	return e.show(v)
}

// interrupted tells whether a write has to stop: the caller's context or Close ends it.
func (e *Engine) interrupted(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-e.closing:
		return fmt.Errorf("write index: it is closing: %w", index.ErrUnavailable)
	default:
		return nil
	}
}

// rebuildBatch is how many releases one batch of a rebuild has. Larger batches are a
// little quicker and cost memory: each release takes about 100 kB while it is in one.
const rebuildBatch = 600

// maxWorkers bounds the batches of a rebuild that are made at a time: one merge at a time
// has to keep up with them.
const maxWorkers = 4

// Rebuild implements index.Engine: it builds a folder beside the one in use and swaps.
func (e *Engine) Rebuild(ctx context.Context, releases iter.Seq2[index.Release, error], lineage string, sequence int64) error {
	if err := e.enter(); err != nil {
		return err
	}
	defer e.leave()
	e.writing.Lock()
	defer e.writing.Unlock()
	name, err := folders.Next(e.dir)
	if err != nil {
		return fmt.Errorf("rebuild index: %w", folders.WriteError(err))
	}
	path := filepath.Join(e.dir, name)
	s, v, err := e.build(ctx, path, releases, lineage, sequence)
	if err == nil {
		if err = folders.SetCurrent(e.dir, name); err != nil {
			err = errors.Join(err, v.release(), s.Close())
		}
	}
	if err != nil {
		os.RemoveAll(path)
		return fmt.Errorf("rebuild index: %w", folders.WriteError(err))
	}
	oldScorch, oldFolder := e.scorch, e.folder
	e.scorch, e.folder = s, name
	// Searches under way and held views keep the old files open, closed and deleted as they are.
	return errors.Join(e.show(v), oldScorch.Close(), os.RemoveAll(filepath.Join(e.dir, oldFolder)))
}

// build writes a new index into path. The state is written last: without it the folder
// is no index.
func (e *Engine) build(ctx context.Context, path string, releases iter.Seq2[index.Release, error], lineage string, sequence int64) (*scorch.Scorch, *view, error) {
	s, err := folders.OpenScorch(path, e.queue)
	if err != nil {
		return nil, nil, err
	}
	if err = e.fill(ctx, s, releases); err == nil {
		batch := bleve.NewBatch()
		batch.SetInternal([]byte(stateKey), encodeState(lineage, sequence))
		if err = s.Batch(batch); err == nil {
			err = s.ForceMerge(ctx, &mergeplan.SingleSegmentMergePlanOptions)
		}
	}
	var v *view
	if err == nil {
		v, err = newView(s, nil)
	}
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s, v, nil
}

// fill writes releases in batches, a few of them at the same time.
func (e *Engine) fill(ctx context.Context, s *scorch.Scorch, releases iter.Seq2[index.Release, error]) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan []index.Release)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), maxWorkers) {
		workers.Go(func() {
			w := documents.NewWriter()
			for some := range work {
				batch := bleve.NewBatch()
				for i := range some {
					batch.Update(w.Document(&some[i]))
				}
				if err := s.Batch(batch); err != nil {
					cancel(err)
				}
			}
		})
	}
	err := e.deal(ctx, releases, work)
	close(work)
	workers.Wait()
	return errors.Join(err, context.Cause(ctx))
}

// deal hands out releases in batches.
func (e *Engine) deal(ctx context.Context, releases iter.Seq2[index.Release, error], work chan<- []index.Release) error {
	some := make([]index.Release, 0, rebuildBatch)
	send := func() error {
		if err := e.interrupted(ctx); err != nil {
			return err
		}
		select {
		case work <- some:
		case <-ctx.Done():
			return ctx.Err()
		}
		some = make([]index.Release, 0, rebuildBatch)
		return nil
	}
	for r, err := range releases {
		if err != nil {
			return err
		}
		if some = append(some, r); len(some) == rebuildBatch {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if len(some) == 0 {
		return nil
	}
	return send()
}
