package fetch

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"agora/crawler/fetch/robots"
	"agora/crawler/fetch/wire"
	"agora/index"
)

// payload is what an exchange brought. It is the body of the response that goes up the
// chain; read as such it is what colly is shown of the answer.
type payload struct {
	shown      bytes.Reader
	exchange   Exchange
	header     http.Header // as received
	body       []byte      // decoded
	elapsed    time.Duration
	retryAfter time.Time // as the host asked; zero where it didn't
}

func (p *payload) Read(b []byte) (int, error) { return p.shown.Read(b) }

// Close does nothing: all was read already.
func (p *payload) Close() error { return nil }

// beginningKey marks a request in its context whose answer may be cut: of robots.txt only
// the beginning counts.
type beginningKey struct{}

// exchanges is the last of the chain: one request and its answer.
type exchanges struct{ client *Client }

// newRequest returns a request for a clean address that carries our name.
func (c *Client) newRequest(ctx context.Context, u *url.URL) *http.Request {
	req := &http.Request{
		Method:     http.MethodGet,
		URL:        u,
		Host:       u.Host,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     http.Header{"User-Agent": {c.agent}, "Accept-Encoding": {acceptEncodings}},
	}
	return req.WithContext(ctx)
}

// RoundTrip returns a response whose body is a *payload, or an *Error, or the error of the
// request's own context.
func (e *exchanges) RoundTrip(req *http.Request) (*http.Response, error) {
	var beginning int64
	if req.Context().Value(beginningKey{}) != nil {
		beginning = robots.MaxBytes
	}
	m, err := e.client.line.Exchange(req, beginning)
	if err != nil {
		if req.Context().Err() != nil {
			return nil, err
		}
		return nil, &Error{Outcome: outcomeOf(err), URL: req.URL.String(), Err: err}
	}
	p := &payload{header: m.Header, body: m.Body, elapsed: m.Elapsed, retryAfter: retryAfter(m, e.client.options.Now())}
	p.exchange = Exchange{
		URL:      req.URL.String(),
		Date:     m.Began.UTC().Truncate(time.Millisecond),
		Request:  m.Request,
		Response: m.Response,
		Address:  m.Address,
		Status:   m.Status,
	}
	header := m.Header.Clone()
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	// Uncompressed keeps colly from undoing what looks packed to it, such as sitemap.xml.gz.
	return &http.Response{
		Status: http.StatusText(m.Status), StatusCode: m.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: p, ContentLength: -1, Uncompressed: true, Request: req,
	}, nil
}

// outcomes are the stored codes of failed exchanges; all others are OutcomeNetwork.
var outcomes = []struct {
	err     error
	outcome string
}{
	{wire.ErrAddress, index.OutcomeAddress},
	{wire.ErrName, index.OutcomeName},
	{wire.ErrSlow, index.OutcomeTimeout},
	{wire.ErrTLS, index.OutcomeTLS},
	{wire.ErrTooLarge, index.OutcomeTooLarge},
	{wire.ErrBomb, index.OutcomeBomb},
	{wire.ErrCoding, index.OutcomeCoding},
}

// outcomeOf returns the stored code of a failed exchange.
func outcomeOf(err error) string {
	for _, row := range outcomes {
		if errors.Is(err, row.err) {
			return row.outcome
		}
	}
	return index.OutcomeNetwork
}
