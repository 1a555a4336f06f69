package crawler

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/office"
	"agora/index"
)

// tally is what most tests look at in a result.
type tally struct{ New, Edited, Missing, Gone, Back, Failed int }

func tallyOf(r PassResult) tally {
	return tally{r.New, r.Edited, r.Missing, r.Gone, r.Back, r.Failed}
}

func TestPassesOverASite(t *testing.T) {
	a := newArchive(t, newSite(35), nil)
	first := a.crawl(t, CrawlOptions{})
	if diff := cmp.Diff(tally{New: 35}, tallyOf(first)); diff != "" || first.Outcome != index.PassOK {
		t.Fatalf("first pass: %s (%s)\n%s\n%v", first.Outcome, first.Reason, diff, first.Failures)
	}
	held := a.releases(t)
	for n := 1; n <= 35; n++ {
		r, ok := held[releasePath(n)]
		if !ok || r.Title != headline(n) || string(r.Published) != published(n).Format(time.DateOnly) || !strings.Contains(r.Text, fmt.Sprintf("repay %d customers", 100+n)) {
			t.Errorf("release %d: held %t, %q, %q", n, ok, r.Title, r.Published)
		}
		if !r.Backfill || r.Presence.LastListed == nil {
			t.Errorf("release %d: backfill %t, listed %v", n, r.Backfill, r.Presence.LastListed)
		}
	}

	// Nothing changed: the listing alone is asked for.
	a.site.forget()
	quiet := a.crawl(t, CrawlOptions{})
	if diff := cmp.Diff(tally{}, tallyOf(quiet)); diff != "" || quiet.Outcome != index.PassOK {
		t.Errorf("quiet pass: %s\n%s", quiet.Outcome, diff)
	}
	if asked := a.site.asked(200, "/news/"); asked != 0 {
		t.Errorf("%d releases were asked for again", asked)
	}

	// Everything is due: all are confirmed by their validators.
	a.site.forget()
	sequence := a.sequence(t)
	again := a.crawl(t, CrawlOptions{All: true})
	if diff := cmp.Diff(tally{}, tallyOf(again)); diff != "" || again.Unchanged != 35 {
		t.Errorf("second pass: %d unchanged\n%s", again.Unchanged, diff)
	}
	if confirmed := a.site.asked(http.StatusNotModified, "/news/settlement"); confirmed != 35 {
		t.Errorf("%d of 35 answers were 304", confirmed)
	}
	if diff := cmp.Diff([]string{}, a.changes(t, sequence)); diff != "" {
		t.Errorf("change log:\n%s", diff)
	}

	// One edited, one removed, one new.
	a.site.set(releasePath(7), release(7, "The office corrected the number of customers."))
	a.site.remove(releasePath(20))
	a.site.set(releasePath(36), release(36, ""))
	var rest []int
	for n := 1; n <= 36; n++ {
		if n != 20 {
			rest = append(rest, n)
		}
	}
	a.site.list(rest...)
	sequence = a.sequence(t)
	changed := a.crawl(t, CrawlOptions{All: true})
	if diff := cmp.Diff(tally{New: 1, Edited: 1, Missing: 1, Failed: 1}, tallyOf(changed)); diff != "" {
		t.Errorf("third pass:\n%s", diff)
	}
	want := []string{"edited " + releasePath(7), "new " + releasePath(36), "missing " + releasePath(20)}
	if diff := cmp.Diff(want, a.changes(t, sequence)); diff != "" {
		t.Errorf("change log (-want +got):\n%s", diff)
	}
	held = a.releases(t)
	if r := held[releasePath(20)]; r.Presence.State != "missing" || r.Presence.Cause != "404" {
		t.Errorf("removed: %+v", r.Presence)
	}
	if r := held[releasePath(36)]; r.Backfill {
		t.Error("a release that appeared later counts as back-fill")
	}
	if r := held[releasePath(7)]; r.Version != 2 {
		t.Errorf("edited: version %d", r.Version)
	}

	// A fortnight later it is gone, and then back.
	a.clock.now = a.clock.now.Add(15 * 24 * time.Hour)
	if r := a.crawl(t, CrawlOptions{All: true}); r.Gone != 1 || r.Missing != 0 {
		t.Errorf("after a fortnight: %+v", tallyOf(r))
	}
	a.site.set(releasePath(20), release(20, ""))
	sequence = a.sequence(t)
	if r := a.crawl(t, CrawlOptions{All: true}); r.Back != 1 {
		t.Errorf("back: %+v", tallyOf(r))
	}
	if diff := cmp.Diff([]string{"back " + releasePath(20)}, a.changes(t, sequence)); diff != "" {
		t.Errorf("change log:\n%s", diff)
	}
}

