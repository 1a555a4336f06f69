package bleveindex

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"agora/index"
)

// cursor is the place after which a page begins, as JSON in base64. It names the last
// release of the page before by what it is sorted by, so that it holds whatever is added
// or removed meanwhile. Only an order by relevance needs the very same view again: scores
// change with every release.
type cursor struct {
	Query     string `json:"q"` // digest of the query it was made for
	Primary   int64  `json:"p"`
	Secondary int64  `json:"s"`
	ID        string `json:"i"`
	View      string `json:"v,omitempty"` // held for relevance
	Unranked  bool   `json:"u,omitempty"` // there was no time for scores: all count as 0
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and numbers
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// readCursor reads the cursor of a query; ErrInvalid where it is not one.
func readCursor(q index.Query) (cursor, error) {
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || c.ID == "" {
		return cursor{}, fmt.Errorf("read cursor: it is none of this archive; begin again without it: %w", index.ErrInvalid)
	}
	if c.Query != digest(q) {
		return cursor{}, fmt.Errorf("read cursor: it belongs to another query; begin again without it: %w", index.ErrInvalid)
	}
	return c, nil
}

// digest names what a query matches and in which order.
func digest(q index.Query) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%#v|%s|%s|%t|%d|%d|%s|%t", q.Root, q.From, q.To, q.IncludeUndated,
		q.AddedFrom.UnixMilli(), q.ChangedFrom.UnixMilli(), q.Sort, q.Collapse)
	filters := slices.Clone(q.Filters)
	slices.SortFunc(filters, func(a, b index.Filter) int { return strings.Compare(string(a.Field), string(b.Field)) })
	for _, f := range filters {
		fmt.Fprintf(h, "|%s%q%q", f.Field, slices.Sorted(slices.Values(f.Include)), slices.Sorted(slices.Values(f.Exclude)))
	}
	return fmt.Sprintf("%x", h.Sum64())
}
