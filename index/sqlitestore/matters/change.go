package matters

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"agora/index"
	"agora/index/sqlitestore/database"
)

// changing is a transaction that changes matters. It remembers what was, so that it can
// say at the end which releases have another link.
type changing struct {
	w   *database.Writer
	now time.Time

	before  map[string]link // of each release that was touched
	touched map[string]bool // matters whose sums have to be made anew
}

// link is what a release shows of its matter; the zero link is that of none.
type link struct {
	matter   string
	releases int
}

// Save makes matters what changes say, inside the transaction of w, and returns their ids.
// relinked is called with each release, by id, whose link is another at the end, and its
// current version; cancelled is asked between the changes.
func Save(ctx context.Context, w *database.Writer, now time.Time, changes []index.MatterChange, cancelled func() error,
	relinked func(release string, version int) error) ([]string, error) {
	c := &changing{w: w, now: now, before: map[string]link{}, touched: map[string]bool{}}
	ids := make([]string, len(changes))
	for i, change := range changes {
		if err := cancelled(); err != nil {
			return nil, err
		}
		var err error
		if ids[i], err = c.apply(ctx, change); err != nil {
			return nil, err
		}
	}
	return ids, c.finish(ctx, relinked)
}

// apply makes a matter what a change says and returns its id.
func (c *changing) apply(ctx context.Context, change index.MatterChange) (string, error) {
	id, err := c.identify(ctx, change)
	if err != nil {
		return "", err
	}
	if err := c.touch(ctx, id); err != nil {
		return "", err
	}
	if err := c.merge(ctx, id, change.Merge); err != nil {
		return "", err
	}
	named := map[string]bool{} // release → is it a twin
	for _, release := range change.Twins {
		named[release] = true
	}
	for _, release := range change.Releases {
		named[release] = false
	}
	members, err := membersOf(ctx, c.w, id)
	if err != nil {
		return "", err
	}
	for _, m := range members {
		if _, stays := named[m.release]; stays {
			continue
		}
		if err := c.w.Exec(ctx, `DELETE FROM matter_release WHERE release_id = ?`, m.release); err != nil {
			return "", err
		}
	}
	for _, release := range slices.Sorted(maps.Keys(named)) {
		if err := c.assign(ctx, id, release, named[release]); err != nil {
			return "", fmt.Errorf("release %q: %w", release, err)
		}
	}
	return id, c.w.Exec(ctx, `UPDATE matter SET title = ?, first = ?, last = ?, topics = ? WHERE id = ?`,
		change.Title, string(change.First), string(change.Last), list(change.Topics), id)
}

// identify finds or mints the matter of a change.
func (c *changing) identify(ctx context.Context, change index.MatterChange) (string, error) {
	if change.ID != "" {
		_, _, err := c.living(ctx, change.ID)
		return change.ID, err
	}
	if len(change.Releases) == 0 {
		return "", fmt.Errorf("mint matter: %w: it has no release", index.ErrInvalid)
	}
	const longest = 64 // hex digits of SHA-256
	for digits := index.MinIDDigits; digits <= longest; digits++ {
		id := index.MintMatterID(change.Releases[0], digits)
		result, err := c.w.Run(ctx, `INSERT INTO matter (id, minted, title, first, last, offices, topics, releases)
			VALUES (?, ?, '', '', '', ' ', ' ', 0) ON CONFLICT (id) DO NOTHING`, id, c.now.UnixMilli())
		if err != nil {
			return "", err
		}
		if inserted, err := result.RowsAffected(); err != nil || inserted == 1 {
			return id, err
		}
		free, err := c.revivable(ctx, id, change.Releases[0])
		if err != nil || free {
			return id, err
		}
	}
	return "", fmt.Errorf("mint matter from release %s: every id is taken", change.Releases[0])
}

// revivable tells whether a matter is free for those who would mint its id: nothing is
// left of it, or it is the matter that the release has, so that the change was made before.
func (c *changing) revivable(ctx context.Context, id, release string) (bool, error) {
	var free bool
	err := database.One(ctx, c.w, `SELECT merged_into IS NULL AND (NOT EXISTS (SELECT 1 FROM matter_release WHERE matter_id = matter.id)
		OR EXISTS (SELECT 1 FROM matter_release WHERE matter_id = matter.id AND release_id = ?)) FROM matter WHERE id = ?`, []any{release, id}, &free)
	return free, err
}

