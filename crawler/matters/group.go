package matters

import (
	"cmp"
	"maps"
	"slices"

	"agora/crawler/matters/telling"
)

// mostTellings bounds a matter: twice as many as there are offices.
const mostTellings = 112

// group is releases that tell one action. An office tells it once: its next release is
// about the next step.
type group struct {
	ids     []string
	twins   []string // translations of those
	offices map[string]bool
}

// groups joins releases by edges, the surest first. A release whose matter is not judged
// stays where it is.
func (r *round) groups() []*group {
	main := r.translations()
	of := map[string]*group{}
	for id := range r.told {
		if main[id] != "" {
			continue
		}
		of[id] = &group{ids: []string{id}, offices: map[string]bool{r.told[id].Office: true}}
	}
	unite := func(a, b *group) {
		if len(a.ids) < len(b.ids) {
			a, b = b, a
		}
		a.ids = append(a.ids, b.ids...)
		for office := range b.offices {
			a.offices[office] = true
		}
		for _, id := range b.ids {
			of[id] = a
		}
	}
	slices.SortFunc(r.edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(b.sure, a.sure), cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b))
	})
	for _, e := range r.edges {
		if e.twin {
			continue
		}
		a, b := of[cmp.Or(main[e.a], e.a)], of[cmp.Or(main[e.b], e.b)]
		if !r.settled(e.a) && !r.settled(e.b) && a != b && !meet(a.offices, b.offices) && len(a.ids)+len(b.ids) <= mostTellings {
			unite(a, b)
		}
	}
	for id, translated := range main {
		of[translated].twins = append(of[translated].twins, id)
	}
	seen := map[*group]bool{}
	var groups []*group
	for _, g := range of {
		if !seen[g] && len(g.offices) > 1 {
			seen[g] = true
			slices.SortFunc(g.ids, r.earlier)
			slices.Sort(g.twins)
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(a, b *group) int { return r.earlier(a.ids[0], b.ids[0]) })
	return groups
}

// translations says which release each translation is one of: the English one, or else the
// one with the lower id.
func (r *round) translations() map[string]string {
	main := map[string]string{}
	for _, e := range r.edges {
		if !e.twin || r.settled(e.a) || r.settled(e.b) {
			continue
		}
		original, other := e.a, e.b
		if r.told[e.b].Language == "en" {
			original, other = e.b, e.a
		}
		if main[original] == "" && main[other] == "" && !slices.Contains(slices.Collect(maps.Values(main)), other) {
			main[other] = original
		}
	}
	return main
}

// settled tells whether a release belongs to a matter that is not judged.
func (r *round) settled(id string) bool { return r.told[id].Matter != "" && !r.dirty[id] }

func meet(a, b map[string]bool) bool {
	for office := range a {
		if b[office] {
			return true
		}
	}
	return false
}

// earlier orders the tellings of a matter: by day, then those that lead it, then by id.
func (r *round) earlier(a, b string) int {
	ta, tb := r.told[a], r.told[b]
	return cmp.Or(cmp.Compare(ta.Day, tb.Day), cmp.Compare(joins(&ta), joins(&tb)), cmp.Compare(a, b))
}

// joins is 0 for an office that leads a coalition, by its own words, and 1 for others.
func joins(t *telling.Telling) int {
	if t.Coalition != nil && t.Coalition.Role != "joined" {
		return 0
	}
	return 1
}
