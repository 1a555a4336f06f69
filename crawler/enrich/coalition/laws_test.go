package coalition

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
	"agora/index"
	"agora/index/vocabulary"
)

// pieces are what releases with coalitions are made of, and what breaks readers of them.
var pieces = []string{
	"Attorney General Whitlock", "joined", "led", "co-led", "a coalition of", "21", "twenty-one", "other", "attorneys general", "the attorneys general of", "states", "and", ",", ";", ":", ".", "\n", "\n\n",
	"Virginia", "West Virginia", "Washington, D.C.", "Ala.", "AL", "GA", "(KS)", "the District of Columbia", "Guam", "the Commonwealth of Kentucky", "U.S. Virgin Islands", "New York City", "all 50 states",
	"the governor of Kansas", "the City of", "the cities of Phoenix and", "Cook County, Illinois", "the Federal Trade Commission", "along with", "in addition to", "joined by", "led by", "-led", "who led", "did not sign",
	"Attorney General of Iowa", "In May 2018", "last year", "today", "a letter", "an amicus brief", "a lawsuit against", "supporting", "bipartisan", "“", "”", "’s", "(", ")", "—", "\u00ad", "\xff", "Jane Poe",
}

func TestCoalitionsHoldTogether(t *testing.T) {
	v := phrases.NewVocabulary()
	r, err := NewReader(v)
	if err != nil {
		t.Fatal(err)
	}
	issuer := sentences.Issuer{Office: "VA", Surnames: []string{"whitlock"}}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 80).Draw(t, "pieces"), " ")
		read := phrases.Read(text)
		c, evidence := r.Read(read, v.Numbers(read), issuer, "2023-02-08")
		again, _ := r.Read(read, v.Numbers(read), issuer, "2023-02-08")
		if diff := cmp.Diff(c, again); diff != "" {
			t.Fatalf("read twice:\n%s", diff)
		}
		if c != nil {
			holdsTogether(t, c, evidence)
		}
	})
}

// holdsTogether checks what is true of every coalition.
func holdsTogether(t interface {
	Helper()
	Errorf(format string, args ...any)
}, c *index.Coalition, evidence []index.Evidence) {
	t.Helper()
	if !slices.IsSorted(c.Members) || !slices.IsSorted(c.Leads) || !slices.Contains(c.Members, "VA") {
		t.Errorf("members %v, leads %v", c.Members, c.Leads)
	}
	for _, code := range c.Members {
		if _, ok := vocabulary.OfficeByCode(code); !ok {
			t.Errorf("member %q", code)
		}
	}
	for _, code := range c.Leads {
		if !slices.Contains(c.Members, code) {
			t.Errorf("%s leads and is no member", code)
		}
	}
	leads := slices.Contains(c.Leads, "VA")
	if want := map[bool]map[bool]string{true: {true: "led", false: "co-led"}, false: {true: "joined", false: "joined"}}[leads][len(c.Leads) == 1]; c.Role != want {
		t.Errorf("role %s of leads %v, want %s", c.Role, c.Leads, want)
	}
	if !vocabulary.Has(vocabulary.Actions[:], c.Action) || c.Others == nil || (c.Claimed == nil) != (c.ClaimedWords == "") || c.Agrees && c.Claimed == nil {
		t.Errorf("coalition %+v", c)
	}
	for _, o := range c.Others {
		if !vocabulary.Has(vocabulary.Participants[:], o.Type) || o.Name == "" {
			t.Errorf("participant %+v", o)
		}
	}
	if len(evidence) < 2 {
		t.Errorf("evidence %v", evidence)
	}
}

func FuzzRead(f *testing.F) {
	for _, table := range [][]wording{wordings, varied} {
		for _, w := range table {
			f.Add(w.title+"\n"+w.text, "2023-02-08")
		}
	}
	v := phrases.NewVocabulary()
	r, err := NewReader(v)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, day string) {
		read := phrases.Read(text)
		if c, evidence := r.Read(read, v.Numbers(read), sentences.Issuer{Office: "VA", Surnames: []string{"whitlock"}}, index.Date(day)); c != nil {
			holdsTogether(t, c, evidence)
		}
	})
}
