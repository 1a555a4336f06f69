package warc_test

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/warc"
)

// Another reader of the format has to find the same records at the same offsets: the
// command warcio (npm or PyPI) in the path or named by AGORA_TEST_WARCIO.
func TestWarcioReadsOurFiles(t *testing.T) {
	program := os.Getenv("AGORA_TEST_WARCIO")
	if program == "" {
		found, err := exec.LookPath("warcio")
		if err != nil {
			t.Skip("skipped: the command warcio is not here")
		}
		program = found
	}
	dir := t.TempDir()
	w := newWriter(t, dir, warc.WriterOptions{})
	writeEveryType(t, w)
	closeWriter(t, w)
	path := files(t, dir)[0]
	out, err := exec.CommandContext(t.Context(), program, "index", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got, want []int64
	for _, m := range regexp.MustCompile(`"offset": ?"?(\d+)`).FindAllSubmatch(out, -1) {
		n, err := strconv.ParseInt(string(m[1]), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, n)
	}
	for _, r := range readFile(t, path) {
		want = append(want, r.Offset)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", out, diff)
	}
}
