package matters

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/index/indextest"
	"agora/index/sqlitestore"
)

// passages are what tellings of the invented action number n are made of.
func passages(n int) []string {
	names := []string{"Brindle", "Corvane", "Dunmarsh", "Elwick", "Farrowgate", "Gilderoy", "Hexham", "Inkwell"}
	name := names[n%len(names)] + fmt.Sprint(n)
	return []string{
		name + " Lamps sold heaters that caught fire in kitchens, and told nobody for three winters, the complaint says.",
		"Its engineers at " + name + " wrote to each other about melting cords while the shelves were filled again.",
		"The attorneys general ask for a recall, for penalties, and for money back to everybody who bought a heater of " + name + ".",
		"Sellers in nine towns had sent burned heaters back to " + name + ", which painted them and sold them once more.",
	}
}

// telling makes an observation of one office's telling of action n on a day.
func tellingOf(office string, n, day int, more string, members ...string) index.Observation {
	p := passages(n)
	return indextest.Observation(office, n, func(o *index.Observation) {
		o.Reading.Title = fmt.Sprintf("%s joins lawsuit over heaters of %s", office, strings.Fields(p[0])[0])
		o.Reading.Text = strings.Join(p, "\n\n") + "\n\n" + more
		o.Reading.Published = index.DateOf(indextest.Start.AddDate(0, 0, day))
		o.Reading.Coalition = &index.Coalition{Role: "joined", Action: "lawsuit", Leads: []string{members[0]}, Members: members, Complete: true, Agrees: true}
		o.Reading.Facts = nil
		o.Reading.Fingerprint = o.Reading.Title + o.Reading.Text
	})
}

