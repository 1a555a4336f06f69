package enrich

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

// TestSeed reads the release of ../shared/seeds and wants of it what the interfaces promise.
func TestSeed(t *testing.T) {
	path := filepath.Join(shared, "seeds", "000_531b268e999c5075.txt")
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: ../shared is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	title, text, _ := strings.Cut(string(content), "\n\n")
	e := newEnricher(t)
	code, evidence, ok := e.FindOffice(title, text)
	if code != "VA" || !ok {
		t.Errorf("office %q (%v), want VA", code, ok)
	}
	t.Logf("office VA by %s", evidence)
	r := index.Reading{Title: title, Text: text}
	e.Enrich(code, &r)
	claimed := 21
	want := &index.Coalition{Role: "led", Action: "letter", Leads: []string{"VA"},
		Members: strings.Fields("AK AL AR FL GA IA IN KY LA MO MT NE NH OH OK SC TN TX UT VA WV"),
		Claimed: &claimed, ClaimedWords: "coalition of 21 states", Complete: true, Agrees: true, Others: []index.Participant{}}
	if diff := cmp.Diff(want, r.Coalition); diff != "" {
		t.Errorf("coalition (-want +got):\n%s", diff)
	}
	for _, topic := range []string{"opioids", "drug-crime"} {
		if !slices.Contains(r.Topics, topic) {
			t.Errorf("topics %v, want %s among them", r.Topics, topic)
		}
	}
	if a := r.AttorneyGeneral; a == nil || a.Name != "Jason Miyares" || a.Party != "R" || a.Acting {
		t.Errorf("attorney general %+v, want Jason Miyares (R)", a)
	}
	if r.Language != "en" {
		t.Errorf("language %q, want en", r.Language)
	}
	t.Logf("topics %v, kinds %v", r.Topics, r.Kinds)
}
