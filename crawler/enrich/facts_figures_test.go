package enrich

import (
	"testing"

	"agora/index"
	"agora/index/vocabulary"
)

// TestFactFigures counts the facts of the real releases by kind. Whether they are right is for people to
// read; here they are held to their bounds and to being in the text.
func TestFactFigures(t *testing.T) {
	e := newEnricher(t)
	counts, with := map[string]int{}, 0
	for _, l := range readShared(t, "real/truth.jsonl") {
		r := index.Reading{Title: l.Title, Text: l.Text, Published: index.Date(l.Date)}
		e.Enrich(l.State, &r)
		if len(r.Facts) > 0 {
			with++
		}
		if len(r.Facts) > 40 {
			t.Errorf("%s: %d facts", l.URL, len(r.Facts))
		}
		for _, f := range r.Facts {
			counts[f.Kind]++
			if _, ok := vocabulary.AgencyBySlug(f.Value); f.Kind == "agency" && !ok {
				t.Errorf("%s: no agency %q", l.URL, f.Value)
			}
		}
	}
	t.Logf("%d releases with facts: %v", with, counts)
	for _, k := range []string{"settlement", "penalty", "restitution", "share", "company", "defendant", "court", "statute", "agency"} {
		if counts[k] < 10 {
			t.Errorf("%d facts of kind %s in the real releases", counts[k], k)
		}
	}
}
