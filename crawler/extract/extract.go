// Package extract reads captured pages: bytes, the office's rules and the listing rows
// that name a page go in; what kind of page it is and, for a release, its title, dates,
// text, labels and attachments come out. It is a pure function of these, so that a
// better extractor reads old captures again without fetching anything.
//
// An office's own selectors come first; general rules, made for pages never seen, take
// over where there are none or where they find nothing. Which rule gave a value is kept
// in Reading.Rules.
//
// It fetches nothing, keeps nothing, and does not say what a text means (see enrich).
// The date of a capture is never a date of publication; it only bounds one.
package extract

import (
	"net/url"
	"strings"
	"time"

	"agora/crawler/extract/attachment"
	"agora/crawler/extract/document"
	"agora/crawler/extract/listing"
	"agora/crawler/extract/prose"
	"agora/crawler/extract/publication"
	"agora/crawler/extract/refusal"
	"agora/crawler/office"
	"agora/index"
)

// Version names this reader. Readings of different versions are not compared with each
// other; it changes with every change that can alter a fingerprint.
const Version = "extract/3"

// Input is a captured page and what is known of it.
type Input struct {
	Body        []byte             // decoded of transfer and content encodings
	ContentType string             // as declared, "" where nothing was
	URL         string             // the final address; "" for files without one
	Asked       string             // the address asked for, where redirects led to another; else ""
	Captured    time.Time          // bounds dates of publication; zero bounds nothing
	Office      office.Office      // zero where it is not known
	Rows        []index.ListingRow // rows of listings that name the page
}

// Page is what a capture turned out to be.
type Page struct {
	Kind      index.PageKind
	Why       string             // the sign that decided the kind, in words
	Refusal   Refusal            // of a block page: in which way it says no
	Canonical string             // the address that the page gives itself; "" without one
	Reading   index.Reading      // of a release page; zero otherwise
	Rows      []index.ListingRow // of a listing page
}

// Read reads a page. Pages that are no releases are no errors: their Kind says what they
// are. It returns an error wrapping index.ErrInvalid for bodies above document.MaxBytes,
// and none that depends on anything but its input.
func Read(in Input) (Page, error) {
	if format := document.Foreign(in.Body, in.ContentType); format != "" {
		return Page{Kind: index.PageUnsupported, Why: "the page is " + format}, nil
	}
	source, err := document.Decode(in.Body, in.ContentType)
	if err != nil {
		return Page{}, err
	}
	if strings.TrimSpace(source) == "" {
		return Page{Kind: index.PageOther, Why: "the page is empty"}, nil
	}
	base, _ := url.Parse(in.URL) // an address that can't be parsed resolves no links
	if post, ok := listing.PostOf(source); ok {
		return readPost(in, post)
	}
	if rows, ok := listing.Data(source, base, in.Office); ok {
		return Page{Kind: index.PageListing, Why: "a list of entries as data", Rows: finishRows(rows, in)}, nil
	}
	if !document.LooksLikeHTML(source) {
		if way, why := refusal.OfText(source); way != refusal.None {
			return Page{Kind: index.PageBlock, Why: why, Refusal: way}, nil
		}
		return Page{Kind: index.PageUnsupported, Why: "the page is not HTML"}, nil
	}
	root, flattened, err := document.Parse(source)
	if err != nil {
		return Page{}, err
	}
	return newPage(in, base, root, flattened).read()
}

// read decides the kind and reads what belongs to it.
func (p *page) read() (Page, error) {
	result := Page{Canonical: p.canonical}
	p.findTitle()
	p.findBody()
	p.titleFromBody()
	p.findDates()
	if way, why := p.blocked(); way != refusal.None {
		result.Kind, result.Why, result.Refusal = index.PageBlock, why, way
		return result, nil
	}
	if refusal.Password(p.root, p.text) {
		result.Kind, result.Why = index.PageOther, "a text behind a password"
		return result, nil
	}
	result.Kind, result.Why = p.decide()
	switch result.Kind {
	case index.PageListing:
		result.Rows = finishRows(p.rows, p.in)
	case index.PageRelease:
		reading, err := p.reading()
		if err != nil {
			return Page{}, err
		}
		result.Reading = reading
	}
	return result, nil
}

// reading puts together what was found on a release page.
func (p *page) reading() (index.Reading, error) {
	markdown, err := prose.Markdown(p.body)
	if err != nil {
		return index.Reading{}, err
	}
	chosen := p.dates.Choose(latestDay(p.in))
	r := index.Reading{
		Reader:             Version,
		Title:              p.title,
		Text:               p.text,
		Markdown:           markdown,
		Tags:               p.tags(),
		Published:          chosen.Day,
		PublishedPrecision: chosen.Precision,
		PublishedSource:    chosen.Source,
		PublishedNote:      chosen.Note,
		Candidates:         p.dates.Written(),
		Rules:              map[string]string{"title": p.titleRule, "body": p.bodyRule},
	}
	if chosen.Day != "" {
		r.Rules["published"] = chosen.Rule
	}
	r.Attachments = attachment.Find(p.root, p.body, p.text, p.base)
	r.Fingerprint = Fingerprint(r.Title, p.dates.Own(latestDay(p.in)), r.Text)
	return r, nil
}

// finishRows fills in what every row of a listing shares.
func finishRows(rows []index.ListingRow, in Input) []index.ListingRow {
	for i := range rows {
		r := &rows[i]
		r.Office, r.Listing, r.Captured, r.Position = in.Office.ID, in.URL, in.Captured, i
		r.Address = index.CanonicalURL(r.URL)
		if r.Source == "" {
			r.Source = publication.SourceListing
		}
	}
	return rows
}

// Decode returns the text of a page as valid UTF-8; see document.Decode.
func Decode(body []byte, contentType string) (string, error) {
	return document.Decode(body, contentType)
}
