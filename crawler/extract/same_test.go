package extract

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/crawler/office"
	"agora/index"
)

// layout is the frame of one kind of site: text with slots in double braces.
type layout struct {
	name, page string
	selectors  office.Page
}

// layouts are frames in the manner of four kinds of content system.
var layouts = [...]layout{
	{"modern", `<!doctype html><html lang="en"{{html}}><head><meta charset="utf-8"><title>Lender to Repay 900 Families in Harbor County | Office of the Attorney General</title>
<meta property="og:title" content="Lender to Repay 900 Families in Harbor County"><link rel="canonical" href="https://ag.example/news/lender-repay-900-families">{{head}}</head>
<body class="path-node{{class}}">{{top}}<header role="banner"><a href="/">Office of the Attorney General</a><nav><ul><li><a href="/news">News</a></li><li><a href="/about">About</a></li></ul></nav>{{banner}}</header>
<div class="layout{{class}}">{{crumbs}}<main role="main">{{above}}<article class="node node--release{{class}}"><h1 class="page-title{{class}}">{{title}}</h1>{{below}}<div class="release-date">{{date}}</div>
<div class="field body{{class}}">{{begin}}{{text}}{{in}}</div>{{after}}</article>{{side}}</main>{{outside}}</div><footer><p>Office of the Attorney General, 12 Quay Street, Lantern Bay</p>{{foot}}</footer>{{end}}</body></html>`,
		office.Page{Title: "h1.page-title", Date: ".release-date", Body: "div.field.body"}},
	{"blog", `<!DOCTYPE html><html lang="en-US"{{html}}><head><title>Lender to Repay 900 Families in Harbor County - Harbor Attorney General</title>
<meta property="og:title" content="Lender to Repay 900 Families in Harbor County"><meta property="og:type" content="article"><meta property="article:published_time" content="2024-03-05T15:00:00+00:00">{{head}}</head>
<body class="post-template-default single{{class}}">{{top}}<div id="page"><div id="masthead" class="site-header"><a href="/">Harbor Attorney General</a><ul class="menu"><li><a href="/news/">News</a></li></ul>{{banner}}</div>
<div id="content" class="site-content{{class}}">{{crumbs}}<div id="primary">{{above}}<article id="post-7" class="post type-post{{class}}"><div class="entry-header"><h1 class="entry-title">{{title}}</h1>{{below}}<div class="entry-meta"><time class="entry-date published" datetime="2024-03-05T10:00:00-05:00">{{date}}</time></div></div>
<div class="entry-content{{class}}">{{begin}}{{text}}{{in}}</div>{{after}}</article></div>{{side}}</div>{{outside}}<div id="colophon" class="site-footer"><p>12 Quay Street, Lantern Bay</p>{{foot}}</div></div>{{end}}</body></html>`,
		office.Page{Title: "h1.entry-title", Date: "time.entry-date", Body: ".entry-content"}},
	{"blocks", `<!DOCTYPE html><html lang="en-US"{{html}}><head><title>Lender to Repay 900 Families in Harbor County &#8211; Harbor Attorney General</title>{{head}}</head>
<body class="post-template-default single{{class}}">{{top}}<div class="wp-site-blocks"><header class="wp-block-template-part"><p class="wp-block-site-title"><a href="/">Harbor Attorney General</a></p><nav><ul><li><a href="/news/">News</a></li></ul></nav>{{banner}}</header>{{crumbs}}
<main class="wp-block-group{{class}}">{{above}}<div class="wp-block-group"><h1 class="wp-block-post-title">{{title}}</h1>{{below}}</div><div class="entry-content wp-block-post-content{{class}}">{{begin}}{{text}}{{in}}</div>{{after}}
<div class="wp-block-template-part"><div class="wp-block-columns"><div class="wp-block-column"><p>Posted</p><div class="wp-block-post-date"><time datetime="2024-03-05T23:41:00-05:00">{{date}}</time></div><p>in</p><div class="taxonomy-category wp-block-post-terms"><a href="/category/press-releases/" rel="tag">Press Releases</a></div></div></div></div>{{side}}</main>
{{outside}}<footer class="wp-block-template-part"><p>12 Quay Street, Lantern Bay</p>{{foot}}</footer></div>{{end}}</body></html>`,
		office.Page{Title: "h1.wp-block-post-title", Date: ".wp-block-post-date", Body: ".entry-content"}},
	{"old", `<html{{html}}><head><title>Lender to Repay 900 Families in Harbor County</title>{{head}}</head><body bgcolor="#ffffff">{{top}}<div id="wrapper"><div id="head"><a href="/">State of Harbor</a>{{banner}}</div>{{crumbs}}
<table width="100%"><tr><td width="150" class="left"><a href="/">Home</a><br><a href="/press">Press Releases</a><br><a href="/contact">Contact</a>{{outside}}</td><td class="center">{{above}}<h2 class="head">{{title}}</h2>{{below}}
<p class="day">{{date}}</p><div class="story">{{begin}}{{text}}{{in}}</div>{{after}}{{side}}</td></tr></table><div id="foot">State of Harbor, Office of the Attorney General{{foot}}</div></div>{{end}}</body></html>`,
		office.Page{Title: "h2.head", Date: "p.day", Body: "td.center div.story"}},
}

