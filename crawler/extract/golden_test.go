package extract

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/text/encoding/charmap"

	"agora/crawler/office"
	"agora/index"
)

var update = flag.Bool("update", false, "write the golden files anew")

// given is how a page of testdata was captured.
type given struct {
	URL         string             `json:"url"`
	ContentType string             `json:"content_type"`
	Captured    time.Time          `json:"captured"`
	Encode      string             `json:"encode"` // windows-1252, where the bytes are to be in that
	Office      office.Office      `json:"office"`
	Rows        []index.ListingRow `json:"rows"`
}

// TestGolden reads the pages of testdata: invented ones, in the shapes that offices use.
// Each archive holds how the page was captured (given.json), the page, and what is read
// in it (want.json), which -update writes anew for review.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages in testdata: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			page, err := Read(input(t, archive))
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			encoder := json.NewEncoder(&b)
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", " ")
			if err := encoder.Encode(shownAs(page)); err != nil {
				t.Fatal(err)
			}
			want := file(archive, "want.json")
			if *update {
				want.Data = []byte(b.String())
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), b.String()); diff != "" {
				t.Errorf("read otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

// file returns a file of an archive, which is added where it is missing.
func file(a *txtar.Archive, name string) *txtar.File {
	for i := range a.Files {
		if a.Files[i].Name == name {
			return &a.Files[i]
		}
	}
	a.Files = append(a.Files, txtar.File{Name: name})
	return &a.Files[len(a.Files)-1]
}

func input(t *testing.T, a *txtar.Archive) Input {
	t.Helper()
	var g given
	if err := json.Unmarshal(file(a, "given.json").Data, &g); err != nil {
		t.Fatal(err)
	}
	body := file(a, "page.html").Data
	if g.Encode == "windows-1252" {
		encoded, err := charmap.Windows1252.NewEncoder().Bytes(body)
		if err != nil {
			t.Fatal(err)
		}
		body = encoded
	}
	return Input{Body: body, ContentType: g.ContentType, URL: g.URL, Captured: g.Captured, Office: g.Office, Rows: g.Rows}
}

// shownAs leaves of a page what a reviewer looks at: texts as lines, no empty members.
func shownAs(p Page) any {
	split := func(s string) []string {
		if s == "" {
			return nil
		}
		return strings.Split(s, "\n")
	}
	type row struct {
		URL       string `json:"url"`
		Title     string `json:"title"`
		Date      string `json:"date,omitempty"`
		AsWritten string `json:"as_written,omitempty"`
	}
	var rows []row
	for _, r := range p.Rows {
		rows = append(rows, row{r.URL, r.Title, string(r.Date), r.AsWritten})
	}
	r := p.Reading
	return struct {
		Kind        index.PageKind        `json:"kind"`
		Why         string                `json:"why"`
		Canonical   string                `json:"canonical,omitempty"`
		Title       string                `json:"title,omitempty"`
		Published   string                `json:"published,omitempty"`
		Precision   string                `json:"precision,omitempty"`
		Source      string                `json:"source,omitempty"`
		Note        string                `json:"note,omitempty"`
		Candidates  []index.DateCandidate `json:"candidates,omitempty"`
		Tags        []string              `json:"tags,omitempty"`
		Rules       map[string]string     `json:"rules,omitempty"`
		Text        []string              `json:"text,omitempty"`
		Markdown    []string              `json:"markdown,omitempty"`
		Attachments []index.Attachment    `json:"attachments,omitempty"`
		Rows        []row                 `json:"rows,omitempty"`
	}{p.Kind, p.Why, p.Canonical, r.Title, string(r.Published), r.PublishedPrecision, r.PublishedSource, r.PublishedNote, r.Candidates, r.Tags, r.Rules, split(r.Text), split(r.Markdown), r.Attachments, rows}
}
