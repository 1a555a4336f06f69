package wording

import (
	"math"
	"strings"
	"testing"
	"time"

	"agora/index"
)

// TestEveryOutcomeHasACondition of its own, with words for readers.
func TestEveryOutcomeHasACondition(t *testing.T) {
	labels := map[string]string{}
	for _, outcome := range []string{
		index.PassSilent, index.PassCutShort, index.PassFrozen, index.PassThin, index.PassRefused, index.PassRobots, index.PassNoRobots,
		index.PassScripts, index.PassMoved, index.PassUnreachable, index.PassBroken,
	} {
		c := ConditionOf(index.HealthFailing, outcome)
		if c.Code != outcome || c.Class != "failing" || c.Label == "Failing" || c.Meaning == "" || c.Meaning == outcome || labels[c.Label] != "" {
			t.Errorf("%s: %+v", outcome, c)
		}
		labels[c.Label] = outcome
	}
	for _, health := range []index.Health{index.HealthCurrent, index.HealthStale, index.HealthNever} {
		// What failed before counts no more.
		if c := ConditionOf(health, index.PassRefused); c.Code != string(health) || c.Class != string(health) || c.Meaning == "" {
			t.Errorf("%s: %+v", health, c)
		}
	}
	for _, cause := range []string{"", "what the future brings"} {
		if c := ConditionOf(index.HealthFailing, cause); c.Label != "Failing" || c.Class != "failing" || c.Meaning == "" {
			t.Errorf("cause %q: %+v", cause, c)
		}
	}
	if len(Conditions()) != len(labels)+4 {
		t.Errorf("%d conditions", len(Conditions()))
	}
}

func TestWordsOfCrawls(t *testing.T) {
	for n, want := range map[float64]string{
		0: "about 0", 0.04: "about 0", 0.4: "about 0.4", 1: "about 1", 3.42: "about 3.4", 9.96: "about 10", 12.4: "about 12", 1234.5: "about 1,235", 1e300: "about 1,000,000,000",
		math.NaN(): "an unknown number", math.Inf(1): "an unknown number",
	} {
		if got := About(n); got != want {
			t.Errorf("%v is %q, want %q", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		-time.Hour: "under 1 s", 0: "under 1 s", 90 * time.Second: "1 minute", 59 * time.Second: "59 s", 47 * time.Hour: "47 hours", 48 * time.Hour: "2 days", 1000 * 24 * time.Hour: "1,000 days",
	} {
		if got := Span(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	found, expected := 1200, 1190.0
	if got := FoundOf(&found, &expected); got != "1,200 of about 1,190" {
		t.Error(got)
	}
	if FoundOf(nil, &expected) != "" || FoundOf(&found, nil) != "" {
		t.Error("found of nothing expected")
	}
	long := StanceWords(index.Stance{State: index.StanceAcknowledged, Reason: strings.Repeat("ä", 1000)})
	if !strings.HasPrefix(long, "Acknowledged: ä") || len(long) > LongestReason+30 {
		t.Error(long)
	}
	for kind := range map[string]bool{"feed": true, "sitemap": true, "wordpress": true, "listing": true, "data": true} {
		if Strategy(kind) == kind {
			t.Errorf("strategy %s has no name", kind)
		}
	}
	for _, kind := range []index.VisitKind{index.VisitPage, index.VisitAttachment, index.VisitSource} {
		if VisitKind(kind) == string(kind) {
			t.Errorf("kind %s has no name", kind)
		}
	}
	for verdict, want := range map[string]string{"": "", "allowed": "robots.txt: allowed", "disallowed": "robots.txt: forbidden", "unknown": "robots.txt: not known", "?": "robots.txt: not known"} {
		if got := Robots(verdict); got != want {
			t.Errorf("%q is %q", verdict, got)
		}
	}
}
