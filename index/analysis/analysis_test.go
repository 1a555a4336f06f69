package analysis_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"agora/index/analysis"
)

// scan writes every token as "word", with "|full" where there are signs after it and
// "!" where a full stop follows.
func scan(text string) []string {
	var s analysis.Scanner
	s.Reset(text)
	var got []string
	for {
		t, ok := s.Next()
		if !ok {
			return got
		}
		w := string(t.Word)
		if len(t.Full) > len(t.Word) {
			w += "|" + string(t.Full)
		}
		if t.Stop {
			w += "!"
		}
		got = append(got, w)
	}
}

func TestScanner(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"The Court held.", "the court held!"},
		{"AT&T and T-Mobile", "at&t and t-mobile"},
		{"9/11, 3.5 and 1,000", "9/11 3.5 and 1 000"},
		{"Case No. 21-cv-1983", "case no! 21-cv-1983"},
		{"42 U.S.C. § 1983", "42 u.s.c! § 1983"},
		{"42 U.S.C. §1983", "42 u.s.c! § 1983"},
		{"C#, C++ and 50%.", "c|c# c|c++ and 50|50%!"},
		{"$5 million, #1", "$5 million #1"},
		{"Smith & Wesson", "smith & wesson"},
		{"wait... what…", "wait what"},
		{"colleagues.The Regional", "colleagues! the regional"},
		{"Ph.D. at oag.example.gov", "ph.d! at oag.example.gov"},
		{"Hawaiʻi Hawai'i Hawai‘i HAWAII", "hawaii hawaii hawaii hawaii"},
		{"O'ahu, ʻIolani, O'Brien's", "oahu iolani o'brien's"},
		{"the states’ and a state’s", "the states and a state's"},
		{"‘quoted’ 'words'", "quoted words"},
		{"Investigación, niño, Straße, Ægir", "investigacion nino strasse aegir"},
		{"cafe\u0301", "cafe"},
		{"multi‑state multi–state multi-state", "multi-state multi-state multi-state"},
		{"settlement—which", "settlement - which"},
		{"settlement - which -- and—", "settlement - which - and -"},
		{"-Item", "- item"},
		{"-5 degrees", "-5 degrees"},
		{"two- and three-year", "two|two- and three-year"},
		{"soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"},
		{"ﬁling", "filing"},
		{"...and", "and"},
		{"/s/ name", "/s|/s/ name"},
		{"\xff\xfeword\xff", "word"},
		{"a\u00a0b\tc\nd", "a b c d"},
	} {
		if diff := cmp.Diff(test.want, strings.Join(scan(test.text), " ")); diff != "" {
			t.Errorf("%q (-want +got)\n%s", test.text, diff)
		}
	}
}