// story is the release that all layouts show.
var story = map[string]string{
	"title": "Lender to Repay 900 Families in Harbor County",
	"date":  "March 5, 2024",
	"text": `<p>LANTERN BAY – Attorney General Ines Marlowe announced today that Quayside Credit will repay 900 families in Harbor County what it took from them in hidden fees over six years, and that it will write off the rest of their loans.</p>
<p>“It’s the families’ money,” Marlowe said. “They’ll have it back before summer – and they don’t have to ask for it.” The company’s <a href="/files/settlement.pdf">settlement with the state</a> was filed in the superior court.</p>
<ul><li>Families get between $200 and $4,100 each.</li><li>The company pays a penalty of $310,000.</li></ul>
<p>The case was handled by Deputy Attorney General Theo Quill and Investigator Rae Holm of the division for consumer protection, with help from the <a href="https://county.example/treasurer">treasurer of the county</a>.</p>`,
}

// filled fills the slots of a layout; those that nobody fills are empty.
func (l layout) filled(slots map[string]string) string {
	page := l.page
	for _, all := range []map[string]string{slots, story} {
		for _, slot := range slices.Sorted(maps.Keys(all)) {
			page = strings.ReplaceAll(page, "{{"+slot+"}}", all[slot])
		}
	}
	for {
		i := strings.Index(page, "{{")
		if i < 0 {
			return page
		}
		page = page[:i] + page[i+strings.Index(page[i:], "}}")+2:]
	}
}

const others = `<li><a href="/news/one-more-release-of-the-office">Attorney General Marlowe Sues Ticket Seller for Deceiving Families</a> <span>March 9, 2024</span></li><li><a href="/news/another-release-of-the-office">Attorney General Marlowe Secures Sentence in Cargo Fraud</a> <span>March 8, 2024</span></li><li><a href="/news/a-third-release-of-the-office">Marlowe Warns of Price Gouging Ahead of the Storm</a> <span>March 7, 2024</span></li>`

