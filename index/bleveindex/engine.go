package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"

	"agora/index"
	"agora/index/bleveindex/folders"
	"agora/index/bleveindex/postings"
)

// Schema is the version of the stored format; an index of another is built anew.
const Schema = 3

// Options are what an engine is given from outside.
type Options struct {
	Logger *slog.Logger     // nil logs nothing
	Now    func() time.Time // nil is time.Now
}

// Engine is an index.Engine on scorch.
type Engine struct {
	dir     string
	logger  *slog.Logger
	now     func() time.Time
	closing chan struct{} // closed by Close
	fuzzy   *postings.FuzzyWords
	scratch sync.Pool            // *postings.Scratch
	slow    chan struct{}        // see pace
	queue   *bleve.AnalysisQueue // scorch wants one, though our documents come analysed

	writing sync.Mutex // one write at a time
	folder  string     // in use; guarded by writing
	scorch  *scorch.Scorch

	mutex   sync.Mutex
	current *view
	held    heldViews
	closed  bool
	work    sync.WaitGroup // searches and writes under way
}

var _ index.Engine = (*Engine)(nil)

// Open opens the index in dir, which belongs to the engine alone, or makes a new one.
// errors.Is tells ErrSchema (another format: Remove it and build anew), ErrDamaged
// (likewise), ErrLocked (open elsewhere) and ErrReadOnly (permissions or a full disk).
func Open(ctx context.Context, dir string, o Options) (*Engine, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make folder of index: %w", folders.WriteError(err))
	}
	e := &Engine{dir: dir, logger: o.Logger, now: o.Now, fuzzy: &postings.FuzzyWords{}, closing: make(chan struct{}),
		slow: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))}
	e.held.name = strconv.FormatInt(o.Now().UnixNano(), 36)
	e.scratch.New = func() any { return &postings.Scratch{} }
	e.queue = bleve.NewAnalysisQueue(1)
	if err := e.open(); err != nil {
		e.queue.Close()
		return nil, err
	}
	return e, nil
}

// open opens the folder in use, or makes the first one.
func (e *Engine) open() error {
	name, err := folders.Current(e.dir)
	if err != nil {
		return fmt.Errorf("open index: %w", folders.OpenError(err))
	}
	if name == "" {
		return e.create()
	}
	path := filepath.Join(e.dir, name)
	if _, err := os.Stat(filepath.Join(path, "root.bolt")); err != nil {
		return fmt.Errorf("open index: %w", folders.OpenError(err))
	}
	s, err := folders.OpenScorch(path, e.queue)
	if err != nil {
		return err
	}
	v, err := newView(s, nil)
	if err != nil {
		s.Close()
		return err
	}
	// Another process may have rebuilt the index and let go of this folder meanwhile.
	if again, err := folders.Current(e.dir); err != nil || again != name {
		return errors.Join(fmt.Errorf("open index: it is being rebuilt: %w", index.ErrLocked), v.release(), s.Close())
	}
	if err := folders.Sweep(e.dir, name); err != nil {
		e.logger.Warn("remove rest of a rebuild", "error", err)
	}
	e.sweepColumns(path)
	e.folder, e.scorch, e.current = name, s, v
	return nil
}

// sweepColumns removes saved columns that nobody needs; that it can't costs space only.
func (e *Engine) sweepColumns(folder string) {
	if err := folders.SweepColumns(folder); err != nil {
		e.logger.Warn("remove old columns", "error", err)
	}
}

// create makes an empty index and the file that names it.
func (e *Engine) create() error {
	name, err := folders.Next(e.dir)
	if err != nil {
		return fmt.Errorf("make index: %w", folders.WriteError(err))
	}
	s, err := folders.OpenScorch(filepath.Join(e.dir, name), e.queue)
	if err != nil {
		return err
	}
	v, err := e.begin(s)
	if err == nil {
		err = folders.SetCurrent(e.dir, name)
	}
	if err != nil {
		s.Close()
		return fmt.Errorf("make index: %w", folders.WriteError(err))
	}
	e.folder, e.scorch, e.current = name, s, v
	return nil
}

// begin writes the state of a new index and reads it back.
func (e *Engine) begin(s *scorch.Scorch) (*view, error) {
	batch := bleve.NewBatch()
	batch.SetInternal([]byte(stateKey), encodeState("", 0))
	if err := s.Batch(batch); err != nil {
		return nil, err
	}
	return newView(s, nil)
}

// enter counts a call in, so that Close can wait for it; leave must follow.
func (e *Engine) enter() error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.closed {
		return fmt.Errorf("use index: it is closed: %w", index.ErrUnavailable)
	}
	e.work.Add(1)
	return nil
}

func (e *Engine) leave() { e.work.Done() }

// acquire returns the current view; release must follow.
func (e *Engine) acquire() *view {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.current.acquire()
	return e.current
}

// show makes v the view of all later searches.
func (e *Engine) show(v *view) error {
	e.mutex.Lock()
	before := e.current
	e.current = v
	expired := e.held.expire(e.now())
	e.mutex.Unlock()
	errs := []error{before.release()}
	for _, old := range expired {
		errs = append(errs, old.release())
	}
	return errors.Join(errs...)
}

// State implements index.Engine.
func (e *Engine) State(ctx context.Context) (index.EngineState, error) {
	if err := ctx.Err(); err != nil {
		return index.EngineState{}, err
	}
	if err := e.enter(); err != nil {
		return index.EngineState{}, err
	}
	defer e.leave()
	v := e.acquire()
	state := v.state
	return state, v.release()
}

// Close ends searches under way, waits for them and for a write, and closes the index. It
// may be repeated.
func (e *Engine) Close() error {
	e.mutex.Lock()
	if e.closed {
		e.mutex.Unlock()
		return nil
	}
	e.closed = true
	e.mutex.Unlock()
	close(e.closing)
	e.work.Wait()
	errs := []error{e.current.release()}
	for _, v := range e.held.all() {
		errs = append(errs, v.release())
	}
	errs = append(errs, e.scorch.Close())
	e.queue.Close()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close index: %w", err)
	}
	return nil
}

var _ io.Closer = (*Engine)(nil)

// Remove deletes the index in dir so that it can be built anew. It must not be open.
func Remove(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove index: %w", folders.WriteError(err))
	}
	return nil
}
