package query

import (
	"fmt"
	"slices"
	"strings"

	"agora/index"
	"agora/index/query/spelling"
	"agora/index/query/synonyms"
)

// maxWarnings bounds what one question can be told: nobody reads more.
const maxWarnings = 16

// warnings collects what the asker is to be told, each thing once.
type warnings struct{ list []index.Warning }

func (w *warnings) add(code, message string) {
	warning := index.Warning{Code: code, Message: message}
	if !w.full() && !slices.Contains(w.list, warning) {
		w.list = append(w.list, warning)
	}
}

// full tells whether nothing more can be said, so that nobody has to think about it.
func (w *warnings) full() bool { return len(w.list) >= maxWarnings }

func (w *warnings) addf(code, format string, arguments ...any) {
	w.add(code, fmt.Sprintf(format, arguments...))
}

// maxQuoted bounds how much of what was typed a message repeats.
const maxQuoted = 60

// quoted returns typed text for use in a message.
func quoted(text string) string {
	runes := []rune(text)
	if len(runes) > maxQuoted {
		text = string(runes[:maxQuoted]) + "…"
	}
	return `"` + text + `"`
}

// didYouMean names the value of a field nearest to typed, as the end of a sentence; ""
// where none is close.
func didYouMean(f index.Field, typed string) string {
	value := spelling.NearestValue(f, typed)
	switch label := index.ValueLabel(f, value); {
	case value == "":
		return ""
	case label != "" && label != value:
		return "; did you mean " + quoted(value) + " (" + label + ")?"
	}
	return "; did you mean " + quoted(value) + "?"
}

// nearestOrAll names the known word nearest to typed, or all where none is close.
func nearestOrAll(typed string, known []string) string {
	if nearest := spelling.Nearest(typed, known); nearest != "" {
		return "; did you mean " + quoted(nearest) + "?"
	}
	return "; known are " + strings.Join(known, ", ")
}

// maxNamed bounds how many names a message repeats: a sentence, no list.
const maxNamed = 3

// alsoFinds says which other names a question finds, and the way out.
func alsoFinds(added []synonyms.Added) string {
	var pairs []string
	for _, a := range added[:min(len(added), maxNamed)] {
		pair := quoted(a.Typed) + " also finds " + quoted(a.Other)
		if a.More {
			pair += " and the like"
		}
		pairs = append(pairs, pair)
	}
	if len(added) > maxNamed {
		pairs = append(pairs, "so do other words")
	}
	return strings.Join(pairs, ", ") + "; words in quotation marks find only themselves."
}

// contradiction is the code of the warning that nothing can match.
const contradiction = "contradiction"
