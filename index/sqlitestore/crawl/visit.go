package crawl

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"agora/index"
	"agora/index/sqlitestore/database"
)

// counted is what visits are counted by.
type counted struct {
	office, kind, outcome string
}

// SaveVisits inserts or replaces visits. A page that was not modified or unchanged
// confirms its release. Visits of another kind than there is are ErrInvalid, those that
// name a release that is not held ErrNotFound.
func (t *Tables) SaveVisits(ctx context.Context, visits []index.Visit) error {
	const doing = "save visits"
	for i := range visits {
		if err := valid(&visits[i]); err != nil {
			return fmt.Errorf("%s: visit %d of %q: %w", doing, i, visits[i].Address, err)
		}
	}
	return t.db.Write(ctx, doing, func(ctx context.Context, w *database.Writer, cancelled func() error) error {
		counts := map[counted]int{}
		for i := range visits {
			if err := cancelled(); err != nil {
				return err
			}
			if err := saveVisit(ctx, w, &visits[i], counts); err != nil {
				return fmt.Errorf("visit of %q: %w", visits[i].Address, err)
			}
		}
		return count(ctx, w, counts)
	})
}

func valid(v *index.Visit) error {
	switch v.Kind {
	case index.VisitPage, index.VisitAttachment, index.VisitSource:
	default:
		return fmt.Errorf("%w: its kind is %q", index.ErrInvalid, v.Kind)
	}
	if v.Office == "" || v.Address == "" {
		return fmt.Errorf("%w: it has no office or no address", index.ErrInvalid)
	}
	return nil
}

// saveVisit replaces a visit and notes in counts what that changes.
func saveVisit(ctx context.Context, w *database.Writer, v *index.Visit, counts map[counted]int) error {
	was := counted{office: v.Office}
	is := counted{v.Office, string(v.Kind), v.Outcome}
	var named string
	err := database.One(ctx, w, `SELECT kind, outcome, COALESCE(release_id, '') FROM visit WHERE office = ? AND address = ?`,
		[]any{v.Office, v.Address}, &was.kind, &was.outcome, &named)
	switch {
	case err == nil:
		counts[was]--
	case !errors.Is(err, index.ErrNotFound):
		return err
	}
	counts[is]++
	release := sql.NullString{String: v.ReleaseID, Valid: v.ReleaseID != ""}
	if release.Valid && v.ReleaseID != named {
		var held int
		if err := database.One(ctx, w, `SELECT 1 FROM release WHERE id = ?`, []any{v.ReleaseID}, &held); err != nil {
			return fmt.Errorf("release %q: %w", v.ReleaseID, err)
		}
	}
	err = w.Exec(ctx, `INSERT INTO visit (office, address, url, kind, release_id, found, last, next, outcome, failures, failing_since, etag,
			last_modified, sha256, payload, captured, backfill)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (office, address) DO UPDATE SET url = excluded.url, kind = excluded.kind, release_id = excluded.release_id, found = excluded.found,
			last = excluded.last, next = excluded.next, outcome = excluded.outcome, failures = excluded.failures,
			failing_since = excluded.failing_since, etag = excluded.etag, last_modified = excluded.last_modified, sha256 = excluded.sha256,
			payload = excluded.payload, captured = excluded.captured, backfill = excluded.backfill`,
		v.Office, v.Address, v.URL, string(v.Kind), release, database.OptionalTime(v.Found), database.OptionalTime(v.Last), database.OptionalTime(v.Next),
		v.Outcome, v.Failures, database.OptionalTime(v.FailingSince), v.ETag, v.LastModified, v.SHA256, v.Payload, database.OptionalTime(v.Captured), v.Backfill)
	if err != nil {
		return err
	}
	return confirm(ctx, w, v)
}

// confirm says of the release of a page that brought nothing new that it was seen. A
// letter that is still there says nothing of the page that links it.
func confirm(ctx context.Context, w *database.Writer, v *index.Visit) error {
	if v.Kind != index.VisitPage || v.Last.IsZero() || v.Outcome != index.OutcomeNotModified && v.Outcome != index.OutcomeUnchanged {
		return nil
	}
	at := v.Last.UnixMilli()
	if v.ReleaseID != "" {
		return w.Exec(ctx, `UPDATE release SET last_seen = ? WHERE id = ? AND last_seen < ?`, at, v.ReleaseID, at)
	}
	return w.Exec(ctx, `UPDATE release SET last_seen = ? WHERE id = (SELECT release_id FROM address WHERE address = ? AND office = ?) AND last_seen < ?`,
		at, v.Address, v.Office, at)
}

// count adds to the counts of visits.
func count(ctx context.Context, w *database.Writer, counts map[counted]int) error {
	changed := make([]counted, 0, len(counts))
	for c, n := range counts {
		if n != 0 {
			changed = append(changed, c)
		}
	}
	slices.SortFunc(changed, func(a, b counted) int {
		return cmp.Or(strings.Compare(a.office, b.office), strings.Compare(a.kind, b.kind), strings.Compare(a.outcome, b.outcome))
	})
	for _, c := range changed {
		err := w.Exec(ctx, `INSERT INTO visit_count (office, kind, outcome, count) VALUES (?, ?, ?, ?)
			ON CONFLICT (office, kind, outcome) DO UPDATE SET count = visit_count.count + excluded.count`, c.office, c.kind, c.outcome, counts[c])
		if err != nil {
			return err
		}
	}
	return nil
}

