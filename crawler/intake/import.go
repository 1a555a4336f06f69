package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"agora/crawler/source"
	"agora/crawler/warc"
	"agora/index"
)

// ImportOptions say what to take in and how.
type ImportOptions struct {
	Sources []string  // files, folders, or "-" for lines of JSON on Stdin
	Stdin   io.Reader // for "-"
	Office  string    // assumed where a document does not say; never overrides
}

// PassedOver is a page that is no release, with what it is and why it was taken for it.
type PassedOver struct {
	Where string         `json:"where"`
	URL   string         `json:"url"`
	Kind  index.PageKind `json:"kind"`
	Why   string         `json:"why"`
}

// ImportReport counts what an import did.
type ImportReport struct {
	New        int          `json:"new"`
	Edited     int          `json:"edited"`      // releases with a new version
	Unchanged  int          `json:"unchanged"`   // further captures of the same words
	Known      int          `json:"known"`       // captures that were held already
	Listings   int          `json:"listings"`    // kept for the dates in their rows
	PassedOver []PassedOver `json:"passed_over"` // no releases
	Failures   []Failure    `json:"-"`           // each named; the rest went on
}

// Taken is the number of pieces that were understood, new or not.
func (r *ImportReport) Taken() int {
	return r.New + r.Edited + r.Unchanged + r.Known + r.Listings + len(r.PassedOver)
}

// count adds what became of one observation.
func (r *ImportReport) count(saved index.Saved) {
	switch {
	case saved.Known:
		r.Known++
	case saved.Change == index.ChangeNew:
		r.New++
	case saved.Change == index.ChangeEdited:
		r.Edited++
	default:
		r.Unchanged++
	}
}

// fail records a failure and logs it at once: an import may be long.
func (c *Intake) fail(report *ImportReport, where string, err error) {
	f := Failure{Where: where, Err: err}
	report.Failures = append(report.Failures, f)
	c.Logger.Error(f.String())
}

// Import takes in files without network. Listings in any of them are read before the
// first release is dated, whatever the order of the records. A piece that can't be read
// is reported and the rest goes on; the error returned is for what stops everything
// (the store, the disk, a cancelled context). Repeating an import changes nothing.
func (c *Intake) Import(ctx context.Context, o ImportOptions) (report ImportReport, err error) {
	report.PassedOver = []PassedOver{}
	fail := func(where string, err error) { c.fail(&report, where, err) }
	files := source.Expand(ctx, o.Sources, o.Stdin, fail)
	if err := ctx.Err(); err != nil {
		return report, err
	}
	cleanUp, err := source.Unpack(files, fail)
	defer cleanUp()
	if err != nil {
		return report, err
	}
	run := &importRun{intake: c, options: o, started: index.Instant(c.Now()), report: &report}
	saver := &saver{intake: c, backfill: true, report: &report}
	defer closeAfter(saver, &err)

	if err := run.listings(ctx, files, saver); err != nil {
		return report, err
	}
	if err := run.releases(ctx, files, saver); err != nil {
		return report, err
	}
	return report, ctx.Err()
}

// importRun is the state of one import.
type importRun struct {
	intake  *Intake
	options ImportOptions
	started time.Time
	report  *ImportReport
	order   captureOrder
	total   int // records counted by the first walk
	done    int
}

// listings is the first walk over the files that can hold pages: it saves the rows of
// the listings and notes the order of captures. It parses only what no rule of an
// office's addresses settles.
func (r *importRun) listings(ctx context.Context, files []source.File, saver *saver) error {
	c := r.intake
	var pages iter.Seq2[source.Document, error] = func(yield func(source.Document, error) bool) {
		for _, f := range files {
			if !f.HoldsPages() {
				continue
			}
			for doc, err := range f.Documents(c.Catalogue, r.started) {
				if ctx.Err() != nil {
					return
				}
				r.total++
				if err != nil {
					continue // the second walk reports it
				}
				r.order.note(f.Index, &doc)
				if c.mayBeListing(&doc) && !yield(doc, nil) {
					return
				}
			}
		}
	}
	read := func(ctx context.Context, doc source.Document) Outcome {
		o := Outcome{Doc: doc, URL: doc.URL}
		c.sortPage(ctx, &o, r.options.Office)
		return o
	}
	for o := range c.ReadAll(ctx, pages, read) {
		if o.Err == nil && o.Kind == index.PageListing {
			if err := saver.add(ctx, o); err != nil {
				return err
			}
		}
	}
	if err := saver.flush(ctx); err != nil {
		return err
	}
	// Listings are met again by the second walk and would be counted as known.
	r.report.Known = 0
	return ctx.Err()
}

