package silence

import (
	"math"
	"time"

	"agora/index"
)

// scarcity is how few releases the last weeks had.
type scarcity struct {
	from     index.Date
	found    int
	expected float64
	chance   float64 // of so few or fewer
}

// unlikely tells whether so few can't well be chance: less than half of what was likely,
// and less than nearly all such spans would have.
func (s scarcity) unlikely() bool {
	const never = 1. / 400
	return float64(s.found) < s.expected/2 && s.chance < never
}

// fewOf compares the last four whole weeks with the history before them, and the last
// twelve, which tell more of an office with few releases. It returns the span that is
// unlikely, the first otherwise, and false where the history is too short.
func fewOf(days []index.DayCount, now time.Time) (s scarcity, ok bool) {
	for _, span := range []int{84, 28} {
		if one, known := fewIn(span, days, now); known {
			if s, ok = one, true; s.unlikely() {
				break
			}
		}
	}
	return s, ok
}

// fewIn compares the last days with the history before them.
func fewIn(span int, days []index.DayCount, now time.Time) (scarcity, bool) {
	today, _ := clockDay(now)
	from := today - span
	h, ok := newHistory(days, from)
	if !ok {
		return scarcity{}, false
	}
	s := scarcity{from: date(from)}
	for _, d := range days {
		if n, ok := dayNumber(d.Day); ok && d.Count > 0 && n >= from && n < today {
			s.found += d.Count
		}
	}
	likely := 0.
	for d := from; d < today; d++ {
		likely += h.weight(d)
	}
	s.expected = (h.year + h.recent) / 2 * likely
	// Counts that vary more than by chance are as likely as smaller ones that don't.
	spread := h.spread(span)
	s.chance = poisson(float64(s.found)/spread, min(h.year, h.recent)*likely/spread)
	return s, true
}

// spread returns how much more than by chance the counts of spans of days vary, over the
// last two years: 1 for releases that come independently of each other.
func (h *history) spread(span int) float64 {
	const lean = 3 // spans without any spread of their own
	sum, n := float64(lean), float64(lean)
	for to := len(h.counts); to >= span && to > len(h.counts)-2*365; to -= span {
		likely := 0.
		for i := to - span; i < to; i++ {
			likely += h.year * h.weight(h.first+i)
		}
		if off := h.sums[to] - h.sums[to-span] - likely; likely > 0 {
			sum += off * off / likely
			n++
		}
	}
	return max(sum/n, 1)
}

// poisson returns the chance of n or fewer where mean are likely, for n below the mean;
// 1 for others. n need not be whole.
func poisson(n, mean float64) float64 {
	if n >= mean {
		return 1
	}
	sum := 0.
	for k := n; k >= 0; k-- {
		up, _ := math.Lgamma(k + 1)
		term := math.Exp(k*math.Log(mean) - mean - up)
		sum += term
		if term <= sum*1e-9 { // they fall off from here, whatever the size of n
			break
		}
	}
	return min(sum, 1)
}
