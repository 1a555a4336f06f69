package pages

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"agora/index"
	"agora/server/api"
	"agora/server/refine"
	"agora/server/wording"
)

// SourcesPage is what is held of every office and how well it is kept up with.
type SourcesPage struct {
	Frame
	Releases  string
	With      int
	Offices   int
	Undated   string
	Gone      string
	Notices   []Notice // of the collector
	Collector string   // what it says of itself, where nothing is wrong with it
	Tallies   []Tally
	Sorts     []refine.SortLink
	Rows      []SourceRow
	Legend    []wording.Condition // those that an office is in
}

// Template names the page's template.
func (SourcesPage) Template() string { return "sources.html" }

// Tally is how many offices are in a condition.
type Tally struct {
	Class, Text string
	Count       int
}

// SourceRow is an office.
type SourceRow struct {
	Code, Name, URL string
	PassesURL       string
	Held, Undated   string // Undated is "" where there is none
	Newest          wording.Day
	Found           string // of what was likely of late
	FoundNote       string
	Strategy        string
	Robots          string
	Health          HealthView
}

// Sources lists all offices in an order: state, health, held or newest.
func (s *Pages) Sources(ctx context.Context, by string) (Page, error) {
	all, err := s.holdings.Totals(ctx)
	if err != nil {
		return nil, err
	}
	now := s.now()
	_, down := wording.Asleep(all.Collector, all.Alive, now)
	offices, by := sortOffices(all.Offices, by)
	p := &SourcesPage{
		Frame:    Frame{Title: "Sources", Path: "/sources", Description: "What the archive holds of every attorney general’s office, and how well it keeps up."},
		Releases: wording.Counted(all.Releases, "release", "releases"), With: all.With, Offices: len(all.Offices),
		Notices: collectorNotices(all, now),
	}
	p.Tallies, p.Legend = tallies(all.Offices, down)
	if !all.Collector.Beat.IsZero() && len(p.Notices) == 0 {
		p.Collector = "The collector, “" + wording.Shorten(all.Collector.Agent, 200) + "”, gave its last sign of life on " + wording.MomentOf(all.Alive).Text + "."
	}
	if all.Undated > 0 {
		p.Undated = wording.Counted(all.Undated, "release", "releases")
	}
	if all.Gone > 0 {
		p.Gone = wording.Counted(all.Gone, "release", "releases")
	}
	for _, sort := range []struct{ name, label string }{{"state", "State"}, {"health", "Health"}, {"held", "Held"}, {"newest", "Newest"}} {
		link := refine.SortLink{Label: sort.label, URL: "/sources?sort=" + sort.name, Current: sort.name == by}
		if sort.name == "state" {
			link.URL = "/sources"
		}
		p.Sorts = append(p.Sorts, link)
	}
	for _, o := range offices {
		p.Rows = append(p.Rows, sourceRow(all, o, now))
	}
	return p, nil
}

// tallies count the offices by condition, those that are current first, and apart from
// that by what people decided about them; legend says what the conditions mean. down tells
// that it is the crawler that does not run.
func tallies(offices []api.Office, down bool) (list []Tally, legend []wording.Condition) {
	standing, stances := map[string]int{}, map[string]int{}
	for _, o := range offices {
		standing[wording.ConditionOf(o.Health, o.Cause).Code]++
		if o.Stance != nil {
			stances[o.Stance.State]++
		}
	}
	current := string(index.HealthCurrent)
	list = []Tally{{current, current, standing[current]}}
	for _, c := range wording.Conditions() {
		n := standing[c.Code]
		if down && c.Code == string(index.HealthStale) {
			c = wording.CrawlerDown()
		}
		if n > 0 && c.Code != current {
			list = append(list, Tally{c.Class, strings.ToLower(c.Label[:1]) + c.Label[1:], n})
		}
		if n > 0 {
			c.Meaning = wording.Sentence(c.Meaning)
			legend = append(legend, c)
		}
	}
	for _, stance := range []string{index.StancePaused, index.StanceAcknowledged} {
		if stances[stance] > 0 {
			list = append(list, Tally{"stance", "of them " + stance, stances[stance]})
		}
	}
	return list, legend
}

// sortOffices orders a copy of the offices; an order that is not known is that by state.
func sortOffices(offices []api.Office, by string) (sorted []api.Office, used string) {
	sorted = slices.Clone(offices)
	switch by {
	case "held":
		slices.SortStableFunc(sorted, func(a, b api.Office) int { return cmp.Compare(b.Held, a.Held) })
	case "newest":
		slices.SortStableFunc(sorted, func(a, b api.Office) int { return strings.Compare(string(b.Newest), string(a.Newest)) })
	case "health":
		urgency := map[string]int{}
		for i, c := range wording.Conditions() {
			urgency[c.Code] = i
		}
		rank := func(o api.Office) int {
			at := urgency[wording.ConditionOf(o.Health, o.Cause).Code]
			if !o.Unhealthy() {
				at += len(urgency) // somebody has seen to it, or there is nothing to see to
			}
			return at
		}
		slices.SortStableFunc(sorted, func(a, b api.Office) int { return cmp.Compare(rank(a), rank(b)) })
	default:
		by = "state"
	}
	return sorted, by
}

// sourceRow describes an office.
func sourceRow(all *api.Totals, o api.Office, now time.Time) SourceRow {
	row := SourceRow{
		Code: o.Code, Name: o.Name, URL: refine.StatePath(o.Code), PassesURL: refine.SourcePath(o.Code), Held: wording.Number(o.Held),
		Newest: wording.Day{Text: "—"}, Strategy: wording.Strategy(o.Strategy), Robots: wording.Robots(o.Robots), Health: healthView(all, o, now),
	}
	if o.Undated > 0 {
		row.Undated = wording.Number(o.Undated)
	}
	if o.Newest != "" {
		row.Newest = wording.Day{Text: wording.DateText(o.Newest, "day"), ISO: string(o.Newest)}
	}
	if row.Found = wording.FoundOf(o.Fresh, o.Expected); row.Found == "" {
		row.Found = "—"
		if o.Found != nil {
			row.FoundNote = "history too short"
		}
	}
	return row
}
