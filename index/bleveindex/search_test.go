package bleveindex_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/index"
	"agora/index/bleveindex"
	"agora/index/indextest"
)

// TestCursorExpires checks that a cursor of relevance is good for five minutes and no longer.
func TestCursorExpires(t *testing.T) {
	now := indextest.Start
	e, err := bleveindex.Open(t.Context(), t.TempDir(), bleveindex.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var releases []index.Release
	for n := range 30 {
		releases = append(releases, indextest.Release("VA", n))
	}
	if err := e.Apply(t.Context(), releases, "store", 1); err != nil {
		t.Fatal(err)
	}
	q := index.Query{Root: index.Word{Text: "matter"}, Limit: 10}
	first, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Apply(t.Context(), releases[:5], "store", 2); err != nil {
		t.Fatal(err)
	}
	q.Cursor = first.Next
	now = now.Add(5*time.Minute - time.Second)
	second, err := e.Search(t.Context(), q)
	if err != nil || len(second.Matches) != 10 || second.Sequence != 1 {
		t.Errorf("after almost five minutes: %d of sequence %d, %v", len(second.Matches), second.Sequence, err)
	}
	q.Cursor = second.Next
	now = now.Add(4 * time.Minute)
	if _, err := e.Search(t.Context(), q); err != nil {
		t.Errorf("four minutes after the page before: %v", err)
	}
	now = now.Add(5 * time.Minute)
	if _, err := e.Search(t.Context(), q); !errors.Is(err, index.ErrCursorExpired) {
		t.Errorf("too late: %v", err)
	}
}

// TestMerged checks that merges of segments with different fields keep places and records.
func TestMerged(t *testing.T) {
	e := open(t, t.TempDir())
	languages := []index.NullableString{"en", "es", "fr", ""}
	var releases []index.Release
	for n := range 2300 {
		releases = append(releases, indextest.Release("VA", n, func(r *index.Release) {
			r.Language = languages[n/600]
			r.Text += fmt.Sprintf(" The lantern of pier %d. The lantern is lit; the lantern of pier.", n%10)
		}))
	}
	if err := e.Rebuild(t.Context(), all(releases), "store", 1); err != nil {
		t.Fatal(err)
	}
	for i := range 4 { // segments that are merged with the big one sooner or later
		if err := e.Apply(t.Context(), releases[i*100:i*100+30], "store", int64(i+2)); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]int{
		"the lantern of pier": 2300, "lantern of pier 3.": 230, "lantern of pier. The": 0,
		"is lit the lantern of": 2300, "pier lantern": 0, "pier the of": 0,
	} {
		found, err := e.Search(t.Context(), index.Query{Root: index.Phrase{Text: text, In: index.InText}, Facets: []index.Field{index.FieldLanguage}})
		if err != nil {
			t.Fatal(err)
		}
		if found.Total != want {
			t.Errorf("%q: %d releases, not %d", text, found.Total, want)
		}
		if want == 2300 && found.Facets[index.FieldLanguage][0].Count != 600 {
			t.Errorf("%q: languages %v", text, found.Facets)
		}
	}
}

// TestCloseEndsSearches closes an engine under searches: each has an answer or says that
// the index is not available.
func TestCloseEndsSearches(t *testing.T) {
	e := open(t, t.TempDir())
	var releases []index.Release
	for n := range 300 {
		releases = append(releases, indextest.Release("VA", n))
	}
	if err := e.Apply(t.Context(), releases, "store", 1); err != nil {
		t.Fatal(err)
	}
	var searches sync.WaitGroup
	started := make(chan struct{}, 4)
	for range 4 {
		searches.Go(func() {
			for {
				found, err := e.Search(t.Context(), index.Query{Root: index.Phrase{Text: "of matter"}, Facets: index.Fields, Limit: 10})
				select {
				case started <- struct{}{}:
				default:
				}
				if errors.Is(err, index.ErrUnavailable) {
					return
				}
				if err != nil || found.Total != 300 {
					t.Errorf("found %d, %v", found.Total, err)
					return
				}
			}
		})
	}
	<-started
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	searches.Wait()
}

// FuzzSearch checks that no words break a search, whatever kind of node they are in.
func FuzzSearch(f *testing.F) {
	dir := f.TempDir()
	e, err := bleveindex.Open(f.Context(), dir, bleveindex.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { e.Close() })
	for n := range 20 {
		if err := e.Apply(f.Context(), []index.Release{indextest.Release("VA", n)}, "store", 1); err != nil {
			f.Fatal(err)
		}
	}
	for _, seed := range []string{"matter", "of the", "No. 44", "\xff", "ʻ§--", strings.Repeat("a", 300), "T-Barn AT&U"} {
		f.Add(seed, 3)
	}
	f.Fuzz(func(t *testing.T, text string, within int) {
		if len(text) > index.MaxQueryBytes {
			t.Skip()
		}
		for _, root := range []index.Node{
			index.Word{Text: text}, index.Phrase{Text: text}, index.Near{Text: text, Within: within}, index.Prefix{Text: text},
			index.Fuzzy{Text: text}, index.InOffice{Name: text}, index.Has{Field: index.Field(text), Value: text},
			index.Published{From: index.Date(text)}, index.Not{Node: index.Phrase{Text: text}},
		} {
			found, err := e.Search(t.Context(), index.Query{Root: root, Limit: 5})
			if err != nil {
				t.Fatalf("%#v: %v", root, err)
			}
			if found.Total > 20 || len(found.Matches) > 5 {
				t.Fatalf("%#v found %d", root, found.Total)
			}
		}
	})
}

// TestSoftLimit lets the clock run so fast that searches are late at once: they say what
// they left out, count what they can, and give their places to others.
func TestSoftLimit(t *testing.T) {
	var now atomic.Int64
	e, err := bleveindex.Open(t.Context(), t.TempDir(), bleveindex.Options{
		Now: func() time.Time { return time.UnixMilli(now.Add(600)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var releases []index.Release
	for n := range 300 {
		releases = append(releases, indextest.Release("VA", n, func(r *index.Release) {
			r.Text = fmt.Sprintf("lantern%d lamp", n)
		}))
	}
	if err := e.Apply(t.Context(), releases, "store", 1); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		root index.Node
		code string
		most int
	}{
		{index.Word{Text: "lamp"}, "ranking_cut", 300},
		{index.Prefix{Text: "lantern"}, "expansions_cut", 300},
		{nil, "", 300},
	} {
		for range 5 {
			found, err := e.Search(t.Context(), index.Query{Root: test.root, Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			codes := ""
			for _, w := range found.Warnings {
				codes += w.Code
			}
			if found.Exact != (test.code == "") || !strings.HasPrefix(codes, test.code) || found.Total > test.most || found.Total == 0 {
				t.Errorf("%#v: exact %t, %d found, warnings %v", test.root, found.Exact, found.Total, found.Warnings)
			}
		}
	}
}
