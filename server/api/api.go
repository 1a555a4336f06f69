// Package api makes the answers of the JSON interface and its exports, and reads what is
// held of the offices for all who show it.
//
// It knows requests' parameters and the archive, but no routes, no pages and no statuses:
// its methods return values or errors, which package server writes. Names of members are
// a promise: they may be added to, never changed.
package api

import (
	"fmt"
	"net/http"

	"agora/index"
	"agora/index/suggest"
	"agora/index/vocabulary"
)

// API answers from an archive. It is safe for use by many goroutines.
type API struct {
	Searcher  index.Searcher
	Store     index.Store
	Holdings  *Holdings
	Completer *suggest.Completer
}

// Search answers a question with a page of releases.
func (a *API) Search(r *http.Request) (index.Answer, error) {
	q, err := question(r)
	if err != nil {
		return index.Answer{}, err
	}
	return a.Searcher.Search(r.Context(), q)
}

// Facets is the answer to a question for numbers alone.
type Facets struct {
	Total     int                           `json:"total"`
	Exact     bool                          `json:"exact"`
	TookMS    float64                       `json:"took_ms"`
	Warnings  []index.Warning               `json:"warnings"`
	Query     map[string]any                `json:"query"`
	Facets    map[index.Field][]index.Count `json:"facets"`
	Histogram []index.Bar                   `json:"histogram,omitzero"` // not nil where one was asked for
	Undated   *int                          `json:"undated,omitempty"`  // of the total, where a histogram was asked for
	Archive   index.ArchiveState            `json:"archive"`
}

// Facets answers a question with its numbers.
func (a *API) Facets(r *http.Request) (Facets, error) {
	q, err := question(r)
	if err != nil {
		return Facets{}, err
	}
	q.Cursor, q.Limit = "", 1
	answer, err := a.Searcher.Search(r.Context(), q)
	if err != nil {
		return Facets{}, err
	}
	f := Facets{
		Total: answer.Total, Exact: answer.Exact, TookMS: answer.TookMS, Warnings: answer.Warnings,
		Query: answer.Query, Facets: answer.Facets, Histogram: answer.Histogram, Archive: answer.Archive,
	}
	delete(f.Query, "limit") // there are no hits
	if q.Interval != "" {
		undated := answer.Total
		for _, bar := range answer.Histogram {
			undated -= bar.Count
		}
		f.Undated = &undated
	}
	return f, nil
}

// Release returns the current version of a release.
func (a *API) Release(r *http.Request, id string) (index.Release, error) {
	if _, err := onlyParameters(r); err != nil {
		return index.Release{}, err
	}
	return a.Store.Release(r.Context(), releaseID(id))
}

// Version returns a release as it was.
func (a *API) Version(r *http.Request, id string, number int) (index.Release, error) {
	if _, err := onlyParameters(r); err != nil {
		return index.Release{}, err
	}
	return a.Store.Version(r.Context(), releaseID(id), number)
}

// History is the versions of a release.
type History struct {
	Release  string          `json:"release"`
	Versions []index.Version `json:"versions"`
}

// Versions returns the history of a release, by time of first capture.
func (a *API) Versions(r *http.Request, id string) (History, error) {
	if _, err := onlyParameters(r); err != nil {
		return History{}, err
	}
	versions, err := a.Store.Versions(r.Context(), releaseID(id))
	if err != nil {
		return History{}, err
	}
	return History{Release: releaseID(id), Versions: orEmpty(versions)}, nil
}

// Evidence is the captures of a release.
type Evidence struct {
	Release  string    `json:"release"`
	Captures []Capture `json:"captures"`
}

// Capture is the evidence that a page was as it was at a time.
type Capture struct {
	index.CaptureRef
	FinalURL  string               `json:"final_url"`
	MediaType index.NullableString `json:"media_type"`
	Kind      index.PageKind       `json:"kind"`
	Version   *int                 `json:"version"`
	Reader    index.NullableString `json:"reader"`
}

// Captures returns the evidence for a release, by time.
func (a *API) Captures(r *http.Request, id string) (Evidence, error) {
	if _, err := onlyParameters(r); err != nil {
		return Evidence{}, err
	}
	captures, err := a.Store.Captures(r.Context(), releaseID(id))
	if err != nil {
		return Evidence{}, err
	}
	e := Evidence{Release: releaseID(id), Captures: []Capture{}}
	for _, c := range captures {
		shown := Capture{
			CaptureRef: c.CaptureRef, FinalURL: c.FinalURL, Kind: c.Kind,
			MediaType: index.NullableString(c.MediaType), Reader: index.NullableString(c.Reader),
		}
		if c.Version > 0 {
			shown.Version = &c.Version
		}
		e.Captures = append(e.Captures, shown)
	}
	return e, nil
}

