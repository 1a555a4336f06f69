package spelling

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
)

func TestValue(t *testing.T) {
	tests := []struct {
		field index.Field
		typed string
		want  string // "" where it is none
	}{
		{index.FieldState, "va", "VA"},
		{index.FieldState, "West  VIRGINIA", "WV"},
		{index.FieldState, "D.C.", "DC"},
		{index.FieldState, "Washington, D.C.", "DC"},
		{index.FieldState, "washington", "WA"},
		{index.FieldState, "Virgin Islands", "VI"},
		{index.FieldState, "u.s. virgin islands", "VI"},
		{index.FieldState, "CNMI", "MP"},
		{index.FieldState, "ZZ", ""},
		{index.FieldState, "", ""},
		{index.FieldState, "New-York", "NY"},
		{index.FieldInvolves, "new york", "NY"},
		{index.FieldTopic, "drug-crime", "drug-crime"},
		{index.FieldTopic, "Drug Trafficking", "drug-crime"},
		{index.FieldTopic, "autos & transportation", "autos-transport"},
		{index.FieldKind, "LAWSUIT", "lawsuit"},
		{index.FieldRole, "co led", "co-led"},
		{index.FieldAction, "letter", "letter"},
		{index.FieldParty, "Democrat", "D"},
		{index.FieldParty, "gop", "R"},
		{index.FieldParty, "pnp", "PNP"},
		{index.FieldPresence, "Gone", "gone"},
		{index.FieldYear, "2023", "2023"},
		{index.FieldYear, "Undated", "undated"},
		{index.FieldYear, "20.23", ""},
		{index.FieldYear, "２０２３", ""},
		{index.FieldLanguage, "EN", "en"},
		{index.FieldLanguage, "ES-pr", "es-PR"},
		{index.FieldLanguage, "zh-HANT-tw", "zh-Hant-TW"},
		{index.FieldLanguage, "Español", "es"},
		{index.FieldLanguage, "e", ""},
		{index.FieldLanguage, "en-", ""},
		{index.FieldLanguage, "en_US", ""},
		{index.FieldLanguage, "12-US", ""},
		{index.Field("unknown"), "x", ""},
	}
	for _, test := range tests {
		got, ok := Value(test.field, test.typed)
		if !ok {
			got = ""
		}
		if got != test.want || ok != (test.want != "") {
			t.Errorf("Value(%s, %q) = %q, %t; want %q", test.field, test.typed, got, ok, test.want)
		}
	}
}

func TestPeriod(t *testing.T) {
	tests := []struct {
		typed    string
		from, to index.Date // both "" where it is none
	}{
		{"2023", "2023-01-01", "2023-12-31"},
		{"2024-02", "2024-02-01", "2024-02-29"},
		{"2023-12", "2023-12-01", "2023-12-31"},
		{"2023-02-08", "2023-02-08", "2023-02-08"},
		{"2/8/2023", "2023-02-08", "2023-02-08"},
		{"02/11/2026", "2026-02-11", "2026-02-11"},
		{" 2023, ", "2023-01-01", "2023-12-31"},
		{"2020..2021-06", "2020-01-01", "2021-06-30"},
		{"9999", "9999-01-01", "9999-12-31"},
		{"", "", ""}, {"..", "", ""}, {"2020..", "", ""}, {"..2020", "", ""}, {"1..2..3", "", ""},
		{"13/1/2023", "", ""}, {"2023-02-30", "", ""}, {"2023-2", "", ""}, {"23", "", ""}, {"12345", "", ""}, {"today", "", ""},
	}
	for _, test := range tests {
		from, to, ok := Period(test.typed)
		if from != test.from || to != test.to || ok != (test.from != "") {
			t.Errorf("Period(%q) = %q, %q, %t; want %q, %q", test.typed, from, to, ok, test.from, test.to)
		}
	}
}

