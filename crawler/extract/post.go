package extract

import (
	"fmt"
	"net/url"

	"golang.org/x/net/html"

	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
	"agora/crawler/extract/listing"
	"agora/crawler/extract/publication"
	"agora/crawler/extract/refusal"
	"agora/index"
)

// ruleInterface is the rule of what an interface says outright.
const ruleInterface = "interface"

// frame is how themes show a post: what is read of the item is then what would be read of
// the page, by the same rules for what surrounds a release in its text.
const frame = `<!doctype html><html><body><main><article class="post"><h1 class="entry-title">%s</h1><div class="entry-content">%s</div></article></main></body></html>`

// readPost reads an item of WordPress's interface as the release that its page shows. The
// day of the item counts as shown, for themes show it beside the headline: so page and
// item of one post have one fingerprint, except where a theme shows another day or none.
func readPost(in Input, post listing.Post) (Page, error) {
	link, err := url.Parse(post.Link)
	if err != nil || link.Scheme != "http" && link.Scheme != "https" {
		return Page{Kind: index.PageOther, Why: "an item of the interface without an address"}, nil
	}
	result := Page{Kind: index.PageOther, Canonical: post.Link}
	if !post.Public() {
		result.Why = "an item of the interface that is not for everybody"
		return result, nil
	}
	title, _, err := document.Parse("<body>" + post.Title)
	if err != nil {
		return Page{}, err
	}
	root, flattened, err := document.Parse(fmt.Sprintf(frame, html.EscapeString(document.Text(title)), post.Content))
	if err != nil {
		return Page{}, err
	}
	in.URL, in.Asked = post.Link, ""
	p := newPage(in, link, root, flattened)
	p.title, p.titleRule, p.titleNode = document.Text(title), ruleInterface, document.SelectFirst(root, "h1")
	p.findBody()
	p.bodyRule = ruleInterface
	p.addPostDates(post.Date)
	if p.title == "" || p.text == "" || len(p.title) > longestTitle || len(p.text) > longestText {
		result.Why = "an item of the interface without a title or text, or with too much of it"
		return result, nil
	}
	if result.Reading, err = p.reading(); err != nil {
		return Page{}, err
	}
	result.Reading.Tags = nil // an item names its labels by number only
	result.Kind, result.Why, result.Refusal = index.PageRelease, "an item of the interface", refusal.None
	return result, nil
}

// addPostDates collects the candidates of an item, the most trusted first.
func (p *page) addPostDates(written string) {
	if f, ok := dates.Machine(written, nil); ok {
		p.dates.Add(publication.Candidate{Found: f, Rule: ruleInterface, Source: publication.SourceAPI, Witness: publication.Shown, Weight: publication.WeightSelector})
	}
	p.addRows()
	p.addDateline()
	p.addAddress()
}
