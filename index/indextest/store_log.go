package indextest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"agora/index"
)

func testChangeLog(t *testing.T, s *shop) {
	same(t, "empty", int64(0), s.sequence(t))
	same(t, "no entries", []index.Change{}, s.changes(t))
	one := s.save(t, Observation("VA", 1))[0]
	two := s.save(t, Observation("VA", 2), Observation("VA", 1, At(time.Hour), Saying("b")))
	changes := s.changes(t)
	want := []index.Change{
		{Sequence: one.Sequence, ReleaseID: one.ReleaseID, Version: 1, Kind: index.ChangeNew},
		{Sequence: two[0].Sequence, ReleaseID: two[0].ReleaseID, Version: 1, Kind: index.ChangeNew},
		{Sequence: two[1].Sequence, ReleaseID: one.ReleaseID, Version: 2, Kind: index.ChangeEdited},
	}
	for i := range changes {
		if !changes[i].Time.After(Start.AddDate(1, 0, 0)) {
			t.Errorf("entry %d is of %v, not by the clock", i, changes[i].Time)
		}
		changes[i].Time = time.Time{}
	}
	same(t, "log", want, changes)
	same(t, "sequence", two[1].Sequence, s.sequence(t))
	for i := range want {
		rest := must(s.Changes(t.Context(), want[i].Sequence, 1))(t)
		if i == len(want)-1 {
			same(t, "after the last", 0, len(rest))
		} else if len(rest) != 1 || rest[0].Sequence != want[i+1].Sequence {
			t.Errorf("one entry after %d: %+v", want[i].Sequence, rest)
		}
	}
	same(t, "limit 0", 0, len(must(s.Changes(t.Context(), 0, 0))(t)))
}

