package extract

import (
	"fmt"
	"strings"
	"testing"

	"agora/crawler/office"
	"agora/index"
)

// TestNamed reads pages without any sign of a release: each is one where the office gave
// it its headline in a list of releases, and nothing else.
func TestNamed(t *testing.T) {
	const (
		title = "Marlowe’s Office to Open “Saltmarsh” Branch – Hours & More"
		text  = "The new branch opens on Monday in the old customs house at the pier."
		short = "Open on Monday."
	)
	page := func(title, text string) string {
		return fmt.Sprintf(`<html><head><title>%[1]s | Harbor</title></head><body><div><a href="/">Home</a></div><div id="x"><h1>%[1]s</h1><p>%[2]s</p></div></body></html>`, strings.ReplaceAll(title, "&", "&amp;"), text)
	}
	section := `<html><head><title>Consumer Alerts | Harbor</title></head><body><main><h1>Consumer Alerts</h1><p>Here are the alerts that our office has given to consumers in these years.</p><ul>` +
		`<li><a href="/alert/a">Marlowe Warns of a Fraud That Is Going Around the State</a> March 3, 2021</li><li><a href="/alert/b">Marlowe Warns of Another Fraud in the County</a> March 2, 2021</li><li><a href="/alert/c">Marlowe Warns of Those Who Sell Tickets</a> March 1, 2021</li></ul></main></body></html>`
	related := strings.Replace(page(title, text), "</p>", `</p><ul><li><a href="/b">Marlowe Warns of Another Fraud in the County of Harbor</a> March 2, 2021</li><li><a href="/c">Marlowe Warns of Those Who Sell Tickets to the Ferry</a> March 1, 2021</li><li><a href="/d">Marlowe Secures a Sentence in the Cargo Fraud Case</a> March 1, 2021</li></ul>`, 1)
	for _, test := range []struct {
		name, page, row string
		rule            string
		want            index.PageKind
	}{
		{"not named", page(title, text), "", "", index.PageOther},
		{"the same", page(title, text), title, "", index.PageRelease},
		{"quotes, dashes and case", page(title, text), `MARLOWE'S OFFICE TO OPEN "SALTMARSH" BRANCH - HOURS & MORE`, "", index.PageRelease},
		{"entities", page(title, text), `Marlowe&#8217;s Office to Open &quot;Saltmarsh&quot;&nbsp;Branch &ndash; Hours &amp; More`, "", index.PageRelease},
		{"white space and a full stop", page(title, text), " Marlowe’s  Office to\nOpen “Saltmarsh” Branch – Hours & More. ", "", index.PageRelease},
		{"name of the site", page(title, text), title + " | Office of the Attorney General", "", index.PageRelease},
		{"cut off", page(title, text), "Marlowe’s Office to Open “Saltmarsh”…", "", index.PageRelease},
		{"cut off by full stops", page(title, text), "Marlowe’s Office to Open “Saltmarsh” ...", "", index.PageRelease},
		{"cut off in brackets", page(title, text), "Marlowe’s Office to Open “Salt[…]", "", index.PageRelease},
		{"cut off too early", page(title, text), "Marlowe’s …", "", index.PageOther},
		{"cut off without a sign", page(title, text), "Marlowe’s Office to Open “Saltmarsh”", "", index.PageOther},
		{"another", page(title, text), "Marlowe’s Office to Close “Saltmarsh” Branch – Hours & More", "", index.PageOther},
		{"a sitemap's row", page(title, text), "-", "", index.PageOther},
		{"hardly any text", page(title, short), title, "", index.PageOther},
		{"others below it", related, title, "", index.PageRelease},
		{"a section", section, "Consumer Alerts", "", index.PageListing},
		{"the office's rule says no", page(title, text), title, `^https://ag\.example/news/`, index.PageOther},
		{"a page not found", page("Page not found", "The page that you asked for is not here, but you can search for it."), "Marlowe’s Office to Open", "", index.PageBlock},
		{"a headline like that of a refusal", page("Access Denied: Ferry Must Let Wheelchairs Aboard", text), "Access Denied: Ferry Must Let Wheelchairs Aboard", "", index.PageRelease},
	} {
		in := Input{Body: []byte(test.page), URL: "https://ag.example/pages/4711", Office: office.Office{ID: "HB", Page: office.Page{Match: test.rule}}}
		if test.row != "" {
			in.Rows = []index.ListingRow{{Title: strings.Trim(test.row, "-"), Source: "listing"}}
		}
		got, err := Read(in)
		if err != nil || got.Kind != test.want {
			t.Errorf("%s: %s (%s), %v, want %s", test.name, got.Kind, got.Why, err, test.want)
		}
		if got.Kind == index.PageRelease && !strings.Contains(got.Reading.Text, text) {
			t.Errorf("%s: %q", test.name, got.Reading.Text)
		}
	}
}

