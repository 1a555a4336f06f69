package vocabulary

// Agency is a federal agency that releases name. Slug and Place are permanent: they are
// stored in archives and indexes, in addresses and in people's notes. New agencies take the
// next free place, up to 63; an agency is never removed.
type Agency struct {
	Slug  string // as in addresses and the API: "ftc"
	Label string // as people read it: "Federal Trade Commission"
	Place uint8  // place in a 64-bit set
}

// Agencies is the closed list, in the order of places. Those of the same name as agencies of states
// are the federal ones alone.
var Agencies = [...]Agency{
	{"ftc", "Federal Trade Commission", 0},
	{"epa", "U.S. Environmental Protection Agency", 1},
	{"fda", "Food and Drug Administration", 2},
	{"dea", "Drug Enforcement Administration", 3},
	{"fbi", "Federal Bureau of Investigation", 4},
	{"doj", "U.S. Department of Justice", 5},
	{"cfpb", "Consumer Financial Protection Bureau", 6},
	{"hhs", "U.S. Department of Health and Human Services", 7},
	{"cms", "Centers for Medicare and Medicaid Services", 8},
	{"hud", "Department of Housing and Urban Development", 9},
	{"sec", "Securities and Exchange Commission", 10},
	{"fcc", "Federal Communications Commission", 11},
	{"ed", "U.S. Department of Education", 12},
	{"dol", "U.S. Department of Labor", 13},
	{"ice", "Immigration and Customs Enforcement", 14},
	{"cbp", "Customs and Border Protection", 15},
	{"atf", "Bureau of Alcohol, Tobacco, Firearms and Explosives", 16},
	{"irs", "Internal Revenue Service", 17},
	{"usps", "U.S. Postal Service", 18},
	{"veterans-affairs", "U.S. Department of Veterans Affairs", 19},
	{"ssa", "Social Security Administration", 20},
	{"dhs", "Department of Homeland Security", 21},
	{"energy", "U.S. Department of Energy", 22},
	{"interior", "U.S. Department of the Interior", 23},
	{"nlrb", "National Labor Relations Board", 24},
	{"eeoc", "Equal Employment Opportunity Commission", 25},
	{"ferc", "Federal Energy Regulatory Commission", 26},
	{"nhtsa", "National Highway Traffic Safety Administration", 27},
	{"faa", "Federal Aviation Administration", 28},
	{"usda", "U.S. Department of Agriculture", 29},
	{"cpsc", "U.S. Consumer Product Safety Commission", 30},
	{"sba", "Small Business Administration", 31},
	{"treasury", "U.S. Department of the Treasury", 32},
	{"army-corps", "Army Corps of Engineers", 33},
	{"dot", "U.S. Department of Transportation", 34},
	{"commerce", "U.S. Department of Commerce", 35},
	{"defense", "U.S. Department of Defense", 36},
	{"state", "U.S. Department of State", 37},
	{"fema", "Federal Emergency Management Agency", 38},
	{"cdc", "Centers for Disease Control and Prevention", 39},
	{"nih", "National Institutes of Health", 40},
	{"noaa", "National Oceanic and Atmospheric Administration", 41},
	{"fws", "U.S. Fish and Wildlife Service", 42},
	{"forest-service", "U.S. Forest Service", 43},
	{"blm", "Bureau of Land Management", 44},
	{"park-service", "National Park Service", 45},
	{"uscis", "Citizenship and Immigration Services", 46},
	{"secret-service", "U.S. Secret Service", 47},
	{"marshals", "U.S. Marshals Service", 48},
	{"osha", "Occupational Safety and Health Administration", 49},
	{"nrc", "Nuclear Regulatory Commission", 50},
	{"fec", "Federal Election Commission", 51},
	{"fdic", "Federal Deposit Insurance Corporation", 52},
	{"occ", "Office of the Comptroller of the Currency", 53},
	{"federal-reserve", "Federal Reserve Board", 54},
	{"fhfa", "Federal Housing Finance Agency", 55},
	{"cftc", "Commodity Futures Trading Commission", 56},
	{"omb", "Office of Management and Budget", 57},
	{"census", "Census Bureau", 58},
	{"samhsa", "Substance Abuse and Mental Health Services Administration", 59},
	{"hsi", "Homeland Security Investigations", 60},
	{"doge", "Department of Government Efficiency", 61},
}

// AgencyBySlug returns the agency of a slug.
func AgencyBySlug(slug string) (Agency, bool) {
	for _, a := range Agencies {
		if a.Slug == slug {
			return a, true
		}
	}
	return Agency{}, false
}
