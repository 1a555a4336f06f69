package indextest

import (
	"errors"
	"testing"
	"time"

	"agora/index"
)

// crawled is what a store holds of a crawl.
type crawled struct {
	Visits  map[string]index.Visit
	Due     []index.Visit
	Counts  []index.VisitCount
	Hosts   []index.Host
	Stances []index.Stance
	State   index.CollectorState
	Passes  []index.Pass
}

// crawl reads what saveCrawl saved.
func (s *shop) crawl(t *testing.T) crawled {
	t.Helper()
	ctx := t.Context()
	return crawled{
		must(s.Visits(ctx, "VA", []string{URL("VA", 1), URL("VA", 2)}))(t), must(s.DueVisits(ctx, "VA", "", Start.Add(time.Hour), 5))(t), must(s.VisitCounts(ctx))(t),
		must(s.Hosts(ctx))(t), must(s.Stances(ctx))(t), must(s.CollectorState(ctx))(t), must(s.Passes(ctx, 5))(t),
	}
}

// saveCrawl saves something of all that a crawl leaves.
func (s *shop) saveCrawl(t *testing.T) crawled {
	t.Helper()
	ctx := t.Context()
	_, err := s.SavePass(ctx, index.Pass{Office: "VA", Started: Start, Outcome: index.PassThin, Fill: index.Fill{Pages: 3}})
	err = errors.Join(err,
		s.SaveVisits(ctx, []index.Visit{visit("VA", 1), visit("VA", 2)}),
		s.SaveHosts(ctx, []index.Host{{Name: "ag.va.example", Robots: []index.RobotsFile{{Origin: "https://ag.va.example", Body: []byte("User-agent: *\n")}}}}),
		s.SetStance(ctx, index.Stance{Office: "VA", State: index.StancePaused, Reason: "asked to"}),
		s.SetCollectorState(ctx, index.CollectorState{Agent: "Agora/1", Running: true}))
	if err != nil {
		t.Fatal(err)
	}
	saved := s.crawl(t)
	if len(saved.Visits) != 2 || len(saved.Due) != 2 || len(saved.Counts) != 1 || len(saved.Hosts) != 1 || len(saved.Stances) != 1 || !saved.State.Running || len(saved.Passes) != 1 {
		t.Fatalf("of a crawl the store holds %+v", saved)
	}
	return saved
}

func testHosts(t *testing.T, s *shop) {
	same(t, "none", []index.Host{}, must(s.Hosts(t.Context()))(t))
	save := func(hosts ...index.Host) {
		t.Helper()
		if err := s.SaveHosts(t.Context(), hosts); err != nil {
			t.Fatal(err)
		}
	}
	closed := index.RobotsFile{Origin: "http://ag.oh.example:8080", Fetched: Start, Outcome: index.OutcomeOK, Status: 200, Body: []byte("User-agent: *\nDisallow: /\x00\xff\n")}
	none := index.RobotsFile{Origin: "https://ag.oh.example:8080", Fetched: Start.Add(time.Hour), Outcome: index.OutcomeOK, Status: 404}
	unasked := index.RobotsFile{Origin: "https://ag.va.example", Outcome: index.OutcomeTimeout}
	ohio := index.Host{Name: "ag.oh.example:8080", Next: Start.Add(time.Minute), Response: 1234567 * time.Nanosecond, Failures: 3, Robots: []index.RobotsFile{closed, none}}
	virginia := index.Host{Name: "ag.va.example", Robots: []index.RobotsFile{unasked}}
	texas := index.Host{Name: "ag.tx.example", Response: 90 * time.Second}
	save(virginia, ohio, texas)
	same(t, "hosts", []index.Host{ohio, texas, virginia}, must(s.Hosts(t.Context()))(t))

	// A host is replaced whole, the others stay.
	ohio.Next, ohio.Failures, ohio.Response = time.Time{}, 0, 0
	closed.Body, none.Status, none.Outcome = []byte("User-agent: *\nAllow: /\n"), 503, index.OutcomeNoRobots
	ohio.Robots = []index.RobotsFile{closed, none}
	save(ohio)
	same(t, "replaced", []index.Host{ohio, texas, virginia}, must(s.Hosts(t.Context()))(t))
	closed.Fetched = time.Time{}
	ohio.Robots, virginia.Robots, texas.Robots = []index.RobotsFile{closed}, nil, []index.RobotsFile{unasked}
	save(texas, virginia, ohio)
	same(t, "other files", []index.Host{ohio, texas, virginia}, must(s.again(t).Hosts(t.Context()))(t))

	fails(t, "without a name", s.SaveHosts(t.Context(), []index.Host{{Name: "ag.ny.example"}, {}}), index.ErrInvalid)
	same(t, "after a failure", []index.Host{ohio, texas, virginia}, must(s.Hosts(t.Context()))(t))
}

