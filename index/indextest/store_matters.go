package indextest

import (
	"testing"
	"time"

	"agora/index"
)

// told saves one release each of offices, told on a day, and returns their ids.
func (s *shop) told(t *testing.T, n int, offices ...string) []string {
	t.Helper()
	var ids []string
	for _, office := range offices {
		ids = append(ids, s.save(t, Observation(office, n))[0].ReleaseID)
	}
	return ids
}

// matter saves a change that must be taken and returns the matter's id.
func (s *shop) matter(t *testing.T, change index.MatterChange) string {
	t.Helper()
	ids := must(s.SaveMatters(t.Context(), []index.MatterChange{change}))(t)
	same(t, "ids", 1, len(ids))
	return ids[0]
}

// links reads the matters of releases.
func (s *shop) links(t *testing.T, ids ...string) []*index.MatterLink {
	t.Helper()
	var links []*index.MatterLink
	for _, id := range ids {
		links = append(links, s.release(t, id).Matter)
	}
	return links
}

func testMatters(t *testing.T, s *shop) {
	ids := s.told(t, 1, "VA", "OH", "TX", "MN")
	before := s.sequence(t)
	change := index.MatterChange{Title: "Three sue", First: "2024-01-02", Last: "2024-01-03", Topics: []string{"privacy-security", "antitrust"},
		Releases: []string{ids[0], ids[2], ids[1]}, Twins: []string{ids[3]}}
	id := s.matter(t, change)
	same(t, "id", index.MintMatterID(ids[0], index.MinIDDigits), id)
	same(t, "log", []string{"reread 1", "reread 1", "reread 1", "reread 1"}, s.kinds(t, before))
	link := &index.MatterLink{ID: id, Releases: 3}
	same(t, "links", []*index.MatterLink{link, link, link, link}, s.links(t, ids...))
	same(t, "link of a version", link, must(s.Version(t.Context(), ids[1], 1))(t).Matter)
	got := must(s.Matter(t.Context(), id))(t)
	if !got.Minted.After(Start.AddDate(1, 0, 0)) {
		t.Errorf("minted at %v, not by the clock", got.Minted)
	}
	want := index.Matter{ID: id, Title: "Three sue", First: "2024-01-02", Last: "2024-01-03", Offices: []string{"MN", "OH", "TX", "VA"},
		Topics: []string{"antitrust", "privacy-security"}, Releases: []string{ids[1], ids[2], ids[0]}, Twins: []string{ids[3]}, Minted: got.Minted}
	same(t, "matter", want, got)

	// Again, as the follower does that did not come to set its cursor.
	after := s.sequence(t)
	same(t, "id again", id, s.matter(t, change))
	change.ID = id
	same(t, "id again", id, s.matter(t, change))
	same(t, "log", []string{}, s.kinds(t, after))
	change.Title = "Three states sue"
	s.matter(t, change)
	same(t, "log of a title", []string{}, s.kinds(t, after))

	// One leaves: it and those that stay have other links.
	change.Releases, change.Twins = change.Releases[:2], nil
	s.matter(t, change)
	same(t, "log", 4, len(s.kinds(t, after)))
	link = &index.MatterLink{ID: id, Releases: 2}
	same(t, "links", []*index.MatterLink{link, nil, link, nil}, s.links(t, ids...))

	// An edit leaves the link as it is.
	s.save(t, Observation("VA", 1, At(time.Hour), Saying("edited")))
	same(t, "link", link, s.release(t, ids[0]).Matter)
}

