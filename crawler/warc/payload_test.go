package warc_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"agora/crawler/warc"
)

const page = "<h1>Página</h1>\n<p>some text, some text, some text</p>\n"

// packed compresses the page with one of Go's writers.
func packed(t *testing.T, open func(io.Writer) io.WriteCloser) string {
	t.Helper()
	var b bytes.Buffer
	w := open(&b)
	if _, err := io.WriteString(w, page); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPayload(t *testing.T) {
	gz := packed(t, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	zl := packed(t, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	fl := packed(t, func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 5); return f })
	br := packed(t, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
	zs := packed(t, func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z })
	const chunked = "9;x=y\r\n<h1>Pági\r\n3\r\nna<\r\n0\r\nTrailer: x\r\n\r\n"
	bomb := packed(t, func(w io.Writer) io.WriteCloser {
		z := gzip.NewWriter(w)
		for range 65 {
			if _, err := z.Write(make([]byte, 1<<20)); err != nil {
				t.Fatal(err)
			}
		}
		return z
	})
	for name, tt := range map[string]struct {
		fields, body, want string
		err                error
	}{
		"as it is":              {"", page, page, nil},
		"identity":              {"Content-Encoding: identity\r\n", page, page, nil},
		"chunked":               {"Transfer-Encoding: chunked\r\n", chunked, "<h1>Página<", nil},
		"chunks joined already": {"Transfer-Encoding: chunked\r\n", page, page, nil},
		"torn chunk":            {"Transfer-Encoding: chunked\r\n", chunked[:12], "", warc.ErrTorn},
		"gzip":                  {"Content-Encoding: gzip\r\n", gz, page, nil},
		"x-gzip":                {"content-encoding: X-GZIP\r\n", gz, page, nil},
		"gzip and a tail":       {"Content-Encoding: gzip\r\n", gz + "tail", page, nil},
		"unpacked already":      {"Content-Encoding: gzip\r\n", page, page, nil},
		"torn gzip":             {"Content-Encoding: gzip\r\n", gz[:30], "", warc.ErrTorn},
		"torn gzip, known":      {"Content-Encoding: gzip\r\nX: y\r\n", gz[:len(gz)-8], page, nil},
		"deflate":               {"Content-Encoding: deflate\r\n", zl, page, nil},
		"bare deflate":          {"Content-Encoding: deflate\r\n", fl, page, nil},
		"deflate, unpacked":     {"Content-Encoding: deflate\r\n", page, page, nil},
		"br":                    {"Content-Encoding: br\r\n", br, page, nil},
		"br, unpacked":          {"Content-Encoding: br\r\n", page, page, nil},
		"br, broken":            {"Content-Encoding: br\r\n", "\xff\xfe\x00\x80", "", warc.ErrEncoding},
		"zstd":                  {"Content-Encoding: zstd\r\n", zs, page, nil},
		"zstd, unpacked":        {"Content-Encoding: zstd\r\n", page, page, nil},
		"two":                   {"Content-Encoding: gzip, br\r\n", brotliOf(t, gz), page, nil},
		"chunked gzip":          {"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunk(gz), page, nil},
		"unknown":               {"Content-Encoding: compress\r\n", page, "", warc.ErrEncoding},
		"empty":                 {"Content-Encoding: gzip\r\n", "", "", nil},
		"bomb":                  {"Content-Encoding: gzip\r\n", bomb, "", warc.ErrTooLarge},
	} {
		r := warc.Record{Type: "response", ContentType: "application/http; msgtype=response",
			Block: []byte("HTTP/1.1 203 Fine\r\nContent-Type: text/html; charset=utf-8\r\n" + tt.fields + "\r\n" + tt.body)}
		if strings.HasSuffix(name, "known") {
			r.Header = warc.Header{{Name: "WARC-Truncated", Value: "length"}}
		}
		p, err := r.Payload()
		if !errors.Is(err, tt.err) || string(p.Body) != tt.want {
			t.Errorf("%s: %q, %v, want %q, %v", name, p.Body, err, tt.want, tt.err)
		}
		if p.Status != 203 || p.ContentType != "text/html; charset=utf-8" || p.Header.Get("content-type") != p.ContentType {
			t.Errorf("%s: status %d, type %q", name, p.Status, p.ContentType)
		}
	}
}

func brotliOf(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func chunk(s string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for len(s) > 0 {
		n := min(len(s), 15)
		b.WriteString(digits[n:n+1] + "\r\n" + s[:n] + "\r\n")
		s = s[n:]
	}
	return b.String() + "0\r\n\r\n"
}

func TestPayloadOfRecords(t *testing.T) {
	for name, tt := range map[string]struct {
		record warc.Record
		status int
		media  string
		body   string
		err    error
	}{
		"resource":          {warc.Record{Type: "resource", ContentType: "text/html", Block: []byte(page)}, 0, "text/html", page, nil},
		"conversion":        {warc.Record{Type: "conversion", ContentType: "text/plain", Block: []byte("x")}, 0, "text/plain", "x", nil},
		"response, no HTTP": {warc.Record{Type: "response", ContentType: "text/dns", Block: []byte("x")}, 0, "text/dns", "x", nil},
		"request":           {warc.Record{Type: "request", ContentType: "application/http"}, 0, "", "", warc.ErrNoPayload},
		"revisit":           {warc.Record{Type: "revisit", ContentType: "application/http"}, 0, "", "", warc.ErrNoPayload},
		"no status":         {warc.Record{Type: "response", Block: []byte("<html>")}, 0, "", "", warc.ErrMalformed},
		"bad status":        {warc.Record{Type: "response", Block: []byte("HTTP/1.1 OK\r\n\r\n")}, 0, "", "", warc.ErrMalformed},
		"head only":         {warc.Record{Type: "response", Block: []byte("HTTP/1.1 204 No Content\r\nA: b")}, 204, "", "", nil},
		"line feeds, odd lines": {warc.Record{Type: "response",
			Block: []byte("HTTP/2 404\nnonsense\nContent-Type: text/html;\n charset=x\n: empty\n\nbody")}, 404, "text/html; charset=x", "body", nil},
	} {
		p, err := tt.record.Payload()
		if !errors.Is(err, tt.err) || p.Status != tt.status || p.ContentType != tt.media || string(p.Body) != tt.body {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	p := warc.Payload{Body: []byte("abc")}
	if got := p.SHA256(); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Error(got)
	}
}
