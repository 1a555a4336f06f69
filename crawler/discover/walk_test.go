package discover

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"agora/crawler/office"
)

// TestEveryRelease walks listings of any length, page size, pager and markup, while new
// releases appear and push others on: each release is a row exactly once.
func TestEveryRelease(t *testing.T) {
	pagers := map[string]func(n int, last bool) string{
		"next": func(n int, last bool) string {
			if last {
				return ""
			}
			return fmt.Sprintf("<a href='?page=%d'>Next</a>", n+1)
		},
		"endless next": func(n int, _ bool) string { return fmt.Sprintf("<a rel=next href='?page=%d'>Older</a>", n+1) },
		"numbers": func(n int, last bool) string {
			var b strings.Builder
			for i := max(0, n-2); i <= n+2 && (i <= n || !last); i++ {
				fmt.Fprintf(&b, "<a href='?page=%d'>%d</a> ", i, i+1)
			}
			return b.String()
		},
	}
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		total, size := rapid.IntRange(3, 60).Draw(t, "total"), rapid.IntRange(3, 20).Draw(t, "size")
		pager := pagers[rapid.SampledFrom([]string{"next", "endless next", "numbers"}).Draw(t, "pager")]
		rule := rapid.SampledFrom([]string{"", "/news/releases/"}).Draw(t, "rule")
		pushes := rapid.SliceOfN(rapid.IntRange(0, 1), 30, 30).Draw(t, "pushes")
		first := 1 // the newest release; what appears later has lower numbers
		asked := 0
		s := &site{t: outer, answer: func(u *url.URL) answer {
			if asked++; asked > 1 && asked < len(pushes) {
				first -= pushes[asked]
			}
			n := parameter(u, "page", 0)
			from, to := first+n*size, min(total, first+(n+1)*size-1)
			if from > to {
				return page("<p>No results.</p>", "")
			}
			return page(items(from, to), pager(n, to == total))
		}}
		source := office.Source{Kind: office.Listing, URL: "https://ag.example/news", Match: rule}
		w := Walk{Office: harbor(source), Source: source, Now: now, Get: s.get}
		found := map[string]int{}
		for p, err := range For(source.Kind)(outer.Context(), w) {
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Rows {
				found[r.URL]++
			}
		}
		for n := 1; n <= total; n++ {
			address, _, _ := release(n)
			if found["https://ag.example"+address] != 1 {
				t.Fatalf("release %d of %d is there %d times; %d requests", n, total, found["https://ag.example"+address], len(s.asked))
			}
		}
	})
}

// TestScope tells the office's addresses from others, and pages from files.
func TestScope(t *testing.T) {
	o := office.Office{Home: "https://www.ag.example/", Aliases: []string{"old.example", "127.0.0.1:8080"}}
	plain := newScope(o, office.Source{Kind: office.Listing, URL: "https://news.example/ag/"})
	for address, want := range map[string]bool{
		"https://ag.example/news/one":                           true,
		"http://www.ag.example/news/one":                        true,
		"https://media.ag.example/one":                          true,
		"https://news.example/ag/one":                           true,
		"http://127.0.0.1:8080/one":                             true,
		"http://127.0.0.1:8081/one":                             false,
		"https://badag.example/one":                             false,
		"https://example/one":                                   false,
		"ftp://ag.example/one":                                  false,
		"mailto:x@ag.example":                                   false,
		"https://ag.example/":                                   false,
		"https://ag.example/?p=12":                              true,
		"https://ag.example/a.jpg":                              false,
		"https://ag.example/a.pdf":                              true,
		"https://ag.example/news/feed/":                         false,
		"https://ag.example/news?format=feed":                   false,
		"https://ag.example/v2.0/notes":                         true,
		"https://ag.example/" + strings.Repeat("x", maxAddress): false,
		"::": false,
		"":   false,
	} {
		if got := plain.counts(address); got != want {
			t.Errorf("%.60s: %v", address, got)
		}
	}
	ruled := newScope(o, office.Source{Kind: office.Listing, URL: "https://ag.example/news", Match: `^https://www\.ag\.example/news/\d+/$`})
	for address, want := range map[string]bool{
		"https://www.ag.example/news/1/": true,
		"http://ag.example/news/1":       true,
		"https://old.example/news/1":     true,
		"https://else.example/news/1":    false,
		"https://ag.example/news/x":      false,
	} {
		if got := ruled.counts(address); got != want {
			t.Errorf("by rule: %s: %v", address, got)
		}
	}
}

