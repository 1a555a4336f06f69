// Package fetch asks the web for addresses, as a guest who behaves: by robots.txt
// (RFC 9309), one request at a time for each host, slowly, under one name, conditionally
// where validators are known, within limits of size and time, and never at addresses that
// are not public. Every exchange comes back with the bytes as they were sent, for a WARC.
//
// It decides nothing about which addresses are worth asking for, and reads no page.
package fetch

import (
	"context"
	"net/http"
	"time"

	"github.com/gocolly/colly/v2"
)

// Request is a question for one address.
type Request struct {
	URL          string
	Accept       string // "" for pages
	ETag         string // validators of the payload that is held: a 304 confirms it
	LastModified string
	Select       []Selection // parts of an HTML answer that the asker wants to see
}

// Selection is a part of a page that colly looks for. Pages of more than 4 MiB are not
// looked at.
type Selection struct {
	Selector string // CSS
	Found    func(*colly.HTMLElement)
}

// Answer is what came of a request after all redirects. Statuses are answers, also 404
// and 503; only where nothing whole came is there an error.
type Answer struct {
	URL         string     // that answered in the end
	Hops        []Exchange // all exchanges in their order, the answer's last; robots.txt is not among them
	Status      int
	Header      http.Header
	ContentType string
	Body        []byte    // decoded; nil for 304
	Captured    time.Time // when the answer began, UTC milliseconds
	Elapsed     time.Duration
	RetryAfter  time.Time // as the host asked; zero where it did not
}

// NotModified tells whether the payload that is held was confirmed.
func (a Answer) NotModified() bool { return a.Status == http.StatusNotModified }

// Exchange is one request and its response, as sent.
type Exchange struct {
	URL      string
	Date     time.Time
	Request  []byte // head, empty line
	Response []byte // head, empty line, body with its encodings
	Address  string // IP address of the server; "" where unknown
	Status   int
}

// Getter gets addresses. *Client is the one that asks the web.
type Getter interface {
	// Get asks for an address and follows redirects. The error wraps an *Error whose
	// Outcome says in a stored code what went wrong, or is ctx's.
	Get(ctx context.Context, r Request) (Answer, error)
}

// Error says why there is no answer.
type Error struct {
	Outcome string     // a stored code of package index, such as index.OutcomeTimeout
	Cause   string     // of OutcomeNoRobots: what came of asking for robots.txt, as an outcome or status
	URL     string     // that failed, maybe after redirects
	Until   time.Time  // of OutcomeLater and OutcomeNoRobots: when to try again
	Hops    []Exchange // that came before
	Err     error
}

// Error says what went wrong with which address.
func (e *Error) Error() string { return "fetch " + e.URL + ": " + e.Err.Error() }

// Unwrap returns what went wrong.
func (e *Error) Unwrap() error { return e.Err }
