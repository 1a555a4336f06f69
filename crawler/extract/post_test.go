package extract

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/office"
	"agora/index"
)

// post is an item of the interface as WordPress writes it.
func post(title, content, date string) []byte {
	item := map[string]any{
		"id": 4711, "date": date, "date_gmt": "2024-03-06T01:30:00", "modified": "2024-03-09T10:00:00", "slug": "lender", "status": "publish", "type": "post",
		"link": "https://ag.example/2024/03/lender-to-repay-900-families/", "title": map[string]any{"rendered": title},
		"content": map[string]any{"rendered": content, "protected": false}, "excerpt": map[string]any{"rendered": "<p>Quayside Credit will repay [&hellip;]</p>"},
		"categories": []int{3}, "tags": []int{7, 9}, "_links": map[string]any{"self": []any{map[string]any{"href": "https://ag.example/wp-json/wp/v2/posts/4711"}}},
	}
	body, err := json.Marshal(item)
	if err != nil {
		panic(err)
	}
	return body
}

const postContent = "\n<p class=\"wp-block-paragraph\"><strong>LANTERN BAY</strong> &#8211; Attorney General Ines Marlowe announced today that Quayside Credit will repay 900 families what it took from them.</p>\n\n\n\n" +
	"<figure class=\"wp-block-image\"><img src=\"/wp-content/uploads/2024/03/sign.jpg\" alt=\"\"/><figcaption>Marlowe signs the settlement.</figcaption></figure>\n" +
	"<p>&#8220;It&#8217;s the families&#8217; money,&#8221; Marlowe said [sic]. A <a href=\"/wp-content/uploads/2024/03/settlement.pdf\">copy of the settlement</a> is on file.</p>\n" +
	"<ul class=\"wp-block-list\">\n<li>Families get $200 each.</li>\n\n<li>The company pays a penalty.</li>\n</ul>\n<p>###</p>\n"

