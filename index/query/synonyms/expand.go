package synonyms

import (
	"slices"
	"strings"
	"unicode"

	"agora/index"
	"agora/index/query/tree"
)

// maxAdded bounds how many names one question is given, so that it stays cheap.
const maxAdded = 48

// maxName bounds the bytes of what is looked up: no name of the list is longer.
const maxName = 120

// Added says what a question finds beside what was typed.
type Added struct {
	Typed string // a name of the list, as it was typed
	Other string // the first of the others
	More  bool   // there are more
}

// Expand returns root with other names beside the names that are typed in it as plain
// words, and what was added. No more clauses are added than there is room for.
func Expand(root index.Node, room int) (index.Node, []Added) {
	e := expander{names: table(), room: min(room, maxAdded)}
	return e.expand(root), e.added
}

type expander struct {
	names *names
	room  int // clauses that may still be added
	added []Added
}

// expand walks down to the words, but for those that are excluded.
func (e *expander) expand(n index.Node) index.Node {
	switch n := n.(type) {
	case index.Word:
		parts, _ := e.name([]index.Node{n})
		return parts
	case index.And:
		return tree.All(e.adjacent(n.Nodes))
	case index.Or:
		nodes := make([]index.Node, 0, len(n.Nodes))
		for _, part := range n.Nodes {
			nodes = append(nodes, e.expand(part))
		}
		return distinct(tree.Any(nodes))
	}
	return n
}

// adjacent finds the longest names among parts that stand beside each other.
func (e *expander) adjacent(nodes []index.Node) []index.Node {
	expanded := make([]index.Node, 0, len(nodes))
	for len(nodes) > 0 {
		taken := 0
		if isWord(nodes[0]) {
			var part index.Node
			part, taken = e.name(nodes)
			if taken > 0 {
				expanded = append(expanded, part)
			}
		}
		if taken == 0 {
			expanded = append(expanded, e.expand(nodes[0]))
			taken = 1
		}
		nodes = nodes[taken:]
	}
	return expanded
}

func isWord(n index.Node) bool { _, ok := n.(index.Word); return ok }

// name returns the name that nodes begin with, beside its others, and how many of nodes
// that are; none where they begin with no name.
func (e *expander) name(nodes []index.Node) (index.Node, int) {
	in := nodes[0].(index.Word).In
	var typed []string
	for _, n := range nodes {
		word, ok := n.(index.Word)
		if !ok || word.In != in || len(typed) == e.names.longest {
			break
		}
		typed = append(typed, word.Text)
	}
	for k := len(typed); k > 0; k-- {
		text := strings.Join(typed[:k], " ")
		if len(text) > maxName {
			continue
		}
		row, ok := e.names.find(text)
		if !ok || len(row.others) > e.room {
			continue
		}
		e.room -= len(row.others)
		e.note(Added{Typed: text, Other: row.others[0], More: len(row.others) > 1})
		either := []index.Node{tree.All(slices.Clone(nodes[:k]))}
		for _, other := range row.others {
			if strings.EqualFold(other, text) {
				continue
			}
			either = append(either, leaf(other, in))
		}
		return tree.Any(either), k
	}
	return nodes[0], 0
}

// note remembers what was added, each thing once.
func (e *expander) note(a Added) {
	if !slices.Contains(e.added, a) {
		e.added = append(e.added, a)
	}
}

// leaf returns what finds a name: a word with its forms, or words in a row.
func leaf(name string, in index.TextField) index.Node {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return index.Phrase{Text: name, In: in}
	}
	return index.Word{Text: name, In: in}
}

// distinct drops what stands twice among alternatives, as where somebody has typed both
// names: each finds the other.
func distinct(n index.Node) index.Node {
	either, ok := n.(index.Or)
	if !ok {
		return n
	}
	seen := map[index.Node]bool{}
	nodes := make([]index.Node, 0, len(either.Nodes))
	for _, part := range either.Nodes {
		switch part.(type) {
		case index.Word, index.Phrase:
			if seen[part] {
				continue
			}
			seen[part] = true
		}
		nodes = append(nodes, part)
	}
	return tree.Any(nodes)
}
