package discover

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"agora/crawler/office"
)

// junk are answers that are made to take long.
var junk = map[string]func() string{
	"a million links":   func() string { return strings.Repeat("<a href=/x>y</a>", 1_000_000) },
	"different links":   func() string { return many16("<p><a href='/news/releases/%07d'>A headline of a release here</a>") },
	"choices":           func() string { return "<form><select name=y>" + many16("<option value='/y/%07d'>2020") },
	"nested blocks":     func() string { return strings.Repeat("<div>", 1_000_000) + "<a href=/x>y</a>" },
	"nested in links":   func() string { return strings.Repeat("<a href=/x><b>", 500_000) },
	"one endless line":  func() string { return "<p>" + strings.Repeat("word ", 3_000_000) },
	"one endless link":  func() string { return "<a href='" + strings.Repeat("x", 15_000_000) + "'>next</a>" },
	"one endless label": func() string { return "<a href=/x>" + strings.Repeat("next ", 3_000_000) + "</a>" },
	"nested rows":       func() string { return strings.Repeat("<div class=row><a href=/news/releases/x>Title</a>", 200_000) },
	"data in data":      func() string { return strings.Repeat(`{"next":[`, 1_000_000) },
	"markup in data":    func() string { return `["` + strings.Repeat(`<a href=/x>y</a>`, 900_000) + `"]` },
	"entities": func() string {
		return `<rss version="2.0"><channel>` + strings.Repeat("<item><title>&amp;&#8220;&a;</title></item>", 300_000)
	},
	"attributes": func() string { return "<a href=/x " + strings.Repeat("data-url=/y ", 1_200_000) + ">next</a>" },
}

func many16(format string) string {
	var b strings.Builder
	for n := 0; b.Len() < 15_000_000; n++ {
		fmt.Fprintf(&b, format, n)
	}
	return b.String()
}

// BenchmarkJunk walks answers of 15 MB that are made to take long, with each strategy.
func BenchmarkJunk(b *testing.B) {
	for name, make := range junk {
		for _, kind := range []string{office.Listing, office.Feed, office.Sitemap, office.Data, office.WordPress} {
			b.Run(name+" as "+kind, func(b *testing.B) {
				body := make()
				source := office.Source{Kind: kind, URL: "https://ag.example/news", Match: "/news/releases/"}
				b.ReportAllocs()
				for b.Loop() {
					s := &site{t: b, answer: func(*url.URL) answer { return answer{body: body} }}
					w := Walk{Office: harbor(source), Source: source, Now: now, Get: s.get}
					For(kind)(b.Context(), w)(func(Page, error) bool { return false })
				}
			})
		}
	}
}
