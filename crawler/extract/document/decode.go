// Package document turns the bytes of a page into text and into a tree that is safe to
// walk: of bounded depth and size, whatever was sent. It also holds the few questions
// that everything else asks a tree: its text, its attributes, its chrome.
//
// It knows nothing of offices or releases and decides nothing about them.
package document

import (
	"bytes"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"agora/index"
)

// MaxBytes is the largest page that is read: ten times the largest release page seen,
// and more than any page that people would read.
const MaxBytes = 32 << 20

// Decode returns the text of a page as valid UTF-8 without NULs. It believes, in this
// order, a byte order mark, the charset of the content type if the body is valid in it,
// the body itself if all of it is UTF-8, and then what the page's head says, with
// windows-1252 for pages that say nothing. It fails only on bodies above MaxBytes.
func Decode(body []byte, contentType string) (string, error) {
	if len(body) > MaxBytes {
		return "", fmt.Errorf("decode page: %w: %d MB are more than the %d MB that are read", index.ErrInvalid, len(body)>>20, MaxBytes>>20)
	}
	return withoutControls(decode(body, contentType)), nil
}

func decode(body []byte, contentType string) string {
	if text, ok := marked(body); ok {
		return text
	}
	if text, ok := unmarkedUTF16(body); ok {
		return text
	}
	whole := utf8.Valid(body)
	if named := named(contentType); named != nil && !whole {
		if text, err := decodeBy(named, body); err == nil && !strings.ContainsRune(text, utf8.RuneError) {
			return text
		}
	}
	// A body that is UTF-8 throughout and not mere ASCII is that by more than chance,
	// so that it outweighs a header that names a one-byte charset.
	if whole {
		return string(body)
	}
	if mostlyUTF8(body) {
		return mended(body)
	}
	guess, name, _ := charset.DetermineEncoding(body[:min(len(body), 4096)], "")
	if name == "utf-8" {
		return mended(body) // it says so, and is not
	}
	text, err := decodeBy(guess, body)
	if err != nil {
		return mended(body)
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// decodeBy decodes a body without copies of the whole but one.
func decodeBy(e encoding.Encoding, body []byte) (string, error) {
	var b strings.Builder
	b.Grow(len(body) + 2*highBytes(body))
	w := transform.NewWriter(&b, e.NewDecoder())
	if _, err := w.Write(body); err != nil {
		return "", fmt.Errorf("decode: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("decode: %w", err)
	}
	return b.String(), nil
}

// highBytes counts the bytes that are not ASCII: each becomes up to three.
func highBytes(body []byte) int {
	n := 0
	for _, c := range body {
		if c >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// marked decodes a body that begins with a byte order mark.
func marked(body []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(body, []byte("\xEF\xBB\xBF")):
		if !utf8.Valid(body[3:]) {
			return mended(body[3:]), true
		}
		return string(body[3:]), true
	case bytes.HasPrefix(body, []byte("\xFF\xFE")), bytes.HasPrefix(body, []byte("\xFE\xFF")):
		text, err := decodeBy(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), body)
		return text, err == nil
	}
	return "", false
}

// unmarkedUTF16 recognises UTF-16 without a mark by its markup: every other byte of "<!"
// or "<h" is zero.
func unmarkedUTF16(body []byte) (string, bool) {
	order := unicode.LittleEndian
	switch {
	case len(body) < 4:
		return "", false
	case body[0] == '<' && body[1] == 0 && body[2] != 0 && body[3] == 0:
	case body[0] == 0 && body[1] == '<' && body[2] == 0 && body[3] != 0:
		order = unicode.BigEndian
	default:
		return "", false
	}
	text, err := decodeBy(unicode.UTF16(order, unicode.IgnoreBOM), body)
	return text, err == nil
}

// named returns the encoding that a content type names, nil for none or an unknown one.
func named(contentType string) encoding.Encoding {
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || parameters["charset"] == "" {
		return nil
	}
	found, err := htmlindex.Get(parameters["charset"])
	if err != nil {
		return nil
	}
	return found
}

// mostlyUTF8 tells whether the invalid bytes of a body are few against its characters of
// several bytes: a page put together from parts, or cut in the middle of a character.
func mostlyUTF8(body []byte) bool {
	wide, invalid := 0, 0
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && size == 1:
			invalid++
		case size > 1:
			wide++
		}
		body = body[size:]
	}
	return wide > 0 && wide >= 4*invalid
}

// mended reads what is UTF-8 as that and each other byte as windows-1252, which is what
// pages put together from parts hold.
func mended(body []byte) string {
	var b strings.Builder
	b.Grow(len(body) + 2*highBytes(body))
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		if r == utf8.RuneError && size == 1 {
			r = charmap.Windows1252.DecodeByte(body[0])
		}
		b.WriteRune(r)
		body = body[size:]
	}
	return b.String()
}

// withoutControls drops NULs, and reads the controls U+0080 to U+009F, which no page
// means, as what they are in windows-1252: somebody has converted that as if it were
// latin-1.
func withoutControls(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if !strings.ContainsFunc(s, isC1) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + strings.Count(s, "\xC2"))
	for _, r := range s {
		if isC1(r) {
			r = charmap.Windows1252.DecodeByte(byte(r))
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isC1(r rune) bool { return r >= 0x80 && r <= 0x9F }
