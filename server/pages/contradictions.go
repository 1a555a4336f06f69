package pages

import (
	"cmp"
	"context"
	"errors"

	"agora/index"
	"agora/server/pages/evidence"
	"agora/server/wording"
)

// Contradiction is a release whose text names another attorney general than was in office by
// the terms of the catalogue: the terms are wrong, or its date is.
type Contradiction struct {
	URL, Title, Named, Term string
	Day                     wording.Day
}

// contradictionsSought is how many of an office's newest releases are looked through: after
// a change of office they contradict a catalogue that missed it, one after the other.
const contradictionsSought = 50

// contradictions looks for them among the newest releases of an office. It finds none where
// the index can't be asked, for health is shown without it.
func (s *Pages) contradictions(ctx context.Context, office string) ([]Contradiction, error) {
	found, err := s.searcher.Engine.Search(ctx, index.Query{
		Filters: []index.Filter{{Field: index.FieldState, Include: []string{office}}}, Sort: index.SortNewest, Limit: contradictionsSought,
	})
	if errors.Is(err, index.ErrUnavailable) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(found.Matches))
	for i, m := range found.Matches {
		ids[i] = m.ReleaseID
	}
	releases, err := s.store.Releases(ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []Contradiction
	for i := range releases {
		r := &releases[i]
		named := evidence.Contradicted(r.Evidence)
		if named == "" || r.AttorneyGeneral == nil {
			continue
		}
		list = append(list, Contradiction{index.ReleasePath(r.ID), cmp.Or(r.Title, "Untitled release"), named, r.AttorneyGeneral.Name, wording.DayOf(&r.Summary)})
	}
	return list, nil
}
