package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/index"
	"agora/index/indextest"
	"agora/index/suggest"
	"agora/index/vocabulary"
	"agora/server/wording"
)

// testNow is the clock of all tests.
var testNow = time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)

// fakeStore holds releases in memory; what the server never calls panics.
type fakeStore struct {
	index.Store
	releases []index.Release // by id
	older    map[string][]index.Release
	changes  []index.Change
	passes   []index.Pass
	stances  []index.Stance
	state    index.CollectorState
	visits   []index.VisitCount
	failure  error // returned by everything, where set
	counted  int   // calls of OfficeCounts
	matters  []index.Matter
	merged   map[string]string // id of a matter → that it was merged into
}

func (f *fakeStore) Matter(_ context.Context, id string) (index.Matter, error) {
	for _, m := range f.matters {
		if m.ID == cmp.Or(f.merged[id], id) {
			return m, f.failure
		}
	}
	return index.Matter{}, cmp.Or(f.failure, index.ErrNotFound)
}

func (f *fakeStore) Matters(_ context.Context, q index.MatterQuery) ([]index.Matter, error) {
	var list []index.Matter
	for _, m := range f.matters {
		if (q.State == "" || slices.Contains(m.Offices, q.State)) && (q.After.ID == "" || m.ID > q.After.ID) && len(list) < q.Limit {
			list = append(list, m)
		}
	}
	return list, f.failure
}

func (f *fakeStore) ID() string { return "test-archive" }

func (f *fakeStore) Release(_ context.Context, id string) (index.Release, error) {
	if f.failure != nil {
		return index.Release{}, f.failure
	}
	for _, r := range f.releases {
		if r.ID == id {
			return r, nil
		}
	}
	return index.Release{}, fmt.Errorf("read release %s: %w", id, index.ErrNotFound)
}

func (f *fakeStore) Releases(ctx context.Context, ids []string) ([]index.Release, error) {
	var list []index.Release
	for _, id := range ids {
		if r, err := f.Release(ctx, id); err == nil {
			list = append(list, r)
		}
	}
	return list, f.failure
}

func (f *fakeStore) Version(ctx context.Context, id string, number int) (index.Release, error) {
	r, err := f.Release(ctx, id)
	if err != nil {
		return r, err
	}
	for _, v := range append(slices.Clone(f.older[id]), r) {
		if v.Version == number {
			return v, nil
		}
	}
	return index.Release{}, fmt.Errorf("read version %d: %w", number, index.ErrNotFound)
}

func (f *fakeStore) Versions(ctx context.Context, id string) ([]index.Version, error) {
	r, err := f.Release(ctx, id)
	if err != nil {
		return nil, err
	}
	var list []index.Version
	for _, v := range append(slices.Clone(f.older[id]), r) {
		version := index.Version{Number: v.Version, Changed: v.Changed, Last: v.LastSeen, Current: v.Version == r.Version, Title: v.Title}
		if v.Capture != nil {
			version.Capture = *v.Capture
		}
		list = append(list, version)
	}
	return list, nil
}

func (f *fakeStore) Captures(ctx context.Context, id string) ([]index.Capture, error) {
	r, err := f.Release(ctx, id)
	if err != nil || r.Capture == nil {
		return nil, err
	}
	return []index.Capture{{CaptureRef: *r.Capture, Office: r.Office, FinalURL: r.Capture.URL, MediaType: "text/html", Kind: index.PageRelease, ReleaseID: id, Version: r.Version}}, nil
}

func (f *fakeStore) OfficeCounts(context.Context) ([]index.OfficeCount, error) {
	f.counted++
	counts := map[string]*index.OfficeCount{}
	for _, r := range f.releases {
		c := counts[r.Office]
		if c == nil {
			c = &index.OfficeCount{Office: r.Office}
			counts[r.Office] = c
		}
		c.Held++
		switch r.Presence.State {
		case "missing":
			c.Missing++
		case "gone":
			c.Gone++
		}
		if r.Published == "" {
			c.Undated++
			continue
		}
		c.Newest = max(c.Newest, r.Published)
		if c.Oldest == "" {
			c.Oldest = r.Published
		}
		c.Oldest = min(c.Oldest, r.Published)
	}
	var list []index.OfficeCount
	for _, c := range counts {
		list = append(list, *c)
	}
	return list, f.failure
}

