package pages

import (
	"context"
	"strconv"

	"agora/index"
	"agora/server/refine"
	"agora/server/wording"
)

// Trends are the values of a field with their counts by year.
type Trends struct {
	Caption string
	Rows    []Trend
	Years   []string // of the table's columns
}

// Trend is a value with its count, a bar as long as that, and a small chart by year.
type Trend struct {
	Bar
	Spark []SparkBar
	Years []YearCount
}

// SparkBar is a year in a small chart, in percent of its width and pixels of its height.
type SparkBar struct {
	X, Width  string
	Y, Height int
}

// YearCount is a cell of the table beside the charts; without URL it is empty.
type YearCount struct{ Count, URL string }

// sparkHeight is the height of a small chart in pixels.
const sparkHeight = 20

// longestTrend is how many years a small chart can show: columns of less than two pixels
// say nothing.
const longestTrend = 60

// trends counts the first values of a facet by year under the filters of a page. to gives the
// address of a value and, unless it is "", a year.
func (s *Pages) trends(ctx context.Context, filter index.Filter, field index.Field, values []index.Count, years []index.Count, most int, to func(value, year string) string) (*Trends, error) {
	low, high := spanOf(years)
	list := bars(values, field, most, func(v string) string { return to(v, "") })
	if len(list) == 0 {
		return nil, nil
	}
	t := &Trends{Caption: wording.FieldLabel(field) + " by year"}
	if high > low && high-low < longestTrend {
		for year := low; year <= high; year++ {
			t.Years = append(t.Years, strconv.Itoa(year))
		}
	}
	var shown []string
	for _, v := range values[:len(list)] {
		shown = append(shown, v.Value)
	}
	counts := map[string][]index.Count{}
	if len(t.Years) > 0 {
		var err error
		if counts, err = s.holdings.ByYear(ctx, filter, field, shown); err != nil {
			return nil, err
		}
	}
	for i, bar := range list {
		trend := Trend{Bar: bar}
		if len(t.Years) > 0 {
			trend.draw(counts[shown[i]], t.Years, func(year string) string { return to(shown[i], year) })
		}
		t.Rows = append(t.Rows, trend)
	}
	return t, nil
}

// draw makes the chart and the table's cells of counts by year.
func (t *Trend) draw(counts []index.Count, years []string, to func(year string) string) {
	byYear, top := map[string]int{}, 0
	for _, c := range counts {
		byYear[c.Value] = c.Count
		if c.Value != index.Undated {
			top = max(top, c.Count)
		}
	}
	slot := 100 / float64(len(years))
	for i, year := range years {
		n := byYear[year]
		if n == 0 {
			t.Years = append(t.Years, YearCount{Count: "0"})
			continue
		}
		height := max(2, n*sparkHeight/top)
		t.Years = append(t.Years, YearCount{wording.Number(n), to(year)})
		t.Spark = append(t.Spark, SparkBar{refine.Percent(float64(i)*slot + slot*0.1), refine.Percent(slot * 0.8), sparkHeight - height, height})
	}
}

// spanOf returns the first and last year with a count; zeros where there is none.
func spanOf(counts []index.Count) (low, high int) {
	for _, c := range counts {
		year, err := strconv.Atoi(c.Value)
		if err != nil || c.Count == 0 {
			continue
		}
		if low == 0 || year < low {
			low = year
		}
		high = max(high, year)
	}
	return low, high
}
