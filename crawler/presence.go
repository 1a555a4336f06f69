package crawler

import (
	"context"
	"time"

	"agora/index"
)

// lostPage is a release whose page was not where it should be.
type lostPage struct {
	release string
	known   *index.Release // nil where it was not loaded
	cause   string         // outcome of the visit
	at      time.Time      // of the visit
}

// causeSiteChange is the cause of releases that are missing because the whole site changed.
const causeSiteChange = "site-change"

// A site change is where many releases are missing at once: more than a share of those
// asked for that were live, and more than a few.
const (
	changedShare = 5 // a fifth
	changedLeast = 10
)

// judgePresence records what the pass says about releases that are no longer shown, and
// about those that are shown again. An office that fails as a whole says nothing of them.
func (p *pass) judgePresence(ctx context.Context) error {
	var changes []index.PresenceChange
	for _, id := range p.back {
		changes = append(changes, index.PresenceChange{ReleaseID: id, State: "live", Since: p.started})
		p.result.Back++
	}
	switch p.record.Outcome {
	case index.PassOK, index.PassSilent, index.PassCutShort, index.PassFrozen, index.PassThin, index.PassMoved:
	default:
		return p.Store.SetPresence(ctx, changes) // the site failed, or the pass did not come to its end
	}
	if p.options.Max > 0 {
		return p.Store.SetPresence(ctx, changes) // what is missing was not looked for elsewhere
	}
	lost := p.lostReleases()
	changed := p.siteChanged(lost)
	settled := p.settledSince(lost, changed)
	for _, l := range lost {
		for _, change := range l.judge(changed, settled, p.Now(), p.GoneAfter) {
			if change.State == "gone" {
				p.result.Gone++
			} else {
				p.result.Missing++
			}
			changes = append(changes, change)
		}
	}
	return p.Store.SetPresence(ctx, changes)
}

// judge says what becomes of a release that is not where it was: missing at once, and gone
// after a while; where the whole site changed, a while after the change settled.
func (l lostPage) judge(siteChanged bool, settled, now time.Time, goneAfter time.Duration) []index.PresenceChange {
	before := l.known.Presence
	live := before.State == "live"
	change := index.PresenceChange{ReleaseID: l.release, State: "missing", Since: l.at, Cause: l.cause}
	if !live {
		change.Since = before.Since
	}
	counts := change.Since // from when the time until it is gone counts
	if live && siteChanged || !live && before.Cause == causeSiteChange {
		change.Cause, counts = causeSiteChange, settled
	}
	var changes []index.PresenceChange
	if live {
		changes = append(changes, change)
	}
	if before.State != "gone" && now.Sub(counts) >= goneAfter {
		change.State = "gone"
		changes = append(changes, change)
	}
	return changes
}

// lostReleases returns the releases that were lost and are not at another address.
func (p *pass) lostReleases() []lostPage {
	var lost []lostPage
	for _, l := range p.lost {
		if l.known != nil && !p.moved[l.release] {
			lost = append(lost, l)
		}
	}
	return lost
}

// siteChanged tells whether so many of the releases asked for are missing at once that
// the site changed, not the releases.
func (p *pass) siteChanged(lost []lostPage) bool {
	missing := 0
	for _, l := range lost {
		if l.known.Presence.State == "live" {
			missing++
		}
	}
	return missing >= changedLeast && missing*changedShare > p.asked
}

// newlyLost counts the releases that were live and whose pages are missing now.
func (p *pass) newlyLost() int {
	missing := 0
	for _, l := range p.lost {
		if l.known.Presence.State == "live" && !p.moved[l.release] {
			missing++
		}
	}
	return missing
}

// settledSince is when the last wave of a site change came: from then on time counts
// against the releases that it took away.
func (p *pass) settledSince(lost []lostPage, changed bool) time.Time {
	var since time.Time
	for _, l := range lost {
		at := l.at
		switch {
		case l.known.Presence.Cause == causeSiteChange:
			at = l.known.Presence.Since
		case !changed || l.known.Presence.State != "live":
			continue
		}
		if at.After(since) {
			since = at
		}
	}
	return since
}
