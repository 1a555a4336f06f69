package matters

import (
	"slices"
	"strings"

	"agora/index"
)

// changes says what has to be saved so that the groups are matters: ids live on in the
// group that has most of their releases, the oldest where a group has several.
func (r *round) changes() []index.MatterChange {
	groups := r.groups()
	kept := make([][]index.Matter, len(groups)) // matters that live on in a group
	var left []index.Matter                     // those that live on in none
	for _, m := range r.matters {
		if at := home(groups, m); at >= 0 {
			kept[at] = append(kept[at], m)
		} else if r.judges(m) {
			left = append(left, m)
		}
	}
	var changes []index.MatterChange
	for _, m := range left {
		if len(m.Releases)+len(m.Twins) > 0 {
			changes = append(changes, index.MatterChange{ID: m.ID, Title: m.Title, First: m.First, Last: m.Last, Topics: m.Topics})
		}
	}
	slices.SortFunc(changes, func(a, b index.MatterChange) int { return strings.Compare(a.ID, b.ID) })
	for i, g := range groups {
		change := r.describe(g)
		slices.SortFunc(kept[i], func(a, b index.Matter) int {
			if a.Older(&b) {
				return -1
			}
			return 1
		})
		for n, m := range kept[i] {
			if n == 0 {
				change.ID = m.ID
			} else {
				change.Merge = append(change.Merge, m.ID)
			}
		}
		if change.ID == "" || len(change.Merge) > 0 || differs(kept[i][0], change) {
			changes = append(changes, change)
		}
	}
	return changes
}

// judges tells whether all releases of a matter are judged.
func (r *round) judges(m index.Matter) bool {
	for _, id := range slices.Concat(m.Releases, m.Twins) {
		if !r.dirty[id] {
			return false
		}
	}
	return true
}

// home finds the group that has most releases of a matter, the earliest of several; -1
// where none has any.
func home(groups []*group, m index.Matter) int {
	at, most := -1, 0
	for i, g := range groups {
		n := 0
		for _, id := range g.ids {
			if _, has := slices.BinarySearch(m.Releases, id); has {
				n++
			}
		}
		if n > most {
			at, most = i, n
		}
	}
	return at
}

// describe says what the matter of a group is: titled as by the first that told it, about
// what at least half of its tellings are about.
func (r *round) describe(g *group) index.MatterChange {
	first, last := r.told[g.ids[0]], r.told[g.ids[len(g.ids)-1]]
	change := index.MatterChange{Title: first.Title, First: dayDate(first.Day), Last: dayDate(last.Day), Releases: g.ids, Twins: g.twins}
	count := map[string]int{}
	for _, id := range g.ids {
		for _, topic := range r.told[id].Topics {
			count[topic]++
		}
	}
	for topic, n := range count {
		if 2*n >= len(g.ids) {
			change.Topics = append(change.Topics, topic)
		}
	}
	slices.Sort(change.Topics)
	return change
}

// differs tells whether a matter is not what a change says.
func differs(m index.Matter, c index.MatterChange) bool {
	return m.Title != c.Title || m.First != c.First || m.Last != c.Last || !slices.Equal(m.Topics, c.Topics) ||
		!sameSet(m.Releases, c.Releases) || !sameSet(m.Twins, c.Twins)
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