func TestGoneAtOnce(t *testing.T) {
	a := newArchive(t, newSite(12), nil)
	a.GoneAfter = 0
	a.crawl(t, CrawlOptions{})
	a.site.remove(releasePath(3))
	sequence := a.sequence(t)
	if r := a.crawl(t, CrawlOptions{All: true}); r.Missing != 1 || r.Gone != 1 {
		t.Errorf("%+v", tallyOf(r))
	}
	if diff := cmp.Diff([]string{"missing " + releasePath(3), "gone " + releasePath(3)}, a.changes(t, sequence)); diff != "" {
		t.Error(diff)
	}
}

// TestEveryCopyDiffers: a page that carries a nonce, a time stamp and a counter is the
// same version however often it is fetched.
func TestEveryCopyDiffers(t *testing.T) {
	s := newSite(3)
	count := 0
	for n := 1; n <= 3; n++ {
		body := release(n, "").body
		s.set(releasePath(n), page{plain: true, body: func() string {
			count++
			related := fmt.Sprintf(`<aside class="related"><h2>Related news</h2><ul><li><a href="/news/settlement-%d">Another settlement of this week</a></li></ul></aside><p class="counter">Views: %d</p><script nonce="%x">go()</script></body>`, rand.IntN(1000), count, rand.Int64())
			return strings.Replace(body(), "</body>", related, 1)
		}})
	}
	a := newArchive(t, s, nil)
	a.crawl(t, CrawlOptions{})
	sequence := a.sequence(t)
	for range 30 {
		if r := a.crawl(t, CrawlOptions{All: true}); r.Edited != 0 || r.Unchanged != 3 {
			t.Fatalf("%+v, %d unchanged", tallyOf(r), r.Unchanged)
		}
	}
	if diff := cmp.Diff([]string{}, a.changes(t, sequence)); diff != "" {
		t.Error(diff)
	}
}

func TestMovedPagesKeepTheirIdentity(t *testing.T) {
	a := newArchive(t, newSite(15), nil)
	a.crawl(t, CrawlOptions{})
	before := a.releases(t)

	// One is moved with a redirect, one without; one is copied and stays where it was.
	a.site.set(releasePath(4), page{status: http.StatusMovedPermanently, location: "/news/archive/settlement-4"})
	a.site.set("/news/archive/settlement-4", release(4, ""))
	a.site.remove(releasePath(5))
	a.site.set("/news/archive/settlement-5", release(5, ""))
	a.site.set("/news/archive/settlement-6", release(6, ""))
	listing := a.site.pages["/news"].body()
	a.site.set("/news", page{body: func() string {
		return strings.Replace(listing, "<h1>News releases</h1>", fmt.Sprintf(`<h1>News releases</h1><div class="row"><h3><a href="/news/archive/settlement-5">%s</a></h3><span class="day">%s</span></div>
<div class="row"><h3><a href="/news/archive/settlement-6">%s</a></h3><span class="day">%s</span></div>`, headline(5), published(5).Format("January 2, 2006"), headline(6), published(6).Format("January 2, 2006")), 1)
	}})
	r := a.crawl(t, CrawlOptions{})
	if diff := cmp.Diff(tally{New: 1}, tallyOf(r)); diff != "" {
		t.Errorf("pass after moving:\n%s\n%v", diff, r.Failures)
	}
	a.crawl(t, CrawlOptions{All: true})
	after := a.releases(t)
	for n, path := range map[int]string{4: "/news/archive/settlement-4", 5: "/news/archive/settlement-5"} {
		if before[releasePath(n)].ID != after[path].ID {
			t.Errorf("release %d was %q and is %q at %s", n, before[releasePath(n)].ID, after[path].ID, path)
		}
		if after[path].Presence.State != "live" || after[path].Version != 1 {
			t.Errorf("release %d: %+v, version %d", n, after[path].Presence, after[path].Version)
		}
	}
	if len(after) != 16 {
		t.Errorf("%d releases are held, want 16", len(after))
	}
}

