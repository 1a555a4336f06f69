package listing

import (
	"encoding/json"
	"regexp"
	"strings"
)

// sourceAPI is the source of rows that come from the interface of a content system, a
// value of vocabulary.DateSources.
const sourceAPI = "api"

// published is the status of what everybody may read.
const published = "publish"

// Post is one item of the REST interface of WordPress.
type Post struct {
	Link      string
	Title     string // HTML
	Content   string // HTML without shortcodes
	Date      string // local to the site, as written
	Status    string // "" where the item doesn't say
	Protected bool   // by a password
}

// Public tells whether everybody may read the post.
func (p Post) Public() bool { return !p.Protected && (p.Status == "" || p.Status == published) }

// rendered is a text of the interface: an object, or in some versions of it a string.
type rendered struct {
	HTML      string `json:"rendered"`
	Protected bool   `json:"protected"`
}

// UnmarshalJSON reads either form.
func (r *rendered) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &r.HTML)
	}
	type object rendered
	return json.Unmarshal(data, (*object)(r))
}

// PostOf reads an item of the interface; ok is false for anything else, lists of items
// among them.
func PostOf(source string) (post Post, ok bool) {
	source = strings.TrimLeft(source, " \t\r\n\uFEFF")
	if !strings.HasPrefix(source, "{") || !strings.Contains(source, `"rendered"`) {
		return Post{}, false
	}
	var item struct {
		Link    string    `json:"link"`
		Date    string    `json:"date"`
		Status  string    `json:"status"`
		Title   *rendered `json:"title"`
		Content *rendered `json:"content"`
	}
	if json.Unmarshal([]byte(source), &item) != nil || item.Link == "" || item.Title == nil || item.Content == nil {
		return Post{}, false
	}
	return Post{Link: item.Link, Title: item.Title.HTML, Content: withoutShortcodes(item.Content.HTML), Date: item.Date,
		Status: item.Status, Protected: item.Content.Protected}, true
}

// shortcode matches what may be an instruction to a plugin that the interface did not
// carry out: [vc_row], [caption id="x" width="300"], [/caption]. Its groups are the stroke
// of an end, the name and the attributes.
var shortcode = regexp.MustCompile(`\[(/?)([a-z][a-z0-9]*(?:[_-][a-z0-9]+)*)((?:\s+[a-z0-9_-]+\s*=[^\[\]]*)?)\s*/?\]`)

// longestShortcoded is how long a text can be in which shortcodes are looked for, in bytes:
// longer ones are pictures.
const longestShortcoded = 1 << 20

// withoutShortcodes takes instructions to plugins out of a text and leaves what they
// stand around. Words in brackets, such as [sic], are none.
func withoutShortcodes(source string) string {
	if !strings.Contains(source, "[") || len(source) > longestShortcoded {
		return source
	}
	closed := map[string]bool{}
	for _, m := range shortcode.FindAllStringSubmatch(source, -1) {
		closed[m[2]] = closed[m[2]] || m[1] != ""
	}
	return shortcode.ReplaceAllStringFunc(source, func(s string) string {
		m := shortcode.FindStringSubmatch(s)
		if m[1] != "" || m[3] != "" || closed[m[2]] || strings.Contains(m[2], "_") || alone(m[2]) {
			return ""
		}
		return s
	})
}

// alone tells whether a name is that of a shortcode which stands by itself.
func alone(name string) bool {
	switch name {
	case "gallery", "playlist", "audio", "video", "embed", "caption", "sharethis", "addtoany", "toc":
		return true
	}
	return false
}
