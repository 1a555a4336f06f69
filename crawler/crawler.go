// Package crawler collects: it walks the sources of every office, asks for the pages that
// they name, keeps what comes, and judges what does not come any more. A pass over an
// office ends with a record of what was found, or of why nothing was.
//
// It decides which addresses are asked and when; how they are asked is fetch's, what a
// page says is extract's, and how it is kept is intake's. It writes only the store and the
// captures: index, feeds and pages follow the store's change log.
package crawler

import (
	"context"
	"time"

	"agora/crawler/fetch"
	"agora/crawler/intake"
	"agora/index"
)

// Web is what a crawler asks. *fetch.Client is the one that asks politely.
type Web interface {
	fetch.Getter
	// Robots says whether robots.txt allows an address; it asks for robots.txt where that
	// is not known.
	Robots(ctx context.Context, address string) (fetch.Verdict, error)
	// Waiting says what a host is waiting for and until when; "" where for nothing.
	Waiting(host string) (reason string, until time.Time)
}

// Collector crawls. One process at a time may crawl into an archive; who calls holds the
// lock.
type Collector struct {
	*intake.Intake
	Web       Web
	Agent     string               // that Web shows
	Contact   string               // that it shows; "" for none
	GoneAfter time.Duration        // failures over so long make a missing release gone
	Observe   func(OfficeProgress) // told of every step; nil: nobody is told. Called from many goroutines
}

// Limits of one pass. They bound memory and time, not what is collected: what is left
// over stays planned and comes with the next pass.
const (
	revisitsPerPass = 400     // known pages asked again; at 3 s each a third of an hour
	chunkSize       = 64      // visits taken from the frontier at a time
	readBudget      = 8 << 20 // bytes of pages that are read at the same time: a tree takes ten times its page
	retryRounds     = 2       // further tries within a pass for what failed for the moment
)

// OfficeProgress is how far the pass over an office has come.
type OfficeProgress struct {
	Office  string
	Phase   string // listing, pages, attachments, done
	Found   int    // rows that count
	Planned int    // pages that wait to be asked for
	Done    int    // pages that were asked for
	New     int
	Changed int
	Failed  int
	Host    string // that is being asked
	Outcome string // of the pass, once it is done
	Reason  string
}

// CrawlOptions say which offices to crawl and how far.
type CrawlOptions struct {
	Offices []string   // postal codes; empty: all of the catalogue
	All     bool       // offices and known releases are all due now
	Full    bool       // walk every source to its end again
	Since   index.Date // leave out rows with an earlier date; "" for none
	Max     int        // releases an office; 0 for no bound
}

// PassResult is what a pass did, for the summary.
type PassResult struct {
	Office      string     `json:"office"`
	Source      string     `json:"source"`
	Strategy    string     `json:"strategy"`
	Outcome     string     `json:"outcome"`
	Reason      string     `json:"reason"`
	Robots      string     `json:"robots"`
	Started     time.Time  `json:"started"`
	Ended       time.Time  `json:"ended"`
	Found       int        `json:"found"`
	New         int        `json:"new"`
	Edited      int        `json:"edited"`
	Unchanged   int        `json:"unchanged"` // known pages that were confirmed
	Missing     int        `json:"missing"`   // releases that the office no longer shows, since this pass
	Gone        int        `json:"gone"`
	Back        int        `json:"back"`
	Failed      int        `json:"failed"`
	Attachments int        `json:"attachments"` // captured
	Waiting     int        `json:"waiting"`     // addresses that are still planned
	Failures    []Failure  `json:"failures"`    // the first of them, each named
	Expected    *float64   `json:"expected"`
	Fresh       int        `json:"fresh"`
	Previous    *time.Time `json:"previous_success"`
}

// Failure is an address that did not give what it should.
type Failure struct {
	URL     string `json:"url"`
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
}

// failuresNamed is how many failures of a pass are named; all are counted.
const failuresNamed = 20