// testConcurrentWriters has several write, through two openings of the archive, while a
// follower reads on from the last entry that it saw. It must see every entry.
func testConcurrentWriters(t *testing.T, s *shop) {
	const writers, batches = 4, 12
	stores := []index.Store{s.Store, s.again(t)}
	var writing, following sync.WaitGroup
	acknowledged := make([][]index.Saved, writers)
	for w := range writers {
		writing.Go(func() {
			store := stores[w%len(stores)]
			for b := range batches {
				saved, err := store.Save(t.Context(), []index.Observation{
					Observation("VA", w*1000+b), Observation("OH", w*1000+b),
					Observation("TX", 1, At(time.Duration(w*batches+b)*time.Minute), Saying(fmt.Sprint(w, b))),
				})
				if err != nil {
					t.Error(err)
					return
				}
				acknowledged[w] = append(acknowledged[w], saved...)
				if err := store.SetPresence(t.Context(), []index.PresenceChange{{ReleaseID: saved[0].ReleaseID, State: "missing", Since: Start, Cause: "404"}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	var followed []index.Change
	following.Go(func() {
		for last := false; ; {
			select {
			case <-done:
				last = true
			default:
			}
			after := int64(0)
			if len(followed) > 0 {
				after = followed[len(followed)-1].Sequence
			}
			changes, err := s.Changes(t.Context(), after, 5)
			if err != nil {
				t.Error(err)
				return
			}
			if followed = append(followed, changes...); last && len(changes) == 0 {
				return
			}
		}
	})
	writing.Wait()
	close(done)
	following.Wait()

	log := s.changes(t)
	same(t, "what the follower saw", log, followed)
	if !slices.IsSortedFunc(log, func(a, b index.Change) int { return int(a.Sequence - b.Sequence) }) {
		t.Error("the log is not in order")
	}
	bySequence := map[int64]index.Change{}
	for _, c := range log {
		bySequence[c.Sequence] = c
	}
	same(t, "every sequence once", len(log), len(bySequence))
	for w := range acknowledged {
		for _, saved := range acknowledged[w] {
			if c := bySequence[saved.Sequence]; c.ReleaseID != saved.ReleaseID || c.Kind != saved.Change {
				t.Errorf("entry %d is %+v, acknowledged was %+v", saved.Sequence, c, saved)
			}
		}
	}
	same(t, "releases", 2*writers*batches+1, must(s.Count(t.Context()))(t))
}

func testCancelled(t *testing.T, s *shop) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Save(ctx, []index.Observation{Observation("VA", 1)})
	fails(t, "save", err, context.Canceled)
	same(t, "kept", 0, must(s.Count(t.Context()))(t))
	s.save(t, Observation("VA", 1))
}

// testReopened opens the archive anew without closing it, as after the death of the
// process: what was acknowledged is there, and numbers go on.
func testReopened(t *testing.T, s *shop) {
	for n := range 5 {
		saved := s.save(t, Observation("VA", n), Observation("VA", 100, At(time.Duration(n)*time.Hour), Saying(fmt.Sprint(n))))
		if err := s.SetCursor(t.Context(), "follower", saved[1].Sequence); err != nil {
			t.Fatal(err)
		}
		before := s.Store
		s.Store = s.again(t)
		same(t, "log", must(before.Changes(t.Context(), 0, 100))(t), s.changes(t))
		same(t, "cursor", saved[1].Sequence, must(s.Cursor(t.Context(), "follower"))(t))
		same(t, "version", n+1, s.release(t, saved[1].ReleaseID).Version)
		same(t, "again", true, s.save(t, Observation("VA", n))[0].Known)
	}
	same(t, "log", 10, len(s.changes(t)))
}

func testAll(t *testing.T, s *shop) {
	var ids []string
	for n := range 60 {
		ids = append(ids, s.save(t, Observation([]string{"VA", "OH"}[n%2], n, Saying("before")))[0].ReleaseID)
	}
	slices.Sort(ids)
	sequence, releases, err := s.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "sequence", s.sequence(t), sequence)

	// What is written while the stream runs is not in it.
	var streamed []string
	for r, err := range releases {
		if err != nil {
			t.Fatal(err)
		}
		if r.Text != "before" {
			t.Errorf("release %s says %q", r.ID, r.Text)
		}
		n := len(streamed)
		s.save(t, Observation([]string{"VA", "OH"}[n%2], n, At(100*time.Hour), Saying("after")), Observation("TX", n))
		if alone, err := s.Release(t.Context(), r.ID); err != nil || alone.ID != r.ID {
			t.Errorf("release beside the stream: %v", err)
		}
		streamed = append(streamed, r.ID)
	}
	same(t, "streamed", ids, streamed)

	_, releases, err = s.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, err := range releases {
		if err != nil {
			t.Fatal(err)
		}
		if seen++; seen == 3 {
			break
		}
	}
	same(t, "count", 120, must(s.Count(t.Context()))(t))

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, releases, err = s.All(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range releases {
		cancel()
		last = err
	}
	if last == nil || !errors.Is(last, context.Canceled) {
		t.Errorf("a cancelled stream ends with %v", last)
	}
}

func testCursors(t *testing.T, s *shop) {
	same(t, "unknown", int64(0), must(s.Cursor(t.Context(), "feeds"))(t))
	for _, sequence := range []int64{5, 9, 3} {
		if err := errors.Join(s.SetCursor(t.Context(), "feeds", sequence), s.SetCursor(t.Context(), "alerts", sequence+1)); err != nil {
			t.Fatal(err)
		}
		same(t, "feeds", sequence, must(s.Cursor(t.Context(), "feeds"))(t))
		same(t, "alerts", sequence+1, must(s.Cursor(t.Context(), "alerts"))(t))
	}
	same(t, "log", int64(0), s.sequence(t))
}

func testBackup(t *testing.T, s *shop) {
	for n := range 40 {
		s.save(t, Observation("VA", n))
	}
	if err := s.SetCursor(t.Context(), "feeds", 7); err != nil {
		t.Fatal(err)
	}
	crawled := s.saveCrawl(t)
	dir, stop := t.TempDir(), make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := s.Save(t.Context(), []index.Observation{Observation("OH", n), Observation("TX", n)}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	err := s.Backup(t.Context(), dir)
	close(stop)
	writing.Wait()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("the folder holds %v, %v", names, err)
	}
	held, err := os.ReadDir(s.dir)
	if err != nil || len(held) == 0 {
		t.Fatalf("the archive's folder holds %v, %v", held, err)
	}

	copied := &shop{Store: s.open(t, dir, s.clock.now), open: s.open, dir: dir, clock: s.clock}
	same(t, "id", s.ID(), copied.ID())
	log := copied.changes(t)
	if len(log) < 40 || len(log)%2 != 0 {
		t.Errorf("the copy's log has %d entries: not between two writes", len(log))
	}
	same(t, "log", s.changes(t)[:len(log)], log)
	same(t, "count", len(log), must(copied.Count(t.Context()))(t))
	same(t, "cursor", int64(7), must(copied.Cursor(t.Context(), "feeds"))(t))
	same(t, "crawl", crawled, copied.crawl(t))
	findings, err := copied.Check(t.Context())
	if err != nil || len(findings) > 0 {
		t.Errorf("check: %v, %q", err, findings)
	}
	copied.save(t, Observation("WV", 1))
	if err := s.Backup(t.Context(), filepath.Join(dir, "missing")); err == nil {
		t.Error("a backup into a folder that does not exist is no error")
	}
}