func TestPagesThatSayNo(t *testing.T) {
	a := newArchive(t, newSite(12), nil)
	a.crawl(t, CrawlOptions{})
	a.site.set(releasePath(1), page{body: func() string {
		return `<html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>The page you requested could not be found.</p></body></html>`
	}})
	a.site.set(releasePath(2), page{status: http.StatusFound, location: "/"})
	a.site.set(releasePath(3), page{body: func() string {
		return `<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1><p>Please complete the security check to access the site. Ray ID: 0123</p></body></html>`
	}})
	a.site.set(releasePath(4), page{body: func() string {
		return `<html><head><title>Site maintenance</title></head><body><h1>Scheduled maintenance</h1><p>The site is currently undergoing maintenance. Please check back soon.</p></body></html>`
	}})
	a.site.set(releasePath(5), page{status: http.StatusMovedPermanently, location: releasePath(6)})
	a.site.set(releasePath(7), page{status: http.StatusServiceUnavailable})
	sequence := a.sequence(t)
	a.crawl(t, CrawlOptions{All: true})
	want := map[string]string{
		releasePath(1): "missing soft-404", releasePath(2): "missing redirect", releasePath(3): "live ", releasePath(4): "live ",
		releasePath(5): "missing redirect", releasePath(6): "live ", releasePath(7): "live ",
	}
	held := a.releases(t)
	got := map[string]string{}
	for path := range want {
		got[path] = held[path].Presence.State + " " + string(held[path].Presence.Cause)
		if held[path].Version != 1 {
			t.Errorf("%s: version %d", path, held[path].Version)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("presence (-want +got):\n%s", diff)
	}
	for _, change := range a.changes(t, sequence) {
		if !strings.HasPrefix(change, "missing") {
			t.Error(change)
		}
	}
}

func TestFailingSiteAccusesNobody(t *testing.T) {
	a := newArchive(t, newSite(30), nil)
	a.crawl(t, CrawlOptions{})
	sequence := a.sequence(t)
	for name, status := range map[string]int{index.PassUnreachable: 500, index.PassRefused: 403} {
		a.site.wrap = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/robots.txt" {
				return false
			}
			w.WriteHeader(status)
			return true
		}
		r := a.crawl(t, CrawlOptions{All: true})
		if r.Outcome != name || r.Reason == "" {
			t.Errorf("status %d: %s (%s)", status, r.Outcome, r.Reason)
		}
	}
	if diff := cmp.Diff([]string{}, a.changes(t, sequence)); diff != "" {
		t.Error(diff)
	}
}

// TestSiteChange: where a new site drops many pages at once that is one finding, and none
// of them is gone before a fortnight has passed after it.
func TestSiteChange(t *testing.T) {
	a := newArchive(t, newSite(30), nil)
	a.crawl(t, CrawlOptions{})
	for n := 1; n <= 15; n++ {
		a.site.remove(releasePath(n))
	}
	r := a.crawl(t, CrawlOptions{All: true})
	if r.Missing != 15 || r.Gone != 0 {
		t.Fatalf("%+v", tallyOf(r))
	}
	for path, release := range a.releases(t) {
		if release.Presence.State == "missing" && release.Presence.Cause != "site-change" {
			t.Errorf("%s: %+v", path, release.Presence)
		}
	}
	a.clock.now = a.clock.now.Add(13 * 24 * time.Hour)
	if r := a.crawl(t, CrawlOptions{All: true}); r.Gone != 0 {
		t.Errorf("after 13 days: %+v", tallyOf(r))
	}
	a.clock.now = a.clock.now.Add(2 * 24 * time.Hour)
	if r := a.crawl(t, CrawlOptions{All: true}); r.Gone != 15 {
		t.Errorf("after 15 days: %+v", tallyOf(r))
	}
}