func openStore(t *testing.T, dir string) *sqlitestore.Store {
	t.Helper()
	at := indextest.Start.AddDate(1, 0, 0)
	s, err := sqlitestore.Open(t.Context(), filepath.Join(dir, "archive.db"), sqlitestore.Options{Now: func() time.Time { at = at.Add(time.Second); return at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		findings, err := s.Check(t.Context())
		if t.Context().Err() == nil && (err != nil || len(findings) > 0) {
			t.Errorf("check: %v, %q", err, findings)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func save(t *testing.T, s index.Store, observations ...index.Observation) (ids []string) {
	t.Helper()
	saved, err := s.Save(t.Context(), observations)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range saved {
		ids = append(ids, one.ReleaseID)
	}
	return ids
}

func follow(t *testing.T, s index.Store) Done {
	t.Helper()
	done, err := Follow(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// told lists the matters of a store, each as its releases in order, by the first of them.
func told(t *testing.T, s index.Store) (groups [][]string) {
	t.Helper()
	found, err := s.Matters(t.Context(), index.MatterQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range found {
		groups = append(groups, m.Releases)
	}
	slices.SortFunc(groups, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return groups
}

func TestFollow(t *testing.T) {
	s := openStore(t, t.TempDir())
	members := []string{"CA", "OH", "TX", "VA"}
	ids := save(t, s, tellingOf("VA", 1, 0, "Virginians count four fires.", members...), tellingOf("OH", 1, 1, "Ohio counts two.", members...),
		tellingOf("VA", 2, 1, "Another firm.", members...), tellingOf("TX", 3, 1, "A third.", members...))
	done := follow(t, s)
	if diff := gocmp.Diff([][]string{{ids[1], ids[0]}}, told(t, s)); diff != "" || done != (Done{Compared: 4, Changed: 1}) {
		t.Fatalf("%+v, matters (-want +got):\n%s", done, diff)
	}
	r, err := s.Release(t.Context(), ids[0])
	if err != nil || r.Matter == nil || r.Matter.Releases != 2 || r.Matter.ID != index.MintMatterID(ids[0], index.MinIDDigits) {
		t.Fatalf("matter is %+v, %v", r.Matter, err)
	}
	latest, _ := s.Sequence(t.Context())
	if done := follow(t, s); done != (Done{}) {
		t.Errorf("with nothing new: %+v", done)
	}
	if now, _ := s.Sequence(t.Context()); now != latest {
		t.Errorf("with nothing new the log grew from %d to %d", latest, now)
	}

	// A third telling comes, then the first office writes of something else.
	third := save(t, s, tellingOf("CA", 1, 2, "Californians count nine.", members...))
	follow(t, s)
	m, err := s.Matter(t.Context(), r.Matter.ID)
	if err != nil || len(m.Releases) != 3 || m.Last != index.DateOf(indextest.Start.AddDate(0, 0, 2)) || !gocmp.Equal(m.Offices, []string{"CA", "OH", "VA"}) {
		t.Errorf("matter is %+v, %v", m, err)
	}
	edited := tellingOf("VA", 2, 0, "Quite another thing.", members...)
	edited.Addresses, edited.Capture.Captured = []string{indextest.URL("VA", 1)}, edited.Capture.Captured.Add(time.Hour)
	save(t, s, edited)
	follow(t, s)
	want := []string{ids[1], third[0]}
	slices.Sort(want)
	if diff := gocmp.Diff([][]string{want}, told(t, s)); diff != "" {
		t.Errorf("matters after an edit (-want +got):\n%s", diff)
	}

	// And the second: one release alone is no matter.
	edited = tellingOf("OH", 4, 1, "Yet another.", members...)
	edited.Addresses, edited.Capture.Captured = []string{indextest.URL("OH", 1)}, edited.Capture.Captured.Add(time.Hour)
	save(t, s, edited)
	follow(t, s)
	if got := told(t, s); len(got) != 0 {
		t.Errorf("matters are %v", got)
	}
}

// TestAnyOrder holds that the same archive has the same matters, however it came together.
func TestAnyOrder(t *testing.T) {
	members := []string{"CA", "NY", "OH", "TX", "VA"}
	var all []index.Observation
	for n := range 8 {
		for i, office := range members[:2+n%4] {
			all = append(all, tellingOf(office, n, 3*n+i, "Words of "+office+" alone, and of "+fmt.Sprint(n)+".", members...))
		}
	}
	var want [][]string
	for try, piece := range []int{len(all), 1, 3, 7} {
		s := openStore(t, t.TempDir())
		order := slices.Clone(all)
		if try%2 == 1 {
			slices.Reverse(order)
		}
		for some := range slices.Chunk(order, piece) {
			save(t, s, some...)
			follow(t, s)
		}
		got := told(t, s)
		if try == 0 {
			if want = got; len(want) != 8 {
				t.Fatalf("%d matters, want 8: %v", len(want), want)
			}
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("in pieces of %d (-want +got):\n%s", piece, diff)
		}
	}
}

// TestMerge joins two matters by a release that is like both: the older lives.
func TestMerge(t *testing.T) {
	s := openStore(t, t.TempDir())
	members := []string{"CA", "NY", "OH", "TX", "VA"}
	halves := func(office string, day int, from, to int) index.Observation {
		o := tellingOf(office, 5, day, office, members...)
		p := append(passages(5), passages(13)...)
		o.Reading.Title, o.Reading.Text = "Suit", strings.Join(p[from:to], "\n\n")
		o.Reading.Coalition.Complete, o.Reading.Fingerprint = false, o.Reading.Title+o.Reading.Text
		o.Reading.Title = "Suit over " + strings.Fields(p[from])[0] + " " + strings.Fields(p[to-1])[len(strings.Fields(p[to-1]))-1] + " heaters and lamps"
		return o
	}
	save(t, s, halves("VA", 0, 0, 4), halves("OH", 0, 0, 4), halves("TX", 5, 4, 8), halves("NY", 5, 4, 8))
	follow(t, s)
	before, err := s.Matters(t.Context(), index.MatterQuery{Limit: 9})
	if err != nil || len(before) != 2 {
		t.Skipf("the two halves are not two matters but %v, %v", before, err)
	}
	save(t, s, halves("CA", 3, 0, 8))
	follow(t, s)
	after, err := s.Matters(t.Context(), index.MatterQuery{Limit: 9})
	if err != nil || len(after) != 1 || len(after[0].Releases) != 5 {
		t.Fatalf("matters are %+v, %v", after, err)
	}
	older := slices.MinFunc(before, func(a, b index.Matter) int { return cmp.Or(a.Minted.Compare(b.Minted), strings.Compare(a.ID, b.ID)) })
	for _, m := range before {
		if now, err := s.Matter(t.Context(), m.ID); err != nil || now.ID != older.ID {
			t.Errorf("%s answers as %s, %v, want %s", m.ID, now.ID, err, older.ID)
		}
	}
}

// TestTwins counts a release and its translation once.
func TestTwins(t *testing.T) {
	s := openStore(t, t.TempDir())
	members := []string{"CA", "OH", "VA"}
	spanish := tellingOf("CA", 9, 0, "", members...)
	spanish.Reading.Language, spanish.Reading.Coalition, spanish.Reading.Title = "es", nil, "California se une a la demanda por calentadores de Corvane1"
	spanish.Reading.Text = "Corvane1 Lamps vendió 4,812 calentadores que se incendiaron, según la demanda de 23 estados presentada en Fernhollow por Avery Thornquist. " +
		"Los fiscales piden $7,250,000 y un retiro de Corvane1, dijo Thornquist el 14 de enero en Brackenridge Hollow."
	english := tellingOf("CA", 1, 0, "Corvane1 Lamps sold 4,812 heaters, 23 states say in Fernhollow, and Avery Thornquist asks for $7,250,000, as Thornquist said on the 14th in Brackenridge Hollow.", members...)
	english.Reading.Text = english.Reading.Text[strings.LastIndex(english.Reading.Text, "\n\n")+2:] + " It is one of the greatest fires of heaters of all time, and nobody told."
	spanish.Reading.Fingerprint, english.Reading.Fingerprint = spanish.Reading.Text, english.Reading.Text
	other := tellingOf("OH", 1, 0, "", members...)
	other.Reading.Text = english.Reading.Text + " Ohio joins."
	other.Reading.Fingerprint = other.Reading.Text
	ids := save(t, s, english, spanish, other)
	follow(t, s)
	r, err := s.Release(t.Context(), ids[1])
	if err != nil {
		t.Fatal(err)
	}
	if r.Matter == nil || r.Matter.Releases != 2 {
		t.Errorf("the translation's matter is %+v, want one with 2 releases", r.Matter)
	}
}

// broken is a store whose matters can't be saved.
type broken struct{ index.Store }

var errBroken = errors.New("broken")

func (broken) SaveMatters(context.Context, []index.MatterChange) ([]string, error) {
	return nil, errBroken
}

// TestInterrupted holds that what failed is done at the next time.
func TestInterrupted(t *testing.T) {
	s := openStore(t, t.TempDir())
	save(t, s, tellingOf("VA", 1, 0, "one", "VA", "OH"), tellingOf("OH", 1, 1, "two", "VA", "OH"))
	if _, err := Follow(t.Context(), broken{s}, nil); !errors.Is(err, errBroken) {
		t.Fatalf("error is %v", err)
	}
	follow(t, s)
	if got := told(t, s); len(got) != 1 {
		t.Errorf("matters are %v", got)
	}
}