// variants are ways in which two copies of a release page differ without the release
// having changed: what fills the slots.
var variants = []struct {
	name  string
	slots map[string]string
}{
	{"nonce", map[string]string{"head": `<script nonce="r4nd0m">var a=1</script><style nonce="r4nd0m">p{}</style><meta http-equiv="Content-Security-Policy" content="script-src 'nonce-r4nd0m'">`}},
	{"token against forgery", map[string]string{"head": `<meta name="csrf-token" content="Zm9vYmFy">`, "end": `<form><input type="hidden" name="_token" value="Zm9vYmFy"></form>`, "after": `<form action="/search"><input type="hidden" name="__VIEWSTATE" value="dDwtMTA"><input name="q"></form>`}},
	{"generated, as comment", map[string]string{"end": "<!-- page generated at 2024-03-09 10:11:12 in 0.34 s -->"}},
	{"generated, in the footer", map[string]string{"foot": `<p>Page generated at 2024-03-09 10:11:12</p>`}},
	{"generated, below the text", map[string]string{"after": `<p class="stamp">Page generated on March 9, 2024 at 10:11 a.m.</p>`}},
	{"counter in the footer", map[string]string{"foot": `<p>You are visitor number 1,234,567</p>`}},
	{"counter below the text", map[string]string{"after": `<p>You are visitor no. 1234567 since 2009.</p>`}},
	{"related news", map[string]string{"after": `<div class="related-news"><h2>Related News</h2><ul>` + others + `</ul></div>`}},
	{"related news without a name", map[string]string{"after": `<div><h3>Related News</h3><ul>` + others + `</ul></div>`}},
	{"related news inside the text", map[string]string{"in": `<h3>Related News</h3><ul>` + others + `</ul>`}},
	{"related news with teasers", map[string]string{"side": `<section><h2>More News</h2><div><h3><a href="/news/one-more">Marlowe Sues Ticket Seller</a></h3><p>March 9, 2024</p><p>Attorney General Ines Marlowe sued a seller of tickets that hid its fees until the last page of an order and charged families twice.</p></div><div><h3><a href="/news/another">Marlowe Secures Sentence in Cargo Fraud</a></h3><p>March 8, 2024</p><p>A man who forged the papers of ships goes to prison for twenty years, Attorney General Ines Marlowe announced on Friday afternoon.</p></div></section>`}},
	{"latest releases inside", map[string]string{"side": `<div class="col-md-4"><h3>Latest Releases</h3><ul>` + others + `</ul></div>`}},
	{"latest releases outside", map[string]string{"outside": `<div class="right-column"><h3>Latest Releases</h3><ul>` + others + `</ul><p><a href="/news">All releases</a></p></div>`}},
	{"alert of the day", map[string]string{"top": `<div class="site-alert" role="alert"><p>The offices in Lantern Bay and Saltmarsh are closed on Monday. Call 555-010-0199 if it can't wait, or leave a message and we will call you back as soon as we can.</p></div>`}},
	{"alert inside", map[string]string{"above": `<div class="alert alert-warning"><strong>Notice:</strong> Our phones are down today. Please write to us in the meantime, we read every letter.</div>`}},
	{"counts of shares", map[string]string{"after": `<div class="social-share"><a href="https://social.example/share?u=x">Share</a> <span class="count">128</span> <a href="https://tw.example/x">Tweet</a> <span>17</span></div>`}},
	{"counts of shares without a name", map[string]string{"after": `<p>128 Shares</p>`, "below": `<p>17 Shares</p>`}},
	{"comment of a cache", map[string]string{"end": "<!-- Dynamic page generated in 0.512 seconds. --><!-- Cached page served by a plugin, 2024-03-09 -->", "head": "<!-- cached 12:01 -->"}},
	{"slots of advertisements", map[string]string{"in": `<div id="div-gpt-ad-1234" class="ad-slot"><p>Advertisement</p><a href="https://ads.example/c?x=1">Boats at half price, this week only</a></div>`, "outside": `<div class="advertisement"><p>Advertisement</p><p>Boats at half the price, this week only at the yard in Saltmarsh. Come and see.</p></div>`}},
	{"hashes in classes", map[string]string{"class": ` css-1x9k2b sc-fzoLsD`, "html": ` class="js-8f2a"`}},
	{"inline scripts", map[string]string{"head": `<script>window.dataLayer=[{"id":99,"t":1709992272}]</script>`, "in": `<script>track("view",1709992272)</script>`, "end": `<script type="application/json">{"user":null,"now":1709992272}</script>`}},
	{"interactions in its data", map[string]string{"head": `<script type="application/ld+json">{"@type":"WebPage","interactionStatistic":{"userInteractionCount":991},"dateModified":"2024-03-09T10:11:12Z"}</script><meta property="article:modified_time" content="2024-03-09T10:11:12Z"><meta property="og:updated_time" content="2024-03-09T10:11:12Z">`}},
	{"weather", map[string]string{"banner": `<div class="weather">Lantern Bay 54°F, partly cloudy</div>`, "outside": `<div class="widget"><h4>Weather</h4><p>Lantern Bay: 54°F, partly cloudy with a chance of rain in the evening and fog</p></div>`}},
	{"views", map[string]string{"below": `<p class="views">Views: 123</p>`}},
	{"views below the text", map[string]string{"after": `<div>Number of views (123)</div>`, "in": `<p>Views: 1,204</p>`}},
	{"updated today", map[string]string{"after": `<p>Last updated today at 10:11 AM</p>`}},
	{"updated on a day", map[string]string{"after": `<p>Last Updated: March 9, 2024</p>`, "foot": `<p>Last modified on 3/9/2024</p>`}},
	{"updated, below the headline", map[string]string{"below": `<p>Updated 3 hours ago</p>`}},
	{"reading time", map[string]string{"below": `<span class="reading-time">2 min read</span>`}},
	{"reading time in words", map[string]string{"below": `<p>Estimated reading time: 2 minutes</p>`}},
	{"breadcrumbs", map[string]string{"crumbs": `<div class="breadcrumb"><a href="/">Home</a> &gt; <a href="/news">News</a> &gt; Lender to Repay 900 Families in Harbor County</div>`}},
	{"breadcrumbs inside", map[string]string{"above": `<p><a href="/">Home</a> / <a href="/news">News</a> / <a href="/news/2024">2024</a></p>`}},
	{"at the head of the text", map[string]string{"begin": `<p>128 Shares</p><p>Views: 123</p><p>2 minute read</p><p>Share this:</p><p>Listen to this page</p><p>Posted 5 minutes ago</p>`}},
	{"at the end of the text", map[string]string{"in": `<p>This page was viewed 4,711 times.</p><p>Last updated 3 hours ago</p><p>12 people like this</p><p>Generated in 0.21 seconds</p><p>&copy; 2025 State of Harbor</p><p>Was this page helpful? Yes No</p>`}},
	{"latest releases above the headline", map[string]string{"above": `<div><h3>Latest News</h3><ul>` + others + `</ul></div>`}},
	{"longer teasers than the text", map[string]string{"side": `<div class="cards"><h2>Latest News</h2>` + strings.Repeat(`<div class="card"><h3><a href="/news/one-more">Marlowe Sues Ticket Seller</a></h3><p>Attorney General Ines Marlowe sued a seller of tickets that hid its fees until the last page of an order and charged families twice for seats that they could not use, in a complaint that names its owners.</p></div>`, 8) + `</div>`}},
	{"quotes", map[string]string{"text": strings.NewReplacer("“", `"`, "”", "&quot;", "’", "'").Replace(story["text"])}},
	{"dashes", map[string]string{"text": strings.NewReplacer("–", "—", " – ", " &mdash; ").Replace(story["text"])}},
	{"spaces that don't break", map[string]string{"text": strings.NewReplacer("Ines Marlowe", "Ines&nbsp;Marlowe", "900 families", "900\u00A0families", "to write", "to\u2009write").Replace(story["text"]), "title": "Lender to Repay 900&nbsp;Families in Harbor County", "date": "March&nbsp;5, 2024"}},
	{"white space", map[string]string{"text": strings.NewReplacer("<p>", "\n\t\t<p>\n   ", "</p>", "\n</p>\r\n\r\n", " the ", "\n      the  ", "<li>", "  <li>  ").Replace(story["text"])}},
	{"unseen characters", map[string]string{"text": strings.NewReplacer("announced", "an\u00ADnounced", "families", "fam&shy;ilies", "Marlowe", "Marlowe\u200B").Replace(story["text"])}},
	{"entities", map[string]string{"text": strings.NewReplacer("–", "&#8211;", "“", "&ldquo;", "”", "&#x201D;", "’", "&rsquo;", "$", "&#36;").Replace(story["text"])}},
	{"other tags for the same", map[string]string{"text": strings.NewReplacer("Quayside Credit", "<span style=\"font-weight:400\">Quayside <!-- x -->Credit</span>", "today", "<wbr>today", "<p>", "<p style=\"text-align:left\" data-v-7ba5bd90>").Replace(story["text"])}},
	{"tracking in links", map[string]string{"text": strings.NewReplacer("settlement.pdf", "settlement.pdf?utm_source=x&amp;utm_medium=y", "treasurer\"", "treasurer?fbclid=abc\" onclick=\"t(1)\"").Replace(story["text"])}},
	{"header for print", map[string]string{"top": `<div class="print-only"><p>Office of the Attorney General - https://ag.example/news/lender-repay-900-families - printed on March 9, 2024</p></div>`, "above": `<a class="print" href="javascript:window.print()">Print this page</a>`}},
	{"year of the copyright", map[string]string{"foot": `<p>&copy; 2025 State of Harbor. All rights reserved.</p>`, "after": `<p>Copyright © 2025 State of Harbor</p>`}},
	{"bar of who is logged in", map[string]string{"top": `<div id="wpadminbar" class="nojq"><div class="quicklinks" role="navigation"><ul><li>Howdy, tquill</li><li><a href="/wp-admin/post.php?post=7">Edit Post</a></li></ul></div></div>`, "html": ` style="margin-top: 32px !important"`}},
	{"banner about cookies", map[string]string{"top": `<div class="cookie-banner"><p>We use cookies to find out how people use our site and to make it better. You can accept all of them or choose which ones you want.</p><button>Accept</button></div>`}},
	{"dialog about cookies at the end", map[string]string{"end": `<div id="onetrust-consent-sdk"><div role="dialog" aria-label="Privacy"><h2>About your privacy</h2><p>We use cookies to find out how people use our site and to make it better. You can accept all of them or choose which ones you want. Some are needed for the site to work at all and can't be switched off. Others tell us which pages are read, and by how many people, so that we can write better ones. None of them tells us who you are, and we sell nothing to anybody. You may change your mind at any time at the foot of each page, and the site will ask you again after a year has gone by.</p></div></div>`}},
	{"translation", map[string]string{"banner": `<div id="google_translate_element"><select><option>Select Language</option><option>Español</option><option>Français</option></select> Powered by Translate</div>`, "above": `<div class="gtranslate_wrapper"><a href="#">English</a> <a href="#">Español</a></div>`}},
	{"minutes ago", map[string]string{"below": `<p>Posted 5 minutes ago</p>`}},
	{"clock in the head of the site", map[string]string{"banner": `<div class="clock">Saturday, March 9, 2024 10:11 AM</div>`}},
	{"former and next", map[string]string{"after": `<nav class="post-navigation"><a href="/news/former">Previous: Marlowe Sues Ticket Seller</a><a href="/news/next">Next: Marlowe Warns of Price Gouging</a></nav>`}},
	{"former and next without a name", map[string]string{"after": `<div><a href="/news/former">&laquo; Marlowe Sues Ticket Seller for Deceiving Families</a> <a href="/news/next">Marlowe Warns of Price Gouging Ahead of the Storm &raquo;</a></div>`}},
	{"cloud of labels", map[string]string{"side": `<div class="tagcloud"><a href="/tag/fees" style="font-size:12px">Fees</a> <a href="/tag/loans" style="font-size:22px">Loans (14)</a></div>`}},
	{"letter for subscribers", map[string]string{"after": `<div class="newsletter"><h3>Get our news</h3><p>Sign up and we will write to you whenever there is something new to read here.</p><form><input type="email"><button>Go</button></form></div>`}},
	{"question about the page", map[string]string{"after": `<div class="feedback"><p>Was this page helpful?</p><button>Yes</button><button>No</button></div>`}},
	{"who posted it", map[string]string{"below": `<p class="byline">Posted by tquill</p>`}},
	{"number of comments", map[string]string{"below": `<p>0 Comments</p>`, "after": `<div id="comments" class="comments-area"><h2>3 thoughts on “Lender”</h2><p>Thank you for this, it was about time that somebody looked at what they do to people.</p></div>`}},
	{"picture of the day", map[string]string{"top": `<div class="hero"><img src="/hero-7.jpg" alt="The bay at dawn"></div>`, "in": `<noscript><img src="/pixel?r=123" alt=""></noscript><img src="/pixel?r=123">`}},
	{"saying of the day", map[string]string{"outside": `<div class="quote-of-day"><p>“Justice is the first virtue of institutions, as truth is of systems of thought,” says our calendar for this Saturday.</p></div>`}},
}

