package api

import (
	"context"
	"net/http"

	"agora/index"
)

// Similar is the releases like a release.
type Similar struct {
	Release string        `json:"release"`
	Similar []LikeRelease `json:"similar"`
}

// LikeRelease is a release like another and how like it is: 1 says by its telling words
// all that the other does.
type LikeRelease struct {
	index.Summary
	Score float64 `json:"score"`
}

// Limits of releases like a release: behind them likeness is chance.
const (
	defaultSimilar = 10
	maxSimilar     = 50
)

// Similar finds releases like one, best first.
func (a *API) Similar(r *http.Request, id string) (Similar, error) {
	values, err := onlyParameters(r, "limit")
	if err != nil {
		return Similar{}, err
	}
	limit, err := number(values, "limit", defaultSimilar, 1, maxSimilar)
	if err != nil {
		return Similar{}, err
	}
	release, err := a.Store.Release(r.Context(), releaseID(id))
	if err != nil {
		return Similar{}, err
	}
	answer := Similar{Release: release.ID}
	answer.Similar, err = LikeReleases(r.Context(), a.Searcher, &release, int(limit))
	return answer, err
}

// LikeReleases returns the releases like one, best first.
func LikeReleases(ctx context.Context, searcher index.Searcher, r *index.Release, limit int) ([]LikeRelease, error) {
	matches, err := searcher.Engine.Similar(ctx, *r, limit)
	if err != nil {
		return nil, err
	}
	ids, scores := make([]string, len(matches)), make(map[string]float64, len(matches))
	for i, m := range matches {
		ids[i] = m.ReleaseID
		if m.Score != nil {
			scores[m.ReleaseID] = *m.Score
		}
	}
	releases, err := searcher.Store.Releases(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]LikeRelease, 0, len(releases))
	for i := range releases {
		list = append(list, LikeRelease{releases[i].Summary, scores[releases[i].ID]})
	}
	return list, nil
}
