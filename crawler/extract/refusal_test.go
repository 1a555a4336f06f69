package extract

import (
	"mime"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"agora/crawler/office"
	"agora/index"
)

// asked is the address that the pages of testdata/refusals came for.
const asked = "https://ag.example/newsroom/2024/03/harbor-county-lender-to-repay-families"

// contexts are what can be known of a page that may be a refusal.
func contexts() map[string]Input {
	captured := time.Date(2024, 3, 6, 0, 0, 0, 0, time.UTC)
	harbor := office.Office{ID: "HB", Name: "Harbor", Office: "Office of the Attorney General of Harbor", Home: "https://ag.example/", Terms: []office.Term{{Name: "Ines Marlowe", Start: "2020-01-01"}}}
	selected := harbor
	selected.Page = office.Page{Title: "h1", Date: ".date, time", Body: "main, article, #content", Match: `^https://ag\.example/newsroom/`}
	listed := harbor
	listed.Sources = []office.Source{{Kind: office.Listing, URL: "https://ag.example/newsroom/", Item: "article, .card, li", Link: "a"}}
	return map[string]Input{
		"nothing":       {URL: asked},
		"office":        {URL: asked, Captured: captured, Office: harbor},
		"selectors":     {URL: asked, Captured: captured, Office: selected},
		"listing":       {URL: "https://ag.example/newsroom/", Captured: captured, Office: listed},
		"named":         {URL: asked, Captured: captured, Rows: []index.ListingRow{{Title: "Harbor County Lender to Repay Families", Date: "2024-03-05", Source: "listing"}}},
		"saved file":    {},
		"plain address": {URL: "https://ag.example/pressdetail.aspx?id=4711", Captured: captured, Office: harbor},
	}
}

// TestRefusals reads pages by which sites say no, whatever is known of them: each is a
// block in the way that its file says. What is known decides only where nothing else can:
// a home page is one in place of another only where another was asked for.
func TestRefusals(t *testing.T) {
	files, err := filepath.Glob("testdata/refusals/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages in testdata: %v", err)
	}
	pages := 0
	for _, name := range files {
		way := Refusal(strings.TrimSuffix(filepath.Base(name), ".txtar"))
		if way == "releases" {
			continue
		}
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages += len(archive.Files)
		for _, f := range archive.Files {
			for known, in := range contexts() {
				if way == RefusalHome && (known == "saved file" || known == "listing") {
					continue
				}
				in.Body, in.ContentType = f.Data, mime.TypeByExtension(path.Ext(f.Name))
				page, err := Read(in)
				if err != nil {
					t.Fatal(err)
				}
				if page.Kind != index.PageBlock || page.Refusal != way || page.Why == "" {
					t.Errorf("%s/%s with %s: %s %q (%s), want a block", way, f.Name, known, page.Kind, page.Refusal, page.Why)
				}
			}
		}
	}
	t.Logf("%d pages by which sites say no", pages)
	if pages < 36 {
		t.Errorf("only %d pages", pages)
	}
}

// TestReleasesLikeRefusals reads releases that tell of such things: none is a refusal.
func TestReleasesLikeRefusals(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/refusals/releases.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.Files) < 12 {
		t.Fatalf("only %d pages", len(archive.Files))
	}
	for _, f := range archive.Files {
		for known, in := range contexts() {
			if known == "listing" {
				continue
			}
			in.Body, in.ContentType = f.Data, "text/html"
			page, err := Read(in)
			if err != nil {
				t.Fatal(err)
			}
			if page.Kind != index.PageRelease || page.Refusal != "" {
				t.Errorf("%s with %s: %s %q (%s), want a release", f.Name, known, page.Kind, page.Refusal, page.Why)
			}
		}
	}
}

// TestLedHome: whoever asks for a page and is led to the home page is not shown that page,
// whatever the home page tells.
func TestLedHome(t *testing.T) {
	const home = `<html><head><title>Harbor County Lender to Repay Families</title></head><body><main><h1>Harbor County Lender to Repay Families</h1><p>March 5, 2024</p><p>LANTERN BAY – A lender in Harbor County will repay 900 families what it took from them, Attorney General Ines Marlowe announced. Read more in our newsroom.</p></main></body></html>`
	for _, test := range []struct {
		asked, final string
		want         Refusal
	}{
		{asked, "https://ag.example/", RefusalHome},
		{asked, "https://www.ag.example/index.html", RefusalHome},
		{asked, "https://elsewhere.example", RefusalHome},
		{asked, asked + "/", ""},
		{"http://ag.example", "https://www.ag.example/", ""},
		{"", "https://ag.example/", ""},
		{asked, "https://ag.example/?p=12", ""},
	} {
		page, err := Read(Input{Body: []byte(home), URL: test.final, Asked: test.asked})
		if err != nil || page.Refusal != test.want {
			t.Errorf("asked for %s, got %s: %s %q (%s), %v, want %q", test.asked, test.final, page.Kind, page.Refusal, page.Why, err, test.want)
		}
	}
}
