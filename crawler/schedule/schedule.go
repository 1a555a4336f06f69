// Package schedule decides when an office is asked again and when a known address is
// visited again. Both are pure functions of what is recorded, so that they can be
// explained, tested and repeated; there is no clock and no chance here.
//
// It keeps no queue, starts nothing, and knows neither hosts nor robots.txt: who asks
// brings the time before which a host wants to be left alone.
package schedule

import (
	"hash/fnv"
	"math"
	"time"

	"agora/index"
)

const (
	// slowest is the longest time between two passes over an office: half of what health
	// allows before it calls the crawler dead.
	slowest = 24 * time.Hour
	// quickest suits the busiest offices: no reader of news is helped by less.
	quickest = 15 * time.Minute
	// newcomer is the interval of an office of which too little is known.
	newcomer = time.Hour
	// outside is how much slower time counts at night and on weekends, when one release of
	// a hundred appears.
	outside = 4
	// opens and closes are the hours of the office's day in which releases appear.
	opens, closes = 7, 20
	// crashes is how often in a row a pass may die before that is taken for its own fault,
	// and backed off from like a failure.
	crashes = 2
)

// History is what decides when an office is due.
type History struct {
	Office    string           // its code, from which the jitter is derived
	Location  *time.Location   // of the office; nil: UTC
	Passes    []index.Pass     // of the office, newest first
	Days      []index.DayCount // its releases per day, of the last year or so
	NotBefore time.Time        // a host asked to be left alone until then; zero: none did
}

// Due returns when the office should be asked next; it is due where that is not after now.
//
// An office with a release or more a working day is asked every 15 to 60 minutes in its
// working hours, a quieter one less often, and each at a quarter of that pace outside of
// them, but at least once in 24 hours. Where passes fail the interval doubles, up to a
// day. An office without a pass, or whose last pass died or was stopped, is due now.
// Before History.NotBefore none is due.
func Due(h History, now time.Time) time.Time {
	due := now
	if last, failures, again := lately(h.Passes); !again {
		if last.After(now) { // a clock that was set back must not stop the crawler
			last = now
		}
		wait := interval(h, now)
		for range min(failures-1, 10) {
			wait = min(2*wait, slowest)
		}
		due = h.pace(last, wait)
	}
	if h.NotBefore.After(due) {
		return h.NotBefore
	}
	return due
}

// lately reads the latest passes: when the office was asked last, how many failures in a
// row its history ends with, or that it has to be asked again at once.
func lately(passes []index.Pass) (last time.Time, failures int, again bool) {
	died := 0
	for died < len(passes) && passes[died].Ended.IsZero() {
		died++
	}
	switch {
	case died > crashes:
		return passes[0].Started, died, false
	case died > 0 || len(passes) == 0 || passes[0].Outcome == index.PassStopped:
		return time.Time{}, 0, true
	}
	for _, p := range passes {
		if p.Ended.IsZero() || p.Outcome == index.PassStopped {
			continue
		}
		if answered(p.Outcome) {
			break
		}
		failures++
	}
	return passes[0].Ended, failures, false
}

// answered tells whether the office's site answered in a pass, whatever was made of that.
// Asking a silent office less often would keep it silent longer.
func answered(outcome string) bool {
	switch outcome {
	case index.PassOK, index.PassSilent, index.PassCutShort, index.PassFrozen, index.PassThin:
		return true
	}
	return false
}

// interval returns how long to wait between passes in working hours: an hour for an
// office with one release a working day, less for one with more.
func interval(h History, now time.Time) time.Duration {
	if rate, known := perWorkday(h.Days, now); known {
		return max(quickest*5/4, hourly(rate)) // which jitter shortens by a fifth
	}
	// Dates say nothing: it is a new office, or one that dates nothing. What came new in
	// its passes tells a quiet one from others.
	return max(newcomer, hourly(perPass(h.Passes)))
}

// hourly returns the interval for a number of releases a working day.
func hourly(rate float64) time.Duration {
	if rate <= float64(time.Hour)/float64(slowest) {
		return slowest
	}
	return time.Duration(float64(time.Hour) / rate)
}

// perWorkday returns how many releases an office has on a working day by their dates: of
// late or over the year, whichever is more. It is not known of an office whose first
// release is a few days old.
func perWorkday(days []index.DayCount, now time.Time) (rate float64, known bool) {
	const year, weeks, shortest = 365, 8 * 7, 14
	var total, recent, oldest int
	for _, d := range days {
		day, err := time.Parse(time.DateOnly, string(d.Day))
		if err != nil {
			continue
		}
		age := int(math.Floor(now.Sub(day).Hours() / 24))
		if age < 0 || age > year || d.Count <= 0 {
			continue // a date that is not reached yet says nothing of the past
		}
		oldest = max(oldest, age)
		total += d.Count
		if age <= weeks {
			recent += d.Count
		}
	}
	if oldest < shortest {
		return 0, false
	}
	return max(float64(total)/workdays(oldest), float64(recent)/workdays(min(oldest, weeks))), true
}

// perPass returns at most how many releases an office has on a working day, by what came
// new in the passes that are known; as if one more had come, since a few passes without
// any prove little.
func perPass(passes []index.Pass) float64 {
	found := 1
	var from, to time.Time
	for _, p := range passes {
		if p.Ended.IsZero() || p.Full || !answered(p.Outcome) {
			continue
		}
		found += max(p.New, 0)
		if to.IsZero() {
			to = p.Ended
		}
		from = p.Started
	}
	return float64(found) / max(workdays(1)/24, workdays(1)*to.Sub(from).Hours()/24)
}

// workdays returns how many working days a span of days has.
func workdays(days int) float64 { return float64(days) * 5 / 7 }

// pace returns when a time of waiting is over that counts in full in the office's working
// hours and slower outside of them, shortened by the office's jitter: up to a fifth, so
// that offices that were asked together drift apart.
func (h History) pace(last time.Time, wait time.Duration) time.Time {
	location := h.Location
	if location == nil {
		location = time.UTC
	}
	end := last.Add(slowest)
	at := last
	for at.Before(end) {
		next, working := stretch(at.In(location))
		worth := next.Sub(at)
		if !working {
			worth /= outside
		}
		if worth >= wait {
			if !working {
				wait *= outside
			}
			at = at.Add(wait)
			break
		}
		wait -= worth
		at = next
	}
	if at.After(end) {
		at = end
	}
	full := at.Sub(last)
	return last.Add(full - time.Duration(share(h.Office)*float64(full)/5)).UTC()
}

// stretch returns until when the hours at a local time go on as they are, and whether
// they are working hours.
func stretch(at time.Time) (until time.Time, working bool) {
	at0 := func(days, hour int) time.Time {
		return time.Date(at.Year(), at.Month(), at.Day()+days, hour, 0, 0, 0, at.Location())
	}
	weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
	switch {
	case !weekend && at.Hour() < opens:
		return at0(0, opens), false
	case !weekend && at.Hour() < closes:
		return at0(0, closes), true
	}
	return at0(1, opens), false // of Saturday too: the walk goes on from there
}

// share derives a number from 0 to below 1 from a name, always the same and spread evenly.
func share(name string) float64 {
	hash := fnv.New64a()
	hash.Write([]byte(name)) // never fails
	x := hash.Sum64()
	// FNV leaves the high bits of short names alike: mix them (MurmurHash3's finaliser).
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	return float64(x>>11) / (1 << 53)
}
