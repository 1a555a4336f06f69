package silence

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/index"
)

// wellRun is a pass over an office with two releases a working day, of which all is well.
func wellRun() Evidence {
	now := noonOf("2024-05-03")
	pass := func(ago int, fill index.Fill) index.Pass {
		ended := now.Add(-time.Duration(ago) * time.Hour)
		return index.Pass{Started: ended.Add(-time.Minute), Ended: ended, Source: "listing https://ag.example/news", Found: 10, Outcome: index.PassOK, Fill: fill}
	}
	return Evidence{
		Now: now, Days: twoADay("2022-01-03", "2024-05-02"), LastNew: "2024-05-02", Held: 1234,
		Pass: pass(0, index.Fill{Pages: 2, Dated: 2, Titled: 2, Text: 6000}),
		Before: []index.Pass{
			pass(1, index.Fill{}),
			pass(2, index.Fill{Pages: 8, Dated: 8, Titled: 8, Text: 20000}),
			pass(900, index.Fill{Pages: 1000, Dated: 980, Titled: 1000, Text: 3e6}),
		},
		Walk: Walk{Reached: true, Newest: "2024-05-02"},
	}
}

func TestJudge(t *testing.T) {
	fill := func(f index.Fill) func(*Evidence) { return func(e *Evidence) { e.Pass.Fill = f } }
	tests := []struct {
		name    string
		change  func(*Evidence)
		outcome string
		reason  string
	}{
		{"all is well", func(*Evidence) {}, index.PassOK, ""},
		{"first pass", func(e *Evidence) { *e = Evidence{Now: e.Now, Pass: e.Pass, Walk: Walk{Ended: true}} }, index.PassOK, ""},

		{"an empty list", func(e *Evidence) { e.Pass.Found = 0 }, index.PassSilent, "found no releases at all, though 1,234 releases are held"},
		{"an empty list, one held", func(e *Evidence) { e.Pass.Found, e.Held = 0, 1 }, index.PassSilent, "found no releases at all, though 1 release is held"},
		{"an empty list at first", func(e *Evidence) { e.Pass.Found, e.Held = 0, 0 }, index.PassSilent, "found no releases at all"},
		{"nothing changed", func(e *Evidence) { e.Pass.Found, e.Walk = 0, Walk{Partial: true, Ended: true} }, index.PassOK, ""},

		{
			"nothing for a week", func(e *Evidence) { e.Now, e.Walk = noonOf("2024-05-10"), Walk{Reached: true, Newest: "2024-05-02"} },
			index.PassSilent, "found 0 of about 11 releases expected since May 3, 2024; so long a silence is unlikely here (less than 1 in 10,000)",
		},
		{"nothing since yesterday", func(e *Evidence) { e.Now = noonOf("2024-05-06") }, index.PassOK, ""},
		{"nothing dated of late, but found", func(e *Evidence) { e.Now, e.LastNew = noonOf("2024-05-10"), "2024-05-10" }, index.PassOK, ""},
		{"no history", func(e *Evidence) { e.Now, e.Days = noonOf("2024-06-10"), nil }, index.PassOK, ""},
		{
			"a quarter for four weeks", func(e *Evidence) {
				e.Days = append(twoADay("2022-01-03", "2024-04-04"), index.DayCount{Day: "2024-04-10", Count: 4}, index.DayCount{Day: "2024-04-22", Count: 3}, index.DayCount{Day: "2024-05-02", Count: 3})
			}, index.PassSilent, "10 releases since Apr 5, 2024, where about 40 were expected; so few are unlikely here (less than 1 in 10,000)",
		},

		{
			"frozen beside what is held", func(e *Evidence) { e.Walk.Newest = "2024-04-25" },
			index.PassFrozen, "the newest release of the listing https://ag.example/news is of Apr 25, 2024, while 8 newer ones are held",
		},
		{
			"another source dates ahead", func(e *Evidence) {
				e.Days, e.Walk.Other, e.Walk.Ahead = nil, "feed https://ag.example/feed/", "2024-05-05"
			},
			index.PassOK, "",
		},
		{
			"behind another source", func(e *Evidence) {
				e.Walk.Newest, e.Days, e.Walk.Other, e.Walk.Ahead = "2024-04-20", nil, "feed https://ag.example/feed/", "2024-05-03"
			}, index.PassFrozen, "the newest release of the listing https://ag.example/news is of Apr 20, 2024, while the feed https://ag.example/feed/ has one of May 3, 2024",
		},
		{"a day behind", func(e *Evidence) { e.Walk.Newest = "2024-05-01" }, index.PassOK, ""},
		{"undated rows", func(e *Evidence) { e.Walk.Newest = "" }, index.PassOK, ""},

		{
			"cut short", func(e *Evidence) { e.Walk.Ended, e.Walk.Reached = true, false },
			index.PassCutShort, "the list ends after 10 releases without one that is known, though 1,234 releases are held; some in between may be missing",
		},
		{"ended behind a known one", func(e *Evidence) { e.Walk.Ended = true }, index.PassOK, ""},
		{"ended, after an import", func(e *Evidence) { e.Walk.Ended, e.Walk.Reached, e.Before = true, false, nil }, index.PassOK, ""},

		{
			"dates lost", fill(index.Fill{Pages: 6, Dated: 2, Titled: 6, Text: 18000}),
			index.PassThin, "2 of the last 6 pages have a date, where 98 of 100 are usual",
		},
		{
			"titles lost", fill(index.Fill{Pages: 8, Dated: 8, Titled: 5, Text: 24000}),
			index.PassThin, "5 of the last 8 pages have a title, where 100 of 100 are usual",
		},
		{"one date lost", fill(index.Fill{Pages: 5, Dated: 4, Titled: 5, Text: 15000}), index.PassOK, ""},
		{"too few to tell", func(e *Evidence) {
			e.Before = e.Before[2:]
			e.Before[0].Ended = e.Now.Add(-40 * 24 * time.Hour)
			e.Pass.Fill = index.Fill{Pages: 4}
		}, index.PassOK, ""},
		{
			"dates lost, page by page", func(e *Evidence) {
				e.Pass.Fill = index.Fill{Pages: 1, Titled: 1, Text: 3000}
				for range 4 {
					e.Before = append([]index.Pass{{Ended: e.Now.Add(-time.Hour), Found: 10, Outcome: index.PassOK, Fill: e.Pass.Fill}}, e.Before...)
				}
			}, index.PassThin, "0 of the last 5 pages have a date, where 98 of 100 are usual",
		},
		{
			"dates lost, beside what is held", func(e *Evidence) {
				e.Before, e.Usual = nil, index.Fill{Pages: 1234, Dated: 1200, Titled: 1234}
				e.Pass.Fill = index.Fill{Pages: 9, Dated: 1, Titled: 9, Text: 1}
			}, index.PassThin, "1 of the last 9 pages has a date, where 97 of 100 are usual",
		},
		{"nothing to compare with", func(e *Evidence) { e.Before, e.Pass.Fill = nil, index.Fill{Pages: 9} }, index.PassOK, ""},
		{
			"texts lost", fill(index.Fill{Pages: 6, Dated: 6, Titled: 6, Text: 1200}),
			index.PassThin, "the texts of the last 6 pages have about 200 characters, where 2,996 are usual",
		},
		{"short texts", fill(index.Fill{Pages: 6, Dated: 6, Titled: 6, Text: 7000}), index.PassOK, ""},
		{
			"many short texts", fill(index.Fill{Pages: 30, Dated: 30, Titled: 30, Text: 30 * 1400}),
			index.PassThin, "the texts of the last 30 pages have about 1,400 characters, where 2,996 are usual",
		},
		{
			"known pages shortened", fill(index.Fill{Pages: 9, Dated: 9, Titled: 9, Text: 27000, Shortened: 3}),
			index.PassThin, "3 known pages came with less than a third of their text (of 9 read)",
		},
		{"one page shortened", fill(index.Fill{Pages: 9, Dated: 9, Titled: 9, Text: 27000, Shortened: 1}), index.PassOK, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := wellRun()
			test.change(&e)
			outcome, reason := Judge(e)
			if outcome != test.outcome || reason != test.reason {
				t.Errorf("%s, %q\nwant %s, %q", outcome, reason, test.outcome, test.reason)
			}
		})
	}
}

