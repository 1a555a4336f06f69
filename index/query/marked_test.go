package query_test

import (
	"strings"
	"testing"

	"agora/index"
	"agora/index/highlight"
	"agora/index/indextest"
	"agora/index/query"
)

// TestOtherNamesAreMarked holds that a result shows why it was found.
func TestOtherNamesAreMarked(t *testing.T) {
	release := indextest.Release("VA", 1, func(r *index.Release) {
		r.Title = "Illegal Automated Calls Stopped"
		r.Text = "The Federal Trade Commission and nobody else stopped auto-dialed calls. Trade is free."
	})
	root, _ := query.Parse("FTC robocalls")
	title, snippet := highlight.New(index.Query{Root: root})(release)
	if want := "Illegal <mark>Automated Calls</mark> Stopped"; strings.ReplaceAll(title, "</mark> <mark>", " ") != want {
		t.Errorf("got %s, want %s", title, want)
	}
	got := strings.ReplaceAll(snippet, "</mark> <mark>", " ")
	for _, want := range []string{"<mark>Federal Trade Commission</mark>", "<mark>auto-dialed calls</mark>", "Trade is free"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
}
