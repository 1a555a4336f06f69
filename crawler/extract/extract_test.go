package extract

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/crawler/extract/document"
	"agora/crawler/extract/prose"
	"agora/index"
)

func TestReadText(t *testing.T) {
	const source = "\uFEFFAttorney General Marlowe Leads 21 States\r\n\r\nLANTERN BAY – Attorney General Ines Marlowe is leading 21 states.\r\n\r\nIn March 2021 the price  rose.\u00AD\r\n\r\nRead the letter HERE.\r\n"
	got, err := ReadText([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	want := index.Reading{
		Reader: Version, Title: "Attorney General Marlowe Leads 21 States",
		Text:        "LANTERN BAY – Attorney General Ines Marlowe is leading 21 states.\n\nIn March 2021 the price rose.\n\nRead the letter HERE.",
		Markdown:    "LANTERN BAY – Attorney General Ines Marlowe is leading 21 states.\n\nIn March 2021 the price rose.\n\nRead the letter HERE.",
		Attachments: []index.Attachment{{Title: "Read the letter HERE", Role: "letter", State: "linked"}},
		Rules:       map[string]string{"title": "first line", "body": "text below the first line"},
	}
	want.Fingerprint = Fingerprint(want.Title, "", want.Text)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	dated, err := ReadText([]byte("Ferry Fares Refunded\n\nLANTERN BAY (May 3, 2021) – The ferry line pays."))
	if err != nil || dated.Published != "2021-05-03" || dated.PublishedSource != "page" {
		t.Errorf("got %s by %s, %v", dated.Published, dated.PublishedSource, err)
	}
	for _, bad := range []string{"", "  \n\n ", "only a title", "\x00\x00\x00", strings.Repeat("word ", 300) + "\n\ntext"} {
		if _, err := ReadText([]byte(bad)); !errors.Is(err, index.ErrInvalid) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.20q: got %v, want a line that wraps ErrInvalid", bad, err)
		}
	}
}

// TestSeed reads the release that the archive was begun with.
func TestSeed(t *testing.T) {
	seeds, _ := filepath.Glob("../../../shared/seeds/*.txt")
	if len(seeds) == 0 {
		t.Skip("skipped: ../shared is not here")
	}
	body, err := os.ReadFile(seeds[0])
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadText(body)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(body), "\n")
	if got.Title != strings.TrimSpace(first) || got.Published != "" || len(got.Candidates) > 0 {
		t.Errorf("title %q, published %q, candidates %v", got.Title, got.Published, got.Candidates)
	}
	if len(got.Attachments) != 1 || got.Attachments[0].Role != "letter" || got.Attachments[0].URL != "" {
		t.Errorf("attachments %+v", got.Attachments)
	}
}

// TestDamagedInput reads what no one meant to be a page.
func TestDamagedInput(t *testing.T) {
	for _, test := range []struct {
		name, body, contentType string
		want                    index.PageKind
	}{
		{"empty", "", "text/html", index.PageOther},
		{"white space", " \n\t ", "text/html", index.PageOther},
		{"zeroes", strings.Repeat("\x00", 10_000), "text/html", index.PageOther},
		{"invalid UTF-8", "<html><body><p>\xff\xfe\xfd" + strings.Repeat("\x80", 500), "text/html; charset=utf-8", index.PageOther},
		{"tag that never ends", "<html><body><div class=\"", "", index.PageOther},
		{"text that is no page", "just words", "text/html", index.PageUnsupported},
		{"PDF", "%PDF-1.7\n", "text/html", index.PageUnsupported},
		{"archive", "PK\x03\x04", "", index.PageUnsupported},
		{"image", "x", "image/png", index.PageUnsupported},
		{"feed", `<?xml version="1.0"?><rss version="2.0"><channel><title>News of the Attorney General</title><item><title>Attorney General Marlowe Sues</title></item></channel></rss>`, "application/rss+xml", index.PageUnsupported},
		{"sitemap", `<?xml version="1.0"?><!-- x --><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://ag.example/news/1</loc></url></urlset>`, "text/xml", index.PageUnsupported},
		{"unknown charset", "<html><body><p>x", "text/html; charset=martian", index.PageOther},
	} {
		t.Run(test.name, func(t *testing.T) {
			page, err := Read(Input{Body: []byte(test.body), ContentType: test.contentType, URL: "https://ag.example/news/1"})
			if err != nil || page.Kind != test.want || page.Why == "" {
				t.Errorf("got %s (%s), %v, want %s", page.Kind, page.Why, err, test.want)
			}
		})
	}
	_, err := Read(Input{Body: make([]byte, document.MaxBytes+1)})
	if !errors.Is(err, index.ErrInvalid) || strings.Contains(err.Error(), "\n") {
		t.Errorf("oversized page: got %v", err)
	}
}

