package crawler

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"agora/crawler/extract"
	"agora/crawler/office"
	"agora/index"
)

// errOfficeUnknown tells what to do about a release that no office claims.
var errOfficeUnknown = errors.New("the office could not be told from address, dateline or names; say it with --office")

// read turns a document into a reading: a pure function of its bytes, the catalogue and
// the listing rows that the store holds. fallback is the office to assume where the
// document does not say.
func (c *Collector) read(ctx context.Context, doc document, fallback string) outcome {
	o := outcome{doc: doc, url: doc.url}
	if doc.status != nil && (*doc.status < 200 || *doc.status > 299) {
		o.kind, o.why = index.PageOther, fmt.Sprintf("the site answered with status %d", *doc.status)
		return o
	}
	switch {
	case doc.mediaType() == mediaRelease:
		c.readJSON(&o, fallback)
	case doc.mediaType() == mediaText && doc.url == "":
		c.readText(&o, fallback)
	default:
		c.readPage(ctx, &o, fallback)
	}
	return o
}

// Media types that decide who reads a document. Plain text on the web (robots.txt, say)
// is a page like others; plain text that was handed in is a release.
const (
	mediaHTML    = "text/html"
	mediaText    = "text/plain"
	mediaRelease = "application/vnd.agora.release+json" // a line of JSON in our own form
)

// readPage reads a page by the rules of the office that its address belongs to.
func (c *Collector) readPage(ctx context.Context, o *outcome, fallback string) {
	page, known, ok := c.sortPage(ctx, o, fallback)
	if !ok || page.Kind != index.PageRelease {
		return
	}
	o.reading = page.Reading
	o.addresses = addressesOf(o.url, page.Canonical, known)
	c.finish(o)
}

// sortPage finds out what a page is and whose, and reads it without deriving what its
// words mean. It is not ok where the page can't be read; the outcome has the error.
func (c *Collector) sortPage(ctx context.Context, o *outcome, fallback string) (page extract.Page, known office.Office, ok bool) {
	known, ok = c.Catalogue.ByURL(o.doc.url)
	if !ok {
		known, _ = c.Catalogue.Office(fallback)
	}
	if page, o.err = c.extractPage(ctx, o, known); o.err != nil {
		return page, known, false
	}
	if o.url == "" && isWebAddress(page.Canonical) {
		// A saved file names its own address; the office's rules may follow from it.
		o.url, o.doc.url = page.Canonical, page.Canonical
		if named, found := c.Catalogue.ByURL(o.url); found {
			known = named
		}
		if page, o.err = c.extractPage(ctx, o, known); o.err != nil {
			return page, known, false
		}
	}
	o.office, o.kind, o.why, o.rows = known.ID, page.Kind, page.Why, page.Rows
	return page, known, true
}

// extractPage reads the page as one of office known, with the listing rows that name it.
func (c *Collector) extractPage(ctx context.Context, o *outcome, known office.Office) (extract.Page, error) {
	var rows []index.ListingRow
	if known.ID != "" && o.url != "" {
		var err error
		if rows, err = c.Store.ListingRows(ctx, known.ID, index.CanonicalURL(o.url)); err != nil {
			return extract.Page{}, err
		}
	}
	o.reader = c.readerOf(known)
	return extract.Read(extract.Input{
		Body: o.doc.body, ContentType: o.doc.contentType, URL: o.url,
		Captured: o.doc.captured, Office: known, Rows: rows,
	})
}

// addressesOf lists the canonical addresses of a page: its own, and the one it names
// itself where that is the same office's. A canonical link to the home page, as some
// sites print on every page, is no address of a release.
func addressesOf(url, canonical string, known office.Office) []string {
	if url == "" {
		return nil
	}
	addresses := []string{index.CanonicalURL(url)}
	folded := index.CanonicalURL(canonical)
	if !isWebAddress(canonical) || folded == addresses[0] {
		return addresses
	}
	if matched, ruled := known.MatchesRelease(canonical); ruled && matched {
		addresses = append(addresses, folded)
	}
	return addresses
}

// readText reads a plain text file; it has no address and no date of its own.
func (c *Collector) readText(o *outcome, fallback string) {
	reading, err := extract.ReadText(o.doc.body)
	if err != nil {
		o.err = err
		return
	}
	o.kind, o.reading, o.office, o.reader = index.PageRelease, reading, fallback, extract.Version
	c.finish(o)
}

// readJSON reads one line of JSON in the form of the public interface.
func (c *Collector) readJSON(o *outcome, fallback string) {
	line, err := parseLine(o.doc.body)
	if err != nil {
		o.err = err
		return
	}
	o.kind, o.reader, o.url, o.doc.url = index.PageRelease, extract.Version, line.URL, line.URL
	o.reading = line.reading(o.doc.captured)
	if o.office, err = line.office(); err != nil {
		o.err = err
		return
	}
	if o.office == "" {
		o.office = fallback
	}
	if o.url != "" {
		o.addresses = []string{index.CanonicalURL(o.url)}
	}
	c.finish(o)
}

// finish finds the office where none is known, derives what the words mean, and gives a
// release without an address its identity from title and text.
func (c *Collector) finish(o *outcome) {
	if o.office == "" {
		code, evidence, ok := c.Enricher.FindOffice(o.reading.Title, o.reading.Text)
		if !ok {
			o.err = errOfficeUnknown
			return
		}
		o.office = code
		o.reading.Evidence = append(o.reading.Evidence, index.Evidence{Field: "office", Value: code, Rule: "dateline and names", Quote: evidence})
	}
	o.reading.Reader = o.reader
	c.Enricher.Enrich(o.office, &o.reading)
	if len(o.addresses) == 0 {
		o.addresses = []string{index.TextAddress + extract.Fingerprint(o.reading.Title, "", o.reading.Text)}
	}
	if strings.TrimSpace(o.reading.Title) == "" || strings.TrimSpace(o.reading.Text) == "" {
		o.err = fmt.Errorf("release without %s", missingPart(o.reading))
	}
}

func missingPart(r index.Reading) string {
	if strings.TrimSpace(r.Title) == "" {
		return "a title"
	}
	return "text"
}
