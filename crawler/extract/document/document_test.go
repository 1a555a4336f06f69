package document

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

func TestDecode(t *testing.T) {
	for _, test := range []struct{ name, body, contentType, want string }{
		{"plain", "abc", "", "abc"},
		{"mark of UTF-8", "\xEF\xBB\xBFcafé", "text/html; charset=iso-8859-1", "café"},
		{"mark of UTF-16", "\xFF\xFEa\x00\xE9\x00", "", "aé"},
		{"UTF-16 without a mark", "<\x00p\x00>\x00\xE9\x00", "", "<p>é"},
		{"header", "caf\xE9 \x93x\x94", "text/html; charset=windows-1252", "café “x”"},
		{"header that lies about UTF-8", "café “x”", "text/html; charset=iso-8859-1", "café “x”"},
		{"header that lies about 1252", "caf\xE9", "text/html; charset=utf-8", "café"},
		{"meta that browsers read as 1252", `<meta charset="iso-8859-1">It` + "\x92s", "", `<meta charset="iso-8859-1">It’s`},
		{"another charset in meta", `<meta charset="koi8-r">` + "\xC4\xC1", "", `<meta charset="koi8-r">да`},
		{"header of another charset", "\xC4\xC1", "text/html; charset=koi8-r", "да"},
		{"nothing said", "\x93quoted\x94", "", "“quoted”"},
		{"UTF-8 put together with 1252", strings.Repeat("“a” ", 20) + "it\x92s", "", strings.Repeat("“a” ", 20) + "it’s"},
		{"cut in a character", strings.Repeat("é", 20) + "\xE2\x80", "", strings.Repeat("é", 20) + "â€"},
		{"UTF-8 that header and meta call latin-1", `<meta charset="iso-8859-1">“It’s” – café`, "text/html; charset=ISO-8859-1", `<meta charset="iso-8859-1">“It’s” – café`},
		{"UTF-8 that begins late", strings.Repeat("x", 9000) + "’", "text/html; charset=windows-1252", strings.Repeat("x", 9000) + "’"},
		{"1252 that meta calls UTF-8", `<meta charset="utf-8">` + "\x93It\x92s\x94 \x96 caf\xE9", "", `<meta charset="utf-8">“It’s” – café`},
		{"1252 that header and meta call UTF-8", `<meta charset="utf-8">` + "\x93It\x92s\x94", "text/html; charset=UTF-8", `<meta charset="utf-8">“It’s”`},
		{"1252 that begins late", `<meta charset="utf-8">` + strings.Repeat("x", 9000) + "\x92", "", `<meta charset="utf-8">` + strings.Repeat("x", 9000) + "’"},
		{"1252 that meta calls UTF-16", `<meta charset="utf-16">` + "It\x92s", "", `<meta charset="utf-16">It’s`},
		{"a charset that doesn't have its signs", `<meta charset="us-ascii">` + "It\x92s", "text/html; charset=us-ascii", `<meta charset="us-ascii">It’s`},
		{"1252 converted as if it were latin-1", "It\u0092s \u0093over\u0094 \u0096 \u0085", "text/html; charset=utf-8", "It’s “over” – …"},
		{"mark of UTF-8 before what is none", "\xEF\xBB\xBFIt\x92s caf\xE9", "", "It’s café"},
		{"two charsets", "It\x92s", "text/html; charset=utf-8; charset=windows-1252", "It’s"},
		{"zeroes", "a\x00b\x00", "", "ab"},
		{"unknown charset", "abc", "text/html; charset=martian", "abc"},
		{"broken content type", "abc", ";;;", "abc"},
	} {
		got, err := Decode([]byte(test.body), test.contentType)
		if err != nil || got != test.want {
			t.Errorf("%s: %q, %v, want %q", test.name, got, err, test.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("caf\xE9"), "text/html; charset=utf-16")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		got, err := Decode(body, contentType)
		if err != nil || !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// TestParseBounds parses pages that are made to become large or deep.
func TestParseBounds(t *testing.T) {
	const size = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, page := range map[string]struct {
		source    string
		flattened bool
	}{
		"usual":         {"<html><body><div><p>Words of a page.</p></div></body>", false},
		"paragraphs":    {strings.Repeat("<p>Words of a page.", 3000), false},
		"nested":        {fill("<div>") + "Words of a page.", true},
		"quite nested":  {strings.Repeat("<div>", 600) + "Words of a page.", true},
		"open bold":     {"Words of a page." + fill("<p><b>x"), true},
		"distinct bold": {"Words of a page.<div>" + strings.Repeat("<font size=1><b id=1>", 200) + "</div>" + fill("<p>x</p>"), true},
		"tables":        {"Words of a page." + fill("<table><tr><td>"), true},
		"html again":    {"Words of a page." + fill("<html a=1>"), true},
		"comments":      {"Words of a page." + fill("<!--x-->"), false},
		"attributes":    {"Words of a page.<div " + fill("a1 b2 ") + ">", false},
	} {
		t.Run(name, func(t *testing.T) {
			root, flattened, err := Parse(page.source)
			if err != nil {
				t.Fatal(err)
			}
			if flattened != page.flattened {
				t.Errorf("flattened: %v, want %v", flattened, page.flattened)
			}
			nodes, deepest := 0, 0
			var count func(*html.Node, int)
			count = func(n *html.Node, depth int) {
				nodes++
				deepest = max(deepest, depth)
				for c := n.FirstChild; c != nil; c = c.NextSibling {
					count(c, depth+1)
				}
			}
			count(root, 0)
			if nodes > 2*maxNodes || deepest > 520 {
				t.Errorf("%d nodes, %d deep", nodes, deepest)
			}
			if !strings.Contains(Text(root), "Words of a page.") {
				t.Error("the text is lost")
			}
		})
	}
}

func TestFlatten(t *testing.T) {
	for source, want := range map[string]string{
		"":                                      "",
		"a < b":                                 "a &lt; b",
		"a<":                                    "a&lt;",
		"a</":                                   "a&lt;/",
		"x<!--y":                                "x",
		"<p>a<b>b</b></P>c<br/>d":               "\n<p>ab</p>c\nd",
		`<div title="a>b" id=it's>x</div>y`:     "\nx\ny",
		`<a href = '>'>x</a><H2 class=z>H</h2>`: "x\n<h2>H</h2>",
		"<script>if (a</p>b) {'</div>'}</SCRIPT >x": "x",
		"<style>a{}": "",
		"<!doctype html><?xml ?><ul><li>a<li>b</ul><!--<p>-->c": "\n<p>a\n<p>bc",
		`<img src="data:` + strings.Repeat("A", 1000) + `">x`:   "x",
		`<img src="data:`: "",
	} {
		if got := strings.TrimPrefix(flatten(source), "<body>"); got != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
}

func FuzzFlatten(f *testing.F) {
	f.Add("<p>a<!-- x --><script>b</script>")
	f.Add("<a b='c>d<")
	f.Fuzz(func(t *testing.T, source string) {
		if got := flatten(source); len(got) > 4*len(source)+100 {
			t.Errorf("%q grows to %q", source, got)
		}
	})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		" a  b\n\tc ":            "a b c",
		"Attor\u00ADney\u200B":   "Attorney",
		"a\u00A0b\u2009c":        "a b c",
		"\uFEFFtitle\x07\x1b[0m": "title[0m",
		"plain":                  "plain",
		"ends with space ":       "ends with space",
	} {
		if got := Clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestChromeNames(t *testing.T) {
	for class, want := range map[string]bool{
		"site-nav": true, "breadcrumb": true, "share-links pure-g": true, "sr-only": true, "hidden": true, "sd-social": true,
		"field-label-hidden": false, "content": false, "navigate-here": false, "newsbody": false, "shareholders": false, "": false,
	} {
		if got := namesChrome(class); got != want {
			t.Errorf("%q: %v, want %v", class, got, want)
		}
	}
}
