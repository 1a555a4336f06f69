package terminal

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"agora/index"
)

// WriteAnswer writes an answer for people.
func WriteAnswer(w io.Writer, answer index.Answer, bold bool, columns int) error {
	var b strings.Builder
	about := ""
	if !answer.Exact {
		about = "at least "
	}
	fmt.Fprintf(&b, "%s%d %s\n", about, answer.Total, Plural(answer.Total, "release", "releases"))
	writeAdvice(&b, answer.Advice)
	for _, h := range answer.Hits {
		day := string(h.Published)
		if day == "" {
			day = "undated"
		}
		fmt.Fprintf(&b, "\n%-10s  %s  %s\n", day, h.Office, wrap(marked(h.TitleHTML, bold), columns, 16))
		fmt.Fprintf(&b, "%16s%s\n", "", wrap(marked(h.Snippet, bold), columns, 16))
		fmt.Fprintf(&b, "%16s%s\n", "", hitLine(h))
	}
	if answer.Total == 0 {
		b.WriteString("\nFewer words find more; OR between words asks for one of them, word* for all that begin alike,\nword~ for other spellings.\n")
	}
	for _, field := range []index.Field{index.FieldState, index.FieldTopic, index.FieldYear} {
		shown := facetValues
		if field == index.FieldYear {
			shown = len(answer.Facets[field])
		}
		if line := countsLine(answer.Facets[field], shown); line != "" && answer.Total > 1 {
			fmt.Fprintf(&b, "\n%s: %s", field, wrap(line, columns, len(field)+2))
		}
	}
	if answer.Total > 1 {
		b.WriteString("\n")
	}
	if answer.Next != "" {
		fmt.Fprintf(&b, "\nnext page: --cursor %s\n", answer.Next)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeAdvice writes what may be asked instead, in the words of the command.
func writeAdvice(b *strings.Builder, advice index.Advice) {
	if advice.DidYouMean != "" {
		fmt.Fprintf(b, "did you mean: %s\n", oneLine(string(advice.DidYouMean)))
	}
	for _, f := range advice.Fewer {
		fmt.Fprintf(b, "without %s: %d found by %s\n", oneLine(f.Without), f.Releases, quotedWord(oneLine(f.Q)))
	}
	for _, o := range advice.Offers {
		rest := ""
		if o.Rest != "" {
			rest = " " + quotedWord(oneLine(o.Rest))
		}
		fmt.Fprintf(b, "narrow to %s: --%s=%s%s\n", o.Label, o.Field, o.Value, rest)
	}
}

// oneLine writes what was typed without line breaks and other signs that steer a terminal.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// quotedWord quotes text for a shell.
func quotedWord(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// hitLine is the line below a hit: id, topics, presence.
func hitLine(h index.Hit) string {
	parts := []string{h.ID}
	if len(h.Topics) > 0 {
		parts = append(parts, strings.Join(h.Topics, ", "))
	}
	if h.Coalition != nil {
		parts = append(parts, coalitionWords(*h.Coalition))
	}
	if h.Presence.State != "live" {
		parts = append(parts, h.Presence.State)
	}
	return strings.Join(parts, " · ")
}

// coalitionWords says how many take part: the number that the release gives, and how
// many it names where they are not all.
func coalitionWords(c index.Coalition) string {
	named := fmt.Sprintf("%d %s named", len(c.Members), Plural(len(c.Members), "office", "offices"))
	switch {
	case c.Claimed == nil && c.Complete:
		return fmt.Sprintf("%s by %d offices", c.Action, len(c.Members))
	case c.Claimed == nil:
		return fmt.Sprintf("%s by a coalition, %s", c.Action, named)
	case c.Complete && c.Agrees:
		return fmt.Sprintf("%s by a coalition of %d", c.Action, *c.Claimed)
	}
	return fmt.Sprintf("%s by a coalition of %d, %s", c.Action, *c.Claimed, named)
}

// facetValues is how many values of a facet the terminal shows; years are all shown.
const facetValues = 8

func countsLine(counts []index.Count, shown int) string {
	var parts []string
	for i, c := range counts {
		if i == shown {
			parts = append(parts, fmt.Sprintf("… %d more", len(counts)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s %d", c.Value, c.Count))
	}
	return strings.Join(parts, ", ")
}
