package server

import (
	"net/http"
	"strings"
	"testing"

	"agora/index"
)

// TestFactsOfRelease shows each fact with its sentence, and leads to a search only where one can tell.
func TestFactsOfRelease(t *testing.T) {
	s := newSite(t, func(*Options) {})
	amount := int64(2500000)
	r := &s.store.releases[0]
	r.Facts = nil
	if body := s.ask(http.MethodGet, "/releases/"+r.ID).Body.String(); strings.Contains(body, "Facts in the text") {
		t.Error("a release without facts has a section of them")
	}
	r.Facts = []index.Fact{
		{Kind: "penalty", Value: "2500000", Label: "$2.5 million", Amount: &amount, Quote: "It pays a penalty of $2.5 million <b>now</b>."},
		{Kind: "company", Value: "vale-pharmacies", Label: "Vale Pharmacies", Quote: "Vale Pharmacies pays."},
		{Kind: "docket", Value: "1:21-cv-01234", Label: "1:21-cv-01234", Quote: "It is No. 1:21-cv-01234."},
		{Kind: "statute", Value: "42-usc-1983", Label: "42 U.S.C. § 1983", Quote: "It breaks 42 USC 1983."},
	}
	w := s.ask(http.MethodGet, "/releases/"+r.ID)
	body := w.Body.String()
	for _, want := range []string{
		"Facts in the text", "Penalty", "<span dir=\"auto\">$2.5 million</span>", "a penalty of $2.5 million &lt;b&gt;now&lt;/b&gt;.",
		`href="/?company=vale-pharmacies"`, `href="/?q=%221%3A21-cv-01234%22"`, "<span dir=\"auto\">42 U.S.C. § 1983</span>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	checkMarkup(t, "/releases/"+r.ID, body)
}
