package highlight_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/index/highlight"
	"agora/index/indextest"
)

var _ index.Highlighter = highlight.Release

func TestRelease(t *testing.T) {
	filler := strings.Repeat("Nothing of note happened on the quay that day. ", 12)
	word := func(text string) index.Node { return index.Word{Text: text} }
	for _, test := range []struct {
		name        string
		root        index.Node
		title, text string
		wantTitle   string
		wantSnippet string
	}{
		{"no words", nil, "Lantern & Co", "One.\n\nTwo <b>.", "Lantern &amp; Co", "One. Two &lt;b&gt;."},
		{"stem", word("filing"), "Quill files suit", "It was filed; filings follow.", "Quill <mark>files</mark> suit", "It was <mark>filed</mark>; <mark>filings</mark> follow."},
		{"field", index.Word{Text: "suit", In: index.InTitle}, "A suit", "A suit.", "A <mark>suit</mark>", "A suit."},
		{"not", index.And{Nodes: []index.Node{word("suit"), index.Not{Node: word("quill")}}}, "Quill", "A suit.", "Quill", "A <mark>suit</mark>."},
		{"phrase", index.Phrase{Text: "the lantern"}, "Lantern", "See the “lantern” of The  Lantern Co.", "Lantern", "See <mark>the “lantern</mark>” of <mark>The Lantern</mark> Co."},
		{"phrase with a stop", index.Phrase{Text: "No. 44"}, "", "no 44, No. 44", "", "no 44, <mark>No. 44</mark>"},
		{"compound", word("trafficking"), "", "A drug-trafficking ring", "", "A <mark>drug-trafficking</mark> ring"},
		{"prefix", index.Prefix{Text: "lan"}, "", "Lanterns, land and plan", "", "<mark>Lanterns</mark>, <mark>land</mark> and plan"},
		{"fuzzy", index.Fuzzy{Text: "mortage"}, "", "A mortgage, a village", "", "A <mark>mortgage</mark>, a village"},
		{"near", index.Near{Text: "quay note", Within: 5}, "", "A note at the quay", "", "A <mark>note</mark> at the <mark>quay</mark>"},
		{"accents", word("cafe"), "Café", "Cafe\u0301s", "<mark>Café</mark>", "<mark>Cafe\u0301s</mark>"},
		{"far away", word("heron"), "", filler + "At last a heron came. " + filler, "",
			"… At last a <mark>heron</mark> came. " + strings.TrimSpace(strings.Repeat("Nothing of note happened on the quay that day. ", 4)) + " Nothing of note happened on …"},
		{"two passages", index.And{Nodes: []index.Node{word("heron"), word("owl")}}, "", "An owl sat. " + filler + "At last a heron came. " + filler, "",
			"An <mark>owl</mark> sat. Nothing of note happened on the quay that day. Nothing of note happened on the quay that day. Nothing of … At last a <mark>heron</mark> came. Nothing of note happened on the quay that day. Nothing of note happened on the quay that day. …"},
	} {
		r := indextest.Release("VA", 1)
		r.Title, r.Text = test.title, test.text
		title, snippet := highlight.Release(index.Query{Root: test.root}, r)
		if diff := cmp.Diff([]string{test.wantTitle, test.wantSnippet}, []string{title, snippet}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
	}
}

func TestReleaseInSpanish(t *testing.T) {
	r := indextest.Release("PR", 1)
	r.Language, r.Title, r.Text = "es", "Investigación", "Las investigaciones"
	title, snippet := highlight.Release(index.Query{Root: index.Word{Text: "investigacion"}}, r)
	if title != "<mark>Investigación</mark>" || snippet != "Las <mark>investigaciones</mark>" {
		t.Errorf("%s, %s", title, snippet)
	}
}

var tags = regexp.MustCompile(`<mark>([^<>]*)</mark>`)

// checkHTML fails where output is not text with <mark> around parts of it.
func checkHTML(t *testing.T, output string) {
	t.Helper()
	if !utf8.ValidString(output) {
		t.Fatalf("not UTF-8: %q", output)
	}
	text := tags.ReplaceAllString(output, "$1")
	if strings.ContainsAny(text, "<>\"") || strings.Contains(output, "<mark></mark>") {
		t.Fatalf("not well formed: %q", output)
	}
	if html.EscapeString(html.UnescapeString(text)) != text {
		t.Fatalf("not escaped once: %q", output)
	}
}

func FuzzRelease(f *testing.F) {
	f.Add("The Title", "Some <b>text</b> of a lantern & an “owl”", "lantern")
	f.Add("a\xffb", "\x00é\u0301 "+strings.Repeat("word ", 100), "word")
	f.Add("T-Barn", strings.Repeat("x", 500)+" T-Barn", "t-barn x")
	f.Fuzz(func(t *testing.T, title, text, words string) {
		r := indextest.Release("VA", 1)
		r.Title, r.Text = title, text
		for _, root := range []index.Node{
			nil, index.Word{Text: words}, index.Phrase{Text: words}, index.Prefix{Text: words},
			index.Fuzzy{Text: words}, index.Near{Text: words, Within: 5},
			index.Or{Nodes: []index.Node{index.Word{Text: words, In: index.InText}, index.Phrase{Text: text}, index.Word{Text: title}}},
		} {
			titleHTML, snippet := highlight.Release(index.Query{Root: root}, r)
			checkHTML(t, titleHTML)
			checkHTML(t, snippet)
			if _, ok := root.(index.Phrase); !ok && len(html.UnescapeString(tags.ReplaceAllString(snippet, "$1"))) > 2000 {
				t.Fatalf("the snippet has %d bytes", len(snippet))
			}
		}
	})
}

func BenchmarkRelease(b *testing.B) {
	r := indextest.Release("VA", 1)
	r.Text = indextest.Text(1, 3000)
	q := index.Query{Root: index.And{Nodes: []index.Node{index.Word{Text: "settlements"}, index.Phrase{Text: "in the harbor"}, index.Word{Text: "relief"}}}}
	for b.Loop() {
		highlight.Release(q, r)
	}
}
