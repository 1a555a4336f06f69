package enrich

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"agora/crawler/office"
	"agora/index"
)

const shared = "../../../shared"

// labelled is a release with the labels of readers.
type labelled struct {
	URL, State, Title, Text string
	Date                    string
	Tags                    []string `json:"topics"`

	Required, Accepted []string

	Kind, Action   string
	Leads, Members []string
	Claimed        *int
	ClaimedText    string `json:"claimed_text"`
	Complete       bool
	Bipartisan     bool
	Others         []string
	Note           string
}

// readShared reads a JSONL file of ../shared, and skips the test where it is missing.
func readShared(t testing.TB, name string) []labelled {
	t.Helper()
	f, err := os.Open(filepath.Join(shared, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: ../shared is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []labelled
	in := bufio.NewScanner(f)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var l labelled
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			t.Fatalf("read %s: %v", name, err)
		}
		out = append(out, l)
	}
	return out
}

// withText joins labels with the texts of the real releases.
func withText(t testing.TB, name string) []labelled {
	t.Helper()
	texts := map[string]labelled{}
	for _, r := range readShared(t, "real/truth.jsonl") {
		texts[r.URL] = r
	}
	var out []labelled
	for _, l := range readShared(t, name) {
		release, ok := texts[l.URL]
		if !ok {
			t.Logf("no text for %s", l.URL)
			continue
		}
		l.Text, l.Date = release.Text, release.Date
		out = append(out, l)
	}
	return out
}

func newEnricher(t testing.TB) *Enricher {
	t.Helper()
	c, err := office.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func enriched(e *Enricher, l labelled) index.Reading {
	r := index.Reading{Title: l.Title, Text: l.Text, Published: index.Date(l.Date)}
	e.Enrich(l.State, &r)
	return r
}

// TestTopicFigures measures topics on the development labels: a required topic that is
// missed is a false negative, a topic given that is neither required nor accepted a false positive.
func TestTopicFigures(t *testing.T) {
	e := newEnricher(t)
	gold := withText(t, "gold/topics.jsonl")
	all := newFigures()
	halves := [2]*figures{newFigures(), newFigures()}
	for _, l := range gold {
		got := enriched(e, l).Topics
		all.add(t, l.Title, got, l.Required, l.Accepted)
		halves[len(l.URL)%2].add(nil, "", got, l.Required, l.Accepted)
	}
	all.each(t, 1)
	for i, h := range halves {
		t.Logf("half %d: %s", i, h)
	}
	t.Logf("topics: %s, macro-F1 %.3f", all, all.macro(5))
	if all.sum().f1() < 0.92 || all.macro(5) < 0.90 {
		t.Errorf("topics: %s, macro-F1 %.3f, want ≥ 0.92 and 0.90", all, all.macro(5))
	}
}

// TestCoalitionFigures measures coalitions on the development labels.
func TestCoalitionFigures(t *testing.T) {
	e := newEnricher(t)
	var total, role, complete, exact, leads, coalitions, claimed, action, none, bipartisan, completeRight int
	for _, l := range withText(t, "gold/coalition.jsonl") {
		c := enriched(e, l).Coalition
		total++
		got := index.Coalition{Role: "none"}
		if c != nil {
			got = *c
		}
		var wrong []string
		if got.Role == l.Kind {
			role++
		} else {
			wrong = append(wrong, "role "+got.Role+" want "+l.Kind)
		}
		if l.Kind == "none" {
			none += len(got.Members)
			if len(wrong) > 0 {
				t.Logf("%.80s\n     %s", l.Title, strings.Join(wrong, "; "))
			}
			continue
		}
		coalitions++
		if l.Complete {
			complete++
			if slices.Equal(got.Members, l.Members) {
				exact++
			} else {
				wrong = append(wrong, "members +"+strings.Join(minus(got.Members, l.Members), ",")+" -"+strings.Join(minus(l.Members, got.Members), ","))
			}
		}
		if slices.Equal(got.Leads, l.Leads) || len(got.Leads)+len(l.Leads) == 0 {
			leads++
		} else {
			wrong = append(wrong, "leads "+strings.Join(got.Leads, ",")+" want "+strings.Join(l.Leads, ","))
		}
		if number(got.Claimed) == number(l.Claimed) {
			claimed++
		} else {
			wrong = append(wrong, "claimed "+got.ClaimedWords+" want "+l.ClaimedText)
		}
		if got.Action == l.Action {
			action++
		} else {
			wrong = append(wrong, "action "+got.Action+" want "+l.Action)
		}
		if got.Bipartisan == l.Bipartisan {
			bipartisan++
		} else {
			wrong = append(wrong, "bipartisan")
		}
		if got.Complete == l.Complete {
			completeRight++
		} else {
			wrong = append(wrong, "complete")
		}
		if len(wrong) > 0 {
			t.Logf("%.80s\n     %s", l.Title, strings.Join(wrong, "; "))
		}
	}
	share := func(n, of int) float64 { return 100 * float64(n) / float64(of) }
	t.Logf("role %.1f %% of %d; exact members %.1f %% of %d complete lists; leads %.1f %%, claimed %.1f %%, action %.1f %%, complete %.1f %%, bipartisan %.1f %% of %d coalitions; members on none: %d",
		share(role, total), total, share(exact, complete), complete, share(leads, coalitions), share(claimed, coalitions), share(action, coalitions),
		share(completeRight, coalitions), share(bipartisan, coalitions), coalitions, none)
	if share(role, total) < 95 || share(exact, complete) < 90 {
		t.Error("role right < 95 % or exact members < 90 %")
	}
}

func minus(a, b []string) []string {
	var out []string
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

func number(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
