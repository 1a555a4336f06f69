package warc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"agora/crawler/warc/coding"
)

// Payload is what a record was made for: a page or a file, as a browser would have it.
type Payload struct {
	Status      int         // of HTTP; 0 where the record has none
	Header      http.Header // of HTTP; nil where the record has none
	ContentType string      // as declared, with parameters; "" where nothing was declared
	Body        []byte      // decoded; it may share memory with the record's block
	Truncated   string      // why the body is cut (WARC-Truncated); "" where it is whole
}

// SHA256 returns the digest of the decoded body in hex.
func (p Payload) SHA256() string {
	sum := sha256.Sum256(p.Body)
	return hex.EncodeToString(sum[:])
}

// Payload returns the payload of a response, resource or conversion record; others give
// ErrNoPayload. Transfer and content encodings of HTTP (chunked; gzip, deflate, br, zstd)
// are undone. Where a collector had undone them and kept the header, the body is taken as
// it is. An encoding that is unknown or doesn't fit gives ErrEncoding, a body that ends
// too early ErrTorn, one that grows beyond MaxBlock ErrTooLarge; then the payload has
// everything but the body.
func (r Record) Payload() (Payload, error) {
	p := Payload{ContentType: r.ContentType, Truncated: r.Header.Get("WARC-Truncated")}
	stored, ok := storedPayload(r)
	if !ok {
		return Payload{}, fmt.Errorf("read payload of %s: %w", r.Type, ErrNoPayload)
	}
	if !r.isHTTP() {
		p.Body = stored
		return p, nil
	}
	head := r.Block[:len(r.Block)-len(stored)]
	status, header, err := parseHead(head)
	if err != nil {
		return Payload{}, fmt.Errorf("read payload of %s: %w", r.TargetURI, err)
	}
	p.Status, p.Header, p.ContentType = status, header, header.Get("Content-Type")
	p.Body, err = coding.Undo(stored, header, MaxBlock)
	switch {
	case err == nil, errors.Is(err, io.ErrUnexpectedEOF) && p.Truncated != "":
		return p, nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = fmt.Errorf("%w: %w", ErrTorn, err)
	}
	p.Body = nil
	return p, fmt.Errorf("read payload of %s: %w", r.TargetURI, err)
}

// isHTTP tells whether the block is an HTTP message.
func (r Record) isHTTP() bool {
	mediaType, _, _ := strings.Cut(r.ContentType, ";")
	return r.Type == TypeResponse && (strings.EqualFold(strings.TrimSpace(mediaType), "application/http") || r.ContentType == "")
}

// storedPayload returns the payload as it is stored, with its encodings: what the payload
// digest is of.
func storedPayload(r Record) ([]byte, bool) {
	switch r.Type {
	case TypeResource, "conversion":
		return r.Block, true
	case TypeResponse:
		if !r.isHTTP() {
			return r.Block, true
		}
		return r.Block[endOfHead(r.Block):], true
	}
	return nil, false
}

// endOfHead returns the place behind the empty line that ends an HTTP head.
func endOfHead(block []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(block[at:], '\n')
		if i < 0 {
			return len(block)
		}
		line := bytes.TrimSuffix(block[at:at+i], []byte("\r"))
		at += i + 1
		if len(line) == 0 {
			return at
		}
	}
}

// parseHead reads status and fields of an HTTP answer. Lines that are no fields are left
// out: servers send them and browsers pass over them.
func parseHead(head []byte) (int, http.Header, error) {
	lines := strings.Split(string(head), "\n")
	version, rest, _ := strings.Cut(strings.TrimSpace(lines[0]), " ")
	code, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	status, err := strconv.Atoi(code)
	if !strings.HasPrefix(version, "HTTP/") || err != nil || status < 100 || status > 999 {
		return 0, nil, fmt.Errorf("%w: status line is %.40q", ErrMalformed, lines[0])
	}
	header := http.Header{}
	last := ""
	for _, line := range lines[1:] {
		line = strings.TrimRight(line, "\r")
		name, value, found := strings.Cut(line, ":")
		switch {
		case line != "" && (line[0] == ' ' || line[0] == '\t'):
			if values := header[last]; len(values) > 0 {
				values[len(values)-1] += " " + strings.TrimSpace(line)
			}
		case found && name != "":
			last = http.CanonicalHeaderKey(strings.TrimSpace(name))
			header[last] = append(header[last], strings.TrimSpace(value))
		}
	}
	return status, header, nil
}

// PayloadDigest returns the digest that a response record of this HTTP message carries as
// WARC-Payload-Digest: of the body as it was sent.
func PayloadDigest(message []byte) string { return Digest(message[endOfHead(message):]) }

// Head returns the head of an HTTP message with its empty line.
func Head(message []byte) []byte { return message[:endOfHead(message)] }
