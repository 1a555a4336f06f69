package outcomes

import (
	"testing"

	"agora/index"
)

func TestMeanings(t *testing.T) {
	type meaning struct {
		absent, refuses, ofSite, momentary bool
		pass                               string
	}
	for outcome, want := range map[string]meaning{
		"404":                 {absent: true, pass: index.PassMoved},
		"410":                 {absent: true, pass: index.PassMoved},
		index.OutcomeSoft404:  {absent: true, pass: index.PassMoved},
		index.OutcomeRedirect: {absent: true, pass: index.PassMoved},
		"403":                 {refuses: true, ofSite: true, pass: index.PassRefused},
		index.OutcomeBlocked:  {refuses: true, ofSite: true, momentary: true, pass: index.PassRefused},
		index.OutcomeRobots:   {refuses: true, pass: index.PassRobots},
		"429":                 {ofSite: true, momentary: true, pass: index.PassRefused},
		"503":                 {ofSite: true, momentary: true, pass: index.PassUnreachable},
		index.OutcomeTimeout:  {ofSite: true, momentary: true, pass: index.PassUnreachable},
		index.OutcomeName:     {ofSite: true, pass: index.PassUnreachable},
		index.OutcomeNoRobots: {ofSite: true, pass: index.PassNoRobots},
		index.OutcomeTooLarge: {pass: index.PassUnreachable},
		index.OutcomeAddress:  {pass: index.PassBroken},
		index.OutcomeOK:       {pass: index.PassUnreachable},
		"5":                   {pass: index.PassUnreachable},
	} {
		if got := (meaning{Absent(outcome), Refuses(outcome), OfSite(outcome), Momentary(outcome), OfPass(outcome)}); got != want {
			t.Errorf("%s: %+v, want %+v", outcome, got, want)
		}
	}
}
