package matters

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agora/index/sqlitestore/database"
)

// TestPlans looks whether days and the newest matters are found by indexes: there may be a
// million releases.
func TestPlans(t *testing.T) {
	db, err := database.Open(t.Context(), filepath.Join(t.TempDir(), "archive.db"), database.Format{
		ApplicationID: 0x41474F52, Version: 3, Migrations: os.DirFS(filepath.Join("..", "migrations")),
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, plan := range []struct{ text, want string }{
		{datedWithin, "SEARCH release USING COVERING INDEX release_day (published>? AND published<?)"},
		{undatedWithin, "SEARCH release USING COVERING INDEX release_undated (added>? AND added<?)"},
		{`SELECT m.id FROM matter m WHERE m.releases > 0 ORDER BY m.last DESC, m.id LIMIT 5`, "SCAN m USING INDEX matter_newest"},
		{`SELECT release_id FROM matter_release WHERE matter_id = ? ORDER BY release_id`, "USING COVERING INDEX matter_release_matter (matter_id=?)"},
	} {
		lines, err := db.Plan(t.Context(), plan.text)
		if got := strings.Join(lines, "\n"); err != nil || !strings.Contains(got, plan.want) {
			t.Errorf("%s:\n%s, %v\nwant a line %s", plan.text, got, err, plan.want)
		}
	}
}
