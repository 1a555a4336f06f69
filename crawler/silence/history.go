package silence

import (
	"math"
	"slices"

	"agora/index"
)

// history is what an office published, day by day, and what is read out of that.
type history struct {
	first   int       // number of the first day with a release
	counts  []float64 // for each day from then
	sums    []float64 // of counts, before each day
	plain   []float64 // sums of weights without seasons, before each day
	weekday [7]float64
	rate    float64 // releases for each day of weight 1, over all
	year    float64 // and over the last year
	recent  float64 // and over the last eight weeks

	// The silences: how long they last, in releases that were likely meanwhile. Beyond
	// usual, which share exceeds, their lengths fall off exponentially with a mean of scale.
	usual, share, scale float64
	runs                float64 // how many there are in a year
}

// usualWeek is how releases spread over the week, from Sunday, where an office's own
// history says little; measured on 60,000 releases.
var usualWeek = [7]float64{0.02, 0.17, 0.20, 0.20, 0.21, 0.18, 0.02}

// newHistory reads the history of an office before a day.
func newHistory(days []index.DayCount, before int) (history, bool) {
	perDay := map[int]float64{}
	total, first := 0., before
	for _, d := range days {
		if n, ok := dayNumber(d.Day); ok && d.Count > 0 && n < before && n >= before-longest {
			perDay[n] += float64(d.Count)
			total += float64(d.Count)
			first = min(first, n)
		}
	}
	if total < fewest || before-first < shortest || len(perDay) <= fewestGaps {
		return history{}, false
	}
	h := history{first: first, counts: make([]float64, before-first), sums: make([]float64, before-first+1), plain: make([]float64, before-first+1)}
	h.weigh(perDay, total)
	for i := range h.counts {
		h.counts[i] = perDay[first+i]
		h.sums[i+1] = h.sums[i] + h.counts[i]
		h.plain[i+1] = h.plain[i] + h.base(first+i)
	}
	h.rate = total / h.plain[len(h.plain)-1]
	h.year, h.recent = h.level(365), h.level(56)
	h.silences()
	return h, true
}

// weigh finds out how releases spread over the week, leaning on the usual with the
// weight of twenty releases.
func (h *history) weigh(perDay map[int]float64, total float64) {
	const lean = 20
	for d, share := range usualWeek {
		h.weekday[d] = lean * share
	}
	for n, count := range perDay {
		h.weekday[dayTime(n).Weekday()] += count
	}
	for d := range h.weekday {
		h.weekday[d] *= 7 / (total + lean)
	}
}

// base returns how much is likely on a day by weekday and holidays; 1 is the mean.
func (h *history) base(n int) float64 {
	return h.weekday[dayTime(n).Weekday()] * calendar(n)
}

// workday returns what is likely on a working day, in the measure of base.
func (h *history) workday() float64 {
	return (h.weekday[1] + h.weekday[2] + h.weekday[3] + h.weekday[4] + h.weekday[5]) / 5
}

// weight returns how much is likely on a day, seasons included: how the same four weeks
// of former years compare with the whole, leaning on no difference with the weight of
// eighty releases. Publishers were found to have few seasons beside the holidays: with a
// lean of eight forecasts are worse than without seasons, with eighty they are as good.
func (h *history) weight(n int) float64 {
	const around, lean = 14, 80
	counted, likely := float64(lean), float64(lean)
	for years := 1; years <= 3; years++ {
		center := n - years*365
		from, to := max(center-around-h.first, 0), min(center+around+1-h.first, len(h.counts))
		if from < to {
			counted += h.sums[to] - h.sums[from]
			likely += (h.plain[to] - h.plain[from]) * h.rate
		}
	}
	return h.base(n) * min(max(counted/likely, 0.5), 1.5)
}

// level returns the releases for each day of weight 1 in the last days, leaning on the
// rate of all with the weight of five releases.
func (h *history) level(days int) float64 {
	const lean = 5
	from := max(len(h.counts)-days, 0)
	weights := 0.
	for i := from; i < len(h.counts); i++ {
		weights += h.weight(h.first + i)
	}
	return (h.sums[len(h.counts)] - h.sums[from] + lean) / (weights + lean/h.rate)
}

// count returns the releases of a day of the history.
func (h *history) count(n int) float64 { return h.counts[n-h.first] }

// last returns the last day with a release.
func (h *history) last() int {
	for i := len(h.counts) - 1; i >= 0; i-- {
		if h.counts[i] > 0 {
			return h.first + i
		}
	}
	return h.first
}

// silences measures the silences of the last two years, or of all where those have few.
func (h *history) silences() {
	lengths, days := h.gaps(2 * 365)
	if len(lengths) < fewestGaps {
		lengths, days = h.gaps(longest)
	}
	h.runs = float64(len(lengths)) / (float64(max(days, shortest)) / 365)
	slices.Sort(lengths)
	at := len(lengths) * 7 / 10
	h.usual = lengths[at]
	long := lengths[at+1:]
	h.share = max(float64(len(long))/float64(len(lengths)), 0.05)
	// One silence that was an outage, or ours, must not make all others natural.
	limit := math.Inf(1)
	if len(long) > 0 {
		limit = 8 * max((long[len(long)/2]-h.usual)/math.Ln2, 1)
	}
	const lean = 5 // silences as they are where releases come by chance alone
	sum := float64(lean)
	for _, length := range long {
		sum += min(length-h.usual, limit)
	}
	h.scale = sum / float64(len(long)+lean)
}

// gaps returns the lengths of the silences between days with releases that ended in the
// last days, and over how many days they lie. Where on its day a release appears is not
// known: n of them share it evenly.
func (h *history) gaps(days int) (lengths []float64, over int) {
	previous := -1
	passed := 0. // weight of the days between
	for i, count := range h.counts {
		if count == 0 {
			if previous >= 0 {
				passed += h.weight(h.first + i)
			}
			continue
		}
		w := h.weight(h.first + i)
		if previous >= 0 && i >= len(h.counts)-days {
			lengths = append(lengths, h.year*(passed+w/(count+1)))
		}
		previous, passed = i, w/(count+1)
	}
	return lengths, min(days, len(h.counts))
}

// chance returns how likely it is that a silence lasts as long, measured as gaps are.
func (h *history) chance(length float64) float64 {
	if length <= h.usual {
		return 1
	}
	return h.share * math.Exp(-(length-h.usual)/h.scale)
}
