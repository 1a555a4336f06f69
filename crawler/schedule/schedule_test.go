package schedule

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/index"
	"agora/index/vocabulary"
)

// newYork is the zone of most offices.
var newYork = func() *time.Location {
	location, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return location
}()

// calm is an office whose jitter is next to nothing, so that times are exact.
var calm = func() string {
	for i := 0; ; i++ {
		if name := fmt.Sprintf("calm-%d", i); share(name) < 0.001 {
			return name
		}
	}
}()

// at is a local time of the week from Monday, May 6, 2024.
func at(days, hour, minute int) time.Time {
	return time.Date(2024, 5, 6+days, hour, minute, 0, 0, newYork)
}

// ended is a pass over five minutes.
func ended(end time.Time, outcome string) index.Pass {
	return index.Pass{Office: calm, Started: end.Add(-5 * time.Minute), Ended: end, Outcome: outcome}
}

// daily has n releases on every working day of the year before a time.
func daily(n int, before time.Time) []index.DayCount {
	var days []index.DayCount
	for back := 365; back > 0; back-- {
		if d := before.AddDate(0, 0, -back); d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			days = append(days, index.DayCount{Day: index.DateOf(d), Count: n})
		}
	}
	return days
}

// monthly has a release each month of the year before a time.
func monthly(before time.Time) []index.DayCount {
	var days []index.DayCount
	for back := 12; back > 0; back-- {
		days = append(days, index.DayCount{Day: index.DateOf(before.AddDate(0, -back, 0)), Count: 1})
	}
	return days
}

func TestDue(t *testing.T) {
	died := index.Pass{Office: calm, Started: at(1, 9, 0)}
	failed := func(end time.Time) index.Pass { return ended(end, index.PassUnreachable) }
	ok := func(end time.Time) []index.Pass { return []index.Pass{ended(end, index.PassOK)} }
	tests := []struct {
		name   string
		passes []index.Pass
		days   []index.DayCount
		until  time.Time
		now    time.Time
		want   time.Time
	}{
		{"never crawled", nil, nil, time.Time{}, at(1, 9, 0), at(1, 9, 0)},
		{"never crawled, left alone", nil, nil, at(1, 11, 0), at(1, 9, 0), at(1, 11, 0)},
		{"died", append([]index.Pass{died}, ok(at(1, 8, 0))...), nil, time.Time{}, at(1, 9, 0), at(1, 9, 0)},
		{"dies again and again", []index.Pass{died, died, died}, nil, time.Time{}, at(1, 9, 1), at(1, 13, 0)},
		{"stopped", append([]index.Pass{ended(at(1, 8, 50), index.PassStopped)}, ok(at(1, 8, 0))...), nil, time.Time{}, at(1, 9, 0), at(1, 9, 0)},

		{"one a day", ok(at(1, 9, 0)), daily(1, at(1, 9, 0)), time.Time{}, at(1, 9, 5), at(1, 10, 0)},
		{"three a day", ok(at(1, 9, 0)), daily(3, at(1, 9, 0)), time.Time{}, at(1, 9, 5), at(1, 9, 20)},
		{"fifty a day", ok(at(1, 9, 0)), daily(50, at(1, 9, 0)), time.Time{}, at(1, 9, 5), at(1, 9, 19)},
		{"one a month", ok(at(1, 9, 0)), monthly(at(1, 9, 0)), time.Time{}, at(1, 9, 5), at(2, 9, 0)},
		{"a new office", ok(at(1, 9, 0)), nil, time.Time{}, at(1, 9, 5), at(1, 10, 0)},
		{"a week of dates is too little", ok(at(1, 9, 0)), daily(9, at(1, 9, 0))[256:], time.Time{}, at(1, 9, 5), at(1, 10, 0)},

		{"at night", ok(at(1, 22, 0)), daily(4, at(1, 9, 0)), time.Time{}, at(1, 22, 5), at(1, 23, 15)},
		{"into the night", ok(at(1, 19, 50)), daily(4, at(1, 9, 0)), time.Time{}, at(1, 20, 0), at(1, 20, 35)},
		{"into the morning", ok(at(1, 6, 40)), daily(4, at(1, 9, 0)), time.Time{}, at(1, 6, 45), at(1, 7, 14)},
		{"on a weekend", ok(at(5, 12, 0)), daily(4, at(1, 9, 0)), time.Time{}, at(5, 12, 5), at(5, 13, 15)},
		{"into the weekend", ok(at(4, 19, 50)), daily(1, at(1, 9, 0)), time.Time{}, at(4, 20, 0), at(4, 23, 20)},
		{"over the end of the weekend", ok(at(6, 23, 0)), monthly(at(1, 9, 0)), time.Time{}, at(7, 0, 0), at(7, 23, 0)},

		{"first failure", append([]index.Pass{failed(at(1, 9, 0))}, ok(at(1, 8, 0))...), daily(1, at(1, 9, 0)), time.Time{}, at(1, 9, 5), at(1, 10, 0)},
		{"third failure", []index.Pass{failed(at(1, 9, 0)), ended(at(1, 8, 30), index.PassStopped), failed(at(1, 8, 0)), failed(at(1, 7, 0)), ended(at(1, 6, 0), index.PassOK), failed(at(1, 5, 0))}, daily(1, at(1, 9, 0)), time.Time{}, at(1, 9, 5), at(1, 13, 0)},
		{"many failures", []index.Pass{failed(at(1, 9, 0)), failed(at(0, 9, 0)), failed(at(-1, 9, 0)), failed(at(-2, 9, 0)), failed(at(-3, 9, 0)), failed(at(-4, 9, 0))}, daily(4, at(1, 9, 0)), time.Time{}, at(1, 9, 5), at(1, 19, 0)},
		{"silent ones are not left alone", []index.Pass{ended(at(1, 9, 0), index.PassSilent), ended(at(1, 8, 0), index.PassSilent), ended(at(1, 7, 0), index.PassThin)}, daily(1, at(1, 9, 0)), time.Time{}, at(1, 9, 5), at(1, 10, 0)},
		{"left alone for days", ok(at(1, 9, 0)), daily(1, at(1, 9, 0)), at(4, 9, 0), at(1, 9, 5), at(4, 9, 0)},
		{"a clock that was set back", ok(at(300, 9, 0)), daily(1, at(1, 9, 0)), time.Time{}, at(1, 9, 0), at(1, 10, 0)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Due(History{Office: calm, Location: newYork, Passes: test.passes, Days: test.days, NotBefore: test.until}, test.now)
			// A year has not quite 5/7 of its days as working days.
			if d := got.Sub(test.want).Abs(); d > 4*time.Minute {
				t.Errorf("due %v, want %v", got.In(newYork), test.want)
			}
		})
	}
}

