package query

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

var update = flag.Bool("update", false, "write the golden file anew; review it before it is kept")

// TestQuestions compares how every question of the golden file is read with what the
// file says. A line beginning with "?" is a question (quoted as in Go where it must be),
// ">" how it was read, "!" a warning.
func TestQuestions(t *testing.T) {
	const file = "testdata/questions.golden"
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	questions := 0
	for line := range strings.Lines(string(want)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "? "):
			questions++
			fmt.Fprintln(&got, line)
			answer(&got, unquote(t, line[2:]))
		case strings.HasPrefix(line, "> ") || strings.HasPrefix(line, "! "):
		default:
			fmt.Fprintln(&got, line)
		}
	}
	if questions < 80 {
		t.Errorf("%d questions in the golden file, want 80 or more", questions)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("questions are read otherwise (-want +got):\n%s", diff)
	}
}

func answer(b *strings.Builder, question string) {
	root, warnings := Parse(question)
	fmt.Fprintln(b, ">", format(root))
	for _, w := range warnings {
		fmt.Fprintln(b, "!", w.Code+":", w.Message)
	}
}

// unquote reads a question that is written as a Go string, for signs that a line can't show.
func unquote(t *testing.T, written string) string {
	t.Helper()
	if !strings.HasPrefix(written, "`") && !strings.HasPrefix(written, `"\`) {
		return written
	}
	text, err := strconv.Unquote(written)
	if err != nil {
		t.Fatalf("unquote %s: %v", written, err)
	}
	return text
}

// format writes a tree as nested lists.
func format(n index.Node) string {
	switch n := n.(type) {
	case nil:
		return "(all)"
	case index.And:
		return list("and", n.Nodes)
	case index.Or:
		return list("or", n.Nodes)
	case index.Not:
		return "(not " + format(n.Node) + ")"
	case index.Word:
		return "(word" + in(n.In) + " " + n.Text + ")"
	case index.Phrase:
		return "(phrase" + in(n.In) + " " + n.Text + ")"
	case index.Near:
		return fmt.Sprintf("(near%s %d %s)", in(n.In), n.Within, n.Text)
	case index.Prefix:
		return "(prefix" + in(n.In) + " " + n.Text + ")"
	case index.Fuzzy:
		return "(fuzzy" + in(n.In) + " " + n.Text + ")"
	case index.Has:
		return "(" + string(n.Field) + " " + n.Value + ")"
	case index.InOffice:
		return "(in-office " + n.Name + ")"
	case index.Published:
		return fmt.Sprintf("(published %s..%s)", n.From, n.To)
	case index.IsMultistate:
		return "(multistate)"
	case index.Nothing:
		return "(nothing)"
	default:
		return fmt.Sprintf("%#v", n)
	}
}

func in(place index.TextField) string {
	if place == index.InAny {
		return ""
	}
	return "@" + string(place)
}

func list(name string, nodes []index.Node) string {
	parts := make([]string, 0, len(nodes))
	for _, n := range nodes {
		parts = append(parts, format(n))
	}
	return "(" + name + " " + strings.Join(parts, " ") + ")"
}
