package pages

import (
	"context"
	"slices"
	"strings"
	"time"

	"agora/index"
	"agora/server/api"
	"agora/server/refine"
	"agora/server/wording"
)

// SourcePage is how one office is collected: its last passes, and what came of its
// addresses.
type SourcePage struct {
	Frame
	Contradictions []Contradiction // the newest releases that name another attorney general than the catalogue

	Code, Name string
	StateURL   string
	Health     HealthView
	Meaning    string // of its condition
	Strategy   string
	Source     Link // address in use; without URL where it is none to follow
	Robots     string
	Facts      []Pair
	Passes     []PassRow
	Visits     []VisitRow
	JSON       string
}

// Template names the page's template.
func (SourcePage) Template() string { return "source.html" }

// PassRow is a pass in words.
type PassRow struct {
	Began    wording.Moment
	Took     string
	Strategy string
	Full     bool
	Found    string
	Expected string // found of what was likely; "" where nothing was
	New      string
	Edited   string
	Failed   string
	Class    string // current, failing, stale or never
	Outcome  string
	Reason   string
	Read     string // how well the pages that were read were filled
}

// VisitRow is how many addresses of a kind have an outcome.
type VisitRow struct{ Kind, Outcome, Count string }

// Source shows how one office is collected.
func (s *Pages) Source(ctx context.Context, code string) (Page, error) {
	office, err := officeAt(code, refine.SourcePath)
	if err != nil {
		return nil, err
	}
	all, err := s.holdings.Totals(ctx)
	if err != nil {
		return nil, err
	}
	passes, err := api.LatestPasses(ctx, s.store, office.Code, api.MaxPasses)
	if err != nil {
		return nil, err
	}
	visits, err := s.store.VisitCounts(ctx)
	if err != nil {
		return nil, err
	}
	contradictions, err := s.contradictions(ctx, office.Code)
	if err != nil {
		return nil, err
	}
	o, now := all.Office(office.Code), s.now()
	p := &SourcePage{
		Contradictions: contradictions,
		Frame:          Frame{Title: office.Name + ", how it is collected", Path: refine.SourcePath(office.Code), Description: "The last passes over the site of the attorney general of " + office.Name + ", and what came of them."},
		Code:           office.Code, Name: office.Name, StateURL: refine.StatePath(office.Code), Health: healthView(all, o, now),
		Strategy: wording.Strategy(o.Strategy), Source: sourceLink(o.Source), Robots: wording.Robots(o.Robots), Facts: sourceFacts(o),
		Visits: visitRows(visits, office.Code), JSON: "/api/v1/offices/" + office.Code + "/passes",
	}
	if meaning := wording.ConditionOf(o.Health, o.Cause).Meaning; p.Health.Class == string(index.HealthFailing) && meaning != p.Health.Detail {
		p.Meaning = wording.Sentence(meaning)
	}
	asleep, _ := wording.Asleep(all.Collector, all.Alive, now)
	for i, pass := range passes {
		p.Passes = append(p.Passes, passRow(pass, i == 0 && asleep == "", now))
	}
	return p, nil
}

// sourceFacts says what is held of an office and what its last pass found.
func sourceFacts(o api.Office) []Pair {
	facts := []Pair{{"Held", wording.Counted(o.Held, "release", "releases")}}
	if o.Newest != "" {
		facts = append(facts, Pair{"Newest", wording.DateText(o.Newest, "day")})
	}
	if o.LastPass != nil {
		facts = append(facts, Pair{"Last pass", wording.MomentOf(*o.LastPass).Text})
	}
	if said := wording.FoundOf(o.Fresh, o.Expected); said != "" {
		facts = append(facts, Pair{"Found of what was likely of late", said})
	}
	return facts
}

// sourceLink splits the kind off a source's address.
func sourceLink(source string) Link {
	_, address, ok := strings.Cut(source, " ")
	if !ok {
		address = source
	}
	return Link{Text: wording.Shorten(address, 200), URL: wording.WebAddress(address)}
}

// passRow describes a pass; under way tells whether one that has not ended can be taken
// for running.
func passRow(p index.Pass, underWay bool, now time.Time) PassRow {
	row := PassRow{
		Began: wording.MomentOf(p.Started), Strategy: wording.Strategy(p.Strategy), Full: p.Full, Found: wording.Number(p.Found),
		New: wording.Number(p.New), Edited: wording.Number(p.Edited), Failed: wording.Number(p.Failed), Reason: wording.Shorten(p.Reason, wording.LongestReason),
	}
	if said := wording.FoundOf(&p.Fresh, p.Expected); said != "" {
		row.Expected = said + " expected"
	}
	if p.Fill.Pages > 0 {
		row.Read = wording.Counted(p.Fill.Pages, "page", "pages") + " read: " + wording.Number(p.Fill.Titled) + " with a title, " + wording.Number(p.Fill.Dated) + " with a date"
		if p.Fill.Shortened > 0 {
			row.Read += ", " + wording.Number(p.Fill.Shortened) + " much shorter than before"
		}
	}
	switch {
	case p.Ended.IsZero() && underWay:
		row.Class, row.Outcome, row.Took = "never", "Under way", wording.Span(now.Sub(p.Started))+" so far"
		return row
	case p.Ended.IsZero():
		row.Class, row.Outcome, row.Reason = "stale", "Broken off", "the collector ended before the pass did"
		return row
	}
	row.Took = wording.Span(p.Ended.Sub(p.Started))
	switch p.Outcome {
	case index.PassOK:
		row.Class, row.Outcome = string(index.HealthCurrent), "In order"
	case index.PassStopped:
		row.Class, row.Outcome = "never", "Stopped before its end"
	default:
		condition := wording.ConditionOf(index.HealthFailing, p.Outcome)
		row.Class, row.Outcome = condition.Class, condition.Label
	}
	if row.Reason == "" && row.Class == string(index.HealthFailing) {
		row.Reason = index.PassWords(p.Outcome)
	}
	return row
}

// visitRows says what came of an office's addresses, by kind, the most first; outcomes
// that mean the same to a reader are one.
func visitRows(counts []index.VisitCount, office string) []VisitRow {
	type line struct {
		kind  index.VisitKind
		words string
	}
	sums := map[line]int{}
	var lines []line
	for _, c := range counts {
		if c.Office != office {
			continue
		}
		l := line{c.Kind, index.VisitWords(c.Outcome)}
		if sums[l] == 0 {
			lines = append(lines, l)
		}
		sums[l] += c.Count
	}
	kinds := []index.VisitKind{index.VisitPage, index.VisitAttachment, index.VisitSource}
	slices.SortStableFunc(lines, func(a, b line) int {
		if a.kind != b.kind {
			return slices.Index(kinds, a.kind) - slices.Index(kinds, b.kind)
		}
		return sums[b] - sums[a]
	})
	rows := make([]VisitRow, 0, len(lines))
	for _, l := range lines {
		rows = append(rows, VisitRow{wording.VisitKind(l.kind), l.words, wording.Number(sums[l])})
	}
	return rows
}
