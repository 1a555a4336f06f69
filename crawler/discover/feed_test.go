package discover

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/fetch"
	"agora/crawler/office"
	"agora/index"
)

func feedSource(address string) office.Source { return office.Source{Kind: office.Feed, URL: address} }

// TestFeedForms reads feeds in all their forms from testdata/feeds.txtar.
func TestFeedForms(t *testing.T) {
	for name, want := range map[string][]string{
		"rss": {
			"2026-03-09 Marlowe sues “Acme” & others suit", // 01:30 UTC is the day before here
			"2026-03-08 No zone is the office's zone nozone",
			"2026-03-06 A day without time midnight",
			"2026-03-06 Through a tracker tracked",
			"2026-03-05 By its permanent name permanent",
			" When is not said 42-undated",
			"2026-02-28 Eastern time eastern",
		},
		"atom": {
			"2026-03-09 Published and updated both",
			" Only updated updated",
			"2026-03-01 Below a base base",
		},
		"json": {
			"2026-03-09 By JSON one",
			" Undated two",
		},
		"latin1": {"2026-03-09 Attorney General’s acción latin"},
		"broken": {"2026-03-09 Fish & chips fish"},
	} {
		t.Run(name, func(t *testing.T) {
			pages, err := walk(t, txtarSite(t, "feeds"), feedSource("https://ag.example/feeds/"+name))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, told(pages)); diff != "" {
				t.Error(diff)
			}
			for _, p := range pages {
				for _, r := range p.Rows {
					if r.Source != "feed" || !strings.HasPrefix(r.URL, "https://ag.example/news/") || (r.AsWritten == "") != (r.Date == "") {
						t.Errorf("%+v", r)
					}
				}
			}
		})
	}
}

// rssOf writes releases from..to as a feed.
func rssOf(generator string, from, to int) answer {
	var b strings.Builder
	for n := from; n <= to; n++ {
		address, title, _ := release(n)
		fmt.Fprintf(&b, "<item><title>%s</title><link>https://ag.example%s</link><pubDate>%s</pubDate><guid isPermaLink=\"false\">https://ag.example/?p=%d</guid></item>",
			title, address, now.AddDate(0, 0, -n).Format("Mon, 02 Jan 2006 15:04:05 +0000"), n)
	}
	return answer{kind: "application/rss+xml; charset=UTF-8", body: `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>News</title><link>https://ag.example</link><description/><generator>` + generator + `</generator>` + b.String() + `</channel></rss>`}
}

func TestFeedPages(t *testing.T) {
	const generator = "https://wordpress.org/?v=6.4"
	atomPage := func(n int, rel string) answer {
		next := ""
		if n < 3 {
			next = fmt.Sprintf("<link rel=%q href='/atom?p=%d'/>", rel, n+1)
		}
		address, title, _ := release(n)
		return answer{kind: "application/atom+xml", body: fmt.Sprintf("<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>%s<entry><title>%s</title><link href=%q/><id>x%d</id><published>2026-03-01T12:00:00Z</published></entry></feed>", next, title, address, n)}
	}
	for name, test := range map[string]struct {
		answer   func(u *url.URL) answer
		page     string
		rows     int
		requests int
	}{
		"WordPress until 404": {answer: func(u *url.URL) answer {
			n := parameter(u, "paged", 1)
			if n > 3 {
				return notFound
			}
			return rssOf(generator, n*10-9, min(25, n*10))
		}, rows: 25, requests: 4},
		"WordPress until empty": {answer: func(u *url.URL) answer {
			n := parameter(u, "paged", 1)
			return rssOf(generator, n*10-9, min(25, n*10))
		}, rows: 25, requests: 4},
		"one page whatever is asked": {answer: func(*url.URL) answer { return rssOf(generator, 1, 10) }, rows: 10, requests: 2},
		"pages of HTML after it": {answer: func(u *url.URL) answer {
			if parameter(u, "paged", 1) > 1 {
				return numbered(10, 10, 0, "")
			}
			return rssOf(generator, 1, 10)
		}, rows: 10, requests: 2},
		"not WordPress": {answer: func(*url.URL) answer { return rssOf("Joomla!", 1, 10) }, rows: 10, requests: 1},
		"by the source's rule": {answer: func(u *url.URL) answer {
			n := parameter(u, "seite", 1)
			return rssOf("", n*10-9, min(25, n*10))
		}, page: "?seite={n}", rows: 25, requests: 4},
		"Atom, next":    {answer: func(u *url.URL) answer { return atomPage(parameter(u, "p", 1), "next") }, rows: 3, requests: 3},
		"Atom, archive": {answer: func(u *url.URL) answer { return atomPage(parameter(u, "p", 1), "prev-archive") }, rows: 3, requests: 3},
		"JSON Feed": {answer: func(u *url.URL) answer {
			n := parameter(u, "p", 1)
			next := ""
			if n < 3 {
				next = fmt.Sprintf(`"next_url":"https://ag.example/feed?p=%d",`, n+1)
			}
			address, title, _ := release(n)
			return answer{kind: "application/feed+json", body: fmt.Sprintf(`{"version":"https://jsonfeed.org/version/1.1","title":"News",%s"items":[{"id":"%d","url":%q,"title":%q}]}`, next, n, "https://ag.example"+address, title)}
		}, rows: 3, requests: 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := &site{t: t, answer: test.answer}
			source := feedSource("https://ag.example/feed?type=rss")
			source.Page = test.page
			pages, err := walk(t, s, source)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(addresses(pages)); got != test.rows || len(s.asked) != test.requests {
				t.Errorf("%d rows by %d requests, want %d by %d: %v", got, len(s.asked), test.rows, test.requests, s.asked)
			}
		})
	}
}

