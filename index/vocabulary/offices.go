// Package vocabulary holds the closed lists that every part of Agora shares: the
// offices, the topics, the kinds of release and the words of a coalition. It is data
// and look-ups only; it imports nothing and knows nothing of sites, stores or pages.
package vocabulary

// Office is one of the 56 offices of attorneys general, named by its postal code.
type Office struct {
	Code string // postal code in capitals: "VA"
	Name string // the state, district or territory: "Virginia"
}

// Offices is the closed list, by name of state, the way people look one up.
var Offices = [...]Office{
	{"AL", "Alabama"},
	{"AK", "Alaska"},
	{"AS", "American Samoa"},
	{"AZ", "Arizona"},
	{"AR", "Arkansas"},
	{"CA", "California"},
	{"CO", "Colorado"},
	{"CT", "Connecticut"},
	{"DE", "Delaware"},
	{"DC", "District of Columbia"},
	{"FL", "Florida"},
	{"GA", "Georgia"},
	{"GU", "Guam"},
	{"HI", "Hawaii"},
	{"ID", "Idaho"},
	{"IL", "Illinois"},
	{"IN", "Indiana"},
	{"IA", "Iowa"},
	{"KS", "Kansas"},
	{"KY", "Kentucky"},
	{"LA", "Louisiana"},
	{"ME", "Maine"},
	{"MD", "Maryland"},
	{"MA", "Massachusetts"},
	{"MI", "Michigan"},
	{"MN", "Minnesota"},
	{"MS", "Mississippi"},
	{"MO", "Missouri"},
	{"MT", "Montana"},
	{"NE", "Nebraska"},
	{"NV", "Nevada"},
	{"NH", "New Hampshire"},
	{"NJ", "New Jersey"},
	{"NM", "New Mexico"},
	{"NY", "New York"},
	{"NC", "North Carolina"},
	{"ND", "North Dakota"},
	{"MP", "Northern Mariana Islands"},
	{"OH", "Ohio"},
	{"OK", "Oklahoma"},
	{"OR", "Oregon"},
	{"PA", "Pennsylvania"},
	{"PR", "Puerto Rico"},
	{"RI", "Rhode Island"},
	{"SC", "South Carolina"},
	{"SD", "South Dakota"},
	{"TN", "Tennessee"},
	{"TX", "Texas"},
	{"VI", "U.S. Virgin Islands"},
	{"UT", "Utah"},
	{"VT", "Vermont"},
	{"VA", "Virginia"},
	{"WA", "Washington"},
	{"WV", "West Virginia"},
	{"WI", "Wisconsin"},
	{"WY", "Wyoming"},
}

// OfficeByCode returns the office of a postal code in any case.
func OfficeByCode(code string) (Office, bool) {
	for _, o := range Offices {
		if equalFold(o.Code, code) {
			return o, true
		}
	}
	return Office{}, false
}

// OfficeByName returns the office of a state, district or territory by its full
// name, in any case.
func OfficeByName(name string) (Office, bool) {
	for _, o := range Offices {
		if equalFold(o.Name, name) {
			return o, true
		}
	}
	return Office{}, false
}

// equalFold compares ASCII text without regard to case; the lists hold nothing else.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
