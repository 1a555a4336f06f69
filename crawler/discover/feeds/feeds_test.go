package feeds

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

var east = mustLoad("America/New_York")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// TestDay reads times as feeds have them as the office's day.
func TestDay(t *testing.T) {
	for written, want := range map[string]index.Date{
		"Tue, 10 Mar 2026 01:30:00 +0000":   "2026-03-09",
		"Tue, 10 Mar 2026 01:30:00 GMT":     "2026-03-09",
		"Tue, 10 Mar 2026 01:30:00 UT":      "2026-03-09",
		"2026-03-10T01:30:00Z":              "2026-03-09",
		"Tue, 3 Mar 2026 01:30:00 +0000":    "2026-03-02",
		"Tue, 10 Mar 2026 00:00:00 +0000":   "2026-03-10", // a day without time
		"2026-03-10T00:00:00-05:00":         "2026-03-10",
		"Mon, 09 Mar 2026 23:30:00 EST":     "2026-03-10", // in force is EDT
		"Mon, 09 Mar 2026 23:30:00 EDT":     "2026-03-09",
		"Mon, 09 Mar 2026 23:30:00":         "2026-03-09",
		"2026-03-09 23:30":                  "2026-03-09",
		"2026-03-09":                        "2026-03-09",
		"March 9, 2026":                     "2026-03-09",
		"Monday, March 9, 2026 - 3:00pm":    "2026-03-09",
		"03/09/2026":                        "2026-03-09",
		"yesterday":                         "",
		"":                                  "",
		"Mon, 09 Mar 2026 23:30:00 -0400":   "2026-03-09",
		"Tue, 10 Mar 2026 00:30:00 +0100":   "2026-03-09",
		"  Tue, 10 Mar 2026 12:00:00 GMT\n": "2026-03-10",
	} {
		body := "<rss version='2.0'><channel><title>x</title><item><title>x</title><link>https://ag.example/x</link><pubDate>" + written + "</pubDate></item></channel></rss>"
		f, err := Read([]byte(body), "text/xml", east)
		if err != nil || len(f.Items) != 1 {
			t.Fatalf("%q: %v", written, err)
		}
		if got := f.Items[0].Day; got != want || f.Items[0].Published != strings.TrimSpace(written) {
			t.Errorf("%q: %q, want %q", written, got, want)
		}
	}
}

// TestMidnight: midnight UTC is a day without time only where no item of a feed is timed.
func TestMidnight(t *testing.T) {
	const rss, atom = "<rss version='2.0'><channel><title>x</title>%</channel></rss>", "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title>%</feed>"
	for _, test := range []struct {
		name, frame, item string
		written           []string
		want              []index.Date
	}{
		{"bare days", rss, "<item><title>x</title><pubDate>%</pubDate></item>", []string{"Tue, 30 Apr 2024 00:00:00 +0000", "Mon, 29 Apr 2024 00:00:00 +0000"}, []index.Date{"2024-04-30", "2024-04-29"}},
		{"one among times", rss, "<item><title>x</title><pubDate>%</pubDate></item>", []string{"Thu, 02 May 2024 16:10:00 +0000", "Tue, 30 Apr 2024 00:00:00 +0000"}, []index.Date{"2024-05-02", "2024-04-29"}},
		{"not read", rss, "<item><title>x</title><pubDate>%</pubDate></item>", []string{"yesterday", "Tue, 30 Apr 2024 00:00:00 GMT", ""}, []index.Date{"", "2024-04-30", ""}},
		{"Atom, days", atom, "<entry><title>x</title><published>%</published><updated>2024-05-03T15:00:00Z</updated></entry>", []string{"2024-04-30T00:00:00Z", "2024-04-29T00:00:00Z"}, []index.Date{"2024-04-30", "2024-04-29"}},
		{"Atom, times", atom, "<entry><title>x</title><published>%</published></entry>", []string{"2024-04-30T00:00:00Z", "2024-04-29T12:30:00Z"}, []index.Date{"2024-04-29", "2024-04-29"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var items strings.Builder
			for _, w := range test.written {
				items.WriteString(strings.Replace(test.item, "%", w, 1))
			}
			f, err := Read([]byte(strings.Replace(test.frame, "%", items.String(), 1)), "text/xml", east)
			if err != nil {
				t.Fatal(err)
			}
			var got []index.Date
			for _, item := range f.Items {
				got = append(got, item.Day)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTooDeep(t *testing.T) {
	for text, want := range map[string]bool{
		strings.Repeat("<a>", maxDepth+1):                        true,
		strings.Repeat("<a></a>", maxDepth+1):                    false,
		strings.Repeat("<a/>", maxDepth+1):                       false,
		"<![CDATA[" + strings.Repeat("<a>", maxDepth+1) + "]]>":  false,
		"<a><![CDATA[x]]>" + strings.Repeat("<b>", maxDepth+1):   true,
		strings.Repeat("< a", maxDepth+1):                        false,
		strings.Repeat("<a>", maxDepth-1) + "<":                  false,
		"<![CDATA[" + strings.Repeat("<a>", maxDepth+1) + "] ]>": false,
	} {
		if got := tooDeep(text); got != want {
			t.Errorf("%.20q: %v", text, got)
		}
	}
}

// FuzzRead reads anything: it fails, or gives items whose days a calendar has.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><rss version="2.0"><channel><link>/</link><item><title>a &amp; b</title><link>/x</link><guid>y</guid><pubDate>Tue, 10 Mar 2026 01:30:00 +0000</pubDate></item></channel></rss>`))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/"><link rel="next" href="a"/><entry><title type="xhtml"><div>x</div></title><link href="b"/><updated>2026-03-10T01:30:00Z</updated></entry></feed>`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","next_url":"x","items":[{"id":1,"url":"/x","date_published":"2026-03-10"},null]}`))
	f.Add([]byte(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/><item><title>x</title><link>y</link></item></rdf:RDF>`))
	f.Add([]byte("<rss><channel><item><title><![CDATA[x]]>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		read, err := Read(body, "text/xml; charset=windows-1252", east)
		if err != nil {
			return
		}
		for _, item := range read.Items {
			if item.Day == "" {
				continue
			}
			if _, ok := index.ParseDate(string(item.Day)); !ok && item.Published != "" && len(item.Day) == len("2006-01-02") {
				t.Errorf("%q: %q", item.Published, item.Day)
			}
		}
	})
}
