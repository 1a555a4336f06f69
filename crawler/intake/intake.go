// Package crawler collects: it takes pages from where they are (today files that others
// made; the web joins with the crawl), keeps their bytes in WARC files, reads them, and
// hands what it read to the store. It writes only the store and the captures; index,
// feeds and pages follow the store's change log. It does not search and serves nothing.
package crawler

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"agora/crawler/enrich"
	"agora/crawler/extract"
	"agora/crawler/office"
	"agora/crawler/source"
	"agora/crawler/warc"
	"agora/index"
)

// Collector is a collector's hands: the store, the folder of captures, the catalogue and
// the clock. One process at a time may collect into an archive; who calls holds the lock.
type Collector struct {
	Store     index.Store
	Captures  string // folder of the WARC files
	Catalogue office.Catalogue
	Enricher  *enrich.Enricher
	Program   string // name and version, for the WARC files' own description
	Now       func() time.Time
	Logger    *slog.Logger
	Progress  index.Progress

	readers sync.Map // office → version of the code and rules that read its pages
}

// Failure is a piece of input that could not be taken in; the rest went on.
type Failure struct {
	Where string // "pages.warc.gz record 12", "more.jsonl line 3"
	Err   error
}

// String returns the failure as one line.
func (f Failure) String() string { return f.Where + ": " + f.Err.Error() }

// readerOf names the code and the office's own rules that read a page. Fingerprints are
// comparable only within one name: a changed selector reads the same page differently.
func (c *Collector) readerOf(o office.Office) string {
	if o.ID == "" {
		return extract.Version
	}
	if known, ok := c.readers.Load(o.ID); ok {
		return known.(string)
	}
	h := fnv.New32a()
	fmt.Fprintf(h, "%+v|%s", o.Page, o.Timezone)
	name := extract.Version + "+" + o.ID + "." + hex.EncodeToString(h.Sum(nil))
	c.readers.Store(o.ID, name)
	return name
}

// outcome is what became of a document.
type outcome struct {
	doc       source.Document
	office    string
	kind      index.PageKind
	why       string // of the kind
	url       string // to show; "" where there is none
	addresses []string
	reader    string
	reading   index.Reading
	rows      []index.ListingRow
	err       error
}

// capture describes the outcome's bytes for the store; at is where they were written.
func (o *outcome) capture(at warc.Location, origin string) index.Capture {
	return index.Capture{
		CaptureRef: index.CaptureRef{
			Captured: index.Instant(o.doc.Captured), URL: o.doc.Target(), Status: o.doc.Status,
			Origin: origin, File: at.File, Offset: at.Offset, Length: at.Length, SHA256: o.doc.SHA256,
		},
		Office: o.office, FinalURL: o.doc.Target(), MediaType: o.doc.MediaType(),
		Kind: o.kind, Reader: o.reader,
	}
}

// stored reads a capture's bytes back from its WARC file.
func (c *Collector) stored(capture index.Capture) (source.Document, error) {
	record, err := warc.ReadAt(filepath.Join(c.Captures, filepath.Base(capture.File)), capture.Offset)
	if err != nil {
		return source.Document{}, fmt.Errorf("read capture %d in %s: %w", capture.ID, capture.File, err)
	}
	doc, err := source.FromRecord(record, fmt.Sprintf("%s at %d", capture.File, capture.Offset))
	if err != nil {
		return source.Document{}, err
	}
	doc.Captured = capture.Captured
	return doc, nil
}

// closeAfter closes c and keeps the first error of both.
func closeAfter(c io.Closer, err *error) {
	if closeErr := c.Close(); closeErr != nil && *err == nil {
		*err = closeErr
	}
}
