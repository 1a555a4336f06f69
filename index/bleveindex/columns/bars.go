package columns

import (
	"time"

	"agora/index"
)

// tally counts whole numbers that lie near each other.
type tally struct {
	base   int // what counts[0] counts
	counts []int
}

func (t *tally) add(n, by int) {
	i := n - t.base
	switch {
	case t.counts == nil:
		t.base, t.counts = n, make([]int, 1)
		i = 0
	case i < 0:
		t.counts = append(make([]int, -i, len(t.counts)-i), t.counts...)
		t.base = n
		i = 0
	case i >= len(t.counts):
		t.counts = append(t.counts, make([]int, i+1-len(t.counts))...)
	}
	t.counts[i] += by
}

// merge adds the counts of another.
func (t *tally) merge(o *tally) {
	for i, n := range o.counts {
		t.add(o.base+i, n)
	}
}

// trim leaves out zeros at both ends, which taking away leaves.
func (t *tally) trim() {
	for len(t.counts) > 0 && t.counts[0] == 0 {
		t.counts = t.counts[1:]
		t.base++
	}
	for len(t.counts) > 0 && t.counts[len(t.counts)-1] == 0 {
		t.counts = t.counts[:len(t.counts)-1]
	}
}

func (t *tally) at(n int) int {
	if i := n - t.base; i >= 0 && i < len(t.counts) {
		return t.counts[i]
	}
	return 0
}

// bars counts days by interval.
type bars struct {
	interval index.Interval
	tally    tally
}

// adder returns what counts the dated documents of a segment.
func (b *bars) adder(c *Columns) adder {
	return func(docs []uint32, by int) {
		for _, doc := range docs {
			if day := c.Day[doc]; day != NoDay {
				b.tally.add(b.number(day), by)
			}
		}
	}
}

// number returns the number of the bar that a day is in.
func (b *bars) number(day int32) int {
	switch b.interval {
	case index.IntervalDay:
		return int(day)
	case index.IntervalWeek: // day 0 was a Thursday
		return int(floorDiv(int64(day)+3, 7))
	case index.IntervalYear, index.IntervalQuarter, index.IntervalMonth:
	}
	year, month, _ := civil(day)
	switch b.interval {
	case index.IntervalQuarter:
		return year*4 + (month-1)/3
	case index.IntervalMonth:
		return year*12 + month - 1
	case index.IntervalYear, index.IntervalWeek, index.IntervalDay:
	}
	return year
}

// first returns the first day of the bar with number n.
func (b *bars) first(n int) int {
	switch b.interval {
	case index.IntervalDay:
		return n
	case index.IntervalWeek:
		return n*7 - 3
	case index.IntervalQuarter:
		return dayOf(n/4, n%4*3+1)
	case index.IntervalMonth:
		return dayOf(n/12, n%12+1)
	case index.IntervalYear:
	}
	return dayOf(n, 1)
}

func dayOf(year, month int) int {
	return int(floorDiv(time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC).Unix(), 24*60*60))
}

// ends returns the numbers of the first and the last bar of a span of days, each that of
// what was found where the span is open. Where there is none the last is below the first.
func (b *bars) ends(from, to index.Date) (first, last int) {
	first, last = b.tally.base, b.tally.base+len(b.tally.counts)-1
	fromDay, begins := Day(from)
	toDay, ends := Day(to)
	switch {
	case begins && ends && toDay < fromDay:
		return first, last
	case len(b.tally.counts) == 0 && (!begins || !ends):
		return first, last // nothing tells the open end
	}
	low, high := first, last
	if begins {
		low = b.number(fromDay)
	}
	if ends {
		high = b.number(toDay)
	}
	if high-low >= index.MaxBars {
		return first, last
	}
	return low, high
}

func (b *bars) shown(from, to index.Date) []index.Bar {
	b.tally.trim()
	first, last := b.ends(from, to)
	shown := make([]index.Bar, 0, last-first+1)
	for bar := first; bar <= last; bar++ {
		shown = append(shown, index.Bar{From: dateOf(b.first(bar)), To: dateOf(b.first(bar+1) - 1), Count: b.tally.at(bar)})
	}
	return shown
}