// TestJudgeLaws: whatever the evidence, a verdict is one of the known outcomes, and has a
// reason exactly where it is a failure.
func TestJudgeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.IntRange(-1, 60)
		fill := func() index.Fill {
			return index.Fill{Pages: small.Draw(t, "pages"), Dated: small.Draw(t, "dated"), Titled: small.Draw(t, "titled"), Text: small.Draw(t, "text"), Shortened: small.Draw(t, "shortened")}
		}
		day := rapid.SampledFrom([]index.Date{"", "x", "2015-01-05", "2017-01-01", "2018-09-01", "9999-12-31"})
		e := Evidence{
			Now: dayTime(rapid.IntRange(16000, 18200).Draw(t, "now")), Days: drawDays(t), LastNew: day.Draw(t, "new"), Held: small.Draw(t, "held"),
			Pass:  index.Pass{Found: small.Draw(t, "found"), Source: rapid.SampledFrom([]string{"", "feed", "feed https://ag.example/"}).Draw(t, "source"), Fill: fill()},
			Walk:  Walk{Partial: rapid.Bool().Draw(t, "partial"), Ended: rapid.Bool().Draw(t, "ended"), Reached: rapid.Bool().Draw(t, "reached"), Newest: day.Draw(t, "newest"), Ahead: day.Draw(t, "ahead")},
			Usual: fill(),
		}
		for range rapid.IntRange(0, 5).Draw(t, "before") {
			e.Before = append(e.Before, index.Pass{Ended: e.Now.Add(-time.Hour), Found: small.Draw(t, "found"), Outcome: index.PassOK, Fill: fill()})
		}
		outcome, reason := Judge(e)
		if (outcome == index.PassOK) != (reason == "") || index.PassWords(outcome) == outcome {
			t.Fatalf("%q for the reason %q", outcome, reason)
		}
	})
}

func TestWords(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{number(0), "0"}, {number(999), "999"}, {number(1000), "1,000"}, {number(1234567), "1,234,567"},
		{amount(0.04), "0.0"}, {amount(4.24), "4.2"}, {amount(9.96), "10"}, {amount(1234.5), "1,235"},
		{odds(0.5), "about 1 in 2"}, {odds(0.0031), "about 1 in 300"}, {odds(0.00051), "about 1 in 2,000"}, {odds(0.000101), "about 1 in 10,000"}, {odds(1e-9), "less than 1 in 10,000"}, {odds(0), "less than 1 in 10,000"},
		{written("2023-11-03"), "Nov 3, 2023"}, {written("soon"), "an unknown day"},
		{source(""), "the source in use"}, {source("feed"), "the feed"}, {source("feed https://ag.example/"), "the feed https://ag.example/"},
		{counted(1, "page"), "1 page"}, {counted(0, "page"), "0 pages"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}