func testMatterMerge(t *testing.T, s *shop) {
	one, two, three := s.told(t, 1, "VA", "OH"), s.told(t, 2, "TX", "MN"), s.told(t, 3, "CA", "NY")
	var ids []string
	for _, releases := range [][]string{one, two, three} {
		ids = append(ids, s.matter(t, index.MatterChange{Title: "one", Releases: releases}))
	}
	before := s.sequence(t)
	all := index.MatterChange{ID: ids[1], Title: "two", Releases: append(append([]string{}, two...), three...), Merge: []string{ids[2]}}
	s.matter(t, all)
	same(t, "log", 4, len(s.kinds(t, before)))
	same(t, "answers", ids[1], must(s.Matter(t.Context(), ids[2]))(t).ID)
	s.matter(t, index.MatterChange{ID: ids[0], Title: "one", Releases: append(append([]string{}, one...), all.Releases...), Merge: []string{ids[1]}})
	for _, id := range ids {
		same(t, "answers", ids[0], must(s.Matter(t.Context(), id))(t).ID)
	}
	same(t, "link", &index.MatterLink{ID: ids[0], Releases: 6}, s.release(t, three[1]).Matter)
	before = s.sequence(t)
	s.matter(t, index.MatterChange{ID: ids[0], Title: "one", Releases: append(append([]string{}, one...), all.Releases...), Merge: []string{ids[1], ids[2]}})
	same(t, "log of a repetition", []string{}, s.kinds(t, before))

	// What left a matter begins another, never under an id that redirects.
	s.matter(t, index.MatterChange{ID: ids[0], Title: "one", Releases: one})
	again := s.matter(t, index.MatterChange{Title: "three", Releases: three})
	same(t, "longer id", index.MintMatterID(three[0], index.MinIDDigits+1), again)
	same(t, "answers", ids[0], must(s.Matter(t.Context(), ids[2]))(t).ID)
}

func testMatterDissolve(t *testing.T, s *shop) {
	releases := s.told(t, 1, "VA", "OH", "TX")
	id := s.matter(t, index.MatterChange{Title: "one", Releases: releases[:2]})
	s.matter(t, index.MatterChange{ID: id, Title: "one"})
	same(t, "links", []*index.MatterLink{nil, nil}, s.links(t, releases[:2]...))
	same(t, "releases", []string{}, must(s.Matter(t.Context(), id))(t).Releases)
	same(t, "list", 0, len(must(s.Matters(t.Context(), index.MatterQuery{Limit: 10}))(t)))
	same(t, "it lives again", id, s.matter(t, index.MatterChange{Title: "one", Releases: releases}))

	// A release that is in another matter leaves it.
	more := s.told(t, 2, "CA")
	other := s.matter(t, index.MatterChange{Title: "other", Releases: []string{more[0], releases[2]}})
	same(t, "links", []*index.MatterLink{{ID: id, Releases: 2}, {ID: id, Releases: 2}, {ID: other, Releases: 2}}, s.links(t, releases...))
}

func testInvalidMatters(t *testing.T, s *shop) {
	releases := s.told(t, 1, "VA", "OH", "TX", "MN")
	one := s.matter(t, index.MatterChange{Title: "one", Releases: releases[:2]})
	two := s.matter(t, index.MatterChange{Title: "two", Releases: releases[2:]})
	sequence := s.sequence(t)
	for _, refused := range []struct {
		what   string
		change index.MatterChange
		want   error
	}{
		{"no release", index.MatterChange{Title: "none"}, index.ErrInvalid},
		{"unknown release", index.MatterChange{ID: one, Releases: []string{releases[0], "va-000000000000"}}, index.ErrNotFound},
		{"unknown matter", index.MatterChange{ID: "m-000000000000", Releases: releases}, index.ErrNotFound},
		{"merge of an unknown matter", index.MatterChange{ID: one, Releases: releases, Merge: []string{"m-000000000000"}}, index.ErrNotFound},
		{"merge into the younger", index.MatterChange{ID: two, Releases: releases, Merge: []string{one}}, index.ErrInvalid},
		{"merge into itself", index.MatterChange{ID: one, Releases: releases, Merge: []string{one}}, index.ErrInvalid},
	} {
		_, err := s.SaveMatters(t.Context(), []index.MatterChange{{ID: two, Title: "other", Releases: releases[:1]}, refused.change})
		fails(t, refused.what, err, refused.want)
	}
	same(t, "log", sequence, s.sequence(t))
	same(t, "link", &index.MatterLink{ID: one, Releases: 2}, s.release(t, releases[0]).Matter)
	s.matter(t, index.MatterChange{ID: one, Releases: releases, Merge: []string{two}})
	_, err := s.SaveMatters(t.Context(), []index.MatterChange{{ID: two, Releases: releases}})
	fails(t, "matter that was merged", err, index.ErrInvalid)
	_, err = s.Matter(t.Context(), "m-000000000000")
	fails(t, "matter", err, index.ErrNotFound)
}

