package discover

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"agora/crawler/fetch"
	"agora/crawler/office"
)

// network serves an invented site to the real fetcher.
type network func(u *url.URL) answer

func (n network) RoundTrip(r *http.Request) (*http.Response, error) {
	a := notFound
	if r.URL.Path == "/robots.txt" {
		a = answer{kind: "text/plain", body: "User-agent: *\nDisallow: /private/\n"}
	} else {
		a = n(r.URL)
	}
	if a.status == 0 {
		a.status = 200
	}
	if a.kind == "" {
		a.kind = guessType(a.body)
	}
	header := http.Header{"Content-Type": {a.kind}}
	for name, values := range a.header {
		header[name] = values
	}
	return &http.Response{
		StatusCode: a.status, Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r,
	}, nil
}

// TestByClient walks each kind of source with the real fetcher, whose colly finds the next
// page, and meets robots.txt on the way.
func TestByClient(t *testing.T) {
	for name, test := range map[string]struct {
		source office.Source
		answer network
		rows   int
		fails  bool
	}{
		"listing": {office.Source{Kind: office.Listing, URL: "https://ag.example/news"}, func(u *url.URL) answer {
			n := parameter(u, "page", 0)
			return numbered(47, 10, n, fmt.Sprintf("<ul><li class='pager__item pager__item--next'><a href='?page=%d'>Next ›</a></li></ul>", n+1))
		}, 47, false},
		"listing by a selector": {office.Source{Kind: office.Listing, URL: "https://ag.example/news", Next: "p.on a:contains('weiter')"}, func(u *url.URL) answer {
			n := parameter(u, "k", 0)
			return numbered(47, 10, n, fmt.Sprintf("<p class=on><a href='?k=%d'>weiter</a></p>", n+1))
		}, 47, false},
		"a closed page": {office.Source{Kind: office.Listing, URL: "https://ag.example/news"}, func(*url.URL) answer {
			return numbered(47, 10, 0, "<a rel=next href='/private/2'>Next</a>")
		}, 10, true},
		"nested too deeply": {office.Source{Kind: office.Listing, URL: "https://ag.example/news"}, func(u *url.URL) answer {
			n := parameter(u, "page", 0)
			a := numbered(17, 10, n, fmt.Sprintf("<a href='?page=%d'>Next</a>", n+1))
			a.body += strings.Repeat("<div>", 2_000)
			return a
		}, 0, true},
		"interface": {wordpressSource(restPosts), (&blog{most: 100, posts: map[string][]map[string]any{"posts": many("x", 250)}}).answer, 250, false},
		"feed": {feedSource("https://ag.example/feed"), func(u *url.URL) answer {
			n := parameter(u, "paged", 1)
			return rssOf("WordPress", n*10-9, min(25, n*10))
		}, 25, false},
	} {
		t.Run(name, func(t *testing.T) {
			at := now
			client, err := fetch.New(fetch.Options{
				Product: "Agora", Contact: "https://archive.example", Network: test.answer, Now: func() time.Time { return at },
				Wait: func(ctx context.Context, d time.Duration) error { at = at.Add(d); return ctx.Err() },
			})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close(context.WithoutCancel(t.Context()))
			pages, err := walk(t, &site{t: t}, test.source, func(w *Walk) { w.Get = client.Get })
			if got := len(addresses(pages)); got != test.rows || (err != nil) != test.fails {
				t.Errorf("%d rows, want %d; %v", got, test.rows, err)
			}
		})
	}
}
