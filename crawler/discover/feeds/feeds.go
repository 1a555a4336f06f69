// Package feeds reads RSS, Atom and JSON feeds as offices have them: broken here and
// there, with links through trackers and times in any zone.
//
// It asks for nothing and makes no link absolute.
package feeds

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"

	"agora/crawler/extract/dates"
	"agora/crawler/extract/document"
	"agora/index"
)

// Limits of feeds. One of 2,500 whole texts takes 10 MB.
const (
	maxBytes = 16 << 20
	maxDepth = 5_000 // elements inside elements are read by recursion
)

// Feed is what a feed says.
type Feed struct {
	Items     []Item
	Home      string // link to the page that it is of
	Next      string // link to older items (RFC 5005, JSON Feed); "" where it names none
	WordPress bool   // made by WordPress, whose feeds have pages
}

// Item is an item of a feed, as written but for its times.
type Item struct {
	Title     string
	Link      string // where it leads, "" for nowhere
	Permanent string // the address that it gives as its own name, "" where it gives none
	Origin    string // where a tracker's link leads in the end, "" where that isn't said
	Published string
	Day       index.Date // of Published, in the office's zone; "" where it can't be told
	Updated   time.Time  // zero where it isn't said

	published *time.Time // Published as read; nil where it can't be
}

// encoding is in the declaration of an XML file, where it may be wrong; the text is UTF-8
// by then.
var encoding = regexp.MustCompile(`^(<\?xml[^>]{0,200}?)\s+encoding\s*=\s*["'][^"']*["']`)

// Read reads a feed in any of its forms; zone is that of the office. It fails on what is
// no feed, or can't be read within limits.
func Read(body []byte, contentType string, zone *time.Location) (Feed, error) {
	if len(body) > maxBytes {
		return Feed{}, fmt.Errorf("it has more than %d MB", maxBytes>>20)
	}
	text, err := document.Decode(body, contentType)
	if err != nil {
		return Feed{}, err
	}
	text = encoding.ReplaceAllString(strings.TrimSpace(text), "$1")
	if tooDeep(text) {
		return Feed{}, errors.New("its elements are nested too deeply")
	}
	parsed, err := parse(text)
	if err != nil {
		return Feed{}, err
	}
	f := Feed{Home: parsed.Link}
	f.WordPress = strings.Contains(strings.ToLower(parsed.Generator), "wordpress") || strings.Contains(text, "/wp-content/")
	for _, item := range parsed.Items {
		if item == nil {
			item = &gofeed.Item{}
		}
		f.Items = append(f.Items, Item{Title: item.Title, Link: item.Link, Origin: origin(item)})
		own := &f.Items[len(f.Items)-1]
		own.Published, own.published = item.Published, item.PublishedParsed
		if item.UpdatedParsed != nil {
			own.Updated = item.UpdatedParsed.UTC()
		}
	}
	f.addOriginal(parsed)
	timed := slices.ContainsFunc(f.Items, func(i Item) bool { return i.published != nil && !atMidnight(*i.published) })
	for i := range f.Items {
		f.Items[i].publish(zone, timed)
	}
	return f, nil
}

// parse is gofeed, which is not to bring the program down whatever it is given.
func parse(text string) (parsed *gofeed.Feed, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			parsed, err = nil, fmt.Errorf("it can't be read: %v", fault)
		}
	}()
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true
	if parsed, err = parser.ParseString(text); err == nil && parsed == nil {
		err = errors.New("it holds nothing")
	}
	return parsed, err
}

// addOriginal adds what gofeed's common form leaves out or mixes up: permanent links of
// RSS items, the publication of Atom entries (that form puts the update in its place), and
// where older items are.
func (f *Feed) addOriginal(parsed *gofeed.Feed) {
	switch original := parsed.OriginalFeed().(type) {
	case *rss.Feed:
		for i, item := range original.Items {
			if i < len(f.Items) && item != nil && item.GUID != nil && !strings.EqualFold(strings.TrimSpace(item.GUID.IsPermalink), "false") {
				f.Items[i].Permanent = item.GUID.Value
			}
		}
		for _, prefix := range []string{"atom", "atom10", "a10"} {
			for _, e := range parsed.Extensions[prefix]["link"] {
				f.older(e.Attrs["rel"], e.Attrs["href"])
			}
		}
	case *atom.Feed:
		for i, entry := range original.Entries {
			if i < len(f.Items) && entry != nil {
				f.Items[i].Published, f.Items[i].published = entry.Published, entry.PublishedParsed
			}
		}
		for _, l := range original.Links {
			if l != nil {
				f.older(l.Rel, l.Href)
			}
		}
	case *json.Feed:
		f.Next = original.NextURL
	}
}

// older notes a link to older items: a next page, else an archive.
func (f *Feed) older(rel, link string) {
	if rel == "next" || rel == "prev-archive" && f.Next == "" {
		f.Next = cmp.Or(link, f.Next)
	}
}

// origin returns where a tracker's link leads.
func origin(item *gofeed.Item) string {
	for _, prefix := range []string{"feedburner", "pheedo"} {
		if all := item.Extensions[prefix]["origLink"]; len(all) > 0 {
			return strings.TrimSpace(all[0].Value)
		}
	}
	return ""
}

// zoned matches times that say their zone.
var zoned = regexp.MustCompile(`(?i)(?:[0-9 ](?:z|gmt|utc?|[ecmp][sd]t)|[+-]\d\d:?\d\d)\)?$`)

// publish finds the day when an item was published: of a time that says its zone the day
// in the office's, of one that says none the day as written. Midnight UTC stands for a
// day without time, except where other items of the feed are timed. Numeric dates are
// month/day/year, which gofeed reads the other way.
func (i *Item) publish(zone *time.Location, timed bool) {
	i.Published = strings.TrimSpace(i.Published)
	t := i.published
	if t == nil || strings.Contains(i.Published, "/") {
		found, _ := dates.Machine(i.Published, zone)
		i.Day = found.Day
		return
	}
	_, offset := t.Zone()
	if zoned.MatchString(i.Published) && (timed || offset != 0 || !atMidnight(*t)) {
		i.Day = index.DateOf(t.In(zone))
		return
	}
	i.Day = index.DateOf(*t)
}

// atMidnight tells whether a time is the first second of a day where it was written.
func atMidnight(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 }

// tooDeep tells whether the elements of a text are nested beyond what may be read by
// recursion. What is never closed counts as well.
func tooDeep(text string) bool {
	depth := 0
	for {
		start := strings.IndexByte(text, '<')
		if start < 0 || start+1 == len(text) {
			return false
		}
		text = text[start+1:]
		switch c := text[0]; {
		case c == '/':
			depth--
		case strings.HasPrefix(text, "![CDATA["):
			end := strings.Index(text, "]]>")
			if end < 0 {
				return false
			}
			text = text[end:]
		case c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' || c >= 0x80:
			if end := strings.IndexByte(text, '>'); end > 0 && text[end-1] != '/' {
				depth++
			}
		}
		if depth > maxDepth {
			return true
		}
	}
}
