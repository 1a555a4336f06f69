package silence

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/index"
)

// noonOf is noon of a day.
func noonOf(day index.Date) time.Time {
	n, ok := dayNumber(day)
	if !ok {
		panic("no day: " + day)
	}
	return dayTime(n).Add(12 * time.Hour)
}

// twoADay has two releases on each working day from one day to another, holidays left out.
func twoADay(from, to index.Date) []index.DayCount {
	var days []index.DayCount
	first, _ := dayNumber(from)
	last, _ := dayNumber(to)
	for d := first; d <= last; d++ {
		if w := dayTime(d).Weekday(); w != time.Saturday && w != time.Sunday && calendar(d) == 1 {
			days = append(days, index.DayCount{Day: date(d), Count: 2})
		}
	}
	return days
}

// byChance has releases that come independently of each other, rate a working day.
func byChance(rate float64, years int, seed uint64) []index.DayCount {
	random := rand.New(rand.NewPCG(seed, 1))
	var days []index.DayCount
	first, _ := dayNumber("2015-01-05")
	for d := first; d < first+365*years; d++ {
		mean := 5 * rate * usualWeek[dayTime(d).Weekday()] / 0.96 * calendar(d)
		count := 0
		for left := random.ExpFloat64(); left < mean; left += random.ExpFloat64() {
			count++
		}
		if count > 0 {
			days = append(days, index.DayCount{Day: date(d), Count: count})
		}
	}
	return days
}

func TestExpect(t *testing.T) {
	two := twoADay("2022-01-03", "2024-05-03") // until a Friday
	tests := []struct {
		name     string
		days     []index.DayCount
		from     index.Date
		now      time.Time
		known    bool
		min, max float64
		certain  bool
	}{
		{"no history", nil, "2024-05-06", noonOf("2024-05-08"), false, 0, 0, false},
		{"too few releases", two[:9], "2024-05-06", noonOf("2024-05-08"), false, 0, 0, false},
		{"too short", twoADay("2024-04-08", "2024-05-03"), "2024-05-06", noonOf("2024-05-30"), false, 0, 0, false},
		{"all on one day", []index.DayCount{{Day: "2023-01-03", Count: 500}}, "2024-05-06", noonOf("2024-05-30"), false, 0, 0, false},
		{"no day", two, "yesterday", noonOf("2024-05-30"), false, 0, 0, false},
		{"from tomorrow", two, "2024-05-09", noonOf("2024-05-08"), true, 0, 0, false},
		{"a week", two, "2024-04-29", noonOf("2024-05-05"), true, 9, 11, true},
		{"the weekend", two, "2024-05-04", noonOf("2024-05-05"), true, 0, 0.5, false},
		{"Monday morning", two, "2024-05-04", noonOf("2024-05-06").Add(-4 * time.Hour), true, 0, 0.5, false},
		{"Monday night", two, "2024-05-04", noonOf("2024-05-06").Add(10 * time.Hour), true, 1.7, 2.5, false},
		{"two days and a half", two, "2024-05-04", noonOf("2024-05-08").Add(time.Hour), true, 4.5, 5.8, true},
		{"Christmas", twoADay("2022-01-03", "2023-12-22"), "2023-12-23", noonOf("2023-12-26"), true, 0.2, 1.5, false},
		{"years", two, "1999-01-01", noonOf("2031-05-08"), false, 0, 0, false},
		{"a long silence", two, "2024-05-04", noonOf("2025-05-06"), true, 480, 540, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o, known := Expect(test.days, test.from, test.now)
			if known != test.known || o.Expected < test.min || o.Expected > test.max || o.NearCertain() != test.certain {
				t.Errorf("%+v, known %v; want %v with %g to %g, certain %v", o, known, test.known, test.min, test.max, test.certain)
			}
		})
	}
}

func TestRecent(t *testing.T) {
	days := twoADay("2022-01-03", "2024-05-03")
	for _, test := range []struct {
		now      index.Date
		fresh    int
		expected float64
	}{{"2024-05-03", 10, 9.3}, {"2024-05-08", 4, 9.3}, {"2024-05-20", 0, 9.3}} {
		fresh, expected := Recent(days, noonOf(test.now))
		if fresh != test.fresh || expected == nil || math.Abs(*expected-test.expected) > 1.5 {
			t.Errorf("%s: %d of %v, want %d of %g", test.now, fresh, expected, test.fresh, test.expected)
		}
	}
	if fresh, expected := Recent(days[:5], noonOf("2022-01-07")); fresh != 5*2 || expected != nil {
		t.Errorf("without a history: %d of %v", fresh, expected)
	}
}

func TestSince(t *testing.T) {
	days := twoADay("2022-01-03", "2024-05-03")
	ahead := slices.Concat(days, []index.DayCount{{Day: "2042-05-03", Count: 1}, {Day: "soon", Count: 1}})
	for _, test := range []struct {
		name    string
		days    []index.DayCount
		lastNew index.Date
		from    index.Date
	}{
		{"the newest release", days, "", "2024-05-04"},
		{"found later than dated", days, "2024-05-07", "2024-05-08"},
		{"found long ago", days, "2023-05-07", "2024-05-04"},
		{"a date ahead", ahead, "2077-01-01", "2024-05-11"},
	} {
		o, ok := Since(test.days, test.lastNew, noonOf("2024-05-10"))
		if !ok || o.From != test.from {
			t.Errorf("%s: %+v, %v", test.name, o, ok)
		}
	}
	if _, ok := Since(nil, "2024-05-07", noonOf("2024-05-10")); ok {
		t.Error("something is expected without a history")
	}
}

