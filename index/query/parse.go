package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/index"
	"agora/index/query/spelling"
	"agora/index/query/tree"
)

// Parse reads what somebody typed. It never fails: what can't be understood is read as
// words, and a warning says how it was read. The root is nil where nothing restricts the
// results, index.Nothing where the question contradicts itself. Time and memory are
// bounded by index.MaxQueryBytes, MaxQueryDepth and MaxQueryClauses.
func Parse(q string) (root index.Node, said []index.Warning) {
	w := &warnings{}
	text := clean(cut(q, w))
	p := parser{warnings: w, tokens: lex(text, w)}
	p.operatorsAlone()
	parsed := p.or()
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
	return root, w.list
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

// clean makes white space of what is no text, so that it separates words.
func clean(q string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || r == '\uFEFF' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(q, " "))
}

// parser reads tokens by recursive descent. Every method returns nil for a part that
// comes to nothing.
type parser struct {
	tokens   []token
	at       int
	depth    int // of open parentheses
	ignored  int // parentheses open beyond index.MaxQueryDepth
	clauses  int
	field    field // of the group being read: whose values words are
	warnings *warnings
}

// peek returns the next token, tokenEnd after the last.
func (p *parser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{kind: tokenEnd}
}

// operatorsAlone makes words of operators where a question has nothing else: somebody
// may be looking for Oregon.
func (p *parser) operatorsAlone() {
	found := -1
	for i, t := range p.tokens {
		switch t.kind {
		case tokenAnd, tokenOr, tokenNot:
			found = i
		case tokenOpen, tokenClose, tokenMinus, tokenEnd:
		case tokenWord, tokenPhrase, tokenField, tokenOther:
			return
		}
	}
	if found < 0 {
		return
	}
	p.warnings.addf("dangling_operator", "%s has nothing to join and was read as a word.", quoted(p.tokens[found].text))
	for i := range p.tokens {
		if k := p.tokens[i].kind; k == tokenAnd || k == tokenOr || k == tokenNot {
			p.tokens[i].kind = tokenWord
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
		if p.peek().kind != tokenOr {
			break
		}
		p.at++
		if n == nil || !p.peek().startsPart() {
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
		switch t.kind {
		case tokenEnd, tokenOr:
			return tree.All(nodes)
		case tokenClose:
			if p.ignored == 0 && p.depth > 0 {
				return tree.All(nodes)
			}
			p.at++
			if p.ignored > 0 {
				p.ignored--
				continue
			}
			p.warnings.add("unbalanced_parenthesis", `A ")" has no partner and was left out.`)
		case tokenAnd:
			p.at++
			if len(nodes) == 0 || !p.peek().startsPart() {
				p.dangling("AND")
			}
		case tokenWord, tokenPhrase, tokenField, tokenOther, tokenOpen, tokenNot, tokenMinus:
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
	for p.peek().kind == tokenNot || p.peek().kind == tokenMinus {
		negative = !negative
		operator = p.peek().text
		p.at++
	}
	if !p.peek().startsPart() {
		p.dangling(operator)
		return nil
	}
	return negateIf(negative, p.part())
}

func (p *parser) dangling(operator string) {
	p.warnings.addf("dangling_operator", "%s has nothing to join and was left out.", quoted(operator))
}

// part reads a word, a phrase, a field with its value, or a group.
func (p *parser) part() index.Node {
	t := p.peek()
	p.at++
	switch t.kind {
	case tokenWord, tokenPhrase:
		return p.single(p.withSection(t))
	case tokenOpen:
		return p.group(p.field)
	case tokenField:
		return p.fieldValue(t)
	case tokenOther:
		return p.unknownField(t)
	case tokenEnd, tokenClose, tokenAnd, tokenOr, tokenNot, tokenMinus:
	}
	return nil
}

// withSection joins a section sign with the number after it: "§ 1983" is one thing.
func (p *parser) withSection(t token) token {
	if t.kind == tokenWord && strings.Trim(t.text, "§") == "" && p.peek().kind == tokenWord {
		t.text += " " + p.peek().text
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
	if p.peek().kind == tokenClose {
		p.at++
	} else {
		p.warnings.add("unbalanced_parenthesis", `A "(" has no partner; it was closed at the end.`)
	}
	return n
}

// fieldValue reads what follows the name of a field.
func (p *parser) fieldValue(name token) index.Node {
	of, _ := fieldNamed(name.text)
	t := p.peek()
	negative := t.kind == tokenMinus && !t.gap
	if negative {
		p.at++
		t = p.peek()
	}
	if t.gap || (t.kind != tokenWord && t.kind != tokenPhrase && t.kind != tokenOpen) {
		p.warnings.addf("missing_value", `Nothing follows %s directly; it was read as a word.`, quoted(name.text+":"))
		return p.word(name.text)
	}
	p.at++
	if t.kind == tokenOpen {
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
func (p *parser) single(t token) index.Node {
	if p.clauses >= index.MaxQueryClauses {
		return p.leaf(nil) // nothing more is taken, so nothing more is looked at
	}
	if t.kind == tokenPhrase {
		return p.phrase(t)
	}
	return p.word(t.text)
}

// listGoesOn tells whether another value follows the one just read, joined by a comma, as
// in state:"New York",VA.
func (p *parser) listGoesOn() bool {
	t := p.peek()
	if p.field.role != inValues || t.gap || (t.kind != tokenWord && t.kind != tokenPhrase) {
		return false
	}
	return strings.HasPrefix(t.text, ",") || strings.HasSuffix(p.tokens[p.at-1].text, ",")
}

func negateIf(negative bool, n index.Node) index.Node {
	if n == nil || !negative {
		return n
	}
	return tree.Negate(n)
}

// unknownField reads a name before a colon that is no field as a word beside the next.
func (p *parser) unknownField(name token) index.Node {
	if p.clauses < index.MaxQueryClauses && !p.warnings.full() {
		near := ""
		if nearest := spelling.Nearest(name.text, fieldNames()); nearest != "" {
			near = "; did you mean " + quoted(nearest+":") + "?"
		}
		p.warnings.addf("unknown_field", "There is no field %s: it was read as a word%s", quoted(name.text), orStop(near))
	}
	nodes := []index.Node{}
	if n := p.word(name.text); n != nil {
		nodes = append(nodes, n)
	}
	if t := p.peek(); !t.gap && (t.kind == tokenWord || t.kind == tokenPhrase || t.kind == tokenOpen) {
		if n := p.part(); n != nil {
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
