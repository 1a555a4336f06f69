package index

import (
	"slices"
	"time"
)

// Summary is a release as a list of results shows it: everything but its body.
// The JSON names are those of the public interface; members are always present.
type Summary struct {
	ID     string         `json:"id"`     // lower-case office, "-", 12 or more hex digits; never changes
	Office string         `json:"office"` // postal code of the publisher: "VA"
	State  string         `json:"state"`  // the office's state by name: "Virginia"
	URL    NullableString `json:"url"`    // the address last fetched
	Title  string         `json:"title"`

	Published          Date           `json:"published"`
	PublishedPrecision NullableString `json:"published_precision"` // day, month or year
	PublishedSource    NullableString `json:"published_source"`    // vocabulary.DateSources
	PublishedNote      string         `json:"published_note"`      // what disagreed, or why there is no date

	Language        NullableString   `json:"language"` // BCP 47
	Tags            []string         `json:"tags"`     // the office's own labels
	Topics          []string         `json:"topics"`   // nil: not determined; empty: none fits
	Kinds           []string         `json:"kinds"`    // nil: not determined
	Coalition       *Coalition       `json:"coalition"`
	AttorneyGeneral *AttorneyGeneral `json:"attorney_general"` // in office on the day of publication
	Matter          *MatterLink      `json:"matter"`
	Attachments     []Attachment     `json:"attachments"`

	Version   int         `json:"version"`    // number of the current version
	Added     time.Time   `json:"added"`      // when it entered this archive
	FirstSeen time.Time   `json:"first_seen"` // time of the oldest capture
	LastSeen  time.Time   `json:"last_seen"`  // last fetch that confirmed it
	Changed   time.Time   `json:"changed"`    // first capture of the current version
	Backfill  bool        `json:"backfill"`   // found by a first or full pass, a repair or an import
	Presence  Presence    `json:"presence"`
	Capture   *CaptureRef `json:"capture"` // the evidence that the current version was read from
	Links     Links       `json:"links"`
}

// Release is one press release of one office, as the archive shows it today.
type Release struct {
	Summary
	Text       string          `json:"text"`     // paragraphs separated by one blank line
	Markdown   string          `json:"markdown"` // the same with headings, lists, links and tables
	Candidates []DateCandidate `json:"published_candidates"`
	Facts      []Fact          `json:"facts"`    // in the order of vocabulary.FactKinds, then of the text
	Evidence   []Evidence      `json:"evidence"` // why the derived values are what they are
}

// Fact is something that a release says in so many words: an amount, a docket number, who
// is sued.
type Fact struct {
	Kind   string `json:"kind"`   // vocabulary.FactKinds
	Value  string `json:"value"`  // normalised, the same for the same thing in other releases
	Label  string `json:"label"`  // as people read it
	Amount *int64 `json:"amount"` // of money, in US dollars without cents; nil for other kinds
	Quote  string `json:"quote"`  // the sentence
}

// FactValues returns the values of all facts of a kind, each once, sorted.
func (r *Release) FactValues(kind string) []string {
	var values []string
	for _, f := range r.Facts {
		if f.Kind == kind {
			values = append(values, f.Value)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// Links are the addresses of a release on this site.
type Links struct {
	HTML string `json:"html"`
}

// ReleasePath returns the path of a release's page on every Agora site.
func ReleasePath(id string) string { return "/releases/" + id }

// MatterLink names the matter that a release belongs to.
type MatterLink struct {
	ID       string `json:"id"`
	Releases int    `json:"releases"`
}

// DateCandidate is a date that was found for a release, as it was written.
type DateCandidate struct {
	Date      Date   `json:"date"`
	Source    string `json:"source"` // vocabulary.DateSources
	AsWritten string `json:"as_written"`
}

// Coalition is who takes part in an action, as one release tells it. Leads and Members
// are postal codes in alphabetical order; members include the issuer and the leads.
type Coalition struct {
	Role         string        `json:"role"`   // vocabulary.Roles
	Action       string        `json:"action"` // vocabulary.Actions
	Leads        []string      `json:"leads"`
	Members      []string      `json:"members"`
	Claimed      *int          `json:"claimed"`       // the first number written for it, unadjusted
	ClaimedWords string        `json:"claimed_words"` // "coalition of 21 states"
	Complete     bool          `json:"complete"`      // participants are listed by name
	Agrees       bool          `json:"agrees"`        // list and claim fit together
	Bipartisan   bool          `json:"bipartisan"`
	Others       []Participant `json:"others"`
}

// Participant acts with attorneys general without being one.
type Participant struct {
	Name   string         `json:"name"`
	Office NullableString `json:"office"` // postal code of its state, where known
	Type   string         `json:"type"`   // vocabulary.Participants
}

// AttorneyGeneral is who was in office when a release was published.
type AttorneyGeneral struct {
	Name      string `json:"name"`
	Party     string `json:"party"` // vocabulary.Parties
	Acting    bool   `json:"acting"`
	Certainty string `json:"certainty"` // seen: read in a source; memory: to be confirmed
}

// Attachment is a document that a release links to.
type Attachment struct {
	URL    string         `json:"url"`
	Title  string         `json:"title"`
	Type   NullableString `json:"type"`  // media type, where known
	Role   string         `json:"role"`  // vocabulary.AttachmentRoles
	State  string         `json:"state"` // linked, captured, failed or too_large
	SHA256 NullableString `json:"sha256"`
}

// Presence says whether the office still shows a release. It is a judgement from
// visits, never from a single failed fetch.
type Presence struct {
	State      string         `json:"state"` // vocabulary.Presences
	Since      time.Time      `json:"since"`
	Cause      NullableString `json:"cause"` // 404, 410, redirect, soft-404 or site-change
	LastListed *time.Time     `json:"last_listed"`
}

// CaptureRef names the stored bytes behind a version.
type CaptureRef struct {
	Captured time.Time `json:"captured"`
	URL      string    `json:"url"`
	Status   *int      `json:"status"` // nil where the record has no HTTP status
	Origin   string    `json:"origin"` // crawl or import
	File     string    `json:"file"`   // name inside captures/
	Offset   int64     `json:"offset"` // of the record, in bytes of the compressed file
	Length   int64     `json:"length"`
	SHA256   string    `json:"sha256"` // hex, of the decoded payload
}

// Evidence says why a value is there: the rule that gave it and the words it rests on.
type Evidence struct {
	Field string `json:"field"`
	Value string `json:"value"`
	Rule  string `json:"rule"`
	Quote string `json:"quote"`
}

// Version is one state of a release as the office published it.
type Version struct {
	Number  int        `json:"number"`
	Changed time.Time  `json:"changed"`   // time of its first capture
	Last    time.Time  `json:"last_seen"` // time of its last capture
	Current bool       `json:"current"`
	Title   string     `json:"title"`
	Capture CaptureRef `json:"capture"`
}
