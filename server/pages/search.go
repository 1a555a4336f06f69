package pages

import (
	"context"
	"errors"
	"html/template"
	"slices"
	"strings"

	"agora/index"
	"agora/index/query"
	"agora/index/vocabulary"
	"agora/server/api"
	"agora/server/refine"
	"agora/server/wording"
)

// SearchPage is the search box with what it found.
type SearchPage struct {
	Frame
	Landing  bool // nothing is asked yet
	Hidden   []refine.Parameter
	Meant    Link        // the question as it may have been meant; empty where nothing better is known
	Offers   []OfferLink // filters that words of the question may stand for
	Count    string
	Order    string // how the results are sorted, in words
	Warnings []Notice
	Sorts    []refine.SortLink
	Chips    []refine.Chip
	ClearURL string
	Timeline *refine.Timeline
	Facets   []refine.Facet
	Dates    DateForm
	Hits     []HitView
	Next     string
	First    string // of the same search; "" on the first page
	Empty    *EmptyHelp
	Data     []Link // the complete result for programs; none where it is empty
	Coverage CoverageNote
}

// Template names the page's template.
func (SearchPage) Template() string { return "search.html" }

// DateForm asks for days from and to.
type DateForm struct {
	From, To string
	Undated  bool // kept
	Hidden   []refine.Parameter
}

// EmptyHelp says why nothing was found and what may help.
type EmptyHelp struct {
	Read    string        // how the words were read; "" without words
	Removes []refine.Chip // searches that lack one restriction each
	Words   string        // the search with the words alone, "" where nothing else restricts
	Fewer   []Link        // searches that lack a word each, and what they find
}

// CoverageNote says what the archive holds and lacks.
type CoverageNote struct {
	Releases string
	With     string
	Current  int
	Offices  int
	Behind   string // names of the offices it does not keep up with, where they are few
}

// HitView is a release in a list.
type HitView struct {
	URL      string
	Title    template.HTML
	Snippet  template.HTML
	Language string
	Code     string
	State    string
	StateURL string
	Day      wording.Day
	Topics   []Link
	Kinds    []string
	Badges   []Badge
	Matter   Link // the page of the action that several releases tell
}

// Link is a text that leads somewhere.
type Link struct{ Text, URL string }

// OfferLink narrows a search to a filter in place of some of its words.
type OfferLink struct {
	Link
	Title string // what happens
}

// Notice tells how a question was read or what its answer lacks, and what to do about it.
type Notice struct {
	Text  string
	Link  Link   // empty where there is nothing to do
	Class string // how grave it is: missing, gone, or "" for neither
}

// Badge is a short remark on a release.
type Badge struct{ Text, Class, Title string }

