package query

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/index/query/lexing"
	"agora/index/query/spelling"
)

func codes(list []index.Warning) []string {
	var codes []string
	for _, w := range list {
		codes = append(codes, w.Code)
	}
	return codes
}

func TestParseKeepsItsLimits(t *testing.T) {
	tests := []struct {
		name, question string
		want           []string
	}{
		{"longest", strings.Repeat("a", index.MaxQueryBytes), nil},
		{"too long", strings.Repeat("opioid ", index.MaxQueryBytes), []string{"too_long", "too_many_clauses"}},
		{"too long without a space", strings.Repeat("é", index.MaxQueryBytes), []string{"too_long"}},
		{"deepest", strings.Repeat("(", index.MaxQueryDepth) + "a" + strings.Repeat(")", index.MaxQueryDepth), nil},
		{"too deep", strings.Repeat("(", index.MaxQueryDepth+1) + "a" + strings.Repeat(")", index.MaxQueryDepth+1) + " b", []string{"too_deep"}},
		{"much too deep", strings.Repeat("(", index.MaxQueryBytes), []string{"too_deep", "unbalanced_parenthesis", "no_words"}},
		{"deep fields", strings.Repeat("title:(", 1000) + "a", []string{"too_deep", "unbalanced_parenthesis"}},
		{"most clauses", strings.Repeat("a ", index.MaxQueryClauses), nil},
		{"too many clauses", strings.Repeat("a ", index.MaxQueryClauses+1), []string{"too_many_clauses"}},
		{"too many values", "state:" + strings.Repeat("VA,", index.MaxQueryClauses+1), []string{"too_many_clauses"}},
		{"negations", strings.Repeat("NOT ", 2000) + "a", nil},
		{"ranges", "date:" + strings.Repeat(".", 8000), []string{"bad_date", "no_words"}},
		{"names", strings.Repeat("a:", 4000), []string{"unknown_field"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root, warnings := Parse(test.question)
			if diff := cmp.Diff(test.want, codes(warnings)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			checkTree(t, root)
		})
	}
}

func TestParseWarnsOfEachThingOnceAndNotWithoutEnd(t *testing.T) {
	if _, warnings := Parse(strings.Repeat("a OR OR ", 20) + "b"); len(warnings) != 1 {
		t.Errorf("got %d warnings, want 1: %v", len(warnings), warnings)
	}
	var question strings.Builder
	for _, letter := range "abcdefghijklmnopqrstuvwxyz" {
		question.WriteString("state:unknown" + string(letter) + " ")
	}
	if _, warnings := Parse(question.String()); len(warnings) != maxWarnings {
		t.Errorf("got %d warnings, want %d", len(warnings), maxWarnings)
	}
}

func TestDeepestPartsAreKept(t *testing.T) {
	deep := strings.Repeat("(", 2*index.MaxQueryDepth) + "a) OR b" + strings.Repeat(")", 2*index.MaxQueryDepth-1)
	root, _ := Parse(deep)
	want := index.Or{Nodes: []index.Node{index.Word{Text: "a"}, index.Word{Text: "b"}}}
	if diff := cmp.Diff(index.Node(want), root); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
}

// checkTree checks what every engine may rely on.
func checkTree(t interface {
	Helper()
	Fatalf(string, ...any)
}, root index.Node) {
	t.Helper()
	leaves := 0
	text := func(s string) {
		if strings.TrimSpace(s) == "" || !utf8.ValidString(s) {
			t.Fatalf("leaf has the text %q", s)
		}
	}
	var check func(n index.Node, depth int)
	check = func(n index.Node, depth int) {
		if depth > 2*index.MaxQueryDepth+4 {
			t.Fatalf("tree is %d deep", depth)
		}
		leaves++
		switch n := n.(type) {
		case index.And:
			leaves--
			if len(n.Nodes) < 2 {
				t.Fatalf("AND of %d", len(n.Nodes))
			}
			for _, part := range n.Nodes {
				check(part, depth+1)
			}
		case index.Or:
			leaves--
			if len(n.Nodes) < 2 {
				t.Fatalf("OR of %d", len(n.Nodes))
			}
			for _, part := range n.Nodes {
				check(part, depth+1)
			}
		case index.Not:
			leaves--
			if _, twice := n.Node.(index.Not); twice {
				t.Fatalf("NOT of NOT")
			}
			check(n.Node, depth+1)
		case index.Word:
			text(n.Text)
		case index.Phrase:
			text(n.Text)
		case index.Prefix:
			text(n.Text)
			if letters(n.Text) < shortestPattern {
				t.Fatalf("prefix %q", n.Text)
			}
		case index.Fuzzy:
			text(n.Text)
		case index.Near:
			text(n.Text)
			if n.Within < 1 || n.Within > lexing.MaxDistance {
				t.Fatalf("near within %d", n.Within)
			}
		case index.InOffice:
			text(n.Name)
		case index.Has:
			if v, ok := spelling.Value(n.Field, n.Value); !ok || v != n.Value {
				t.Fatalf("%s has the value %q", n.Field, n.Value)
			}
		case index.Published:
			if n.From == "" && n.To == "" {
				t.Fatalf("published at any time")
			}
		case index.IsMultistate, index.Nothing:
		default:
			t.Fatalf("unknown node %T", n)
		}
	}
	if root != nil {
		check(root, 0)
	}
	if leaves > index.MaxQueryClauses {
		t.Fatalf("%d clauses", leaves)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", `cartels "foreign terrorist organizations"`, `(a OR b) -c title:"x y"~5 state:VA,WV date:2023..2024 op* fuzz~`,
		`state:("West Virginia" OR NY) is:gone NOT (a`, "§ 1983 AT&T T-Mobile 9/11 No. “q”", "a:b:c ::: --x -(", "ag:O’Neil before:2/30/2020",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, q string) {
		root, warnings := Parse(q)
		checkTree(t, root)
		again, said := Parse(q)
		if diff := cmp.Diff(root, again); diff != "" {
			t.Fatalf("read twice (-first +second):\n%s", diff)
		}
		if !slices.Equal(warnings, said) {
			t.Fatalf("warned twice: %v, %v", warnings, said)
		}
		if root == nil && strings.TrimSpace(clean(q)) != "" && len(warnings) == 0 {
			t.Fatalf("%q came to nothing without a warning", q)
		}
		for _, w := range warnings {
			if w.Code == "" || !utf8.ValidString(w.Message) || len(w.Message) > 4096 {
				t.Fatalf("warning %q: %q", w.Code, w.Message)
			}
		}
		if _, isNothing := root.(index.Nothing); isNothing && !slices.Contains(codes(warnings), contradiction) && len(warnings) < maxWarnings {
			t.Fatalf("%q matches nothing without a warning", q)
		}
	})
}
