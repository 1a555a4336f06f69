// Package robots reads robots.txt by RFC 9309: which addresses of a host a crawler may
// ask for, how long it is to wait between them, and where the host's sitemaps are.
//
// It is a pure function of bytes. It fetches nothing, and does not say what a robots.txt
// that can't be had means.
package robots

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// Limits of what is read.
const (
	MaxBytes      = 500 << 10         // RFC 9309 §2.5 asks for no less; the rest is passed over
	MaxCrawlDelay = 300 * time.Second // longer ones would be an error or a refusal in disguise
	maxSitemaps   = 1000              // more than any host has use for
)

// Rules are what a robots.txt says to one crawler. The zero value allows everything.
type Rules struct {
	CrawlDelay time.Duration // that the crawler's group asks for; 0 where it doesn't
	Sitemaps   []string      // as written, for everyone
	Named      bool          // the rules are of a group that names the crawler, not of "*"

	patterns []pattern
}

// group is a run of user agents and what is said to them.
type group struct {
	ours, all bool // it names our product, it names everyone
	begun     bool // has user agents, whoever they are
	ruled     bool // has rules: the next user agent begins another group
	delay     time.Duration
	patterns  []pattern
}

// reader collects groups, and joins those of one crawler.
type reader struct {
	product  string
	group    group
	ours     Rules // of all groups that name the product
	others   Rules // of all groups for "*"
	sitemaps []string
}

// Parse reads the rules for a crawler by its product token, the first word of its user
// agent, such as "Agora". Whatever the bytes are, they are read as far as they make sense.
func Parse(body []byte, product string) *Rules {
	r := reader{product: product}
	if len(body) >= MaxBytes { // a line that is cut would say something else
		body = body[:MaxBytes]
		body = body[:bytes.LastIndexAny(body, "\r\n")+1]
	}
	body = bytes.TrimPrefix(body, []byte("\uFEFF"))
	for len(body) > 0 {
		end := bytes.IndexAny(body, "\r\n")
		if end < 0 {
			end = len(body)
		}
		r.line(string(body[:end]))
		body = body[min(end+1, len(body)):]
	}
	r.close()
	rules := &r.others
	if r.ours.Named {
		rules = &r.ours
	}
	rules.Sitemaps = r.sitemaps
	return rules
}

// line reads a line without its end.
func (r *reader) line(line string) {
	line, _, _ = strings.Cut(line, "#")
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		// People forget the colon; what they mean is plain where two words are left.
		words := strings.Fields(line)
		if len(words) != 2 {
			return
		}
		key, value = words[0], words[1]
	}
	value = strings.Trim(value, " \t\x00")
	switch strings.ToLower(strings.Trim(key, " \t\x00")) {
	case "user-agent", "useragent", "user agent":
		r.agent(value)
	case "allow":
		r.rule(true, "Allow: ", value)
	case "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw": // as Google's parser reads them
		r.rule(false, "Disallow: ", value)
	case "crawl-delay", "crawldelay":
		if r.group.begun {
			r.group.delay = max(r.group.delay, delay(value))
		}
	case "sitemap", "site-map":
		if value != "" && len(r.sitemaps) < maxSitemaps {
			r.sitemaps = append(r.sitemaps, value)
		}
	}
}

// agent adds a user agent to the group, or begins the next group with it.
func (r *reader) agent(value string) {
	if r.group.ruled {
		r.close()
	}
	r.group.begun = true
	if value == "*" || strings.HasPrefix(value, "* ") || strings.HasPrefix(value, "*\t") {
		r.group.all = true
		return
	}
	if strings.EqualFold(token(value), r.product) {
		r.group.ours = true
	}
}

// token returns the product token that a user agent begins with (RFC 9309 §2.2.1).
func token(agent string) string {
	end := strings.IndexFunc(agent, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_'
	})
	if end < 0 || agent[end] >= '0' && agent[end] <= '9' {
		return agent // a digit goes on with the word: another product
	}
	return agent[:end]
}

// rule adds a rule to the group. One before any user agent is nobody's.
func (r *reader) rule(allow bool, key, value string) {
	r.group.ruled = true
	if !r.group.ours && !r.group.all {
		return
	}
	if p, ok := compile(value); ok {
		p.allow, p.written = allow, key+value
		r.group.patterns = append(r.group.patterns, p)
	}
}

// close ends the group and adds it to what is known of those that it names.
func (r *reader) close() {
	if r.group.ours {
		r.ours.join(r.group)
		r.ours.Named = true
	}
	if r.group.all {
		r.others.join(r.group)
	}
	r.group = group{}
}

// join adds what a group says (RFC 9309 §2.2.1: groups of one crawler are one).
func (r *Rules) join(g group) {
	r.patterns = append(r.patterns, g.patterns...)
	r.CrawlDelay = max(r.CrawlDelay, g.delay)
}

// delay reads a number of seconds; nonsense is 0.
func delay(value string) time.Duration {
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, MaxCrawlDelay.Seconds()) * float64(time.Second))
}

// Allowed tells whether the path of an address, with its query and as it would be sent,
// may be asked for, and by which rule as it is written; "" where none speaks of it.
func (r *Rules) Allowed(path string) (allowed bool, rule string) {
	if bare, _, _ := strings.Cut(path, "?"); bare == "/robots.txt" {
		return true, ""
	}
	if path == "" {
		path = "/"
	}
	path = normalise(path, new(bool))
	best := -1
	allowed = true
	for i := range r.patterns {
		p := &r.patterns[i]
		// The most octets win; among equals, what allows (RFC 9309 §2.2.2).
		if p.octets < best || p.octets == best && (allowed || !p.allow) || !p.matches(path) {
			continue
		}
		best, allowed, rule = p.octets, p.allow, p.written
	}
	return allowed, rule
}
