package enrich

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"agora/crawler/enrich/phrases"
)

// ruleSet is a set of values (topics or kinds) with the phrases that speak for them.
type ruleSet struct {
	values []string
	needs  []bool     // a value with such phrases is given only where one of them stands
	yields [][]string // values that keep a value of less weight from being given
	beside []bool     // a value that stands beside a weightier one with a lesser share
	list   *phrases.List
	rules  []rule
}

// rule is one phrase as it is written in the data: what a match refers to.
type rule struct {
	value  int    // of ruleSet.values
	effect effect // what a match does
	weight float64
	words  string // as written, for the evidence
}

type effect uint8

const (
	speaks effect = iota // adds its weight
	opens                // adds its weight in title, headlines and first paragraph only
	mutes                // hides what lies within it
	admits               // meets the value's need
	labels               // stands in the office's own labels, for a value that the text speaks for too
)

// ruleData is one value in a data file.
type ruleData struct {
	Topic  string   `yaml:"topic"`
	Kind   string   `yaml:"kind"`
	About  string   `yaml:"about"`
	Sure   []string `yaml:"sure"`
	Strong []string `yaml:"strong"`
	Plain  []string `yaml:"plain"`
	Weak   []string `yaml:"weak"`
	Lead   []string `yaml:"lead"`
	Not    []string `yaml:"not"`
	Need   []string `yaml:"need"`
	Labels []string `yaml:"labels"`
	Yields []string `yaml:"yields"`
	Beside bool     `yaml:"beside"`
}

// The weights of the phrases of each member.
const (
	sureWeight   = 10
	strongWeight = 4
	plainWeight  = 2
	weakWeight   = 1
	leadWeight   = 3
)

func decodeRules(data []byte, into any) error {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	return decoder.Decode(into)
}

// newRuleSet builds the rules of a file; known tells which values there may be.
func newRuleSet(v *phrases.Vocabulary, data []ruleData, known func(string) bool) (*ruleSet, error) {
	s := &ruleSet{list: phrases.NewList(v)}
	for _, d := range data {
		name := d.Topic + d.Kind
		if !known(name) {
			return nil, fmt.Errorf("read rules: %q is not in the vocabulary", name)
		}
		if slices.Contains(s.values, name) {
			return nil, fmt.Errorf("read rules: %q stands twice", name)
		}
		value := len(s.values)
		s.values = append(s.values, name)
		s.needs = append(s.needs, len(d.Need) > 0)
		s.yields = append(s.yields, d.Yields)
		s.beside = append(s.beside, d.Beside)
		for _, part := range []struct {
			phrases []string
			effect  effect
			weight  float64
		}{
			{d.Sure, speaks, sureWeight}, {d.Strong, speaks, strongWeight}, {d.Plain, speaks, plainWeight}, {d.Weak, speaks, weakWeight},
			{d.Lead, opens, leadWeight}, {d.Not, mutes, 0}, {d.Need, admits, 0}, {d.Labels, labels, 0},
		} {
			for _, p := range part.phrases {
				if err := s.list.Add(p, int32(len(s.rules))); err != nil {
					return nil, fmt.Errorf("read rules of %q: %w", name, err)
				}
				s.rules = append(s.rules, rule{value: value, effect: part.effect, weight: part.weight, words: p})
			}
		}
	}
	return s, nil
}

// hit is the matches of one rule in a release.
type hit struct {
	rule       int
	score      float64
	start, end int // words of the first match that counted most
	zone       float64
}

// tally is what the rules say of a release.
type tally struct {
	scores []float64     // of each value
	zones  []float64     // of each value: the best one that a phrase of it stands in
	hits   []hit         // of each rule that spoke, in the order of the text
	at     map[int]int32 // rule → its place in hits
}

// yield sets to nothing the values that give way to one of more weight.
func (s *ruleSet) yield(t *tally) {
	scores := slices.Clone(t.scores)
	for i, names := range s.yields {
		for _, name := range names {
			if j := slices.Index(s.values, name); j >= 0 && scores[j] > scores[i] {
				t.scores[i] = 0
			}
		}
	}
}

// Zones: what a phrase weighs by where it stands.
const (
	titleZone    = 3.0
	headlineZone = 1.6
	leadZone     = 1.6 // the first paragraph
	secondZone   = 1.0 // the two after it
	restZone     = 0.55
)

