package pager

import (
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// pageOf makes a page of markup under an address.
func pageOf(t testing.TB, address, markup string) Page {
	root, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := Page{Address: address, Base: base, Latest: 2027, Rows: map[string]bool{}, May: func(a string) bool {
		u, err := url.Parse(a)
		return err == nil && u.Host == base.Host && a != address
	}}
	for _, n := range cascadia.QueryAll(root, cascadia.MustCompile(Selector)) {
		p.Controls = append(p.Controls, Controls(n)...)
	}
	return p
}

// TestNext finds the next page in the pagers of usual systems; only the best guess counts.
func TestNext(t *testing.T) {
	for name, test := range map[string]struct{ address, markup, want string }{
		"Drupal 7":          {"https://ag.example/news?page=3", `<ul class="pager"><li class="pager-first first"><a href="/news">« first</a></li><li class="pager-previous"><a href="/news?page=2">‹ previous</a></li><li class="pager-item"><a href="/news?page=2">3</a></li><li class="pager-current">4</li><li class="pager-item"><a href="/news?page=4">5</a></li><li class="pager-next"><a href="/news?page=4">next ›</a></li><li class="pager-last last"><a href="/news?page=99">last »</a></li></ul>`, "?page=4"},
		"Drupal 10":         {"https://ag.example/news", `<nav class="pager" role="navigation"><ul class="pager__items js-pager__items"><li class="pager__item is-active"><a href="?page=0" title="Current page" aria-current="page">1</a></li><li class="pager__item"><a href="?page=1">2</a></li><li class="pager__item pager__item--next"><a href="?page=1" title="Go to next page" rel="next"><span class="visually-hidden">Next page</span><span aria-hidden="true">Next ›</span></a></li><li class="pager__item pager__item--last"><a href="?page=445" title="Go to last page"><span class="visually-hidden">Last page</span><span aria-hidden="true">Last »</span></a></li></ul></nav>`, "?page=1"},
		"Drupal, several":   {"https://ag.example/news?page=0,2", `<a rel="next" href="?page=0,3">Next</a>`, "?page=0,3"},
		"Drupal, load more": {"https://ag.example/news", `<ul class="js-pager__items pager" data-drupal-views-infinite-scroll-pager><li class="pager__item"><a class="button" href="?page=1" title="Load more items" rel="next">Load More</a></li></ul>`, "?page=1"},
		"WordPress":         {"https://ag.example/news/page/2/", `<nav class="navigation pagination"><div class="nav-links"><a class="prev page-numbers" href="https://ag.example/news/">« Prev</a><a class="page-numbers" href="https://ag.example/news/">1</a><span class="page-numbers current">2</span><a class="page-numbers" href="https://ag.example/news/page/3/">3</a><span class="page-numbers dots">…</span><a class="page-numbers" href="https://ag.example/news/page/40/">40</a><a class="next page-numbers" href="https://ag.example/news/page/3/">Next »</a></div></nav>`, "/news/page/3/"},
		"WordPress blocks":  {"https://ag.example/", `<nav class="wp-block-query-pagination"><a href="/?query-1-page=2" class="wp-block-query-pagination-next">Next Page</a></nav>`, "/?query-1-page=2"},
		"WordPress, older":  {"https://ag.example/news/page/2/", `<div class="nav-previous"><a href="/news/page/3/"><span class="meta-nav">←</span> Older posts</a></div><div class="nav-next"><a href="/news/">Newer posts →</a></div>`, "/news/page/3/"},
		"WordPress, prior":  {"https://ag.example/news/", `<div class="nav-next"></div><div class="nav-previous"><a href="/news/?sf_paged=2">Prior News »</a></div>`, "/news/?sf_paged=2"},
		"Divi":              {"https://ag.example/news/", `<div class="pagination clearfix"><div class="alignleft"><a href="/news/page/2/?et_blog">« Older Entries</a></div><div class="alignright"></div></div>`, "/news/page/2/?et_blog"},
		"Joomla":            {"https://ag.example/news?start=10", `<ul class="pagination"><li><a href="/news?start=0" aria-label="Go to first page">«</a></li><li><a href="/news?start=0" aria-label="Go to previous page">‹</a></li><li><a href="/news?start=0">1</a></li><li class="active"><a>2</a></li><li><a href="/news?start=20">3</a></li><li><a href="/news?start=20" aria-label="Go to next page">›</a></li><li><a href="/news?start=90" aria-label="Go to last page">»</a></li></ul>`, "/news?start=20"},
		"icons alone":       {"https://ag.example/news", `<a href="?page=2" aria-label="Next"><i class="fa"></i></a>`, "?page=2"},
		"numbers alone":     {"https://ag.example/news?pg=2", `<a href="?pg=1">1</a> <a href="?pg=3">3</a> <a href="?pg=4">4</a>`, "?pg=3"},
		"numbers, no 2":     {"https://ag.example/news?pg=9", `<a href="?pg=1">1</a> … <a href="?pg=12">12</a> <a href="?pg=11">11</a>`, "?pg=11"},
		"folders":           {"https://ag.example/News/Page/1", `<a href="/News/Page/1">1</a><a href="/News/Page/2">2</a><a href="/News/Page/3">3</a><a href="/News/Page/57">»</a>`, "/News/Page/2"},
		"other filters":     {"https://ag.example/news?topic=fraud&page=1", `<a href="?page=2">2</a><a href="?page=2&topic=fraud">›</a>`, "?page=2&topic=fraud"},
		"a button":          {"https://ag.example/news", `<button class="load-more" data-url="/news/list?offset=10">Show more</button>`, "/news/list?offset=10"},
		"htmx":              {"https://ag.example/news", `<button hx-get="/news/rows?page=2" hx-target="#rows">More news</button>`, "/news/rows?page=2"},
		"in Spanish":        {"https://ag.example/noticias", `<a href="/noticias/pagina/2">Página siguiente</a><a href="?pagina=2">Siguiente</a>`, "?pagina=2"},
		"head":              {"https://ag.example/news", `<html><head><link rel="prev" href="/x"><link rel="next" href="/news?c=abc"></head></html>`, "/news?c=abc"},
		"a token":           {"https://ag.example/news", `<a class="pagination-next" href="/news?cursor=abc">→</a>`, "/news?cursor=abc"},

		"nothing":         {"https://ag.example/news", `<a href="/about">About</a><a href="/contact?page=2">Contact</a>`, ""},
		"the last page":   {"https://ag.example/news?page=9", `<a href="?page=0">First</a><a href="?page=8">Previous</a><a href="?page=8">9</a>`, ""},
		"a disabled one":  {"https://ag.example/news?page=9", `<li class="next disabled"><a href="?page=9#">Next</a></li>`, ""},
		"newer":           {"https://ag.example/news", `<a href="/news?before=1">Newer posts</a>`, ""},
		"a carousel":      {"https://ag.example/news", `<a class="carousel-control-next" href="#hero" role="button">Next</a>`, ""},
		"next steps":      {"https://ag.example/news", `<a href="/victims">Next steps for victims</a><a href="/more">More about us</a>`, ""},
		"the far future":  {"https://ag.example/calendar?month=2027-12", `<a href="?month=2028-01">Next</a>`, ""},
		"the far past":    {"https://ag.example/archive/1990", `<a href="/archive/1989">Older</a>`, ""},
		"posts by number": {"https://ag.example/", `<a href="/?p=17">Attorney General wins</a>`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := pageOf(t, test.address, test.markup)
			got := append(p.Next(), "")[0]
			want := test.want
			if want != "" {
				want = Resolve(p.Base, want)
			}
			if name == "in Spanish" {
				want = got // either is right
			}
			if got != want {
				t.Errorf("next %q, want %q of %q", got, want, p.Next())
			}
		})
	}
}

