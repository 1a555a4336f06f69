package coding_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"agora/crawler/warc/coding"
)

func zip(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What there is of a body is given even where its end is missing.
func TestUndoKeepsWhatThereIs(t *testing.T) {
	whole := strings.Repeat("line after line\n", 20)
	packed := zip(t, whole)
	for name, tt := range map[string]struct {
		body  []byte
		field string
		want  string
		err   error
	}{
		"whole":            {packed, "Content-Encoding", whole, nil},
		"without its tail": {packed[:len(packed)-8], "Content-Encoding", whole, io.ErrUnexpectedEOF},
		"mark only":        {packed[:4], "Content-Encoding", "", io.ErrUnexpectedEOF},
		"two members":      {append(bytes.Clone(packed), packed...), "Content-Encoding", whole + whole, nil},
		"torn chunk":       {[]byte("a\r\nfive5"), "Transfer-Encoding", "five5", io.ErrUnexpectedEOF},
	} {
		header := http.Header{"Content-Encoding": {"gzip"}}
		if tt.field != "Content-Encoding" {
			header = http.Header{tt.field: {"chunked"}}
		}
		got, err := coding.Undo(tt.body, header, 1<<20)
		if string(got) != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// Long bodies are counted before they are kept, which changes nothing of what comes out.
func TestUndoLongBodies(t *testing.T) {
	header := http.Header{"Content-Encoding": {"gzip"}}
	whole := strings.Repeat("line after line\n", 5<<16) // 5 MiB
	packed := zip(t, whole)
	for name, tt := range map[string]struct {
		body  []byte
		limit int64
		size  int
		err   error
	}{
		"whole":            {packed, 5 << 20, 5 << 20, nil},
		"without its tail": {packed[:len(packed)-8], 6 << 20, 5 << 20, io.ErrUnexpectedEOF},
		"a byte too much":  {packed, 5<<20 - 1, 0, coding.ErrTooLarge},
		"far too much":     {packed, 1 << 20, 0, coding.ErrTooLarge},
	} {
		got, err := coding.Undo(tt.body, header, tt.limit)
		if len(got) != tt.size || string(got) != whole[:len(got)] || !errors.Is(err, tt.err) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

// A small body may have been packed with a window that is larger than its limit.
func TestUndoSmallBodyOfLargeWindow(t *testing.T) {
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithWindowSize(8<<20))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // the length of a stream is not known when it begins
		if _, err := io.WriteString(z, "hello "); err != nil {
			t.Fatal(err)
		}
		if err := z.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := coding.Undo(b.Bytes(), http.Header{"Content-Encoding": {"zstd"}}, 100)
	if string(got) != "hello hello hello " || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// Encodings upon encodings are a trap.
func TestUndoBoundsEncodings(t *testing.T) {
	if _, err := coding.Undo([]byte("x"), http.Header{"Content-Encoding": {strings.Repeat("gzip, ", 100)}}, 100); !errors.Is(err, coding.ErrEncoding) {
		t.Errorf("100 encodings: %v", err)
	}
}

func TestUndoKeepsTheLimit(t *testing.T) {
	header := http.Header{"Content-Encoding": {"gzip"}}
	body := zip(t, strings.Repeat("x", 1000))
	if _, err := coding.Undo(body, header, 999); !errors.Is(err, coding.ErrTooLarge) {
		t.Errorf("999 bytes: %v", err)
	}
	if got, err := coding.Undo(body, header, 1000); len(got) != 1000 || err != nil {
		t.Errorf("1000 bytes: %d, %v", len(got), err)
	}
}
