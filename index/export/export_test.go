package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
)

var update = flag.Bool("update", false, "write the golden files anew; review them before they are kept")

// plain is an invented release without anything unusual.
func plain(number int, changes ...func(*index.Release)) index.Release {
	captured := time.Date(2024, 1, 2, 15, number, 0, 0, time.UTC)
	status := 200
	id := fmt.Sprintf("va-%012d", number)
	r := index.Release{
		Summary: index.Summary{
			ID: id, Office: "VA", State: "Virginia", URL: "https://ag.va.example/news/a", Title: "Attorney General sues Brindlemoor",
			Published: "2024-01-02", PublishedPrecision: "day", PublishedSource: "page", Language: "en", Tags: []string{"Invented"},
			Topics: []string{"consumer-protection"}, Kinds: []string{"lawsuit"},
			AttorneyGeneral: &index.AttorneyGeneral{Name: "Avery Thornquist", Party: "N", Certainty: "seen"},
			Attachments:     []index.Attachment{{URL: "https://ag.va.example/a.pdf", Title: "Read it", Type: "application/pdf", Role: "complaint", State: "linked"}},
			Version:         1, Added: captured, FirstSeen: captured, LastSeen: captured, Changed: captured,
			Presence: index.Presence{State: "live", Since: captured},
			Capture: &index.CaptureRef{Captured: captured, URL: "https://ag.va.example/news/a", Status: &status, Origin: index.OriginCrawl,
				File: "agora-20240102T150000Z-test.warc.gz", Offset: 4096, Length: 2048, SHA256: strings.Repeat("0a", 32)},
			Links: index.Links{HTML: index.ReleasePath(id)},
		},
		Text: "One paragraph.\n\nAnother with \"quotes\", a comma; a semicolon.", Markdown: "One *paragraph*.\n\nAnother.",
		Candidates: []index.DateCandidate{{Date: "2024-01-02", Source: "page", AsWritten: "January 2, 2024"}},
		Evidence:   []index.Evidence{{Field: "kind", Value: "lawsuit", Rule: "invented", Quote: "sues"}},
	}
	for _, change := range changes {
		change(&r)
	}
	return r
}

// invented are releases with everything that a format can stumble over.
func invented() []index.Release {
	claimed := 3
	listed := time.Date(2024, 3, 1, 0, 0, 0, 5e6, time.UTC)
	return []index.Release{
		plain(1),
		plain(2, func(r *index.Release) {
			r.ID, r.Office, r.State, r.Links.HTML = "wv-000000000002", "WV", "West Virginia", "/releases/wv-000000000002"
			r.Title = `=HYPERLINK("https://evil.example","Brindlemoor & Sons <b>settle</b>")`
			r.Text = "+1 555 0100 is the hotline.\r\nIt has a carriage return, \u2028 a line separator and a tab\t."
			r.Topics, r.Kinds = []string{"scams", "robocalls"}, []string{}
			r.Coalition = &index.Coalition{
				Role: "co-led", Action: "lawsuit", Leads: []string{"VA", "WV"}, Members: []string{"MD", "VA", "WV"}, Claimed: &claimed,
				ClaimedWords: "three attorneys general", Complete: true, Agrees: true, Bipartisan: true,
				Others: []index.Participant{{Name: "Governor of Quillfield", Type: "governor"}},
			}
			r.AttorneyGeneral = &index.AttorneyGeneral{Name: "@Rowan O’Tavenport", Party: "PNP", Acting: true, Certainty: "memory"}
			r.Matter = &index.MatterLink{ID: "m-1", Releases: 2}
			r.Presence = index.Presence{State: "gone", Since: listed, Cause: "404", LastListed: &listed}
			r.Backfill = true
			r.URL = "https://ag.wv.example/news?a=1&b=2"
		}),
		plain(3, func(r *index.Release) {
			r.ID, r.Office, r.State, r.Links.HTML = "pr-000000000003", "PR", "Puerto Rico", "/releases/pr-000000000003"
			r.Title, r.Text, r.Markdown = "-Título con acentos", "", ""
			r.URL, r.Language = "", "es"
			r.Published, r.PublishedPrecision, r.PublishedSource, r.PublishedNote = "", "", "", "the page gives no date"
			r.Tags, r.Topics, r.Kinds, r.AttorneyGeneral, r.Attachments, r.Candidates, r.Evidence, r.Capture = nil, nil, nil, nil, nil, nil, nil, nil
			r.Coalition = &index.Coalition{Role: "joined", Action: "letter"}
		}),
	}
}

func stream(releases []index.Release, end error) iter.Seq2[index.Release, error] {
	return func(yield func(index.Release, error) bool) {
		for _, r := range releases {
			if !yield(r, nil) {
				return
			}
		}
		if end != nil {
			yield(index.Release{}, end)
		}
	}
}

type format struct {
	name  string
	write func(io.Writer, iter.Seq2[index.Release, error]) (int, error)
}

