package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// gzipMagic begins every gzip member (RFC 1952): two bytes of identification, deflate.
var gzipMagic = []byte{0x1f, 0x8b, 8}

// errCompressed says that the compressed bytes themselves are wrong.
var errCompressed = errors.New("compressed data is damaged")

// Bounds on expansion. Deflate can't go beyond 1,032:1; pages made of one repeated tag
// come close, so that only what is large and suspicious at once is refused.
const (
	suspiciousSize  = 256 << 20 // decoded bytes of one member
	suspiciousRatio = 200
)

// members reads the gzip members of a file one after the other and knows where each
// begins. Reading it gives the decoded bytes of the present member.
type members struct {
	source io.Reader
	seeker io.Seeker // nil where the source can't seek
	base   int64     // where the source stood when it was handed in
	read   int64     // bytes taken from source
	input  *bufio.Reader
	gzip   *gzip.Reader

	open    bool
	start   int64 // of the present member
	decoded int64 // bytes of it
	failed  bool  // its compressed bytes are wrong or end too early
}

func newMembers(r io.Reader) *members {
	m := &members{source: r}
	if s, ok := r.(io.Seeker); ok {
		if at, err := s.Seek(0, io.SeekCurrent); err == nil {
			m.seeker, m.base = s, at
		}
	}
	m.input = bufio.NewReaderSize(counted{m}, streamSize)
	return m
}

// counted counts what the buffer takes from the source.
type counted struct{ m *members }

func (c counted) Read(p []byte) (int, error) {
	n, err := c.m.source.Read(p)
	c.m.read += int64(n)
	return n, err
}

// position is the offset of the next byte that nobody has consumed.
func (m *members) position() int64 { return m.base + m.read - int64(m.input.Buffered()) }

func (m *members) damaged() bool { return m.failed }

// next opens the next member. It returns io.EOF at the end of the file.
func (m *members) next() error {
	m.start = m.position()
	ahead, err := m.input.Peek(len(gzipMagic))
	if err != nil && (len(ahead) == 0 || !errors.Is(err, io.EOF)) {
		return err
	}
	m.failed = true
	if !bytes.Equal(ahead, gzipMagic) { // nothing of it is consumed, a member may begin in it
		return m.meaning(gzip.ErrHeader)
	}
	if m.gzip == nil {
		m.gzip, err = gzip.NewReader(m.input)
	} else {
		err = m.gzip.Reset(m.input)
	}
	if err != nil {
		return m.meaning(err)
	}
	m.gzip.Multistream(false)
	m.open, m.decoded, m.failed = true, 0, false
	return nil
}

// Read returns decoded bytes of the present member, io.EOF at its end.
func (m *members) Read(p []byte) (int, error) {
	n, err := m.gzip.Read(p)
	m.decoded += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		m.failed = true
		return n, m.meaning(err)
	}
	if m.decoded > suspiciousSize && m.decoded/suspiciousRatio > m.position()-m.start {
		m.failed = true
		return n, fmt.Errorf("%w: %d bytes out of %d: %w", errCompressed, m.decoded, m.position()-m.start, ErrTooLarge)
	}
	return n, err
}

// meaning tells damage from an end that comes too early and from a source that fails.
func (m *members) meaning(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), isCorrupt(err):
		return fmt.Errorf("%w: %w", errCompressed, err)
	}
	return err
}

// toNextMember leaves the present member and searches for the next one: behind it where
// it is sound, else from its second byte on, or, where the source can't seek, from where
// reading stood. It returns io.EOF where there is none.
func (m *members) toNextMember() error {
	wasOpen := m.open
	m.open = false
	if wasOpen && !m.failed {
		if _, err := io.Copy(io.Discard, m); err == nil {
			_, err = m.input.Peek(1)
			return err
		}
	}
	if m.seeker != nil {
		if err := m.rewind(m.start + 1); err != nil {
			return err
		}
	}
	return m.search()
}

// rewind goes on reading at an offset.
func (m *members) rewind(offset int64) error {
	if _, err := m.seeker.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	m.read = offset - m.base
	m.input.Reset(counted{m})
	return nil
}

// search goes to the next bytes that begin a member whose text is a record.
func (m *members) search() error {
	for {
		ahead, err := m.input.Peek(max(gzipHeader, m.input.Buffered()))
		if err != nil {
			return err
		}
		step := bytes.IndexByte(ahead, gzipMagic[0])
		switch {
		case step < 0:
			step = len(ahead)
		case step == 0 && plausible(ahead) && m.holdsRecord():
			return nil
		case step == 0:
			step = 1
		}
		if _, err := m.input.Discard(step); err != nil {
			return err
		}
	}
}

// gzipHeader is the length of a member's fixed header.
const gzipHeader = 10

// plausible tells whether bytes may be a member's header: method, flags, level, system.
func plausible(h []byte) bool {
	return bytes.HasPrefix(h, gzipMagic) && h[3] < 0x20 && (h[8] == 0 || h[8] == 2 || h[8] == 4) && (h[9] <= 13 || h[9] == 255)
}

// holdsRecord tells whether what begins here decodes to a record, as far as it is
// buffered; it consumes nothing.
func (m *members) holdsRecord() bool {
	ahead, _ := m.input.Peek(min(streamSize, max(m.input.Buffered(), 4096)))
	z, err := gzip.NewReader(bytes.NewReader(ahead))
	if err != nil {
		return false
	}
	begin := make([]byte, len(magic))
	_, err = io.ReadFull(z, begin)
	return err == nil && bytes.Equal(begin, magic)
}

// isCorrupt tells whether an error of decompressing is about the bytes.
func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}
