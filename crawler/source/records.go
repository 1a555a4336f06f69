package source

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"agora/crawler/office"
	"agora/crawler/warc"
)

// recordsOf yields the captures of a WARC file: resource and response records whose
// payload a reader may understand. Requests, revisits and the files that only decorate a
// page are passed over without a word.
func recordsOf(f File, catalogue office.Catalogue) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		file, err := os.Open(f.path)
		if err != nil {
			yield(Document{Where: f.name()}, reason(err))
			return
		}
		defer file.Close()
		reader, err := warc.NewReader(file)
		if err != nil {
			yield(Document{Where: f.name()}, err)
			return
		}
		for number := 1; ; number++ {
			record, err := reader.Next()
			if errors.Is(err, io.EOF) {
				if number == 1 {
					yield(Document{Where: f.name()}, errors.New("the file has no records"))
				}
				return
			}
			where := fmt.Sprintf("%s record %d", f.name(), number)
			if err != nil {
				if !yield(Document{Where: where}, cause(err)) || !warc.MayContinue(err) {
					return
				}
				continue
			}
			if !holdsPage(record) {
				continue
			}
			doc, err := FromRecord(record, where)
			if err == nil && decorates(catalogue, &doc) {
				continue
			}
			if !yield(doc, err) {
				return
			}
		}
	}
}

// cause returns what is wrong with a record, without its number, which the message has.
func cause(err error) error {
	var damaged *warc.RecordError
	if errors.As(err, &damaged) {
		return fmt.Errorf("at byte %d: %w", damaged.Offset, damaged.Err)
	}
	return err
}

// At reads one record of a file again.
func (f File) At(offset int64) (Document, error) {
	where := fmt.Sprintf("%s at byte %d", f.name(), offset)
	record, err := warc.ReadAt(f.path, offset)
	if err != nil {
		return Document{Where: where}, err
	}
	return FromRecord(record, where)
}

// holdsPage tells whether a record is a capture of something on the web.
func holdsPage(r warc.Record) bool {
	switch r.Type {
	case warc.TypeResource:
		return true
	case warc.TypeResponse:
		return strings.HasPrefix(r.TargetURI, "http")
	}
	return false
}

// decorates tells whether bytes are part of how a page looks or works: they are no
// publications and are not taken in. Scripts and data are, where the office is known to
// list its releases in such files.
func decorates(catalogue office.Catalogue, doc *Document) bool {
	family, kind, _ := strings.Cut(doc.MediaType(), "/")
	switch family {
	case "image", "font", "audio", "video":
		return true
	}
	switch kind {
	case "css":
		return true
	case "javascript", "x-javascript", "ecmascript", "json":
		known, ok := catalogue.ByURL(doc.URL)
		lists := func(s office.Source) bool { return s.Kind == office.Data }
		return !ok || !slices.ContainsFunc(known.Sources, lists)
	}
	return false
}

// FromRecord makes a document of a capture's record.
func FromRecord(record warc.Record, where string) (Document, error) {
	doc := Document{Where: where, URL: record.TargetURI, Captured: record.Date.UTC(), Record: &record}
	if strings.HasPrefix(doc.URL, "urn:") {
		doc.URL = "" // bytes that came without an address
	}
	if doc.Captured.IsZero() {
		return doc, errors.New("the record has no time of capture that can be read")
	}
	if err := record.CheckDigest(); err != nil {
		return doc, err
	}
	payload, err := record.Payload()
	if err != nil {
		return doc, err
	}
	if payload.Truncated != "" {
		return doc, fmt.Errorf("who captured it cut it short (%s)", payload.Truncated)
	}
	doc.Body, doc.SHA256, doc.ContentType = payload.Body, Digest(payload.Body), payload.ContentType
	if record.Type == warc.TypeResponse {
		doc.Status = &payload.Status
	}
	return doc, nil
}

// RecordToKeep returns the record under which the document's bytes are kept: that of the
// source, as it was, or one made for bytes that came in another form.
func (d *Document) RecordToKeep() warc.Record {
	if d.Record != nil {
		return *d.Record
	}
	return warc.Record{
		Type: warc.TypeResource, TargetURI: d.Target(), Date: d.Captured.Truncate(time.Millisecond),
		ContentType: d.ContentType, Block: d.Body,
	}
}