func readItem(t *testing.T, body []byte) Page {
	t.Helper()
	page, err := Read(Input{Body: body, ContentType: "application/json; charset=UTF-8", URL: "https://ag.example/wp-json/wp/v2/posts/4711",
		Captured: time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC), Office: office.Office{ID: "HB", Timezone: "America/New_York"}})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestReadPost(t *testing.T) {
	got := readItem(t, post("Lender to Repay 900&nbsp;Families &amp; Close &#8220;Branches&#8221;", postContent, "2024-03-05T20:30:00"))
	want := Page{
		Kind: index.PageRelease, Why: "an item of the interface", Canonical: "https://ag.example/2024/03/lender-to-repay-900-families/",
		Reading: index.Reading{
			Reader: Version, Title: "Lender to Repay 900 Families & Close “Branches”",
			Text:      "LANTERN BAY – Attorney General Ines Marlowe announced today that Quayside Credit will repay 900 families what it took from them.\n\n“It’s the families’ money,” Marlowe said [sic]. A copy of the settlement is on file.\n\nFamilies get $200 each.\nThe company pays a penalty.",
			Markdown:  "**LANTERN BAY** – Attorney General Ines Marlowe announced today that Quayside Credit will repay 900 families what it took from them.\n\n“It’s the families’ money,” Marlowe said \\[sic]. A [copy of the settlement](https://ag.example/wp-content/uploads/2024/03/settlement.pdf) is on file.\n\n- Families get $200 each.\n- The company pays a penalty.",
			Published: "2024-03-05", PublishedPrecision: "day", PublishedSource: "api",
			Candidates:  []index.DateCandidate{{Date: "2024-03-05", Source: "api", AsWritten: "2024-03-05T20:30:00"}, {Date: "2024-03-01", Source: "url", AsWritten: "2024/03"}},
			Attachments: []index.Attachment{{URL: "https://ag.example/wp-content/uploads/2024/03/settlement.pdf", Title: "copy of the settlement", Type: "application/pdf", Role: "other", State: "linked"}},
			Rules:       map[string]string{"title": "interface", "body": "interface", "published": "interface"},
		},
	}
	want.Reading.Fingerprint = Fingerprint(want.Reading.Title, "2024-03-05", want.Reading.Text)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestPostLikePage: the page of a post and its item are one release with one fingerprint,
// in whatever way the theme shows the post.
func TestPostLikePage(t *testing.T) {
	const title = "Lender to Repay 900&nbsp;Families &amp; Close &#8220;Branches&#8221;"
	contents := map[string]string{
		"blocks":              postContent,
		"a table in a figure": strings.Replace(postContent, "<p>###</p>", `<figure class="wp-block-table"><table><tbody><tr><td>County</td><td>Refund</td></tr><tr><td>Harbor</td><td>$12</td></tr></tbody></table></figure>`, 1),
		"typed day":           "<p>FOR IMMEDIATE RELEASE</p><p>March 5, 2024</p>" + postContent,
		"dateline":            "<p>LANTERN BAY, March 4, 2024 – Attorney General Ines Marlowe announced that a lender will repay 900 families what it took from them over six years in fees.</p><p>Nobody has to ask for it.</p>",
		"headline again":      "<h2>" + title + "</h2>" + postContent,
		"of a builder":        `<div class="elementor"><section><div class="elementor-widget-container"><p>LANTERN BAY – Attorney General Ines Marlowe announced today that a lender will repay 900 families.</p></div></section><section><div><p>Nobody has to ask for it, and the money goes out before summer comes to the county.</p></div></section></div>`,
		"buttons to share":    postContent + `<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a href="?share=x">X</a></li></ul></div><div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3></div>`,
		"other posts":         postContent + `<h3>Related Posts</h3><ul><li><a href="/2024/03/one/">Marlowe Sues Ticket Seller for Deceiving Families</a></li><li><a href="/2024/03/two/">Marlowe Secures Sentence in Cargo Fraud</a></li></ul>`,
		"classic, unclosed":   "LANTERN BAY – Attorney General Ines Marlowe announced today that a lender will repay 900 families.<br />\n<br />\nNobody has to ask for it.<p>The money goes out before summer",
		"one short sentence":  "<p>The office is closed on Monday, Attorney General Ines Marlowe says, and opens again the day after.</p>",
	}
	themes := map[string]string{
		"classic": `<!DOCTYPE html><html lang="en-US"><head><title>%[1]s &#8211; Harbor Attorney General</title><meta property="og:title" content="%[1]s"></head><body class="post-template-default single"><div id="page"><header id="masthead"><a href="/">Harbor Attorney General</a><nav><ul><li><a href="/news/">News</a></li></ul></nav></header><div id="content"><main id="main"><article class="post type-post"><header class="entry-header"><h1 class="entry-title">%[1]s</h1><div class="entry-meta"><span class="posted-on">Posted on <a href="/2024/03/lender-to-repay-900-families/"><time class="entry-date published" datetime="2024-03-05T20:30:00-05:00">March 5, 2024</time></a></span> <span class="byline">by <a href="/author/tquill/">tquill</a></span></div></header><div class="entry-content">%[2]s</div><footer class="entry-footer"><a href="/category/news/" rel="category tag">News</a></footer></article><nav class="post-navigation"><a href="/2024/03/one/">Former</a></nav></main><aside id="secondary"><h2>Recent Posts</h2><ul><li><a href="/2024/03/one/">Marlowe Sues Ticket Seller for Deceiving Families</a></li></ul></aside></div><footer><p>12 Quay Street</p></footer></div></body></html>`,
		"blocks":  `<!DOCTYPE html><html lang="en-US"><head><title>%[1]s | Attorney General</title></head><body class="wp-site-blocks"><header class="wp-block-template-part"><p class="wp-block-site-title"><a href="/">Attorney General</a></p></header><main class="wp-block-group"><h1 class="wp-block-post-title">%[1]s</h1><div class="wp-block-post-date"><time datetime="2024-03-05T20:30:00-05:00">March 5, 2024</time></div><div class="entry-content wp-block-post-content">%[2]s</div><div class="wp-block-comments"></div></main><footer><p>12 Quay Street, Lantern Bay</p></footer></body></html>`,
	}
	selectors := map[string]office.Page{"general rules": {}, "selectors": {Title: "h1", Date: "time", Body: ".entry-content", Match: `^https://ag\.example/20`}}
	for what, content := range contents {
		item := readItem(t, post(title, content, "2024-03-05T20:30:00")).Reading
		for theme, source := range themes {
			for how, selected := range selectors {
				page, err := Read(Input{Body: []byte(fmt.Sprintf(source, title, content)), ContentType: "text/html; charset=UTF-8", URL: "https://ag.example/2024/03/lender-to-repay-900-families/",
					Captured: time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC), Office: office.Office{ID: "HB", Timezone: "America/New_York", Page: selected},
					Rows: []index.ListingRow{{Title: title, Date: "2024-03-05", Source: "api"}}})
				if err != nil {
					t.Fatal(err)
				}
				got := page.Reading
				if page.Kind != index.PageRelease || got.Title != item.Title || got.Text != item.Text || got.Published != item.Published || got.Fingerprint != item.Fingerprint || got.Markdown != item.Markdown {
					t.Errorf("%s in %s by %s: %s (%s)\n%s, %s\n%s\n%s, item %s, %s\n%s", what, theme, how, page.Kind, page.Why, got.Title, got.Published, got.Text, got.Fingerprint[:min(8, len(got.Fingerprint))], item.Title, item.Published, item.Text)
				}
			}
		}
	}
}

