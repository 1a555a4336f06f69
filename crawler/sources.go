package crawler

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
	"syscall"
	"time"

	"github.com/klauspost/compress/gzip"
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

// holdsPages tells whether a file may hold listings and captures with a time.
func (f format) holdsPages() bool { return f == formatWARC || f == formatHTML }

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

// sourceFile is one file to import; index is its place among all.
type sourceFile struct {
	index  int
	path   string
	shown  string // the name for messages, where it differs from path
	format format
	stdin  io.Reader
}

// name is what messages call the file.
func (f sourceFile) name() string {
	if f.shown != "" {
		return f.shown
	}
	return f.path
}

// expand turns the sources as given into files; folders in the order of their names.
func (c *Collector) expand(ctx context.Context, report *ImportReport, o ImportOptions) []sourceFile {
	var files []sourceFile
	add := func(f sourceFile) { f.index = len(files); files = append(files, f) }
	for _, source := range o.Sources {
		if source == "-" {
			add(sourceFile{path: "standard input", format: formatJSONL, stdin: stoppable(ctx.Done(), o.Stdin)})
			continue
		}
		info, err := os.Stat(source)
		if err != nil {
			c.fail(report, source, reason(err))
			continue
		}
		if !info.IsDir() && !info.Mode().IsRegular() {
			c.fail(report, source, errors.New("neither a file nor a folder; lines of JSON can come on standard input (-)"))
			continue
		}
		if !info.IsDir() {
			f, ok := formatOf(source)
			if !ok {
				c.fail(report, source, errors.New("can't tell what it is by its name; expected "+understood))
				continue
			}
			add(sourceFile{path: source, format: f})
			continue
		}
		before := len(files)
		err = filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				c.fail(report, path, reason(err))
				return nil
			}
			if f, ok := formatOf(path); ok && entry.Type().IsRegular() {
				add(sourceFile{path: path, format: f})
			}
			return nil
		})
		switch {
		case err != nil:
			c.fail(report, source, reason(err))
		case len(files) == before:
			c.fail(report, source, errors.New("the folder has nothing to import; expected files that end in "+understood))
		}
	}
	return files
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

// isUnwritable tells whether a file system takes no more: full, over a quota, read only.
func isUnwritable(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EROFS)
}

// documents yields what a file holds. Errors are of single pieces, named by the document
// beside them; after one that ends the file nothing more comes.
func (c *Collector) documents(f sourceFile, started time.Time) iter.Seq2[document, error] {
	switch f.format {
	case formatWARC:
		return c.recordsOf(f)
	case formatJSONL:
		return linesOf(f, started)
	case formatHTML:
		return wholeFile(f, mediaHTML, started)
	default:
		return wholeFile(f, mediaText, started)
	}
}

// wholeFile yields a file that is one document. It has no time of capture: the file's
// own time says when it was copied.
func wholeFile(f sourceFile, mediaType string, started time.Time) iter.Seq2[document, error] {
	return func(yield func(document, error) bool) {
		body, err := readBounded(f.path)
		doc := document{where: f.path, captured: started, timeless: true, contentType: mediaType, body: body, sha256: digest(body)}
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
func linesOf(f sourceFile, started time.Time) iter.Seq2[document, error] {
	return func(yield func(document, error) bool) {
		input, closeInput, err := openLines(f)
		if err != nil {
			yield(document{where: f.path}, reason(err))
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
			doc := document{
				where: fmt.Sprintf("%s line %d", f.path, number), captured: started, timeless: true,
				contentType: mediaRelease, body: line, sha256: digest(line),
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
					yield(document{where: f.path}, errors.New("no lines in it; expected one JSON object a line"))
				}
				return
			}
			if err != nil {
				yield(document{where: f.path}, fmt.Errorf("ends in the middle of line %d: %w", number, err))
				return
			}
		}
	}
}

// openLines opens a JSONL file, compressed or not, or standard input.
func openLines(f sourceFile) (io.Reader, func(), error) {
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

func digest(body []byte) string {
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
