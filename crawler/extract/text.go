package extract

import (
	"fmt"
	"strings"

	"agora/crawler/extract/attachment"
	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
	"agora/crawler/extract/prose"
	"agora/crawler/extract/publication"
	"agora/index"
)

// ReadText reads a release that was saved as plain text: its title, an empty line, and
// its text. A date is read from the dateline alone; most such texts have none, and then
// the date is unknown. It returns an error wrapping index.ErrInvalid where title or text
// is missing.
func ReadText(body []byte) (index.Reading, error) {
	source, err := document.Decode(body, "")
	if err != nil {
		return index.Reading{}, err
	}
	title, text := "", CleanText(source)
	if head, rest, ok := strings.Cut(text, "\n\n"); ok {
		title, text = CleanLine(head), rest
	} else if head, rest, ok := strings.Cut(text, "\n"); ok {
		title, text = CleanLine(head), rest
	}
	if title == "" || text == "" {
		return index.Reading{}, fmt.Errorf("read text: %w: a title, an empty line and text are needed", index.ErrInvalid)
	}
	if len(title) > longestTitle {
		return index.Reading{}, fmt.Errorf("read text: %w: the first paragraph is too long for a title", index.ErrInvalid)
	}
	r := index.Reading{
		Reader: Version, Title: title, Text: text, Markdown: MarkdownOf(text),
		Attachments: attachment.Mentions(text),
		Rules:       map[string]string{"title": "first line", "body": "text below the first line"},
	}
	first, _, _ := strings.Cut(text, "\n")
	if f, ok := dates.Dateline(first); ok && f.Day >= publication.Earliest {
		r.Published, r.PublishedPrecision, r.PublishedSource = f.Day, dates.Day, publication.SourcePage
		r.Candidates = []index.DateCandidate{{Date: f.Day, Source: publication.SourcePage, AsWritten: f.Written}}
		r.Rules["published"] = "dateline"
	}
	r.Fingerprint = Fingerprint(r.Title, r.Published, r.Text)
	return r, nil
}

// CleanLine returns a text on one line, without characters that are not seen.
func CleanLine(s string) string { return document.Clean(s) }

// CleanText brings plain text into the form of Reading.Text; see prose.CleanText.
func CleanText(s string) string { return prose.CleanText(s) }

// MarkdownOf returns plain text as Markdown; see prose.MarkdownOf.
func MarkdownOf(text string) string { return prose.MarkdownOf(text) }
