// Package sitemaps reads sitemaps and their indexes by the protocol of sitemaps.org and
// Google's extension for news, whatever a site makes of them: packed, as plain lines, cut
// off, far too large. It also says in which order the sitemaps of an index promise most.
//
// It asks for nothing. When a page was changed last is never a date of publication.
package sitemaps

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"agora/crawler/extract/document"
)

// Limits of one file: those of the protocol, and some more for sites that overdo it.
const (
	maxBytes   = 50 << 20 // unpacked
	maxRatio   = 200      // unpacked against packed, above the floor
	ratioFloor = 1 << 20
	maxEntries = 100_000
	maxLevels  = 32
	maxText    = 8 << 10 // of one element, bytes
)

// File is what a sitemap or an index of sitemaps holds.
type File struct {
	IsIndex bool
	Entries []Entry
}

// Entry is one address of a sitemap, as written.
type Entry struct {
	Location  string
	Modified  time.Time // zero where it doesn't say
	Published string    // of a sitemap for news
	Title     string    // likewise
}

// Read reads a sitemap: XML or a list of lines, packed or not. With an error it returns
// what came before the file broke off.
func Read(body []byte, contentType string) (File, error) {
	if bytes.HasPrefix(body, []byte("\x1F\x8B")) {
		var err error
		if body, err = unpack(body); err != nil {
			return File{}, err
		}
	}
	if len(body) > maxBytes {
		return File{}, fmt.Errorf("the sitemap has more than %d MB", maxBytes>>20)
	}
	if len(body) <= document.MaxBytes { // larger ones have to be UTF-8
		text, err := document.Decode(body, contentType)
		if err != nil {
			return File{}, err
		}
		body = []byte(text)
	}
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return File{}, errors.New("the sitemap is empty")
	case body[0] != '<':
		return readLines(body)
	}
	return readXML(body)
}

// unpack undoes gzip within limits.
func unpack(body []byte) ([]byte, error) {
	packed, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the sitemap can't be unpacked: %w", err)
	}
	most := min(maxBytes, max(ratioFloor, maxRatio*len(body)))
	plain, err := io.ReadAll(io.LimitReader(packed, int64(most)+1))
	if err != nil {
		return nil, fmt.Errorf("the sitemap can't be unpacked: %w", err)
	}
	if len(plain) > most {
		return nil, errors.New("the sitemap unpacks to more than is read")
	}
	return plain, nil
}

// readLines reads a sitemap of one address a line.
func readLines(text []byte) (f File, err error) {
	for line := range bytes.Lines(text) {
		line := string(bytes.TrimSpace(line))
		if !strings.HasPrefix(line, "http://") && !strings.HasPrefix(line, "https://") || strings.ContainsAny(line, " \t") {
			continue
		}
		if f.Entries = append(f.Entries, Entry{Location: line}); len(f.Entries) == maxEntries {
			break
		}
	}
	if len(f.Entries) == 0 {
		return f, errors.New("it is no sitemap: neither XML nor a list of addresses")
	}
	return f, nil
}

// reader reads XML token by token.
type reader struct {
	File
	path  []string // local names of open elements, in lower case
	words strings.Builder
	entry Entry
}

func readXML(text []byte) (File, error) {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	var r reader
	for len(r.Entries) < maxEntries {
		token, err := decoder.RawToken()
		switch {
		case errors.Is(err, io.EOF) && len(r.path) == 0 && (r.IsIndex || len(r.Entries) > 0):
			return r.File, nil
		case errors.Is(err, io.EOF) && len(r.path) == 0:
			return r.File, errors.New("the sitemap holds no address")
		case err != nil:
			return r.File, fmt.Errorf("the sitemap breaks off: %w", err)
		}
		if err := r.take(token); err != nil {
			return r.File, err
		}
	}
	return r.File, nil
}

// take takes over what a token says.
func (r *reader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		r.path = append(r.path, strings.ToLower(t.Name.Local))
		r.words.Reset()
		switch {
		case len(r.path) > maxLevels:
			return errors.New("the sitemap is nested too deeply")
		case len(r.path) == 1 && r.path[0] != "urlset" && r.path[0] != "sitemapindex":
			return errors.New("it is no sitemap: it begins as something else")
		case len(r.path) == 1:
			r.IsIndex = r.path[0] == "sitemapindex"
		case len(r.path) == 2:
			r.entry = Entry{}
		}
	case xml.CharData:
		if r.words.Len()+len(t) <= maxText {
			r.words.Write(t)
		}
	case xml.EndElement:
		if len(r.path) == 0 {
			return errors.New("the sitemap closes what it never opened")
		}
		r.entry.set(strings.Join(r.path[1:], "/"), strings.TrimSpace(r.words.String()))
		r.words.Reset()
		if len(r.path) == 2 && r.entry.Location != "" {
			r.Entries = append(r.Entries, r.entry)
		}
		r.path = r.path[:len(r.path)-1]
	}
	return nil
}

// set takes over what an element of an entry says; path is where it stands below the root,
// so that the address of a picture isn't taken for that of its page.
func (e *Entry) set(path, words string) {
	switch path {
	case "url/loc", "sitemap/loc":
		e.Location = words
	case "url/lastmod", "sitemap/lastmod":
		e.Modified = Time(words)
	case "url/news/publication_date":
		e.Published = words
	case "url/news/title":
		e.Title = words
	}
}

// layouts of times (W3C date and time), and what sites write in their place.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04:05-0700",
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02 15:04 -07:00", "2006-01-02 15:04:05 -07:00", "2006-01",
}

// Time reads a time as sitemaps give it, in UTC; zero for anything else.
func Time(words string) time.Time {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, words); err == nil && t.Year() >= 1990 && t.Year() < 2200 {
			return t.UTC()
		}
	}
	return time.Time{}
}
