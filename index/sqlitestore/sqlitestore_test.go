package sqlitestore_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/index"
	"agora/index/indextest"
	"agora/index/sqlitestore"
)

// writerFolder is the environment variable that makes this test program a writer that is
// to be killed: see TestKilledWriter.
const writerFolder = "AGORA_TEST_WRITER_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerFolder); dir != "" {
		fmt.Fprintln(os.Stderr, writeForEver(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// open opens the archive in dir; the test closes it.
func open(t testing.TB, dir string, now func() time.Time) *sqlitestore.Store {
	t.Helper()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(dir, "archive.db"), sqlitestore.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func TestStore(t *testing.T) {
	indextest.TestStore(t, func(t *testing.T, dir string, now func() time.Time) index.Store { return open(t, dir, now) })
}

// killedBatch is how many releases a killed writer saves at once.
const killedBatch = 5

// writeForEver saves batches and tells each on stdout once it is acknowledged.
func writeForEver(dir string) error {
	store, err := sqlitestore.Open(context.Background(), filepath.Join(dir, "archive.db"), sqlitestore.Options{})
	if err != nil {
		return err
	}
	held, err := store.Count(context.Background())
	for batch := held / killedBatch; err == nil; batch++ {
		var observations []index.Observation
		for n := range killedBatch {
			observations = append(observations, indextest.Observation("VA", batch*killedBatch+n))
		}
		if _, err = store.Save(context.Background(), observations); err == nil {
			_, err = fmt.Println(batch)
		}
	}
	return err
}

// TestKilledWriter kills a process that writes and looks whether all that it acknowledged
// is there, whole, and nothing else.
func TestKilledWriter(t *testing.T) {
	dir := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	for round := range 6 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), writerFolder+"="+dir)
		var trouble bytes.Buffer
		child.Stderr = &trouble
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		last, lines := "", bufio.NewScanner(out)
		for n := 1 + random.IntN(40); n > 0 && lines.Scan(); n-- {
			last = lines.Text()
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			last = lines.Text()
		}
		if err := child.Wait(); err == nil || last == "" {
			t.Fatalf("the writer was not killed while it wrote: %v, %s", err, &trouble)
		}
		var acknowledged int
		if _, err := fmt.Sscan(last, &acknowledged); err != nil {
			t.Fatal(err)
		}
		checkKilled(t, dir, round, acknowledged)
	}
}

