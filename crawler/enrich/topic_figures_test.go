package enrich

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// count is how often a value was given rightly, not given, and given wrongly.
type count struct{ hit, missed, wrong int }

func (c count) f1() float64 { return 2 * float64(c.hit) / float64(2*c.hit+c.missed+c.wrong) }

// figures are the counts of each topic or kind.
type figures struct{ of map[string]count }

func newFigures() *figures { return &figures{of: map[string]count{}} }

// add counts what one release was given against what it must and may be given. Where
// they differ it tells t, unless that is nil.
func (f *figures) add(t *testing.T, title string, got, must, may []string) {
	var missed, wrong []string
	for _, v := range must {
		c := f.of[v]
		if slices.Contains(got, v) {
			c.hit++
		} else {
			c.missed++
			missed = append(missed, v)
		}
		f.of[v] = c
	}
	for _, v := range got {
		if !slices.Contains(must, v) && !slices.Contains(may, v) {
			c := f.of[v]
			c.wrong++
			f.of[v] = c
			wrong = append(wrong, v)
		}
	}
	if t != nil && len(missed)+len(wrong) > 0 {
		t.Logf("%.90s\n      got %v missed %v wrong %v", title, got, missed, wrong)
	}
}

func (f *figures) sum() count {
	var all count
	for _, c := range f.of {
		all.hit += c.hit
		all.missed += c.missed
		all.wrong += c.wrong
	}
	return all
}

// macro is the mean F1 of the values that must be given at least fewest times.
func (f *figures) macro(fewest int) float64 {
	sum, n := 0.0, 0
	for _, c := range f.of {
		if c.hit+c.missed >= fewest {
			sum += c.f1()
			n++
		}
	}
	return sum / float64(max(n, 1))
}

func (f *figures) each(t *testing.T, fewest int) {
	names := make([]string, 0, len(f.of))
	for name := range f.of {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if c := f.of[name]; c.hit+c.missed >= fewest {
			t.Logf("  %-24s F1 %.2f (hit %d missed %d wrong %d)", name, c.f1(), c.hit, c.missed, c.wrong)
		}
	}
}

func (f *figures) String() string {
	c := f.sum()
	return fmt.Sprintf("precision %.3f, recall %.3f, micro-F1 %.3f (hit %d, missed %d, wrong %d)",
		float64(c.hit)/float64(max(c.hit+c.wrong, 1)), float64(c.hit)/float64(max(c.hit+c.missed, 1)), c.f1(), c.hit, c.missed, c.wrong)
}

// list reads a column of labels.tsv.
func list(column string) []string { return strings.Fields(strings.TrimPrefix(column, "-")) }

// TestReadFigures measures topics and kinds on testdata/labels.tsv, by set.
func TestReadFigures(t *testing.T) {
	texts := map[string]labelled{}
	for _, r := range readShared(t, "real/truth.jsonl") {
		texts[r.URL] = r
	}
	f, err := os.Open("testdata/labels.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e := newEnricher(t)
	topics, kinds := map[string]*figures{}, map[string]*figures{}
	in := bufio.NewScanner(f)
	for in.Scan() {
		columns := strings.Split(in.Text(), "\t")
		if len(columns) != 6 {
			continue
		}
		set := columns[0]
		if topics[set] == nil {
			topics[set], kinds[set] = newFigures(), newFigures()
		}
		l, ok := texts[columns[1]]
		if !ok {
			t.Errorf("no text for %s", columns[1])
			continue
		}
		r := enriched(e, l)
		topics[set].add(t, l.Title, r.Topics, list(columns[2]), list(columns[3]))
		kinds[set].add(t, l.Title, r.Kinds, list(columns[4]), list(columns[5]))
	}
	for _, set := range []string{"even", "odd", "late", "last"} {
		t.Logf("set %s: topics %s", set, topics[set])
		t.Logf("set %s: kinds %s", set, kinds[set])
		if topics[set].sum().f1() < 0.90 || kinds[set].sum().f1() < 0.85 {
			t.Errorf("set %s: topics %s; kinds %s; want ≥ 0.90 and 0.85", set, topics[set], kinds[set])
		}
	}
}
