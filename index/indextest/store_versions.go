package indextest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/index"
)

// At moves the capture of an observation to a time after Start.
func At(after time.Duration) func(*index.Observation) {
	return func(o *index.Observation) { o.Capture.Captured = Start.Add(after) }
}

// Saying gives an observation other words.
func Saying(text string) func(*index.Observation) {
	return func(o *index.Observation) { o.Reading.Text, o.Reading.Markdown = text, text }
}

// ReadBy has another version of the reader make the reading; same words, other reader.
func ReadBy(reader string) func(*index.Observation) {
	return func(o *index.Observation) { o.Reading.Reader, o.Capture.Reader = reader, reader }
}

// history tells the versions of a release as "number text first–last".
func (s *shop) history(t *testing.T, id string) []string {
	t.Helper()
	var list []string
	for _, v := range must(s.Versions(t.Context(), id))(t) {
		r := must(s.Version(t.Context(), id, v.Number))(t)
		current := ""
		if v.Current {
			current = " current"
		}
		list = append(list, fmt.Sprintf("%d %s %v–%v%s", v.Number, r.Text, v.Changed.Sub(Start), v.Last.Sub(Start), current))
		if r.Version != v.Number || !r.Changed.Equal(v.Changed) || r.Title != v.Title || r.Capture == nil || r.Capture.Captured != v.Capture.Captured {
			t.Errorf("version %d of %s differs from its entry in the list: %+v, %+v", v.Number, id, r.Summary, v)
		}
	}
	return list
}

func testVersions(t *testing.T, s *shop) {
	id := s.save(t, Observation("VA", 1, At(time.Hour), Saying("a")))[0].ReleaseID
	before := s.sequence(t)

	confirmed := s.save(t, Observation("VA", 1, At(2*time.Hour), Saying("a")))[0]
	same(t, "same words later", index.Saved{ReleaseID: id, Version: 1}, confirmed)
	same(t, "log of a confirmation", before, s.sequence(t))
	r := s.release(t, id)
	same(t, "first seen", Start.Add(time.Hour), r.FirstSeen)
	same(t, "last seen", Start.Add(2*time.Hour), r.LastSeen)
	same(t, "changed", Start.Add(time.Hour), r.Changed)
	same(t, "presence since", Start.Add(time.Hour), r.Presence.Since)

	edited := s.save(t, Observation("VA", 1, At(3*time.Hour), Saying("b")))[0]
	same(t, "other words", index.Saved{ReleaseID: id, Version: 2, Change: index.ChangeEdited, Sequence: before + 1}, edited)
	back := s.save(t, Observation("VA", 1, At(4*time.Hour), Saying("a")))[0]
	same(t, "back to earlier words", 3, back.Version)
	same(t, "history", []string{"1 a 1h0m0s–2h0m0s", "2 b 3h0m0s–3h0m0s", "3 a 4h0m0s–4h0m0s current"}, s.history(t, id))

	r = s.release(t, id)
	same(t, "version", 3, r.Version)
	same(t, "changed", Start.Add(4*time.Hour), r.Changed)
	same(t, "first seen", Start.Add(time.Hour), r.FirstSeen)
	captures := must(s.Captures(t.Context(), id))(t)
	var numbers []int
	for _, c := range captures {
		numbers = append(numbers, c.Version)
		if c.ID == 0 || c.ReleaseID != id || c.Kind != index.PageRelease || c.Reader != ReaderVersion || c.Office != "VA" || c.FinalURL != URL("VA", 1) {
			t.Errorf("capture is %+v", c)
		}
	}
	same(t, "versions of captures", []int{1, 1, 2, 3}, numbers)
	_, err := s.Version(t.Context(), id, 4)
	fails(t, "version 4", err, index.ErrNotFound)
}

