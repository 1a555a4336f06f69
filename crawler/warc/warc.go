// Package warc keeps captures: bytes that were fetched or handed in, each with its
// address and time, in files of the WARC format 1.1 (ISO 28500:2017). It reads files that
// others made, whole or damaged, and writes its own with one gzip member a record, so
// that every record can be read alone by its offset.
//
// It fetches nothing, decides nothing about what is captured, and knows no pages.
//
// A file of ours is agora-<UTC time>-<random>.warc.gz: a warcinfo record, then records in
// the order in which they were written, each a gzip member of its own that holds
//
//	WARC/1.1 CRLF
//	Name: value CRLF …            WARC-Type, WARC-Record-ID, WARC-Date, Content-Length, …
//	CRLF
//	block of Content-Length bytes
//	CRLF CRLF
package warc

import (
	"crypto/md5" // #nosec: found in the digests of others' files, proves nothing here
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"agora/crawler/warc/coding"
)

// What can be wrong with a file or a record. They come wrapped, most in a RecordError.
var (
	ErrFormat    = errors.New("not a WARC file")                      // the bytes are something else
	ErrMalformed = errors.New("malformed record")                     // a header or length that can't be
	ErrTorn      = errors.New("ends within a record")                 // the tail is missing; Repair cuts it
	ErrTooLarge  = coding.ErrTooLarge                                 // of a header, block or payload
	ErrDigest    = errors.New("digest differs from the bytes")        // see Record.CheckDigest
	ErrNoPayload = errors.New("record of this type has no payload")   // a request, a revisit …
	ErrEncoding  = coding.ErrEncoding                                 // see Record.Payload
	ErrField     = errors.New("header field can't hold a line break") // Writer
)

// Bounds on what is read, so that a hostile file can't take the memory.
const (
	MaxHeader = 64 << 10 // bytes of a record's header; the longest addresses take a few thousand
	MaxBlock  = 64 << 20 // bytes of a block, and of a payload after decoding
)

// Types of record that are read or written here.
const (
	TypeInfo     = "warcinfo"
	TypeResponse = "response" // what a server answered, as HTTP
	TypeRequest  = "request"  // what it was asked
	TypeResource = "resource" // a body without the exchange that brought it
	TypeRevisit  = "revisit"  // the same as an earlier record
)

// Record is one record of a WARC file.
type Record struct {
	Type        string    // one of the types above, or another that the format knows
	TargetURI   string    // without angle brackets; "" where the type has none
	Date        time.Time // of capture, UTC; zero where it can't be read
	ID          string    // WARC-Record-ID with its angle brackets; the writer mints one where empty
	ContentType string    // of the block: "text/html", "application/http;msgtype=response"
	Header      Header    // all fields in their order; the writer puts the members above in their place
	Block       []byte

	// Offset and Length are of the record's gzip member in a compressed file, of the record
	// itself in a plain one. Both are -1 where several records share one gzip member.
	Offset, Length int64
}

// Field is one field of a record's header.
type Field struct{ Name, Value string }

// Header holds fields in their order. Names are compared without regard to case and may
// be there several times.
type Header []Field

// Get returns the first value of a field, "" where there is none.
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Location is where a record was written.
type Location struct {
	File           string // name of the file inside its folder
	Offset, Length int64
}

// RecordError says that a record could not be read, which one, and whether the records
// after it can.
type RecordError struct {
	Number      int    // of the record in the file, from 1
	Offset      int64  // near which the trouble is, in bytes of the file
	TargetURI   string // "" where it isn't known
	MayContinue bool   // Next may be called again; else it returns io.EOF from now on
	Err         error  // wraps one of the sentinel errors, or what the underlying reader said
}

// Error says which record it is and what is wrong.
func (e *RecordError) Error() string {
	where := fmt.Sprintf("read record %d at byte %d", e.Number, e.Offset)
	if e.TargetURI != "" {
		where += " (" + e.TargetURI + ")"
	}
	return where + ": " + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *RecordError) Unwrap() error { return e.Err }

// MayContinue tells whether records after an error of Next can be read.
func MayContinue(err error) bool {
	var e *RecordError
	return errors.As(err, &e) && e.MayContinue
}

// Digest returns the digest of bytes as WARC files carry it: SHA-1 in base 32.
func Digest(b []byte) string {
	sum := sha1.Sum(b)
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

// CheckDigest compares the block with the record's WARC-Block-Digest. It returns an error
// that wraps ErrDigest where they differ, nil where they agree or where there is no digest
// or one of an unknown algorithm.
func (r Record) CheckDigest() error {
	algorithm, want, found := strings.Cut(r.Header.Get("WARC-Block-Digest"), ":")
	if !found {
		return nil
	}
	var sum []byte
	switch strings.ToLower(strings.ReplaceAll(algorithm, "-", "")) {
	case "sha1":
		s := sha1.Sum(r.Block)
		sum = s[:]
	case "sha256":
		s := sha256.Sum256(r.Block)
		sum = s[:]
	case "md5":
		s := md5.Sum(r.Block) // #nosec
		sum = s[:]
	default:
		return nil
	}
	want = strings.TrimRight(strings.TrimSpace(want), "=")
	in32 := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum)
	if strings.EqualFold(want, in32) || strings.EqualFold(want, hex.EncodeToString(sum)) {
		return nil
	}
	return fmt.Errorf("check block of %s: %w", r.ID, ErrDigest)
}
