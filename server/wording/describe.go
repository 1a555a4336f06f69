package wording

import (
	"strings"

	"agora/index"
)

// Describe says in words how a question was read.
func Describe(node index.Node) string { return describeIn(node, false) }

func describeIn(node index.Node, nested bool) string {
	switch n := node.(type) {
	case index.And:
		return describeList(n.Nodes, " and ", nested)
	case index.Or:
		return describeList(n.Nodes, " or ", nested)
	case index.Not:
		return "not " + describeIn(n.Node, true)
	case index.Word:
		return "the word “" + n.Text + "”" + place(n.In)
	case index.Phrase:
		return "exactly “" + n.Text + "”" + place(n.In)
	case index.Near:
		return "“" + n.Text + "” within " + Counted(n.Within, "word", "words") + place(n.In)
	case index.Prefix:
		return "words that begin with “" + n.Text + "”" + place(n.In)
	case index.Fuzzy:
		return "words spelled like “" + n.Text + "”" + place(n.In)
	case index.Has:
		return strings.ToLower(FieldLabel(n.Field)) + " " + ValueLabel(n.Field, n.Value)
	case index.InOffice:
		return "attorney general " + n.Name + " in office"
	case index.Published:
		switch {
		case n.From == n.To:
			return "published on " + DateText(n.From, "day")
		case n.From == "":
			return "published by " + DateText(n.To, "day")
		case n.To == "":
			return "published since " + DateText(n.From, "day")
		}
		return "published from " + DateText(n.From, "day") + " to " + DateText(n.To, "day")
	case index.IsMultistate:
		return "about a coalition"
	case index.Nothing:
		return "conditions that contradict each other"
	}
	return ""
}

func describeList(nodes []index.Node, between string, nested bool) string {
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = describeIn(n, true)
	}
	said := strings.Join(parts, between)
	if nested && len(parts) > 1 {
		return "(" + said + ")"
	}
	return said
}

func place(in index.TextField) string {
	switch in {
	case index.InTitle:
		return " in the title"
	case index.InText:
		return " in the text"
	case index.InAny:
	}
	return ""
}