func (f *fakeStore) Count(context.Context) (int, error) { return len(f.releases), f.failure }

func (f *fakeStore) Passes(context.Context, int) ([]index.Pass, error) { return f.passes, f.failure }

func (f *fakeStore) Stances(context.Context) ([]index.Stance, error) { return f.stances, f.failure }

func (f *fakeStore) CollectorState(context.Context) (index.CollectorState, error) {
	return f.state, f.failure
}

func (f *fakeStore) VisitCounts(context.Context) ([]index.VisitCount, error) {
	return f.visits, f.failure
}

func (f *fakeStore) Sequence(context.Context) (int64, error) {
	return int64(len(f.changes)), f.failure
}

func (f *fakeStore) Changes(_ context.Context, after int64, limit int) ([]index.Change, error) {
	if after >= int64(len(f.changes)) {
		return nil, f.failure
	}
	list := f.changes[after:]
	return list[:min(limit, len(list))], f.failure
}

// fakeEngine finds releases by walking over them.
type fakeEngine struct {
	index.Engine
	store    *fakeStore
	state    *index.EngineState // told instead of one in step with the store, where set
	failure  error
	breakAt  int // Select fails after so many ids, where set
	searches int
}

func (e *fakeEngine) State(ctx context.Context) (index.EngineState, error) {
	if e.state != nil {
		return *e.state, e.failure
	}
	state := index.EngineState{Sequence: int64(len(e.store.changes)), Releases: len(e.store.releases)}
	var err error
	state.Lineage, err = index.Lineage(ctx, e.store, state.Sequence)
	return state, errors.Join(e.failure, err)
}

// fieldValues are the values that a release has in a field.
func fieldValues(r *index.Release, field index.Field) []string {
	c := r.Coalition
	switch field {
	case index.FieldState:
		return []string{r.Office}
	case index.FieldTopic:
		return r.Topics
	case index.FieldYear:
		return []string{cmp.Or(r.Published.Year(), index.Undated)}
	case index.FieldKind:
		return r.Kinds
	case index.FieldLanguage:
		return []string{string(r.Language)}
	case index.FieldPresence:
		return []string{r.Presence.State}
	case index.FieldParty:
		if r.AttorneyGeneral != nil {
			return []string{r.AttorneyGeneral.Party}
		}
	case index.FieldRole:
		if c != nil {
			return []string{c.Role}
		}
	case index.FieldAction:
		if c != nil {
			return []string{c.Action}
		}
	case index.FieldLead:
		if c != nil {
			return c.Leads
		}
	case index.FieldMember:
		if c != nil {
			return c.Members
		}
	case index.FieldInvolves:
		if c != nil {
			return append([]string{r.Office}, c.Members...)
		}
		return []string{r.Office}
	case index.FieldJoined:
		if c != nil {
			return slices.DeleteFunc(slices.Clone(c.Members), func(m string) bool { return slices.Contains(c.Leads, m) })
		}
	}
	return nil
}