// TestChanceAlone: publishers whose releases come by chance alone are rarely taken for
// silent, and one with two a day is missed within three working days.
func TestChanceAlone(t *testing.T) {
	for _, test := range []struct{ rate, days float64 }{{4, 2.5}, {2, 3.2}, {1, 6}, {0.3, 20}} {
		p := publisher{counts: map[index.Date]int{}}
		for _, d := range byChance(test.rate, 5, 7) {
			p.counts[d.Day] = d.Count
		}
		m := replay(p)
		noticed := m.hours[len(m.hours)/2] / 13
		t.Logf("%g a working day: %.2f false alarms a year, silence noticed after %.1f working days", test.rate, float64(m.alarms)/m.years, noticed)
		if float64(m.alarms)/m.years > 1.3 || noticed > test.days {
			t.Errorf("%g a working day: %d alarms in %.1f years, noticed after %.1f days", test.rate, m.alarms, m.years, noticed)
		}
	}
}

// TestOutage: a silence in the past that was an outage does not make all silences natural.
func TestOutage(t *testing.T) {
	days := append(twoADay("2022-01-03", "2023-06-01"), twoADay("2023-12-01", "2024-05-03")...)
	if o, ok := Since(days, "", noonOf("2024-05-20")); !ok || !o.NearCertain() {
		t.Errorf("two silent weeks after an outage of half a year: %+v", o)
	}
}

func drawDays(t *rapid.T) []index.DayCount {
	if rapid.Bool().Draw(t, "regular") {
		return byChance(rapid.Float64Range(0.1, 9).Draw(t, "rate"), 2, rapid.Uint64().Draw(t, "seed"))
	}
	var days []index.DayCount
	for range rapid.IntRange(0, 40).Draw(t, "days") {
		day := date(rapid.IntRange(16000, 18000).Draw(t, "day"))
		if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
			day = rapid.SampledFrom([]index.Date{"", "0001-01-01", "9999-12-31", "2016-02-30", "x"}).Draw(t, "date")
		}
		days = append(days, index.DayCount{Day: day, Count: rapid.SampledFrom([]int{-5, 0, 1, 1, 2, 30, 1 << 50}).Draw(t, "count")})
	}
	return days
}

// TestExpectLaws: for any history expectations are finite and grow with time, chances
// shrink with it, what is near certain stays so while nothing comes, and neither the order
// of days nor what comes later counts.
func TestExpectLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := drawDays(t)
		begin := rapid.IntRange(16000, 18200).Draw(t, "from")
		from := date(begin)
		at := dayTime(begin).Add(time.Duration(rapid.IntRange(-100, 10000).Draw(t, "hours")) * time.Hour)
		o, ok := Expect(days, from, at)
		if !ok {
			return
		}
		if o.Expected < 0 || math.IsNaN(o.Expected) || math.IsInf(o.Expected, 0) || o.Chance < 0 || o.Chance > 1 || math.IsNaN(o.Chance) {
			t.Fatalf("%+v", o)
		}
		later, ok := Expect(days, from, at.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "later"))*time.Hour))
		if !ok || later.Expected < o.Expected || later.Chance > o.Chance || o.NearCertain() && !later.NearCertain() {
			t.Fatalf("%+v, later %+v", o, later)
		}
		shuffled := append(rapid.Permutation(days).Draw(t, "order"), index.DayCount{Day: date(begin + 3), Count: 7})
		if again, _ := Expect(shuffled, from, at); math.Abs(again.Expected-o.Expected) > 1e-9*o.Expected || again.NearCertain() != o.NearCertain() {
			t.Fatalf("%+v in another order %+v", o, again)
		}
	})
}

func TestCalendar(t *testing.T) {
	holidays := []index.Date{
		"2023-01-02", "2023-01-16", "2023-02-20", "2023-05-29", "2023-06-19", "2023-07-04", "2023-09-04", "2023-10-09",
		"2023-11-10", "2023-11-23", "2023-12-25", "2022-12-26", "2021-12-31", "2021-07-05", "2022-06-20", "2022-11-11",
	}
	for _, day := range holidays {
		if n, _ := dayNumber(day); calendar(n) != onHoliday {
			t.Errorf("%s is no holiday", day)
		}
	}
	for day, want := range map[index.Date]float64{
		"2023-11-24": onBridge, "2024-12-24": onBridge, "2023-12-27": onYearsEnd, "2024-01-02": onYearsEnd,
		"2023-05-22": 1, "2020-06-19": 1, "2023-11-16": 1, "2023-11-17": 1, "2023-01-03": 1, "2023-01-09": 1,
	} {
		if n, _ := dayNumber(day); calendar(n) != want {
			t.Errorf("%s counts %g, want %g", day, calendar(n), want)
		}
	}
}
