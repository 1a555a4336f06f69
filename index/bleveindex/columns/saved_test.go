package columns

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"

	"agora/index"
)

// sample returns columns of n releases that differ in everything.
func sample(t testing.TB, n int) *Columns {
	t.Helper()
	lists := NewLists()
	c, err := Build(n, func(doc int, use func(id, record []byte)) error {
		var r index.Release
		r.Office, r.Language = []string{"VA", "WV", "XX"}[doc%3], []index.NullableString{"en", "es", ""}[doc%3]
		if doc%5 > 0 {
			r.Published = index.DateOf(time.Unix(int64(doc)*1_000_000, 0).UTC())
		}
		r.Topics, r.Kinds = []string{"opioids", "privacy"}[:doc%3%2+doc%2], []string{"letter"}
		r.Backfill = doc%2 == 0
		r.Added = time.UnixMilli(int64(1_700_000_000_000 + doc*100_000_000))
		if doc%4 == 0 {
			r.Coalition = &index.Coalition{Role: "led", Action: "letter", Leads: []string{"VA"}, Members: []string{"VA", "WV"}}
			r.Matter = &index.MatterLink{ID: fmt.Sprintf("m-%d", doc/8)}
		}
		r.Facts = []index.Fact{{Kind: "company", Value: "acme", Label: "Acme"}, {Kind: "agency", Value: "ftc"}, {Kind: "company", Value: "quill", Label: "Quill"}}[doc%4%3:]
		r.AttorneyGeneral = &index.AttorneyGeneral{Name: []string{"Zoë Thornquist", "Abel Quill"}[doc%2], Party: "D"}
		use(fmt.Appendf(nil, "va-%03d", doc), lists.AppendRecord(nil, &r, doc, 10*doc))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shown writes out all that columns say.
func shown(c *Columns) []string {
	var rows []string
	for doc := range uint32(c.Count) {
		row := fmt.Sprintf("%s %d %d %d %d %d %d %s %v", c.ID(doc), c.Day[doc], c.Order[doc], c.Added[doc], c.Changed[doc],
			c.TitleLength[doc], c.TextLength[doc], c.Matter(doc), c.Multistate()(doc))
		for _, f := range index.Fields {
			if _, closed := closedList(f); !closed {
				row += fmt.Sprintf(" %t", c.Filter(index.Filter{Field: f, Exclude: []string{"undated", "es", "acme"}})(doc))
			} else {
				row += fmt.Sprintf(" %x", c.sets(f)(doc))
			}
		}
		rows = append(rows, row)
	}
	rows = append(rows, fmt.Sprint(c.Newest, c.TitleTotal, c.TextTotal, c.folded))
	c.EachAttorney(nil, func(name string, docs int) { rows = append(rows, fmt.Sprint(name, docs)) })
	return rows
}

// TestSaved checks that columns come back as they were, and that a file of another
// segment, cut short anywhere or with any byte changed is refused.
func TestSaved(t *testing.T) {
	for _, n := range []int{0, 1, 60} {
		built := sample(t, n)
		path := filepath.Join(t.TempDir(), "s.columns")
		if err := built.Save(path, 77); err != nil {
			t.Fatal(err)
		}
		opened, err := Open(path, 77, n)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(shown(built), shown(opened)); diff != "" {
			t.Errorf("%d releases (-built +opened)\n%s", n, diff)
		}
		if _, err := Open(path, 78, n); err == nil {
			t.Error("columns of another segment were opened")
		}
		if _, err := Open(path, 77, n+1); err == nil {
			t.Error("columns of fewer documents were opened")
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for end := range data {
			if _, err := read(data[:end], 77, n); err == nil {
				t.Fatalf("a file cut to %d of %d bytes was read", end, len(data))
			}
		}
		for i := range data {
			data[i] ^= 4
			if _, err := read(data, 77, n); err == nil {
				t.Fatalf("a file with byte %d changed was read", i)
			}
			data[i] ^= 4
		}
	}
}

// TestMostIsAll checks that counting what a set lacks comes to the same as counting it.
func TestMostIsAll(t *testing.T) {
	c := sample(t, 60)
	for _, interval := range []index.Interval{"", index.IntervalYear, index.IntervalMonth, index.IntervalDay} {
		for _, keep := range []func(doc uint32) bool{
			func(uint32) bool { return true }, func(uint32) bool { return false },
			func(doc uint32) bool { return doc%7 != 0 }, func(doc uint32) bool { return doc > 40 },
		} {
			q := index.Query{Facets: index.Fields, Interval: interval}
			one, other := NewCensus(q), NewCensus(q)
			set := roaringOf(c.Count, keep)
			one.Segment(c).Add(set.ToArray())
			other.Segment(c).AddMost(set)
			for _, n := range []*Census{one, other} {
				if n.Total != int(set.GetCardinality()) {
					t.Errorf("total %d of %d", n.Total, set.GetCardinality())
				}
			}
			if diff := cmp.Diff(one.Facets(), other.Facets()); diff != "" {
				t.Errorf("facets (-all +most)\n%s", diff)
			}
			if diff := cmp.Diff(one.Histogram(), other.Histogram()); diff != "" {
				t.Errorf("histogram (-all +most)\n%s", diff)
			}
		}
	}
}

func roaringOf(count int, keep func(doc uint32) bool) *roaring.Bitmap {
	set := roaring.New()
	for doc := range uint32(count) {
		if keep(doc) {
			set.Add(doc)
		}
	}
	return set
}
