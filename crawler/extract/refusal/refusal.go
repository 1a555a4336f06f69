// Package refusal recognises pages by which a site says no in place of a page: checks for
// robots, log-ins, maintenance, errors, pages not found, walls of consent, shells that
// scripts fill, and home pages that stand in for what is not there any more.
//
// It judges what a page says and how it is built. It does not know what releases look
// like: its caller says whether a page shows what only releases show.
package refusal

import (
	"strings"

	"golang.org/x/net/html"

	"agora/crawler/extract/document"
)

// Way is a way in which a site says no.
type Way string

// The ways. NotFound, Home and Moved speak of the page that was asked for, which may be
// missing; all others speak of the site, which may serve that page tomorrow.
const (
	None        Way = ""
	Wall        Way = "wall"        // a check for robots, a log-in, a refusal
	Maintenance Way = "maintenance" // the site is being worked on
	NotFound    Way = "not-found"   // the page is not there, whatever the status says
	Consent     Way = "consent"     // first say yes: to cookies, terms, an age
	Home        Way = "home"        // the home page in place of the one asked for
	Scripts     Way = "scripts"     // a shell that scripts of a browser would fill
	Moved       Way = "moved"       // leads on to another address and says nothing else
	Error       Way = "error"       // of a server or a program, or what they show before anybody has set them up
)

// OfPage tells whether a refusal speaks of the page that was asked for, not of the site.
func (w Way) OfPage() bool { return w == NotFound || w == Home || w == Moved }

// Bounds in bytes. A page with more text than Longest is none that says no in a heading
// that goes on, one with more than longestExcuse none that says so in its text alone. One
// with less than shortestText holds next to nothing and is judged by how it is built.
const (
	Longest       = 2500
	longestExcuse = 1200
	shortestText  = 120
)

// Page is what is known of a page that may be a refusal.
type Page struct {
	Root     *html.Node
	Title    string   // the headline that was found; "" without one
	Titles   []string // what the page's head calls it, with and without the site's name
	Headings []string // its first headings, outside of what surrounds the content
	Text     string   // its prose
	Prose    int      // how much prose it holds in all, in bytes

	Told     bool // it shows what refusals don't: the day of a release, or the words that label one
	Headed   bool // the headline stands in the page, not in its head alone
	Named    bool // the headline is one that the office gave a release
	Repeated bool // the address repeats the headline

	URL   string   // the final address; "" for none
	Asked string   // the address asked for, where it is another; else ""
	Own   []string // the addresses that the page gives itself
	Lists bool     // the office says that releases are listed under URL
}

// tells tells whether the page is about something, so that its words are what it tells.
func (p Page) tells() bool { return p.Told || p.Headed && (p.Named || p.Repeated) }

// Find says in which way a page says no and by what sign; None for any other page.
func Find(p Page) (Way, string) {
	if way, why := p.byHeadings(); way != None {
		return way, why
	}
	if homeInstead(p.Asked, p.URL) {
		return Home, "it led to the home page"
	}
	if p.tells() || len(p.Text) > Longest {
		return None, ""
	}
	if way, why := p.byWords(); way != None {
		return way, why
	}
	if way, why := p.byMarkup(); way != None {
		return way, why
	}
	if p.isHome() {
		return Home, "the home page in place of the one asked for"
	}
	return None, ""
}

// byHeadings judges a page by its headline: one that says nothing but no outweighs all
// else, one that goes on or stands beside others only on pages that tell nothing.
func (p Page) byHeadings() (Way, string) {
	tells := p.tells()
	var plain []string
	if !p.Named {
		plain = append(plain, p.Title)
	}
	if !tells || !p.Headed {
		plain = append(plain, p.Titles...)
	}
	if w := first(plain, whole); w != nil && (w.way != Consent || !tells) { // of consent one can tell as well
		return w.way, w.why
	}
	if tells || len(p.Text) > Longest {
		return None, ""
	}
	if w := first(append([]string{p.Title}, p.Titles...), begun); w != nil {
		return w.way, w.why
	}
	if w := first(p.Headings, whole); w != nil {
		return w.way, w.why
	}
	if w := first(p.Headings, begun); w != nil {
		return w.way, w.why
	}
	return None, ""
}

// byWords judges a page that says little by what it says.
func (p Page) byWords() (Way, string) {
	if len(p.Text) < longestExcuse && p.Prose < 2*Longest {
		if w := worded(p.Text); w != nil {
			return w.way, w.why
		}
	}
	if len(p.Text) >= shortestText {
		return None, ""
	}
	visible := document.Text(p.Root)
	if len(visible) > Longest {
		return None, ""
	}
	if w := worded(visible); w != nil {
		return w.way, w.why
	}
	return None, ""
}

// longestBare is how long a text without markup can be that is a refusal, in bytes.
const longestBare = 2000

// OfText judges what came where a page should have: a line of text, a few members of
// JSON, the message of a program.
func OfText(text string) (Way, string) {
	if len(text) > longestBare {
		return None, ""
	}
	text = strings.TrimSpace(tag.ReplaceAllString(text, " "))
	for _, find := range []func(string) *wording{whole, worded, begun} {
		if w := find(text); w != nil {
			return w.way, w.why
		}
	}
	return None, ""
}
