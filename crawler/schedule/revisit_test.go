package schedule

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/index"
)

// noon is when most pages of these tests were first seen.
var noon = time.Date(2024, 5, 6, 12, 0, 0, 0, time.UTC)

// held is a page that was published on the day it was found, and never changed.
func held(last time.Time) Page {
	return Page{
		Address: calm, Kind: index.VisitPage, Outcome: index.OutcomeUnchanged,
		Published: "2024-05-06", FirstSeen: noon, Presence: "live", Last: last,
	}
}

func TestRevisit(t *testing.T) {
	page := func(last time.Duration, change func(*Page)) Page {
		p := held(noon.Add(last))
		change(&p)
		return p
	}
	same := func(*Page) {}
	failing := func(outcome string, n int) func(*Page) {
		return func(p *Page) { p.Outcome, p.Failures = outcome, n }
	}
	missing := func(since time.Duration) func(*Page) {
		return func(p *Page) {
			p.Outcome, p.Failures, p.Presence, p.Since = "404", 3, "missing", noon.Add(since)
		}
	}
	attachment := func(outcome string, n int) func(*Page) {
		return func(p *Page) {
			p.Kind, p.Outcome, p.Failures, p.Presence = index.VisitAttachment, outcome, n, ""
		}
	}
	const hour = time.Hour
	const never = -1
	tests := []struct {
		name string
		page Page
		want time.Duration // after noon; never: not planned
	}{
		{"a day", page(0, same), day},
		{"three days", page(day+hour, same), 3 * day},
		{"a week", page(3*day+hour, same), 7 * day},
		{"two weeks", page(7*day, same), 14 * day},
		{"a month", page(20*day, same), 30 * day},
		{"months", page(70*day, same), 120 * day},
		{"eight months", page(200*day, same), 240 * day},
		{"just before a look", page(7*day-hour, same), 14 * day},
		{"undated", page(3*day, func(p *Page) { p.Published = "" }), 7 * day},
		{"of no day", page(3*day, func(p *Page) { p.Published = "2024-13-45" }), 7 * day},
		{"found late", page(0, func(p *Page) { p.Published = "2024-04-26" }), 3*day + 12*hour},
		{"found by a first pass", page(0, func(p *Page) { p.Published, p.Backfill = "2024-04-26", true }), 3*day + 12*hour},
		{"dated ahead", page(day, func(p *Page) { p.Published = "2042-05-06" }), 3 * day},
		{"edited", page(100*day, func(p *Page) { p.Changed, p.Versions = noon.Add(100*day), 2 }), 101 * day},
		{"edited at every look", page(70*day, func(p *Page) { p.Changed, p.Versions = noon.Add(70*day), 11 }), 120 * day},
		{"edited before it was seen", page(70*day, func(p *Page) { p.Changed = noon.Add(-day) }), 120 * day},
		{"no release", page(3*day, func(p *Page) { p.Outcome, p.Published, p.Presence = index.OutcomeNoPage, "", "" }), 7 * day},

		{"missing", page(2*day, missing(2*day)), 3 * day},
		{"missing for long", page(16*day, missing(2*day)), 23 * day},
		{"missing, and no answer", page(16*day, func(p *Page) { missing(2 * day)(p); p.Outcome = "503" }), 23 * day},
		{"gone", page(50*day, func(p *Page) { missing(2 * day)(p); p.Presence = "gone" }), 80 * day},
		{"gone, and no answer", page(50*day, func(p *Page) { failing(index.OutcomeTimeout, 1)(p); p.Presence = "gone" }), 80 * day},

		{"no answer", page(day, failing(index.OutcomeTimeout, 1)), day + 10*time.Minute},
		{"no answer, thrice", page(day, failing("503", 3)), day + 40*time.Minute},
		{"no answer for a week", page(day, failing(index.OutcomeNetwork, 15)), 2 * day},
		{"no answer for three weeks", page(day, failing(index.OutcomeNetwork, 31)), 8 * day},
		{"no answer for months", page(day, failing(index.OutcomeNetwork, 1e9)), 31 * day},
		{"refused", page(day, failing("429", 1)), day + hour},
		{"refused, again", page(day, failing(index.OutcomeBlocked, 3)), day + 4*hour},
		{"listed, but not there yet", page(day, failing("404", 2)), day + 2*hour},
		{"not allowed", page(day, failing(index.OutcomeRobots, 1)), 8 * day},
		{"a bomb", page(day, failing(index.OutcomeBomb, 1)), 8 * day},

		{"source", page(day, func(p *Page) { p.Kind = index.VisitSource }), never},
		{"never visited", page(0, func(p *Page) { p.Last, p.Outcome = time.Time{}, "" }), 0},
		{"attachment", page(day, attachment(index.OutcomeOK, 0)), never},
		{"attachment that failed", page(day, attachment("503", 1)), day + hour},
		{"attachment that failed again", page(day, attachment("404", 3)), day + 16*hour},
		{"attachment that failed too often", page(day, attachment(index.OutcomeTimeout, 5)), never},
		{"attachment that is too large", page(day, attachment(index.OutcomeTooLarge, 1)), never},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Revisit(test.page)
			if test.want == never {
				if !got.IsZero() {
					t.Errorf("planned for %v", got)
				}
				return
			}
			want := noon.Add(test.want)
			if d := got.Sub(want).Abs(); d > want.Sub(test.page.Last)/100 && d > 0 {
				t.Errorf("planned for %v after noon, want %v", got.Sub(noon), test.want)
			}
		})
	}
}