func TestListingDatesThePage(t *testing.T) {
	s := newSite(12)
	for n := 1; n <= 12; n++ {
		body := release(n, "").body
		s.set(releasePath(n), page{body: func() string {
			return strings.Replace(body(), `<p class="date">`+published(n).Format("January 2, 2006")+`</p>`, "", 1)
		}})
	}
	a := newArchive(t, s, nil)
	a.crawl(t, CrawlOptions{})
	for n := 1; n <= 12; n++ {
		r := a.releases(t)[releasePath(n)]
		if string(r.Published) != published(n).Format(time.DateOnly) || r.PublishedSource != "listing" {
			t.Errorf("release %d: %q by %q", n, r.Published, r.PublishedSource)
		}
	}
}

func TestAttachmentsComeAfterThePages(t *testing.T) {
	s := newSite(12)
	s.set(releasePath(3), release(3, `Read <a href="/documents/letter.pdf">the letter</a> and <a href="/documents/lost.pdf">the complaint</a>.`))
	s.set("/documents/letter.pdf", page{media: "application/pdf", body: func() string { return "%PDF-1.4 a letter" }})
	a := newArchive(t, s, nil)
	r := a.crawl(t, CrawlOptions{})
	if r.Attachments != 1 {
		t.Errorf("%d attachments", r.Attachments)
	}
	last := a.site.log[len(a.site.log)-2:]
	if diff := cmp.Diff([]string{"/documents/letter.pdf", "/documents/lost.pdf"}, []string{last[0][4:], last[1][4:]}); diff != "" {
		t.Errorf("asked for last:\n%s", diff)
	}
	states := map[string]string{}
	for _, attachment := range a.releases(t)[releasePath(3)].Attachments {
		states[strings.TrimPrefix(attachment.URL, "https://ag.example")] = attachment.State
	}
	if diff := cmp.Diff(map[string]string{"/documents/letter.pdf": "captured", "/documents/lost.pdf": "failed"}, states); diff != "" {
		t.Error(diff)
	}
	// Reading everything again keeps that, and changes nothing.
	report, err := a.Reread(t.Context())
	if err != nil || report.Changed != 0 || len(report.Failures) != 0 {
		t.Errorf("reread: %+v, %v", report, err)
	}
}

// TestLaterPassGoesOnBehindPinnedRows: known rows at the top of a listing do not hide new
// ones behind them.
func TestLaterPassGoesOnBehindPinnedRows(t *testing.T) {
	a := newArchive(t, newSite(25), nil)
	a.crawl(t, CrawlOptions{})
	listing := a.site.pages["/news"].body()
	a.site.set(releasePath(99), release(99, ""))
	a.site.set("/news", page{body: func() string {
		cut := strings.LastIndex(listing, `<a rel="next"`)
		return listing[:cut] + row(releasePath(99), 99) + listing[cut:]
	}})
	a.site.forget()
	if r := a.crawl(t, CrawlOptions{}); r.New != 1 {
		t.Errorf("%+v", tallyOf(r))
	}
	if a.site.asked(200, "/news?page=2") != 1 || a.site.asked(200, "/news?page=3") != 0 {
		t.Errorf("asked for: %v", a.site.log)
	}
}

func TestMaxAndSince(t *testing.T) {
	a := newArchive(t, newSite(40), nil)
	if r := a.crawl(t, CrawlOptions{Max: 7}); r.New != 7 {
		t.Errorf("--max 7: %+v", tallyOf(r))
	}
	since := index.Date(published(31).Format(time.DateOnly))
	if r := a.crawl(t, CrawlOptions{Since: since, All: true}); r.New != 3 {
		t.Errorf("--since: %+v", tallyOf(r))
	}
	// Neither was a walk to the end: the next pass is.
	if r := a.crawl(t, CrawlOptions{}); r.New != 30 {
		t.Errorf("after them: %+v", tallyOf(r))
	}
}

