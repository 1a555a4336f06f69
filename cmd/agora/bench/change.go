package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"agora/index"
	"agora/index/query"
)

const (
	changeRounds = 5
	// Questions go on for a while after a change, longer after more: its segment is merged then.
	settling     = time.Millisecond // a release
	settlingMost = 1000             // of them
	// between the capture of a release and the one that changes it.
	editAfter = 24 * time.Hour
)

// Changed is what was measured while releases changed.
type Changed struct {
	Releases  int       `json:"releases"`      // changed in a round
	Save      []float64 `json:"save_ms"`       // into the store, each round
	Until     []float64 `json:"searchable_ms"` // from the store's change log to a question that finds them all, each round
	Meanwhile Spread    `json:"meanwhile"`     // answers to questions of all classes
	Worst     float64   `json:"worst_ratio"`   // the slowest answer, in times of what 99 of 100 of its question took before
	WorstAt   string    `json:"worst_question"`
}

// Change changes n releases, a few times over, and measures how long it takes until they
// are found and how long other questions take meanwhile; quiet is what they took before.
func Change(ctx context.Context, ar Archive, n int, quiet Questions, progress index.Progress) (Changed, error) {
	c := Changed{Releases: n}
	ids, err := someReleases(ctx, ar.Engine, n*changeRounds)
	if err != nil {
		return c, err
	}
	c.Releases = len(ids) / changeRounds
	usual := map[string]float64{}
	for _, q := range quiet.Each {
		usual[q.Question] = q.P99
	}
	var all []time.Duration
	for round := range changeRounds {
		marker, err := saveEdits(ctx, ar.Store, ids[round*c.Releases:(round+1)*c.Releases], &c)
		if err != nil {
			return c, err
		}
		times, err := ar.followed(ctx, marker, &c)
		if err != nil {
			return c, err
		}
		for _, t := range times {
			all = append(all, t.taken)
			if p99 := usual[t.question]; p99 > 0 && milliseconds(t.taken)/p99 > c.Worst {
				c.Worst, c.WorstAt = milliseconds(t.taken)/p99, t.question
			}
		}
		if progress != nil {
			progress(round+1, changeRounds)
		}
	}
	c.Meanwhile = spreadOf(all)
	return c, nil
}

// Archive is an open archive.
type Archive struct {
	Store    index.Store
	Engine   index.Engine
	Searcher index.Searcher
}

// someReleases picks up to n releases from all over the archive; the same each time.
func someReleases(ctx context.Context, engine index.Engine, n int) ([]string, error) {
	state, err := engine.State(ctx)
	if err != nil {
		return nil, err
	}
	every := max(1, state.Releases/max(n, 1))
	var ids []string
	i := 0
	for id, err := range engine.Select(ctx, index.Query{Sort: index.SortNewest}) {
		if err != nil {
			return nil, err
		}
		if i++; i%every == 0 {
			if ids = append(ids, id); len(ids) == n {
				break
			}
		}
	}
	return ids, nil
}

// saveEdits saves a new version of each release, as if its office had added a line, and
// returns the word that is in all of them and in nothing else.
func saveEdits(ctx context.Context, store index.Store, ids []string, c *Changed) (marker string, err error) {
	sequence, err := store.Sequence(ctx)
	if err != nil {
		return "", err
	}
	marker = fmt.Sprintf("erratum%dx", sequence)
	var edits []index.Observation
	releases, err := store.Releases(ctx, ids)
	if err != nil {
		return "", err
	}
	for i := range releases {
		edits = append(edits, edit(&releases[i], marker))
	}
	start := time.Now()
	for batch := range slices.Chunk(edits, saveBatch) {
		if _, err := store.Save(ctx, batch); err != nil {
			return "", err
		}
	}
	c.Save = append(c.Save, milliseconds(time.Since(start)))
	return marker, nil
}

// edit is a later capture of a release with a line more.
func edit(r *index.Release, marker string) index.Observation {
	reading := index.Reading{
		Reader: readerVersion, Title: r.Title, Text: r.Text + "\n\nCorrected: " + marker + ".", Language: string(r.Language), Tags: r.Tags,
		Published: r.Published, PublishedPrecision: string(r.PublishedPrecision), PublishedSource: string(r.PublishedSource),
		PublishedNote: r.PublishedNote, Candidates: r.Candidates, Attachments: r.Attachments, Rules: map[string]string{"title": "h1", "date": "page"},
		Topics: r.Topics, Kinds: r.Kinds, Coalition: r.Coalition, AttorneyGeneral: r.AttorneyGeneral, Evidence: r.Evidence,
	}
	reading.Markdown = reading.Text
	reading.Fingerprint = digest(reading.Title, string(reading.Published), reading.Text)
	capture := index.Capture{CaptureRef: *r.Capture, Office: r.Office, FinalURL: string(r.URL), MediaType: "text/html", Kind: index.PageRelease, Reader: readerVersion}
	capture.Captured = r.LastSeen.Add(editAfter)
	if last := r.Capture.Captured.Add(editAfter); last.After(capture.Captured) {
		capture.Captured = last
	}
	capture.SHA256 = digest(reading.Text)
	return index.Observation{Office: r.Office, Addresses: []string{index.CanonicalURL(string(r.URL))}, URL: string(r.URL), Capture: capture, Reading: reading}
}

// sample is how long an answer took.
type sample struct {
	question string
	taken    time.Duration
}

// followed brings the index in step while questions are asked beside it, and checks that
// every change is found.
func (ar Archive) followed(ctx context.Context, marker string, c *Changed) ([]sample, error) {
	stop, done := make(chan struct{}), make(chan error, 1)
	var samples []sample
	go func() { done <- ar.keepAsking(ctx, stop, &samples) }()
	err := ar.follow(ctx, marker, c)
	if err == nil {
		select {
		case <-time.After(settling * time.Duration(min(c.Releases, settlingMost))):
		case <-ctx.Done():
		}
	}
	close(stop)
	return samples, errors.Join(err, <-done)
}

func (ar Archive) follow(ctx context.Context, marker string, c *Changed) error {
	start := time.Now()
	if _, err := index.Sync(ctx, ar.Store, ar.Engine, nil); err != nil {
		return err
	}
	q, err := query.FromValues(map[string][]string{"q": {marker}}, true)
	if err != nil {
		return err
	}
	found, err := ar.Engine.Search(ctx, q)
	if err != nil {
		return err
	}
	c.Until = append(c.Until, milliseconds(time.Since(start)))
	if found.Total != c.Releases {
		return fmt.Errorf("find changed releases: %d of %d are found", found.Total, c.Releases)
	}
	return nil
}

// keepAsking asks all questions, round and round, until it is stopped.
func (ar Archive) keepAsking(ctx context.Context, stop <-chan struct{}, samples *[]sample) error {
	askers, err := newAskers(questions)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		select {
		case <-stop:
			return nil
		default:
		}
		a := askers[i%len(askers)]
		a.cursor = ""
		start := time.Now()
		if _, err := a.ask(ctx, ar.Searcher); err != nil {
			return err
		}
		*samples = append(*samples, sample{a.Text, time.Since(start)})
	}
}
