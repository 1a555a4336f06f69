package index

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// endedPass is a pass of VA over a minute that found 3 rows.
func endedPass(ended time.Time, outcome, reason string) Pass {
	return Pass{
		Office: "VA", Started: ended.Add(-time.Minute), Ended: ended, Outcome: outcome, Reason: reason, Found: 3,
		Source: "feed https://ag.example/feed/", Strategy: "feed", Robots: "allowed",
	}
}

func TestJudgeHealth(t *testing.T) {
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	hours := func(n int) time.Time { return ago(time.Duration(n) * time.Hour) }
	// judged is what a pass of endedPass leads to.
	judged := func(health Health, reason string, last time.Time, rest OfficeHealth) OfficeHealth {
		rest.Office, rest.Health, rest.Reason, rest.LastPass, rest.Found = "VA", health, reason, &last, new(3)
		rest.Source, rest.Strategy, rest.Robots = "feed https://ag.example/feed/", "feed", "allowed"
		return rest
	}
	never := func(reason string) OfficeHealth {
		return OfficeHealth{Office: "VA", Health: HealthNever, Reason: reason}
	}
	running := func(started time.Time) Pass { return Pass{Office: "VA", Started: started} }
	elsewhere := endedPass(hours(1), PassOK, "")
	elsewhere.Office = "WV"
	expecting := endedPass(hours(1), PassSilent, "found nothing")
	expecting.Expected, expecting.Fresh = new(2.5), 1
	ok1 := endedPass(hours(1), PassOK, "")
	old := ago(staleAfter + time.Second)
	tests := []struct {
		name      string
		passes    []Pass
		collector CollectorState
		want      OfficeHealth
	}{
		{"no pass", nil, CollectorState{}, never("never crawled")},
		{"another office's pass", []Pass{elsewhere}, CollectorState{}, never("never crawled")},
		{"first pass running", []Pass{running(hours(1))}, CollectorState{}, never("the pass that began on May 10, 2024 has not ended, and none before it did")},
		{
			"only stopped passes", []Pass{endedPass(hours(1), PassStopped, ""), endedPass(hours(50), PassStopped, "")}, CollectorState{},
			never("every pass was stopped before its end, the last on May 10, 2024"),
		},
		{"success", []Pass{elsewhere, ok1}, CollectorState{}, judged(HealthCurrent, "", hours(1), OfficeHealth{LastSuccess: new(hours(1))})},
		{"success, another running", []Pass{running(ago(time.Minute)), ok1}, CollectorState{}, judged(HealthCurrent, "", hours(1), OfficeHealth{LastSuccess: new(hours(1))})},
		{"success, another stopped", []Pass{endedPass(ago(time.Minute), PassStopped, ""), ok1}, CollectorState{}, judged(HealthCurrent, "", hours(1), OfficeHealth{LastSuccess: new(hours(1))})},
		{
			"success at the limit", []Pass{endedPass(ago(staleAfter), PassOK, "")}, CollectorState{},
			judged(HealthCurrent, "", ago(staleAfter), OfficeHealth{LastSuccess: new(ago(staleAfter))}),
		},
		{
			"no crawler", []Pass{endedPass(old, PassOK, "")}, CollectorState{Beat: old},
			judged(HealthStale, "the crawler does not run: no pass since May 8, 2024", old, OfficeHealth{LastSuccess: &old}),
		},
		{
			"a crawler that leaves the office out", []Pass{elsewhere, endedPass(old, PassOK, "")}, CollectorState{},
			judged(HealthStale, "no pass since May 8, 2024, though the crawler runs", old, OfficeHealth{LastSuccess: &old}),
		},
		{
			"a crawler that is at the office for long", []Pass{running(hours(50)), endedPass(hours(60), PassOK, "")}, CollectorState{Beat: hours(1)},
			judged(HealthCurrent, "", hours(60), OfficeHealth{LastSuccess: new(hours(60))}),
		},
		{
			"a crawler that is at the office for too long", []Pass{running(hours(200)), endedPass(hours(210), PassOK, "")}, CollectorState{Beat: hours(1)},
			judged(HealthStale, "no pass since May 1, 2024, though the crawler runs", hours(210), OfficeHealth{LastSuccess: new(hours(210))}),
		},
		{
			"a crawler that died at the office", []Pass{running(hours(50)), endedPass(hours(60), PassOK, "")}, CollectorState{Beat: hours(49)},
			judged(HealthStale, "the crawler does not run: no pass since May 8, 2024", hours(60), OfficeHealth{LastSuccess: new(hours(60))}),
		},
		{
			"a crawler that should run and doesn't", []Pass{endedPass(hours(4), PassOK, "")}, CollectorState{Running: true, Beat: hours(3)},
			judged(HealthStale, "the crawler has given no sign of life since May 10, 2024, 09:00 UTC", hours(4), OfficeHealth{LastSuccess: new(hours(4))}),
		},
		{
			"a crawler that was ended", []Pass{endedPass(hours(4), PassOK, "")}, CollectorState{Beat: hours(3)},
			judged(HealthCurrent, "", hours(4), OfficeHealth{LastSuccess: new(hours(4))}),
		},
		{
			"a pass is a sign of life", []Pass{ok1}, CollectorState{Running: true, Beat: hours(3)},
			judged(HealthCurrent, "", hours(1), OfficeHealth{LastSuccess: new(hours(1))}),
		},
		{
			"the crawler died after a failure", []Pass{running(hours(71)), endedPass(hours(72), PassRefused, "HTTP 403")}, CollectorState{},
			judged(HealthStale, "the crawler does not run: no pass since May 7, 2024", hours(72), OfficeHealth{Cause: PassRefused, FailingSince: new(hours(72).Add(-time.Minute))}),
		},
		{
			"failures after a success", []Pass{endedPass(hours(1), PassSilent, "0 releases, 12 expected"), endedPass(hours(3), PassStopped, ""), endedPass(hours(5), PassRobots, ""), endedPass(hours(9), PassOK, "")},
			CollectorState{},
			judged(HealthFailing, "0 releases, 12 expected", hours(1), OfficeHealth{Cause: PassSilent, FailingSince: new(hours(5).Add(-time.Minute)), LastSuccess: new(hours(9))}),
		},
		{
			"failure without words", []Pass{endedPass(hours(1), PassUnreachable, "")}, CollectorState{},
			judged(HealthFailing, "the site could not be reached", hours(1), OfficeHealth{Cause: PassUnreachable, FailingSince: new(hours(1).Add(-time.Minute))}),
		},
		{
			"an outcome of another time", []Pass{endedPass(hours(1), "timeout", "")}, CollectorState{},
			judged(HealthFailing, "timeout", hours(1), OfficeHealth{Cause: "timeout", FailingSince: new(hours(1).Add(-time.Minute))}),
		},
		{
			"expectation", []Pass{expecting}, CollectorState{},
			judged(HealthFailing, "found nothing", hours(1), OfficeHealth{Cause: PassSilent, FailingSince: new(hours(1).Add(-time.Minute)), Expected: new(2.5), Fresh: new(1)}),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := JudgeHealth([]string{"VA"}, Recorded{Passes: test.passes, Collector: test.collector}, noon)
			if diff := cmp.Diff([]OfficeHealth{test.want}, got); diff != "" {
				t.Errorf("judgement (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStances(t *testing.T) {
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	stance := func(state string, until time.Time) Stance {
		return Stance{Office: "VA", State: state, Reason: "new site in June", Since: hour(-90), Until: until}
	}
	refused, old := endedPass(hour(-1), PassRefused, "HTTP 403"), endedPass(hour(-80), PassOK, "")
	tests := []struct {
		name      string
		pass      Pass
		stances   []Stance
		health    Health
		reason    string
		holds     bool
		unhealthy bool
	}{
		{"none", refused, nil, HealthFailing, "HTTP 403", false, true},
		{"acknowledged", refused, []Stance{stance(StanceAcknowledged, time.Time{})}, HealthFailing, "HTTP 403", true, false},
		{"of another office", refused, []Stance{{Office: "WV", State: StanceAcknowledged}}, HealthFailing, "HTTP 403", false, true},
		{"holds still", refused, []Stance{stance(StanceAcknowledged, hour(1))}, HealthFailing, "HTTP 403", true, false},
		{"ran out", refused, []Stance{stance(StanceAcknowledged, hour(0))}, HealthFailing, "HTTP 403", false, true},
		{"paused", old, []Stance{stance(StancePaused, time.Time{})}, HealthStale, "paused; no pass since May 7, 2024", true, false},
		{"pause ran out", old, []Stance{stance(StancePaused, hour(-1))}, HealthStale, "the crawler does not run: no pass since May 7, 2024", false, true},
		{"current and paused", endedPass(hour(-1), PassOK, ""), []Stance{stance(StancePaused, time.Time{})}, HealthCurrent, "", true, false},
		{"current", endedPass(hour(-1), PassOK, ""), nil, HealthCurrent, "", false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := JudgeHealth([]string{"VA"}, Recorded{Passes: []Pass{test.pass}, Stances: test.stances}, noon)[0]
			if h.Health != test.health || h.Reason != test.reason || (h.Stance != nil) != test.holds || h.Unhealthy() != test.unhealthy {
				t.Errorf("judged %+v, unhealthy %v", h, h.Unhealthy())
			}
		})
	}
}

func TestHealthJSON(t *testing.T) {
	recorded := Recorded{
		Passes:  []Pass{endedPass(noon.Add(-time.Hour), PassRefused, "HTTP 403")},
		Stances: []Stance{{Office: "VA", State: StanceAcknowledged, Reason: "asked them", Since: noon.Add(-time.Minute)}},
	}
	got, err := json.MarshalIndent(JudgeHealth([]string{"VA", "WV"}, recorded, noon), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want := `[
 {
  "office": "VA",
  "health": "failing",
  "reason": "HTTP 403",
  "last_pass": "2024-05-10T11:00:00Z",
  "last_success": null,
  "expected": null,
  "found": 3,
  "cause": "refused",
  "source": "feed https://ag.example/feed/",
  "strategy": "feed",
  "failing_since": "2024-05-10T10:59:00Z",
  "robots": "allowed",
  "stance": {
   "state": "acknowledged",
   "reason": "asked them",
   "since": "2024-05-10T11:59:00Z",
   "until": null
  },
  "fresh": null
 },
 {
  "office": "WV",
  "health": "never",
  "reason": "never crawled",
  "last_pass": null,
  "last_success": null,
  "expected": null,
  "found": null,
  "cause": "",
  "source": "",
  "strategy": "",
  "failing_since": null,
  "robots": "",
  "stance": null,
  "fresh": null
 }
]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

// TestHealthLaws holds for passes of any kind: a reason is there exactly where an office
// is not current, a cause exactly where the last pass that counts failed, and what is
// recorded of one office changes nothing about another but signs of life.
func TestHealthLaws(t *testing.T) {
	outcomes := []string{"", PassOK, PassSilent, PassRefused, PassUnreachable, PassStopped, "unheard-of"}
	rapid.Check(t, func(t *rapid.T) {
		var passes []Pass
		at := noon
		for range rapid.IntRange(0, 8).Draw(t, "passes") {
			p := endedPass(at, rapid.SampledFrom(outcomes).Draw(t, "outcome"), rapid.SampledFrom([]string{"", "why"}).Draw(t, "reason"))
			if rapid.IntRange(0, 3).Draw(t, "died") == 0 {
				p.Ended = time.Time{}
			}
			passes = append(passes, p)
			at = at.Add(-time.Duration(rapid.IntRange(2, 6000).Draw(t, "minutes")) * time.Minute)
		}
		collector := CollectorState{Running: rapid.Bool().Draw(t, "running"), Beat: noon.Add(-time.Duration(rapid.IntRange(0, 100).Draw(t, "beat")) * time.Hour)}
		for _, h := range JudgeHealth([]string{"WV", "VA"}, Recorded{Passes: passes, Collector: collector}, noon) {
			if (h.Reason == "") != (h.Health == HealthCurrent) {
				t.Errorf("%s for the reason %q", h.Health, h.Reason)
			}
			if h.Health == HealthCurrent && (h.Cause != "" || h.FailingSince != nil || h.LastSuccess == nil) {
				t.Errorf("current: %+v", h)
			}
			if h.Health == HealthFailing && h.FailingSince == nil || h.FailingSince != nil && h.LastSuccess != nil && !h.LastSuccess.Before(*h.FailingSince) {
				t.Errorf("failing: %+v", h)
			}
			if (h.Health == HealthNever) != (h.LastPass == nil) || h.Office == "WV" && h.Health != HealthNever {
				t.Errorf("never: %+v", h)
			}
		}
	})
}

// TestOutcomesHaveWords keeps codes from being shown to people.
func TestOutcomesHaveWords(t *testing.T) {
	for _, outcome := range []string{
		PassOK, PassSilent, PassCutShort, PassFrozen, PassThin, PassRefused, PassRobots,
		PassNoRobots, PassScripts, PassMoved, PassUnreachable, PassBroken, PassStopped,
	} {
		if words := PassWords(outcome); words == outcome || words == "" {
			t.Errorf("pass %s has no words", outcome)
		}
		if (PassAdvice(outcome) == "") != (outcome == PassOK) {
			t.Errorf("advice on %s: %q", outcome, PassAdvice(outcome))
		}
	}
	for _, outcome := range []string{
		"", OutcomeOK, OutcomeNotModified, OutcomeUnchanged, OutcomeBlocked, OutcomeSoft404, OutcomeRedirect,
		OutcomeNoPage, OutcomeUnread, OutcomeRobots, OutcomeNoRobots, OutcomeTooLarge, OutcomeBomb, OutcomeCoding,
		OutcomeLoop, OutcomeTimeout, OutcomeNetwork, OutcomeName, OutcomeTLS, OutcomeAddress, OutcomeLater,
	} {
		if words := VisitWords(outcome); words == "HTTP "+outcome || words == "" {
			t.Errorf("visit %q has no words", outcome)
		}
	}
	if got := VisitWords("503"); got != "HTTP 503" {
		t.Errorf("503 is %q", got)
	}
	if got := PassWords("unheard-of") + PassAdvice("unheard-of"); got != "unheard-of" {
		t.Errorf("an unknown outcome is %q", got)
	}
}
