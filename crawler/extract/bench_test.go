package extract

import (
	"os"
	"strings"
	"testing"
	"time"

	"agora/crawler/office"
)

// BenchmarkRead reads the shared pages one after the other on one core, by the rules of
// their offices and by general rules alone.
func BenchmarkRead(b *testing.B) {
	if _, err := os.Stat(shared); err != nil {
		b.Skip("skipped: ../shared is not here")
	}
	catalogue, err := office.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	pages := realPages(b)
	for _, mode := range []struct {
		name  string
		rules func(office.Office) office.Office
	}{
		{"selectors", func(o office.Office) office.Office { return o }},
		{"general", withoutSelectors},
	} {
		b.Run(mode.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, p := range pages {
					o, _ := catalogue.Office(p.state)
					if _, err := Read(Input{Body: p.body, ContentType: p.contentType, URL: p.url, Captured: p.date, Office: mode.rules(o)}); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.N*len(pages))/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

// BenchmarkHostile reads 20 MB of nested tags.
func BenchmarkHostile(b *testing.B) {
	for name, body := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(Input{Body: []byte(body), URL: "https://ag.example/news/1", Captured: time.Unix(1_700_000_000, 0)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// hostile are pages of 20 MB that are made to take long.
func hostile() map[string]string {
	const size = 20 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	return map[string]string{
		"nested div":       "<html><body>" + fill("<div>"),
		"nested span":      "<html><body><p>" + fill("<span>"),
		"nested table":     "<html><body>" + fill("<table><tr><td>"),
		"open bold":        "<html><body>" + fill("<p><b><i>x"),
		"distinct bold":    "<html><body>" + strings.Repeat("<font size=1><font size=2><font size=3><b id=1><b id=2><b id=3>", 100) + fill("</p><p>x"),
		"unclosed lists":   "<html><body>" + fill("<ul><li>x"),
		"long attribute":   "<html><body><div class=\"" + fill("a ") + "\">x",
		"many attributes":  "<html><body><div " + fill("a1 b2 c3 ") + ">x",
		"no tags":          "<html><body>" + fill("word "),
		"paragraphs":       "<html><body>" + fill("<p>Some words that are in a paragraph.</p>"),
		"less-than signs":  "<html><body>" + fill("<"),
		"zeroes":           "<html><body>" + fill("\x00"),
		"headings":         "<html><body>" + fill("<h1>A heading of the page</h1>"),
		"links with dates": "<html><body>" + fill("<p>March 3, 2021 <a href=/news/1>A headline that is long enough</a></p>"),
		"html tags":        fill("<html a=1 b=2>"),
		"comments":         "<html><body>" + fill("<!-- x -->"),
		"breaks":           "<html><body><p>" + fill("x<br>"),
		"dates":            "<html><body><h1>A headline of a page</h1>" + fill("1/2/2021 "),
	}
}
