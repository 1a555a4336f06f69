package pages

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"agora/index"
	"agora/index/vocabulary"
	"agora/server/api"
	"agora/server/pages/evidence"
	"agora/server/prose"
	"agora/server/refine"
	"agora/server/wording"
)

// ReleasePage is one release, or a version of it as it was.
type ReleasePage struct {
	Frame
	ID       string
	Code     string
	State    string
	StateURL string
	Name     string // the release's title, as the office wrote it
	Language string
	Day      wording.Day
	Source   string // where the date was read
	Note     string // what is to be said about the date
	Dates    []DateFound
	Attorney *AttorneyView
	Topics   []Link
	TopicsNo string // why there are none
	Kinds    []Link
	Tags     []string

	Matter      *Link // the action that other releases tell too
	Coalition   *CoalitionView
	Facts       []FactView
	Body        template.HTML
	Attachments []AttachmentView
	Original    string // address on the office's site; "" without one
	Host        string // its host, for people
	Presence    string // what to know before following it; "" where it is live
	Gone        bool

	Capture  *CaptureView
	Captures string // address of all captures
	JSON     string // address of the release as data
	Reasons  []evidence.Reasons
	Seen     []Fact
	Versions []VersionLink
	Version  int
	Older    string // path of the current version, where another is shown
	Similar  []SimilarView
}

// Template names the page's template.
func (ReleasePage) Template() string { return "release.html" }

// SimilarView is a release like the one shown.
type SimilarView struct {
	URL, Title, State, Language string
	Day                         wording.Day
}

// DateFound is a date that was found for a release.
type DateFound struct{ Day, Source, AsWritten string }

// FactView is something that the release says in so many words.
type FactView struct {
	Kind, Label string
	URL         string // of releases that say it too; "" where a search can't tell
	Quote       string
}

// AttorneyView is who was in office.
type AttorneyView struct{ Name, Party, Note, URL string }

// CoalitionView is who takes part in an action.
type CoalitionView struct {
	Heading   string
	Action    string
	Claim     string // as written; "" where no number was written
	Agreement string
	Agrees    bool
	Members   []MemberView
	Others    []ParticipantView
	Absent    *evidence.Absent
}

// MemberView is a member of a coalition.
type MemberView struct {
	Code, Name, URL string
	Lead, Issuer    bool
}

// ParticipantView is a participant that is no attorney general.
type ParticipantView struct{ Name, Type string }

// AttachmentView is a document that a release links to.
type AttachmentView struct{ Title, URL, Role, Note string }

// CaptureView is the evidence for what is shown.
type CaptureView struct {
	When   wording.Moment
	URL    string
	Status string
	Origin string
	Place  string // file and place in it
	SHA256 string
}

// VersionLink is a version in the list of them.
type VersionLink struct {
	Number  int
	URL     string
	When    wording.Moment
	Title   string // where it differs from the shown one
	Shown   bool
	Current bool
}

// Fact is a line of a table.
type Fact struct {
	Name string
	wording.Moment
}

// Release shows a release: its current version where number is 0.
func (s *Pages) Release(ctx context.Context, id string, number int) (Page, error) {
	current, err := s.store.Release(ctx, id)
	if lower := strings.ToLower(id); lower != id && number == 0 && errors.Is(err, index.ErrNotFound) {
		return nil, &Moved{index.ReleasePath(url.PathEscape(lower))} // typed as offices are written
	}
	if err != nil {
		return nil, Held("release", id, err)
	}
	r := current
	if number > 0 {
		if r, err = s.store.Version(ctx, id, number); err != nil {
			return nil, Held("version", fmt.Sprintf("%d of %s", number, id), err)
		}
	}
	versions, err := s.store.Versions(ctx, id)
	if err != nil {
		return nil, Held("release", id, err)
	}
	shown := current.Version
	if number > 0 {
		shown = number
	}
	p := &ReleasePage{
		Frame: Frame{Title: r.Title, Description: wording.Shorten(r.Text, 200), Path: index.ReleasePath(id), Modified: latest(current.Added, current.Changed, current.Presence.Since)},
		ID:    id, Code: r.Office, State: wording.StateName(r.Office), StateURL: refine.StatePath(r.Office),
		Name: r.Title, Language: string(r.Language), Day: wording.DayOf(&r.Summary), Note: r.PublishedNote, Tags: r.Tags,
		Body: prose.Render(r.Markdown, r.Text), Captures: "/api/v1/releases/" + id + "/captures", JSON: "/api/v1/releases/" + id,
		Reasons: evidence.Grouped(r.Evidence), Version: shown,
	}
	if p.Name == "" {
		p.Name, p.Title = "Untitled release", "Untitled release"
	}
	if number > 0 && number != current.Version {
		p.Older, p.NoIndex, p.JSON = index.ReleasePath(id), true, fmt.Sprintf("%s/versions/%d", p.JSON, number)
	}
	p.describeDate(&r)
	p.describeLabels(&r)
	p.describeSource(&r, &current)
	p.Coalition = coalitionView(&r)
	p.Facts = factViews(r.Facts)
	if m := r.Matter; m != nil && m.Releases > 1 {
		p.Matter = &Link{"This action is told by " + wording.Counted(m.Releases, "release", "releases"), index.MatterPath(m.ID)}
	}
	p.Attachments = attachments(r.Attachments)
	p.Versions = versionLinks(id, versions, shown, r.Title)
	if p.Similar, err = s.similar(ctx, &current); err != nil {
		return nil, err
	}
	return p, nil
}

