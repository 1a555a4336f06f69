package coalition

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
	"agora/index"
)

// told is what a wording must give; lists are postal codes with spaces between.
type told struct {
	Role, Action   string
	Leads, Members string
	Claimed        int
	Complete       bool
	Bipartisan     bool
	Others         string // types and names, with semicolons between
}

// wording is a way of telling who takes part, in an invented release.
type wording struct {
	name, office, surname string
	title, text           string
	want                  told
}

// wordings are the forms in which releases tell who takes part, in invented releases.
// The numbers are those of the list of observed forms.
var wordings = []wording{
	{"1 joining X in filing are the attorneys general of", "OR", "quillfeather", "Attorney General Quillfeather Sues over Harbor Rule",
		"SALEM – Attorney General Orla Quillfeather today joined a coalition of 5 attorneys general in suing over the harbor rule.\n\nJoining Attorney General Quillfeather in filing the lawsuit are the attorneys general of California, Hawaii, Nevada, and Washington.",
		told{Role: "joined", Action: "lawsuit", Members: "CA HI NV OR WA", Claimed: 5, Complete: true}},
	{"2 S Attorney General Y, who led the coalition, and", "ME", "brackenridge", "Attorney General Brackenridge Joins Brief on Lobster Gear",
		"AUGUSTA – Attorney General Tove Brackenridge joined an amicus brief on lobster gear.\n\nJoining Attorney General Brackenridge in the brief are Vermont Attorney General Ansel Dray, who led the coalition, and the attorneys general of Connecticut, Delaware, and Rhode Island.",
		told{Role: "joined", Action: "brief", Leads: "VT", Members: "CT DE ME RI VT", Complete: true}},
	{"3 joining the lawsuit in addition to", "NM", "santolaya", "Attorney General Santolaya Challenges Grant Freeze",
		"SANTA FE – Attorney General Ilse Santolaya joined a multistate lawsuit against the freeze.\n\nJoining the lawsuit in addition to Attorney General Santolaya are the attorneys general of Arizona, Colorado, Illinois, and the District of Columbia.",
		told{Role: "joined", Action: "lawsuit", Members: "AZ CO DC IL NM", Complete: true}},
	{"4 joining X and Attorney General Z in signing", "KS", "ferrant", "Attorney General Ferrant Signs Letter on Fund Votes",
		"TOPEKA – Attorney General Wade Ferrant signed a letter with a coalition of attorneys general.\n\nJoining Attorney General Ferrant and Attorney General Lisko in signing onto the letter are the attorneys general of Iowa, Montana, Oregon Pennsylvania, and Utah.",
		told{Role: "joined", Action: "letter", Members: "IA KS MT OR PA UT", Complete: true}},
	{"5 also joining are the attorney general of", "AK", "nordvik", "Attorney General Nordvik Sues Search Firm",
		"ANCHORAGE – Attorney General Sunniva Nordvik joined a bipartisan coalition of attorneys general in suing Lumenfind.\n\nAlso joining Attorney General Nordvik in the lawsuit are the attorney general of Idaho, Kentucky, Ohio, and West Virginia.",
		told{Role: "joined", Action: "lawsuit", Members: "AK ID KY OH WV", Complete: true, Bipartisan: true}},
	{"6 in filing, X joins the attorneys general of", "WI", "hollanbeck", "Attorney General Hollanbeck Backs Resettlement Suit",
		"MADISON – A multistate lawsuit over resettlement was filed today.\n\nIn filing today’s lawsuit, Attorney General Hollanbeck joins the attorneys general of Michigan, Minnesota, and New Mexico.",
		told{Role: "joined", Action: "lawsuit", Members: "MI MN NM WI", Complete: true}},
	{"7 X is joined by the attorneys general of", "MI", "oakhurst", "Attorney General Oakhurst Secures Settlement with Ledgerly",
		"LANSING – Attorney General Greta Oakhurst announced a multistate settlement with Ledgerly.\n\nAttorney General Oakhurst is joined by the attorneys general of Arkansas, Kansas, North Dakota, and South Dakota.",
		told{Role: "joined", Action: "settlement", Members: "AR KS MI ND SD", Complete: true}},
	{"8 in addition to S, the coalition consists of", "MA", "tillworth", "Attorney General Tillworth Sues over Research Cuts",
		"BOSTON – Attorney General Prue Tillworth and a coalition of attorneys general sued over research cuts.\n\nIn addition to Massachusetts, the coalition consists of the attorneys general of Hawai‘i, Maryland, New York, and Washington.",
		told{Role: "joined", Action: "lawsuit", Members: "HI MA MD NY WA", Complete: true}},
	{"9 the coalition that X joined includes", "IL", "vandermolen", "Attorney General Vandermolen Defends Clean Cars",
		"CHICAGO – Attorney General Kit Vandermolen joined a coalition in a lawsuit to defend clean cars.\n\nThe coalition that Attorney General Vandermolen joined includes the attorneys general of California, Colorado, and Vermont, and the cities of Los Angeles and New York.",
		told{Role: "joined", Action: "lawsuit", Members: "CA CO IL VT", Complete: true, Others: "city City of Los Angeles; city City of New York"}},
	{"10 was signed by the attorneys general of", "MN", "askeland", "Attorney General Askeland Reaches Student Loan Settlements",
		"SAINT PAUL – Attorney General Rolf Askeland announced a multistate settlement with Campus Notes.\n\nIn addition to Minnesota, the settlement was signed by the attorneys general of Iowa, Nebraska, and Texas.",
		told{Role: "joined", Action: "settlement", Members: "IA MN NE TX", Complete: true}},
	{"11 in addition to S, the states of", "MN", "askeland", "Attorney General Askeland Settles No-Poach Case",
		"SAINT PAUL – Attorney General Rolf Askeland announced a multistate settlement with Burger Barn.\n\nIn addition to Minnesota, the states of California, Iowa, New Jersey, and Oregon joined the agreement.",
		told{Role: "joined", Action: "settlement", Members: "CA IA MN NJ OR", Complete: true}},
	{"12 the bipartisan group that also signed are", "TN", "cobbleigh", "Attorney General Cobbleigh Opposes Bank Rule",
		"NASHVILLE – Attorney General Reece Cobbleigh has joined a bipartisan group of attorneys general in a letter on the bank rule.\n\nThe bipartisan group that also signed are the attorneys general of Indiana, Maine, and Nevada.",
		told{Role: "joined", Action: "letter", Members: "IN ME NV TN", Complete: true, Bipartisan: true}},
	{"13 were co-led by L1, and signed by L2", "PA", "strickwerda", "Attorney General Strickwerda Calls on Online Sellers",
		"HARRISBURG – Attorney General Noor Strickwerda joined a coalition of attorneys general in letters to online sellers.\n\nThe letters to the companies were co-led by the attorneys general of Connecticut, New Mexico, and Vermont, and signed by the attorneys general of Delaware, Idaho, Ohio, and Wyoming.",
		told{Role: "joined", Action: "letter", Leads: "CT NM VT", Members: "CT DE ID NM OH PA VT WY", Complete: true}},
	{"14 joined by L1, who are leading the negotiations, and L2", "WA", "thornbury", "Attorney General Thornbury Announces Agreement with Painwell",
		"OLYMPIA – Attorney General Ada Thornbury announced a multistate settlement in principle with Painwell.\n\nIn addition Attorney General Thornbury, the settlement is joined by the attorneys general of Florida, Georgia, and Kentucky, who are leading the negotiations, and the attorneys general of Alabama, Montana, and Utah.",
		told{Role: "joined", Action: "settlement", Leads: "FL GA KY", Members: "AL FL GA KY MT UT WA", Complete: true}},
	{"16 members of the negotiating committee", "CA", "bellweather", "Attorney General Bellweather Announces Settlement in Principle",
		"OAKLAND – Attorney General Romy Bellweather announced a multistate settlement in principle.\n\nJoining Attorney General Bellweather in securing the settlement in principle are the members of the States Negotiating Committee: the attorneys general of Colorado, Illinois, New York, and Oregon.",
		told{Role: "joined", Action: "settlement", Members: "CA CO IL NY OR", Complete: true}},
	{"17 the attorneys general of the following states also signed", "AR", "griswell", "Attorney General Griswell Leads Letter on Charging Rules",
		"LITTLE ROCK – Attorney General Ned Griswell led a coalition of 6 states in a letter on charging rules.\n\nIn addition to Griswell, the attorneys general of the following states and territories also signed on to the letter sent by Arkansas: Alabama, Guam, Kansas, South Carolina, and the U.S. Virgin Islands.",
		told{Role: "led", Action: "letter", Leads: "AR", Members: "AL AR GU KS SC VI", Claimed: 6, Complete: true}},
	{"18 they include attorneys general from", "ID", "lapworth", "Attorney General Lapworth Joins Coalition Supporting Task Force",
		"BOISE – In a letter led by West Virginia Attorney General Cal Undercroft, a coalition of state attorneys general supports the task force.\n\nIn addition to Idaho and West Virginia, attorneys general from 4 other states joined the letter. They include attorneys general from Alabama, Alaska, Indiana, and Wyoming.",
		told{Role: "joined", Action: "letter", Leads: "WV", Members: "AK AL ID IN WV WY", Claimed: 4, Complete: true}},
	{"19 leaders last", "ID", "lapworth", "Attorney General Lapworth Joins Letter",
		"BOISE – Attorney General Baird Lapworth joined a letter led by West Virginia Attorney General Cal Undercroft.\n\nAttorneys general from the following states joined the letter: Alabama, Alaska, Indiana, Wyoming, in addition to Idaho and West Virginia.",
		told{Role: "joined", Action: "letter", Leads: "WV", Members: "AK AL ID IN WV WY", Complete: true}},
	{"20 others who have signed are from", "SD", "jorgenvold", "Attorney General Jorgenvold Signs Letter on Meat Labels",
		"PIERRE, S.D. – Attorney General Lars Jorgenvold has joined a coalition of attorneys general in a letter on meat labels.\n\nOther Attorneys General who have signed the letter are from: Iowa; Kansas; Montana; Nebraska; and North Dakota.",
		told{Role: "joined", Action: "letter", Members: "IA KS MT ND NE SD", Complete: true}},
	{"22 joining X in leading were persons of states", "SD", "jorgenvold", "Attorney General Jorgenvold Leads Letter on Scam Centers",
		"PIERRE, S.D. – Attorney General Lars Jorgenvold is among four leaders of a 9-state coalition in a letter on scam centers.\n\nJoining Attorney General Jorgenvold in leading the letter were Attorneys General Arlo Prentiss of Nevada, Rhea Montoya, New Mexico, and Ivo Kestrel, Oklahoma. Other Attorneys General on the letter were from: American Samoa, Arizona, Connecticut, Hawaii, and Mississippi.",
		told{Role: "co-led", Action: "letter", Leads: "NM NV OK SD", Members: "AS AZ CT HI MS NM NV OK SD", Claimed: 9, Complete: true}},
	{"23 joined the A and B-led letter along with", "IA", "osgood", "Attorney General Osgood Fights Climate Fund",
		"DES MOINES – Attorney General Hale Osgood joined a coalition of states in a letter on the climate fund.\n\nIowa joined the Florida and West Virginia-led letter along with Alabama, Alaska, Kansas, and Louisiana.",
		told{Role: "joined", Action: "letter", Leads: "FL WV", Members: "AK AL FL IA KS LA WV", Complete: true}},
	{"24 joining A and B were the States of", "UT", "redfern", "Attorney General Redfern Files Brief on Public Land",
		"SALT LAKE CITY – Attorney General Dez Redfern filed an amicus brief with a coalition of states.\n\nJoining Utah and North Dakota were the States of Idaho, Montana, and Wyoming.",
		told{Role: "joined", Action: "brief", Members: "ID MT ND UT WY", Complete: true}},
	{"25 led with support from, and a governor", "WV", "undercroft", "Attorney General Undercroft Leads Petition on Power Rule",
		"CHARLESTON, W.Va. — Attorney General Cal Undercroft led a coalition of states Thursday in a petition over the power rule.\n\nWest Virginia led Thursday’s petition with support from attorneys general in Alabama, Ohio, Texas, and Wyoming and the governor of Mississippi.",
		told{Role: "led", Action: "letter", Leads: "WV", Members: "AL OH TX WV WY", Complete: true, Others: "governor Governor of Mississippi"}},
	{"26 joined the S-led brief with attorneys general from", "WV", "undercroft", "Attorney General Undercroft Supports Border Brief",
		"CHARLESTON, W.Va. — Attorney General Cal Undercroft joined a coalition of states in a brief on the border.\n\nWest Virginia joined the Texas-led brief with attorneys general from Arkansas, Kansas, and Missouri.",
		told{Role: "joined", Action: "brief", Leads: "TX", Members: "AR KS MO TX WV", Complete: true}},
	{"27 along with state agencies", "WV", "undercroft", "Attorney General Undercroft Writes on Power Plan",
		"CHARLESTON, W.Va. — Attorney General Cal Undercroft sent a letter on the power plan.\n\nWest Virginia submitted the letter with attorneys general from Alabama, Arizona, and Georgia, along with the Louisiana Public Service Commission.",
		told{Role: "joined", Action: "letter", Members: "AL AZ GA WV", Complete: true, Others: "agency Louisiana Public Service Commission"}},
	{"28 names only and a number", "VI", "carrington", "Attorney General Carrington Joins Letter on Ferries",
		"ST. THOMAS, V.I. – U.S. Virgin Islands Attorney General Ione Carrington joined Colorado Attorney General Inez Harcastle and Vermont Attorney General Ansel Dray and 35 other state attorneys general in a letter on ferries.",
		told{Role: "joined", Action: "letter", Members: "CO VI VT", Claimed: 35}},
	{"29 along with the attorneys general of", "CT", "ellingham", "Attorney General Ellingham Files Brief on Work Permits",
		"HARTFORD – Attorney General Ruth Ellingham filed an amicus brief along with the attorneys general of Delaware, Illinois, New York, and Rhode Island.",
		told{Role: "joined", Action: "brief", Members: "CT DE IL NY RI", Complete: true}},
	{"30 the letter that I led alongside", "AR", "griswell", "Attorney General Griswell Urges Action on Chat Robots",
		"LITTLE ROCK – Attorney General Ned Griswell joined a bipartisan coalition of 20 attorneys general in a letter on chat robots.\n\n“The letter that I led alongside the attorneys general of Massachusetts, Missouri, and Vermont asks for answers,” Griswell said.",
		told{Role: "co-led", Action: "letter", Leads: "AR MA MO VT", Members: "AR MA MO VT", Claimed: 20, Bipartisan: true}},
	{"31 led by and has been joined by", "NJ", "varley", "Attorney General Varley Leads Filing on Transit",
		"TRENTON – Attorney General Tamsin Varley leads a coalition of attorneys general in a lawsuit on transit.\n\nThe filing was led by New Jersey and has been joined by California, Delaware, Maryland, and New York.",
		told{Role: "led", Action: "lawsuit", Leads: "NJ", Members: "CA DE MD NJ NY", Complete: true}},
	{"32 33 joined a bipartisan coalition of N", "NE", "brandvold", "Attorney General Brandvold Joins Letter to Petpix",
		"LINCOLN, Neb. – Attorney General Otto Brandvold today joined a bipartisan coalition of 44 attorneys general in a letter to Petpix.",
		told{Role: "joined", Action: "letter", Members: "NE", Claimed: 44, Bipartisan: true}},
	{"34 as part of a coalition of N", "CA", "bellweather", "Attorney General Bellweather Settles with Ringtown Telecom",
		"OAKLAND – Attorney General Romy Bellweather, as part of a bipartisan coalition of 49 attorneys general, today announced a settlement with Ringtown Telecom.",
		told{Role: "joined", Action: "settlement", Members: "CA", Claimed: 49, Bipartisan: true}},
	{"35 joins the attorneys general of N states", "CA", "bellweather", "Attorney General Bellweather Supports Dealers’ Customers",
		"OAKLAND – Attorney General Romy Bellweather today joins the attorneys general of 40 states in filing comments on the dealer rule.",
		told{Role: "joined", Action: "comment", Members: "CA", Claimed: 40}},
	{"36 and N other", "VT", "dray", "Attorney General Dray Joins 21 Other States in Suing over Tariff",
		"MONTPELIER – Attorney General Ansel Dray and 21 other attorneys general today sued over the tariff.",
		told{Role: "joined", Action: "lawsuit", Members: "VT", Claimed: 21}},
	{"37 led a coalition of N states and territories", "CT", "ellingham", "Attorney General Ellingham Leads Generic Drug Settlement",
		"HARTFORD – Attorney General Ruth Ellingham led a coalition of 48 states and territories in a settlement with Pillworks.",
		told{Role: "led", Action: "settlement", Leads: "CT", Members: "CT", Claimed: 48}},
	{"40 signed by N", "PA", "strickwerda", "Attorney General Strickwerda Calls for Action on Online Safety",
		"HARRISBURG – Attorney General Noor Strickwerda asked Congress to act. The letter, signed by 40 attorneys general, supports the bill.",
		told{Role: "joined", Action: "letter", Members: "PA", Claimed: 40}},
	{"41 a N-state coalition", "MO", "hawkridge", "Attorney General Hawkridge Leads Coalition on Banking",
		"JEFFERSON CITY, Mo. – Attorney General Tam Hawkridge is leading a 19-state coalition in an investigation of six banks.",
		told{Role: "led", Action: "investigation", Leads: "MO", Members: "MO", Claimed: 19}},
	{"42 numbers as words", "IA", "osgood", "Attorney General Osgood Leads Letter on Paper Straws",
		"DES MOINES – Attorney General Hale Osgood is leading sixteen states in a letter on paper straws.",
		told{Role: "led", Action: "letter", Leads: "IA", Members: "IA", Claimed: 16}},
	{"43 co-leading with others", "RI", "hathorne", "Attorney General Hathorne Co-Leads Suit on Layoffs",
		"PROVIDENCE – Attorney General Signe Hathorne today announced that he is co-leading a coalition of 20 attorneys general in a lawsuit over layoffs with Hawaii Attorney General Nani Lono, New York Attorney General Peg Amory, and Wisconsin Attorney General Kit Hollanbeck.",
		told{Role: "co-led", Action: "lawsuit", Leads: "HI NY RI WI", Members: "HI NY RI WI", Claimed: 20}},
	{"46 and the governor of", "MD", "ostrander", "Attorney General Ostrander Asks Court to Hear Health Case",
		"BALTIMORE – Attorney General Bly Ostrander joined a coalition of 19 states, the District of Columbia, and the governor of Kentucky in a brief.",
		told{Role: "joined", Action: "brief", Members: "MD", Claimed: 19, Others: "governor Governor of Kentucky"}},
	{"49 led by persons", "NV", "prentiss", "Attorney General Prentiss Opposes Payday Rule",
		"CARSON CITY, NV – Attorney General Arlo Prentiss joined a coalition of 25 attorneys general, led by New Jersey Attorney General Tamsin Varley, in comments filed on the payday rule.",
		told{Role: "joined", Action: "comment", Leads: "NJ", Members: "NJ NV", Claimed: 25}},
	{"50 led by a governor and others", "DE", "fairlamb", "Attorney General Fairlamb Joins Suit on Clinics",
		"WILMINGTON, Del. – Attorney General Cass Fairlamb joined 20 other attorneys general in a multistate lawsuit on clinics.\n\nThe lawsuit is led by Oregon Governor Mae Brinker, Oregon Attorney General Orla Quillfeather, and New York Attorney General Peg Amory. The attorneys general of Colorado, Hawaii, and Maine have joined Attorney General Fairlamb in the lawsuit.",
		told{Role: "joined", Action: "lawsuit", Leads: "NY OR", Members: "CO DE HI ME NY OR", Claimed: 20, Complete: false, Others: "governor Governor of Oregon"}},
	{"51 S-led N-state", "ID", "lapworth", "Attorney General Lapworth Joins Suit",
		"BOISE – Attorney General Baird Lapworth joined the Alabama-led 19-state lawsuit over the union rule.",
		told{Role: "joined", Action: "lawsuit", Leads: "AL", Members: "AL ID", Claimed: 19}},
	{"52 led by the State of", "UT", "redfern", "Attorney General Redfern Joins Brief",
		"SALT LAKE CITY – Attorney General Dez Redfern joined a coalition of 18 states in a brief. The brief, led by the State of North Dakota, asks the court to take the case.",
		told{Role: "joined", Action: "brief", Leads: "ND", Members: "ND UT", Claimed: 18}},
	{"1e those who did not sign", "IN", "marlin", "Attorney General Marlin Signs Letter",
		"INDIANAPOLIS – Attorney General Senna Marlin joined a coalition of 30 attorneys general in a letter.\n\nAttorneys general representing Florida, Georgia, New Hampshire, Missouri and Texas did not sign the letter.",
		told{Role: "joined", Action: "letter", Members: "IN", Claimed: 30}},
	{"1e an earlier action", "CA", "bellweather", "Attorney General Bellweather Sues Painwell",
		"OAKLAND – Attorney General Romy Bellweather today sued Painwell for its part in the crisis.\n\nIn May 2018, Attorney General Bellweather joined a bipartisan coalition of 39 states urging Congress to act.",
		told{}},
	{"1e defendants and places", "NY", "amory", "Attorney General Amory Supports Vermont’s Climate Law",
		"NEW YORK – Attorney General Peg Amory joined a coalition of 12 attorneys general in a brief that supports Vermont’s climate law in a case against Georgia, Michigan, and Ohio companies.\n\nJoining Attorney General Amory are the attorneys general of Maine, Maryland, and Washington, D.C.",
		told{Role: "joined", Action: "brief", Members: "DC MD ME NY", Claimed: 12}},
	{"list of lines", "OK", "kestrel", "Attorney General Kestrel Leads Letter on Rail Rules",
		"OKLAHOMA CITY – Attorney General Ivo Kestrel led a coalition of seven states in a letter on rail rules.\n\nThe following states joined the letter:\n\nAlabama\n\nKansas\n\nNorth Dakota\n\nSouth Carolina\n\nVirginia\n\nWest Virginia\n\nRead the letter here.",
		told{Role: "led", Action: "letter", Leads: "OK", Members: "AL KS ND OK SC VA WV", Claimed: 7, Complete: true}},
	{"names within names", "AZ", "ardmore", "Attorney General Ardmore Joins Coalition",
		"PHOENIX – Attorney General Cleo Ardmore joined a coalition of 9 attorneys general in a lawsuit.\n\nAttorney General Ardmore is joined by the attorneys general of Arkansas, the Commonwealth of the Northern Mariana Islands, New Mexico, Puerto Rico, USVI, Virginia, and Washington State, as well as New York City and Kansas City.",
		told{Role: "joined", Action: "lawsuit", Members: "AR AZ MP NM PR VA VI WA", Claimed: 9, Complete: true, Others: "city City of New York"}},
	{"all fifty states", "WY", "hillcrest", "Attorney General Hillcrest Joins Operation Against Robocalls",
		"CHEYENNE – Attorney General Brid Hillcrest, along with law enforcement partners including attorneys general from all 50 states and the District of Columbia, announced a crackdown on robocalls.",
		told{Role: "joined", Action: "other", Members: "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY", Claimed: 50, Complete: true}},
}

