package index

import (
	"time"
)

// Health is how well an office is covered.
type Health string

// The states of an office. They are told apart because each asks for something else to
// be done about it.
const (
	HealthCurrent Health = "current" // its last pass succeeded, not long ago
	HealthNever   Health = "never"   // no pass was ever made
	HealthFailing Health = "failing" // its last pass failed
	HealthStale   Health = "stale"   // no pass for too long: the crawler does not run
)

// staleAfter is how old the last pass may be: the slowest schedule is daily, and one
// missed day is not yet a finding.
const staleAfter = 48 * time.Hour

// OfficeHealth is the judgement on an office, with its reason in words.
type OfficeHealth struct {
	Office      string     `json:"office"`
	Health      Health     `json:"health"`
	Reason      string     `json:"reason"`
	LastPass    *time.Time `json:"last_pass"`
	LastSuccess *time.Time `json:"last_success"`
	Expected    *float64   `json:"expected"`
	Found       *int       `json:"found"`
}

// JudgeHealth judges an office by its passes, newest first, at the time now. It is a
// pure function: a dead crawler is as visible as a dead site.
func JudgeHealth(office string, passes []Pass, now time.Time) OfficeHealth {
	h := OfficeHealth{Office: office, Health: HealthNever, Reason: "never crawled"}
	var last *Pass
	for i := range passes {
		p := &passes[i]
		if p.Office != office || p.Ended.IsZero() {
			continue
		}
		if last == nil {
			last = p
			h.LastPass, h.Expected, h.Found = &p.Ended, p.Expected, &p.Found
		}
		if p.Succeeded() {
			h.LastSuccess = &p.Ended
			break
		}
	}
	switch {
	case last == nil:
	case now.Sub(last.Ended) > staleAfter:
		h.Health, h.Reason = HealthStale, "no pass since "+last.Ended.UTC().Format(time.DateOnly)
	case !last.Succeeded():
		h.Health, h.Reason = HealthFailing, last.Reason
		if h.Reason == "" {
			h.Reason = last.Outcome
		}
	default:
		h.Health, h.Reason = HealthCurrent, ""
	}
	return h
}
