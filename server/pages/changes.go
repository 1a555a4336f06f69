package pages

import (
	"context"
	"html/template"
	"slices"
	"strconv"

	"agora/index"
	"agora/server/wording"
)

// ChangesPage is what happened last in the archive, newest first.
type ChangesPage struct {
	Frame
	Days  []ChangeDay
	Older string // address of what happened before; "" at the beginning
	First string // address of the latest; "" there
}

// Template names the page's template.
func (ChangesPage) Template() string { return "changes.html" }

// ChangeDay is the changes of a day.
type ChangeDay struct {
	Day   string
	Lines []ChangeLine
}

// ChangeLine is something that happened to a release.
type ChangeLine struct {
	Time     wording.Moment
	Clock    string // "15:04"
	Kind     string // of change, as in the log
	Words    string
	Code     string
	Title    template.HTML
	Language string
	URL      string
}

const (
	changesShown = 100
	// changesRead is how many entries are read at a time in search of ones to show, and
	// changesReads how often: a re-reading of the whole archive is a long run of entries
	// that are not news.
	changesRead  = 500
	changesReads = 8
)

// Changes shows the latest entries of the change log, or those below a sequence, but not
// those of re-reading.
func (s *Pages) Changes(ctx context.Context, below string) (Page, error) {
	latest, err := s.store.Sequence(ctx)
	if err != nil {
		return nil, err
	}
	before := latest + 1
	if n, malformed := strconv.ParseInt(below, 10, 64); malformed == nil && n > 0 && n < before {
		before = n
	}
	p := &ChangesPage{Frame: Frame{Title: "Latest changes", Path: "/changes", NoIndex: before <= latest}}
	if before <= latest {
		p.First = "/changes"
	}
	list, lowest, err := s.newsBefore(ctx, before)
	if err != nil {
		return nil, err
	}
	if lowest > 1 {
		p.Older = "/changes?before=" + strconv.FormatInt(lowest, 10)
	}
	if p.Days, err = s.changeDays(ctx, list); err != nil {
		return nil, err
	}
	return p, nil
}

// newsBefore returns entries below a sequence, newest first, and the lowest sequence
// that has been looked at.
func (s *Pages) newsBefore(ctx context.Context, before int64) (news []index.Change, lowest int64, err error) {
	for range changesReads {
		from := max(0, before-1-changesRead)
		read, err := s.store.Changes(ctx, from, int(before-1-from))
		if err != nil {
			return nil, 0, err
		}
		for _, c := range slices.Backward(read) {
			if c.Sequence >= before || c.Kind == index.ChangeReread {
				continue
			}
			if news = append(news, c); len(news) == changesShown {
				return news, c.Sequence, nil
			}
		}
		if before = from + 1; from == 0 {
			break
		}
	}
	return news, before, nil
}

// changeDays puts entries into words, by day.
func (s *Pages) changeDays(ctx context.Context, list []index.Change) ([]ChangeDay, error) {
	ids := make([]string, 0, len(list))
	for _, c := range list {
		if !slices.Contains(ids, c.ReleaseID) {
			ids = append(ids, c.ReleaseID)
		}
	}
	releases, err := s.store.Releases(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*index.Release, len(releases))
	for i := range releases {
		byID[releases[i].ID] = &releases[i]
	}
	var days []ChangeDay
	for _, c := range list {
		name := c.Time.UTC().Format("Monday, January 2, 2006")
		if len(days) == 0 || days[len(days)-1].Day != name {
			days = append(days, ChangeDay{Day: name})
		}
		line := ChangeLine{Time: wording.MomentOf(c.Time), Clock: c.Time.UTC().Format("15:04"), Kind: string(c.Kind), Words: changeWords(c), URL: index.ReleasePath(c.ReleaseID)}
		if r := byID[c.ReleaseID]; r != nil {
			line.Code, line.Language = r.Office, string(r.Language)
			line.Title = template.HTML(template.HTMLEscapeString(r.Title))
		}
		if line.Title == "" {
			line.Title = "Untitled release"
		}
		days[len(days)-1].Lines = append(days[len(days)-1].Lines, line)
	}
	return days, nil
}

// changeWords says what happened.
func changeWords(c index.Change) string {
	switch c.Kind {
	case index.ChangeNew:
		return "New"
	case index.ChangeEdited:
		return "Edited, version " + strconv.Itoa(c.Version)
	case index.ChangeMoved:
		return "Moved"
	case index.ChangeMissing:
		return "Missing"
	case index.ChangeGone:
		return "Gone"
	case index.ChangeBack:
		return "Back"
	case index.ChangeReread:
		return "Read again"
	}
	return string(c.Kind)
}