// TestDaysOfPeriods: a month has its days and no others.
func TestDaysOfPeriods(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		month := rapid.StringMatching(`(19|20)\d\d-(0[1-9]|1[0-2])`).Draw(t, "month")
		from, to, ok := Period(month)
		if !ok || string(from) != month+"-01" || string(to[:7]) != month || to < index.Date(month+"-28") {
			t.Fatalf("Period(%q) = %q, %q, %t", month, from, to, ok)
		}
		if after, _, _ := Period(string(to[:8]) + "32"); after != "" {
			t.Fatalf("32 days in %s", month)
		}
	})
}

func TestValuesAreTheirOwnSpelling(t *testing.T) {
	for _, f := range index.Fields {
		for _, w := range Known(f) {
			for _, spelt := range []string{w.Value, w.Label} {
				if got, ok := Value(f, spelt); !ok || got != w.Value {
					t.Errorf("Value(%s, %q) = %q, %t; want %q", f, spelt, got, ok, w.Value)
				}
			}
		}
	}
}

func TestNearest(t *testing.T) {
	parameters := []string{"q", "state", "office", "topic", "year", "added_from", "undated"}
	tests := []struct{ typed, want string }{
		{"stat", "state"},
		{"sate", "state"},
		{"tsate", "state"},
		{"State", "state"},
		{"topics", "topic"},
		{"yaer", "year"},
		{"added", "added_from"},
		{"added-from", "added_from"},
		{"offices", "office"},
		{"x", "q"},
		{"nothing", ""},
		{"", ""},
		{"...", ""},
	}
	for _, test := range tests {
		if got := Nearest(test.typed, parameters); got != test.want {
			t.Errorf("Nearest(%q) = %q, want %q", test.typed, got, test.want)
		}
	}
}

func TestNearestValue(t *testing.T) {
	tests := []struct {
		field       index.Field
		typed, want string
	}{
		{index.FieldState, "Virgina", "VA"},
		{index.FieldState, "Pensylvania", "PA"},
		{index.FieldState, "Massachussets", "MA"},
		{index.FieldTopic, "opiod", "opioids"},
		{index.FieldTopic, "anti-trust", "antitrust"},
		{index.FieldKind, "setlement", "settlement"},
		{index.FieldKind, "quite something else", ""},
		{index.FieldYear, "202", ""},
	}
	for _, test := range tests {
		if got := NearestValue(test.field, test.typed); got != test.want {
			t.Errorf("NearestValue(%s, %q) = %q, want %q", test.field, test.typed, got, test.want)
		}
	}
}

// TestDistanceIsOne: 0 for the same only, the same both ways, and no more than the longer.
func TestDistanceIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringN(0, 8, -1).Draw(t, "a"), rapid.StringN(0, 8, -1).Draw(t, "b")
		forth, back := distance(a, b), distance(b, a)
		if forth != back || (forth == 0) != (a == b) || forth > max(len([]rune(a)), len([]rune(b))) {
			t.Fatalf("distance(%q, %q) = %d, back %d", a, b, forth, back)
		}
	})
}

func FuzzSpelling(f *testing.F) {
	f.Add("D.C.", "2020..2021")
	f.Fuzz(func(t *testing.T, value, day string) {
		for _, field := range index.Fields {
			if kept, ok := Value(field, value); ok {
				if again, ok := Value(field, kept); !ok || again != kept {
					t.Fatalf("Value(%s, %q) = %q, again %q, %t", field, value, kept, again, ok)
				}
			}
			NearestValue(field, value)
		}
		from, to, ok := Period(day)
		if !ok {
			return
		}
		for _, d := range []index.Date{from, to} {
			if kept, ok := index.ParseDate(string(d)); !ok || kept != d {
				t.Fatalf("Period(%q) has the day %q", day, d)
			}
		}
		if diff := cmp.Diff(Folded(value), Folded(Folded(value))); diff != "" {
			t.Fatalf("folded twice (-once +twice):\n%s", diff)
		}
	})
}
