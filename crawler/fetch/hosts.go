package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"agora/index"
)

// host is what is known of a host: of its name and port, whatever the scheme.
type host struct {
	name string
	turn chan struct{} // held by who asks it

	users int       // of this value, guarded by Client.mu; in use it is not forgotten
	used  time.Time // likewise

	mu       sync.Mutex
	judged   bool // whether it is public was looked at
	nameless bool // it is public, and there is no contact
	ended    time.Time
	response time.Duration
	failures int       // refusals in a row
	held     time.Time // not asked before, by its own wish or after refusals
	whyHeld  string
	permits  map[string]*permit // by scheme
	why      string             // what who has the turn does or waits for
	until    time.Time
}

// hostName returns what a host is known by: http and https on their own ports are one.
func hostName(u *url.URL) string { return u.Host }

// enter returns a host and keeps it from being forgotten until leave is called.
func (c *Client) enter(name string) (h *host, leave func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h = c.hosts[name]
	if h == nil {
		if len(c.hosts) >= maxHosts {
			c.forget()
		}
		h = newHost(name)
		c.hosts[name] = h
	}
	h.users++
	return h, func() {
		now := c.options.Now()
		c.mu.Lock()
		h.users--
		h.used = now
		c.mu.Unlock()
	}
}

func newHost(name string) *host {
	return &host{name: name, turn: make(chan struct{}, 1), permits: map[string]*permit{}}
}

// forget drops the half of the hosts that was not used for longest, but for those that
// are in use or have to be left alone. The caller holds the lock.
func (c *Client) forget() {
	now := c.options.Now()
	var idle []*host
	for _, h := range c.hosts {
		h.mu.Lock()
		at, _ := h.due(c.options)
		if h.users == 0 && !at.After(now) && h.failures == 0 {
			idle = append(idle, h)
		}
		h.mu.Unlock()
	}
	slices.SortFunc(idle, func(a, b *host) int { return a.used.Compare(b.used) })
	for _, h := range idle[:min(len(idle), maxHosts/2)] {
		delete(c.hosts, h.name)
	}
}

// judge finds out once whether a host is public, which matters where we name no contact.
func (c *Client) judge(ctx context.Context, h *host) error {
	h.mu.Lock()
	judged := h.judged
	h.mu.Unlock()
	if judged || c.options.Contact != "" {
		return nil
	}
	private := c.isPrivate(ctx, h.name)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	h.mu.Lock()
	h.judged, h.nameless = true, !private
	h.mu.Unlock()
	return nil
}

// isPrivate tells whether a host belongs to whoever runs us: loopback, addresses of
// private networks, names without a dot, or names that have private addresses only.
func (c *Client) isPrivate(ctx context.Context, name string) bool {
	if bare, _, err := net.SplitHostPort(name); err == nil {
		name = bare
	}
	name = strings.Trim(name, "[]")
	if addr, err := netip.ParseAddr(name); err == nil {
		return isPrivateAddr(addr)
	}
	if !strings.Contains(name, ".") || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, maxLookup)
	defer cancel()
	addrs, err := c.resolver().LookupNetIP(ctx, "ip", name)
	return err == nil && len(addrs) > 0 && !slices.ContainsFunc(addrs, func(a netip.Addr) bool { return !isPrivateAddr(a) })
}

func (c *Client) resolver() Resolver {
	if c.options.Resolver != nil {
		return c.options.Resolver
	}
	return net.DefaultResolver
}

// isPrivateAddr tells whether nobody else can be at an address.
func isPrivateAddr(addr netip.Addr) bool {
	addr = addr.Unmap()
	return addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast()
}

// load takes over what was known of hosts. Each counts as asked just now.
func (c *Client) load(ctx context.Context) error {
	if c.options.Hosts == nil {
		return nil
	}
	known, err := c.options.Hosts.Hosts(ctx)
	if err != nil {
		return fmt.Errorf("load hosts: %w", err)
	}
	now := c.options.Now()
	for _, k := range known {
		if isForgotten(k, now) {
			continue
		}
		h := newHost(k.Name)
		h.ended, h.used, h.response, h.failures = now, now, k.Response, max(k.Failures, 0)
		if k.Next.After(now) {
			h.held, h.whyHeld = k.Next, whyBefore
			if last := now.Add(maxRetryAfter); last.Before(h.held) {
				h.held = last // a clock was wrong
			}
		}
		for _, file := range k.Robots {
			if scheme, _, ok := strings.Cut(file.Origin, "://"); ok {
				h.permits[scheme] = c.permitOf(file, now)
			}
		}
		c.hosts[k.Name] = h
	}
	return nil
}

// isForgotten tells whether nothing of what is known of a host counts any more.
func isForgotten(k index.Host, now time.Time) bool {
	return k.Failures == 0 && !k.Next.After(now) &&
		!slices.ContainsFunc(k.Robots, func(file index.RobotsFile) bool { return now.Sub(file.Fetched) < robotsForgotten })
}

// keep saves a host whose state has changed. A failure to do so costs politeness after a
// restart and no answer now.
func (c *Client) keep(ctx context.Context, h *host) {
	if err := c.save(context.WithoutCancel(ctx), h); err != nil {
		c.options.Logger.Warn("hosts are not kept", "host", h.name, "error", err)
	}
}

// save writes hosts to the store.
func (c *Client) save(ctx context.Context, known ...*host) error {
	if c.options.Hosts == nil || len(known) == 0 {
		return nil
	}
	c.saving.Lock()
	defer c.saving.Unlock()
	now := c.options.Now()
	list := make([]index.Host, 0, len(known))
	for _, h := range known {
		list = append(list, h.state(c.options, now))
	}
	slices.SortFunc(list, func(a, b index.Host) int { return strings.Compare(a.Name, b.Name) })
	if err := c.options.Hosts.SaveHosts(ctx, list); err != nil {
		return fmt.Errorf("save hosts: %w", err)
	}
	return nil
}

// state returns what is known of a host, as it is stored.
func (h *host) state(o Options, now time.Time) index.Host {
	h.mu.Lock()
	defer h.mu.Unlock()
	next, _ := h.due(o)
	state := index.Host{Name: h.name, Next: next.UTC(), Response: h.response, Failures: h.failures}
	for _, p := range h.permits {
		if file := p.file; file.Origin != "" && now.Sub(file.Fetched) < robotsKept {
			state.Robots = append(state.Robots, file)
		}
	}
	slices.SortFunc(state.Robots, func(a, b index.RobotsFile) int { return strings.Compare(a.Origin, b.Origin) })
	return state
}
