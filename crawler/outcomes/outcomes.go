// Package outcomes says what the outcome of a visit means: for the page, for its site, and
// for the pass that made it. The outcomes themselves are index's. It is pure.
package outcomes

import "agora/index"

// Absent tells whether an outcome says of a page that it is not there.
func Absent(outcome string) bool {
	switch outcome {
	case "404", "410", index.OutcomeSoft404, index.OutcomeRedirect:
		return true
	}
	return false
}

// Refuses tells whether an outcome is a refusal of the page, not of the site's interface.
func Refuses(outcome string) bool {
	switch outcome {
	case "401", "403", index.OutcomeBlocked, index.OutcomeRobots:
		return true
	}
	return false
}

// OfSite tells whether an outcome is a failure of the site and not of the page.
func OfSite(outcome string) bool {
	switch outcome {
	case index.OutcomeTimeout, index.OutcomeNetwork, index.OutcomeName, index.OutcomeTLS, index.OutcomeBlocked,
		index.OutcomeLater, index.OutcomeNoRobots, "401", "403", "429":
		return true
	}
	return IsStatus(outcome) && outcome[0] == '5'
}

// Momentary tells whether trying again within a pass may help.
func Momentary(outcome string) bool {
	switch outcome {
	case index.OutcomeTimeout, index.OutcomeNetwork, index.OutcomeBlocked, "429":
		return true
	}
	return IsStatus(outcome) && outcome[0] == '5'
}

// IsStatus tells whether an outcome is a status of HTTP.
func IsStatus(outcome string) bool {
	return len(outcome) == 3 && outcome[0] >= '1' && outcome[0] <= '9'
}

// OfPass is what the outcome of a visit says of a site, as the outcome of a pass.
func OfPass(visit string) string {
	switch visit {
	case index.OutcomeRobots:
		return index.PassRobots
	case index.OutcomeNoRobots:
		return index.PassNoRobots
	case "401", "403", "429", index.OutcomeBlocked, index.OutcomeLater:
		return index.PassRefused
	case index.OutcomeAddress:
		return index.PassBroken
	case "404", "410", index.OutcomeSoft404, index.OutcomeRedirect, index.OutcomeLoop:
		return index.PassMoved
	}
	return index.PassUnreachable
}