// similarShown is how many releases like one are shown below it.
const similarShown = 5

// similar describes releases like one; none where the index can't be asked, for a release
// is shown without it.
func (s *Pages) similar(ctx context.Context, r *index.Release) ([]SimilarView, error) {
	like, err := api.LikeReleases(ctx, s.searcher, r, similarShown)
	if errors.Is(err, index.ErrUnavailable) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	views := make([]SimilarView, 0, len(like))
	for i := range like {
		l := &like[i].Summary
		views = append(views, SimilarView{index.ReleasePath(l.ID), cmp.Or(l.Title, "Untitled release"), wording.StateName(l.Office), string(l.Language), wording.DayOf(l)})
	}
	return views, nil
}

// latest returns the latest of times.
func latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}

// describeDate says how the date was found, and what else was.
func (p *ReleasePage) describeDate(r *index.Release) {
	if r.Published == "" {
		p.Day.Text = "No date given by the office"
		if p.Note == "" {
			p.Note = "The page gives no date of publication, and none is guessed."
		}
	} else if r.PublishedSource != "" {
		p.Source = vocabulary.Label(vocabulary.DateSources[:], string(r.PublishedSource))
	}
	if len(r.Candidates) < 2 {
		return
	}
	for _, c := range r.Candidates {
		p.Dates = append(p.Dates, DateFound{wording.DateText(c.Date, "day"), vocabulary.Label(vocabulary.DateSources[:], c.Source), c.AsWritten})
	}
}

// describeLabels says what the release is about and who was in office.
func (p *ReleasePage) describeLabels(r *index.Release) {
	for _, t := range r.Topics {
		p.Topics = append(p.Topics, Link{wording.ValueLabel(index.FieldTopic, t), refine.TopicPath(t)})
	}
	if len(r.Topics) == 0 {
		p.TopicsNo = "none fits"
		if r.Topics == nil {
			p.TopicsNo = "not determined"
		}
	}
	for _, k := range r.Kinds {
		p.Kinds = append(p.Kinds, Link{wording.ValueLabel(index.FieldKind, k), refine.FilterPath("kind", k)})
	}
	if ag := r.AttorneyGeneral; ag != nil && ag.Name != "" {
		p.Attorney = &AttorneyView{Name: ag.Name, Party: vocabulary.Label(vocabulary.Parties[:], ag.Party), URL: refine.FilterPath("q", `ag:"`+ag.Name+`"`)}
		if ag.Acting {
			p.Attorney.Note = "acting"
		}
		notes := []string{p.Attorney.Note}
		if ag.Certainty == "memory" {
			notes = append(notes, "term to be confirmed")
		}
		if other := evidence.Contradicted(r.Evidence); other != "" {
			notes = append(notes, "but the text names "+other)
		}
		p.Attorney.Note = strings.Join(slices.DeleteFunc(notes, func(s string) bool { return s == "" }), ", ")
	}
}