func TestTitles(t *testing.T) {
	for title, want := range map[string]string{
		"A &amp;#8220;B&amp;#8221; &lt;i&gt;C&lt;/i&gt;": "A “B” C",
		"  A\u00AD\n B ":                "A B",
		"<b>A</b>B":                     "A B",
		"5 < 6 & 7 > 2":                 "5 < 6 & 7 > 2",
		strings.Repeat("é", 2*maxTitle): strings.Repeat("é", maxTitle/2),
		"\xFF\xFEA":                     "A",
	} {
		if got := plainTitle(title); got != want {
			t.Errorf("%.40q: %.60q", title, got)
		}
	}
}

func TestWithParameter(t *testing.T) {
	for _, test := range [][4]string{
		{"https://a/feed", "paged", "2", "https://a/feed?paged=2"},
		{"https://a/?feed=rss2&paged=1", "paged", "2", "https://a/?feed=rss2&paged=2"},
		{"https://a/?rest_route=/wp/v2/posts", "after", "2026-01-01T00:00:00Z", "https://a/?rest_route=/wp/v2/posts&after=2026-01-01T00%3A00%3A00Z"},
	} {
		if got := withParameter(test[0], test[1], test[2]); got != test[3] {
			t.Errorf("%v: %s", test, got)
		}
	}
}

// FuzzWalk gives any bytes for whatever a walk asks: it ends, within limits, and its rows are
// filled in.
func FuzzWalk(f *testing.F) {
	kinds := []string{office.Feed, office.Sitemap, office.WordPress, office.Listing, office.Data}
	for i, seed := range []string{
		rssOf("WordPress", 1, 3).body,
		sitemapIndex("https://ag.example/a.xml", "/b.xml") + "|" + urlset("https://ag.example/x 2026-01-01"),
		`[{"id":1,"date":"2026-01-01T00:00:00","link":"https://ag.example/x","title":{"rendered":"X"}}]`,
		numbered(20, 10, 0, "<a rel=next href='?page=1'>Next</a><a href='?year=2020'>2020</a>").body + "|" + numbered(20, 10, 1, "<button data-url='/more?page=3'>More").body,
		`var x = [{title: 'A', url: '/a', date: 'March 1, 2026'}]|{"next":"?page=2","items":[{"title":"B","url":"b"}]}`,
	} {
		f.Add(uint8(i), seed, "text/html", uint8(i))
	}
	f.Fuzz(func(t *testing.T, kind uint8, bodies, contentType string, year uint8) {
		parts := strings.Split(bodies, "|")
		n := 0
		s := &site{t: t, answer: func(*url.URL) answer {
			n++
			return answer{kind: contentType, body: parts[n%len(parts)]}
		}}
		source := office.Source{Kind: kinds[int(kind)%len(kinds)], URL: "https://ag.example/wp/v2/posts"}
		if year%3 == 0 {
			source.URL = "https://ag.example/{year}"
		}
		if year%2 == 0 {
			source.Match = "ag"
		}
		pages, _ := walk(t, s, source)
		if len(s.asked) > 1_000 {
			t.Errorf("%d requests for %d pages", len(s.asked), len(pages))
		}
	})
}

// TestKinds notices a kind of source without a strategy.
func TestKinds(t *testing.T) {
	for _, kind := range []string{office.Feed, office.Sitemap, office.WordPress, office.Listing, office.Data} {
		if For(kind) == nil {
			t.Errorf("%s has no strategy", kind)
		}
	}
	if For("telegraph") != nil {
		t.Error("an unknown kind has a strategy")
	}
}
