package indextest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"agora/index"
)

// OpenStore opens the archive in dir, which is empty at first; opened again, also while
// it is open, it is the same archive. It closes what it opened when the test ends; stores
// bear a second Close.
type OpenStore func(t *testing.T, dir string, now func() time.Time) index.Store

// TestStore checks that a store keeps every promise of index.Store. After each part the
// store's own Check must find nothing.
func TestStore(t *testing.T, open func(t *testing.T, dir string, now func() time.Time) index.Store) {
	parts := []struct {
		name string
		test func(t *testing.T, s *shop)
	}{
		{"identity", testIdentity},
		{"minted ids", testMintedIDs},
		{"colliding ids", testCollidingIDs},
		{"addresses", testAddresses},
		{"addresses of two", testAddressesOfTwo},
		{"releases in order", testReleases},
		{"shape of a release", testShape},
		{"invalid observations", testInvalid},
		{"versions", testVersions},
		{"known captures", testKnown},
		{"readings with hints", testHints},
		{"reader changed", testReaderChanged},
		{"split version", testSplit},
		{"captures in any order", testAnyOrder},
		{"moved", testMoved},
		{"reread", testReread},
		{"change log", testChangeLog},
		{"concurrent writers", testConcurrentWriters},
		{"cancelled", testCancelled},
		{"reopened without close", testReopened},
		{"all from one snapshot", testAll},
		{"cursors", testCursors},
		{"backup", testBackup},
		{"presence", testPresence},
		{"counts of offices", testOfficeCounts},
		{"listings", testListings},
		{"other captures", testOtherCaptures},
		{"held", testHeld},
		{"visits", testVisits},
		{"visits of releases", testVisitsOfReleases},
		{"invalid visits", testInvalidVisits},
		{"frontier", testFrontier},
		{"many visits", testManyVisits},
		{"hosts", testHosts},
		{"stances", testStances},
		{"state of the collector", testCollectorState},
		{"same words", testSameWords},
		{"published per day", testPublishedPerDay},
		{"passes", testPasses},
		{"published within", testPublishedWithin},
		{"matters", testMatters},
		{"matters that merge", testMatterMerge},
		{"matters that dissolve", testMatterDissolve},
		{"invalid matters", testInvalidMatters},
		{"list of matters", testMatterList},
		{"not found", testNotFound},
	}
	for _, part := range parts {
		t.Run(strings.ReplaceAll(part.name, " ", "-"), func(t *testing.T) {
			s := &shop{open: open, dir: t.TempDir(), clock: &clock{at: Start.AddDate(1, 0, 0)}}
			s.Store = open(t, s.dir, s.clock.now)
			part.test(t, s)
			findings, err := s.Check(context.WithoutCancel(t.Context()))
			if err != nil || len(findings) > 0 {
				t.Errorf("check: %v, %q", err, findings)
			}
		})
	}
}

// CollidingA and CollidingB are releases of VA whose ids are equal in their first twelve
// digits: SHA-256 of both addresses begins with 1844f2046368.
const (
	CollidingA = 3956102
	CollidingB = 8318265
)

// shop is a store under test and how to open it again.
type shop struct {
	index.Store
	open  OpenStore
	dir   string
	clock *clock
}

// again opens the archive a second time.
func (s *shop) again(t *testing.T) index.Store { return s.open(t, s.dir, s.clock.now) }

// clock goes on by a second whenever somebody looks at it.
type clock struct {
	mutex sync.Mutex
	at    time.Time
}

func (c *clock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.at = c.at.Add(time.Second)
	return c.at
}

// save saves observations that must be taken.
func (s *shop) save(t *testing.T, observations ...index.Observation) []index.Saved {
	t.Helper()
	saved, err := s.Save(t.Context(), observations)
	if err != nil {
		t.Fatalf("save: %v", err)
	}
	if len(saved) != len(observations) {
		t.Fatalf("save: %d answers to %d observations", len(saved), len(observations))
	}
	return saved
}

// release reads a release that must be there.
func (s *shop) release(t *testing.T, id string) index.Release {
	t.Helper()
	r, err := s.Release(t.Context(), id)
	if err != nil {
		t.Fatalf("release: %v", err)
	}
	return r
}

// changes reads the change log from its beginning.
func (s *shop) changes(t *testing.T) []index.Change {
	t.Helper()
	return must(s.Changes(t.Context(), 0, 1_000_000))(t)
}

// kinds lists the changes after a sequence as "kind version".
func (s *shop) kinds(t *testing.T, after int64) []string {
	t.Helper()
	list := []string{}
	for _, c := range must(s.Changes(t.Context(), after, 1_000_000))(t) {
		list = append(list, string(c.Kind)+" "+string(rune('0'+c.Version)))
	}
	return list
}

// sequence reads the end of the change log.
func (s *shop) sequence(t *testing.T) int64 {
	t.Helper()
	return must(s.Sequence(t.Context()))(t)
}

// must returns a value that must come without an error.
func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// same compares, taking nil and empty lists for equal.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// fails checks which error came.
func fails(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error is %v, want %v", what, err, want)
	}
	if err != nil && strings.Contains(err.Error(), "\n") {
		t.Errorf("%s: the error has more than one line: %q", what, err)
	}
}

