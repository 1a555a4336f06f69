package intake

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"agora/crawler/enrich"
	"agora/crawler/office"
	"agora/crawler/source"
	"agora/crawler/warc"
	"agora/index"
	"agora/index/sqlitestore"
)

// noon is when the tests import.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// newIntake opens a collector on a new archive in a temporary folder, with an invented
// office beside the embedded ones.
func newIntake(t testing.TB) *Intake {
	t.Helper()
	folder := t.TempDir()
	now := func() time.Time { return noon }
	store, err := sqlitestore.Open(t.Context(), filepath.Join(folder, "archive.db"), sqlitestore.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	catalogue, err := office.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	catalogue = catalogue.With([]office.Office{testOffice(t, "h1")})
	enricher, err := enrich.New(catalogue)
	if err != nil {
		t.Fatal(err)
	}
	return &Intake{
		Store: store, Captures: filepath.Join(folder, "captures"), Catalogue: catalogue, Enricher: enricher,
		Program: "Agora/test", Now: now, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

// testOffice is Guam's office as if it published on a host of the test; title is the
// selector of its headings.
func testOffice(t testing.TB, title string) office.Office {
	t.Helper()
	offices, err := office.Read(strings.NewReader(fmt.Sprintf(`
- id: GU
  name: Guam
  office: Office of the Attorney General of Guam
  home: https://gu.example.org/
  timezone: Pacific/Guam
  sources:
  - {kind: listing, url: "https://gu.example.org/news", item: "li.row", link: "a", date: "time", date_layout: "January 2, 2006"}
  page: {title: %q, body: "div.body", match: "^https://gu\\.example\\.org/news/[a-z0-9-]+$"}
`, title)))
	if err != nil {
		t.Fatal(err)
	}
	return offices[0]
}

// release is a page of the invented office; it gives no date.
func release(title, text string) string {
	return `<!DOCTYPE html><html lang="en"><head><title>` + title + ` - Attorney General of Guam</title></head><body>
<nav><a href="/">Home</a></nav><h1>` + title + `</h1><h2 class="alt">` + title + ` again</h2><div class="body"><p>HAGATNA, Guam - Attorney General Orla Fenwick spoke. ` + text +
		`</p><p>Keepers of lanterns along the reef may write to the office, which answers every letter within two weeks of its arrival.</p></div></body></html>`
}

// listing is the office's list; each row is an address and the date as written.
func listing(rows ...[2]string) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html><head><title>News</title></head><body><h1>News</h1><ul>`)
	for _, r := range rows {
		fmt.Fprintf(&b, `<li class="row"><a href="%s">Notice</a> <time>%s</time></li>`, r[0], r[1])
	}
	b.WriteString(`</ul></body></html>`)
	return b.String()
}

// captured is a page captured some hours after the first day of the tests' year.
type captured struct {
	url   string
	hours int
	body  string
}

func (c captured) time() time.Time {
	return time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC).Add(time.Duration(c.hours) * time.Hour)
}

// warcFile writes pages as resource records and returns the file's path.
func warcFile(t testing.TB, pages ...captured) string {
	t.Helper()
	folder := t.TempDir()
	w, err := warc.NewWriter(folder, warc.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var at warc.Location
	for _, p := range pages {
		if at, err = w.WriteResource(p.url, "text/html; charset=utf-8", p.time(), []byte(p.body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, at.File)
}

// imported imports and returns the report without what the archive lists by name.
func imported(t testing.TB, c *Intake, sources ...string) ImportReport {
	t.Helper()
	report, err := c.Import(t.Context(), ImportOptions{Sources: sources})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// held returns the release of the tests' usual address.
func held(t testing.TB, c *Intake) index.Release {
	t.Helper()
	id, err := c.Store.Find(t.Context(), reef)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Store.Release(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const reef = "https://gu.example.org/news/reef-lanterns"

// TestListingsDateReleasesInAnyOrder holds that a listing dates releases that stand
// before it in the file.
func TestListingsDateReleasesInAnyOrder(t *testing.T) {
	page := captured{reef, 1, release("Reef lanterns", "The office asked for more lanterns along the reef before the storms.")}
	list := captured{"https://gu.example.org/news", 2, listing([2]string{"/news/reef-lanterns", "January 5, 2026"})}
	for name, pages := range map[string][]captured{"listing first": {list, page}, "listing last": {page, list}} {
		t.Run(name, func(t *testing.T) {
			c := newIntake(t)
			file := warcFile(t, pages...)
			report := imported(t, c, file)
			if report.New != 1 || report.Listings != 1 || len(report.Failures) > 0 {
				t.Fatalf("report %+v", report)
			}
			r := held(t, c)
			if r.Published != "2026-01-05" || r.PublishedSource != "listing" {
				t.Errorf("published %q by %q, want the listing's day", r.Published, r.PublishedSource)
			}
			before, _ := c.Store.Sequence(t.Context())
			again := imported(t, c, file)
			after, _ := c.Store.Sequence(t.Context())
			if again.New+again.Edited+again.Unchanged != 0 || before != after {
				t.Errorf("importing again did something: %+v, log from %d to %d", again, before, after)
			}
		})
	}
}

// TestCapturesInOrderOfTime holds that captures of an address become versions as they
// happened, however they stand in the file.
func TestCapturesInOrderOfTime(t *testing.T) {
	first := captured{reef, 1, release("Reef lanterns", "The office asked for ten lanterns along the reef before the storms came.")}
	second := captured{reef, 5, release("Reef lanterns", "The office asked for twelve lanterns along the reef before the storms came.")}
	nonce := captured{reef, 7, strings.Replace(second.body, "<body>", "<body><!-- 8f3a --><script>visit(77)</script>", 1)}
	for _, pages := range [][]captured{{first, second, nonce}, {nonce, first, second}, {second, nonce, first}} {
		c := newIntake(t)
		report := imported(t, c, warcFile(t, pages...))
		if report.New != 1 || report.Edited != 1 || report.Unchanged != 1 {
			t.Fatalf("report %+v", report)
		}
		versions, err := c.Store.Versions(t.Context(), held(t, c).ID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range versions {
			got = append(got, fmt.Sprintf("%d since %s", v.Number, v.Changed.Format(time.RFC3339)))
		}
		want := []string{"1 since " + first.time().Format(time.RFC3339), "2 since " + second.time().Format(time.RFC3339)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestOneMember holds the same for a file that is one gzip member, whose records can't be
// read alone.
func TestOneMember(t *testing.T) {
	pages := []captured{
		{reef, 9, release("Reef lanterns", "The office asked for twelve lanterns along the reef before the storms came.")},
		{reef, 1, release("Reef lanterns", "The office asked for ten lanterns along the reef before the storms came.")},
	}
	members, err := os.Open(warcFile(t, pages...))
	if err != nil {
		t.Fatal(err)
	}
	defer members.Close()
	plain, err := gzip.NewReader(members)
	if err != nil {
		t.Fatal(err)
	}
	var whole bytes.Buffer
	one := gzip.NewWriter(&whole)
	if _, err := io.Copy(one, plain); err != nil {
		t.Fatal(err)
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "one.warc.gz")
	if err := os.WriteFile(path, whole.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	c := newIntake(t)
	report := imported(t, c, path)
	if r := held(t, c); report.New != 1 || report.Edited != 1 || r.Version != 2 || !strings.Contains(r.Text, "twelve") {
		t.Errorf("version %d, report %+v", r.Version, report)
	}
}

// TestBetterRulesMakeNoVersion changes the office's selector between two captures of the
// same page: the old capture is read again by the new rule, and no edit is seen.
func TestBetterRulesMakeNoVersion(t *testing.T) {
	c := newIntake(t)
	page := release("Reef lanterns", "The office asked for more lanterns along the reef before the storms.")
	imported(t, c, warcFile(t, captured{reef, 1, page}))

	changed := newIntake(t)
	changed.Store, changed.Captures = c.Store, c.Captures
	changed.Catalogue = c.Catalogue.With([]office.Office{testOffice(t, "h2.alt")})
	report := imported(t, changed, warcFile(t, captured{reef, 9, page}))
	if report.Edited != 0 || report.Unchanged != 1 {
		t.Errorf("report %+v, want one unchanged capture", report)
	}
	if r := held(t, changed); r.Version != 1 || r.Title != "Reef lanterns again" {
		t.Errorf("version %d, title %q", r.Version, r.Title)
	}
	reread, err := changed.Reread(t.Context())
	if err != nil || reread.Changed != 0 || reread.Captures != 2 || len(reread.Failures) > 0 {
		t.Errorf("reread %+v, %v", reread, err)
	}
}

// TestPagesAndLines imports a release as a page and as a line of JSON: the page is the
// evidence, and the line of the same release neither edits it nor stops the import.
func TestPagesAndLines(t *testing.T) {
	c := newIntake(t)
	page := warcFile(t, captured{reef, 1, release("Reef lanterns", "The office asked for more lanterns along the reef before the storms.")})
	imported(t, c, page)
	text := held(t, c).Text
	lines := func(texts ...string) string {
		path := filepath.Join(t.TempDir(), "lines.jsonl")
		var b strings.Builder
		for _, text := range texts {
			fmt.Fprintf(&b, `{"office":"GU","title":"Reef lanterns","url":%q,"published":"2026-01-05","text":%q}`+"\n", reef, text)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if report := imported(t, c, lines(text)); report.Known != 1 || len(report.Failures) > 0 {
		t.Errorf("the same words as a line: %+v", report)
	}
	report := imported(t, c, lines("Other words."))
	if len(report.Failures) != 1 || !strings.Contains(report.Failures[0].String(), "does not replace it") {
		t.Errorf("other words as a line: %+v", report)
	}
	if r := held(t, c); r.Version != 1 || r.Text != text {
		t.Errorf("version %d, text %q", r.Version, r.Text)
	}

	// The other way round the page is taken in: as the same version where the words agree.
	c = newIntake(t)
	imported(t, c, lines(text))
	if report := imported(t, c, page); report.Unchanged != 1 || len(report.Failures) > 0 {
		t.Errorf("the page after its line: %+v", report)
	}
	c = newIntake(t)
	imported(t, c, lines("Other words."), page)
	if _, err := c.Reread(t.Context()); err != nil {
		t.Error(err)
	}
	if versions, err := c.Store.Versions(t.Context(), held(t, c).ID); err != nil || len(versions) != 2 {
		t.Errorf("%d versions, %v; want the page's words and the line's", len(versions), err)
	}
}

// TestUnknownHost reads a page whose office is known by its words alone: reading it again
// reads it the same way, and a later capture can be compared with it.
func TestUnknownHost(t *testing.T) {
	c := newIntake(t)
	page := strings.ReplaceAll(release("Pier lamps", "RICHMOND, Va. – The Office of the Attorney General of Virginia asked for lamps on the pier."), "of Guam", "of Virginia")
	page = strings.ReplaceAll(page, "HAGATNA, Guam - Attorney General Orla Fenwick spoke. ", "")
	const address = "https://news.example.net/press-releases/pier-lamps"
	imported(t, c, warcFile(t, captured{address, 1, page}))
	if report, err := c.Reread(t.Context()); err != nil || report.Changed+report.New+report.Lost+len(report.Failures) != 0 {
		t.Errorf("reread %+v, %v", report, err)
	}
	report := imported(t, c, warcFile(t, captured{address, 9, page}))
	if report.Unchanged != 1 || len(report.Failures) > 0 {
		t.Errorf("a later capture: %+v", report)
	}
}

// TestHostNames holds that other names of an office's host lead to the same release.
func TestHostNames(t *testing.T) {
	c := newIntake(t)
	page := release("Reef lanterns", "The office asked for more lanterns along the reef before the storms.")
	report := imported(t, c, warcFile(t, captured{"http://www.gu.example.org/news/reef-lanterns", 1, page}, captured{reef, 2, page}))
	if report.New != 1 || report.Unchanged != 1 {
		t.Errorf("report %+v", report)
	}
}

// TestLostCaptureStopsNothing holds that a capture that can't be read again, when one is
// to be compared with it, fails that one alone.
func TestLostCaptureStopsNothing(t *testing.T) {
	c := newIntake(t)
	page := release("Reef lanterns", "The office asked for more lanterns along the reef before the storms.")
	imported(t, c, warcFile(t, captured{reef, 1, page}))
	if err := os.RemoveAll(c.Captures); err != nil {
		t.Fatal(err)
	}
	changed := newIntake(t)
	changed.Store, changed.Captures = c.Store, c.Captures
	changed.Catalogue = c.Catalogue.With([]office.Office{testOffice(t, "h2.alt")})
	other := captured{"https://gu.example.org/news/second-notice", 2, release("Second notice", "The office asked the keepers to trim their wicks every evening at dusk.")}
	report := imported(t, changed, warcFile(t, captured{reef, 9, page}, other))
	if report.New != 1 || len(report.Failures) != 1 {
		t.Errorf("report %+v", report)
	}
}

// TestPublished reads dates of lines.
func TestPublished(t *testing.T) {
	guam := time.FixedZone("Guam", 10*3600)
	for written, want := range map[string]string{
		"2023-02-08": "2023-02-08 day", "2023-02": "2023-02-01 month", "2023": "2023-01-01 year",
		"2023-02-08T00:00:00Z": "2023-02-08 day", "2023-02-08T20:30:00Z": "2023-02-09 day",
		"2023-02-08T10:00:00": "2023-02-08 day", "2023-02-30": " ", "February 8": " ",
	} {
		day, precision := parsePublished(written, guam)
		if got := string(day) + " " + precision; got != want {
			t.Errorf("%s: %q, want %q", written, got, want)
		}
	}
}

// TestBadFiles holds that what can't be read is named and that the rest goes on.
func TestBadFiles(t *testing.T) {
	good := captured{reef, 1, release("Reef lanterns", "The office asked for more lanterns along the reef before the storms.")}
	other := captured{"https://gu.example.org/news/second-notice", 2, release("Second notice", "The office asked the keepers to trim their wicks every evening at dusk.")}
	whole, err := os.ReadFile(warcFile(t, good, other))
	if err != nil {
		t.Fatal(err)
	}
	plain := "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: " + reef + "\r\nWARC-Date: 2026-01-10T00:00:00Z\r\n" +
		"WARC-Record-ID: <urn:uuid:6d058047-ede2-4a13-be79-90c17c631dd4>\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
	tests := []struct {
		name     string
		file     string
		content  []byte
		wantNew  int
		wantFail string // part of the one failure; "" for none
	}{
		{"truncated.warc.gz", "a.warc.gz", whole[:len(whole)-40], 1, "ends within a record"},
		{"length too long", "a.warc", fmt.Appendf(nil, plain, len(good.body)+500, good.body), 0, "record 1"},
		{"length too short", "a.warc", fmt.Appendf(nil, plain+plain, len(good.body)-30, good.body, len(good.body), good.body), 1, "record 1"},
		{"not a WARC", "a.warc", []byte("hello"), 0, "not a WARC"},
		{"NUL bytes", "a.html", make([]byte, 4096), 0, ""},
		{"invalid UTF-8", "a.html", []byte(strings.Replace(good.body, "storms", "storms \xff\xfe caf\xe9", 1)), 1, ""},
		{"empty", "a.txt", nil, 0, "the file is empty"},
		{"white space", "a.html", []byte(" \n\n"), 0, "the file is empty"},
		{"text without a title", "a.txt", []byte("one line only"), 0, "a title"},
		{"text of no office", "a.txt", []byte("A title\n\nWords without a place or a name."), 0, "say it with --office"},
		{"unknown office", "a.jsonl", []byte(`{"office":"QQ","title":"a","text":"b"}`), 0, "none of the 56"},
		{"address that is none", "a.jsonl", []byte(`{"office":"VA","title":"a","text":"b","url":"news\n1"}`), 0, "no web address"},
		{"a mark of the byte order", "a.jsonl", []byte("\ufeff{\"office\":\"VA\",\"title\":\"a\",\"text\":\"b\"}"), 1, ""},
		{"truncated gzip", "a.jsonl.gz", []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00"), 0, "gzip"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tt.file)
			if err := os.WriteFile(path, tt.content, 0o600); err != nil {
				t.Fatal(err)
			}
			c := newIntake(t)
			fallback := ""
			if strings.HasSuffix(tt.file, ".html") {
				fallback = "GU"
			}
			report, err := c.Import(t.Context(), ImportOptions{Sources: []string{path}, Office: fallback})
			if err != nil {
				t.Fatalf("one bad file stopped the import: %v", err)
			}
			if report.New != tt.wantNew {
				t.Errorf("%d new, want %d; %+v", report.New, tt.wantNew, report)
			}
			switch {
			case tt.wantFail == "" && len(report.Failures) > 0:
				t.Errorf("failed: %v", report.Failures)
			case tt.wantFail != "" && (len(report.Failures) == 0 || !strings.Contains(report.Failures[0].String(), tt.wantFail)):
				t.Errorf("failures %v, want one that says %q", report.Failures, tt.wantFail)
			}
			for _, f := range report.Failures {
				if strings.Contains(f.String(), "\n") {
					t.Errorf("more than one line: %q", f)
				}
			}
		})
	}
}

// TestHostilePage reads 20 MB of nested tags beside a sound page; BenchmarkHostilePage
// prints how long it takes.
func TestHostilePage(t *testing.T) {
	c := newIntake(t)
	sound := captured{reef, 1, release("Reef lanterns", "The office asked for more lanterns along the reef before the storms.")}
	report := imported(t, c, warcFile(t, captured{"https://gu.example.org/news/tower", 1, nested()}, sound))
	if report.New < 1 {
		t.Errorf("the sound page was not taken in: %+v", report)
	}
}

func nested() string {
	const tag = "<div><b><table>"
	return "<html><body><h1>Tower</h1>" + strings.Repeat(tag, 20<<20/len(tag))
}

func BenchmarkHostilePage(b *testing.B) {
	c := newIntake(b)
	doc := source.Document{URL: "https://gu.example.org/news/tower", Captured: noon, ContentType: "text/html", Body: []byte(nested())}
	for b.Loop() {
		c.Read(b.Context(), doc, "")
	}
}

// TestVerify flips a byte in a capture: it is found.
func TestVerify(t *testing.T) {
	c := newIntake(t)
	imported(t, c, warcFile(t, captured{reef, 1, release("Reef lanterns", "The office asked for more lanterns along the reef before the storms.")}))
	findings := func() (lines []string) {
		if _, err := c.Verify(t.Context(), func(line string) { lines = append(lines, line) }); err != nil {
			t.Fatal(err)
		}
		return lines
	}
	if lines := findings(); len(lines) > 0 {
		t.Fatalf("a sound archive has findings: %q", lines)
	}
	file := filepath.Join(c.Captures, held(t, c).Capture.File)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(content)
	damaged[len(damaged)-60] ^= 0x40
	if err := os.WriteFile(file, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	if lines := findings(); !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "capture 1") }) {
		t.Errorf("damage was not found: %q", lines)
	}
}

// TestRealPages imports the real pages twice and prints what they give.
func TestRealPages(t *testing.T) {
	pages := filepath.Join("..", "..", "shared", "real", "ag-pages.warc.gz")
	if _, err := os.Stat(pages); err != nil {
		t.Skip("skipped: ../shared is not here")
	}
	c := newIntake(t)
	report := imported(t, c, pages)
	t.Logf("%d new, %d listings, %d passed over, %d failed", report.New, report.Listings, len(report.PassedOver), len(report.Failures))
	if report.New != 536 || report.Listings != 13 || len(report.PassedOver) != 4 || len(report.Failures) != 0 {
		t.Errorf("want 536 releases, 13 listings, 3 opinions and a PDF; got %+v", report)
	}
	if again := imported(t, c, pages); again.New+again.Edited+again.Unchanged != 0 {
		t.Errorf("importing again did something: %+v", again)
	}
	reread, err := c.Reread(t.Context())
	if err != nil || reread.Changed != 0 || reread.New != 0 || reread.Lost != 0 || len(reread.Failures) > 0 {
		t.Errorf("reading again by the same code did something: %+v, %v", reread, err)
	}
}

// BenchmarkImportPages prints pages a second through capture, extraction and store.
func BenchmarkImportPages(b *testing.B) {
	pages := filepath.Join("..", "..", "shared", "real", "ag-pages.warc.gz")
	if _, err := os.Stat(pages); err != nil {
		b.Skip("skipped: ../shared is not here")
	}
	n := 0
	for b.Loop() {
		report := imported(b, newIntake(b), pages)
		n += report.New + report.Listings
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "pages/s")
}
