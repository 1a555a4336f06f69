package vocabulary

// Word is a member of a closed list: the value that is stored and the label that
// people read.
type Word struct {
	Value string
	Label string
}

// Kinds are what a release reports; a release has one to three.
var Kinds = [...]Word{
	{"lawsuit", "Lawsuit"}, {"settlement", "Settlement"}, {"judgment", "Judgment"}, {"brief", "Brief"},
	{"letter", "Letter"}, {"comment", "Comment"}, {"investigation", "Investigation"}, {"charge", "Charge"},
	{"plea", "Plea"}, {"sentence", "Sentence"}, {"legislation", "Legislation"}, {"opinion", "Opinion"},
	{"alert", "Alert"}, {"statement", "Statement"}, {"grant", "Grant"}, {"appointment", "Appointment"},
	{"event", "Event"}, {"other", "Other"},
}

// Roles are the part that the publishing office has in a coalition.
var Roles = [...]Word{{"led", "Led"}, {"co-led", "Co-led"}, {"joined", "Joined"}}

// Actions are what a coalition does together.
var Actions = [...]Word{
	{"lawsuit", "Lawsuit"}, {"letter", "Letter"}, {"brief", "Brief"}, {"settlement", "Settlement"},
	{"comment", "Comment"}, {"investigation", "Investigation"}, {"statement", "Statement"}, {"other", "Other"},
}

// Parties are those of attorneys general; N stands for nonpartisan or unknown.
var Parties = [...]Word{
	{"R", "Republican"}, {"D", "Democratic"}, {"I", "Independent"}, {"N", "Nonpartisan"},
	{"PNP", "New Progressive"}, {"PPD", "Popular Democratic"},
}

// Presences say whether the office still shows a release.
var Presences = [...]Word{{"live", "Live"}, {"missing", "Missing"}, {"gone", "Gone"}}

// Participants are the kinds of those who act with attorneys general without being one.
var Participants = [...]Word{
	{"governor", "Governor"}, {"city", "City"}, {"county", "County"}, {"agency", "State agency"},
	{"federal", "Federal agency"}, {"other", "Other"},
}

// DateSources are where a date of publication was read, the most trusted first.
var DateSources = [...]Word{
	{"page", "the page"}, {"listing", "the office's listing"}, {"feed", "the office's feed"},
	{"api", "the site's interface"}, {"news-sitemap", "the news sitemap"}, {"url", "the address"},
	{"import", "the imported file"},
}

// AttachmentRoles say what a linked document is.
var AttachmentRoles = [...]Word{
	{"letter", "Letter"}, {"complaint", "Complaint"}, {"brief", "Brief"}, {"order", "Order"}, {"other", "Document"},
}

// FactKinds are what is read in the text of releases, in the order in which it is shown.
// The share of a settlement is what the publisher's own state gets of it.
var FactKinds = [...]Word{
	{"settlement", "Settlement"}, {"penalty", "Penalty"}, {"restitution", "Restitution"}, {"share", "State’s share"},
	{"company", "Company"}, {"defendant", "Defendant"}, {"docket", "Docket number"}, {"court", "Court"},
	{"statute", "Statute"}, {"agency", "Federal agency"},
}

// Label returns the label of value in list, or value itself where the list lacks it.
func Label(list []Word, value string) string {
	for _, w := range list {
		if w.Value == value {
			return w.Label
		}
	}
	return value
}

// Has tells whether value is in list.
func Has(list []Word, value string) bool {
	for _, w := range list {
		if w.Value == value {
			return true
		}
	}
	return false
}
