package tree

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
)

var (
	a  = index.Word{Text: "a"}
	b  = index.Word{Text: "b"}
	va = index.Has{Field: index.FieldState, Value: "VA"}
	wv = index.Has{Field: index.FieldState, Value: "WV"}
)

func TestAllAndAnyAreFlat(t *testing.T) {
	tests := []struct {
		name      string
		got, want index.Node
	}{
		{"all of none", All(nil), nil},
		{"any of none", Any(nil), nil},
		{"all of one", All([]index.Node{a}), a},
		{"any of one", Any([]index.Node{a}), a},
		{"all of all", All([]index.Node{index.And{Nodes: []index.Node{a, b}}, va}), index.And{Nodes: []index.Node{a, b, va}}},
		{"any of any", Any([]index.Node{a, index.Or{Nodes: []index.Node{b, va}}}), index.Or{Nodes: []index.Node{a, b, va}}},
		{"all of any", All([]index.Node{a, index.Or{Nodes: []index.Node{b, va}}}), index.And{Nodes: []index.Node{a, index.Or{Nodes: []index.Node{b, va}}}}},
		{"not", Negate(a), index.Not{Node: a}},
		{"not not", Negate(Negate(a)), a},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestSettle(t *testing.T) {
	both := index.And{Nodes: []index.Node{va, wv}}
	tests := []struct {
		name          string
		node, want    index.Node
		contradiction bool
	}{
		{"nothing to settle", All([]index.Node{a, va}), All([]index.Node{a, va}), false},
		{"all", both, index.Nothing{}, true},
		{"deep in all", index.And{Nodes: []index.Node{a, index.And{Nodes: []index.Node{b, both}}}}, index.Nothing{}, true},
		{"one alternative", index.Or{Nodes: []index.Node{both, a}}, a, true},
		{"all alternatives", index.Or{Nodes: []index.Node{both, both}}, index.Nothing{}, true},
		{"excluded", Negate(both), Negate(index.Nothing{}), true},
		{"excluded twice", Negate(Negate(both)), index.Nothing{}, true},
		{"alternatives that leave a contradiction", index.And{Nodes: []index.Node{index.Or{Nodes: []index.Node{both, va}}, wv}}, index.Nothing{}, true},
		{"all", nil, nil, false},
	}
	for _, test := range tests {
		got, reason := Settle(test.node)
		if diff := cmp.Diff(test.want, got); diff != "" || (reason != "") != test.contradiction {
			t.Errorf("%s: reason %q (-want +got):\n%s", test.name, reason, diff)
		}
	}
}

// TestConflictsAreReal draws conditions on one release's state, topics and day, and looks
// for a release that fits: a conflict is only claimed where there is none.
func TestConflictsAreReal(t *testing.T) {
	type release struct {
		state, topic, other string
		day                 index.Date
	}
	var all []release
	for _, state := range []string{"MD", "VA", "WV"} {
		for _, topic := range []string{"opioids", "scams", "housing"} {
			for _, other := range []string{"opioids", "scams", "housing"} {
				for _, day := range []index.Date{"", "2020-01-01", "2021-06-01", "2022-12-31"} {
					all = append(all, release{state, topic, other, day})
				}
			}
		}
	}
	var matches func(n index.Node, r release) bool
	matches = func(n index.Node, r release) bool {
		switch n := n.(type) {
		case index.And:
			for _, part := range n.Nodes {
				if !matches(part, r) {
					return false
				}
			}
			return true
		case index.Or:
			for _, part := range n.Nodes {
				if matches(part, r) {
					return true
				}
			}
			return false
		case index.Not:
			return !matches(n.Node, r)
		case index.Has:
			switch n.Field {
			case index.FieldState:
				return n.Value == r.state
			case index.FieldTopic:
				return n.Value == r.topic || n.Value == r.other
			default:
				return n.Value == r.day.Year() || (n.Value == index.Undated && r.day == "")
			}
		case index.Published:
			return r.day != "" && n.From <= r.day && (n.To == "" || r.day <= n.To)
		}
		return false // index.Nothing
	}
	leaf := rapid.OneOf(
		rapid.Map(rapid.SampledFrom([]string{"MD", "VA", "WV"}), func(v string) index.Node { return index.Has{Field: index.FieldState, Value: v} }),
		rapid.Map(rapid.SampledFrom([]string{"opioids", "scams", "housing"}), func(v string) index.Node { return index.Has{Field: index.FieldTopic, Value: v} }),
		rapid.Map(rapid.SampledFrom([]string{"2020", "2021", "2022", "undated"}), func(v string) index.Node { return index.Has{Field: index.FieldYear, Value: v} }),
		rapid.Map(rapid.SampledFrom([]index.Date{"2020-01-01", "2021-01-01", "2022-06-01"}), func(d index.Date) index.Node { return index.Published{From: d} }),
		rapid.Map(rapid.SampledFrom([]index.Date{"2020-12-31", "2021-12-31"}), func(d index.Date) index.Node { return index.Published{To: d} }),
	)
	var tree func(depth int) *rapid.Generator[index.Node]
	tree = func(depth int) *rapid.Generator[index.Node] {
		if depth == 0 {
			return leaf
		}
		parts := rapid.SliceOfN(rapid.Deferred(func() *rapid.Generator[index.Node] { return tree(depth - 1) }), 1, 3)
		return rapid.OneOf(leaf,
			rapid.Map(parts, All), rapid.Map(parts, All), rapid.Map(parts, Any),
			rapid.Map(tree(depth-1), Negate))
	}
	rapid.Check(t, func(t *rapid.T) {
		n := tree(3).Draw(t, "tree")
		settled, reason := Settle(n)
		for _, r := range all {
			if before, after := matches(n, r), matches(settled, r); before != after {
				t.Fatalf("%+v matched: %t, settled: %t (%s)\n%#v\n%#v", r, before, after, reason, n, settled)
			}
		}
	})
}
