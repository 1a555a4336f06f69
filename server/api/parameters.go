package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"agora/index"
	"agora/index/query"
	"agora/index/query/spelling"
)

const (
	maxUnreadable  = 5  // pieces told of: whoever sends more knows by then what is wrong
	maxPieceQuoted = 80 // bytes of a piece, enough to find it by
)

// Parameters reads the parameters of an address piece by piece, as far as they can be
// read, and says of the others in a sentence without full stop why they can't.
// (url.URL.Query leaves those out without a word, which would answer another question.)
func Parameters(raw string) (values url.Values, unreadable []string) {
	values = url.Values{}
	for piece := range strings.SplitSeq(raw, "&") {
		read, err := url.ParseQuery(piece)
		if err == nil {
			for name, given := range read {
				values[name] = append(values[name], given...)
			}
			continue
		}
		why := "a percent sign is written %25"
		if strings.Contains(piece, ";") { // refused because it once separated parameters
			why = "a semicolon is written %3B"
		}
		said := fmt.Sprintf("the parameter %q can't be read: %s", piece[:min(len(piece), maxPieceQuoted)], why)
		if len(unreadable) < maxUnreadable && !slices.Contains(unreadable, said) {
			unreadable = append(unreadable, said)
		}
	}
	return values, unreadable
}

// parameters reads the parameters of a request and refuses those that can't be read.
func parameters(r *http.Request) (url.Values, error) {
	values, unreadable := Parameters(r.URL.RawQuery)
	if len(unreadable) > 0 {
		return nil, fmt.Errorf("%s: %w", strings.Join(unreadable, "; "), index.ErrInvalid)
	}
	return values, nil
}

// question reads the question that a request asks.
func question(r *http.Request) (index.Query, error) {
	values, err := parameters(r)
	if err != nil {
		return index.Query{}, err
	}
	return query.FromValues(values, true)
}

// onlyParameters reads parameters and refuses others than the known ones.
func onlyParameters(r *http.Request, known ...string) (url.Values, error) {
	values, err := parameters(r)
	if err != nil {
		return nil, err
	}
	for name := range values {
		if slices.Contains(known, name) {
			continue
		}
		if len(known) == 0 {
			return nil, fmt.Errorf("unknown parameter %q: this address takes none: %w", name, index.ErrInvalid)
		}
		if near := spelling.Nearest(name, known); near != "" {
			return nil, fmt.Errorf("unknown parameter %q, did you mean %q: %w", name, near, index.ErrInvalid)
		}
		return nil, fmt.Errorf("unknown parameter %q: this address takes %s: %w", name, strings.Join(known, " and "), index.ErrInvalid)
	}
	return values, nil
}

// unknownValue says that a parameter has no such value, and which may have been meant.
func unknownValue(name string, field index.Field, value string) error {
	near := ""
	if nearest := spelling.NearestValue(field, value); nearest != "" {
		near = fmt.Sprintf("; did you mean %q", nearest)
	}
	return fmt.Errorf("parameter %q: %q is unknown%s: %w", name, value, near, index.ErrInvalid)
}

// number reads a whole number between low and high.
func number(values url.Values, name string, otherwise, low, high int64) (int64, error) {
	text := values.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("parameter %q: %q is not a whole number from %d to %d: %w", name, text, low, high, index.ErrInvalid)
	}
	return n, nil
}

// releaseID returns the id that somebody typed, perhaps as offices are written.
func releaseID(typed string) string { return strings.ToLower(typed) }
