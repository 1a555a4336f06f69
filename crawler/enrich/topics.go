package enrich

import (
	"cmp"
	"fmt"
	"slices"

	"agora/crawler/enrich/phrases"
	"agora/index"
	"agora/index/vocabulary"
)

// topicFile is the form of data/topics.yaml.
type topicFile struct {
	Boilerplate []string   `yaml:"boilerplate"`
	Topics      []ruleData `yaml:"topics"`
}

// readTopicRules builds the rules of the topics and the list of phrases that open boilerplate.
func readTopicRules(v *phrases.Vocabulary) (*ruleSet, *phrases.List, error) {
	var file topicFile
	if err := decodeRules(topicRules, &file); err != nil {
		return nil, nil, fmt.Errorf("read topics.yaml: %w", err)
	}
	set, err := newRuleSet(v, file.Topics, func(s string) bool { _, ok := vocabulary.TopicBySlug(s); return ok })
	if err != nil {
		return nil, nil, err
	}
	if len(set.values) != len(vocabulary.Topics) {
		return nil, nil, fmt.Errorf("read topics.yaml: rules for %d of %d topics", len(set.values), len(vocabulary.Topics))
	}
	skipped := phrases.NewList(v)
	for _, p := range file.Boilerplate {
		if err := skipped.Add(p, 1); err != nil {
			return nil, nil, fmt.Errorf("read topics.yaml: %w", err)
		}
	}
	return set, skipped, nil
}

// opensBoilerplate tells whether a paragraph begins as the standing parts of releases do.
func (e *Enricher) opensBoilerplate(d document, l line) bool {
	_, ok := e.skipped.Longest(d.numbers[:l.end], l.start)
	return ok
}

// A release has at most five topics. One is given if it reaches fewestPoints and a share
// of what the weightiest has; the first also below that, down to leastPoints, before a
// release is left without any.
const (
	mostTopics   = 5
	fewestPoints = 12.0
	leastPoints  = 5.0
	fewestShare  = 0.3
	tagPoints    = 8.0
)

// topicsOf returns the topics of a release in order of weight, never nil, with the evidence.
func (e *Enricher) topicsOf(d document, tags []string, evidence []index.Evidence) ([]string, []index.Evidence) {
	t := e.topics.count(d)
	if len(tags) > 0 {
		e.countTags(tags, &t)
	}
	order := make([]int, 0, len(e.topics.values))
	news := -1
	for i, name := range e.topics.values {
		if name == vocabulary.OfficeNews {
			news = i
			continue
		}
		if t.scores[i] > 0 {
			order = append(order, i)
		}
	}
	e.topics.yield(&t)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.scores[b], t.scores[a]) })
	topics := []string{}
	add := func(i int) {
		words, quote := e.topics.reason(d, t, i)
		topics = append(topics, e.topics.values[i])
		evidence = append(evidence, index.Evidence{Field: "topics", Value: e.topics.values[i],
			Rule: fmt.Sprintf("topic phrase %q, %.0f points", words, t.scores[i]), Quote: quote})
	}
	for n, i := range order {
		if n == mostTopics || t.scores[i] < fewestPoints || t.scores[i] < fewestShare*t.scores[order[0]] {
			break
		}
		add(i)
	}
	switch {
	case len(topics) > 0:
	case news >= 0 && t.scores[news] >= leastPoints && (len(order) == 0 || t.scores[news] >= t.scores[order[0]]):
		add(news)
	case len(order) > 0 && t.scores[order[0]] >= leastPoints:
		add(order[0])
	}
	return topics, evidence
}

// countTags lets the office's own labels speak: each as a title of its own.
func (e *Enricher) countTags(tags []string, t *tally) {
	for _, tag := range tags {
		if len(tag) > 200 {
			continue
		}
		if topic, ok := vocabulary.TopicBySlug(tag); ok {
			for i, name := range e.topics.values {
				if name == topic.Slug && name != vocabulary.OfficeNews {
					t.scores[i] += tagPoints
				}
			}
			continue
		}
		numbers := e.vocabulary.Numbers(phrases.Read(tag))
		seen := map[int]bool{}
		e.topics.list.Each(numbers, func(m phrases.Match) {
			r := e.topics.rules[m.Value]
			if r.effect == speaks && r.weight == strongWeight && !seen[r.value] {
				seen[r.value] = true
				t.scores[r.value] += tagPoints
			}
		})
	}
}
