package fetch

import "time"

// Limits of a walk; those of one exchange are in package wire.
const (
	MaxRedirects = 10      // as browsers and Go do, roughly
	maxAddress   = 8 << 10 // bytes of a URL: no server takes longer ones
	maxShown     = 4 << 20 // bytes of a page that colly looks at, as a tree takes ten times as many; listings have a tenth
	maxValidator = 1 << 10 // bytes of an ETag that is sent back
)

// Limits of politeness.
const (
	responseFactor = 5                // pause in response times: a host that is slow gets more of it
	maxPause       = 30 * time.Second // unless the host itself asks for more
	namelessPause  = 10 * time.Second // between requests to public hosts that can't complain to anybody
	maxRetryAfter  = 24 * time.Hour   // longer ones are looked at again in a day
	firstBackOff   = 30 * time.Second // after 429 and 503, doubled each time
	maxBackOff     = time.Hour
	mildRefusals   = 2                // refusals (403) in a row that may be about single pages
	maxLookup      = 20 * time.Second // for the name of a host that may be private
	defaultMaxWait = 5 * time.Minute
)

// Limits of robots.txt.
const (
	maxRobotsRedirects = 5              // RFC 9309 §2.3.1.2
	robotsKept         = 24 * time.Hour // RFC 9309 §2.4
	firstRobotsRetry   = time.Minute    // where it could not be had, doubled each time
	maxRobotsRetry     = time.Hour
	robotsForgotten    = robotsKept + 10*time.Minute // whoever was asked by an older one was asked long ago
)

// maxHosts bounds what is remembered of hosts: 56 offices have some hundred, and a host
// may send us to as many as it likes to invent.
const maxHosts = 512
