package query

import (
	"testing"
)

// FuzzAdvice checks that whatever is typed, what is offered and respelled is read as the
// question was, but for the words that are taken out or mended.
func FuzzAdvice(f *testing.F) {
	for _, seed := range []string{
		"", "texas opioid settlement 2023", `new york "new york" -texas (ohio) AND 2023`, "T-Moblie § 1983 AT&T FTC's",
		"a:texas state: ohio \xff\x00texas", "in texas in texas", "AND texas AND", `5"texas"ohio`, "drug-traficking/opiods",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkOffers(t, text)
		checkRespell(t, text)
	})
}