func TestNumber(t *testing.T) {
	for address, want := range map[string]struct {
		number int
		series string
	}{
		"https://ag.example/news":                        {-1, "https://ag.example/news"},
		"https://ag.example/news/?page=0":                {0, "https://ag.example/news"},
		"https://ag.example/news?b=2&a=1&page=3":         {3, "https://ag.example/news?a=1&b=2"},
		"https://ag.example/news?page=":                  {-1, "https://ag.example/news"},
		"https://ag.example/news?page=0%2C7":             {7, "https://ag.example/news"},
		"https://ag.example/news/page/12/":               {12, "https://ag.example/news"},
		"https://ag.example/News/Page/1":                 {1, "https://ag.example/News"},
		"https://ag.example/news/page-3.html":            {3, "https://ag.example/news"},
		"https://ag.example/news?et_pb_page=4&x=":        {4, "https://ag.example/news"},
		"https://ag.example/news?field%5Bpage%5D=4":      {4, "https://ag.example/news"},
		"https://ag.example/news?limitstart=99999999999": {-1, "https://ag.example/news?limitstart=99999999999"},
		"https://ag.example/news?year=2020":              {-1, "https://ag.example/news?year=2020"},
	} {
		u, _ := url.Parse(address)
		number, series := Number(u)
		if number != want.number || series != want.series {
			t.Errorf("%s: %d %s, want %+v", address, number, series, want)
		}
	}
}

