package lexing

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func language(t *testing.T, said *[]string) Language {
	t.Helper()
	return Language{
		IsField: func(name string) bool { return strings.EqualFold(name, "state") },
		Warn:    func(code, _ string) { *said = append(*said, code) },
	}
}

func TestLex(t *testing.T) {
	text := `a  -(b OR "c d"~5) State:OR,x foo:y e`
	var said []string
	want := []Token{
		{Kind: Word, Text: "a", Gap: true, Start: 0, End: 1},
		{Kind: Minus, Text: "-", Gap: true, Start: 3, End: 4},
		{Kind: Open, Start: 4, End: 5},
		{Kind: Word, Text: "b", Start: 5, End: 6},
		{Kind: Or, Text: "OR", Gap: true, Start: 7, End: 9},
		{Kind: Phrase, Text: "c d", Within: 5, Gap: true, Start: 10, End: 17},
		{Kind: Close, Start: 17, End: 18},
		{Kind: Field, Text: "State", Gap: true, Start: 19, End: 25},
		{Kind: Word, Text: "OR,x", Start: 25, End: 29},
		{Kind: Other, Text: "foo", Gap: true, Start: 30, End: 34},
		{Kind: Word, Text: "y", Start: 34, End: 35},
		{Kind: Word, Text: "e", Gap: true, Start: 36, End: 37},
	}
	if diff := cmp.Diff(want, Lex(text, language(t, &said))); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	if len(said) > 0 {
		t.Errorf("warnings %v", said)
	}
}

func TestLexWarns(t *testing.T) {
	for text, want := range map[string]string{`"a`: "unbalanced_quote", `"a b"~`: "bad_distance", `"a b"~101`: "bad_distance"} {
		var said []string
		Lex(text, language(t, &said))
		if len(said) != 1 || said[0] != want {
			t.Errorf("%s: %v, want %s", text, said, want)
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"filing": "filing", "filing,": "filing", "(«x»)": "x", "drug-trafficking": "drug trafficking", "and/or-else": "and or else",
		"T-Mobile": "T-Mobile", "9/11": "9/11", "$5": "5", "U.S.": "U.S", "O'Brien's": "O'Brien's", "niño-niña": "niño niña", "--": "", "a--b": "a--b",
	} {
		var got []string
		for _, span := range Words(text) {
			got = append(got, text[span[0]:span[1]])
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}
