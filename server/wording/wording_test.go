package wording

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/index/vocabulary"
)

func TestEveryValueHasAName(t *testing.T) {
	for _, field := range index.Fields {
		if label := FieldLabel(field); label == "" || label == string(field) {
			t.Errorf("field %s has no label", field)
		}
	}
	for _, o := range vocabulary.Offices {
		if ValueLabel(index.FieldState, o.Code) != o.Name {
			t.Errorf("office %s has no name", o.Code)
		}
	}
}

func TestWords(t *testing.T) {
	for n, want := range map[int]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234"} {
		if got := Number(n); got != want {
			t.Errorf("number %d is %q", n, got)
		}
	}
	for given, want := range map[string]string{
		"a <mark>b</mark> &lt;": "a <mark>b</mark> &lt;", "<b>": "&lt;b&gt;", "<mark>x": "&lt;mark&gt;x", "<mark onclick=x>y</mark>": "&lt;mark onclick=x&gt;y&lt;/mark&gt;",
	} {
		if got := string(Marked(given)); got != want {
			t.Errorf("marked %q is %q", given, got)
		}
	}
	month := index.Summary{Published: "2023-02-01", PublishedPrecision: "month", PublishedSource: "listing"}
	if diff := cmp.Diff(Day{Text: "February 2023", ISO: "2023-02", How: "Dated by the office's listing."}, DayOf(&month)); diff != "" {
		t.Error(diff)
	}
	if Join([]string{"a", "b", "c"}) != "a, b and c" || Join(nil) != "" || Join([]string{"a"}) != "a" {
		t.Error("join")
	}
	if Shorten("äöü", 3) != "ä…" {
		t.Errorf("shorten: %q", Shorten("äöü", 3))
	}
}

func TestDescribe(t *testing.T) {
	node := index.And{Nodes: []index.Node{
		index.Or{Nodes: []index.Node{index.Word{Text: "a"}, index.Phrase{Text: "b c", In: index.InTitle}}}, index.Not{Node: index.Prefix{Text: "dd"}},
		index.Has{Field: index.FieldState, Value: "VA"}, index.Published{From: "2020-01-01"}, index.IsMultistate{}, index.Near{Text: "x y", Within: 5}, index.Fuzzy{Text: "z"}, index.InOffice{Name: "N"},
	}}
	want := "(the word “a” or exactly “b c” in the title) and not words that begin with “dd” and published by Virginia and published since Jan 1, 2020 and about a coalition and “x y” within 5 words and words spelled like “z” and attorney general N in office"
	if got := Describe(node); got != want {
		t.Errorf("described as %s", got)
	}
}
