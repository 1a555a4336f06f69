package warc

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// Profiles of revisit records.
const (
	ProfileIdentical   = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
	ProfileNotModified = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
)

// Content types of blocks that hold an exchange.
const (
	mediaResponse = "application/http;msgtype=response"
	mediaRequest  = "application/http;msgtype=request"
	mediaFields   = "application/warc-fields"
)

// defaultMaxSize is where a new file is begun: what tools and people handle well.
const defaultMaxSize = 1 << 30

// defaultLevel is the gzip level: real pages take 3 % more bytes than at the best level, in
// less than a tenth of the time.
const defaultLevel = 5

// WriterOptions are what a writer needs to know; all have defaults.
type WriterOptions struct {
	Software string           // name and version for warcinfo; "agora" where empty
	MaxSize  int64            // bytes after which a new file is begun; 1 GiB where zero
	Level    int              // of gzip, 1 to 9; 5 where zero
	Now      func() time.Time // time.Now where nil
	Random   io.Reader        // for names and ids; crypto/rand where nil
}

// Writer appends records to files of its own: every writer opens new files and never
// touches one that is there. It may be used by several goroutines; records don't mix.
//
// What was written is durable once Sync has returned nil, and not before. After a failed
// write the file ends with the last whole record, and writing may be tried again.
type Writer struct {
	dir     string
	options WriterOptions

	mu       sync.Mutex
	file     *os.File
	name     string
	size     int64 // end of the last whole record
	records  int   // in the file, without warcinfo
	newEntry bool  // the folder doesn't have the file durably yet
	broken   error // the file can't be brought into a known state
	closed   bool
	member   bytes.Buffer
	gzip     *gzip.Writer
}

// NewWriter opens a new file in a folder that exists. The caller closes the writer.
func NewWriter(dir string, o WriterOptions) (*Writer, error) {
	if o.Software == "" {
		o.Software = "agora"
	}
	if o.MaxSize <= 0 {
		o.MaxSize = defaultMaxSize
	}
	if o.Level == 0 {
		o.Level = defaultLevel
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	w := &Writer{dir: dir, options: o}
	compressor, err := gzip.NewWriterLevel(&w.member, o.Level)
	if err != nil {
		return nil, fmt.Errorf("open WARC writer: %w", err)
	}
	w.gzip = compressor
	if err := w.open(); err != nil {
		return nil, fmt.Errorf("open WARC writer: %w", err)
	}
	return w, nil
}

// Write appends a record and returns where it is. Length and digests are computed; a
// missing id, date or type of content is filled in; further fields of the header are
// kept. The record is not durable before Sync.
func (w *Writer) Write(r Record) (Location, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.write(r)
}

// WriteResource appends a body that came without an HTTP exchange.
func (w *Writer) WriteResource(uri, contentType string, date time.Time, body []byte) (Location, error) {
	return w.Write(Record{Type: TypeResource, TargetURI: uri, ContentType: contentType, Date: date, Block: body})
}

// Exchange is what was asked of a server and answered, each as sent: HTTP head, empty
// line, body.
type Exchange struct {
	URL       string
	Date      time.Time
	Request   []byte // nil where it isn't kept
	Response  []byte
	Address   string // IP address of the server, "" where unknown
	Truncated string // why the body is cut: length, time or disconnect; "" where it is whole
}

// WriteResponse appends an exchange as a response record and, where there is a request, a
// request record that names it. The location is that of the response.
func (w *Writer) WriteResponse(e Exchange) (Location, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	id, err := w.mint()
	if err != nil {
		return Location{}, fmt.Errorf("write response: %w", err)
	}
	if e.Date.IsZero() {
		e.Date = w.options.Now()
	}
	response := Record{
		Type: TypeResponse, TargetURI: e.URL, Date: e.Date, ID: id, ContentType: mediaResponse, Block: e.Response,
		Header: present(Field{"WARC-IP-Address", e.Address}, Field{"WARC-Truncated", e.Truncated}),
	}
	location, err := w.write(response)
	if err != nil || e.Request == nil {
		return location, err
	}
	request := Record{
		Type: TypeRequest, TargetURI: e.URL, Date: e.Date, ContentType: mediaRequest, Block: e.Request,
		Header: Header{{"WARC-Concurrent-To", id}},
	}
	_, err = w.write(request)
	return location, err
}

// Revisit is an answer whose payload an earlier record has already.
type Revisit struct {
	URL           string
	Date          time.Time
	Head          []byte    // HTTP head of the answer, without a body
	PayloadDigest string    // of the earlier record's payload, see Digest
	EarlierURL    string    // target of the earlier record
	EarlierDate   time.Time // of the earlier record
	NotModified   bool      // the server said so (304); else the payloads were compared
}

// WriteRevisit appends a revisit record.
func (w *Writer) WriteRevisit(v Revisit) (Location, error) {
	profile := ProfileIdentical
	if v.NotModified {
		profile = ProfileNotModified
	}
	earlier := ""
	if !v.EarlierDate.IsZero() {
		earlier = formatDate(v.EarlierDate)
	}
	return w.Write(Record{
		Type: TypeRevisit, TargetURI: v.URL, Date: v.Date, ContentType: mediaResponse, Block: v.Head,
		Header: present(Field{"WARC-Profile", profile}, Field{"WARC-Payload-Digest", v.PayloadDigest},
			Field{"WARC-Refers-To-Target-URI", v.EarlierURL}, Field{"WARC-Refers-To-Date", earlier}),
	})
}

// Sync makes everything written so far durable.
func (w *Writer) Sync() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sync()
}

