// Package intake takes documents into the archive: their bytes go into WARC files, what
// is read in them into the store, whether they were handed in as files or fetched by the
// crawler. It imports files that others made, reads all captures again with better code,
// and verifies that captures and store agree.
//
// It asks the web for nothing, writes no index, and serves nothing: what follows the
// archive follows the store's change log.
package intake

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

// Intake is what takes documents in: the store, the folder of captures, the catalogue and
// the clock. One process at a time may collect into an archive; who calls holds the lock.
type Intake struct {
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

// ReaderOf names the code and the office's own rules that read a page. Fingerprints are
// comparable only within one name: a changed selector reads the same page differently.
func (c *Intake) ReaderOf(o office.Office) string {
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

// Outcome is what became of a document.
type Outcome struct {
	Doc       source.Document
	Office    string
	Kind      index.PageKind
	Why       string          // of the kind
	Refusal   extract.Refusal // of a block page: in which way it says no
	URL       string          // to show; "" where there is none
	Canonical string          // the address that the page gives itself; "" without one
	Addresses []string        // canonical; the first mints an id
	Reader    string
	Reading   index.Reading
	Rows      []index.ListingRow
	Err       error
}

// Capture describes the outcome's bytes for the store; at is where they were written.
func (o *Outcome) Capture(at warc.Location, origin string) index.Capture {
	return index.Capture{
		CaptureRef: index.CaptureRef{
			Captured: index.Instant(o.Doc.Captured), URL: o.Doc.Target(), Status: o.Doc.Status,
			Origin: origin, File: at.File, Offset: at.Offset, Length: at.Length, SHA256: o.Doc.SHA256,
		},
		Office: o.Office, FinalURL: o.Doc.Target(), MediaType: o.Doc.MediaType(),
		Kind: o.Kind, Reader: o.Reader,
	}
}

// Stored reads a capture's bytes back from its WARC file.
func (c *Intake) Stored(capture index.Capture) (source.Document, error) {
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
