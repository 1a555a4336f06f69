package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"agora/server/wording"
)

// Limits on what strangers may send and hold.
const (
	maxBody            = 64 << 10 // no address takes a body; this much is read and ignored
	maxAddress         = 32 << 10 // a question of index.MaxQueryBytes, escaped, with filters
	exportsAtOnce      = 8        // each streams the archive
	exportsOfOneClient = 2
)

// policy allows scripts, styles, pictures and forms of this site and nothing else: no
// scripts inside pages, no frames, nothing from elsewhere.
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// wrap puts around the router what holds for every answer.
func (s *site) wrap(router http.Handler) (http.Handler, error) {
	// Pages vary in more than one encoding for no gain: gzip is what everybody takes.
	compressed, err := gzhttp.NewWrapper(gzhttp.EnableZstd(false))
	if err != nil {
		return nil, fmt.Errorf("make server: %w", err)
	}
	return s.logged(headed(compressed(s.guarded(router)))), nil
}

// headed sets the headers that every answer has.
func headed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Access-Control-Allow-Origin", "*") // public, read-only, without cookies
		}
		next.ServeHTTP(w, r)
	})
}

// guarded refuses requests that are too large and turns a panic into an error. It sits
// inside compression, which would send what it holds before an outer guard could speak.
func (s *site) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch caught := recover(); caught {
			case nil:
			case http.ErrAbortHandler:
				panic(caught)
			default:
				s.fail(w, r, styleOf(r), fmt.Errorf("%w: %v\n%s", errPanic, caught, debug.Stack()))
			}
		}()
		if r.ContentLength > maxBody || len(r.RequestURI) > maxAddress {
			w.Header().Set("Connection", "close")
			s.fail(w, r, styleOf(r), errTooLarge)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// logged notes every request in one line, and counts it.
func (s *site) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, route, whole := s.Now(), "", false
		noted := &noting{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			took := s.Now().Sub(start)
			s.traffic.note(route, r.Method, noted.status, whole, took)
			s.Logger.DebugContext(r.Context(), "request", "method", r.Method, "path", r.URL.Path, "query", wording.Shorten(r.URL.RawQuery, 500),
				"status", noted.status, "bytes", noted.bytes, "took", took.Round(10*time.Microsecond))
		}()
		next.ServeHTTP(noted, r.WithContext(context.WithValue(r.Context(), routed{}, &route)))
		whole = true
	})
}

// noting remembers what was answered.
type noting struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the status.
func (n *noting) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}

// Write notes the size.
func (n *noting) Write(b []byte) (int, error) {
	written, err := n.ResponseWriter.Write(b)
	n.bytes += int64(written)
	return written, err
}

// Unwrap lets http.ResponseController reach the connection.
func (n *noting) Unwrap() http.ResponseWriter { return n.ResponseWriter }

// Flush sends what is buffered.
func (n *noting) Flush() { _ = http.NewResponseController(n.ResponseWriter).Flush() }

// turnstile lets so many in at once, and so many of one client.
type turnstile struct {
	all, each int

	mu     sync.Mutex
	inside map[string]int
	total  int
}

func newTurnstile(all, each int) *turnstile {
	return &turnstile{all: all, each: each, inside: map[string]int{}}
}

// enter returns how to leave again, or why the client may not enter.
func (t *turnstile) enter(client string) (leave func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.inside[client] >= t.each:
		return nil, errTooMany
	case t.total >= t.all:
		return nil, errBusy
	}
	t.inside[client]++
	t.total++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.total--
		if t.inside[client]--; t.inside[client] == 0 {
			delete(t.inside, client)
		}
	}, nil
}

// clientOf names who asks: an address, or the /64 that an IPv6 host can choose from.
func clientOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	address, err := netip.ParseAddr(host)
	if err != nil || !address.Is6() || address.Is4In6() {
		return host
	}
	prefix, err := address.WithZone("").Prefix(64)
	if err != nil {
		return host
	}
	return prefix.String()
}
