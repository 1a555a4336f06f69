package main

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestFullDisk imports into a file system that is too small: one line says so, the exit
// code is that of a failure, and what was acknowledged before is there.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=3m"); err != nil {
		t.Skipf("skipped: a small file system can't be mounted here (%v); needs root", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	input := filepath.Join(t.TempDir(), "releases.jsonl")
	writeReleases(t, input, killInput)
	data := filepath.Join(disk, "archive")
	output, err := exec.CommandContext(t.Context(), "agora", "--data", data, "import", input).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
		t.Fatalf("import on a full disk: %v, want exit code %d\n%s", err, exitFailed, output)
	}
	last := lastLine(string(output))
	if !strings.Contains(last, "full") && !strings.Contains(last, "no space") {
		t.Errorf("the last line does not say that the disk is full: %s", last)
	}
	t.Logf("held after the disk was full: %d releases; said: %s", heldIn(t, data), last)
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
