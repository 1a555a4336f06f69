package fetch_test

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/fetch"
	"agora/crawler/fetch/wire"
	"agora/crawler/warc/coding"
)

// lineServer answers requests on one connection after another with given bytes, and keeps
// what it was sent.
type lineServer struct {
	address string
	mu      sync.Mutex
	sent    []string // requests, robots.txt left out
	conns   int
}

// serveLines answers each path with its bytes. An answer that is empty closes the
// connection; one that announces no length ends with it.
func serveLines(t *testing.T, answers map[string]string) *lineServer {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &lineServer{address: "http://" + listener.Addr().String()}
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns++
			s.mu.Unlock()
			wait.Go(func() { s.converse(conn, answers) })
		}
	})
	t.Cleanup(func() { listener.Close(); wait.Wait() })
	return s
}

func (s *lineServer) converse(conn net.Conn, answers map[string]string) {
	defer conn.Close()
	var seen bytes.Buffer
	from := bufio.NewReader(io.TeeReader(conn, &seen))
	for first := true; ; first = false {
		req, err := http.ReadRequest(from)
		if err != nil {
			return
		}
		if req.URL.Path == "/robots.txt" {
			fmt.Fprint(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
			seen.Reset()
			continue
		}
		if req.URL.Path == "/only-first" && !first {
			return // as servers do that close idle connections
		}
		s.mu.Lock()
		s.sent = append(s.sent, seen.String())
		s.mu.Unlock()
		seen.Reset()
		answer := answers[req.URL.Path]
		fmt.Fprint(conn, answer)
		if !strings.Contains(answer, "Content-Length") && !strings.Contains(answer, "chunked") && !strings.Contains(answer, " 304 ") && !strings.Contains(answer, " 204 ") {
			return
		}
	}
}

// TestCaptureIsWhatWasSent compares exchanges with the very bytes of the connection.
func TestCaptureIsWhatWasSent(t *testing.T) {
	const interim = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
	for name, tt := range map[string]struct{ before, answer, after, body string }{
		"length":            {"", "HTTP/1.1 200 OK\r\nserver:  odd Spacing\r\nContent-Length: 5\r\nX-Two: 1\r\nx-two: 2\r\n\r\nhello", "", "hello"},
		"own reason":        {"", "HTTP/1.1 200 All Is Well\r\nContent-Length: 0\r\n\r\n", "", ""},
		"chunks":            {"", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n006\r\n world\r\n0\r\n\r\n", "", "hello world"},
		"chunks, trailer":   {"", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 9\r\n\r\n", "", "hello"},
		"to the end":        {"", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello", "", "hello"},
		"old protocol":      {"", "HTTP/1.0 200 OK\r\n\r\nhello\r\n\r\n", "", "hello\r\n\r\n"},
		"bare line feeds":   {"", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "", "hello"},
		"interim answers":   {interim + "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "", "hello"},
		"something behind":  {"", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "and more", "hello"},
		"more after chunks": {"", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "and more", "hello"},
		"no content":        {"", "HTTP/1.1 204 No Content\r\n\r\n", "", ""},
		"not modified":      {"", "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\n", "", ""},
		"not found":         {"", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone", "", "gone"},
		"packed": {"", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" +
			fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(pack(t, "gzip", []byte("hello"))), pack(t, "gzip", []byte("hello"))), "", "hello"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serveLines(t, map[string]string{"/page": tt.before + tt.answer + tt.after})
			c := client(t, fetch.Options{AllowPrivate: true})
			a, err := c.Get(t.Context(), fetch.Request{URL: s.address + "/page", ETag: `"1"`})
			if err != nil || len(a.Hops) != 1 {
				t.Fatalf("%d hops, %v", len(a.Hops), err)
			}
			if diff := cmp.Diff(tt.answer, string(a.Hops[0].Response)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(s.sent, []string{string(a.Hops[0].Request)}); diff != "" {
				t.Error(diff)
			}
			if string(a.Body) != tt.body || a.Hops[0].Address != "127.0.0.1" {
				t.Errorf("body %q from %q", a.Body, a.Hops[0].Address)
			}
		})
	}
}

// TestRequestAsSent shows all that a server learns of us.
func TestRequestAsSent(t *testing.T) {
	s := serveLines(t, map[string]string{"/a": "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"})
	t.Setenv("COLLY_USER_AGENT", "another")
	c := client(t, fetch.Options{AllowPrivate: true, Version: "1.2 (dev)", Contact: contact})
	address := strings.Replace(s.address, "http://", "http://user:secret@", 1)
	if _, err := c.Get(t.Context(), fetch.Request{URL: address + "/a?b=c d#part", ETag: `W/"x"`, LastModified: "Sun, 06 Nov 1994 08:49:37 GMT"}); err != nil {
		t.Fatal(err)
	}
	want := "GET /a?b=c%20d HTTP/1.1\r\n" +
		"Host: " + strings.TrimPrefix(s.address, "http://") + "\r\n" +
		"User-Agent: Agora/1.2--dev- (+https://agora.example/about)\r\n" +
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n" +
		"Accept-Encoding: gzip, br, zstd\r\n" +
		"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n" +
		"If-None-Match: W/\"x\"\r\n\r\n"
	if diff := cmp.Diff([]string{want}, s.sent); diff != "" {
		t.Error(diff)
	}
}

// A connection that the server closed while it was idle is replaced once, and what was
// sent over the new one is kept.
func TestClosedConnectionIsReplaced(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	s := serveLines(t, map[string]string{"/page": answer, "/only-first": answer})
	c := client(t, fetch.Options{AllowPrivate: true})
	if got := get(t, c, s.address+"/page"); got != "200" {
		t.Fatal(got)
	}
	a, err := c.Get(t.Context(), fetch.Request{URL: s.address + "/only-first"})
	if err != nil || string(a.Hops[0].Response) != answer || !bytes.HasPrefix(a.Hops[0].Request, []byte("GET /only-first ")) {
		t.Errorf("%+v, %v", a, err)
	}
	if s.conns != 2 {
		t.Errorf("%d connections", s.conns)
	}
}

// The record is of what is inside TLS, and one connection serves many requests.
func TestCaptureInsideTLS(t *testing.T) {
	var conns sync.Map
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conns.Store(r.RemoteAddr, true)
		if r.ProtoMajor != 1 {
			t.Errorf("asked by %s", r.Proto)
		}
		w.Header()["Date"] = nil
		fmt.Fprint(w, "hello")
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	c := client(t, fetch.Options{AllowPrivate: true})
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	c.Trust(roots)
	for range 5 {
		a, err := c.Get(t.Context(), fetch.Request{URL: server.URL + "/page"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello", string(a.Hops[0].Response)); diff != "" {
			t.Error(diff)
		}
	}
	n := 0
	conns.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d connections", n)
	}
}

// Where the connection is not ours to record, the exchange is written anew from what is
// known of it: nothing is lost but chunks.
func TestCaptureOfAnotherNetwork(t *testing.T) {
	body := pack(t, "gzip", []byte("hello"))
	s := site(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusTeapot)
		http.NewResponseController(w).Flush()
		send(w, body)
	})
	c := client(t, fetch.Options{Network: s.Client().Transport})
	a, err := c.Get(t.Context(), fetch.Request{URL: s.URL + "/page"})
	if err != nil {
		t.Fatal(err)
	}
	want := "HTTP/1.1 418 I'm a teapot\r\nContent-Encoding: gzip\r\nContent-Type: text/plain\r\n\r\n" + string(body)
	if diff := cmp.Diff(want, string(a.Hops[0].Response)); diff != "" {
		t.Error(diff)
	}
	if string(a.Body) != "hello" || !strings.HasPrefix(string(a.Hops[0].Request), "GET /page HTTP/1.1\r\nHost: 127.0.0.1:") {
		t.Errorf("%q %q", a.Body, a.Hops[0].Request)
	}
}

// FuzzAnswer sends any bytes as an answer over a connection. Whatever they are, nothing
// panics, and what is taken for an answer can be read again from its capture.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"))
	f.Add([]byte("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n"))
	f.Add([]byte("HTTP/1.0 200 OK\r\nContent-Encoding: gzip, br\r\n\r\n\x1f\x8b"))
	f.Add([]byte("HTTP/1.1 302 Found\r\nLocation: http://ag.example/\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		c, err := fetch.New(fetch.Options{Product: "Agora", Contact: contact})
		if err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		defer wait.Wait()
		defer c.Close(t.Context())
		c.Dial(func() net.Conn {
			ours, theirs := net.Pipe()
			wait.Go(func() {
				defer theirs.Close()
				req, err := http.ReadRequest(bufio.NewReader(theirs))
				switch {
				case err != nil:
				case req.URL.Path == "/robots.txt":
					fmt.Fprint(theirs, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
				default:
					send(theirs, answer)
				}
			})
			return ours
		})
		a, err := c.Get(t.Context(), fetch.Request{URL: "http://ag.example/page"})
		if err != nil {
			return
		}
		last := a.Hops[len(a.Hops)-1]
		if !bytes.Contains(answer, last.Response) {
			t.Fatalf("%q was never sent", last.Response)
		}
		resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(last.Response)), &http.Request{Method: http.MethodGet})
		if err != nil {
			t.Fatalf("read capture %q: %v", last.Response, err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatalf("read body of %q: %v", last.Response, err)
		}
		decoded, err := coding.Undo(body, http.Header{"Content-Encoding": resp.Header["Content-Encoding"]}, wire.MaxDecoded)
		if err != nil || resp.StatusCode != a.Status || !bytes.Equal(decoded, a.Body) {
			t.Fatalf("%q: status %d, body %q, %v; answer %d, %q", last.Response, resp.StatusCode, decoded, err, a.Status, a.Body)
		}
	})
}
