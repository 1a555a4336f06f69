package history_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/index/sqlitestore/history"
)

func TestTake(t *testing.T) {
	held := func(id, captured int64, version int, fingerprint string) *history.Capture {
		return &history.Capture{ID: id, Captured: captured, Version: version, Fingerprint: fingerprint, Reader: "r", ReadingID: id, Digest: fingerprint}
	}
	arrival := func(captured int64, fingerprint string) history.Arrival {
		return history.Arrival{Captured: captured, URL: "https://a.example/1", Fingerprint: fingerprint, Reader: "r", Digest: fingerprint}
	}
	one := history.State{URL: "https://a.example/1", Version: 1, LastVersion: 1, FirstSeen: 10, Changed: 10, LastSeen: 30}
	with := func(s history.State, change func(*history.State)) history.State {
		change(&s)
		return s
	}
	hinted, elsewhere, respelt := arrival(40, "a"), arrival(40, "a"), arrival(40, "a")
	hinted.Digest, elsewhere.URL, respelt.URL = "b", "https://b.example/1", "http://a.example/1/"
	cases := []struct {
		name          string
		state         history.State
		arrival       history.Arrival
		before, after *history.Capture
		want          history.Step
	}{
		{"same words later", one, arrival(40, "a"), held(1, 30, 1, "a"), nil, history.Step{
			State: with(one, func(s *history.State) { s.LastSeen = 40 }), Version: 1, Newest: true, ReadingID: 1}},
		{"other words later", one, arrival(40, "b"), held(1, 30, 1, "a"), nil, history.Step{
			State:   with(one, func(s *history.State) { s.Version, s.LastVersion, s.Changed, s.LastSeen = 2, 2, 40, 40 }),
			Version: 2, Newest: true, Changes: []history.Note{{Kind: index.ChangeEdited, Version: 2}}}},
		{"same words, other reading", one, hinted, held(1, 30, 1, "a"), nil, history.Step{
			State: with(one, func(s *history.State) { s.LastSeen = 40 }), Version: 1, Newest: true,
			Changes: []history.Note{{Kind: index.ChangeReread, Version: 1}}}},
		{"elsewhere", one, elsewhere, held(1, 30, 1, "a"), nil, history.Step{
			State: with(one, func(s *history.State) { s.LastSeen, s.URL = 40, elsewhere.URL }), Version: 1, Newest: true, ReadingID: 1,
			Changes: []history.Note{{Kind: index.ChangeMoved, Version: 1}}}},
		{"another spelling", one, respelt, held(1, 30, 1, "a"), nil, history.Step{
			State: with(one, func(s *history.State) { s.LastSeen, s.URL = 40, respelt.URL }), Version: 1, Newest: true, ReadingID: 1,
			Changes: []history.Note{{Kind: index.ChangeReread, Version: 1}}}},
		{"between, same words", one, arrival(20, "a"), held(1, 10, 1, "a"), held(2, 30, 1, "a"), history.Step{State: one, Version: 1, ReadingID: 2}},
		{"between, other words", one, arrival(20, "b"), held(1, 10, 1, "a"), held(2, 30, 1, "a"), history.Step{
			State:   with(one, func(s *history.State) { s.Version, s.LastVersion, s.Changed = 3, 3, 30 }),
			Version: 2, SplitFrom: 1, SplitTo: 3,
			Changes: []history.Note{{Kind: index.ChangeEdited, Version: 2}, {Kind: index.ChangeEdited, Version: 3}}}},
		{"before all, same words", one, arrival(5, "a"), nil, held(1, 10, 1, "a"), history.Step{
			State: with(one, func(s *history.State) { s.FirstSeen, s.Changed = 5, 5 }), Version: 1, ReadingID: 1,
			Changes: []history.Note{{Kind: index.ChangeReread, Version: 1}}}},
		{"before all, other words", one, arrival(5, "b"), nil, held(1, 10, 1, "a"), history.Step{
			State: with(one, func(s *history.State) { s.FirstSeen, s.LastVersion = 5, 2 }), Version: 2,
			Changes: []history.Note{{Kind: index.ChangeEdited, Version: 2}}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := history.Take("va-1", c.state, c.arrival, c.before, c.after)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}

	other := held(7, 30, 1, "a")
	other.Reader = "older"
	_, err := history.Take("va-1", one, arrival(40, "a"), other, nil)
	var changed *index.ReaderChangedError
	if !errors.As(err, &changed) || changed.CaptureID != 7 || changed.Reader != "older" {
		t.Errorf("error is %v", err)
	}
}
