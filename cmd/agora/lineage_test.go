package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"agora/index"
	"agora/index/indextest"
)

// TestIndexAfterRestore puts a backup of the store in place while the index stays, and
// goes on with other releases: the log gives sequences again that the index has seen.
func TestIndexAfterRestore(t *testing.T) {
	tests := []struct {
		name  string
		later []int // releases saved after the restore, at sequences from 6
	}{
		{"nothing", nil},
		{"fewer than were lost", []int{20, 21}},
		{"as many as were lost", []int{20, 21, 22, 23, 24}},
		{"more than were lost", []int{20, 21, 22, 23, 24, 25, 26}},
		{"those that were lost, in their order", []int{5, 6, 7, 8, 9}},
		{"those that were lost, and others", []int{5, 6, 7, 8, 9, 20}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newApp(t)
			now := indextest.Start.AddDate(1, 0, 0)
			a.Now = func() time.Time {
				now = now.Add(time.Second)
				return now
			}
			backup := t.TempDir()
			saveReleases(t, a, 0, 1, 2, 3, 4)
			store, err := a.openStore(t.Context(), false)
			if err != nil {
				t.Fatal(err)
			}
			if err := store.Backup(t.Context(), backup); err != nil {
				t.Fatal(err)
			}
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			saveReleases(t, a, 5, 6, 7, 8, 9)
			syncedEqual(t, a)

			for _, rest := range []string{"-wal", "-shm"} {
				if err := os.RemoveAll(a.storePath() + rest); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Remove(a.storePath()); err != nil {
				t.Fatal(err)
			}
			if err := copyFile(a.storePath(), filepath.Join(backup, filepath.Base(a.storePath()))); err != nil {
				t.Fatal(err)
			}
			saveReleases(t, a, tt.later...)
			status, err := a.indexStatus(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if status.InStep {
				t.Errorf("after the restore the index counts as in step: %+v", status)
			}
			syncedEqual(t, a)
		})
	}
}

// saveReleases saves releases of an office, by number, and leaves the index alone.
func saveReleases(t *testing.T, a *app, numbers ...int) {
	t.Helper()
	store, err := a.openStore(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	var observations []index.Observation
	for _, n := range numbers {
		observations = append(observations, indextest.Observation("VA", n))
	}
	if _, err := store.Save(t.Context(), observations); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// syncedEqual brings the index in step and holds that it equals the store and says so.
func syncedEqual(t *testing.T, a *app) {
	t.Helper()
	ar, _, err := a.openArchive(t.Context(), "test", false)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.sync(t.Context(), ar); err != nil {
		t.Fatal(err)
	}
	said := new(bytes.Buffer)
	a.Stdout = said
	differences, err := a.compareIndex(t.Context(), ar)
	if err != nil || differences != 0 {
		t.Errorf("the index differs from the store in %d places, %v:\n%s", differences, err, said)
	}
	if err := ar.Close(); err != nil {
		t.Fatal(err)
	}
	status, err := a.indexStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !status.InStep || status.Index.Sequence != status.Sequence || status.Index.Releases != status.Releases {
		t.Errorf("after Sync: %+v", status)
	}
}