func TestWordings(t *testing.T) {
	for _, w := range wordings {
		t.Run(w.name, func(t *testing.T) {
			got := tell(t, w.title+"\n"+w.text, w.office, w.surname)
			if diff := cmp.Diff(w.want, got); diff != "" {
				t.Errorf("coalition (-want +got):\n%s", diff)
			}
		})
	}
}

func tell(t testing.TB, text, office, surname string) told {
	t.Helper()
	v := phrases.NewVocabulary()
	r, err := NewReader(v)
	if err != nil {
		t.Fatal(err)
	}
	read := phrases.Read(text)
	c, _ := r.Read(read, v.Numbers(read), sentences.Issuer{Office: office, Surnames: []string{surname}}, "")
	if c == nil {
		return told{}
	}
	return toldBy(c)
}

func toldBy(c *index.Coalition) told {
	out := told{Role: c.Role, Action: c.Action, Leads: strings.Join(c.Leads, " "), Members: strings.Join(c.Members, " "), Complete: c.Complete, Bipartisan: c.Bipartisan}
	if c.Claimed != nil {
		out.Claimed = *c.Claimed
	}
	var others []string
	for _, o := range c.Others {
		others = append(others, o.Type+" "+o.Name)
	}
	out.Others = strings.Join(others, "; ")
	return out
}
