package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"agora/index"
)

// Spread is how times lie, in milliseconds: the p-th of a hundred by rank.
type Spread struct {
	Samples int     `json:"samples"`
	P50     float64 `json:"p50_ms"`
	P95     float64 `json:"p95_ms"`
	P99     float64 `json:"p99_ms"`
	Max     float64 `json:"max_ms"`
}

func spreadOf(times []time.Duration) Spread {
	if len(times) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(times))
	at := func(percent int) float64 { return milliseconds(sorted[(len(sorted)*percent+99)/100-1]) }
	return Spread{len(sorted), at(50), at(95), at(99), milliseconds(sorted[len(sorted)-1])}
}

func milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

// Asked is what was measured of one question, or of those of a class.
type Asked struct {
	Class     string `json:"class"`
	Question  string `json:"question,omitempty"` // "" for a whole class
	Found     int    `json:"found"`              // releases; of a class the most
	Spread    `json:"time"`
	Processor float64 `json:"processor_ms"` // of an answer on the average, on all processors
	Stages    Stages  `json:"stages"`
}

// Questions are the measured answers to all questions.
type Questions struct {
	Each    []Asked `json:"each"`
	Classes []Asked `json:"classes"`
	All     Asked   `json:"all"`
}

// tally collects the times of a question.
type tally struct {
	times     []time.Duration
	processor time.Duration
	stages    Stages // sums
	found     int
}

func (t *tally) join(o *tally) {
	t.times = append(t.times, o.times...)
	t.processor += o.processor
	t.stages.Engine += o.stages.Engine
	t.stages.Hits += o.stages.Hits
	t.stages.Marks += o.stages.Marks
	t.stages.Coverage += o.stages.Coverage
	t.stages.Advice += o.stages.Advice
	t.stages.Rest += o.stages.Rest
	t.found = max(t.found, o.found)
}

func (t *tally) asked(class, question string) Asked {
	n := float64(max(1, len(t.times)))
	s := t.stages
	return Asked{
		Class: class, Question: question, Found: t.found, Spread: spreadOf(t.times), Processor: milliseconds(t.processor) / n,
		Stages: Stages{s.Engine / n, s.Hits / n, s.Marks / n, s.Coverage / n, s.Advice / n, s.Rest / n},
	}
}

// Ask asks each question of some classes (all where there are none) repeat times, one
// after the other round and round, after a round that isn't measured.
func Ask(ctx context.Context, s index.Searcher, classes []string, repeat int, progress index.Progress) (Questions, error) {
	list, err := chosen(classes)
	if err != nil {
		return Questions{}, err
	}
	askers, err := newAskers(list)
	if err != nil {
		return Questions{}, err
	}
	for _, a := range askers {
		if err := a.prepare(ctx, s); err != nil {
			return Questions{}, err
		}
		if _, err := a.ask(ctx, s); err != nil {
			return Questions{}, err
		}
	}
	tallies := make([]tally, len(askers))
	var clock stages
	watched := clock.watch(s)
	for round := range repeat {
		for i, a := range askers {
			if err := tallies[i].ask(ctx, a, watched, &clock); err != nil {
				return Questions{}, err
			}
		}
		if progress != nil {
			progress((round+1)*len(askers), repeat*len(askers))
		}
	}
	return summary(list, tallies), nil
}

// ask asks a question once.
func (t *tally) ask(ctx context.Context, a *asker, s index.Searcher, clock *stages) error {
	clock.take(1, 0)
	processor, start := Processor(), time.Now()
	answer, err := a.ask(ctx, s)
	taken := time.Since(start)
	if a.mend(ctx, s, err) {
		return t.ask(ctx, a, s, clock)
	}
	if err != nil {
		return err
	}
	t.join(&tally{[]time.Duration{taken}, Processor() - processor, clock.take(1, taken), answer.Total})
	return nil
}

func summary(list []Question, tallies []tally) Questions {
	var q Questions
	var all tally
	classes := map[string]*tally{}
	var order []string
	for i := range tallies {
		class := list[i].Class
		q.Each = append(q.Each, tallies[i].asked(class, list[i].Text))
		if classes[class] == nil {
			classes[class] = &tally{}
			order = append(order, class)
		}
		classes[class].join(&tallies[i])
		all.join(&tallies[i])
	}
	for _, class := range order {
		q.Classes = append(q.Classes, classes[class].asked(class, ""))
	}
	q.All = all.asked("all", "")
	return q
}

// Exercise asks questions of all classes, n together.
func Exercise(ctx context.Context, s index.Searcher, n int, progress index.Progress) error {
	askers, err := newAskers(questions)
	if err != nil {
		return err
	}
	for i := range n {
		a := askers[i%len(askers)]
		if i < len(askers) {
			if err := a.prepare(ctx, s); err != nil {
				return err
			}
		}
		if _, err := a.ask(ctx, s); err != nil && !a.mend(ctx, s, err) {
			return err
		}
		if progress != nil {
			progress(i+1, n)
		}
	}
	return nil
}

// coverageRounds is how often coverage alone is measured.
const coverageRounds = 100

// Coverage measures how long it takes to say how well the archive keeps up, which is part
// of every answer.
func Coverage(ctx context.Context, s index.Searcher) (Spread, error) {
	var times []time.Duration
	for range coverageRounds {
		start := time.Now()
		if _, err := s.Coverage(ctx); err != nil {
			return Spread{}, err
		}
		times = append(times, time.Since(start))
	}
	return spreadOf(times), nil
}

// First is the time from opening an archive to its first answer.
type First struct {
	Open   float64 `json:"open_ms"`   // store and index
	Answer float64 `json:"answer_ms"` // until the first answer, opening included
}

// FirstAnswer measures a first answer; open opens the archive in whatever state it is.
func FirstAnswer(ctx context.Context, open func() (index.Searcher, error)) (First, error) {
	a := &asker{Question: Question{Class: "first", Text: "q=attorney+general"}, values: map[string][]string{"q": {"attorney general"}}}
	start := time.Now()
	s, err := open()
	if err != nil {
		return First{}, fmt.Errorf("open the archive: %w", err)
	}
	opened := time.Since(start)
	_, err = a.ask(ctx, s)
	return First{milliseconds(opened), milliseconds(time.Since(start))}, err
}
