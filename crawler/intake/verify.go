package intake

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Verify compares the captures with their digests and the store with the captures. It
// yields one line for each finding through found, and returns how many captures it read.
func (c *Intake) Verify(ctx context.Context, found func(line string)) (captures int, err error) {
	lines, err := c.Store.Check(ctx)
	if err != nil {
		return 0, err
	}
	for _, line := range lines {
		found("store: " + line)
	}
	named := map[string]bool{}
	for capture, err := range c.Store.AllCaptures(ctx) {
		if err != nil {
			return captures, err
		}
		captures++
		named[capture.File] = true
		doc, err := c.Stored(capture)
		switch {
		case err != nil:
			found(fmt.Sprintf("capture %d: %v", capture.ID, err))
		case doc.SHA256 != capture.SHA256:
			found(fmt.Sprintf("capture %d in %s at %d: its bytes have changed (digest %s, recorded %s)", capture.ID, capture.File, capture.Offset, doc.SHA256, capture.SHA256))
		}
		if c.Progress != nil {
			c.Progress(captures, 0)
		}
	}
	entries, err := os.ReadDir(c.Captures)
	if err != nil && !os.IsNotExist(err) {
		return captures, err
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".warc.gz") && !named[e.Name()] {
			c.Logger.Info("no capture of the store lies in " + filepath.Base(e.Name()) + "; it may hold the last bytes of a run that was cut off")
		}
	}
	return captures, nil
}
