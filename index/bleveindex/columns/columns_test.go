package columns

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
)

func TestCivil(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.Int32Range(-800_000, 2_000_000).Draw(t, "day")
		want := time.Unix(int64(day)*24*60*60, 0).UTC()
		y, m, d := civil(day)
		if y != want.Year() || m != int(want.Month()) || d != want.Day() {
			t.Fatalf("day %d is %d-%d-%d, not %s", day, y, m, d, want)
		}
	})
}

// TestRecord checks that what is written comes back, and that a record that was cut short
// is refused.
func TestRecord(t *testing.T) {
	var release index.Release
	release.Office, release.Published, release.Language = "VA", "2023-02-08", "en-US"
	release.Topics, release.Kinds = []string{"opioids", "unheard of"}, []string{"letter"}
	release.Coalition = &index.Coalition{Role: "led", Action: "letter", Leads: []string{"VA"}, Members: []string{"VA", "WV"}}
	release.AttorneyGeneral = &index.AttorneyGeneral{Name: "Zoë Thornquist", Party: "R"}
	release.Presence.State = "gone"
	release.Backfill = true
	release.Added = time.UnixMilli(1_700_000_000_123)
	stored := NewLists().AppendRecord(nil, &release, 5, 600)
	build := func(record []byte) (*Columns, error) {
		return Build(1, func(_ int, use func(id, record []byte)) error {
			use([]byte("va-1"), record)
			return nil
		})
	}
	c, err := build(stored)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for name, test := range map[string]Test{
		"state": c.Has(index.FieldState, "VA"), "topic": c.Has(index.FieldTopic, "opioids"), "kind": c.Has(index.FieldKind, "letter"),
		"year": c.Has(index.FieldYear, "2023"), "role": c.Has(index.FieldRole, "led"), "action": c.Has(index.FieldAction, "letter"),
		"lead": c.Has(index.FieldLead, "VA"), "joined": c.Has(index.FieldJoined, "WV"), "party": c.Has(index.FieldParty, "R"),
		"language": c.Has(index.FieldLanguage, "en-US"), "presence": c.Has(index.FieldPresence, "gone"),
		"attorney": c.InOffice("zoe"), "multistate": c.Multistate(), "published": c.Published("2023-02-08", "2023-02-08"),
		"added": c.AddedSince(1_700_000_000_123),
	} {
		got[name] = test(0)
	}
	for name, ok := range got {
		if !ok {
			t.Errorf("%s is lost", name)
		}
	}
	if diff := cmp.Diff([]int{5, 600}, []int{c.TitleTotal, c.TextTotal}); diff != "" || c.ID(0) != "va-1" {
		t.Error(c.ID(0), diff)
	}
	for n := range stored {
		if _, err := build(stored[:n]); err == nil {
			t.Errorf("a record of %d bytes cut to %d was read", len(stored), n)
		}
	}
}
