package enrich

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"agora/crawler/enrich/phrases"
	"agora/index"
	"agora/index/vocabulary"
)

// kindFile is the form of data/kinds.yaml.
type kindFile struct {
	Kinds []ruleData `yaml:"kinds"`
}

func readKindRules(v *phrases.Vocabulary) (*ruleSet, error) {
	var file kindFile
	if err := decodeRules(kindRules, &file); err != nil {
		return nil, fmt.Errorf("read kinds.yaml: %w", err)
	}
	set, err := newRuleSet(v, file.Kinds, func(s string) bool { return vocabulary.Has(vocabulary.Kinds[:], s) })
	if err != nil {
		return nil, err
	}
	if len(set.values) != len(vocabulary.Kinds) {
		return nil, fmt.Errorf("read kinds.yaml: rules for %d of %d kinds", len(set.values), len(vocabulary.Kinds))
	}
	return set, nil
}

// A release has one to three kinds. A further kind needs kindPoints and a share of what
// the first has; otherKind stands where none reaches leastKind.
const (
	mostKinds   = 3
	kindPoints  = 8.0
	leastKind   = 4.0
	kindShare   = 0.45
	actionBonus = 10.0
	quotePoints = 10.0
	otherKind   = "other"

	statementKind = "statement"
)

// quotation tells whether the title is somebody's words: it opens with a quotation mark,
// or one follows a colon.
func (d document) quotation() bool {
	if len(d.lines) == 0 {
		return false
	}
	title := d.text.Source[:d.text.Words[d.lines[0].end-1].End]
	said := title
	if _, after, ok := strings.Cut(title, ": "); ok {
		said = after
	}
	for _, mark := range []string{"“", "‘", "\"", "'", "«"} {
		if strings.HasPrefix(title, mark) || strings.HasPrefix(said, mark) {
			return true
		}
	}
	return false
}

// kindsOf returns the kinds of a release in order of weight. What a coalition does is
// one of them: its action was read from more than the beginning.
func (e *Enricher) kindsOf(d document, c *index.Coalition, evidence []index.Evidence) ([]string, []index.Evidence) {
	opening := d
	opening.lines = d.lines[:min(len(d.lines), d.body+2)]
	t := e.kinds.count(opening)
	order := make([]int, 0, len(e.kinds.values))
	quoted := d.quotation()
	for i, name := range e.kinds.values {
		if c != nil && name == c.Action && name != otherKind {
			t.scores[i] += actionBonus
		}
		if name == statementKind && quoted {
			t.scores[i] += quotePoints
		}
	}
	e.kinds.yield(&t)
	for i := range e.kinds.values {
		if t.scores[i] >= leastKind {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.scores[b], t.scores[a]) })
	var kinds []string
	for n, i := range order {
		if n == mostKinds || n > 0 && (t.scores[i] < kindPoints || t.scores[i] < kindShare*t.scores[order[0]]) {
			break
		}
		words, quote := e.kinds.reason(opening, t, i)
		rule := fmt.Sprintf("kind phrase %q, %.0f points", words, t.scores[i])
		switch {
		case words == "" && c != nil && e.kinds.values[i] == c.Action:
			rule = "kind: the coalition's action"
		case words == "":
			rule, quote = "kind: the title is a quotation", d.around(0, d.lines[0].end)
		}
		kinds = append(kinds, e.kinds.values[i])
		evidence = append(evidence, index.Evidence{Field: "kinds", Value: e.kinds.values[i], Rule: rule, Quote: quote})
	}
	if len(kinds) == 0 {
		return []string{otherKind}, append(evidence, index.Evidence{Field: "kinds", Value: otherKind, Rule: "no phrase of a kind"})
	}
	return kinds, evidence
}
