package vocabulary

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOffices(t *testing.T) {
	code := regexp.MustCompile(`^[A-Z]{2}$`)
	seen := map[string]bool{}
	for _, o := range Offices {
		if !code.MatchString(o.Code) || o.Name == "" || seen[o.Code] || seen[o.Name] {
			t.Errorf("office %+v", o)
		}
		seen[o.Code], seen[o.Name] = true, true
		for _, spelt := range []string{o.Code, strings.ToLower(o.Code)} {
			if got, ok := OfficeByCode(spelt); !ok || got != o {
				t.Errorf("OfficeByCode(%q) = %v, %t", spelt, got, ok)
			}
		}
		for _, spelt := range []string{o.Name, strings.ToUpper(o.Name)} {
			if got, ok := OfficeByName(spelt); !ok || got != o {
				t.Errorf("OfficeByName(%q) = %v, %t", spelt, got, ok)
			}
		}
	}
	if len(Offices) != 56 {
		t.Errorf("%d offices, want the 50 states, DC, PR, GU, VI, AS and MP", len(Offices))
	}
	if !slices.IsSortedFunc(Offices[:], func(a, b Office) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the offices are not in the order of their names")
	}
	for _, wrong := range []string{"", "ZZ", "V", "VAA", "Virginia"} {
		if got, ok := OfficeByCode(wrong); ok {
			t.Errorf("OfficeByCode(%q) = %v", wrong, got)
		}
	}
	for _, wrong := range []string{"", "VA", "Virgini", "Narnia"} {
		if got, ok := OfficeByName(wrong); ok {
			t.Errorf("OfficeByName(%q) = %v", wrong, got)
		}
	}
}

// TestTopicsArePermanent compares slugs and bits with a list that only ever grows: both
// are stored in archives and in people's notes.
func TestTopicsArePermanent(t *testing.T) {
	var got strings.Builder
	for _, topic := range Topics {
		fmt.Fprintln(&got, topic.Bit, topic.Slug)
	}
	want, err := os.ReadFile(filepath.Join("testdata", "topics.golden"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("topics (-want +got):\n%s", diff)
	}
}

func TestTopics(t *testing.T) {
	slug := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[string]bool{}
	var bits uint64
	for _, topic := range Topics {
		if !slug.MatchString(topic.Slug) || topic.Label == "" || topic.About == "" || seen[topic.Slug] || seen[topic.Label] {
			t.Errorf("topic %+v", topic)
		}
		if topic.Bit > 63 || bits&(1<<topic.Bit) != 0 {
			t.Errorf("topic %s has the bit %d", topic.Slug, topic.Bit)
		}
		bits |= 1 << topic.Bit
		seen[topic.Slug], seen[topic.Label] = true, true
		if got, ok := TopicBySlug(topic.Slug); !ok || got != topic {
			t.Errorf("TopicBySlug(%q) = %v, %t", topic.Slug, got, ok)
		}
	}
	if _, ok := TopicBySlug(OfficeNews); !ok {
		t.Errorf("there is no topic %q", OfficeNews)
	}
	if _, ok := TopicBySlug("no-such-topic"); ok {
		t.Error("there is a topic that nobody has heard of")
	}
}

func TestWords(t *testing.T) {
	for name, list := range map[string][]Word{
		"kinds": Kinds[:], "roles": Roles[:], "actions": Actions[:], "parties": Parties[:], "presences": Presences[:],
		"participants": Participants[:], "date sources": DateSources[:], "attachment roles": AttachmentRoles[:],
	} {
		seen := map[string]bool{}
		for _, w := range list {
			if w.Value == "" || w.Label == "" || seen[w.Value] {
				t.Errorf("%s: %+v", name, w)
			}
			seen[w.Value] = true
			if !Has(list, w.Value) || Label(list, w.Value) != w.Label {
				t.Errorf("%s: %q is not found", name, w.Value)
			}
		}
		if Has(list, "unheard-of") || Label(list, "unheard-of") != "unheard-of" {
			t.Errorf("%s has a value that it lacks", name)
		}
	}
}

// TestTopicsAreThoseAgreedUpon compares the table with the definitions that everybody
// works by, where they are at hand.
func TestTopicsAreThoseAgreedUpon(t *testing.T) {
	definitions, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "facts", "topics.yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: ../shared is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	// Labels may hold commas, which the file does not quote: no YAML reader gets them whole.
	entry := regexp.MustCompile(`(?m)^- \{slug: ([a-z-]+), label: (.+?), about: "(.*?)"(?:, not: "(.*?)")?\}$`)
	var want []Topic
	for i, found := range entry.FindAllStringSubmatch(string(definitions), -1) {
		want = append(want, Topic{Slug: found[1], Label: found[2], Bit: uint8(i), About: found[3], Not: found[4]})
	}
	if diff := cmp.Diff(want, Topics[:]); diff != "" {
		t.Errorf("topics (-agreed +here):\n%s", diff)
	}
}
