package bleveindex_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"agora/index"
	"agora/index/bleveindex"
	"agora/index/indextest"
)

// TestLookedUpAfterClose: what looks up words can't be asked of a closed index.
func TestLookedUpAfterClose(t *testing.T) {
	e, err := bleveindex.Open(t.Context(), t.TempDir(), bleveindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	_, spellings := e.Spellings(ctx, "lantern", 1)
	_, completions := e.Completions(ctx, "lan", 1)
	_, attorneys := e.Attorneys(ctx)
	_, similar := e.Similar(ctx, indextest.Release("VA", 1), 1)
	for what, err := range map[string]error{"Spellings": spellings, "Completions": completions, "Attorneys": attorneys, "Similar": similar} {
		if !errors.Is(err, index.ErrUnavailable) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestManyCompletions: where too many words begin alike to count them all, the frequent
// ones are still the first, and the numbers true.
func TestManyCompletions(t *testing.T) {
	e, err := bleveindex.Open(t.Context(), t.TempDir(), bleveindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	word := func(n int) string { // of letters
		digits := fmt.Sprintf("%05d", n)
		return "lan" + strings.Map(func(r rune) rune { return 'a' + r - '0' }, digits)
	}
	var releases []index.Release
	for r := range 10 {
		var text strings.Builder
		for n := range 1000 {
			text.WriteString(word(r*1000+n) + " ")
		}
		releases = append(releases, indextest.Release("VA", r, func(release *index.Release) {
			release.Title, release.Text = "lanzcommon", text.String()
			if r%2 == 0 {
				release.Title, release.Text = "lanzhalf", text.String()+" lanzcommon"
			}
		}))
	}
	if err := e.Apply(t.Context(), releases, "store", 1); err != nil {
		t.Fatal(err)
	}
	got, err := e.Completions(t.Context(), "lan", 2)
	if err != nil || fmt.Sprint(got) != "[{lanzcommon 10} {lanzhalf 5}]" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err = e.Completions(t.Context(), "lanabc", 1); err != nil || len(got) != 1 || got[0].Releases != 1 {
		t.Errorf("%v, %v", got, err)
	}
}

// BenchmarkLookups asks for words near a word, words that begin alike, and releases like
// releases.
func BenchmarkLookups(b *testing.B) {
	e := build(b, b.TempDir())
	defer e.Close()
	ctx := context.Background()
	for _, word := range []string{"opiod", "fentynal", "comittee"} {
		b.Run("near-"+word, func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Spellings(ctx, word, 12); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for _, prefix := range []string{"co", "con", "opi"} {
		b.Run("begin-"+prefix, func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Completions(ctx, prefix, 15); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	some := benchReleases(b, 200)
	b.Run("similar", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			if _, err := e.Similar(ctx, some[n%len(some)], 5); err != nil {
				b.Fatal(err)
			}
		}
	})
}
