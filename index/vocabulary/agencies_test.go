package vocabulary

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAgenciesArePermanent compares slugs and places with a list that never changes.
func TestAgenciesArePermanent(t *testing.T) {
	slug := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	var got strings.Builder
	seen := map[string]bool{}
	for i, a := range Agencies {
		fmt.Fprintln(&got, a.Place, a.Slug)
		if int(a.Place) != i || i > 63 || !slug.MatchString(a.Slug) || a.Label == "" || seen[a.Slug] || seen[a.Label] {
			t.Errorf("agency %+v at place %d", a, i)
		}
		seen[a.Slug], seen[a.Label] = true, true
		if found, ok := AgencyBySlug(a.Slug); !ok || found != a {
			t.Errorf("AgencyBySlug(%q) = %v, %t", a.Slug, found, ok)
		}
	}
	if _, ok := AgencyBySlug("no-such-agency"); ok {
		t.Error("there is an agency that nobody has heard of")
	}
	want, err := os.ReadFile(filepath.Join("testdata", "agencies.golden"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("agencies (-want +got):\n%s", diff)
	}
}
