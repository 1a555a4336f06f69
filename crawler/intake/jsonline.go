package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"agora/crawler/extract"
	"agora/index"
	"agora/index/vocabulary"
)

// jsonLine is what an import trusts of a release in JSON; all other members are ignored,
// so that an export can be imported.
type jsonLine struct {
	Office      string             `json:"office"`
	State       string             `json:"state"`
	Title       string             `json:"title"`
	Text        string             `json:"text"`
	Markdown    string             `json:"markdown"`
	URL         string             `json:"url"`
	Published   string             `json:"published"`
	Attachments []index.Attachment `json:"attachments"`
	Language    string             `json:"language"`
	Tags        []string           `json:"tags"`
	Topics      []string           `json:"topics"` // another scheme's words: read as tags
}

// parseLine reads a line and says in words what is wrong with it.
func parseLine(body []byte) (jsonLine, error) {
	var line jsonLine
	if err := json.Unmarshal(body, &line); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			if wrong.Field == "" {
				return line, fmt.Errorf("a release is a JSON object, not %s", article(wrong.Value))
			}
			return line, fmt.Errorf("%q can't be %s", wrong.Field, article(wrong.Value))
		}
		return line, fmt.Errorf("not JSON: %w", err)
	}
	switch {
	case strings.TrimSpace(line.Title) == "":
		return line, errors.New(`"title" is missing`)
	case strings.TrimSpace(line.Text) == "":
		return line, errors.New(`"text" is missing`)
	case line.URL != "" && !isWebAddress(strings.TrimSpace(line.URL)):
		return line, fmt.Errorf("%q is no web address; leave url out where there is none", line.URL)
	}
	line.URL = strings.TrimSpace(line.URL)
	return line, nil
}

// maxAddress is longer than any address that browsers and servers agree on.
const maxAddress = 4 << 10

// isWebAddress tells whether s is an absolute http(s) address that can stand in a record.
func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= maxAddress && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func article(value string) string {
	if value == "array" || value == "object" {
		return "an " + value
	}
	return "a " + value
}

// office returns the postal code that the line names, "" where it names none.
func (l jsonLine) office() (string, error) {
	for _, name := range []string{l.Office, l.State} {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if o, ok := vocabulary.OfficeByCode(name); ok {
			return o.Code, nil
		}
		if o, ok := vocabulary.OfficeByName(name); ok {
			return o.Code, nil
		}
		return "", fmt.Errorf("office %q is none of the 56; use a postal code such as VA", name)
	}
	return "", nil
}

// reading turns the line into a reading; captured bounds the date, and a time of
// publication counts as the day that it was in the office's zone.
func (l jsonLine) reading(captured time.Time, zone *time.Location) index.Reading {
	r := index.Reading{
		Title:    extract.CleanLine(l.Title),
		Text:     extract.CleanText(l.Text),
		Markdown: l.Markdown,
		Language: languageOf(l.Language),
		Tags:     tagsOf(l),
		Rules:    map[string]string{"title": "import", "text": "import"},
	}
	if strings.TrimSpace(r.Markdown) == "" {
		r.Markdown = extract.MarkdownOf(r.Text)
	}
	for _, a := range l.Attachments {
		if a.URL == "" && a.Title == "" || a.URL != "" && !isWebAddress(a.URL) {
			continue
		}
		if !vocabulary.Has(vocabulary.AttachmentRoles[:], a.Role) {
			a.Role = "other"
		}
		// Bytes are the archive's own to capture: what another archive held does not count.
		a.State, a.SHA256 = "linked", ""
		r.Attachments = append(r.Attachments, a)
	}
	l.date(&r, captured, zone)
	r.Fingerprint = extract.Fingerprint(r.Title, r.Published, r.Text)
	return r
}

// date fills in the date of publication, if the line gives one that can be.
func (l jsonLine) date(r *index.Reading, captured time.Time, zone *time.Location) {
	written := strings.TrimSpace(l.Published)
	if written == "" {
		return
	}
	day, precision := parsePublished(written, zone)
	switch {
	case day == "":
		r.PublishedNote = fmt.Sprintf("the imported date %q can't be read", written)
	case day < earliestDate || day > index.DateOf(captured.AddDate(0, 0, 1)):
		r.PublishedNote = fmt.Sprintf("the imported date %s can't be right", written)
		r.Candidates = []index.DateCandidate{{Date: day, Source: "import", AsWritten: written}}
	default:
		r.Published, r.PublishedPrecision, r.PublishedSource = day, precision, "import"
		r.Candidates = []index.DateCandidate{{Date: day, Source: "import", AsWritten: written}}
	}
}

// languageOf returns the tag in its canonical form (BCP 47), "" where it is none: then
// the text tells.
func languageOf(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil || parsed == language.Und {
		return ""
	}
	return parsed.String()
}

// earliestDate is the first day that a release can have: no office was on the web before.
const earliestDate = index.Date("1990-01-01")

// parsePublished reads YYYY-MM-DD, YYYY-MM or YYYY, or a time. One at midnight UTC is
// how programs write a day; another with a zone is the day that it was at the office.
func parsePublished(s string, zone *time.Location) (index.Date, string) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		if !t.Equal(t.Truncate(24 * time.Hour)) {
			t = t.In(zone)
		}
		return index.DateOf(t), "day"
	}
	if t, err := time.Parse("2006-01-02T15:04:05", s); err == nil {
		return index.DateOf(t), "day"
	}
	for _, form := range []struct{ layout, precision string }{{time.DateOnly, "day"}, {"2006-01", "month"}, {"2006", "year"}} {
		if t, err := time.Parse(form.layout, s); err == nil {
			return index.DateOf(t), form.precision
		}
	}
	return "", ""
}

// tagsOf joins tags and topics, each once.
func tagsOf(l jsonLine) []string {
	var tags []string
	for _, t := range slices.Concat(l.Tags, l.Topics) {
		if t = extract.CleanLine(t); t != "" && !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	return tags
}
