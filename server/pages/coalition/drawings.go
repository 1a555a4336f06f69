package coalition

import (
	"slices"

	"agora/server/api"
	"agora/server/refine"
	"agora/server/wording"
)

// shades is how many steps of colour a count can have beside none.
const shades = 5

// shade is the step of a count of at most top, from 0 for none to shades. The steps widen: most
// pairs are rare, and a few offices would leave all others pale.
func shade(n, top int) int {
	if n <= 0 || top <= 0 {
		return 0
	}
	for step := 1; step < shades; step++ {
		if n*shades*shades <= top*step*step {
			return step
		}
	}
	return shades
}

// TileMap is a map of the offices with a square for each.
type TileMap struct {
	Title string
	Tiles []Tile
}

// Tile is an office on the map.
type Tile struct {
	Code, Label, URL string
	X, Y             int
	Shade            int
	Focus            bool
}

// Sizes of the drawings, in their own units.
const (
	tileSize = 40
	cellSize = 19
	rowLabel = 34
)

// tilePlaces are columns and rows of the offices, about where they lie.
var tilePlaces = map[string][2]int{
	"AK": {0, 0}, "ME": {11, 0}, "WI": {6, 1}, "VT": {10, 1}, "NH": {11, 1},
	"WA": {1, 2}, "ID": {2, 2}, "MT": {3, 2}, "ND": {4, 2}, "MN": {5, 2}, "IL": {6, 2}, "MI": {7, 2}, "NY": {9, 2}, "MA": {10, 2},
	"OR": {1, 3}, "NV": {2, 3}, "WY": {3, 3}, "SD": {4, 3}, "IA": {5, 3}, "IN": {6, 3}, "OH": {7, 3}, "PA": {8, 3}, "NJ": {9, 3}, "CT": {10, 3}, "RI": {11, 3},
	"CA": {1, 4}, "UT": {2, 4}, "CO": {3, 4}, "NE": {4, 4}, "MO": {5, 4}, "KY": {6, 4}, "WV": {7, 4}, "VA": {8, 4}, "MD": {9, 4}, "DE": {10, 4},
	"AZ": {2, 5}, "NM": {3, 5}, "KS": {4, 5}, "AR": {5, 5}, "TN": {6, 5}, "NC": {7, 5}, "SC": {8, 5}, "DC": {9, 5},
	"OK": {4, 6}, "LA": {5, 6}, "MS": {6, 6}, "AL": {7, 6}, "GA": {8, 6},
	"HI": {0, 7}, "TX": {4, 7}, "FL": {9, 7}, "GU": {0, 8}, "MP": {1, 8}, "AS": {2, 8}, "PR": {10, 8}, "VI": {11, 8},
}