func TestFeedRefusals(t *testing.T) {
	deep := answer{kind: "application/rss+xml", body: `<rss version="2.0"><channel><title>x</title><item>` + strings.Repeat("<x:a>", 200_000)}
	bomb := answer{kind: "application/rss+xml", body: `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss version="2.0"><channel><title>&b;</title><item><title>&b;</title><link>https://ag.example/news/one</link></item></channel></rss>`}
	for name, test := range map[string]struct {
		answer answer
		want   string
		rows   int
	}{
		"a page":    {answer: numbered(10, 10, 0, ""), want: index.PassMoved},
		"gone":      {answer: answer{status: 410, body: "Gone"}, want: index.PassMoved},
		"a wall":    {answer: answer{body: wall}, want: index.PassRefused},
		"forbidden": {answer: answer{status: 403, body: "Forbidden"}, want: index.PassRefused},
		"huge":      {answer: answer{kind: "application/rss+xml", body: "<rss>" + strings.Repeat("x", 17<<20)}, want: index.PassMoved},
		"deep":      {answer: deep, want: index.PassMoved},
		"entities":  {answer: bomb, rows: 1},
		"no words":  {answer: answer{body: "\x00\x01"}, want: index.PassMoved},
	} {
		t.Run(name, func(t *testing.T) {
			pages, err := walk(t, &site{t: t, answer: func(*url.URL) answer { return test.answer }}, feedSource("https://ag.example/feed"))
			if outcome(err) != test.want || len(addresses(pages)) != test.rows {
				t.Errorf("%d rows, %v; want %s", len(addresses(pages)), err, test.want)
			}
		})
	}
}

// TestErrorsComeThrough hands on what the fetcher says, on the first page and on a later
// one, after what was found before.
func TestErrorsComeThrough(t *testing.T) {
	broken := &fetch.Error{Outcome: index.OutcomeTimeout, Err: errors.New("too slow")}
	for _, kind := range []string{office.Feed, office.WordPress, office.Listing, office.Data, office.Sitemap} {
		for _, later := range []bool{false, true} {
			source := office.Source{Kind: kind, URL: "https://ag.example/source", Page: "?page={n}"}
			s := &site{t: t, fail: map[string]error{}, answer: func(u *url.URL) answer {
				switch kind {
				case office.Feed:
					return rssOf("", 1, 10)
				case office.Listing:
					return numbered(20, 10, 0, "")
				case office.WordPress:
					a := (&blog{most: 100, posts: map[string][]map[string]any{"posts": many("x", 200)}}).answer(&url.URL{Path: "/wp-json/wp/v2/posts", RawQuery: u.RawQuery})
					return a
				case office.Data:
					return answer{body: `[{"title":"One","url":"/news/one"}]`}
				}
				return answer{body: `<sitemapindex><sitemap><loc>https://ag.example/a.xml</loc></sitemap></sitemapindex>`}
			}}
			failing := map[string]string{
				office.WordPress: withParameter(withParameter(withParameter(withParameter(withParameter(source.URL, "per_page", "100"), "page", "2"), "orderby", "date"), "order", "desc"), "_fields", "id,date,modified_gmt,link,title,status"),
				office.Sitemap:   "https://ag.example/a.xml",
			}[kind]
			if failing == "" {
				failing = "https://ag.example/source?page=2"
			}
			if !later {
				failing = ""
				s.fail = nil
			} else {
				s.fail[failing] = broken
			}
			get := s.get
			pages, err := walk(t, s, source, func(w *Walk) {
				if !later {
					w.Get = failingGet(broken)
				} else {
					w.Get = get
				}
			})
			var failed *fetch.Error
			if !errors.As(err, &failed) || failed != broken {
				t.Errorf("%s, later %v: %v", kind, later, err)
			}
			if (len(pages) > 0) != later && kind != office.Sitemap {
				t.Errorf("%s, later %v: %d pages", kind, later, len(pages))
			}
		}
	}
}
