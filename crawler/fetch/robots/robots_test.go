package robots_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/crawler/fetch/robots"
)

// lines joins lines of a robots.txt.
func lines(list ...string) string { return strings.Join(list, "\n") + "\n" }

// TestGroups is about whom rules are for (RFC 9309 §2.1, §2.2.1).
func TestGroups(t *testing.T) {
	rfc := lines( // the example of §5.1
		"User-Agent: *",
		"Disallow: *.gif$",
		"Disallow: /example/",
		"Allow: /publications/",
		"",
		"User-Agent: foobot",
		"Disallow:/",
		"Allow:/example/page.html",
		"Allow:/example/allowed.gif",
		"",
		"User-Agent: barbot",
		"User-Agent: bazbot",
		"Disallow: /example/page.html",
		"",
		"User-Agent: quxbot",
		"",
		"EOF")
	for name, tt := range map[string]struct {
		file, product, path string
		want                bool
	}{
		"rfc: foobot is closed":            {rfc, "foobot", "/publications/x", false},
		"rfc: foobot, a page":              {rfc, "foobot", "/example/page.html", true},
		"rfc: foobot, an image":            {rfc, "foobot", "/example/allowed.gif", true},
		"rfc: barbot":                      {rfc, "barbot", "/example/page.html", false},
		"rfc: bazbot":                      {rfc, "bazbot", "/example/page.html", false},
		"rfc: bazbot elsewhere":            {rfc, "bazbot", "/example/x.gif", true},
		"rfc: quxbot may everything":       {rfc, "quxbot", "/example/x.gif", true},
		"rfc: others, an image":            {rfc, "Agora", "/x.gif", false},
		"rfc: others, a folder":            {rfc, "Agora", "/example/", false},
		"rfc: others, allowed":             {rfc, "Agora", "/publications/", true},
		"any case":                         {lines("user-agent: aGORA", "disallow: /a"), "Agora", "/a", false},
		"with a version":                   {lines("User-agent: Agora/1.0", "Disallow: /a"), "Agora", "/a", false},
		"the whole agent string":           {lines("User-agent: Agora/1.0 (+https://ag.example/)", "Disallow: /a"), "Agora", "/a", false},
		"another product, longer":          {lines("User-agent: agorabot", "Disallow: /a"), "Agora", "/a", true},
		"another product, with a dash":     {lines("User-agent: agora-news", "Disallow: /a"), "Agora", "/a", true},
		"another product, with a digit":    {lines("User-agent: agora2", "Disallow: /a"), "Agora", "/a", true},
		"another product, shorter":         {lines("User-agent: ago", "Disallow: /a"), "Agora", "/a", true},
		"several groups are one: first":    {lines("User-agent: agora", "Disallow: /a", "User-agent: x", "Disallow: /", "User-agent: Agora", "Disallow: /b"), "Agora", "/a", false},
		"several groups are one: second":   {lines("User-agent: agora", "Disallow: /a", "User-agent: x", "Disallow: /", "User-agent: Agora", "Disallow: /b"), "Agora", "/b", false},
		"several groups are one: no other": {lines("User-agent: agora", "Disallow: /a", "User-agent: x", "Disallow: /", "User-agent: Agora", "Disallow: /b"), "Agora", "/c", true},
		"several groups for everyone":      {lines("User-agent: *", "Disallow: /a", "User-agent: x", "Allow: /", "User-agent: *", "Disallow: /b"), "Agora", "/a", false},
		"named beats everyone":             {lines("User-agent: *", "Disallow: /", "User-agent: agora", "Disallow: /a"), "Agora", "/b", true},
		"named beats everyone, no rules":   {lines("User-agent: *", "Disallow: /", "User-agent: agora"), "Agora", "/b", true},
		"named and everyone in one group":  {lines("User-agent: *", "User-agent: agora", "Disallow: /a"), "Agora", "/a", false},
		"no group":                         {lines("Disallow: /"), "Agora", "/a", true},
		"rules before the first group":     {lines("Disallow: /", "User-agent: *", "Disallow: /b"), "Agora", "/a", true},
		"empty lines inside a group":       {lines("User-agent: x", "", "User-agent: *", "", "", "Disallow: /a", "", "Disallow: /b"), "Agora", "/b", false},
		"a star with words":                {lines("User-agent: * (all)", "Disallow: /a"), "Agora", "/a", false},
		"a star inside a name":             {lines("User-agent: agora*", "Disallow: /a"), "Agora", "/a", false},
		"a star before a name":             {lines("User-agent: *bot", "Disallow: /a"), "Agora", "/a", true},
		"a sitemap ends no group":          {lines("User-agent: *", "Sitemap: https://ag.example/s.xml", "Disallow: /a"), "Agora", "/a", false},
		"a sitemap joins no groups":        {lines("User-agent: x", "Disallow: /", "Sitemap: /s.xml", "User-agent: *", "Disallow: /a"), "Agora", "/b", true},
		"unknown lines say nothing":        {lines("User-agent: x", "Noindex: /", "Host: y", "User-agent: *", "Disallow: /a"), "Agora", "/a", false},
		"empty file":                       {"", "Agora", "/a", true},
		"nothing but a mark":               {"\uFEFF", "Agora", "/a", true},
		"mark before the first line":       {"\uFEFF" + lines("User-agent: *", "Disallow: /a"), "Agora", "/a", false},
		"CR":                               {"User-agent: *\rDisallow: /a\rAllow: /a/b\r", "Agora", "/a", false},
		"CRLF":                             {"User-agent: *\r\nDisallow: /a\r\n", "Agora", "/a", false},
		"no end of the last line":          {"User-agent: *\nDisallow: /a", "Agora", "/a", false},
		"comments":                         {lines("# User-agent: x", "User-agent: * # all", "Disallow: /a # this", "#Disallow: /b"), "Agora", "/a", false},
		"comments are no rules":            {lines("User-agent: *", "#Disallow: /b"), "Agora", "/b", true},
		"white space":                      {lines(" \tUser-agent \t:\t * ", "\tDisallow : \t /a \t"), "Agora", "/a", false},
		"forgotten colon":                  {lines("User-agent *", "Disallow /a"), "Agora", "/a", false},
		"misspelt":                         {lines("User-agent: *", "Dissallow: /a"), "Agora", "/a", false},
		"HTML in its place":                {"<!DOCTYPE html><html><head><title>Disallow: /</title>\n<body>User-agent: *\n<p>Disallow: /</p>", "Agora", "/a", true},
		"bytes that are no text":           {"User-agent: *\nDisallow: /\xff\xfe\nDisallow: /a\x00\n", "Agora", "/a", false},
	} {
		if got, rule := robots.Parse([]byte(tt.file), tt.product).Allowed(tt.path); got != tt.want {
			t.Errorf("%s: %v by %q", name, got, rule)
		}
	}
}

