package server

import (
	"context"
	"fmt"
	"testing"

	"agora/index"
	"agora/index/vocabulary"
)

// cannedEngine answers at once with as many counts as a full archive has.
type cannedEngine struct {
	*fakeEngine
	found index.Found
}

func (e cannedEngine) Search(context.Context, index.Query) (index.Found, error) {
	found := e.found
	found.Facets = make(map[index.Field][]index.Count, len(e.found.Facets))
	for field, counts := range e.found.Facets {
		found.Facets[field] = append([]index.Count(nil), counts...)
	}
	return found, nil
}

// BenchmarkSearchPage measures what the page costs beside engine and store: 20 hits, all
// offices, all topics, 40 years.
func BenchmarkSearchPage(b *testing.B) {
	canned := cannedEngine{found: index.Found{Total: 100_000, Exact: true, Facets: map[index.Field][]index.Count{}}}
	for i, o := range vocabulary.Offices {
		for _, field := range []index.Field{index.FieldState, index.FieldLead, index.FieldMember} {
			canned.found.Facets[field] = append(canned.found.Facets[field], index.Count{Value: o.Code, Count: 100 + i})
		}
	}
	for i, t := range vocabulary.Topics {
		canned.found.Facets[index.FieldTopic] = append(canned.found.Facets[index.FieldTopic], index.Count{Value: t.Slug, Count: 100 + i})
	}
	for year := 1990; year < 2030; year++ {
		canned.found.Facets[index.FieldYear] = append(canned.found.Facets[index.FieldYear], index.Count{Value: fmt.Sprint(year), Count: year})
	}
	s := newSite(b, func(o *Options) {
		store, ok := o.Store.(*fakeStore)
		if !ok {
			b.Fatal("not the test store")
		}
		canned.fakeEngine = &fakeEngine{store: store}
		for _, r := range canned.store.releases[:20] {
			canned.found.Matches = append(canned.found.Matches, index.Match{ReleaseID: r.ID})
		}
		canned.found.Sequence = int64(len(canned.store.changes))
		o.Searcher.Engine = canned
	})
	b.ReportAllocs()
	for b.Loop() {
		if w := s.ask("GET", "/?q=matter&state=VA&topic=opioids", "Accept-Encoding", "gzip"); w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}
