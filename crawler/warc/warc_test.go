package warc_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/gzip"
	"pgregory.net/rapid"

	"agora/crawler/warc"
)

var noon = time.Date(2024, 3, 5, 12, 0, 0, 0, time.UTC)

// still is a clock that stands and chance that repeats.
func still(seed uint64) warc.WriterOptions {
	return warc.WriterOptions{Software: "agora-test", Now: func() time.Time { return noon }, Random: chance(seed)}
}

func chance(seed uint64) io.Reader {
	var key [32]byte
	key[0] = byte(seed)
	return rand.NewChaCha8(key)
}

func newWriter(t testing.TB, dir string, o warc.WriterOptions) *warc.Writer {
	t.Helper()
	w, err := warc.NewWriter(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func closeWriter(t testing.TB, w *warc.Writer) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// readAll returns the records of a file and the errors on the way, up to 1,000 of both.
func readAll(t testing.TB, r io.Reader) (records []warc.Record, problems []error) {
	t.Helper()
	reader, err := warc.NewReader(r)
	if err != nil {
		return nil, []error{err}
	}
	for range 1000 {
		record, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			return records, problems
		case err != nil:
			problems = append(problems, err)
		default:
			records = append(records, record)
		}
	}
	t.Fatal("the reader doesn't end")
	return nil, nil
}

func readFile(t testing.TB, path string) []warc.Record {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, problems := readAll(t, f)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return records
}

func files(t testing.TB, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.warc.gz"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func unzip(t testing.TB, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// writeEveryType writes one of each type of record.
func writeEveryType(t testing.TB, w *warc.Writer) []warc.Location {
	t.Helper()
	must := func(l warc.Location, err error) warc.Location {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	const page = "https://ag.example.gov/news/one"
	return []warc.Location{
		must(w.WriteResource(page, "text/html; charset=utf-8", noon, []byte("<h1>Resource</h1>\n"))),
		must(w.WriteResponse(warc.Exchange{
			URL: page, Date: noon.Add(1500 * time.Millisecond), Address: "192.0.2.7",
			Request:  []byte("GET /news/one HTTP/1.1\r\nHost: ag.example.gov\r\n\r\n"),
			Response: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>Response</h1>\n"),
		})),
		must(w.WriteRevisit(warc.Revisit{
			URL: page, Date: noon.Add(time.Hour), Head: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
			PayloadDigest: warc.Digest([]byte("<h1>Response</h1>\n")), EarlierURL: page, EarlierDate: noon,
		})),
	}
}

func TestWrittenTextIsGolden(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, still(1))
	writeEveryType(t, w)
	closeWriter(t, w)
	got := unzip(t, files(t, dir)[0])
	golden := filepath.Join("testdata", "every-type.warc")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryRecordIsReadAtItsLocation(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, still(2))
	locations := writeEveryType(t, w)
	closeWriter(t, w)
	path := files(t, dir)[0]
	records := readFile(t, path)
	var kinds []string
	for _, r := range records {
		kinds = append(kinds, r.Type)
		alone, err := warc.ReadAt(path, r.Offset)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, alone); diff != "" {
			t.Errorf("%s read alone differs: %s", r.Type, diff)
		}
		if err := r.CheckDigest(); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]string{"warcinfo", "resource", "response", "request", "revisit"}, kinds); diff != "" {
		t.Error(diff)
	}
	for i, n := range []int{1, 2, 4} {
		want := warc.Location{File: filepath.Base(path), Offset: records[n].Offset, Length: records[n].Length}
		if locations[i] != want {
			t.Errorf("location %+v, want %+v", locations[i], want)
		}
	}
	info, err := os.Stat(path)
	if last := records[4]; err != nil || last.Offset+last.Length != info.Size() {
		t.Errorf("the last record ends at %d of %d", last.Offset+last.Length, info.Size())
	}
}

// Whatever is written is read again, in both forms of file, and can be copied.
func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		o := still(3)
		o.MaxSize = int64(rapid.IntRange(1, 5000).Draw(rt, "size of a file"))
		w := newWriter(t, dir, o)
		var want []warc.Record
		var order []string
		for range rapid.IntRange(1, 12).Draw(rt, "records") {
			r := drawRecord(rt)
			location, err := w.Write(r)
			if err != nil {
				rt.Fatal(err)
			}
			got, err := warc.ReadAt(filepath.Join(dir, location.File), location.Offset)
			if err != nil || got.Length != location.Length {
				rt.Fatalf("%+v, %v", got, err)
			}
			want = append(want, r)
			if len(order) == 0 || order[len(order)-1] != location.File {
				order = append(order, location.File)
			}
		}
		closeWriter(t, w)
		var got []warc.Record
		for _, name := range order {
			records := readFile(t, filepath.Join(dir, name))
			if records[0].Type != warc.TypeInfo || records[0].Header.Get("WARC-Filename") != name {
				rt.Fatalf("%s begins with %+v", name, records[0])
			}
			got = append(got, records[1:]...)
		}
		same := cmp.Options{cmpopts.IgnoreFields(warc.Record{}, "ID", "Header", "Offset", "Length"), cmpopts.EquateEmpty()}
		if diff := cmp.Diff(want, got, same); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func drawRecord(rt *rapid.T) warc.Record {
	block := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(rt, "block")
	if rapid.Bool().Draw(rt, "looks like a record") {
		block = append(block, "\r\n\r\nWARC/1.1\r\nContent-Length: 3\r\n\r\nabc"...)
	}
	return warc.Record{
		Type:        rapid.SampledFrom([]string{"resource", "response", "metadata", "conversion"}).Draw(rt, "type"),
		TargetURI:   "https://ag.example.gov/" + rapid.StringMatching(`[a-zé0-9?=&%-]{0,40}`).Draw(rt, "path"),
		Date:        noon.Add(time.Duration(rapid.Int64Range(0, 1e12).Draw(rt, "date"))),
		ContentType: rapid.SampledFrom([]string{"text/html", "application/http;msgtype=response"}).Draw(rt, "media type"),
		Block:       block,
	}
}
