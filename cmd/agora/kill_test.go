package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"agora/index"
)

// killInput is how many releases the killed imports take in: more than one does between
// two kills.
const killInput = 5000

// kills returns how often an import is killed: a few times in every run of the tests, as
// often as AGORA_KILLS says in those that have the time (100 in .ci/run).
func kills(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("AGORA_KILLS"))
	if err != nil {
		return 10
	}
	return n
}

// TestImportSurvivesKills kills an import with SIGKILL at random moments and starts it
// again: nothing that was acknowledged is lost, nothing is there twice, the index equals
// the store, and importing once more changes nothing.
func TestImportSurvivesKills(t *testing.T) {
	rounds := kills(t)
	folder := t.TempDir()
	input := filepath.Join(folder, "releases.jsonl")
	writeReleases(t, input, killInput)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))

	archives, killed, data, held := 0, 0, "", 0
	for killed < rounds {
		if data == "" {
			archives++
			data, held = filepath.Join(folder, fmt.Sprint("archive", archives)), 0
		}
		finished := importAndKill(t, data, input, time.Duration(random.Int64N(int64(900*time.Millisecond))))
		now := heldIn(t, data)
		if now < held {
			t.Fatalf("after kill %d the archive holds %d releases, %d were acknowledged before", killed, now, held)
		}
		held = now
		if !finished {
			killed++
			if killed < rounds {
				continue
			}
		}
		checkComplete(t, data, input)
		data = ""
	}
	t.Logf("%d kills over %d archives", killed, archives)
}

// importAndKill runs an import and kills it after a while; it tells whether the import
// finished before.
func importAndKill(t *testing.T, data, input string, after time.Duration) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	output, err := exec.CommandContext(ctx, "agora", "--data", data, "import", input).CombinedOutput()
	if err != nil && ctx.Err() == nil {
		t.Fatalf("import failed by itself: %v\n%s", err, output)
	}
	return err == nil
}

// heldIn counts the releases of an archive that nobody uses.
func heldIn(t *testing.T, data string) int {
	t.Helper()
	a := &app{Data: data, Now: time.Now}
	if _, err := os.Stat(a.storePath()); os.IsNotExist(err) {
		return 0
	}
	store, err := a.openStore(t.Context(), false)
	if err != nil {
		t.Fatalf("the archive does not open after a kill: %v", err)
	}
	defer store.Close()
	n, err := store.Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// checkComplete lets the import finish and compares everything with everything.
func checkComplete(t *testing.T, data, input string) {
	t.Helper()
	for _, args := range [][]string{{"import", input}, {"verify"}, {"index", "check"}} {
		output, err := exec.CommandContext(t.Context(), "agora", append([]string{"--data", data}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, output)
		}
	}
	output, err := exec.CommandContext(t.Context(), "agora", "--data", data, "import", "--json", input).Output()
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ New, Edited, Unchanged, Known int }
	if err := json.Unmarshal(output, &report); err != nil {
		t.Fatal(err)
	}
	if report.Known != killInput || report.New+report.Edited+report.Unchanged != 0 {
		t.Fatalf("importing again did something: %+v", report)
	}
	checkLog(t, data)
}

// checkLog holds that each release is in the store once and entered the log once.
func checkLog(t *testing.T, data string) {
	t.Helper()
	a := &app{Data: data, Now: time.Now}
	store, err := a.openStore(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	changes, err := store.Changes(t.Context(), 0, 10*killInput)
	if err != nil {
		t.Fatal(err)
	}
	entered := map[string]int{}
	for _, c := range changes {
		if c.Kind == index.ChangeNew {
			entered[c.ReleaseID]++
		}
	}
	held := 0
	_, releases, err := store.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range releases {
		if err != nil {
			t.Fatal(err)
		}
		held++
		if entered[r.ID] != 1 {
			t.Errorf("%s entered the log %d times", r.ID, entered[r.ID])
		}
	}
	if held != killInput || len(entered) != killInput {
		t.Errorf("%d releases held and %d in the log, want %d", held, len(entered), killInput)
	}
}

// writeReleases writes n invented releases in the form of import.
func writeReleases(t testing.TB, path string, n int) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	offices := []string{"VA", "OR", "OH", "TX", "ME"}
	for i := range n {
		line, err := json.Marshal(map[string]any{
			"office": offices[i%len(offices)], "title": fmt.Sprintf("Notice %d on the harbour lanterns", i),
			"url":       fmt.Sprintf("https://www.example.org/notices/%d", i),
			"published": time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%1500).Format(time.DateOnly),
			"text":      fmt.Sprintf("Lantern keeper number %d asked the office for oil.\n\nThe office answered %d days later and sent a letter to the chandlers.", i, i%30),
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}
