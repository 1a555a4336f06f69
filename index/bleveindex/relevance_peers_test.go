package bleveindex_test

import (
	"database/sql"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver

	"agora/index"
)

// pooled is how many places of each ranking are looked at by whoever judges.
const pooled = 20

// peerRankings are what somebody would use instead: each takes the words of a question,
// without its operators.
func peerRankings(t *testing.T, releases []index.Release) []rankedBy {
	db, addresses := plainFTS5(t, releases), addressesOf(releases)
	return []rankedBy{
		{"SQLite FTS5, all words", addresses, func(t *testing.T, question string) []string { return rankedByFTS5(t, db, question, " ", 1) }},
		{"SQLite FTS5, title times 3", addresses, func(t *testing.T, question string) []string { return rankedByFTS5(t, db, question, " ", 3) }},
		{"SQLite FTS5, any word, title times 3", addresses, func(t *testing.T, question string) []string { return rankedByFTS5(t, db, question, " OR ", 3) }},
	}
}

func plainFTS5(t *testing.T, releases []index.Release) *sql.DB {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1) // each connection would have a database of its own
	if _, err := db.ExecContext(t.Context(), `CREATE VIRTUAL TABLE releases USING fts5(id UNINDEXED, title, text, tokenize='porter unicode61')`); err != nil {
		t.Fatal(err)
	}
	for _, r := range releases {
		if _, err := db.ExecContext(t.Context(), `INSERT INTO releases VALUES (?, ?, ?)`, r.ID, r.Title, r.Text); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func rankedByFTS5(t *testing.T, db *sql.DB, question, join string, title float64) []string {
	var words []string
	for _, w := range strings.Fields(strings.ReplaceAll(question, `"`, " ")) {
		words = append(words, `"`+w+`"`)
	}
	rows, err := db.QueryContext(t.Context(), `SELECT id FROM releases WHERE releases MATCH ? ORDER BY bm25(releases, 0, ?, 1), id LIMIT ?`,
		strings.Join(words, join), title, pooled)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return ids
}

// writePool writes the releases that one of the rankings has among its first, by address,
// with their grades, in an order that does not say who found them.
func writePool(t *testing.T, questions []judged, rankings []rankedBy) {
	var b strings.Builder
	for _, q := range questions {
		found := maps.Clone(q.grades)
		for _, r := range rankings {
			ranking := r.best(t, q.text)
			for _, address := range ranking[:min(pooled, len(ranking))] {
				found[address] = q.grades[address]
			}
		}
		fmt.Fprintf(&b, "%s: %s\n", q.kind, q.text)
		for _, address := range slices.Sorted(maps.Keys(found)) {
			fmt.Fprintf(&b, "%d %s\n", found[address], address)
		}
		b.WriteString("\n")
	}
	if err := os.WriteFile(*relevancePool, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