func TestScannerKeepsPlaces(t *testing.T) {
	text := "“Café” T‑Mobile 50%. End"
	var s analysis.Scanner
	s.Reset(text)
	var got []string
	for {
		token, ok := s.Next()
		if !ok {
			break
		}
		got = append(got, text[token.Start:token.End])
	}
	if diff := cmp.Diff([]string{"Café", "T‑Mobile", "50%", "End"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWords(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"Filings", []string{"filings"}},
		{"drug-trafficking", []string{"drug", "trafficking"}},
		{"and/or", []string{"and", "or"}},
		{"T-Mobile", []string{"t-mobile"}},
		{"9/11", []string{"9/11"}},
		{"AT&T", []string{"at&t"}},
		{"COVID-19", []string{"covid-19"}},
		{"C#", []string{"c#"}},
		{"court.", []string{"court"}},
		{"§", nil},
		{"!?", nil},
	} {
		if diff := cmp.Diff(test.want, analysis.Words(test.text)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", test.text, diff)
		}
	}
}

func TestPhrase(t *testing.T) {
	want := []analysis.Wanted{{Text: "case"}, {Text: "no", Stop: true}, {Text: "50%"}, {Text: "§"}, {Text: "1983"}}
	if diff := cmp.Diff(want, analysis.Phrase("Case No. 50% §1983")); diff != "" {
		t.Error(diff)
	}
}

func TestStem(t *testing.T) {
	for _, test := range []struct {
		language analysis.Language
		words    string // all have the same stem
	}{
		{analysis.English, "filing filings file files filed"},
		{analysis.English, "attorney attorneys attorney's"},
		{analysis.English, "settle settled settling settles"},
		{analysis.English, "die dying died dies"},
		{analysis.Spanish, "investigacion investigaciones"},
		{analysis.Spanish, "abogado abogados abogada abogadas"},
		{analysis.Spanish, "lapices lapiz"},
		{analysis.Spanish, "nino ninos nina ninas"},
	} {
		words := strings.Fields(test.words)
		for _, w := range words[1:] {
			if a, b := test.language.Stem(words[0]), test.language.Stem(w); a != b {
				t.Errorf("%s: %s has the stem %s, %s has %s", test.language, words[0], a, w, b)
			}
		}
	}
	for _, word := range []string{"at&t", "covid-19", "50%"} {
		if got := analysis.English.Stem(word); got != word {
			t.Errorf("%s was stemmed to %s", word, got)
		}
	}
	if got := analysis.Other.Stem("filings"); got != "filings" {
		t.Errorf("a word of another language was stemmed to %s", got)
	}
}

// TestFamily holds the promise that words of a stem can be found by its prefix, on words
// of every suffix that the stemmers know.
func TestFamily(t *testing.T) {
	roots := strings.Fields(`hope hop happy cry die lie tie sky say play sense capable possible nation relate
		ration form fulfil hesitate active formal defend decide require create apply beauty care rob able
		luxury analogy gentle ugly early only single idle news inning outing herring earring proceed exceed
		succeed organ oper fluor commun inter arsen gener dress miss bus gas bless agree feed need hopeful
		settle allege violate conspire prosecute launder traffic abort elect immigrate employ comply`)
	suffixes := strings.Fields(`s es ed ing ies ied ly edly ingly er ers ization izations ational tional
		ality ality's alism ally ability abilities ibility ibly ably ful fully fulness less lessly ous ously
		ousness ive iveness ivity ate ates ated ating ation ations ator ators ize izes ized izing ment ments
		ement ent ently ence ency ance ancy ion ions ism ist ists y 's ' ic ical ically icate iciti ogi ogist eed`)
	check := func(l analysis.Language, word string) {
		stem := l.Stem(word)
		prefix, irregular := l.Family(stem)
		if strings.HasPrefix(word, prefix) {
			return
		}
		for _, w := range irregular {
			if w == word {
				return
			}
		}
		t.Errorf("%s: %s has the stem %s, whose family %s* %v lacks it", l, word, stem, prefix, irregular)
	}
	for _, root := range roots {
		for _, suffix := range suffixes {
			for _, stem := range []string{root, strings.TrimSuffix(root, "e"), strings.TrimSuffix(root, "y"), root + root[len(root)-1:]} {
				check(analysis.English, stem+suffix)
			}
		}
	}
	for _, word := range strings.Fields("dying lying tying skies skis idly gently ugly early only singly andes atlas cosmos howe bias") {
		check(analysis.English, word)
	}
	for _, word := range strings.Fields("lapices luces veces ingleses franceses casas abogados acciones leyes bien") {
		check(analysis.Spanish, word)
	}
}

// FuzzScanner checks that no text breaks the scanner, that places are in order and inside
// the text, that words are folded and that folding what is folded changes nothing.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{
		"AT&T v. T-Mobile, No. 5 § 1983", "Hawaiʻi's cafe\u0301 — 50%... C++", "a--b-c- -d ./x 'y' \xff",
		"§§12-34 ﬁ½ Ⅷ ǆ ß \u0301x", "word\u00ad\u200b-\u2011--‐x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s analysis.Scanner
		s.Reset(text)
		last := 0
		var words []string
		for {
			token, ok := s.Next()
			if !ok {
				break
			}
			if token.Start < last || token.End <= token.Start || token.End > len(text) {
				t.Fatalf("token %q at %d–%d after %d of %d", token.Full, token.Start, token.End, last, len(text))
			}
			last = token.End
			if len(token.Word) == 0 || !utf8.Valid(token.Full) {
				t.Fatalf("token %q is empty or broken", token.Full)
			}
			words = append(words, string(token.Full))
		}
		analysis.Words(text)
		analysis.Phrase(text)
		for _, w := range words {
			if len(w) < 60 && !strings.ContainsAny(w, "-./") {
				if again := analysis.Fold(w); again != w {
					t.Fatalf("%q folds again to %q", w, again)
				}
			}
		}
	})
}

func BenchmarkScanner(b *testing.B) {
	text := strings.Repeat("The Attorney General today joined a coalition of 21 states, led by nobody, in a letter (No. 5) to T-Mobile. ", 30)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var s analysis.Scanner
	for b.Loop() {
		s.Reset(text)
		for {
			if _, ok := s.Next(); !ok {
				break
			}
		}
	}
}