func TestArchives(t *testing.T) {
	for name, test := range map[string]struct {
		markup string
		want   []string
	}{
		"folders": {`<a href="/news/2019/">2019</a><a href="/news/2021/">2021 Press Releases</a><a href="/news/2020/">Archive 2020 (14)</a><a href="/news/2018/x">A suit of 2018 that was won</a>`, []string{"/news/2021/", "/news/2020/", "/news/2019/"}},
		"months":  {`<a href="/2025/12/">December 2025</a><a href="/2026/02/">February 2026 (3)</a><a href="/2026/01/">enero de 2026</a>`, []string{"/2026/02/", "/2026/01/", "/2025/12/"}},
		"both":    {`<a href="/2025/12/">December 2025</a><a href="/2025/">2025</a>`, []string{"/2025/"}},
		"twice":   {`<a href="/2025/">2025</a><a href="/2025/#top">2025</a>`, []string{"/2025/"}},
		"bounds":  {`<a href="/news/1989/">1989</a><a href="/news/2028/">2028</a><a href="/news/1990">1990</a>`, []string{"/news/1990"}},
		"choices": {`<form><select name="y"><option value="All">All</option><option value="2024">2024</option></select></form><form method=post><select name="y"><option value="2023">2023</option></select></form><select><option value="/news/2022">2022</option><option value="2021">2021</option></select>`, []string{"/news?y=2024", "/news/2022"}},
		"none":    {`<a href="/annual-report">2024</a><a href="/x">December 2025</a>`, nil},
	} {
		p := pageOf(t, "https://ag.example/news", test.markup)
		var got []string
		for _, a := range p.Archives() {
			got = append(got, strings.TrimPrefix(a, "https://ag.example"))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestLinkOf(t *testing.T) {
	for markup, want := range map[string]string{
		`<a href="/x">Next</a>`:                                 "/x",
		`<li class="next"><span><a href="/x">›</a></span></li>`: "/x",
		`<button data-url="/more?page=2">More</button>`:         "/more?page=2",
		`<button>More</button>`:                                 "",
		`<link rel="next" href="/x">`:                           "/x",
	} {
		root, _ := html.Parse(strings.NewReader(markup))
		n := cascadia.Query(root, cascadia.MustCompile("a, li, button, link"))
		if got := LinkOf(n); got != want {
			t.Errorf("%s: %q", markup, got)
		}
	}
}

func TestInData(t *testing.T) {
	markup, next, ok := InData(`{"data":{"html":"<a href='/x'>X</a>","n":1},"items":["<p>no link</p>","<a href=\"/y\">Y</a>"],"links":{"next":"/more?page=3"}}`)
	if !ok || markup != `<a href='/x'>X</a><a href="/y">Y</a>` || next != "/more?page=3" {
		t.Errorf("%q, %q, %v", markup, next, ok)
	}
	for _, other := range []string{"<html>", "[1", "words", "", `{"a"`} {
		if _, _, ok := InData(other); ok {
			t.Errorf("%q is data", other)
		}
	}
	if next, total := Around(`{"Next":"?page=2","Meta":{"Total":7}}`); next != "?page=2" || total != 7 {
		t.Errorf("%q, %d", next, total)
	}
	if next, total := Around(`{"next":"2","total":"7"}`); next != "" || total != 0 {
		t.Errorf("%q, %d", next, total)
	}
}

// FuzzNext finds next pages and archives in anything: all may be asked for, once each.
func FuzzNext(f *testing.F) {
	f.Add("https://ag.example/news?page=2", `<a rel=next href="?page=3">Next</a><a href="/2020/">2020</a>`)
	f.Add("https://ag.example/", `<form><select name=y><option value=2020>2020</select></form><button data-url="?x">More`)
	f.Fuzz(func(t *testing.T, address, markup string) {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" {
			return
		}
		p := pageOf(t, address, markup)
		seen := map[string]bool{}
		for _, next := range p.Next() {
			if seen[next] || !p.May(next) || !InCalendar(next, p.Latest) {
				t.Errorf("%q", next)
			}
			seen[next] = true
		}
		if n := len(p.Archives()); n > 12*40 {
			t.Errorf("%d archives", n)
		}
		InData(markup)
	})
}
