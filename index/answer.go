package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"agora/index/vocabulary"
)

// Hit is a release in a list of results.
type Hit struct {
	Summary
	Snippet   string   `json:"snippet"`    // HTML: <mark> around what matched, all else escaped
	TitleHTML string   `json:"title_html"` // likewise
	Score     *float64 `json:"score"`      // nil where the order is not by relevance
}

// Answer is what a question gets, whoever asks.
type Answer struct {
	Total     int               `json:"total"`
	Groups    *int              `json:"groups,omitempty"` // rows, where matters are collapsed
	Exact     bool              `json:"exact"`
	TookMS    float64           `json:"took_ms"`
	Warnings  []Warning         `json:"warnings"`
	Query     map[string]any    `json:"query"`
	Hits      []Hit             `json:"hits"`
	Facets    map[Field][]Count `json:"facets"`
	Histogram []Bar             `json:"histogram,omitzero"` // not nil where one was asked for
	Coverage  Coverage          `json:"coverage"`
	Archive   ArchiveState      `json:"archive"`
	Next      NullableString    `json:"next"`
	Advice
}

// Advice is what an asker may do next. Nothing of it has been done to the answer.
type Advice struct {
	Offers     []Offer        `json:"offers"`       // in the order of their words
	DidYouMean NullableString `json:"did_you_mean"` // q with words as they may have been meant
	Fewer      []Fewer        `json:"fewer"`        // where nothing was found, the most releases first
}

// Fewer is a question without one of its words, and how many releases it finds.
type Fewer struct {
	Without  string `json:"without"` // as typed
	Q        string `json:"q"`
	Releases int    `json:"releases"`
}

// Offer is a filter that words of a question may stand for: "texas" for the state.
type Offer struct {
	Field Field  `json:"field"`
	Value string `json:"value"`
	Label string `json:"label"`
	Words string `json:"words"` // as typed
	Rest  string `json:"rest"`  // q without them: what to search for under the filter
}

// Adviser finds advice for a question and what it found.
type Adviser func(ctx context.Context, q Query, found Found) (Advice, error)

// MaxBars bounds how far a histogram reaches beyond what was found: a day's bars for more
// than ten years, far more than a screen shows, and small beside the hits of an answer.
//
// A histogram shows zeros too. Where a query says From or To it begins with the bar of
// From and ends with that of To, else with those of the first and last dated release
// found. Where that would be more bars than these it spans what was found alone.
const MaxBars = 4000

// Coverage says how much of the field the archive keeps up with.
type Coverage struct {
	Offices int      `json:"offices"`
	Current int      `json:"current"`
	Behind  []string `json:"behind"` // postal codes
}

// ArchiveState names the archive and the snapshot that an answer was given from.
type ArchiveState struct {
	ID       string `json:"id"`
	Sequence int64  `json:"sequence"`
}

// Highlighter returns what marks in one release after the other what a query matched, as
// HTML in which all but <mark> is escaped. That is for one goroutine.
type Highlighter func(q Query) func(r Release) (title, snippet string)

// Searcher answers questions from a store and the engine that follows it. It is the one
// way from a query to an answer, for pages, API, feeds and terminal.
type Searcher struct {
	Store     Reader
	Log       ChangeLog
	Engine    Engine
	Highlight Highlighter
	Advise    Adviser // nil gives no advice
	Judged    *Judged // remembers the coverage for a while; nil judges for each answer
	Now       func() time.Time
}

