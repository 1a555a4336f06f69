package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/index"
	"agora/index/query/lexing"
	"agora/index/query/spelling"
	"agora/index/query/synonyms"
	"agora/index/query/tree"
)

// Parse reads what somebody typed. It never fails: what can't be understood is read as
// words, and a warning says how it was read. The root is nil where nothing restricts the
// results, index.Nothing where the question contradicts itself. Time and memory are
// bounded by index.MaxQueryBytes, MaxQueryDepth and MaxQueryClauses.
func Parse(q string) (root index.Node, said []index.Warning) {
	w := &warnings{}
	text := clean(cut(q, w))
	p, parsed := read(text, w)
	if parsed == nil && strings.TrimSpace(text) != "" {
		w.add("no_words", "The question has no word to search for, so it leaves nothing out.")
	}
	root, reason := tree.Settle(parsed)
	switch {
	case reason == "":
	case tree.IsNothing(root):
		w.add(contradiction, reason+", so nothing matches.")
	default:
		w.add(contradiction, reason+", so that part of the question matches nothing.")
	}
	root, added := synonyms.Expand(root, index.MaxQueryClauses-p.clauses)
	if len(added) > 0 {
		w.add("synonyms", alsoFinds(added))
	}
	return root, w.list
}

// read reads clean text.
func read(text string, w *warnings) (*parser, index.Node) {
	p := &parser{warnings: w, tokens: lex(text, w)}
	p.operatorsAlone()
	root := p.or()
	return p, root
}

// lex cuts clean text into tokens.
func lex(text string, w *warnings) []lexing.Token {
	isField := func(name string) bool { _, known := fieldNamed(name); return known }
	return lexing.Lex(text, lexing.Language{IsField: isField, Warn: w.add})
}

// cut returns q without what exceeds index.MaxQueryBytes, up to a whole word.
func cut(q string, w *warnings) string {
	if len(q) <= index.MaxQueryBytes {
		return q
	}
	w.addf("too_long", "The question is longer than %d characters; the rest was left out.", index.MaxQueryBytes)
	end := index.MaxQueryBytes
	for end > 0 && !utf8.RuneStart(q[end]) {
		end--
	}
	if space := strings.LastIndexFunc(q[:end], unicode.IsSpace); space > 0 {
		end = space
	}
	return q[:end]
}

// clean makes white space of what is no text, so that it separates words: as many bytes,
// so that a place in the one is a place in the other.
func clean(q string) string {
	var b strings.Builder
	b.Grow(len(q))
	for len(q) > 0 {
		r, size := utf8.DecodeRuneInString(q)
		if r == utf8.RuneError || unicode.IsControl(r) || r == '\uFEFF' {
			b.WriteString("    "[:size])
		} else {
			b.WriteString(q[:size])
		}
		q = q[size:]
	}
	return b.String()
}

// parser reads tokens by recursive descent. Every method returns nil for a part that
// comes to nothing.
type parser struct {
	tokens   []lexing.Token
	at       int
	depth    int // of open parentheses
	ignored  int // parentheses open beyond index.MaxQueryDepth
	clauses  int
	field    field // of the group being read: whose values words are
	warnings *warnings

	plain        []plainWord // words without field, quotes and signs of the language, in order
	negated      int         // NOTs around the part being read
	named        bool        // a name that is no field stands before the part being read
	alternatives bool        // the question itself is joined by OR
}

// plainWord is a word of a question that stands for itself, and where it was typed.
type plainWord struct {
	lexing.Token
	bound bool // in parentheses, or to operators that cancel each other
}

// peek returns the next token, lexing.End after the last.
func (p *parser) peek() lexing.Token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return lexing.Token{Kind: lexing.End}
}

// operatorsAlone makes words of operators where a question has nothing else: somebody
// may be looking for Oregon.
func (p *parser) operatorsAlone() {
	found := -1
	for i, t := range p.tokens {
		switch t.Kind {
		case lexing.And, lexing.Or, lexing.Not:
			found = i
		case lexing.Open, lexing.Close, lexing.Minus, lexing.End:
		case lexing.Word, lexing.Phrase, lexing.Field, lexing.Other:
			return
		}
	}
	if found < 0 {
		return
	}
	p.warnings.addf("dangling_operator", "%s has nothing to join and was read as a word.", quoted(p.tokens[found].Text))
	for i := range p.tokens {
		if k := p.tokens[i].Kind; k == lexing.And || k == lexing.Or || k == lexing.Not {
			p.tokens[i].Kind = lexing.Word
		}
	}
}

