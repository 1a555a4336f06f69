package discover

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agora/crawler/office"
	"agora/crawler/warc"
	"agora/index"
)

// shared is where pages of real offices lie, with the rows that people read in them.
const shared = "../../../shared/real"

// rowTruth is a row as people read it.
type rowTruth struct {
	State, Listing, Title, URL, Date string
}

// realListings returns the listings of the shared file by address, and their true rows.
func realListings(t *testing.T) (pages map[string]answer, truth map[string][]rowTruth) {
	t.Helper()
	if _, err := os.Stat(shared); err != nil {
		t.Skip("skipped: ../shared is not here")
	}
	rows, err := os.Open(filepath.Join(shared, "listing_truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	truth = map[string][]rowTruth{}
	for decoder := json.NewDecoder(bufio.NewReader(rows)); ; {
		var r rowTruth
		if err := decoder.Decode(&r); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		truth[r.Listing] = append(truth[r.Listing], r)
	}
	file, err := os.Open(filepath.Join(shared, "ag-pages.warc.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader, err := warc.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	pages = map[string]answer{}
	for {
		record, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return pages, truth
		}
		if err != nil {
			t.Fatal(err)
		}
		if record.Type == "resource" && truth[record.TargetURI] != nil {
			pages[record.TargetURI] = answer{kind: record.ContentType, body: string(record.Block)}
		}
	}
}

// nexts are the next pages of the real listings that name one; Virginia's has no pager.
var nexts = map[string]string{
	"CA": "https://oag.ca.gov/media/news?page=1",
	"NY": "https://ag.ny.gov/press-releases?page=1",
	"OH": "https://www.ohioattorneygeneral.gov/Media/News-Releases?page=2",
	"OR": "https://www.doj.state.or.us/media/news-media-releases/oregon-doj-news/?sf_paged=2",
	"PA": "https://www.attorneygeneral.gov/taking-action/page/2/",
	"TX": "https://www.texasattorneygeneral.gov/news/press_releases?page=1",
}

// TestRealListings walks the shared listings by the rules of their offices, and by general
// rules alone, and prints how many of the true rows were found and what would be asked next.
func TestRealListings(t *testing.T) {
	pages, truth := realListings(t)
	catalogue, err := office.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, bare := range []bool{false, true} {
		found, all, extra := 0, 0, 0
		for address, page := range pages {
			s := &site{t: t, answer: func(u *url.URL) answer {
				if u.String() == address {
					return page
				}
				return notFound
			}}
			o, source := ruled(t, catalogue, truth[address][0].State, address, bare)
			w := Walk{Office: o, Source: source, Now: now, Get: s.get}
			got := map[string]Row{}
			count := 0
			for p, err := range For(source.Kind)(t.Context(), w) {
				if err != nil {
					t.Errorf("%s: %v", address, err)
				}
				for _, r := range p.Rows {
					got[r.URL] = r
					count++
				}
			}
			missing := 0
			for _, want := range truth[address] {
				all++
				r, ok := got[want.URL]
				title := strings.Join(strings.Fields(strings.NewReplacer("\u00AD", "", "\u200B", "").Replace(want.Title)), " ")
				if ok && (want.Date == "" || string(r.Date) == want.Date) && r.Title == title {
					found++
					continue
				}
				if missing++; missing < 4 {
					t.Logf("%s:\n got %s %q %s\nwant %s %q %s", address, r.Date, r.Title, r.URL, want.Date, want.Title, want.URL)
				}
			}
			extra += max(0, count-len(truth[address]))
			next := append(s.asked, "", "")[1]
			t.Logf("%s %s: %d rows of %d, then %s", o.ID, address, count, len(truth[address]), next)
			if want := nexts[o.ID]; want != "" && next != want {
				t.Errorf("%s: next %s, want %s", address, next, want)
			}
		}
		t.Logf("general rules alone %v: %d of %d rows, %d more", bare, found, all, extra)
		if found < all || extra > 0 {
			t.Errorf("%d of %d rows, %d more", found, all, extra)
		}
	}
}

// ruled returns an office and the source that has the address; with bare without anything
// that general rules are to find.
func ruled(t *testing.T, c office.Catalogue, state, address string, bare bool) (office.Office, office.Source) {
	o, ok := c.Office(state)
	if !ok {
		t.Fatalf("no office %q", state)
	}
	var source office.Source
	for _, s := range o.Sources {
		if s.Kind == office.Listing || s.Kind == office.Data {
			if index.CanonicalURL(s.URL) == index.CanonicalURL(address) || source.Kind == "" && strings.Contains(s.URL, "{") {
				source = s
			}
		}
	}
	if source.Kind == "" {
		source = office.Source{Kind: office.Listing}
	}
	source.URL = address
	if bare && source.Kind == office.Listing {
		source = office.Source{Kind: office.Listing, URL: address}
		o = office.Office{ID: o.ID, Name: o.Name, Home: o.Home, Timezone: o.Timezone, Aliases: o.Aliases}
	}
	return o, source
}