// Search answers q.
func (s Searcher) Search(ctx context.Context, q Query) (Answer, error) {
	start := s.Now()
	found, err := s.Engine.Search(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	hits, err := s.hits(ctx, q, found.Matches)
	if err != nil {
		return Answer{}, err
	}
	latest, err := s.Log.Sequence(ctx)
	if err != nil {
		return Answer{}, err
	}
	coverage, err := s.Coverage(ctx)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{
		Total: found.Total, Exact: found.Exact,
		Warnings: append(slices.Clone(q.Warnings), found.Warnings...),
		Query:    q.Echo(), Hits: hits, Facets: labelled(found.Facets), Histogram: found.Histogram,
		Coverage: coverage, Archive: ArchiveState{ID: s.Store.ID(), Sequence: found.Sequence},
		Next: NullableString(found.Next),
	}
	if q.Interval != "" && answer.Histogram == nil {
		answer.Histogram = []Bar{}
	}
	if s.Advise != nil && q.Cursor == "" {
		if answer.Advice, err = s.Advise(ctx, q, found); err != nil {
			return Answer{}, err
		}
	}
	if answer.Fewer == nil {
		answer.Fewer = []Fewer{}
	}
	if answer.Offers == nil {
		answer.Offers = []Offer{}
	}
	if answer.Warnings == nil {
		answer.Warnings = []Warning{}
	}
	if q.Collapse {
		answer.Groups = &found.Groups
	}
	if found.Undated > 0 {
		answer.Warnings = append(answer.Warnings, undatedLeftOut(q, found.Undated))
	}
	if found.Sequence < latest {
		answer.Exact = false
		answer.Warnings = append(answer.Warnings, Warning{"index_behind", "The index is catching up with the archive; newer releases may be missing from these results."})
	}
	answer.TookMS = float64(s.Now().Sub(start).Microseconds()) / 1000
	return answer, nil
}

// undatedLeftOut says how many releases a span of days left out for want of a date.
func undatedLeftOut(q Query, n int) Warning {
	message := fmt.Sprintf("%d releases without a date were left out", n)
	if n == 1 {
		message = "1 release without a date was left out"
	}
	if q.From != "" || q.To != "" {
		message += "; undated=include keeps such releases"
	}
	return Warning{"undated_left_out", message + "."}
}

// hits loads and marks the releases of matches, in their order.
func (s Searcher) hits(ctx context.Context, q Query, matches []Match) ([]Hit, error) {
	ids := make([]string, len(matches))
	for i, m := range matches {
		ids[i] = m.ReleaseID
	}
	releases, err := s.Store.Releases(ctx, ids)
	if err != nil {
		return nil, err
	}
	scores := make(map[string]*float64, len(matches))
	for _, m := range matches {
		scores[m.ReleaseID] = m.Score
	}
	mark := s.Highlight(q)
	hits := make([]Hit, 0, len(releases))
	for _, r := range releases {
		title, snippet := mark(r)
		hits = append(hits, Hit{Summary: r.Summary, Snippet: snippet, TitleHTML: title, Score: scores[r.ID]})
	}
	return hits, nil
}

// passesJudged is how many of the latest passes of an office its health is judged by:
// enough to find the last success of an office that has failed for days.
const passesJudged = 50

// judgedFor is how long a coverage is remembered: passes take minutes, so nobody is told
// what is no longer so, and judging costs more than most searches.
const judgedFor = 10 * time.Second

// Judged remembers the coverage last judged. The zero Judged is empty.
type Judged struct {
	mutex    sync.Mutex
	at       time.Time
	coverage *Coverage
}

// Coverage says how much of the field the archive keeps up with, as of the last seconds.
func (s Searcher) Coverage(ctx context.Context) (Coverage, error) {
	if s.Judged == nil {
		return s.judge(ctx)
	}
	s.Judged.mutex.Lock()
	defer s.Judged.mutex.Unlock()
	now := s.Now()
	if age := now.Sub(s.Judged.at); s.Judged.coverage != nil && age >= 0 && age < judgedFor {
		return *s.Judged.coverage, nil
	}
	c, err := s.judge(ctx)
	if err == nil {
		s.Judged.at, s.Judged.coverage = now, &c
	}
	return c, err
}

// judge judges the health of all offices.
func (s Searcher) judge(ctx context.Context) (Coverage, error) {
	c := Coverage{Offices: len(vocabulary.Offices), Behind: []string{}}
	judged, err := s.Health(ctx)
	if err != nil {
		return c, err
	}
	for _, h := range judged {
		if h.Health == HealthCurrent {
			c.Current++
		} else {
			c.Behind = append(c.Behind, h.Office)
		}
	}
	slices.Sort(c.Behind)
	return c, nil
}

// Health judges every office, in the order of vocabulary.Offices.
func (s Searcher) Health(ctx context.Context) ([]OfficeHealth, error) {
	passes, err := s.Store.Passes(ctx, passesJudged)
	if err != nil {
		return nil, err
	}
	stances, err := s.Store.Stances(ctx)
	if err != nil {
		return nil, err
	}
	collector, err := s.Store.CollectorState(ctx)
	if err != nil {
		return nil, err
	}
	codes := make([]string, len(vocabulary.Offices))
	for i, o := range vocabulary.Offices {
		codes[i] = o.Code
	}
	return JudgeHealth(codes, Recorded{passes, stances, collector}, s.Now()), nil
}

// Echo returns the query as it was understood, by parameter name.
func (q Query) Echo() map[string]any {
	echo := map[string]any{"q": q.Text, "sort": q.Sort, "limit": q.Limit}
	for _, f := range q.Filters {
		values := slices.Clone(f.Include)
		for _, v := range f.Exclude {
			values = append(values, "-"+v)
		}
		echo[string(f.Field)] = values
	}
	for name, day := range map[string]Date{"from": q.From, "to": q.To} {
		if day != "" {
			echo[name] = day
		}
	}
	for name, t := range map[string]time.Time{"added_from": q.AddedFrom, "changed_from": q.ChangedFrom} {
		if !t.IsZero() {
			echo[name] = t
		}
	}
	if q.IncludeUndated {
		echo["undated"] = "include"
	}
	if q.Collapse {
		echo["collapse"] = "matter"
	}
	return echo
}

// labelled adds to every count what people call its value.
func labelled(facets map[Field][]Count) map[Field][]Count {
	for field, counts := range facets {
		for i := range counts {
			if counts[i].Label == "" {
				counts[i].Label = ValueLabel(field, counts[i].Value)
			}
		}
	}
	if facets == nil {
		return map[Field][]Count{}
	}
	return facets
}

// ValueLabel returns what people call a value of a field; years and languages are their
// own labels, given as "".
func ValueLabel(field Field, value string) string {
	switch field {
	case FieldState, FieldLead, FieldMember, FieldJoined, FieldInvolves:
		if o, ok := vocabulary.OfficeByCode(value); ok {
			return o.Name
		}
	case FieldTopic:
		if t, ok := vocabulary.TopicBySlug(value); ok {
			return t.Label
		}
	case FieldKind:
		return vocabulary.Label(vocabulary.Kinds[:], value)
	case FieldRole:
		return vocabulary.Label(vocabulary.Roles[:], value)
	case FieldAction:
		return vocabulary.Label(vocabulary.Actions[:], value)
	case FieldParty:
		return vocabulary.Label(vocabulary.Parties[:], value)
	case FieldPresence:
		return vocabulary.Label(vocabulary.Presences[:], value)
	case FieldAgency:
		if a, ok := vocabulary.AgencyBySlug(value); ok {
			return a.Label
		}
	case FieldCompany:
		return strings.ReplaceAll(value, "-", " ")
	case FieldYear, FieldLanguage:
	}
	return ""
}
