package index

import (
	"context"
	"io"
	"iter"
	"time"
)

// ChangeKind says what happened to a release.
type ChangeKind string

// Kinds of change. An index follows all of them; feeds and alerts never ChangeReread,
// which is a change of our reading and not of the office's words.
const (
	ChangeNew     ChangeKind = "new"
	ChangeEdited  ChangeKind = "edited"
	ChangeMoved   ChangeKind = "moved"
	ChangeMissing ChangeKind = "missing"
	ChangeGone    ChangeKind = "gone"
	ChangeBack    ChangeKind = "back"
	ChangeReread  ChangeKind = "reread"
)

// Change is an entry of the change log.
type Change struct {
	Sequence  int64      `json:"sequence"`
	ReleaseID string     `json:"release"`
	Version   int        `json:"version"`
	Kind      ChangeKind `json:"kind"`
	Time      time.Time  `json:"time"` // when it entered the log
}

// Observation is a capture of a release page and what was read in it.
type Observation struct {
	Office    string
	Addresses []string // canonical; the first mints the id, all find the release later
	URL       string   // the address to show, as fetched; "" where there is none
	Capture   Capture  // as written to a WARC file that is already durable
	Reading   Reading
	Backfill  bool       // by an import, a repair, or an office's first or full pass
	Listed    *time.Time // when a listing last named it, where one did
}

// Saved is what became of an observation.
type Saved struct {
	ReleaseID string
	Version   int        // the version that the capture belongs to
	Known     bool       // the very capture was held already; nothing changed
	Change    ChangeKind // "" where the log has no new entry
	Sequence  int64      // of that entry, or 0
}

// Rereading is a better reading of a capture that is held.
type Rereading struct {
	CaptureID int64
	Reading   Reading
}

// PresenceChange is a judgement on whether an office still shows a release.
type PresenceChange struct {
	ReleaseID string
	State     string // vocabulary.Presences
	Since     time.Time
	Cause     string
}

// OfficeCount is what the store holds of an office.
type OfficeCount struct {
	Office   string
	Held     int // releases, gone ones included
	Undated  int
	Missing  int
	Gone     int
	Oldest   Date      // of the dated
	Newest   Date      // of the dated
	LastSeen time.Time // latest capture; zero without one
}

// Reader is the part of a store that shows what is held. Its methods may be called at
// any time from any goroutine; each answers from one snapshot. ErrNotFound is returned
// for ids and versions that the store does not hold.
type Reader interface {
	// ID is minted when the store is made and never changes; an index remembers it.
	ID() string

	// Release returns the current version of a release.
	Release(ctx context.Context, id string) (Release, error)
	// Releases returns the current versions of ids, in their order; unknown ids are left out.
	Releases(ctx context.Context, ids []string) ([]Release, error)
	// Find returns the id of the release with this id or address (any spelling that
	// CanonicalURL folds).
	Find(ctx context.Context, idOrURL string) (string, error)
	// Version returns a release as it was in version number, with that version's capture.
	Version(ctx context.Context, id string, number int) (Release, error)
	// Versions lists the versions of a release by the time of their first capture.
	Versions(ctx context.Context, id string) ([]Version, error)
	// Captures lists the captures of a release by time.
	Captures(ctx context.Context, id string) ([]Capture, error)
	// All streams every release by id, from one snapshot; the sequence returned is that
	// of the snapshot: all changes up to it are in the stream. Stopping early is allowed.
	All(ctx context.Context) (sequence int64, releases iter.Seq2[Release, error], err error)
	// AllCaptures streams every capture: first those of listings, then the others by
	// release and time, so that hints are known before they are needed.
	AllCaptures(ctx context.Context) iter.Seq2[Capture, error]
	// ListingRows returns the rows that name the canonical address, by time of capture.
	ListingRows(ctx context.Context, office, address string) ([]ListingRow, error)
	// OfficeCounts returns one entry for every office that has releases, by code.
	OfficeCounts(ctx context.Context) ([]OfficeCount, error)
	// Count returns the number of releases.
	Count(ctx context.Context) (int, error)
	// Passes returns the latest passes of each office, at most limit of each, by office
	// and then newest first.
	Passes(ctx context.Context, limit int) ([]Pass, error)
	// Visit returns what is known of an address of an office.
	Visit(ctx context.Context, office, address string) (Visit, error)
	// Visits returns what is known of addresses of an office, by address; addresses that
	// nothing is known of are left out.
	Visits(ctx context.Context, office string, addresses []string) (map[string]Visit, error)
	// DueVisits returns up to limit visits of a kind ("" for both) to an office that are
	// planned for before or at a time: pages before attachments, among them those never fetched first, latest found
	// first, then the others by the time that they were planned for; those of one place in
	// that order by address. Sources are never planned, and not among them.
	DueVisits(ctx context.Context, office string, kind VisitKind, at time.Time, limit int) ([]Visit, error)
	// VisitCounts counts the visits of all offices by office, kind and outcome, in that order.
	VisitCounts(ctx context.Context) ([]VisitCount, error)
	// SameWords returns the ids of the releases of an office whose current version has this
	// fingerprint, in order.
	SameWords(ctx context.Context, office, fingerprint string) ([]string, error)
	// PublishedPerDay counts the releases of an office that were published on from or later
	// (whatever their presence, day precision or not), by day; days without any are left out.
	PublishedPerDay(ctx context.Context, office string, from Date) ([]DayCount, error)
	// PublishedWithin streams the current versions of releases published on from or later
	// and on to or earlier, by day and id. Undated ones that were seen live count with the
	// day (UTC) that they were added.
	PublishedWithin(ctx context.Context, from, to Date) iter.Seq2[Release, error]
	// Matter returns a matter; for one that was merged into another the one that lives.
	Matter(ctx context.Context, id string) (Matter, error)
	// Matters lists matters that have releases, those with the latest last day first, then by id.
	Matters(ctx context.Context, asked MatterQuery) ([]Matter, error)
	// Hosts returns what is known of all hosts, by name; their robots.txt by origin.
	Hosts(ctx context.Context) ([]Host, error)
	// Stances returns what people decided about offices, by office; those taken back are
	// left out, those that ran out are not.
	Stances(ctx context.Context) ([]Stance, error)
	// CollectorState returns what the collector said of itself last; zero before it did.
	CollectorState(ctx context.Context) (CollectorState, error)
}

