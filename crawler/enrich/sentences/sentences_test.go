package sentences

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/enrich/phrases"
)

func read(t *testing.T, text string) *Release {
	t.Helper()
	v := phrases.NewVocabulary()
	names, err := NewNames(v)
	if err != nil {
		t.Fatal(err)
	}
	words := phrases.Read(text)
	return Read(names, words, v.Numbers(words), Issuer{Office: "VA", Surnames: []string{"whitlock"}}, "2023-02-08")
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Title v. Rule\nMr. Poe of St. Paul spoke. He left. “We won.” She said so.", []string{"Title v. Rule", "Mr. Poe of St. Paul spoke", "He left", "We won", "She said so"}},
		{"T\nHe spoke in Washington, D.C. The W.Va. and U.S. Virgin Islands offices agreed.", []string{"T", "He spoke in Washington, D.C", "The W.Va. and U.S. Virgin Islands offices agreed"}},
		{"T\nIt cost $1.5 million at Amber.Com stores. No. 7 won.", []string{"T", "It cost $1.5 million at Amber.Com stores", "No. 7 won"}},
		{"T\nThe states are:\nIowa\nNew York\nThe rest is text.", []string{"T", "The states are:\nIowa\nNew York", "The rest is text"}},
	} {
		r := read(t, c.text)
		var got []string
		for _, s := range r.Sentences {
			got = append(got, strings.TrimSuffix(r.Text.Slice(s.Start, s.End), "."))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestStatesNamed(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"West Virginia, Virginia, Arkansas and Kansas joined", "WV VA AR KS"},
		{"Washington, D.C., Washington, and Washington State joined", "DC WA WA"},
		{"New York City and Kansas City joined New York", "NY"},
		{"the Commonwealth of the Northern Mariana Islands, USVI, Hawai‘i and Tex\u00adas joined", "MP VI HI TX"},
		{"the District Court for the District of Maryland, and the District of Columbia joined", "DC"},
		{"Harris County, Texas, and the City of New York joined Oregon", "OR"},
		{"the State of Hawaii Office of Consumer Protection joined Iowa", "IA"},
		{"Oregon Washington joined with missing commas", "OR WA"},
	} {
		r := read(t, c.text)
		var got []string
		for _, m := range r.Sentences[0].Mentions {
			got = append(got, m.Code)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestPast(t *testing.T) {
	for _, c := range []struct {
		sentence string
		past     bool
	}{
		{"Joining Attorney General Whitlock today are Iowa and Ohio.", false},
		{"In May 2018, Attorney General Whitlock joined a coalition of 39 states.", true},
		{"That is why she joined 17 other attorneys general on September 15th.", true},
		{"The coalition filed its brief on February 7, 2023.", false},
		{"Last year, a coalition of 12 states asked for the rule.", true},
		{"Attorney General Whitlock also joined a brief of 20 states.", true},
		{"Also joining Attorney General Whitlock are Iowa and Ohio.", false},
		{"The states may join until March 2024.", false},
	} {
		r := read(t, "T\nRICHMOND, VA – A first paragraph.\n"+c.sentence)
		if got := r.Sentences[len(r.Sentences)-1].Past; got != c.past {
			t.Errorf("%q: past %v, want %v", c.sentence, got, c.past)
		}
	}
}
