package query

import (
	"strings"
	"unicode"

	"agora/index"
	"agora/index/query/lexing"
	"agora/index/query/spelling"
	"agora/index/query/tree"
)

// field is what a name before a colon asks for.
type field struct {
	name  string
	role  fieldRole
	in    index.TextField // of inText
	value index.Field     // of inValues
}

// fieldRole tells the kinds of field apart; each reads its values in its own way.
type fieldRole uint8

const (
	inText   fieldRole = iota // words of the title or the text; also where no field is named
	inValues                  // a value of a closed list, a year or a language
	inOffice                  // the name of an attorney general
	onDate
	afterDate
	beforeDate
	isState // is:gone
)

// questionFields are the fields of the language, in the order in which they are listed.
func questionFields() []field {
	fields := []field{
		{name: "title", role: inText, in: index.InTitle},
		{name: "text", role: inText, in: index.InText},
		{name: "office", role: inValues, value: index.FieldState},
		{name: "ag", role: inOffice},
		{name: "date", role: onDate},
		{name: "after", role: afterDate},
		{name: "before", role: beforeDate},
		{name: "is", role: isState},
	}
	for _, f := range index.Fields {
		fields = append(fields, field{name: string(f), role: inValues, value: f})
	}
	return fields
}

// fieldNamed returns the field of a name in any case.
func fieldNamed(name string) (field, bool) {
	name = strings.ToLower(name)
	for _, f := range questionFields() {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}

func fieldNames() []string {
	var names []string
	for _, f := range questionFields() {
		names = append(names, f.name)
	}
	return names
}

// word reads a run of signs outside quotes: a value where a field wants one, else a
// word, a prefix or a word with its neighbours.
func (p *parser) word(run string) index.Node {
	if p.field.role != inText {
		return p.value(run, false)
	}
	return p.textWord(run, p.field.in)
}

// textWord reads a run as something to look for in the text.
func (p *parser) textWord(run string, in index.TextField) index.Node {
	text := strings.Trim(run, ",;:!?¡¿")
	if base, ok := cutFuzzy(text); ok {
		base = strings.TrimLeft(base, "§ ")
		if letters(base) >= shortestPattern {
			return p.leaf(index.Fuzzy{Text: base, In: in})
		}
		p.warnings.addf("fuzzy_too_short", `%s was read without "~", which needs a word of %d letters or more.`, quoted(text), shortestPattern)
		text = base
	}
	if !strings.Contains(text, "*") {
		return p.plainWord(text, in)
	}
	base := strings.TrimLeft(strings.TrimRight(text, "*"), "§ ")
	switch {
	case strings.Contains(base, "*"):
		p.warnings.addf("wildcard_inside", `%s was read as several words: "*" is understood at the end of a word only.`, quoted(text))
		var nodes []index.Node
		for piece := range strings.SplitSeq(text, "*") {
			if n := p.plainWord(piece, in); n != nil {
				nodes = append(nodes, n)
			}
		}
		return tree.All(nodes)
	case letters(base) < shortestPattern:
		p.warnings.addf("wildcard_too_short", `%s was read without "*", which needs %d letters or more before it.`, quoted(text), shortestPattern)
		return p.plainWord(base, in)
	}
	return p.leaf(index.Prefix{Text: base, In: in})
}

// shortestPattern is how many letters a prefix or a fuzzy word has at least: fewer match
// a good part of the dictionary.
const shortestPattern = 3

// cutFuzzy returns a run without "~", "~1" or "~2" at its end; in other places, and after
// a wildcard, the sign means nothing.
func cutFuzzy(run string) (base string, ok bool) {
	at := strings.LastIndexByte(run, '~')
	if at < 1 || strings.Contains(run, "*") {
		return run, false
	}
	switch run[at+1:] {
	case "", "1", "2":
		base = strings.TrimRight(run[:at], "~")
		return base, base != ""
	}
	return run, false
}

// plainWord returns the word of a run; nil where it has neither letter nor digit, as a
// dash or an ampersand that stands alone. A section sign is a token beside the number, so
// that the two are a phrase.
func (p *parser) plainWord(text string, in index.TextField) index.Node {
	if letters(text) == 0 {
		return nil
	}
	if strings.Contains(text, "§") {
		return p.leaf(index.Phrase{Text: text, In: in})
	}
	return p.leaf(index.Word{Text: text, In: in})
}

// letters counts the letters and digits of text.
func letters(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			n++
		}
	}
	return n
}

