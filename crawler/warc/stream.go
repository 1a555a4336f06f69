package warc

import (
	"bytes"
	"errors"
	"io"
)

// stream is a buffered reader that can look ahead, take bytes back and tell where it is.
type stream struct {
	source io.Reader
	buffer []byte // read and not yet consumed
	space  []byte // what buffer lies in, kept for the next filling
	at     int64  // bytes consumed
	err    error  // of source, after buffer
}

// streamSize is how much is asked for at once: a page or several small records.
const streamSize = 64 << 10

// maxIdle is how often a source may return nothing before it counts as broken.
const maxIdle = 100

func (s *stream) reset(source io.Reader, at int64) {
	s.source, s.buffer, s.at, s.err = source, nil, at, nil
}

// fill makes buffer longer; it returns the error of the source where it can't.
func (s *stream) fill() error {
	if s.err != nil {
		return s.err
	}
	if len(s.buffer) == 0 && cap(s.space) >= streamSize {
		s.buffer = s.space[:0]
	}
	if cap(s.buffer)-len(s.buffer) < streamSize/2 {
		s.space = make([]byte, len(s.buffer), max(2*len(s.buffer), streamSize))
		copy(s.space, s.buffer)
		s.buffer = s.space
	}
	for range maxIdle {
		n, err := s.source.Read(s.buffer[len(s.buffer):cap(s.buffer)])
		s.buffer = s.buffer[:len(s.buffer)+n]
		s.err = err
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	s.err = io.ErrNoProgress
	return s.err
}

// peek returns the next n bytes without consuming them, fewer only with an error.
func (s *stream) peek(n int) ([]byte, error) {
	for len(s.buffer) < n {
		if err := s.fill(); err != nil {
			return s.buffer, err
		}
	}
	return s.buffer[:n], nil
}

// skip consumes n bytes that peek has shown.
func (s *stream) skip(n int) {
	s.buffer = s.buffer[n:]
	s.at += int64(n)
}

// line consumes a line and returns it without its end, which is LF or CRLF. A line longer
// than limit is an error; what ends without a line end is io.ErrUnexpectedEOF.
func (s *stream) line(limit int) ([]byte, error) {
	for from := 0; ; {
		if i := bytes.IndexByte(s.buffer[from:], '\n'); i >= 0 {
			line := s.buffer[:from+i]
			s.skip(from + i + 1)
			if len(line) > limit {
				return nil, ErrTooLarge
			}
			return bytes.TrimSuffix(line, []byte("\r")), nil
		}
		if from = len(s.buffer); from > limit {
			s.skip(from) // so that whoever goes on does not meet it again
			return nil, ErrTooLarge
		}
		if err := s.fill(); err != nil {
			s.skip(len(s.buffer)) // likewise
			return nil, unexpected(err)
		}
	}
}

// block consumes n bytes. Memory is taken as bytes arrive, not as they are promised. With
// an error it returns what there was.
func (s *stream) block(n int) ([]byte, error) {
	const atOnce = 1 << 20
	block := make([]byte, 0, min(n, atOnce))
	for idle := 0; len(block) < n; {
		if len(s.buffer) > 0 {
			take := min(n-len(block), len(s.buffer))
			block = append(block, s.buffer[:take]...)
			s.skip(take)
			continue
		}
		if s.err != nil {
			return block, unexpected(s.err)
		}
		if len(block) == cap(block) {
			block = append(make([]byte, 0, min(n, 2*cap(block))), block...)
		}
		got, err := s.source.Read(block[len(block):min(cap(block), n)])
		block = block[:len(block)+got]
		s.at += int64(got)
		s.err = err
		if idle++; got > 0 {
			idle = 0
		}
		if idle > maxIdle && err == nil {
			s.err = io.ErrNoProgress
		}
	}
	return block, nil
}

// discard consumes n bytes without keeping them.
func (s *stream) discard(n int64) error {
	for n > 0 {
		if len(s.buffer) == 0 {
			if err := s.fill(); err != nil {
				return unexpected(err)
			}
		}
		take := min(n, int64(len(s.buffer)))
		s.skip(int(take))
		n -= take
	}
	return nil
}

// giveBack puts bytes that were consumed last in front again.
func (s *stream) giveBack(b []byte) {
	s.buffer = append(bytes.Clone(b), s.buffer...)
	s.space = s.buffer
	s.at -= int64(len(b))
}

// unexpected turns the end of the source into an end that should not be there.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
