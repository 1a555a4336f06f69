package highlight_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
	"agora/index/highlight"
	"agora/index/indextest"
)

var _ index.Highlighter = highlight.New

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
		{"near, and the same words apart", index.Near{Text: "quay note", Within: 1}, "", "A note of a quay; note quay.", "", "A note of a <mark>quay</mark>; <mark>note</mark> <mark>quay</mark>."},
		{"near, twice the same", index.Near{Text: "quay quay", Within: 2}, "", "A quay. Of the quay, a quay.", "", "A quay. Of the <mark>quay</mark>, a <mark>quay</mark>."},
		{"overlapping phrases", index.And{Nodes: []index.Node{index.Phrase{Text: "the old quay"}, index.Phrase{Text: "quay of stone"}}}, "", "See the old quay of stone.", "", "See <mark>the old quay of stone</mark>."},
		{"phrase that begins anew", index.Phrase{Text: "a a b"}, "", "a a a b", "", "a <mark>a a b</mark>"},
		{"phrase with a section", index.Phrase{Text: "§ 1200"}, "", "(§1200)", "", "(<mark>§1200</mark>)"},
		{"phrase with a dash", index.Phrase{Text: "- which"}, "", "it--which is", "", "it<mark>--which</mark> is"},
		{"phrase not in the text", index.Phrase{Text: "a quay", In: index.InTitle}, "A quay", "A quay.", "<mark>A quay</mark>", "A quay."},
		{"irregular", word("die"), "", "Dying died; a diet.", "", "<mark>Dying</mark> <mark>died</mark>; a diet."},
		{"stop words inside a compound", word("and"), "", "And/or andes", "", "<mark>And/or</mark> andes"},
		{"signs", index.And{Nodes: []index.Node{word("$5"), word("AT&T"), word("C#"), word("9/11")}}, "", "$5 of AT&T, C# on 9/11", "", "<mark>$5</mark> of <mark>AT&amp;T</mark>, <mark>C#</mark> on <mark>9/11</mark>"},
		{"possessive", word("harbor"), "", "The harbor’s, harbors' and harbor's.", "", "The <mark>harbor’s</mark>, <mark>harbors</mark>&#39; and <mark>harbor&#39;s</mark>."},
		{"other letters", index.And{Nodes: []index.Node{word("пример"), word("½")}}, "", "Пример ½", "", "<mark>Пример</mark> <mark>½</mark>"},
		{"synonyms", index.Or{Nodes: []index.Node{word("robocall"), index.Phrase{Text: "automated call"}}}, "", "An automated call is a robocall.", "", "An <mark>automated call</mark> is a <mark>robocall</mark>."},
		{"filters", index.And{Nodes: []index.Node{index.Has{Field: index.FieldState, Value: "VA"}, word("va")}}, "", "VA", "", "<mark>VA</mark>"},
		{"nothing", index.Nothing{}, "A", "B", "A", "B"},
		{"headline", word("quay"), "Quay opens", "News\nQuay opens\nMonday. The quay is open.", "<mark>Quay</mark> opens", "Monday. The <mark>quay</mark> is open."},
		{"headline alone", word("opens"), "Quay opens", "Quay opens\n\nMonday.", "Quay <mark>opens</mark>", "Monday."},
		{"white space", word("quay"), "\tA\n quay\x00", "\n\nA  quay\u00a0 &\t", "A <mark>quay</mark>", "A <mark>quay</mark> &amp;"},
		{"not UTF-8", word("quay"), "\xff quay", "\xfe\xff quay", "� <mark>quay</mark>", "� <mark>quay</mark>"},
		{"far away", word("heron"), "", filler + "At last a heron came. " + filler, "",
			"… At last a <mark>heron</mark> came. " + strings.TrimSpace(strings.Repeat("Nothing of note happened on the quay that day. ", 5)) + " …"},
		{"the sentence is shown from its start", word("heron"), "", filler + "It was late, and nearly all had gone when at last a heron came. " + filler, "",
			"… It was late, and nearly all had gone when at last a <mark>heron</mark> came. " + strings.TrimSpace(strings.Repeat("Nothing of note happened on the quay that day. ", 4)) + " …"},
		{"no sentence", word("heron"), "", strings.Repeat("quay ", 100) + "heron" + strings.Repeat(" quay", 100), "",
			"… " + strings.Repeat("quay ", 15) + "<mark>heron</mark>" + strings.Repeat(" quay", 32) + " …"},
		{"an abbreviation ends no sentence", word("heron"), "", filler + "The suit of Quill v. Mr. J. Vale of Larkspur, Inc. cites a heron. " + filler, "",
			"… The suit of Quill v. Mr. J. Vale of Larkspur, Inc. cites a <mark>heron</mark>. " + strings.TrimSpace(strings.Repeat("Nothing of note happened on the quay that day. ", 4)) + " …"},
		{"the first of equals", word("heron"), "", "A heron. " + filler + "A heron. " + filler + "A heron.", "",
			"A <mark>heron</mark>. " + strings.TrimSpace(strings.Repeat("Nothing of note happened on the quay that day. ", 5)) + " …"},
		{"all words near each other come first", index.And{Nodes: []index.Node{word("heron"), word("owl")}}, "", "A heron. A heron. " + filler + "A heron, an owl.", "",
			"… " + strings.Repeat("Nothing of note happened on the quay that day. ", 4) + "A <mark>heron</mark>, an <mark>owl</mark>."},
		{"two passages", index.And{Nodes: []index.Node{word("heron"), word("owl")}}, "", "An owl sat. " + filler + "At last a heron came. " + filler, "",
			"An <mark>owl</mark> sat. Nothing of note happened on the quay that day. Nothing of note happened on the quay that day. … At last a <mark>heron</mark> came. Nothing of note happened on the quay that day. Nothing of note happened on the quay that day. …"},
		{"three passages", index.And{Nodes: []index.Node{word("heron"), word("owl"), word("crane")}}, "", "An owl sat. " + filler + "A heron came. " + filler + "A crane.", "",
			"An <mark>owl</mark> sat. Nothing of note happened on the quay that day. Nothing of note happened on the … A <mark>heron</mark> came. Nothing of note happened on the quay that day. … Nothing of note happened on the quay that day. A <mark>crane</mark>."},
		{"one of synonyms is enough", index.Or{Nodes: []index.Node{word("heron"), word("owl")}}, "", "An owl sat. " + filler + "At last a heron came. ", "",
			"An <mark>owl</mark> sat. " + strings.TrimSpace(strings.Repeat("Nothing of note happened on the quay that day. ", 5)) + " …"},
	} {
		var r index.Release
		r.Title, r.Text = test.title, test.text
		title, snippet := highlight.New(index.Query{Root: test.root})(r)
		if diff := cmp.Diff([]string{test.wantTitle, test.wantSnippet}, []string{title, snippet}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
	}
}