// or reads alternatives up to the end of the question or of the group.
func (p *parser) or() index.Node {
	var nodes []index.Node
	for {
		n := p.and()
		if n != nil {
			nodes = append(nodes, n)
		}
		if p.peek().Kind != lexing.Or {
			break
		}
		p.at++
		p.alternatives = p.alternatives || p.depth == 0
		if n == nil || !p.peek().StartsPart() {
			p.dangling("OR")
		}
	}
	return tree.Any(nodes)
}

// and reads adjacent parts.
func (p *parser) and() index.Node {
	var nodes []index.Node
	for {
		t := p.peek()
		switch t.Kind {
		case lexing.End, lexing.Or:
			return tree.All(nodes)
		case lexing.Close:
			if p.ignored == 0 && p.depth > 0 {
				return tree.All(nodes)
			}
			p.at++
			if p.ignored > 0 {
				p.ignored--
				continue
			}
			p.warnings.add("unbalanced_parenthesis", `A ")" has no partner and was left out.`)
		case lexing.And:
			p.at++
			if len(nodes) == 0 || !p.peek().StartsPart() {
				p.dangling("AND")
			}
		case lexing.Word, lexing.Phrase, lexing.Field, lexing.Other, lexing.Open, lexing.Not, lexing.Minus:
			if n := p.not(); n != nil {
				nodes = append(nodes, n)
			}
		}
	}
}

// not reads a part with the operators before it.
func (p *parser) not() index.Node {
	negative := false
	operator := ""
	for p.peek().Kind == lexing.Not || p.peek().Kind == lexing.Minus {
		negative = !negative
		operator = p.peek().Text
		p.at++
	}
	if !p.peek().StartsPart() {
		p.dangling(operator)
		return nil
	}
	if !negative {
		return p.part()
	}
	p.negated++
	n := p.part()
	p.negated--
	return negateIf(negative, n)
}

func (p *parser) dangling(operator string) {
	p.warnings.addf("dangling_operator", "%s has nothing to join and was left out.", quoted(operator))
}

// part reads a word, a phrase, a field with its value, or a group.
func (p *parser) part() index.Node {
	t := p.peek()
	p.at++
	switch t.Kind {
	case lexing.Word, lexing.Phrase:
		p.notePlain(t)
		return p.single(p.withSection(t))
	case lexing.Open:
		return p.group(p.field)
	case lexing.Field:
		return p.fieldValue(t)
	case lexing.Other:
		return p.unknownField(t)
	case lexing.End, lexing.Close, lexing.And, lexing.Or, lexing.Not, lexing.Minus:
	}
	return nil
}

// notPlain are the signs that mean something in a word, or would with other letters.
const notPlain = "*~§:"

// notePlain remembers a word that stands for itself. An excluded word is left to whoever
// typed it: to offer or mend it would leave out more than was asked.
func (p *parser) notePlain(t lexing.Token) {
	if t.Kind != lexing.Word || p.field != (field{}) || p.negated > 0 || p.named || p.clauses >= index.MaxQueryClauses ||
		strings.ContainsAny(t.Text, notPlain) || letters(t.Text) == 0 {
		return
	}
	p.plain = append(p.plain, plainWord{Token: t, bound: p.depth > 0 || p.afterNot()})
}

// afterNot tells whether NOT stands before the token just read.
func (p *parser) afterNot() bool {
	if p.at < 2 {
		return false
	}
	k := p.tokens[p.at-2].Kind
	return k == lexing.Not || k == lexing.Minus
}

// withSection joins a section sign with the number after it: "§ 1983" is one thing.
func (p *parser) withSection(t lexing.Token) lexing.Token {
	if t.Kind == lexing.Word && strings.Trim(t.Text, "§") == "" && p.peek().Kind == lexing.Word {
		t.Text += " " + p.peek().Text
		p.at++
	}
	return t
}