func checkKilled(t *testing.T, dir string, round, acknowledged int) {
	t.Helper()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(dir, "archive.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	defer store.Close()
	count, err := store.Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	whole := (acknowledged + 1) * killedBatch
	// One batch more may be there, whose answer died with the process.
	if count != whole && count != whole+killedBatch {
		t.Errorf("round %d: %d releases, acknowledged were %d", round, count, whole)
	}
	sequence, err := store.Sequence(t.Context())
	if err != nil || sequence != int64(count) {
		t.Errorf("round %d: sequence %d of %d releases, %v", round, sequence, count, err)
	}
	for n := range whole {
		o := indextest.Observation("VA", n)
		if _, err := store.Release(t.Context(), index.MintID("VA", o.Addresses[0], index.MinIDDigits)); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
	findings, err := store.Check(t.Context())
	if err != nil || len(findings) > 0 {
		t.Errorf("round %d: check: %v, %q", round, err, findings)
	}
}

// TestOpenTogether lets several set up one new archive at the same moment.
func TestOpenTogether(t *testing.T) {
	for range 5 {
		dir := t.TempDir()
		ids := make([]string, 6)
		var opening sync.WaitGroup
		for i := range ids {
			opening.Go(func() {
				store, err := sqlitestore.Open(t.Context(), filepath.Join(dir, "archive.db"), sqlitestore.Options{})
				if err != nil {
					t.Error(err)
					return
				}
				ids[i] = store.ID()
				if err := store.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		opening.Wait()
		for _, id := range ids {
			if id != ids[0] || id == "" {
				t.Fatalf("ids differ: %q", ids)
			}
		}
	}
}

func TestOpenFails(t *testing.T) {
	write := func(t *testing.T, path string, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// foreign runs statements on a SQLite file.
	foreign := func(t *testing.T, path string, statements ...string) {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, statement := range statements {
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	cases := []struct {
		name     string
		readOnly bool
		prepare  func(t *testing.T, path string) string
		want     error
	}{
		{"newer program", false, func(t *testing.T, path string) string {
			open(t, filepath.Dir(path), nil).Close()
			foreign(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
			return path
		}, index.ErrNewer},
		{"newer program, read only", true, func(t *testing.T, path string) string {
			open(t, filepath.Dir(path), nil).Close()
			foreign(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
			return path
		}, index.ErrNewer},
		{"no SQLite file", false, func(t *testing.T, path string) string {
			write(t, path, []byte(strings.Repeat("these are words and no archive\n", 1000)))
			return path
		}, index.ErrDamaged},
		{"no SQLite file, read only", true, func(t *testing.T, path string) string {
			write(t, path, []byte(strings.Repeat("these are words and no archive\n", 1000)))
			return path
		}, index.ErrDamaged},
		{"file of another program", false, func(t *testing.T, path string) string {
			foreign(t, path, `CREATE TABLE bookmarks (url TEXT)`)
			return path
		}, index.ErrDamaged},
		{"goose file of another program", false, func(t *testing.T, path string) string {
			foreign(t, path, `CREATE TABLE goose_db_version (version_id INTEGER)`, `INSERT INTO goose_db_version VALUES (1)`)
			return path
		}, index.ErrDamaged},
		{"cut after its first page", false, func(t *testing.T, path string) string {
			open(t, filepath.Dir(path), nil).Close()
			if err := os.Truncate(path, 4096); err != nil {
				t.Fatal(err)
			}
			return path
		}, index.ErrDamaged},
		{"missing folder", false, func(_ *testing.T, path string) string { return filepath.Join(path, "none", "archive.db") }, index.ErrReadOnly},
		{"missing file, read only", true, func(_ *testing.T, path string) string { return path }, index.ErrNotFound},
		{"folder in its place", false, func(t *testing.T, path string) string { return t.TempDir() }, index.ErrReadOnly},
		{"folder without permission", false, func(t *testing.T, path string) string {
			if os.Getuid() == 0 {
				t.Skip("skipped: permissions do not hold for root")
			}
			if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
				t.Fatal(err)
			}
			return path
		}, index.ErrReadOnly},
		{"file without permission", false, func(t *testing.T, path string) string {
			if os.Getuid() == 0 {
				t.Skip("skipped: permissions do not hold for root")
			}
			open(t, filepath.Dir(path), nil).Close()
			if err := os.Chmod(path, 0o400); err != nil {
				t.Fatal(err)
			}
			return path
		}, index.ErrReadOnly},
	}
	for _, c := range cases {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			path := c.prepare(t, filepath.Join(t.TempDir(), "archive.db"))
			store, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{ReadOnly: c.readOnly})
			if err == nil {
				store.Close()
			}
			if !errors.Is(err, c.want) {
				t.Fatalf("error is %v, want %v", err, c.want)
			}
			if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), path) {
				t.Errorf("error is not one line that names the file: %q", err)
			}
			t.Log(err)
		})
	}
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	writer := open(t, dir, nil)
	saved, err := writer.Save(t.Context(), []index.Observation{indextest.Observation("VA", 1)})
	if err != nil {
		t.Fatal(err)
	}
	for _, beside := range []bool{true, false} {
		if !beside {
			if err := writer.Close(); err != nil {
				t.Fatal(err)
			}
		}
		reader, err := sqlitestore.Open(t.Context(), filepath.Join(dir, "archive.db"), sqlitestore.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := reader.Release(t.Context(), saved[0].ReleaseID); err != nil {
			t.Error(err)
		}
		_, err = reader.Save(t.Context(), []index.Observation{indextest.Observation("VA", 2)})
		if !errors.Is(err, index.ErrReadOnly) {
			t.Errorf("save: %v", err)
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestStrangePaths opens archives whose paths have signs that mean something in a data
// source name.
func TestStrangePaths(t *testing.T) {
	for _, name := range []string{"a b", "50%", "what?", "no#1", "ä&ö=x", "%41"} {
		dir := filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		open(t, dir, nil)
		if _, err := os.Stat(filepath.Join(dir, "archive.db")); err != nil {
			t.Error(err)
		}
	}
}

// TestCheckFinds breaks an archive and looks whether Check says so.
func TestCheckFinds(t *testing.T) {
	breaks := map[string]string{
		"newest capture is not the last": `UPDATE release SET newest = (SELECT MIN(id) FROM capture)`,
		"first capture is wrong":         `UPDATE release SET first_seen = first_seen + 1`,
		"version is wrong":               `UPDATE release SET changed = changed - 1`,
		"is torn":                        `UPDATE capture SET version = 2 WHERE id = 1; UPDATE capture SET version = 1 WHERE id = 2; UPDATE capture SET version = 2 WHERE id = 3`,
		"above the highest":              `UPDATE release SET last_version = 0`,
		"seen last before":               `UPDATE release SET last_seen = 5`,
		"reading is not held":            `DELETE FROM reading WHERE id = 1`,
		"is not what was stored":         `UPDATE reading SET title = 'spoilt' WHERE id = 1`,
		"tell that it is new":            `UPDATE change SET kind = 'edited'`,
		"entries and ends with":          `DELETE FROM change WHERE sequence = 1`,
		"sums are wrong":                 `UPDATE office SET undated = undated + 1`,
		"address: a row names a release": `UPDATE address SET release_id = 'va-none'`,
		"visit: a row names a release":   `UPDATE visit SET release_id = 'va-none'`,
		"robots: a row names a host":     `DELETE FROM host`,
		"change: row 1 names a release":  `UPDATE change SET release_id = 'va-none'`,
		"visits are counted wrong":       `UPDATE visit_count SET count = count - 1`,
		"counts visits that":             `DELETE FROM visit`,
		"visit of a: there is no kind":   `UPDATE visit SET kind = 'pages'`,
	}
	for want, statement := range breaks {
		dir := t.TempDir()
		store := open(t, dir, nil)
		for _, text := range []string{"a", "b", "c"} {
			o := indextest.Observation("VA", 1, indextest.At(time.Duration(text[0])*time.Hour), indextest.Saying(text))
			if _, err := store.Save(t.Context(), []index.Observation{o}); err != nil {
				t.Fatal(err)
			}
		}
		err := errors.Join(
			store.SaveVisits(t.Context(), []index.Visit{{Office: "VA", Address: "a", Kind: index.VisitPage}}),
			store.SaveHosts(t.Context(), []index.Host{{Name: "ag.va.example", Robots: []index.RobotsFile{{Origin: "https://ag.va.example"}}}}))
		if err != nil {
			t.Fatal(err)
		}
		if findings, err := store.Check(t.Context()); err != nil || len(findings) != 0 {
			t.Fatalf("check of a sound archive: %v, %q", err, findings)
		}
		db, err := sql.Open("sqlite", filepath.Join(dir, "archive.db"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		db.Close()
		findings, err := store.Check(t.Context())
		if err != nil || !strings.Contains(strings.Join(findings, "\n"), want) {
			t.Errorf("%s: check finds %q, %v; want %q", statement, findings, err, want)
		}
	}
}

// TestDamagedPages overwrites pages of an archive: nothing panics, and what fails says
// that it is damaged.
func TestDamagedPages(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "archive.db")
	store := open(t, dir, nil)
	fill(t, store, 300)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 12 {
		broken := bytes.Clone(sound)
		for range 4 {
			at := 4096 * (1 + random.IntN(len(broken)/4096-1))
			for i := range 512 {
				broken[at+i] = byte(random.Uint32())
			}
		}
		broken = broken[:len(broken)-4096*random.IntN(4)]
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		damaged, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
		if err != nil {
			if !errors.Is(err, index.ErrDamaged) {
				t.Errorf("open: %v", err)
			}
			found++
			continue
		}
		findings, err := damaged.Check(t.Context())
		if err != nil {
			t.Errorf("check: %v", err)
		}
		if len(findings) > 0 {
			found++
		}
		_, releases, err := damaged.All(t.Context())
		if err == nil {
			for _, err = range releases {
				if err != nil {
					break
				}
			}
		}
		if err != nil && !errors.Is(err, index.ErrDamaged) && !errors.Is(err, index.ErrNotFound) {
			t.Errorf("stream: %v", err)
		}
		if err := damaged.Close(); err != nil && !errors.Is(err, index.ErrDamaged) {
			t.Errorf("close: %v", err)
		}
	}
	if found != 12 {
		t.Errorf("damage was found in %d of 12 files", found)
	}
}

func TestBackupRefuses(t *testing.T) {
	dir := t.TempDir()
	store := open(t, dir, nil)
	if err := store.Backup(t.Context(), dir); !errors.Is(err, index.ErrInvalid) {
		t.Errorf("backup over the archive itself: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.partial")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
