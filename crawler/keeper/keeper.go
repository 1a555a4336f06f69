// Package keeper makes durable what passes bring: bytes first, then what was read in them,
// then the visits that stop a retry, in batches of one fsync and one transaction each.
//
// It asks for nothing and judges nothing; whoever hands something over is told when it is
// durable, or why it can't be.
package keeper

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/semaphore"

	"agora/crawler/fetch"
	"agora/crawler/intake"
	"agora/crawler/warc"
	"agora/index"
)

// Bounds of what one fsync and one transaction acknowledge.
const (
	batchPages = 64
	batchBytes = 32 << 20
	batchWait  = 200 * time.Millisecond
	keptBytes  = 2 * batchBytes // that wait to be made durable, of all offices together
)

// Item is something to be made durable: bytes, what was read in them, and the visit that
// stops a retry.
type Item struct {
	Exchanges []fetch.Exchange // written in their order
	Revisit   *warc.Revisit    // written in place of the last exchange: its payload is held already
	Outcome   *intake.Outcome  // what the last exchange is; nil for bytes alone
	Kind      index.PageKind   // where outcome is nil and the bytes are to be found again
	Media     string           // media type of such bytes, as declared
	Office    string
	Listed    *time.Time
	Backfill  bool
	Visits    []*index.Visit // saved last; those of pages get the release's id
	Urgent    bool           // somebody waits for it
	Done      func(Item, index.Saved, error)

	at warc.Location // of the last exchange
}

func (k *Item) size() int {
	n := 0
	for _, e := range k.Exchanges {
		n += len(e.Request) + len(e.Response)
	}
	if k.Outcome != nil {
		n += len(k.Outcome.Doc.Body)
	}
	return n
}

// Keeper makes durable what all passes bring: one goroutine, one WARC file, one
// transaction of the store at a time. The order is bytes, then what was read in them,
// then visits: after a crash at any moment what is missing is asked for again.
type Keeper struct {
	intake *intake.Intake
	queue  chan Item
	failed func(error) // told of what stops everything: a full disk, a damaged store
	ended  chan struct{}
	budget *semaphore.Weighted
	writer *warc.Writer
}

// New starts a keeper; Close ends it.
func New(in *intake.Intake, failed func(error)) *Keeper {
	k := &Keeper{intake: in, queue: make(chan Item, batchPages), failed: failed, ended: make(chan struct{}), budget: semaphore.NewWeighted(keptBytes)}
	go k.run()
	return k
}

// Keep hands something over; done is called once it is durable, or can't be.
func (k *Keeper) Keep(item Item) {
	_ = k.budget.Acquire(context.Background(), item.weight()) // fails only with its context
	k.queue <- item
}

// weight is what an item takes of the budget.
func (k *Item) weight() int64 { return min(int64(k.size()), keptBytes) }

// Close waits until all that was handed over is durable.
func (k *Keeper) Close() error {
	close(k.queue)
	<-k.ended
	if k.writer == nil {
		return nil
	}
	return k.writer.Close()
}

// run gathers batches until the queue is closed.
func (k *Keeper) run() {
	defer close(k.ended)
	var batch []Item
	size := 0
	timer := time.NewTimer(batchWait)
	timer.Stop()
	flush := func() {
		timer.Stop()
		if len(batch) > 0 {
			k.flush(batch)
		}
		batch, size = nil, 0
	}
	for {
		select {
		case item, open := <-k.queue:
			if !open {
				flush()
				return
			}
			if len(batch) == 0 {
				timer.Reset(batchWait)
			}
			batch = append(batch, item)
			if size += item.size(); item.Urgent || len(batch) >= batchPages || size >= batchBytes {
				flush()
			}
		case <-timer.C:
			flush()
		}
	}
}

// flush makes a batch durable and tells whoever waits. It goes on when the crawl is being
// stopped: what was fetched is kept.
func (k *Keeper) flush(batch []Item) {
	saved := make([]index.Saved, len(batch))
	refused := make([]error, len(batch))
	if err := k.persist(context.Background(), batch, saved, refused); err != nil {
		k.failed(err)
		for i := range refused {
			refused[i] = err
		}
	}
	for i := range batch {
		k.budget.Release(batch[i].weight())
		if batch[i].Done != nil {
			batch[i].Done(batch[i], saved[i], refused[i])
		}
	}
}

