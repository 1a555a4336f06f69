package intake

import (
	"context"
	"fmt"
	"iter"
	"runtime"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"agora/crawler/source"
	"agora/crawler/warc"
	"agora/index"
)

// Bounds of the work under way.
const (
	batchSize  = 64            // pages for one fsync and one transaction
	batchBytes = 32 << 20      // or fewer, when they are large
	openBytes  = 256 << 20     // of documents that are read at the same time
	openCount  = 4 * batchSize // likewise: reading goes on while a batch is made durable
)

// ReadAll reads documents on all processors and yields what became of them in the order
// in which they came. A document's own error is in its outcome; an error that is yielded
// beside it is the source's and names a piece that was passed over.
func (c *Intake) ReadAll(ctx context.Context, docs iter.Seq2[source.Document, error], read func(context.Context, source.Document) Outcome) iter.Seq[Outcome] {
	return func(yield func(Outcome) bool) {
		ctx, cancel := context.WithCancel(ctx)
		workers := runtime.GOMAXPROCS(0)
		budget := semaphore.NewWeighted(openBytes)
		queue := make(chan chan Outcome, openCount)
		tasks := make(chan func(), workers)
		var group errgroup.Group
		for range workers {
			group.Go(func() error {
				for task := range tasks {
					task()
				}
				return nil
			})
		}
		group.Go(func() error {
			defer close(queue)
			defer close(tasks)
			for doc, err := range docs {
				weight := min(int64(len(doc.Body))+1, openBytes)
				if budget.Acquire(ctx, weight) != nil {
					return nil
				}
				slot := make(chan Outcome, 1)
				task := func() {
					if err != nil {
						slot <- Outcome{Doc: doc, Err: err}
						return
					}
					slot <- Safely(func() Outcome { return read(ctx, doc) }, doc)
				}
				select {
				case tasks <- task:
				case <-ctx.Done():
					return nil
				}
				select {
				case queue <- slot:
				case <-ctx.Done():
					return nil
				}
			}
			return nil
		})
		defer func() {
			cancel()
			_ = group.Wait() // the tasks return no errors: outcomes carry them
		}()
		for slot := range queue {
			o := <-slot
			budget.Release(min(int64(len(o.Doc.Body))+1, openBytes))
			if !yield(o) {
				return
			}
		}
	}
}

// Safely turns a panic of a parser on hostile bytes into the document's error, so that
// one page can't stop the rest.
func Safely(read func() Outcome, doc source.Document) (o Outcome) {
	defer func() {
		if r := recover(); r != nil {
			o = Outcome{Doc: doc, Err: fmt.Errorf("reading it failed inside the program: %v", r)}
		}
	}()
	return read()
}

// saver writes outcomes into captures and store in batches: bytes first and durable,
// then the rows that name them.
type saver struct {
	intake   *Intake
	writer   *warc.Writer // opened at the first capture
	backfill bool
	batch    []Outcome
	bytes    int
	report   *ImportReport
}

// add takes an outcome and flushes when the batch is full.
func (s *saver) add(ctx context.Context, o Outcome) error {
	s.batch = append(s.batch, o)
	s.bytes += len(o.Doc.Body)
	if len(s.batch) < batchSize && s.bytes < batchBytes {
		return nil
	}
	return s.flush(ctx)
}

// flush makes the batch durable. Captures that are held already are left out before
// anything is written, so that importing the same files again changes nothing.
func (s *saver) flush(ctx context.Context) error {
	fresh, err := s.fresh(ctx)
	if err != nil || len(fresh) == 0 {
		return err
	}
	if s.writer == nil {
		if s.writer, err = s.intake.NewWriter(); err != nil {
			return err
		}
	}
	places := make([]warc.Location, len(fresh))
	for i := range fresh {
		if places[i], err = s.writer.Write(fresh[i].Doc.RecordToKeep()); err != nil {
			return fmt.Errorf("write capture of %s: %w", fresh[i].Doc.Where, WriteError(err))
		}
	}
	if err := s.writer.Sync(); err != nil {
		return fmt.Errorf("write captures: %w", WriteError(err))
	}
	return s.save(ctx, fresh, places)
}

// fresh empties the batch and returns those that the store does not hold.
func (s *saver) fresh(ctx context.Context) ([]Outcome, error) {
	batch := s.batch
	s.batch, s.bytes = nil, 0
	if len(batch) == 0 {
		return nil, nil
	}
	keys := make([]index.CaptureKey, len(batch))
	for i := range batch {
		keys[i] = batch[i].Doc.Key()
	}
	held, err := s.intake.Store.Held(ctx, keys)
	if err != nil {
		return nil, err
	}
	fresh := batch[:0]
	inBatch := make(map[index.CaptureKey]bool, len(batch))
	for i, o := range batch {
		if held[i] || inBatch[keys[i]] {
			s.report.Known++
			continue
		}
		inBatch[keys[i]] = true
		fresh = append(fresh, o)
	}
	return fresh, nil
}

// save records the batch's outcomes by what they are.
func (s *saver) save(ctx context.Context, fresh []Outcome, places []warc.Location) error {
	var observations []index.Observation
	var sources []string // of the observations, for messages
	var others []index.Capture
	for i := range fresh {
		o := &fresh[i]
		capture := o.Capture(places[i], index.OriginImport)
		switch o.Kind {
		case index.PageRelease:
			observations = append(observations, index.Observation{
				Office: o.Office, Addresses: o.Addresses, URL: o.URL,
				Capture: capture, Reading: o.Reading, Backfill: s.backfill,
			})
			sources = append(sources, o.Doc.Where)
		case index.PageListing:
			if err := s.intake.Store.SaveListing(ctx, capture, o.Rows); err != nil {
				return err
			}
			s.report.Listings++
		default:
			others = append(others, capture)
		}
	}
	if len(others) > 0 {
		if err := s.intake.Store.SaveCaptures(ctx, others); err != nil {
			return err
		}
	}
	if len(observations) == 0 {
		return nil
	}
	saved, refused, err := s.intake.SaveObservations(ctx, observations)
	if err != nil {
		return err
	}
	for i, one := range saved {
		if refused[i] != nil {
			s.intake.fail(s.report, sources[i], refused[i])
			continue
		}
		s.report.count(one)
	}
	return nil
}

// Close flushes nothing: what was not acknowledged is imported again next time.
func (s *saver) Close() error {
	if s.writer == nil {
		return nil
	}
	return s.writer.Close()
}
