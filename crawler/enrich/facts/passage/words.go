package passage

// words are the phrases that facts are told by, beside the names in the data files.
var words = [...]struct {
	role                 Role
	phrase, value, label string
}{
	{LegalForm, "inc ; incorporated ; llc ; corp ; corporation ; lp ; llp ; lllp ; ltd ; na ; plc ; pllc", "", ""},
	{USCode, "usc {,section,sections,sec,§} ; us code {section,sec}", "", ""},
	{FederalRules, "cfr {,section,sections,sec,part,parts} ; code of federal regulations {section,sec,part}", "", ""},

	{DistrictCourt, "{us,united states,federal} district court {,for the,in the,of the} {eastern,western,northern,southern,central,middle} district of", "", ""},
	{DistrictCourt, "{us,united states,federal} district court {,for the,in the} district of", "", ""},
	{DistrictCourt, "{us,united states,federal} {district,} courts {for,in} the {eastern,western,northern,southern,central,middle} district of", "", ""},
	{DistrictCourt, "{us,united states} bankruptcy court {for the,in the,of the} {eastern,western,northern,southern,central,middle} district of", "bankruptcy", ""},
	{DistrictCourt, "{us,united states} bankruptcy court {for the,in the} district of", "bankruptcy", ""},
	{SupremeCourt, "{us,united states} supreme court ; supreme court of the united states", "us-supreme-court", "Supreme Court of the United States"},
	{AppealsCourt, "{us,united states} {court,circuit court} of appeals for the", "", ""},
	{SpecialCourt, "{us,united states,} court of international trade", "us-court-of-international-trade", "U.S. Court of International Trade"},
	{SpecialCourt, "{us,united states,} court of federal claims", "us-court-of-federal-claims", "U.S. Court of Federal Claims"},
	{SpecialCourt, "{us,united states} tax court", "us-tax-court", "U.S. Tax Court"},
	{SpecialCourt, "delaware {court of chancery,chancery court}", "de-court-of-chancery", "Delaware Court of Chancery"},
	{CountyCourt, "{superior,district,circuit,supreme,chancery,municipal,probate} court", "", ""},
	{CountyCourt, "court of {common pleas,appeals,criminal appeals,appeal,claims}", "", ""},

	{CodeName, "statutes {,section,sections,sec,secs,chapter} ; stat {,section,sec,ann} ; statutes annotated {,section}", "stat", ""},
	{CodeName, "code {,annotated,ann} {,section,sections,sec,secs,title} ; administrative code {,section}", "code", ""},
	{CodeName, "{revised,general,compiled,consolidated} {statutes,laws,code} {,annotated} {,section,sections,sec,chapter}", "", ""},
	{CodeName, "{rev,gen,comp,cons} {stat,laws,code,ann} {,ann} {,section,sections,sec}", "", ""},
	{CodeName, "{penal,government,civil,health and safety,business and professions,labor,welfare and institutions,criminal,insurance,vehicle,elections,election,education,tax,family,public health,executive,general business,family court} {code,law} {,section,sections,sec}", "", ""},

	{DocketWord, "{case,docket,cause,index} {no,nos,number} ; civil {action,case} {no,number} ; court file {no,number} ; docket", "", ""},
	{DocketWord, "no ; nos", "bare", ""},

	{Suing, "{lawsuit,suit,litigation,civil action,civil complaint,federal complaint,enforcement action,legal action} against ; {sued,sues,Suing}", "", ""},
	{Suing, "{complaint,case,action,judgment,verdict,injunction,restraining order,petition} against", "case", ""},
	{Charging, "{charge,indictment,criminal complaint,criminal case,criminal charges} against ; {indicted,convicted,sentenced,prosecuted,charged}", "", ""},
	{ChargedIs, "{was,were,has been,have been,is being} {charged,sentenced,indicted,convicted,found guilty} ; {pleaded,pled,pleads} guilty", "", ""},
}