// repeats is how much of its weight a phrase adds each further time, and most how often
// its full weight it can reach in the body: a word that fills a page is not forty reasons.
const (
	repeats = 0.35
	most    = 2.2
)

// count applies the rules to a release.
func (s *ruleSet) count(d document) tally {
	t := tally{scores: make([]float64, len(s.values)), zones: make([]float64, len(s.values)), at: map[int]int32{}}
	admitted := make([]bool, len(s.values))
	taken := make([]int, len(s.values)) // first word not yet covered by a phrase of the value
	for n, l := range d.lines {
		if l.boilerplate {
			continue
		}
		zone := d.zone(n)
		for i := range taken {
			taken[i] = l.start
		}
		s.line(d, l, zone, &t, admitted, taken)
	}
	for _, h := range t.hits {
		value := s.rules[h.rule].value
		t.scores[value] += h.score
		t.zones[value] = max(t.zones[value], h.zone)
	}
	for i, need := range s.needs {
		if need && !admitted[i] {
			t.scores[i] = 0
		}
	}
	return t
}

func (d document) zone(n int) float64 {
	switch {
	case n == 0:
		return titleZone
	case n < d.body:
		return headlineZone
	case n == d.body:
		return leadZone
	case n <= d.body+2:
		return secondZone
	}
	return restZone
}

// line counts the matches in one line. Of the phrases of one value that begin at one word the longest
// counts, and none that begins inside another.
func (s *ruleSet) line(d document, l line, zone float64, t *tally, admitted []bool, taken []int) {
	type candidate struct{ rule, start, end int }
	var open []candidate // one a value, all beginning at one word
	settle := func() {
		for _, c := range open {
			s.score(t, c.rule, c.start, c.end, zone)
			taken[s.rules[c.rule].value] = c.end
		}
		open = open[:0]
	}
	at := -1
	credits := d.credits
	s.list.Each(d.numbers[l.start:l.end], func(m phrases.Match) {
		start, end := m.Start+l.start, m.End+l.start
		for len(credits) > 0 && credits[0].end <= start {
			credits = credits[1:]
		}
		if len(credits) > 0 && credits[0].start <= start {
			return
		}
		r := s.rules[m.Value]
		if r.effect == admits {
			admitted[r.value] = true
			return
		}
		if r.effect == labels {
			return
		}
		if start != at {
			settle()
			at = start
		}
		if start < taken[r.value] || r.effect == opens && zone < leadZone {
			return
		}
		for i := range open {
			if old := s.rules[open[i].rule]; old.value == r.value {
				if end > open[i].end || r.effect == mutes || r.weight > old.weight && old.effect != mutes {
					open[i] = candidate{int(m.Value), start, end}
				}
				return
			}
		}
		open = append(open, candidate{int(m.Value), start, end})
	})
	settle()
}

func (s *ruleSet) score(t *tally, number, start, end int, zone float64) {
	r := s.rules[number]
	if r.effect == mutes {
		return
	}
	gain := r.weight * zone
	place, again := t.at[number]
	if again {
		gain *= repeats
	} else {
		place = int32(len(t.hits))
		t.at[number] = place
		t.hits = append(t.hits, hit{rule: number})
	}
	h := &t.hits[place]
	limit := r.weight * most * max(zone, h.zone, 1)
	h.score = min(h.score+gain, max(limit, h.score))
	if zone > h.zone {
		h.zone, h.start, h.end = zone, start, end
	}
}

// reason returns the rule that spoke most for a value, and the words it rests on.
func (s *ruleSet) reason(d document, t tally, value int) (string, string) {
	var best hit
	for _, h := range t.hits {
		if s.rules[h.rule].value == value && h.score > best.score {
			best = h
		}
	}
	if best.score == 0 {
		return "", ""
	}
	return s.rules[best.rule].words, d.around(best.start, best.end)
}

// around returns words start to end-1 with a few words of their line on each side.
func (d document) around(start, end int) string {
	from, to := start, end
	for from > 0 && from > start-6 && d.text.Words[from].Before&phrases.Line == 0 {
		from--
	}
	for to < len(d.text.Words) && to < end+6 && d.text.Words[to].Before&phrases.Line == 0 {
		to++
	}
	return bound(d.text.Slice(from, to), 300)
}

// The rules are data, so that they can be reviewed and changed without code.
//
//go:embed data/topics.yaml
var topicRules []byte

//go:embed data/kinds.yaml
var kindRules []byte
