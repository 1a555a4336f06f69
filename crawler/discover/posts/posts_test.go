package posts

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	body := "\uFEFF\n" + `[{"id":7,"date":"2026-03-09T10:00:00","modified_gmt":"2026-03-09T15:00:00","link":"https://ag.example/a","status":"publish","title":{"rendered":"A &#038; B"}},
		{"id":8,"link":"https://ag.example/b","title":"plain"},{"id":"9","link":"https://ag.example/c"},7,{"link":"https://ag.example/d","status":"draft","title":{"rendered":7}}]`
	items, err := Read([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	want := []Item{
		{ID: 7, Date: "2026-03-09T10:00:00", Modified: "2026-03-09T15:00:00", Link: "https://ag.example/a", Status: "publish", Title: "A &#038; B"},
		{ID: 8, Link: "https://ag.example/b", Title: "plain"}, {}, {},
		{Link: "https://ag.example/d", Status: "draft"},
	}
	if diff := cmp.Diff(want, items); diff != "" {
		t.Error(diff)
	}
	var published []bool
	for _, i := range items {
		published = append(published, i.Published())
	}
	if diff := cmp.Diff([]bool{true, true, false, false, false}, published); diff != "" {
		t.Error(diff)
	}
	if got := items[0].Changed().String(); got != "2026-03-09 15:00:00 +0000 UTC" || !items[1].Changed().IsZero() {
		t.Error(got)
	}
	for _, bad := range []string{"", "{}", "null1", "[", "<html>", "[" + strings.Repeat("1,", 2_000) + "1]"} {
		if _, err := Read([]byte(bad)); err == nil {
			t.Errorf("%.20q was read", bad)
		}
	}
}

func TestRoutes(t *testing.T) {
	for route, want := range map[string][2]string{ // an item, the types
		"https://ag.example/wp-json/wp/v2/posts":                    {"https://ag.example/wp-json/wp/v2/posts/7", "https://ag.example/wp-json/wp/v2/types"},
		"https://ag.example/wp-json/wp/v2/posts/?categories=3":      {"https://ag.example/wp-json/wp/v2/posts/7", "https://ag.example/wp-json/wp/v2/types"},
		"https://ag.example/wp-json/wp/v2/press":                    {"https://ag.example/wp-json/wp/v2/press/7", "https://ag.example/wp-json/wp/v2/types"},
		"https://ag.example/?rest_route=/wp/v2/posts":               {"https://ag.example/?rest_route=/wp/v2/posts/7", "https://ag.example/?rest_route=/wp/v2/types"},
		"https://ag.example/?rest_route=%2Fwp%2Fv2%2Fposts&lang=en": {"https://ag.example/?rest_route=/wp/v2/posts/7", "https://ag.example/?rest_route=/wp/v2/types"},
	} {
		if diff := cmp.Diff(want, [2]string{ItemRoute(route, 7), Beside(route, "types")}); diff != "" {
			t.Errorf("%s: %s", route, diff)
		}
	}
}

func TestReleaseTypes(t *testing.T) {
	body := `{"post":{"slug":"post","rest_base":"posts"},"attachment":{"slug":"attachment","rest_base":"media"},"news":{"slug":"news","rest_base":""},
		"pr":{"slug":"pr","rest_base":"Press-Releases","rest_namespace":"wp/v2"},"clips":{"slug":"clips","rest_base":"news-clips"},"other":{"slug":"press","rest_namespace":"other/v1"},
		"odd":{"rest_base":"../press"},"bad":[]}`
	if diff := cmp.Diff([]string{"Press-Releases", "news"}, ReleaseTypes([]byte(body))); diff != "" {
		t.Error(diff)
	}
	if got := ReleaseTypes([]byte("<html>")); got != nil {
		t.Error(got)
	}
}

// FuzzRead reads anything as items, types and a refusal.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`[{"id":7,"date":"2026-03-09T10:00:00","link":"https://ag.example/a","title":{"rendered":"A"}}]`))
	f.Add([]byte(`{"code":"rest_no_route","message":"x"}`))
	f.Add([]byte(`{"press":{"slug":"press","rest_base":"press"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		items, err := Read(body)
		if len(items) > maxItems || err != nil && items != nil {
			t.Errorf("%d items, %v", len(items), err)
		}
		for _, name := range ReleaseTypes(body) {
			if Beside("https://ag.example/wp-json/wp/v2/posts", name) != "https://ag.example/wp-json/wp/v2/"+name {
				t.Errorf("%q", name)
			}
		}
		if said, ok := ReadRefusal(body); ok && said.Code == "" {
			t.Error("a refusal without a code")
		}
	})
}