func nodeMatches(n index.Node, r *index.Release) bool {
	text := strings.ToLower(r.Title + " " + r.Text)
	switch n := n.(type) {
	case nil:
		return true
	case index.And:
		return !slices.ContainsFunc(n.Nodes, func(n index.Node) bool { return !nodeMatches(n, r) })
	case index.Or:
		return slices.ContainsFunc(n.Nodes, func(n index.Node) bool { return nodeMatches(n, r) })
	case index.Not:
		return !nodeMatches(n.Node, r)
	case index.Word:
		return strings.Contains(text, strings.ToLower(n.Text))
	case index.Phrase:
		return strings.Contains(text, strings.ToLower(n.Text))
	case index.Prefix:
		return strings.Contains(strings.ToLower(r.Title), strings.ToLower(n.Text))
	case index.InOffice:
		return r.AttorneyGeneral != nil && strings.Contains(r.AttorneyGeneral.Name, n.Name)
	case index.Has:
		return slices.Contains(fieldValues(r, n.Field), n.Value)
	case index.IsMultistate:
		return r.Coalition != nil
	}
	return false
}

func matches(q index.Query, r *index.Release, but index.Field) bool {
	for _, f := range q.Filters {
		if f.Field != but && !f.Matches(fieldValues(r, f.Field)) {
			return false
		}
	}
	if (q.From != "" || q.To != "") && (r.Published == "" || r.Published < q.From || (q.To != "" && r.Published > q.To)) {
		return q.IncludeUndated && r.Published == ""
	}
	return nodeMatches(q.Root, r)
}

func (e *fakeEngine) found(q index.Query) []*index.Release {
	var list []*index.Release
	for i := range e.store.releases {
		if matches(q, &e.store.releases[i], "") {
			list = append(list, &e.store.releases[i])
		}
	}
	slices.SortStableFunc(list, func(a, b *index.Release) int {
		if q.Sort == index.SortOldest {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(b.Published, a.Published), cmp.Compare(b.ID, a.ID))
	})
	return list
}

func (e *fakeEngine) Search(ctx context.Context, q index.Query) (index.Found, error) {
	e.searches++
	if e.failure != nil {
		return index.Found{}, e.failure
	}
	if err := ctx.Err(); err != nil {
		return index.Found{}, err
	}
	list := e.found(q)
	found := index.Found{Total: len(list), Exact: true, Groups: len(list), Facets: map[index.Field][]index.Count{}, Sequence: int64(len(e.store.changes))}
	if q.From != "" && !q.IncludeUndated {
		found.Undated = 3
	}
	from := 0
	if q.Cursor != "" {
		n, err := strconv.Atoi(q.Cursor)
		if err != nil {
			return index.Found{}, fmt.Errorf("read cursor: %w", index.ErrCursorExpired)
		}
		from = min(n, len(list))
	}
	to := min(from+q.Limit, len(list))
	for _, r := range list[from:to] {
		found.Matches = append(found.Matches, index.Match{ReleaseID: r.ID})
	}
	if to < len(list) {
		found.Next = strconv.Itoa(to)
	}
	for _, field := range q.Facets {
		found.Facets[field] = e.count(q, field)
	}
	if q.Interval != "" && len(list) > 0 {
		found.Histogram = []index.Bar{{From: "2020-01-01", To: "2029-12-31", Count: len(list) - slices.IndexFunc(append(list, &index.Release{}), func(r *index.Release) bool { return r.Published == "" })}}
	}
	return found, nil
}

func (e *fakeEngine) count(q index.Query, field index.Field) []index.Count {
	n := map[string]int{}
	for i := range e.store.releases {
		if r := &e.store.releases[i]; matches(q, r, field) {
			for _, v := range fieldValues(r, field) {
				n[v]++
			}
		}
	}
	var counts []index.Count
	for v, c := range n {
		counts = append(counts, index.Count{Value: v, Count: c})
	}
	slices.SortFunc(counts, func(a, b index.Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return counts
}

func (e *fakeEngine) Select(_ context.Context, q index.Query) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for i, r := range e.found(q) {
			if e.breakAt > 0 && i == e.breakAt {
				yield("", errors.New("disk on fire"))
				return
			}
			if !yield(r.ID, nil) {
				return
			}
		}
	}
}