// Topics is the closed list of topics.
type Topics struct {
	Topics []Topic `json:"topics"`
}

// Topic is a topic, its definition and how many releases have it.
type Topic struct {
	Slug     string `json:"slug"`
	Label    string `json:"label"`
	About    string `json:"about"`
	Not      string `json:"not"`
	Releases int    `json:"releases"`
}

// Topics lists the topics in the order in which they are shown.
func (a *API) Topics(r *http.Request) (Topics, error) {
	if _, err := onlyParameters(r); err != nil {
		return Topics{}, err
	}
	found, err := a.Searcher.Engine.Search(r.Context(), index.Query{Limit: 1, Sort: index.SortNewest, Facets: []index.Field{index.FieldTopic}})
	if err != nil {
		return Topics{}, err
	}
	releases := map[string]int{}
	for _, c := range found.Facets[index.FieldTopic] {
		releases[c.Value] = c.Count
	}
	answer := Topics{Topics: make([]Topic, 0, len(vocabulary.Topics))}
	for _, t := range vocabulary.Topics {
		answer.Topics = append(answer.Topics, Topic{t.Slug, t.Label, t.About, t.Not, releases[t.Slug]})
	}
	return answer, nil
}

// Changes is a piece of the change log.
type Changes struct {
	Changes  []index.Change `json:"changes"`
	Sequence int64          `json:"sequence"` // latest of the archive
	Next     *int64         `json:"next"`     // the after of the next piece; null at the end
	Archive  string         `json:"archive"`
}

// Limits of the change log's pieces.
const (
	defaultChanges = 100
	maxChanges     = 1000
)

// Changes returns what happened after a sequence.
func (a *API) Changes(r *http.Request) (Changes, error) {
	values, err := onlyParameters(r, "after", "limit")
	if err != nil {
		return Changes{}, err
	}
	after, err := number(values, "after", 0, 0, 1<<62)
	if err != nil {
		return Changes{}, err
	}
	limit, err := number(values, "limit", defaultChanges, 1, maxChanges)
	if err != nil {
		return Changes{}, err
	}
	latest, err := a.Store.Sequence(r.Context())
	if err != nil {
		return Changes{}, err
	}
	changes, err := a.Store.Changes(r.Context(), after, int(limit))
	if err != nil {
		return Changes{}, err
	}
	answer := Changes{Changes: orEmpty(changes), Sequence: latest, Archive: a.Store.ID()}
	if n := len(changes); n > 0 && changes[n-1].Sequence < latest {
		answer.Next = &changes[n-1].Sequence
	}
	return answer, nil
}

// orEmpty makes the nil slice an empty one, which JSON shows as [].
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Readiness says from which sequences questions are answered.
type Readiness struct {
	Archive index.ArchiveState `json:"archive"`
	Index   index.EngineState  `json:"index"`
}

// Ready tells whether questions can be answered: an index that is still being built for
// this archive as it is now can't yet, one that is some changes behind can.
func (a *API) Ready(r *http.Request) (Readiness, error) {
	ready := Readiness{Archive: index.ArchiveState{ID: a.Store.ID()}}
	var err error
	if ready.Archive.Sequence, err = a.Store.Sequence(r.Context()); err != nil {
		return ready, fmt.Errorf("%w: read archive: %w", index.ErrUnavailable, err)
	}
	if ready.Index, err = a.Searcher.Engine.State(r.Context()); err != nil {
		return ready, fmt.Errorf("%w: read index: %w", index.ErrUnavailable, err)
	}
	follows, err := index.Follows(r.Context(), a.Store, ready.Index)
	if err != nil {
		return ready, fmt.Errorf("%w: read archive: %w", index.ErrUnavailable, err)
	}
	ready.Index.Lineage, _ = ready.Index.Store() // the lineage is nobody's business but the index's
	if ready.Archive.Sequence > 0 && !follows {
		return ready, fmt.Errorf("%w: the index is being built", index.ErrUnavailable)
	}
	return ready, nil
}
