package bench

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"agora/index"
	"agora/index/vocabulary"
)

const (
	saveBatch = 512 // releases of one transaction
	// passesMost is how many passes every office has: as many as an answer reads to say how
	// well the archive keeps up, and a few more. A small archive, as tests make it, has
	// fewer: each is a transaction.
	passesMost  = 55
	passesShare = 200 // releases for a pass of each office
)

// Fill saves the corpus in a store that has none of it, or goes on where an earlier Fill
// was interrupted: releases are saved in the order of their numbers. It returns how many
// it saved.
func Fill(ctx context.Context, store index.Store, c Corpus, progress index.Progress) (int, error) {
	first, err := store.Count(ctx)
	if err != nil {
		return 0, err
	}
	if err := fillReleases(ctx, store, c, first, progress); err != nil {
		return 0, err
	}
	if first < c.Releases {
		if err := fillPresence(ctx, store, c); err != nil {
			return 0, err
		}
	}
	return c.Releases - first, nil
}

// fillReleases makes releases beside saving those made before.
func fillReleases(ctx context.Context, store index.Store, c Corpus, first int, progress index.Progress) error {
	type made struct {
		batch []index.Observation
		err   error
	}
	batches := make(chan made, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // until all are made, or nobody saves them
		defer close(batches)
		var next made
		send := func() bool {
			select {
			case batches <- next:
				next = made{}
				return true
			case <-ctx.Done():
				return false
			}
		}
		for o, err := range c.Observations(first) {
			if err != nil {
				next.err = err
				send()
				return
			}
			if next.batch = append(next.batch, o); len(next.batch) == saveBatch && !send() {
				return
			}
		}
		if len(next.batch) > 0 {
			send()
		}
	}()
	done := first
	for m := range batches {
		if m.err != nil {
			return m.err
		}
		if _, err := store.Save(ctx, m.batch); err != nil {
			return err
		}
		if done += len(m.batch); progress != nil {
			progress(done, c.Releases)
		}
	}
	return ctx.Err()
}

// fillPresence makes some releases missing or gone.
func fillPresence(ctx context.Context, store index.Store, c Corpus) error {
	_, releases, err := store.All(ctx)
	if err != nil {
		return err
	}
	var changes []index.PresenceChange
	for r, err := range releases {
		if err != nil {
			return err
		}
		n, _ := number(string(r.URL))
		change := index.PresenceChange{ReleaseID: r.ID, Since: r.LastSeen}
		switch {
		case c.chance(n, goneEvery, 6):
			change.State, change.Cause = "gone", "410"
		case c.chance(n, missingEvery, 7):
			change.State, change.Cause = "missing", "404"
		default:
			continue
		}
		changes = append(changes, change)
	}
	return store.SetPresence(ctx, changes)
}

// FillPasses gives every office a history that its coverage is judged by: hourly passes up
// to now.
func FillPasses(ctx context.Context, store index.Store, c Corpus, now time.Time) error {
	passes := min(passesMost, 2+c.Releases/passesShare)
	held, err := store.Passes(ctx, 1)
	if err != nil {
		return err
	}
	if len(held) == len(vocabulary.Offices) {
		return nil
	}
	for _, office := range vocabulary.Offices {
		for n := range passes {
			started := now.Add(time.Duration(n-passes) * time.Hour)
			expected := 1.5
			_, err := store.SavePass(ctx, index.Pass{
				Office: office.Code, Source: "listing https://ag." + strings.ToLower(office.Code) + ".example/news", Strategy: "listing",
				Started: started, Ended: started.Add(time.Minute), Found: 20, New: n % 3, Fresh: 2, Expected: &expected,
				Outcome: index.PassOK, Robots: "allowed", Fill: index.Fill{Pages: 3, Dated: 3, Titled: 3, Text: 9000},
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// number returns the number of a release of a corpus by its address.
func number(address string) (int, bool) {
	n, err := strconv.Atoi(address[strings.LastIndexByte(address, '/')+1:])
	return n, err == nil
}

// WithMatters returns a store that shows releases with the matters that the corpus gives
// them: no store keeps matters yet.
func WithMatters(store index.Store, c Corpus) index.Store { return matters{store, c} }

type matters struct {
	index.Store
	corpus Corpus
}

func (m matters) join(r *index.Release) {
	n, ok := number(string(r.URL))
	if r.Coalition == nil || !ok {
		return
	}
	group := n / matterSpan
	link := &index.MatterLink{ID: fmt.Sprintf("m-%08x", group)}
	for i := group * matterSpan; i < (group+1)*matterSpan && i < m.corpus.Releases; i++ {
		if m.corpus.chance(i, coalitionEvery, 2) {
			link.Releases++
		}
	}
	r.Matter = link
}

// Releases implements index.Reader.
func (m matters) Releases(ctx context.Context, ids []string) ([]index.Release, error) {
	releases, err := m.Store.Releases(ctx, ids)
	for i := range releases {
		m.join(&releases[i])
	}
	return releases, err
}

// All implements index.Reader.
func (m matters) All(ctx context.Context) (int64, iter.Seq2[index.Release, error], error) {
	sequence, releases, err := m.Store.All(ctx)
	return sequence, func(yield func(index.Release, error) bool) {
		for r, err := range releases {
			m.join(&r)
			if !yield(r, err) {
				return
			}
		}
	}, err
}
