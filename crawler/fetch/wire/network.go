package wire

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"code.dny.dev/ssrf"
)

// Limits of connections. Those of an exchange as a whole hold as well.
const (
	dialTime      = 20 * time.Second
	handshakeTime = 20 * time.Second
	idleTime      = 60 * time.Second // longer than the pauses that most hosts get, so that their connection serves again
	idleConns     = 128
)

// guard refuses addresses that are not public, at the time that they are dialled: after
// redirects and names that change their mind.
var guard = ssrf.New(ssrf.WithAnyPort())

// New returns a line over the real network. Addresses that are not public are refused
// unless private ones are allowed. No proxy is taken from the environment: the guard could
// not see behind it.
func New(allowPrivate bool) *Line { return &Line{Network: newNetwork(allowPrivate)} }

// newNetwork returns the real network: HTTP/1.1, as only that can be kept as sent, over
// connections that are recorded above TLS.
func newNetwork(allowPrivate bool) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTime}
	if !allowPrivate {
		dialer.Control = guard.Safe
	}
	trust := &tls.Config{NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(idleConns)}
	transport := &http.Transport{
		TLSClientConfig:        trust,
		DisableCompression:     true,
		MaxIdleConns:           idleConns,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        idleTime,
		MaxResponseHeaderBytes: MaxHead,
		ReadBufferSize:         32 << 10,
		Protocols:              new(http.Protocols),
	}
	transport.Protocols.SetHTTP1(true)
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return Record(conn), nil
	}
	transport.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		config := trust.Clone()
		if config.ServerName == "" {
			config.ServerName, _, _ = net.SplitHostPort(address)
		}
		ctx, cancel := context.WithTimeout(ctx, handshakeTime)
		defer cancel()
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, fmt.Errorf("%w: %w", ErrTLS, err)
		}
		return Record(secure), nil
	}
	return transport
}

// Record returns a connection whose exchanges are kept as sent.
func Record(conn net.Conn) net.Conn { return &recorder{Conn: conn} }

// maxMessage is how much of a response is recorded: body, head, and what chunks take.
const maxMessage = MaxBody + MaxHead + MaxBody/8

// recorder is a connection that keeps what goes over it during an exchange. As there is
// one exchange at a time on a connection, that is the request and its response.
type recorder struct {
	net.Conn

	mu        sync.Mutex
	on        bool
	flooded   bool // the response took more than a limit
	sent, got []byte
}

// Write sends and keeps what was sent.
func (r *recorder) Write(p []byte) (int, error) {
	n, err := r.Conn.Write(p)
	r.mu.Lock()
	if r.on {
		r.sent = append(r.sent, p[:n]...)
	}
	r.mu.Unlock()
	return n, err
}

// Read receives and keeps what was received.
func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.on {
		return n, err
	}
	if len(r.got)+n > maxMessage {
		r.flooded = true
		return 0, ErrTooLarge
	}
	r.got = append(r.got, p[:n]...)
	return n, err
}

// begin starts the record of an exchange.
func (r *recorder) begin() {
	r.mu.Lock()
	r.on, r.flooded, r.sent, r.got = true, false, nil, nil
	r.mu.Unlock()
}

// end drops the record and tells whether the response took more than a limit. It may be
// called on nil.
func (r *recorder) end() (flooded bool) {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	flooded = r.flooded || r.on && len(r.got) >= MaxHead && headEnd(r.got) < 0
	r.on, r.sent, r.got = false, nil, nil
	return flooded
}

// take ends the record and returns what was sent and received.
func (r *recorder) take() (sent, got []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sent, got = r.sent, r.got
	r.on, r.sent, r.got = false, nil, nil
	return sent, got
}