// Search shows what the question in the query of an address finds; without one, the
// newest releases.
func (s *Pages) Search(ctx context.Context, raw string) (Page, error) {
	v, unreadable := api.Parameters(raw)
	q, err := query.FromValues(v, false)
	if err != nil {
		return nil, err
	}
	for _, said := range unreadable {
		q.Warnings = append(q.Warnings, index.Warning{Code: "unreadable_parameter", Message: wording.Sentence(said) + " It was left out."})
	}
	l := refine.New(q)
	q.Facets = refine.ShownFacets()
	answer, err := s.searcher.Search(ctx, q)
	if q.Cursor != "" && (errors.Is(err, index.ErrCursorExpired) || errors.Is(err, index.ErrInvalid)) {
		q.Cursor = ""
		q.Warnings = append(q.Warnings, index.Warning{Code: "cursor_expired", Message: "That page of results is no longer held; this is the first page."})
		answer, err = s.searcher.Search(ctx, q)
	}
	if err != nil {
		return nil, err
	}
	held, err := s.holdings.Totals(ctx)
	if err != nil {
		return nil, err
	}
	p := &SearchPage{
		Frame:   Frame{Title: searchTitle(q), Query: q.Text, OwnSearch: true},
		Landing: q.Cursor == "" && len(l.Without("sort", "limit")) == 1,
		Hidden:  l.Hidden("q"), Count: countText(answer), Order: orderText(q.Sort),
		Sorts: refine.Sorts(l), Chips: refine.Chips(l), ClearURL: l.Cleared(),
		Timeline: refine.NewTimeline(answer.Facets[index.FieldYear], q.Filter(index.FieldYear).Include, func(year string) string { return l.Toggle(index.FieldYear, year) }),
		Facets:   refine.Facets(l, answer.Facets),
		Dates:    DateForm{From: string(q.From), To: string(q.To), Undated: q.IncludeUndated, Hidden: l.Hidden("from", "to", "undated")},
		Hits:     hits(answer.Hits), Coverage: coverage(held, answer.Coverage),
	}
	p.advise(l, answer.Advice)
	if p.Landing {
		p.Path = "/"
		p.Description = "Full-text search in the press releases of all attorneys general of the United States."
	} else {
		p.NoIndex = true
	}
	p.Warnings = notices(l, answer.Warnings)
	if answer.Total > 0 {
		p.Data = []Link{{"CSV", l.Data("/api/v1/export.csv")}, {"JSONL", l.Data("/api/v1/export.jsonl")}, {"this page as JSON", l.Data("/api/v1/releases")}}
	}
	if answer.Next != "" {
		p.Next = l.Next(string(answer.Next))
	}
	if q.Cursor != "" {
		p.First = l.First()
	}
	if answer.Total == 0 {
		p.Empty = emptyHelp(q, l, p.Chips)
		for _, f := range answer.Fewer {
			words := "Without “" + wording.Shorten(f.Without, maxMeant) + "”: " + wording.Counted(f.Releases, "release", "releases")
			p.Empty.Fewer = append(p.Empty.Fewer, Link{words, l.With("q", f.Q)})
		}
	}
	return p, nil
}

// advise shows what may be asked instead.
func (p *SearchPage) advise(l refine.Links, advice index.Advice) {
	if meant := string(advice.DidYouMean); meant != "" {
		p.Meant = Link{wording.Shorten(meant, maxMeant), l.With("q", meant)}
	}
	for _, o := range advice.Offers {
		title := wording.FieldLabel(o.Field) + ": " + o.Label + ", in place of the words “" + wording.Shorten(o.Words, maxMeant) + "”"
		p.Offers = append(p.Offers, OfferLink{Link{o.Label, l.Offered(o)}, title})
	}
}

// maxMeant bounds the letters of a question that a link shows.
const maxMeant = 120

