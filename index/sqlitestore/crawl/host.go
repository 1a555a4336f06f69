package crawl

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"agora/index"
	"agora/index/sqlitestore/database"
)

// Hosts returns what is known of all hosts, by name, with their robots.txt by origin.
func (t *Tables) Hosts(ctx context.Context) ([]index.Host, error) {
	const doing = "read hosts"
	view, err := t.db.Snapshot(ctx)
	if err != nil {
		return nil, t.db.Failure(doing, err)
	}
	defer view.End()
	hosts, err := database.All(ctx, view, func(rows *sql.Rows) (index.Host, error) {
		var h index.Host
		var next sql.NullInt64
		var response int64
		err := rows.Scan(&h.Name, &next, &response, &h.Failures)
		h.Next, h.Response = database.KnownTime(next), time.Duration(response)
		return h, err
	}, `SELECT name, next, response, failures FROM host ORDER BY name`)
	if err != nil {
		return nil, t.db.Failure(doing, err)
	}
	places := make(map[string]int, len(hosts))
	for i, h := range hosts {
		places[h.Name] = i
	}
	database.Each(ctx, view, func(rows *sql.Rows) (place int, err error) {
		var r index.RobotsFile
		var host string
		var fetched sql.NullInt64
		if err := rows.Scan(&host, &r.Origin, &fetched, &r.Outcome, &r.Status, &r.Body); err != nil {
			return 0, err
		}
		r.Fetched = database.KnownTime(fetched)
		if place, known := places[host]; known {
			hosts[place].Robots = append(hosts[place].Robots, r)
		}
		return 0, nil
	}, func(_ int, failed error) bool {
		err = failed
		return true
	}, `SELECT host, origin, fetched, outcome, status, body FROM robots ORDER BY host, origin`)
	if err != nil {
		return nil, t.db.Failure(doing, err)
	}
	return hosts, nil
}

// SaveHosts inserts or replaces hosts by name, each with all its robots.txt.
func (t *Tables) SaveHosts(ctx context.Context, hosts []index.Host) error {
	const doing = "save hosts"
	for _, h := range hosts {
		if h.Name == "" {
			return fmt.Errorf("%s: %w: one has no name", doing, index.ErrInvalid)
		}
	}
	return t.write(ctx, doing, func(ctx context.Context, w *database.Writer) error {
		for _, h := range hosts {
			err := w.Exec(ctx, `INSERT INTO host (name, next, response, failures) VALUES (?, ?, ?, ?)
				ON CONFLICT (name) DO UPDATE SET next = excluded.next, response = excluded.response, failures = excluded.failures`,
				h.Name, database.OptionalTime(h.Next), int64(h.Response), h.Failures)
			if err != nil {
				return err
			}
			if err := saveRobots(ctx, w, h); err != nil {
				return err
			}
		}
		return nil
	})
}

// saveRobots makes the files of a host those that are held of it. Hosts are saved after
// every few requests and their files change once a day, so rows that are equal are left.
func saveRobots(ctx context.Context, w *database.Writer, h index.Host) error {
	held, err := database.All(ctx, w, func(rows *sql.Rows) (origin string, err error) {
		err = rows.Scan(&origin)
		return origin, err
	}, `SELECT origin FROM robots WHERE host = ?`, h.Name)
	if err != nil {
		return err
	}
	for _, origin := range held {
		if slices.ContainsFunc(h.Robots, func(r index.RobotsFile) bool { return r.Origin == origin }) {
			continue
		}
		if err := w.Exec(ctx, `DELETE FROM robots WHERE host = ? AND origin = ?`, h.Name, origin); err != nil {
			return err
		}
	}
	for _, r := range h.Robots {
		err := w.Exec(ctx, `INSERT INTO robots (host, origin, fetched, outcome, status, body) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (host, origin) DO UPDATE SET fetched = excluded.fetched, outcome = excluded.outcome, status = excluded.status, body = excluded.body
				WHERE robots.fetched IS NOT excluded.fetched OR robots.outcome <> excluded.outcome OR robots.status <> excluded.status
					OR robots.body IS NOT excluded.body`,
			h.Name, r.Origin, database.OptionalTime(r.Fetched), r.Outcome, r.Status, r.Body)
		if err != nil {
			return err
		}
	}
	return nil
}
