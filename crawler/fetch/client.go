package fetch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gocolly/colly/v2"

	"agora/crawler/fetch/wire"
	"agora/index"
)

// HostStore keeps what is known of hosts across restarts; an index.Store does.
type HostStore interface {
	Hosts(ctx context.Context) ([]index.Host, error)
	SaveHosts(ctx context.Context, hosts []index.Host) error
}

// Resolver finds the addresses of a name; a *net.Resolver does.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Options are what a client needs to know.
type Options struct {
	Product string // token that robots.txt knows us by: letters, "-" and "_"
	Version string // may be ""
	Contact string // URL or mail address for complaints; "" makes public hosts be asked more rarely

	// MinDelay is the shortest pause between two requests to a host. At 0 the response time
	// makes no pause either; what hosts ask for (Crawl-delay, Retry-After) always holds.
	MinDelay time.Duration
	MaxWait  time.Duration // longer waits are OutcomeLater; 0: 5 minutes

	AllowPrivate bool // ask hosts at addresses that are not public as well

	// Network carries the exchanges; nil: the real network, with the guard against private
	// addresses and records of exchanges as sent. What is given instead has to heed the
	// context, and guards nothing by itself. No proxy is taken from the environment: who
	// needs one gives an http.Transport with it, which the guard can't see behind.
	Network  http.RoundTripper
	Resolver Resolver  // tells private hosts from public ones where there is no contact; nil: the system's
	Hosts    HostStore // nil: nothing is remembered

	Now  func() time.Time                                 // nil: time.Now
	Wait func(ctx context.Context, d time.Duration) error // nil: a timer

	Logger   *slog.Logger   // nil: nothing is logged
	OnRobots func(Exchange) // gets the exchanges about robots.txt, maybe several at a time; may be nil
}

// Client asks the web politely. It may be used by many goroutines for many hosts: those
// who ask one host wait for each other, those who ask several don't.
type Client struct {
	options   Options
	agent     string
	collector *colly.Collector
	turns     *turns // where robots.txt is asked for
	line      *wire.Line

	mu     sync.Mutex // of hosts, and users of each
	hosts  map[string]*host
	saving sync.Mutex // so that no older state replaces a newer one in the store
}

// New returns a client with what was known of hosts before. A host that was known counts
// as asked just now, as whoever asked last may have been killed. The caller closes it.
func New(o Options) (*Client, error) {
	agent, err := userAgent(o)
	if err != nil {
		return nil, fmt.Errorf("make user agent: %w", err)
	}
	if o.MaxWait <= 0 {
		o.MaxWait = defaultMaxWait
	}
	o.MaxWait = max(o.MaxWait, o.MinDelay)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = sleep
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	c := &Client{options: o, agent: agent, hosts: map[string]*host{}}
	c.line = wire.New(o.AllowPrivate)
	if o.Network != nil {
		c.line.Network = o.Network
	}
	c.line.Now = o.Now
	c.turns = &turns{client: c, next: &exchanges{client: c}}
	c.collector = newCollector(agent, &steps{client: c, next: &permits{client: c, next: c.turns}})
	if err := c.load(context.Background()); err != nil {
		return nil, err
	}
	return c, nil
}

// userAgent returns the one name that all requests carry.
func userAgent(o Options) (string, error) {
	isToken := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_'
	}
	if strings.TrimFunc(o.Product, isToken) != "" || o.Product == "" {
		return "", fmt.Errorf("%q is no product token", o.Product)
	}
	agent := o.Product
	if version := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || isToken(c) || c == '.' || c == '+' {
			return c
		}
		return '-'
	}, o.Version); version != "" {
		agent += "/" + version
	}
	if strings.ContainsFunc(o.Contact, func(c rune) bool { return c <= ' ' || c > '~' || c == '(' || c == ')' }) {
		return "", fmt.Errorf("contact %q has characters that a user agent can't carry", o.Contact)
	}
	if o.Contact != "" {
		agent += " (+" + o.Contact + ")"
	}
	return agent, nil
}

// newCollector returns the collector that all others are cloned from. It follows
// redirects and looks at pages; what it could decide about robots, politeness, limits and
// repetition is decided below it. All is set after it is made, as the environment is read
// then (COLLY_*).
func newCollector(agent string, chain http.RoundTripper) *colly.Collector {
	c := colly.NewCollector()
	c.UserAgent = agent
	c.Headers = nil
	c.AllowURLRevisit = true
	c.ParseHTTPErrorResponse = true
	c.IgnoreRobotsTxt = true
	c.DetectCharset = false
	c.TraceHTTP = false
	c.Async = false
	c.CheckHead = false
	c.MaxBodySize, c.MaxDepth, c.MaxRequests = 0, 0, 0
	c.CacheDir = ""
	c.AllowedDomains, c.DisallowedDomains = nil, nil
	c.WithTransport(chain)
	c.SetCookieJar(newJar())
	c.SetRequestTimeout(0)                                                          // it would count the wait for one's turn
	c.SetRedirectHandler(func(*http.Request, []*http.Request) error { return nil }) // the chain counts them
	return c
}

// sleep waits as long as it is told, or until the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Agent returns the User-Agent that all requests carry.
func (c *Client) Agent() string { return c.agent }

// Close keeps what is known of hosts and closes idle connections. It waits for nobody:
// whoever asks has to have ended. The context is for the store: one that has ended with
// the pass keeps nothing.
func (c *Client) Close(ctx context.Context) error {
	c.line.Close()
	c.mu.Lock()
	known := make([]*host, 0, len(c.hosts))
	for _, h := range c.hosts {
		known = append(known, h)
	}
	c.mu.Unlock()
	if err := c.save(ctx, known...); err != nil {
		return fmt.Errorf("close fetch client: %w", err)
	}
	return nil
}

// Get asks for an address and follows redirects, as Getter says. Bodies and exchanges of
// an answer may share memory: they are for reading.
func (c *Client) Get(ctx context.Context, r Request) (Answer, error) {
	u, err := parseAddress(r.URL)
	if err != nil {
		return Answer{}, &Error{Outcome: index.OutcomeAddress, URL: r.URL, Err: err}
	}
	w := &walk{request: r}
	collector := c.collector.Clone()
	collector.Context = context.WithValue(ctx, walkKey{}, w)
	collector.OnResponse(func(*colly.Response) { w.answered = true })
	for _, s := range r.Select {
		collector.OnHTML(s.Selector, s.Found)
	}
	err = collector.Request(http.MethodGet, u.String(), nil, nil, http.Header{"User-Agent": {c.agent}})
	if w.answered && w.err == nil {
		return w.answer(), nil // colly may not have understood the page: that is the asker's to judge
	}
	if ctx.Err() != nil {
		return Answer{}, fmt.Errorf("fetch %s: %w", r.URL, context.Cause(ctx))
	}
	if w.err != nil {
		err = w.err
	} else if err == nil {
		err = errors.New("no answer")
	}
	var failed *Error
	if !errors.As(err, &failed) {
		failed = &Error{Outcome: outcomeOf(err), URL: r.URL, Err: err}
		if w.err == nil && len(w.steps) == 0 {
			failed.Outcome = index.OutcomeAddress // colly would not send it
		}
	}
	failed.Hops = w.exchanges()
	return Answer{}, failed
}
