package intake

import (
	"context"
	"fmt"
	"iter"

	"agora/crawler/source"
	"agora/crawler/warc"
	"agora/index"
)

// RereadReport counts what reading all captures again did.
type RereadReport struct {
	Captures int       `json:"captures"`
	Changed  int       `json:"changed"` // releases whose reading is another now
	New      int       `json:"new"`     // pages that were not taken for releases before
	Lost     int       `json:"lost"`    // pages no longer taken for releases; their old reading stays
	Failures []Failure `json:"-"`
}

// Reread reads all captures again with today's code and rules, listings first. It makes
// better readings of the same versions and never a version.
func (c *Intake) Reread(ctx context.Context) (RereadReport, error) {
	r := &rereading{intake: c}
	total, err := c.rereadListings(ctx, r)
	if err != nil {
		return r.report, err
	}
	var captures iter.Seq2[index.Capture, error] = func(yield func(index.Capture, error) bool) {
		for capture, err := range c.Store.AllCaptures(ctx) {
			if err == nil && capture.Kind == index.PageListing {
				continue
			}
			if !yield(capture, err) {
				return
			}
		}
	}
	if err := r.captures(ctx, captures, total); err != nil {
		return r.report, err
	}
	return r.report, ctx.Err()
}

// rereadListings renews the rows of every listing, and counts the captures.
func (c *Intake) rereadListings(ctx context.Context, r *rereading) (total int, err error) {
	for capture, err := range c.Store.AllCaptures(ctx) {
		if err != nil {
			return total, err
		}
		total++
		if capture.Kind != index.PageListing {
			continue
		}
		r.report.Captures++
		doc, err := c.Stored(capture)
		if err != nil {
			r.fail(capture, err)
			continue
		}
		o := Safely(func() Outcome { return c.Read(ctx, doc, capture.Office) }, doc)
		if o.Err != nil {
			r.fail(capture, o.Err)
			continue
		}
		if o.Kind != index.PageListing {
			r.report.Lost++
			continue
		}
		capture.Reader = o.Reader
		if err := c.Store.SaveListing(ctx, capture, o.Rows); err != nil {
			return total, err
		}
	}
	return total, ctx.Err()
}

// rereading is the state of reading captures again.
type rereading struct {
	intake   *Intake
	report   RereadReport
	better   []index.Rereading
	found    []index.Observation
	others   []index.Capture
	listings []foundListing
}

func (r *rereading) fail(capture index.Capture, err error) {
	f := Failure{Where: fmt.Sprintf("capture %d (%s)", capture.ID, capture.URL), Err: err}
	r.report.Failures = append(r.report.Failures, f)
	r.intake.Logger.Error(f.String())
}

// captures reads captures again and saves what came of it in batches.
func (r *rereading) captures(ctx context.Context, captures iter.Seq2[index.Capture, error], total int) error {
	c := r.intake
	var storeErr error
	slots := make(chan index.Capture, 1024)
	var docs iter.Seq2[source.Document, error] = func(yield func(source.Document, error) bool) {
		defer close(slots)
		for capture, err := range captures {
			if err != nil {
				storeErr = err
				return
			}
			doc, err := c.Stored(capture)
			doc.Office = capture.Office
			select {
			case slots <- capture:
			case <-ctx.Done():
				return
			}
			if !yield(doc, err) {
				return
			}
		}
	}
	read := func(ctx context.Context, doc source.Document) Outcome { return c.Read(ctx, doc, doc.Office) }
	for o := range c.ReadAll(ctx, docs, read) {
		r.take(<-slots, o)
		if c.Progress != nil {
			c.Progress(r.report.Captures, total)
		}
		if len(r.better)+len(r.found)+len(r.others)+len(r.listings) < batchSize {
			continue
		}
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	if storeErr != nil {
		return storeErr
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return r.flush(ctx)
}

// take sorts a capture by what it is read as now and was before.
func (r *rereading) take(capture index.Capture, o Outcome) {
	r.report.Captures++
	switch {
	case o.Err != nil:
		r.fail(capture, o.Err)
	case capture.ReleaseID != "" && o.Kind == index.PageRelease:
		r.better = append(r.better, index.Rereading{CaptureID: capture.ID, Reading: o.Reading})
	case capture.ReleaseID != "":
		r.report.Lost++
	case o.Kind != index.PageRelease:
		r.other(capture, o)
	default:
		place := warc.Location{File: capture.File, Offset: capture.Offset, Length: capture.Length}
		observed := o.Capture(place, capture.Origin)
		observed.ID = capture.ID
		r.found = append(r.found, index.Observation{
			Office: o.Office, Addresses: o.Addresses, URL: o.URL, Capture: observed, Reading: o.Reading, Backfill: true,
		})
	}
}

// other keeps what a capture of no release is read as now, where that is new. A listing
// that was not known for one dates releases from the next reading on.
func (r *rereading) other(capture index.Capture, o Outcome) {
	if o.Kind == capture.Kind && o.Reader == capture.Reader {
		return
	}
	capture.Kind, capture.Reader = o.Kind, o.Reader
	if o.Kind == index.PageListing {
		r.listings = append(r.listings, foundListing{capture, o.Rows})
		return
	}
	r.others = append(r.others, capture)
}

// foundListing is a capture that turned out to be a listing.
type foundListing struct {
	capture index.Capture
	rows    []index.ListingRow
}

func (r *rereading) flush(ctx context.Context) error {
	if len(r.better) > 0 {
		changed, err := r.intake.Store.Reread(ctx, r.better)
		if err != nil {
			return err
		}
		r.report.Changed += changed
		r.better = nil
	}
	if len(r.others) > 0 {
		if err := r.intake.Store.SaveCaptures(ctx, r.others); err != nil {
			return err
		}
		r.others = nil
	}
	for _, l := range r.listings {
		if err := r.intake.Store.SaveListing(ctx, l.capture, l.rows); err != nil {
			return err
		}
	}
	r.listings = nil
	if len(r.found) > 0 {
		saved, refused, err := r.intake.SaveObservations(ctx, r.found)
		if err != nil {
			return err
		}
		for i, s := range saved {
			switch {
			case refused[i] != nil:
				r.fail(r.found[i].Capture, refused[i])
			case !s.Known:
				r.report.New++
			}
		}
		r.found = nil
	}
	return nil
}
