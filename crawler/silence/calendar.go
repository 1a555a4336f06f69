package silence

import (
	"time"

	"agora/index"
)

// dayNumber counts days from 1970.
func dayNumber(d index.Date) (n int, ok bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, false
	}
	return numberOf(t), true
}

// numberOf counts the days from 1970 to the day of t in t's own location.
func numberOf(t time.Time) int {
	return int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// date is the day with a number.
func date(n int) index.Date { return index.DateOf(dayTime(n)) }

func dayTime(n int) time.Time { return time.Unix(int64(n)*86400, 0).UTC() }

// clockDay returns the day of a time, and which part of that day's releases is out by
// then: they come evenly from 9 to 18.
func clockDay(t time.Time) (n int, part float64) {
	hours := float64(t.Hour()) + float64(t.Minute())/60
	return numberOf(t), min(max((hours-9)/9, 0), 1)
}

// How much appears on days on which offices are closed, or half closed, as a part of what
// appears on others of the same day of the week.
const (
	onHoliday  = 0.1
	onBridge   = 0.25 // the day after Thanksgiving, and Christmas Eve
	onYearsEnd = 0.4  // December 23 to January 2
)

// calendar says how much of a usual day's releases is likely on a day, by the holidays
// of the federal government; those of states are too many to be known.
func calendar(n int) float64 {
	t := dayTime(n)
	if holiday(t) {
		return onHoliday
	}
	_, month, day := t.Date()
	switch {
	case month == time.November && holiday(t.AddDate(0, 0, -1)) && t.Weekday() == time.Friday,
		month == time.December && day == 24:
		return onBridge
	case month == time.December && day >= 23, month == time.January && day <= 2:
		return onYearsEnd
	}
	return 1
}

// holiday tells whether federal offices are closed on a day: fixed ones are kept on the
// Friday before or the Monday after where they fall on a weekend.
func holiday(t time.Time) bool {
	_, month, day := t.Date()
	switch t.Weekday() {
	case time.Monday:
		nth := (day-1)/7 + 1
		if month == time.January && nth == 3 || month == time.February && nth == 3 ||
			month == time.May && day > 24 || month == time.September && nth == 1 || month == time.October && nth == 2 {
			return true
		}
		return fixed(t) || fixed(t.AddDate(0, 0, -1))
	case time.Thursday:
		return month == time.November && (day-1)/7+1 == 4 || fixed(t)
	case time.Friday:
		return fixed(t) || fixed(t.AddDate(0, 0, 1))
	default:
		return fixed(t)
	}
}

// fixed tells whether a holiday has this date every year.
func fixed(t time.Time) bool {
	year, month, day := t.Date()
	switch month {
	case time.January:
		return day == 1
	case time.June:
		return day == 19 && year >= 2021
	case time.July:
		return day == 4
	case time.November:
		return day == 11
	case time.December:
		return day == 25
	}
	return false
}
