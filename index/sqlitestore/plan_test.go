package sqlitestore

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestPlans looks whether what a crawl asks of releases finds its rows by indexes: there
// may be a million.
func TestPlans(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "archive.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, plan := range []struct{ text, want string }{
		{sameWords, "SEARCH c USING INDEX capture_words (<expr>=?)"},
		{publishedPerDay, "SEARCH release USING COVERING INDEX release_published (office=? AND published>?)"},
	} {
		lines, err := s.db.Plan(t.Context(), plan.text)
		if got := strings.Join(lines, "\n"); err != nil || !strings.Contains(got, plan.want) {
			t.Errorf("%s:\n%s, %v\nwant a line %s", plan.text, got, err, plan.want)
		}
	}
}
