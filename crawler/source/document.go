package source

import (
	"strings"
	"time"

	"agora/crawler/warc"
	"agora/index"
)

// Document is bytes with all that is known of where they come from.
type Document struct {
	Where       string // for messages
	URL         string // that answered; "" where the source names none
	Asked       string // that was asked for, where redirects led from there; else ""
	Captured    time.Time
	Timeless    bool   // the source has no time of capture: captured is the import's
	ContentType string // as declared, with parameters
	Status      *int
	Body        []byte // decoded
	SHA256      string // hex, of body
	Office      string // as the source says (JSON lines); "" otherwise
	Record      *warc.Record
}

// Key names the document's capture in the store.
func (d *Document) Key() index.CaptureKey {
	k := index.CaptureKey{URL: d.Target(), SHA256: d.SHA256}
	if !d.Timeless {
		k.Captured = d.Captured
	}
	return k
}

// Target is the capture's address: the page's own, or the name of the bytes (RFC 8141)
// where there is none.
func (d *Document) Target() string {
	if d.URL != "" {
		return d.URL
	}
	return "urn:sha256:" + d.SHA256
}

// MediaType returns the declared type without parameters, in lower case.
func (d *Document) MediaType() string {
	t, _, _ := strings.Cut(d.ContentType, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// Media types that decide who reads a document. Plain text on the web (robots.txt, say)
// is a page like others; plain text that was handed in is a release.
const (
	MediaHTML    = "text/html"
	MediaText    = "text/plain"
	MediaRelease = "application/vnd.agora.release+json" // a line of JSON in our own form
)