func testKnown(t *testing.T, s *shop) {
	first, second := Observation("VA", 1, Saying("a")), Observation("VA", 1, At(time.Hour), Saying("b"))
	id := s.save(t, first, second)[0].ReleaseID
	before, sequence := s.release(t, id), s.sequence(t)
	hinted := second
	hinted.Reading.PublishedNote = "better"
	hinted.Backfill = true
	for range 2 {
		same(t, "again", []index.Saved{{ReleaseID: id, Version: 1, Known: true}, {ReleaseID: id, Version: 2, Known: true}}, s.save(t, first, hinted))
	}
	same(t, "release", before, s.release(t, id))
	same(t, "log", sequence, s.sequence(t))
	same(t, "captures", 2, len(must(s.Captures(t.Context(), id))(t)))

	twice := Observation("VA", 9)
	saved := s.save(t, twice, twice)
	if saved[0].Known || !saved[1].Known || saved[0].ReleaseID != saved[1].ReleaseID {
		t.Errorf("twice in one call: %+v", saved)
	}
	same(t, "nothing to save", 0, len(s.save(t)))
}

func testHints(t *testing.T, s *shop) {
	undated := Observation("OH", 1, Saying("a"), func(o *index.Observation) { Undated(&o.Reading) })
	id := s.save(t, undated)[0].ReleaseID
	same(t, "undated", index.Date(""), s.release(t, id).Published)
	dated := Observation("OH", 1, At(5*time.Hour), Saying("a"), func(o *index.Observation) {
		o.Reading.PublishedSource = "listing"
		o.Reading.Fingerprint = undated.Reading.Fingerprint
		listed := Start.Add(4 * time.Hour)
		o.Listed = &listed
	})
	saved := s.save(t, dated)[0]
	same(t, "a date by a hint", index.Saved{ReleaseID: id, Version: 1, Change: index.ChangeReread, Sequence: saved.Sequence}, saved)
	r := s.release(t, id)
	same(t, "published", dated.Reading.Published, r.Published)
	same(t, "source", index.NullableString("listing"), r.PublishedSource)
	if r.Presence.LastListed == nil || !r.Presence.LastListed.Equal(Start.Add(4*time.Hour)) {
		t.Errorf("last listed %v", r.Presence.LastListed)
	}
}

func testReaderChanged(t *testing.T, s *shop) {
	id := s.save(t, Observation("VA", 1, At(time.Hour), Saying("a")), Observation("VA", 1, At(2*time.Hour), Saying("b")))[0].ReleaseID
	before, sequence := s.release(t, id), s.sequence(t)
	captures := must(s.Captures(t.Context(), id))(t)
	for name, given := range map[string]struct {
		at      time.Duration
		capture int64
	}{"newest": {3 * time.Hour, captures[1].ID}, "between": {90 * time.Minute, captures[0].ID}, "oldest": {time.Minute, captures[0].ID}} {
		_, err := s.Save(t.Context(), []index.Observation{Observation("VA", 2), Observation("VA", 1, At(given.at), Saying("b"), ReadBy("indextest/2"))})
		var changed *index.ReaderChangedError
		if !errors.As(err, &changed) {
			t.Fatalf("%s: error is %v", name, err)
		}
		same(t, name, &index.ReaderChangedError{ReleaseID: id, CaptureID: given.capture, Reader: ReaderVersion}, changed)
	}
	same(t, "release", before, s.release(t, id))
	same(t, "log", sequence, s.sequence(t))
	same(t, "count", 1, must(s.Count(t.Context()))(t))

	// Read again by today's code, the capture can be compared.
	reading := Observation("VA", 1, Saying("b"), ReadBy("indextest/2")).Reading
	same(t, "changed by reread", 0, must(s.Reread(t.Context(), []index.Rereading{{CaptureID: captures[1].ID, Reading: reading}}))(t))
	saved := s.save(t, Observation("VA", 1, At(3*time.Hour), Saying("b"), ReadBy("indextest/2")))[0]
	same(t, "joined", index.Saved{ReleaseID: id, Version: 2}, saved)
}

