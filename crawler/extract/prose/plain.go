package prose

import (
	"strings"

	"agora/crawler/extract/document"
)

// CleanText brings plain text into the form of Text: paragraphs separated by one
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
		markdown, err := Markdown(FromText(p))
		if err != nil {
			markdown = p // the converter fails on no tree of paragraphs
		}
		if markdown != "" {
			paragraphs = append(paragraphs, markdown)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}