// words are those of all titles and texts that fit, with how many releases have them.
func (e *fakeEngine) words(fits func(word string) bool, limit int) ([]index.Term, error) {
	releases := map[string]int{}
	for i := range e.store.releases {
		r := &e.store.releases[i]
		words := strings.Fields(strings.ToLower(r.Title + " " + r.Text))
		slices.Sort(words)
		for _, w := range slices.Compact(words) {
			if fits(w) {
				releases[w]++
			}
		}
	}
	var terms []index.Term
	for w, n := range releases {
		terms = append(terms, index.Term{Text: w, Releases: n})
	}
	slices.SortFunc(terms, func(a, b index.Term) int {
		return cmp.Or(cmp.Compare(b.Releases, a.Releases), strings.Compare(a.Text, b.Text))
	})
	return terms[:min(len(terms), limit)], e.failure
}

// Spellings knows words that lack a letter at the end.
func (e *fakeEngine) Spellings(_ context.Context, word string, limit int) ([]index.Term, error) {
	return e.words(func(w string) bool { return len(w) <= len(word)+1 && strings.HasPrefix(w, strings.ToLower(word)) }, limit)
}

func (e *fakeEngine) Completions(_ context.Context, prefix string, limit int) ([]index.Term, error) {
	return e.words(func(w string) bool { return strings.HasPrefix(w, prefix) }, limit)
}

func (e *fakeEngine) Attorneys(context.Context) ([]index.Count, error) {
	return []index.Count{{Value: "Avery Thornquist", Count: 41}}, e.failure
}

// Similar takes the next two releases for similar ones.
func (e *fakeEngine) Similar(_ context.Context, r index.Release, limit int) ([]index.Match, error) {
	var matches []index.Match
	score := 0.75
	for i := range e.store.releases {
		if e.store.releases[i].ID == r.ID && i+2 < len(e.store.releases) {
			matches = append(matches, index.Match{ReleaseID: e.store.releases[i+1].ID, Score: &score}, index.Match{ReleaseID: e.store.releases[i+2].ID, Score: &score})
		}
	}
	return matches[:min(limit, len(matches))], e.failure
}

func fakeHighlight(index.Query) func(r index.Release) (title, snippet string) { return fakeMark }

func fakeMark(r index.Release) (title, snippet string) {
	words := html.EscapeString(wording.Shorten(r.Text, 160))
	if first, rest, ok := strings.Cut(words, " "); ok {
		words = "<mark>" + first + "</mark> " + rest
	}
	return html.EscapeString(r.Title), words
}

