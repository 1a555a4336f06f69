package pager

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// nextMembers and totalMembers are where lists say what comes next and how many entries
// there are.
var (
	nextMembers = []string{"next", "nextpage", "next_page", "nexturl", "next_url", "next_page_url", "nextlink", "@odata.nextlink",
		"links.next", "_links.next", "links.next.href", "_links.next.href", "pagination.next", "pagination.next_url", "meta.next", "paging.next"}
	totalMembers = []string{"total", "totalcount", "total_count", "totalresults", "total_results", "numfound", "meta.total", "pagination.total", "count"}
)

// Around reads what is around a list: the address of the next page and how many entries
// there are.
func Around(text string) (next string, total int) {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return "", 0
	}
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return "", 0
	}
	for _, path := range nextMembers {
		if s, ok := member(value, path).(string); ok && next == "" && strings.ContainsAny(s, "/?") {
			next = s
		}
	}
	for _, path := range totalMembers {
		if n, ok := member(value, path).(float64); ok && total == 0 && n > 0 && n < 10_000_000 {
			total = int(n)
		}
	}
	return next, total
}

// member follows a path of names, in any case.
func member(value any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = nil
		for _, key := range slices.Sorted(maps.Keys(object)) {
			if strings.EqualFold(key, name) {
				value = object[key]
			}
		}
	}
	return value
}

// maxDataDepth is how deep markup may lie in data.
const maxDataDepth = 16

// InData returns the markup in an answer that is JSON, which scripts put into a page when
// people ask for more; ok is false for anything else.
func InData(text string) (markup, next string, ok bool) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return "", "", false
	}
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return "", "", false
	}
	var b strings.Builder
	gather(value, 0, &b)
	next, _ = Around(text)
	return b.String(), next, true
}

// gather writes the strings of a value that hold links.
func gather(value any, depth int, b *strings.Builder) {
	switch v := value.(type) {
	case string:
		if strings.Contains(v, "href") {
			b.WriteString(v)
		}
	case []any:
		for i := 0; i < len(v) && depth < maxDataDepth; i++ {
			gather(v[i], depth+1, b)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if depth < maxDataDepth {
				gather(v[key], depth+1, b)
			}
		}
	}
}
