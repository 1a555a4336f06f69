package listing

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

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
