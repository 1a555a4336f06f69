package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"agora/crawler/extract"
	"agora/crawler/office"
	"agora/crawler/source"
	"agora/index"
)

// errOfficeUnknown tells what to do about a release that no office claims.
var errOfficeUnknown = errors.New("the office could not be told from address, dateline or names; say it with --office")

// read turns a document into a reading: a pure function of its bytes, the catalogue and
// the listing rows that the store holds. fallback is the office to assume where the
// document does not say.
func (c *Collector) read(ctx context.Context, doc source.Document, fallback string) outcome {
	o := outcome{doc: doc, url: doc.URL}
	if doc.Status != nil && (*doc.Status < 200 || *doc.Status > 299) {
		o.kind, o.why = index.PageOther, fmt.Sprintf("the site answered with status %d", *doc.Status)
		return o
	}
	switch {
	case doc.MediaType() == source.MediaRelease:
		c.readJSON(&o, fallback)
	case doc.MediaType() == source.MediaText && doc.URL == "":
		c.readText(&o, fallback)
	default:
		c.readPage(ctx, &o, fallback)
	}
	return o
}

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
	// An office's rules follow from the address alone, so that a page is read the same way
	// whether its office was known or found in its words.
	known, _ = c.Catalogue.ByURL(o.doc.URL)
	if page, o.err = c.extractPage(ctx, o, known); o.err != nil {
		return page, known, false
	}
	if o.url == "" && isWebAddress(page.Canonical) {
		// A saved file names its own address; the office's rules may follow from it.
		o.url, o.doc.URL = page.Canonical, page.Canonical
		if named, found := c.Catalogue.ByURL(o.url); found {
			known = named
		}
		if page, o.err = c.extractPage(ctx, o, known); o.err != nil {
			return page, known, false
		}
	}
	o.office, o.kind, o.why, o.rows = known.ID, page.Kind, page.Why, page.Rows
	if o.office == "" {
		o.office = fallback
	}
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
		Body: o.doc.Body, ContentType: o.doc.ContentType, URL: o.url,
		Captured: o.doc.Captured, Office: known, Rows: rows,
	})
}

// addressesOf lists the canonical addresses of a page: its own, and the one it names
// itself where that is the same office's. A canonical link to the home page, as some
// sites print on every page, is no address of a release.
func addressesOf(address, canonical string, known office.Office) []string {
	if address == "" {
		return nil
	}
	addresses := []string{index.CanonicalURL(address)}
	add := func(address string) {
		if folded := index.CanonicalURL(address); !slices.Contains(addresses, folded) {
			addresses = append(addresses, folded)
		}
	}
	if matched, ruled := known.MatchesRelease(canonical); ruled && matched && isWebAddress(canonical) {
		add(canonical)
	}
	for _, address := range slices.Clone(addresses) {
		add(atHome(address, known))
	}
	return addresses
}

// atHome returns the address on the host of the office's home page where its host is
// another name of that: an alias of the catalogue, or the same with or without "www.".
func atHome(address string, known office.Office) string {
	u, err := url.Parse(address)
	home, homeErr := url.Parse(known.Home)
	if err != nil || homeErr != nil || home.Host == "" {
		return address
	}
	bare := func(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }
	same := func(alias string) bool { return bare(alias) == bare(u.Host) }
	if bare(home.Host) == bare(u.Host) || slices.ContainsFunc(known.Aliases, same) {
		u.Host = home.Host
	}
	return u.String()
}

// readText reads a plain text file; it has no address and no date of its own.
func (c *Collector) readText(o *outcome, fallback string) {
	reading, err := extract.ReadText(o.doc.Body)
	if err != nil {
		o.err = err
		return
	}
	o.kind, o.reading, o.office, o.reader = index.PageRelease, reading, fallback, extract.Version
	c.finish(o)
}

// readJSON reads one line of JSON in the form of the public interface.
func (c *Collector) readJSON(o *outcome, fallback string) {
	line, err := parseLine(o.doc.Body)
	if err != nil {
		o.err = err
		return
	}
	o.kind, o.reader, o.url, o.doc.URL = index.PageRelease, extract.Version, line.URL, line.URL
	if o.office, err = line.office(); err != nil {
		o.err = err
		return
	}
	if o.office == "" {
		o.office = fallback
	}
	known, _ := c.Catalogue.Office(o.office)
	o.reading = line.reading(o.doc.Captured, known.Location())
	if o.url != "" {
		o.addresses = addressesOf(o.url, "", known)
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