// TestUndatedOffice asks an office that dates nothing less often the longer nothing comes,
// and at most hourly.
func TestUndatedOffice(t *testing.T) {
	passes := func(n int, apart time.Duration, came int) []index.Pass {
		var list []index.Pass
		for i := range n {
			p := ended(at(2, 9, 0).Add(-time.Duration(i)*apart), index.PassOK)
			p.New = came
			list = append(list, p)
		}
		return append(list, index.Pass{Office: calm, Started: at(-300, 0, 0), Ended: at(-299, 0, 0), Full: true, New: 5000, Outcome: index.PassOK})
	}
	wait := func(list []index.Pass) time.Duration {
		h := History{Office: calm, Location: newYork, Passes: list}
		return Due(h, at(2, 9, 1)).Sub(at(2, 9, 0))
	}
	first, day, days, weeks, busy := wait(passes(1, time.Hour, 0)), wait(passes(24, time.Hour, 0)), wait(passes(50, 2*time.Hour, 0)), wait(passes(50, 12*time.Hour, 0)), wait(passes(50, time.Hour, 3))
	t.Logf("waits %v after the first pass, %v after a day, %v after four, %v after four weeks; %v where much comes", first, day, days, weeks, busy)
	if first > newcomer || day > 2*time.Hour || days <= day || weeks < 12*time.Hour || weeks > slowest || busy > newcomer || busy < 50*time.Minute {
		t.Error("the waits don't grow with what is not found")
	}
}

func drawHistory(t *rapid.T) (History, time.Time) {
	now := at(0, 0, 0).Add(time.Duration(rapid.Int64Range(0, int64(400*24*time.Hour)).Draw(t, "now")))
	h := History{Office: rapid.SampledFrom(vocabulary.Offices[:]).Draw(t, "office").Code, Location: newYork}
	end := now.Add(-time.Duration(rapid.Int64Range(0, int64(30*24*time.Hour)).Draw(t, "ago")))
	outcomes := []string{index.PassOK, index.PassSilent, index.PassRefused, index.PassUnreachable, index.PassStopped, ""}
	for range rapid.IntRange(0, 12).Draw(t, "passes") {
		p := ended(end, rapid.SampledFrom(outcomes).Draw(t, "outcome"))
		p.New = rapid.IntRange(-1, 5).Draw(t, "new")
		if rapid.IntRange(0, 5).Draw(t, "died") == 0 {
			p.Ended = time.Time{}
		}
		h.Passes = append(h.Passes, p)
		end = end.Add(-time.Duration(rapid.Int64Range(int64(6*time.Minute), int64(24*time.Hour)).Draw(t, "apart")))
	}
	for range rapid.IntRange(0, 5).Draw(t, "days") {
		day := now.AddDate(0, 0, rapid.IntRange(-800, 20).Draw(t, "back"))
		h.Days = append(h.Days, index.DayCount{Day: index.DateOf(day), Count: rapid.IntRange(-1, 400).Draw(t, "count")})
	}
	return h, now
}

