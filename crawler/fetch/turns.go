package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"agora/crawler/fetch/wire"
	"agora/index"
)

// turns makes those who ask one host wait for each other, and for the pause that the host
// is due. Hosts don't wait for each other.
type turns struct {
	client *Client
	next   http.RoundTripper
}

// RoundTrip waits for the host's turn, asks, and notes what that means for the next turn.
// It returns OutcomeLater instead of waiting for longer than Options.MaxWait.
func (t *turns) RoundTrip(req *http.Request) (*http.Response, error) {
	h, leave := t.client.enter(hostName(req.URL))
	defer leave()
	if err := t.client.judge(req.Context(), h); err != nil {
		return nil, err
	}
	var notBefore time.Time
	if w, ok := req.Context().Value(walkKey{}).(*walk); ok && w != nil {
		notBefore = w.notBefore
	}
	if err := t.client.acquire(req.Context(), h, notBefore); err != nil {
		var later *Error
		if errors.As(err, &later) {
			later.URL = req.URL.String()
		}
		return nil, err
	}
	begun := t.client.options.Now()
	resp, err := t.next.RoundTrip(req)
	if t.client.release(h, begun, resp) {
		t.client.keep(req.Context(), h)
	}
	return resp, err
}

// Reasons of waiting, for people.
const (
	whyAsking     = "asking"
	whyPause      = "pause between requests"
	whyCrawlDelay = "pause that robots.txt asks for"
	whyNameless   = "longer pause, as no contact is set"
	whyRetryAfter = "the host asked to wait"
	whyBackOff    = "pause after refusals"
	whyBefore     = "pause from an earlier run"
)

// acquire takes the host's turn and waits until the host may be asked. Whoever gets nil
// has to release it.
func (c *Client) acquire(ctx context.Context, h *host, notBefore time.Time) error {
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	now := c.options.Now()
	h.mu.Lock()
	at, why := h.due(c.options)
	if notBefore.After(at) {
		at, why = notBefore, whyRetryAfter
	}
	wait := at.Sub(now)
	h.why, h.until = why, at
	if wait <= 0 {
		h.why, h.until = whyAsking, time.Time{}
	}
	h.mu.Unlock()
	var err error
	switch {
	case wait > c.options.MaxWait:
		err = &Error{Outcome: index.OutcomeLater, Until: at.UTC(), Err: fmt.Errorf("not to be asked before %s: %s", at.UTC().Format(time.RFC3339), why)}
	case wait > 0:
		err = c.options.Wait(ctx, wait)
	default:
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		h.why, h.until = "", time.Time{}
		<-h.turn
		return err
	}
	h.why, h.until = whyAsking, time.Time{}
	return nil
}

// due returns the time before which the host is not asked, and why. The caller holds its
// lock.
func (h *host) due(o Options) (at time.Time, why string) {
	if !h.ended.IsZero() {
		pause, reason := h.pause(o)
		at, why = h.ended.Add(pause), reason
	}
	if h.held.After(at) {
		at, why = h.held, h.whyHeld
	}
	return at, why
}

// pause returns how long the host is left alone after an exchange, and why.
func (h *host) pause(o Options) (pause time.Duration, why string) {
	pause, why = o.MinDelay, whyPause
	if o.MinDelay > 0 {
		pause = max(pause, min(responseFactor*h.response, maxPause))
	}
	if h.nameless && namelessPause > pause {
		pause, why = namelessPause, whyNameless
	}
	if d := h.crawlDelay(); d > pause {
		pause, why = d, whyCrawlDelay
	}
	return pause, why
}

// release notes how an exchange ended and gives the turn away. It tells whether there is
// something that has to survive a restart.
func (c *Client) release(h *host, begun time.Time, resp *http.Response) (changed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = c.options.Now()
	h.response = h.ended.Sub(begun)
	h.why, h.until = "", time.Time{}
	if resp != nil {
		changed = h.learn(resp)
	}
	<-h.turn
	return changed
}

// learn takes from an answer whether the host wants to be left alone for a while.
func (h *host) learn(resp *http.Response) (changed bool) {
	var asked time.Time
	if p, ok := resp.Body.(*payload); ok {
		asked = p.retryAfter
	}
	refused := false
	switch resp.StatusCode {
	case http.StatusForbidden, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		refused = true
		h.failures++
	default:
		if resp.StatusCode < 500 && h.failures > 0 {
			h.failures, changed = 0, true
		}
	}
	switch {
	case asked.After(h.ended):
		h.held, h.whyHeld = asked, whyRetryAfter
	case refused && asked.IsZero():
		if d := backOff(resp.StatusCode, h.failures); d > 0 {
			h.held, h.whyHeld = h.ended.Add(d), whyBackOff
		}
	}
	return changed || refused || asked.After(h.ended)
}

// backOff returns how long a host that refused for the nth time in a row is left alone,
// where it does not say so itself. 403 may be about a page and not about us.
func backOff(status, n int) time.Duration {
	if status == http.StatusForbidden {
		n -= mildRefusals
	}
	return doubled(firstBackOff, n, maxBackOff)
}

// doubled returns the nth of a row of durations that double up to a last one; none for n
// below one.
func doubled(first time.Duration, n int, last time.Duration) time.Duration {
	if n < 1 {
		return 0
	}
	d := first
	for ; n > 1 && d < last; n-- {
		d *= 2
	}
	return min(d, last)
}

// retryAfter returns when the host wants to be asked again, zero where it does not say
// (RFC 9110 §10.2.3). A date is taken against the host's own clock where it shows it.
func retryAfter(m *wire.Message, now time.Time) time.Time {
	asks := m.Status == http.StatusTooManyRequests || m.Status == http.StatusServiceUnavailable || m.Status/100 == 3
	value := strings.TrimSpace(m.Header.Get("Retry-After"))
	if !asks || value == "" {
		return time.Time{}
	}
	wait := maxRetryAfter
	if strings.Trim(value, "0123456789") == "" {
		if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
			wait = time.Duration(seconds) * time.Second
		}
	} else {
		at, err := http.ParseTime(value)
		if err != nil {
			return time.Time{}
		}
		from := now
		if theirs, err := http.ParseTime(m.Header.Get("Date")); err == nil {
			from = theirs
		}
		wait = at.Sub(from)
	}
	return now.Add(min(max(wait, 0), maxRetryAfter)).UTC()
}

// Waiting tells what those who ask a host wait for, and until when where that is known;
// the reason is empty where nobody waits. Host is a name or an address on it.
func (c *Client) Waiting(name string) (reason string, until time.Time) {
	if u, err := parseAddress(name); err == nil {
		name = hostName(u)
	}
	c.mu.Lock()
	h := c.hosts[strings.ToLower(name)]
	c.mu.Unlock()
	if h == nil {
		return "", time.Time{}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.why, h.until
}