// ChangeLog is the append-only list of what happened. Sequences follow commits: none is
// shown while a lower one is uncommitted.
type ChangeLog interface {
	// Sequence returns the latest sequence, 0 for an empty log.
	Sequence(ctx context.Context) (int64, error)
	// Changes returns up to limit entries above after, in order.
	Changes(ctx context.Context, after int64, limit int) ([]Change, error)
	// Cursor returns how far the named follower has come; 0 for an unknown name.
	Cursor(ctx context.Context, name string) (int64, error)
	// SetCursor records how far the named follower has come. A follower writes it after
	// its own work is durable: repeating is allowed, losing is not.
	SetCursor(ctx context.Context, name string, sequence int64) error
}

// Collecting is the part of a store that a collector writes. Each method is one
// transaction, durable when it returns: on an error nothing of the call is kept.
type Collecting interface {
	// Held tells for each key whether the capture is held already.
	Held(ctx context.Context, keys []CaptureKey) ([]bool, error)

	// Save records captures of release pages with their readings, in any order of time.
	//
	// The release is that of the first of the observation's addresses that has one;
	// without any an id is minted from the first address. Addresses that no release had
	// become its own; those of another release stay that one's.
	//
	// Captures of a release are ordered by time. One that follows the newest begins a
	// version only if its fingerprint differs from that of the newest; an older one joins
	// the version before or after it whose fingerprint it shares, and is a version of its
	// own otherwise (which splits a version that had captures on both sides). Numbers are
	// minted in the order of arrival and never given to other words: what somebody cited
	// as version 2 stays version 2. The current version is that of the newest capture.
	// Fingerprints are compared only when the same code (Reading.Reader) made them;
	// otherwise the call fails with *ReaderChangedError and nothing is kept.
	//
	// A capture held already for a release changes nothing and is Known; one held as
	// something else (better code takes the page for a release now) becomes the
	// release's. A reading that differs from
	// the current version's though the fingerprint does not (a date by a hint) replaces
	// it, with ChangeReread.
	Save(ctx context.Context, observations []Observation) ([]Saved, error)

	// SaveListing records a capture of a listing and its rows. Repeating it with the same
	// capture replaces the rows.
	SaveListing(ctx context.Context, capture Capture, rows []ListingRow) error

	// SaveCaptures records captures that are neither releases nor listings; those held
	// already are left as they are but for Kind and Reader.
	SaveCaptures(ctx context.Context, captures []Capture) error

	// Reread replaces readings of captures of releases and never makes a version. The
	// change log gets ChangeReread for each release whose current reading differs (the
	// reader's own version apart); their number is returned.
	Reread(ctx context.Context, rereadings []Rereading) (changed int, err error)

	// SetPresence records judgements; those that change nothing leave no trace in the log.
	SetPresence(ctx context.Context, changes []PresenceChange) error

	// SaveMatters makes matters what the changes say, one after the other, and returns their
	// ids. The change log gets ChangeReread for each release whose matter or number of
	// releases differs after all of them. Repeating changes nothing. Releases and matters that are not held are
	// ErrNotFound; a change without releases for a matter that is to be minted, one of a matter
	// that was merged, and a merger into a younger one are ErrInvalid.
	SaveMatters(ctx context.Context, changes []MatterChange) ([]string, error)

	// SaveVisits inserts or replaces visits by office and address. One of a page that was
	// not modified or unchanged confirms its release: that was seen last at its time. A
	// page's visit that is saved without a release is shown with the one that has its
	// address, and confirms it, from when there is one. Visits of no kind are ErrInvalid,
	// those that name a release that is not held ErrNotFound.
	SaveVisits(ctx context.Context, visits []Visit) error
	// SavePass inserts a pass (ID 0) or replaces it, and returns its id.
	SavePass(ctx context.Context, pass Pass) (int64, error)
	// SaveHosts inserts or replaces hosts by name.
	SaveHosts(ctx context.Context, hosts []Host) error
	// SetStance replaces what people decided about an office; an empty State takes it back,
	// others than there are are ErrInvalid.
	SetStance(ctx context.Context, stance Stance) error
	// SetCollectorState replaces what the collector says of itself.
	SetCollectorState(ctx context.Context, state CollectorState) error
}

// Store keeps the archive. Everything that is derived (index, feeds, alerts, matters)
// follows its change log.
type Store interface {
	Reader
	ChangeLog
	Collecting

	// Backup writes a consistent copy that opens as a store into the folder dir, which
	// must exist, beside running writers. Captures are not part of it.
	Backup(ctx context.Context, dir string) error
	// Check looks for damage inside the store and returns a line for each finding.
	Check(ctx context.Context) ([]string, error)

	io.Closer
}
