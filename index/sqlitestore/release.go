package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"agora/index"
	"agora/index/sqlitestore/database"
	"agora/index/vocabulary"
)

const (
	captureRefColumns = `c.captured, c.url, c.status, c.origin, c.file, c.record_offset, c.record_length, c.sha256`
	// releaseColumns are what scanRelease takes, of release r, capture c and reading d.
	releaseColumns = headColumns + `, d.title, d.content`
	// headColumns are what scanHead takes: all but what was read out of the capture.
	headColumns = `r.id, r.office, r.url, r.version, r.added, r.first_seen, r.changed, r.last_seen, r.backfill,
		r.presence, r.presence_since, r.presence_cause, r.last_listed, m.id, m.releases, ` + captureRefColumns
	// itsMatter joins the matter m of release r.
	itsMatter       = ` LEFT JOIN matter_release mr ON mr.release_id = r.id LEFT JOIN matter m ON m.id = mr.matter_id`
	currentRelease  = ` FROM release r JOIN capture c ON c.id = r.newest JOIN reading d ON d.id = c.reading_id` + itsMatter
	currentReleases = `SELECT ` + releaseColumns + currentRelease
	currentHeads    = `SELECT ` + headColumns + `, d.digest` + currentRelease
	currentNamed    = `SELECT ` + releaseColumns + `, d.digest` + currentRelease
)

// captureRow takes what captureRefColumns select.
type captureRow struct {
	captured int64
	status   sql.NullInt64
	ref      index.CaptureRef
}

func (c *captureRow) into() []any {
	return []any{&c.captured, &c.ref.URL, &c.status, &c.ref.Origin, &c.ref.File, &c.ref.Offset, &c.ref.Length, &c.ref.SHA256}
}

func (c *captureRow) value() index.CaptureRef {
	ref := c.ref
	ref.Captured = database.Time(c.captured)
	if c.status.Valid {
		status := int(c.status.Int64)
		ref.Status = &status
	}
	return ref
}

// scanRelease reads a row of releaseColumns; further columns go into more.
func (s *Store) scanRelease(rows *sql.Rows, more ...any) (index.Release, error) {
	var (
		title   string
		content sql.RawBytes
	)
	r, err := scanHead(rows, append([]any{&title, &content}, more...)...)
	if err != nil {
		return r, err
	}
	err = s.codec.Decode(title, content, &r)
	return r, err
}

// scanHead reads a row of headColumns; further columns go into more.
func scanHead(rows *sql.Rows, more ...any) (index.Release, error) {
	var (
		r                             index.Release
		capture                       captureRow
		address, cause                string
		added, first, changed, last   int64
		presenceSince, presenceListed sql.NullInt64
		matter                        sql.NullString
		tellings                      sql.NullInt64
	)
	into := []any{&r.ID, &r.Office, &address, &r.Version, &added, &first, &changed, &last, &r.Backfill,
		&r.Presence.State, &presenceSince, &cause, &presenceListed, &matter, &tellings}
	into = append(into, capture.into()...)
	if err := rows.Scan(append(into, more...)...); err != nil {
		return r, err
	}
	r.State = r.Office
	if office, ok := vocabulary.OfficeByCode(r.Office); ok {
		r.State = office.Name
	}
	r.URL = index.NullableString(address)
	r.Added, r.FirstSeen, r.Changed, r.LastSeen = database.Time(added), database.Time(first), database.Time(changed), database.Time(last)
	r.Presence.Since, r.Presence.Cause = r.FirstSeen, index.NullableString(cause)
	if presenceSince.Valid {
		r.Presence.Since = database.Time(presenceSince.Int64)
	}
	if presenceListed.Valid {
		listed := database.Time(presenceListed.Int64)
		r.Presence.LastListed = &listed
	}
	if matter.Valid {
		r.Matter = &index.MatterLink{ID: matter.String, Releases: int(tellings.Int64)}
	}
	ref := capture.value()
	r.Capture = &ref
	r.Links.HTML = index.ReleasePath(r.ID)
	return r, nil
}

// Release returns the current version of a release; ErrNotFound where it is not held.
func (s *Store) Release(ctx context.Context, id string) (index.Release, error) {
	found, err := s.Releases(ctx, []string{id})
	if err != nil {
		return index.Release{}, err
	}
	if len(found) == 0 {
		return index.Release{}, missing("release", id)
	}
	return found[0], nil
}

func missing(what, name string) error { return fmt.Errorf("%s %q: %w", what, name, index.ErrNotFound) }

// idsAsked are the sizes of questions for releases: a question is filled up to one of
// them with empty ids, so that a few prepared statements do for any number.
var idsAsked = [...]int{1, 24, 128, 1000}

// byID asks for n ids.
func byID(question string, n int) string {
	return question + ` WHERE r.id IN (?` + strings.Repeat(`, ?`, n-1) + `)`
}

// Releases returns the current versions of ids, in their order, without unknown ones.
func (s *Store) Releases(ctx context.Context, ids []string) ([]index.Release, error) {
	const doing = "read releases"
	found := make(map[string]index.Release, len(ids))
	var from database.Querier = s.db
	if len(ids) > idsAsked[len(idsAsked)-1] {
		snapshot, err := s.db.Snapshot(ctx)
		if err != nil {
			return nil, s.db.Failure(doing, err)
		}
		defer snapshot.End()
		from = snapshot
	}
	for chunk := range slices.Chunk(ids, idsAsked[len(idsAsked)-1]) {
		if err := s.releasesInto(ctx, from, chunk, found); err != nil {
			return nil, s.db.Failure(doing, err)
		}
	}
	releases := make([]index.Release, 0, len(ids))
	for _, id := range ids {
		if r, ok := found[id]; ok {
			releases = append(releases, r)
		}
	}
	return releases, nil
}

