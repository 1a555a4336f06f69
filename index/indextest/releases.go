// Package indextest holds the conformance suites that every store and every engine must
// pass, and builders of invented releases for their tests and benchmarks.
//
// It is imported by tests only. It knows no implementation: a suite is given a function
// that opens one. All names and words in it are invented.
package indextest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"agora/index"
	"agora/index/vocabulary"
)

// ReaderVersion is the Reader of readings made here.
const ReaderVersion = "indextest/1"

// Start is the time of the first capture; the capture of release n is n minutes later.
var Start = time.Date(2024, 1, 2, 15, 0, 0, 0, time.UTC)

// firstDay is the day on which release 0 was published; release n follows n days later,
// round and round for four years.
var firstDay = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// words are what texts are made of: invented or everyday, none from a real release.
var words = strings.Fields(`the of a in to and for harbor lantern consumers settlement notice court filed
agreement mortgage pharmacy granted relief statewide claims office residents penalty warranty orchard
merchants alleged misleading fees refunds Brindlemoor Quillfield Tavenport Ostrava-Mills Larkspur
subscription robocalls data breach privacy opioids overdose treatment landlords tenants heating water
letter urges agencies rule comment deadline counties sheriff task force investigation evidence trial
jury sentence plea charged statute § 1200 9/11 No. 44 $3,500 20% T-Barn AT&U judge ordered company`)

// Text returns about size bytes of invented paragraphs; the same n gives the same text.
func Text(n, size int) string {
	var b strings.Builder
	state := uint64(n)*2654435761 + 12345
	for b.Len() < size {
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		for i := range 60 {
			if b.Len() >= size && i > 3 {
				break
			}
			state = state*6364136223846793005 + 1442695040888963407
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(words[(state>>33)%uint64(len(words))])
		}
		b.WriteByte('.')
	}
	return b.String()
}

// URL returns the address of release n of an office.
func URL(office string, n int) string {
	return fmt.Sprintf("https://ag.%s.example/news/%d", strings.ToLower(office), n)
}

// Reading returns what is read in release n of an office. A Fingerprint that no change
// sets is made of title, date and text as the changes left them.
func Reading(office string, n int, changes ...func(*index.Reading)) index.Reading {
	published := firstDay.AddDate(0, 0, n%1461)
	text := fmt.Sprintf("The office of %s told of matter %d.\n\n%s", office, n, Text(n, 400))
	r := index.Reading{
		Reader:             ReaderVersion,
		Title:              fmt.Sprintf("Attorney General of %s acts in matter %d", office, n),
		Text:               text,
		Markdown:           text,
		Language:           "en",
		Tags:               []string{"Invented"},
		Published:          index.DateOf(published),
		PublishedPrecision: "day",
		PublishedSource:    "page",
		Candidates:         []index.DateCandidate{{Date: index.DateOf(published), Source: "page", AsWritten: published.Format("January 2, 2006")}},
		Attachments:        []index.Attachment{{URL: URL(office, n) + "/letter.pdf", Title: "Read the letter", Type: "application/pdf", Role: "letter", State: "linked"}},
		Rules:              map[string]string{"title": "h1"},
		Topics:             []string{vocabulary.Topics[n%len(vocabulary.Topics)].Slug},
		Kinds:              []string{vocabulary.Kinds[n%len(vocabulary.Kinds)].Value},
		AttorneyGeneral:    &index.AttorneyGeneral{Name: "Avery Thornquist", Party: "N", Certainty: "seen"},
		Facts:              []index.Fact{{Kind: "docket", Value: fmt.Sprint("21-cv-", n), Label: fmt.Sprint("21-CV-", n), Quote: "told of matter"}},
		Evidence:           []index.Evidence{{Field: "kind", Value: vocabulary.Kinds[n%len(vocabulary.Kinds)].Value, Rule: "invented", Quote: "told of matter"}},
	}
	for _, change := range changes {
		change(&r)
	}
	if r.Fingerprint == "" {
		r.Fingerprint = digest(r.Title, string(r.Published), r.Text)
	}
	return r
}

// Observation returns a crawl's capture of release n of an office at Start plus n
// minutes. A Fingerprint or SHA256 that no change sets is made of what the changes left.
func Observation(office string, n int, changes ...func(*index.Observation)) index.Observation {
	status := 200
	o := index.Observation{
		Office:    office,
		Addresses: []string{URL(office, n)},
		URL:       URL(office, n),
		Capture: index.Capture{
			CaptureRef: index.CaptureRef{
				Captured: Start.Add(time.Duration(n) * time.Minute), URL: URL(office, n), Status: &status, Origin: index.OriginCrawl,
				File: "agora-20240102T150000Z-test.warc.gz", Offset: int64(n) * 4096, Length: 2048,
			},
			Office: office, FinalURL: URL(office, n), MediaType: "text/html", Kind: index.PageRelease, Reader: ReaderVersion,
		},
		Reading: Reading(office, n),
	}
	fingerprint := o.Reading.Fingerprint
	o.Reading.Fingerprint = ""
	for _, change := range changes {
		change(&o)
	}
	switch {
	case o.Reading.Fingerprint != "":
	case len(changes) == 0:
		o.Reading.Fingerprint = fingerprint
	default:
		o.Reading.Fingerprint = digest(o.Reading.Title, string(o.Reading.Published), o.Reading.Text)
	}
	if o.Capture.SHA256 == "" {
		o.Capture.SHA256 = digest(o.Reading.Title, o.Reading.Text)
	}
	return o
}

// Release returns release n of an office as a store shows it after one capture, live and
// in its first version.
func Release(office string, n int, changes ...func(*index.Release)) index.Release {
	o := Observation(office, n)
	reading, captured := o.Reading, o.Capture.Captured
	r := index.Release{
		Summary: index.Summary{
			ID: index.MintID(office, o.Addresses[0], index.MinIDDigits), Office: office, State: office,
			URL: index.NullableString(o.URL), Title: reading.Title,
			Published: reading.Published, PublishedPrecision: index.NullableString(reading.PublishedPrecision),
			PublishedSource: index.NullableString(reading.PublishedSource),
			Language:        index.NullableString(reading.Language),
			Tags:            reading.Tags, Topics: reading.Topics, Kinds: reading.Kinds,
			AttorneyGeneral: reading.AttorneyGeneral, Attachments: reading.Attachments,
			Version: 1, Added: captured, FirstSeen: captured, LastSeen: captured, Changed: captured,
			Presence: index.Presence{State: "live", Since: captured},
			Capture:  &o.Capture.CaptureRef,
		},
		Text: reading.Text, Markdown: reading.Markdown, Candidates: reading.Candidates, Facts: reading.Facts, Evidence: reading.Evidence,
	}
	if known, ok := vocabulary.OfficeByCode(office); ok {
		r.State = known.Name
	}
	for _, change := range changes {
		change(&r)
	}
	r.Links.HTML = index.ReleasePath(r.ID)
	return r
}

// Undated takes the date of publication from a reading, as where the page gives none.
func Undated(r *index.Reading) {
	r.Published, r.PublishedPrecision, r.PublishedSource = "", "", ""
	r.PublishedNote = "the page gives no date"
	r.Candidates = nil
}

// digest returns the hex SHA-256 of parts.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:])
}
