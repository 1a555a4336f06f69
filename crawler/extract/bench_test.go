package extract

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
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

// BenchmarkHostile reads pages that are made to take long: too large to be read as they
// are, just not, and with as many elements as are read.
func BenchmarkHostile(b *testing.B) {
	for _, size := range []int{15 << 20, 8<<20 - 300, 1 << 20} {
		for _, name := range slices.Sorted(maps.Keys(hostile)) {
			body := []byte(hostile[name](size))
			for how, o := range hostileOffices {
				b.Run(fmt.Sprintf("%d MB/%s/%s", (size+1<<19)>>20, name, how), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						if _, err := Read(Input{Body: body, URL: "https://ag.example/news/1", Captured: time.Unix(1_700_000_000, 0), Office: o}); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

// hostileOffices are whose the hostile pages may be: of one that is not known, and of one
// whose rules take anything for a release.
var hostileOffices = map[string]office.Office{"general": {}, "rules": {ID: "HB", Page: office.Page{Title: "h1", Date: "p, time", Body: "body", Drop: []string{".x"}, Match: "news"}}}

// TestHostile reads the same pages and counts the memory that they take, all in all.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: reads 500 MB of pages")
	}
	const most = 150 << 20
	var worst uint64
	for how, o := range hostileOffices {
		size := 15 << 20
		if how == "rules" {
			size = 1 << 20
		}
		for _, name := range slices.Sorted(maps.Keys(hostile)) {
			body := []byte(hostile[name](size))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			page, err := Read(Input{Body: body, URL: "https://ag.example/news/1", Captured: time.Unix(1_700_000_000, 0), Office: o})
			runtime.ReadMemStats(&after)
			took := after.TotalAlloc - before.TotalAlloc
			worst = max(worst, took)
			if err != nil || took > most || len(page.Reading.Text) > longestText || len(page.Reading.Attachments) > 200 {
				t.Errorf("%s by %s: %d MB, %s (%s), %v", name, how, took>>20, page.Kind, page.Why, err)
			}
		}
	}
	t.Logf("at most %d MB for a page", worst>>20)
}

// fill repeats a text up to a size.
func fill(size int, s string) string { return strings.Repeat(s, size/len(s)) }

// startOf is how most hostile pages begin.
const startOf = "<html><body><h1>A headline of a page</h1>"

// hostile are pages of a size that are made to take long.
var hostile = map[string]func(size int) string{
	"nested div":         func(n int) string { return "<html><body>" + fill(n, "<div>") },
	"many in nested div": func(n int) string { return "<html><body>" + strings.Repeat("<div>", 400) + fill(n, "<div>x</div>") },
	"nested span":        func(n int) string { return "<html><body><p>" + fill(n, "<span>") },
	"nested table":       func(n int) string { return "<html><body>" + fill(n, "<table><tr><td>") },
	"open bold":          func(n int) string { return "<html><body>" + fill(n, "<p><b><i>x") },
	"distinct bold": func(n int) string {
		return "<html><body>" + strings.Repeat("<font size=1><font size=2><font size=3><b id=1><b id=2><b id=3>", 100) + fill(n, "</p><p>x")
	},
	"unclosed lists":   func(n int) string { return "<html><body>" + fill(n, "<ul><li>x") },
	"items":            func(n int) string { return startOf + "<main><ul>" + fill(n, "<li>x</li>") },
	"long attribute":   func(n int) string { return "<html><body><div class=\"" + fill(n, "a ") + "\">x" },
	"many attributes":  func(n int) string { return "<html><body><div " + fill(n, "a1 b2 c3 ") + ">x" },
	"no tags":          func(n int) string { return "<html><body>" + fill(n, "word ") },
	"one endless line": func(n int) string { return startOf + fill(n, "w") },
	"paragraphs":       func(n int) string { return startOf + fill(n, "<p>Some words that are in a paragraph.</p>") },
	"less-than signs":  func(n int) string { return "<html><body>" + fill(n, "<") },
	"entities":         func(n int) string { return "<html><body><p>" + fill(n, "&amp;&copy;") },
	"zeroes":           func(n int) string { return "<html><body>" + fill(n, "\x00") },
	"latin-1":          func(n int) string { return "<html><body>" + fill(n, "caf\xe9 ") },
	"controls":         func(n int) string { return "<html><body>" + fill(n, "caf\u0092 ") },
	"headings":         func(n int) string { return "<html><body>" + fill(n, "<h1>A heading of the page</h1>") },
	"links with dates": func(n int) string {
		return startOf + fill(n, "<p>March 3, 2021 <a href=/news/1>A headline that is long enough</a></p>")
	},
	"a million links": func(n int) string { return startOf + fill(n, "<a href=/news/1>Link</a>") },
	"links to files":  func(n int) string { return startOf + fill(n, "<a href=/a.pdf>A complaint of the state</a> ") },
	"other releases": func(n int) string {
		return startOf + fill(n, "<div><h2>Related News</h2><p><a href=/x>A headline that is long enough</a></p></div>")
	},
	"headings of others": func(n int) string { return startOf + fill(n, "<div><h2>Related News</h2>") },
	"html tags":          func(n int) string { return fill(n, "<html a=1 b=2>") },
	"comments":           func(n int) string { return "<html><body>" + fill(n, "<!-- x -->") },
	"breaks":             func(n int) string { return "<html><body><p>" + fill(n, "x<br>") },
	"dates":              func(n int) string { return startOf + fill(n, "1/2/2021 ") },
	"names of months":    func(n int) string { return startOf + fill(n, "march 2021 may ") },
	"brackets":           func(n int) string { return startOf + fill(n, "[a ") },
	"script":             func(n int) string { return startOf + "<script>" + fill(n, "a=1;") },
	"JSON-LD": func(n int) string {
		return "<html><head><script type=\"application/ld+json\">" + fill(n, `[{"@type":"NewsArticle"},`)
	},
	"list of items": func(n int) string {
		return "[" + fill(n, `{"title":{"rendered":"A title"},"link":"https://ag.example/x","date":"2021-03-03"},`) + "{}]"
	},
	"item": func(n int) string {
		return `{"link":"https://ag.example/x","title":{"rendered":"A"},"content":{"rendered":"` + fill(n, "<p>x[vc_row a=1]</p>") + `"}}`
	},
	"item of brackets": func(n int) string {
		return `{"link":"https://ag.example/x","title":{"rendered":"A"},"content":{"rendered":"` + fill(n, "[a b=") + `"}}`
	},
	"nested list": func(n int) string { return fill(n, "[") },
	"calendar": func(n int) string {
		return startOf + "<table><tr>" + fill(n, `<td class="day"><a href="/calendar/2021-03-01">1</a></td>`) + "</tr></table>"
	},
	"calendar of events": func(n int) string {
		return startOf + "<table><tr>" + fill(n, `<td class="day"><b>March 3, 2021</b><a href="/calendar/2021-03-01">Hearing of the council for ferries</a></td></tr><tr>`) + "</tr></table>"
	},
	"words of refusals": func(n int) string {
		return startOf + fill(n, "The page you are looking for is, verify that you are, your search, please accept ")
	},
	"words between marks": func(n int) string { return startOf + fill(n, "#a *b _c `d ~e |f !g > 1. ") },
}
