package fetch_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"agora/crawler/fetch"
	"agora/index"
)

// pack encodes a body.
func pack(t testing.TB, coding string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip", "x-gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "bare deflate":
		w, err = flate.NewWriter(&b, 6)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	default:
		return body
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zeros is an endless body of them.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// endless sends them until nobody takes them.
func endless(w io.Writer) {
	if _, err := io.Copy(w, zeros{}); err == nil {
		panic("zeros came to an end")
	}
}

// site is a server on loopback; robots.txt is not there.
func site(t testing.TB, page http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		page(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// TestHostileBodies is about servers that send too much, too little or something else:
// what is not whole is an error with its outcome, and the next page still comes.
func TestHostileBodies(t *testing.T) {
	junk := make([]byte, 15<<20)
	rand.Read(junk)
	bomb := func(coding string, size int) http.HandlerFunc {
		body := pack(t, coding, make([]byte, size))
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", coding)
			send(w, body)
		}
	}
	raw := func(answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprint(conn, answer)
			conn.Close()
		}
	}
	for _, tt := range []struct {
		name string
		page http.HandlerFunc
		want string // status, or outcome
		size int    // of the body
	}{
		{"15 MB of junk", func(w http.ResponseWriter, _ *http.Request) { send(w, junk) }, "200", len(junk)},
		{"15 MB of junk, with its length", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(junk)))
			send(w, junk)
		}, "200", len(junk)},
		{"small page that repeats itself", bomb("gzip", 900<<10), "200", 900 << 10},
		{"gzip bomb", bomb("gzip", 8<<20), index.OutcomeBomb, 0},
		{"large gzip bomb", bomb("gzip", 70<<20), index.OutcomeBomb, 0},
		{"brotli bomb", bomb("br", 30<<20), index.OutcomeBomb, 0},
		{"zstd bomb", bomb("zstd", 30<<20), index.OutcomeBomb, 0},
		{"bomb in a bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip, gzip")
			send(w, pack(t, "gzip", pack(t, "gzip", make([]byte, 50<<20))))
		}, index.OutcomeBomb, 0},
		{"many encodings", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", strings.Repeat("br,", 1000))
			send(w, pack(t, "br", []byte("x")))
		}, index.OutcomeCoding, 0},
		{"endless", func(w http.ResponseWriter, _ *http.Request) { endless(w) }, index.OutcomeTooLarge, 0},
		{"endless in small chunks", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1\r\nx\r\n", 13<<19)), index.OutcomeTooLarge, 0},
		{"announced as too large", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99999999999") }, index.OutcomeTooLarge, 0},
		{"shorter than announced", raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<h1>Half a"), index.OutcomeNetwork, 0},
		{"longer than announced", raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<h1>Half a"), "200", 5},
		{"torn chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc"), index.OutcomeNetwork, 0},
		{"no last chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), index.OutcomeNetwork, 0},
		{"negative length", raw("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc"), index.OutcomeNetwork, 0},
		{"two lengths", raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"), index.OutcomeNetwork, 0},
		{"torn gzip", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			send(w, pack(t, "gzip", junk[:1000])[:500])
		}, index.OutcomeCoding, 0},
		{"gzip that is none", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			send(w, []byte("\x1f\x8b\x08 and then words"))
		}, index.OutcomeCoding, 0},
		{"unknown encoding", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "pack200")
			send(w, []byte("x"))
		}, index.OutcomeCoding, 0},
		{"header flood", func(w http.ResponseWriter, _ *http.Request) {
			for i := range 5000 {
				w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", 100))
			}
		}, index.OutcomeTooLarge, 0},
		{"endless header line", raw("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20)), index.OutcomeTooLarge, 0},
		{"endless status line", raw(strings.Repeat("H", 1<<20)), index.OutcomeTooLarge, 0},
		{"interim answers for ever", raw(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1000)), index.OutcomeNetwork, 0},
		{"no HTTP", raw("220 mail.example ESMTP\r\n"), index.OutcomeNetwork, 0},
		{"nothing", raw(""), index.OutcomeNetwork, 0},
		{"another protocol", raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), index.OutcomeNetwork, 0},
		{"unasked 304", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, index.OutcomeNetwork, 0},
		{"status without a name", raw("HTTP/1.1 299\r\nContent-Length: 2\r\n\r\nab"), "299", 2},
		{"old protocol", raw("HTTP/1.0 200 OK\r\n\r\nabc"), "200", 3},
		{"lines without CR", raw("HTTP/1.1 200 OK\nContent-Length: 3\n\nabc"), "200", 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := site(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/next" {
					return
				}
				tt.page(w, r)
			})
			c := client(t, fetch.Options{AllowPrivate: true})
			a, err := c.Get(t.Context(), fetch.Request{URL: s.URL + "/page"})
			if got := outcome(t, a, err); got != tt.want || len(a.Body) != tt.size {
				t.Errorf("%s with %d bytes, want %s with %d: %v", got, len(a.Body), tt.want, tt.size, err)
			}
			if got := get(t, c, s.URL+"/next"); got != "200" {
				t.Errorf("the next page: %s", got)
			}
		})
	}
}