// TestAccepted reads pages without any sign of a release at addresses that the rule of a
// source accepts: each is one, but for listings and refusals.
func TestAccepted(t *testing.T) {
	const (
		title = "Offices Closed on Monday"
		text  = "The office of Ines Marlowe will be closed on Monday, as is the pier (notice 4711)."
		links = `<li><a href="/b/b">Marlowe Warns of Another Fraud in the County of Harbor</a></li><li><a href="/b/c">Marlowe Warns of Those Who Sell Tickets to the Ferry</a></li><li><a href="/b/d">Marlowe Secures a Sentence in the Cargo Fraud Case</a></li>`
		rule  = `^https://ag\.example/b/[^/]+/$`
	)
	page := func(title, text, more string) string {
		return `<html><head><title>` + title + ` | Harbor</title></head><body><main><div id="x"><h1>` + title + `</h1><p>` + text + `</p>` + more + `</div></main></body></html>`
	}
	for _, test := range []struct {
		name, page, url, match, office string
		want                           index.PageKind
	}{
		{"accepted", page(title, text, ""), "https://ag.example/b/closed/", rule, "", index.PageRelease},
		{"without the slash", page(title, text, ""), "https://ag.example/b/closed", rule, "", index.PageRelease},
		{"no rule", page(title, text, ""), "https://ag.example/b/closed/", "", "", index.PageOther},
		{"another address", page(title, text, ""), "https://ag.example/about/", rule, "", index.PageOther},
		{"a rule of the office that says no", page(title, text, ""), "https://ag.example/b/closed/", rule, `^https://ag\.example/news/`, index.PageOther},
		{"hardly any text", page(title, "On Monday.", ""), "https://ag.example/b/closed/", rule, "", index.PageOther},
		{"related below, by name", page(title, text, `<div class="jp-relatedposts"><h3>Related</h3><ul>`+links+`</ul></div>`), "https://ag.example/b/closed/", rule, "", index.PageRelease},
		{"related below, without a name", page(title, text, `<div><h3>Related News</h3><ul>`+links+`</ul></div>`), "https://ag.example/b/closed/", rule, "", index.PageRelease},
		{"a listing", page("Archive", text, `<ul>`+links+links+`</ul>`), "https://ag.example/b/archive/", rule, "", index.PageListing},
		{"a refusal", page("Page not found", "The page that you asked for is not here, but you can search for it.", ""), "https://ag.example/b/closed/", rule, "", index.PageBlock},
	} {
		o := office.Office{ID: "HB", Home: "https://ag.example/", Page: office.Page{Match: test.office}, Sources: []office.Source{{Kind: "sitemap", URL: "https://ag.example/sitemap.xml", Match: test.match}}}
		got, err := Read(Input{Body: []byte(test.page), URL: test.url, Office: o})
		if err != nil || got.Kind != test.want {
			t.Errorf("%s: %s (%s), %v, want %s", test.name, got.Kind, got.Why, err, test.want)
		}
		if got.Kind == index.PageRelease && got.Reading.Text != text {
			t.Errorf("%s: %q", test.name, got.Reading.Text)
		}
	}
}

// TestBehindPassword: a page that keeps its text behind a password has none, though an
// office lists it, and its site refuses nothing.
func TestBehindPassword(t *testing.T) {
	const page = `<html><head><title>Protected: Lender to Repay 900 Families</title></head><body><main><article><h1>Protected: Lender to Repay 900 Families</h1><time datetime="2024-03-05">March 5, 2024</time>
<form action="/wp-login.php?action=postpass" class="post-password-form" method="post"><p>This content is password-protected. To view it, please enter the password below.</p><p><label>Password: <input name="post_password" type="password"></label> <input type="submit" value="Enter"></p></form></article></main></body></html>`
	got, err := Read(Input{Body: []byte(page), URL: "https://ag.example/2024/03/lender/", Rows: []index.ListingRow{{Title: "Protected: Lender to Repay 900 Families", Source: "api"}}})
	if err != nil || got.Kind != index.PageOther || got.Refusal != "" {
		t.Errorf("%s %q (%s), %v", got.Kind, got.Refusal, got.Why, err)
	}
}