// TestDueLaws: an office is due from 15 minutes to a day after its last pass, or now; a
// later pass or a longer failure never makes it due earlier; and what a host asked for
// holds.
func TestDueLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, now := drawHistory(t)
		due := Due(h, now)
		last, failures, again := lately(h.Passes)
		if again {
			if !due.Equal(now) {
				t.Fatalf("due %v, not now", due)
			}
		} else if wait := due.Sub(last); wait > slowest || wait < quickest-time.Microsecond {
			t.Fatalf("due %v after the last pass", wait)
		}

		until := now.Add(time.Duration(rapid.Int64Range(-1e15, 1e15).Draw(t, "until")))
		h.NotBefore = until
		if asked := Due(h, now); asked.Before(until) || asked.Before(due) || !asked.Equal(due) && !asked.Equal(until) {
			t.Fatalf("due %v where a host asked for %v, else %v", asked, until, due)
		}
		h.NotBefore = time.Time{}
		if again {
			return
		}

		later := time.Duration(rapid.Int64Range(0, int64(now.Sub(last))).Draw(t, "later"))
		wait := interval(h, now)
		if h.pace(last.Add(later), wait).Before(h.pace(last, wait)) {
			t.Fatal("a later pass makes it due earlier")
		}
		if failures > 0 {
			h.Passes = append([]index.Pass{h.Passes[0]}, h.Passes...)
			if len(h.Days) > 0 && Due(h, now).Before(due) { // without dates a pass more changes the rate too
				t.Fatal("one more failure makes it due earlier")
			}
		}
	})
}

// TestBusierIsSooner: more releases on the same days never make an office due later.
func TestBusierIsSooner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, now := drawHistory(t)
		days := daily(1, now)
		n, more := rapid.IntRange(1, 9).Draw(t, "n"), rapid.IntRange(0, 9).Draw(t, "more")
		for i := range days {
			days[i].Count = n
		}
		h.Days = days
		due := Due(h, now)
		for i := range days {
			days[i].Count += more
		}
		if busier := Due(h, now); busier.After(due) {
			t.Fatalf("with %d a day due %v, with %d more %v", n, due, more, busier)
		}
	})
}

// TestOfficesDriftApart: 56 offices that were asked together are not asked together again.
func TestOfficesDriftApart(t *testing.T) {
	now := at(1, 9, 0)
	minutes := map[time.Time]int{}
	for _, o := range vocabulary.Offices {
		h := History{Office: o.Code, Location: newYork, Passes: []index.Pass{ended(now, index.PassOK)}, Days: daily(1, now)}
		minutes[Due(h, now).Truncate(time.Minute)]++
	}
	most := 0
	for _, n := range minutes {
		most = max(most, n)
	}
	t.Logf("56 offices are due in %d different minutes, at most %d in one", len(minutes), most)
	if len(minutes) < 10 || most > 15 {
		t.Errorf("they are due together: %v", minutes)
	}
}

// TestPassesADay prints how often offices are asked.
func TestPassesADay(t *testing.T) {
	count := func(days []index.DayCount, from time.Time, over int) float64 {
		n := 0
		last := from
		for last.Before(from.AddDate(0, 0, over)) {
			last = Due(History{Office: "VA", Location: newYork, Passes: []index.Pass{ended(last, index.PassOK)}, Days: days}, last)
			n++
		}
		return float64(n) / float64(over)
	}
	for _, office := range []struct {
		name string
		days []index.DayCount
		min  float64
		max  float64
	}{
		{"8 a working day", daily(8, at(0, 7, 0)), 45, 65},
		{"2 a working day", daily(2, at(0, 7, 0)), 28, 40},
		{"1 a working day", daily(1, at(0, 7, 0)), 14, 20},
		{"1 a month", monthly(at(0, 7, 0)), 1, 1.5},
	} {
		week, weekend := count(office.days, at(0, 7, 0), 5), count(office.days, at(5, 0, 0), 2)
		t.Logf("%-16s %5.1f passes a working day, %5.1f on a day of the weekend", office.name, week, weekend)
		if week < office.min || week > office.max || weekend > week+0.5 {
			t.Errorf("%s: %.1f passes a working day", office.name, week)
		}
	}
}
