package index

import "time"

// VisitKind is what an address is asked for.
type VisitKind string

// The kinds of visit. Sources (listings, feeds, sitemaps) are asked when a pass walks
// them and are never planned; pages and attachments are the frontier.
const (
	VisitPage       VisitKind = "page"
	VisitAttachment VisitKind = "attachment"
	VisitSource     VisitKind = "source"
)

// Outcomes of visits: stored codes, never shown as they are. An HTTP status that has no
// code of its own is stored as its number ("404", "503").
const (
	OutcomeOK          = "ok"           // bytes that the archive did not hold
	OutcomeNotModified = "not-modified" // the server said so (304)
	OutcomeUnchanged   = "unchanged"    // the very bytes that are held

	OutcomeBlocked  = "blocked"   // a block page: CAPTCHA, maintenance, consent
	OutcomeSoft404  = "soft-404"  // a page that says it is not there, with a status that says otherwise
	OutcomeRedirect = "redirect"  // led to the home page, a listing or another release
	OutcomeNoPage   = "no-page"   // what came is no release and says nothing of one
	OutcomeUnread   = "unread"    // the bytes are kept, but can't be read
	OutcomeRobots   = "robots"    // robots.txt does not allow it
	OutcomeNoRobots = "no-robots" // robots.txt could not be had: nothing is asked until it can
	OutcomeTooLarge = "too-large" // over a limit of size; nothing is kept
	OutcomeBomb     = "bomb"      // grows beyond the limit of what compressed bytes may grow to
	OutcomeCoding   = "coding"    // an encoding that can't be undone
	OutcomeLoop     = "loop"      // more redirects than allowed
	OutcomeTimeout  = "timeout"   // no whole answer in time
	OutcomeNetwork  = "network"   // no connection, or one that broke
	OutcomeName     = "name"      // the host's name is not known
	OutcomeTLS      = "tls"       // no trusted connection
	OutcomeAddress  = "address"   // an address that is never asked: private, or no http
	OutcomeLater    = "later"     // the host asked to be left alone for longer than a pass waits
)

// Visit is what the collector knows of one address: the durable frontier.
type Visit struct {
	Office       string
	Address      string // canonical
	URL          string // as it will be asked for
	Kind         VisitKind
	ReleaseID    string // "" where the page is no release, or not yet known; of an attachment: that links it
	Found        time.Time
	Last         time.Time // zero: never fetched
	Next         time.Time // zero: not planned
	Outcome      string    // of the last fetch; "" before the first
	Failures     int       // in a row
	FailingSince time.Time // zero: not failing
	ETag         string
	LastModified string
	SHA256       string    // of the last payload, decoded
	Payload      string    // digest of the last payload as stored, in the form of WARC-Payload-Digest
	Captured     time.Time // of the record that holds that payload
	Backfill     bool      // found by an office's first or full pass
}

// Succeeded tells whether the last fetch brought or confirmed what the address is for.
func (v Visit) Succeeded() bool {
	return v.Outcome == OutcomeOK || v.Outcome == OutcomeNotModified || v.Outcome == OutcomeUnchanged
}

// VisitCount is how many addresses of an office have an outcome; "" counts those that
// were never fetched.
type VisitCount struct {
	Office  string
	Kind    VisitKind
	Outcome string
	Count   int
}

// Host is what the collector knows of a host across restarts. Times and delays are of
// politeness: a host is asked by one connection at a time, and not before Next.
type Host struct {
	Name     string        // host, with a port that isn't its scheme's
	Next     time.Time     // not asked before
	Response time.Duration // how long it took to answer last
	Failures int           // refusals (403, 429, 503) in a row
	Robots   []RobotsFile
}

// RobotsFile is a robots.txt as it was answered (RFC 9309). Body is empty where the host
// has none; Outcome says what else came of asking.
type RobotsFile struct {
	Origin  string // scheme://host
	Fetched time.Time
	Outcome string // OutcomeOK, or why it could not be had
	Status  int    // of HTTP; 0 without an answer
	Body    []byte // the first 500 KiB
}

// Pass is one walk over an office, successful or not: what "silence" is judged by.
type Pass struct {
	ID       int64
	Office   string
	Source   string // the source that gave the rows: its kind and address
	Strategy string // its kind
	Started  time.Time
	Ended    time.Time // zero: still running, or died
	Full     bool      // walked to the end of every source
	From, To string    // first and last row seen, as address
	Found    int       // rows that matched
	New      int
	Edited   int
	Failed   int
	Fresh    int      // rows dated within the days that Expected is about
	Expected *float64 // what the office's own history made likely for those days; nil without a history
	Outcome  string   // PassOK, or why it counts as failed
	Reason   string   // the same in words for people
	Robots   string   // verdict on the source: allowed, disallowed, unknown
	Fill     Fill     // of the pages that were read
}

// Fill is how often the fields of a pass's pages were filled: what a changed page loses
// first.
type Fill struct {
	Pages     int `json:"pages"`
	Dated     int `json:"dated"`
	Titled    int `json:"titled"`
	Text      int `json:"text"`      // bytes of all texts together
	Shortened int `json:"shortened"` // known pages with less than a third of their text
}

// Outcomes of passes.
const (
	PassOK          = "ok"
	PassSilent      = "silent"      // found nothing where something was near certain
	PassCutShort    = "cut-short"   // the listing ended before an item that it should have
	PassFrozen      = "frozen"      // the source in use stands still while another has newer releases
	PassThin        = "thin"        // pages came much shorter than usual, or a field is filled much less often
	PassRefused     = "refused"     // 401, 403, 429, or a wall against programs
	PassRobots      = "robots"      // closed by robots.txt
	PassNoRobots    = "no-robots"   // robots.txt could not be had
	PassScripts     = "scripts"     // the listing is filled by scripts, and no source is an answer
	PassMoved       = "moved"       // the sources lead somewhere else, or are not there any more
	PassUnreachable = "unreachable" // no connection, no name, no answer in time, or 5xx
	PassBroken      = "broken"      // a fault of ours; the reason says which
	PassStopped     = "stopped"     // by whoever ran it; says nothing of the office
)

// Succeeded tells whether the pass ended and counts as a success.
func (p Pass) Succeeded() bool { return !p.Ended.IsZero() && p.Outcome == PassOK }

// Stance is what people decided about an office's health.
type Stance struct {
	Office string
	State  string // StancePaused, StanceAcknowledged, or "" for none
	Reason string // in their words
	Since  time.Time
	Until  time.Time // zero: until it is taken back
}

// States of a stance. A paused office is not crawled; an acknowledged one is, and its
// failure is known.
const (
	StancePaused       = "paused"
	StanceAcknowledged = "acknowledged"
)

// Holds tells whether the stance counts at a time.
func (s Stance) Holds(now time.Time) bool {
	return s.State != "" && (s.Until.IsZero() || now.Before(s.Until))
}

// CollectorState is what the collector says of itself, so that a dead one is as visible
// as a dead site.
type CollectorState struct {
	Agent   string    // User-Agent that it shows, "" before the first pass
	Contact string    // address for complaints; "" where none is set
	Beat    time.Time // last sign of life
	Running bool      // it crawls on its own schedule (agora run)
}

// DayCount is how many releases of an office have a date of publication.
type DayCount struct {
	Day   Date
	Count int
}