func TestRobotsClose(t *testing.T) {
	s := newSite(12)
	s.set("/robots.txt", page{media: "text/plain", body: func() string { return "User-agent: agora\nDisallow: /\n" }})
	a := newArchive(t, s, nil)
	r := a.crawl(t, CrawlOptions{})
	if r.Outcome != index.PassRobots || r.Robots != "disallowed" || len(a.site.log) != 1 {
		t.Errorf("%s, robots %s, asked %v", r.Outcome, r.Robots, a.site.log)
	}
	s.set("/robots.txt", page{status: 503})
	b := newArchive(t, s, nil)
	if r := b.crawl(t, CrawlOptions{}); r.Outcome != index.PassNoRobots {
		t.Errorf("%s (%s)", r.Outcome, r.Reason)
	}
}

func TestPausedOfficeIsLeftAlone(t *testing.T) {
	a := newArchive(t, newSite(12), nil)
	if err := a.Store.SetStance(t.Context(), index.Stance{Office: "WY", State: index.StancePaused, Reason: "asked by the office", Since: a.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	report, err := a.Crawl(t.Context(), CrawlOptions{All: true})
	if err != nil || len(report.Passes) != 0 || len(report.Waiting) != 1 || len(a.site.log) != 0 {
		t.Errorf("%+v, %v, asked %v", report, err, a.site.log)
	}
}

func TestProbeKeepsNothing(t *testing.T) {
	a := newArchive(t, newSite(12), func(o *office.Office) {
		o.Sources = append([]office.Source{{Kind: office.Feed, URL: "https://ag.example/feed"}}, o.Sources...)
	})
	probed, err := a.Probe(t.Context(), nil)
	if err != nil || len(probed) != 1 {
		t.Fatalf("%+v, %v", probed, err)
	}
	p := probed[0]
	if p.Outcome != index.PassOK || p.Strategy != office.Listing || p.Robots != "allowed" || len(p.First) != 10 || p.First[0].URL != "https://ag.example"+releasePath(12) {
		t.Errorf("%+v", p)
	}
	if n, err := a.Store.Count(t.Context()); n != 0 || err != nil {
		t.Errorf("%d releases, %v", n, err)
	}
	if passes, err := a.Store.Passes(t.Context(), 5); len(passes) != 0 || err != nil {
		t.Errorf("%d passes, %v", len(passes), err)
	}
}

// TestBrokenWalkIsNotTheEnd: a source that breaks off in the middle of the first pass is
// walked to its end another time.
func TestBrokenWalkIsNotTheEnd(t *testing.T) {
	a := newArchive(t, newSite(60), nil)
	fourth := *a.site.pages["/news?page=4"]
	a.site.set("/news?page=4", statusPage(http.StatusServiceUnavailable))
	if r := a.crawl(t, CrawlOptions{}); r.New != 30 || r.Outcome != index.PassOK || r.Reason == "" {
		t.Errorf("broken pass: %+v, %s (%s)", tallyOf(r), r.Outcome, r.Reason)
	}
	a.site.set("/news?page=4", fourth)
	a.clock.now = a.clock.now.Add(25 * time.Hour)
	if r := a.crawl(t, CrawlOptions{}); r.New != 30 || r.Reason != "" {
		t.Errorf("next pass: %+v, %s (%s)", tallyOf(r), r.Outcome, r.Reason)
	}
}

func statusPage(status int) page { return page{status: status} }

// TestManyLeadToOne: releases whose pages all lead to one page are missing, and that page
// changes none of them.
func TestManyLeadToOne(t *testing.T) {
	a := newArchive(t, newSite(30), nil)
	a.crawl(t, CrawlOptions{})
	a.site.set("/news/archive", release(99, ""))
	for n := 1; n <= 6; n++ {
		a.site.set(releasePath(n), page{status: http.StatusMovedPermanently, location: "/news/archive"})
	}
	r := a.crawl(t, CrawlOptions{All: true})
	if diff := cmp.Diff(tally{Missing: 6, Failed: 6}, tallyOf(r)); diff != "" {
		t.Error(diff)
	}
	if held := a.releases(t); len(held) != 30 {
		t.Errorf("%d releases are held", len(held))
	}
}

// TestMovedToASoft404: where the old address says that the page was not found, with any
// status, or leads home, the same words elsewhere are the same release; and the old
// address accuses it of nothing later.
func TestMovedToASoft404(t *testing.T) {
	for name, left := range map[string]page{
		"404": {status: http.StatusNotFound},
		"soft 404": {body: func() string {
			return "<html><title>Page not found</title><h1>Page not found</h1><p>The page you requested could not be found.</p></html>"
		}},
		"home": {status: http.StatusFound, location: "/"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newArchive(t, newSite(12), nil)
			a.crawl(t, CrawlOptions{})
			id := a.releases(t)[releasePath(12)].ID
			a.site.set(releasePath(12), left)
			a.site.set("/news/moved-12", release(12, ""))
			listing := strings.ReplaceAll(a.site.pages["/news"].body(), `"`+releasePath(12)+`"`, `"/news/moved-12"`)
			a.site.set("/news", page{body: func() string { return listing }})
			if r := a.crawl(t, CrawlOptions{}); r.New != 0 || r.Missing != 0 {
				t.Errorf("%+v", tallyOf(r))
			}
			for range 3 {
				a.clock.now = a.clock.now.Add(20 * 24 * time.Hour)
				a.crawl(t, CrawlOptions{All: true})
			}
			held := a.releases(t)
			if moved := held["/news/moved-12"]; len(held) != 12 || moved.ID != id || moved.Presence.State != "live" {
				t.Errorf("%d releases, %s is %+v, was %s", len(held), moved.ID, moved.Presence, id)
			}
		})
	}
}

// TestFarDownTheList: a page that moved without a word is found where the list has it now,
// however far back.
func TestFarDownTheList(t *testing.T) {
	a := newArchive(t, newSite(60), nil)
	a.crawl(t, CrawlOptions{})
	id := a.releases(t)[releasePath(5)].ID
	a.site.remove(releasePath(5))
	a.site.set("/news/moved-5", release(5, ""))
	last := strings.ReplaceAll(a.site.pages["/news?page=6"].body(), `"`+releasePath(5)+`"`, `"/news/moved-5"`)
	a.site.set("/news?page=6", page{body: func() string { return last }})
	if r := a.crawl(t, CrawlOptions{All: true}); r.New != 0 || r.Missing != 0 {
		t.Errorf("%+v", tallyOf(r))
	}
	if moved := a.releases(t)["/news/moved-5"]; moved.ID != id || moved.Presence.State != "live" {
		t.Errorf("%+v", moved.Presence)
	}
}

// TestRefusalIsNoAbsence: a page that refused for weeks and is missing once is missing
// since then.
func TestRefusalIsNoAbsence(t *testing.T) {
	a := newArchive(t, newSite(12), nil)
	a.crawl(t, CrawlOptions{})
	a.site.set(releasePath(3), page{status: http.StatusForbidden})
	a.crawl(t, CrawlOptions{All: true})
	a.clock.now = a.clock.now.Add(20 * 24 * time.Hour)
	a.site.remove(releasePath(3))
	if r := a.crawl(t, CrawlOptions{All: true}); r.Missing != 1 || r.Gone != 0 {
		t.Errorf("%+v", tallyOf(r))
	}
}

// TestOneBrokenPageIsNoBrokenSite: neither is a few blocked ones among many.
func TestOneBrokenPageIsNoBrokenSite(t *testing.T) {
	a := newArchive(t, newSite(40), nil)
	a.site.set(releasePath(40), page{status: http.StatusInternalServerError})
	for n := 5; n <= 40; n += 5 {
		if n < 40 {
			a.site.set(releasePath(n), page{body: func() string {
				return "<html><title>Just a moment...</title><h1>Checking your browser</h1><p>Please complete the security check to access the site.</p></html>"
			}})
		}
	}
	if r := a.crawl(t, CrawlOptions{}); r.Outcome != index.PassOK || r.New != 32 {
		t.Errorf("%s (%s), %d new", r.Outcome, r.Reason, r.New)
	}
}
