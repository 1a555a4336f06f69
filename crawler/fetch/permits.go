package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"agora/crawler/fetch/robots"
	"agora/index"
)

// permits asks robots.txt of each address's own host before it goes on.
type permits struct {
	client *Client
	next   http.RoundTripper
}

// RoundTrip asks for what the host allows to be asked for.
func (p *permits) RoundTrip(req *http.Request) (*http.Response, error) {
	v, err := p.client.verdict(req.Context(), req.URL)
	if err != nil {
		return nil, err
	}
	if !v.Allowed {
		return nil, &Error{Outcome: index.OutcomeRobots, URL: req.URL.String(), Err: fmt.Errorf("robots.txt says %q", v.Rule)}
	}
	return p.next.RoundTrip(req)
}

// permit is what a host said in robots.txt for one scheme.
type permit struct {
	turn chan struct{} // held by who reads or changes what follows

	rules   *robots.Rules // nil where it could not be had
	expires time.Time     // asked again after
	tries   int           // that failed in a row
	err     error         // of the last try

	file index.RobotsFile // changed under the host's lock as well
}

func newPermit() *permit { return &permit{turn: make(chan struct{}, 1)} }

// Verdict is what a host says about an address.
type Verdict struct {
	Known      bool // robots.txt was read, or there is none
	Allowed    bool
	Rule       string        // that decides, as written: "Disallow: /private"; "" where none speaks of the address
	CrawlDelay time.Duration // pause that the host asks for; 0 where it does not
	Sitemaps   []string      // that robots.txt names
	Status     int           // with which robots.txt was answered; 0 without an answer
	Fetched    time.Time     // when
	Outcome    string        // where it is not known: what came of asking, as an outcome or status
	Reason     string        // the same in words
	Until      time.Time     // where it is not known: when to ask again
}

// String returns the verdict in a word: allowed, disallowed or unknown.
func (v Verdict) String() string {
	switch {
	case !v.Known:
		return "unknown"
	case v.Allowed:
		return "allowed"
	}
	return "disallowed"
}

// Robots tells whether an address may be asked for, and asks for robots.txt where it is
// not known. It fails only where the address is none, and with ctx.
func (c *Client) Robots(ctx context.Context, address string) (Verdict, error) {
	u, err := parseAddress(address)
	if err != nil {
		return Verdict{}, &Error{Outcome: index.OutcomeAddress, URL: address, Err: err}
	}
	v, err := c.verdict(ctx, u)
	var failed *Error
	if errors.As(err, &failed) {
		v.Outcome, v.Reason, v.Until = failed.Outcome, failed.Err.Error(), failed.Until
		if failed.Cause != "" {
			v.Outcome = failed.Cause
		}
		return v, nil
	}
	return v, err
}

// verdict returns what the host says about a clean address. Where robots.txt can't be
// had the error is OutcomeNoRobots, and nothing may be asked for.
func (c *Client) verdict(ctx context.Context, u *url.URL) (Verdict, error) {
	h, leave := c.enter(hostName(u))
	defer leave()
	h.mu.Lock()
	p := h.permits[u.Scheme]
	if p == nil {
		p = newPermit()
		h.permits[u.Scheme] = p
	}
	h.mu.Unlock()
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return Verdict{}, context.Cause(ctx)
	}
	defer func() { <-p.turn }()
	if !c.options.Now().Before(p.expires) {
		if err := c.askRobots(ctx, h, p, u); err != nil {
			return Verdict{}, err
		}
	}
	v := Verdict{Status: p.file.Status, Fetched: p.file.Fetched}
	if p.rules == nil {
		return v, &Error{
			Outcome: index.OutcomeNoRobots, Cause: p.file.Outcome, URL: u.String(), Until: p.expires.UTC(),
			Err: fmt.Errorf("robots.txt could not be had: %w", p.err),
		}
	}
	v.Known, v.CrawlDelay, v.Sitemaps = true, p.rules.CrawlDelay, p.rules.Sitemaps
	v.Allowed, v.Rule = p.rules.Allowed(u.RequestURI())
	return v, nil
}

