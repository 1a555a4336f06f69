// Package evidence says in words why a release has its derived values, and what follows from
// a complete list of who takes part: who does not.
//
// It works on a release alone and judges nothing again.
package evidence

import (
	"strings"

	"agora/index"
	"agora/index/vocabulary"
	"agora/server/refine"
	"agora/server/wording"
)

// Link is a text that leads somewhere.
type Link struct{ Text, URL string }

// Reasons are why a release has the values of a field.
type Reasons struct {
	Field  string
	Values []Reason
}

// Reason is a value, the rule that gave it and the words that it rests on.
type Reason struct{ Value, Rule, Quote string }

// reasonFields are the fields of evidence in the order in which they are shown. Fields of
// a part ("coalition.role") stand under their own label.
var reasonFields = []vocabulary.Word{
	{Value: "topic", Label: "Topic"}, {Value: "kind", Label: "Kind"},
	{Value: "coalition.role", Label: "Part in the coalition"}, {Value: "coalition.action", Label: "Action of the coalition"},
	{Value: "coalition.members", Label: "Who takes part"}, {Value: "coalition.claimed", Label: "Number claimed"},
	{Value: "attorney_general", Label: "Attorney general"}, {Value: "attorney_general.conflict", Label: "Attorney general, contradiction"},
	{Value: "office", Label: "Publisher"},
}

// Grouped groups evidence by field; fields without a place of their own come last.
func Grouped(evidence []index.Evidence) []Reasons {
	byField := map[string][]Reason{}
	var others []string
	for _, e := range evidence {
		field := e.Field
		if field == "topics" || field == "kinds" {
			field = strings.TrimSuffix(field, "s")
		}
		value := e.Value
		switch field {
		case "topic", "kind":
			value = wording.ValueLabel(index.Field(field), e.Value)
		case "coalition.role":
			value = vocabulary.Label(vocabulary.Roles[:], e.Value)
		case "coalition.action":
			value = vocabulary.Label(vocabulary.Actions[:], e.Value)
		case "office":
			value = wording.StateName(e.Value)
		}
		if byField[field] == nil && !vocabulary.Has(reasonFields, field) {
			others = append(others, field)
		}
		byField[field] = append(byField[field], Reason{value, e.Rule, e.Quote})
	}
	var list []Reasons
	for _, f := range reasonFields {
		if values := byField[f.Value]; len(values) > 0 {
			list = append(list, Reasons{f.Label, values})
		}
	}
	for _, field := range others {
		list = append(list, Reasons{field, byField[field]})
	}
	return list
}

// Contradicted returns the name by which the text contradicts the catalogue's terms; "" where
// it does not.
func Contradicted(evidence []index.Evidence) string {
	for _, e := range evidence {
		if e.Field == "attorney_general.conflict" {
			return e.Value
		}
	}
	return ""
}

// Absent are the offices that a complete list of participants lacks.
type Absent struct {
	Count     string
	Offices   []Link
	Otherwise []Link // those whose governor or agency takes part, with its name
}

// AbsentFrom says who did not join. Nothing is known of it where the list is not complete.
func AbsentFrom(c *index.Coalition) *Absent {
	if !c.Complete || len(c.Members) < 2 {
		return nil
	}
	there, instead := map[string]bool{}, map[string]string{}
	for _, code := range c.Members {
		there[code] = true
	}
	for _, o := range c.Others {
		if code := string(o.Office); (o.Type == "governor" || o.Type == "agency") && !there[code] {
			instead[code] = o.Name
		}
	}
	a := &Absent{}
	for _, o := range vocabulary.Offices {
		switch name := instead[o.Code]; {
		case there[o.Code]:
		case name != "":
			a.Otherwise = append(a.Otherwise, Link{o.Name + " (" + name + ")", refine.StatePath(o.Code)})
		default:
			a.Offices = append(a.Offices, Link{o.Name, refine.StatePath(o.Code)})
		}
	}
	if len(a.Offices)+len(a.Otherwise) == 0 {
		return nil
	}
	a.Count = wording.Counted(len(a.Offices), "office", "offices")
	return a
}
