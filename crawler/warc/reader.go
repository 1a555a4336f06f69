package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// Reader reads the records of a file in their order. It is for one goroutine.
type Reader struct {
	members *members // nil where the file is plain
	text    stream   // the records: of the file, or of the present gzip member
	number  int      // records begun
	inside  int      // records begun in the present member
	done    bool
	single  bool // only the first record is wanted: nothing is searched behind damage
}

// magic is what every record begins with.
var magic = []byte("WARC/")

// NewReader returns a reader of a compressed or plain file, which it tells by the first
// bytes. Other bytes are refused with an error that wraps ErrFormat. An empty file has no
// records. Where r can seek, more is found behind damage in a compressed file.
func NewReader(r io.Reader) (*Reader, error) {
	m := newMembers(r)
	first, err := m.input.Peek(len(magic))
	switch {
	case errors.Is(err, io.EOF) && len(first) == 0:
		return &Reader{done: true}, nil
	case err != nil && !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("open WARC file: %w", err)
	case bytes.HasPrefix(first, gzipMagic[:2]):
		return &Reader{members: m}, nil
	case bytes.HasPrefix(magic, first):
		reader := &Reader{}
		reader.text.reset(m.input, m.base)
		return reader, nil
	}
	return nil, fmt.Errorf("open WARC file: it begins with %q: %w", first, ErrFormat)
}

// Next returns the next record. It returns io.EOF after the last one, and a *RecordError
// where a record can't be read: it wraps ErrTorn where the file ends too early, and
// otherwise says by MayContinue whether Next finds more. The record belongs to the caller.
func (r *Reader) Next() (Record, error) {
	if r.done {
		return Record{}, io.EOF
	}
	record, err := r.next()
	if err != nil && !MayContinue(err) {
		r.done = true
	}
	return record, err
}

func (r *Reader) next() (Record, error) {
	if r.members == nil {
		return r.nextPlain()
	}
	return r.nextCompressed()
}

// nextPlain reads a record of an uncompressed file.
func (r *Reader) nextPlain() (Record, error) {
	if err := r.blankLines(); err != nil {
		return Record{}, err // io.EOF, or what the source said
	}
	start := r.text.at
	r.number++
	record, err := r.record()
	if err == nil {
		record.Offset, record.Length = start, r.text.at-start
		return record, nil
	}
	return Record{}, r.problem(start, record, err, r.toNextRecord)
}

// nextCompressed reads a record of a compressed file. Which offset it has is known once
// its member is seen to end behind it.
func (r *Reader) nextCompressed() (Record, error) {
	m := r.members
	if !m.open {
		if err := m.next(); err != nil {
			if errors.Is(err, io.EOF) {
				return Record{}, io.EOF
			}
			r.number++
			return Record{}, r.problem(m.start, Record{}, err, m.toNextMember)
		}
		r.text.reset(m, 0)
		r.inside = 0
	}
	if r.inside == 0 {
		r.number++
	}
	r.inside++
	record, err := r.record()
	if err != nil {
		return Record{}, r.problem(m.start, record, err, r.afterMember(err))
	}
	switch err := r.blankLines(); {
	case errors.Is(err, io.EOF):
		m.open = false
		record.Offset, record.Length = m.start, m.position()-m.start
		if r.inside > 1 {
			record.Offset, record.Length = -1, -1
		}
		return record, nil
	case err != nil:
		// The record was read, but its member's check sum or tail is wrong.
		return Record{}, r.problem(m.start, record, err, r.afterMember(err))
	}
	r.number++
	record.Offset, record.Length = -1, -1
	return record, nil
}

// afterMember returns how reading goes on after an error in a member: where the member
// itself is sound, behind the record; else at the next member.
func (r *Reader) afterMember(err error) func() error {
	if errors.Is(err, errCompressed) || errors.Is(err, io.ErrUnexpectedEOF) && r.members.damaged() {
		return r.members.toNextMember
	}
	return func() error {
		if err := r.toNextRecord(); err == nil {
			r.number++
			return nil
		}
		return r.members.toNextMember()
	}
}

// problem makes the error for a record that can't be read, going on behind it.
func (r *Reader) problem(offset int64, record Record, err error, resume func() error) error {
	number := r.number
	resumed := io.EOF
	if !r.single {
		resumed = resume()
	}
	failed := &RecordError{Number: number, Offset: offset, TargetURI: record.TargetURI, Err: err, MayContinue: resumed == nil}
	if failed.MayContinue {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errCompressed) {
			failed.Err = fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		return failed
	}
	switch {
	case !errors.Is(resumed, io.EOF) && !errors.Is(resumed, io.ErrUnexpectedEOF) && !errors.Is(resumed, errCompressed):
		failed.Err = resumed // the source itself fails
	case errors.Is(err, ErrTooLarge):
	case r.members != nil && !r.members.damaged() && errors.Is(err, ErrMalformed):
		// The member is whole; what is in it is not a record.
	default:
		failed.Err = fmt.Errorf("%w: %w", ErrTorn, err)
	}
	return failed
}

// blankLines consumes the line ends between records. It returns nil where something else
// follows, io.EOF at the end.
func (r *Reader) blankLines() error {
	for {
		next, err := r.text.peek(1)
		if err != nil {
			return err
		}
		if next[0] != '\r' && next[0] != '\n' {
			return nil
		}
		r.text.skip(1)
	}
}

