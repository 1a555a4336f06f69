package reading

import (
	lru "github.com/hashicorp/golang-lru/v2"

	"agora/index"
)

const (
	// mostRecent is how many readings are remembered: some ten megabytes of usual ones.
	mostRecent = 1024
	// largestRecent is how large the text of a reading may be that is remembered.
	largestRecent = 64 << 10
)

// Recent remembers readings that were decoded lately, by their digest, which says all that
// is in them: nothing remembered can be out of date. It may be used by many at once.
type Recent struct {
	readings *lru.Cache[string, index.Release]
}

// NewRecent returns an empty memory.
func NewRecent() *Recent {
	readings, err := lru.New[string, index.Release](mostRecent)
	if err != nil {
		panic(err) // only a size below 1 is an error
	}
	return &Recent{readings}
}

// Keep remembers what Decode has added to a release.
func (m *Recent) Keep(digest string, r *index.Release) {
	if digest == "" || len(r.Text)+len(r.Markdown) > largestRecent {
		return
	}
	var kept index.Release
	copyReading(&kept, r)
	m.readings.Add(digest, kept)
}

// Add adds a reading to a release as Decode would, and tells whether it is remembered. The
// lists in it are shared and must not be changed.
func (m *Recent) Add(digest string, r *index.Release) bool {
	kept, ok := m.readings.Get(digest)
	if ok {
		copyReading(r, &kept)
	}
	return ok
}

// copyReading copies what Decode sets.
func copyReading(to, from *index.Release) {
	to.Title, to.Text, to.Markdown = from.Title, from.Text, from.Markdown
	to.Published, to.PublishedPrecision = from.Published, from.PublishedPrecision
	to.PublishedSource, to.PublishedNote = from.PublishedSource, from.PublishedNote
	to.Language, to.Tags, to.Topics, to.Kinds = from.Language, from.Tags, from.Topics, from.Kinds
	to.Coalition, to.AttorneyGeneral, to.Facts, to.Evidence = from.Coalition, from.AttorneyGeneral, from.Facts, from.Evidence
	to.Candidates, to.Attachments = from.Candidates, from.Attachments
}
