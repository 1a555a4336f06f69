package wording

import (
	"math"
	"strconv"
	"strings"
	"time"

	"agora/index"
)

// Condition is how an office stands, as a code and in words: its health, and where that
// is failing what the failure was.
type Condition struct {
	Code    string // "current", "refused"
	Class   string // current, failing, stale or never: how it looks
	Label   string // "Closed by robots.txt"
	Meaning string
	Advice  string // what can be done about it; "" where nothing need be
}

// conditions are those of offices, the most urgent first: what news may be lost by, then
// what others decided, then what may pass by itself. The words of failures are those of
// their outcomes.
var conditions = [...]Condition{
	{Code: index.PassSilent, Label: "Silent"},
	{Code: index.PassFrozen, Label: "Source stands still"},
	{Code: index.PassCutShort, Label: "List cut short"},
	{Code: index.PassThin, Label: "Pages give less"},
	{Code: index.PassMoved, Label: "Moved"},
	{Code: index.PassScripts, Label: "Needs scripts"},
	{Code: index.PassRefused, Label: "Refused"},
	{Code: index.PassRobots, Label: "Closed by robots.txt"},
	{Code: index.PassNoRobots, Label: "robots.txt not to be had"},
	{Code: index.PassUnreachable, Label: "Unreachable"},
	{Code: index.PassBroken, Label: "Fault of this program"},
	{Code: string(index.HealthFailing), Label: "Failing", Meaning: "the last pass failed, for the reason given"},
	{Code: string(index.HealthStale), Class: "stale", Label: "Not asked lately", Meaning: "no pass for two days, or the crawler is dead; the fault is here", Advice: "Look whether the crawler runs; nothing is known against the office’s site."},
	{Code: string(index.HealthNever), Class: "never", Label: "Never crawled", Meaning: "no pass has come to its end; what is held, if anything, was imported"},
	{Code: string(index.HealthCurrent), Class: "current", Label: "Current", Meaning: "the last pass succeeded, not long ago"},
}

// Conditions lists all conditions, the most urgent first.
func Conditions() []Condition {
	list := make([]Condition, len(conditions))
	for i, c := range conditions {
		list[i] = c.worded()
	}
	return list
}

// CrawlerDown is the condition of stale offices where it is known why nothing was asked.
func CrawlerDown() Condition {
	return Condition{
		Code: string(index.HealthStale), Class: "stale", Label: "Crawler down", Meaning: "nothing was asked of the office lately because this archive’s crawler does not run",
		Advice: "Nothing is known against the office’s site.",
	}
}

// ConditionOf describes a state of health and, where it is failing, the failure.
func ConditionOf(health index.Health, cause string) Condition {
	code := string(health)
	if health == index.HealthFailing && cause != "" {
		code = cause
	}
	for _, c := range conditions {
		if c.Code == code {
			return c.worded()
		}
	}
	return Condition{Code: code, Class: string(index.HealthFailing), Label: "Failing", Meaning: index.PassWords(code)}
}

// worded fills in what a condition has from the outcome of a pass.
func (c Condition) worded() Condition {
	if c.Class == "" {
		c.Class = string(index.HealthFailing)
	}
	if c.Meaning == "" {
		c.Meaning, c.Advice = index.PassWords(c.Code), index.PassAdvice(c.Code)
	}
	return c
}

// Strategy names how an office's releases are discovered.
func Strategy(kind string) string {
	switch kind {
	case "feed":
		return "Feed"
	case "sitemap":
		return "Sitemap"
	case "wordpress":
		return "WordPress"
	case "listing":
		return "Listing"
	case "data":
		return "Data file"
	}
	return kind
}

// Robots says what a site's robots.txt says of the source in use.
func Robots(verdict string) string {
	switch verdict {
	case "":
		return ""
	case "allowed":
		return "robots.txt: allowed"
	case "disallowed":
		return "robots.txt: forbidden"
	}
	return "robots.txt: not known"
}

// VisitKind names what is asked for, in the plural.
func VisitKind(kind index.VisitKind) string {
	switch kind {
	case index.VisitPage:
		return "Pages"
	case index.VisitAttachment:
		return "Documents"
	case index.VisitSource:
		return "Lists and feeds"
	}
	return string(kind)
}

// About writes a number that was reckoned, no more exactly than it is known: "about 12",
// "about 3.4".
func About(n float64) string {
	switch {
	case math.IsNaN(n) || math.IsInf(n, 0):
		return "an unknown number"
	case n < 9.95:
		return "about " + strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0")
	}
	return "about " + Number(int(math.Round(min(n, 1e9))))
}

// FoundOf says what a pass found of what an office's history made likely; "" where either
// is not known.
func FoundOf(fresh *int, expected *float64) string {
	if fresh == nil || expected == nil {
		return ""
	}
	return Number(*fresh) + " of " + About(*expected)
}

// Span writes how long something lasts or lasted: "40 s", "5 minutes", "3 hours", "12 days".
func Span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Second:
		return "under 1 s"
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + " s"
	case d < time.Hour:
		return Counted(int(d/time.Minute), "minute", "minutes")
	case d < 2*day:
		return Counted(int(d/time.Hour), "hour", "hours")
	}
	return Counted(int(d/day), "day", "days")
}

const (
	// quietAfter is how long a collector may be without a sign of life before pages say
	// so: at work it gives one every few minutes.
	quietAfter = time.Hour
	// downAfter is how long one that is started by hand or a timer may rest: a day, and
	// one that was missed.
	downAfter = 48 * time.Hour
)

// Asleep says since when no collector has been at work, given the last sign of life of
// one, and whether that is grave; "" where one is at work, or none ever was.
func Asleep(c index.CollectorState, alive, now time.Time) (text string, grave bool) {
	quiet, since := now.Sub(alive), MomentOf(alive).Text
	switch {
	case alive.IsZero() || quiet <= quietAfter:
		return "", false
	case c.Running:
		return "The collector is dead: it crawled on its own schedule and has given no sign of life since " + since + " (" + Span(quiet) + "). What offices publish meanwhile is missing here until it runs again.", true
	case quiet > downAfter:
		return "The collector does not run: it was last at work on " + since + " (" + Span(quiet) + " ago). What offices published since is missing here.", true
	}
	return "The collector is not running at the moment: it was last at work on " + since + " (" + Span(quiet) + " ago).", false
}

// Nameless says that offices have nobody to write to about the collector; "" where they
// have.
func Nameless(c index.CollectorState) string {
	if c.Agent == "" || c.Contact != "" {
		return ""
	}
	return "No contact is set: offices see “" + Shorten(c.Agent, 100) + "” and nobody to write to, so each of their sites is asked once in ten seconds at most. Whoever runs this archive sets one with --contact URL or AGORA_CONTACT."
}

// StanceWords says what people decided about an office.
func StanceWords(s index.Stance) string {
	words := "Acknowledged"
	if s.State == index.StancePaused {
		words = "Paused"
	}
	if !s.Since.IsZero() {
		words += " since " + civil(s.Since)
	}
	if !s.Until.IsZero() {
		words += " until " + civil(s.Until)
	}
	if s.Reason != "" {
		words += ": " + Shorten(s.Reason, LongestReason)
	}
	return words
}

// LongestReason is how many bytes of somebody's or a pass's reason are shown: a long
// sentence.
const LongestReason = 300

// civil writes the day of a time, as MomentOf does.
func civil(t time.Time) string { return t.UTC().Format("Jan 2, 2006") }
