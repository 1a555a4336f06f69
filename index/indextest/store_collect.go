package indextest

import (
	"testing"
	"time"

	"agora/index"
)

func testPresence(t *testing.T, s *shop) {
	id := s.save(t, Observation("VA", 1))[0].ReleaseID
	at := func(days int) time.Time { return Start.AddDate(0, 0, days) }
	set := func(state, cause string, days int) []string {
		t.Helper()
		sequence := s.sequence(t)
		if err := s.SetPresence(t.Context(), []index.PresenceChange{{ReleaseID: id, State: state, Since: at(days), Cause: cause}}); err != nil {
			t.Fatal(err)
		}
		return s.kinds(t, sequence)
	}
	first := s.release(t, id).Presence
	same(t, "at first", index.Presence{State: "live", Since: Observation("VA", 1).Capture.Captured}, first)
	same(t, "live as before", []string{}, set("live", "", 9))
	same(t, "presence", first, s.release(t, id).Presence)
	for _, step := range []struct {
		state, cause string
		want         []string
	}{
		{"missing", "404", []string{"missing 1"}}, {"gone", "410", []string{"gone 1"}}, {"gone", "redirect", []string{"reread 1"}},
		{"live", "", []string{"back 1"}}, {"gone", "site-change", []string{"gone 1"}},
	} {
		same(t, step.state, step.want, set(step.state, step.cause, 20))
		want := index.Presence{State: step.state, Since: at(20), Cause: index.NullableString(step.cause)}
		same(t, "presence", want, s.release(t, id).Presence)
		same(t, "again", []string{}, set(step.state, step.cause, 30))
		same(t, "presence after that", want, s.release(t, id).Presence)
	}

	sequence := s.sequence(t)
	err := s.SetPresence(t.Context(), []index.PresenceChange{{ReleaseID: id, State: "live", Since: at(1)}, {ReleaseID: "va-unknown", State: "gone", Since: at(1)}})
	fails(t, "unknown release", err, index.ErrNotFound)
	err = s.SetPresence(t.Context(), []index.PresenceChange{{ReleaseID: id, State: "lost", Since: at(1)}})
	fails(t, "unknown state", err, index.ErrInvalid)
	same(t, "log after failures", sequence, s.sequence(t))
	same(t, "presence after failures", "gone", s.release(t, id).Presence.State)
}