// readings are how the pages of a layout are read: by general rules, and by selectors.
func (l layout) readings() map[string]office.Office {
	bare := office.Office{ID: "HB", Name: "Harbor", Office: "Office of the Attorney General", Timezone: "America/New_York"}
	selected := bare
	selected.Page = l.selectors
	return map[string]office.Office{"general rules": bare, "selectors": selected}
}

func (l layout) read(t *testing.T, slots map[string]string, o office.Office) index.Reading {
	t.Helper()
	page, err := Read(Input{Body: []byte(l.filled(slots)), ContentType: "text/html; charset=utf-8", URL: "https://ag.example/news/lender-repay-900-families",
		Captured: time.Date(2024, 3, 10, 0, 0, 0, 0, time.UTC), Office: o})
	if err != nil {
		t.Fatal(err)
	}
	if page.Kind != index.PageRelease {
		t.Fatalf("%s (%s)", page.Kind, page.Why)
	}
	return page.Reading
}

// TestSameRelease reads one release in many copies that differ in what says nothing of
// it: all have one fingerprint, whatever the site is built with and however it is read.
func TestSameRelease(t *testing.T) {
	if len(variants) < 30 {
		t.Fatalf("only %d variants", len(variants))
	}
	for _, l := range layouts {
		for how, o := range l.readings() {
			want := l.read(t, nil, o)
			if want.Title != story["title"] || want.Published != "2024-03-05" || !strings.HasPrefix(want.Text, "LANTERN BAY") || !strings.HasSuffix(want.Text, "treasurer of the county.") {
				t.Errorf("%s by %s: %q, %s\n%s", l.name, how, want.Title, want.Published, want.Text)
			}
			for _, v := range variants {
				t.Run(l.name+" by "+how+"/"+v.name, func(t *testing.T) {
					got := l.read(t, v.slots, o)
					if got.Fingerprint != want.Fingerprint || got.Published != want.Published {
						t.Errorf("%q, %s\n%s", got.Title, got.Published, got.Text)
					}
				})
			}
			t.Run(l.name+" by "+how+"/all at once", func(t *testing.T) {
				all := map[string]string{}
				for _, v := range variants {
					for slot, s := range v.slots {
						if story[slot] == "" && slot != "class" && slot != "html" {
							all[slot] += s
						}
					}
				}
				if got := l.read(t, all, o); got.Fingerprint != want.Fingerprint || got.Published != want.Published {
					t.Errorf("%q, %s\n%s", got.Title, got.Published, got.Text)
				}
			})
		}
	}
	t.Logf("%d variants of a release in %d layouts", len(variants), len(layouts))
}

