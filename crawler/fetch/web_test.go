package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/crawler/fetch"
	"agora/index"
)

// contact is one that hosts can complain to.
const contact = "https://agora.example/about"

// entry is a line of the log of a web.
type entry struct {
	host, path, agent string
	begun, ended      time.Time
	header            http.Header
}

// web is the internet in memory, with a log that tells how its guests behave.
type web struct {
	t     *testing.T
	sites map[string]http.HandlerFunc // by host
	takes map[string]time.Duration    // to answer, by host

	mu  sync.Mutex
	log []entry
}

func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	e := entry{host: r.URL.Host, path: r.URL.RequestURI(), agent: r.UserAgent(), begun: time.Now(), header: r.Header.Clone()}
	site := w.sites[r.URL.Host]
	if site == nil {
		return nil, fmt.Errorf("no site %s", r.URL.Host)
	}
	answer := httptest.NewRecorder()
	site(answer, r.Clone(r.Context()))
	if d := w.takes[r.URL.Host]; d > 0 {
		select {
		case <-time.After(d):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	e.ended = time.Now()
	w.mu.Lock()
	w.log = append(w.log, e)
	w.mu.Unlock()
	resp := answer.Result()
	resp.Request = r
	return resp, nil
}

// asked returns the paths that a host was asked for, in order.
func (w *web) asked(host string) []string {
	var paths []string
	for _, e := range w.of(host) {
		paths = append(paths, e.path)
	}
	return paths
}

// of returns the log of a host.
func (w *web) of(host string) []entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []entry
	for _, e := range w.log {
		if e.host == host {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b entry) int { return a.begun.Compare(b.begun) })
	return list
}

// judge fails the test where a host was not left alone for long enough between two
// requests, was asked for what it closed, or saw another name.
func (w *web) judge(host string, pause time.Duration, agent string, closed ...string) {
	w.t.Helper()
	var last time.Time
	for i, e := range w.of(host) {
		if gap := e.begun.Sub(last); i > 0 && gap < pause {
			w.t.Errorf("%s: %s came %v after the exchange before it, not %v", host, e.path, gap, pause)
		}
		if e.agent != agent {
			w.t.Errorf("%s: named %q", host, e.agent)
		}
		for _, prefix := range closed {
			if strings.HasPrefix(e.path, prefix) {
				w.t.Errorf("%s: %s is disallowed", host, e.path)
			}
		}
		last = e.ended
	}
}

// client returns a client of a web, closed at the end of the test.
func client(t *testing.T, o fetch.Options) *fetch.Client {
	t.Helper()
	if o.Product == "" {
		o.Product = "Agora"
	}
	c, err := fetch.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return c
}

// robotsAnd answers robots.txt, and everything else with a page.
func robotsAnd(robots string, page http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			fmt.Fprint(w, robots)
			return
		}
		if page != nil {
			page(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<h1>Release %s</h1>", r.URL.Path)
	}
}

// memory is a store of hosts.
type memory struct {
	mu    sync.Mutex
	saves int
	hosts map[string]index.Host
}

func (m *memory) Hosts(context.Context) ([]index.Host, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []index.Host
	for _, h := range m.hosts {
		list = append(list, h)
	}
	return list, nil
}

func (m *memory) SaveHosts(_ context.Context, hosts []index.Host) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.saves++
	for _, h := range hosts {
		if m.hosts == nil {
			m.hosts = map[string]index.Host{}
		}
		m.hosts[h.Name] = h
	}
	return nil
}

// send writes to whoever may be gone.
func send(w io.Writer, p []byte) { _, _ = w.Write(p) }

// everywhere answers for every host.
type everywhere struct{ site http.HandlerFunc }

func (e everywhere) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	e.site(answer, r)
	return answer.Result(), nil
}

// serve runs a server whose connections are pipes, and returns how to reach it. It ends
// with the test.
func serve(t *testing.T, site http.HandlerFunc) (dial func() net.Conn) {
	conns := pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: site}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(conns); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("server ended with %v", err)
		}
	}()
	t.Cleanup(func() { server.Close(); <-done })
	return func() net.Conn {
		ours, theirs := net.Pipe()
		conns.conns <- theirs
		return ours
	}
}

// pipes is a listener in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }
