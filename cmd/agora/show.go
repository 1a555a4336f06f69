package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"agora/index"
	"agora/index/vocabulary"
)

// showCommand shows one release.
type showCommand struct {
	ID      string `arg:"" name:"id-or-url" help:"Id of the release, or an address that it had."`
	Version int    `help:"The release as it was in this version." placeholder:"N"`
	JSON    bool   `name:"json" help:"Print it as JSON."`
}

// Run reads the store; it needs no index.
func (c *showCommand) Run(ctx context.Context, a *app) (err error) {
	store, err := a.openStore(ctx, false)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)
	id, err := store.Find(ctx, c.ID)
	if err != nil {
		return err
	}
	var r index.Release
	if c.Version > 0 {
		r, err = store.Version(ctx, id, c.Version)
	} else {
		r, err = store.Release(ctx, id)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(a.Stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}
	_, err = io.WriteString(a.Stdout, printable(describe(r, width(a.Stdout))))
	return err
}

// describe writes a release for people, columns wide.
func describe(r index.Release, columns int) string {
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
	return b.String()
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