// persist writes the batch; refused has why single items were not taken.
func (k *Keeper) persist(ctx context.Context, batch []Item, saved []index.Saved, refused []error) error {
	if err := k.write(batch); err != nil {
		return fmt.Errorf("write captures: %w", intake.WriteError(err))
	}
	var observations []index.Observation
	var observed []int // places in batch
	var others []index.Capture
	for i := range batch {
		item := &batch[i]
		switch {
		case item.Revisit != nil || item.Outcome == nil && item.Kind == "":
		case item.Outcome == nil:
			others = append(others, bareCapture(item))
		case item.Outcome.Kind == index.PageRelease && item.Outcome.Err == nil:
			observations = append(observations, index.Observation{
				Office: item.Outcome.Office, Addresses: item.Outcome.Addresses, URL: item.Outcome.URL,
				Capture: item.Outcome.Capture(item.at, index.OriginCrawl), Reading: item.Outcome.Reading,
				Backfill: item.Backfill, Listed: item.Listed,
			})
			observed = append(observed, i)
		case item.Outcome.Kind == index.PageListing && item.Outcome.Err == nil:
			if err := k.intake.Store.SaveListing(ctx, item.Outcome.Capture(item.at, index.OriginCrawl), item.Outcome.Rows); err != nil {
				return err
			}
		default:
			others = append(others, item.Outcome.Capture(item.at, index.OriginCrawl))
		}
	}
	if len(others) > 0 {
		if err := k.intake.Store.SaveCaptures(ctx, others); err != nil {
			return err
		}
	}
	if len(observations) > 0 {
		done, errs, err := k.intake.SaveObservations(ctx, observations)
		if err != nil {
			return err
		}
		for i, at := range observed {
			saved[at], refused[at] = done[i], errs[i]
		}
	}
	var unread []index.Capture
	for i, item := range batch {
		if refused[i] != nil {
			capture := item.Outcome.Capture(item.at, index.OriginCrawl)
			capture.Kind = index.PageOther
			unread = append(unread, capture)
		}
	}
	if len(unread) > 0 {
		if err := k.intake.Store.SaveCaptures(ctx, unread); err != nil {
			return err
		}
	}
	return k.saveVisits(ctx, batch, saved, refused)
}

// saveVisits writes last the rows that stop a retry. What could not be taken is tried
// again much later: other code may read it.
func (k *Keeper) saveVisits(ctx context.Context, batch []Item, saved []index.Saved, refused []error) error {
	var visits []index.Visit
	for i := range batch {
		for _, v := range batch[i].Visits {
			if refused[i] != nil {
				v.Outcome, v.Next = index.OutcomeUnread, k.intake.Now().Add(unreadAgain)
				v.ETag, v.LastModified, v.SHA256, v.Payload = "", "", "", "" // or it would count as unchanged then
			}
			if v.ReleaseID == "" && v.Kind == index.VisitPage {
				v.ReleaseID = saved[i].ReleaseID
			}
			visits = append(visits, *v)
		}
	}
	if len(visits) == 0 {
		return nil
	}
	return k.intake.Store.SaveVisits(ctx, visits)
}

// unreadAgain is when a page that could not be taken in is tried again.
const unreadAgain = 7 * 24 * time.Hour

// write puts the exchanges of a batch into the WARC file and makes them durable.
func (k *Keeper) write(batch []Item) (err error) {
	wrote := false
	for i := range batch {
		item := &batch[i]
		for n, e := range item.Exchanges {
			if k.writer == nil {
				if k.writer, err = k.intake.NewWriter(); err != nil {
					return err
				}
			}
			wrote = true
			if item.Revisit != nil && n == len(item.Exchanges)-1 {
				item.at, err = k.writer.WriteRevisit(*item.Revisit)
			} else {
				item.at, err = k.writer.WriteResponse(warc.Exchange{
					URL: e.URL, Date: e.Date, Request: e.Request, Response: e.Response, Address: e.Address,
				})
			}
			if err != nil {
				return err
			}
		}
	}
	if !wrote {
		return nil
	}
	return k.writer.Sync()
}

// bareCapture describes bytes that nobody read: attachments, pages of other statuses.
func bareCapture(item *Item) index.Capture {
	v, last := item.Visits[0], item.Exchanges[len(item.Exchanges)-1]
	status := last.Status
	return index.Capture{
		CaptureRef: index.CaptureRef{
			Captured: index.Instant(last.Date), URL: last.URL, Status: &status, Origin: index.OriginCrawl,
			File: item.at.File, Offset: item.at.Offset, Length: item.at.Length, SHA256: v.SHA256,
		},
		Office: item.Office, FinalURL: last.URL, Kind: item.Kind, MediaType: item.Media,
	}
}
