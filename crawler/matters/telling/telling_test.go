package telling

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"agora/index"
)

// told makes a release of an office that tells, on a day of January, of an action of members.
func told(office string, day int, title, text string, members ...string) *index.Release {
	var r index.Release
	r.ID, r.Office, r.Title, r.Text, r.Backfill = strings.ToLower(office)+"-1", office, title, text, true
	r.Published, r.PublishedPrecision = index.Date(fmt.Sprintf("2024-01-%02d", day)), "day"
	if len(members) > 0 {
		r.Coalition = &index.Coalition{Role: "joined", Action: "lawsuit", Leads: members[:1], Members: members, Complete: true, Agrees: true}
	}
	return &r
}

func read(t *testing.T, r *index.Release) *Telling {
	t.Helper()
	one, ok := Read(r)
	if !ok {
		t.Fatalf("release of %s can't be compared", r.Office)
	}
	return one
}

const heaters = "The complaint says that heaters of Brindle Works caught fire in kitchens, and that Brindle told nobody for three winters while its shelves were filled again and again with heaters that it had painted over."

func TestSame(t *testing.T) {
	members := []string{"CA", "OH", "TX", "VA"}
	ohio := func(change func(*index.Release)) *index.Release {
		r := told("OH", 4, "Ohio sues Brindle Works over heaters", heaters+" Ohio counts two fires.", members...)
		change(r)
		return r
	}
	for _, c := range []struct {
		name   string
		change func(*index.Release)
		want   bool
	}{
		{"one action", func(*index.Release) {}, true},
		{"eight days later", func(r *index.Release) { r.Published = "2024-01-12" }, true},
		{"eleven days later", func(r *index.Release) { r.Published = "2024-01-15" }, false},
		{"a month, no day", func(r *index.Release) { r.PublishedPrecision = "month" }, false},
		{"the same office", func(r *index.Release) { r.Office = "VA" }, false},
		{"an office that the list lacks", func(r *index.Release) { r.Office = "NY" }, false},
		{"no coalition named here", func(r *index.Release) { r.Coalition = nil }, true},
		{"another defendant", func(r *index.Release) {
			r.Title, r.Text = "Ohio sues Corvane over heaters", strings.ReplaceAll(r.Text, "Brindle", "Corvane")+" Corvane sold them."
		}, false},
		{"another defendant by its facts", func(r *index.Release) { r.Facts = []index.Fact{{Kind: "company", Value: "corvane"}} }, false},
		{"another docket", func(r *index.Release) { r.Facts = []index.Fact{{Kind: "docket", Value: "24-cv-2"}} }, false},
		{"what a court said of it", func(r *index.Release) {
			r.Title, r.Published = "Judge orders recall of Brindle Works heaters", "2024-01-10"
		}, false},
	} {
		virginia := told("VA", 4, "Virginia joins lawsuit against Brindle Works over heaters", heaters+" Virginia counts four.", members...)
		virginia.Facts = []index.Fact{{Kind: "company", Value: "brindle-works"}, {Kind: "docket", Value: "24-cv-1"}}
		if c.name == "another docket" {
			virginia.Facts = virginia.Facts[1:]
		}
		a := read(t, virginia)
		b, ok := Read(ohio(c.change))
		if !ok {
			if c.want {
				t.Errorf("%s: can't be compared", c.name)
			}
			continue
		}
		_, got := Same(a, b)
		_, back := Same(b, a)
		if got != c.want || back != c.want {
			t.Errorf("%s: %v and %v back, want %v: %+v", c.name, got, back, c.want, Compare(a, b))
		}
	}
}

// TestOwnCases holds that cases of one state each are no matter, whatever they share.
func TestOwnCases(t *testing.T) {
	a, b := read(t, told("VA", 4, "Virginia sues Brindle Works", heaters)), read(t, told("OH", 4, "Ohio sues Brindle Works", heaters))
	if _, same := Same(a, b); same {
		t.Error("two own cases are taken for one action")
	}
}

// TestCandidates holds that what shares a third of its words' runs is found by its bands.
func TestCandidates(t *testing.T) {
	words := make([]string, 300)
	for i := range words {
		words[i] = fmt.Sprint("word", i)
	}
	missed := 0
	for n := range 50 {
		other := slices.Clone(words)
		for i := 170; i < len(other); i++ {
			other[i] = fmt.Sprint("other", n, "x", i)
		}
		a, b := read(t, told("VA", 1, "A title", strings.Join(words, " "))), read(t, told("OH", 1, "A title", strings.Join(other, " ")))
		bandsA, bandsB := a.Signature.Bands(), b.Signature.Bands()
		if !slices.ContainsFunc(bandsA[:], func(band uint64) bool { return slices.Contains(bandsB[:], band) }) {
			missed++
		}
	}
	if missed > 1 {
		t.Errorf("%d of 50 pairs have no band in common", missed)
	}
}

// TestLaws holds that a comparison is the same from both sides, and of a text with itself whole.
func TestLaws(t *testing.T) {
	word := rapid.SampledFrom([]string{"Brindle", "sues", "heaters", "the", "attorneys", "general", "$4,200", "“fire”", "Ohio", "kitchen.", "\n\n", "24-cv-17", "\xff"})
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string { return strings.Join(rapid.SliceOfN(word, 4, 60).Draw(t, name), " ") }
		a, okA := Read(told("VA", 1, text("title a"), text("a"), "VA", "OH"))
		b, okB := Read(told("OH", 1, text("title b"), text("b"), "VA", "OH"))
		if !okA || !okB {
			return
		}
		if Compare(a, b) != Compare(b, a) {
			t.Fatalf("%+v one way, %+v the other", Compare(a, b), Compare(b, a))
		}
		sure, same := Same(a, b)
		if back, again := Same(b, a); same != again || sure != back || sure < 0 || sure > 1 {
			t.Fatalf("%v %v one way, %v %v the other", sure, same, back, again)
		}
		if l := Compare(a, a); len(a.shingles) > 0 && l.Shingles != 1 {
			t.Fatalf("with itself %+v", l)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("AG sues", "Brindle Works \x00\xff burned. “Yes.”", "2024-01-02")
	f.Fuzz(func(_ *testing.T, title, text, day string) {
		r := told("VA", 1, title, text, "VA", "OH")
		r.Published = index.Date(day)
		if a, ok := Read(r); ok {
			b := *a
			b.ID, b.Office = "oh-1", "OH"
			Same(a, &b)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	r := told("VA", 1, "Virginia sues Brindle Works", strings.Repeat(heaters+"\n\n", 15), "VA", "OH")
	for b.Loop() {
		Read(r)
	}
}
