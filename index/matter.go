package index

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Matter is one action (a suit, a settlement, a letter) that several offices tell. It is
// derived from the releases by a follower of the change log and can be derived again; only
// its id is minted, and lasts.
type Matter struct {
	ID       string    `json:"id"`       // "m-" and 12 or more hex digits; never given to another
	Title    string    `json:"title"`    // of the first telling
	First    Date      `json:"first"`    // day of the first telling
	Last     Date      `json:"last"`     // day of the last
	Offices  []string  `json:"offices"`  // that tell it, by code
	Topics   []string  `json:"topics"`   // that most of the tellings have, by slug
	Releases []string  `json:"releases"` // the tellings, by id; empty where none is left
	Twins    []string  `json:"twins"`    // translations of tellings, which count with those, by id
	Minted   time.Time `json:"minted"`
}

// MatterPlace is a place in the list of matters, which begins with the newest: the last
// day and the id of a matter. The zero place is before the first.
type MatterPlace struct {
	Last Date
	ID   string
}

// MatterQuery asks for a part of the list of matters.
type MatterQuery struct {
	State string // only those that this office tells; "" for all
	Topic string // only those with this topic; "" for all
	After MatterPlace
	Limit int
}

// MatterChange says what a matter is from now on.
type MatterChange struct {
	ID          string // of a matter that is held; "" mints one from the first of Releases
	Title       string
	First, Last Date
	Topics      []string
	// Releases are all its tellings and Twins all translations of them. Those of another
	// matter leave that one; those that it had and that are not named belong to none.
	Releases []string
	Twins    []string
	// Merge names matters that are this one: they answer as it does for ever. It must be
	// older than they are.
	Merge []string
}

// Minted ids of matters have as many digits as those of releases.
const matterPrefix = "m-"

// MintMatterID returns the id of a matter that is minted from a release, with that many
// hex digits.
func MintMatterID(release string, digits int) string {
	sum := sha256.Sum256([]byte("matter\n" + release))
	return matterPrefix + hex.EncodeToString(sum[:])[:digits]
}

// Older tells whether a matter was minted before another: of two that turn out to be one
// it is the one that lives.
func (m *Matter) Older(than *Matter) bool {
	return cmp.Or(m.Minted.Compare(than.Minted), cmp.Compare(m.ID, than.ID)) < 0
}

// MatterPath returns the path of a matter's page on every Agora site.
func MatterPath(id string) string { return "/matters/" + id }
