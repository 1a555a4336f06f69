package refine

import (
	"slices"
	"strconv"
	"strings"

	"agora/index"
	"agora/server/wording"
)

// Timeline is a chart of releases by year, drawn in percent of its width so that the
// lettering keeps its size on every screen.
type Timeline struct {
	Title   string
	Bars    []TimelineBar
	Ticks   []Tick
	Undated *FacetValue
}

// TimelineBar is a year.
type TimelineBar struct {
	Label    string // "2023: 45 releases"
	Year     string
	Count    string
	URL      string
	X, Width string // of the bar, in percent
	Slot     string // left edge of the clickable column, in percent
	SlotW    string
	Y        int // from the top, in pixels
	Height   int
	Selected bool
	Empty    bool
}

// Tick is a year written under the chart.
type Tick struct{ X, Text, Anchor string }

// timelineHeight is the height of the tallest bar in pixels.
const timelineHeight = 56

// NewTimeline draws the counts by year; to gives the address of a click. It is nil where
// fewer than two years leave nothing to compare.
func NewTimeline(counts []index.Count, selected []string, to func(year string) string) *Timeline {
	byYear := map[int]int{}
	low, high, top := 0, 0, 0
	t := &Timeline{}
	for _, c := range counts {
		year, err := strconv.Atoi(c.Value)
		if err != nil {
			if c.Value == index.Undated && c.Count > 0 {
				t.Undated = &FacetValue{Label: wording.Counted(c.Count, "undated release", "undated releases"), URL: to(c.Value), Selected: slices.Contains(selected, c.Value)}
			}
			continue
		}
		if c.Count == 0 && !slices.Contains(selected, c.Value) {
			continue
		}
		byYear[year] = c.Count
		if low == 0 || year < low {
			low = year
		}
		high, top = max(high, year), max(top, c.Count)
	}
	if low == high || top == 0 || high-low > 200 {
		return nil
	}
	years := high - low + 1
	t.Title = "Releases by year, " + strconv.Itoa(low) + " to " + strconv.Itoa(high)
	slot := 100 / float64(years)
	for year := low; year <= high; year++ {
		n, name := byYear[year], strconv.Itoa(year)
		left := float64(year-low) * slot
		height := 0
		if n > 0 {
			height = max(2, n*timelineHeight/top)
		}
		t.Bars = append(t.Bars, TimelineBar{
			Label: name + ": " + wording.Counted(n, "release", "releases"), Year: name, Count: wording.Number(n), URL: to(name), Empty: n == 0,
			X: Percent(left + slot*0.1), Width: Percent(slot * 0.8), Slot: Percent(left), SlotW: Percent(slot),
			Y: timelineHeight - height, Height: height, Selected: slices.Contains(selected, name),
		})
	}
	t.Ticks = ticks(low, high, slot)
	return t
}

// ticks writes as many years as fit on a telephone: the first, the last, and round ones
// that keep away from both.
func ticks(low, high int, slot float64) []Tick {
	step := 1
	for _, s := range []int{1, 2, 5, 10, 20, 50} {
		if step = s; (high-low)/s <= 6 {
			break
		}
	}
	list := []Tick{}
	for year := low; year <= high; year++ {
		round := year%step == 0 && float64(year-low)*slot >= 12 && float64(high-year)*slot >= 12
		if year != low && year != high && !round {
			continue
		}
		tick := Tick{X: Percent((float64(year-low) + 0.5) * slot), Text: strconv.Itoa(year), Anchor: "middle"}
		switch {
		case high-low < 5: // wide columns: every label under its bar
		case year == low:
			tick.X, tick.Anchor = "0%", "start"
		case year == high:
			tick.X, tick.Anchor = "100%", "end"
		}
		list = append(list, tick)
	}
	return list
}

// Percent writes a share of a width.
func Percent(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 2, 64), ".00") + "%"
}
