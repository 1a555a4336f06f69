package discover

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/office"
	"agora/index"
)

// release is the n-th of an invented office's releases, the newest being 1.
func release(n int) (address, title, date string) {
	day := now.AddDate(0, 0, -n)
	return fmt.Sprintf("/news/releases/%d-harbor-takes-action", n), fmt.Sprintf("Attorney General Marlowe takes action number %d", n), day.Format("January 2, 2006")
}

// items writes releases from..to as a list.
func items(from, to int) string {
	var b strings.Builder
	for n := from; n <= to; n++ {
		address, title, date := release(n)
		fmt.Fprintf(&b, "<li class=\"item n%d\"><h3><a href=%q>%s</a></h3><span class=date>%s</span></li>\n", n, address, title, date)
	}
	return b.String()
}

// page puts a list and a pager into a page.
func page(list, pager string) answer {
	return answer{body: "<!doctype html><html><head><title>News | Harbor</title></head><body><header><nav><a href='/'>Home</a><a href='/about'>About the office of the attorney general</a><a href='/contact'>Contact the attorney general</a></nav></header><main><h1>News releases</h1><ul class=list>" + list + "</ul>" + pager + "</main><footer><a href='/privacy'>Privacy policy and terms of use</a></footer></body></html>"}
}

// numbered answers the pages of a list of total releases, size a page; n is the page, from 0.
func numbered(total, size int, n int, pager string) answer {
	if n*size >= total || n < 0 {
		return page("<p>No results.</p>", "")
	}
	return page(items(n*size+1, min(total, (n+1)*size)), pager)
}

func parameter(u *url.URL, name string, otherwise int) int {
	n, err := strconv.Atoi(u.Query().Get(name))
	if err != nil {
		return otherwise
	}
	return n
}