func TestReleaseInSpanish(t *testing.T) {
	r := indextest.Release("PR", 1)
	r.Language, r.Title, r.Text = "es", "Investigación", "Las investigaciones"
	title, snippet := highlight.New(index.Query{Root: index.Word{Text: "investigacion"}})(r)
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

// folded returns text as it is shown: white space and control characters as single spaces.
func folded(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(text), " ")
}

// checkShown fails where HTML shows anything but runs of a text, in its order.
func checkShown(t *testing.T, shown, text string) {
	t.Helper()
	rest := folded(text)
	plain := html.UnescapeString(tags.ReplaceAllString(shown, "$1"))
	for _, run := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(plain, "… "), " …"), " … ") {
		at := strings.Index(rest, run)
		if at < 0 {
			t.Fatalf("%q is not in the rest of the text: %q", run, rest)
		}
		rest = rest[at+len(run):]
	}
}

func FuzzRelease(f *testing.F) {
	f.Add("The Title", "Some <b>text</b> of a lantern & an “owl”", "lantern")
	f.Add("a\xffb", "\x00é\u0301 "+strings.Repeat("word ", 100), "word")
	f.Add("T-Barn", strings.Repeat("x", 500)+" T-Barn", "t-barn x")
	f.Add("x", "x\n"+strings.Repeat("a a a. ", 300), "a a a a a")
	f.Fuzz(func(t *testing.T, title, text, words string) {
		var r index.Release
		r.Title, r.Text = title, text
		for _, root := range []index.Node{
			nil, index.Word{Text: words}, index.Phrase{Text: words}, index.Prefix{Text: words},
			index.Fuzzy{Text: words}, index.Near{Text: words, Within: 5},
			index.Or{Nodes: []index.Node{index.Word{Text: words, In: index.InText}, index.Phrase{Text: text}, index.Word{Text: title}}},
		} {
			titleHTML, snippet := highlight.New(index.Query{Root: root})(r)
			checkHTML(t, titleHTML)
			checkHTML(t, snippet)
			if got := html.UnescapeString(tags.ReplaceAllString(titleHTML, "$1")); got != folded(title) {
				t.Fatalf("the title %q became %q", title, got)
			}
			checkShown(t, snippet, text)
			if len(html.UnescapeString(tags.ReplaceAllString(snippet, "$1"))) > 2000 {
				t.Fatalf("the snippet has %d bytes", len(snippet))
			}
		}
	})
}

