package query_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"agora/index"
	"agora/index/analysis"
	"agora/index/bleveindex"
	"agora/index/indextest"
	"agora/index/query"
)

// hostileTexts are little texts in which a search for exact words goes wrong easily. All
// names are invented.
var hostileTexts = []string{
	"Case No. 5 was heard. No. 5 was not. There is no 5 percent rule, no.",
	"Under 42 U.S.C. § 1983 and §1983, and §§ 1981-1983, and Section 1983.",
	"T-Mobile, T‑Mobile and T – Mobile; T—Mobile. A mobile phone of Mr. T.",
	"AT&T and AT & T, A.T.&T. and at and t",
	"On 9/11, 9-11 and 9 / 11; 9.11 and 911.",
	"$5 million, $5, 5 dollars, $ 5 and $5.00. Then $5.",
	"50% of it, 50 % of it, 50 percent, 50%. And 50.",
	"The U.S. Supreme Court. The US court. The U.S.A. in the U.S.",
	"the state’s law, the state's law, the states’ law, the states' law and the ‘state’ law",
	"Hawaiʻi, Hawai'i, Hawaii and HAWAI‘I; Oʻahu, O'ahu, Oahu; ʻIolani Palace",
	"Investigación en Peñasco: la niña, el niño, los niños; café and cafe\u0301 and CAFÉ.",
	"The end—which came—was the end. The end -- which came -- was late. The end-which",
	"The State of the State is the state of the art, to be or not to be.",
	"said Attorney General Ann O’Farrell. “We won,” she said. \"We won\", she said.",
	"and/or, either/or, and / or; his/her c/o",
	"C++ and C# and C; #1 and no. 1 and number one; A+ B-",
	"colleagues.The Regional office at oag.example.gov, e.g. there, i.e. here.",
	"soft\u00adhyphen zero\u200bwidth soft-hyphen soft hyphen",
	"wait... what… wait. What? wait what",
	"anti-trust, antitrust, anti trust, anti‐trust",
	"1,000 and 1000 and 1 000 people; 3.5 and 3,5",
	"the the the end the end the the",
	"COVID-19, COVID 19, Covid; B.1.1.7",
	"Smith & Example, Inc. v. State ex rel. Example, L.L.C. et al.",
	"filing filings filed files file; settle settled settlement settling",
	"abogado abogados abogada investigación investigaciones",
	"Straße, Strasse; Ægir, Aegir; ﬁling and filing; ½ and 1/2",
	"-5 degrees, minus 5 degrees, - 5 degrees. (5) degrees [5] degrees",
	"x. y. x.y x y. x .y",
	"a-b-c a b c a-b c a b-c",
	"New York\nNew\tYork New\u00a0York New  York; New. York",
	"'tis the season; rock 'n' roll; the '90s and 1990's",
}

// truth holds releases of hostile texts, their tokens, and an engine that has them.
type truth struct {
	releases []index.Release
	engine   index.Engine
}

