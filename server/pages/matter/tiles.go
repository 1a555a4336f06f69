package matter

import (
	"slices"

	"agora/index"
	"agora/index/vocabulary"
	"agora/server/wording"
)

// grid places the offices about as they lie to each other, row by row; "" is a gap.
var grid = [...][11]string{
	{"AK", "", "", "", "", "", "", "", "", "", "ME"},
	{"", "", "", "", "", "", "", "", "", "VT", "NH"},
	{"WA", "ID", "MT", "ND", "MN", "IL", "WI", "MI", "NY", "RI", "MA"},
	{"OR", "NV", "WY", "SD", "IA", "IN", "OH", "PA", "NJ", "CT", ""},
	{"CA", "UT", "CO", "NE", "MO", "KY", "WV", "VA", "MD", "DE", ""},
	{"", "AZ", "NM", "KS", "AR", "TN", "NC", "SC", "DC", "", ""},
	{"", "", "", "OK", "LA", "MS", "AL", "GA", "", "", ""},
	{"HI", "", "", "", "TX", "", "", "", "FL", "", ""},
	{"GU", "MP", "AS", "", "", "", "", "", "", "PR", "VI"},
}

// Sizes of the tiles in units of the drawing.
const (
	tileWidth, tileHeight = 46, 40
	tileGap               = 4
)

// Tile is an office on the map.
type Tile struct {
	Code, Name string
	Part       string // lead, member, none or unknown
	Words      string // the same for people
	Tells      bool
	X, Y       int
	TextX      int
	TextY      int
}

// Coalition is who takes part, as all tellings together say.
type Coalition struct {
	Tiles         []Tile
	Width, Height int
	Summary       string // for those who don't see the map
	Leads         []Office
	Members       []Office // without leads
	Absent        []Office // not taking part; only where a list is complete
	Complete      bool
	Others        []string
}

// Office is an office by name.
type Office struct{ Code, Name, URL string }

// coalitionOf adds up what the tellings say of who takes part; nil where none does.
func coalitionOf(tellings []index.Release) *Coalition {
	leads, members, beside := map[string]bool{}, map[string]bool{}, map[string]bool{}
	tells, others := map[string]bool{}, map[string]bool{}
	complete, told := false, false
	for i := range tellings {
		r := &tellings[i]
		tells[r.Office] = true
		c := r.Coalition
		if c == nil {
			continue
		}
		told = true
		complete = complete || c.Complete
		for _, code := range c.Members {
			members[code] = true
		}
		for _, code := range c.Leads {
			members[code], leads[code] = true, true
		}
		for _, o := range c.Others {
			beside[string(o.Office)] = true
			others[o.Name] = true
		}
	}
	if !told {
		return nil
	}
	v := &Coalition{Width: len(grid[0]) * tileWidth, Height: len(grid) * tileHeight, Complete: complete}
	for name := range others {
		v.Others = append(v.Others, name)
	}
	slices.Sort(v.Others)
	part := func(code string) string {
		switch {
		case leads[code]:
			return "lead"
		case members[code]:
			return "member"
		case complete && !beside[code] && !tells[code]:
			return "none"
		}
		return "unknown"
	}
	for y, row := range grid {
		for x, code := range row {
			if code != "" {
				v.Tiles = append(v.Tiles, tile(code, part(code), tells[code], x, y))
			}
		}
	}
	for _, o := range vocabulary.Offices {
		office := Office{o.Code, o.Name, "/states/" + o.Code}
		switch part(o.Code) {
		case "lead":
			v.Leads = append(v.Leads, office)
		case "member":
			v.Members = append(v.Members, office)
		case "none":
			v.Absent = append(v.Absent, office)
		}
	}
	v.Summary = "Map of the offices: " + wording.Counted(len(v.Leads)+len(v.Members), "takes part", "take part") + ", listed below"
	return v
}

func tile(code, part string, tells bool, x, y int) Tile {
	t := Tile{Code: code, Name: wording.StateName(code), Part: part, Tells: tells, X: x*tileWidth + tileGap/2, Y: y*tileHeight + tileGap/2}
	t.TextX, t.TextY = t.X+(tileWidth-tileGap)/2, t.Y+(tileHeight-tileGap)/2+5
	t.Words = map[string]string{"lead": "leads", "member": "takes part", "none": "does not take part", "unknown": "not named"}[part]
	if tells {
		t.Words += ", tells it"
	}
	return t
}