func testOfficeCounts(t *testing.T, s *shop) {
	same(t, "empty", []index.OfficeCount{}, must(s.OfficeCounts(t.Context()))(t))
	undated := func(o *index.Observation) { Undated(&o.Reading) }
	on := func(day index.Date) func(*index.Observation) {
		return func(o *index.Observation) { o.Reading.Published = day }
	}
	saved := s.save(t,
		Observation("VA", 1, undated), Observation("VA", 2, on("2021-05-05")), Observation("VA", 3, on("2019-01-01")), Observation("VA", 4, on("2023-12-31")),
		Observation("OH", 5, undated), Observation("VA", 4, At(50*time.Hour), on("2023-12-30")))
	err := s.SetPresence(t.Context(), []index.PresenceChange{
		{ReleaseID: saved[0].ReleaseID, State: "missing", Since: Start}, {ReleaseID: saved[1].ReleaseID, State: "gone", Since: Start},
		{ReleaseID: saved[2].ReleaseID, State: "missing", Since: Start},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []index.OfficeCount{
		{Office: "OH", Held: 1, Undated: 1, LastSeen: Start.Add(5 * time.Minute)},
		{Office: "VA", Held: 4, Undated: 1, Missing: 2, Gone: 1, Oldest: "2019-01-01", Newest: "2023-12-30", LastSeen: Start.Add(50 * time.Hour)},
	}
	same(t, "counts", want, must(s.OfficeCounts(t.Context()))(t))

	// The first and the last date go, an undated one gets a date.
	if err := s.SetPresence(t.Context(), []index.PresenceChange{{ReleaseID: saved[2].ReleaseID, State: "live", Since: Start}}); err != nil {
		t.Fatal(err)
	}
	s.save(t, Observation("VA", 3, At(60*time.Hour), on("2020-02-02")), Observation("VA", 4, At(60*time.Hour), undated), Observation("OH", 5, At(60*time.Hour), on("2022-02-02")))
	want = []index.OfficeCount{
		{Office: "OH", Held: 1, Oldest: "2022-02-02", Newest: "2022-02-02", LastSeen: Start.Add(60 * time.Hour)},
		{Office: "VA", Held: 4, Undated: 2, Missing: 1, Gone: 1, Oldest: "2020-02-02", Newest: "2021-05-05", LastSeen: Start.Add(60 * time.Hour)},
	}
	same(t, "counts after changes", want, must(s.OfficeCounts(t.Context()))(t))
	same(t, "count", 5, must(s.Count(t.Context()))(t))
}

// listing makes a capture of a listing at a time, with rows for addresses.
func listing(office string, after time.Duration, title string, addresses ...string) (index.Capture, []index.ListingRow) {
	c := Observation(office, 0, At(after)).Capture
	c.URL, c.FinalURL, c.Kind, c.SHA256 = "https://ag.example/news", "https://ag.example/news", index.PageListing, digest(title, after.String())
	var rows []index.ListingRow
	for i, address := range addresses {
		rows = append(rows, index.ListingRow{
			Office: office, Address: address, URL: address + "/", Title: title, AsWritten: "Jan. 2, 2024", Date: "2024-01-02", Source: "listing",
			Position: i, Listing: c.URL, Captured: c.Captured,
		})
	}
	return c, rows
}

func testListings(t *testing.T, s *shop) {
	id := s.save(t, Observation("OH", 1))[0].ReleaseID
	later, laterRows := listing("OH", 30*time.Hour, "later", URL("OH", 1), URL("OH", 2))
	earlier, earlierRows := listing("OH", 20*time.Hour, "earlier", URL("OH", 2), URL("OH", 1), URL("OH", 1))
	other, otherRows := listing("VA", 25*time.Hour, "other office", URL("OH", 1))
	save := func(c index.Capture, rows []index.ListingRow) {
		t.Helper()
		if err := s.SaveListing(t.Context(), c, rows); err != nil {
			t.Fatal(err)
		}
	}
	save(later, laterRows)
	save(earlier, earlierRows)
	save(other, otherRows)
	same(t, "rows", []index.ListingRow{earlierRows[1], earlierRows[2], laterRows[0]}, must(s.ListingRows(t.Context(), "OH", URL("OH", 1)))(t))
	same(t, "rows of the other office", otherRows, must(s.ListingRows(t.Context(), "VA", URL("OH", 1)))(t))
	same(t, "rows of nothing", 0, len(must(s.ListingRows(t.Context(), "OH", URL("OH", 3)))(t)))
	listed := s.release(t, id).Presence.LastListed
	if listed == nil || !listed.Equal(later.Captured) {
		t.Errorf("last listed %v, want %v", listed, later.Captured)
	}

	// The same capture again replaces the rows.
	save(earlier, earlierRows[:1])
	save(later, laterRows)
	same(t, "rows after replacing", laterRows[:1], must(s.ListingRows(t.Context(), "OH", URL("OH", 1)))(t))
	same(t, "rows of another address", []index.ListingRow{earlierRows[0], laterRows[1]}, must(s.ListingRows(t.Context(), "OH", URL("OH", 2)))(t))
	same(t, "log", []string{"new 1"}, s.kinds(t, 0))
}

// captured streams all captures as "kind time".
func (s *shop) captured(t *testing.T) []string {
	t.Helper()
	var list []string
	for c, err := range s.AllCaptures(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(c.Kind)+" "+c.Captured.Sub(Start).String())
	}
	return list
}

func testOtherCaptures(t *testing.T, s *shop) {
	other := func(kind index.PageKind, after time.Duration) index.Capture {
		c := Observation("VA", 9, At(after)).Capture
		c.Kind, c.Status = kind, nil
		return c
	}
	s.save(t, Observation("VA", 1, At(2*time.Hour)), Observation("VA", 1, At(time.Hour)))
	block, opinion := other(index.PageBlock, 4*time.Hour), other(index.PageOpinion, 3*time.Hour)
	block.FinalURL = "https://ag.va.example/closed"
	if err := s.SaveCaptures(t.Context(), []index.Capture{block, opinion}); err != nil {
		t.Fatal(err)
	}
	c, rows := listing("VA", 9*time.Hour, "list", URL("VA", 1))
	if err := s.SaveListing(t.Context(), c, rows); err != nil {
		t.Fatal(err)
	}
	same(t, "all", []string{"listing 9h0m0s", "opinion 3h0m0s", "block 4h0m0s", "release 1h0m0s", "release 2h0m0s"}, s.captured(t))
	for got, err := range s.AllCaptures(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if got.Kind != index.PageBlock {
			continue
		}
		if got.ID == 0 {
			t.Error("a capture has no id")
		}
		want := block
		want.ID = got.ID
		same(t, "block", want, got)
	}

	// Held already: only what it is taken for changes.
	block.Kind, block.Reader, block.File = index.PageOther, "indextest/2", "another.warc.gz"
	if err := s.SaveCaptures(t.Context(), []index.Capture{block}); err != nil {
		t.Fatal(err)
	}
	same(t, "all, block taken for other", []string{"listing 9h0m0s", "opinion 3h0m0s", "other 4h0m0s", "release 1h0m0s", "release 2h0m0s"}, s.captured(t))

	// A better reader finds a release in it.
	o := Observation("VA", 9)
	o.Capture = opinion
	o.Capture.Kind = index.PageRelease
	saved := s.save(t, o)[0]
	same(t, "found in a held capture", index.ChangeNew, saved.Change)
	captures := must(s.Captures(t.Context(), saved.ReleaseID))(t)
	same(t, "its captures", 1, len(captures))
	same(t, "captures", 5, len(s.captured(t)))
	same(t, "saved again", true, s.save(t, o)[0].Known)

	for _, err := range s.AllCaptures(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	same(t, "count", 2, must(s.Count(t.Context()))(t))
}

func testHeld(t *testing.T, s *shop) {
	o := Observation("VA", 1)
	o.Capture.Captured = o.Capture.Captured.Add(123456 * time.Nanosecond)
	s.save(t, o)
	c, rows := listing("VA", time.Hour, "list", URL("VA", 1))
	if err := s.SaveListing(t.Context(), c, rows); err != nil {
		t.Fatal(err)
	}
	key := func(c index.Capture) index.CaptureKey {
		return index.CaptureKey{URL: c.URL, Captured: c.Captured, SHA256: c.SHA256}
	}
	whole, anytime, otherTime, otherBytes, otherURL := key(o.Capture), key(o.Capture), key(o.Capture), key(o.Capture), key(o.Capture)
	anytime.Captured = time.Time{}
	otherTime.Captured = otherTime.Captured.Add(time.Second)
	otherBytes.SHA256 = digest("other")
	otherURL.URL += "x"
	strange := otherBytes
	strange.Captured = time.Time{}
	same(t, "held", []bool{true, true, false, false, false, false, true},
		must(s.Held(t.Context(), []index.CaptureKey{whole, anytime, otherTime, otherBytes, otherURL, strange, key(c)}))(t))
	same(t, "nothing asked", 0, len(must(s.Held(t.Context(), nil))(t)))
}

func testPasses(t *testing.T, s *shop) {
	same(t, "none", []index.Pass{}, must(s.Passes(t.Context(), 5))(t))
	var want []index.Pass
	for n := range 4 {
		for _, office := range []string{"VA", "OH"} {
			expected := float64(n) / 2
			p := index.Pass{
				Office: office, Source: "feed https://ag.example/feed", Strategy: "feed", Started: Start.Add(time.Duration(n) * time.Hour), Full: n == 0,
				From: "a", To: "b", Found: n, New: 1, Edited: 2, Failed: 3, Fresh: 4, Expected: &expected, Outcome: index.PassOK, Reason: "fine", Robots: "allowed",
				Fill: index.Fill{Pages: 5, Dated: 4, Titled: 3, Text: 1 << 40, Shortened: 2},
			}
			p.ID = must(s.SavePass(t.Context(), p))(t)
			if p.ID == 0 {
				t.Fatal("a pass has no id")
			}
			want = append(want, p)
		}
	}
	same(t, "two of each", []index.Pass{want[7], want[5], want[6], want[4]}, must(s.Passes(t.Context(), 2))(t))

	ended := want[6]
	ended.Ended, ended.Outcome, ended.Expected, ended.Fresh, ended.Fill = ended.Started.Add(time.Minute), index.PassSilent, nil, 9, index.Fill{Pages: 1}
	same(t, "id of a replaced pass", ended.ID, must(s.SavePass(t.Context(), ended))(t))
	same(t, "one of each", []index.Pass{want[7], ended}, must(s.Passes(t.Context(), 1))(t))
	must(s.Passes(t.Context(), 1))(t)[0].Office = "spoilt"
	same(t, "one of each, again", []index.Pass{want[7], ended}, must(s.Passes(t.Context(), 1))(t))
	other := s.again(t)
	late := index.Pass{Office: "TX", Started: Start, Outcome: "robots"}
	late.ID = must(other.SavePass(t.Context(), late))(t)
	same(t, "saved elsewhere", []index.Pass{want[7], late, ended}, must(s.Passes(t.Context(), 1))(t))
	same(t, "limit 0", 0, len(must(s.Passes(t.Context(), 0))(t)))
	_, err := s.SavePass(t.Context(), index.Pass{ID: 12345, Office: "VA", Started: Start})
	fails(t, "unknown pass", err, index.ErrNotFound)
}

func testNotFound(t *testing.T, s *shop) {
	ctx := t.Context()
	_, err := s.Release(ctx, "va-000000000000")
	fails(t, "release", err, index.ErrNotFound)
	_, err = s.Version(ctx, "va-000000000000", 1)
	fails(t, "version", err, index.ErrNotFound)
	_, err = s.Versions(ctx, "va-000000000000")
	fails(t, "versions", err, index.ErrNotFound)
	_, err = s.Captures(ctx, "va-000000000000")
	fails(t, "captures", err, index.ErrNotFound)
	_, err = s.Find(ctx, "https://ag.va.example/unknown")
	fails(t, "find", err, index.ErrNotFound)
	same(t, "releases", 0, len(must(s.Releases(ctx, []string{"va-000000000000"}))(t)))
	same(t, "count", 0, must(s.Count(ctx))(t))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("a second close: %v", err)
	}
	_, err = s.Release(ctx, "va-000000000000")
	fails(t, "release of a closed store", err, index.ErrUnavailable)
	_, err = s.Save(ctx, []index.Observation{Observation("VA", 1)})
	fails(t, "save in a closed store", err, index.ErrUnavailable)
	_, err = s.DueVisits(ctx, "VA", "", Start, 1)
	fails(t, "due visits of a closed store", err, index.ErrUnavailable)
	fails(t, "visits saved in a closed store", s.SaveVisits(ctx, []index.Visit{visit("VA", 1)}), index.ErrUnavailable)
	s.Store = s.again(t)
}
