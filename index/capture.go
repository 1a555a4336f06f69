package index

import "time"

// PageKind is what a captured page turned out to be.
type PageKind string

// The kinds of page. Only release pages become releases; listing pages give rows;
// block pages (CAPTCHA, maintenance, consent, soft 404) are kept as evidence of a
// refusal and never as content; unsupported ones wait for a reader of their format.
const (
	PageRelease     PageKind = "release"
	PageListing     PageKind = "listing"
	PageOpinion     PageKind = "opinion"
	PageBlock       PageKind = "block"
	PageOther       PageKind = "other"
	PageUnsupported PageKind = "unsupported"
	PageAttachment  PageKind = "attachment"
)

// Origins of captures.
const (
	OriginCrawl  = "crawl"
	OriginImport = "import"
)

// Capture is bytes that were fetched (or handed in) at a time, kept in a WARC record.
type Capture struct {
	ID int64 // minted by the store
	CaptureRef
	Office    string   // "" where it could not be told
	FinalURL  string   // after redirects; equal to URL where there were none
	MediaType string   // as declared, without parameters; "" where nothing was declared
	Kind      PageKind // what today's reader takes it for
	ReleaseID string   // "" where it belongs to no release
	Version   int      // of the release; 0 without one
	Reader    string   // version of the code that read it last
}

// CaptureKey names a capture before it is saved. With a zero Captured it stands for a
// capture of that payload at any time: the source (a text file, a JSON line) has none.
type CaptureKey struct {
	URL      string
	Captured time.Time
	SHA256   string
}

// Reading is what our code reads out of a capture. It is a function of the bytes, the
// office's rules and the listing rows that name the page; better code makes better
// readings, and never a version.
type Reading struct {
	Reader      string // version of the code, for example "extract/1"
	Fingerprint string // of title, page date and text, normalised; equal within a version

	Title              string
	Text               string
	Markdown           string
	Language           string
	Tags               []string
	Published          Date
	PublishedPrecision string
	PublishedSource    string
	PublishedNote      string
	Candidates         []DateCandidate
	Attachments        []Attachment
	Rules              map[string]string // field → rule that won: "title" → "office selector h1.news"

	Topics          []string // nil: not determined
	Kinds           []string // nil: not determined
	Coalition       *Coalition
	AttorneyGeneral *AttorneyGeneral
	Facts           []Fact
	Evidence        []Evidence
}

// ListingRow is one row of a listing, feed or sitemap, kept as evidence: some offices
// date their releases only there.
type ListingRow struct {
	Office    string
	Address   string // canonical address of the page that the row names
	URL       string // as linked, made absolute
	Title     string
	AsWritten string // the date as written
	Date      Date
	Source    string // listing, feed, api or news-sitemap
	Position  int    // place in the listing, from 0
	Listing   string // address of the listing
	Captured  time.Time
}
