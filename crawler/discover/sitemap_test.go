package discover

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/fetch"
	"agora/crawler/office"
	"agora/index"
)

func packed(t testing.TB, body string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// urlset writes a sitemap of addresses, each maybe followed by a blank and its lastmod.
func urlset(entries ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">`)
	for _, e := range entries {
		loc, modified, _ := strings.Cut(e, " ")
		fmt.Fprintf(&b, "<url><loc>%s</loc><image:image><image:loc>https://ag.example/x.jpg</image:loc></image:image>", loc)
		if modified != "" {
			fmt.Fprintf(&b, "<lastmod>%s</lastmod>", modified)
		}
		b.WriteString("</url>\n")
	}
	return b.String() + "</urlset>"
}

func sitemapIndex(entries ...string) string {
	all := strings.NewReplacer("urlset", "sitemapindex", "<url>", "<sitemap>", "</url>", "</sitemap>").Replace(urlset(entries...))
	return all
}

func sitemapSource() office.Source {
	return office.Source{Kind: office.Sitemap, URL: "https://ag.example/sitemap.xml"}
}

// files is a site of fixed answers by path; a body may be packed.
func files(t testing.TB, bodies map[string]string) *site {
	return &site{t: t, answer: func(u *url.URL) answer {
		if body, ok := bodies[u.RequestURI()]; ok {
			kind := "application/xml"
			if strings.HasPrefix(body, "\x1F\x8B") {
				kind = "application/gzip"
			}
			return answer{kind: kind, body: body}
		}
		return notFound
	}}
}

func TestSitemapIndex(t *testing.T) {
	s := files(t, map[string]string{
		"/sitemap.xml": sitemapIndex("https://ag.example/page-sitemap.xml 2026-03-09", "https://ag.example/post-sitemap1.xml 2026-01-01T00:00:00+00:00",
			"https://ag.example/post-sitemap2.xml.gz 2026-03-08T00:00:00+00:00", "https://ag.example/press-index.xml 2025-06-01", "https://ag.example/category-sitemap.xml", "https://ag.example/sitemap-images.xml", "https://ag.example/lost-posts.xml", "ftp://ag.example/x", "https://elsewhere.example/posts.xml"),
		"/post-sitemap1.xml":    urlset("https://ag.example/news/c 2026-01-01", "https://ag.example/news/d 2025-12-01"),
		"/post-sitemap2.xml.gz": packed(t, urlset("https://ag.example/news/b 2026-02-01T10:00:00-05:00", "https://ag.example/news/a 2026-03-08", "https://ag.example/logo.png", "https://ag.example/", "https://ag.example/news/feed/", "https://www.ag.example/news/e", "https://elsewhere.example/news")),
		"/press-index.xml":      sitemapIndex("/press-2025.xml", "/press-2026.xml"),
		"/press-2025.xml":       urlset("https://ag.example/press/2025/one"),
		"/press-2026.xml":       urlset("/press/2026/two"),
		"/page-sitemap.xml":     urlset("https://ag.example/about"),
		"/category-sitemap.xml": urlset("https://ag.example/topics/x"),
	})
	pages, err := walk(t, s, sitemapSource())
	if outcome(err) != index.PassMoved || !strings.Contains(err.Error(), "lost-posts.xml") {
		t.Errorf("the sitemap that isn't there comes last: %v", err)
	}
	want := []string{"https://ag.example/press/2026/two", "https://ag.example/press/2025/one", "https://www.ag.example/news/e", "https://ag.example/news/a", "https://ag.example/news/b", "https://ag.example/news/c", "https://ag.example/news/d"}
	if diff := cmp.Diff(want, addresses(pages)); diff != "" {
		t.Error(diff)
	}
	for _, p := range pages {
		for _, r := range p.Rows {
			if r.Date != "" || r.AsWritten != "" || r.Source != "sitemap" || r.Title != "" {
				t.Errorf("a sitemap dates nothing: %+v", r)
			}
		}
	}
	if got := pages[2].Rows[1].Modified; !got.Equal(time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("modified %s", got)
	}
	for _, asked := range s.asked {
		if strings.Contains(asked, "page-") || strings.Contains(asked, "category") || strings.Contains(asked, "images") || strings.Contains(asked, "elsewhere") {
			t.Errorf("asked for %s", asked)
		}
	}
}

func TestSitemapSince(t *testing.T) {
	s := files(t, map[string]string{
		"/sitemap.xml": sitemapIndex("https://ag.example/a.xml 2026-03-01", "https://ag.example/b.xml 2026-03-09", "https://ag.example/c.xml"),
		"/b.xml":       urlset("https://ag.example/b 2026-03-09", "https://ag.example/b2 2026-01-09"), "/c.xml": urlset("https://ag.example/c"),
	})
	pages, err := walk(t, s, sitemapSource(), func(w *Walk) { w.Since = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC) })
	if err != nil || len(s.asked) != 3 {
		t.Errorf("%v, asked %v", err, s.asked)
	}
	if !pages[0].Unordered || pages[1].Unordered {
		t.Error("a sitemap of unknown age may hold something newer")
	}
}

