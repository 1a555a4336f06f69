package listing

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"agora/crawler/office"
)

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		source, address string
		want            bool
	}{
		{"https://ag.example/news", "http://AG.example/news/?page=3", true},
		{"https://ag.example/news", "https://ag.example/news/one", false},
		{"https://ag.example/pr{year}.js", "https://ag.example/pr2020.js", true},
		{"https://ag.example/month/{year}{month}", "https://ag.example/month/202003", true},
		{"https://ag.example/pr{year}.js", "https://ag.example/pr2020/x.js", false},
		{"", "", false},
	} {
		if got := Matches(test.source, test.address); got != test.want {
			t.Errorf("%s, %s: %v", test.source, test.address, got)
		}
	}
}

func TestLiteral(t *testing.T) {
	for source, want := range map[string]any{
		`[1, "a", null, true]`:                                []any{1.0, "a", nil, true},
		`var x = {a: 'b\'s', "c": [,1,], /* no */ d: -2.5,};`: map[string]any{"a": "b's", "c": []any{1.0}, "d": -2.5},
		"load({t: `x`})":                                      map[string]any{"t": "x"},
		`{"u": "\u201cq\u201d \x41 \n"}`:                      map[string]any{"u": "“q” A  "},
	} {
		got, err := parseLiteral(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", source, diff)
		}
	}
	for _, source := range []string{"", "words", "function x() { return 1 }", "[1, 2", `{"a"}`, `{"a": b()}`, "if (x) { y = 1; }", "["} {
		if got, err := parseLiteral(source); err == nil {
			t.Errorf("%s: %v", source, got)
		}
	}
}

func FuzzLiteral(f *testing.F) {
	f.Add(`var x = [{a: 'b', c: ["d"]}]`)
	f.Add("[[[[[[")
	base, _ := url.Parse("https://ag.example/a.js")
	f.Fuzz(func(t *testing.T, source string) {
		rows, ok := Data(source, base, office.Office{})
		for _, r := range rows {
			if !ok || r.URL == "" || r.Title == "" {
				t.Errorf("%+v", r)
			}
		}
	})
}

// TestReadMoreIsNoHeadline: links below excerpts repeat headlines and are longer; items
// too short for an excerpt have none and are rows all the same.
func TestReadMoreIsNoHeadline(t *testing.T) {
	var b strings.Builder
	for i, title := range []string{"Attorney General Marlow sues a lantern maker", "Office closed for the holiday", "Attorney General Marlow warns of ferry tickets", "Attorney General Marlow wins a case"} {
		fmt.Fprintf(&b, `<article><header><h2><a href="/news/%[1]d">%[2]s</a></h2></header><div><p>Words.`, i, title)
		if i != 1 {
			fmt.Fprintf(&b, ` <a class="more-link" href="/news/%[1]d">Continue reading <span>%[2]s</span></a>`, i, title)
		}
		b.WriteString("</p></div></article>")
	}
	root, err := html.Parse(strings.NewReader("<main>" + b.String() + "</main>"))
	if err != nil {
		t.Fatal(err)
	}
	base, _ := url.Parse("https://ag.example/press")
	var titles []string
	for _, r := range Rows(root, base, nil, func(*html.Node) bool { return false }) {
		titles = append(titles, r.Title)
	}
	want := []string{"Attorney General Marlow sues a lantern maker", "Office closed for the holiday", "Attorney General Marlow warns of ferry tickets", "Attorney General Marlow wins a case"}
	if diff := cmp.Diff(want, titles); diff != "" {
		t.Error(diff)
	}
}
