package indextest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"agora/index"
)

// visit makes the planned visit of the page of release n of an office.
func visit(office string, n int, changes ...func(*index.Visit)) index.Visit {
	v := index.Visit{Office: office, Address: URL(office, n), URL: URL(office, n) + "/", Kind: index.VisitPage, Found: Start, Next: Start.Add(time.Hour)}
	for _, change := range changes {
		change(&v)
	}
	return v
}

func (s *shop) saveVisits(t *testing.T, visits ...index.Visit) {
	t.Helper()
	if err := s.SaveVisits(t.Context(), visits); err != nil {
		t.Fatalf("save visits: %v", err)
	}
}

func testVisits(t *testing.T, s *shop) {
	id := s.save(t, Observation("VA", 1))[0].ReleaseID
	planned := visit("VA", 2)
	failing := visit("OH", 2, func(v *index.Visit) {
		v.Address, v.Kind, v.Next = planned.Address, index.VisitSource, time.Time{}
		v.Last, v.Outcome, v.Failures, v.FailingSince = Start.Add(time.Hour), "404", 2, Start
	})
	letter := visit("VA", 1, func(v *index.Visit) {
		v.Address += "/letter.pdf"
		v.Kind, v.ReleaseID, v.Backfill = index.VisitAttachment, id, true
		v.Last, v.Outcome, v.ETag, v.LastModified = Start.Add(90*time.Hour), index.OutcomeOK, `"x"`, "Tue, 02 Jan 2024 15:00:00 GMT"
		v.SHA256, v.Payload, v.Captured = "ab", "sha1:CD", Start.Add(89*time.Hour)
	})
	visits := []index.Visit{planned, failing, letter}
	s.saveVisits(t, visits...)
	for _, v := range visits {
		same(t, v.Address, v, must(s.Visit(t.Context(), v.Office, v.Address))(t))
	}
	same(t, "log", []string{"new 1"}, s.kinds(t, 0))

	planned.Next, planned.Last, planned.Outcome, planned.Kind = time.Time{}, Start.Add(2*time.Hour), index.OutcomeOK, index.VisitAttachment
	letter.ReleaseID, letter.Backfill, letter.Captured = "", false, time.Time{}
	s.saveVisits(t, planned, letter)
	same(t, "replaced", planned, must(s.Visit(t.Context(), "VA", planned.Address))(t))
	same(t, "emptied", letter, must(s.Visit(t.Context(), "VA", letter.Address))(t))
	twice := visit("VA", 3)
	again := twice
	again.Outcome, again.Last = "503", Start.Add(time.Hour)
	s.saveVisits(t, twice, again)
	same(t, "twice in one call", again, must(s.Visit(t.Context(), "VA", twice.Address))(t))
	same(t, "counts", []index.VisitCount{
		{Office: "OH", Kind: index.VisitSource, Outcome: "404", Count: 1}, {Office: "VA", Kind: index.VisitAttachment, Outcome: index.OutcomeOK, Count: 2},
		{Office: "VA", Kind: index.VisitPage, Outcome: "503", Count: 1},
	}, must(s.VisitCounts(t.Context()))(t))
	_, err := s.Visit(t.Context(), "TX", planned.Address)
	fails(t, "unknown", err, index.ErrNotFound)
}