// A server that sends a byte a second is left after a minute, whether it is at the head or
// the body, and nothing of it stays behind: the clock of the test waits for every goroutine.
func TestSlowDrip(t *testing.T) {
	drip := func(w io.Writer, done <-chan struct{}) {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				fmt.Fprint(w, "x")
			case <-done:
				return
			}
		}
	}
	for name, page := range map[string]http.HandlerFunc{
		"body": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusOK)
			drip(flushed{w, http.NewResponseController(w)}, r.Context().Done())
		},
		"head": func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			closed := make(chan struct{})
			go func() {
				defer close(closed)
				if _, err := io.Copy(io.Discard, conn); err != nil {
					t.Logf("read what the client sends: %v", err)
				}
			}()
			fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nX: ")
			drip(conn, closed)
		},
		"nothing": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := client(t, fetch.Options{Contact: contact})
				c.Dial(serve(t, robotsAnd("", page)))
				if _, err := c.Robots(t.Context(), "http://ag.example/"); err != nil {
					t.Fatal(err)
				}
				begun := time.Now()
				if got := get(t, c, "http://ag.example/a"); got != index.OutcomeTimeout || time.Since(begun) != time.Minute {
					t.Errorf("ended with %s after %v", got, time.Since(begun))
				}
				// The asker's own patience is no outcome.
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				if _, err := c.Get(ctx, fetch.Request{URL: "http://ag.example/b"}); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("ended with %v", err)
				}
			})
		})
	}
}

// flushed sends each write at once.
type flushed struct {
	io.Writer
	*http.ResponseController
}

func (f flushed) Write(p []byte) (int, error) {
	n, err := f.Writer.Write(p)
	return n, errors.Join(err, f.Flush())
}

// Every encoding is undone, also where a small body has a large window.
func TestEncodings(t *testing.T) {
	page := []byte(strings.Repeat("<p>The attorney general announced a settlement.</p>\n", 3000))
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		coding := r.URL.Query().Get("coding")
		w.Header().Set("Content-Encoding", strings.TrimPrefix(coding, "bare "))
		send(w, pack(t, coding, page))
	})
	c := client(t, fetch.Options{AllowPrivate: true})
	for _, coding := range []string{"identity", "gzip", "x-gzip", "deflate", "bare deflate", "br", "zstd"} {
		a, err := c.Get(t.Context(), fetch.Request{URL: s.URL + "/?coding=" + strings.ReplaceAll(coding, " ", "+")})
		if err != nil || !bytes.Equal(a.Body, page) {
			t.Errorf("%s: %d bytes, %v", coding, len(a.Body), err)
		}
	}
}

// A packed file is a file: nobody undoes what the server did not do on the way.
func TestPackedFilesStayPacked(t *testing.T) {
	file := pack(t, "gzip", []byte("<urlset></urlset>"))
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		send(w, file)
	})
	c := client(t, fetch.Options{AllowPrivate: true})
	for _, mediaType := range []string{"application/gzip", "application/x-gzip", "text/xml; charset=iso-8859-1", "text/html; charset=windows-1252"} {
		a, err := c.Get(t.Context(), fetch.Request{URL: s.URL + "/sitemap.xml.gz?type=" + strings.ReplaceAll(mediaType, " ", "+")})
		if err != nil || !bytes.Equal(a.Body, file) {
			t.Errorf("%s: %q, %v", mediaType, a.Body, err)
		}
	}
}

// Bombs and junk take time and not memory: a pass has to stay below 300 MB.
func TestMemoryOfBombs(t *testing.T) {
	bomb := pack(t, "gzip", make([]byte, 200<<20))
	s := site(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		send(w, bomb)
	})
	c := client(t, fetch.Options{AllowPrivate: true})
	if _, err := c.Robots(t.Context(), s.URL); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if got := get(t, c, s.URL+"/bomb"); got != index.OutcomeBomb {
		t.Errorf("ended with %s", got)
	}
	runtime.ReadMemStats(&after)
	took := (after.TotalAlloc - before.TotalAlloc) >> 20
	t.Logf("a gzip bomb of %d KB for 200 MB took %d MB of memory", len(bomb)>>10, took)
	if took > 50 {
		t.Errorf("took %d MB", took)
	}
}
