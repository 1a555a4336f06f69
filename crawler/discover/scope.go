package discover

import (
	"cmp"
	"html"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"agora/crawler/extract/document"
	"agora/crawler/office"
	"agora/index"
)

// maxAddress is the longest address that counts, in bytes: no office links a longer one.
const maxAddress = 2_048

// scope says which addresses are an office's, and which of them count as releases.
type scope struct {
	kind  string         // of the source
	rule  *regexp.Regexp // addresses that count; nil: by what they show
	hosts []string       // as hostOf gives them
}

func newScope(o office.Office, s office.Source) scope {
	c := scope{kind: s.Kind}
	if rule := cmp.Or(s.Match, o.Page.Match); rule != "" {
		c.rule, _ = regexp.Compile(rule) // the catalogue refuses those that don't compile
	}
	c.add(s.URL)
	c.add(o.Home)
	for _, other := range o.Sources {
		c.add(other.URL)
	}
	for _, alias := range o.Aliases {
		c.add("https://" + alias)
	}
	return c
}

// add notes that the host of an address is the office's.
func (c *scope) add(address string) {
	if host := hostOf(address); host != "" && !slices.Contains(c.hosts, host) {
		c.hosts = append(c.hosts, host)
	}
}

// hostOf returns the host of an address without "www.", with a port that isn't its
// scheme's; "" where it has none or isn't of the web.
func hostOf(address string) string {
	u, err := url.Parse(index.CanonicalURL(address))
	if err != nil || u.Scheme != "https" {
		return ""
	}
	return strings.TrimPrefix(u.Host, "www.")
}

// owns tells whether an address is on one of the office's hosts or below it.
func (c *scope) owns(address string) bool {
	host := hostOf(address)
	return host != "" && slices.ContainsFunc(c.hosts, func(own string) bool {
		return host == own || strings.HasSuffix(host, "."+own)
	})
}

// counts tells whether an address may be that of a release: by the match rule of the
// source or office, else by what it shows. The items of an interface are the site's own,
// under whatever host it knows itself by; feeds and data list nothing but pages.
func (c *scope) counts(address string) bool {
	if hostOf(address) == "" || len(address) > maxAddress {
		return false
	}
	if c.rule != nil {
		return c.matches(address)
	}
	switch c.kind {
	case office.WordPress:
		return true
	case office.Feed, office.Data:
		return c.owns(address)
	}
	return c.owns(address) && mayBePage(address, c.kind == office.Sitemap)
}

// matches tells whether an address fits the match rule, under any of the office's hosts.
func (c *scope) matches(address string) bool {
	canonical := index.CanonicalURL(address)
	if c.rule.MatchString(address) || c.rule.MatchString(canonical) || c.rule.MatchString(canonical+"/") {
		return true
	}
	u, err := url.Parse(canonical)
	if err != nil || !slices.Contains(c.hosts, strings.TrimPrefix(u.Host, "www.")) {
		return false
	}
	for _, host := range c.hosts {
		for _, twin := range []string{host, "www." + host} {
			u.Host = twin
			if s := u.String(); c.rule.MatchString(s) || c.rule.MatchString(s+"/") {
				return true
			}
		}
	}
	return false
}

var (
	fileEnding = regexp.MustCompile(`(?i)^\.(?:jpe?g|png|gif|svg|webp|ico|css|js|json|xml|rss|atom|gz|zip|mp[34]|m4[av]|mov|avi|wmv|webm|ics|vcf|csv|xlsx?|pptx?|woff2?)$`)
	feedPath   = regexp.MustCompile(`(?i)/(?:feed|rss|atom)(?:\.[a-z]+)?/?$`)
)

// mayBePage tells whether an address may lead to a page of its own: not to a home page, a
// feed, a picture or a style sheet. A document may be a release where a list gives it a
// headline; sitemaps name all that a site has.
func mayBePage(address string, noDocuments bool) bool {
	u, err := url.Parse(address)
	if err != nil || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
		return false
	}
	ending := strings.ToLower(path.Ext(u.Path))
	if noDocuments && (ending == ".pdf" || ending == ".doc" || ending == ".docx") {
		return false
	}
	return !fileEnding.MatchString(ending) && !feedPath.MatchString(u.Path) && !strings.Contains(u.RawQuery, "format=feed")
}

var markup = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)

// plainTitle returns a title without markup, with its character references read: some
// sites escape twice.
func plainTitle(s string) string {
	s = html.UnescapeString(markup.ReplaceAllString(cut(s, 4*maxTitle), " "))
	return cut(document.Clean(html.UnescapeString(markup.ReplaceAllString(s, " "))), maxTitle)
}

// cut returns the beginning of a text, whole characters of it.
func cut(s string, most int) string {
	s = strings.ToValidUTF8(s, "")
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// withParameter returns an address with a parameter set and all others as they are; a name
// that holds one already is replaced.
func withParameter(address, name, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	var kept []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		if key, _, _ := strings.Cut(pair, "="); pair != "" && key != name {
			kept = append(kept, pair)
		}
	}
	u.RawQuery = strings.Join(append(kept, name+"="+url.QueryEscape(value)), "&")
	return u.String()
}
