package synonyms

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

func words(text string) []index.Node {
	var nodes []index.Node
	for w := range strings.FieldsSeq(text) {
		nodes = append(nodes, index.Word{Text: w})
	}
	return nodes
}

func or(nodes ...index.Node) index.Or   { return index.Or{Nodes: nodes} }
func and(nodes ...index.Node) index.And { return index.And{Nodes: nodes} }
func word(text string) index.Word       { return index.Word{Text: text} }
func phrase(text string) index.Phrase   { return index.Phrase{Text: text} }

func TestExpand(t *testing.T) {
	commission := phrase("Federal Trade Commission")
	vapes := []index.Node{phrase("e-cigarette"), phrase("e-cigarettes"), phrase("e-cig"), phrase("e-cigs"), phrase("electronic cigarette"), phrase("electronic cigarettes")}
	tests := []struct {
		name       string
		root, want index.Node
	}{
		{"nothing", nil, nil},
		{"no name", word("settlement"), word("settlement")},
		{"abbreviation", word("FTC"), or(word("FTC"), commission)},
		{"in small letters", word("ftc"), or(word("ftc"), commission)},
		{"with full stops", word("F.T.C."), or(word("F.T.C."), commission)},
		{"long form", and(words("federal trade commission")...), or(and(words("federal trade commission")...), word("FTC"))},
		{"long form among words", and(words("new Federal Trade Commission suit")...),
			and(word("new"), or(and(words("Federal Trade Commission")...), word("FTC")), word("suit"))},
		{"long form in another order", and(words("trade federal commission")...), and(words("trade federal commission")...)},
		{"word that finds its forms", word("vape"), or(append([]index.Node{word("vape")}, vapes...)...)},
		{"plural", word("vapes"), or(append([]index.Node{word("vapes")}, vapes...)...)},
		{"longest first", and(words("homeowners association")...), or(and(words("homeowners association")...), word("HOA"),
			phrase("homeowners associations"), phrase("homeowners' association"), phrase("homeowners' associations"), phrase("homeowner association"))},
		{"in the title", index.Word{Text: "FTC", In: index.InTitle},
			or(index.Word{Text: "FTC", In: index.InTitle}, index.Phrase{Text: "Federal Trade Commission", In: index.InTitle})},
		{"in two places", and(index.Word{Text: "federal", In: index.InTitle}, word("trade"), word("commission")),
			and(index.Word{Text: "federal", In: index.InTitle}, word("trade"), word("commission"))},
		{"capitals", word("ICE"), or(word("ICE"), phrase("Immigration and Customs Enforcement"))},
		{"no capitals", word("ice"), word("ice")},
		{"a capital", word("Ice"), word("Ice")},
		{"capitals in the plural", word("AGs"), or(word("AGs"), phrase("attorney general"), phrase("attorneys general"))},
		{"one way", and(words("attorney general")...), and(words("attorney general")...)},
		{"not one letter less", word("CM"), word("CM")},
		{"excluded", index.Not{Node: word("FTC")}, index.Not{Node: word("FTC")}},
		{"excluded group", and(word("FTC"), index.Not{Node: or(word("PBM"), word("a"))}),
			and(or(word("FTC"), commission), index.Not{Node: or(word("PBM"), word("a"))})},
		{"in quotes", phrase("FTC"), phrase("FTC")},
		{"prefix", index.Prefix{Text: "FTC"}, index.Prefix{Text: "FTC"}},
		{"fuzzy", index.Fuzzy{Text: "FTC"}, index.Fuzzy{Text: "FTC"}},
		{"alternatives", or(word("FTC"), word("a")), or(word("FTC"), commission, word("a"))},
		{"both typed", or(word("FTC"), commission), or(word("FTC"), commission)},
		{"both typed as words", or(word("FTC"), and(words("Federal Trade Commission")...)),
			or(word("FTC"), commission, and(words("Federal Trade Commission")...))},
		{"deep", and(word("a"), or(and(word("b"), word("FTC")), word("c"))),
			and(word("a"), or(and(word("b"), or(word("FTC"), commission)), word("c")))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := fmt.Sprint(test.root)
			got, added := Expand(test.root, index.MaxQueryClauses)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("tree (-want +got):\n%s", diff)
			}
			if changed := !cmp.Equal(test.root, got); changed && len(added) == 0 && test.name != "both typed" {
				t.Error("the tree was changed, and nothing says so")
			}
			if after := fmt.Sprint(test.root); after != before {
				t.Errorf("what was given became %s", after)
			}
		})
	}
}

func TestExpandSaysWhatItAdds(t *testing.T) {
	_, added := Expand(and(words("FTC robocall FTC")...), index.MaxQueryClauses)
	want := []Added{{"FTC", "Federal Trade Commission", false}, {"robocall", "automated call", true}}
	if diff := cmp.Diff(want, added); diff != "" {
		t.Error(diff)
	}
}

// TestExpandIsBounded holds that names are added while there is room and no more.
func TestExpandIsBounded(t *testing.T) {
	var leaves func(n index.Node) int
	leaves = func(n index.Node) int {
		sum := 0
		switch n := n.(type) {
		case index.And:
			for _, part := range n.Nodes {
				sum += leaves(part)
			}
			return sum
		case index.Or:
			for _, part := range n.Nodes {
				sum += leaves(part)
			}
			return sum
		}
		return 1
	}
	for _, room := range []int{-1, 0, 1, 3, 100, 1000} {
		root := and(words(strings.Repeat("FTC robocall vape ", 60))...)
		got, _ := Expand(root, room)
		if more := leaves(got) - leaves(root); more > max(0, min(room, maxAdded)) || room > 2 && more == 0 {
			t.Errorf("%d clauses were added where there was room for %d", more, room)
		}
	}
}

// TestList holds what a reviewed list has to be.
func TestList(t *testing.T) {
	n, err := read(list)
	if err != nil {
		t.Fatal(err)
	}
	if len(n.rows) < 100 {
		t.Errorf("%d names", len(n.rows))
	}
	for key, r := range n.rows {
		if len(r.others) > 14 {
			t.Errorf("%q has %d other names: a question would become slow", key, len(r.others))
		}
		if len(key) > maxName || strings.Count(key, " ") >= n.longest {
			t.Errorf("%q is never looked up", key)
		}
		// A short name in small letters has to be no word of English or Spanish.
		common := strings.Fields("ag am as dei ice in it may me no or rico sec snap us who")
		if !r.capitals && slices.Contains(common, key) {
			t.Errorf("%q is a common word and counts in small letters", key)
		}
	}
}

func TestReadRefusesMistakes(t *testing.T) {
	for _, line := range []string{
		"a\tb\tboth", "a\tb\tboth\t ", "a\tb\ttwo\twhy", "a\t\tone\twhy", "\tb\tone\twhy", "a\tb | \tone\twhy",
		"a\tb\tone\twhy\na\tc\tone\twhy", "a\tb\tboth\twhy\nb\tc\tone\twhy",
	} {
		if _, err := read(line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}