// Close makes everything durable and closes the file. A file without records is removed.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	return w.close()
}

// present returns the fields that have a value.
func present(fields ...Field) Header {
	var h Header
	for _, f := range fields {
		if f.Value != "" {
			h = append(h, f)
		}
	}
	return h
}

// open begins a new file with its warcinfo record.
func (w *Writer) open() error {
	const tries = 8 // a name is taken only where somebody's clock and chance agree with ours
	for try := 1; ; try++ {
		var chance [4]byte
		if _, err := io.ReadFull(w.options.Random, chance[:]); err != nil {
			return fmt.Errorf("draw a file name: %w", err)
		}
		w.name = fmt.Sprintf("agora-%s-%s.warc.gz", w.options.Now().UTC().Format("20060102T150405Z"), hex.EncodeToString(chance[:]))
		file, err := os.OpenFile(filepath.Join(w.dir, w.name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) && try < tries {
			continue
		}
		if err != nil {
			return err
		}
		w.file, w.size, w.records, w.newEntry = file, 0, 0, true
		break
	}
	info := "software: " + w.options.Software + "\r\nformat: WARC File Format 1.1\r\n" +
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
	err := w.append(Record{
		Type: TypeInfo, ContentType: mediaFields, Date: w.options.Now(), Block: []byte(info),
		Header: Header{{"WARC-Filename", w.name}},
	})
	if err != nil {
		return errors.Join(err, w.discard())
	}
	return nil
}

// write appends a record, in a new file where the present one is full.
func (w *Writer) write(r Record) (Location, error) {
	if w.broken != nil {
		return Location{}, fmt.Errorf("write record: %w", w.broken)
	}
	if w.closed {
		return Location{}, fmt.Errorf("write record: %w", fs.ErrClosed)
	}
	if w.file != nil && w.size >= w.options.MaxSize && w.records > 0 {
		if err := w.close(); err != nil {
			return Location{}, fmt.Errorf("close full file: %w", err)
		}
	}
	if w.file == nil {
		if err := w.open(); err != nil {
			return Location{}, fmt.Errorf("open next file: %w", err)
		}
	}
	offset := w.size
	if err := w.append(r); err != nil {
		return Location{}, fmt.Errorf("write record: %w", err)
	}
	w.records++
	return Location{File: w.name, Offset: offset, Length: w.size - offset}, nil
}

// append compresses a record and puts it at the end of the file, whole or not at all.
func (w *Writer) append(r Record) error {
	head, err := w.head(r)
	if err != nil {
		return err
	}
	w.member.Reset()
	w.gzip.Reset(&w.member)
	for _, part := range [][]byte{head, r.Block, []byte("\r\n\r\n")} {
		if _, err := w.gzip.Write(part); err != nil {
			return err
		}
	}
	if err := w.gzip.Close(); err != nil {
		return err
	}
	if _, err := w.file.WriteAt(w.member.Bytes(), w.size); err != nil {
		if cut := w.file.Truncate(w.size); cut != nil {
			w.broken = fmt.Errorf("cut %s after a failed write: %w", w.name, cut)
		}
		return err
	}
	w.size += int64(w.member.Len())
	return nil
}

// head makes the header of a record.
func (w *Writer) head(r Record) ([]byte, error) {
	if len(r.Block) > MaxBlock {
		return nil, fmt.Errorf("block of %d bytes: %w", len(r.Block), ErrTooLarge)
	}
	if r.ID == "" {
		id, err := w.mint()
		if err != nil {
			return nil, err
		}
		r.ID = id
	}
	if r.Date.IsZero() {
		r.Date = w.options.Now()
	}
	if r.ContentType == "" && len(r.Block) > 0 {
		r.ContentType = "application/octet-stream"
	}
	digest := Digest(r.Block)
	fields := present(Field{"WARC-Type", r.Type}, Field{"WARC-Record-ID", r.ID}, Field{"WARC-Date", formatDate(r.Date)},
		Field{"WARC-Target-URI", r.TargetURI}, Field{"WARC-Block-Digest", digest})
	if payload, ok := storedPayload(r); ok {
		if len(payload) != len(r.Block) {
			digest = Digest(payload)
		}
		fields = append(fields, Field{"WARC-Payload-Digest", digest})
	}
	for _, f := range r.Header {
		if !computed(f.Name, r.Type) {
			fields = append(fields, f)
		}
	}
	fields = append(fields, present(Field{"Content-Type", r.ContentType}, Field{"Content-Length", strconv.Itoa(len(r.Block))})...)

	head := []byte("WARC/1.1\r\n")
	for _, f := range fields {
		if strings.ContainsAny(f.Name, "\r\n: ") || strings.ContainsAny(f.Value, "\r\n") || f.Name == "" {
			return nil, fmt.Errorf("field %q: %w", f.Name, ErrField)
		}
		head = append(head, f.Name+": "+f.Value+"\r\n"...)
	}
	if len(head) > MaxHeader {
		return nil, fmt.Errorf("header of %d bytes: %w", len(head), ErrTooLarge)
	}
	return append(head, "\r\n"...), nil
}

// computed tells whether the writer makes a field itself. A revisit's payload digest is
// its reference to the earlier record and kept.
func computed(name, recordType string) bool {
	switch strings.ToLower(name) {
	case "warc-type", "warc-record-id", "warc-date", "warc-target-uri", "warc-block-digest", "content-type", "content-length":
		return true
	case "warc-payload-digest":
		return recordType != TypeRevisit
	}
	return false
}

// mint makes the id of a record: a random UUID (RFC 9562, version 4).
func (w *Writer) mint() (string, error) {
	var u [16]byte
	if _, err := io.ReadFull(w.options.Random, u[:]); err != nil {
		return "", fmt.Errorf("draw a record id: %w", err)
	}
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", u[:4], u[4:6], u[6:8], u[8:10], u[10:]), nil
}

// formatDate writes a time as WARC 1.1 does, with as many decimals as it has.
func formatDate(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (w *Writer) sync() error {
	if w.broken != nil {
		return w.broken
	}
	if w.file == nil {
		return nil
	}
	if err := w.file.Sync(); err != nil {
		// What the kernel dropped can't be known any more: nothing after it may count.
		w.broken = fmt.Errorf("sync %s: %w", w.name, err)
		return w.broken
	}
	if w.newEntry {
		if err := syncFolder(w.dir); err != nil {
			return fmt.Errorf("sync folder of %s: %w", w.name, err)
		}
		w.newEntry = false
	}
	return nil
}

func (w *Writer) close() error {
	if w.file == nil {
		return w.broken
	}
	if w.records == 0 {
		return w.discard()
	}
	syncErr := w.sync()
	closeErr := w.file.Close()
	w.file = nil
	return errors.Join(syncErr, closeErr)
}

// discard closes the file and removes it.
func (w *Writer) discard() error {
	closeErr := w.file.Close()
	w.file = nil
	return errors.Join(closeErr, os.Remove(filepath.Join(w.dir, w.name)))
}

// syncFolder makes the entries of a folder durable, where the system can.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}
