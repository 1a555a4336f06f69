package fetch

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
)

// Limits of cookies, so that a host can't fill our memory or make requests that no server
// takes.
const (
	maxCookies     = 50      // of a host, by name and path
	maxCookieBytes = 4 << 10 // of all that are sent at once
	maxJarHosts    = maxHosts
)

// jar keeps cookies in memory for the very host that set them. Domains that they are
// meant for are passed over, so nothing crosses hosts.
type jar struct {
	mu    sync.Mutex
	hosts map[string]*shelf
}

// shelf is what one host set.
type shelf struct {
	cookies *cookiejar.Jar
	kinds   map[string]bool
}

func newJar() *jar { return &jar{hosts: map[string]*shelf{}} }

// SetCookies keeps cookies that a host has set; a host that goes beyond the limit begins
// anew.
func (j *jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	name := strings.ToLower(u.Hostname())
	s := j.hosts[name]
	for _, cookie := range cookies {
		if len(cookie.Name)+len(cookie.Value) > maxCookieBytes || !covers(cookie.Domain, name) {
			continue
		}
		kind := cookie.Name + ";" + cookie.Path
		if s == nil || !s.kinds[kind] && len(s.kinds) >= maxCookies {
			empty, err := cookiejar.New(nil)
			if err != nil {
				return
			}
			s = &shelf{cookies: empty, kinds: map[string]bool{}}
			if len(j.hosts) >= maxJarHosts {
				clear(j.hosts)
			}
			j.hosts[name] = s
		}
		s.kinds[kind] = true
		own := *cookie
		own.Domain = ""
		s.cookies.SetCookies(u, []*http.Cookie{&own})
	}
}

// covers tells whether a host may set a cookie for a domain (RFC 6265 §5.3).
func covers(domain, host string) bool {
	domain = strings.ToLower(strings.TrimPrefix(domain, "."))
	return domain == "" || domain == host || strings.HasSuffix(host, "."+domain)
}

// Cookies returns the cookies to send to a host.
func (j *jar) Cookies(u *url.URL) []*http.Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := j.hosts[strings.ToLower(u.Hostname())]
	if s == nil {
		return nil
	}
	list := s.cookies.Cookies(u)
	size := 0
	for i, cookie := range list {
		if size += len(cookie.Name) + len(cookie.Value) + len("=; "); size > maxCookieBytes {
			return list[:i]
		}
	}
	return list
}
