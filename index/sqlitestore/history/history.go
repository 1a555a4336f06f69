// Package history says what the arrival of a capture does to the history of its release:
// which version it belongs to, whether it splits one, which version is current then and
// what the change log has to tell. It is a function of its arguments and knows no
// database; it implements the rules of index.Collecting.Save.
package history

import "agora/index"

// State is what a release shows of its history. Times are in milliseconds.
type State struct {
	URL         string // address last fetched
	Version     int    // current
	LastVersion int    // highest number ever given
	FirstSeen   int64
	Changed     int64 // first capture of the current version
	LastSeen    int64
}

// Capture is one that is held, beside which another takes its place in time.
type Capture struct {
	ID          int64
	Captured    int64
	Version     int
	Fingerprint string
	Reader      string // of the fingerprint
	ReadingID   int64
	Digest      string // of the reading
}

// Arrival is a capture that is new to its release.
type Arrival struct {
	Captured    int64
	URL         string // "" where there is none
	Fingerprint string
	Reader      string
	Digest      string
}

// Step is what an arrival does.
type Step struct {
	State     State
	Version   int    // of the arrival
	Newest    bool   // the arrival is the newest capture now
	ReadingID int64  // the row of an equal reading beside it; 0: there is none
	SplitFrom int    // a version whose captures after the arrival ...
	SplitTo   int    // ... get this number; both 0 where none is split
	Changes   []Note // for the change log, in order
}

// Note is an entry for the change log.
type Note struct {
	Kind    index.ChangeKind
	Version int
}

// Take puts an arrival between the capture before it and the one after it (nil where
// there is none) in a release. It fails with *index.ReaderChangedError where their
// fingerprints can't be compared with its own.
func Take(release string, s State, a Arrival, before, after *Capture) (Step, error) {
	joined, err := joins(release, a, before, after)
	if err != nil {
		return Step{}, err
	}
	step := Step{State: s, Newest: after == nil}
	for _, beside := range []*Capture{before, after} {
		if beside != nil && beside.Digest == a.Digest {
			step.ReadingID = beside.ReadingID
		}
	}
	if joined != nil {
		step.Version = joined.Version
	} else {
		step.Version = step.number()
	}
	if step.Newest {
		step.supersede(a, before)
	} else {
		step.precede(a, joined, before, after)
	}
	step.State.FirstSeen, step.State.LastSeen = min(s.FirstSeen, a.Captured), max(s.LastSeen, a.Captured)
	return step, nil
}

// joins tells whose version an arrival belongs to: that of the capture before it, of the
// one after it, or nobody's (nil).
func joins(release string, a Arrival, before, after *Capture) (*Capture, error) {
	for _, beside := range []*Capture{before, after} {
		if beside == nil {
			continue
		}
		if beside.Reader != a.Reader {
			return nil, &index.ReaderChangedError{ReleaseID: release, CaptureID: beside.ID, Reader: beside.Reader}
		}
		if beside.Fingerprint == a.Fingerprint {
			return beside, nil
		}
	}
	return nil, nil
}

// number gives the next number.
func (s *Step) number() int {
	s.State.LastVersion++
	return s.State.LastVersion
}

func (s *Step) note(kind index.ChangeKind, version int) {
	s.Changes = append(s.Changes, Note{kind, version})
}

// supersede makes the arrival the newest, after the one that was.
func (s *Step) supersede(a Arrival, was *Capture) {
	moved := a.URL != "" && a.URL != s.State.URL
	// Another spelling is not the office's news, nor is a first address.
	news := moved && s.State.URL != "" && index.CanonicalURL(a.URL) != index.CanonicalURL(s.State.URL)
	if moved {
		s.State.URL = a.URL
	}
	edited := s.Version != s.State.Version
	if news {
		s.note(index.ChangeMoved, s.Version)
	}
	if edited {
		s.note(index.ChangeEdited, s.Version)
		s.State.Version, s.State.Changed = s.Version, a.Captured
	}
	if !news && !edited && (moved || was != nil && was.Digest != a.Digest) {
		s.note(index.ChangeReread, s.Version)
	}
}

// precede puts the arrival before others.
func (s *Step) precede(a Arrival, joined, before, after *Capture) {
	if joined != nil {
		if s.Version == s.State.Version && a.Captured < s.State.Changed {
			s.State.Changed = a.Captured
			s.note(index.ChangeReread, s.Version) // the words are the same; since when is not
		}
		return
	}
	s.note(index.ChangeEdited, s.Version)
	if before == nil || before.Version != after.Version {
		return
	}
	// It splits a version. The earlier part keeps the number, the later gets a new one:
	// it is the office's return to earlier words.
	s.SplitFrom, s.SplitTo = before.Version, s.number()
	s.note(index.ChangeEdited, s.SplitTo)
	if s.State.Version == before.Version {
		s.State.Version, s.State.Changed = s.SplitTo, after.Captured
	}
}

// Named returns the entry that an answer to the collector names: the first that says that
// the arrival's version began, or else the first. ok is false where there is none.
func (s *Step) Named() (at int, ok bool) {
	for i, note := range s.Changes {
		if note.Kind == index.ChangeEdited && note.Version == s.Version {
			return i, true
		}
	}
	return 0, len(s.Changes) > 0
}
