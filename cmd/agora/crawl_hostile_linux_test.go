package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// hostileMemory is what a pass over a hostile site may take, in KiB.
const hostileMemory = 300 << 10

// hostileSite has releases and, among them, everything that a site can do to a crawler.
type hostileSite struct {
	*townSite
	bomb []byte
}

// ServeHTTP answers.
func (s *hostileSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page := strings.TrimPrefix(r.URL.Path, "/news/")
	switch {
	case r.URL.Path == "/news":
		fmt.Fprint(w, "<!doctype html><html><body><main><h1>News releases</h1>")
		for _, trap := range []string{"bomb", "loop", "junk", "nested", "short", "calendar?day=1", "away", "latin"} {
			fmt.Fprintf(w, `<div class="row"><h3><a href="/news/%s">A headline that leads to a trap, %s</a></h3><span>January 2, 2019</span></div>`, trap, trap)
		}
		for n := s.releases; n > 0; n-- {
			fmt.Fprintf(w, `<div class="row"><h3><a href="/news/lantern-%d">%s</a></h3><span>%s</span></div>`, n, townHeadline(n), townDay(n))
		}
		fmt.Fprint(w, `<a rel="next" href="/news/calendar?day=1">Next</a></main></body></html>`)
	case page == "bomb":
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(s.bomb)
	case page == "loop":
		http.Redirect(w, r, "/news/loop", http.StatusFound)
	case page == "junk":
		fmt.Fprint(w, "<html><body>"+strings.Repeat(`<p>junk <a href="/x">and a link</a></p>`, 15<<20/40))
	case page == "nested":
		fmt.Fprint(w, "<html><body>"+strings.Repeat("<div><table><tr><td>", 15<<20/20))
	case page == "short":
		w.Header().Set("Content-Length", "100000")
		fmt.Fprint(w, "<html><body><h1>It ends here</h1>")
	case strings.HasPrefix(page, "calendar"):
		day := 1
		_, _ = fmt.Sscan(r.URL.Query().Get("day"), &day)
		fmt.Fprintf(w, `<html><body><h1>Day %[1]d</h1><p>Nothing.</p><a rel="next" href="/news/calendar?day=%[2]d">Next</a></body></html>`, day, day+1)
	case page == "away":
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	case page == "latin":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, strings.ReplaceAll(townRelease(s.releases+1), "“", "\x93"))
	default:
		s.townSite.ServeHTTP(w, r)
	}
}

// TestCrawlOfAHostileSite: a pass over a site full of traps ends, takes little memory, and
// brings everything else.
func TestCrawlOfAHostileSite(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, with which short tests run, takes several times the memory")
	}
	var bomb bytes.Buffer
	z, err := gzip.NewWriterLevel(&bomb, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s := &hostileSite{&townSite{releases: 40, asked: map[string]int{}}, bomb.Bytes()}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	data := t.TempDir()
	command := exec.CommandContext(t.Context(), "agora", "--data", data, "crawl", "--only", s.catalogue(t), "--allow-private", "--min-delay", "0s")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Skip("the system does not tell what a process took")
	}
	t.Logf("peak memory %d MiB\n%s", usage.Maxrss>>10, output)
	if usage.Maxrss > hostileMemory {
		t.Errorf("the pass took %d MiB", usage.Maxrss>>10)
	}
	if n := heldIn(t, data); n != s.releases+1 {
		t.Errorf("%d releases are held, want %d", n, s.releases+1)
	}
}