func drawPage(t *rapid.T) Page {
	seconds := func(name string) time.Time {
		return noon.Add(time.Duration(rapid.Int64Range(-3e8, 3e8).Draw(t, name)) * time.Second)
	}
	p := Page{
		Address:   rapid.StringMatching(`https://ag\.example/[a-z]{0,9}`).Draw(t, "address"),
		Kind:      rapid.SampledFrom([]index.VisitKind{index.VisitPage, index.VisitPage, index.VisitPage, index.VisitAttachment}).Draw(t, "kind"),
		Failures:  rapid.IntRange(-1, 60).Draw(t, "failures"),
		Published: rapid.SampledFrom([]index.Date{"", "soon", "1801-01-01", "2024-05-05", "2024-05-06", "2099-01-01", index.DateOf(seconds("published"))}).Draw(t, "date"),
		Backfill:  rapid.Bool().Draw(t, "backfill"),
		Versions:  rapid.IntRange(0, 20).Draw(t, "versions"),
		Presence:  rapid.SampledFrom([]string{"", "live", "missing", "gone"}).Draw(t, "presence"),
		Cause:     rapid.SampledFrom([]string{"", "404", "site-change"}).Draw(t, "cause"),
		Last:      seconds("last"),
	}
	p.Outcome = rapid.SampledFrom([]string{
		"", index.OutcomeOK, index.OutcomeNotModified, index.OutcomeUnchanged, index.OutcomeBlocked, index.OutcomeSoft404,
		index.OutcomeRedirect, index.OutcomeNoPage, index.OutcomeUnread, index.OutcomeRobots, index.OutcomeNoRobots,
		index.OutcomeTooLarge, index.OutcomeBomb, index.OutcomeTimeout, index.OutcomeLater, "404", "410", "429", "500", "777", "unheard-of",
	}).Draw(t, "outcome")
	for _, at := range []*time.Time{&p.FirstSeen, &p.Changed, &p.Since} {
		if rapid.Bool().Draw(t, "known") {
			*at = seconds("time")
		}
	}
	return p
}

