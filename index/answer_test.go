package index

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/index/vocabulary"
)

var noon = time.Date(2024, 5, 10, 12, 0, 0, 0, time.UTC)

func searcher(store *archive, engine *ledger) Searcher {
	return Searcher{
		Store: store, Log: store, Engine: engine, Now: clock(noon, time.Millisecond),
		Highlight: func(Query) func(r Release) (title, snippet string) {
			return func(r Release) (title, snippet string) {
				return "<mark>" + r.Title + "</mark>", "snippet of " + r.ID
			}
		},
	}
}

func TestSearch(t *testing.T) {
	store := newArchive()
	store.save("a", 1)
	store.save("b", 1)
	score := 1.5
	engine := newLedger()
	engine.found = Found{
		Total: 3, Groups: 2, Exact: true, Sequence: 2, Next: "more", Undated: 7,
		Matches:  []Match{{ReleaseID: "b", Score: &score}, {ReleaseID: "deleted"}, {ReleaseID: "a"}},
		Facets:   map[Field][]Count{FieldState: {{Value: "VA", Count: 2}}, FieldYear: {{Value: "2023", Count: 1}, {Value: Undated, Count: 1}}},
		Warnings: []Warning{{"engine", "said by the engine"}},
	}
	q := Query{Text: "x", Sort: SortRelevance, Limit: 20, From: "2023-01-01", Warnings: []Warning{{"query", "said by the query"}}}
	got, err := searcher(store, engine).Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	behind := make([]string, 0, len(vocabulary.Offices))
	for _, o := range vocabulary.Offices {
		behind = append(behind, o.Code)
	}
	slices.Sort(behind)
	want := Answer{
		Total: 3, Exact: true, TookMS: got.TookMS,
		Warnings: []Warning{
			{"query", "said by the query"}, {"engine", "said by the engine"},
			{"undated_left_out", "7 releases without a date were left out; undated=include keeps such releases."},
		},
		Query: q.Echo(),
		Hits: []Hit{
			{Summary: store.releases["b"].Summary, TitleHTML: "<mark>Title of b</mark>", Snippet: "snippet of b", Score: &score},
			{Summary: store.releases["a"].Summary, TitleHTML: "<mark>Title of a</mark>", Snippet: "snippet of a"},
		},
		Facets: map[Field][]Count{
			FieldState: {{Value: "VA", Label: "Virginia", Count: 2}}, FieldYear: {{Value: "2023", Count: 1}, {Value: Undated, Count: 1}},
		},
		Coverage: Coverage{Offices: len(vocabulary.Offices), Behind: behind},
		Archive:  ArchiveState{ID: "one", Sequence: 2}, Next: "more", Advice: Advice{Offers: []Offer{}, Fewer: []Fewer{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	if got.TookMS <= 0 {
		t.Errorf("took %v ms", got.TookMS)
	}
	if len(q.Warnings) != 1 {
		t.Errorf("the query has the warnings %v now", q.Warnings)
	}
}

func TestSearchThatFindsNothing(t *testing.T) {
	got, err := searcher(newArchive(), newLedger()).Search(t.Context(), Query{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Warnings == nil || got.Hits == nil || got.Facets == nil || got.Coverage.Behind == nil {
		t.Errorf("a list is null in %+v", got)
	}
	if got.Groups != nil {
		t.Errorf("%d groups, though nothing is collapsed", *got.Groups)
	}
}

// TestHistogramThatWasAskedFor sees that it is there also without bars, and only then.
func TestHistogramThatWasAskedFor(t *testing.T) {
	for interval, want := range map[Interval]string{IntervalMonth: "[]", "": ""} {
		answer, err := searcher(newArchive(), newLedger()).Search(t.Context(), Query{Interval: interval})
		if err != nil {
			t.Fatal(err)
		}
		content, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(content, &members); err != nil {
			t.Fatal(err)
		}
		if got := string(members["histogram"]); got != want {
			t.Errorf("interval %q: histogram %s, want %s", interval, got, want)
		}
	}
}

func TestSearchOfCollapsedMatters(t *testing.T) {
	engine := newLedger()
	engine.found = Found{Total: 3, Groups: 2, Exact: true}
	got, err := searcher(newArchive(), engine).Search(t.Context(), Query{Collapse: true})
	if err != nil || got.Groups == nil || *got.Groups != 2 || got.Total != 3 {
		t.Errorf("answer %+v, %v", got, err)
	}
}

func TestSearchSaysThatTheIndexIsBehind(t *testing.T) {
	store := newArchive()
	store.save("a", 1)
	engine := newLedger()
	engine.found = Found{Exact: true}
	got, err := searcher(store, engine).Search(t.Context(), Query{})
	if err != nil || got.Exact || len(got.Warnings) != 1 || got.Warnings[0].Code != "index_behind" {
		t.Errorf("exact %t, warnings %v, %v", got.Exact, got.Warnings, err)
	}
}

func TestUndatedLeftOut(t *testing.T) {
	tests := []struct {
		query Query
		n     int
		want  string
	}{
		{Query{From: "2023-01-01"}, 2, "2 releases without a date were left out; undated=include keeps such releases."},
		{Query{To: "2023-01-01"}, 1, "1 release without a date was left out; undated=include keeps such releases."},
		{Query{Root: Published{From: "2023-01-01"}}, 2, "2 releases without a date were left out."},
	}
	for _, test := range tests {
		if diff := cmp.Diff(Warning{"undated_left_out", test.want}, undatedLeftOut(test.query, test.n)); diff != "" {
			t.Errorf("warning (-want +got):\n%s", diff)
		}
	}
}

func TestSearchReportsWhatFails(t *testing.T) {
	broken := errors.New("broken")
	engine := newLedger()
	engine.failure = broken
	if _, err := searcher(newArchive(), engine).Search(t.Context(), Query{}); !errors.Is(err, broken) {
		t.Errorf("engine: %v", err)
	}
	store := newArchive()
	store.failing = broken
	if _, err := searcher(store, newLedger()).Search(t.Context(), Query{}); !errors.Is(err, broken) {
		t.Errorf("store: %v", err)
	}
}

func TestCoverage(t *testing.T) {
	store := newArchive()
	store.passes = []Pass{
		{Office: "VA", Ended: noon.Add(-time.Hour), Outcome: "ok"},
		{Office: "WV", Ended: noon.Add(-time.Hour), Outcome: "refused", Reason: "HTTP 403"},
		{Office: "WY", Ended: noon.Add(-99 * time.Hour), Outcome: "ok"},
	}
	store.stances = []Stance{{Office: "WV", State: StanceAcknowledged}}
	store.state = CollectorState{Beat: noon.Add(-98 * time.Hour)}
	s := searcher(store, newLedger())
	got, err := s.Coverage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Offices != len(vocabulary.Offices) || got.Current != 1 || len(got.Behind) != len(vocabulary.Offices)-1 ||
		slices.Contains(got.Behind, "VA") || !slices.IsSorted(got.Behind) {
		t.Errorf("coverage %+v", got)
	}
	judged, err := s.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	counts := map[Health]int{}
	for i, h := range judged {
		counts[h.Health]++
		if h.Office != vocabulary.Offices[i].Code {
			t.Errorf("office %d is %s", i, h.Office)
		}
		if (h.Stance != nil) != (h.Office == "WV") {
			t.Errorf("stance on %s: %+v", h.Office, h.Stance)
		}
	}
	want := map[Health]int{HealthCurrent: 1, HealthFailing: 1, HealthStale: 1, HealthNever: len(vocabulary.Offices) - 3}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("health (-want +got):\n%s", diff)
	}
}

func TestSelected(t *testing.T) {
	store, engine := newArchive(), newLedger()
	for i := range 2*selectedBatch + 3 {
		id := fmt.Sprintf("r%04d", i)
		store.save(id, 1)
		engine.selected = append(engine.selected, id)
	}
	slices.Reverse(engine.selected)
	broken := errors.New("broken")
	tests := []struct {
		name     string
		failure  error
		selected []string
		stop     int // after so many
		want     []string
	}{
		{"all in order", nil, engine.selected, -1, engine.selected},
		{"nothing", nil, nil, -1, nil},
		{"unknown ones", nil, []string{"r0001", "unknown", "r0000"}, -1, []string{"r0001", "r0000"}},
		{"stopped", nil, engine.selected, selectedBatch + 1, engine.selected[:selectedBatch+1]},
		{"failing", broken, engine.selected, -1, engine.selected[:2*selectedBatch]},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			engine.selected, engine.failure = test.selected, test.failure
			var got []string
			var failed error
			for r, err := range Selected(t.Context(), store, engine, Query{}) {
				if failed != nil {
					t.Fatal("the stream goes on after an error")
				}
				if failed = err; err != nil {
					continue
				}
				if got = append(got, r.ID); len(got) == test.stop {
					break
				}
			}
			if !errors.Is(failed, test.failure) {
				t.Errorf("error %v, want %v", failed, test.failure)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("releases (-want +got):\n%s", diff)
			}
		})
	}
	engine.selected, engine.failure, store.failing = []string{"r0000"}, nil, broken
	for _, err := range Selected(t.Context(), store, engine, Query{}) {
		if !errors.Is(err, broken) {
			t.Errorf("store: %v", err)
		}
	}
}