// newMap draws how often every office takes part, beside the focus where there is one; to
// gives the address of a click.
func newMap(c *api.Coalitions, focus string, to func(code string) string) *TileMap {
	m := &TileMap{Title: "How often each office takes part"}
	if focus != "" {
		m.Title = "How often each office takes part beside " + wording.StateName(focus)
	}
	top := 0
	for _, o := range c.Offices {
		if o.Code != focus {
			top = max(top, o.Member)
		}
	}
	codes := make([]string, 0, len(tilePlaces))
	for code := range tilePlaces {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for _, code := range codes {
		o, place := c.Office(code), tilePlaces[code]
		m.Tiles = append(m.Tiles, Tile{
			Code: code, Label: o.Name + ": " + wording.Counted(o.Member, "release", "releases") + ", led " + wording.Number(o.Led), URL: to(code),
			X: place[0] * tileSize, Y: place[1] * tileSize, Shade: shade(min(o.Member, top), top), Focus: code == focus,
		})
	}
	return m
}

// Matrix says of every two offices how often they take part together, or how often one
// leads what the other joins.
type Matrix struct {
	Title         string
	Width, Height int
	Rows          []MatrixRow
	Columns       []MatrixName
	Views         []refine.SortLink
}

// MatrixRow is an office with its cells.
type MatrixRow struct {
	Code, Name, URL string
	Y, TextY        int
	Cells           []MatrixCell
}

// MatrixName is an office above a column.
type MatrixName struct {
	Code string
	X    int
}

// MatrixCell is a pair with a count.
type MatrixCell struct {
	X     int
	Shade int
	Label string
}

// newMatrix draws the pairs; to gives the address of a click on an office. It is nil where there
// are no two offices.
func newMatrix(c *api.Coalitions, shown Shown, to func(code string) string) *Matrix {
	if len(c.Pairs) == 0 {
		return nil
	}
	counts, top := pairNumbers(c, shown.view)
	codes := make([]string, 0, len(c.Offices))
	for _, o := range c.Offices {
		codes = append(codes, o.Code)
	}
	if shown.order == orderBloc {
		codes = blocs(c, codes)
	}
	m := &Matrix{Title: "Releases in which two offices take part together", Width: rowLabel + len(codes)*cellSize, Height: rowLabel + len(codes)*cellSize}
	if shown.view == viewLed {
		m.Title = "Releases in which the office of the row leads what the office of the column joins"
	}
	for i, code := range codes {
		m.Columns = append(m.Columns, MatrixName{Code: code, X: rowLabel + i*cellSize + cellSize/2})
		row := MatrixRow{Code: code, Name: wording.StateName(code), URL: to(code), Y: rowLabel + i*cellSize, TextY: rowLabel + i*cellSize + cellSize - 5}
		for k, other := range codes {
			n := counts[[2]string{code, other}]
			if n == 0 || shown.view != viewLed && k >= i { // both halves would say the same
				continue
			}
			label := code + " and " + other + ": " + wording.Number(n)
			if shown.view == viewLed {
				label = code + " led, " + other + " joined: " + wording.Number(n)
			}
			row.Cells = append(row.Cells, MatrixCell{X: rowLabel + k*cellSize, Shade: shade(n, top), Label: label})
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// pairNumbers are the counts that a view shows, by row and column, and the highest.
func pairNumbers(c *api.Coalitions, view string) (counts map[[2]string]int, top int) {
	counts = make(map[[2]string]int, 2*len(c.Pairs))
	for _, p := range c.Pairs {
		there, back := p.Together, p.Together
		if view == viewLed {
			there, back = p.ALed, p.BLed
		}
		counts[[2]string{p.A, p.B}], counts[[2]string{p.B, p.A}] = there, back
		top = max(top, there, back)
	}
	return counts, top
}

// blocs orders offices so that each stands beside the one it goes with most, beginning with
// the one that takes part most. What both do together is measured against what either does.
func blocs(c *api.Coalitions, codes []string) []string {
	together, _ := pairNumbers(c, "")
	left := slices.Clone(codes)
	slices.SortStableFunc(left, func(a, b string) int { return c.Office(b).Member - c.Office(a).Member })
	ordered := left[:1:1]
	for left = left[1:]; len(left) > 0; {
		last, best, most := ordered[len(ordered)-1], 0, -1.0
		for i, code := range left {
			n := together[[2]string{last, code}]
			if either := c.Office(last).Member + c.Office(code).Member - n; either > 0 && float64(n)/float64(either) > most {
				best, most = i, float64(n)/float64(either)
			}
		}
		ordered = append(ordered, left[best])
		left = slices.Delete(left, best, best+1)
	}
	return ordered
}

// matrixLinks lead to the other ways to show the matrix.
func matrixLinks(l refine.Links, shown Shown) []refine.SortLink {
	at := func(view, order string) string { return Shown{view, order}.Here(l.First()) + "#matrix" }
	return []refine.SortLink{
		{Label: "Together", URL: at("", shown.order), Current: shown.view == ""},
		{Label: "Row leads, column joins", URL: at(viewLed, shown.order), Current: shown.view == viewLed},
		{Label: "By code", URL: at(shown.view, ""), Current: shown.order == ""},
		{Label: "By company kept", URL: at(shown.view, orderBloc), Current: shown.order == orderBloc},
	}
}
