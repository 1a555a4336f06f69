package matter

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
	"agora/server/pages"
)

var start = time.Date(2024, 1, 2, 15, 0, 0, 0, time.UTC)

func release(office, day string, seen time.Duration, live bool) index.Release {
	var r index.Release
	r.ID, r.Office, r.Title, r.Published, r.PublishedPrecision = strings.ToLower(office)+"-1", office, office+" sues", index.Date(day), "day"
	r.FirstSeen, r.Backfill, r.Language = start.Add(seen), !live, "en"
	return r
}

func TestFirst(t *testing.T) {
	const day, next = "2024-01-02", "2024-01-03"
	for _, c := range []struct {
		name     string
		tellings []index.Release
		want     string
	}{
		{"one", []index.Release{release("VA", day, 0, true)}, ""},
		{"another day", []index.Release{release("VA", day, 9, false), release("OH", next, 0, false)}, "Virginia told it first, 1 day before Ohio."},
		{"seen live", []index.Release{release("VA", day, 0, true), release("OH", day, 3*time.Hour, true)}, "Virginia was seen to tell it first, about 3 hours before Ohio, on the same day."},
		{"minutes are chance", []index.Release{release("VA", day, 0, true), release("OH", day, time.Minute, true)}, "Virginia and Ohio told it first, on the same day."},
		{"one came late", []index.Release{release("VA", day, 0, true), release("OH", day, 3*time.Hour, false)}, "Virginia and Ohio told it first, on the same day."},
	} {
		if got := firstText(c.tellings); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTiles(t *testing.T) {
	if coalitionOf([]index.Release{release("VA", "", 0, true)}) != nil {
		t.Error("a map of nobody")
	}
	led, joined := release("VA", "", 0, true), release("OH", "", 0, true)
	led.Coalition = &index.Coalition{Leads: []string{"VA"}, Members: []string{"OH", "TX", "VA"}, Complete: true,
		Others: []index.Participant{{Name: "Governor of Quillfield", Office: "KS", Type: "governor"}}}
	joined.Coalition = &index.Coalition{Members: []string{"OH", "VA"}}
	c := coalitionOf([]index.Release{led, joined})
	parts := map[string]string{}
	for _, tile := range c.Tiles {
		if parts[tile.Code] != "" {
			t.Errorf("%s has two tiles", tile.Code)
		}
		parts[tile.Code] = tile.Words
	}
	if len(parts) != 56 {
		t.Errorf("%d tiles, want 56", len(parts))
	}
	want := map[string]string{"VA": "leads, tells it", "OH": "takes part, tells it", "TX": "takes part", "KS": "not named", "NY": "does not take part"}
	for code, words := range want {
		if parts[code] != words {
			t.Errorf("%s %q, want %q", code, parts[code], words)
		}
	}
	if len(c.Absent) != 52 || len(c.Leads) != 1 || len(c.Members) != 2 {
		t.Errorf("%d absent, %d lead, %d take part", len(c.Absent), len(c.Leads), len(c.Members))
	}
	led.Coalition.Complete = false
	if c := coalitionOf([]index.Release{led, joined}); len(c.Absent) != 0 {
		t.Error("somebody is said to be absent from a list that is not complete")
	}
}

func TestCompare(t *testing.T) {
	first := "The states sued Brindle Works Inc. on Monday. It sold lamps that burn.\n\nThe suit was filed in Fernhollow."
	other := "The states sued Brindle Works Inc. on Monday. It sold desk lamps that burn.\n\nOhio alone counts nine fires."
	want := Difference{Same: 1, Own: []Sentence{
		{[]Piece{{"It sold", ""}, {"desk", "added"}, {"lamps that burn.", ""}}, "reworded"},
		{[]Piece{{"Ohio alone counts nine fires.", "added"}}, "added"},
	}, Left: []Sentence{{[]Piece{{"The suit was filed in Fernhollow.", "left"}}, "left"}}}
	if diff := cmp.Diff(want, compare(first, other)); diff != "" {
		t.Errorf("difference (-want +got):\n%s", diff)
	}
	if want, got := "1 sentence the same, 2 its own, 1 left out", want.Words(); got != want {
		t.Errorf("words are %q, want %q", got, want)
	}
}

// TestCompareHolds holds that nothing a telling says gets lost between the lines.
func TestCompareHolds(t *testing.T) {
	text := rapid.StringMatching(`([A-Da-d]{1,3}[.!]? ?\n?){0,60}`)
	rapid.Check(t, func(t *rapid.T) {
		first, other := text.Draw(t, "first"), text.Draw(t, "other")
		d := compare(first, other)
		a, _ := sentences(first)
		b, _ := sentences(other)
		reworded := 0
		for _, s := range d.Own {
			if s.Kind == "reworded" {
				reworded++
			}
		}
		if len(d.Own)+d.Same != len(b) || len(d.Left)+d.Same+reworded != len(a) {
			t.Fatalf("%d own, %d same, %d left of %d and %d sentences", len(d.Own), d.Same, len(d.Left), len(a), len(b))
		}
		for _, s := range d.Own {
			for _, p := range s.Pieces {
				if p.Mark != "left" && !strings.Contains(strings.Join(strings.Fields(other), " "), p.Text) {
					t.Fatalf("%q is not in the telling", p.Text)
				}
			}
		}
	})
}

func FuzzCompare(f *testing.F) {
	f.Add("U.S. Attorney. “Yes.” No", "a\x00\xff. B")
	f.Fuzz(func(_ *testing.T, first, other string) { compare(first, other) })
}

type shelf struct {
	matter   index.Matter
	releases []index.Release
}

func (s shelf) Matter(_ context.Context, id string) (index.Matter, error) {
	if id == s.matter.ID || id == "m-merged" {
		return s.matter, nil
	}
	return index.Matter{}, index.ErrNotFound
}

func (s shelf) Releases(_ context.Context, ids []string) ([]index.Release, error) {
	var found []index.Release
	for _, r := range s.releases {
		if slices.Contains(ids, r.ID) {
			found = append(found, r)
		}
	}
	return found, nil
}

func TestNew(t *testing.T) {
	s := shelf{index.Matter{ID: "m-1", Title: "VA sues", First: "2024-01-02", Last: "2024-01-03", Releases: []string{"oh-1", "va-1"}, Twins: []string{"tx-1"}},
		[]index.Release{release("OH", "2024-01-03", 0, true), release("VA", "2024-01-02", 0, true), release("TX", "2024-01-02", 0, true)}}
	got, err := New(t.Context(), s, "m-1")
	if err != nil {
		t.Fatal(err)
	}
	p := got.(*Page)
	if len(p.Tellings) != 2 || p.Tellings[0].Code != "VA" || p.Tellings[0].Difference != nil || p.Tellings[1].Difference == nil {
		t.Errorf("tellings are %+v", p.Tellings)
	}
	for _, id := range []string{"m-merged", "M-1"} {
		var moved *pages.Moved
		if _, err := New(t.Context(), s, id); !errors.As(err, &moved) {
			t.Errorf("%s: %v, want it moved", id, err)
		}
	}
	var missing *pages.NotHeld
	if _, err := New(t.Context(), s, "m-2"); !errors.As(err, &missing) {
		t.Errorf("unknown matter: %v", err)
	}
}
