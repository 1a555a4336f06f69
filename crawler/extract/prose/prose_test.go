package prose

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

func clean(t testing.TB, source string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	var body *html.Node
	document.Walk(root, func(n *html.Node) bool {
		if n.DataAtom == atom.Body {
			body = n
		}
		return body == nil
	})
	base, _ := url.Parse("https://ag.example/news/page")
	return Clean([]*html.Node{body}, base, nil)
}

func TestRender(t *testing.T) {
	for _, test := range []struct{ name, source, text, markdown string }{
		{"paragraphs", "<p>One.</p>\n<p>Two.</p>", "One.\n\nTwo.", "One.\n\nTwo."},
		{"loose text", "One. <div>Two.</div> Three.", "One.\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nThree."},
		{"breaks", "<p>One<br>two<br><br>three</p>", "One\ntwo\n\nthree", "One  \ntwo\n\nthree"},
		{"marks", "<p><b>One </b><i>two</i><b> three</b>.</p>", "One two three.", "**One** *two* **three**."},
		{"a mark around blocks", "<b><p>One</p><p>two</p></b>", "One\n\ntwo", "**One**\n\n**two**"},
		{"links", `<p><a href="/x y.pdf">One</a> <a href="#top">two</a> <a href="javascript:x()">three</a> <a href="mailto:a@b.example">four</a></p>`, "One two three four", "[One](https://ag.example/x%20y.pdf) two three [four](mailto:a@b.example)"},
		{"lists", "<ul><li>One<p>more</p><ol><li>two</li></ol></li><li></li><li><b>three</b></li></ul>", "One more\ntwo\nthree", "- One  \n  more\n  1. two\n- **three**"},
		{"data", "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2<br>3</td></tr></table>", "A | B\n1 | 2 3", "| A | B   |\n|---|-----|\n| 1 | 2 3 |"},
		{"layout", "<table><tr><td><p>One.</p></td></tr><tr><td><p>Two.</p></td></tr></table>", "One.\n\nTwo.", "One.\n\nTwo."},
		{"headings", "<h2>One <em>two</em></h2><p>three</p>", "One two\n\nthree", "## One *two*\n\nthree"},
		{"quote", "<blockquote>One<p>two</p></blockquote>", "One\n\ntwo", "> One\n> \n> two"},
		{"pre", "<pre>One\ntwo\n\nthree</pre>", "One\ntwo\n\nthree", "One  \ntwo\n\nthree"},
		{"pictures", `<figure><img alt="x"><figcaption>y</figcaption></figure><p>One<img src="z">.</p><script>s</script>`, "One.", "One."},
		{"data in a figure", `<p>One.</p><figure class="wp-block-table"><table><thead><tr><th>County</th><th>Refund</th></tr></thead><tbody><tr><td>Harbor</td><td>$12</td></tr></tbody></table><figcaption>Two.</figcaption></figure><p>Three.</p>`, "One.\n\nCounty | Refund\nHarbor | $12\n\nThree.", "One.\n\n| County | Refund |\n|--------|--------|\n| Harbor | $12    |\n\nThree."},
		{"signs of Markdown", "<p># One *two* [three] 1. four</p>", "# One *two* [three] 1. four", `\# One \*two* \[three] 1. four`},
		{"spaces", "<p> One\n\t two&nbsp;&nbsp;three \u00AD</p><p>&nbsp;</p>", "One two three", "One two three"},
		{"words in pieces", "<p>Attor<span>ney</span> <b>G</b>eneral</p>", "Attorney General", "Attorney **G**eneral"},
		{"nothing", "", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := clean(t, test.source)
			if diff := cmp.Diff(test.text, Text(root)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			markdown, err := Markdown(root)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.markdown, markdown); diff != "" {
				t.Errorf("Markdown (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTrim(t *testing.T) {
	const long = "LANTERN BAY – Attorney General Ines Marlowe announced today that the owner of the pier will repay 900 families what it took from them over the years, and will close the pier for a month."
	for _, test := range []struct{ name, source, want string }{
		{"headline and date", "<h1>The Pier Closes</h1><p>May 3, 2021</p><p>" + long + "</p>", long},
		{"headline with subtitle in one block", "<p>The Pier Closes<br>For a month</p><p>" + long + "</p>", "For a month\n\n" + long},
		{"labels", "<p>FOR IMMEDIATE RELEASE</p><p>Press Release</p><p>" + long + "</p>", long},
		{"letterhead", "<p>State of Harbor<br>Office of the Attorney General</p><p>Ines Marlowe<br>Attorney General</p><p>" + long + "</p>", long},
		{"contact before", "<p>Contact: Theo Quill<br>555-010-0111<br>press@ag.example</p><p>" + long + "</p>", long},
		{"contact after", "<p>" + long + "</p><p>###</p><p>Media contact:</p><p>Theo Quill, 555-010-0111</p>", long},
		{"marks", "<p>" + long + "</p><p># # #</p>", long},
		{"mark in the last line", "<p>" + long + "<br>-30-</p>", long},
		{"offers", "<p>" + long + "</p><p>Share this</p><p>Back to all news</p>", long},
		{"related", "<p>" + long + "</p><h3>Related News</h3><ul><li><a href='/a'>Another release of the office</a></li></ul>", long},
		{"subtitle stays", "<p>Owner must repay families</p><p>" + long + "</p>", "Owner must repay families\n\n" + long},
		{"number to call stays", "<p>" + long + "</p><p>Families can call 555-010-0122 or write to the office. The office answers every letter.</p>", long + "\n\nFamilies can call 555-010-0122 or write to the office. The office answers every letter."},
		{"quotation of a headline stays", "<p>" + long + "</p><p>The Pier Closes</p>", long + "\n\nThe Pier Closes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := clean(t, test.source)
			Trim(root, "The Pier Closes")
			if diff := cmp.Diff(test.want, Text(root)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzClean makes prose of anything: clean prose made again is the same.
func FuzzClean(f *testing.F) {
	f.Add("<ul><li>a<table><tr><td>b<ol><li>c</table><blockquote><h2>d</h2><pre>e")
	f.Add("<b><p>a<i>b</b>c</i><br><br>d")
	f.Fuzz(func(t *testing.T, source string) {
		root := clean(t, source)
		text := Text(root)
		if strings.Contains(text, "\n\n\n") || text != strings.TrimSpace(text) {
			t.Errorf("%q", text)
		}
		if _, err := Markdown(root); err != nil {
			t.Error(err)
		}
		Trim(root, text)
	})
}

// TestRemark: what a site says of its page, and sentences of releases that come near it.
func TestRemark(t *testing.T) {
	for text, want := range map[string]bool{
		"Views: 1,234": true, "128 Shares": true, "0 Comments": true, "Number of views (123)": true, "You are visitor number 1,234,567": true, "This page was viewed 4,711 times.": true,
		"Page generated at 2024-03-09 10:11:12": true, "Generated in 0.34 s": true, "2 min read": true, "Estimated reading time: 2 minutes": true, "Posted 5 minutes ago": true, "an hour ago": true,
		"Last updated today at 10:11 AM": true, "Page last modified: 3/9/2024": true, "© 2025 State of Harbor": true, "Was this page helpful? Yes No": true, "Advertisement": true, "Posted by tquill": true,

		"Views of the court differ.": false, "Shares worth $3 million": false, "1,234 families get $200 each.": false, "Comments are due by March 9, 2024.": false,
		"Update, March 8: The court approved the settlement.": false, "The ruling was read on March 9, 2024.": false, "Visitors pay $12.": false, "Five minutes ago the court ruled.": false,
		"Posted by mistake, the records named 40 children and their schools.": false, "This page of the contract was changed in 2019 without a vote.": false, "Copyright holders get $4 million.": false, "": false,
	} {
		if got := remark(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestCutOthers: other releases at the end go, whatever else a release ends with stays.
func TestCutOthers(t *testing.T) {
	const link = `<p><a href="https://ag.example/b">The ferry has to let wheelchairs aboard</a></p>`
	for _, test := range []struct{ source, want string }{
		{`<p>Told.</p><h3>Related News</h3>` + link, "Told."},
		{`<p>Told.</p><h3>Related News</h3>` + link + `<p>March 3, 2021</p><p>A teaser of it.</p>` + link, "Told."},
		{`<p>Told.</p><h3>Related News</h3>` + link + `<h3>What comes next</h3><p>The court sits on Monday, and then again on Tuesday.</p><p>And on Friday.</p>`, "Told.\n\nRelated News\n\nThe ferry has to let wheelchairs aboard\n\nWhat comes next\n\nThe court sits on Monday, and then again on Tuesday.\n\nAnd on Friday."},
		{`<p>Told.</p><h3>Related Documents</h3><ul><li><a href="https://ag.example/a.pdf">Complaint</a></li></ul>`, "Told.\n\nRelated Documents\n\nComplaint"},
		{`<p>Told.</p><h3>Latest News</h3><p>More is told below the heading.</p>`, "Told.\n\nLatest News\n\nMore is told below the heading."},
		{`<p>Told.</p><p>More news</p><ul><li><a href="https://ag.example/b">The ferry has to let wheelchairs aboard</a> March 3, 2021</li></ul><p>12 Shares</p>`, "Told."},
	} {
		root, err := html.Parse(strings.NewReader(test.source))
		if err != nil {
			t.Fatal(err)
		}
		body := Clean([]*html.Node{root}, nil, nil)
		Trim(body, "A headline of four words")
		if got := Text(body); got != test.want {
			t.Errorf("%s: %q, want %q", test.source, got, test.want)
		}
	}
}
