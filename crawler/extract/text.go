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

// CleanText brings plain text into the form of Reading.Text: paragraphs separated by one
// empty line, no white space around lines, no characters that are not seen.
func CleanText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(s)
	var b strings.Builder
	b.Grow(len(s))
	empty := false
	for line := range strings.SplitSeq(s, "\n") {
		if line = document.Clean(line); line == "" {
			empty = true
			continue
		}
		switch {
		case b.Len() == 0:
		case empty:
			b.WriteString("\n\n")
		default:
			b.WriteByte('\n')
		}
		empty = false
		b.WriteString(line)
	}
	return b.String()
}

// isPlain tells whether the converter would change nothing in a paragraph but the ends of
// its lines: no signs of Markdown, single spaces only, and nothing at the beginning of a
// line that begins a list or a rule. Most paragraphs are.
func isPlain(paragraph string) bool {
	if strings.ContainsAny(paragraph, "\\*_`[]<>#\t\r") || strings.Contains(paragraph, "  ") {
		return false
	}
	for line := range strings.SplitSeq(paragraph, "\n") {
		if line == "" || strings.ContainsRune(" +-=~|&0123456789", rune(line[0])) || strings.HasSuffix(line, " ") {
			return false
		}
	}
	return true
}

// MarkdownOf returns plain text as Markdown: the same paragraphs and lines, with signs
// that Markdown would take for its own escaped.
func MarkdownOf(text string) string {
	var paragraphs []string
	for p := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if isPlain(p) {
			paragraphs = append(paragraphs, strings.ReplaceAll(p, "\n", "  \n"))
			continue
		}
		markdown, err := prose.Markdown(prose.FromText(p))
		if err != nil {
			markdown = p // the converter fails on no tree of paragraphs
		}
		if markdown != "" {
			paragraphs = append(paragraphs, markdown)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}
