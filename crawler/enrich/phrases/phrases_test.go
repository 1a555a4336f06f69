package phrases

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func folded(t Text) []string {
	var out []string
	for _, w := range t.Words {
		out = append(out, w.Folded)
	}
	return out
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"The U.S. Virgin Islands, D.C. and W.Va.", "the us virgin islands dc and wva"},
		{"Hawai‘i Hawaiʻi Hawai’i Hawai'i", "hawaii hawaii hawaii hawaii"},
		{"Miyar’s and the states’ laws, don’t", "miyar and the states laws dont"},
		{"$1,200.50 of 3.5%", "1200.50 of 3.5"},
		{"e-cigarettes—price-gouging", "e cigarettes price gouging"},
		{"Procuración de Niñez", "procuracion de ninez"},
		{"Tex\u00adas", "texas"},
		{"end. Next a.m. Then", "end next am then"},
		{"\xff\x00a\xffb", "a b"},
		{"", ""},
	} {
		if got := strings.Join(folded(Read(c.in)), " "); got != c.want {
			t.Errorf("Read(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestList(t *testing.T) {
	v := NewVocabulary()
	l := NewList(v)
	for i, p := range []string{"price {gouging,fixing}", "landlord", "new york", "new york city", "{the,} company"} {
		if err := l.Add(p, int32(i)); err != nil {
			t.Fatal(err)
		}
	}
	text := Read("Landlords of New York City: price-fixing by the companies")
	var got []string
	l.Each(v.Numbers(text), func(m Match) { got = append(got, text.Slice(m.Start, m.End)) })
	want := []string{"Landlords", "New York", "New York City", "price-fixing", "the companies", "companies"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("matches (-want +got):\n%s", diff)
	}
	if m, ok := l.Longest(v.Numbers(text), 2); !ok || m.Value != 3 {
		t.Errorf("longest = %+v, want New York City", m)
	}
	for _, bad := range []string{"", "{a", "a}", "…", "{a,b,c,d,e,f,g}{a,b,c,d,e,f,g}{a,b,c,d,e,f,g}"} {
		if err := l.Add(bad, 9); err == nil {
			t.Errorf("Add(%q) did not fail", bad)
		}
	}
}

// TestWordsLieInTheSource: whatever the bytes, words stand in order inside the source.
func TestWordsLieInTheSource(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := string(rapid.SliceOf(rapid.SampledFrom([]byte("aB.,'’-$1 \n\xe2\x80\x99\xff“U.S."))).Draw(t, "source"))
		last := 0
		for _, w := range Read(source).Words {
			if w.Start < last || w.End <= w.Start || w.End > len(source) || w.Folded == "" {
				t.Fatalf("word %+v after byte %d of %q", w, last, source)
			}
			last = w.End
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("W.Va. 1,200 ’s")
	f.Fuzz(func(t *testing.T, s string) {
		words := Read(s).Words
		if !slices.IsSortedFunc(words, func(a, b Word) int { return a.Start - b.Start }) {
			t.Fatal("words out of order")
		}
	})
}
