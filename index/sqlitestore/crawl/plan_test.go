package crawl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agora/index/sqlitestore/database"
)

// TestPlans looks whether what a crawl asks all the time finds its rows by indexes: the
// tables may have a million.
func TestPlans(t *testing.T) {
	db, err := database.Open(t.Context(), filepath.Join(t.TempDir(), "archive.db"), database.Format{
		ApplicationID: 0x41474F52, Version: 3, Migrations: os.DirFS(filepath.Join("..", "migrations")),
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, plan := range []struct{ text, want string }{
		{dueFirst, "SEARCH visit USING COVERING INDEX visit_first (office=? AND kind=?)"},
		{dueAgain, "SEARCH v USING INDEX visit_again (office=? AND kind=? AND next<?)"},
		{visitsOf(64), "SEARCH v USING PRIMARY KEY (office=? AND address=?)"},
		{passesOfEach, "SEARCH pass USING COVERING INDEX pass_office (office=?)"},
	} {
		lines, err := db.Plan(t.Context(), plan.text)
		if got := strings.Join(lines, "\n"); err != nil || !strings.Contains(got, plan.want) {
			t.Errorf("%s:\n%s, %v\nwant a line %s", plan.text, got, err, plan.want)
		}
	}
}