// visitColumns are what scanVisit takes, of visit v.
const visitColumns = `v.office, v.address, v.url, v.kind,
	COALESCE(v.release_id, CASE v.kind WHEN 'page' THEN (SELECT a.release_id FROM address a WHERE a.address = v.address AND a.office = v.office) END, ''),
	v.found, v.last, v.next, v.outcome, v.failures, v.failing_since, v.etag, v.last_modified, v.sha256, v.payload, v.captured, v.backfill`

func scanVisit(rows *sql.Rows) (index.Visit, error) {
	var v index.Visit
	var found, last, next, failing, captured sql.NullInt64
	err := rows.Scan(&v.Office, &v.Address, &v.URL, &v.Kind, &v.ReleaseID, &found, &last, &next, &v.Outcome, &v.Failures, &failing,
		&v.ETag, &v.LastModified, &v.SHA256, &v.Payload, &captured, &v.Backfill)
	v.Found, v.Last, v.Next = database.KnownTime(found), database.KnownTime(last), database.KnownTime(next)
	v.FailingSince, v.Captured = database.KnownTime(failing), database.KnownTime(captured)
	return v, err
}

// Visit returns what is known of an address of an office.
func (t *Tables) Visit(ctx context.Context, office, address string) (index.Visit, error) {
	doing := fmt.Sprintf("read visit of %q", address)
	visits, err := t.Visits(ctx, office, []string{address})
	if err != nil {
		return index.Visit{}, err
	}
	v, known := visits[address]
	if !known {
		return index.Visit{}, t.db.Failure(doing, index.ErrNotFound)
	}
	return v, nil
}

// addressesAsked are the sizes of questions for visits: a question is filled up to one
// of them with empty addresses, so that three prepared statements do for any number.
var addressesAsked = [...]int{1, 64, 1000}

// Visits returns what is known of addresses of an office, from one snapshot.
func (t *Tables) Visits(ctx context.Context, office string, addresses []string) (map[string]index.Visit, error) {
	const doing = "read visits"
	visits := make(map[string]index.Visit, len(addresses))
	var from database.Querier = t.db
	if len(addresses) > addressesAsked[len(addressesAsked)-1] {
		view, err := t.db.Snapshot(ctx)
		if err != nil {
			return nil, t.db.Failure(doing, err)
		}
		defer view.End()
		from = view
	}
	for chunk := range slices.Chunk(addresses, addressesAsked[len(addressesAsked)-1]) {
		at := slices.IndexFunc(addressesAsked[:], func(size int) bool { return size >= len(chunk) })
		args := make([]any, 1+addressesAsked[at])
		args[0] = office
		for i := range args[1:] {
			args[1+i] = ""
			if i < len(chunk) {
				args[1+i] = chunk[i]
			}
		}
		found, err := database.All(ctx, from, scanVisit, visitsOf(addressesAsked[at]), args...)
		if err != nil {
			return nil, t.db.Failure(doing, err)
		}
		for _, v := range found {
			visits[v.Address] = v
		}
	}
	return visits, nil
}

// visitsOf returns the question for n addresses of an office.
func visitsOf(n int) string {
	return `SELECT ` + visitColumns + ` FROM visit v WHERE v.office = ? AND v.address IN (?` + strings.Repeat(`, ?`, n-1) + `)`
}

// What is due of one kind. Of those never fetched the index alone tells which they are:
// many may be planned for later.
const (
	dueFirst = `SELECT ` + visitColumns + ` FROM (SELECT office, address FROM visit
			WHERE office = ? AND kind = ? AND last IS NULL AND next <= ? ORDER BY found DESC, address LIMIT ?) due
		JOIN visit v ON v.office = due.office AND v.address = due.address ORDER BY v.found DESC, v.address`
	dueAgain = `SELECT ` + visitColumns + ` FROM visit v
		WHERE v.office = ? AND v.kind = ? AND v.last IS NOT NULL AND v.next <= ? ORDER BY v.next, v.address LIMIT ?`
)

// DueVisits returns up to limit visits of pages and attachments of an office that are
// planned for before or at a time. Those of one rank come by address.
func (t *Tables) DueVisits(ctx context.Context, office string, kind index.VisitKind, at time.Time, limit int) ([]index.Visit, error) {
	doing := fmt.Sprintf("read due visits of office %q", office)
	view, err := t.db.Snapshot(ctx)
	if err != nil {
		return nil, t.db.Failure(doing, err)
	}
	defer view.End()
	visits := []index.Visit{}
	kinds := []index.VisitKind{index.VisitPage, index.VisitAttachment}
	if kind != "" {
		kinds = []index.VisitKind{kind}
	}
	for _, kind := range kinds {
		for _, question := range []string{dueFirst, dueAgain} {
			if len(visits) >= limit {
				return visits, nil
			}
			found, err := database.All(ctx, view, scanVisit, question, office, string(kind), at.UnixMilli(), limit-len(visits))
			if err != nil {
				return nil, t.db.Failure(doing, err)
			}
			visits = append(visits, found...)
		}
	}
	return visits, nil
}

// VisitCounts counts the visits of all offices by office, kind and outcome.
func (t *Tables) VisitCounts(ctx context.Context) ([]index.VisitCount, error) {
	counts, err := database.All(ctx, t.db, func(rows *sql.Rows) (index.VisitCount, error) {
		var c index.VisitCount
		err := rows.Scan(&c.Office, &c.Kind, &c.Outcome, &c.Count)
		return c, err
	}, `SELECT office, kind, outcome, count FROM visit_count WHERE count > 0 ORDER BY office, kind, outcome`)
	return counts, t.db.Failure("count visits", err)
}