func testMatterList(t *testing.T, s *shop) {
	var want []string
	for n := range 12 {
		releases := s.told(t, n, []string{"VA", "OH"}[n%2], "TX")
		change := index.MatterChange{Title: "one", Releases: releases, First: "2024-01-01", Last: index.DateOf(Start.AddDate(0, 0, -n/3))}
		if n%4 == 0 {
			change.Topics = []string{"antitrust"}
		}
		want = append(want, s.matter(t, change))
	}
	read := func(q index.MatterQuery) (ids []string) {
		t.Helper()
		for {
			q.Limit = 5
			part := must(s.Matters(t.Context(), q))(t)
			for _, m := range part {
				ids = append(ids, m.ID)
				q.After = index.MatterPlace{Last: m.Last, ID: m.ID}
			}
			if len(part) < q.Limit {
				return ids
			}
		}
	}
	got := read(index.MatterQuery{})
	same(t, "number", len(want), len(got))
	var last index.Matter
	for i, id := range got {
		m := must(s.Matter(t.Context(), id))(t)
		if i > 0 && (m.Last > last.Last || m.Last == last.Last && m.ID <= last.ID) {
			t.Errorf("%v comes after %v", m, last)
		}
		last = m
	}
	same(t, "of VA", 6, len(read(index.MatterQuery{State: "VA"})))
	same(t, "of TX", 12, len(read(index.MatterQuery{State: "TX"})))
	same(t, "of antitrust", 3, len(read(index.MatterQuery{Topic: "antitrust"})))
	same(t, "of trust", 0, len(read(index.MatterQuery{Topic: "trust"})))
	same(t, "of both", 0, len(read(index.MatterQuery{State: "OH", Topic: "antitrust"})))
}

func testPublishedWithin(t *testing.T, s *shop) {
	day := func(days int) func(*index.Observation) {
		return func(o *index.Observation) { o.Reading.Published = index.DateOf(Start.AddDate(0, 0, days)) }
	}
	undated := func(o *index.Observation) { o.Reading.Published = "" }
	saved := s.save(t, Observation("VA", 1, day(3)), Observation("OH", 1, day(1)), Observation("TX", 1, day(3)), Observation("VA", 2, day(9)),
		Observation("VA", 3, undated), Observation("VA", 4, undated, func(o *index.Observation) { o.Backfill = true }))
	within := func(from, to index.Date) (ids []string) {
		t.Helper()
		for r, err := range s.PublishedWithin(t.Context(), from, to) {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, r.ID)
		}
		return ids
	}
	at := func(days int) index.Date { return index.DateOf(Start.AddDate(0, 0, days)) }
	same(t, "by day and id", []string{saved[1].ReleaseID, saved[2].ReleaseID, saved[0].ReleaseID}, within(at(1), at(3)))
	same(t, "none", 0, len(within(at(4), at(8))))
	same(t, "one day", []string{saved[3].ReleaseID}, within(at(9), at(9)))
	added := index.DateOf(s.release(t, saved[4].ReleaseID).Added)
	same(t, "undated", []string{saved[4].ReleaseID}, within(added, added))
	for r, err := range s.PublishedWithin(t.Context(), at(1), at(3)) {
		same(t, "first", saved[1].ReleaseID, r.ID)
		same(t, "its text", true, r.Text != "" && err == nil)
		break
	}
	var failed error
	for _, err := range s.PublishedWithin(t.Context(), "2024-02-31", at(3)) {
		failed = err
	}
	fails(t, "no day", failed, index.ErrInvalid)
}
