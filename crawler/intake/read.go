package intake

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

// Read turns a document into a reading: a pure function of its bytes, the catalogue and
// the listing rows that the store holds. fallback is the office to assume where the
// document does not say.
func (c *Intake) Read(ctx context.Context, doc source.Document, fallback string) Outcome {
	o := Outcome{Doc: doc, URL: doc.URL}
	if doc.Status != nil && (*doc.Status < 200 || *doc.Status > 299) {
		o.Kind, o.Why = index.PageOther, fmt.Sprintf("the site answered with status %d", *doc.Status)
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
func (c *Intake) readPage(ctx context.Context, o *Outcome, fallback string) {
	page, known, ok := c.sortPage(ctx, o, fallback)
	if !ok || page.Kind != index.PageRelease {
		return
	}
	o.Reading = page.Reading
	o.Canonical = page.Canonical
	if strings.HasSuffix(o.Doc.MediaType(), "json") && isWebAddress(page.Canonical) {
		o.URL = page.Canonical // an item of the site's interface is the page that it names
	}
	o.Addresses = addressesOf(o.URL, page.Canonical, known)
	c.finish(o)
	if o.Err == nil {
		o.Err = c.stateAttachments(ctx, o)
	}
}

// stateAttachments says which attachments of a release the crawler has captured. Like the
// rows of listings that is known to the store alone.
func (c *Intake) stateAttachments(ctx context.Context, o *Outcome) error {
	attachments := o.Reading.Attachments
	if len(attachments) == 0 {
		return nil
	}
	addresses := make([]string, len(attachments))
	for i, a := range attachments {
		addresses[i] = index.CanonicalURL(a.URL)
	}
	visits, err := c.Store.Visits(ctx, o.Office, addresses)
	if err != nil {
		return err
	}
	for i := range attachments {
		v, known := visits[addresses[i]]
		switch {
		case !known || v.Last.IsZero():
		case v.SHA256 != "":
			attachments[i].State, attachments[i].SHA256 = "captured", index.NullableString(v.SHA256)
		case v.Outcome == index.OutcomeTooLarge || v.Outcome == index.OutcomeBomb:
			attachments[i].State = "too_large"
		case !v.Succeeded():
			attachments[i].State = "failed"
		}
	}
	return nil
}

// sortPage finds out what a page is and whose, and reads it without deriving what its
// words mean. It is not ok where the page can't be read; the outcome has the error.
func (c *Intake) sortPage(ctx context.Context, o *Outcome, fallback string) (page extract.Page, known office.Office, ok bool) {
	// An office's rules follow from the address alone, so that a page is read the same way
	// whether its office was known or found in its words.
	known, _ = c.Catalogue.ByURL(o.Doc.URL)
	if page, o.Err = c.extractPage(ctx, o, known); o.Err != nil {
		return page, known, false
	}
	if o.URL == "" && isWebAddress(page.Canonical) {
		// A saved file names its own address; the office's rules may follow from it.
		o.URL, o.Doc.URL = page.Canonical, page.Canonical
		if named, found := c.Catalogue.ByURL(o.URL); found {
			known = named
		}
		if page, o.Err = c.extractPage(ctx, o, known); o.Err != nil {
			return page, known, false
		}
	}
	o.Office, o.Kind, o.Why, o.Refusal, o.Rows = known.ID, page.Kind, page.Why, page.Refusal, page.Rows
	if o.Office == "" {
		o.Office = fallback
	}
	return page, known, true
}

// extractPage reads the page as one of office known, with the listing rows that name it.
func (c *Intake) extractPage(ctx context.Context, o *Outcome, known office.Office) (extract.Page, error) {
	var rows []index.ListingRow
	if known.ID != "" && o.URL != "" {
		var err error
		if rows, err = c.Store.ListingRows(ctx, known.ID, index.CanonicalURL(o.URL)); err != nil {
			return extract.Page{}, err
		}
	}
	o.Reader = c.ReaderOf(known)
	return extract.Read(extract.Input{
		Body: o.Doc.Body, ContentType: o.Doc.ContentType, URL: o.URL, Asked: o.Doc.Asked,
		Captured: o.Doc.Captured, Office: known, Rows: rows,
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
func (c *Intake) readText(o *Outcome, fallback string) {
	reading, err := extract.ReadText(o.Doc.Body)
	if err != nil {
		o.Err = err
		return
	}
	o.Kind, o.Reading, o.Office, o.Reader = index.PageRelease, reading, fallback, extract.Version
	c.finish(o)
}

// readJSON reads one line of JSON in the form of the public interface.
func (c *Intake) readJSON(o *Outcome, fallback string) {
	line, err := parseLine(o.Doc.Body)
	if err != nil {
		o.Err = err
		return
	}
	o.Kind, o.Reader, o.URL, o.Doc.URL = index.PageRelease, extract.Version, line.URL, line.URL
	if o.Office, err = line.office(); err != nil {
		o.Err = err
		return
	}
	if o.Office == "" {
		o.Office = fallback
	}
	known, _ := c.Catalogue.Office(o.Office)
	o.Reading = line.reading(o.Doc.Captured, known.Location())
	if o.URL != "" {
		o.Addresses = addressesOf(o.URL, "", known)
	}
	c.finish(o)
}

// finish finds the office where none is known, derives what the words mean, and gives a
// release without an address its identity from title and text.
func (c *Intake) finish(o *Outcome) {
	if o.Office == "" {
		code, evidence, ok := c.Enricher.FindOffice(o.Reading.Title, o.Reading.Text)
		if !ok {
			o.Err = errOfficeUnknown
			return
		}
		o.Office = code
		o.Reading.Evidence = append(o.Reading.Evidence, index.Evidence{Field: "office", Value: code, Rule: "dateline and names", Quote: evidence})
	}
	o.Reading.Reader = o.Reader
	c.Enricher.Enrich(o.Office, &o.Reading)
	if len(o.Addresses) == 0 {
		o.Addresses = []string{index.TextAddress + extract.Fingerprint(o.Reading.Title, "", o.Reading.Text)}
	}
	if strings.TrimSpace(o.Reading.Title) == "" || strings.TrimSpace(o.Reading.Text) == "" {
		o.Err = fmt.Errorf("release without %s", missingPart(o.Reading))
	}
}

func missingPart(r index.Reading) string {
	if strings.TrimSpace(r.Title) == "" {
		return "a title"
	}
	return "text"
}
