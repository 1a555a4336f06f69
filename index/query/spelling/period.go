package spelling

import (
	"strings"
	"time"

	"agora/index"
)

// Period reads a year, a month, a day, or two of them joined by "..", as its first and
// last day. Days may be written month/day/year, the way American offices do.
func Period(typed string) (from, to index.Date, ok bool) {
	typed = strings.Trim(typed, " ,;")
	if first, last, isRange := strings.Cut(typed, ".."); isRange {
		if strings.Contains(last, "..") {
			return "", "", false
		}
		from, _, okFirst := Period(first)
		_, to, okLast := Period(last)
		if !okFirst || !okLast {
			return "", "", false
		}
		return from, to, true
	}
	if day, ok := index.ParseDate(typed); ok {
		return day, day, true
	}
	if t, err := time.Parse("1/2/2006", typed); err == nil {
		return index.DateOf(t), index.DateOf(t), true
	}
	if t, err := time.Parse("2006-01", typed); err == nil {
		return index.DateOf(t), index.DateOf(t.AddDate(0, 1, -1)), true
	}
	if t, err := time.Parse("2006", typed); err == nil {
		return index.DateOf(t), index.DateOf(t.AddDate(1, 0, -1)), true
	}
	return "", "", false
}