// TestPaths is about what rules are about (RFC 9309 §2.2.2, §2.2.3).
func TestPaths(t *testing.T) {
	for _, tt := range []struct {
		rules string // one a line, for everyone
		path  string
		want  bool
	}{
		{"Disallow: /", "/", false},
		{"Disallow: /", "", false},
		{"Disallow:", "/a", true},
		{"Allow:\nDisallow: /", "/a", false},
		{"Disallow: /a", "/A", true}, // paths have case
		{"Disallow: /fish", "/fish.html", false},
		{"Disallow: /fish", "/fish/salmon.html", false},
		{"Disallow: /fish", "/catfish", true},
		{"Disallow: /fish/", "/fish", true},
		{"Disallow: /fish/", "/fish/?id=1", false},
		{"Disallow: fish", "/fish", true},                // begins nowhere
		{"Disallow: https://ag.example/", "/fish", true}, // names no path
		// The longest match wins, and what allows among equals.
		{"Allow: /p\nDisallow: /", "/page", true},
		{"Disallow: /\nAllow: /p", "/page", true},
		{"Allow: /folder\nDisallow: /folder", "/folder/page", true},
		{"Disallow: /folder\nAllow: /folder", "/folder/page", true},
		{"Allow: /folder/page\nDisallow: /folder", "/folder/page", true},
		{"Allow: /folder\nDisallow: /folder/page", "/folder/page", false},
		{"Allow: /page\nDisallow: /*.htm", "/page.htm", false},
		{"Allow: /page\nDisallow: /*.ph", "/page.php5", true}, // five octets each
		{"Allow: /$\nDisallow: /", "/", true},
		{"Allow: /$\nDisallow: /", "/page.htm", false},
		{"Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", false}, // §5.2
		// "*" and "$"
		{"Disallow: /*.php", "/index.php", false},
		{"Disallow: /*.php", "/folder/filename.php?parameters", false},
		{"Disallow: /*.php", "/", true},
		{"Disallow: /*.php", "/windows.PHP", true},
		{"Disallow: /*.php$", "/filename.php", false},
		{"Disallow: /*.php$", "/filename.php?parameters", true},
		{"Disallow: /*.php$", "/filename.php/", true},
		{"Disallow: /*.php$", "/a.php/b.php", false},
		{"Disallow: /fish*.php", "/fishheads/catfish.php?parameters", false},
		{"Disallow: /fish*.php", "/Fish.PHP", true},
		{"Disallow: /fish*", "/fish", false},
		{"Disallow: /**/x", "/a/b/x", false},
		{"Disallow: *", "/a", false},
		{"Disallow: *.gif$", "/a.gif", false},
		{"Disallow: /*$", "/a", false},
		{"Disallow: /a*a$", "/a", true}, // the two don't share a letter
		{"Disallow: /a*a$", "/aa", false},
		{"Disallow: /a$b", "/a$b", false}, // "$" is a mark at the end only
		{"Disallow: /a$b", "/a", true},
		{"Disallow: /path/file-with-a-%2A.html", "/path/file-with-a-*.html", false}, // §2.2.3
		{"Disallow: /path/file-with-a-%2A.html", "/path/file-with-a-b.html", true},
		{"Disallow: /path/foo-%24", "/path/foo-$", false},
		{"Disallow: /path/foo-%24", "/path/foo-", true},
		// Encoded and bare octets: the table of §2.2.2.
		{"Disallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", false},
		{"Disallow: /foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", false},
		{"Disallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar", false},
		{"Disallow: /foo/bar/\u30C4", "/foo/bar/%E3%83%84", false},
		{"Disallow: /foo/bar/\u30C4", "/foo/bar/\u30C4", false},
		{"Disallow: /foo/bar/%E3%83%84", "/foo/bar/%E3%83%84", false},
		{"Disallow: /foo/bar/%e3%83%84", "/foo/bar/\u30C4", false},
		{"Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false},
		{"Disallow: /foo/bar/baz", "/foo/bar/%62%61%7A", false},
		{"Disallow: /a%3cd.html", "/a%3Cd.html", false},
		{"Disallow: /a<d.html", "/a%3Cd.html", false},
		{"Disallow: /a%2Fb", "/a/b", true}, // a slash separates, an encoded one does not
		{"Disallow: /a/b", "/a%2fb", true},
		{"Disallow: /100%", "/100%25", false},
		{"Disallow: /%7Ejoe/", "/~joe/", false},
		{"Disallow: /a b", "/a%20b", false},
		{"Disallow: /*?q=a/b", "/s?q=a%2Fb", false},
		// A query is compared as it is, without sorting.
		{"Disallow: /s?b=1", "/s?a=1&b=1", true},
		{"Disallow: /s?b=1&a=2", "/s?b=1&a=2", false},
		{"Disallow: /*b=1", "/s?a=1&b=1", false},
		// robots.txt itself is always allowed.
		{"Disallow: /", "/robots.txt", true},
		{"Disallow: /", "/robots.txt?x=1", true},
		{"Disallow: /", "/robots.txt.bak", false},
	} {
		rules := robots.Parse([]byte("User-agent: *\n"+tt.rules), "Agora")
		if got, rule := rules.Allowed(tt.path); got != tt.want {
			t.Errorf("%q: %q is %v by %q", tt.rules, tt.path, got, rule)
		}
	}
}

func TestRuleIsNamed(t *testing.T) {
	rules := robots.Parse([]byte("user-agent: *\ndisallow:   /pr*te # ours\nallow: /"), "Agora")
	for path, want := range map[string]string{"/private": "Disallow: /pr*te", "/news": "Allow: /", "/robots.txt": ""} {
		if _, got := rules.Allowed(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestCrawlDelay(t *testing.T) {
	for name, tt := range map[string]struct {
		file string
		want time.Duration
	}{
		"none":                 {lines("User-agent: *", "Disallow: /a"), 0},
		"seconds":              {lines("User-agent: *", "Crawl-delay: 10"), 10 * time.Second},
		"parts of seconds":     {lines("User-agent: *", "crawl-delay:0.5"), 500 * time.Millisecond},
		"too long":             {lines("User-agent: *", "Crawl-delay: 86400"), 300 * time.Second},
		"endless":              {lines("User-agent: *", "Crawl-delay: Inf"), 300 * time.Second},
		"no number":            {lines("User-agent: *", "Crawl-delay: NaN"), 0},
		"nonsense":             {lines("User-agent: *", "Crawl-delay: soon"), 0},
		"negative":             {lines("User-agent: *", "Crawl-delay: -5"), 0},
		"of another":           {lines("User-agent: x", "Disallow: /", "Crawl-delay: 10", "User-agent: *", "Disallow:"), 0},
		"ours, not everyone's": {lines("User-agent: *", "Crawl-delay: 10", "Disallow: /", "User-agent: agora", "Crawl-delay: 2"), 2 * time.Second},
		"everyone's, not ours": {lines("User-agent: *", "Crawl-delay: 10", "Disallow: /", "User-agent: agora", "Disallow: /a"), 0},
		"the longest of ours":  {lines("User-agent: agora", "Crawl-delay: 2", "Disallow: /x", "User-agent: agora", "Crawl-delay: 4"), 4 * time.Second},
		"ends no group":        {lines("User-agent: x", "Crawl-delay: 7", "User-agent: *", "Disallow: /"), 7 * time.Second},
		"before any group":     {lines("Crawl-delay: 7", "User-agent: *", "Disallow: /"), 0},
	} {
		if got := robots.Parse([]byte(tt.file), "Agora").CrawlDelay; got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestSitemaps(t *testing.T) {
	file := lines("Sitemap: https://ag.example/one.xml", "User-agent: agora", "Disallow:", "SITEMAP:/two.xml#part", "Sitemap:", "User-agent: x", "Sitemap: https://ag.example:8080/three.xml")
	want := []string{"https://ag.example/one.xml", "/two.xml", "https://ag.example:8080/three.xml"}
	if diff := cmp.Diff(want, robots.Parse([]byte(file), "Agora").Sitemaps); diff != "" {
		t.Error(diff)
	}
}

// What is beyond the limit does not count, and neither does the line that it cuts.
func TestLimit(t *testing.T) {
	head := "User-agent: *\nDisallow: /early\n"
	filler := strings.Repeat("#"+strings.Repeat("x", 62)+"\n", robots.MaxBytes/64)
	long := head + filler[:robots.MaxBytes-len(head)-len("\nAllow: /")] + "\nAllow: /early\nDisallow: /late\n"
	rules := robots.Parse([]byte(long), "Agora")
	for path, want := range map[string]bool{"/early": false, "/late": true} {
		if got, _ := rules.Allowed(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
	if got, _ := robots.Parse(bytes.Repeat([]byte("x"), robots.MaxBytes), "Agora").Allowed("/"); !got {
		t.Error("one endless line forbids")
	}
}

// Many rules with many stars against a long path stay cheap: each star is looked for once.
func BenchmarkHostile(b *testing.B) {
	file := "User-agent: *\n" + strings.Repeat("Disallow: /*a*a*a*a*a*a*a*b$\n", robots.MaxBytes/29)
	path := "/" + strings.Repeat("a", 8000)
	rules := robots.Parse([]byte(file), "Agora")
	for b.Loop() {
		rules.Allowed(path)
	}
}

// A rule that is an address, encoded in any way, forbids that address.
func TestEncodedRuleForbidsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		path := "/" + rapid.StringMatching(`[a-z0-9/._~ é-]{0,20}(\?[a-z=&:/]{0,10})?`).Draw(t, "path")
		encode := func(s, label string) string {
			var b strings.Builder
			for _, c := range []byte(s) {
				if c != '/' && c != '?' && c != '&' && c != '=' && c != ':' && rapid.Bool().Draw(t, label) {
					b.WriteString("%" + string("0123456789ABCDEF"[c>>4]) + string("0123456789abcdef"[c&15]))
				} else {
					b.WriteByte(c)
				}
			}
			return b.String()
		}
		rule := encode(path, "rule")
		asked := encode(path, "asked")
		rule = strings.ReplaceAll(rule, " ", "%20") // white space at the end of a line is none of it
		if ok, _ := robots.Parse([]byte("User-agent: *\nDisallow: "+rule+"$"), "Agora").Allowed(asked); ok && path != "/robots.txt" {
			t.Fatalf("%q does not forbid %q", rule, asked)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a*b$\nCrawl-delay: 1"), "/a?b=%2F")
	f.Add([]byte("\uFEFFuser-agent:agora\rallow:/%zz%\r\nsitemap:x"), "%")
	f.Fuzz(func(t *testing.T, file []byte, path string) {
		rules := robots.Parse(file, "Agora")
		if rules.CrawlDelay < 0 || rules.CrawlDelay > robots.MaxCrawlDelay {
			t.Errorf("delay %v", rules.CrawlDelay)
		}
		ok, rule := rules.Allowed(path)
		if rule == "" && !ok {
			t.Error("forbidden by no rule")
		}
		// Whatever a file says, closing it for everybody and us closes it.
		closed := robots.Parse(append(bytes.Clone(file[:min(len(file), 1000)]), "\nUser-agent: *\nUser-agent: agora\nDisallow: /*$\nDisallow: *\n"...), "Agora")
		if again, _ := closed.Allowed(path); again && !ok {
			t.Error("more rules that forbid allow more")
		}
	})
}