func testStances(t *testing.T, s *shop) {
	same(t, "none", []index.Stance{}, must(s.Stances(t.Context()))(t))
	set := func(stance index.Stance) {
		t.Helper()
		if err := s.SetStance(t.Context(), stance); err != nil {
			t.Fatal(err)
		}
	}
	paused := index.Stance{Office: "VA", State: index.StancePaused, Reason: "a new site is coming", Since: Start, Until: Start.AddDate(0, 1, 0)}
	known := index.Stance{Office: "OH", State: index.StanceAcknowledged, Reason: "they were told", Since: Start}
	ranOut := index.Stance{Office: "TX", State: index.StancePaused, Until: Start.Add(-time.Hour)}
	for _, stance := range []index.Stance{paused, known, ranOut} {
		set(stance)
	}
	same(t, "stances", []index.Stance{known, ranOut, paused}, must(s.Stances(t.Context()))(t))
	known = index.Stance{Office: "OH", State: index.StancePaused, Reason: "they answered", Since: Start.Add(time.Hour), Until: Start.Add(2 * time.Hour)}
	set(known)
	set(index.Stance{Office: "VA", Reason: "the new site is there"})
	set(index.Stance{Office: "NY"})
	same(t, "replaced and taken back", []index.Stance{known, ranOut}, must(s.again(t).Stances(t.Context()))(t))
	fails(t, "unknown state", s.SetStance(t.Context(), index.Stance{Office: "VA", State: "ignored"}), index.ErrInvalid)
	fails(t, "no office", s.SetStance(t.Context(), index.Stance{State: index.StancePaused}), index.ErrInvalid)
	same(t, "after failures", []index.Stance{known, ranOut}, must(s.Stances(t.Context()))(t))
}

func testCollectorState(t *testing.T, s *shop) {
	same(t, "before the first", index.CollectorState{}, must(s.CollectorState(t.Context()))(t))
	for _, state := range []index.CollectorState{
		{Agent: "Agora/1 (+https://archive.example/about)", Contact: "https://archive.example/about", Beat: Start, Running: true},
		{Agent: "Agora/2", Beat: Start.Add(time.Hour)},
		{},
	} {
		if err := s.SetCollectorState(t.Context(), state); err != nil {
			t.Fatal(err)
		}
		same(t, "state", state, must(s.again(t).CollectorState(t.Context()))(t))
	}
}

