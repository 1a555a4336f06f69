package suggest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"agora/index"
	"agora/index/analysis"
	"agora/index/query"
	"agora/index/query/spelling"
	"agora/index/vocabulary"
)

// values returns values of a field whose names the last words begin, most releases first;
// names of more words go before names of fewer.
func (c *Completer) values(ctx context.Context, t typing, held totals, kind Kind, field index.Field) ([]Suggestion, error) {
	for n := min(longestTail, len(t.starts)); n > 0; n-- {
		before, typed, ok := t.tail(n)
		if !ok || tooShort(before, typed) {
			continue
		}
		named := begun(field, typed, t.whole, before == "")
		if len(named) == 0 {
			continue
		}
		counts := held.counts[field]
		if before != "" {
			root, _ := query.Parse(before)
			found, err := c.engine.Search(ctx, counted(root))
			if err != nil {
				return nil, err
			}
			counts = found.Facets[field]
		}
		return counting(kind, field, before, named, counts), nil
	}
	return nil, nil
}

// tooShort tells whether what was typed says too little to be taken for a name: behind
// other words a little more is wanted, for those are mostly the question itself.
func tooShort(before, typed string) bool {
	least := shortestPrefix - 1
	if before != "" {
		least = shortestPrefix
	}
	return utf8.RuneCountInString(typed) < least
}

// counting makes suggestions of values that some releases have.
func counting(kind Kind, field index.Field, before string, named []vocabulary.Word, counts []index.Count) []Suggestion {
	label := "Topic"
	if kind == State {
		label = "Published by this state"
	}
	var list []Suggestion
	for _, w := range named {
		i := slices.IndexFunc(counts, func(c index.Count) bool { return c.Value == w.Value })
		if i < 0 || counts[i].Count == 0 {
			continue
		}
		list = append(list, Suggestion{
			Kind: kind, Text: w.Label, Label: label, Q: before, Releases: counts[i].Count,
			Field: index.NullableString(field), Value: index.NullableString(w.Value),
		})
	}
	slices.SortStableFunc(list, func(a, b Suggestion) int { return cmp.Compare(b.Releases, a.Releases) })
	return list[:min(len(list), mostOfKind)]
}

// begun returns the values of a field whose name, or a word of it, begins as typed, and
// those that typed is another name of. Codes are names only where nothing else was typed:
// "in" is seldom Indiana.
func begun(field index.Field, typed string, whole, alone bool) []vocabulary.Word {
	key := spelling.Folded(typed)
	if key == "" {
		return nil
	}
	if whole {
		key += " "
	}
	known := spelling.Known(field)
	alias, isAlias := spelling.Value(field, typed)
	if len(key) <= 2 && !alone {
		isAlias = false
	}
	var named []vocabulary.Word
	for _, w := range known {
		name := spelling.Folded(w.Label) + " "
		if isAlias && w.Value == alias || strings.HasPrefix(name, key) || field == index.FieldTopic && strings.Contains(name, " "+key) && !isJoint(key) {
			named = append(named, w)
		}
	}
	return named
}

// isJoint tells words that join others in names from those that say something.
func isJoint(key string) bool {
	return slices.ContainsFunc([]string{"and", "or", "other"}, func(joint string) bool { return strings.HasPrefix(joint, strings.TrimSpace(key)) })
}

// attorneys returns questions for the time in office of attorneys general whose names the
// last words begin.
func (c *Completer) attorneys(ctx context.Context, t typing, held totals) ([]Suggestion, error) {
	for n := min(longestTail, len(t.starts)); n > 0; n-- {
		before, typed, ok := t.tail(n)
		words := strings.Fields(analysis.Fold(typed))
		if !ok || len(words) == 0 || tooShort(before, typed) {
			continue
		}
		var list []Suggestion
		for _, a := range held.attorneys {
			if len(list) == mostNamed || !fits(a.words, words, t.whole) {
				continue
			}
			s := Suggestion{Kind: AttorneyGeneral, Text: a.name, Label: "Attorney general", Q: joined(before, `ag:"`+strings.ReplaceAll(a.name, `"`, " ")+`"`)}
			root, _ := query.Parse(s.Q)
			var err error
			if s.Releases, err = count(ctx, c.engine, index.Query{Root: root}); err != nil {
				return nil, err
			}
			if s.Releases > 0 {
				list = append(list, s)
			}
		}
		if len(list) > 0 {
			slices.SortStableFunc(list, func(a, b Suggestion) int { return cmp.Compare(b.Releases, a.Releases) })
			return list[:min(len(list), mostOfKind)], nil
		}
	}
	return nil, nil
}

// mostNamed bounds the attorneys general whose releases are counted.
const mostNamed = 8

// fits tells whether a name has all the words, the last of which may go on unless it is
// whole.
func fits(name, words []string, whole bool) bool {
	for i, w := range words {
		goesOn := i == len(words)-1 && !whole
		if !slices.ContainsFunc(name, func(n string) bool { return n == w || goesOn && strings.HasPrefix(n, w) }) {
			return false
		}
	}
	return true
}
