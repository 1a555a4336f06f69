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

// topicFile is the form of data/topics.yaml.
type topicFile struct {
	Boilerplate []string   `yaml:"boilerplate"`
	Credits     []string   `yaml:"credits"`
	Topics      []ruleData `yaml:"topics"`
}

// readTopicRules builds the rules of the topics and the list of phrases that open boilerplate
// and credits, with the value quietLine or quietRest.
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
		if err := skipped.Add(p, quietLine); err != nil {
			return nil, nil, fmt.Errorf("read topics.yaml: %w", err)
		}
	}
	for _, p := range file.Credits {
		if err := skipped.Add(p, quietRest); err != nil {
			return nil, nil, fmt.Errorf("read topics.yaml: %w", err)
		}
	}
	return set, skipped, nil
}

// What a phrase of the list of skipped ones keeps from being read.
const (
	quietLine int32 = iota + 1 // the paragraph that begins with it
	quietRest                  // what follows it in its sentence
)

// quieten marks the standing parts of a release: paragraphs of boilerplate after the first
// paragraph, and sentences from where they say who helped.
func (e *Enricher) quieten(d *document) {
	l, n := line{}, -1
	e.skipped.Each(d.numbers, func(m phrases.Match) {
		for n < 0 || m.Start >= l.end {
			n++
			l = d.lines[n]
		}
		switch {
		case n < d.body || d.lines[n].boilerplate:
		case m.Value == quietLine:
			d.lines[n].boilerplate = n > d.body && m.Start == l.start
		case len(d.credits) == 0 || m.Start >= d.credits[len(d.credits)-1].end:
			end := m.End
			for end < l.end && d.text.Words[end].Before&phrases.Stop == 0 {
				end++
			}
			d.credits = append(d.credits, line{start: m.Start, end: end})
		}
	})
}

// A release has at most five topics. One is given if it reaches fewestPoints and a share
// of what the weightiest has; the first also below that, down to leastPoints, before a
// release is left without any.
const (
	mostTopics   = 5
	fewestPoints = 12.0
	leastPoints  = 5.0
	fewestShare  = 0.3
	besidePoints = 15.0
	besideShare  = 0.2 // of topics that say in what way, beside the one that says of what
	tagPoints    = 8.0
	labelPoints  = 4.0
	asidePoints  = 24.0 // of a topic of which the beginning says nothing
	fullWords    = 150  // of a release from which on all points are asked
	leastBrevity = 0.6
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
		rule := fmt.Sprintf("topic phrase %q, %.0f points", words, t.scores[i])
		if words == "" {
			rule, quote = "the office's own label", bound(strings.Join(tags, "; "), 300)
		}
		topics = append(topics, e.topics.values[i])
		evidence = append(evidence, index.Evidence{Field: "topics", Value: e.topics.values[i], Rule: rule, Quote: quote})
	}
	top := 0.0
	if len(order) > 0 {
		top = t.scores[order[0]]
	}
	if news >= 0 && t.scores[news] >= max(leastPoints, top) {
		add(news) // which stands alone
		return topics, evidence
	}
	fewest := fewestPoints * d.brevity()
	for _, i := range order {
		if len(topics) == mostTopics || t.scores[i] < fewest {
			break
		}
		if t.zones[i] <= restZone && t.scores[i] < asidePoints {
			continue
		}
		if t.scores[i] >= fewestShare*top || e.topics.beside[i] && t.scores[i] >= max(besidePoints, besideShare*top) {
			add(i)
		}
	}
	switch {
	case len(topics) > 0 || top < leastPoints:
	case news >= 0 && t.scores[news] >= leastPoints && t.zones[order[0]] <= restZone:
		add(news)
	default:
		add(order[0])
	}
	return topics, evidence
}

// brevity is the share of the usual points that a release must have: one of few words
// has no room to say a thing twice.
func (d document) brevity() float64 {
	return min(1, max(leastBrevity, float64(len(d.text.Words))/fullWords))
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
					t.zones[i] = titleZone
				}
			}
			continue
		}
		numbers := e.vocabulary.Numbers(phrases.Read(tag))
		seen := map[int]bool{}
		e.topics.list.Each(numbers, func(m phrases.Match) {
			r := e.topics.rules[m.Value]
			whole := m.End-m.Start == len(numbers)
			switch {
			case seen[r.value]:
			case r.effect == speaks && (r.weight == strongWeight || whole):
				seen[r.value] = true
				t.scores[r.value] += tagPoints
				t.zones[r.value] = titleZone
			case r.effect == labels && t.scores[r.value] > 0:
				seen[r.value] = true
				t.scores[r.value] += labelPoints
			}
		})
	}
}