// TestRevisitLaws: a visit is planned after the last one and within 180 days; a later
// last visit never brings the next one forward; more failures never do either.
func TestRevisitLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPage(t)
		next := Revisit(p)
		if next.IsZero() {
			if p.Kind == index.VisitPage {
				t.Fatal("a page is never visited again")
			}
			return
		}
		if wait := next.Sub(p.Last); wait <= 0 || wait > period {
			t.Fatalf("planned for %v after the last visit", wait)
		}
		if unanswered := p.Failures > 0 && (p.Outcome == index.OutcomeTimeout || p.Outcome == "500"); unanswered && p.Kind == index.VisitPage && p.Presence == "" && p.Failures <= 30 && next.Sub(p.Last) > day {
			t.Fatalf("no answer, and asked again after %v", next.Sub(p.Last))
		}

		later := p
		later.Last = p.Last.Add(time.Duration(rapid.Int64Range(0, 4e7).Draw(t, "later")) * time.Second)
		// Time only adds, also where a page has been missing for a fortnight.
		if after := Revisit(later); after.Before(next) {
			t.Fatalf("planned for %v, visited %v later for %v", next, later.Last.Sub(p.Last), after)
		}
		p.Failures++
		if after := Revisit(p); !after.IsZero() && after.Before(next) {
			t.Fatal("a failure more brings it forward")
		}
	})
}

// TestEditsBringVisitsForward: a page that was just edited is visited a day later, and not
// later than one that was not.
func TestEditsBringVisitsForward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPage(t)
		p.Kind, p.Presence, p.Outcome, p.Changed = index.VisitPage, "live", index.OutcomeOK, time.Time{}
		next := Revisit(p)
		p.Changed, p.Versions = p.Last, 2
		if edited := Revisit(p); edited.After(next) && edited.Sub(p.Last) > day*5/4 {
			t.Fatalf("planned for %v, edited for %v", next, edited)
		}
	})
}

// spread plans n pages and returns how many visits fall on the emptiest and the fullest
// of the first days.
func spread(n, days int, page func(i int) Page) (least, most int) {
	perDay := make([]int, days)
	for i := range n {
		p := page(i)
		if d := int(Revisit(p).Sub(p.Last) / day); d < days {
			perDay[d]++
		}
	}
	least = n
	for _, count := range perDay {
		least, most = min(least, count), max(most, count)
	}
	return least, most
}

// TestBackfillSpreads: what one pass brought is not visited again all on one day.
func TestBackfillSpreads(t *testing.T) {
	address := func(i int) string { return fmt.Sprintf("https://ag.example/news/2011/%d-settles-%d", i, i*7919) }
	kinds := []struct {
		name string
		days int
		page func(i int) Page
	}{
		{"10,000 old releases", 180, func(i int) Page {
			return Page{Address: address(i), Kind: index.VisitPage, Outcome: index.OutcomeOK, Published: "2011-02-03", FirstSeen: noon, Backfill: true, Presence: "live", Last: noon}
		}},
		{"10,000 undated releases", 180, func(i int) Page {
			return Page{Address: address(i), Kind: index.VisitPage, Outcome: index.OutcomeOK, FirstSeen: noon, Backfill: true, Presence: "live", Last: noon}
		}},
		{"10,000 that a new site dropped", 7, func(i int) Page {
			return Page{Address: address(i), Kind: index.VisitPage, Outcome: "404", FirstSeen: noon, Presence: "missing", Cause: "site-change", Since: noon, Last: noon}
		}},
	}
	for _, kind := range kinds {
		least, most := spread(10000, kind.days, kind.page)
		even := 10000 / kind.days
		t.Logf("%s: from %d to %d visits a day over %d days (even: %d)", kind.name, least, most, kind.days, even)
		if least < even/2 || most > 2*even {
			t.Errorf("%s are not spread evenly", kind.name)
		}
	}
}

// TestVisitsOfARelease prints when a release is visited that is found on its day, and how
// many visits an archive of many years costs.
func TestVisitsOfARelease(t *testing.T) {
	p := held(noon)
	p.Address = "https://ag.example/news/one"
	var days []int
	for p.Last.Before(noon.AddDate(2, 0, 0)) {
		p.Last = Revisit(p)
		days = append(days, int(p.Last.Sub(noon)/day))
	}
	t.Logf("visits on the days %v after it was found", days)
	if len(days) < 9 || len(days) > 13 || days[0] != 1 || days[1] > 3 {
		t.Error("the visits don't decay")
	}
}
