package synonyms

import (
	_ "embed" // the list is part of the program
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"agora/index/query/spelling"
)

//go:embed data/synonyms.tsv
var list string

// table returns the embedded list, read once. A mistake in it is one of the program, which
// a test finds.
var table = sync.OnceValue(func() *names {
	n, err := read(list)
	if err != nil {
		panic(err)
	}
	return n
})

// names is the list by what people type.
type names struct {
	rows    map[string]row // by folded name
	longest int            // words of a name
}

// row is what one name of something says of the others.
type row struct {
	others   []string // as the list writes them
	capitals bool     // only where it is typed in capitals
}

// read reads the list; its format is described at its top.
func read(text string) (*names, error) {
	n := &names{rows: map[string]row{}}
	at := 0
	for line := range strings.Lines(text) {
		at++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := n.line(line); err != nil {
			return nil, fmt.Errorf("read synonyms: line %d: %w", at, err)
		}
	}
	return n, nil
}

// line reads one row of the list.
func (n *names) line(line string) error {
	columns := strings.Split(line, "\t")
	if len(columns) != 4 || strings.TrimSpace(columns[3]) == "" {
		return fmt.Errorf("%q has not the four columns names, other names, how and why", line)
	}
	first, second := strings.Split(columns[0], " | "), strings.Split(columns[1], " | ")
	way, capitals := strings.CutSuffix(columns[2], " capitals")
	switch way {
	case "both":
		// What was not typed in the same column comes first: it is the more telling.
		for _, name := range first {
			if err := n.add(name, slices.Concat(second, first), capitals); err != nil {
				return err
			}
		}
		for _, name := range second {
			if err := n.add(name, slices.Concat(first, second), capitals); err != nil {
				return err
			}
		}
	case "one":
		for _, name := range first {
			if err := n.add(name, second, capitals); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("%q is neither one nor both, nor one of them with capitals", columns[2])
	}
	return nil
}

// add notes a name and the others of what it names. Of two spellings of one name that
// people type the same way ("robo call" and "robo-call") the first is noted.
func (n *names) add(name string, others []string, capitals bool) error {
	key := spelling.Folded(name)
	if key == "" || len(others) == 0 {
		return fmt.Errorf("%q is no name, or has no other", name)
	}
	r := row{capitals: capitals && isAbbreviation(name)}
	for _, other := range others {
		if other != strings.TrimSpace(other) || spelling.Folded(other) == "" {
			return fmt.Errorf("%q is no name", other)
		}
		if other != name {
			r.others = append(r.others, other)
		}
	}
	if before, twice := n.rows[key]; twice {
		if !slices.Contains(before.others, name) {
			return fmt.Errorf("%q is in two rows", name)
		}
		return nil
	}
	n.rows[key] = r
	n.longest = max(n.longest, 1+strings.Count(key, " "))
	return nil
}

// isAbbreviation tells whether a name is all capitals.
func isAbbreviation(name string) bool {
	return !strings.ContainsFunc(name, unicode.IsLower) && strings.ContainsFunc(name, unicode.IsUpper)
}

// find returns the row of what was typed: a name, or one with the s of a plural.
func (n *names) find(typed string) (row, bool) {
	key := spelling.Folded(typed)
	r, ok := n.rows[key]
	if !ok {
		r, ok = n.rows[strings.TrimSuffix(key, "s")]
	}
	if !ok || r.capitals && !isAbbreviation(strings.TrimSuffix(typed, "s")) {
		return row{}, false
	}
	return r, true
}
