package reading_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
	"agora/index/indextest"
	"agora/index/sqlitestore/reading"
)

// TestDigest tells readings apart by all they hold, and by nothing else.
func TestDigest(t *testing.T) {
	codec := newCodec(t)
	base, err := codec.Encode(indextest.Reading("VA", 1))
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		change func(*index.Reading)
		same   bool
	}{
		"reader":        {func(r *index.Reading) { r.Reader = "other/9" }, true},
		"fingerprint":   {func(r *index.Reading) { r.Fingerprint = "other" }, true},
		"repeated tag":  {func(r *index.Reading) { r.Tags = append(r.Tags, r.Tags...) }, true},
		"title":         {func(r *index.Reading) { r.Title += "." }, false},
		"text":          {func(r *index.Reading) { r.Text += "." }, false},
		"markdown":      {func(r *index.Reading) { r.Markdown += "." }, false},
		"moved text":    {func(r *index.Reading) { r.Text, r.Markdown = r.Text+r.Markdown, "" }, false},
		"date":          {indextest.Undated, false},
		"no topics":     {func(r *index.Reading) { r.Topics = []string{} }, false},
		"topics unsure": {func(r *index.Reading) { r.Topics = nil }, false},
		"rules":         {func(r *index.Reading) { r.Rules = nil }, false},
	}
	digests := map[string]string{}
	for name, c := range cases {
		r := indextest.Reading("VA", 1)
		c.change(&r)
		row, err := codec.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		if (row.Digest == base.Digest) != c.same {
			t.Errorf("%s: same digest is %t, want %t", name, !c.same, c.same)
		}
		if other := digests[row.Digest]; other != "" && !c.same {
			t.Errorf("%s and %s have one digest", name, other)
		}
		digests[row.Digest] = name
	}
}

// TestRoundTrip reads back what was made.
func TestRoundTrip(t *testing.T) {
	codec := newCodec(t)
	rapid.Check(t, func(rt *rapid.T) {
		made := indextest.Reading("VA", 1, func(r *index.Reading) {
			r.Title, r.Text, r.Markdown = rapid.String().Draw(rt, "title"), rapid.String().Draw(rt, "text"), rapid.String().Draw(rt, "markdown")
		})
		row, err := codec.Encode(made)
		if err != nil {
			rt.Fatal(err)
		}
		var r index.Release
		if err := codec.Decode(row.Title, row.Content, &r); err != nil {
			rt.Fatal(err)
		}
		got := []any{r.Title, r.Text, r.Markdown, r.Published, r.Tags, r.Topics, r.Kinds, r.Attachments, r.Candidates, r.Evidence, r.AttorneyGeneral}
		want := []any{made.Title, made.Text, made.Markdown, made.Published, made.Tags, made.Topics, made.Kinds, made.Attachments, made.Candidates, made.Evidence, made.AttorneyGeneral}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatal(diff)
		}
		if !codec.Sound(row.Digest, row.Title, row.Content) || codec.Sound(row.Digest, row.Title+"x", row.Content) {
			rt.Fatal("a sound row is not told from a spoilt one")
		}
	})
}

// FuzzDecode reads contents that were damaged.
func FuzzDecode(f *testing.F) {
	codec, err := reading.NewCodec()
	if err != nil {
		f.Fatal(err)
	}
	row, err := codec.Encode(indextest.Reading("VA", 1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(row.Content)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, content []byte) {
		var r index.Release
		if err := codec.Decode("title", content, &r); err != nil && !errors.Is(err, index.ErrDamaged) {
			t.Errorf("error is %v", err)
		}
	})
}

func newCodec(t *testing.T) *reading.Codec {
	t.Helper()
	codec, err := reading.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	return codec
}
