package discover

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/office"
	"agora/index"
)

// TestYears fills years and months into a source's address, from now back to where the
// archive of the office ends.
func TestYears(t *testing.T) {
	list := func(year, month string) answer {
		b := ""
		for n := range 4 {
			b += fmt.Sprintf("<li><a href='/news/%s/%s-%d'>Attorney General Marlowe in %s, number %d</a> %s/0%d/%s</li>", year, month, n, year, n, month, n+1, year)
		}
		return page(b, "")
	}
	for name, test := range map[string]struct {
		url      string
		has      func(period string) bool
		rows     int
		requests int
		want     string
	}{
		"years":             {"https://ag.example/news/{year}", func(p string) bool { return p >= "2019" && p != "2021" }, 7 * 4, 11, ""},
		"none this year":    {"https://ag.example/news/{year}", func(p string) bool { return p == "2025" }, 4, 5, ""},
		"months":            {"https://ag.example/news/{year}{month}", func(p string) bool { return p >= "202507" && p != "202512" }, 8 * 4, 9 + 18, ""},
		"none at all":       {"https://ag.example/news/{year}", func(string) bool { return false }, 0, 3, index.PassMoved},
		"a year for ever":   {"https://ag.example/news/{year}", func(string) bool { return true }, (2026 - 1989) * 4, 2026 - 1989, ""},
		"months for ever":   {"https://ag.example/news/{year}{month}", func(string) bool { return true }, (12*(2025-1989) + 3) * 4, 12*(2025-1989) + 3, ""},
		"one for all of it": {"https://ag.example/news?y={year}", nil, 4, 4, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &site{t: t, answer: func(u *url.URL) answer {
				period := strings.TrimPrefix(u.Path, "/news/")
				switch {
				case test.has == nil:
					return list("2020", "05")
				case !test.has(period):
					return notFound
				case len(period) == 6:
					return list(period[:4], period[4:])
				}
				return list(period, "01")
			}}
			pages, err := walk(t, s, office.Source{Kind: office.Listing, URL: test.url})
			if got := len(addresses(pages)); got != test.rows || len(s.asked) != test.requests || outcome(err) != test.want {
				t.Errorf("%d rows by %d requests, want %d by %d; %v", got, len(s.asked), test.rows, test.requests, err)
			}
		})
	}
}

// TestYearBegins asks for the year that the office has, not the one of Greenwich.
func TestYearBegins(t *testing.T) {
	s := &site{t: t, answer: func(*url.URL) answer { return notFound }}
	_, _ = walk(t, s, office.Source{Kind: office.Data, URL: "https://ag.example/pr{year}.js"}, func(w *Walk) {
		w.Now = time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)
	})
	if diff := cmp.Diff([]string{"https://ag.example/pr2025.js", "https://ag.example/pr2024.js"}, s.asked); diff != "" {
		t.Error(diff)
	}
}

// TestLinkedYears walks archives of years that a page links, where it has no next page.
func TestLinkedYears(t *testing.T) {
	for name, test := range map[string]struct{ links, ask string }{
		"folders":    {"<a href='/news/2024/'>2024</a><a href='/news/2025/'>2025 News Releases</a><a href='/news/2060/'>2060</a><a href='/budget/2023'>Budget</a>", "/news/%d/"},
		"parameters": {"<a href='?year=2025'>2025 (12)</a><a href='?year=2024'>2024 (8)</a>", "/news?year=%d"},
		"choices":    {"<form action='/news'><select name=year><option value=''>Any</option><option value=2025>2025</option><option value=2024>2024</option></select></form>", "/news?year=%d"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &site{t: t, answer: func(u *url.URL) answer {
				for n, year := range []int{2024, 2025} {
					if u.RequestURI() == fmt.Sprintf(test.ask, year) {
						return numbered(40, 10, 2-n, test.links)
					}
				}
				if u.RequestURI() == "/news" {
					return numbered(40, 10, 0, test.links)
				}
				return notFound
			}}
			pages, err := walk(t, s, office.Source{Kind: office.Listing, URL: "https://ag.example/news"})
			if err != nil || len(addresses(pages)) != 30 || len(s.asked) != 3 {
				t.Errorf("%d rows, %v, asked %v", len(addresses(pages)), err, s.asked)
			}
			if !strings.Contains(s.asked[1], "2025") {
				t.Errorf("the newest year comes first: %v", s.asked)
			}
		})
	}
}

// TestCalendar ends a calendar that has a next month without end.
func TestCalendar(t *testing.T) {
	for name, events := range map[string]bool{"empty months": false, "an event each month": true} {
		t.Run(name, func(t *testing.T) {
			s := &site{t: t, answer: func(u *url.URL) answer {
				at, err := time.Parse("2006-01", u.Query().Get("month"))
				if err != nil {
					at = now
				}
				list := items(1, 5)
				if events {
					list += fmt.Sprintf("<li><h3><a href='/news/releases/event-%s'>An event of the office in this month</a></h3></li>", at.Format("2006-01"))
				}
				return page(list, fmt.Sprintf("<a href='?month=%s'>Next</a>", at.AddDate(0, 1, 0).Format("2006-01")))
			}}
			pages, err := walk(t, s, office.Source{Kind: office.Listing, URL: "https://ag.example/calendar"})
			if err != nil || len(pages) == 0 || len(s.asked) > 24 {
				t.Errorf("%d pages by %d requests, %v", len(pages), len(s.asked), err)
			}
		})
	}
}

