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
