// Package source turns what is handed in (files, folders, standard input) into documents:
// bytes with where they come from and when they were captured. It reads WARC files, lines
// of JSON, saved pages and plain text, passes over what only decorates a page, and names
// every piece that can't be read while the rest goes on.
//
// It reads no page and knows no store.
package source

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"agora/crawler/office"
)

// Bounds on what is handed in.
const (
	maxPage = 64 << 20 // of one page, decoded; the crawler's own limit
	maxLine = 16 << 20 // of one JSON line: a release with a long report in it
)

// format is how a source file is read.
type format int

const (
	formatWARC format = iota
	formatJSONL
	formatHTML
	formatText
)

// HoldsPages tells whether a file may hold listings and captures with a time.
func (f File) HoldsPages() bool { return f.format == formatWARC || f.format == formatHTML }

// endings are the file names that are understood; the longest ending wins.
var endings = []struct {
	ending string
	format format
}{
	{".warc.gz", formatWARC}, {".warc", formatWARC}, {".jsonl.gz", formatJSONL}, {".jsonl", formatJSONL},
	{".html", formatHTML}, {".htm", formatHTML}, {".txt", formatText},
}

const understood = ".warc, .warc.gz, .jsonl, .jsonl.gz, .html, .txt or a folder of them"

func formatOf(name string) (format, bool) {
	name = strings.ToLower(name)
	for _, e := range endings {
		if strings.HasSuffix(name, e.ending) {
			return e.format, true
		}
	}
	return 0, false
}

// File is one file to import.
type File struct {
	Index  int // its place among all
	path   string
	shown  string // the name for messages, where it differs from path
	format format
	stdin  io.Reader
}

// name is what messages call the file.
func (f File) name() string {
	if f.shown != "" {
		return f.shown
	}
	return f.path
}

// Fail is told of a piece that can't be taken in.
type Fail func(where string, err error)

// Expand turns sources as given into files; folders in the order of their names, "-" as
// lines of JSON on stdin, which is read no longer than ctx lasts.
func Expand(ctx context.Context, sources []string, stdin io.Reader, fail Fail) []File {
	var files []File
	add := func(f File) { f.Index = len(files); files = append(files, f) }
	for _, source := range sources {
		if source == "-" {
			add(File{path: "standard input", format: formatJSONL, stdin: stoppable(ctx.Done(), stdin)})
			continue
		}
		info, err := os.Stat(source)
		switch {
		case err != nil:
			fail(source, reason(err))
		case info.IsDir():
			before := len(files)
			folder(source, add, fail)
			if len(files) == before {
				fail(source, errors.New("the folder has nothing to import; expected files that end in "+understood))
			}
		case !info.Mode().IsRegular():
			fail(source, errors.New("neither a file nor a folder; lines of JSON can come on standard input (-)"))
		default:
			f, ok := formatOf(source)
			if !ok {
				fail(source, errors.New("can't tell what it is by its name; expected "+understood))
				continue
			}
			add(File{path: source, format: f})
		}
	}
	return files
}

// folder adds the files below a folder whose names are understood.
func folder(name string, add func(File), fail Fail) {
	err := filepath.WalkDir(name, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			fail(path, reason(err))
			return nil
		}
		if f, ok := formatOf(path); ok && entry.Type().IsRegular() {
			add(File{path: path, format: f})
		}
		return nil
	})
	if err != nil {
		fail(name, reason(err))
	}
}

// reason returns the cause of a failed file operation without the path, which the
// message names already.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// Documents yields what a file holds. Errors are of single pieces, named by the document
// beside them; after one that ends the file nothing more comes. started is the time of
// capture of what has none of its own; the catalogue tells which scripts list releases.
func (f File) Documents(catalogue office.Catalogue, started time.Time) iter.Seq2[Document, error] {
	switch f.format {
	case formatWARC:
		return recordsOf(f, catalogue)
	case formatJSONL:
		return linesOf(f, started)
	case formatHTML:
		return wholeFile(f, MediaHTML, started)
	default:
		return wholeFile(f, MediaText, started)
	}
}