// releasesInto finds releases: of those whose reading was asked for lately only the rest
// is read.
func (s *Store) releasesInto(ctx context.Context, from database.Querier, ids []string, found map[string]index.Release) error {
	if len(ids) > mostHeads {
		return eachOf(ctx, from, currentReleases, ids, func(rows *sql.Rows) error {
			r, err := s.scanRelease(rows)
			found[r.ID] = r
			return err
		})
	}
	var unread []string
	err := eachOf(ctx, from, currentHeads, ids, func(rows *sql.Rows) error {
		var digest string
		r, err := scanHead(rows, &digest)
		if err != nil {
			return err
		}
		if s.readings.Add(digest, &r) {
			found[r.ID] = r
		} else {
			unread = append(unread, r.ID)
		}
		return nil
	})
	if err != nil || len(unread) == 0 {
		return err
	}
	return eachOf(ctx, from, currentNamed, unread, func(rows *sql.Rows) error {
		var digest string
		r, err := s.scanRelease(rows, &digest)
		if err != nil {
			return err
		}
		s.readings.Keep(digest, &r)
		found[r.ID] = r
		return nil
	})
}

// mostHeads is up to how many releases are asked for without their readings first: more
// are not a page of results that somebody may have asked for before.
const mostHeads = 128

// eachOf asks a question about ids and calls use with each row.
func eachOf(ctx context.Context, from database.Querier, question string, ids []string, use func(rows *sql.Rows) error) error {
	at := slices.IndexFunc(idsAsked[:], func(size int) bool { return size >= len(ids) })
	args := make([]any, idsAsked[at])
	for i := range args {
		args[i] = ""
		if i < len(ids) {
			args[i] = ids[i]
		}
	}
	rows, err := from.Query(ctx, byID(question, len(args)), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := use(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Find returns the id of the release with this id or address; of several offices that
// have a release at one address the first by id.
func (s *Store) Find(ctx context.Context, idOrURL string) (string, error) {
	var id string
	asked := strings.TrimSpace(idOrURL)
	err := database.One(ctx, s.db, `SELECT id FROM (
			SELECT 0 AS preference, id FROM release WHERE id = ?
			UNION ALL SELECT 1, release_id FROM address WHERE address = ?
			UNION ALL SELECT 1, release_id FROM address WHERE address = ?) AS found
		ORDER BY preference, id LIMIT 1`, []any{strings.ToLower(asked), asked, index.CanonicalURL(asked)}, &id)
	if err != nil {
		return "", s.db.Failure(fmt.Sprintf("find release %q", idOrURL), err)
	}
	return id, nil
}

// Version returns a release as it was in version number: its reading and capture are
// those of the last capture of the version.
func (s *Store) Version(ctx context.Context, id string, number int) (index.Release, error) {
	doing := fmt.Sprintf("read version %d of release %q", number, id)
	rows, err := s.db.Query(ctx, `SELECT `+releaseColumns+`, (SELECT MIN(captured) FROM capture WHERE release_id = r.id AND version = ?)
		FROM release r JOIN capture c ON c.id = (SELECT id FROM capture WHERE release_id = r.id AND version = ?
			ORDER BY captured DESC, id DESC LIMIT 1)
		JOIN reading d ON d.id = c.reading_id`+itsMatter+` WHERE r.id = ?`, number, number, id)
	if err != nil {
		return index.Release{}, s.db.Failure(doing, err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return index.Release{}, s.db.Failure(doing, err)
		}
		return index.Release{}, s.db.Failure(doing, index.ErrNotFound)
	}
	var changed int64
	r, err := s.scanRelease(rows, &changed)
	if err != nil {
		return index.Release{}, s.db.Failure(doing, err)
	}
	if r.Version != number {
		r.Version, r.Changed, r.LastSeen = number, database.Time(changed), r.Capture.Captured
	}
	return r, nil
}

// Versions lists the versions of a release by the time of their first capture.
func (s *Store) Versions(ctx context.Context, id string) ([]index.Version, error) {
	doing := fmt.Sprintf("list versions of release %q", id)
	rows, err := s.db.Query(ctx, `SELECT c.version, d.title, `+captureRefColumns+` FROM capture c
		JOIN reading d ON d.id = c.reading_id WHERE c.release_id = ? ORDER BY c.captured, c.id`, id)
	if err != nil {
		return nil, s.db.Failure(doing, err)
	}
	defer rows.Close()
	var versions []index.Version
	for rows.Next() {
		var v index.Version
		var capture captureRow
		if err := rows.Scan(append([]any{&v.Number, &v.Title}, capture.into()...)...); err != nil {
			return nil, s.db.Failure(doing, err)
		}
		v.Capture = capture.value()
		v.Changed, v.Last = v.Capture.Captured, v.Capture.Captured
		if n := len(versions); n > 0 && versions[n-1].Number == v.Number {
			v.Changed = versions[n-1].Changed
			versions = versions[:n-1]
		}
		versions = append(versions, v)
	}
	if err := rows.Err(); err != nil {
		return nil, s.db.Failure(doing, err)
	}
	if len(versions) == 0 {
		return nil, s.db.Failure(doing, index.ErrNotFound)
	}
	versions[len(versions)-1].Current = true
	return versions, nil
}
