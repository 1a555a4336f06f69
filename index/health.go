package index

import (
	"encoding/json"
	"time"
)

// Health is how well an office is covered.
type Health string

// The states of an office. They are told apart because each asks for something else to
// be done about it; what is wrong at a failing office is OfficeHealth.Cause.
const (
	HealthCurrent Health = "current" // its last pass succeeded, not long ago
	HealthNever   Health = "never"   // no pass has come to its end
	HealthFailing Health = "failing" // its last pass failed
	HealthStale   Health = "stale"   // no pass for too long: our crawler is dead
)

const (
	// staleAfter is how old the last pass may be: the slowest schedule is daily, and one
	// missed day is not yet a finding.
	staleAfter = 48 * time.Hour
	// deadAfter is how long a collector that crawls on its own schedule may be without a
	// sign of life: it gives one every few minutes.
	deadAfter = 2 * time.Hour
	// longestPass is how long a pass may go on and count for one that goes on: a full pass
	// over 20,000 releases takes a week at 30 s each.
	longestPass = 7 * 24 * time.Hour
)

// OfficeHealth is the judgement on an office, with its reason in words. All but Office,
// Health, Reason and Stance is of the last pass that says something of the office.
type OfficeHealth struct {
	Office       string     `json:"office"`
	Health       Health     `json:"health"`
	Reason       string     `json:"reason"` // "" where the office is current
	LastPass     *time.Time `json:"last_pass"`
	LastSuccess  *time.Time `json:"last_success"`
	Expected     *float64   `json:"expected"`      // releases that the office's own history made likely of late
	Found        *int       `json:"found"`         // rows that matched
	Cause        string     `json:"cause"`         // outcome of the last pass, where that failed: PassRefused
	Source       string     `json:"source"`        // that gave the rows: its kind and address
	Strategy     string     `json:"strategy"`      // its kind
	FailingSince *time.Time `json:"failing_since"` // start of the first of the failures in a row, as far back as passes are judged
	Robots       string     `json:"robots"`        // verdict on the source: allowed, disallowed, unknown
	Stance       *Stance    `json:"stance"`        // what people decided, while it holds; it doesn't replace the judgement
	Fresh        *int       `json:"fresh"`         // found of what Expected is about; null where nothing is expected
}

// Unhealthy tells whether somebody should look at the office: it is not current, and
// nobody has paused or acknowledged it.
func (h OfficeHealth) Unhealthy() bool { return h.Health != HealthCurrent && h.Stance == nil }

// Recorded is what a store knows that health is judged by.
type Recorded struct {
	Passes    []Pass // of each office newest first, in the form of Reader.Passes
	Stances   []Stance
	Collector CollectorState
}

// JudgeHealth judges offices, in their order, at the time now. It is a pure function of
// what is recorded: a dead crawler is as visible as a dead site.
//
// Passes that are still running, or died, or were stopped by whoever ran them, say
// nothing of an office: the one before them is looked at.
func JudgeHealth(offices []string, recorded Recorded, now time.Time) []OfficeHealth {
	passes := map[string][]Pass{}
	life := recorded.Collector.Beat
	for _, p := range recorded.Passes {
		passes[p.Office] = append(passes[p.Office], p)
		life = later(life, later(p.Started, p.Ended))
	}
	judged := make([]OfficeHealth, len(offices))
	for i, office := range offices {
		judged[i] = judgeOffice(office, passes[office], recorded.Stances, now)
		aged(&judged[i], passes[office], recorded.Collector, life, now)
	}
	return judged
}

// judgeOffice judges an office by its own passes alone, whatever their age.
func judgeOffice(office string, passes []Pass, stances []Stance, now time.Time) OfficeHealth {
	h := OfficeHealth{Office: office, Health: HealthNever, Reason: neverEnded(passes)}
	for _, s := range stances {
		if s.Office == office && s.Holds(now) {
			h.Stance = &s
		}
	}
	var last *Pass
	for i := range passes {
		p := &passes[i]
		if p.Ended.IsZero() || p.Outcome == PassStopped {
			continue
		}
		if last == nil {
			last = p
			h.LastPass, h.Found, h.Expected = &p.Ended, &p.Found, p.Expected
			h.Source, h.Strategy, h.Robots = p.Source, p.Strategy, p.Robots
			if p.Expected != nil {
				h.Fresh = &p.Fresh
			}
		}
		if p.Succeeded() {
			h.LastSuccess = &p.Ended
			break
		}
		h.FailingSince = &p.Started
	}
	switch {
	case last == nil:
	case last.Succeeded():
		h.Health, h.Reason = HealthCurrent, ""
	default:
		h.Health, h.Cause, h.Reason = HealthFailing, last.Outcome, last.Reason
		if h.Reason == "" {
			h.Reason = PassWords(last.Outcome)
		}
	}
	return h
}

// neverEnded says why an office without any ended pass has none.
func neverEnded(passes []Pass) string {
	switch {
	case len(passes) == 0:
		return "never crawled"
	case passes[0].Ended.IsZero():
		return "the pass that began on " + day(passes[0].Started) + " has not ended, and none before it did"
	}
	return "every pass was stopped before its end, the last on " + day(passes[0].Ended)
}