func newTruth(t *testing.T) *truth {
	engine, err := bleveindex.Open(t.Context(), t.TempDir(), bleveindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	tr := &truth{engine: engine}
	languages := []index.NullableString{"en", "es", "fr", ""}
	for n := range 3 * len(hostileTexts) {
		tr.releases = append(tr.releases, indextest.Release("VA", n, func(r *index.Release) {
			k := len(hostileTexts)
			r.Language = languages[(n+n/k)%len(languages)]
			r.Title = hostileTexts[n%k][:titleEnd(hostileTexts[n%k])]
			// Neighbours, so that runs cross from text to text too.
			r.Text = hostileTexts[(n*7+n/k)%k] + "\n\n" + hostileTexts[(n*5+3)%k] + " " + hostileTexts[(n+1)%k]
		}))
	}
	if err := engine.Apply(t.Context(), tr.releases[:20], "store", 1); err != nil {
		t.Fatal(err)
	}
	if err := engine.Apply(t.Context(), tr.releases[20:], "store", 2); err != nil {
		t.Fatal(err)
	}
	return tr
}

// titleEnd cuts a text after some words.
func titleEnd(text string) int {
	if at := strings.IndexAny(text, ".;"); at > 0 {
		return at
	}
	return len(text)
}

// found returns the ids that the engine finds, sorted.
func (tr *truth) found(t interface{ Fatal(...any) }, root index.Node) []string {
	var ids []string
	for id, err := range tr.engine.Select(context.Background(), index.Query{Root: root, Sort: index.SortNewest}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// having returns the ids of the releases of which title or text passes, sorted.
func (tr *truth) having(in index.TextField, passes func(tokens []seen, language analysis.Language) bool) []string {
	var ids []string
	for _, r := range tr.releases {
		language := analysis.LanguageOf(string(r.Language))
		if in != index.InText && passes(tokensOf(r.Title), language) || in != index.InTitle && passes(tokensOf(r.Text), language) {
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// seen is a token as package analysis defines it, kept.
type seen struct {
	word, full string
	start, end int
	stop       bool
}

func tokensOf(text string) []seen {
	var list []seen
	for t := range scanned(text) {
		list = append(list, seen{string(t.Word), string(t.Full), t.Start, t.End, t.Stop})
	}
	return list
}

func scanned(text string) iter.Seq[analysis.Token] {
	return func(yield func(analysis.Token) bool) {
		var s analysis.Scanner
		s.Reset(text)
		for t, ok := s.Next(); ok; t, ok = s.Next() {
			if !yield(t) {
				return
			}
		}
	}
}

// hasRun looks for tokens in a row, one place after the other.
func hasRun(tokens, wanted []seen) bool {
	for at := 0; at+len(wanted) <= len(tokens); at++ {
		all := true
		for i, w := range wanted {
			t := tokens[at+i]
			all = all && (w.full == t.word || w.full == t.full) && (!w.stop || t.stop)
		}
		if all {
			return true
		}
	}
	return false
}

// typography writes text as another keyboard would: nothing of it may count.
var typography = []*strings.Replacer{
	strings.NewReplacer(),
	strings.NewReplacer("’", "'", "‘", "'", "ʻ", "'"),
	strings.NewReplacer("'", "’"),
	strings.NewReplacer("ʻ", ""),
	strings.NewReplacer("-", "\u2011"),
	strings.NewReplacer("é", "e", "ñ", "n", "ó", "o", "É", "E"),
	strings.NewReplacer("é", "e\u0301", "ñ", "n\u0303"),
	strings.NewReplacer(" ", " \u00a0 "),
}

// TestPhrasesAreFoundLikeGrepWould types runs of tokens in quotes and compares what is
// found with a search of every text, token by token.
func TestPhrasesAreFoundLikeGrepWould(t *testing.T) {
	tr := newTruth(t)
	var pieces []string // of which runs are made that may be nowhere
	for _, text := range hostileTexts {
		for _, token := range tokensOf(text) {
			pieces = append(pieces, text[token.start:token.end])
		}
	}
	checked, hits := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var run string
		if rapid.IntRange(0, 3).Draw(t, "kind") > 0 { // what stands somewhere
			r := rapid.SampledFrom(tr.releases).Draw(t, "release")
			text := rapid.SampledFrom([]string{r.Text, r.Title}).Draw(t, "text")
			tokens := tokensOf(text)
			first := rapid.IntRange(0, len(tokens)-1).Draw(t, "first")
			last := min(len(tokens)-1, first+rapid.IntRange(0, 5).Draw(t, "length"))
			run = text[tokens[first].start:tokens[last].end]
			if tokens[last].stop && rapid.Bool().Draw(t, "stop") {
				run += "."
			}
		} else {
			run = strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 4).Draw(t, "pieces"), " ")
		}
		run = rapid.SampledFrom(typography).Draw(t, "typography").Replace(run)
		if rapid.Bool().Draw(t, "capitals") {
			run = strings.ToUpper(run)
		}
		run = strings.NewReplacer(`"`, " ", "“", " ", "”", " ").Replace(run)
		field := rapid.SampledFrom([]string{"", "title:", "text:"}).Draw(t, "field")

		root, warnings := query.Parse(field + `"` + run + `"`)
		phrase, ok := root.(index.Phrase)
		wanted := tokensOf(run)
		if !ok || len(wanted) == 0 {
			t.Skip("no words")
		}
		if len(warnings) > 0 {
			t.Fatalf("%q: %v", run, warnings)
		}
		want := tr.having(phrase.In, func(tokens []seen, _ analysis.Language) bool { return hasRun(tokens, wanted) })
		if got := tr.found(t, root); !slices.Equal(got, want) {
			t.Fatalf("%s%q is found in %s, and stands in %s", field, run, tr.named(got), tr.named(want))
		}
		checked++
		if len(want) > 0 {
			hits++
		}
	})
	if checked > 50 && hits < checked/3 {
		t.Errorf("of %d runs %d were anywhere: the test proves little", checked, hits)
	}
}

// TestWordsAreFoundByTheirStems types single words and compares what is found with the
// stems of every word, in the language of each release.
func TestWordsAreFoundByTheirStems(t *testing.T) {
	tr := newTruth(t)
	var typed []string
	for _, text := range hostileTexts {
		typed = append(typed, strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n\t\u00a0;“”\"()[]", r) })...)
	}
	for _, text := range typed {
		root, warnings := query.Parse(text)
		word, ok := root.(index.Word)
		if !ok || len(warnings) > 0 {
			continue // it means something in the language, or has other names
		}
		wanted := analysis.Words(word.Text)
		if len(wanted) == 0 {
			continue
		}
		// Each word that is asked for may stand in title or text.
		var want []string
		for i, w := range wanted {
			ids := tr.having(index.InAny, func(tokens []seen, language analysis.Language) bool { return hasStem(tokens, w, language) })
			if i == 0 {
				want = ids
			} else {
				want = slices.DeleteFunc(want, func(id string) bool { return !slices.Contains(ids, id) })
			}
		}
		if got := tr.found(t, root); !slices.Equal(got, want) {
			t.Errorf("%q is found in %s, and stands in %s", text, tr.named(got), tr.named(want))
		}
	}
}

// hasStem looks for a word that has the stem of wanted, or is it with all its signs, among
// tokens and the words of which they are made.
func hasStem(tokens []seen, wanted string, language analysis.Language) bool {
	stem := language.Stem(wanted)
	for _, t := range tokens {
		if t.full == wanted || language.Stem(t.word) == stem {
			return true
		}
		inside := false
		analysis.Parts([]byte(t.word), func(part []byte) { inside = inside || language.Stem(string(part)) == stem })
		if inside {
			return true
		}
	}
	return false
}

// named writes releases as the numbers under which they were made.
func (tr *truth) named(ids []string) string {
	var numbers []string
	for n, r := range tr.releases {
		if slices.Contains(ids, r.ID) {
			numbers = append(numbers, fmt.Sprint(n))
		}
	}
	return "[" + strings.Join(numbers, " ") + "]"
}
