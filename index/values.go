package index

import (
	"bytes"
	"encoding/json"
	"time"
)

// Date is a civil day of the office as YYYY-MM-DD; where the precision is a month or a
// year it is the first day of it. The empty Date is unknown, and null in JSON.
type Date string

// MarshalJSON writes null for the unknown date.
func (d Date) MarshalJSON() ([]byte, error) { return NullableString(d).MarshalJSON() }

// UnmarshalJSON reads null as the unknown date.
func (d *Date) UnmarshalJSON(b []byte) error { return (*NullableString)(d).UnmarshalJSON(b) }

// Year returns the date's year as YYYY, or "" where the date is unknown.
func (d Date) Year() string {
	if len(d) < 4 {
		return ""
	}
	return string(d[:4])
}

// ParseDate reads a day as YYYY-MM-DD and refuses days that no calendar has.
func ParseDate(s string) (Date, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return "", false
	}
	return Date(t.Format(time.DateOnly)), true
}

// DateOf returns the civil day of t in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// NullableString is text that may be unknown: empty here, null in JSON.
type NullableString string

// MarshalJSON writes null for the empty text. Text is not HTML-escaped by the type, so
// an encoder's own setting decides.
func (s NullableString) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(string(s)); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// UnmarshalJSON reads null as the empty text.
func (s *NullableString) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*s = ""
		return nil
	}
	return json.Unmarshal(b, (*string)(s))
}

// Instant cuts t to the precision that archives keep: UTC milliseconds.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