func testSplit(t *testing.T, s *shop) {
	id := s.save(t, Observation("VA", 1, At(time.Hour), Saying("a")), Observation("VA", 1, At(3*time.Hour), Saying("a")))[0].ReleaseID
	sequence := s.sequence(t)
	saved := s.save(t, Observation("VA", 1, At(2*time.Hour), Saying("b")))[0]
	same(t, "between", index.Saved{ReleaseID: id, Version: 2, Change: index.ChangeEdited, Sequence: sequence + 1}, saved)
	same(t, "log", []string{"edited 2", "edited 3"}, s.kinds(t, sequence))
	same(t, "history", []string{"1 a 1h0m0s–1h0m0s", "2 b 2h0m0s–2h0m0s", "3 a 3h0m0s–3h0m0s current"}, s.history(t, id))
	r := s.release(t, id)
	same(t, "changed", Start.Add(3*time.Hour), r.Changed)
	same(t, "version", 3, r.Version)

	// Older than all: a version of its own, and the current one stays.
	sequence = s.sequence(t)
	same(t, "oldest", 4, s.save(t, Observation("VA", 1, At(0), Saying("c")))[0].Version)
	same(t, "log of oldest", []string{"edited 4"}, s.kinds(t, sequence))
	same(t, "first seen", Start, s.release(t, id).FirstSeen)

	// Joining the current version from before moves the time of its change.
	sequence = s.sequence(t)
	same(t, "joined", 3, s.save(t, Observation("VA", 1, At(150*time.Minute), Saying("a")))[0].Version)
	same(t, "log of joined", []string{"reread 3"}, s.kinds(t, sequence))
	same(t, "history", []string{"4 c 0s–0s", "1 a 1h0m0s–1h0m0s", "2 b 2h0m0s–2h0m0s", "3 a 2h30m0s–3h0m0s current"}, s.history(t, id))
}

// testAnyOrder checks laws: numbers never change their meaning, and what is shown depends
// on the captures and not on the order in which they came.
func testAnyOrder(t *testing.T, s *shop) {
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 9).Draw(rt, "words by time")
		order := rapid.Permutation(indexes(len(words))).Draw(rt, "order of arrival")
		meaning := map[int]string{}
		id := ""
		for arrived, at := range order {
			o := Observation("VA", n, At(time.Duration(at)*time.Hour), Saying(words[at]))
			saved := s.save(t, o)[0]
			if id != "" && saved.ReleaseID != id {
				rt.Fatalf("the release is %s, was %s", saved.ReleaseID, id)
			}
			id = saved.ReleaseID
			if said, cited := meaning[saved.Version]; cited && said != words[at] {
				rt.Fatalf("version %d said %q and is given to %q", saved.Version, said, words[at])
			}
			held := order[:arrived+1]
			var wanted []run
			for i := range words {
				if !contains(held, i) {
					continue
				}
				if last := len(wanted) - 1; last >= 0 && wanted[last].text == words[i] {
					wanted[last].last = i
					continue
				}
				wanted = append(wanted, run{words[i], i, i})
			}
			s.checkRuns(t, rt, id, wanted, meaning)
		}
	})
}

// run is a version as time tells it: its words, its first and its last capture.
type run struct {
	text        string
	first, last int
}

// checkRuns compares the versions of a release with runs and notes the words of each
// number in meaning.
func (s *shop) checkRuns(t *testing.T, rt *rapid.T, id string, wanted []run, meaning map[int]string) {
	versions := must(s.Versions(t.Context(), id))(t)
	if len(versions) != len(wanted) {
		rt.Fatalf("%d versions, want %v: %+v", len(versions), wanted, versions)
	}
	seen := map[int]bool{}
	for i, v := range versions {
		r := must(s.Version(t.Context(), id, v.Number))(t)
		got := run{r.Text, int(v.Changed.Sub(Start) / time.Hour), int(v.Last.Sub(Start) / time.Hour)}
		if said, cited := meaning[v.Number]; got != wanted[i] || seen[v.Number] || cited && said != r.Text {
			rt.Fatalf("version %d is %+v, want %+v; it meant %q", v.Number, got, wanted[i], meaning[v.Number])
		}
		seen[v.Number], meaning[v.Number] = true, r.Text
		if v.Current != (i == len(versions)-1) {
			rt.Fatalf("version %d: current is %t", v.Number, v.Current)
		}
	}
	r, newest := s.release(t, id), versions[len(versions)-1]
	if r.Version != newest.Number || r.Text != wanted[len(wanted)-1].text || !r.Changed.Equal(newest.Changed) ||
		!r.LastSeen.Equal(newest.Last) || !r.FirstSeen.Equal(versions[0].Changed) || !r.Capture.Captured.Equal(newest.Last) {
		rt.Fatalf("release is %+v, newest version %+v", r, newest)
	}
}