// TestShortRelease reads texts so short that no part of a page stands out by them: where
// the office names the page they are read, and nothing of what stands around.
func TestShortRelease(t *testing.T) {
	for want, text := range map[string]string{
		"The ferry is a public service, as the high court has said now.":                      "<p>The ferry is a public service, as the high court has said now.</p>",
		"The court said so. We are glad of it and so is all the state.":                       "The court said so. We are glad of it and so is all the state.",
		"The court said so.\n\nWe are glad of it and so is all the state.":                    "<p>The court said so.</p><p>We are glad of it and so is all the state.</p>",
		"The court said so.\n\nWe are glad of it.\n\nSo is all of our state, and its people.": "The court said so.<br><br>We are glad of it.<br><br>So is all of our state, and its people.",
	} {
		for _, l := range layouts {
			for how, o := range l.readings() {
				page, err := Read(Input{Body: []byte(l.filled(map[string]string{"text": text})), URL: "https://ag.example/x/1", Office: o, Rows: []index.ListingRow{{Title: story["title"], Source: "feed"}}})
				if err != nil || page.Kind != index.PageRelease || page.Reading.Text != want || page.Reading.Published != "2024-03-05" {
					t.Errorf("%s by %s: %s (%s), %s %q, want %q, %v", l.name, how, page.Kind, page.Why, page.Reading.Published, page.Reading.Text, want, err)
				}
			}
		}
	}
}

