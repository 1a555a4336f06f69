package warc_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"agora/crawler/warc"
)

// record makes a plain record by hand; length is what its Content-Length says.
func record(name, block string, length int) string {
	return fmt.Sprintf("WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: https://a.example/%s\r\n"+
		"WARC-Date: 2024-03-05T12:00:00Z\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", name, length, block)
}

func sound(name string) string {
	block := "text of " + name
	return record(name, block, len(block))
}

func zip(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// names returns the last part of each record's address.
func names(records []warc.Record) []string {
	var list []string
	for _, r := range records {
		list = append(list, r.TargetURI[strings.LastIndex(r.TargetURI, "/")+1:])
	}
	return list
}

// What is wrong with one record must not cost the others, in any form of file.
func TestReaderGoesOn(t *testing.T) {
	flipped := []byte(zip(t, sound("flipped")))
	flipped[len(flipped)-6] ^= 0xff // its check sum
	middle := []byte(zip(t, record("middle", strings.Repeat("abcdefgh", 500), 4000)))
	middle[len(middle)/2] ^= 0xff
	const noLength = "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: https://a.example/nolength\r\n\r\nabc\r\n\r\n"
	a, b, c := sound("a"), sound("b"), sound("c")
	for name, tt := range map[string]struct {
		text string
		want []string
		errs []error // one for each record that can't be read
		torn bool    // the last error
	}{
		"plain":                     {a + b + c, []string{"a", "b", "c"}, nil, false},
		"members":                   {zip(t, a) + zip(t, b) + zip(t, c), []string{"a", "b", "c"}, nil, false},
		"one member":                {zip(t, a+b+c), []string{"a", "b", "c"}, nil, false},
		"mixed members":             {zip(t, a+b) + zip(t, c), []string{"a", "b", "c"}, nil, false},
		"empty":                     {"", nil, nil, false},
		"empty member":              {zip(t, "") + zip(t, a), []string{"a"}, []error{warc.ErrMalformed}, false},
		"line feeds only":           {strings.ReplaceAll(a+b, "\r\n", "\n"), []string{"a", "b"}, nil, false},
		"no line ends at the end":   {a + strings.TrimRight(b, "\r\n"), []string{"a", "b"}, nil, false},
		"members without line ends": {zip(t, strings.TrimRight(a, "\r\n")) + zip(t, b), []string{"a", "b"}, nil, false},

		"plain, too short":      {a + record("s", "longer than it says", 4) + b, []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"plain, too long":       {a + record("l", "short", 30) + b + c, []string{"a", "b", "c"}, []error{warc.ErrMalformed}, false},
		"plain, far too long":   {a + record("l", "short", 1<<20) + b + c, []string{"a", "b", "c"}, []error{warc.ErrMalformed}, false},
		"plain, too long, last": {a + record("l", "short", 30), []string{"a"}, []error{warc.ErrTorn}, true},
		"plain, garbage":        {a + "garbage\nmore\n" + b, []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"plain, no length":      {a + noLength + b, []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"plain, torn header":    {a + b[:40], []string{"a"}, []error{warc.ErrTorn}, true},
		"plain, torn block":     {a + b[:len(b)-8], []string{"a"}, []error{warc.ErrTorn}, true},

		"members, too short": {zip(t, a) + zip(t, record("s", "longer than it says", 4)) + zip(t, b), []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"members, too long":  {zip(t, a) + zip(t, record("l", "short", 30)) + zip(t, b), []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"members, no length": {zip(t, a) + zip(t, noLength) + zip(t, b), []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"members, garbage":   {zip(t, a) + "garbage" + zip(t, b), []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"members, check sum": {zip(t, a) + string(flipped) + zip(t, b), []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"members, bit flip":  {zip(t, a) + string(middle) + zip(t, b), []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"members, hole":      {zip(t, a) + string(middle[:40]) + zip(t, b) + zip(t, c), []string{"a", "b", "c"}, []error{warc.ErrMalformed}, false},
		"members, torn":      {zip(t, a) + zip(t, b)[:50], []string{"a"}, []error{warc.ErrTorn}, true},
		"members, zeros":     {zip(t, a) + strings.Repeat("\x00", 3000), []string{"a"}, []error{warc.ErrTorn}, true},
		"last, no length":    {zip(t, a) + zip(t, noLength), []string{"a"}, []error{warc.ErrMalformed}, false},

		"one member, too short": {zip(t, a+record("s", "longer than it says", 4)+b), []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"one member, torn":      {zip(t, a+b+record("c", strings.Repeat("0123456789", 9000), 90000))[:300], []string{"a", "b"}, []error{warc.ErrTorn}, true},

		"long header":      {a + "WARC/1.1\r\nX: " + strings.Repeat("x", 2*warc.MaxHeader) + "\r\n\r\n" + b, []string{"a", "b"}, []error{warc.ErrTooLarge}, false},
		"many fields":      {a + "WARC/1.1\r\n" + strings.Repeat("X: y\r\n", warc.MaxHeader) + "\r\n" + b, []string{"a", "b"}, []error{warc.ErrTooLarge}, false},
		"promised block":   {a + record("p", "", 1<<62), []string{"a"}, []error{warc.ErrTorn}, true},
		"negative length":  {a + record("n", "", -1) + b, []string{"a", "b"}, []error{warc.ErrMalformed}, false},
		"no WARC behind a": {a + "HTTP/1.1 200 OK\r\n\r\n", []string{"a"}, []error{warc.ErrTorn}, true},
	} {
		for source, r := range map[string]io.Reader{
			"":               strings.NewReader(tt.text),
			", without seek": io.MultiReader(strings.NewReader(tt.text)),
		} {
			if strings.Contains(name, "bit flip") || strings.Contains(name, "hole") {
				if source != "" {
					continue // what lies within the wrong member's buffer is lost then
				}
			}
			records, problems := readAll(t, r)
			if diff := cmp.Diff(tt.want, names(records)); diff != "" {
				t.Errorf("%s%s: %s (%v)", name, source, diff, problems)
			}
			checkProblems(t, name+source, tt.errs, tt.torn, problems)
		}
	}
}

func checkProblems(t *testing.T, name string, want []error, torn bool, got []error) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%s: %d problems, want %d: %v", name, len(got), len(want), got)
		return
	}
	for i := range want {
		var detail *warc.RecordError
		if !errors.Is(got[i], want[i]) || !errors.As(got[i], &detail) || detail.Number < 1 {
			t.Errorf("%s: %v, want %v", name, got[i], want[i])
		}
	}
	if n := len(got); n > 0 && errors.Is(got[n-1], warc.ErrTorn) != torn {
		t.Errorf("%s: %v, torn should be %v", name, got[n-1], torn)
	}
}

func TestReaderTellsOffsets(t *testing.T) {
	a, b := sound("a"), sound("b")
	za, zb := zip(t, a), zip(t, b)
	for name, tt := range map[string]struct {
		text string
		want [][2]int64
	}{
		"plain":      {a + b, [][2]int64{{0, int64(len(a)) - 4}, {int64(len(a)), int64(len(b)) - 4}}},
		"members":    {za + zb, [][2]int64{{0, int64(len(za))}, {int64(len(za)), int64(len(zb))}}},
		"one member": {zip(t, a+b), [][2]int64{{-1, -1}, {-1, -1}}},
	} {
		records, _ := readAll(t, strings.NewReader(tt.text))
		var got [][2]int64
		for _, r := range records {
			if name == "plain" { // the line ends behind a record belong to it
				r.Length -= 4
			}
			got = append(got, [2]int64{r.Offset, r.Length})
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReaderReadsFields(t *testing.T) {
	text := "WARC/1.0\r\nwarc-type: Response\r\nWARC-Target-URI: <http://a.example/x>\r\nWARC-Date: 2009-05\r\n" +
		"X-Long: one\r\n  two\r\nX-Twice: 1\r\nX-Twice: 2\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
	records, problems := readAll(t, strings.NewReader(text))
	if len(records) != 1 || len(problems) != 0 {
		t.Fatal(records, problems)
	}
	r := records[0]
	if r.Type != "response" || r.TargetURI != "http://a.example/x" || r.Date.Format("2006-01-02") != "2009-05-01" ||
		r.Header.Get("x-long") != "one two" || r.Header.Get("X-Twice") != "1" || len(r.Block) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	for _, text := range []string{"<html>", "PK\x03\x04", "\x00\x00\x00\x00\x00\x00", "{\"a\":1}", "WARB"} {
		if _, err := warc.NewReader(strings.NewReader(text)); !errors.Is(err, warc.ErrFormat) {
			t.Errorf("%q: %v", text, err)
		}
	}
	records, problems := readAll(t, strings.NewReader(zip(t, "<html>no records</html>")))
	if len(records) != 0 || len(problems) != 1 {
		t.Errorf("compressed page: %v, %v", records, problems)
	}
}

// A small file must not take much memory or time.
func TestReaderBoundsExpansion(t *testing.T) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	const size = warc.MaxBlock + 1
	fmt.Fprintf(z, "WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: %d\r\n\r\n", size)
	zeros := make([]byte, 1<<20)
	for n := size; n > 0; n -= len(zeros) {
		if _, err := z.Write(zeros[:min(n, len(zeros))]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(z, "\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	b.WriteString(zip(t, sound("a")))
	records, problems := readAll(t, &b)
	if diff := cmp.Diff([]string{"a"}, names(records)); diff != "" {
		t.Error(diff)
	}
	checkProblems(t, "large block", []error{warc.ErrTooLarge}, false, problems)
}

func TestReadAtOtherPlaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.warc.gz")
	torn := zip(t, sound("b"))
	text := zip(t, sound("a")) + torn[:len(torn)-3]
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for offset, want := range map[int64]error{
		5:                                  warc.ErrFormat,
		int64(len(zip(t, sound("a")))):     warc.ErrTorn,
		int64(len(text)):                   warc.ErrTorn,
		int64(len(text)) + 100:             warc.ErrTorn,
		int64(len(zip(t, sound("a")))) + 3: warc.ErrFormat,
	} {
		if _, err := warc.ReadAt(path, offset); !errors.Is(err, want) {
			t.Errorf("at %d: %v, want %v", offset, err, want)
		}
	}
	if _, err := warc.ReadAt(path+"x", 0); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestCheckDigest(t *testing.T) {
	for digest, want := range map[string]error{
		"": nil,
		"sha1:" + "2FTOOSJTOVOJK6P5NH7OBQKQL7SLRHHQ":                               warc.ErrDigest,
		warc.Digest([]byte("abc")):                                                 nil,
		"sha1:a9993e364706816aba3e25717850c26c9cd0d89d":                            nil,
		"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad":  nil,
		"sha-256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD": nil,
		"md5:900150983cd24fb0d6963f7d28e17f72":                                     nil,
		"md5:900150983cd24fb0d6963f7d28e17f73":                                     warc.ErrDigest,
		"whirlpool:00":                                                             nil,
	} {
		r := warc.Record{Block: []byte("abc"), Header: warc.Header{{Name: "WARC-Block-Digest", Value: digest}}}
		if err := r.CheckDigest(); !errors.Is(err, want) {
			t.Errorf("%s: %v", digest, err)
		}
	}
}

func TestRealFileReadsWhole(t *testing.T) {
	f, err := os.Open("../../../shared/real/ag-pages.warc.gz")
	if os.IsNotExist(err) {
		t.Skip("skipped: ../shared is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, problems := readAll(t, f)
	kinds, offset := map[string]int{}, int64(0)
	for _, r := range records {
		kinds[r.Type]++
		if r.Offset != offset {
			t.Fatalf("record of %s is at %d, want %d", r.TargetURI, r.Offset, offset)
		}
		offset += r.Length
		if err := r.CheckDigest(); err != nil {
			t.Error(err)
		}
		if p, err := r.Payload(); r.Type == warc.TypeResource && (err != nil || len(p.Body) == 0) {
			t.Error(err)
		}
	}
	if len(records) != 554 || len(problems) != 0 {
		t.Errorf("%d records, problems %v", len(records), problems)
	}
	t.Logf("%d records: %v", len(records), kinds)
}

func FuzzReader(f *testing.F) {
	a, b := sound("a"), sound("b")
	f.Add([]byte(a + b))
	f.Add([]byte(zip(f, a) + zip(f, b)))
	f.Add([]byte(zip(f, a+b)))
	f.Add([]byte(record("l", "short", 30) + a))
	f.Add([]byte("WARC/1.1\nWARC-Type: response\nContent-Type: application/http\nContent-Length: 60\n\n" +
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, r := range []io.Reader{bytes.NewReader(text), io.MultiReader(bytes.NewReader(text))} {
			reader, err := warc.NewReader(r)
			if err != nil {
				continue
			}
			for n := 0; ; n++ {
				record, err := reader.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				if n > len(text)+2 {
					t.Fatal("more records than bytes")
				}
				if err == nil {
					// Whatever these say of such a record, they must not panic.
					_, _ = record.Payload()
					_ = record.CheckDigest()
				}
			}
		}
	})
}
