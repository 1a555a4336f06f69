// Package silence says what a pass over an office should have found, from the office's
// own history, and judges whether the pass counts as failed though nothing went wrong on
// the way: because it found nothing where something was near certain, or less than it
// used to.
//
// It is pure: it fetches nothing, keeps nothing and knows no clock. Offices that date
// nothing have no history here.
package silence

import (
	"time"

	"agora/index"
)

const (
	// fewest releases and shortest history from which anything is expected.
	fewest, shortest = 20, 60
	// fewestGaps is how many times between releases must be known for their length to be
	// judged: twenty releases on one day are no history.
	fewestGaps = 10
	// longest is how many days of history count: offices change with who holds them.
	longest = 3 * 365
	// tolerance is how many false alarms a year are put up with for each office. Measured
	// on real publishers; see TestCalibration.
	tolerance = 2. / 3
	// patience is how many working days nobody is alarmed: storms, strikes and days of
	// mourning close offices that publish every day.
	patience = 2
	// dullest and rarest bound how unlikely a silence must be, whatever the number of
	// chances that a year gives it.
	dullest, rarest = 0.03, 0.0005
)

// Outlook is what the history of an office makes likely for a span of days.
type Outlook struct {
	From, To index.Date
	Expected float64 // releases
	Chance   float64 // that a silence as long as this follows a release, if all is well
	certain  bool
}

// NearCertain tells whether it is near certain that something appears in the span.
func (o Outlook) NearCertain() bool { return o.certain }

// Expect says what an office's releases per day make likely for the days from from until
// now, a time in the office's zone. The history is that before from. It returns false
// where that is too short: less than 20 releases, or 60 days.
//
// Releases come by day of the week, by season and around holidays; of late, and over the
// year. How long a silence is natural is read from the silences that there were: offices
// are bursty, and more so than chance.
func Expect(days []index.DayCount, from index.Date, now time.Time) (Outlook, bool) {
	begin, ok := dayNumber(from)
	if !ok {
		return Outlook{}, false
	}
	today, part := clockDay(now)
	begin = max(begin, today-longest)
	h, ok := newHistory(days, begin)
	if !ok {
		return Outlook{}, false
	}
	due := 0.
	for d := begin; d < today; d++ {
		due += h.weight(d)
	}
	if begin <= today {
		due += part * h.weight(today)
	}
	o := Outlook{From: date(begin), To: date(today), Expected: (h.year + h.recent) / 2 * due}
	quiet := due
	if last := h.last(); begin == last+1 {
		quiet += h.weight(last) / (h.count(last) + 1) // what was left of the day of the last release
	}
	o.Chance = h.chance(min(h.year, h.recent) * quiet)
	o.certain = due >= patience*h.workday() && o.Chance < min(max(tolerance/h.runs, rarest), dullest)
	return o, true
}

// week is how many days Recent is about: enough to say something, and new enough to say it
// soon.
const week = 7

// Recent says how many releases the last seven days have, today included, and how many
// the history before them made likely: index.Pass.Fresh and Expected. Days are those that
// the store counts after the pass. Expected is nil where the history is too short.
func Recent(days []index.DayCount, now time.Time) (fresh int, expected *float64) {
	today, _ := clockDay(now)
	from := today - week + 1
	for _, d := range days {
		if n, ok := dayNumber(d.Day); ok && n >= from && n <= today {
			fresh += d.Count
		}
	}
	if o, ok := Expect(days, date(from), now); ok {
		expected = &o.Expected
	}
	return fresh, expected
}

// Since says what was likely since the office's last release: the newest dated one until
// now, or, where that is later, the day on which a pass last found any. Sites that date
// their releases some days back are silent from the day on which they published.
func Since(days []index.DayCount, lastNew index.Date, now time.Time) (Outlook, bool) {
	today, _ := clockDay(now)
	newest, known := 0, false
	for _, d := range days {
		if n, ok := dayNumber(d.Day); ok && d.Count > 0 && n <= today && (!known || n > newest) {
			newest, known = n, true
		}
	}
	if !known {
		return Outlook{}, false
	}
	if n, ok := dayNumber(lastNew); ok {
		newest = max(newest, min(n, today))
	}
	return Expect(days, date(newest+1), now)
}
