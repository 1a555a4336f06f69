package warc_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"agora/crawler/warc"
)

func TestWriterBeginsNewFiles(t *testing.T) {
	dir := t.TempDir()
	o := still(1)
	o.MaxSize = 1
	w := newWriter(t, dir, o)
	names := map[string]bool{}
	for i := range 3 {
		location, err := w.WriteResource(fmt.Sprintf("https://a.example/%d", i), "text/plain", noon, []byte("text"))
		if err != nil {
			t.Fatal(err)
		}
		names[location.File] = true
	}
	closeWriter(t, w)
	if len(names) != 3 || len(files(t, dir)) != 3 {
		t.Errorf("3 records in %d files", len(names))
	}
}

// Two processes with the same clock and the same chance: the second takes another name.
func TestWriterNeverTakesAFileThatIsThere(t *testing.T) {
	dir := t.TempDir()
	first, second := newWriter(t, dir, still(1)), newWriter(t, dir, still(1))
	writeEveryType(t, first)
	writeEveryType(t, second)
	closeWriter(t, first)
	closeWriter(t, second)
	for _, path := range files(t, dir) {
		if n := len(readFile(t, path)); n != 5 {
			t.Errorf("%s has %d records, want 5", path, n)
		}
	}
	if n := len(files(t, dir)); n != 2 {
		t.Errorf("%d files, want 2", n)
	}
}

func TestWriterForSeveralGoroutines(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, warc.WriterOptions{MaxSize: 4000})
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for i := range 50 {
				body := strings.Repeat("x", g*100+i)
				location, err := w.WriteResource("https://a.example/", "text/plain", noon, []byte(body))
				if err != nil {
					t.Error(err)
					return
				}
				if i%10 == 0 {
					if err := w.Sync(); err != nil {
						t.Error(err)
					}
				}
				r, err := warc.ReadAt(filepath.Join(dir, location.File), location.Offset)
				if err != nil || string(r.Block) != body {
					t.Errorf("record at %+v is %q, %v", location, r.Block, err)
				}
			}
		})
	}
	group.Wait()
	closeWriter(t, w)
	total := 0
	for _, path := range files(t, dir) {
		total += len(readFile(t, path)) - 1
	}
	if total != 200 {
		t.Errorf("%d records, want 200", total)
	}
}

func TestWriterWithoutRecordsLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	closeWriter(t, newWriter(t, dir, still(1)))
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

// What Sync acknowledged is whole on the disk while the writer is open.
func TestSyncedRecordsAreReadable(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, still(1))
	writeEveryType(t, w)
	if err := w.Sync(); err != nil {
		t.Fatal(err)
	}
	if n := len(readFile(t, files(t, dir)[0])); n != 5 {
		t.Errorf("%d records, want 5", n)
	}
	closeWriter(t, w)
}

func TestWriterRefuses(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, still(1))
	for name, tt := range map[string]struct {
		record warc.Record
		want   error
	}{
		"line break in address": {warc.Record{Type: "resource", TargetURI: "https://a.example/\r\nX: y"}, warc.ErrField},
		"line break in field":   {warc.Record{Type: "resource", Header: warc.Header{{Name: "X", Value: "a\nb"}}}, warc.ErrField},
		"name of a field":       {warc.Record{Type: "resource", Header: warc.Header{{Name: "X: y", Value: "b"}}}, warc.ErrField},
		"long address":          {warc.Record{Type: "resource", TargetURI: strings.Repeat("a", warc.MaxHeader)}, warc.ErrTooLarge},
		"large block":           {warc.Record{Type: "resource", Block: make([]byte, warc.MaxBlock+1)}, warc.ErrTooLarge},
	} {
		if _, err := w.Write(tt.record); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	writeEveryType(t, w)
	closeWriter(t, w)
	if n := len(readFile(t, files(t, dir)[0])); n != 5 {
		t.Errorf("%d records after refusals, want 5", n)
	}
	if _, err := w.Write(warc.Record{Type: "resource"}); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if _, err := warc.NewWriter(filepath.Join(dir, "missing"), still(1)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	if _, err := warc.NewWriter(dir, warc.WriterOptions{Level: 77}); err == nil {
		t.Error("level 77 is taken")
	}
}

func TestRepair(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, still(1))
	writeEveryType(t, w)
	closeWriter(t, w)
	path := files(t, dir)[0]
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	records := readFile(t, path)
	ends := []int64{0}
	for _, r := range records {
		ends = append(ends, r.Offset+r.Length)
	}
	// Cut everywhere: what remains are the whole records before the cut.
	for length := 3; length <= len(whole); length++ {
		if err := os.WriteFile(path, whole[:length], 0o644); err != nil {
			t.Fatal(err)
		}
		want := int64(0)
		for _, end := range ends {
			if end <= int64(length) {
				want = end
			}
		}
		cut, err := warc.Repair(path)
		if err != nil {
			t.Fatalf("cut to %d bytes: %v", length, err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Size() != want || cut != int64(length)-want {
			t.Fatalf("cut to %d bytes: repaired to %d by %d, want %d", length, info.Size(), cut, want)
		}
		if again, err := warc.Repair(path); again != 0 || err != nil {
			t.Fatalf("cut to %d bytes: second repair cuts %d, %v", length, again, err)
		}
	}
	// A crash can leave a tail of zeros.
	if err := os.WriteFile(path, append(whole[:len(whole):len(whole)], make([]byte, 5000)...), 0o644); err != nil {
		t.Fatal(err)
	}
	if cut, err := warc.Repair(path); cut != 5000 || err != nil {
		t.Errorf("zeros: %d, %v", cut, err)
	}
	// Damage before the last whole record is no torn tail.
	middle := append([]byte(nil), whole...)
	middle[ends[2]+20] ^= 0xff
	if err := os.WriteFile(path, middle, 0o644); err != nil {
		t.Fatal(err)
	}
	if cut, err := warc.Repair(path); cut != 0 || err != nil {
		t.Errorf("damage in the middle: %d, %v", cut, err)
	}
	other := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(other, []byte("no records here"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := warc.Repair(other); !errors.Is(err, warc.ErrFormat) {
		t.Errorf("another file: %v", err)
	}
	if _, err := warc.Repair(filepath.Join(dir, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}