func testIdentity(t *testing.T, s *shop) {
	if s.ID() == "" {
		t.Error("the archive has no id")
	}
	if again := s.again(t); again.ID() != s.ID() {
		t.Errorf("opened again the archive has id %q, want %q", again.ID(), s.ID())
	}
	if other := s.open(t, t.TempDir(), s.clock.now); other.ID() == s.ID() {
		t.Error("two archives have the same id")
	}
}

func testMintedIDs(t *testing.T, s *shop) {
	first := Observation("VA", 1)
	saved := s.save(t, first)[0]
	same(t, "saved", index.Saved{
		ReleaseID: index.MintID("VA", first.Addresses[0], index.MinIDDigits), Version: 1, Change: index.ChangeNew, Sequence: saved.Sequence,
	}, saved)

	// A moved page keeps the id that its first address minted.
	moved := Observation("VA", 1, At(2*time.Hour), func(o *index.Observation) { o.Addresses = []string{URL("VA", 100), URL("VA", 1)} })
	same(t, "moved", saved.ReleaseID, s.save(t, moved)[0].ReleaseID)
	alone := Observation("VA", 1, At(3*time.Hour), func(o *index.Observation) { o.Addresses = []string{URL("VA", 100)} })
	same(t, "found by the address added", saved.ReleaseID, s.save(t, alone)[0].ReleaseID)

	// The same address of another office is another release.
	other := Observation("WV", 1, func(o *index.Observation) { o.Addresses = first.Addresses })
	same(t, "other office", index.MintID("WV", first.Addresses[0], index.MinIDDigits), s.save(t, other)[0].ReleaseID)

	// Without an address on the web it is found by its words.
	text := Observation("OH", 2, func(o *index.Observation) {
		o.Addresses, o.URL, o.Capture.URL, o.Capture.FinalURL = []string{index.TextAddress + "0123abcd"}, "", "", ""
	})
	id := s.save(t, text)[0].ReleaseID
	same(t, "text", index.MintID("OH", index.TextAddress+"0123abcd", index.MinIDDigits), id)
	same(t, "url of text", index.NullableString(""), s.release(t, id).URL)
	same(t, "find text", id, must(s.Find(t.Context(), index.TextAddress+"0123abcd"))(t))
}

func testCollidingIDs(t *testing.T, s *shop) {
	first, second := Observation("VA", CollidingA), Observation("VA", CollidingB)
	short := index.MintID("VA", first.Addresses[0], index.MinIDDigits)
	if short != index.MintID("VA", second.Addresses[0], index.MinIDDigits) {
		t.Fatal("the two addresses no longer collide")
	}
	saved := s.save(t, first, second)
	same(t, "first", short, saved[0].ReleaseID)
	same(t, "second", index.MintID("VA", second.Addresses[0], index.MinIDDigits+1), saved[1].ReleaseID)
	same(t, "title of first", first.Reading.Title, s.release(t, saved[0].ReleaseID).Title)
	same(t, "title of second", second.Reading.Title, s.release(t, saved[1].ReleaseID).Title)
	later := Observation("VA", CollidingB, At(time.Hour))
	same(t, "second again", saved[1].ReleaseID, s.save(t, later)[0].ReleaseID)
}

func testAddresses(t *testing.T, s *shop) {
	o := Observation("VA", 7, func(o *index.Observation) {
		o.Addresses = []string{"https://ag.va.example/news/7?id=3&b=1", "https://old.va.example/7"}
	})
	id := s.save(t, o)[0].ReleaseID
	for _, asked := range []string{
		id, strings.ToUpper(id), " " + id + "\n", "https://ag.va.example/news/7?id=3&b=1", "http://AG.VA.example:80/news/7/?utm_source=x&id=3&b=1#top",
		"http://old.va.example/7/",
	} {
		found, err := s.Find(t.Context(), asked)
		if err != nil || found != id {
			t.Errorf("find %q: %q, %v", asked, found, err)
		}
	}
	for _, asked := range []string{"", "va-000000000000", "https://ag.va.example/news/7?b=1&id=3", "https://ag.va.example/", "no address"} {
		_, err := s.Find(t.Context(), asked)
		fails(t, "find "+asked, err, index.ErrNotFound)
	}
}

func testAddressesOfTwo(t *testing.T, s *shop) {
	saved := s.save(t, Observation("VA", 1), Observation("VA", 2))
	one, two := saved[0].ReleaseID, saved[1].ReleaseID
	both := func(after time.Duration, addresses ...string) string {
		t.Helper()
		return s.save(t, Observation("VA", 2, At(after), func(o *index.Observation) { o.Addresses = addresses }))[0].ReleaseID
	}
	const free = "https://free.va.example/2"
	same(t, "holder", two, both(time.Hour, URL("VA", 2), free, URL("VA", 1)))
	same(t, "address without a release", two, must(s.Find(t.Context(), free))(t))
	same(t, "address of the other", one, must(s.Find(t.Context(), URL("VA", 1)))(t))

	// The first address that has a release decides, also behind one that has none.
	const free2 = "https://free.va.example/3"
	same(t, "holder", one, both(2*time.Hour, free2, URL("VA", 1), URL("VA", 2)))
	same(t, "free address", one, must(s.Find(t.Context(), free2))(t))
	same(t, "address of the other", two, must(s.Find(t.Context(), URL("VA", 2)))(t))
	same(t, "count", 2, must(s.Count(t.Context()))(t))
}

