package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"agora/cmd/agora/terminal"
	"agora/index"
	"agora/index/query"
)

// filterFlags are the parameters of a search, named as over HTTP.
type filterFlags struct {
	State    []string `help:"Published by these offices; --state=-NY leaves one out, as with every filter." placeholder:"CODE"`
	Office   []string `help:"The same as --state." placeholder:"CODE"`
	Topic    []string `help:"Topics, such as opioids or drug-crime; an unknown one is answered with the list." placeholder:"SLUG"`
	Year     []string `help:"Years, or undated." placeholder:"YYYY"`
	Kind     []string `help:"Kinds: lawsuit, settlement, judgment, brief, letter, comment, investigation, charge, plea, sentence, legislation, opinion, alert, statement, grant, appointment, event, other." placeholder:"KIND"`
	Role     []string `help:"Role of the publisher in a coalition: led, co-led, joined." placeholder:"ROLE"`
	Action   []string `help:"What a coalition does: lawsuit, letter, brief, settlement, comment, investigation, statement, other." placeholder:"ACTION"`
	Lead     []string `help:"Led by these offices." placeholder:"CODE"`
	Member   []string `help:"With these offices, leads included." placeholder:"CODE"`
	Joined   []string `help:"Joined, not led, by these offices." placeholder:"CODE"`
	Involves []string `help:"Published, led or joined by these offices." placeholder:"CODE"`
	Party    []string `help:"Party of the attorney general in office: R, D, I, N, PNP, PPD." placeholder:"PARTY"`
	Language []string `help:"Language of the text: en, es." placeholder:"TAG"`
	Agency   []string `help:"Naming these federal agencies, such as ftc or epa." placeholder:"SLUG"`
	Company  []string `help:"Naming these companies, such as purdue-pharma." placeholder:"NAME"`
	Presence []string `help:"live; missing: not found at the last visit; gone: not found for a fortnight." placeholder:"STATE"`

	From        string `help:"Published on or after." placeholder:"DAY"`
	To          string `help:"Published on or before." placeholder:"DAY"`
	Undated     string `help:"include: keep releases without a date though --from or --to is given." placeholder:"include"`
	AddedFrom   string `help:"Added to the archive at or after." placeholder:"TIME"`
	ChangedFrom string `help:"Changed by the office at or after." placeholder:"TIME"`
	Sort        string `help:"relevance (with words), newest (without), oldest, added or changed." placeholder:"ORDER"`
}

// values returns the flags as parameters; empty ones are left out.
func (f *filterFlags) values(q string) url.Values {
	v := url.Values{}
	for name, list := range map[string][]string{
		"state": f.State, "office": f.Office, "topic": f.Topic, "year": f.Year, "kind": f.Kind, "role": f.Role,
		"action": f.Action, "lead": f.Lead, "member": f.Member, "joined": f.Joined, "involves": f.Involves,
		"party": f.Party, "language": f.Language, "presence": f.Presence,
		"agency": f.Agency, "company": f.Company,
	} {
		for _, value := range list {
			v.Add(name, value)
		}
	}
	for name, value := range map[string]string{
		"q": q, "from": f.From, "to": f.To, "undated": f.Undated, "added_from": f.AddedFrom,
		"changed_from": f.ChangedFrom, "sort": f.Sort,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// searchCommand searches in the terminal.
type searchCommand struct {
	Query []string `arg:"" optional:"" help:"Words, phrases, fields. Put it in quotes: 'gas -tax', '\"price gouging\" state:VA'; one that begins with - comes after --."`
	filterFlags
	Limit    int    `help:"Results on a page, 1 to 100." default:"20"`
	Cursor   string `help:"The page after: as printed at the end of this one." placeholder:"CURSOR"`
	Collapse string `help:"matter: one result for each action that several releases tell." placeholder:"matter"`
	JSON     bool   `name:"json" help:"Print the answer as JSON, equal to the API's."`
}

// Run answers the query from the index, or asks the process that owns it.
func (c *searchCommand) Run(ctx context.Context, a *app) error {
	values := c.values(strings.Join(c.Query, " "))
	values.Set("limit", fmt.Sprint(c.Limit))
	for name, value := range map[string]string{"cursor": c.Cursor, "collapse": c.Collapse} {
		if value != "" {
			values.Set(name, value)
		}
	}
	q, err := query.FromValues(values, true)
	if err != nil {
		return err
	}
	answer, err := a.answer(ctx, q, values)
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(a.Stdout)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(answer)
	}
	for _, w := range answer.Warnings {
		fmt.Fprintln(a.Stderr, "note:", w.Message)
	}
	return terminal.WriteAnswer(a.Stdout, answer, terminal.Is(a.Stdout), terminal.Width(a.Stdout))
}

// answer answers q here, or has the owner of the index answer values.
func (a *app) answer(ctx context.Context, q index.Query, values url.Values) (answer index.Answer, err error) {
	ar, _, err := a.openArchive(ctx, "search", false)
	if owning, ok := owner(err); ok {
		ctx, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		body, err := owning.ask(ctx, "/api/v1/releases", values)
		if err != nil {
			return answer, err
		}
		defer body.Close()
		if err := json.NewDecoder(body).Decode(&answer); err != nil {
			return answer, fmt.Errorf("read the owner's answer: %w", err)
		}
		return answer, nil
	}
	if err != nil {
		return answer, err
	}
	defer closeAfter(ar, &err)
	if err := a.sync(ctx, ar); err != nil {
		return answer, err
	}
	return ar.Search(ctx, q)
}