// TestEditedRelease: what the office changes in a release changes its fingerprint, at the
// ends of the text as well, where most is cut off.
func TestEditedRelease(t *testing.T) {
	text := story["text"]
	edits := map[string]map[string]string{
		"a word":                        {"text": strings.Replace(text, "900 families", "901 families", 1)},
		"an amount":                     {"text": strings.Replace(text, "$310,000", "$31,000", 1)},
		"a name":                        {"text": strings.Replace(text, "Rae Holm", "Rae Holmes", 1)},
		"a sign":                        {"text": strings.Replace(text, "over six years, and", "over six years and", 1)},
		"the headline":                  {"title": "Lender to Repay 901 Families in Harbor County"},
		"the day":                       {"date": "March 6, 2024"},
		"an update at the end":          {"in": "<p>Update, March 8: The court approved the settlement this morning.</p>"},
		"a correction at the end":       {"in": "<p>Correction: An earlier version gave a wrong number of families.</p>"},
		"a sentence at the end":         {"in": "<p>Marlowe thanked the county.</p>"},
		"a note before the text":        {"text": "<p>Editor's note: This release was corrected after it was published.</p>" + text},
		"a paragraph less":              {"text": text[:strings.LastIndex(text, "<p>")]},
		"an item of the list":           {"text": strings.Replace(text, "<li>The company pays a penalty of $310,000.</li>", "", 1)},
		"a heading":                     {"text": strings.Replace(text, "<ul>", "<h3>What families get</h3><ul>", 1)},
		"a table":                       {"in": "<table><tr><th>County</th><th>Families</th></tr><tr><td>Harbor</td><td>900</td></tr><tr><td>Saltmarsh</td><td>12</td></tr></table>"},
		"people to be thanked, as list": {"in": "<p>The case was worked on by:</p><ul><li>Theo Quill, deputy attorney general</li><li>Rae Holm, investigator</li></ul>"},
	}
	for _, l := range layouts {
		for how, o := range l.readings() {
			was := l.read(t, nil, o)
			for name, slots := range edits {
				if got := l.read(t, slots, o); got.Fingerprint == was.Fingerprint {
					t.Errorf("%s by %s: %s makes no difference\n%s", l.name, how, name, got.Text)
				}
			}
		}
	}
}