// wholeFile yields a file that is one document. It has no time of capture: the file's
// own time says when it was copied.
func wholeFile(f File, mediaType string, started time.Time) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		body, err := readBounded(f.path)
		doc := Document{Where: f.path, Captured: started, Timeless: true, ContentType: mediaType, Body: body, SHA256: Digest(body)}
		if err == nil && len(bytes.TrimSpace(body)) == 0 {
			err = errors.New("the file is empty")
		}
		yield(doc, err)
	}
}

func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, reason(err)
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, maxPage+1))
	if err != nil {
		return nil, reason(err)
	}
	if len(body) > maxPage {
		return nil, fmt.Errorf("larger than %d MiB", maxPage>>20)
	}
	return body, nil
}

// linesOf yields the lines of a JSONL file, each a document that names its own address.
func linesOf(f File, started time.Time) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		input, closeInput, err := openLines(f)
		if err != nil {
			yield(Document{Where: f.path}, reason(err))
			return
		}
		defer closeInput()
		lines := bufio.NewReaderSize(input, 1<<16)
		held := 0
		for number := 1; ; number++ {
			line, tooLong, err := readLine(lines)
			if number == 1 {
				line = bytes.TrimPrefix(line, []byte("\ufeff")) // as programs on Windows begin a file
			}
			doc := Document{
				Where: fmt.Sprintf("%s line %d", f.path, number), Captured: started, Timeless: true,
				ContentType: MediaRelease, Body: line, SHA256: Digest(line),
			}
			if tooLong {
				held++
				if !yield(doc, fmt.Errorf("longer than %d MiB", maxLine>>20)) {
					return
				}
			} else if len(line) > 0 {
				held++
				if !yield(doc, nil) {
					return
				}
			}
			if errors.Is(err, io.EOF) {
				if held == 0 {
					yield(Document{Where: f.path}, errors.New("no lines in it; expected one JSON object a line"))
				}
				return
			}
			if err != nil {
				yield(Document{Where: f.path}, fmt.Errorf("ends in the middle of line %d: %w", number, err))
				return
			}
		}
	}
}

// openLines opens a JSONL file, compressed or not, or standard input.
func openLines(f File) (io.Reader, func(), error) {
	if f.stdin != nil {
		return f.stdin, func() {}, nil
	}
	file, err := os.Open(f.path)
	if err != nil {
		return nil, nil, err
	}
	closeFile := func() { _ = file.Close() } // only read
	if !strings.HasSuffix(strings.ToLower(f.path), ".gz") {
		return file, closeFile, nil
	}
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		closeFile()
		return nil, nil, fmt.Errorf("not a gzip file: %w", err)
	}
	return unzipped, closeFile, nil
}

// readLine returns the next line without its end and white space; a line over the bound
// is read to its end and dropped. The error is that of the reader after the line.
func readLine(r *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			line, tooLong = nil, true
		}
		if !tooLong {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSpace(line), tooLong, err
		}
	}
}

// Digest returns the SHA-256 of bytes in hex, as it names captures.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// stoppable makes a reader that waits for input stop when ctx ends. The read that waits
// goes on until its input comes or the program ends; its bytes are dropped.
func stoppable(done <-chan struct{}, r io.Reader) io.Reader {
	return &stoppableReader{done: done, results: make(chan readResult, 1), source: r}
}

type readResult struct {
	data []byte
	err  error
}

type stoppableReader struct {
	done    <-chan struct{}
	results chan readResult
	source  io.Reader
	rest    []byte
}

// Read implements io.Reader.
func (s *stoppableReader) Read(p []byte) (int, error) {
	if len(s.rest) > 0 {
		n := copy(p, s.rest)
		s.rest = s.rest[n:]
		return n, nil
	}
	go func() {
		buffer := make([]byte, 1<<16)
		n, err := s.source.Read(buffer)
		s.results <- readResult{buffer[:n], err}
	}()
	select {
	case <-s.done:
		return 0, io.ErrUnexpectedEOF
	case result := <-s.results:
		n := copy(p, result.data)
		s.rest = result.data[n:]
		return n, result.err
	}
}
