package discover

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/office"
	"agora/index"
)

// blog is an invented WordPress site.
type blog struct {
	posts     map[string][]map[string]any // by route, the newest first
	types     string                      // answer of the types route; "" for 404
	most      int                         // largest page that it allows
	old       bool                        // it knows no modified_after
	plain     bool                        // no pretty addresses
	headless  bool                        // something strips the X-WP headers
	forbidden bool
}

// post makes the n-th post of a kind, n days old.
func post(kind string, n int) map[string]any {
	at := now.AddDate(0, 0, -n)
	return map[string]any{
		"id": n, "date": at.Add(-5 * time.Hour).Format("2006-01-02T15:04:05"), "modified_gmt": at.Format("2006-01-02T15:04:05"),
		"link": fmt.Sprintf("https://ag.example/%s/%d/", kind, n), "status": "publish",
		"title": map[string]any{"rendered": fmt.Sprintf("Marlowe &#8220;wins&#8221; No. %d", n)},
	}
}

func many(kind string, count int) []map[string]any {
	var all []map[string]any
	for n := range count {
		all = append(all, post(kind, n+1))
	}
	return all
}

func (b *blog) answer(u *url.URL) answer {
	q := u.Query()
	no := func(status int, code string) answer {
		return answer{status: status, body: fmt.Sprintf(`{"code":%q,"message":"No.","data":{"status":%d}}`, code, status)}
	}
	route, ok := strings.CutPrefix(u.Path, "/wp-json/wp/v2/")
	if b.plain {
		route, ok = strings.CutPrefix(q.Get("rest_route"), "/wp/v2/")
	}
	switch {
	case !ok:
		return notFound
	case b.forbidden:
		return no(401, "rest_cannot_access")
	case route == "types" && b.types != "":
		return answer{body: b.types}
	case b.posts[route] == nil:
		return no(404, "rest_no_route")
	}
	size, page := parameter(u, "per_page", 10), parameter(u, "page", 1)
	if size > b.most {
		return no(400, "rest_invalid_param")
	}
	all := slices.Clone(b.posts[route])
	for name, member := range map[string]string{"after": "date", "modified_after": "modified_gmt"} {
		if since := q.Get(name); since != "" && (name == "after" || !b.old) {
			all = slices.DeleteFunc(all, func(p map[string]any) bool { return p[member].(string) <= strings.TrimSuffix(since, "Z") })
		}
	}
	pages := (len(all) + size - 1) / size
	if page > max(pages, 1) {
		return no(400, "rest_post_invalid_page_number")
	}
	header := http.Header{"X-Wp-Total": {strconv.Itoa(len(all))}, "X-Wp-Totalpages": {strconv.Itoa(pages)}}
	if b.headless {
		header = nil
	}
	shown := all[min(len(all), (page-1)*size):min(len(all), page*size)]
	if shown == nil {
		shown = []map[string]any{}
	}
	body, _ := json.Marshal(shown)
	return answer{body: string(body), header: header}
}

const restPosts = "https://ag.example/wp-json/wp/v2/posts"

func wordpressSource(address string) office.Source {
	return office.Source{Kind: office.WordPress, URL: address}
}

func TestWordPress(t *testing.T) {
	for name, test := range map[string]struct {
		blog     blog
		address  string
		want     int // rows
		requests int
		total    int
		api      string // of the newest
	}{
		"250 posts":        {blog: blog{most: 100}, want: 250, requests: 3, total: 250, api: restPosts + "/1"},
		"ten a page":       {blog: blog{most: 10}, want: 250, requests: 26, total: 250, api: restPosts + "/1"},
		"no totals":        {blog: blog{most: 100, headless: true}, want: 250, requests: 4, api: restPosts + "/1"},
		"no pretty routes": {blog: blog{most: 100, plain: true}, address: "https://ag.example/?rest_route=/wp/v2/posts", want: 250, requests: 3, total: 250, api: "https://ag.example/?rest_route=/wp/v2/posts/1"},
		"escaped route":    {blog: blog{most: 100, plain: true}, address: "https://ag.example/index.php?rest_route=%2Fwp%2Fv2%2Fposts", want: 250, requests: 3, total: 250, api: "https://ag.example/index.php?rest_route=/wp/v2/posts/1"},
	} {
		t.Run(name, func(t *testing.T) {
			test.blog.posts = map[string][]map[string]any{"posts": many("news", 250)}
			if test.address == "" {
				test.address = restPosts
			}
			s := &site{t: t, answer: test.blog.answer}
			pages, err := walk(t, s, wordpressSource(test.address))
			if err != nil {
				t.Fatal(err)
			}
			if got := addresses(pages); len(got) != test.want {
				t.Errorf("%d rows, want %d", len(got), test.want)
			}
			if len(s.asked) != test.requests {
				t.Errorf("%d requests, want %d: %s", len(s.asked), test.requests, strings.Join(s.asked, "\n"))
			}
			if pages[0].Total != test.total {
				t.Errorf("total %d, want %d", pages[0].Total, test.total)
			}
			r := pages[0].Rows[0]
			want := Row{ListingRow: index.ListingRow{
				Office: "VA", Address: "https://ag.example/news/1", URL: "https://ag.example/news/1/", Title: "Marlowe “wins” No. 1",
				AsWritten: "2026-03-09T10:00:00", Date: "2026-03-09", Source: "api", Listing: s.asked[r.askedAs(s)], Captured: now,
			}, Modified: now.AddDate(0, 0, -1), API: test.api}
			if diff := cmp.Diff(want, r); diff != "" {
				t.Error(diff)
			}
			if pages[0].Unordered || pages[1].Unordered {
				t.Error("pages of one route are unordered")
			}
		})
	}
}

