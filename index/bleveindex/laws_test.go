package bleveindex

import (
	"context"
	"fmt"
	"testing"
	"time"

	"agora/index"
	"agora/index/indextest"
)

func rOpen(t *testing.T, o Options) *Engine {
	e, err := Open(t.Context(), t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func rel(n int, title, text string) index.Release {
	return indextest.Release("VA", n, func(r *index.Release) { r.Title, r.Text = title, text })
}

func scoresOf(t *testing.T, e *Engine, q index.Query) map[string]float64 {
	t.Helper()
	q.Limit = 100
	f, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]float64{}
	for _, x := range f.Matches {
		m[x.ReleaseID] = *x.Score
	}
	return m
}

// T1
func TestScoreOwesNothingToMemory(t *testing.T) {
	e := rOpen(t, Options{})
	var rs []index.Release
	rs = append(rs, rel(0, "x", "alpha beta gamma"), rel(1, "x", "delta beta gamma"), rel(2, "x", "delta words here"))
	for n := 3; n < 30; n++ {
		rs = append(rs, rel(n, "x", "nothing else"))
	}
	if err := e.Apply(t.Context(), rs, "s", 1); err != nil {
		t.Fatal(err)
	}
	ph := index.Phrase{Text: "beta gamma"}
	q := index.Query{Root: index.Or{Nodes: []index.Node{index.And{Nodes: []index.Node{index.Word{Text: "alpha"}, ph}}, index.Word{Text: "delta"}}}}
	a := scoresOf(t, e, q)
	scoresOf(t, e, index.Query{Root: ph})
	b := scoresOf(t, e, q)
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("same query, same view, other scores:\n%v\n%v", a, b)
	}
}

// T5
func TestDeletedDocumentsDoNotCount(t *testing.T) {
	e := rOpen(t, Options{})
	var rs []index.Release
	for n := range 40 {
		rs = append(rs, rel(n, "x", "nothing else"))
	}
	rs[0] = rel(0, "x", "beta gamma delta")
	rs[1] = rel(1, "x", "beta gamma words")
	if err := e.Apply(t.Context(), rs, "s", 1); err != nil {
		t.Fatal(err)
	}
	for _, root := range []index.Node{index.Phrase{Text: "beta gamma"}, index.Word{Text: "beta"}} {
		a := scoresOf(t, e, index.Query{Root: root})
		for i := range 3 {
			if err := e.Apply(t.Context(), rs[:2], "s", int64(i+2)); err != nil {
				t.Fatal(err)
			}
		}
		b := scoresOf(t, e, index.Query{Root: root})
		t.Logf("%T\n%v\n%v", root, a, b)
	}
}

// T4
func TestPagesWhereOneIsLate(t *testing.T) {
	now := indextest.Start
	step := time.Duration(0)
	e := rOpen(t, Options{Now: func() time.Time { now = now.Add(step); return now }})
	var rs []index.Release
	for n := range 30 {
		rs = append(rs, rel(n, "x", "beta gamma delta"))
	}
	if err := e.Apply(t.Context(), rs, "s", 1); err != nil {
		t.Fatal(err)
	}
	q := index.Query{Root: index.Word{Text: "beta"}, Limit: 10}
	step = 900 * time.Millisecond
	seen := map[string]int{}
	f, err := e.Search(t.Context(), q)
	t.Log(f.Exact, f.Warnings, len(f.Matches), err)
	step = 0
	for {
		for _, m := range f.Matches {
			seen[m.ReleaseID]++
		}
		if f.Next == "" {
			break
		}
		q.Cursor = f.Next
		if f, err = e.Search(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 30 {
		t.Errorf("slow first page, quick others: %d of 30 seen", len(seen))
	}
	// the other way
	q.Cursor = ""
	f, err = e.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	first := map[string]bool{}
	for _, m := range f.Matches {
		first[m.ReleaseID] = true
	}
	q.Cursor = f.Next
	step = 900 * time.Millisecond
	f, err = e.Search(t.Context(), q)
	twice := 0
	for _, m := range f.Matches {
		if first[m.ReleaseID] {
			twice++
		}
	}
	if twice > 0 {
		t.Errorf("quick first page, slow second: %d of %d shown twice (%v %v)", twice, len(f.Matches), f.Exact, err)
	}
}

// T10
func TestRowsAfterTheHardLimit(t *testing.T) {
	e := rOpen(t, Options{})
	for s := range 2 {
		var rs []index.Release
		for n := range 20 {
			rs = append(rs, indextest.Release("VA", s*20+n, func(r *index.Release) {
				r.Text = "beta gamma"
				r.Matter = &index.MatterLink{ID: fmt.Sprintf("m%d", n), Releases: 2}
			}))
		}
		if err := e.Apply(t.Context(), rs, "s", int64(s+1)); err != nil {
			t.Fatal(err)
		}
	}
	v := e.acquire()
	defer e.drop(v)
	if len(v.content.Segments) < 2 {
		t.Skip("one segment")
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	q := index.Query{Collapse: true, Limit: 10}
	s := e.newSearch(ctx, v, q)
	s.ranking.limit = 11
	calls := 0
	s.pace.now = func() time.Time {
		calls++
		if calls == 2 { // at the end of the first segment
			cancel(errHardLimit)
		}
		return s.pace.begun
	}
	if err := s.run(); err != nil {
		t.Fatal(err)
	}
	f := e.found(s)
	t.Logf("total %d groups %d hits %d exact %v", f.Total, f.Groups, len(f.Matches), f.Exact)
	if f.Groups > 0 && len(f.Matches) == 0 {
		t.Error("rows are counted and none is shown")
	}
}

// T3
func TestCompletionsOfMany(t *testing.T) {
	e := rOpen(t, Options{})
	var rs []index.Release
	n := 0
	for i := range 100 {
		title := ""
		for range 100 {
			title += fmt.Sprintf("w%c%c%c%c ", 'a'+n%26, 'a'+n/26%26, 'a'+n/676%26, 'a'+n/17576)
			n++
		}
		rs = append(rs, rel(i, title+"water", "water"))
	}
	if err := e.Apply(t.Context(), rs, "s", 1); err != nil {
		t.Fatal(err)
	}
	if err := e.Apply(t.Context(), []index.Release{rel(200, "water", "water")}, "s", 2); err != nil {
		t.Fatal(err)
	}
	terms, err := e.Completions(t.Context(), "w", 5)
	if err != nil || len(terms) == 0 || terms[0].Text != "water" {
		t.Errorf("%v %v", terms, err)
	}
}