func TestListingPagers(t *testing.T) {
	links := func(format string, from, to int) string {
		var b strings.Builder
		for n := from; n <= to; n++ {
			fmt.Fprintf(&b, "<li><a href='%s'>%d</a></li>", fmt.Sprintf(format, n), n-from+1)
		}
		return "<nav class=pagination><ul>" + b.String() + "</ul></nav>"
	}
	for name, test := range map[string]struct {
		source office.Source
		answer func(u *url.URL) answer
		most   int // requests
	}{
		"Drupal": {answer: func(u *url.URL) answer {
			n := parameter(u, "page", 0)
			pager := "<nav class=pager><ul><li class=pager__item><a href='?page=0' title='Go to first page'>« First</a></li>"
			if n > 0 {
				pager += fmt.Sprintf("<li class='pager__item pager__item--previous'><a href='?page=%d' rel=prev>‹‹</a></li>", n-1)
			}
			if n < 4 {
				pager += fmt.Sprintf("<li class='pager__item pager__item--next'><a href='?page=%d' title='Go to next page' rel=next>››</a></li><li class='pager__item pager__item--last'><a href='?page=4'>Last »</a></li>", n+1)
			}
			return numbered(47, 10, n, pager+"</ul></nav>")
		}, most: 6},
		"Joomla": {answer: func(u *url.URL) answer {
			start := parameter(u, "start", 0)
			return numbered(47, 10, start/10, "<div class=pagination><a href='/news?start=0'>1</a> <a href='/news?start=10'>2</a> <a href='/news?start=20'>3</a> <a href='/news?start=30'>4</a> <a href='/news?start=40'>5</a></div>")
		}, most: 6},
		"WordPress": {answer: func(u *url.URL) answer {
			n := 1
			if rest, ok := strings.CutPrefix(u.Path, "/news/page/"); ok {
				n, _ = strconv.Atoi(strings.Trim(rest, "/"))
			}
			if n > 5 {
				return notFound
			}
			return numbered(47, 10, n-1, fmt.Sprintf("<div class=nav-links><div class=nav-previous><a href='/news/page/%d/'>« Older posts</a></div><div class=nav-next><a href='/news/page/%d/'>Newer posts »</a></div></div>", n+1, n-1))
		}, most: 7},
		"only numbers": {answer: func(u *url.URL) answer {
			n := parameter(u, "page", 1)
			return numbered(47, 10, n-1, links("?page=%d", 1, 5))
		}, most: 6},
		"a template": {source: office.Source{Page: "?page={n}"}, answer: func(u *url.URL) answer {
			return numbered(47, 10, parameter(u, "page", 1)-1, "")
		}, most: 8},
		"a template that is wrong": {source: office.Source{Page: "?p={n}"}, answer: func(u *url.URL) answer {
			n := parameter(u, "seite", 1)
			return numbered(47, 10, n-1, fmt.Sprintf("<a href='?seite=%d'>Next page</a>", n+1))
		}, most: 9},
		"a selector": {source: office.Source{Next: "a.weiter"}, answer: func(u *url.URL) answer {
			n := parameter(u, "k", 0)
			if n >= 4 {
				return numbered(47, 10, n, "")
			}
			return numbered(47, 10, n, fmt.Sprintf("<a class=weiter href='?k=%d'>more of this</a>", n+1))
		}, most: 5},
		"in Spanish": {answer: func(u *url.URL) answer {
			n := parameter(u, "pagina", 1)
			return numbered(47, 10, n-1, fmt.Sprintf("<a href='?pagina=%d'>Siguiente ›</a>", n+1))
		}, most: 8},
		"only the last page": {answer: func(u *url.URL) answer {
			n := parameter(u, "page", 1)
			return numbered(47, 10, n-1, fmt.Sprintf("<a href='?page=%d'>›</a><a href='?page=5'>»</a>", n+1))
		}, most: 8},
		"a head link": {answer: func(u *url.URL) answer {
			n := parameter(u, "page", 1)
			a := numbered(47, 10, n-1, "")
			if n < 5 {
				a.body = strings.Replace(a.body, "<head>", fmt.Sprintf("<head><link rel=next href='?page=%d'>", n+1), 1)
			}
			return a
		}, most: 6},
		"load more as markup": {answer: func(u *url.URL) answer {
			n := parameter(u, "page", 0)
			button := ""
			if n < 4 {
				button = fmt.Sprintf("<button class=load data-url='/news/more?page=%d'>Load more</button>", n+1)
			}
			if u.Path == "/news/more" {
				return answer{body: "<ul class=list>" + items(n*10+1, min(47, n*10+10)) + "</ul>" + button}
			}
			return numbered(47, 10, 0, button)
		}, most: 6},
		"load more as data": {answer: func(u *url.URL) answer {
			n := parameter(u, "offset", 0)
			if u.Path == "/views/ajax" {
				button := ""
				if n < 40 {
					button = fmt.Sprintf("<a class=more hx-get='/views/ajax?offset=%d'>More releases</a>", n+10)
				}
				return answer{body: fmt.Sprintf(`[{"command":"settings"},{"command":"insert","data":%s}]`, strconv.Quote("<ul>"+items(n+1, min(47, n+10))+"</ul>"+button))}
			}
			return numbered(47, 10, 0, "<button class=more hx-get='/views/ajax?offset=10'>More releases</button>")
		}, most: 6},
		"a pager that never ends": {answer: func(u *url.URL) answer {
			n := parameter(u, "page", 0)
			return numbered(47, 10, min(n, 4), fmt.Sprintf("<a rel=next href='?page=%d'>Next</a>", n+1))
		}, most: 8},
		"pinned items": {answer: func(u *url.URL) answer {
			n := parameter(u, "page", 0)
			a := numbered(47, 10, n, "")
			a.body = strings.Replace(a.body, "<ul class=list>", "<ul class=list>"+items(40, 41), 1)
			if n < 4 {
				a.body = strings.Replace(a.body, "</main>", fmt.Sprintf("<a href='?page=%d'>Older</a></main>", n+1), 1)
			}
			return a
		}, most: 6},
	} {
		t.Run(name, func(t *testing.T) {
			s := &site{t: t, answer: test.answer}
			test.source.Kind, test.source.URL = office.Listing, "https://ag.example/news"
			pages, err := walk(t, s, test.source)
			if err != nil {
				t.Error(err)
			}
			got, want := addresses(pages), []string{}
			for n := range 47 {
				address, _, _ := release(n + 1)
				want = append(want, "https://ag.example"+address)
			}
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			for _, p := range pages {
				for _, r := range p.Rows {
					if r.Date == "" || r.Title == "" {
						t.Errorf("%+v", r)
					}
				}
			}
			if len(s.asked) > test.most {
				t.Errorf("%d requests, want at most %d: %s", len(s.asked), test.most, strings.Join(s.asked, " "))
			}
		})
	}
}

