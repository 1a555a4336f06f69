package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"sync/atomic"
	"testing"
	"time"
)

// TestBenchStops: whoever stops a bench finds nothing left of it. The clock that the
// store asks stops it in the middle of its work.
func TestBenchStops(t *testing.T) {
	for _, at := range []int64{1, 3, 200} {
		folder := t.TempDir()
		t.Setenv("TMPDIR", folder)
		ctx, cancel := context.WithCancel(t.Context())
		var asked atomic.Int64
		var said bytes.Buffer
		a := &app{Stdout: &said, Stderr: &said, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time {
			if asked.Add(1) == at {
				cancel()
			}
			return time.Now()
		}}
		err := (&benchCommand{Releases: 3000, Seed: 1, Repeat: 1, Changes: 10}).Run(ctx, a)
		cancel()
		if code := finish(ctx, err, &said); code != exitFailed || !errors.Is(err, errBenchStopped) {
			t.Errorf("stopped at %d: exit %d, %v", at, code, err)
		}
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("stopped at %d: %v is left, %v", at, left, err)
		}
	}
}
