package tree

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"agora/index"
)

// Settle replaces every part that contradicts itself by index.Nothing and lets it take
// effect: where all parts must match it wins, where one must it is left out. reason is a
// clause without full stop, "" where there is no contradiction.
func Settle(n index.Node) (settled index.Node, reason string) {
	switch n := n.(type) {
	case index.And:
		nodes, reason := settleAll(n.Nodes)
		if slices.ContainsFunc(nodes, IsNothing) {
			return index.Nothing{}, reason
		}
		joined := All(nodes)
		if all, ok := joined.(index.And); ok {
			if why := Conflict(all.Nodes); why != "" {
				return index.Nothing{}, why
			}
		}
		return joined, reason
	case index.Or:
		nodes, reason := settleAll(n.Nodes)
		nodes = slices.DeleteFunc(nodes, IsNothing)
		if len(nodes) == 0 {
			return index.Nothing{}, reason
		}
		return Any(nodes), reason
	case index.Not:
		inner, reason := Settle(n.Node)
		return Negate(inner), reason
	case index.Published:
		if why := Conflict([]index.Node{n}); why != "" {
			return index.Nothing{}, why
		}
	}
	return n, ""
}

// settleAll settles each of nodes and returns the first reason.
func settleAll(nodes []index.Node) (settled []index.Node, reason string) {
	settled = make([]index.Node, len(nodes))
	for i, n := range nodes {
		part, why := Settle(n)
		settled[i] = part
		reason = cmp.Or(reason, why)
	}
	return settled, reason
}

// IsNothing tells whether n is a contradiction.
func IsNothing(n index.Node) bool {
	_, ok := n.(index.Nothing)
	return ok
}

// conditions is what the parts of an AND ask of one release.
type conditions struct {
	allowed  map[index.Field][][]string // each list: one of them must hold
	excluded map[index.Field][]string
	from, to index.Date
	dated    bool         // a day of publication is asked for
	holds    []index.Node // parts without parts of their own
	fails    []index.Node
}

// Conflict says why no release can match all of nodes, as a clause without full stop; ""
// where one may.
func Conflict(nodes []index.Node) string {
	c := conditions{allowed: map[index.Field][][]string{}, excluded: map[index.Field][]string{}}
	for _, n := range nodes {
		c.add(n)
	}
	for _, f := range index.Fields {
		if why := c.conflictIn(f); why != "" {
			return why
		}
	}
	if c.dated && c.from != "" && c.to != "" && c.from > c.to {
		return fmt.Sprintf("No day is on or after %s and on or before %s", c.from, c.to)
	}
	for _, n := range c.holds {
		if slices.Contains(c.fails, n) {
			return "The same is asked for and excluded"
		}
	}
	return c.conflictOfCoalition()
}

// add notes what one part asks for.
func (c *conditions) add(n index.Node) {
	switch n := n.(type) {
	case index.Has, index.Or:
		if f, values, ok := oneOf(n); ok {
			c.allowed[f] = append(c.allowed[f], values)
		}
	case index.Published:
		c.dated = true
		c.from = max(c.from, n.From)
		if n.To != "" && (c.to == "" || n.To < c.to) {
			c.to = n.To
		}
		c.holds = append(c.holds, n)
	case index.Word, index.Phrase, index.Near, index.Prefix, index.Fuzzy, index.InOffice, index.IsMultistate:
		c.holds = append(c.holds, n)
	case index.Not:
		if f, values, ok := oneOf(n.Node); ok {
			c.excluded[f] = append(c.excluded[f], values...)
			return
		}
		switch inner := n.Node.(type) {
		case index.And, index.Or, index.Not, index.Has, index.Nothing:
		default:
			c.fails = append(c.fails, inner)
		}
	}
}

// oneOf reads a value, or alternatives that are all values of one field.
func oneOf(n index.Node) (f index.Field, values []string, ok bool) {
	switch n := n.(type) {
	case index.Has:
		return n.Field, []string{n.Value}, true
	case index.Or:
		for _, part := range n.Nodes {
			has, isHas := part.(index.Has)
			if !isHas || (f != "" && has.Field != f) {
				return "", nil, false
			}
			f = has.Field
			values = append(values, has.Value)
		}
		return f, values, true
	}
	return "", nil, false
}

// conflictIn checks the values asked for in one field.
func (c *conditions) conflictIn(f index.Field) string {
	lists := c.allowed[f]
	if len(lists) == 0 {
		return ""
	}
	var possible []string
	for i, list := range lists {
		left := slices.DeleteFunc(slices.Clone(list), func(v string) bool { return slices.Contains(c.excluded[f], v) })
		if len(left) == 0 {
			return fmt.Sprintf("%s is asked for and excluded", spoken(f, list))
		}
		if !single(f) {
			continue
		}
		if i > 0 {
			left = slices.DeleteFunc(left, func(v string) bool { return !slices.Contains(possible, v) })
		}
		if len(left) == 0 {
			return fmt.Sprintf("A release has one %s, which can't be %s and at the same time %s", f, spoken(f, lists[0]), spoken(f, list))
		}
		possible = left
	}
	if f != index.FieldYear || !c.dated {
		return ""
	}
	if slices.Equal(possible, []string{index.Undated}) {
		return "Undated releases have no day of publication"
	}
	if !slices.ContainsFunc(possible, c.mayBePublishedIn) {
		return fmt.Sprintf("The days asked for are not in %s", spoken(f, possible))
	}
	return ""
}

// mayBePublishedIn tells whether a day asked for can lie in year.
func (c *conditions) mayBePublishedIn(year string) bool {
	if year == index.Undated {
		return false
	}
	return (c.from == "" || c.from.Year() <= year) && (c.to == "" || year <= c.to.Year())
}

// conflictOfCoalition checks what a coalition can't be.
func (c *conditions) conflictOfCoalition() string {
	for _, lead := range c.allowed[index.FieldLead] {
		for _, joined := range c.allowed[index.FieldJoined] {
			if len(lead) == 1 && slices.Equal(lead, joined) {
				return fmt.Sprintf("%s can't lead and join the same coalition", spoken(index.FieldLead, lead))
			}
		}
	}
	if !slices.Contains(c.fails, index.Node(index.IsMultistate{})) {
		return ""
	}
	for _, f := range []index.Field{index.FieldRole, index.FieldAction, index.FieldLead, index.FieldMember, index.FieldJoined} {
		if len(c.allowed[f]) > 0 {
			return fmt.Sprintf("Only releases of a coalition have a %s, and those are excluded", f)
		}
	}
	return ""
}

// single tells whether a release has at most one value of the field.
func single(f index.Field) bool {
	switch f {
	case index.FieldState, index.FieldYear, index.FieldRole, index.FieldAction, index.FieldParty, index.FieldLanguage, index.FieldPresence:
		return true
	case index.FieldTopic, index.FieldKind, index.FieldLead, index.FieldMember, index.FieldJoined, index.FieldInvolves,
		index.FieldAgency, index.FieldCompany:
	}
	return false
}

// spoken names values of a field for a message.
func spoken(f index.Field, values []string) string {
	const most = 3
	names := make([]string, 0, most+1)
	for _, v := range values {
		if len(names) == most {
			names = append(names, "…")
			break
		}
		names = append(names, cmp.Or(index.ValueLabel(f, v), v))
	}
	return strings.Join(names, " or ")
}
