package sentences

import (
	"agora/crawler/enrich/phrases"
	"agora/index/vocabulary"
)

// extraNames are the forms of names in releases beyond the plain ones, longest first
// where one begins with another's words. Sources are releases of many offices.
var extraNames = []struct{ code, name string }{
	{"DC", "Washington DC"}, {"DC", "Washington D.C."}, {"DC", "D.C."}, {"DC", "the District of Columbia"},
	{"DC", "District of Colombia"}, {"DC", "Washington District of Columbia"},
	{"VI", "US Virgin Islands"}, {"VI", "United States Virgin Islands"}, {"VI", "Virgin Islands"}, {"VI", "USVI"},
	{"VI", "U.S. Virgin Island"}, {"VI", "Virgin Islands of the United States"},
	{"MP", "Northern Mariana Islands"}, {"MP", "Commonwealth of the Northern Mariana Islands"}, {"MP", "CNMI"},
	{"MP", "N. Mariana Islands"}, {"MP", "Northern Marianas"}, {"MP", "Mariana Islands"},
	{"WA", "Washington State"}, {"HI", "Hawai i"}, {"WV", "West Viginia"},
	{"RI", "Rhode Island and Providence Plantations"}, {"NY", "New York State"},
	{"NM", "N.M."}, {"NY", "N.Y."}, {"NJ", "N.J."}, {"NH", "N.H."}, {"NC", "N.C."}, {"ND", "N.D."},
	{"SC", "S.C."}, {"SD", "S.D."}, {"RI", "R.I."}, {"WV", "W.Va."}, {"WV", "W. Va."}, {"PR", "P.R."},
	{"NC", "N. Carolina"}, {"ND", "N. Dakota"}, {"SC", "S. Carolina"}, {"SD", "S. Dakota"}, {"WV", "W. Virginia"},
}

// notStates begin like a state or hold its name and are something else. They win over
// the names inside them because they are longer.
var notStates = []string{
	"New York City", "City of New York", "Kansas City", "Oklahoma City", "Jersey City", "Iowa City", "Carson City Nevada",
	"Virginia Beach", "Texas City", "Michigan City", "Washington Post", "Washington County", "Washington Monument",
	"Washington Metropolitan", "Washington Heights", "Washington Avenue", "Washington Street", "Washington Times",
	"New York Times", "Wall Street", "Gulf of Mexico", "Mississippi River", "Missouri River", "Colorado River", "Ohio River",
	"Delaware River", "Colorado Springs", "Florida Keys", "Lake Michigan", "Indiana University", "Michigan Avenue", "Pennsylvania Avenue",
	"New York University", "New York Stock Exchange", "Republic of Georgia", "George Washington", "Booker T. Washington",
	"Maryland Heights", "Nevada City", "Oregon City", "Delaware County", "Delaware Chancery", "Texas Instruments",
	"Planned Parenthood Minnesota North Dakota South Dakota", "Port Washington", "Fort Washington", "Mount Vernon",
	"Washington University", "Texas A&M", "University of Washington", "Arkansas River", "Wyoming Valley", "American Samoa Government",
}

// notState is the value of names that are no state.
const notState = -1

// Names finds the names of states, districts and territories.
type Names struct {
	list  *phrases.List
	short *phrases.List // abbreviations, which are names only in a list of them
}

// NewNames returns the names of the offices, entered in v.
func NewNames(v *phrases.Vocabulary) (Names, error) {
	s := Names{list: phrases.NewList(v)}
	var err error
	if s.short, err = newAbbreviations(v); err != nil {
		return Names{}, err
	}
	for i, o := range vocabulary.Offices {
		if err := s.list.Add(o.Name, int32(i)); err != nil {
			return Names{}, err
		}
	}
	for _, e := range extraNames {
		for i, o := range vocabulary.Offices {
			if o.Code != e.code {
				continue
			}
			if err := s.list.Add(e.name, int32(i)); err != nil {
				return Names{}, err
			}
		}
	}
	for _, name := range notStates {
		if err := s.list.Add(name, notState); err != nil {
			return Names{}, err
		}
	}
	return s, nil
}

// Mention is a state named in a text: words Start to End-1.
type Mention struct {
	Code       string
	Start, End int
}

// Find returns the states named among the words from start to end, longest name first.
func (s Names) Find(t phrases.Text, numbers []int32, start, end int) []Mention {
	var found []Mention
	for i := start; i < end; {
		m, ok := s.list.Longest(numbers[:end], i)
		if !ok || !t.Words[i].Upper && m.Value >= 0 && t.Words[i].Folded != "the" {
			i++
			continue
		}
		if m.Value >= 0 && !brokenName(t, m) && !otherBody(t, m, start, end) {
			found = append(found, Mention{Code: vocabulary.Offices[m.Value].Code, Start: m.Start, End: m.End})
		}
		i = m.End
	}
	return s.withAbbreviations(found, t, numbers, start, end)
}

// brokenName tells whether signs stand inside the name other than those that
// "Washington, D.C." may have: "Washington, West Virginia" is two names.
func brokenName(t phrases.Text, m phrases.Match) bool {
	for k := m.Start + 1; k < m.End; k++ {
		gap := t.Words[k].Before
		if gap&(phrases.Semicolon|phrases.Colon|phrases.Open|phrases.Close|phrases.Dash|phrases.Line) != 0 {
			return true
		}
	}
	return false
}

// otherBody tells whether the name belongs to a court, a city, a county or a body that is not
// the state's attorney general: "District of Minnesota", "Harris County, Texas",
// "State of Hawaii Office of Consumer Protection".
func otherBody(t phrases.Text, m phrases.Match, start, end int) bool {
	word := func(i int) string {
		if i < start || i >= end {
			return ""
		}
		return t.Words[i].Folded
	}
	before := word(m.Start - 1)
	if before == "of" || before == "for" {
		switch word(m.Start - 2) {
		case "district", "districts", "university", "bank", "college", "court", "courts", "legislature", "people", "residents":
			if word(m.Start-2) == "people" {
				return false
			}
			return true
		}
	}
	if before == "in" && (word(m.Start-2) == "county" || word(m.Start-2) == "counties") {
		return true
	}
	if before == "county" || before == "parish" {
		return true
	}
	if m.End < end && t.Words[m.End].Before&(phrases.Comma|phrases.Semicolon|phrases.Stop|phrases.Open) == 0 &&
		t.Words[m.End].Upper {
		switch word(m.End) {
		case "office", "department", "division", "public", "board", "bureau", "commission", "supreme", "court", "legislature",
			"university", "house", "senate", "constitution", "health", "bank", "national":
			return word(m.End) != "office" || word(m.End+2) != "the" && word(m.End+2) != "attorney"
		case "county", "parish", "city", "university's", "police", "troopers", "highway", "secretary", "senator", "senators", "sen", "sens", "rep", "reps",
			"representative", "representatives", "congressman", "congresswoman", "treasurer", "auditor", "comptroller", "sheriff", "lieutenant", "lt":
			return true
		case "state":
			switch word(m.End + 1) {
			case "police", "patrol", "troopers", "senator", "senators", "representative", "representatives", "rep", "sen", "university", "fire", "medical",
				"auditor", "treasurer", "legislature", "senate", "house", "bar", "department", "board":
				return true
			}
		}
	}
	return false
}

// At returns the office whose name begins at word i, and where the name ends.
func (s Names) At(numbers []int32, i int) (code string, end int, ok bool) {
	m, ok := s.list.Longest(numbers, i)
	if !ok || m.Value < 0 {
		return "", 0, false
	}
	return vocabulary.Offices[m.Value].Code, m.End, true
}