// phrase reads quoted text: a value where a field wants one, else words in a row or near
// each other.
func (p *parser) phrase(t lexing.Token) index.Node {
	if p.field.role != inText {
		return p.value(t.Text, true)
	}
	if letters(t.Text) == 0 && !strings.ContainsAny(t.Text, "§&/+$%#") {
		return nil
	}
	if strings.Contains(t.Text, "*") {
		p.warnings.add("wildcard_in_phrase", `"*" inside quotation marks is not understood; the words were searched for as they are.`)
	}
	if t.Within > 0 && len(strings.Fields(t.Text)) > 1 {
		return p.leaf(index.Near{Text: t.Text, Within: t.Within, In: p.field.in})
	}
	return p.leaf(index.Phrase{Text: t.Text, In: p.field.in})
}

// value reads the value of a field that is not text.
func (p *parser) value(raw string, inQuotes bool) index.Node {
	switch p.field.role {
	case inOffice:
		if letters(raw) == 0 {
			return nil
		}
		return p.leaf(index.InOffice{Name: raw})
	case onDate, afterDate, beforeDate:
		return p.date(raw, inQuotes)
	case isState:
		return p.state(raw, inQuotes)
	case inValues, inText:
	}
	return p.listed(raw, inQuotes)
}

// asWords reads a value that its field does not have as words anywhere in the text.
func (p *parser) asWords(raw string, inQuotes bool) index.Node {
	if inQuotes && letters(raw) > 0 {
		return p.leaf(index.Phrase{Text: raw})
	}
	return p.textWord(raw, index.InAny)
}

// listed reads one value, or several joined by commas of which one must hold.
func (p *parser) listed(raw string, inQuotes bool) index.Node {
	raw = strings.Trim(raw, ",;:!?")
	if v, ok := spelling.Value(p.field.value, raw); ok {
		return p.leaf(index.Has{Field: p.field.value, Value: v})
	}
	var nodes []index.Node
	for piece := range strings.SplitSeq(raw, ",") {
		bare, negative := strings.CutPrefix(piece, "-")
		v, ok := spelling.Value(p.field.value, bare)
		if !ok {
			if !p.warnings.full() {
				p.warnings.addf("unknown_value", "There is no %s %s; it was searched for as words%s", p.field.name, quoted(raw), orStop(didYouMean(p.field.value, bare)))
			}
			return p.asWords(raw, inQuotes)
		}
		n := p.leaf(index.Has{Field: p.field.value, Value: v})
		if n == nil {
			break
		}
		if negative {
			n = tree.Negate(n)
		}
		nodes = append(nodes, n)
	}
	return tree.Any(nodes)
}

// state reads the value of is:.
func (p *parser) state(raw string, inQuotes bool) index.Node {
	switch value := spelling.Folded(raw); value {
	case "gone", "missing", "live":
		return p.leaf(index.Has{Field: index.FieldPresence, Value: value})
	case index.Undated:
		return p.leaf(index.Has{Field: index.FieldYear, Value: index.Undated})
	case "multistate":
		return p.leaf(index.IsMultistate{})
	default:
		near := ""
		if nearest := spelling.Nearest(value, []string{"gone", "missing", "live", "undated", "multistate"}); nearest != "" {
			near = "; did you mean " + quoted("is:"+nearest) + "?"
		}
		p.warnings.addf("unknown_value", "%s is nothing that a release can be; it was searched for as words%s", quoted("is:"+raw), orStop(near))
		return p.asWords(raw, inQuotes)
	}
}

// date reads the value of date:, after: or before:.
func (p *parser) date(raw string, inQuotes bool) index.Node {
	from, to, ok := spelling.Period(raw)
	if !ok {
		p.warnings.addf("bad_date", "%s is no date like 2023, 2023-02 or 2023-02-08; it was searched for as words.", quoted(raw))
		return p.asWords(raw, inQuotes)
	}
	switch p.field.role {
	case afterDate:
		to = ""
	case beforeDate:
		from = ""
	case onDate, inText, inValues, inOffice, isState:
	}
	return p.leaf(index.Published{From: from, To: to})
}
