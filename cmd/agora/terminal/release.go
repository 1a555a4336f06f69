package terminal

import (
	"fmt"
	"strings"

	"agora/index"
	"agora/index/vocabulary"
)

// Describe writes a release for people, columns wide.
func Describe(r index.Release, columns int) string {
	var b strings.Builder
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-18s%s\n", label, wrap(value, columns, 18))
		}
	}
	b.WriteString(wrap(r.Title, columns, 0) + "\n\n")
	line("Published by", r.State+" ("+r.Office+")")
	line("Published", publishedWords(r.Summary))
	if ag := r.AttorneyGeneral; ag != nil {
		line("In office", ag.Name+" ("+vocabulary.Label(vocabulary.Parties[:], ag.Party)+")")
	}
	line("Topics", strings.Join(r.Topics, ", "))
	line("Kinds", strings.Join(r.Kinds, ", "))
	if c := r.Coalition; c != nil {
		line("Coalition", coalitionWords(*c)+", "+c.Role+" by this office")
		line("  as written", c.ClaimedWords)
		line("  led by", strings.Join(c.Leads, " "))
		line("  members", strings.Join(c.Members, " "))
		if !c.Complete {
			line("", "(the release does not list all by name)")
		}
	}
	for _, attachment := range r.Attachments {
		line("Attachment", strings.TrimSpace(attachment.Title+" "+attachment.URL))
	}
	line("Address", string(r.URL))
	line("Id", fmt.Sprintf("%s, version %d, %s", r.ID, r.Version, r.Presence.State))
	if r.Capture != nil {
		line("Evidence", fmt.Sprintf("%s at %d, captured %s, SHA-256 %s", r.Capture.File, r.Capture.Offset, r.Capture.Captured.Format("2006-01-02 15:04 UTC"), r.Capture.SHA256))
	}
	for _, paragraph := range strings.Split(r.Text, "\n") {
		b.WriteString("\n" + wrap(paragraph, columns, 0))
	}
	b.WriteString("\n")
	return Printable(b.String())
}

// publishedWords says when a release was published and how that is known.
func publishedWords(s index.Summary) string {
	words := "no date in what is held"
	if s.Published != "" {
		words = string(s.Published)
		switch s.PublishedPrecision {
		case "month":
			words = words[:7]
		case "year":
			words = words[:4]
		}
		words += ", by " + vocabulary.Label(vocabulary.DateSources[:], string(s.PublishedSource))
	}
	if s.PublishedNote != "" {
		words += " (" + s.PublishedNote + ")"
	}
	return words
}