// TestSitemapParts cuts large files into parts, newest first; rows without a time come first
// and together.
func TestSitemapParts(t *testing.T) {
	var entries []string
	for n := range 2_500 {
		entries = append(entries, fmt.Sprintf("https://ag.example/news/%d %s", n, now.AddDate(0, 0, -n).Format(time.DateOnly)))
	}
	slices.Reverse(entries)
	for n := range 1_500 {
		entries = append(entries, fmt.Sprintf("https://ag.example/undated/%d", n))
	}
	pages, err := walk(t, files(t, map[string]string{"/sitemap.xml": urlset(entries...)}), sitemapSource())
	if err != nil {
		t.Fatal(err)
	}
	var sizes, parts []int
	for _, p := range pages {
		sizes, parts = append(sizes, len(p.Rows)), append(parts, p.Part)
	}
	if diff := cmp.Diff([]int{1500, 1000, 1000, 500}, sizes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{0, 1, 2, 3}, parts); diff != "" {
		t.Error(diff)
	}
	if got := pages[1].Rows[0].URL; got != "https://ag.example/news/0" {
		t.Errorf("newest first: %s", got)
	}
}

func TestSitemapForms(t *testing.T) {
	news := `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://ag.example/news/one</loc><news:news><news:publication><news:name>AG</news:name><news:language>en</news:language></news:publication><news:publication_date>2026-03-10T02:00:00Z</news:publication_date><news:title>Marlowe &amp; others win</news:title></news:news></url></urlset>`
	pages, err := walk(t, files(t, map[string]string{"/sitemap.xml": news}), sitemapSource())
	if err != nil {
		t.Fatal(err)
	}
	r := pages[0].Rows[0]
	if r.Date != "2026-03-09" || r.AsWritten != "2026-03-10T02:00:00Z" || r.Source != "news-sitemap" || r.Title != "Marlowe & others win" {
		t.Errorf("%+v", r)
	}
	var deep, wide []string
	for n := range 600 {
		wide = append(wide, fmt.Sprintf("https://ag.example/s%d.xml", n))
	}
	deep = append(deep, "https://ag.example/sitemap.xml", "https://ag.example/sitemap.xml?x=1")
	for name, test := range map[string]struct {
		body string
		rows int
		most int // requests
		want string
	}{
		"lines":           {"https://ag.example/news/one\r\nhttps://ag.example/news/two\n\nrubbish\n", 2, 1, ""},
		"a mark before":   {"\uFEFF" + urlset("https://ag.example/news/one"), 1, 1, ""},
		"bare ampersands": {`<urlset><url><loc>https://ag.example/news?id=1&x=2</loc></url></urlset>`, 1, 1, ""},
		"cut off":         {`<urlset><url><loc>https://ag.example/news/one</loc></url><url><loc>https://ag.ex`, 1, 1, index.PassMoved},
		"empty":           {`<urlset></urlset>`, 0, 1, index.PassMoved},
		"a page":          {`<!doctype html><html><body>Hello</body></html>`, 0, 1, index.PassMoved},
		"a wall":          {wall, 0, 1, index.PassRefused},
		"words":           {"nothing here", 0, 1, index.PassMoved},
		"a bomb":          {packed(t, strings.Repeat(" ", 20<<20)), 0, 1, index.PassMoved},
		"torn":            {packed(t, urlset("https://ag.example/news/one"))[:60], 0, 1, index.PassMoved},
		"nested":          {"<urlset>" + strings.Repeat("<url>", 100_000), 0, 1, index.PassMoved},
		"itself":          {sitemapIndex(deep...), 0, 2, index.PassMoved},
		"too many":        {sitemapIndex(wide...), 0, maxSitemaps, index.PassMoved},
	} {
		t.Run(name, func(t *testing.T) {
			s := files(t, map[string]string{"/sitemap.xml": test.body})
			pages, err := walk(t, s, sitemapSource())
			if outcome(err) != test.want || len(addresses(pages)) != test.rows || len(s.asked) > test.most {
				t.Errorf("%d rows by %d requests, %v; want %d, %s", len(addresses(pages)), len(s.asked), err, test.rows, test.want)
			}
		})
	}
}

// TestSitemapMatch lets the rule of the source or office decide.
func TestSitemapMatch(t *testing.T) {
	body := urlset("http://ag.example/news/one/", "https://www.ag.example/news/two", "https://ag.example/about", "https://old.example/news/three", "https://ag.example/news/four.pdf")
	s := files(t, map[string]string{"/sitemap.xml": body})
	source := sitemapSource()
	source.Match = "^https://ag.example/news/[^/]+/?$"
	pages, err := walk(t, s, source, func(w *Walk) { w.Office.Aliases = []string{"old.example"}; w.Office.Page.Match = "never" })
	if err != nil {
		t.Fatal(err)
	}
	if got := told(pages); len(got) != 4 || pages[0].Passed != 1 {
		t.Errorf("%q, passed %d", got, pages[0].Passed)
	}
}

// TestSitemapFailures goes on past a file that fails, and not past a site that does.
func TestSitemapFailures(t *testing.T) {
	bodies := map[string]string{
		"/sitemap.xml": sitemapIndex("https://ag.example/a.xml", "https://ag.example/b.xml"), "/a.xml": urlset("https://ag.example/a"), "/b.xml": urlset("https://ag.example/b"),
	}
	for outcome, rows := range map[string]int{index.OutcomeRobots: 1, index.OutcomeTooLarge: 1, index.OutcomeNetwork: 0, index.OutcomeLater: 0} {
		s := files(t, bodies)
		broken := &fetch.Error{Outcome: outcome, Err: errors.New("no")}
		s.fail = map[string]error{"https://ag.example/a.xml": broken}
		pages, err := walk(t, s, sitemapSource())
		if got := len(addresses(pages)); got != rows || !errors.Is(err, broken) {
			t.Errorf("%s: %d rows, %v", outcome, got, err)
		}
	}
}