var formats = []format{{"jsonl", JSONL}, {"csv", CSV}}

func TestGoldenFiles(t *testing.T) {
	for _, format := range formats {
		t.Run(format.name, func(t *testing.T) {
			var got bytes.Buffer
			n, err := format.write(&got, stream(invented(), nil))
			if n != len(invented()) || err != nil {
				t.Fatalf("wrote %d releases, %v", n, err)
			}
			file := filepath.Join("testdata", "releases."+format.name)
			if *update {
				if err = os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// TestJSONLIsReadAgain: a line has all that an import needs, and all that was written.
func TestJSONLIsReadAgain(t *testing.T) {
	var out bytes.Buffer
	if _, err := JSONL(&out, stream(invented(), nil)); err != nil {
		t.Fatal(err)
	}
	var got []index.Release
	for line := range strings.Lines(out.String()) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"office", "state", "title", "text", "markdown", "url", "published", "attachments", "language", "tags", "topics"} {
			if _, ok := members[name]; !ok {
				t.Errorf("a line without %s: %s", name, line)
			}
		}
		var r index.Release
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	want := invented()
	for i := range want {
		want[i] = complete(want[i])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
}

func TestJSONLHasNoHTMLEscapesAndNoNullLists(t *testing.T) {
	var out bytes.Buffer
	if _, err := JSONL(&out, stream(invented(), nil)); err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []string{`"url":"https://ag.wv.example/news?a=1&b=2"`, `<b>settle</b>`, `"tags":[]`, `"attachments":[]`, `"topics":null`, `"kinds":[]`, `"published":null`} {
		if !strings.Contains(out.String(), wanted) {
			t.Errorf("%s is not in the export", wanted)
		}
	}
	for _, unwanted := range []string{`\u0026`, `\u003c`, `"tags":null`, `"evidence":null`, `"others":null`} {
		if strings.Contains(out.String(), unwanted) {
			t.Errorf("%s is in the export", unwanted)
		}
	}
}

// TestCSVNeverBeginsAFormula: whatever a release says, no cell begins with one of the
// signs, and cells that needed no apostrophe are exact.
func TestCSVNeverBeginsAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+\-@\t\r'"][a-z,;"\n=]{0,8}`))
		r := index.Release{Summary: index.Summary{
			Title: text.Draw(t, "title"), Topics: rapid.SliceOf(text).Draw(t, "topics"),
			AttorneyGeneral: &index.AttorneyGeneral{Name: text.Draw(t, "name")}, Version: 1,
		}, Text: text.Draw(t, "text")}
		var out bytes.Buffer
		if _, err := CSV(&out, stream([]index.Release{r}, nil)); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != len(Columns()) {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for i, cell := range rows[1] {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Fatalf("column %s has %q", Columns()[i], cell)
			}
		}
		if title := strings.ReplaceAll(Harmless(r.Title), "\r\n", "\n"); rows[1][4] != title { // a reader folds line ends
			t.Fatalf("title %q became %q", r.Title, rows[1][4])
		}
	})
}

func TestErrorOfTheStreamStops(t *testing.T) {
	broken := errors.New("broken")
	for _, format := range formats {
		var out bytes.Buffer
		n, err := format.write(&out, stream(invented()[:2], broken))
		if n != 2 || !errors.Is(err, broken) {
			t.Errorf("%s: wrote %d, %v", format.name, n, err)
		}
		var whole bytes.Buffer
		if _, err := format.write(&whole, stream(invented()[:2], nil)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole.String(), out.String()); diff != "" {
			t.Errorf("%s: what came before the error (-want +got):\n%s", format.name, diff)
		}
	}
}

// fullWriter takes so many bytes and then no more.
type fullWriter struct{ room int }

func (w *fullWriter) Write(b []byte) (int, error) {
	if w.room -= len(b); w.room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func TestErrorOfTheWriterStopsTheStream(t *testing.T) {
	for _, format := range formats {
		asked := 0
		endless := func(yield func(index.Release, error) bool) {
			for asked = 1; yield(plain(asked), nil); asked++ {
				if asked > 1000 {
					t.Fatal("the stream goes on")
				}
			}
		}
		_, err := format.write(&fullWriter{room: 20_000}, endless)
		if !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: %v", format.name, err)
		}
		if asked > 100 {
			t.Errorf("%s: %d releases were read for a full writer", format.name, asked)
		}
		if _, err := format.write(&fullWriter{room: 10}, stream(invented()[:1], nil)); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: last rows: %v", format.name, err)
		}
	}
}

func TestNothing(t *testing.T) {
	for want, write := range map[string]func(io.Writer, iter.Seq2[index.Release, error]) (int, error){
		"": JSONL, strings.Join(Columns(), ",") + "\n": CSV,
	} {
		var out bytes.Buffer
		if n, err := write(&out, stream(nil, nil)); n != 0 || err != nil || out.String() != want {
			t.Errorf("wrote %d, %v, %q; want %q", n, err, out.String(), want)
		}
	}
}
