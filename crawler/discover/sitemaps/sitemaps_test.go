package sitemaps

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRead(t *testing.T) {
	day := time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		body string
		want File
		err  string
	}{
		"a sitemap": {"<urlset><url><loc> https://a/1 </loc><lastmod>2026-03-09</lastmod><changefreq>daily</changefreq></url><url><priority>1</priority></url></urlset>",
			File{Entries: []Entry{{Location: "https://a/1", Modified: day}}}, ""},
		"an index": {"<?xml version='1.0'?><!-- x --><SitemapIndex><sitemap><loc>a</loc></sitemap></SitemapIndex>",
			File{IsIndex: true, Entries: []Entry{{Location: "a"}}}, ""},
		"prefixes": {"<s:urlset><s:url><s:loc>a</s:loc><i:image><i:loc>b</i:loc><i:title>c</i:title></i:image><v:video><v:publication_date>d</v:publication_date></v:video></s:url></s:urlset>",
			File{Entries: []Entry{{Location: "a"}}}, ""},
		"news": {"<urlset><url><n:news><n:publication><n:name>x</n:name></n:publication><n:publication_date>2026</n:publication_date><n:title><![CDATA[A & B]]></n:title></n:news><loc>a</loc></url></urlset>",
			File{Entries: []Entry{{Location: "a", Published: "2026", Title: "A & B"}}}, ""},
		"latin-1":        {"<?xml version='1.0' encoding='ISO-8859-1'?><urlset><url><loc>https://a/acci\xF3n</loc></url></urlset>", File{Entries: []Entry{{Location: "https://a/acción"}}}, ""},
		"escapes":        {"<urlset><url><loc>https://a/?x=1&amp;y=2&z=3</loc></url></urlset>", File{Entries: []Entry{{Location: "https://a/?x=1&y=2&z=3"}}}, ""},
		"breaks off":     {"<urlset><url><loc>a</loc></url><url>", File{Entries: []Entry{{Location: "a"}}}, "breaks off"},
		"closes early":   {"</urlset>", File{}, "never opened"},
		"something else": {"<html><body></body></html>", File{}, "no sitemap"},
		"an empty index": {"<sitemapindex/>", File{IsIndex: true}, ""},
		"no address":     {"<urlset/>", File{}, "no address"},
		"nothing":        {" \n", File{}, "empty"},
		"long words":     {"<urlset><url><loc>a</loc><lastmod>" + strings.Repeat("x", 100_000) + "</lastmod></url></urlset>", File{Entries: []Entry{{Location: "a"}}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Read([]byte(test.body), "")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("error %v, want %q", err, test.err)
			}
		})
	}
}

func TestTime(t *testing.T) {
	for words, want := range map[string]string{
		"2026-03-09":                "2026-03-09T00:00:00Z",
		"2026-03-09T10:00:00-05:00": "2026-03-09T15:00:00Z",
		"2026-03-09T10:00+00:00":    "2026-03-09T10:00:00Z",
		"2026-03-09T10:00:00.5Z":    "2026-03-09T10:00:00.5Z",
		"2026-03-09 10:00 +00:00":   "2026-03-09T10:00:00Z",
		"2026-03":                   "2026-03-01T00:00:00Z",
		"0000-00-00":                "0001-01-01T00:00:00Z",
		"1970-01-01T00:00:00Z":      "0001-01-01T00:00:00Z",
		"today":                     "0001-01-01T00:00:00Z",
	} {
		if got := Time(words).Format(time.RFC3339Nano); got != want {
			t.Errorf("%q: %s, want %s", words, got, want)
		}
	}
}