func indexes(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func contains(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}

func testMoved(t *testing.T, s *shop) {
	id := s.save(t, Observation("VA", 1, Saying("a")))[0].ReleaseID
	seen := func(after time.Duration, url, text string) []string {
		t.Helper()
		sequence := s.sequence(t)
		s.save(t, Observation("VA", 1, At(after), Saying(text), func(o *index.Observation) {
			o.URL, o.Capture.URL, o.Addresses = url, url, append(o.Addresses, index.CanonicalURL(url))
		}))
		return s.kinds(t, sequence)
	}
	same(t, "elsewhere", []string{"moved 1"}, seen(time.Hour, "https://new.va.example/one", "a"))
	same(t, "other spelling", []string{"reread 1"}, seen(2*time.Hour, "http://new.va.example/one/", "a"))
	same(t, "url", index.NullableString("http://new.va.example/one/"), s.release(t, id).URL)
	same(t, "elsewhere, edited", []string{"moved 2", "edited 2"}, seen(3*time.Hour, "https://new.va.example/two", "b"))
	same(t, "an older capture", []string{}, seen(150*time.Minute, "https://new.va.example/three", "a"))
	same(t, "url", index.NullableString("https://new.va.example/two"), s.release(t, id).URL)
}

func testReread(t *testing.T, s *shop) {
	ids := []string{}
	for _, saved := range s.save(t,
		Observation("VA", 1, At(time.Hour), Saying("a")), Observation("VA", 1, At(2*time.Hour), Saying("a")),
		Observation("VA", 1, At(3*time.Hour), Saying("b")), Observation("VA", 2, Saying("a"))) {
		ids = append(ids, saved.ReleaseID)
	}
	captures := must(s.Captures(t.Context(), ids[0]))(t)
	better := func(text string) index.Reading {
		o := Observation("VA", 1, Saying(text), ReadBy("indextest/2"))
		o.Reading.Topics = []string{"opioids"}
		return o.Reading
	}
	sequence := s.sequence(t)

	// Of an earlier version: nothing of the release itself changes.
	same(t, "changed", 0, must(s.Reread(t.Context(), []index.Rereading{{CaptureID: captures[1].ID, Reading: better("a, read better")}}))(t))
	same(t, "log", sequence, s.sequence(t))
	same(t, "version 1", "a, read better", must(s.Version(t.Context(), ids[0], 1))(t).Text)

	// Of all: one version stays one, though the new fingerprints differ, and two stay two,
	// though they are equal now.
	changed := must(s.Reread(t.Context(), []index.Rereading{
		{CaptureID: captures[0].ID, Reading: better("x")}, {CaptureID: captures[1].ID, Reading: better("y")}, {CaptureID: captures[2].ID, Reading: better("y")},
	}))(t)
	same(t, "changed", 1, changed)
	same(t, "log", []string{"reread 2"}, s.kinds(t, sequence))
	same(t, "history", []string{"1 y 1h0m0s–2h0m0s", "2 y 3h0m0s–3h0m0s current"}, s.history(t, ids[0]))
	same(t, "topics", []string{"opioids"}, s.release(t, ids[0]).Topics)
	same(t, "reader", "indextest/2", must(s.Captures(t.Context(), ids[0]))(t)[2].Reader)
	same(t, "the other release", "a", s.release(t, ids[3]).Text)

	// The reader's version alone is no change.
	same(t, "changed again", 0, must(s.Reread(t.Context(), []index.Rereading{{CaptureID: captures[2].ID, Reading: func() index.Reading {
		r := better("y")
		r.Reader = "indextest/3"
		return r
	}()}}))(t))
	same(t, "date", true, must(s.Reread(t.Context(), []index.Rereading{{CaptureID: captures[2].ID, Reading: func() index.Reading {
		r := better("y")
		Undated(&r)
		return r
	}()}}))(t) == 1)
	same(t, "undated", 1, must(s.OfficeCounts(t.Context()))(t)[0].Undated)

	sequence = s.sequence(t)
	_, err := s.Reread(t.Context(), []index.Rereading{{CaptureID: captures[2].ID, Reading: better("z")}, {CaptureID: 1 << 40, Reading: better("z")}})
	fails(t, "unknown capture", err, index.ErrNotFound)
	same(t, "log after a failure", sequence, s.sequence(t))
	same(t, "text after a failure", "y", s.release(t, ids[0]).Text)
}
