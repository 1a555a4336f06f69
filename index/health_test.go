package index

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestJudgeHealth(t *testing.T) {
	now := time.Date(2024, 5, 10, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	pass := func(ended time.Time, outcome, reason string) Pass {
		return Pass{Office: "VA", Started: ended.Add(-time.Minute), Ended: ended, Outcome: outcome, Reason: reason, Found: 3}
	}
	running := Pass{Office: "VA", Started: ago(time.Minute)}
	other := pass(ago(time.Hour), "ok", "")
	other.Office = "WV"
	expected := 2.5
	tests := []struct {
		name   string
		passes []Pass
		want   OfficeHealth
	}{
		{"no pass", nil, OfficeHealth{Health: HealthNever, Reason: "never crawled"}},
		{"another office's pass", []Pass{other}, OfficeHealth{Health: HealthNever, Reason: "never crawled"}},
		{"first pass running", []Pass{running}, OfficeHealth{Health: HealthNever, Reason: "never crawled"}},
		{
			"success", []Pass{other, pass(ago(time.Hour), "ok", "")},
			OfficeHealth{Health: HealthCurrent, LastPass: new(ago(time.Hour)), LastSuccess: new(ago(time.Hour)), Found: new(3)},
		},
		{
			"success, another running", []Pass{running, pass(ago(time.Hour), "ok", "")},
			OfficeHealth{Health: HealthCurrent, LastPass: new(ago(time.Hour)), LastSuccess: new(ago(time.Hour)), Found: new(3)},
		},
		{
			"success at the limit", []Pass{pass(ago(staleAfter), "ok", "")},
			OfficeHealth{Health: HealthCurrent, LastPass: new(ago(staleAfter)), LastSuccess: new(ago(staleAfter)), Found: new(3)},
		},
		{
			"the crawler does not run", []Pass{pass(ago(staleAfter+time.Second), "ok", "")},
			OfficeHealth{
				Health: HealthStale, Reason: "no pass since 2024-05-08",
				LastPass: new(ago(staleAfter + time.Second)), LastSuccess: new(ago(staleAfter + time.Second)), Found: new(3),
			},
		},
		{
			"the crawler stopped after a failure", []Pass{running, pass(ago(72*time.Hour), "refused", "HTTP 403")},
			OfficeHealth{Health: HealthStale, Reason: "no pass since 2024-05-07", LastPass: new(ago(72 * time.Hour)), Found: new(3)},
		},
		{
			"failure after a success", []Pass{pass(ago(time.Hour), "silent", "0 releases, 12 expected"), pass(ago(5*time.Hour), "robots", ""), pass(ago(9*time.Hour), "ok", "")},
			OfficeHealth{
				Health: HealthFailing, Reason: "0 releases, 12 expected",
				LastPass: new(ago(time.Hour)), LastSuccess: new(ago(9 * time.Hour)), Found: new(3),
			},
		},
		{
			"failure without words", []Pass{pass(ago(time.Hour), "timeout", "")},
			OfficeHealth{Health: HealthFailing, Reason: "timeout", LastPass: new(ago(time.Hour)), Found: new(3)},
		},
		{
			"expectation", []Pass{{Office: "VA", Ended: ago(time.Hour), Outcome: "ok", Expected: &expected, Found: 3}},
			OfficeHealth{Health: HealthCurrent, LastPass: new(ago(time.Hour)), LastSuccess: new(ago(time.Hour)), Expected: &expected, Found: new(3)},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.want.Office = "VA"
			if diff := cmp.Diff(test.want, JudgeHealth("VA", test.passes, now)); diff != "" {
				t.Errorf("judgement (-want +got):\n%s", diff)
			}
		})
	}
}