// TestChunks checks that looking at chunks finds what looking at every token does.
func TestChunks(t *testing.T) {
	pieces := strings.Fields("harbor Harbors’ HARBOR's filing filed quay-side the-old T-Barn $5 §5 §§ 5% — -- - c# (the) “old” nin\u0303os o'ahu u.s.c. end.The 9/11 ½ \u00adhar\u00adbor quay,the\u00a0old ...and /s/")
	words := strings.Fields("harbor filing quay old side T-Barn $5 5% c# oahu the u.s.c 9/11 ½ niño end and s")
	rapid.Check(t, func(t *rapid.T) {
		var r index.Release
		r.Text = strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "text"), " ")
		r.Language = index.NullableString(rapid.SampledFrom([]string{"en", "es", "fr"}).Draw(t, "language"))
		word := rapid.SampledFrom(words).Draw(t, "word")
		var root index.Node
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			root = index.Word{Text: word}
		case 1:
			root = index.Phrase{Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 2).Draw(t, "phrase"), " ")}
		default:
			root = index.Prefix{Text: word}
		}
		// A part that only a look at every token can find, and that no text has.
		all := index.Or{Nodes: []index.Node{root, index.Near{Text: "nowhere"}}}
		_, quick := highlight.New(index.Query{Root: root})(r)
		_, slow := highlight.New(index.Query{Root: all})(r)
		if quick != slow {
			t.Fatalf("%#v in %q:\n%s\n%s", root, r.Text, quick, slow)
		}
	})
}

// TestBounds marks what is larger than anything that was written for readers.
func TestBounds(t *testing.T) {
	var many index.And
	for i := range index.MaxQueryClauses {
		many.Nodes = append(many.Nodes, index.Fuzzy{Text: fmt.Sprintf("quay%dnote", i)})
	}
	const size = 2 << 20
	var r index.Release
	for name, text := range map[string]string{
		"one word": strings.Repeat("a", size), "one letter": strings.Repeat("a ", size/2), "signs": strings.Repeat("-.", size/2),
		"marks": strings.Repeat("\u0301", size/2), "no UTF-8": strings.Repeat("\x80", size), "prose": strings.Repeat("The quay, the notes. ", size/21),
	} {
		r.Title, r.Text = text, text
		for _, root := range []index.Node{many, index.Word{Text: "a"}, index.Phrase{Text: strings.Repeat("a ", 4000) + "b"}, index.Near{Text: "a quay a", Within: 1 << 30}} {
			_, snippet := highlight.New(index.Query{Root: root})(r)
			if len(snippet) == 0 || len(snippet) > 4000 {
				t.Errorf("%s: %T has a snippet of %d bytes", name, root, len(snippet))
			}
		}
	}
}

// BenchmarkAnswer marks an answer of 20 releases of 3 kB.
func BenchmarkAnswer(b *testing.B) {
	var releases []index.Release
	for n := range 20 {
		r := indextest.Release("VA", n)
		r.Text = indextest.Text(n, 3000)
		releases = append(releases, r)
	}
	for name, root := range map[string]index.Node{
		"words":  index.And{Nodes: []index.Node{index.Word{Text: "settlements"}, index.Word{Text: "relief"}}},
		"common": index.Word{Text: "the"},
		"phrase": index.And{Nodes: []index.Node{index.Word{Text: "settlements"}, index.Phrase{Text: "in the harbor"}, index.Word{Text: "relief"}}},
		"prefix": index.Prefix{Text: "rel"},
		"fuzzy":  index.Fuzzy{Text: "setlement"},
		"near":   index.Near{Text: "settlement relief", Within: 5},
		"none":   nil,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mark := highlight.New(index.Query{Root: root})
				for i := range releases {
					mark(releases[i])
				}
			}
		})
	}
}