// aged calls an office stale whose last pass is too old, or whose crawler is dead.
func aged(h *OfficeHealth, passes []Pass, collector CollectorState, life, now time.Time) {
	if h.LastPass == nil {
		return
	}
	dead := collector.Running && !collector.Beat.IsZero() && now.Sub(life) > deadAfter
	newest := passes[0]
	goesOn := newest.Ended.IsZero() && !dead && now.Sub(life) <= staleAfter && now.Sub(newest.Started) <= longestPass
	old := now.Sub(*h.LastPass) > staleAfter && !goesOn
	paused := h.Stance != nil && h.Stance.State == StancePaused
	switch {
	case old && paused:
		h.Reason = "paused; no pass since " + day(*h.LastPass)
	case dead:
		h.Reason = "the crawler has given no sign of life since " + life.UTC().Format("Jan 2, 2006, 15:04 UTC")
	case old && now.Sub(life) > staleAfter:
		h.Reason = "the crawler does not run: no pass since " + day(*h.LastPass)
	case old:
		h.Reason = "no pass since " + day(*h.LastPass) + ", though the crawler runs"
	default:
		return
	}
	h.Health = HealthStale
}

// day writes a day the way people read it.
func day(t time.Time) string { return t.UTC().Format("Jan 2, 2006") }

// later returns the later of two times.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// MarshalJSON writes a stance without its office, which is named by what it is part of;
// times that are not known are null.
func (s Stance) MarshalJSON() ([]byte, error) {
	known := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	return json.Marshal(struct {
		State  string     `json:"state"`
		Reason string     `json:"reason"`
		Since  *time.Time `json:"since"`
		Until  *time.Time `json:"until"`
	}{s.State, s.Reason, known(s.Since), known(s.Until)})
}

// passWords says what outcomes of passes mean and what can be done about them.
var passWords = [...]struct{ outcome, meaning, advice string }{
	{PassOK, "in order", ""},
	{PassSilent, "nothing new where something was near certain", "Look at the office’s site: if there is news, the catalogue’s address or rules no longer fit it."},
	{PassCutShort, "the list of releases ends before one that is known", "Look whether the site’s list still shows older releases, and whether the catalogue’s rule for further pages still fits."},
	{PassFrozen, "the source in use stands still while others have news", "Put another source first in the catalogue."},
	{PassThin, "pages give much less than they used to", "The site has changed its pages: look whether the catalogue’s selectors still fit."},
	{PassRefused, "the site refuses to answer programs", "Ask the office to let the archive in. History can be imported from web archives; a refusal is never evaded."},
	{PassRobots, "the site’s robots.txt does not allow it", "Ask the office for permission, or name a source that its robots.txt allows."},
	{PassNoRobots, "the site’s robots.txt could not be had, so nothing was asked", "Nothing, if it passes; asked again by itself."},
	{PassScripts, "the list of releases is filled in by scripts", "Find the feed or data address that the scripts use, and name it in the catalogue."},
	{PassMoved, "the list of releases is not where it was", "Find the new address, and put it into the catalogue."},
	{PassUnreachable, "the site could not be reached", "Nothing, if it passes; asked again by itself."},
	{PassBroken, "something went wrong in this program", "The log says what; please report it."},
	{PassStopped, "stopped before its end", "Nothing; the next pass goes on."},
	{"", "nothing is recorded of how it ended", "The log says what happened; please report it."},
}

// PassWords says in a few words what an outcome of a pass means. An outcome that has no
// words is returned as it is.
func PassWords(outcome string) string {
	for _, w := range passWords {
		if w.outcome == outcome {
			return w.meaning
		}
	}
	return outcome
}

// PassAdvice says in a sentence or two what can be done about an outcome of a pass; ""
// where nothing needs to be.
func PassAdvice(outcome string) string {
	for _, w := range passWords {
		if w.outcome == outcome {
			return w.advice
		}
	}
	return ""
}

// VisitWords says in a few words what an outcome of a visit means.
func VisitWords(outcome string) string {
	switch outcome {
	case "":
		return "not asked yet"
	case OutcomeOK:
		return "fetched"
	case OutcomeNotModified, OutcomeUnchanged:
		return "unchanged"
	case OutcomeBlocked:
		return "a page that stands in the way: a test for humans, maintenance, or a question for consent"
	case OutcomeSoft404:
		return "a page that says it was not found"
	case OutcomeRedirect:
		return "leads somewhere else"
	case OutcomeNoPage:
		return "not a release"
	case OutcomeUnread:
		return "kept, but can’t be read yet"
	case OutcomeRobots:
		return "not allowed by robots.txt"
	case OutcomeNoRobots:
		return "not asked, as robots.txt could not be had"
	case OutcomeTooLarge:
		return "too large"
	case OutcomeBomb:
		return "grows beyond all measure when unpacked"
	case OutcomeCoding:
		return "in an encoding that can’t be undone"
	case OutcomeLoop:
		return "too many redirects"
	case OutcomeTimeout:
		return "no whole answer in time"
	case OutcomeNetwork:
		return "no connection, or one that broke"
	case OutcomeName:
		return "the host’s name is not known"
	case OutcomeTLS:
		return "no trusted connection"
	case OutcomeAddress:
		return "an address that is never asked"
	case OutcomeLater:
		return "the host asked to be left alone for a while"
	}
	return "HTTP " + outcome
}
