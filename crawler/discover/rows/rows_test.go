package rows

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"agora/crawler/office"
)

const address = "https://ag.example/news/"

func read(t testing.TB, r *Reader, base, markup string, s office.Source) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, row := range r.Read(root, u, s) {
		all = append(all, fmt.Sprintf("%s %s %s", row.Date, row.Title, strings.TrimPrefix(row.URL, "https://ag.example")))
	}
	return all
}

// card is a release as a block with a picture, a topic, a headline and "read more".
func card(n int) string {
	return fmt.Sprintf(`<div class="card card-%d"><a href="/news/%d"><img alt=""></a><a href="/topics/scams">Scams and consumer fraud</a><h3><a href="/news/%d">Marlowe wins the case of the year %d</a></h3><span>March %d, 2026</span><a href="/news/%d">Read more</a></div>`, n, n, n, n, n, n)
}

func rowOf(n int) string {
	return fmt.Sprintf("2026-03-%02d Marlowe wins the case of the year %d /news/%d", n, n, n)
}

func pageWith(cards ...int) string {
	var b strings.Builder
	b.WriteString(`<body class="page-x"><nav><a href="/news/7">Attorney General's newest and most important release</a></nav><main class="wide"><h1>News</h1><div class="cards list-view">`)
	for _, n := range cards {
		b.WriteString(card(n))
	}
	return b.String() + `</div></main><footer><a href="/news/8">Another release in the footer of the page</a></footer></body>`
}

var rule = regexp.MustCompile(`^https://ag\.example/news/\d+$`)

// TestLearned reads pages with one or two rows by what the rows of the first had in common.
func TestLearned(t *testing.T) {
	r := &Reader{}
	if diff := cmp.Diff([]string{rowOf(1), rowOf(2), rowOf(3), rowOf(4)}, read(t, r, address, pageWith(1, 2, 3, 4), office.Source{})); diff != "" {
		t.Error(diff)
	}
	if r.learned.Item == "" {
		t.Fatal("nothing was learned")
	}
	for _, cards := range [][]int{{5}, {5, 6}} {
		var want []string
		for _, n := range cards {
			want = append(want, rowOf(n))
		}
		if diff := cmp.Diff(want, read(t, r, address, pageWith(cards...), office.Source{})); diff != "" {
			t.Error(diff)
		}
	}
	if got := read(t, r, address, pageWith(), office.Source{}); got != nil {
		t.Errorf("of an empty page: %q", got)
	}
}

// TestRuled finds single links by the match rule, or below the page where there is none.
func TestRuled(t *testing.T) {
	hero := `<div class="hero"><a href="/news/9"><h2>Marlowe sues</h2></a><p>Posted on March 9, 2026 by the office</p></div>`
	for name, test := range map[string]struct {
		base, markup string
		ruled        bool
		want         []string
	}{
		"one card":        {address, pageWith(1), true, []string{rowOf(1)}},
		"one, unruled":    {address, pageWith(1), false, []string{rowOf(1)}},
		"a hero":          {address, strings.Replace(pageWith(1, 2, 3), "<h1>", hero+"<h1>", 1), true, []string{rowOf(1), rowOf(2), rowOf(3), "2026-03-09 Marlowe sues /news/9"}},
		"a page's files":  {"https://ag.example/news/index.html", `<main><p><a href="one.html">Marlowe wins</a> 3/9/2026</p></main>`, false, []string{"2026-03-09 Marlowe wins /news/one.html"}},
		"a page's folder": {"https://ag.example/news.html", `<main><p><a href="/news/one.html">Marlowe wins</a> <time datetime="2026-03-09T10:00:00Z">yesterday</time></p></main>`, false, []string{"2026-03-09 Marlowe wins /news/one.html"}},
		"undated menus":   {address, `<main><a href="/news/topics">Topics</a> <a href="/news/archive">Archive</a></main>`, false, nil},
		"of a home page":  {"https://ag.example/", `<main><a href="/about-the-office">About the office of the attorney general</a></main>`, false, nil},
		"no words":        {address, `<main><a href="/news/9"><img></a></main>`, true, nil},
		"fragments":       {address, `<main><p><a href="/news/9#top">Marlowe sues</a> March 9, 2026</p></main>`, true, []string{"2026-03-09 Marlowe sues /news/9"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := &Reader{}
			if test.ruled {
				r.Matches = rule.MatchString
			}
			if diff := cmp.Diff(test.want, read(t, r, test.base, test.markup, office.Source{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSelectors come first, and general rules where they find nothing.
func TestSelectors(t *testing.T) {
	s := office.Source{Item: ".card", Link: "h3 a", Date: "span"}
	if diff := cmp.Diff([]string{rowOf(1)}, read(t, &Reader{Matches: rule.MatchString}, address, pageWith(1), s)); diff != "" {
		t.Error(diff)
	}
	s.Item = ".nothing"
	if got := read(t, &Reader{}, address, pageWith(1, 2, 3), s); len(got) != 3 {
		t.Errorf("%q", got)
	}
}

func TestNeedsScripts(t *testing.T) {
	words := strings.Repeat("The office serves the people of Harbor. ", 40)
	for markup, want := range map[string]bool{
		`<div id=root></div><script src=x></script>`:                 true,
		`<div id=root></div>`:                                        false,
		`<p>` + words + `</p><script></script>`:                      false,
		`<p>` + words + `</p><script></script><app-root></app-root>`: true,
		`<p>` + words + `</p><noscript>Please enable JavaScript to see the news</noscript><script></script>`:  true,
		`<p>` + words + words + words + `</p><noscript>Please enable JavaScript.</noscript><script></script>`: false,
		`<p>` + words + `</p><script>var s = "enable JavaScript"</script>`:                                    false,
	} {
		root, _ := html.Parse(strings.NewReader(markup))
		if got := NeedsScripts(root); got != want {
			t.Errorf("%.80s: %v", markup, got)
		}
	}
}

// FuzzRead reads anything twice with one reader: rows have a title and lead somewhere.
func FuzzRead(f *testing.F) {
	f.Add(pageWith(1, 2, 3), pageWith(4), true)
	f.Add(pageWith(1), "<a href=x>", false)
	f.Fuzz(func(t *testing.T, first, second string, ruled bool) {
		r := &Reader{}
		if ruled {
			r.Matches = func(string) bool { return true }
		}
		for _, markup := range []string{first, second, first} {
			root, err := html.Parse(strings.NewReader(markup))
			if err != nil {
				return
			}
			u, _ := url.Parse(address)
			for _, row := range r.Read(root, u, office.Source{}) {
				if row.Title == "" || row.URL == "" {
					t.Errorf("%+v", row)
				}
			}
			NeedsScripts(root)
		}
	})
}
