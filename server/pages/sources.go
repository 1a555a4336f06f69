package pages

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"agora/index"
	"agora/server/api"
	"agora/server/refine"
	"agora/server/wording"
)

// SourcesPage is what is held of every office and how well it is kept up with.
type SourcesPage struct {
	Frame
	Releases string
	With     int
	Offices  int
	Undated  string
	Gone     string
	Tallies  []Tally
	Sorts    []refine.SortLink
	Rows     []SourceRow
}

// Template names the page's template.
func (SourcesPage) Template() string { return "sources.html" }

// Tally is how many offices are in a state of health.
type Tally struct {
	Class, Text string
	Count       int
}

// SourceRow is an office.
type SourceRow struct {
	Code, Name, URL string
	Held, Undated   string
	Newest          wording.Day
	Expected        string // what the last pass found of what was likely
	Health          HealthView
}

// Sources lists all offices in an order: state, health, held or newest.
func (s *Pages) Sources(ctx context.Context, by string) (Page, error) {
	all, err := s.holdings.get(ctx)
	if err != nil {
		return nil, err
	}
	offices, by := sortOffices(all.Offices, by)
	p := &SourcesPage{
		Frame:    Frame{Title: "Sources", Path: "/sources", Description: "What the archive holds of every attorney general’s office, and how well it keeps up."},
		Releases: wording.Counted(all.Releases, "release", "releases"), With: all.With, Offices: len(all.Offices),
		Tallies: []Tally{
			{"current", "current", all.Current}, {"failing", "failing", all.Failing},
			{"stale", "not asked lately", all.Stale}, {"never", "never crawled", all.Never},
		},
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
		p.Rows = append(p.Rows, sourceRow(o))
	}
	return p, nil
}

// sortOffices orders a copy of the offices; an order that is not known is that by state.
func sortOffices(offices []api.Office, by string) (sorted []api.Office, used string) {
	sorted = slices.Clone(offices)
	worst := []index.Health{index.HealthFailing, index.HealthStale, index.HealthNever, index.HealthCurrent}
	switch by {
	case "held":
		slices.SortStableFunc(sorted, func(a, b api.Office) int { return cmp.Compare(b.Held, a.Held) })
	case "newest":
		slices.SortStableFunc(sorted, func(a, b api.Office) int { return strings.Compare(string(b.Newest), string(a.Newest)) })
	case "health":
		slices.SortStableFunc(sorted, func(a, b api.Office) int {
			return cmp.Compare(slices.Index(worst, a.Health), slices.Index(worst, b.Health))
		})
	default:
		by = "state"
	}
	return sorted, by
}

// sourceRow describes an office.
func sourceRow(o api.Office) SourceRow {
	row := SourceRow{
		Code: o.Code, Name: o.Name, URL: refine.StatePath(o.Code), Held: wording.Number(o.Held), Undated: wording.Number(o.Undated),
		Newest: wording.Day{Text: "—"}, Health: healthView(o),
	}
	if o.Newest != "" {
		row.Newest = wording.Day{Text: wording.DateText(o.Newest, "day"), ISO: string(o.Newest)}
	}
	if o.Found != nil {
		row.Expected = "last pass found " + wording.Number(*o.Found)
		if o.Expected != nil {
			row.Expected += fmt.Sprintf(" of about %.0f expected", *o.Expected)
		}
	}
	return row
}
