package bleveindex_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/index/bleveindex"
	"agora/index/query"
)

// How well the engine ranks is measured on releases that lie beside the project, by
// questions and judgements of our own; judgements.txt says how they came about.

var (
	updateRelevance = flag.Bool("update", false, "write the golden file anew; review it before it is kept")
	relevancePeers  = flag.Bool("peers", false, "measure other rankings by the same judgements")
	relevancePool   = flag.String("pool", "", "write the first places of all rankings to this file, for judging")
)

const (
	realReleases    = "../../../shared/real/truth.jsonl"
	seedRelease     = "../../../shared/seeds/000_531b268e999c5075.txt"
	judgementsFile  = "testdata/relevance/judgements.txt"
	relevanceGolden = "testdata/relevance/golden.txt"

	places         = 10    // of a ranking that count
	relevant       = 2     // the grade from which a release answers a question
	relevanceSlack = 0.005 // by which a mean may fall before the ranking has become worse
)

// TestRelevance measures nDCG@10 and recall@10 of every judged question, asked as the
// page asks it, and holds them in a golden file.
func TestRelevance(t *testing.T) {
	questions := readJudgements(t)
	releases := judgedReleases(t)
	e := open(t, t.TempDir())
	if err := e.Rebuild(t.Context(), all(releases), "store", 1); err != nil {
		t.Fatal(err)
	}
	ours := rankedBy{"agora", addressesOf(releases), func(t *testing.T, question string) []string { return foundBy(t, e, question) }}
	checkAddresses(t, questions, ours.addresses)
	if *relevancePeers || *relevancePool != "" {
		rankings := append([]rankedBy{ours}, peerRankings(t, releases)...)
		for _, r := range rankings {
			t.Logf("%s\n%s", r.name, meansOf(r.measure(t, questions)))
		}
		if *relevancePool != "" {
			writePool(t, questions, rankings)
		}
	}
	got := ours.measure(t, questions)
	b, err := os.ReadFile(relevanceGolden)
	if err != nil && !*updateRelevance {
		t.Fatal(err)
	}
	want := string(b)
	if *updateRelevance {
		t.Logf("before\n%s\nnow\n%s", strings.Join(strings.SplitN(want, "\n", 4)[:min(3, strings.Count(want, "\n"))], "\n"), meansOf(got))
		if err := os.WriteFile(relevanceGolden, []byte(goldenOf(got)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for kind, held := range readMeans(t, want) {
		for i, name := range []string{"nDCG", "recall"} {
			if now := means(got, kind)[i]; now < held[i]-relevanceSlack {
				t.Errorf("%s of %s fell from %.3f to %.3f", name, kind, held[i], now)
			}
		}
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(goldenOf(got), "\n")); diff != "" {
		t.Errorf("releases are ranked otherwise; where that is meant, run with -update (-want +got)\n%s", diff)
	}
}

// TestFigures checks the measures by hand-made rankings.
func TestFigures(t *testing.T) {
	q := judged{grades: map[string]int{"exact": 3, "about": 2, "near": 1}}
	for _, c := range []struct {
		name         string
		ranking      []string
		ndcg, recall float64
	}{
		{"the best order", []string{"exact", "about", "near", "not"}, 1, 1},
		{"nothing", nil, 0, 0},
		{"none that is relevant", []string{"not", "nor", "neither"}, 0, 0},
		{"the best alone", []string{"exact"}, 0.745, 0.5},
		{"the worst order", []string{"near", "about", "exact"}, 0.681, 1},
		{"the eleventh does not count", append(slices.Repeat([]string{"not"}, 9), "about", "exact"), 0.092, 0.5},
	} {
		got := [2]string{fmt.Sprintf("%.3f", q.ndcg(c.ranking)), fmt.Sprintf("%.3f", q.recall(c.ranking))}
		want := [2]string{fmt.Sprintf("%.3f", c.ndcg), fmt.Sprintf("%.3f", c.recall)}
		if got != want {
			t.Errorf("%s: %v, not %v", c.name, got, want)
		}
	}
}

// judgedReleases reads what lies beside the project, in the form the engine takes.
func judgedReleases(t *testing.T) []index.Release {
	b, err := os.ReadFile(realReleases)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: ../shared is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	var releases []index.Release
	for line := range strings.Lines(string(b)) {
		var in struct{ State, Title, Date, URL, Text string }
		if err := json.Unmarshal([]byte(line), &in); err != nil {
			t.Fatal(err)
		}
		releases = append(releases, judgedRelease(in.State, in.URL, in.Title, in.Date, in.Text))
	}
	seed, err := os.ReadFile(seedRelease)
	if err != nil {
		t.Fatal(err)
	}
	title, text, _ := strings.Cut(string(seed), "\n")
	return append(releases, judgedRelease("VA", "seed", title, "", strings.TrimSpace(text)))
}

func judgedRelease(office, address, title, day, text string) index.Release {
	var r index.Release
	r.ID = index.MintID(office, address, index.MinIDDigits)
	r.Office, r.Title, r.Text, r.Language = office, title, text, "en"
	r.URL = index.NullableString(address)
	r.Published = index.Date(day)
	r.Presence.State = "live"
	r.Backfill = true
	return r
}

// addressesOf returns the address of each id.
func addressesOf(releases []index.Release) map[string]string {
	addresses := map[string]string{}
	for _, r := range releases {
		addresses[r.ID] = string(r.URL)
	}
	return addresses
}

// judged is a question and how well releases answer it.
type judged struct {
	text   string
	kind   string         // known or topical
	grades map[string]int // 1 to 3, by address
}

// readJudgements reads questions, each a line "known: words" or "topical: words", with a
// line "grade address" for each release that is not graded 0.
func readJudgements(t *testing.T) []judged {
	b, err := os.ReadFile(judgementsFile)
	if err != nil {
		t.Fatal(err)
	}
	var questions []judged
	of := map[string]int{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		kind, text, isQuestion := strings.Cut(line, ": ")
		var grade int
		var address string
		switch {
		case line == "", strings.HasPrefix(line, "#"):
		case isQuestion && slices.Contains(kindsOfQuestion[1:], kind):
			questions = append(questions, judged{text, kind, map[string]int{}})
			of[kind]++
		default:
			if _, err := fmt.Sscanf(line, "%d %s", &grade, &address); err != nil || grade < 1 || grade > 3 || len(questions) == 0 {
				t.Fatalf("%s: %q is no judgement: %v", judgementsFile, line, err)
			}
			q := questions[len(questions)-1]
			if q.grades[address] != 0 {
				t.Fatalf("%s: %q has two grades for %s", judgementsFile, q.text, address)
			}
			q.grades[address] = grade
		}
	}
	if of["known"] < 40 || of["topical"] < 40 {
		t.Fatalf("%s has %v questions: too few of a kind", judgementsFile, of)
	}
	return questions
}

// checkAddresses checks that every question has an answer and every answer is a release.
func checkAddresses(t *testing.T, questions []judged, addresses map[string]string) {
	releases := map[string]bool{}
	for _, address := range addresses {
		releases[address] = true
	}
	for _, q := range questions {
		answers := 0
		for address, grade := range q.grades {
			if !releases[address] {
				t.Errorf("%s: %q: %s is no release", judgementsFile, q.text, address)
			}
			if grade >= relevant {
				answers++
			}
		}
		if answers == 0 {
			t.Errorf("%s: nothing answers %q", judgementsFile, q.text)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// foundBy asks the engine as the page does.
func foundBy(t *testing.T, e *bleveindex.Engine, question string) []string {
	q, err := query.FromValues(url.Values{"q": {question}}, false)
	if err != nil {
		t.Fatal(err)
	}
	found, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range found.Matches {
		ids = append(ids, m.ReleaseID)
	}
	return ids
}

// rankedBy is a way to rank: it gives the ids of the best releases, the best first.
type rankedBy struct {
	name      string
	addresses map[string]string // by id
	rank      func(t *testing.T, question string) []string
}

// best returns the addresses of the best releases for a question.
func (r rankedBy) best(t *testing.T, question string) []string {
	var addresses []string
	for _, id := range r.rank(t, question) {
		addresses = append(addresses, r.addresses[id])
	}
	return addresses
}

func (r rankedBy) measure(t *testing.T, questions []judged) []figures {
	var measured []figures
	for _, q := range questions {
		ranking := r.best(t, q.text)
		measured = append(measured, figures{q.kind, q.text, q.ndcg(ranking), q.recall(ranking)})
	}
	return measured
}

// figures are those of one question.
type figures struct {
	kind, text   string
	ndcg, recall float64
}

// ndcg is the discounted cumulative gain of the first places (2^grade-1, by the binary
// logarithm of the place plus one) as a share of the best that is possible (Burges and
// others: Learning to rank using gradient descent, 2005).
func (q judged) ndcg(ranking []string) float64 {
	gain := func(grade, place int) float64 { return (math.Exp2(float64(grade)) - 1) / math.Log2(float64(place+2)) }
	var got, best float64
	for place, address := range ranking[:min(places, len(ranking))] {
		got += gain(q.grades[address], place)
	}
	grades := []int{}
	for _, grade := range q.grades {
		grades = append(grades, grade)
	}
	slices.Sort(grades)
	slices.Reverse(grades)
	for place, grade := range grades[:min(places, len(grades))] {
		best += gain(grade, place)
	}
	return got / best
}

// recall is the share of relevant releases in the first places, of as many as fit there.
func (q judged) recall(ranking []string) float64 {
	found, known := 0, 0
	for _, address := range ranking[:min(places, len(ranking))] {
		if q.grades[address] >= relevant {
			found++
		}
	}
	for _, grade := range q.grades {
		if grade >= relevant {
			known++
		}
	}
	return float64(found) / float64(min(places, known))
}

// kindsOfQuestion are those that have a mean.
var kindsOfQuestion = []string{"all", "known", "topical"}

// means returns mean nDCG and recall of a kind of question.
func means(of []figures, kind string) [2]float64 {
	var sum [2]float64
	n := 0.0
	for _, f := range of {
		if kind == "all" || kind == f.kind {
			sum[0] += f.ndcg
			sum[1] += f.recall
			n++
		}
	}
	return [2]float64{sum[0] / n, sum[1] / n}
}

func meansOf(of []figures) string {
	var b strings.Builder
	for _, kind := range kindsOfQuestion {
		m := means(of, kind)
		fmt.Fprintf(&b, "mean %-8s nDCG@10 %.3f  recall@10 %.3f\n", kind, m[0], m[1])
	}
	return b.String()
}

func readMeans(t *testing.T, golden string) map[string][2]float64 {
	read := map[string][2]float64{}
	for line := range strings.Lines(golden) {
		var kind string
		var m [2]float64
		if n, _ := fmt.Sscanf(line, "mean %s nDCG@10 %f recall@10 %f", &kind, &m[0], &m[1]); n == 3 {
			read[kind] = m
		}
	}
	if len(read) != len(kindsOfQuestion) {
		t.Fatalf("%s has %d means, not %d", relevanceGolden, len(read), len(kindsOfQuestion))
	}
	return read
}

// goldenOf returns figures as they are kept: the means, then nDCG and recall of each.
func goldenOf(of []figures) string {
	var b strings.Builder
	b.WriteString(meansOf(of))
	for _, f := range of {
		fmt.Fprintf(&b, "%.3f  %.3f  %s: %s\n", f.ndcg, f.recall, f.kind, f.text)
	}
	return b.String()
}
