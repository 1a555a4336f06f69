package refusal

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestHeadings: what a site says when it says no, and headlines that begin or end like it.
func TestHeadings(t *testing.T) {
	for heading, want := range map[string]Way{
		"Just a moment...": Wall, "403 Forbidden": Wall, "403 - Forbidden: Access is denied.": Wall, "Access Denied": Wall, "Error 1020": Wall, "Log in": Wall, "Acceso denegado": Wall,
		"Site under maintenance": Maintenance, "We’ll be back soon!": Maintenance, "Maintenance": Maintenance, "Sitio en mantenimiento": Maintenance,
		"404": NotFound, "Error 404 – Page not found": NotFound, "Sorry, we couldn’t find that page": NotFound, "Oops! That page can’t be found.": NotFound, "The requested page could not be found": NotFound, "¡Página no encontrada!": NotFound, "Nothing Found": NotFound, "File or directory not found": NotFound, "Page Not Found": NotFound,
		"Object moved": Moved, "301 Moved Permanently": Moved,
		"502 Bad Gateway": Error, "Welcome to nginx!": Error, "Server Error in '/' Application": Error, "It works!": Error, "Something went wrong": Error, "Domain Default page": Error,
		"Before you continue": Consent, "Age Verification": Consent, "JavaScript Required": Scripts,

		"Access Denied: Attorney General Sues Hospital":                     None,
		"404 Pounds of Fentanyl Taken off the Streets":                      None,
		"Sorry, Wrong Number: Callers Who Pose as the IRS Are Found":        None,
		"Missing Page in Contract Costs Dealer $2 Million":                  None,
		"Maintenance Company to Repay Tenants":                              None,
		"No se encontró evidencia de fraude en la elección":                 None,
		"Attorney General Finds Error in Company’s Books":                   None,
		"Blocked Merger Would Have Raised Prices, Attorney General Says":    None,
		"Privacy Settings That Don’t Work: Attorney General Sues App Maker": None,
		"Please Wait for the Verdict, Attorney General Asks":                None,
		"": None,
		"Statement on the Court’s Ruling That the Site Has Moved Too Slowly": None,
	} {
		got := None
		if w := whole(heading); w != nil {
			got = w.way
		}
		if got != want {
			t.Errorf("%q: %q, want %q", heading, got, want)
		}
	}
}

func TestOfText(t *testing.T) {
	for text, want := range map[string]Way{
		"error code: 1020": Wall, "404 page not found\n": NotFound, "Bad Gateway": Error, `{"message":"Forbidden"}`: Wall, "<b>Fatal error</b>: Uncaught Error in /a.php on line 3": Error,
		"": None, "just words": None, `{"id":1,"title":"Access denied: a release"}`: None, strings.Repeat("Access denied. ", 200): None,
	} {
		if got, why := OfText(text); got != want || (got == None) != (why == "") {
			t.Errorf("%q: %q (%s), want %q", text, got, why, want)
		}
	}
}

func TestRefreshTarget(t *testing.T) {
	for content, want := range map[string]string{
		"0;url=/a": "/a", "5; URL='/a b'": "/a b", `0; "https://ag.example/"`: "https://ag.example/", "0,/a": "/a", "1.5;url=/a": "/a",
		"300": "", "300;url=/a": "", "url=/a": "", "": "", "0": "", "99999999999;url=/a": "",
	} {
		if got := refreshTarget(content); got != want {
			t.Errorf("%q: %q, want %q", content, got, want)
		}
	}
}

func TestIsHomeAddress(t *testing.T) {
	for address, want := range map[string]bool{
		"https://ag.example": true, "https://ag.example/": true, "https://ag.example/index.html": true, "https://ag.example/es/": true, "https://ag.example/Home.aspx": true,
		"https://ag.example/?p=12": false, "https://ag.example/news": false, "/": false, "": false, "https://ag.example/homes-for-veterans": false,
	} {
		if got := isHomeAddress(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// FuzzFind judges any page.
func FuzzFind(f *testing.F) {
	f.Add("<title>Access denied</title><main></main>", "Access denied", "Text of it.", true)
	f.Add("<script>location='/x'</script><div id=root>Loading...", "", "", false)
	f.Fuzz(func(t *testing.T, source, title, text string, told bool) {
		root, err := html.Parse(strings.NewReader(source))
		if err != nil {
			return
		}
		way, why := Find(Page{Root: root, Title: title, Titles: []string{title}, Headings: []string{title}, Text: text, Told: told, URL: "https://ag.example/news/1"})
		if (way == None) != (why == "") {
			t.Errorf("%q (%s)", way, why)
		}
		OfText(source)
	})
}