// record reads header, block and the two line ends behind it. With an error it returns
// what it knows of the record.
func (r *Reader) record() (Record, error) {
	record, length, err := r.head()
	if err != nil {
		return record, err
	}
	if length > MaxBlock {
		if err := r.text.discard(length); err != nil {
			return record, err
		}
		return record, fmt.Errorf("block of %d bytes: %w", length, ErrTooLarge)
	}
	block, err := r.text.block(int(length))
	if err == nil {
		err = r.endOfRecord()
	}
	if err != nil {
		// The length may be too long: a record that it swallowed is read after this one.
		if i := bytes.Index(block, []byte("\n"+string(magic)+"1.")); i >= 0 && !errors.Is(err, errCompressed) {
			r.text.giveBack(block[i+1:])
			return record, fmt.Errorf("%w: Content-Length %d reaches into the next record", ErrMalformed, length)
		}
		return record, err
	}
	record.Block = block
	return record, nil
}

// endOfRecord consumes the line ends after a block. Anything else there means that the
// length is wrong; the end of the file does not.
func (r *Reader) endOfRecord() error {
	for range 2 {
		next, err := r.text.peek(2)
		switch {
		case err == nil && next[0] == '\r' && next[1] == '\n':
			r.text.skip(2)
		case len(next) > 0 && next[0] == '\n':
			r.text.skip(1)
		case errors.Is(err, io.EOF) && len(bytes.Trim(next, "\r")) == 0:
			r.text.skip(len(next))
			return nil
		case err != nil && !errors.Is(err, io.EOF):
			return err
		default:
			return fmt.Errorf("%w: no line end after the block, so that its Content-Length is wrong", ErrMalformed)
		}
	}
	return nil
}

// head reads a record's header.
func (r *Reader) head() (record Record, length int64, err error) {
	limit := MaxHeader
	version, err := r.text.line(limit)
	if err != nil {
		return record, 0, err
	}
	if !bytes.HasPrefix(version, magic) {
		return record, 0, fmt.Errorf("%w: it begins with %.20q, not with WARC/1.1", ErrMalformed, version)
	}
	for {
		line, err := r.text.line(limit)
		if err != nil {
			return record, 0, err
		}
		if limit -= len(line); len(line) == 0 {
			break
		}
		text := string(line)
		if last := len(record.Header) - 1; (text[0] == ' ' || text[0] == '\t') && last >= 0 {
			record.Header[last].Value += " " + strings.TrimSpace(text)
			continue
		}
		name, value, found := strings.Cut(text, ":")
		if !found {
			return record, 0, fmt.Errorf("%w: header line %.40q has no colon", ErrMalformed, text)
		}
		record.Header = append(record.Header, Field{strings.TrimSpace(name), strings.TrimSpace(value)})
	}
	record.Type = strings.ToLower(record.Header.Get("WARC-Type"))
	record.TargetURI = strings.TrimSuffix(strings.TrimPrefix(record.Header.Get("WARC-Target-URI"), "<"), ">")
	record.Date = parseDate(record.Header.Get("WARC-Date"))
	record.ID = record.Header.Get("WARC-Record-ID")
	record.ContentType = record.Header.Get("Content-Type")
	length, err = strconv.ParseInt(record.Header.Get("Content-Length"), 10, 64)
	if err != nil || length < 0 {
		return record, 0, fmt.Errorf("%w: Content-Length is %q", ErrMalformed, record.Header.Get("Content-Length"))
	}
	return record, length, nil
}

// toNextRecord skips to the next line that begins like a record.
func (r *Reader) toNextRecord() error {
	for {
		next, err := r.text.peek(len(magic) + 1)
		if err != nil {
			return err
		}
		if bytes.HasPrefix(next, magic) && next[len(magic)] >= '0' && next[len(magic)] <= '9' {
			return nil
		}
		if err := r.restOfLine(); err != nil {
			return err
		}
	}
}

// restOfLine consumes up to and with the next line end, however far that is.
func (r *Reader) restOfLine() error {
	for {
		if i := bytes.IndexByte(r.text.buffer, '\n'); i >= 0 {
			r.text.skip(i + 1)
			return nil
		}
		r.text.skip(len(r.text.buffer))
		if err := r.text.fill(); err != nil {
			return err
		}
	}
}

// parseDate reads a WARC-Date, which may be cut to any of its parts since WARC 1.1.
func parseDate(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// ReadAt returns the record that begins at an offset of a file, as Location and Record
// tell it. What is wrong comes as from NewReader and Next.
func ReadAt(path string, offset int64) (Record, error) {
	f, err := os.Open(path)
	if err != nil {
		return Record{}, fmt.Errorf("read record: %w", err)
	}
	defer f.Close()
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return Record{}, fmt.Errorf("read record at byte %d: %w", offset, err)
	}
	r, err := NewReader(f)
	if err != nil {
		return Record{}, fmt.Errorf("read record at byte %d: %w", offset, err)
	}
	r.single = true
	record, err := r.Next()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = ErrTorn
		}
		return Record{}, fmt.Errorf("read record at byte %d: %w", offset, err)
	}
	return record, nil
}
