package query

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
	"agora/index/query/lexing"
)

func TestOffers(t *testing.T) {
	tests := []struct {
		name       string
		parameters url.Values
		want       []index.Offer
	}{
		{"nothing", url.Values{}, nil},
		{"each with what is left", url.Values{"q": {"texas opioid settlement 2023"}}, []index.Offer{
			{Field: "state", Value: "TX", Label: "Texas", Words: "texas", Rest: "opioid settlement 2023"},
			{Field: "topic", Value: "opioids", Label: "Opioids and fentanyl", Words: "opioid", Rest: "texas settlement 2023"},
			{Field: "kind", Value: "settlement", Label: "Settlement", Words: "settlement", Rest: "texas opioid 2023"},
			{Field: "year", Value: "2023", Label: "2023", Words: "2023", Rest: "texas opioid settlement"},
		}},
		{"nothing left", url.Values{"q": {" Texas! "}}, []index.Offer{{Field: "state", Value: "TX", Label: "Texas", Words: "Texas", Rest: ""}}},
		{"all else as typed", url.Values{"q": {`"a  b"  new  york,  (c d) -e title:f "x"`}}, []index.Offer{
			{Field: "state", Value: "NY", Label: "New York", Words: "new  york", Rest: `"a  b" (c d) -e title:f "x"`}}},
		{"filter that is set", url.Values{"q": {"texas 2023"}, "state": {"-NY"}, "from": {"2020"}}, nil},
		{"field that is typed", url.Values{"q": {"texas opioid state:VA OFFICE:VA topic:scams"}}, nil},
		{"year that is typed", url.Values{"q": {"2023 after:2022"}}, nil},
		{"other field that is typed", url.Values{"q": {"texas kind:lawsuit"}}, []index.Offer{
			{Field: "state", Value: "TX", Label: "Texas", Words: "texas", Rest: "kind:lawsuit"}}},
		{"quotes, exclusions, groups, fields", url.Values{"q": {`"texas" -texas NOT texas (texas) title:texas title:(texas) texas* texas~ foo:texas "texas" state: a`}}, nil},
		{"alternatives", url.Values{"q": {"texas OR ohio"}}, nil},
		{"alternatives in a group", url.Values{"q": {"texas (a OR b)"}}, []index.Offer{
			{Field: "state", Value: "TX", Label: "Texas", Words: "texas", Rest: "(a OR b)"}}},
		{"AND before", url.Values{"q": {"a AND texas AND b"}}, []index.Offer{
			{Field: "state", Value: "TX", Label: "Texas", Words: "texas", Rest: "a AND b"}}},
		{"AND after", url.Values{"q": {"texas AND b"}}, []index.Offer{
			{Field: "state", Value: "TX", Label: "Texas", Words: "texas", Rest: "b"}}},
		{"AND between", url.Values{"q": {"new AND york"}}, nil},
		{"preposition", url.Values{"q": {"opioids in texas"}}, []index.Offer{
			{Field: "topic", Value: "opioids", Label: "Opioids and fentanyl", Words: "opioids", Rest: "in texas"},
			{Field: "state", Value: "TX", Label: "Texas", Words: "in texas", Rest: "opioids"}}},
		{"same value twice", url.Values{"q": {"texas Texas"}}, []index.Offer{
			{Field: "state", Value: "TX", Label: "Texas", Words: "texas", Rest: "Texas"}}},
		{"two values of a field", url.Values{"q": {"texas ohio"}}, []index.Offer{
			{Field: "state", Value: "TX", Label: "Texas", Words: "texas", Rest: "ohio"},
			{Field: "state", Value: "OH", Label: "Ohio", Words: "ohio", Rest: "texas"}}},
		{"not beyond the year", url.Values{"q": {"2027"}}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			q, err := FromValues(test.parameters, false)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, offersUntil(q, 2026)); diff != "" {
				t.Errorf("offers (-want +got):\n%s", diff)
			}
		})
	}
	if got := Offers(index.Query{Text: "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia"}); len(got) != maxOffers {
		t.Errorf("%d offers", len(got))
	}
}

func TestOffersLeaveAllElse(t *testing.T) {
	pieces := rapid.SampledFrom(strings.Split("texas|new york|opioid|2023|AND|NOT|(|)|\"|-|:|title:|state:VA|,|*|§|\x00|\xff|no.|a|in", "|"))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 12).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		checkOffers(t, text)
	})
}

// checkOffers holds that what is left of a question is read as before, but for the words
// that were taken out and an AND beside them.
func checkOffers(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string) {
	t.Helper()
	read := func(text string) (list []string) {
		for _, token := range lex(clean(text), &warnings{}) {
			if token.Kind != lexing.And {
				list = append(list, token.Text)
			}
		}
		return list
	}
	_, before := Parse(text)
	wellFormed := !slices.ContainsFunc(before, func(w index.Warning) bool { return w.Code != "synonyms" })
	for _, token := range lex(clean(text), &warnings{}) { // what has no letters comes to nothing
		wellFormed = wellFormed && (letters(token.Text) > 0 || token.Kind != lexing.Word && token.Kind != lexing.Phrase)
	}
	for _, o := range offersUntil(index.Query{Text: text}, 2026) {
		tokens, taken, left := read(text), strings.Fields(o.Words), read(o.Rest)
		if len(tokens) != len(taken)+len(left) {
			t.Fatalf("%q without %q is %q", text, o.Words, o.Rest)
		}
		at := 0
		for at < len(left) && tokens[at] == left[at] {
			at++
		}
		if !slices.Equal(slices.Concat(left[:at], tokens[at:at+len(taken)], left[at:]), tokens) {
			t.Fatalf("%q without %q is %q", text, o.Words, o.Rest)
		}
		_, after := Parse(o.Rest)
		for _, w := range after {
			if wellFormed && w.Code != "synonyms" && w.Code != "no_words" {
				t.Fatalf("%q without %q is %q, of which is said %v", text, o.Words, o.Rest, w)
			}
		}
	}
}

func TestFewer(t *testing.T) {
	for _, test := range []struct {
		q    string
		want []index.Fewer
	}{
		{"opioid settlement 2023", []index.Fewer{{Without: "opioid", Q: "settlement 2023"}, {Without: "settlement", Q: "opioid 2023"}, {Without: "2023", Q: "opioid settlement"}}},
		{"opioid", nil},
		{`"price gouging" texas`, []index.Fewer{{Without: "texas", Q: `"price gouging"`}}},
		{"gas OR propane", nil},
		{"gas -tax", nil},
		{"", nil},
	} {
		if diff := cmp.Diff(test.want, Fewer(index.Query{Text: test.q})); diff != "" {
			t.Errorf("%q (-want +got)\n%s", test.q, diff)
		}
	}
}
