package content

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"agora/crawler/extract/document"
)

const prose = "The owner of the pier will repay nine hundred families what it took from them over the years, and will close the pier for a month. "

func TestLocate(t *testing.T) {
	for name, test := range map[string]struct{ source, want, not string }{
		"a wrapper with a misleading name":  {`<div class="row-offcanvas"><div id="menu"><a href="/a">Menu of the site</a></div><div id="c"><p>` + prose + `</p><p>END</p></div></div>`, "END", "Menu"},
		"a form around the page":            {`<form><div class="left"><ul><li><a href="/">Home of it all</a></li></ul></div><div><p>` + strings.Repeat(prose, 4) + `</p><p>END</p></div></form>`, "END", "Home"},
		"paragraphs in blocks of a builder": {`<div class="w"><div><p>` + prose + `</p></div><div><p>` + prose + `</p></div><div><p>` + prose + `END</p></div></div><aside>Aside</aside>`, "END", "Aside"},
		"loose text":                        {`<table><tr><td><a href="/">Home</a></td><td>` + prose + `<br><br>` + prose + `END</td></tr></table>`, "END", "Home"},
		"headlines of others beside":        {`<main><div><p>` + prose + `</p><p>END</p></div><div><h3><a href="/b">Another release of the office that is new</a></h3><h3><a href="/c">And one more of the releases</a></h3></div></main>`, "END", "Another"},
		"what the page marks, beside more":  {`<div>` + strings.Repeat(`<div>`+prose+`</div>`, 2) + `</div><article><h1>Of the pier</h1><p>` + strings.Repeat(prose, 4) + `</p><p>END</p></article>`, "END", "nothing"},
		"a lede of its own":                 {`<div><div class="lede">LEDE ` + prose + `</div><div class="t"><p>` + strings.Repeat(prose, 8) + `</p><p>` + strings.Repeat(prose, 8) + `</p></div></div>`, "LEDE", "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			root, err := html.Parse(strings.NewReader(test.source))
			if err != nil {
				t.Fatal(err)
			}
			w := Weigh(root)
			var text strings.Builder
			for _, part := range w.Locate() {
				document.Walk(part, func(n *html.Node) bool {
					if n.Type == html.TextNode {
						text.WriteString(n.Data)
					}
					return !w.Chrome(n, root)
				})
			}
			if got := text.String(); !strings.Contains(got, test.want) || strings.Contains(got, test.not) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestOthers tells boxes of other releases from parts of the one that is told.
func TestOthers(t *testing.T) {
	const one, two = `<a href="/1">The owner of the pier repays all</a>`, `<a href="/2">The ferry has to let wheelchairs aboard</a>`
	for name, test := range map[string]struct {
		source string
		want   bool
	}{
		"list":                        {`<div id="x"><h2>Related News</h2><ul><li>` + one + `</li><li>` + two + `</li></ul></div>`, true},
		"cards with days and teasers": {`<section id="x"><h3>Latest Releases</h3><div><h4>` + one + `</h4><p>March 3, 2021</p><p>` + prose + `</p></div><div><h4>` + two + `</h4><p>` + prose + `</p></div></section>`, true},
		"label in a block":            {`<div id="x"><div class="t">More News</div>` + one + `<br>` + two + `</div>`, true},
		"Spanish":                     {`<div id="x"><h2>Noticias relacionadas</h2><p>` + one + `</p><p>` + two + `</p></div>`, true},
		"one alone":                   {`<div id="x"><h2>Related News</h2><p>` + one + `</p></div>`, false},
		"another heading":             {`<div id="x"><h2>What the court found</h2><p>` + one + `</p><p>` + two + `</p></div>`, false},
		"label of a section":          {`<div id="x"><h2>Latest News</h2><h3>The owner of the pier repays all</h3><p>` + prose + `</p><p>` + one + `</p><p>` + two + `</p></div>`, false},
		"a release below its link":    {`<div id="x"><h2>Latest News</h2><h3>` + one + `</h3>` + strings.Repeat(`<p>`+prose+`</p>`, 3) + `<p>` + two + `</p></div>`, false},
		"loose text":                  {`<div id="x"><h2>Latest News</h2>` + prose + `<br>` + prose + `<p>` + one + `</p><p>` + two + `</p></div>`, false},
		"something before it":         {`<div id="x"><p>` + prose + `</p><h2>Related News</h2><p>` + one + `</p><p>` + two + `</p></div>`, false},
		"the headline inside":         {`<div id="x"><h2>News</h2><h1>The pier</h1><p>` + one + `</p><p>` + two + `</p></div>`, false},
	} {
		t.Run(name, func(t *testing.T) {
			root, err := html.Parse(strings.NewReader("<main>" + test.source + "<p>" + prose + "</p></main>"))
			if err != nil {
				t.Fatal(err)
			}
			if got := Weigh(root).Others(document.SelectFirst(root, "#x")); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
