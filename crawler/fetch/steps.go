package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/net/idna"

	"agora/index"
)

// acceptPages is what browsers ask for when somebody follows a link.
const acceptPages = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// acceptEncodings are those that package coding undoes.
const acceptEncodings = "gzip, br, zstd"

// walkKey finds the walk of a request in its context.
type walkKey struct{}

// walk is one Get: what was asked, and what came step by step.
type walk struct {
	request   Request
	seen      map[string]bool // addresses with the cookies that were sent
	steps     []*payload
	notBefore time.Time // a redirect asked to wait (Retry-After)
	answered  bool      // colly got the answer
	err       error     // of the step that failed
}

// steps is the first of the chain: it takes each request of a walk, makes it anew with
// nothing but what we want to send, and notes what came.
type steps struct {
	client *Client
	next   http.RoundTripper
}

// RoundTrip asks for one step of a walk.
func (s *steps) RoundTrip(req *http.Request) (*http.Response, error) {
	w, ok := req.Context().Value(walkKey{}).(*walk)
	if !ok {
		return nil, errors.New("a request that nobody made")
	}
	resp, err := s.step(w, req)
	if err != nil {
		w.err = err
	}
	return resp, err
}

func (s *steps) step(w *walk, req *http.Request) (*http.Response, error) {
	u, err := cleanAddress(req.URL)
	if err != nil {
		return nil, &Error{Outcome: index.OutcomeAddress, URL: req.URL.Redacted(), Err: err}
	}
	ask := s.client.newRequest(req.Context(), u)
	w.fill(ask.Header, req.Header.Get("Cookie"))
	if err := w.enter(u.String(), ask.Header.Get("Cookie")); err != nil {
		return nil, &Error{Outcome: index.OutcomeLoop, URL: u.String(), Err: err}
	}
	resp, err := s.next.RoundTrip(ask)
	if err != nil {
		return nil, err
	}
	p, ok := resp.Body.(*payload)
	if !ok {
		return nil, errors.New("an answer that the chain did not make")
	}
	if resp.StatusCode == http.StatusNotModified && ask.Header.Get("If-None-Match") == "" && ask.Header.Get("If-Modified-Since") == "" {
		return nil, &Error{Outcome: index.OutcomeNetwork, URL: u.String(), Err: errors.New("says that nothing changed, and was not asked")}
	}
	w.steps = append(w.steps, p)
	w.notBefore = p.retryAfter
	if isRedirect(resp.StatusCode) {
		if _, err := u.Parse(resp.Header.Get("Location")); err != nil {
			resp.Header.Del("Location") // leads nowhere: the status is the answer
		}
	} else if len(w.request.Select) > 0 && len(p.body) <= maxShown {
		showPage(resp, p.body)
	}
	resp.Request = req
	return resp, nil
}

// fill sets what this step sends beside the user agent. Validators are those of the
// address that was asked for, and nobody else's.
func (w *walk) fill(header http.Header, cookie string) {
	header.Set("Accept", acceptPages)
	if w.request.Accept != "" {
		header.Set("Accept", w.request.Accept)
	}
	if cookie != "" {
		header.Set("Cookie", cookie)
	}
	if len(w.steps) > 0 {
		return
	}
	if isETag(w.request.ETag) {
		header.Set("If-None-Match", w.request.ETag)
	}
	if _, err := http.ParseTime(w.request.LastModified); err == nil {
		header.Set("If-Modified-Since", w.request.LastModified)
	}
}

// enter notes that an address is asked for. The same address with the same cookies would
// answer the same; with others it may be a page that sets a cookie first.
func (w *walk) enter(address, cookie string) error {
	if len(w.steps) > MaxRedirects {
		return fmt.Errorf("more than %d redirects", MaxRedirects)
	}
	key := address + "\n" + cookie
	if w.seen[key] {
		return errors.New("redirects lead in a circle")
	}
	if w.seen == nil {
		w.seen = map[string]bool{}
	}
	w.seen[key] = true
	return nil
}

// exchanges returns all that was exchanged in the walk.
func (w *walk) exchanges() []Exchange {
	var list []Exchange
	for _, p := range w.steps {
		list = append(list, p.exchange)
	}
	return list
}

// answer returns what the last step brought.
func (w *walk) answer() Answer {
	last := w.steps[len(w.steps)-1]
	a := Answer{
		URL:         last.exchange.URL,
		Hops:        w.exchanges(),
		Status:      last.exchange.Status,
		Header:      last.header,
		ContentType: last.header.Get("Content-Type"),
		Body:        last.body,
		Captured:    last.exchange.Date,
		RetryAfter:  last.retryAfter,
	}
	for _, p := range w.steps {
		a.Elapsed += p.elapsed
	}
	if a.NotModified() {
		a.Body = nil
	}
	return a
}

// showPage gives colly a page as UTF-8: what it makes of charsets fails on unknown ones.
func showPage(resp *http.Response, body []byte) {
	contentType := resp.Header.Get("Content-Type")
	if mediaType, _, ok := strings.Cut(contentType, ";"); ok {
		resp.Header.Set("Content-Type", mediaType)
	}
	if !utf8.Valid(body) {
		encoding, _, _ := charset.DetermineEncoding(body, contentType)
		if decoded, err := encoding.NewDecoder().Bytes(body); err == nil {
			body = decoded
		}
	}
	if p, ok := resp.Body.(*payload); ok {
		p.shown.Reset(body)
	}
}

// isRedirect tells whether a status is one that http.Client follows.
func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// isETag tells whether a validator is well-formed (RFC 9110 §8.8.3), so that it can be
// sent back.
func isETag(tag string) bool {
	inner, ok := strings.CutPrefix(strings.TrimPrefix(tag, "W/"), `"`)
	if !ok || len(tag) > maxValidator {
		return false
	}
	inner, ok = strings.CutSuffix(inner, `"`)
	for i := range len(inner) {
		if c := inner[i]; c <= ' ' || c == '"' || c == 0x7f {
			return false
		}
	}
	return ok
}

// parseAddress reads an address that is to be asked for.
func parseAddress(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		var parse *url.Error
		if errors.As(err, &parse) {
			err = parse.Err // its own words repeat the address
		}
		return nil, err
	}
	return cleanAddress(u)
}

// cleanAddress returns an address as it is asked for: http or https, the host in ASCII
// and small letters, no port that goes without saying, no credentials, no fragment.
func cleanAddress(u *url.URL) (*url.URL, error) {
	clean := *u
	clean.User, clean.Fragment, clean.RawFragment = nil, "", ""
	clean.Scheme = strings.ToLower(u.Scheme)
	if clean.Scheme != "http" && clean.Scheme != "https" || u.Opaque != "" {
		return nil, errors.New("is no http address")
	}
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if strings.ContainsFunc(name, func(c rune) bool { return c >= utf8.RuneSelf }) {
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil {
			return nil, fmt.Errorf("host: %w", err)
		}
		name = ascii
	}
	if name == "" {
		return nil, errors.New("names no host")
	}
	port := u.Port()
	switch {
	case port == "" || port == "80" && clean.Scheme == "http" || port == "443" && clean.Scheme == "https":
		clean.Host = name
		if strings.Contains(name, ":") {
			clean.Host = "[" + name + "]"
		}
	default:
		clean.Host = net.JoinHostPort(name, port)
	}
	if clean.Path == "" {
		clean.Path = "/"
	}
	if len(clean.String()) > maxAddress {
		return nil, fmt.Errorf("is longer than %d bytes", maxAddress)
	}
	return &clean, nil
}