// hostile is text that tries to become markup, to break lines and to turn round.
const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>` + " \u202e" + `turned مكتب النائب العام Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`

// archive returns forty ordinary releases and some that are not.
func archive() *fakeStore {
	f := &fakeStore{older: map[string][]index.Release{}}
	offices := []string{"VA", "WV", "OH", "TX", "NY", "CA", "MN", "PA"}
	for n := range 40 {
		f.releases = append(f.releases, indextest.Release(offices[n%len(offices)], n, func(r *index.Release) {
			r.Title = fmt.Sprintf("Attorney General of %s acts in matter %d", r.Office, n)
			r.Text = fmt.Sprintf("The office of %s told of matter %d.\n\nLantern merchants of Brindlemoor get their money back.", r.Office, n)
			r.Markdown = r.Text
			r.Published = index.DateOf(time.Date(2012+n%12, time.Month(1+n%12), 1+n%28, 0, 0, 0, 0, time.UTC))
			if n%5 == 0 {
				claimed := 21
				r.Coalition = &index.Coalition{Role: vocabulary.Roles[n%3].Value, Action: "letter", Leads: []string{r.Office}, Members: []string{"AK", "AL", r.Office},
					Claimed: &claimed, ClaimedWords: "coalition of 21 states", Others: []index.Participant{{Name: "City of Lanternford", Type: "city"}}}
			}
			if n%7 == 3 {
				r.Published, r.PublishedPrecision, r.PublishedSource, r.PublishedNote = "", "", "", "the page gives no date"
			}
		}))
	}
	f.releases[1].Presence = index.Presence{State: "gone", Since: testNow.AddDate(0, -1, 0), Cause: "404"}
	f.releases[2].Presence.State = "missing"
	now := f.releases[3]
	now.Version = 2
	f.older[now.ID] = []index.Release{f.releases[3]}
	f.older[now.ID][0].Title = "An earlier title"
	f.releases[3] = now
	f.releases = append(f.releases, hostileRelease(), index.Release{Summary: index.Summary{ID: "gu-000000000000", Office: "GU"}})
	for i, r := range f.releases {
		f.changes = append(f.changes, index.Change{Sequence: int64(i + 1), ReleaseID: r.ID, Version: r.Version, Kind: index.ChangeNew, Time: testNow.Add(time.Duration(i-50) * time.Hour)})
	}
	expected := 12.4
	f.passes = []index.Pass{
		{Office: "VA", Started: testNow, Ended: testNow.Add(-time.Hour), Outcome: "ok", Found: 20, Fresh: 12, Expected: &expected},
		{Office: "OH", Started: testNow, Ended: testNow.Add(-time.Hour), Outcome: "refused", Reason: hostile},
	}
	return f
}

// hostileRelease has markup wherever text is.
func hostileRelease() index.Release {
	return indextest.Release("NY", 999, func(r *index.Release) {
		status, claimed := 200, -3
		r.Title, r.Text, r.Markdown = hostile, hostile+"\n\nsecond", "# "+hostile+"\n\n[x](javascript:alert(3)) [y](https://ok.example/?a=1&b=\"2) ![z](https://evil.example/p.png)\n\n"+hostile
		r.URL = `javascript:alert(4)`
		r.Tags = []string{hostile}
		r.Topics = []string{hostile}
		r.Kinds = []string{hostile}
		r.Language = `x" onload="alert(5)`
		r.PublishedNote = hostile
		r.Candidates = []index.DateCandidate{{Date: "2020-01-01", Source: hostile, AsWritten: hostile}, {Date: "x", Source: "page", AsWritten: hostile}}
		r.Evidence = []index.Evidence{{Field: hostile, Value: hostile, Rule: hostile, Quote: hostile}}
		r.AttorneyGeneral = &index.AttorneyGeneral{Name: hostile, Party: hostile, Acting: true, Certainty: "memory"}
		r.Coalition = &index.Coalition{Role: hostile, Action: hostile, Leads: []string{hostile}, Members: []string{hostile}, Claimed: &claimed, ClaimedWords: hostile, Others: []index.Participant{{Name: hostile, Type: hostile}}}
		r.Attachments = []index.Attachment{{URL: "javascript:alert(6)", Title: hostile, Role: hostile, State: hostile}, {URL: "https://ok.example/a.pdf"}}
		r.Presence = index.Presence{State: "gone"}
		r.Capture = &index.CaptureRef{Captured: testNow, URL: hostile, Status: &status, Origin: hostile, File: hostile, SHA256: hostile}
	})
}

// site is a server over the test archive.
type testSite struct {
	http.Handler
	store  *fakeStore
	engine *fakeEngine
	log    *strings.Builder
}

func newSite(t testing.TB, changes ...func(*Options)) *testSite {
	t.Helper()
	store := archive()
	engine := &fakeEngine{store: store}
	log := &strings.Builder{}
	now := func() time.Time { return testNow }
	o := Options{
		Searcher: index.Searcher{Store: store, Log: store, Engine: engine, Highlight: fakeHighlight, Advise: suggest.Adviser(engine), Now: now},
		Store:    store, BaseURL: "https://agora.example", Logger: slog.New(slog.NewTextHandler(log, nil)), Now: now, Version: "test",
	}
	for _, change := range changes {
		change(&o)
	}
	handler, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &testSite{Handler: handler, store: store, engine: engine, log: log}
}

// ask sends a request and returns the answer.
func (s *testSite) ask(method, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), method, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}
