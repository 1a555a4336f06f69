package bleveindex_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"agora/index"
	"agora/index/bleveindex"
	"agora/index/indextest"
)

func open(t *testing.T, dir string) *bleveindex.Engine {
	t.Helper()
	e, err := bleveindex.Open(t.Context(), dir, bleveindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// small makes an index of a few releases and returns its folder, closed.
func small(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	e := open(t, dir)
	for n := range 3 {
		if err := e.Apply(t.Context(), []index.Release{indextest.Release("VA", n)}, "store", int64(n+1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOpenLocked(t *testing.T) {
	dir := small(t)
	e := open(t, dir)
	if _, err := bleveindex.Open(t.Context(), dir, bleveindex.Options{}); !errors.Is(err, index.ErrLocked) {
		t.Errorf("second Open: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestOpenDamaged(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, dir string){
		"current names nothing": func(t *testing.T, dir string) { write(t, filepath.Join(dir, "current"), "index-77\n") },
		"current is nonsense":   func(t *testing.T, dir string) { write(t, filepath.Join(dir, "current"), "../../x") },
		"segment is gone":       func(t *testing.T, dir string) { each(t, dir, "*.zap", os.Remove) },
		"segment is cut": func(t *testing.T, dir string) {
			each(t, dir, "*.zap", func(f string) error { return os.Truncate(f, 10) })
		},
		"segment is nonsense": func(t *testing.T, dir string) {
			each(t, dir, "*.zap", func(f string) error { return os.WriteFile(f, []byte(strings.Repeat("x", 5000)), 0o600) })
		},
		"list is gone": func(t *testing.T, dir string) { each(t, dir, "root.bolt", os.Remove) },
		"list is nonsense": func(t *testing.T, dir string) {
			each(t, dir, "root.bolt", func(f string) error { return os.WriteFile(f, []byte(strings.Repeat("x", 70000)), 0o600) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := small(t)
			damage(t, dir)
			e, err := bleveindex.Open(t.Context(), dir, bleveindex.Options{})
			if err == nil { // a snapshot of before the damage, whose state says so
				state, _ := e.State(t.Context())
				e.Close()
				if int64(state.Releases) != state.Sequence || state.Sequence >= 3 {
					t.Fatalf("opened with %+v", state)
				}
				return
			}
			if !errors.Is(err, index.ErrDamaged) {
				t.Fatalf("Open: %v", err)
			}
			if err := bleveindex.Remove(dir); err != nil {
				t.Fatal(err)
			}
			state, err := open(t, dir).State(t.Context())
			if err != nil || state.Sequence != 0 || state.Schema != bleveindex.Schema {
				t.Errorf("after Remove: %+v, %v", state, err)
			}
		})
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func each(t *testing.T, dir, pattern string, f func(file string) error) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "index-*", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	for _, file := range files {
		if err := f(file); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenReadOnly(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("skipped: the superuser may write anywhere")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := bleveindex.Open(t.Context(), filepath.Join(dir, "index"), bleveindex.Options{}); !errors.Is(err, index.ErrReadOnly) {
		t.Errorf("Open: %v", err)
	}
}

func TestOpenSweeps(t *testing.T) {
	dir := small(t)
	rubble := filepath.Join(dir, "index-9")
	if err := os.Mkdir(rubble, 0o700); err != nil {
		t.Fatal(err)
	}
	state, err := open(t, dir).State(t.Context())
	if err != nil || state.Releases != 3 {
		t.Errorf("%+v, %v", state, err)
	}
	if _, err := os.Stat(rubble); !os.IsNotExist(err) {
		t.Errorf("the rest of a rebuild is still there: %v", err)
	}
}

// killedDir tells the test binary to be the process that is killed.
const killedDir = "AGORA_TEST_KILLED_DIR"

// TestKilled kills a process that writes and then finds all that it had acknowledged, and
// of a write either all or nothing.
func TestKilled(t *testing.T) {
	if dir := os.Getenv(killedDir); dir != "" {
		writeForEver(t, dir)
		return
	}
	dir := t.TempDir()
	acknowledged := int64(0)
	for round := range 4 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$")
		child.Env = append(os.Environ(), killedDir+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range round*3 + 2 {
			if !lines.Scan() {
				t.Fatal("the writing process ended")
			}
			if _, err := fmt.Sscanf(lines.Text(), "written %d", &acknowledged); err != nil {
				t.Fatalf("%q: %v", lines.Text(), err)
			}
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := child.Wait(); err == nil {
			t.Error("the writing process ended by itself")
		}
		e := open(t, dir)
		state, err := e.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found, err := e.Search(t.Context(), index.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if state.Sequence < acknowledged || int64(found.Total) != state.Sequence || found.Total != state.Releases {
			t.Errorf("acknowledged %d, state %+v, found %d", acknowledged, state, found.Total)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// writeForEver adds five releases at a time; the sequence is how many there are.
func writeForEver(t *testing.T, dir string) {
	e := open(t, dir)
	state, err := e.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n := state.Releases; ; n += 5 {
		var releases []index.Release
		for i := range 5 {
			releases = append(releases, indextest.Release("VA", n+i))
		}
		if err := e.Apply(t.Context(), releases, "store", int64(n+5)); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("written %d\n", n+5)
	}
}
