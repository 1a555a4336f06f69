package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"agora/index"
)

// Columns returns the first row of every CSV.
func Columns() []string {
	return []string{
		"id", "office", "state", "url", "title", "published", "published_source", "topics", "kinds", "role", "action",
		"leads", "members", "claimed", "attorney_general", "party", "language", "version", "added", "first_seen",
		"last_seen", "changed", "presence", "backfill", "sha256", "text",
	}
}

// listSeparator stands between the values of a list in one cell; no value has it.
const listSeparator = ";"

// CSV writes a row of Columns and one row for each release, as RFC 4180 has it but with
// the line ends of Unix. Lists are joined by ";", unknown values are empty. A cell that
// begins with a sign by which spreadsheets tell formulas gets an apostrophe before it;
// exact values are in JSONL. It returns how many releases it wrote, and stops at the first
// error of the stream or of the writer; the rows before are whole.
func CSV(w io.Writer, releases iter.Seq2[index.Release, error]) (n int, err error) {
	rows := csv.NewWriter(w)
	if err := rows.Write(Columns()); err != nil {
		return 0, fmt.Errorf("write columns: %w", err)
	}
	for r, err := range releases {
		if err != nil {
			rows.Flush()
			return n, fmt.Errorf("read releases: %w", err)
		}
		if err := rows.Write(row(r)); err != nil {
			return n, fmt.Errorf("write release %s: %w", r.ID, err)
		}
		n++
	}
	rows.Flush()
	if err := rows.Error(); err != nil {
		return n, fmt.Errorf("write last releases: %w", err)
	}
	return n, nil
}

// row returns the cells of a release, in the order of Columns.
func row(r index.Release) []string {
	var role, action, leads, members, claimed, name, party, sha256 string
	if c := r.Coalition; c != nil {
		role, action, leads, members = c.Role, c.Action, list(c.Leads), list(c.Members)
		if c.Claimed != nil {
			claimed = strconv.Itoa(*c.Claimed)
		}
	}
	if a := r.AttorneyGeneral; a != nil {
		name, party = a.Name, a.Party
	}
	if r.Capture != nil {
		sha256 = r.Capture.SHA256
	}
	cells := []string{
		r.ID, r.Office, r.State, string(r.URL), r.Title, string(r.Published), string(r.PublishedSource), list(r.Topics), list(r.Kinds), role, action,
		leads, members, claimed, name, party, string(r.Language), strconv.Itoa(r.Version), moment(r.Added), moment(r.FirstSeen),
		moment(r.LastSeen), moment(r.Changed), r.Presence.State, strconv.FormatBool(r.Backfill), sha256, r.Text,
	}
	for i, cell := range cells {
		cells[i] = Harmless(cell)
	}
	return cells
}

func list(values []string) string { return strings.Join(values, listSeparator) }

// moment writes a time as JSON does; "" for one that is not known.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Harmless keeps spreadsheets from taking a cell for a formula (OWASP, CSV injection).
func Harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