// releases is the second walk: everything is read and saved.
func (r *importRun) releases(ctx context.Context, files []source.File, saver *saver) error {
	c := r.intake
	read := func(ctx context.Context, doc source.Document) Outcome { return c.Read(ctx, doc, r.options.Office) }
	for o := range c.ReadAll(ctx, r.inOrder(ctx, files), read) {
		r.done++
		if c.Progress != nil {
			c.Progress(r.done, r.total)
		}
		switch {
		case o.Err != nil:
			c.fail(r.report, o.Doc.Where, o.Err)
			continue
		case o.Kind == index.PageListing:
			continue // saved by the first walk
		case o.Kind != index.PageRelease:
			r.report.PassedOver = append(r.report.PassedOver, PassedOver{o.Doc.Where, o.Doc.URL, o.Kind, o.Why})
		}
		if err := saver.add(ctx, o); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return saver.flush(ctx)
}

// inOrder yields all documents; those whose address has captures that do not stand in
// order of time come last, sorted, so that versions are numbered as they happened.
func (r *importRun) inOrder(ctx context.Context, files []source.File) iter.Seq2[source.Document, error] {
	return func(yield func(source.Document, error) bool) {
		for _, f := range files {
			for doc, err := range f.Documents(r.intake.Catalogue, r.started) {
				if ctx.Err() != nil {
					return
				}
				if err == nil && r.order.late(&doc) {
					continue
				}
				if !yield(doc, err) {
					return
				}
			}
		}
		for _, p := range r.order.sorted() {
			if ctx.Err() != nil {
				return
			}
			doc, err := files[p.file].At(p.offset)
			if !yield(doc, err) {
				return
			}
		}
	}
}

// mayBeListing tells whether a page has to be read to know that it is no listing.
func (c *Intake) mayBeListing(doc *source.Document) bool {
	known, ok := c.Catalogue.ByURL(doc.URL)
	if !ok {
		return true
	}
	matched, ruled := known.MatchesRelease(doc.URL)
	return !ruled || !matched
}

// NewWriter opens a WARC file of this process. The file before it is cut to its last
// whole record where its writer was killed: files of ours end well, or are the newest.
func (c *Intake) NewWriter() (*warc.Writer, error) {
	if err := os.MkdirAll(c.Captures, 0o755); err != nil {
		return nil, fmt.Errorf("make folder of captures: %w", WriteError(err))
	}
	if files, err := filepath.Glob(filepath.Join(c.Captures, "agora-*.warc.gz")); err == nil && len(files) > 0 {
		newest := slices.Max(files) // names begin with the time
		switch cut, err := warc.Repair(newest); {
		case err != nil:
			c.Logger.Warn("the last file of captures can't be checked", "error", err)
		case cut > 0:
			c.Logger.Warn("the last file of captures ended within a record, as a killed process leaves it; the piece was cut off", "file", filepath.Base(newest), "bytes", cut)
		}
	}
	w, err := warc.NewWriter(c.Captures, warc.WriterOptions{Software: c.Program, Now: c.Now})
	if err != nil {
		return nil, fmt.Errorf("open a file of captures: %w", WriteError(err))
	}
	return w, nil
}

// WriteError gives a failed write its meaning.
func WriteError(err error) error {
	if errors.Is(err, fs.ErrPermission) || isUnwritable(err) {
		return fmt.Errorf("%w: %w", index.ErrReadOnly, err)
	}
	return err
}

// isUnwritable tells whether a file system takes no more: full, over a quota, read only.
func isUnwritable(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EROFS)
}

// position is where a record stands in the sources.
type position struct {
	file     int
	offset   int64
	address  string
	captured int64 // Unix milliseconds
}

// captureOrder notes where the captures of an address stand, and which addresses have
// captures that do not stand in order of time.
type captureOrder struct {
	latest    map[string]int64
	positions []position
	jumbled   map[string]bool
}

// note records a document of the first walk. Without an offset a record can't be read
// again alone and stays where it stands; the store takes captures in any order.
func (o *captureOrder) note(file int, doc *source.Document) {
	if doc.URL == "" || doc.Timeless || doc.Record == nil || doc.Record.Offset < 0 {
		return
	}
	if o.latest == nil {
		o.latest, o.jumbled = map[string]int64{}, map[string]bool{}
	}
	p := position{file, doc.Record.Offset, index.CanonicalURL(doc.URL), doc.Captured.UnixMilli()}
	o.positions = append(o.positions, p)
	if last, ok := o.latest[p.address]; ok && p.captured < last {
		o.jumbled[p.address] = true
	} else {
		o.latest[p.address] = p.captured
	}
}

// late tells whether the document waits for the end.
func (o *captureOrder) late(doc *source.Document) bool {
	if len(o.jumbled) == 0 || doc.URL == "" || doc.Timeless || doc.Record == nil || doc.Record.Offset < 0 {
		return false
	}
	return o.jumbled[index.CanonicalURL(doc.URL)]
}

// sorted lists the documents that wait, by address and time.
func (o *captureOrder) sorted() []position {
	waiting := slices.DeleteFunc(o.positions, func(p position) bool { return !o.jumbled[p.address] })
	slices.SortStableFunc(waiting, func(a, b position) int {
		switch {
		case a.address != b.address:
			if a.address < b.address {
				return -1
			}
			return 1
		case a.captured < b.captured:
			return -1
		case a.captured > b.captured:
			return 1
		}
		return 0
	})
	return waiting
}
