package refusal

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

var tag = regexp.MustCompile(`<[^<>]*>`)

// longestWait is how long a page that leads on lets people read, in seconds. Pages that
// renew themselves wait longer.
const longestWait = 30

// build is how a page that says next to nothing is built.
type build struct {
	challenge bool   // sets a task for browsers
	logIn     bool   // hands people from one log-in to another
	target    string // where it leads without being asked
	cookie    bool   // its script sets a cookie and loads the page again
	shell     bool   // an element that scripts fill
	scripts   bool
	noscript  string // what it says to browsers without scripts
	main      *html.Node
}

// byMarkup judges a page by how it is built, where it holds next to nothing; and one that
// leads on at once by that.
func (p Page) byMarkup() (Way, string) {
	if len(p.Text) >= longestExcuse {
		return None, ""
	}
	b := examine(p.Root)
	if len(p.Text) >= shortestText {
		if b.target != "" && !sameAddress(b.target, p.URL) && len(p.Text) < longestExcuse/2 {
			return Moved, "it leads on to " + b.target
		}
		return None, ""
	}
	visible := document.Text(p.Root)
	switch {
	case b.challenge:
		return Wall, "a check for robots"
	case b.logIn:
		return Wall, "a log-in"
	case len(visible) > Longest:
		return p.emptyMain(b)
	case b.cookie && len(visible) < shortestText:
		return Wall, "a check for robots by a cookie"
	case b.target != "" && !sameAddress(b.target, p.URL):
		return Moved, "it leads on to " + b.target
	}
	if w := worded(b.noscript); w != nil && (w.way == Wall || w.way == Scripts) {
		return w.way, w.why
	}
	if b.scripts && (b.shell && len(visible) < 2*shortestText || visible == "" || loading.MatchString(visible)) {
		return Scripts, "a shell that scripts fill"
	}
	return p.emptyMain(b)
}

// loading matches what a part of a page says until scripts have filled it.
var loading = regexp.MustCompile(`(?i)^\W*(?:loading|please wait|cargando)\W*$`)

// emptyMain judges the part that the page itself marks as its content, if it holds
// nothing but headings.
func (p Page) emptyMain(b build) (Way, string) {
	if b.main == nil {
		return None, ""
	}
	var text strings.Builder
	shows := false
	document.Walk(b.main, func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Nav:
			return false
		case atom.Img, atom.Iframe, atom.Video, atom.Audio, atom.Object, atom.Embed, atom.Canvas, atom.Svg, atom.Form, atom.Input, atom.A, atom.Table:
			shows = true
		}
		if n.Type == html.TextNode {
			text.WriteString(n.Data)
		}
		return !shows
	})
	said := document.Clean(text.String())
	switch {
	case shows:
		return None, ""
	case loading.MatchString(said) && b.scripts:
		return Scripts, "a part of the page that scripts fill"
	case said == "":
		return Error, "the frame of a page with nothing in it"
	}
	return None, ""
}

// longestKept is how much text a page has that keeps its text behind a password, in bytes.
const longestKept = 400

// Password tells whether a page keeps its text behind a password of its own: that is no
// refusal of the site, and no text either.
func Password(root *html.Node, text string) bool {
	found := false
	document.Walk(root, func(n *html.Node) bool {
		found = found || len(text) < longestKept && n.DataAtom == atom.Input && document.Attr(n, "name") == "post_password"
		return !found
	})
	return found
}

// examine looks at how a page is built.
func examine(root *html.Node) build {
	var b build
	document.Walk(root, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return true
		}
		marks := strings.ToLower(document.Attr(n, "src") + " " + document.Attr(n, "id") + " " + document.Attr(n, "class") + " " + document.Attr(n, "action") + " " + document.Attr(n, "name"))
		b.challenge = b.challenge || contains(marks, challenges[:])
		b.logIn = b.logIn || n.DataAtom == atom.Input && contains(marks, []string{"samlresponse", "samlrequest", "wresult"})
		switch n.DataAtom {
		case atom.Meta:
			if strings.EqualFold(document.Attr(n, "http-equiv"), "refresh") && b.target == "" {
				b.target = refreshTarget(document.Attr(n, "content"))
			}
		case atom.Script:
			b.script(n)
			return false
		case atom.Noscript:
			if n.FirstChild != nil && len(b.noscript) < Longest {
				b.noscript += " " + document.Clean(tag.ReplaceAllString(n.FirstChild.Data, " "))
			}
			return false
		case atom.Main, atom.Article:
			b.main = n
		}
		id := strings.ToLower(document.Attr(n, "id"))
		if b.main == nil && (strings.EqualFold(document.Attr(n, "role"), "main") || id == "content" || id == "main" || id == "main-content" || id == "maincontent") {
			b.main = n
		}
		switch id {
		case "root", "app", "__next", "__nuxt", "app-root", "react-root", "react-app", "svelte", "auraloadingbox":
			b.shell = true
		}
		b.shell = b.shell || n.DataAtom == 0 && strings.HasSuffix(n.Data, "-root") || n.DataAtom == 0 && strings.HasSuffix(n.Data, "-app")
		return true
	})
	return b
}

// challenges are marks of tasks that sites set for browsers.
var challenges = [...]string{"challenge-platform", "cf-challenge", "cf-turnstile", "_incapsula_resource", "g-recaptcha", "h-captcha", "px-captcha", "captcha-delivery", "akamai-challenge", "sec-if-cpt", "captcha-container", "awswaf"}

func contains(s string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

var (
	setsCookie = regexp.MustCompile(`document\.cookie\s*=`)
	loadsAgain = regexp.MustCompile(`location\.(?:reload|href|replace|assign)|location\s*=`)
	leadsTo    = regexp.MustCompile(`location(?:\.href)?\s*=\s*["']([^"']{1,500})["']|location\.(?:replace|assign)\(\s*["']([^"']{1,500})["']`)
)

// longestScript is how long a script can be that only leads on: programs lead on as well.
const longestScript = 1500

// script looks at what a script does, if it is one of few words.
func (b *build) script(n *html.Node) {
	b.scripts = true
	if n.FirstChild == nil || len(n.FirstChild.Data) > longestScript {
		return
	}
	source := n.FirstChild.Data
	b.cookie = b.cookie || setsCookie.MatchString(source) && loadsAgain.MatchString(source)
	if m := leadsTo.FindStringSubmatch(source); m != nil && b.target == "" {
		b.target = m[1] + m[2]
	}
}

var refresh = regexp.MustCompile(`(?i)^\s*(\d{1,5})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?\s*([^"']+)`)

// refreshTarget returns where a page leads that asks browsers to go on soon.
func refreshTarget(content string) string {
	m := refresh.FindStringSubmatch(content)
	if m == nil {
		return ""
	}
	if seconds, err := strconv.Atoi(m[1]); err != nil || seconds > longestWait {
		return ""
	}
	return strings.TrimSpace(m[2])
}

// sameAddress tells whether a link leads to the page that it stands on.
func sameAddress(link, page string) bool {
	base, err := url.Parse(page)
	if err != nil || page == "" {
		return false
	}
	target, err := base.Parse(link)
	if err != nil {
		return false
	}
	target.Fragment, base.Fragment = "", ""
	return target.String() == base.String()
}
