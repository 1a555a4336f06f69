package indextest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

// testEngineSuggest looks for words and releases like others, after some releases were
// replaced: what is no longer said must not be counted.
func testEngineSuggest(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	before := []index.Release{
		titled(1, "Lantern lanterns lanternfish", "lantern lanterms lantern's replaced"),
		titled(2, "The lantern", "Replaced by the office."),
	}
	now := []index.Release{
		titled(1, "Lantern harbor", "lantern lantern 9/11 lantern-lit lantern5"),
		titled(2, "The lanterns", "lantern LÁNTERN lantern's AT&U fox"),
		titled(3, "Harbor", "lanterns lanterm Fux"),
		titled(4, "Investigación", "lantern opioides fix"),
		titled(5, "Of the attorney general", "lanternfish of the state"),
	}
	now[3].Language = "es"
	for i, name := range []string{"Avery Thornquist", "Zoë O’Quill", "Avery Thornquist", "Bram Larkspur", ""} {
		now[i].AttorneyGeneral = &index.AttorneyGeneral{Name: name, Party: "N"}
		if name == "" {
			now[i].AttorneyGeneral = nil
		}
	}
	fill(t, e, before, 1)
	fill(t, e, now, 2)

	for _, test := range []struct {
		word string
		want string
	}{
		{"lantern", "lantern 3, lanterns 2, lanterm 1"},
		{"Lántern", "lantern 3, lanterns 2, lanterm 1"},
		{"lantren", "lantern 3, lanterns 2, lanterm 1"},
		{"lanternfsih", "lanternfish 1"},
		{"lanternx", "lantern 3, lanterns 2, lanterm 1"},
		{"fex", "fix 1, fox 1, fux 1"},
		{"fexx", ""},
		{"replacd", ""},
		{"9/11", "9/11 1"},
		{"lantern lanterns", ""},
		{"&", ""},
		{"", ""},
		{strings.Repeat("lantern", 100), ""},
		{"\xff\x00", ""},
	} {
		got, err := e.Spellings(t.Context(), test.word, 10)
		if err != nil || written(got) != test.want {
			t.Errorf("Spellings(%.40q): %q, %v; want %q", test.word, written(got), err, test.want)
		}
	}
	for _, test := range []struct {
		prefix string
		limit  int
		want   string
	}{
		{"lan", 10, "lantern 3, lanterns 2, lanterm 1, lanternfish 1"},
		{"lan", 2, "lantern 3, lanterns 2"},
		{"LÁN", 1, "lantern 3"},
		{"of", 10, "of 1"},
		{"opi", 10, "opioides 1"},
		{"repl", 10, ""},
		{"att", 10, "attorney 1"},
		{"lantern ", 1, "lantern 3"},
		{"of the", 10, ""},
		{"", 10, ""},
		{"9", 10, ""},
		{"lan", 0, ""},
		{"lan\xff", 1, "lantern 3"},
	} {
		got, err := e.Completions(t.Context(), test.prefix, test.limit)
		if err != nil || written(got) != test.want {
			t.Errorf("Completions(%q): %q, %v; want %q", test.prefix, written(got), err, test.want)
		}
	}
	attorneys, err := e.Attorneys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []index.Count{{Value: "Avery Thornquist", Count: 2}, {Value: "Bram Larkspur", Count: 1}, {Value: "Zoë O’Quill", Count: 1}}
	if diff := cmp.Diff(want, attorneys); diff != "" {
		t.Errorf("Attorneys (-want +got)\n%s", diff)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Spellings(ended, "lantern", 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Spellings: %v", err)
	}
	if _, err := e.Completions(ended, "lan", 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Completions: %v", err)
	}
}

// written writes words with their numbers of releases.
func written(terms []index.Term) string {
	var list []string
	for _, term := range terms {
		list = append(list, fmt.Sprintf("%s %d", term.Text, term.Releases))
	}
	return strings.Join(list, ", ")
}

// testEngineSimilar asks for the releases like some among many that are alike only by
// the words that all releases use.
func testEngineSimilar(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	matter := "Wendover Quince sold the Brambleton heater, which overheats, to tenants in Ostrava. The heater caught fire. Refunds are paid by Wendover Quince."
	releases := some(60)
	releases = append(releases,
		titled(1, "Wendover Quince pays for the Brambleton heater", matter),
		titled(2, "Larkspur joins the settlement on the Brambleton heater", matter+" The settlement is of many offices."),
		titled(3, "What to do about a heater that overheats", "A Brambleton heater overheats in a few homes. Ask Wendover Quince for a refund. Tenants may call the office in Ostrava."),
		titled(4, "Wendover day", "A day for all who like to walk."),
	)
	fill(t, e, releases, 16)
	itself := releases[60]
	matches, err := e.Similar(t.Context(), itself, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	last := 2.0
	for _, m := range matches {
		if m.Score == nil || *m.Score <= 0 || *m.Score > last {
			t.Fatalf("scores of %v are not in order", matches)
		}
		last = *m.Score
		got = append(got, m.ReleaseID)
	}
	if diff := cmp.Diff([]string{releases[61].ID, releases[62].ID}, got); diff != "" {
		t.Errorf("Similar (-want +got)\n%s", diff)
	}
	if matches, err = e.Similar(t.Context(), itself, 1); err != nil || len(matches) != 1 || matches[0].ReleaseID != releases[61].ID {
		t.Errorf("the most similar: %v, %v", matches, err)
	}
	fresh := titled(99, itself.Title, itself.Text) // not in the index
	if matches, err = e.Similar(t.Context(), fresh, 10); err != nil || len(matches) != 3 || matches[0].ReleaseID != itself.ID {
		t.Errorf("similar to one that is not held: %v, %v", matches, err)
	}
	for _, text := range []string{"", "the of and", strings.Repeat("heater \xff ", 50_000), Text(7, 300_000)} {
		odd := titled(98, text[:min(len(text), 60)], text)
		if _, err := e.Similar(t.Context(), odd, 10); err != nil {
			t.Errorf("similar to %.20q: %v", text, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Similar(ended, itself, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Similar: %v", err)
	}
}
