package index

import (
	"context"
	"io"
	"iter"
	"strings"
)

// EngineState is what an index knows of itself. It is kept inside the index and changes
// in the same write as the documents, so it never says more than is there.
type EngineState struct {
	Lineage  string `json:"store"`    // lineage of what it follows (see Lineage, Store); "" when new
	Sequence int64  `json:"sequence"` // all changes up to it are in the index
	Schema   int    `json:"schema"`   // version of the mapping
	Releases int    `json:"releases"`
}

// Store returns the id of the store that the index follows, without the rest of its
// lineage, and whether it follows one.
func (s EngineState) Store() (id string, follows bool) {
	id, _, _ = strings.Cut(s.Lineage, lineageSeparator)
	return id, id != ""
}

// Match is a release that a query found.
type Match struct {
	ReleaseID string
	Score     *float64 // nil where the order is not by relevance
}

// Count is a value of a facet and how many releases a click on it would show.
type Count struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty"`
	Count int    `json:"count"`
}

// Term is a word of the index, folded, and in how many releases it is.
type Term struct {
	Text     string `json:"text"`
	Releases int    `json:"releases"`
}

// Bar is a span of days of a histogram, inclusive, and the releases published in it.
type Bar struct {
	From  Date `json:"from"`
	To    Date `json:"to"`
	Count int  `json:"count"`
}

// Found is an engine's answer. Total and counts are exact, all from one snapshot, unless
// Exact is false, which a warning explains.
type Found struct {
	Total     int
	Groups    int // rows, where matters are collapsed; else Total
	Exact     bool
	Undated   int // releases left out of Total only because they have no date
	Matches   []Match
	Facets    map[Field][]Count
	Histogram []Bar
	Warnings  []Warning
	Next      string // cursor of the next page; "" at the end
	Sequence  int64  // of the snapshot
}

// Engine finds releases. It is derived: deleting it loses nothing. Searches may run
// beside each other and beside writes.
type Engine interface {
	// State returns what the index holds, as of the last completed write.
	State(ctx context.Context) (EngineState, error)

	// Search answers a query.
	//
	// Every facet asked for obeys the words and all filters but its own, so that a click
	// yields exactly the number shown; values of the closed lists that are selected are
	// shown with 0, other values only with a count. Facets are sorted by count, then
	// value; years by value, newest first, undated last. Histograms have no gaps.
	//
	// Next of newest, oldest, added and changed never expires; that of relevance is good
	// for at least five minutes and then ErrCursorExpired. ErrInvalid is a cursor that
	// was not made by this engine for this query.
	Search(ctx context.Context, q Query) (Found, error)

	// Select streams the ids of all that a query matches, in its order, from one
	// snapshot. Limit and Cursor are ignored. Stopping early is allowed.
	Select(ctx context.Context, q Query) iter.Seq2[string, error]

	// Spellings returns words of the index that are near word, most alike first, then the
	// more frequent, itself included where a release has it: folded and unstemmed. Near is
	// an edit, or two in words of six letters and more; swapped letters are one.
	Spellings(ctx context.Context, word string, limit int) ([]Term, error)

	// Completions returns the words of the index that begin with prefix, folded, the most
	// frequent first.
	Completions(ctx context.Context, prefix string, limit int) ([]Term, error)

	// Attorneys returns the names of all attorneys general in whose time a release was
	// published, as they are written, and how many releases each has, by name.
	Attorneys(ctx context.Context) ([]Count, error)

	// Similar returns the releases whose words are most like those of r, best first, each
	// with its score, r itself left out; r need not be in the index.
	Similar(ctx context.Context, r Release, limit int) ([]Match, error)

	// Apply adds or replaces releases and moves the state to (lineage, sequence), in one
	// write: both or neither. The engine remembers lineage as it is given.
	Apply(ctx context.Context, releases []Release, lineage string, sequence int64) error

	// Rebuild replaces everything by releases, beside running searches, which see the
	// old index until the new one is complete. A Rebuild that fails or is cut short
	// leaves the old index as it was.
	Rebuild(ctx context.Context, releases iter.Seq2[Release, error], lineage string, sequence int64) error

	io.Closer
}