func testReleases(t *testing.T, s *shop) {
	var observations []index.Observation
	for n := range 150 {
		observations = append(observations, Observation([]string{"VA", "OH", "TX"}[n%3], n))
	}
	var ids []string
	for _, saved := range s.save(t, observations...) {
		ids = append([]string{saved.ReleaseID}, ids...)
	}
	same(t, "count", len(ids), must(s.Count(t.Context()))(t))
	for _, n := range []int{0, 1, 2, 20, 25, 128, 150} {
		asked := append([]string{"va-unknown"}, ids[:n]...)
		var got []string
		for _, r := range must(s.Releases(t.Context(), asked))(t) {
			got = append(got, r.ID)
		}
		same(t, "releases", ids[:n], got)
	}
	many := make([]string, 0, 3000)
	for len(many) < 3000 {
		many = append(many, ids...)
	}
	same(t, "many ids, repeated", len(many), len(must(s.Releases(t.Context(), many))(t)))
}

func testShape(t *testing.T, s *shop) {
	full := Observation("VA", 3, func(o *index.Observation) {
		o.Backfill = true
		r := &o.Reading
		r.Tags, r.Topics, r.Kinds = []string{"b", "a", "b"}, []string{"privacy-security", "antitrust"}, []string{"lawsuit", "brief"}
		claimed := 3
		r.Coalition = &index.Coalition{Role: "led", Action: "lawsuit", Leads: []string{"VA"}, Members: []string{"VA", "OH", "TX"}, Claimed: &claimed,
			ClaimedWords: "three states", Complete: true, Agrees: true, Others: []index.Participant{{Name: "Governor of Quillfield", Office: "KS", Type: "governor"}}}
		r.Attachments = append(r.Attachments, index.Attachment{URL: "https://ag.va.example/a.pdf", Title: "Complaint", Role: "complaint", State: "captured", SHA256: "ab"})
	})
	id := s.save(t, full)[0].ReleaseID
	want := Release("VA", 3, func(r *index.Release) {
		r.Tags, r.Topics, r.Kinds = []string{"a", "b"}, []string{"antitrust", "privacy-security"}, []string{"brief", "lawsuit"}
		coalition := *full.Reading.Coalition
		coalition.Members = []string{"OH", "TX", "VA"}
		r.Coalition = &coalition
		r.Attachments = []index.Attachment{full.Reading.Attachments[1], full.Reading.Attachments[0]}
		r.Backfill = true
		r.Capture.SHA256 = full.Capture.SHA256
	})
	got := s.release(t, id)
	want.Added = got.Added
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("release (-want +got):\n%s", diff)
	}
	if !got.Added.After(Start.AddDate(1, 0, 0)) {
		t.Errorf("added at %v, not by the clock", got.Added)
	}

	bare := Observation("VA", 4, func(o *index.Observation) {
		o.Reading = index.Reading{Reader: ReaderVersion, Title: "Bare", Text: "Words.", Kinds: []string{}}
		o.Capture.Status = nil
	})
	r := s.release(t, s.save(t, bare)[0].ReleaseID)
	if r.Topics != nil || r.Kinds == nil || len(r.Kinds) != 0 {
		t.Errorf("topics %#v, want nil; kinds %#v, want empty", r.Topics, r.Kinds)
	}
	encoded, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{`"tags":[]`, `"topics":null`, `"kinds":[]`, `"attachments":[]`, `"published_candidates":[]`, `"evidence":[]`,
		`"coalition":null`, `"attorney_general":null`, `"published":null`, `"language":null`, `"status":null`, `"last_listed":null`, `"cause":null`} {
		if !strings.Contains(string(encoded), member) {
			t.Errorf("JSON lacks %s: %s", member, encoded)
		}
	}
}

func testInvalid(t *testing.T, s *shop) {
	for name, change := range map[string]func(*index.Observation){
		"office":      func(o *index.Observation) { o.Office = "" },
		"address":     func(o *index.Observation) { o.Addresses = nil },
		"time":        func(o *index.Observation) { o.Capture.Captured = time.Time{} },
		"reader":      func(o *index.Observation) { o.Reading.Reader = "" },
		"fingerprint": func(o *index.Observation) { o.Reading.Fingerprint = "" },
	} {
		o := Observation("VA", 2)
		change(&o)
		_, err := s.Save(t.Context(), []index.Observation{Observation("VA", 1), o})
		fails(t, name, err, index.ErrInvalid)
	}
	same(t, "kept of failed calls", 0, must(s.Count(t.Context()))(t))
	same(t, "log", int64(0), s.sequence(t))
}
