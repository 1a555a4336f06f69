package indextest

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"agora/index"
)

func drawRelease(t *rapid.T) index.Release {
	r := titled(rapid.IntRange(1, 250).Draw(t, "id"), drawText(t, "title", 4), drawText(t, "text", 12))
	r.Office = draw(t, "office", modelOffices)
	r.Published = draw(t, "published", append([]index.Date{"", ""}, modelDays...))
	r.Topics, r.Kinds = subset(t, "topics", modelTopics), subset(t, "kinds", []string{"letter", "lawsuit"})
	r.Language = index.NullableString(draw(t, "language", []string{"en", "es", "fr", ""}))
	r.Presence.State = draw(t, "presence", []string{"live", "missing", "gone"})
	r.Backfill = rapid.Bool().Draw(t, "backfill")
	r.Added = at(rapid.IntRange(1, 6).Draw(t, "added"), 12)
	r.Changed = at(rapid.IntRange(1, 6).Draw(t, "changed"), 12)
	r.Facts = nil
	for _, v := range subset(t, "agencies", []string{"ftc", "epa"}) {
		r.Facts = append(r.Facts, index.Fact{Kind: "agency", Value: v})
	}
	for _, v := range subset(t, "companies", modelCompanies) {
		r.Facts = append(r.Facts, index.Fact{Kind: "company", Value: v, Label: strings.ToUpper(v)})
	}
	r.Coalition, r.AttorneyGeneral, r.Matter = nil, nil, nil
	if n := rapid.IntRange(0, 8).Draw(t, "matter"); n < 4 {
		r.Matter = &index.MatterLink{ID: fmt.Sprintf("m-%d", n)}
	}
	if rapid.Bool().Draw(t, "coalition") {
		leads := subset(t, "leads", modelOffices)
		r.Coalition = &index.Coalition{
			Role: draw(t, "role", []string{"led", "joined"}), Action: draw(t, "action", []string{"letter", "brief"}),
			Leads: leads, Members: append(subset(t, "members", modelOffices), leads...),
		}
	}
	if rapid.Bool().Draw(t, "attorney general") {
		r.AttorneyGeneral = &index.AttorneyGeneral{Name: "Avery Thornquist", Party: draw(t, "party", []string{"R", "D", "I"})}
	}
	return r
}

func drawNode(t *rapid.T, depth int) index.Node {
	in := draw(t, "in", []index.TextField{index.InAny, index.InTitle, index.InText})
	kind := rapid.IntRange(0, 11).Draw(t, "node")
	if depth > 2 && kind >= 9 {
		kind -= 9
	}
	switch kind {
	case 0, 1:
		return index.Word{Text: draw(t, "word", modelWords), In: in}
	case 2, 3:
		return index.Phrase{Text: drawText(t, "phrase", 3), In: in}
	case 4:
		return index.Prefix{Text: draw(t, "prefix", []string{"har", "atto", "nin", "xyz"}), In: in}
	case 5:
		return index.Has{Field: index.FieldState, Value: draw(t, "state", modelOffices)}
	case 6:
		return index.Has{Field: index.FieldYear, Value: draw(t, "year", []string{"2023", "undated"})}
	case 7:
		return index.Published{From: draw(t, "from", modelDays)}
	case 8:
		return index.IsMultistate{}
	case 9:
		return index.Not{Node: drawNode(t, depth+1)}
	}
	var nodes []index.Node
	for range rapid.IntRange(1, 3).Draw(t, "nodes") {
		nodes = append(nodes, drawNode(t, depth+1))
	}
	if kind == 10 {
		return index.And{Nodes: nodes}
	}
	return index.Or{Nodes: nodes}
}

var modelCompanies = []string{"thornquist-mills", "acme", "quill-n-a"}

// modelValues are values of each field, some of which no release has.
var modelValues = map[index.Field][]string{
	index.FieldState: append([]string{"AK"}, modelOffices...), index.FieldTopic: append([]string{"tobacco-vaping"}, modelTopics...),
	index.FieldYear: {"2021", "2022", "2023", "undated"}, index.FieldKind: {"letter", "lawsuit", "plea"},
	index.FieldRole: {"led", "joined"}, index.FieldAction: {"letter", "brief"}, index.FieldLead: modelOffices,
	index.FieldMember: modelOffices, index.FieldJoined: modelOffices, index.FieldInvolves: modelOffices,
	index.FieldParty: {"R", "D", "N"}, index.FieldLanguage: {"en", "es", "de"}, index.FieldPresence: {"live", "gone"},
	index.FieldAgency: {"ftc", "epa"}, index.FieldCompany: modelCompanies,
}

func drawQuery(t *rapid.T) index.Query {
	q := index.Query{Limit: rapid.IntRange(0, 30).Draw(t, "limit"), Facets: index.Fields}
	if rapid.Bool().Draw(t, "asks for words") {
		q.Root = drawNode(t, 0)
	}
	for _, field := range index.Fields {
		if rapid.IntRange(0, 5).Draw(t, "filters") == 0 {
			f := index.Filter{Field: field, Include: subset(t, "include", modelValues[field]), Exclude: subset(t, "exclude", modelValues[field])}
			if rapid.Bool().Draw(t, "include only") {
				f.Exclude = nil
			}
			q.Filters = append(q.Filters, f)
		}
	}
	if rapid.IntRange(0, 2).Draw(t, "dates") == 0 {
		q.From = draw(t, "from", append([]index.Date{"", "2009-01-31", "2020-05-20"}, modelDays...))
		q.To = draw(t, "to", append([]index.Date{"", "2025-03-31"}, modelDays...))
		q.IncludeUndated = rapid.Bool().Draw(t, "undated")
	}
	if rapid.IntRange(0, 4).Draw(t, "times") == 0 {
		q.AddedFrom, q.ChangedFrom = at(3, 12), at(2, 12)
	}
	q.Collapse = rapid.IntRange(0, 2).Draw(t, "collapse") == 0
	q.Sort = draw(t, "sort", []index.Sort{index.SortNewest, index.SortOldest, index.SortAdded, index.SortChanged})
	q.Interval = draw(t, "interval", []index.Interval{"", index.IntervalYear, index.IntervalQuarter, index.IntervalMonth, index.IntervalWeek, index.IntervalDay})
	return q
}
