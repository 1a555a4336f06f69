// Package coding undoes the encodings of HTTP bodies as they are kept in captures:
// chunked transfer, and gzip, deflate, br and zstd content (RFC 9110, RFC 9112). It is
// lenient where servers and collectors are careless and bounded where they are hostile.
// It reads no messages and knows no WARC.
package coding

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// What can be wrong with a body.
var (
	ErrEncoding = errors.New("content encoding can't be undone") // unknown, or the bytes don't fit it
	ErrTooLarge = errors.New("larger than the limit")
)

// gzipMagic begins every gzip member.
var gzipMagic = []byte{0x1f, 0x8b}

// zstdMagic begins every frame of zstd (RFC 8878).
var zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}

// zstdWindow is the window that every decoder of HTTP bodies has (RFC 9659).
const zstdWindow = 8 << 20

// maxSteps is how many encodings a body may have; a page has one, and chunks.
const maxSteps = 8

// Undo returns the body without the encodings that its header names, the last one undone
// first. Where a collector had undone them and kept the header, the body comes back as it
// is. It fails with ErrEncoding, with ErrTooLarge where the result or one on the way takes
// more than limit bytes, and with io.ErrUnexpectedEOF where the body ends too early; then
// it returns what there was.
func Undo(body []byte, header http.Header, limit int64) ([]byte, error) {
	steps := codings(header, "Content-Encoding")
	for _, coding := range codings(header, "Transfer-Encoding") {
		if coding == chunked {
			steps = append(steps, chunked)
		}
	}
	if len(steps) > maxSteps {
		return nil, fmt.Errorf("%d of them: %w", len(steps), ErrEncoding)
	}
	var early error // of a step that ended too soon, with whatever it gave
	for _, coding := range slices.Backward(steps) {
		whole, err := expand(body, coding, limit)
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			early = err
		case err != nil:
			return nil, err
		}
		body = whole
	}
	return body, early
}

// chunked is the transfer encoding that is undone; others are left to whoever joined them.
const chunked = "chunked"

// codings returns the members of a list-valued field in lower case.
func codings(header http.Header, name string) []string {
	var list []string
	for _, value := range header[name] {
		for coding := range strings.SplitSeq(value, ",") {
			if coding = strings.ToLower(strings.TrimSpace(coding)); coding != "" && coding != "identity" {
				list = append(list, coding)
			}
		}
	}
	return list
}

// beginsChunk tells whether a body begins with the size of a chunk; if not, its collector
// joined the chunks.
func beginsChunk(body []byte) bool {
	size, _, _ := bytes.Cut(body, []byte("\n"))
	digits, _, _ := bytes.Cut(bytes.TrimSpace(size), []byte(";"))
	_, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 32)
	return err == nil
}

// expand undoes one encoding.
func expand(body []byte, coding string, limit int64) ([]byte, error) {
	if undone(body, coding) {
		return body, nil
	}
	whole, err := limited(func() (io.ReadCloser, error) { return open(body, coding, limit) }, limit)
	if err != nil && (coding == "br" || coding == "deflate") && !errors.Is(err, ErrTooLarge) && utf8.Valid(body) {
		return body, nil // neither has a mark of its own; readable text was decoded already
	}
	return settle(whole, err, coding)
}

// undone tells whether a body lacks the mark that the encoding begins with.
func undone(body []byte, coding string) bool {
	switch coding {
	case chunked:
		return !beginsChunk(body)
	case "gzip", "x-gzip":
		return !bytes.HasPrefix(body, gzipMagic)
	case "zstd":
		return !bytes.HasPrefix(body, zstdMagic)
	}
	return len(body) == 0
}

// open returns a reader of the decoded body.
func open(body []byte, coding string, limit int64) (io.ReadCloser, error) {
	switch coding {
	case chunked:
		return io.NopCloser(httputil.NewChunkedReader(bytes.NewReader(body))), nil
	case "gzip", "x-gzip":
		return newGunzip(body)
	case "zstd":
		// The window may be larger than what is left of the limit, the body not.
		memory := uint64(max(limit, zstdWindow))
		decoder, err := zstd.NewReader(bytes.NewReader(body), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(memory))
		if err != nil {
			return nil, err
		}
		return decoder.IOReadCloser(), nil
	case "deflate": // zlib by the standard, bare deflate by some servers
		if from, err := zlib.NewReader(bytes.NewReader(body)); err == nil {
			return from, nil
		}
		return flate.NewReader(bytes.NewReader(body)), nil
	case "br":
		return io.NopCloser(brotli.NewReader(bytes.NewReader(body))), nil
	}
	return nil, errors.New("it is not known")
}

// gunzip reads gzip members up to bytes that are none: browsers pass over those.
type gunzip struct {
	*gzip.Reader
	rest *bytes.Reader
}

func newGunzip(body []byte) (io.ReadCloser, error) {
	rest := bytes.NewReader(body)
	z, err := gzip.NewReader(rest)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return gunzip{z, rest}, nil
}

// Read reads on in the next member where one ends.
func (g gunzip) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if !errors.Is(err, io.EOF) || g.rest.Len() == 0 || g.Reset(g.rest) != nil {
		return n, err
	}
	g.Multistream(false)
	return n, nil
}

// settle gives an error of decoding its meaning.
func settle(whole []byte, err error, coding string) ([]byte, error) {
	switch {
	case err == nil:
		return whole, nil
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
		return whole, fmt.Errorf("%s: %w", coding, err)
	case errors.Is(err, ErrTooLarge), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return nil, fmt.Errorf("%s: %w", coding, ErrTooLarge)
	}
	return nil, fmt.Errorf("%s: %w: %w", coding, ErrEncoding, err)
}

// smallBody is what is read into a buffer that grows. Of longer bodies the length is found
// out first and nothing kept, so that a bomb takes time alone.
const smallBody = 4 << 20

// limited reads everything up to limit bytes; what it opens gives the same each time.
func limited(open func() (io.ReadCloser, error), limit int64) ([]byte, error) {
	from, err := open()
	if err != nil {
		return nil, err
	}
	defer from.Close()
	var whole bytes.Buffer
	small := min(limit, smallBody)
	n, err := whole.ReadFrom(io.LimitReader(from, small+1))
	switch {
	case n <= small:
		return whole.Bytes(), err
	case n > limit:
		return nil, ErrTooLarge
	}
	rest, early := io.Copy(io.Discard, io.LimitReader(from, limit+1-n))
	if n += rest; n > limit {
		return nil, ErrTooLarge
	}
	again, err := open()
	if err != nil {
		return nil, err
	}
	defer again.Close()
	exact := make([]byte, n)
	if _, err := io.ReadFull(again, exact); err != nil {
		return nil, err
	}
	return exact, early
}
