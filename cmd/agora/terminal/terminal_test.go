package terminal

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

func TestWrapAndMarks(t *testing.T) {
	if diff := cmp.Diff("one two\n  three\n  four", wrap("one  two three four", 9, 2)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("a \x1b[1mb & c\x1b[0m  [31m", marked("a <mark>b &amp; c</mark> \x1b[31m", true)); diff != "" {
		t.Error(diff)
	}
}

func TestAdvice(t *testing.T) {
	var b strings.Builder
	answer := index.Answer{Total: 2, Exact: true, Advice: index.Advice{
		DidYouMean: "opioid\x1b settlement",
		Offers: []index.Offer{
			{Field: index.FieldState, Value: "TX", Label: "Texas", Words: "texas", Rest: "quill's opioid"},
			{Field: index.FieldTopic, Value: "opioids", Label: "Opioids and fentanyl", Words: "opioid"},
		},
	}}
	if err := WriteAnswer(&b, answer, false, 80); err != nil {
		t.Fatal(err)
	}
	want := `2 releases
did you mean: opioid  settlement
narrow to Texas: --state=TX 'quill'\''s opioid'
narrow to Opioids and fentanyl: --topic=opioids

`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}