// askRobots asks for robots.txt and notes what came of it. It fails where nothing can be
// noted: with ctx, where the host is to be asked later, and at addresses that are never
// asked. The caller holds the permit's turn.
func (c *Client) askRobots(ctx context.Context, h *host, p *permit, u *url.URL) error {
	origin := u.Scheme + "://" + u.Host
	got, err := c.getRobots(ctx, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"})
	var failed *Error
	if err != nil && !errors.As(err, &failed) {
		return err
	}
	redirected := failed != nil && len(failed.Hops) > 0
	if failed != nil && !redirected && (failed.Outcome == index.OutcomeLater || failed.Outcome == index.OutcomeAddress) {
		return failed // nothing was asked
	}
	now := c.options.Now()
	file := index.RobotsFile{Origin: origin, Fetched: now.UTC().Truncate(time.Millisecond), Outcome: index.OutcomeOK}
	var asked time.Time
	if got != nil {
		asked = got.retryAfter
		file.Status = got.exchange.Status
	}
	switch {
	case failed != nil:
		asked = failed.Until
		file.Outcome = failed.Outcome
		err = failed.Err
	case file.Status == http.StatusTooManyRequests || file.Status >= 500:
		file.Outcome = strconv.Itoa(file.Status)
		err = fmt.Errorf("answered %s", file.Outcome)
	case file.Status/100 == 2:
		file.Body = got.body[:min(len(got.body), robots.MaxBytes)]
	}
	h.mu.Lock()
	p.file, p.err = file, err
	p.rules = nil
	if err == nil {
		p.rules = robots.Parse(file.Body, c.options.Product)
	}
	h.mu.Unlock()
	if err == nil {
		p.tries, p.expires = 0, now.Add(robotsKept)
	} else {
		p.tries++
		p.expires = now.Add(doubled(firstRobotsRetry, p.tries, maxRobotsRetry))
		if asked.After(p.expires) {
			p.expires = asked
		}
	}
	c.keep(ctx, h)
	return nil
}

// getRobots asks for a robots.txt and follows redirects, each of which waits for the turn
// of its host. What can't be followed to an end counts as there being none (RFC 9309
// §2.3.1.2), and is returned with its status.
func (c *Client) getRobots(ctx context.Context, u *url.URL) (*payload, error) {
	ctx = context.WithValue(ctx, walkKey{}, (*walk)(nil)) // it waits by itself and sends no cookies
	ctx = context.WithValue(ctx, beginningKey{}, true)
	var hops []Exchange
	for redirects := 0; ; redirects++ {
		req := c.newRequest(ctx, u)
		req.Header.Set("Accept", "text/plain,*/*;q=0.8")
		resp, err := c.turns.RoundTrip(req) //nolint:bodyclose // a payload was read to its end
		if err != nil {
			var failed *Error
			if errors.As(err, &failed) {
				failed.Hops = hops
			}
			return nil, err
		}
		got, ok := resp.Body.(*payload)
		if !ok {
			return nil, errors.New("an answer that the chain did not make")
		}
		if c.options.OnRobots != nil {
			c.options.OnRobots(got.exchange)
		}
		if !isRedirect(got.exchange.Status) || redirects == maxRobotsRedirects {
			return got, nil
		}
		next, err := u.Parse(got.header.Get("Location"))
		if err == nil {
			next, err = cleanAddress(next)
		}
		if err != nil || got.header.Get("Location") == "" {
			return got, nil
		}
		u, hops = next, append(hops, got.exchange)
	}
}

// permitOf returns what a stored robots.txt means now.
func (c *Client) permitOf(file index.RobotsFile, now time.Time) *permit {
	p := newPermit()
	p.file = file
	switch {
	case file.Fetched.After(now), file.Status == 0 && file.Outcome != index.OutcomeOK:
		// A clock was wrong, or the network was away: it is asked again.
	case file.Outcome == index.OutcomeOK:
		p.rules = robots.Parse(file.Body, c.options.Product)
		p.expires = file.Fetched.Add(robotsKept)
	default:
		p.tries = 1
		p.expires = file.Fetched.Add(firstRobotsRetry)
		p.err = fmt.Errorf("%s", file.Outcome)
		if file.Status != 0 {
			p.err = fmt.Errorf("answered %d", file.Status)
		}
	}
	return p
}

// crawlDelay returns the pause that the host asks for, whatever the scheme. The caller
// holds its lock.
func (h *host) crawlDelay() time.Duration {
	var d time.Duration
	for _, p := range h.permits {
		if p.rules != nil {
			d = max(d, p.rules.CrawlDelay)
		}
	}
	return d
}