func TestData(t *testing.T) {
	js := func(year int, count int) answer {
		var b strings.Builder
		fmt.Fprintf(&b, "// generated\nvar releases%d = [\n", year)
		for n := range count {
			fmt.Fprintf(&b, "{Title: 'Marlowe\\'s suit %d', date: \"March %d, %d\", file: '%d/03/%02d_Suit.asp'},\n", n, n+1, year, year, n+1)
		}
		return answer{kind: "application/javascript", body: b.String() + "];"}
	}
	minnesota := office.Source{Kind: office.Data, URL: "https://ag.example/_Scripts/pr{year}.js", Format: "js-array", Link: "/Office/{file}", Title: "title", Date: "date"}
	s := &site{t: t, answer: func(u *url.URL) answer {
		for year := 2018; year <= 2025; year++ {
			if u.Path == fmt.Sprintf("/_Scripts/pr%d.js", year) {
				return js(year, 20)
			}
		}
		return notFound
	}}
	pages, err := walk(t, s, minnesota)
	if err != nil || len(addresses(pages)) != 8*20 || len(s.asked) != 11 {
		t.Errorf("%d rows by %d requests, %v", len(addresses(pages)), len(s.asked), err)
	}
	if got := told(pages)[0]; got != "2025-03-01 Marlowe's suit 0 01_Suit.asp" {
		t.Error(got)
	}

	entries := func(from, to int, around string) answer {
		var b strings.Builder
		for n := from; n <= to; n++ {
			address, title, _ := release(n)
			fmt.Fprintf(&b, `{"newsUrl":%q,"title":%q,"publishDate":%q},`, address, title, now.AddDate(0, 0, -n).Format(time.RFC3339))
		}
		return answer{body: fmt.Sprintf(`{"totalCount":25,%s"items":[%s]}`, around, strings.TrimSuffix(b.String(), ","))}
	}
	for name, test := range map[string]struct {
		source   office.Source
		answer   func(u *url.URL) answer
		rows     int
		requests int
		want     string
	}{
		"pages by a rule": {office.Source{URL: "https://ag.example/list.json", Page: "?page={n}&q=", Items: "items", Link: "newsUrl"}, func(u *url.URL) answer {
			n := parameter(u, "page", 1)
			return entries(n*10-9, min(25, n*10), "")
		}, 25, 4, ""},
		"pages by their links": {office.Source{URL: "https://ag.example/list.json", Items: "items", Link: "newsUrl"}, func(u *url.URL) answer {
			n := parameter(u, "page", 1)
			next := `"links":{"next":null},`
			if n < 3 {
				next = fmt.Sprintf(`"links":{"next":"/list.json?page=%d"},`, n+1)
			}
			return entries(n*10-9, min(25, n*10), next)
		}, 25, 3, ""},
		"the same for ever": {office.Source{URL: "https://ag.example/list.json", Page: "?page={n}", Items: "items", Link: "newsUrl"}, func(*url.URL) answer { return entries(1, 10, "") }, 10, 2, ""},
		"a page":            {office.Source{URL: "https://ag.example/list.json"}, func(*url.URL) answer { return numbered(9, 9, 0, "") }, 0, 1, index.PassMoved},
		"nothing":           {office.Source{URL: "https://ag.example/list.json"}, func(*url.URL) answer { return answer{body: `{"items":[]}`} }, 0, 1, index.PassMoved},
		"a wall":            {office.Source{URL: "https://ag.example/list.json"}, func(*url.URL) answer { return answer{body: wall} }, 0, 1, index.PassRefused},
		"deep":              {office.Source{URL: "https://ag.example/list.json"}, func(*url.URL) answer { return answer{body: strings.Repeat(`{"items":[`, 100_000)} }, 0, 1, index.PassMoved},
	} {
		t.Run(name, func(t *testing.T) {
			s := &site{t: t, answer: test.answer}
			test.source.Kind = office.Data
			pages, err := walk(t, s, test.source)
			if got := len(addresses(pages)); got != test.rows || len(s.asked) != test.requests || outcome(err) != test.want {
				t.Errorf("%d rows by %d requests, want %d by %d; %v", got, len(s.asked), test.rows, test.requests, err)
			}
			for _, p := range pages {
				if p.Total != 25 {
					t.Errorf("total %d", p.Total)
				}
				for _, r := range p.Rows {
					if r.Date == "" || r.Title == "" {
						t.Errorf("%+v", r)
					}
				}
			}
		})
	}
}
