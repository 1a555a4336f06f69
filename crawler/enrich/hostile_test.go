package enrich

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

// TestHostileText reads texts that are made to be slow. It measures nothing: a text that
// costs more than its length would run into the limit of the whole test.
func TestHostileText(t *testing.T) {
	e := newEnricher(t)
	for _, unit := range []string{
		"Virginia, ", "Virginia and ", "led Virginia ", "Attorney General Virginia ", "led by Virginia, committee ", "joined by the attorneys general of Virginia; ",
		"21 states ", "coalition of 21 attorneys general ", "\n\nVirginia", "In May 2018 ", "“", "’s ", "W.Va. ", "a.", "1,1", "\x00", "\xff",
		"Virginia Attorney General Poe, who led ", "committee Virginia of ", "the City of New York ", "States:\nVirginia\n", "guilty plea ", "all 50 states ", "he Virginia led Iowa General ",
	} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		r := index.Reading{Title: "Attorney General Poe joins coalition " + text[:1<<12], Text: text, Published: "2023-02-08"}
		e.Enrich("VA", &r)
		if len(r.Topics) > mostTopics || len(r.Kinds) > mostKinds {
			t.Errorf("%q: topics %v, kinds %v", unit, r.Topics, r.Kinds)
		}
		e.FindOffice(r.Title, text)
	}
}

func FuzzEnrich(f *testing.F) {
	e := newEnricher(f)
	f.Add("VA", "Attorney General Poe Leads Coalition", "RICHMOND, VA – A coalition of 3 states, led by Iowa, sued.\n\nThe states:\n\nIowa\n\nOhio", "2023-01-01")
	f.Add("", "W.Va.", "(ANCHORAGE, AK) – Hawai‘i’s “letter” 21-state\n\x00\xff", "")
	f.Add("PR", "Procuradora", "SAN JUAN – La procuradora general se unió a una coalición de 20 estados.", "2020-13-01")
	f.Fuzz(func(t *testing.T, code, title, text, day string) {
		r := index.Reading{Title: title, Text: text, Published: index.Date(day)}
		e.Enrich(code, &r)
		if len(r.Kinds) == 0 || len(r.Kinds) > mostKinds || len(r.Topics) > mostTopics || r.Topics == nil {
			t.Fatalf("kinds %v, topics %v", r.Kinds, r.Topics)
		}
		if c := r.Coalition; c != nil {
			for _, l := range c.Leads {
				if !contains(c.Members, l) {
					t.Fatalf("lead %s is no member of %v", l, c.Members)
				}
			}
		}
		again := index.Reading{Title: title, Text: text, Published: index.Date(day)}
		e.Enrich(code, &again)
		if !same(r, again) {
			t.Fatal("two runs differ")
		}
		e.FindOffice(title, text)
	})
}

func contains(list []string, x string) bool {
	for _, l := range list {
		if l == x {
			return true
		}
	}
	return false
}

func same(a, b index.Reading) bool { return cmp.Equal(a, b) }
