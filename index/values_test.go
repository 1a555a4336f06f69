package index

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestUnknownValuesAreNull(t *testing.T) {
	type values struct {
		Day  Date           `json:"day"`
		Text NullableString `json:"text"`
	}
	tests := []struct {
		value values
		want  string
	}{
		{values{}, `{"day":null,"text":null}`},
		{values{"2023-02-08", `a "b" & <c>`}, `{"day":"2023-02-08","text":"a \"b\" & <c>"}`},
	}
	for _, test := range tests {
		var got bytes.Buffer
		encoder := json.NewEncoder(&got)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(test.value); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want+"\n", got.String()); diff != "" {
			t.Errorf("written (-want +got):\n%s", diff)
		}
		again := values{Day: "before", Text: "before"}
		if err := json.Unmarshal(got.Bytes(), &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.value, again); diff != "" {
			t.Errorf("read again (-want +got):\n%s", diff)
		}
	}
	if b, err := json.Marshal(NullableString("<&>")); err != nil || string(b) != `"\u003c\u0026\u003e"` {
		t.Errorf("an encoder that escapes writes %s, %v", b, err)
	}
	for _, wrong := range []string{`{"day":7}`, `{"text":[]}`} {
		if err := json.Unmarshal([]byte(wrong), &values{}); err == nil {
			t.Errorf("%s is read", wrong)
		}
	}
}

func TestNullableStringIsReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := NullableString(rapid.String().Draw(t, "text"))
		b, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var again NullableString
		if err := json.Unmarshal(b, &again); err != nil || again != text {
			t.Fatalf("%q became %q, %v", text, again, err)
		}
	})
}

func TestParseDate(t *testing.T) {
	for _, day := range []string{"2023-02-08", "2024-02-29", "1990-01-01"} {
		if got, ok := ParseDate(day); !ok || string(got) != day {
			t.Errorf("ParseDate(%q) = %q, %t", day, got, ok)
		}
	}
	for _, wrong := range []string{"", "2023", "2023-02", "2023-2-8", "2023-02-30", "2023-02-29", "2023-13-01", "2023-02-08T00:00:00Z", " 2023-02-08", "02/08/2023"} {
		if got, ok := ParseDate(wrong); ok || got != "" {
			t.Errorf("ParseDate(%q) = %q, %t", wrong, got, ok)
		}
	}
}

func TestYear(t *testing.T) {
	for day, want := range map[Date]string{"2023-02-08": "2023", "": "", "23": ""} {
		if got := day.Year(); got != want {
			t.Errorf("Year of %q = %q, want %q", day, got, want)
		}
	}
}

func TestDateOfIsTheDayThere(t *testing.T) {
	evening := time.Date(2023, 2, 8, 22, 0, 0, 0, time.FixedZone("EST", -5*60*60))
	if got := DateOf(evening); got != "2023-02-08" {
		t.Errorf("the day there is %q", got)
	}
	if got := DateOf(evening.UTC()); got != "2023-02-09" {
		t.Errorf("the day in UTC is %q", got)
	}
}

func TestInstant(t *testing.T) {
	got := Instant(time.Date(2023, 2, 8, 1, 2, 3, 4_567_891, time.FixedZone("", 3600)))
	if want := time.Date(2023, 2, 8, 0, 2, 3, 4_000_000, time.UTC); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("Instant = %v, want %v", got, want)
	}
}
