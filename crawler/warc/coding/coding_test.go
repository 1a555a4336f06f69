package coding_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

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