// TestReadIsPure reads a page twice, and with hints, which change the date and nothing
// that a version depends on.
func TestReadIsPure(t *testing.T) {
	const body = `<html><body><main><h1>Harbor Lender Repays 900 Families</h1><p>FOR IMMEDIATE RELEASE</p><p>LANTERN BAY – Attorney General Ines Marlowe announced today that a lender will repay 900 families what it took from them.</p></main></body></html>`
	in := Input{Body: []byte(body), URL: "https://ag.example/news/lender", Captured: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)}
	first, err := Read(in)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Read(in)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
	in.Rows = []index.ListingRow{{Date: "2024-04-02", AsWritten: "4/2/2024", Source: "feed"}}
	hinted, _ := Read(in)
	if hinted.Reading.Published != "2024-04-02" || hinted.Reading.PublishedSource != "feed" || first.Reading.Published != "" {
		t.Errorf("published %q by %s, without hint %q", hinted.Reading.Published, hinted.Reading.PublishedSource, first.Reading.Published)
	}
	if hinted.Reading.Fingerprint != first.Reading.Fingerprint {
		t.Error("a hint changed the fingerprint")
	}
	in.Captured = in.Captured.AddDate(1, 0, 0)
	later, _ := Read(in)
	if diff := cmp.Diff(hinted.Reading, later.Reading); diff != "" {
		t.Errorf("the time of capture changed the reading:\n%s", diff)
	}
}

func TestFingerprint(t *testing.T) {
	base := Fingerprint("The “Pier” – case", "2024-01-02", "It’s\n\nover.")
	for _, same := range [][2]string{
		{`The "Pier" - case`, "It's over."},
		{"The  “Pier”\u00A0— case", "It's\nover."},
		{"The “Pi\u00ADer” – case", "\uFEFFIt’s over. "},
		{"Ｔhe “Pier” – case", "It’s over."},
	} {
		if Fingerprint(same[0], "2024-01-02", same[1]) != base {
			t.Errorf("%q, %q has another fingerprint", same[0], same[1])
		}
	}
	for _, other := range [][3]string{
		{"The “Pier” – case", "2024-01-03", "It’s over."},
		{"The “Pier” – Case", "2024-01-02", "It’s over."},
		{"The “Pier” – case", "2024-01-02", "It’s not over."},
		{"The “Pier” – case It’s", "2024-01-02", "over."},
	} {
		if Fingerprint(other[0], index.Date(other[1]), other[2]) == base {
			t.Errorf("%q has the same fingerprint", other)
		}
	}
}

// TestCleanText: cleaning is done after one time, and loses no visible character.
func TestCleanText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		once := CleanText(s)
		if twice := CleanText(once); twice != once {
			t.Fatalf("%q, then %q", once, twice)
		}
		if strings.Contains(once, "\n\n\n") || once != strings.TrimSpace(once) {
			t.Fatalf("%q", once)
		}
		MarkdownOf(once)
	})
}

// TestMarkdownOfPlainText: the short way gives what the converter gives.
func TestMarkdownOfPlainText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"Pier", "a", "“x”", "it's", "$5.00", "(b)", "–", "-", "1.", "e-mail", "\n", "\n\n", "*", "x_y", "No. 4", "50%", ":", "!", "&", "AT&T", "&amp;", "a=b", "x|y", "~5", "~~x~~", "+", "=", "|", "https://a.example/?b=c&d=e", "&#65;"}), 0, 30).Draw(t, "words")
		text := CleanText(strings.Join(words, " "))
		want, err := prose.Markdown(prose.FromText(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := MarkdownOf(text); got != want {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
	})
}

// FuzzRead reads anything: it must end, give valid text and keep its promises.
func FuzzRead(f *testing.F) {
	f.Add([]byte("<html><body><main><h1>A headline of a page</h1><p>May 3, 2021</p><p>LANTERN BAY – Words.</p></main>"), "text/html")
	f.Add([]byte("<table><tr><td><table><td><li><b><p></b>x</table><form><div hidden>"), "text/html; charset=windows-1252")
	f.Add([]byte("var a = [{date: 'May 3, 2021', url: '/x', title: 'y'}]"), "")
	f.Add([]byte("%PDF"), "application/pdf")
	f.Add([]byte("\xff\xfe<\x00p\x00"), "")
	f.Add([]byte(`{"link":"https://ag.example/x","date":"2021-03-03T10:00:00","title":{"rendered":"A &#8220;title&#8221;"},"content":{"rendered":"<p>Text [b c=\"d\"]"}}`), "application/json")
	f.Add([]byte("<title>Page not found</title><meta http-equiv=refresh content='0;url=/x'><main><h3>Related News</h3><p><a href=/a>A headline of the office</a>"), "text/html")
	captured := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		page, err := Read(Input{Body: body, ContentType: contentType, URL: "https://ag.example/news/1", Captured: captured})
		if err != nil {
			t.Fatal(err)
		}
		if page.Kind == "" || page.Why == "" {
			t.Errorf("no kind or reason: %+v", page)
		}
		if (page.Refusal != "") != (page.Kind == index.PageBlock) {
			t.Errorf("%s with refusal %q", page.Kind, page.Refusal)
		}
		r := page.Reading
		for _, s := range []string{r.Title, r.Text, r.Markdown} {
			if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
				t.Errorf("not clean: %q", s)
			}
		}
		if r.Published > "2024-05-02" || r.Published != "" && r.Published < "1990-01-01" {
			t.Errorf("published %s", r.Published)
		}
		if page.Kind == index.PageRelease && (r.Title == "" || r.Text == "" || r.Fingerprint == "") {
			t.Errorf("release without title, text or fingerprint: %+v", r)
		}
	})
}

// FuzzReadText reads any text.
func FuzzReadText(f *testing.F) {
	f.Add([]byte("Title of it\n\nText of it."))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := ReadText(body)
		if err == nil && (r.Title == "" || r.Text == "" || !utf8.ValidString(r.Text)) {
			t.Errorf("%+v", r)
		}
	})
}
