package sqlitestore

import (
	"context"
	"database/sql"
	_ "embed" // of invariants
	"errors"
	"fmt"
	"strings"

	"agora/index"
	"agora/index/sqlitestore/database"
)

//go:embed invariants.sql
var invariants string

// Backup writes a copy of the archive, as of now, into the folder dir, under the name
// that the archive has. It refuses a folder that holds one (ErrInvalid).
func (s *Store) Backup(ctx context.Context, dir string) error { return s.db.CopyTo(ctx, dir) }

// Check looks for damage: in pages and indexes, for references to rows that are not
// there, for breaches of what this package promises beyond, and in every reading.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	questions := strings.Split(invariants, ";\n")
	findings, err := s.db.Check(ctx, questions[:len(questions)-1])
	if err != nil {
		return nil, err
	}
	database.Each(ctx, s.db, func(rows *sql.Rows) (string, error) {
		var id int64
		var digest, title string
		var content sql.RawBytes
		if err := rows.Scan(&id, &digest, &title, &content); err != nil || s.codec.Sound(digest, title, content) {
			return "", err
		}
		return fmt.Sprintf("reading %d: it is not what was stored", id), nil
	}, func(finding string, failed error) bool {
		if failed = s.db.Failure("check archive", failed); errors.Is(failed, index.ErrDamaged) {
			finding, failed = failed.Error(), nil
		}
		if finding != "" {
			findings = append(findings, finding)
		}
		err = failed
		return err == nil
	}, `SELECT id, digest, title, content FROM reading ORDER BY id`)
	return findings, err
}