// living refuses matters that are not held and those that were merged.
func (c *changing) living(ctx context.Context, id string) (minted int64, merged string, err error) {
	var into sql.NullString
	if err := database.One(ctx, c.w, `SELECT minted, merged_into FROM matter WHERE id = ?`, []any{id}, &minted, &into); err != nil {
		return 0, "", fmt.Errorf("matter %q: %w", id, err)
	}
	if into.Valid {
		err = fmt.Errorf("matter %q: %w: it was merged into %s", id, index.ErrInvalid, into.String)
	}
	return minted, into.String, err
}

// merge lets matters answer as another does, and leaves their releases to none.
func (c *changing) merge(ctx context.Context, id string, others []string) error {
	minted, _, err := c.living(ctx, id)
	if err != nil {
		return err
	}
	for _, other := range others {
		younger, into, err := c.living(ctx, other)
		if err != nil && into == id { // done before
			continue
		}
		if err != nil {
			return err
		}
		if younger < minted || younger == minted && other <= id {
			return fmt.Errorf("merge matter %q into %q: %w: it is not the younger", other, id, index.ErrInvalid)
		}
		if err := c.touch(ctx, other); err != nil {
			return err
		}
		if err := c.w.Exec(ctx, `DELETE FROM matter_release WHERE matter_id = ?`, other); err != nil {
			return err
		}
		if err := c.w.Exec(ctx, `UPDATE matter SET merged_into = ? WHERE id = ? OR merged_into = ?`, id, other, other); err != nil {
			return err
		}
	}
	return nil
}

// touch remembers the links of the releases of a matter, and that it changes.
func (c *changing) touch(ctx context.Context, matter string) error {
	if c.touched[matter] {
		return nil
	}
	c.touched[matter] = true
	var releases int
	if err := database.One(ctx, c.w, `SELECT releases FROM matter WHERE id = ?`, []any{matter}, &releases); err != nil {
		return err
	}
	members, err := membersOf(ctx, c.w, matter)
	for _, m := range members {
		if _, seen := c.before[m.release]; !seen {
			c.before[m.release] = link{matter, releases}
		}
	}
	return err
}

// assign makes a release one of a matter.
func (c *changing) assign(ctx context.Context, matter, release string, twin bool) error {
	var had string
	err := database.One(ctx, c.w, `SELECT matter_id FROM matter_release WHERE release_id = ?`, []any{release}, &had)
	switch {
	case errors.Is(err, index.ErrNotFound):
		var held int
		if err := database.One(ctx, c.w, `SELECT 1 FROM release WHERE id = ?`, []any{release}, &held); err != nil {
			return err
		}
		if _, seen := c.before[release]; !seen {
			c.before[release] = link{}
		}
	case err != nil:
		return err
	case had != matter:
		if err := c.touch(ctx, had); err != nil {
			return err
		}
	}
	return c.w.Exec(ctx, `INSERT INTO matter_release (release_id, matter_id, twin) VALUES (?, ?, ?)
		ON CONFLICT (release_id) DO UPDATE SET matter_id = excluded.matter_id, twin = excluded.twin`, release, matter, twin)
}

// finish makes the sums of all matters that changed and calls relinked with each release,
// by id, whose link is another now, and its current version.
func (c *changing) finish(ctx context.Context, relinked func(release string, version int) error) error {
	for _, matter := range slices.Sorted(maps.Keys(c.touched)) {
		offices, err := database.All(ctx, c.w, func(rows *sql.Rows) (office string, err error) {
			err = rows.Scan(&office)
			return office, err
		}, `SELECT DISTINCT r.office FROM matter_release mr JOIN release r ON r.id = mr.release_id WHERE mr.matter_id = ?`, matter)
		if err != nil {
			return err
		}
		err = c.w.Exec(ctx, `UPDATE matter SET offices = ?, releases = (SELECT COUNT(*) FROM matter_release WHERE matter_id = matter.id AND twin = 0)
			WHERE id = ?`, list(offices), matter)
		if err != nil {
			return err
		}
	}
	for _, release := range slices.Sorted(maps.Keys(c.before)) {
		now, version := link{}, 0
		err := database.One(ctx, c.w, `SELECT r.version, COALESCE(m.id, ''), COALESCE(m.releases, 0) FROM release r
			LEFT JOIN matter_release mr ON mr.release_id = r.id LEFT JOIN matter m ON m.id = mr.matter_id WHERE r.id = ?`,
			[]any{release}, &version, &now.matter, &now.releases)
		if err != nil {
			return err
		}
		if now != c.before[release] {
			if err := relinked(release, version); err != nil {
				return err
			}
		}
	}
	return nil
}
