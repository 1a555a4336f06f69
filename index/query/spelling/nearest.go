package spelling

import (
	"strings"
	"unicode/utf8"

	"agora/index"
)

// maxCompared bounds the length of what is compared: nothing known is longer.
const maxCompared = 64

// shortestPrefix is how much of a word is taken for its abbreviation.
const shortestPrefix = 3

// Nearest returns the known word that typed is most likely a slip of; "" where none is
// close. The first of the list wins ties.
func Nearest(typed string, known []string) string {
	key := Folded(typed)
	if key == "" || len(key) > maxCompared {
		return ""
	}
	length := utf8.RuneCountInString(key)
	nearest, least := "", 1+max(1, (len(key)+1)/3)
	for _, word := range known {
		candidate := Folded(word)
		edits := 1 // of an abbreviation
		if len(key) < shortestPrefix || !strings.HasPrefix(candidate, key) {
			if apart := length - utf8.RuneCountInString(candidate); max(apart, -apart) >= least {
				continue // at least so many edits
			}
			edits = distance(key, candidate)
		}
		if edits < least {
			nearest, least = word, edits
		}
	}
	return nearest
}

// NearestValue returns the value of a field whose name or label typed is most likely a
// slip of; "" where none is close.
func NearestValue(f index.Field, typed string) string {
	var known []string
	for _, w := range Known(f) {
		known = append(known, w.Value)
	}
	for _, w := range Known(f) {
		known = append(known, w.Label)
	}
	value, _ := Value(f, Nearest(typed, known))
	return value
}

// distance counts the insertions, deletions, replacements and swaps of neighbours that
// make b of a (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, row := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		next := make([]int, len(y)+1)
		next[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(y)]
}
