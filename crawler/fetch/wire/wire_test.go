package wire_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"agora/crawler/fetch/wire"
)

// answer is a network that always answers the same.
type answer func(r *http.Request) (*http.Response, error)

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

// always returns a network that gives a response.
func always(resp *http.Response) answer {
	return func(*http.Request) (*http.Response, error) { return resp, nil }
}

func ask(ctx context.Context, t *testing.T) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://ag.example/page", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// TestExchange is about networks that are not ours: what they leave out is made up for.
func TestExchange(t *testing.T) {
	body := func(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }
	broken := io.NopCloser(io.MultiReader(strings.NewReader("half"), failing{io.ErrUnexpectedEOF}))
	for name, tt := range map[string]struct {
		network   answer
		beginning int64
		body, raw string
		err       error
	}{
		"bare":              {always(&http.Response{StatusCode: http.StatusOK}), 0, "", "HTTP/1.1 200 OK\r\n\r\n", nil},
		"unknown length":    {always(&http.Response{StatusCode: http.StatusNotFound, ContentLength: -1, Body: body("gone")}), 0, "gone", "HTTP/1.1 404 Not Found\r\n\r\ngone", nil},
		"own words":         {always(&http.Response{StatusCode: http.StatusOK, Status: "200 Fine", Header: http.Header{"Transfer-Encoding": {"chunked"}, "A": {"1", "2"}}, Body: body("5")}), 0, "5", "HTTP/1.1 200 Fine\r\nA: 1\r\nA: 2\r\n\r\n5", nil},
		"too short":         {always(&http.Response{StatusCode: http.StatusOK, ContentLength: 5, Body: body("half")}), 0, "", "", io.ErrUnexpectedEOF},
		"breaks off":        {always(&http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: broken}), 0, "", "", io.ErrUnexpectedEOF},
		"announced too big": {always(&http.Response{StatusCode: http.StatusOK, ContentLength: wire.MaxBody + 1, Body: body("")}), 0, "", "", wire.ErrTooLarge},
		"is too big":        {always(&http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: io.NopCloser(endless{})}), 0, "", "", wire.ErrTooLarge},
		"the beginning":     {always(&http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: io.NopCloser(endless{})}), 5, "xxxxx", "HTTP/1.1 200 OK\r\n\r\nxxxxx", nil},
		"unknown coding":    {always(&http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Encoding": {"rot13"}}, Body: body("uryyb")}), 0, "", "", wire.ErrCoding},
		"unknown name":      {fails(&net.DNSError{IsNotFound: true}), 0, "", "", wire.ErrName},
		"slow names":        {fails(&net.DNSError{IsTimeout: true}), 0, "", "", wire.ErrSlow},
		"anything else":     {fails(io.ErrClosedPipe), 0, "", "", io.ErrClosedPipe},
	} {
		line := &wire.Line{Network: tt.network}
		m, err := line.Exchange(ask(t.Context(), t), tt.beginning)
		if !errors.Is(err, tt.err) || err == nil && (string(m.Body) != tt.body || string(m.Response) != tt.raw) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
		if err == nil && !bytes.HasPrefix(m.Request, []byte("GET /page HTTP/1.1\r\nHost: ag.example\r\n")) {
			t.Errorf("%s: sent %q", name, m.Request)
		}
	}
}

func fails(err error) answer {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte("x"), len(p))), nil }

// An exchange has its own time; whoever asks may have less, and that is no fault of the
// host.
func TestExchangeEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := &wire.Line{Network: answer(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})}
		begun := time.Now()
		if _, err := line.Exchange(ask(t.Context(), t), 0); !errors.Is(err, wire.ErrSlow) || time.Since(begun) != wire.MaxExchange {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
		gone := errors.New("gone home")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, gone)
		defer cancel()
		if _, err := line.Exchange(ask(ctx, t), 0); !errors.Is(err, gone) || errors.Is(err, wire.ErrSlow) {
			t.Errorf("ended with %v", err)
		}
	})
}
