package schedule

import (
	"time"

	"agora/index"
)

const day = 24 * time.Hour

// Page is what decides when an address is visited again.
type Page struct {
	Address   string // canonical; its jitter is derived from it
	Kind      index.VisitKind
	Outcome   string // of the last visit, as index.Visit keeps it
	Failures  int    // in a row, the last one included
	Published index.Date
	FirstSeen time.Time
	Backfill  bool      // found by a first or full pass: old, if nothing says when it was published
	Changed   time.Time // when the office's last edit was seen; zero where it never edited
	Versions  int       // how often it edited, and once more
	Presence  string    // of the release: live, missing or gone; "" where the address is none
	Since     time.Time // of that presence
	Cause     string    // of that presence, as index.Presence keeps it
	Last      time.Time // of the last visit
}

// looks are the ages at which a page is visited: edits and removals come early, or years
// later. After the last of them it is visited every period.
var looks = [...]time.Duration{1 * day, 3 * day, 7 * day, 14 * day, 30 * day, 60 * day, 120 * day, 240 * day}

const (
	// period is the time between two visits to an old page.
	period = 180 * day
	// restless is how many versions a page may have until its edits no longer bring visits
	// forward: one that differs at every look would be fetched every day for ever.
	restless = 10
	// live is how long after its publication a page may be found and count as found at
	// once; then the time of day is known too.
	live = 48 * time.Hour
	// fortnight is how long a page that is missing is looked for every day.
	fortnight = 14 * day
	// attempts is how often an attachment is asked for.
	attempts = 5
)

// Revisit returns when an address should be visited again, always after p.Last; zero where
// it should not be. One that was never visited is due since it was first seen.
//
// Pages are visited again at growing ages, and from eight months on every 180 days at a
// time that their address decides: a back-fill of thousands spreads over half a year. An
// edit begins the growing ages anew. What is missing is looked for daily for a fortnight,
// then weekly (weekly at once where the whole site changed), and monthly once it is gone. Where there was no answer the visit is
// repeated after minutes, then hours, at most a day; the longer nothing comes, the less
// often. Attachments are fetched once, with five attempts.
func Revisit(p Page) time.Time {
	switch {
	case p.Kind == index.VisitSource:
		return time.Time{} // walked by passes
	case p.Last.IsZero():
		return p.FirstSeen
	case p.Kind == index.VisitAttachment:
		return p.attachment()
	case p.Presence == "gone":
		return p.wait(30 * day)
	}
	switch p.Outcome {
	case index.OutcomeOK, index.OutcomeNotModified, index.OutcomeUnchanged, index.OutcomeUnread, index.OutcomeNoPage, "":
		if p.Presence != "missing" {
			return p.aging()
		}
		return p.absent()
	case index.OutcomeSoft404, index.OutcomeRedirect, "404", "410":
		if p.Presence == "missing" {
			return p.absent()
		}
		return p.wait(backoff(time.Hour, p.Failures)) // a page that a list names may be late
	case index.OutcomeRobots, index.OutcomeTooLarge, index.OutcomeBomb, index.OutcomeCoding, index.OutcomeLoop, index.OutcomeAddress:
		// Rarely passes, and asking again for what is too large costs much.
		return p.wait(max(7*day, backoff(time.Hour, p.Failures)))
	case index.OutcomeNoRobots, index.OutcomeLater, index.OutcomeBlocked, index.OutcomeTLS, index.OutcomeName, "401", "403", "429":
		return p.wait(max(p.missing(), backoff(time.Hour, p.Failures))) // of the host, and slow to pass
	}
	return p.wait(max(p.missing(), backoff(10*time.Minute, p.Failures)))
}

// aging returns when a page that answers is visited again.
func (p Page) aging() time.Time {
	born, known := p.born()
	if known {
		jitter := share(p.Address)
		for _, age := range looks {
			// Ages grow by up to a quarter, so that what appeared together drifts apart. A
			// visit shortly before counts as one.
			if at := born.Add(age + time.Duration(jitter*float64(age)/4)); at.After(p.Last.Add(age / 8)) {
				return at
			}
		}
	}
	return p.next(period)
}

// born returns from when the age of a page counts; not known where nothing tells, and of
// a page found by a back-fill without a date, which is old most likely.
func (p Page) born() (at time.Time, known bool) {
	published, err := time.Parse(time.DateOnly, string(p.Published))
	switch {
	case err != nil:
		at, known = p.FirstSeen, !p.Backfill && !p.FirstSeen.IsZero()
	case p.FirstSeen.IsZero() || p.FirstSeen.Sub(published) > live:
		at, known = published, true
	default:
		at, known = p.FirstSeen, true // a date that lies ahead is a slip
	}
	if p.Changed.After(p.FirstSeen) && p.Changed.After(at) && p.Versions <= restless {
		at, known = p.Changed, true
	}
	if at.After(p.Last) {
		at = p.Last
	}
	return at, known
}

// missing returns how long to wait for a page that is missing; 0 for others.
func (p Page) missing() time.Duration {
	switch {
	case p.Presence != "missing":
		return 0
	case p.Last.Sub(p.Since) < fortnight:
		return day
	}
	return 7 * day
}

// absent returns when a page is looked for again that is missing. Where a new site dropped
// thousands they are not asked for all on each day.
func (p Page) absent() time.Time {
	if p.Cause == "site-change" {
		return p.next(7 * day)
	}
	return p.wait(p.missing())
}

// attachment returns when an attachment is asked for again.
func (p Page) attachment() time.Time {
	switch p.Outcome {
	case index.OutcomeOK, index.OutcomeNotModified, index.OutcomeUnchanged, index.OutcomeUnread,
		index.OutcomeTooLarge, index.OutcomeBomb, index.OutcomeAddress:
		return time.Time{}
	}
	if p.Failures >= attempts {
		return time.Time{}
	}
	wait := time.Hour
	for range p.Failures - 1 {
		wait = min(4*wait, 7*day) // 1 hour, 4, 16, 64
	}
	return p.wait(wait)
}

// backoff returns how long to wait after failures in a row: twice as long each time, up to
// a day; weekly after three weeks, and monthly after two months more.
func backoff(first time.Duration, failures int) time.Duration {
	switch {
	case failures > 40:
		return 30 * day
	case failures > 30:
		return 7 * day
	}
	wait := first
	for range failures - 1 {
		wait = min(2*wait, day)
	}
	return wait
}

// wait returns the time after a wait, shortened by up to a quarter by the address.
func (p Page) wait(wait time.Duration) time.Time {
	return p.Last.Add(wait - time.Duration(share(p.Address)*float64(wait)/4))
}

// next returns the first time after the last visit that is the address's own among those
// of a period: addresses are spread over it evenly, whenever they were visited.
func (p Page) next(period time.Duration) time.Time {
	own := time.Unix(0, 0).Add(time.Duration(share(p.Address) * float64(period)))
	since := p.Last.Sub(own) % period
	if since < 0 {
		since += period
	}
	return p.Last.Add(period - since)
}