// TestOddPosts reads items that are no releases, and such with what plugins left in them.
func TestOddPosts(t *testing.T) {
	plain := string(post("Lender to Repay 900 Families", "<p>Words of the office.</p>", "2024-03-05T20:30:00"))
	for _, test := range []struct {
		name, body string
		kind       index.PageKind
		text       string
	}{
		{"as it should be", plain, index.PageRelease, "Words of the office."},
		{"a mark before it", "\uFEFF \n" + plain, index.PageRelease, "Words of the office."},
		{"by a password", strings.NewReplacer(`"protected":false`, `"protected":true`, `\u003cp\u003eWords of the office.\u003c/p\u003e`, "").Replace(plain), index.PageOther, ""},
		{"not published", strings.Replace(plain, `"publish"`, `"private"`, 1), index.PageOther, ""},
		{"without a status", strings.Replace(plain, `"status":"publish",`, "", 1), index.PageRelease, "Words of the office."},
		{"without a text", string(post("Lender to Repay 900 Families", "<p>&nbsp;</p>", "")), index.PageOther, ""},
		{"without a title", string(post("", "<p>Words of the office.</p>", "")), index.PageOther, ""},
		{"without an address", strings.Replace(plain, `"https://ag.example/2024/03/lender-to-repay-900-families/"`, `"javascript:x"`, 1), index.PageOther, ""},
		{"title as string", strings.Replace(plain, `{"rendered":"Lender to Repay 900 Families"}`, `"Lender to Repay 900 Families"`, 1), index.PageRelease, "Words of the office."},
		{"shortcodes", string(post("Lender", `[vc_row full_width="stretch"][vc_column width=&#8221;1/2&#8243;]<p>Words [sic] of the [Office].</p>[/vc_column][/vc_row][gallery ids="1,2"][note]<p>Kept [1] [note].</p>[/note][caption id="a" align="b" width="3"]Shown.[/caption]`, "")), index.PageRelease, "Words [sic] of the [Office].\n\nKept [1] .\n\nShown."},
		{"script in the title", string(post(`<script>alert(1)</script>Lender</h1><b>Repays</b>`, "<p>Words of the office.</p>", "")), index.PageRelease, "Words of the office."},
		{"markup that closes its frame", string(post("Lender", "</div></article></main><p>Words of the office.</p><div>", "")), index.PageRelease, "Words of the office."},
	} {
		page := readItem(t, []byte(test.body))
		if page.Kind != test.kind || page.Reading.Text != test.text || page.Why == "" {
			t.Errorf("%s: %s (%s) %q, want %s %q", test.name, page.Kind, page.Why, page.Reading.Text, test.kind, test.text)
		}
		if strings.Contains(page.Reading.Title, "alert") {
			t.Errorf("%s: %q", test.name, page.Reading.Title)
		}
	}
}

// TestListOfPosts reads a page of items as rows with the days that the site wrote.
func TestListOfPosts(t *testing.T) {
	draft := strings.Replace(string(post("A Draft", "", "2024-03-07T09:00:00")), `"publish"`, `"draft"`, 1)
	body := "[" + string(post("Lender&#8217;s &#8220;Fees&#8221; &amp; <em>More</em>", "", "2024-03-05T23:30:00")) + "," + draft + "," +
		strings.Replace(string(post("Another", "", "2024-03-04T00:15:00")), "lender-to", "another-to", 1) + "]"
	page := readItem(t, []byte(body))
	want := []index.ListingRow{
		{URL: "https://ag.example/2024/03/lender-to-repay-900-families/", Title: "Lender’s “Fees” & More", Date: "2024-03-05", AsWritten: "2024-03-05T23:30:00"},
		{URL: "https://ag.example/2024/03/another-to-repay-900-families/", Title: "Another", Date: "2024-03-04", AsWritten: "2024-03-04T00:15:00"},
	}
	for i := range want {
		want[i].Office, want[i].Source, want[i].Position = "HB", "api", i
		want[i].Address, want[i].Listing, want[i].Captured = index.CanonicalURL(want[i].URL), "https://ag.example/wp-json/wp/v2/posts/4711", time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC)
	}
	if diff := cmp.Diff(want, page.Rows); page.Kind != index.PageListing || diff != "" {
		t.Errorf("%s (%s)\n%s", page.Kind, page.Why, diff)
	}
}
