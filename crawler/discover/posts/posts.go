// Package posts reads the answers of WordPress's REST interface: items, kinds of post,
// refusals; and knows the addresses of its routes, with pretty addresses or without.
//
// It asks for nothing.
package posts

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of answers. The interface itself gives at most 100 items.
const (
	maxItems = 1_000
	maxTypes = 5 // kinds of post that look like releases
)

// Fields are the members that Item is made of.
const Fields = "id,date,modified_gmt,link,title,status"

// Item is a post as the interface gives it.
type Item struct {
	ID       int64    `json:"id"`
	Date     string   `json:"date"` // local time of the site
	Modified string   `json:"modified_gmt"`
	Link     string   `json:"link"`
	Status   string   `json:"status"`
	Title    Rendered `json:"title"` // HTML
}

// Published tells whether the item is public and leads somewhere.
func (i Item) Published() bool { return i.Link != "" && (i.Status == "" || i.Status == "publish") }

// Changed returns when the item was changed last, zero where it doesn't say.
func (i Item) Changed() time.Time {
	t, err := time.Parse("2006-01-02T15:04:05", i.Modified)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Rendered is a text of the interface: an object or, by some plug-ins, a plain string.
type Rendered string

// UnmarshalJSON reads either form and takes anything else for nothing.
func (r *Rendered) UnmarshalJSON(data []byte) error {
	var object struct {
		Rendered string `json:"rendered"`
	}
	var plain string
	switch {
	case json.Unmarshal(data, &object) == nil:
		*r = Rendered(object.Rendered)
	case json.Unmarshal(data, &plain) == nil:
		*r = Rendered(plain)
	default:
		*r = ""
	}
	return nil
}

// Read reads a page of items. One that isn't as it should be is an item without a link;
// the others count.
func Read(body []byte) ([]Item, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(trim(body), &list); err != nil {
		return nil, fmt.Errorf("it isn't a JSON array: %w", err)
	}
	if len(list) > maxItems {
		return nil, fmt.Errorf("it has %d items", len(list))
	}
	items := make([]Item, len(list))
	for i, raw := range list {
		if err := json.Unmarshal(raw, &items[i]); err != nil {
			items[i] = Item{}
		}
	}
	return items, nil
}

// trim drops a byte order mark and blanks that some plug-in has left around the JSON.
func trim(body []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\uFEFF")))
}

// Refusal is how the interface says no.
type Refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// NoRoute is the code for a route that the site doesn't have.
const NoRoute = "rest_no_route"

// ReadRefusal reads an answer that says no; ok is false for anything else.
func ReadRefusal(body []byte) (r Refusal, ok bool) {
	err := json.Unmarshal(trim(body), &r)
	return r, err == nil && r.Code != ""
}

var (
	releaseTypes = regexp.MustCompile(`press|news|release|comunicad|prensa|noticia|media[-_]|statement|announcement`)
	otherTypes   = regexp.MustCompile(`newsletter|coverage|clip|in[-_]the[-_]news|categor|tag|kit|contact|express|setting|template|form`)
	routeName    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)
)

// ReleaseTypes reads the list of kinds of post and returns the names of the routes of
// those that look like releases; nil where there are none or the answer is another.
func ReleaseTypes(body []byte) []string {
	var types map[string]json.RawMessage
	if json.Unmarshal(trim(body), &types) != nil {
		return nil
	}
	var names []string
	for _, raw := range types {
		var t struct {
			Slug      string `json:"slug"`
			RestBase  string `json:"rest_base"`
			Namespace string `json:"rest_namespace"`
		}
		if json.Unmarshal(raw, &t) != nil {
			continue
		}
		name := cmp.Or(t.RestBase, t.Slug)
		lower := strings.ToLower(name)
		elsewhere := t.Namespace != "" && t.Namespace != "wp/v2"
		if lower != "posts" && !elsewhere && routeName.MatchString(name) && releaseTypes.MatchString(lower) && !otherTypes.MatchString(lower) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names[:min(len(names), maxTypes)]
}

// ItemRoute returns the address of one item of a route.
func ItemRoute(route string, id int64) string {
	return change(route, func(path string) string { return path + "/" + strconv.FormatInt(id, 10) })
}

// Beside returns the address of another route of the same interface.
func Beside(route, name string) string {
	return change(route, func(path string) string { return path[:strings.LastIndexByte(path, '/')+1] + name })
}

// change changes the path of a route, in the path of its address or, on sites without
// pretty addresses, in rest_route. Other parameters are dropped.
func change(route string, to func(path string) string) string {
	u, err := url.Parse(route)
	if err != nil {
		return ""
	}
	if inner := u.Query().Get("rest_route"); inner != "" {
		inner = to(strings.TrimRight(inner, "/"))
		u.RawQuery = "rest_route=" + strings.ReplaceAll(url.QueryEscape(inner), "%2F", "/")
	} else {
		u.Path, u.RawPath, u.RawQuery = to(strings.TrimRight(u.Path, "/")), "", ""
	}
	return u.String()
}
