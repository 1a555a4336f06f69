package matter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"agora/index"
	"agora/server/pages"
	"agora/server/refine"
	"agora/server/wording"
)

// Page is one action that several offices tell.
type Page struct {
	pages.Frame
	ID        string
	Name      string // title of the first telling
	Language  string
	Span      string // "July 22 to 25, 2025"
	First     string // who told it first, in a sentence
	Topics    []pages.Link
	Tellings  []Telling
	Coalition *Coalition
	Search    string // its releases as a search
	JSON      string
}

// Template names the page's template.
func (Page) Template() string { return "matter.html" }

// Telling is a release of the matter.
type Telling struct {
	Code, State, StateURL string
	Title, Language, URL  string
	Day                   wording.Day
	Seen                  string // when it was seen, where that says something
	Part                  string // that the office has in it, by its own words
	Twins                 []pages.Link
	IsFirst               bool
	Difference            *Difference // against the first; nil for that, and where it is not made
}

// mostCompared is how many tellings are compared with the first on one page.
const mostCompared = 16

// Store is what the page is made from.
type Store interface {
	Matter(ctx context.Context, id string) (index.Matter, error)
	Releases(ctx context.Context, ids []string) ([]index.Release, error)
}

// New makes the page of a matter; one that was merged, or typed in capitals, moved.
func New(ctx context.Context, store Store, id string) (pages.Page, error) {
	m, err := store.Matter(ctx, id)
	if lower := strings.ToLower(id); lower != id && errors.Is(err, index.ErrNotFound) {
		return nil, &pages.Moved{Path: index.MatterPath(url.PathEscape(lower))}
	}
	if err != nil {
		return nil, pages.Held("matter", id, err)
	}
	if m.ID != id {
		return nil, &pages.Moved{Path: index.MatterPath(m.ID)}
	}
	tellings, err := store.Releases(ctx, m.Releases)
	if err != nil {
		return nil, err
	}
	twins, err := store.Releases(ctx, m.Twins)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(tellings, func(a, b index.Release) int {
		return cmp.Or(strings.Compare(dayOf(&a), dayOf(&b)), seenOrder(&a, &b), joined(&a)-joined(&b), strings.Compare(a.ID, b.ID))
	})
	p := &Page{
		Frame: pages.Frame{Title: m.Title, Description: "One action as " + wording.Counted(len(m.Releases), "release tells", "releases tell") + " it.", Path: index.MatterPath(m.ID)},
		ID:    m.ID, Name: cmp.Or(m.Title, "Untitled matter"), Span: spanText(m.First, m.Last), First: firstText(tellings),
		Coalition: coalitionOf(tellings), JSON: "/api/v1/matters/" + m.ID,
	}
	for _, t := range m.Topics {
		p.Topics = append(p.Topics, pages.Link{Text: wording.ValueLabel(index.FieldTopic, t), URL: refine.TopicPath(t)})
	}
	for i := range tellings {
		p.Tellings = append(p.Tellings, tellingOf(&tellings[i], &tellings[0], i, twins))
	}
	if len(tellings) > 0 {
		p.Language = string(tellings[0].Language)
	}
	return p, nil
}

// tellingOf describes the telling at a place in the list.
func tellingOf(r, first *index.Release, at int, twins []index.Release) Telling {
	t := Telling{
		Code: r.Office, State: wording.StateName(r.Office), StateURL: refine.StatePath(r.Office), Title: cmp.Or(r.Title, "Untitled release"),
		Language: string(r.Language), URL: index.ReleasePath(r.ID), Day: wording.DayOf(&r.Summary), IsFirst: at == 0,
	}
	if c := r.Coalition; c != nil {
		t.Part = map[string]string{"led": "leads", "co-led": "co-leads", "joined": "joins"}[c.Role]
	}
	if !r.Backfill {
		t.Seen = "seen " + wording.MomentOf(r.FirstSeen).Text
	}
	for i := range twins {
		if twins[i].Office == r.Office {
			t.Twins = append(t.Twins, pages.Link{Text: "in " + languageName(string(twins[i].Language)), URL: index.ReleasePath(twins[i].ID)})
		}
	}
	if at > 0 && at <= mostCompared && r.Language == first.Language {
		d := compare(first.Text, r.Text)
		t.Difference = &d
	}
	return t
}

func languageName(code string) string {
	if code == "es" {
		return "Spanish"
	}
	return cmp.Or(code, "another language")
}

// dayOf is the day that a telling counts with.
func dayOf(r *index.Release) string {
	if r.Published == "" {
		return string(index.DateOf(r.Added.UTC()))
	}
	return string(r.Published)
}

// seenOrder orders two tellings of a day by when they were seen live; 0 where one was not.
func seenOrder(a, b *index.Release) int {
	if a.Backfill || b.Backfill {
		return 0
	}
	return a.FirstSeen.Compare(b.FirstSeen)
}

func joined(r *index.Release) int {
	if r.Coalition != nil && r.Coalition.Role != "joined" {
		return 0
	}
	return 1
}

// firstText says who told it first: by days, and within a day by hours only where all that
// told it that day were seen live.
func firstText(tellings []index.Release) string {
	if len(tellings) < 2 {
		return ""
	}
	day := dayOf(&tellings[0])
	same := slices.IndexFunc(tellings, func(r index.Release) bool { return dayOf(&r) != day })
	if same < 0 {
		same = len(tellings)
	}
	name := wording.StateName(tellings[0].Office)
	if same == 1 {
		return name + " told it first, " + gap(day, dayOf(&tellings[1])) + " before " + wording.StateName(tellings[1].Office) + "."
	}
	live := !slices.ContainsFunc(tellings[:same], func(r index.Release) bool { return r.Backfill })
	if apart := tellings[1].FirstSeen.Sub(tellings[0].FirstSeen); live && apart >= time.Hour {
		return fmt.Sprintf("%s was seen to tell it first, about %s before %s, on the same day.", name, wording.Span(apart), wording.StateName(tellings[1].Office))
	}
	names := make([]string, same)
	for i := range names {
		names[i] = wording.StateName(tellings[i].Office)
	}
	if same > 4 {
		return wording.Number(same) + " offices told it first, on the same day."
	}
	return wording.Join(names) + " told it first, on the same day."
}

// gap is how many days lie between two.
func gap(from, to string) string {
	a, err := time.Parse(time.DateOnly, from)
	b, failed := time.Parse(time.DateOnly, to)
	if err != nil || failed != nil {
		return "some days"
	}
	return wording.Counted(int(b.Sub(a).Hours()/24), "day", "days")
}

// spanText is from when to when it was told.
func spanText(first, last index.Date) string {
	from, to := wording.DateText(first, "day"), wording.DateText(last, "day")
	switch first {
	case "":
		return ""
	case last:
		return from
	}
	return from + " to " + to
}
