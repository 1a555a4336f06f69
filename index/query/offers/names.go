package offers

import (
	_ "embed" // the names are part of the program
	"fmt"
	"strings"
	"sync"
	"unicode"

	"agora/index"
	"agora/index/query/spelling"
)

//go:embed data/names.tsv
var list string

// table returns all names, read once. A mistake in the embedded ones is one of the
// program, which a test finds.
var table = sync.OnceValue(func() *names {
	n := &names{values: map[string][]value{}}
	for _, f := range []index.Field{index.FieldState, index.FieldTopic, index.FieldKind} {
		for _, w := range spelling.Known(f) {
			v := value{f, w.Value}
			switch {
			case f == index.FieldKind && w.Value == "other":
			case f == index.FieldState: // codes are read with regard to their case
				n.add(w.Label, v)
				n.add("state of "+w.Label, v)
				n.add("commonwealth of "+w.Label, v)
			default:
				n.add(w.Value, v)
				n.add(w.Label, v)
			}
		}
	}
	if err := n.read(list); err != nil {
		panic(err)
	}
	return n
})

// value is one of a field.
type value struct {
	field index.Field
	value string
}

// names are values by what people call them.
type names struct {
	values  map[string][]value // by folded name; none under the name of something else
	longest int                // words of a name
}

func (n *names) add(name string, v value) {
	key := folded(name)
	for _, known := range n.values[key] {
		if known == v {
			return
		}
	}
	n.values[key] = append(n.values[key], v)
	n.longest = max(n.longest, 1+strings.Count(key, " "))
}

// read adds the names of a list; its format is described at its top.
func (n *names) read(text string) error {
	at := 0
	for line := range strings.Lines(text) {
		at++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) != 3 {
			return fmt.Errorf("read names: line %d: %q has not the three columns field, value and names", at, line)
		}
		f := index.Field(columns[0])
		kept, ok := spelling.Value(f, columns[1])
		for name := range strings.SplitSeq(columns[2], " | ") {
			switch key := folded(name); {
			case key == "":
				return fmt.Errorf("read names: line %d: a name is missing", at)
			case f == "none":
				n.values[key] = nil
				n.longest = max(n.longest, 1+strings.Count(key, " "))
			case !ok || kept != columns[1]:
				return fmt.Errorf("read names: line %d: there is no %s %q", at, f, columns[1])
			default:
				n.add(name, value{f, kept})
			}
		}
	}
	return nil
}

// find returns what a name may stand for, in any case, with or without the s of a plural;
// ok with nothing is the name of something else.
func (n *names) find(typed string) (values []value, ok bool) {
	key := folded(typed)
	if key == "" {
		return nil, false
	}
	for _, form := range []string{key, strings.TrimSuffix(key, "s"), key + "s"} {
		if values, ok = n.values[form]; ok {
			return values, true
		}
	}
	return nil, false
}

// folded brings spellings of a name together, as spelling.Folded, and without the accents
// and ʻokina that names of states have.
func folded(name string) string {
	return spelling.Folded(strings.Map(func(r rune) rune {
		if r == 'ʻ' || r == 'ʼ' || r == '‘' || unicode.IsMark(r) {
			return -1
		}
		if at := strings.IndexRune(accented, r); at >= 0 {
			return rune(bare[len([]rune(accented[:at]))])
		}
		return r
	}, name))
}

// accented are the letters with accents of English and Spanish names, and bare are they
// without.
const (
	accented = "áéíóúüñāēīōūÁÉÍÓÚÜÑĀĒĪŌŪ"
	bare     = "aeiouunaeiouAEIOUUNAEIOU"
)