func testSameWords(t *testing.T, s *shop) {
	// prefixed makes fingerprints that differ late only.
	prefixed := func(end string) func(*index.Observation) {
		return func(o *index.Observation) {
			o.Reading.Fingerprint = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd" + end
		}
	}
	var ids []string
	for _, saved := range s.save(t, Observation("VA", 1, prefixed("aa")), Observation("VA", 2, prefixed("aa")), Observation("VA", 3, prefixed("ab")), Observation("OH", 1, prefixed("aa"))) {
		ids = append(ids, saved.ReleaseID)
	}
	words := func(office, end string) []string {
		t.Helper()
		o := Observation(office, 1, prefixed(end))
		return must(s.SameWords(t.Context(), office, o.Reading.Fingerprint))(t)
	}
	both := []string{min(ids[0], ids[1]), max(ids[0], ids[1])}
	same(t, "of two", both, words("VA", "aa"))
	same(t, "of the other office", ids[3:], words("OH", "aa"))
	same(t, "of one", ids[2:3], words("VA", "ab"))
	same(t, "of nobody", []string{}, words("VA", "ac"))
	same(t, "of no office", []string{}, words("TX", "aa"))
	same(t, "short", []string{}, must(s.SameWords(t.Context(), "VA", "0123"))(t))
	same(t, "empty", []string{}, must(s.SameWords(t.Context(), "VA", ""))(t))

	// Only the current version counts, and a release once, however often it was captured.
	s.save(t, Observation("VA", 2, At(10*time.Hour), Saying("b"), prefixed("ba")), Observation("VA", 1, At(10*time.Hour), Saying("a "), prefixed("aa")),
		Observation("VA", 3, At(0), Saying("c"), prefixed("aa")))
	same(t, "after edits", ids[:1], words("VA", "aa"))
	same(t, "of the edited", ids[1:2], words("VA", "ba"))

	// A better reading has other fingerprints.
	captures := must(s.Captures(t.Context(), ids[1]))(t)
	better := Observation("VA", 2, ReadBy("indextest/2"), prefixed("ca")).Reading
	must(s.Reread(t.Context(), []index.Rereading{{CaptureID: captures[1].ID, Reading: better}}))(t)
	same(t, "after a reread", ids[1:2], words("VA", "ca"))
	same(t, "of the earlier reading", []string{}, words("VA", "ba"))
}

func testPublishedPerDay(t *testing.T, s *shop) {
	on := func(day index.Date) func(*index.Observation) {
		return func(o *index.Observation) {
			if o.Reading.Published = day; day == "" {
				Undated(&o.Reading)
			}
		}
	}
	gone := s.save(t, Observation("VA", 1, on("2021-05-05")), Observation("VA", 2, on("2021-05-04")), Observation("VA", 3, on("2021-05-05")), Observation("VA", 4, on("")),
		Observation("OH", 5, on("2021-05-05")), Observation("VA", 6, on("2021-06-01")))[0].ReleaseID
	if err := s.SetPresence(t.Context(), []index.PresenceChange{{ReleaseID: gone, State: "gone", Since: Start}}); err != nil {
		t.Fatal(err)
	}
	days := func(office string, from index.Date) []index.DayCount {
		t.Helper()
		return must(s.PublishedPerDay(t.Context(), office, from))(t)
	}
	all := []index.DayCount{{Day: "2021-05-04", Count: 1}, {Day: "2021-05-05", Count: 2}, {Day: "2021-06-01", Count: 1}}
	same(t, "all", all, days("VA", ""))
	same(t, "from a day on", all[1:], days("VA", "2021-05-05"))
	same(t, "between", all[2:], days("VA", "2021-05-06"))
	same(t, "after the last", []index.DayCount{}, days("VA", "2021-06-02"))
	same(t, "of the other office", []index.DayCount{{Day: "2021-05-05", Count: 1}}, days("OH", ""))
	same(t, "of no office", []index.DayCount{}, days("TX", ""))

	s.save(t, Observation("VA", 3, At(50*time.Hour), on("2021-05-04")), Observation("VA", 6, At(50*time.Hour), on("")), Observation("VA", 4, At(50*time.Hour), on("2022-01-01")))
	same(t, "after other dates", []index.DayCount{{Day: "2021-05-04", Count: 2}, {Day: "2021-05-05", Count: 1}, {Day: "2022-01-01", Count: 1}}, days("VA", ""))
}
