// Package wire makes one exchange of HTTP: one request, and its answer read to the end
// within limits of size and time, decoded, and kept as it was sent. Connections go to
// public addresses only, unless that is allowed.
//
// It follows no redirects, waits for nobody, and knows nothing of what is asked.
package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"slices"
	"time"

	"code.dny.dev/ssrf"

	"agora/crawler/warc/coding"
)

// Limits of what is taken from a host. Beyond one the exchange is an error, and never a
// cut body.
const (
	MaxBody     = 32 << 20         // bytes of a body as sent: the longest reports of offices take half of it
	MaxDecoded  = 64 << 20         // bytes of a body without its encodings
	MaxRatio    = 100              // of decoded to sent: pages reach 20
	ratioFloor  = 1 << 20          // below it no ratio is too high: short pages may repeat one line
	MaxHead     = 64 << 10         // bytes of status line and header: servers send less than 8 KiB
	MaxExchange = 60 * time.Second // from connecting to the last byte
)

// What can be wrong with an exchange; all else is a network that failed.
var (
	ErrTooLarge = errors.New("larger than the limit")
	ErrBomb     = errors.New("grows beyond the limit when it is unpacked")
	ErrCoding   = errors.New("packed in a way that can't be undone")
	ErrSlow     = errors.New("took too long")
	ErrName     = errors.New("the name is not known")
	ErrTLS      = errors.New("no trusted connection")
	ErrAddress  = errors.New("the address is not public")
)

// Line carries exchanges. It may be used by several goroutines; whoever wants exchanges of
// a host one by one asks for them so.
type Line struct {
	Network http.RoundTripper // a line of New guards and records; others have to heed the context
	Now     func() time.Time  // time.Now where nil
	Within  time.Duration     // for an exchange; MaxExchange where zero
}

// Message is an answer with what was sent for it.
type Message struct {
	Status   int
	Header   http.Header   // as received
	Body     []byte        // decoded; it may share memory with Response
	Request  []byte        // as sent: head, empty line
	Response []byte        // as sent: head, empty line, body with its encodings
	Address  string        // IP address of the server; "" where unknown
	Began    time.Time     // when the answer began
	Elapsed  time.Duration // from connecting to the last byte
}

// Close closes connections that are idle.
func (l *Line) Close() {
	if network, ok := l.Network.(interface{ CloseIdleConnections() }); ok {
		network.CloseIdleConnections()
	}
}

func (l *Line) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

// Exchange asks and reads the answer. The request names its encodings itself. Where
// beginning is not 0 no more of the body than that is wanted, and the rest is left. Errors
// are those of this package, of the request's own context, or of the network.
func (l *Line) Exchange(req *http.Request, beginning int64) (*Message, error) {
	within := l.Within
	if within == 0 {
		within = MaxExchange
	}
	ctx, cancel := context.WithTimeoutCause(req.Context(), within, ErrSlow)
	defer cancel()
	var line *recorder // of the connection; nil where it is not ours
	var address string
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		line.end()
		if line, _ = info.Conn.(*recorder); line != nil {
			line.begin()
		}
		if host, _, err := net.SplitHostPort(info.Conn.RemoteAddr().String()); err == nil {
			address = host
		}
	}})
	m, err := l.exchange(req.WithContext(ctx), &line, beginning)
	if err == nil {
		m.Address = address
		return m, nil
	}
	flooded := line.end() // its own word for it is lost on the way through the transport
	switch {
	case req.Context().Err() != nil:
		return nil, context.Cause(req.Context())
	case errors.Is(context.Cause(ctx), ErrSlow):
		return nil, fmt.Errorf("no whole answer within %s: %w", within, ErrSlow)
	case flooded:
		return nil, fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	return nil, meaning(err)
}

// exchange asks and reads. The record of the connection is taken as soon as all was read.
func (l *Line) exchange(req *http.Request, line **recorder, beginning int64) (*Message, error) {
	begun := l.now()
	resp, err := l.Network.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	defer resp.Body.Close()
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	m := &Message{Status: resp.StatusCode, Header: resp.Header, Began: l.now()}
	if m.Status < 200 {
		return nil, fmt.Errorf("changes the protocol (%d)", m.Status)
	}
	var sent bytes.Buffer
	into := io.Writer(&sent)
	if *line != nil && beginning == 0 {
		into = io.Discard // the record has it
	}
	if err := readBody(resp, into, beginning); err != nil {
		return nil, err
	}
	m.Elapsed = l.now().Sub(begun)
	body := sent.Bytes()
	if *line == nil {
		m.Request, m.Response = rebuildRequest(req), rebuildResponse(resp, body)
	} else {
		request, got := (*line).take()
		if headEnd(request) < 0 { // answered before it was sent
			request = rebuildRequest(req)
		}
		response, recorded, err := splitMessage(got, resp, beginning > 0)
		if err != nil {
			return nil, err
		}
		if beginning == 0 {
			body = recorded
		}
		m.Request, m.Response = request, response
	}
	m.Body, err = decode(body, resp.Header, beginning > 0)
	return m, err
}

// readBody reads a body as sent, without chunks. One that ends before its announced length
// is an error, as is one that goes on beyond the limit, unless only its beginning is
// wanted.
func readBody(resp *http.Response, into io.Writer, beginning int64) error {
	limit := int64(MaxBody)
	if beginning > 0 {
		_, err := io.Copy(into, io.LimitReader(resp.Body, min(limit, beginning)))
		return err
	}
	if resp.ContentLength > limit {
		return fmt.Errorf("body of %d bytes: %w", resp.ContentLength, ErrTooLarge)
	}
	n, err := io.Copy(into, io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return fmt.Errorf("read body: %w", err)
	case n > limit:
		return fmt.Errorf("body: %w", ErrTooLarge)
	case n < resp.ContentLength && resp.StatusCode != http.StatusNotModified:
		return fmt.Errorf("body ends after %d of %d bytes: %w", n, resp.ContentLength, io.ErrUnexpectedEOF)
	}
	return nil
}

// decode undoes the encodings of a body.
func decode(sent []byte, header http.Header, cut bool) ([]byte, error) {
	limit := min(MaxDecoded, max(ratioFloor, MaxRatio*int64(len(sent))))
	// Chunks are undone already, whatever the header says.
	body, err := coding.Undo(sent, http.Header{"Content-Encoding": header["Content-Encoding"]}, limit)
	switch {
	case err == nil, cut && errors.Is(err, io.ErrUnexpectedEOF):
		return body, nil
	case errors.Is(err, coding.ErrTooLarge):
		return nil, fmt.Errorf("%d bytes: %w: %w", len(sent), ErrBomb, err)
	}
	return nil, fmt.Errorf("%w: %w", ErrCoding, err)
}

// refusals are what the guard says about addresses.
var refusals = []error{ssrf.ErrProhibitedIP, ssrf.ErrProhibitedNetwork, ssrf.ErrProhibitedPort, ssrf.ErrInvalidHostPort}

// meaning gives an error of the network its meaning, where it has one of its own.
func meaning(err error) error {
	var name *net.DNSError
	var network net.Error
	switch {
	case slices.ContainsFunc(refusals, func(refusal error) bool { return errors.Is(err, refusal) }):
		return fmt.Errorf("%w: %w", ErrAddress, err)
	case errors.As(err, &name) && name.IsNotFound:
		return fmt.Errorf("%w: %w", ErrName, err)
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("%w: %w", ErrSlow, err)
	}
	return err
}