// describeSource says where the release was and is found.
func (p *ReleasePage) describeSource(r, current *index.Release) {
	if p.Original = wording.WebAddress(string(r.URL)); p.Original != "" {
		if u, err := url.Parse(p.Original); err == nil {
			p.Host = u.Hostname()
		}
	}
	since := ""
	if !current.Presence.Since.IsZero() {
		since = " (since " + wording.MomentOf(current.Presence.Since).Text + ")"
	}
	switch current.Presence.State {
	case "gone":
		p.Gone = true
		p.Presence = "The office’s site no longer shows this release" + since + ". What it said is kept here."
	case "missing":
		p.Presence = "The office’s site could not show this release when it was last asked" + since + "."
	}
	p.Seen = []Fact{
		{"First captured", wording.MomentOf(current.FirstSeen)}, {"Last confirmed", wording.MomentOf(current.LastSeen)},
		{"This wording since", wording.MomentOf(r.Changed)}, {"In this archive since", wording.MomentOf(current.Added)},
	}
	if c := r.Capture; c != nil {
		p.Capture = &CaptureView{When: wording.MomentOf(c.Captured), URL: c.URL, Origin: "fetched from the office", SHA256: c.SHA256}
		if c.Origin == index.OriginImport {
			p.Capture.Origin = "imported"
		}
		if c.Status != nil {
			p.Capture.Status = fmt.Sprint(*c.Status)
		}
		if c.File != "" {
			p.Capture.Place = fmt.Sprintf("%s, byte %s, %s", path.Base(c.File), wording.Number(int(c.Offset)), wording.Counted(int(c.Length), "byte", "bytes"))
		}
	}
}

// coalitionView describes who takes part and whether the claim agrees with the list.
func coalitionView(r *index.Release) *CoalitionView {
	c := r.Coalition
	if c == nil {
		return nil
	}
	v := &CoalitionView{Heading: coalitionText(c), Action: vocabulary.Label(vocabulary.Actions[:], c.Action), Claim: c.ClaimedWords, Agrees: c.Agrees}
	if v.Claim == "" && c.Claimed != nil {
		v.Claim = wording.Number(*c.Claimed)
	}
	switch {
	case !c.Complete:
		v.Agreement = "The release does not list all participants by name; those it names are shown."
	case c.Claimed == nil:
		v.Agreement = "The release lists its participants by name and claims no number."
	case c.Agrees:
		v.Agreement = "The list of names agrees with the number that the release gives."
	default:
		v.Agreement = "The list of names does not agree with the number that the release gives."
	}
	if c.Bipartisan {
		v.Agreement += " It calls itself bipartisan."
	}
	for _, code := range c.Members {
		v.Members = append(v.Members, MemberView{
			Code: code, Name: wording.StateName(code), URL: refine.FilterPath("member", code),
			Lead: slices.Contains(c.Leads, code), Issuer: code == r.Office,
		})
	}
	slices.SortStableFunc(v.Members, func(a, b MemberView) int { // leads first
		switch {
		case a.Lead == b.Lead:
			return 0
		case a.Lead:
			return -1
		}
		return 1
	})
	for _, o := range c.Others {
		v.Others = append(v.Others, ParticipantView{o.Name, vocabulary.Label(vocabulary.Participants[:], o.Type)})
	}
	v.Absent = evidence.AbsentFrom(c)
	return v
}

// factViews describes facts. What is written the same way everywhere leads to the releases that have it.
func factViews(facts []index.Fact) []FactView {
	views := make([]FactView, 0, len(facts))
	for _, f := range facts {
		v := FactView{Kind: vocabulary.Label(vocabulary.FactKinds[:], f.Kind), Label: f.Label, Quote: f.Quote}
		switch f.Kind {
		case "company", "agency":
			v.URL = refine.FilterPath(f.Kind, f.Value)
		case "docket", "defendant", "statute", "court":
			if strings.Contains(f.Quote, f.Label) && !strings.Contains(f.Label, `"`) {
				v.URL = refine.FilterPath("q", `"`+f.Label+`"`)
			}
		}
		views = append(views, v)
	}
	return views
}

// attachments describes the documents that a release links to.
func attachments(list []index.Attachment) []AttachmentView {
	views := make([]AttachmentView, 0, len(list))
	for _, a := range list {
		v := AttachmentView{Title: a.Title, URL: wording.WebAddress(a.URL), Role: vocabulary.Label(vocabulary.AttachmentRoles[:], a.Role)}
		if v.Title == "" {
			v.Title = path.Base(a.URL)
		}
		switch a.State {
		case "captured":
			v.Note = "kept in the archive"
		case "failed":
			v.Note = "could not be fetched"
		case "too_large":
			v.Note = "too large to keep"
		}
		views = append(views, v)
	}
	return views
}

// versionLinks lists the versions, the shown one marked.
func versionLinks(id string, versions []index.Version, shown int, title string) []VersionLink {
	list := make([]VersionLink, 0, len(versions))
	for _, v := range versions {
		link := VersionLink{Number: v.Number, URL: refine.VersionPath(id, v.Number), When: wording.MomentOf(v.Changed), Shown: v.Number == shown, Current: v.Current}
		if v.Current {
			link.URL = index.ReleasePath(id)
		}
		if v.Title != title {
			link.Title = v.Title
		}
		list = append(list, link)
	}
	return list
}
