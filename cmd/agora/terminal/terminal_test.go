package terminal

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrapAndMarks(t *testing.T) {
	if diff := cmp.Diff("one two\n  three\n  four", wrap("one  two three four", 9, 2)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("a \x1b[1mb & c\x1b[0m  [31m", marked("a <mark>b &amp; c</mark> \x1b[31m", true)); diff != "" {
		t.Error(diff)
	}
}
