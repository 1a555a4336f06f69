package prose_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"agora/server/prose"
)

func TestRender(t *testing.T) {
	tests := []struct{ name, markdown, text, want string }{
		{"plain text", "", "One & two\nthree\n\n\n\n<four>", "<p>One &amp; two<br>\nthree</p>\n<p>&lt;four&gt;</p>\n"},
		{"emphasis and headings", "# Head\n\n**bold** _it_", "", "<h3>Head</h3>\n<p><strong>bold</strong> <em>it</em></p>\n"},
		{"deep heading", "###### Six", "", "<h6>Six</h6>\n"},
		{"link", "[a](https://x.example/?a=1&b=2 \"t\")", "", `<p><a href="https://x.example/?a=1&amp;b=2" rel="nofollow noopener">a</a></p>` + "\n"},
		{"mail", "<press@ag.example>", "", `<p><a href="mailto:press@ag.example" rel="nofollow noopener">press@ag.example</a></p>` + "\n"},
		{"bare address", "see https://x.example/y.", "", `<p>see <a href="https://x.example/y" rel="nofollow noopener">https://x.example/y</a>.</p>` + "\n"},
		{"script link", "[a](javascript:alert(1))", "", "<p>a</p>\n"},
		{"data link", "[a](data:text/html,x)", "", "<p>a</p>\n"},
		{"relative link", "[a](/news)", "", "<p>a</p>\n"},
		{"ftp autolink", "<ftp://x.example/>", "", "<p>ftp://x.example/</p>\n"},
		{"picture", "![the seal](https://x.example/a.png)", "", "<p>the seal</p>\n"},
		{"raw tag", "a <b onclick=x>b</b>", "", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"},
		{"raw block", "<script>\nalert(1)\n</script>\n", "", "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;\n</p>\n"},
		{"table", "| a | b |\n|:-:|--|\n| 1 | 2 |\n", "", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"},
		{"too long for markdown", strings.Repeat("# a\n", 200_000), "text", "<p>text</p>\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := string(prose.Render(test.markdown, test.text)); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// FuzzRender holds the renderer to a short list of tags and attributes, whatever comes.
func FuzzRender(f *testing.F) {
	for _, seed := range []string{
		"[a](https://x.example/\"onclick=alert(1)>)", "<a href=javascript:x>", "![x](y)", "[x]: javascript:alert(1)\n[x]", "<https://x.example/\"><script>",
		"```\"><script>\nx\n```", "&lt;script&gt;", "a\x00b", "| a |\n|-|\n| <b> |", "<!-- x --><?php ?><![CDATA[x]]>", "~~x~~ www.x.example", "[a](  JaVaScRiPt:x )",
	} {
		f.Add(seed)
	}
	tags := strings.Fields("p br a em strong del code pre ul ol li blockquote hr table thead tbody tr th td h3 h4 h5 h6")
	f.Fuzz(func(t *testing.T, markdown string) {
		z := html.NewTokenizer(strings.NewReader(string(prose.Render(markdown, markdown))))
		for {
			kind := z.Next()
			if kind == html.ErrorToken {
				return
			}
			if kind == html.CommentToken || kind == html.DoctypeToken {
				t.Fatalf("%q gives %s", markdown, z.Raw())
			}
			if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
				continue
			}
			token := z.Token()
			if !slices.Contains(tags, token.Data) {
				t.Fatalf("%q gives %s", markdown, token)
			}
			for _, a := range token.Attr {
				switch {
				case token.Data == "a" && a.Key == "href" && (strings.HasPrefix(a.Val, "http://") || strings.HasPrefix(a.Val, "https://") || strings.HasPrefix(a.Val, "mailto:")):
				case token.Data == "a" && a.Key == "rel" && a.Val == "nofollow noopener":
				case token.Data == "ol" && a.Key == "start", token.Data == "code" && a.Key == "class":
				default:
					t.Fatalf("%q gives attribute %s=%q", markdown, a.Key, a.Val)
				}
			}
		}
	})
}