func TestOrder(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC) }
	for name, test := range map[string]struct {
		entries []Entry
		want    []string
	}{
		"WordPress": {[]Entry{{Location: "/wp-sitemap-posts-post-1.xml"}, {Location: "/wp-sitemap-posts-post-10.xml"}, {Location: "/wp-sitemap-posts-post-9.xml"}, {Location: "/wp-sitemap-posts-page-1.xml"},
			{Location: "/wp-sitemap-taxonomies-category-1.xml"}, {Location: "/wp-sitemap-users-1.xml"}, {Location: "/wp-sitemap-posts-press_release-1.xml"}},
			[]string{"/wp-sitemap-posts-press_release-1.xml", "/wp-sitemap-posts-post-10.xml", "/wp-sitemap-posts-post-9.xml", "/wp-sitemap-posts-post-1.xml"}},
		"Drupal": {[]Entry{{Location: "/sitemap.xml?page=1"}, {Location: "/sitemap.xml?page=2"}, {Location: "/sitemap.xml?page=11"}},
			[]string{"/sitemap.xml?page=11", "/sitemap.xml?page=2", "/sitemap.xml?page=1"}},
		"by time":          {[]Entry{{Location: "/a.xml", Modified: at(1)}, {Location: "/b.xml", Modified: at(3)}, {Location: "/c.xml", Modified: at(2)}}, []string{"/b.xml", "/c.xml", "/a.xml"}},
		"by months":        {[]Entry{{Location: "/sitemap-2025-12.xml"}, {Location: "/sitemap-2026-02.xml"}, {Location: "/sitemap-2026-01.xml"}}, []string{"/sitemap-2026-02.xml", "/sitemap-2026-01.xml", "/sitemap-2025-12.xml"}},
		"nothing named so": {[]Entry{{Location: "/pages.xml"}, {Location: "/images.xml"}}, []string{"/pages.xml", "/images.xml"}},
	} {
		var got []string
		for _, e := range Order(test.entries) {
			got = append(got, e.Location)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestRoundTrip writes sitemaps and reads them again, packed or not.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(1, 50).Draw(t, "count")
		var b strings.Builder
		var want []Entry
		b.WriteString("<urlset>")
		for n := range count {
			e := Entry{Location: fmt.Sprintf("https://ag.example/%d", n)}
			fmt.Fprintf(&b, "<url><loc>%s</loc>", e.Location)
			if rapid.Bool().Draw(t, "dated") {
				e.Modified = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 9_000).Draw(t, "day"))
				fmt.Fprintf(&b, "<lastmod>%s</lastmod>", e.Modified.Format(time.DateOnly))
			}
			b.WriteString("</url>")
			want = append(want, e)
		}
		body := []byte(b.String() + "</urlset>")
		if rapid.Bool().Draw(t, "packed") {
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			_, _ = w.Write(body)
			_ = w.Close()
			body = packed.Bytes()
		}
		got, err := Read(body, "application/xml")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.Entries); diff != "" {
			t.Fatal(diff)
		}
	})
}

// FuzzRead reads anything: entries have an address, and there are not too many.
func FuzzRead(f *testing.F) {
	f.Add([]byte("<urlset><url><loc>a</loc><lastmod>2026-03-09</lastmod></url></urlset>"))
	f.Add([]byte("<sitemapindex><sitemap><loc>a</loc></sitemap></sitemapindex>"))
	f.Add([]byte("https://a/1\nhttps://a/2"))
	f.Add([]byte("\x1F\x8B\x08\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		file, err := Read(body, "text/xml")
		if err == nil && !file.IsIndex && len(file.Entries) == 0 || len(file.Entries) > maxEntries {
			t.Errorf("%d entries, %v", len(file.Entries), err)
		}
		for _, e := range file.Entries {
			if e.Location == "" {
				t.Error("an entry without an address")
			}
		}
		if len(Order(file.Entries)) > len(file.Entries) {
			t.Error("more than there are")
		}
	})
}

// BenchmarkRead reads a sitemap of the largest size that the protocol allows.
func BenchmarkRead(b *testing.B) {
	var body bytes.Buffer
	body.WriteString("<urlset>")
	for n := range 50_000 {
		fmt.Fprintf(&body, "<url><loc>https://ag.example/news/press-releases/attorney-general-takes-action-%d</loc><lastmod>2026-03-09T10:00:00-05:00</lastmod></url>\n", n)
	}
	body.WriteString("</urlset>")
	b.SetBytes(int64(body.Len()))
	for b.Loop() {
		if f, err := Read(body.Bytes(), "application/xml"); err != nil || len(f.Entries) != 50_000 {
			b.Fatal(err)
		}
	}
}