// testVisitsOfReleases has visits confirm releases, and get to know them.
func testVisitsOfReleases(t *testing.T, s *shop) {
	id := s.save(t, Observation("VA", 1))[0].ReleaseID
	first := s.release(t, id)
	hours := 0
	for _, step := range []struct {
		kind     index.VisitKind
		outcome  string
		confirms bool
	}{
		{index.VisitPage, index.OutcomeNotModified, true}, {index.VisitPage, index.OutcomeUnchanged, true}, {index.VisitPage, index.OutcomeOK, false},
		{index.VisitPage, "404", false}, {index.VisitAttachment, index.OutcomeNotModified, false}, {index.VisitAttachment, index.OutcomeUnchanged, false},
	} {
		hours += 10
		before, want := s.release(t, id).LastSeen, Start.Add(time.Duration(hours)*time.Hour)
		s.saveVisits(t, visit("VA", 1, func(v *index.Visit) { v.Kind, v.ReleaseID, v.Outcome, v.Last = step.kind, id, step.outcome, want }))
		if !step.confirms {
			want = before
		}
		same(t, "last seen by "+string(step.kind)+" "+step.outcome, want, s.release(t, id).LastSeen)
	}
	before := s.release(t, id)
	s.saveVisits(t, visit("VA", 1, func(v *index.Visit) {
		v.ReleaseID, v.Outcome, v.Last = id, index.OutcomeUnchanged, Start.Add(time.Hour)
	}), visit("VA", 1, func(v *index.Visit) { v.ReleaseID, v.Outcome = id, index.OutcomeUnchanged }))
	same(t, "release after earlier visits", before, s.release(t, id))
	first.LastSeen = before.LastSeen
	same(t, "what else the release shows", first, before)

	// A page that was taken for something else has no release, until better code finds
	// one in its capture.
	o := Observation("VA", 2)
	kept := o.Capture
	kept.Kind = index.PageOther
	if err := s.SaveCaptures(t.Context(), []index.Capture{kept}); err != nil {
		t.Fatal(err)
	}
	seen := visit("VA", 2, func(v *index.Visit) { v.Outcome, v.Last = index.OutcomeNotModified, Start.Add(200*time.Hour) })
	letter := visit("VA", 3, func(v *index.Visit) { v.Kind, v.Next = index.VisitAttachment, Start })
	s.saveVisits(t, seen, letter)
	same(t, "without a release", seen, must(s.Visit(t.Context(), "VA", seen.Address))(t))
	later := s.save(t, o, Observation("OH", 3, func(o *index.Observation) { o.Addresses = []string{letter.Address, seen.Address} }),
		Observation("VA", 9, func(o *index.Observation) { o.Addresses = []string{letter.Address} }))[0].ReleaseID
	found := seen
	found.ReleaseID = later
	same(t, "with the release of its address", found, must(s.Visit(t.Context(), "VA", seen.Address))(t))
	same(t, "an attachment at the address of a release", letter, must(s.Visit(t.Context(), "VA", letter.Address))(t))
	same(t, "due", []index.Visit{found, letter}, must(s.DueVisits(t.Context(), "VA", "", Start.Add(time.Hour), 10))(t)[1:])
	seen.Last = Start.Add(201 * time.Hour)
	s.saveVisits(t, seen)
	same(t, "last seen by its address", seen.Last, s.release(t, later).LastSeen)
}

func testInvalidVisits(t *testing.T, s *shop) {
	for name, given := range map[string]struct {
		change func(*index.Visit)
		want   error
	}{
		"office":  {func(v *index.Visit) { v.Office = "" }, index.ErrInvalid},
		"address": {func(v *index.Visit) { v.Address = "" }, index.ErrInvalid},
		"no kind": {func(v *index.Visit) { v.Kind = "" }, index.ErrInvalid},
		"kind":    {func(v *index.Visit) { v.Kind = "letter" }, index.ErrInvalid},
		"release": {func(v *index.Visit) { v.ReleaseID = "va-000000000000" }, index.ErrNotFound},
	} {
		fails(t, name, s.SaveVisits(t.Context(), []index.Visit{visit("VA", 1), visit("VA", 2, given.change)}), given.want)
	}
	same(t, "counts after failures", 0, len(must(s.VisitCounts(t.Context()))(t)))
	_, err := s.Visit(t.Context(), "VA", URL("VA", 1))
	fails(t, "kept of failed calls", err, index.ErrNotFound)
}

// drawVisit makes a visit of one of a few addresses, with times that often agree.
func drawVisit(rt *rapid.T, office string) index.Visit {
	hour := func(what string) time.Time {
		if n := rapid.IntRange(-3, 5).Draw(rt, what); n >= 0 {
			return Start.Add(time.Duration(n) * time.Hour)
		}
		return time.Time{}
	}
	return visit(office, rapid.IntRange(0, 14).Draw(rt, "page"), func(v *index.Visit) {
		v.Kind = rapid.SampledFrom([]index.VisitKind{index.VisitPage, index.VisitPage, index.VisitAttachment, index.VisitSource}).Draw(rt, "kind")
		v.Found, v.Last, v.Next = hour("found"), hour("last"), hour("next")
		if !v.Last.IsZero() {
			v.Outcome = rapid.SampledFrom([]string{index.OutcomeOK, index.OutcomeUnchanged, "404"}).Draw(rt, "outcome")
		}
	})
}

