package query

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

// TestPromises holds the query language to what is promised of it, sentence by sentence.
// What engines make of the parts (stems, folding, whole tokens) is held by the tests of
// exact words and stems beside this one, and by the suite that every engine passes.
func TestPromises(t *testing.T) {
	deep := strings.Repeat("(", index.MaxQueryDepth) + "a" + strings.Repeat(")", index.MaxQueryDepth)
	tests := []struct {
		promise  string
		question string
		want     string // as the golden file of questions writes it
		warnings []string
	}{
		{"Words are ANDed", "illegal filing", "(and (word illegal) (word filing))", nil},
		{"and stemmed (filing finds filings)", "filing", "(word filing)", nil},
		{"NOT binds tightest", "a NOT b c OR d", "(or (and (word a) (not (word b)) (word c)) (word d))", nil},
		{"or -word", "a -b c OR d", "(or (and (word a) (not (word b)) (word c)) (word d))", nil},
		{"NOT of everything else", "-a", "(not (word a))", nil},
		{"then adjacency (AND accepted)", "a AND b OR c d", "(or (and (word a) (word b)) (and (word c) (word d)))", nil},
		{"then OR", "a OR b OR c d", "(or (word a) (word b) (and (word c) (word d)))", nil},
		{"parentheses", "(a OR b) -(c d)", "(and (or (word a) (word b)) (not (and (word c) (word d))))", nil},

		{`"exact phrase"`, `"Attorneys of the State"`, "(phrase Attorneys of the State)", nil},
		{"in the title", `title:"of the State"`, "(phrase@title of the State)", nil},
		{"or in the text", `text:"of the State"`, "(phrase@text of the State)", nil},
		{"unstemmed: one word too", `"filing"`, "(phrase filing)", nil},
		{"quotes are folded", `“it’s”`, "(phrase it’s)", nil},
		{"operators in quotes are words", `"a OR -b (c) title:d"`, "(phrase a OR -b (c) title:d)", nil},

		{"tokens are words with the signs &", "AT&T", "(word AT&T)", nil},
		{"§ before", "§1983", "(phrase §1983)", nil},
		{"§ 1983", "§ 1983", "(phrase § 1983)", nil},
		{"/", "9/11", "(word 9/11)", nil},
		{".", "No. U.S.", "(and (word No.) (word U.S.))", nil},
		{"+", "C++", "(word C++)", nil},
		{"$", "$5", "(word $5)", nil},
		{"%", "50%", "(word 50%)", nil},
		{"#", "C# #1", "(and (word C#) (word #1))", nil},
		{"-", "T-Mobile", "(word T-Mobile)", nil},

		{"word*", "fen*", "(prefix fen)", nil},
		{"word* in a field", "title:fent*", "(prefix@title fent)", nil},
		{"word* excluded", "-fent*", "(not (prefix fent))", nil},
		{"3 letters or more before the star", "fe*", "(word fe)", []string{"wildcard_too_short"}},
		{"word~ fuzzy", "fentanil~", "(fuzzy fentanil)", nil},
		{"word~ in a field", "text:fentanil~", "(fuzzy@text fentanil)", nil},
		{`"a b"~5 within 5 words`, `"opioid settlement"~5`, "(near 5 opioid settlement)", nil},
		{`"a b"~5 in a field`, `title:"opioid settlement"~5`, "(near@title 5 opioid settlement)", nil},
		{`"a b"~5 excluded`, `-"opioid settlement"~5`, "(not (near 5 opioid settlement))", nil},

		{"title:", "title:opioid", "(word@title opioid)", nil},
		{"text:", "text:opioid", "(word@text opioid)", nil},
		{"state:VA", "state:VA", "(state VA)", nil},
		{`state:"West Virginia"`, `state:"West Virginia"`, "(state WV)", nil},
		{"topic:", "topic:opioids", "(topic opioids)", nil},
		{"kind:", "kind:letter", "(kind letter)", nil},
		{"ag:Miyares", "ag:Miyares", "(in-office Miyares)", nil},
		{"lead:", "lead:VA", "(lead VA)", nil},
		{"member:", "member:VA", "(member VA)", nil},
		{"joined:", "joined:VA", "(joined VA)", nil},
		{"involves:", "involves:VA", "(involves VA)", nil},
		{"date:2023", "date:2023", "(published 2023-01-01..2023-12-31)", nil},
		{"date:2023-02", "date:2023-02", "(published 2023-02-01..2023-02-28)", nil},
		{"after: includes its day", "after:2022-01-01", "(published 2022-01-01..)", nil},
		{"before: includes its day", "before:2022-06-30", "(published ..2022-06-30)", nil},
		{"is:gone", "is:gone", "(presence gone)", nil},
		{"is:undated", "is:undated", "(year undated)", nil},
		{"is:multistate", "is:multistate", "(multistate)", nil},
		{"fields in any case", "State:va IS:GONE", "(and (state VA) (presence gone))", nil},
		{"fields are excluded", "-state:VA NOT is:gone", "(and (not (state VA)) (not (presence gone)))", nil},
		{"fields are joined", "state:VA OR topic:opioids", "(or (state VA) (topic opioids))", nil},

		{"what can't be parsed is read as words: quotes", `"a b`, "(and (word a) (word b))", []string{"unbalanced_quote"}},
		{"parentheses", "(a b", "(and (word a) (word b))", []string{"unbalanced_parenthesis"}},
		{"operators", "a OR", "(word a)", []string{"dangling_operator"}},
		{"unknown fields", "colour:red", "(and (word colour) (word red))", []string{"unknown_field"}},
		{"unknown values", "state:Ruritania", "(word Ruritania)", []string{"unknown_value"}},
		{"no dates", "date:soon", "(word soon)", []string{"bad_date"}},
		{"stars inside", "a*b", "(and (word a) (word b))", []string{"wildcard_inside"}},
		{"nothing at all", "?!", "(all)", []string{"no_words"}},

		{"contradictions: the same word", "a -a", "(nothing)", []string{"contradiction"}},
		{"two states", "state:VA state:WV", "(nothing)", []string{"contradiction"}},
		{"a state asked for and excluded", "state:VA -state:VA", "(nothing)", []string{"contradiction"}},
		{"days that end before they begin", "after:2023 before:2022", "(nothing)", []string{"contradiction"}},
		{"undated with a day", "is:undated date:2023", "(nothing)", []string{"contradiction"}},
		{"no coalition with a lead", "-is:multistate lead:VA", "(nothing)", []string{"contradiction"}},
		{"in one alternative", "(a -a) OR b", "(word b)", []string{"contradiction"}},
		{"a name asked for and excluded", "FTC -FTC", "(nothing)", []string{"contradiction"}},

		{"depth 32", deep, "(word a)", nil},
		{"depth 33", "b (" + deep + ")", "(and (word b) (word a))", []string{"too_deep"}},

		{"synonyms", "FTC", "(or (word FTC) (phrase Federal Trade Commission))", []string{"synonyms"}},
		{"synonyms are off in quotes", `"FTC"`, "(phrase FTC)", nil},
		{"in word~", "robocall~", "(fuzzy robocall)", nil},
		{"in word*", "robocall*", "(prefix robocall)", nil},
		{"and under NOT", "a -FTC", "(and (word a) (not (word FTC)))", nil},
	}
	for _, test := range tests {
		t.Run(test.promise, func(t *testing.T) {
			root, warnings := Parse(test.question)
			if diff := cmp.Diff(test.want, format(root)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.question, diff)
			}
			if diff := cmp.Diff(test.warnings, codes(warnings)); diff != "" {
				t.Errorf("warnings of %s (-want +got):\n%s", test.question, diff)
			}
		})
	}
}

func TestSynonymsAreSaid(t *testing.T) {
	for _, test := range []struct{ question, want string }{
		{"FTC", `"FTC" also finds "Federal Trade Commission"; words in quotation marks find only themselves.`},
		{"robocall FTC", `"robocall" also finds "automated call" and the like, "FTC" also finds "Federal Trade Commission"; words in quotation marks find only themselves.`},
		{"FTC FBI DOJ EPA", `"FTC" also finds "Federal Trade Commission", "FBI" also finds "Federal Bureau of Investigation", "DOJ" also finds "Department of Justice" and the like, so do other words; words in quotation marks find only themselves.`},
	} {
		_, warnings := Parse(test.question)
		if diff := cmp.Diff([]index.Warning{{Code: "synonyms", Message: test.want}}, warnings); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.question, diff)
		}
	}
}

// TestSynonymsKeepTheLimit holds that names are added while there is room for clauses.
func TestSynonymsKeepTheLimit(t *testing.T) {
	for _, question := range []string{
		strings.Repeat("robocall ", index.MaxQueryClauses),
		strings.Repeat("a ", index.MaxQueryClauses-5) + "robocall FTC",
	} {
		root, _ := Parse(question)
		checkTree(t, root)
	}
}
