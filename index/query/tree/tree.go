// Package tree builds the trees of index.Node in their simplest form, and finds in them
// what contradicts itself. It reads nothing that people type and searches nothing.
package tree

import "agora/index"

// All joins parts that must all match.
func All(nodes []index.Node) index.Node {
	switch len(nodes) {
	case 0:
		return nil
	case 1:
		return nodes[0]
	}
	flat := make([]index.Node, 0, len(nodes))
	for _, n := range nodes {
		if inner, ok := n.(index.And); ok {
			flat = append(flat, inner.Nodes...)
		} else {
			flat = append(flat, n)
		}
	}
	return index.And{Nodes: flat}
}

// Any joins parts of which one must match.
func Any(nodes []index.Node) index.Node {
	switch len(nodes) {
	case 0:
		return nil
	case 1:
		return nodes[0]
	}
	flat := make([]index.Node, 0, len(nodes))
	for _, n := range nodes {
		if inner, ok := n.(index.Or); ok {
			flat = append(flat, inner.Nodes...)
		} else {
			flat = append(flat, n)
		}
	}
	return index.Or{Nodes: flat}
}

// Negate returns the opposite of n; two negations cancel each other.
func Negate(n index.Node) index.Node {
	if inner, ok := n.(index.Not); ok {
		return inner.Node
	}
	return index.Not{Node: n}
}