// TestListingSays sorts answers that are no list.
func TestListingSays(t *testing.T) {
	app := answer{body: `<!doctype html><html><head><title>Newsroom</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div><script src="/main.js"></script></body></html>`}
	shell := answer{body: `<!doctype html><html><head><title>Newsroom | Harbor Attorney General</title></head><body><nav><a href="/a">Home</a></nav><h1>Newsroom</h1><div ng-app="news"><p>Loading the latest releases</p></div><script src="/app.js"></script></body></html>`}
	for name, test := range map[string]struct {
		answer answer
		want   string
	}{
		"an app":           {app, index.PassScripts},
		"a shell":          {shell, index.PassScripts},
		"a wall":           {answer{body: wall}, index.PassRefused},
		"a wall as 503":    {answer{status: 503, body: wall}, index.PassRefused},
		"forbidden":        {answer{status: 403, body: "<html><h1>Forbidden</h1></html>"}, index.PassRefused},
		"too many":         {answer{status: 429, body: "<html><h1>Too many requests</h1></html>"}, index.PassRefused},
		"gone":             {notFound, index.PassMoved},
		"not found as 200": {answer{body: notFound.body}, index.PassMoved},
		"down":             {answer{status: 503, body: "<html><h1>Service unavailable</h1></html>"}, index.PassUnreachable},
		"maintenance":      {answer{body: "<html><title>Site under maintenance</title><h1>Site under maintenance</h1><p>We are currently performing scheduled maintenance. Please check back soon.</p></html>"}, index.PassUnreachable},
		"another page":     {answer{body: "<html><title>About us</title><h1>About the office</h1><p>" + strings.Repeat("The office serves the people of Harbor in many ways. ", 30) + "</p></html>"}, index.PassMoved},
		"no bytes":         {answer{status: 204}, index.PassMoved},
		"a picture":        {answer{kind: "image/png", body: "\x89PNG\r\n"}, index.PassMoved},
	} {
		t.Run(name, func(t *testing.T) {
			pages, err := walk(t, &site{t: t, answer: func(*url.URL) answer { return test.answer }}, office.Source{Kind: office.Listing, URL: "https://ag.example/news"})
			if len(pages) > 0 || outcome(err) != test.want {
				t.Errorf("%d pages, %v; want %s", len(pages), err, test.want)
			}
		})
	}
}

// TestWallLater ends a walk that meets a wall on a later page with that, not as if it had
// come to the end.
func TestWallLater(t *testing.T) {
	s := &site{t: t, answer: func(u *url.URL) answer {
		if n := parameter(u, "page", 0); n < 2 {
			return numbered(47, 10, n, fmt.Sprintf("<a rel=next href='?page=%d'>Next</a>", n+1))
		}
		return answer{body: wall}
	}}
	pages, err := walk(t, s, office.Source{Kind: office.Listing, URL: "https://ag.example/news"})
	if len(pages) != 2 || outcome(err) != index.PassRefused {
		t.Errorf("%d pages, %v", len(pages), err)
	}
}

// TestLastPage finds one or two rows on a last page, without selectors: by what the rows
// before had in common, or by the match rule.
func TestLastPage(t *testing.T) {
	forms := map[string]func(from, to int) string{
		"a list": items,
		"cards": func(from, to int) string {
			var b strings.Builder
			for n := from; n <= to; n++ {
				address, title, date := release(n)
				fmt.Fprintf(&b, "<article class='card post-%d'><a href=%q><img src='/p%d.jpg'></a><a class=topic href='/topics/fraud-and-scams'>Fraud and scams of all kinds</a><div class=body><h2><a href=%q>%s</a></h2><time>%s</time><p>The attorney general said so today.</p><a href=%q>Read more</a></div></article>", n, address, n, address, title, date, address)
			}
			return b.String()
		},
		"a table": func(from, to int) string {
			var b strings.Builder
			b.WriteString("<table><tbody>")
			for n := from; n <= to; n++ {
				address, title, date := release(n)
				fmt.Fprintf(&b, "<tr><td>%s</td><td><a href=%q>%s</a></td></tr>", date, address, title)
			}
			return b.String() + "</tbody></table>"
		},
	}
	for name, list := range forms {
		for _, rule := range []string{"", `^https://ag\.example/news/releases/[^/]+$`} {
			for _, total := range []int{21, 22, 12, 30} {
				s := &site{t: t, answer: func(u *url.URL) answer {
					n := parameter(u, "page", 0)
					if n*10 >= total {
						return page("<p>No results.</p>", "")
					}
					return page(list(n*10+1, min(total, n*10+10)), fmt.Sprintf("<a href='?page=%d'>Next ›</a>", n+1))
				}}
				pages, err := walk(t, s, office.Source{Kind: office.Listing, URL: "https://ag.example/news", Match: rule})
				got := addresses(pages)
				slices.Sort(got)
				if len(slices.Compact(got)) != total || err != nil {
					t.Errorf("%s, rule %q: %d rows of %d, %v: %v", name, rule, len(got), total, err, got)
				}
				for _, p := range pages {
					for _, r := range p.Rows {
						if r.Date == "" || !strings.HasPrefix(r.Title, "Attorney General Marlowe takes action") {
							t.Errorf("%s, rule %q: %+v", name, rule, r)
						}
					}
				}
			}
		}
	}
}