// group reads up to the parenthesis that closes; words in it are values of field.
func (p *parser) group(of field) index.Node {
	if p.depth >= index.MaxQueryDepth {
		p.ignored++
		p.warnings.addf("too_deep", "Parentheses more than %d deep were left out.", index.MaxQueryDepth)
		return nil
	}
	outside := p.field
	p.field = of
	p.depth++
	n := p.or()
	p.depth--
	p.field = outside
	if p.peek().Kind == lexing.Close {
		p.at++
	} else {
		p.warnings.add("unbalanced_parenthesis", `A "(" has no partner; it was closed at the end.`)
	}
	return n
}

// fieldValue reads what follows the name of a field.
func (p *parser) fieldValue(name lexing.Token) index.Node {
	of, _ := fieldNamed(name.Text)
	t := p.peek()
	negative := t.Kind == lexing.Minus && !t.Gap
	if negative {
		p.at++
		t = p.peek()
	}
	if t.Gap || (t.Kind != lexing.Word && t.Kind != lexing.Phrase && t.Kind != lexing.Open) {
		p.warnings.addf("missing_value", `Nothing follows %s directly; it was read as a word.`, quoted(name.Text+":"))
		return p.word(name.Text)
	}
	p.at++
	if t.Kind == lexing.Open {
		return negateIf(negative, p.group(of))
	}
	outside := p.field
	p.field = of
	if of.role == inText {
		t = p.withSection(t)
	}
	nodes := []index.Node{p.single(t)}
	for p.listGoesOn() {
		p.at++
		nodes = append(nodes, p.single(p.tokens[p.at-1]))
	}
	p.field = outside
	return negateIf(negative, tree.Any(slices.DeleteFunc(nodes, func(n index.Node) bool { return n == nil })))
}

// single reads a word or a phrase.
func (p *parser) single(t lexing.Token) index.Node {
	if p.clauses >= index.MaxQueryClauses {
		return p.leaf(nil) // nothing more is taken, so nothing more is looked at
	}
	if t.Kind == lexing.Phrase {
		return p.phrase(t)
	}
	return p.word(t.Text)
}

// listGoesOn tells whether another value follows the one just read, joined by a comma, as
// in state:"New York",VA.
func (p *parser) listGoesOn() bool {
	t := p.peek()
	if p.field.role != inValues || t.Gap || (t.Kind != lexing.Word && t.Kind != lexing.Phrase) {
		return false
	}
	return strings.HasPrefix(t.Text, ",") || strings.HasSuffix(p.tokens[p.at-1].Text, ",")
}

func negateIf(negative bool, n index.Node) index.Node {
	if n == nil || !negative {
		return n
	}
	return tree.Negate(n)
}

// unknownField reads a name before a colon that is no field as a word beside the next.
func (p *parser) unknownField(name lexing.Token) index.Node {
	if p.clauses < index.MaxQueryClauses && !p.warnings.full() {
		near := ""
		if nearest := spelling.Nearest(name.Text, fieldNames()); nearest != "" {
			near = "; did you mean " + quoted(nearest+":") + "?"
		}
		p.warnings.addf("unknown_field", "There is no field %s: it was read as a word%s", quoted(name.Text), orStop(near))
	}
	nodes := []index.Node{}
	if n := p.word(name.Text); n != nil {
		nodes = append(nodes, n)
	}
	if t := p.peek(); !t.Gap && (t.Kind == lexing.Word || t.Kind == lexing.Phrase || t.Kind == lexing.Open) {
		outside := p.named
		p.named = true
		n := p.part()
		p.named = outside
		if n != nil {
			nodes = append(nodes, n)
		}
	}
	return tree.All(nodes)
}

// orStop ends a sentence that the addition does not end.
func orStop(addition string) string {
	if addition == "" {
		return "."
	}
	return addition
}

// leaf counts a clause; beyond index.MaxQueryClauses it is left out.
func (p *parser) leaf(n index.Node) index.Node {
	if p.clauses >= index.MaxQueryClauses {
		p.warnings.addf("too_many_clauses", "Only the first %d words and conditions were used.", index.MaxQueryClauses)
		return nil
	}
	p.clauses++
	return n
}