// testFrontier checks laws against a model that holds visits in a map: what is shown is
// what was saved last, what is due comes in its order, and the counts are exact.
func testFrontier(t *testing.T, s *shop) {
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		office := fmt.Sprintf("V%d", n)
		model := map[string]index.Visit{}
		for range rapid.IntRange(1, 4).Draw(rt, "calls") {
			visits := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) index.Visit { return drawVisit(rt, office) }), 0, 12).Draw(rt, "visits")
			s.saveVisits(t, visits...)
			for _, v := range visits {
				model[v.Address] = v
			}
		}
		asked := []string{URL(office, 99), URL("VA", 0)}
		for page := range 15 {
			asked = append(asked, URL(office, page))
		}
		shown := must(s.Visits(t.Context(), office, asked))(t)
		if !maps.Equal(model, shown) {
			rt.Fatalf("visits are %+v, want %+v", shown, model)
		}
		for _, address := range asked {
			v, err := s.Visit(t.Context(), office, address)
			if want, held := model[address]; v != want || held != (err == nil) {
				rt.Fatalf("visit of %s is %+v, %v; want %+v", address, v, err, want)
			}
		}
		at := Start.Add(time.Duration(rapid.IntRange(-1, 6).Draw(rt, "at")) * time.Hour)
		limit := rapid.IntRange(-1, 16).Draw(rt, "limit")
		kind := rapid.SampledFrom([]index.VisitKind{"", index.VisitPage, index.VisitAttachment}).Draw(rt, "kind of due visits")
		if diff := gocmp.Diff(dueIn(model, kind, at, limit), must(s.DueVisits(t.Context(), office, kind, at, limit))(t), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("due (-want +got):\n%s", diff)
		}
		if diff := gocmp.Diff(countsIn(model), countsOf(must(s.VisitCounts(t.Context()))(t), office), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("counts (-want +got):\n%s", diff)
		}
	})
}

// dueIn is what DueVisits promises, said with a sort.
func dueIn(model map[string]index.Visit, kind index.VisitKind, at time.Time, limit int) []index.Visit {
	var due []index.Visit
	for _, v := range model {
		if v.Kind != index.VisitSource && (kind == "" || v.Kind == kind) && !v.Next.IsZero() && !v.Next.After(at) {
			due = append(due, v)
		}
	}
	rank := func(v index.Visit) int {
		place := 0
		if v.Kind == index.VisitAttachment {
			place += 2
		}
		if !v.Last.IsZero() {
			place++
		}
		return place
	}
	slices.SortFunc(due, func(a, b index.Visit) int {
		if order := cmp.Compare(rank(a), rank(b)); order != 0 {
			return order
		}
		order := a.Next.Compare(b.Next)
		if a.Last.IsZero() {
			order = b.Found.Compare(a.Found)
		}
		return cmp.Or(order, cmp.Compare(a.Address, b.Address))
	})
	return due[:min(len(due), max(limit, 0))]
}

func countsIn(model map[string]index.Visit) []index.VisitCount {
	counts := map[index.VisitCount]int{}
	for _, v := range model {
		counts[index.VisitCount{Office: v.Office, Kind: v.Kind, Outcome: v.Outcome}]++
	}
	var list []index.VisitCount
	for c, n := range counts {
		c.Count = n
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b index.VisitCount) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Outcome, b.Outcome))
	})
	return list
}

func countsOf(counts []index.VisitCount, office string) []index.VisitCount {
	return slices.DeleteFunc(counts, func(c index.VisitCount) bool { return c.Office != office })
}

// testManyVisits asks for more addresses at once than anything is made for.
func testManyVisits(t *testing.T, s *shop) {
	const many = 2500
	visits, asked, want := []index.Visit{}, []string{}, map[string]index.Visit{}
	for n := range many {
		v := visit("VA", n)
		visits, asked, want[v.Address] = append(visits, v), append(asked, v.Address, v.Address, v.Address+"x"), v
	}
	s.saveVisits(t, visits...)
	if got := must(s.Visits(t.Context(), "VA", asked))(t); !maps.Equal(got, want) {
		t.Errorf("%d visits, want %d", len(got), many)
	}
	same(t, "due", many, len(must(s.DueVisits(t.Context(), "VA", "", Start.Add(time.Hour), 1<<40))(t)))
	same(t, "of no address", 0, len(must(s.Visits(t.Context(), "VA", nil))(t)))
	same(t, "nothing to save", nil, s.SaveVisits(t.Context(), nil))
}
