package sentences

import (
	"math/bits"
	"slices"

	"agora/index/vocabulary"
)

// Codes is a set of offices: bit i is vocabulary.Offices[i].
type Codes uint64

// CodeOf returns the set of one office; empty for a code of none.
func CodeOf(code string) Codes {
	for i, o := range vocabulary.Offices {
		if o.Code == code {
			return 1 << i
		}
	}
	return 0
}

// Has tells whether an office is in the set.
func (c Codes) Has(code string) bool { return c&CodeOf(code) != 0 }

// Count returns how many offices are in the set.
func (c Codes) Count() int { return bits.OnesCount64(uint64(c)) }

// Sorted returns the postal Codes in alphabetical order; never nil.
func (c Codes) Sorted() []string {
	out := make([]string, 0, c.Count())
	for i, o := range vocabulary.Offices {
		if c&(1<<i) != 0 {
			out = append(out, o.Code)
		}
	}
	slices.Sort(out)
	return out
}

// FiftyStates is every office that is a state.
func FiftyStates() Codes {
	all := Codes(1)<<len(vocabulary.Offices) - 1
	return all &^ (Territories() | CodeOf("DC"))
}

// Territories is every office that is neither a state nor the District of Columbia.
func Territories() Codes {
	return CodeOf("PR") | CodeOf("GU") | CodeOf("VI") | CodeOf("AS") | CodeOf("MP")
}
