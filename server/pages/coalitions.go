package pages

import (
	"context"

	"agora/index"
	"agora/index/query"
	"agora/server/api"
	"agora/server/pages/coalition"
	"agora/server/refine"
)

// CoalitionsPage shows who joins whom.
type CoalitionsPage struct {
	Frame
	coalition.View
	Warnings []Notice
}

// Template names the page's template.
func (CoalitionsPage) Template() string { return "coalitions.html" }

// Coalitions shows who joins whom among the coalitions that a question finds.
func (s *Pages) Coalitions(ctx context.Context, raw string) (Page, error) {
	v, _ := api.Parameters(raw)
	shown := coalition.ShownBy(v.Get("view"), v.Get("order"))
	q, err := query.FromValues(v, false)
	if err != nil {
		return nil, err
	}
	q.Cursor, q.Limit, q.Collapse, q.Sort = "", 0, false, index.SortNewest
	c, err := s.holdings.Coalitions(ctx, q)
	if err != nil {
		return nil, err
	}
	p := &CoalitionsPage{
		Frame: Frame{Title: "Coalitions", Description: "Which attorneys general of the United States act together: who leads, who joins whom, by topic and period."},
		View:  coalition.Of(c, q, shown), Warnings: notices(refine.New(q), c.Warnings),
	}
	for i, n := range p.Warnings {
		if n.Link.URL != "" {
			p.Warnings[i].Link.URL = shown.Here(n.Link.URL)
		}
	}
	if len(p.Chips) == 0 && q.Text == "" && shown.Usual() {
		p.Path = refine.CoalitionsPath
	} else {
		p.NoIndex = true
	}
	return p, nil
}
