package crawler

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"agora/crawler/office"
	"agora/index"
)

// TestSilenceIsAFailure: an office that published every day and suddenly shows nothing new
// is reported with its reason, and is in order again once something new appears.
func TestSilenceIsAFailure(t *testing.T) {
	const last = 427 // published(427) is the day before the clock of the tests
	s := newSite(last)
	a := newArchive(t, s, nil)
	a.clock.now = time.Date(2026, 3, 4, 18, 0, 0, 0, time.UTC)
	if r := a.crawl(t, CrawlOptions{}); r.Outcome != index.PassOK {
		t.Fatalf("first pass: %s (%s)", r.Outcome, r.Reason)
	}
	days, reason := 0, ""
	for ; days < 30 && reason == ""; days++ {
		a.clock.now = a.clock.now.Add(23 * time.Hour)
		r := a.crawl(t, CrawlOptions{})
		switch r.Outcome {
		case index.PassOK:
		case index.PassSilent:
			reason = r.Reason
		default:
			t.Fatalf("after %d days: %s (%s)", days, r.Outcome, r.Reason)
		}
		if r.Expected == nil {
			t.Fatal("nothing is expected of an office with a release a day")
		}
	}
	if days > 14 || !strings.Contains(reason, "expected") {
		t.Errorf("noticed after %d days: %q", days, reason)
	}
	t.Logf("noticed after %d days: %s", days, reason)
	numbers := []int{}
	for n := 1; n <= last+1; n++ {
		numbers = append(numbers, n)
	}
	body := release(last+1, "").body
	today := a.clock.now.Format("January 2, 2006")
	s.set(releasePath(last+1), page{body: func() string {
		return strings.Replace(body(), published(last+1).Format("January 2, 2006"), today, 1)
	}})
	s.list(numbers...)
	if r := a.crawl(t, CrawlOptions{}); r.Outcome != index.PassOK || r.New != 1 {
		t.Errorf("after a new release: %s (%s), %d new", r.Outcome, r.Reason, r.New)
	}
}

// TestFrozenFeed: a feed that stands still does not hide what the listing shows.
func TestFrozenFeed(t *testing.T) {
	const last = 420
	s := newSite(last)
	feed := func(newest int) page {
		return page{media: "application/rss+xml", body: func() string {
			var b strings.Builder
			b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>https://ag.example/</link>`)
			for n := newest; n > newest-10; n-- {
				fmt.Fprintf(&b, "<item><title>%s</title><link>https://ag.example%s</link><pubDate>%s</pubDate></item>", headline(n), releasePath(n), published(n).Add(18*time.Hour).Format(time.RFC1123Z))
			}
			b.WriteString("</channel></rss>")
			return b.String()
		}}
	}
	s.set("/feed", feed(last))
	a := newArchive(t, s, func(o *office.Office) {
		o.Sources = append([]office.Source{{Kind: office.Feed, URL: "https://ag.example/feed"}}, o.Sources...)
	})
	a.clock.now = published(last).Add(30 * time.Hour)
	if r := a.crawl(t, CrawlOptions{}); r.New != last || r.Outcome != index.PassOK || r.Strategy != office.Feed {
		t.Fatalf("first pass: %d new, %s (%s)", r.New, r.Outcome, r.Reason)
	}
	// The listing goes on, the feed does not.
	numbers := []int{}
	for n := 1; n <= last+12; n++ {
		if n > last {
			s.set(releasePath(n), release(n, ""))
		}
		numbers = append(numbers, n)
	}
	s.list(numbers...)
	var frozen PassResult
	found := 0
	for day := 0; day < 14 && frozen.Outcome != index.PassFrozen; day++ {
		a.clock.now = a.clock.now.Add(23 * time.Hour)
		frozen = a.crawl(t, CrawlOptions{})
		found += frozen.New
	}
	if frozen.Outcome != index.PassFrozen || !strings.Contains(frozen.Reason, "feed") || found != 12 {
		t.Errorf("%s (%s), %d new", frozen.Outcome, frozen.Reason, found)
	}
	t.Log(frozen.Reason)
}

// TestPagesRefuseButTheInterfaceAnswers: where pages are refused and the site's own
// interface gives their words, these are taken.
func TestPagesRefuseButTheInterfaceAnswers(t *testing.T) {
	s := newSite(12)
	slug := ""
	item := func(n int) map[string]any {
		link := "https://ag.example" + releasePath(n)
		if n == 3 {
			link += slug
		}
		return map[string]any{
			"id": n, "link": link, "status": "publish", "type": "post",
			"date": published(n).Add(15 * time.Hour).Format("2006-01-02T15:04:05"), "modified_gmt": published(n).Add(20 * time.Hour).Format("2006-01-02T15:04:05"),
			"title": map[string]any{"rendered": headline(n)}, "content": map[string]any{"rendered": releaseBody(n, "")},
		}
	}
	s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
		var n int
		switch {
		case r.URL.Path == "/wp-json/wp/v2/posts":
			w.Header().Set("Content-Type", "application/json; charset=UTF-8")
			w.Header().Set("X-WP-Total", "12")
			w.Header().Set("X-WP-TotalPages", "1")
			items := []any{}
			if page := r.URL.Query().Get("page"); page == "" || page == "1" {
				for n := 12; n >= 1; n-- {
					items = append(items, item(n))
				}
			}
			_ = json.NewEncoder(w).Encode(items)
			return true
		case strings.HasPrefix(r.URL.Path, "/wp-json/wp/v2/posts/"):
			_, _ = fmt.Sscanf(r.URL.Path, "/wp-json/wp/v2/posts/%d", &n)
			w.Header().Set("Content-Type", "application/json; charset=UTF-8")
			_ = json.NewEncoder(w).Encode(item(n))
			return true
		case strings.HasPrefix(r.URL.Path, "/news/"):
			w.WriteHeader(http.StatusForbidden)
			return true
		}
		return false
	}
	a := newArchive(t, s, func(o *office.Office) {
		o.Sources = []office.Source{{Kind: office.WordPress, URL: "https://ag.example/wp-json/wp/v2/posts"}}
	})
	r := a.crawl(t, CrawlOptions{})
	if r.New != 12 || r.Outcome != index.PassOK || r.Failed != 0 {
		t.Fatalf("%+v: %s (%s) %v", tallyOf(r), r.Outcome, r.Reason, r.Failures)
	}
	if refused := s.asked(403, "/news/"); refused > 3 {
		t.Errorf("%d pages that refuse were asked for", refused)
	}
	for n := 1; n <= 12; n++ {
		release, held := a.releases(t)[releasePath(n)]
		if !held || release.Title != headline(n) || string(release.Published) != published(n).Format(time.DateOnly) || release.PublishedSource != "api" {
			t.Errorf("release %d: held %t, %q, %q by %q", n, held, release.Title, release.Published, release.PublishedSource)
		}
	}
	if r := a.crawl(t, CrawlOptions{All: true}); r.Edited != 0 || r.New != 0 || r.Unchanged != 12 {
		t.Errorf("second pass: %+v, %d unchanged", tallyOf(r), r.Unchanged)
	}

	// The page of an item gets another address: the item is the same.
	id := a.releases(t)[releasePath(3)].ID
	slug = "-better"
	if r := a.crawl(t, CrawlOptions{All: true}); r.New != 0 || r.Missing != 0 {
		t.Errorf("after another address: %+v", tallyOf(r))
	}
	if held := a.releases(t); len(held) != 12 || held[releasePath(3)+slug].ID != id {
		t.Errorf("%d releases, %q", len(held), held[releasePath(3)+slug].ID)
	}
}
