package index

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
)

// TextAddress marks the identity of a release that has no address on the web: the
// prefix is followed by the fingerprint of its title and text.
const TextAddress = "text:"

// trackingParameters are added to links by campaigns and say nothing about the page.
var trackingParameters = []string{"fbclid", "gclid", "mc_cid", "mc_eid", "igshid"}

// sessionParameters name a visitor's session where their value is long: "sid" may be the
// number of a page as well.
var sessionParameters = []string{"sid", "phpsessid", "jsessionid", "sessionid", "session_id", "cfid", "cftoken"}

// shortestSession is how long the value of a session is at least.
const shortestSession = 16

// CanonicalURL folds the spellings of one address into one: https, host in lower case
// without a default port, no fragment, no tracking parameters, no sessions, no trailing slash, path
// escapes normalised (RFC 3986 §6.2.2). The order of parameters is kept: it can matter.
// Text that is not an absolute http(s) address comes back trimmed and otherwise as it was.
func CanonicalURL(address string) string {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return address
	}
	port := u.Port()
	host := strings.ToLower(strings.TrimRight(u.Hostname(), "."))
	if host == "" {
		return address
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	root := url.URL{Scheme: "https", Host: host}
	address = root.String() + strings.TrimRight(foldPath(u), "/")
	if query := foldQuery(u.RawQuery); query != "" {
		address += "?" + query
	}
	return address
}

// foldPath spells the escapes of a path one way. An escaped slash stays one: it is part of
// a name and separates nothing.
func foldPath(u *url.URL) string {
	raw := u.RawPath
	if raw == "" {
		raw = u.EscapedPath()
	}
	names := strings.Split(strings.ReplaceAll(raw, "%2f", "%2F"), "%2F")
	for i, name := range names {
		if plain, err := url.PathUnescape(name); err == nil {
			names[i] = (&url.URL{Path: plain}).EscapedPath()
		}
	}
	return strings.Join(names, "%2F")
}

// foldQuery drops the tracking parameters and keeps the others as they are.
func foldQuery(raw string) string {
	if raw == "" {
		return ""
	}
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		pair = strings.TrimSpace(pair)
		name, value, _ := strings.Cut(pair, "=")
		name = strings.ToLower(name)
		if contains(sessionParameters, name) && len(value) >= shortestSession {
			continue
		}
		if pair == "" || strings.HasPrefix(name, "utm_") || contains(trackingParameters, name) {
			continue
		}
		kept = append(kept, pair)
	}
	return strings.Join(kept, "&")
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// MintID returns the id of a release of office first seen at address (canonical, or
// TextAddress with a fingerprint), with length hex digits of SHA-256. Stores call it
// once per release, with 12, and with more only where the shorter id is taken.
func MintID(office, address string, length int) string {
	sum := sha256.Sum256([]byte(office + "\n" + address))
	return strings.ToLower(office) + "-" + hex.EncodeToString(sum[:])[:length]
}

// MinIDDigits is the number of hex digits of an id that did not collide.
const MinIDDigits = 12