// searchTitle names a search for the window's title.
func searchTitle(q index.Query) string {
	words := []string{}
	if q.Text != "" {
		words = append(words, wording.Shorten(q.Text, 80))
	}
	for _, f := range q.Filters {
		for _, v := range f.Include {
			words = append(words, wording.ValueLabel(f.Field, v))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return wording.Shorten(strings.Join(words, " · "), 140)
}

// countText says how many were found, and no more than is known.
func countText(a index.Answer) string {
	said := wording.Counted(a.Total, "release", "releases")
	switch {
	case !a.Exact:
		return "At least " + said
	case a.Total == 0:
		return "No releases"
	case a.Groups != nil:
		return said + " in " + wording.Counted(*a.Groups, "row", "rows")
	}
	return said
}

func orderText(s index.Sort) string {
	switch s {
	case index.SortRelevance:
		return "best matches first"
	case index.SortOldest:
		return "oldest first"
	case index.SortAdded:
		return "latest added to the archive first"
	case index.SortChanged:
		return "latest changed first"
	case index.SortNewest:
	}
	return "newest first"
}

// notices puts warnings into words for a page: what the API names a parameter for, a page
// offers a link for, and nothing is said twice.
func notices(l refine.Links, warnings []index.Warning) []Notice {
	var list []Notice
	for _, w := range warnings {
		n := Notice{Text: w.Message}
		if w.Code == "undated_left_out" {
			before, _, _ := strings.Cut(w.Message, ";")
			n = Notice{Text: wording.Sentence(before), Link: Link{"Keep undated releases", l.With("undated", "include")}}
			if slices.ContainsFunc(list, func(said Notice) bool { return said.Link == n.Link }) {
				continue
			}
		}
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// emptyHelp offers ways on where nothing was found.
func emptyHelp(q index.Query, l refine.Links, active []refine.Chip) *EmptyHelp {
	help := &EmptyHelp{Removes: active}
	if q.Root != nil {
		help.Read = wording.Describe(q.Root)
	}
	if q.Text != "" {
		help.Words = l.Cleared()
	}
	return help
}

// fewBehind is how many offices a note names before it only counts them.
const fewBehind = 4

// coverage says what the archive has and has not.
func coverage(h *api.Totals, c index.Coverage) CoverageNote {
	note := CoverageNote{
		Releases: wording.Counted(h.Releases, "release", "releases"), With: wording.Counted(h.With, "office", "offices"),
		Current: c.Current, Offices: c.Offices,
	}
	if len(c.Behind) > 0 && len(c.Behind) <= fewBehind {
		names := make([]string, len(c.Behind))
		for i, code := range c.Behind {
			names[i] = wording.StateName(code)
		}
		note.Behind = wording.Join(names)
	}
	return note
}

// hits describes releases for a list.
func hits(list []index.Hit) []HitView {
	views := make([]HitView, 0, len(list))
	for i := range list {
		h := &list[i]
		v := HitView{
			URL: index.ReleasePath(h.ID), Title: wording.Marked(h.TitleHTML), Snippet: wording.Marked(h.Snippet), Language: string(h.Language),
			Code: h.Office, State: wording.StateName(h.Office), StateURL: refine.StatePath(h.Office), Day: wording.DayOf(&h.Summary), Badges: badges(&h.Summary),
		}
		if strings.TrimSpace(h.TitleHTML) == "" {
			v.Title = "Untitled release"
		}
		if m := h.Matter; m != nil {
			v.Matter = Link{"Told by " + wording.Counted(m.Releases, "release", "releases"), index.MatterPath(m.ID)}
		}
		for _, topic := range h.Topics {
			v.Topics = append(v.Topics, Link{wording.ValueLabel(index.FieldTopic, topic), refine.TopicPath(topic)})
		}
		for _, kind := range h.Kinds {
			v.Kinds = append(v.Kinds, wording.ValueLabel(index.FieldKind, kind))
		}
		views = append(views, v)
	}
	return views
}

// badges says what is special about a release.
func badges(r *index.Summary) []Badge {
	var list []Badge
	switch r.Presence.State {
	case "gone":
		list = append(list, Badge{"Gone from the office’s site", "gone", "Last confirmed " + wording.MomentOf(r.LastSeen).Text})
	case "missing":
		list = append(list, Badge{"Missing from the office’s site", "missing", "Could not be fetched since " + wording.MomentOf(r.Presence.Since).Text})
	}
	if c := r.Coalition; c != nil {
		list = append(list, Badge{coalitionText(c), "coalition", c.ClaimedWords})
	}
	if r.Version > 1 {
		list = append(list, Badge{"Version " + wording.Number(r.Version), "edited", "The office changed this release after it was first seen"})
	}
	return list
}

// coalitionText says in a few words what part the office has in a coalition: with the
// number it claims, or else the number it names.
func coalitionText(c *index.Coalition) string {
	said := vocabulary.Label(vocabulary.Roles[:], c.Role) + " a coalition"
	switch {
	case c.Claimed != nil:
		said += " of " + wording.Number(*c.Claimed)
	case len(c.Members) > 1:
		said += " of " + wording.Number(len(c.Members))
	}
	return said
}