// TestFewReleases finds the only release of an office by the match rule.
func TestFewReleases(t *testing.T) {
	for _, total := range []int{1, 2} {
		s := &site{t: t, answer: func(*url.URL) answer { return page(items(1, total), "") }}
		pages, err := walk(t, s, office.Source{Kind: office.Listing, URL: "https://ag.example/news", Match: "/news/releases/"})
		if got := addresses(pages); len(got) != total || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	}
}

// TestNotModified hands over a confirmed source without rows, and ends.
func TestNotModified(t *testing.T) {
	for _, kind := range []string{office.Feed, office.WordPress, office.Listing, office.Data, office.Sitemap} {
		for _, address := range []string{"https://ag.example/wp/v2/posts", "https://ag.example/{year}"} {
			s := &site{t: t, answer: func(*url.URL) answer { return answer{status: 304} }}
			pages, err := walk(t, s, office.Source{Kind: kind, URL: address, Page: "?page={n}"})
			if len(pages) != 1 || !pages[0].Answer.NotModified() || err != nil || len(s.asked) != 1 {
				t.Errorf("%s: %d pages, %v, asked %v", kind, len(pages), err, s.asked)
			}
		}
	}
}

// TestStops asks for nothing more once the consumer has enough, and ends with the context.
func TestStops(t *testing.T) {
	sources := map[string]func(*url.URL) answer{
		office.Listing: func(u *url.URL) answer {
			n := parameter(u, "page", 0)
			return numbered(47, 10, n, fmt.Sprintf("<a href='?page=%d'>Next</a>", n+1))
		},
		office.Feed:      func(u *url.URL) answer { n := parameter(u, "paged", 1); return rssOf("WordPress", n*10-9, n*10) },
		office.WordPress: (&blog{most: 10, posts: map[string][]map[string]any{"posts": many("x", 200)}}).answer,
	}
	for kind, answers := range sources {
		s := &site{t: t, answer: answers}
		source := office.Source{Kind: kind, URL: restPosts}
		w := Walk{Office: harbor(source), Source: source, Now: now, Get: s.get}
		for _, err := range For(kind)(t.Context(), w) {
			if err != nil {
				t.Error(err)
			}
			break
		}
		most := 1
		if kind == office.WordPress {
			most = 2 // pages of a hundred are refused
		}
		if len(s.asked) != most {
			t.Errorf("%s: asked %v", kind, s.asked)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var last error
		for _, err := range For(kind)(ctx, w) {
			cancel()
			last = err
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("%s: %v", kind, last)
		}
		cancel()
	}
}

// TestListingStaysHome asks nobody else, whatever the pager says.
func TestListingStaysHome(t *testing.T) {
	pager := "<a rel=next href='https://elsewhere.example/news?page=2'>Next</a><a href='javascript:more()'>Load more</a><a href='mailto:x@ag.example'>More</a><a href='#next'>Next</a><button data-url='//elsewhere.example/more'>Load more</button>"
	s := &site{t: t, answer: func(*url.URL) answer { return numbered(10, 10, 0, pager) }}
	if _, err := walk(t, s, office.Source{Kind: office.Listing, URL: "https://ag.example/news"}); err != nil || len(s.asked) != 1 {
		t.Errorf("%v, asked %v", err, s.asked)
	}
}
