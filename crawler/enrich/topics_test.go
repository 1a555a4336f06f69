package enrich

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

func TestTopicsAndKinds(t *testing.T) {
	e := invented(t)
	for _, c := range []struct {
		name, title, text string
		tags              []string
		topics, kinds     []string
	}{
		{"a scam warning", "Attorney General Askeland Warns Seniors of Grandparent Scam",
			"SAINT PAUL – Attorney General Rolf Askeland warns seniors of callers who say that they are a grandchild in trouble. Scammers ask for gift cards. Hang up and call your family.", nil,
			[]string{"scams", "elder-protection"}, []string{"alert"}},
		{"a suit against a landlord", "Attorney General Askeland Sues Landlord over Heat", "SAINT PAUL – Attorney General Rolf Askeland filed a lawsuit against Cinder Row Rentals, a landlord that left tenants without heat.", nil,
			[]string{"housing"}, []string{"lawsuit"}},
		{"Medicaid fraud is no theft besides", "Home Care Owner Pleads Guilty to $2 Million Medicaid Fraud",
			"The owner of Bright Lantern Care pleaded guilty to felony theft by swindle for billing Medicaid. The Medicaid Fraud Control Unit investigated. She was charged with ten felony counts.", nil,
			[]string{"medicaid-fraud"}, []string{"plea", "charge"}},
		{"boilerplate says nothing", "Attorney General Askeland Names New Deputy Attorney General",
			"SAINT PAUL – Attorney General Rolf Askeland appointed Wren Holloway as deputy attorney general for appeals.\n\nTo file a complaint about robocalls, scams, price gouging or identity theft, call the office.", nil,
			[]string{"office-news"}, []string{"appointment"}},
		{"words that hold a topic's word", "Attorney General Askeland Settles with Lantern Hospital Group on Prescription Drug Prices",
			"SAINT PAUL – The settlement with Lantern Hospital Group lowers prescription drug prices for patients.", nil,
			[]string{"health-care"}, []string{"settlement"}},
		{"the office's own labels", "Attorney General Askeland Speaks", "The attorney general spoke to a full room.", []string{"Wildlife"},
			[]string{"environment"}, []string{"other"}},
		{"who helped is not what it was about", "Former Bookkeeper Sentenced for Embezzlement from Lantern Bakery",
			"SAINT PAUL – A judge sentenced Odo Fennimore to two years in prison for embezzlement.\n\nThe money paid for a boat. The case was worked with the assistance of the Bureau of Alcohol, Tobacco, Firearms and Explosives, Immigration and Customs Enforcement and the Drug Enforcement Administration.", nil,
			[]string{"theft-fraud-crime"}, []string{"sentence"}},
		{"a suit against the government, and of what it is", "Attorney General Askeland Sues EPA over Wetlands Rule",
			"SAINT PAUL – Attorney General Rolf Askeland filed a lawsuit against the Environmental Protection Agency over its final rule on wetlands and clean water.", nil,
			[]string{"environment", "federal-action"}, []string{"lawsuit"}},
		{"few words", "Fewer Fees for Gym Members", "The gym will return hidden fees to its members.", nil,
			[]string{"consumer-protection"}, []string{"other"}},
		{"words that stand far down and nowhere else", "Attorney General Askeland Visits Lantern Falls",
			"SAINT PAUL – Attorney General Rolf Askeland held a town hall in Lantern Falls.\n\nPeople came.\n\nThey asked much.\n\nThey spoke of casinos.\n\nThey spoke of bingo.\n\nThey spoke of betting." + strings.Repeat("\n\nThey spoke of the weather and of the price of bread and of the long way home.", 12), nil,
			[]string{"office-news"}, []string{"event"}},
		{"a label for what the text says too", "Clerk Pleads Guilty", "The clerk pleaded guilty. She had stolen from the till and was charged with theft.", []string{"Topic: Criminal"},
			[]string{"theft-fraud-crime"}, []string{"plea"}},
		{"a title that is a quotation", "‘This Ruling Keeps Families in Their Homes’", "SAINT PAUL – The court upheld the law on evictions, Attorney General Rolf Askeland said.", nil,
			[]string{"housing"}, []string{"judgment", "statement"}},
		{"a suit that is settled is a settlement", "Attorney General Askeland Settles Lawsuit against Moving Company", "SAINT PAUL – The settlement ends the lawsuit against Gull Movers, which overcharged customers.", nil,
			[]string{"consumer-protection"}, []string{"settlement"}},
		{"nothing fits", "Untitled", "Nothing of note.", nil, []string{}, []string{"other"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := index.Reading{Title: c.title, Text: c.text, Tags: c.tags}
			e.Enrich("MN", &r)
			if diff := cmp.Diff(c.topics, r.Topics); diff != "" {
				t.Errorf("topics (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.kinds, r.Kinds); diff != "" {
				t.Errorf("kinds (-want +got):\n%s", diff)
			}
			given := map[string]bool{}
			for _, v := range r.Evidence {
				given[v.Field+" "+v.Value] = true
			}
			for _, topic := range r.Topics {
				if !given["topics "+topic] {
					t.Errorf("no evidence for topic %s", topic)
				}
			}
			for _, kind := range r.Kinds {
				if !given["kinds "+kind] {
					t.Errorf("no evidence for kind %s", kind)
				}
			}
		})
	}
}
