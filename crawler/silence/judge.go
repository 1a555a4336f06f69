package silence

import (
	"fmt"
	"time"

	"agora/index"
)

// Evidence is what a pass that went without an error is judged by.
type Evidence struct {
	Now     time.Time        // in the office's zone
	Days    []index.DayCount // releases held of each day, after the pass, of the last three years
	LastNew index.Date       // day on which a pass last found a release that was not known, back-fill left out; "" where none did
	Watched index.Date       // day of the first pass that succeeded: what was not there before is no silence; "" where that isn't known
	Held    int              // releases held before the pass
	Pass    index.Pass       // Found, Source and Fill count
	Before  []index.Pass     // former passes over the office, newest first
	Walk    Walk
	Usual   index.Fill // of what is held, where it is known: what pages are compared with while former passes read too few
}

// Walk is how the walk over the source in use went.
type Walk struct {
	Partial bool       // the source was asked only for what changed lately
	Ended   bool       // the source came to its end; nobody stopped walking
	Reached bool       // a row was known before
	Newest  index.Date // of the rows; "" where none is dated
	Other   string     // another source that was looked at; "" where none was
	Ahead   index.Date // newest of its rows
}

// Judge says whether a pass counts as a success: index.PassOK, or why not, with the
// reason in a sentence for people.
func Judge(e Evidence) (outcome, reason string) {
	for _, rule := range []func(Evidence) (outcome, reason string){empty, frozen, silent, cutShort, thin, few} {
		if outcome, reason = rule(e); outcome != "" {
			return outcome, reason
		}
	}
	return index.PassOK, ""
}

// empty finds a source that lists nothing.
func empty(e Evidence) (outcome, reason string) {
	switch {
	case e.Pass.Found > 0 || e.Walk.Partial:
		return "", ""
	case e.Held > 0:
		return index.PassSilent, fmt.Sprintf("found no releases at all, though %s", held(e.Held))
	}
	return index.PassSilent, "found no releases at all"
}

// frozen finds a source that ends before what is known from elsewhere. Two days and two
// releases make sure: zones differ, and a single one may have been withdrawn, or misdated.
func frozen(e Evidence) (outcome, reason string) {
	const behind, ahead = 2, 2
	newest, ok := dayNumber(e.Walk.Newest)
	if !ok || e.Walk.Partial {
		return "", ""
	}
	today, _ := clockDay(e.Now)
	if other, ok := dayNumber(e.Walk.Ahead); ok && other > newest+behind && other <= today+1 {
		return index.PassFrozen, fmt.Sprintf("the newest release of %s is of %s, while %s has one of %s",
			source(e.Pass.Source), written(e.Walk.Newest), source(e.Walk.Other), written(e.Walk.Ahead))
	}
	count := 0
	for _, d := range e.Days {
		if n, ok := dayNumber(d.Day); ok && d.Count > 0 && n > newest+behind && n <= today {
			count += d.Count
		}
	}
	if count < ahead {
		return "", ""
	}
	return index.PassFrozen, fmt.Sprintf("the newest release of %s is of %s, while %s newer ones are held",
		source(e.Pass.Source), written(e.Walk.Newest), number(count))
}

// silent finds a silence that is too long to be natural.
func silent(e Evidence) (outcome, reason string) {
	o, ok := Since(e.Days, max(e.LastNew, e.Watched), e.Now)
	if !ok || !o.NearCertain() {
		return "", ""
	}
	return index.PassSilent, fmt.Sprintf("found 0 of about %s releases expected since %s; so long a silence is unlikely here (%s)",
		amount(o.Expected), written(o.From), odds(o.Chance))
}

// cutShort finds a list that comes to its end without a release that is known: what lies
// between was missed, or most of the list is not shown any more.
func cutShort(e Evidence) (outcome, reason string) {
	walked := false
	for _, p := range e.Before {
		walked = walked || !p.Ended.IsZero() && p.Found > 0
	}
	if !walked || e.Held == 0 || e.Walk.Partial || !e.Walk.Ended || e.Walk.Reached {
		return "", ""
	}
	return index.PassCutShort, fmt.Sprintf("the list ends after %s without one that is known, though %s; some in between may be missing",
		counted(e.Pass.Found, "release"), held(e.Held))
}

// few finds four weeks with less than half of what was likely.
func few(e Evidence) (outcome, reason string) {
	today, _ := clockDay(e.Now)
	if watched, ok := dayNumber(e.Watched); ok && today-watched < 4*week {
		return "", "" // a site that published less before it was watched isn't silent
	}
	s, ok := fewOf(e.Days, e.Now)
	if !ok || !s.unlikely() {
		return "", ""
	}
	return index.PassSilent, fmt.Sprintf("%s since %s, where about %s were expected; so few are unlikely here (%s)",
		counted(s.found, "release"), written(s.from), amount(s.expected), odds(s.chance))
}
