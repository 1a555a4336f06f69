package pages

import (
	"context"
	"strings"

	"agora/index"
	"agora/index/vocabulary"
	"agora/server/api"
	"agora/server/refine"
	"agora/server/wording"
)

// latestShown is how many releases a state's or a topic's page lists.
const latestShown = 10

// Bar is a line of a bar chart: a value, its count and a bar in percent of the longest.
type Bar struct {
	Label string
	URL   string
	Count string
	Width string
}

// StatePage is what is held of one office.
type StatePage struct {
	Frame
	Code      string
	Name      string
	Releases  string
	Facts     []Pair
	Health    HealthView
	Timeline  *refine.Timeline
	Topics    *Trends
	Kinds     []Bar
	Joined    string // search for coalitions that involve the office
	Latest    []HitView
	SearchURL string
	SourceURL string // how it is collected
}

// Template names the page's template.
func (StatePage) Template() string { return "state.html" }

// Pair is a fact in words.
type Pair struct{ Name, Value string }

// State shows what is held of one office.
func (s *Pages) State(ctx context.Context, code string) (Page, error) {
	office, err := officeAt(code, refine.StatePath)
	if err != nil {
		return nil, err
	}
	answer, err := s.searcher.Search(ctx, index.Query{
		Filters: []index.Filter{{Field: index.FieldState, Include: []string{office.Code}}},
		Sort:    index.SortNewest, Limit: latestShown, Facets: []index.Field{index.FieldTopic, index.FieldKind, index.FieldYear},
	})
	if err != nil {
		return nil, err
	}
	all, err := s.holdings.Totals(ctx)
	if err != nil {
		return nil, err
	}
	o := all.Office(office.Code)
	p := &StatePage{
		Frame: Frame{Title: office.Name, Path: refine.StatePath(office.Code), Description: "Press releases of the attorney general of " + office.Name + " in the archive."},
		Code:  office.Code, Name: office.Name, Releases: wording.Counted(answer.Total, "release", "releases"), Health: healthView(all, o, s.now()),
		Facts:  officeFacts(o),
		Joined: refine.FilterPath("involves", office.Code, "q", "is:multistate"), SearchURL: refine.FilterPath("state", office.Code), SourceURL: refine.SourcePath(office.Code),
		Latest: hits(answer.Hits),
		Timeline: refine.NewTimeline(answer.Facets[index.FieldYear], nil, func(year string) string {
			return refine.FilterPath("state", office.Code, "year", year)
		}),
		Kinds: bars(answer.Facets[index.FieldKind], index.FieldKind, 8, func(v string) string { return refine.FilterPath("state", office.Code, "kind", v) }),
	}
	p.Topics, err = s.trends(ctx, index.Filter{Field: index.FieldState, Include: []string{office.Code}}, index.FieldTopic,
		answer.Facets[index.FieldTopic], answer.Facets[index.FieldYear], trendsShown, func(topic, year string) string {
			return yearly(year, "state", office.Code, "topic", topic)
		})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// trendsShown is how many values are drawn by year.
const trendsShown = 12

// yearly is the search for values of fields, and for a year unless it is "".
func yearly(year string, pairs ...string) string {
	if year != "" {
		pairs = append(pairs, "year", year)
	}
	return refine.FilterPath(pairs...)
}

// officeAt finds the office of an address made by path: by its code, or sends those on who
// wrote the code in small letters or the name of the state.
func officeAt(code string, path func(code string) string) (vocabulary.Office, error) {
	office, ok := vocabulary.OfficeByCode(code)
	if !ok {
		if named, found := vocabulary.OfficeByName(strings.ReplaceAll(code, "-", " ")); found {
			return named, &Moved{path(named.Code)}
		}
		return office, &NotHeld{"office", code, index.ErrNotFound}
	}
	if office.Code != code {
		return office, &Moved{path(office.Code)}
	}
	return office, nil
}

// officeFacts says what is held of an office.
func officeFacts(o api.Office) []Pair {
	facts := []Pair{{"Held", wording.Counted(o.Held, "release", "releases")}}
	if o.Newest != "" {
		facts = append(facts, Pair{"Newest", wording.DateText(o.Newest, "day")}, Pair{"Oldest", wording.DateText(o.Oldest, "day")})
	}
	if o.Undated > 0 {
		facts = append(facts, Pair{"Without a date", wording.Counted(o.Undated, "release", "releases")})
	}
	if o.Gone+o.Missing > 0 {
		facts = append(facts, Pair{"Gone or missing", wording.Counted(o.Gone+o.Missing, "release", "releases")})
	}
	return facts
}

// bars draws the counts of a facet, the longest first.
func bars(counts []index.Count, field index.Field, most int, to func(value string) string) []Bar {
	top := 1
	for _, c := range counts {
		top = max(top, c.Count)
	}
	var list []Bar
	for _, c := range counts {
		if len(list) == most || c.Count == 0 {
			break
		}
		list = append(list, Bar{Label: wording.ValueLabel(field, c.Value), URL: to(c.Value), Count: wording.Number(c.Count), Width: refine.Percent(100 * float64(c.Count) / float64(top))})
	}
	return list
}

// TopicPage is what a topic means and who publishes on it.
type TopicPage struct {
	Frame
	Label    string
	About    string
	Not      string
	Instead  []Link // the topics that take what does not belong here
	Releases string
	Timeline *refine.Timeline
	States   *Trends

	MoreStates []Bar // the states after those
	Latest     []HitView
	SearchURL  string
	Coalitions string // address of the coalitions on it
}

// Template names the page's template.
func (TopicPage) Template() string { return "topic.html" }

// Topic shows one topic.
func (s *Pages) Topic(ctx context.Context, slug string) (Page, error) {
	topic, ok := vocabulary.TopicBySlug(slug)
	if !ok {
		if topic, ok = vocabulary.TopicBySlug(strings.ToLower(slug)); ok {
			return nil, &Moved{refine.TopicPath(topic.Slug)}
		}
		return nil, &NotHeld{"topic", slug, index.ErrNotFound}
	}
	answer, err := s.searcher.Search(ctx, index.Query{
		Filters: []index.Filter{{Field: index.FieldTopic, Include: []string{topic.Slug}}},
		Sort:    index.SortNewest, Limit: latestShown, Facets: []index.Field{index.FieldState, index.FieldYear},
	})
	if err != nil {
		return nil, err
	}
	not, instead := instead(topic.Not)
	states := answer.Facets[index.FieldState]
	p := &TopicPage{
		Frame: Frame{Title: topic.Label, Path: refine.TopicPath(slug), Description: "Press releases of attorneys general on " + topic.Label + ": " + topic.About + "."},
		Label: topic.Label, About: wording.Sentence(topic.About), Not: not, Instead: instead, Releases: wording.Counted(answer.Total, "release", "releases"),
		SearchURL: refine.FilterPath("topic", slug), Latest: hits(answer.Hits), Coalitions: refine.Coalitions(refine.FilterPath("topic", slug)),
		Timeline: refine.NewTimeline(answer.Facets[index.FieldYear], nil, func(year string) string { return refine.FilterPath("topic", slug, "year", year) }),
	}
	p.States, err = s.trends(ctx, index.Filter{Field: index.FieldTopic, Include: []string{slug}}, index.FieldState,
		states, answer.Facets[index.FieldYear], trendsShown, func(state, year string) string { return yearly(year, "topic", slug, "state", state) })
	if err != nil {
		return nil, err
	}
	if all := bars(states, index.FieldState, len(vocabulary.Offices), func(v string) string { return refine.FilterPath("topic", slug, "state", v) }); len(all) > trendsShown {
		p.MoreStates = all[trendsShown:]
	}
	return p, nil
}

// instead splits what does not belong to a topic from the topics named for it in
// brackets: "plain warnings (scams)".
func instead(not string) (words string, topics []Link) {
	if not == "" {
		return "", nil
	}
	words, slugs, found := strings.Cut(strings.TrimSuffix(not, ")"), " (")
	if !found {
		return wording.Sentence(not), nil
	}
	for slug := range strings.SplitSeq(slugs, ", ") {
		topic, ok := vocabulary.TopicBySlug(slug)
		if !ok {
			return wording.Sentence(not), nil
		}
		topics = append(topics, Link{topic.Label, refine.TopicPath(slug)})
	}
	return wording.Sentence(words), topics
}
