package indextest

import (
	"testing"

	"agora/index"
)

// testEngineWords looks for words in releases written for the purpose; hexadecimal
// numbers are those of the releases that have to be found.
func testEngineWords(t *testing.T, open func(t *testing.T, dir string) index.Engine) {
	e := opened(t, open)
	releases := []index.Release{
		titled(1, "Lantern filings in the harbor", "The Court held that T-Barn and AT&U owe $5 million. Case No. 44 ended."),
		titled(2, "The lantern is filed", "No 44 lanterns, 50% of them under § 1200 of the code; T Barn paid 5 million. Held the court."),
		titled(3, "Drug-trafficking ring broken", "A whistle-blower’s note on C# and 9/11 — which the harbor's keeper ‘found’ in O'ahu."),
		titled(4, "Filing season", "Keepers of harbors file. The attorney Quill, general of nobody, spoke. See §1200."),
		titled(5, "Café Ka‘anapali opens", "Mortgage relief: the attorney general of Larkspur said so, and/or did so. Dying embers; 11 of 9."),
		titled(6, "Investigación sobre opioides", "Las investigaciones del señor procurador terminaron. Niños y abogadas."),
		titled(7, "Harbor", "harbor harbor harbor"),
		titled(8, "Long", "aaa bbb x x x ccc bbb aaa zzz aaa. The attorney. General of the state"),
	}
	releases[5].Language = "es"
	releases[6].Language = "fr"
	fill(t, e, releases, 3)
	word := func(text string) index.Node { return index.Word{Text: text} }
	phrase := func(text string) index.Node { return index.Phrase{Text: text} }
	near := func(text string, within int) index.Node { return index.Near{Text: text, Within: within} }
	for _, test := range []struct {
		name string
		root index.Node
		want string
	}{
		{"stem", word("filing"), "1 2 4"},
		{"stem of another form", word("files"), "1 2 4"},
		{"case", word("LANTERN"), "1 2"},
		{"possessive", word("harbor"), "1 3 4 7"},
		{"other language is not stemmed", index.And{Nodes: []index.Node{word("harbors"), word("long")}}, ""},
		{"irregular", word("die"), "5"},
		{"accents of the text", word("cafe"), "5"},
		{"accents of the query", word("mórtgage"), "5"},
		{"okina", word("Kaʻanapali"), "5"},
		{"okina left out", word("oahu"), "3"},
		{"spanish", word("investigacion"), "6"},
		{"spanish gender", word("abogado"), "6"},
		{"tilde", word("nino"), "6"},
		{"part of a compound", word("trafficking"), "3"},
		{"compound as words", word("drug-trafficking"), "3"},
		{"signs", word("at&u"), "1"},
		{"sign after", word("C#"), "3"},
		{"number with a slash", word("9/11"), "3"},
		{"title", index.Word{Text: "filing", In: index.InTitle}, "1 2 4"},
		{"text", index.Word{Text: "filing", In: index.InText}, "4"},
		{"and", index.And{Nodes: []index.Node{word("lantern"), word("harbor")}}, "1"},
		{"or", index.Or{Nodes: []index.Node{word("mortgage"), word("lantern")}}, "1 2 5"},
		{"not", index.And{Nodes: []index.Node{word("harbor"), index.Not{Node: word("lantern")}}}, "3 4 7"},
		{"not alone", index.Not{Node: word("harbor")}, "2 5 6 8"},
		{"not of or", index.Not{Node: index.Or{Nodes: []index.Node{word("harbor"), phrase("aaa bbb")}}}, "2 5 6"},
		{"nothing", index.Nothing{}, ""},
		{"not nothing", index.Not{Node: index.Nothing{}}, "1 2 3 4 5 6 7 8"},
		{"signs alone are left out", index.And{Nodes: []index.Node{word("&"), word("mortgage")}}, "5"},

		{"phrase", phrase("the court held"), "1"},
		{"phrase does not stem", phrase("lantern filing"), ""},
		{"phrase in order", phrase("held the court"), "2"},
		{"phrase with stop words", phrase("the attorney general of Larkspur"), "5"},
		{"phrase across a comma", phrase("Quill general of"), "4"},
		{"phrase not across fields", phrase("harbor the court"), ""},
		{"phrase with an end of sentence", phrase("million case"), "1"},
		{"phrase with a hyphen", phrase("T-Barn"), "1"},
		{"phrase without it", phrase("T Barn"), "2"},
		{"phrase is of whole tokens", phrase("barn and"), ""},
		{"phrase No.", phrase("No. 44"), "1"},
		{"phrase no", phrase("no 44"), "1 2"},
		{"phrase with money", phrase("$5 million"), "1"},
		{"phrase without money", phrase("5 million"), "2"},
		{"phrase with percent", phrase("50% of"), "2"},
		{"phrase without percent", phrase("50 of"), "2"},
		{"phrase with section", phrase("§ 1200"), "2 4"},
		{"phrase with section, close", phrase("§1200"), "2 4"},
		{"phrase with curly quotes", phrase("whistle-blower's note"), "3"},
		{"phrase with a dash", phrase("9/11 - which"), "3"},
		{"phrase of frequent words", phrase("general of the state"), "8"},
		{"phrase of frequent words in a full stop", phrase("the attorney. general of"), "8"},
		{"phrase across a full stop", phrase("the attorney general of"), "5 8"},
		{"phrase of frequent words with a full stop", phrase("of the state."), ""},
		{"phrase with ampersand", phrase("AT&U owe"), "1"},
		{"phrase with accents", phrase("senor procurador"), "6"},
		{"phrase in the title", index.Phrase{Text: "the lantern", In: index.InTitle}, "2"},
		{"phrase not in the text", index.Phrase{Text: "the lantern", In: index.InText}, ""},
		{"phrase of one word", phrase("filings"), "1"},
		{"phrase under not", index.And{Nodes: []index.Node{word("court"), index.Not{Node: phrase("held the court")}}}, "1"},
		{"phrase of an unknown word", phrase("the unheard"), ""},

		{"near", near("aaa ccc", 5), "8"},
		{"near, too far", near("zzz bbb", 1), ""},
		{"near, any order", near("zzz bbb", 2), "8"},
		{"near, twice the same", near("aaa aaa", 2), "8"},
		{"near, twice the same, too far", near("aaa aaa", 1), ""},
		{"near, three", near("ccc zzz bbb", 3), "8"},
		{"near does not stem", near("courts held", 5), ""},

		{"prefix", index.Prefix{Text: "whist"}, "3"},
		{"prefix folds", index.Prefix{Text: "INVÉS"}, "6"},
		{"prefix is not stemmed", index.Prefix{Text: "mortgages"}, ""},
		{"prefix in the title", index.Prefix{Text: "fil", In: index.InTitle}, "1 2 4"},
		{"fuzzy", index.Fuzzy{Text: "mortage"}, "5"},
		{"fuzzy swap", index.Fuzzy{Text: "lantren"}, "1 2"},
		{"fuzzy short", index.Fuzzy{Text: "kafe"}, "5"},
		{"fuzzy too far", index.Fuzzy{Text: "lamtrem"}, ""},
	} {
		if got := numbers(selected(t, e, index.Query{Root: test.root})); got != test.want {
			t.Errorf("%s: %#v found %q, not %q", test.name, test.root, got, test.want)
		}
		if found := search(t, e, index.Query{Root: test.root, Limit: 100}); numbers(ids(found)) != test.want || !found.Exact {
			t.Errorf("%s: Search found %q, exact %t", test.name, numbers(ids(found)), found.Exact)
		}
	}
	if found := search(t, e, index.Query{Root: index.And{Nodes: []index.Node{word("&"), word("mortgage")}}}); len(found.Warnings) != 1 {
		t.Errorf("a word without letters was left out with warnings %v", found.Warnings)
	}
}