// askedAs returns the place of the row's listing among the requests.
func (r Row) askedAs(s *site) int { return max(0, slices.Index(s.asked, r.Listing)) }

// TestWordPressSince asks for what is new and what was changed only.
func TestWordPressSince(t *testing.T) {
	since := func(w *Walk) { w.Since = now.AddDate(0, 0, -2).Add(-time.Hour) }
	for name, old := range map[string]bool{"today's": false, "one that ignores modified_after": true} {
		t.Run(name, func(t *testing.T) {
			b := &blog{most: 100, old: old, posts: map[string][]map[string]any{"posts": many("news", 150)}}
			b.posts["posts"][99]["modified_gmt"] = now.Add(-time.Hour).Format("2006-01-02T15:04:05") // edited
			b.posts["posts"][1]["modified_gmt"] = "2020-01-01T00:00:00"                              // written long before it was published
			s := &site{t: t, answer: b.answer}
			pages, err := walk(t, s, wordpressSource(restPosts), since)
			if err != nil {
				t.Fatal(err)
			}
			got := addresses(pages)
			want := []string{"https://ag.example/news/1/", "https://ag.example/news/2/", "https://ag.example/news/3/", "https://ag.example/news/100/"}
			if old {
				if len(got) != 150 {
					t.Errorf("%d rows", len(got))
				}
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if pages[0].Total != 0 && !old {
				t.Errorf("total %d of what was asked for only in part", pages[0].Total)
			}
		})
	}
	s := &site{t: t, answer: (&blog{most: 100, posts: map[string][]map[string]any{"posts": many("news", 5)}}).answer}
	pages, err := walk(t, s, wordpressSource(restPosts), func(w *Walk) { w.Since = now.AddDate(0, 0, 1) })
	if err != nil || len(pages) != 1 || len(pages[0].Rows) != 0 {
		t.Errorf("nothing new: %d pages, %v", len(pages), err)
	}
}

const typesAnswer = `{"post":{"slug":"post","rest_base":"posts","rest_namespace":"wp/v2"},"page":{"slug":"page","rest_base":"pages"},"attachment":{"slug":"attachment","rest_base":"media"},
	"press_release":{"slug":"press_release","rest_base":"press-releases"},"newsletter":{"slug":"newsletter","rest_base":"newsletter"},"bad":7}`

// TestWordPressTypes finds kinds of post of their own in place of posts that there are
// none of. Beside posts they are left alone: the catalogue names the route that counts.
func TestWordPressTypes(t *testing.T) {
	for name, posts := range map[string]map[string][]map[string]any{
		"in place of posts": {"press-releases": many("press", 120)},
		"beside posts":      {"posts": many("blog", 120), "press-releases": many("press", 7)},
	} {
		t.Run(name, func(t *testing.T) {
			b := &blog{most: 100, types: typesAnswer, posts: posts}
			s := &site{t: t, answer: b.answer}
			pages, err := walk(t, s, wordpressSource(restPosts))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := len(addresses(pages)), 120; got != want {
				t.Errorf("%d rows, want %d", got, want)
			}
			if last := pages[len(pages)-1]; last.Total != 120 || last.Unordered {
				t.Errorf("last page: total %d, unordered %v", last.Total, last.Unordered)
			}
			for _, p := range pages {
				if api := p.Rows[0].API; strings.Contains(p.Rows[0].URL, "/press/") != strings.Contains(api, "/press-releases/") {
					t.Errorf("%s by %s", p.Rows[0].URL, api)
				}
			}
		})
	}
}

func TestWordPressRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		answer func(*url.URL) answer
		want   string
	}{
		"log in first":  {(&blog{forbidden: true}).answer, index.PassRefused},
		"no such route": {(&blog{}).answer, index.PassMoved},
		"another site":  {func(*url.URL) answer { return notFound }, index.PassMoved},
		"a page":        {func(*url.URL) answer { return numbered(5, 5, 0, "") }, index.PassMoved},
		"an object":     {func(*url.URL) answer { return answer{body: `{"a":1}`} }, index.PassMoved},
		"nothing":       {func(*url.URL) answer { return answer{} }, index.PassMoved},
		"down":          {func(*url.URL) answer { return answer{status: 502, body: "<html><h1>502 Bad Gateway</h1>"} }, index.PassUnreachable},
		"a wall":        {func(*url.URL) answer { return answer{body: wall} }, index.PassRefused},
		"429":           {func(*url.URL) answer { return answer{status: 429, body: "slow down"} }, index.PassRefused},
	} {
		t.Run(name, func(t *testing.T) {
			pages, err := walk(t, &site{t: t, answer: test.answer}, wordpressSource(restPosts))
			if len(pages) > 0 || outcome(err) != test.want {
				t.Errorf("%d pages, %v; want %s", len(pages), err, test.want)
			}
		})
	}
}

// wall is a check for robots.
const wall = `<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1><p>Verify you are human by completing the action below.</p><script src="/cdn-cgi/challenge-platform/h/b.js"></script></body></html>`
