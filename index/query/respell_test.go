package query

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRespellMendsPlainWordsOnly(t *testing.T) {
	known := map[string]string{
		"opiod": "opioid", "Setlement": "settlement", "traficking": "trafficking", "moblie": "mobile",
		"T-Moblie": "T-Mobile", "pricegouging": "price gouging", "evil": `"a" OR b`, "worse": "state:VA", "dash": "-x",
		"stop": "OR", "nil": "", "star": "a*",
	}
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"opiod", "opioid"},
		{"  opiod\tSetlement,  (opiod)!", "  opioid\tsettlement,  (opioid)!"},
		{`"opiod" opiod “opiod”`, `"opiod" opioid “opiod”`},
		{`"opiod" "opiod Setlement"~5 opiod* opiod~`, `"opiod" "opiod Setlement"~5 opiod* opiod~`},
		{"title:opiod title:(opiod text:opiod) opiod", "title:opiod title:(opiod text:opiod) opioid"},
		{"ag:opiod state:opiod,opiod is:opiod foo:opiod foo:(a:b opiod)", "ag:opiod state:opiod,opiod is:opiod foo:opiod foo:(a:b opiod)"},
		{"state: opiod", "state: opioid"},
		{"-opiod NOT opiod -(a opiod) NOT NOT opiod", "-opiod NOT opiod -(a opiod) NOT NOT opioid"},
		{"a OR opiod AND (b OR opiod)", "a OR opioid AND (b OR opioid)"},
		{"drug-traficking/opiod", "drug-trafficking/opioid"},
		{"T-Moblie's T-Moblie", "T-Moblie's T-Mobile"},
		{"pricegouging", "price gouging"},
		{"evil worse dash stop nil star", "evil worse dash stop nil star"},
		{"§ opiod", "§ opiod"},
		{"\xff\x00opiod\xffopiod\ufeffopiod\u0085", "\xff\x00opioid\xffopioid\ufeffopioid\u0085"},
		{"https://example.gov/opiod", "https://example.gov/opiod"},
		{`opiod "opiod`, `opioid "opioid`},
		{"OR", "OR"},
	} {
		got := Respell(test.text, func(word string) (string, bool) { s, ok := known[word]; return s, ok })
		if got != test.want {
			t.Errorf("Respell(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestRespellKeepsAllElse(t *testing.T) {
	alphabet := rapid.SampledFrom(strings.Split("opioid|T-Mobile|a|OR|AND|NOT|(|)|\"|“|-|:|title:|state:VA|,|*|~|§|\x00|\xff|\ufeff| |  |é|/|foo:|no.", "|"))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(alphabet, 0, 20).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		checkRespell(t, text)
	})
}

// checkRespell holds that nothing changes where every word is well spelled, and that a
// question whose words change is read as before but for them.
func checkRespell(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string) {
	t.Helper()
	if got := Respell(text, func(word string) (string, bool) { return word, true }); got != text {
		t.Fatalf("%q was changed to %q", text, got)
	}
	words := 0
	got := Respell(text, func(word string) (string, bool) {
		if word == "" || strings.ContainsAny(word, " \t()\"") {
			t.Fatalf("%q has the word %q", text, word)
		}
		words++
		return strings.Repeat("x", len(word)), true
	})
	if len(got) != len(text) {
		t.Fatalf("%q was changed to %q", text, got)
	}
	again := 0
	Respell(got, func(string) (string, bool) { again++; return "", false })
	if words != again {
		t.Fatalf("%q has %d words, %q has %d", text, words, got, again)
	}
}
