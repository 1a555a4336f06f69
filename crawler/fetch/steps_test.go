package fetch_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gocolly/colly/v2"
	"github.com/google/go-cmp/cmp"

	"agora/crawler/fetch"
	"agora/index"
)

// TestRedirects is about where redirects lead.
func TestRedirects(t *testing.T) {
	to := func(location string, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(status)
		}
	}
	count := func(w http.ResponseWriter, r *http.Request) { // n more redirects
		if n, err := strconv.Atoi(r.URL.Query().Get("n")); err == nil && n > 0 {
			http.Redirect(w, r, fmt.Sprintf("/count?n=%d", n-1), http.StatusFound)
		}
	}
	pages := map[string]http.HandlerFunc{
		"/moved":    to("/page", 301),
		"/relative": to("page", 302),
		"/other":    to("//www.ag.example/page", 303),
		"/307":      to("/page", 307),
		"/308":      to("/page", 308),
		"/300":      to("/page", 300),
		"/304":      to("/page", 305),
		"/nowhere":  to("", 302),
		"/broken":   to("http://[::1/%zz", 302),
		"/mail":     to("mailto:press@ag.example", 302),
		"/file":     to("file:///etc/passwd", 302),
		"/script":   to("javascript:alert(1)", 302),
		"/circle":   to("/circle", 302),
		"/a":        to("/b", 302),
		"/b":        to("/a", 302),
		"/count":    count,
		"/long":     to("/"+strings.Repeat("x", 9000), 302),
		"/wall": func(w http.ResponseWriter, r *http.Request) { // sets a cookie first
			if _, err := r.Cookie("seen"); err != nil {
				http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
				http.Redirect(w, r, "/wall", http.StatusFound)
			}
		},
		"/cookies": func(w http.ResponseWriter, r *http.Request) { // a new one each time
			http.SetCookie(w, &http.Cookie{Name: "n", Value: fmt.Sprint(len(r.Header.Get("Cookie")))})
			http.SetCookie(w, &http.Cookie{Name: "x" + fmt.Sprint(len(r.Header.Get("Cookie"))), Value: "1"})
			http.Redirect(w, r, "/cookies", http.StatusFound)
		},
	}
	w := &web{t: t, sites: map[string]http.HandlerFunc{
		"ag.example": robotsAnd("", func(w http.ResponseWriter, r *http.Request) {
			if page := pages[r.URL.Path]; page != nil {
				page(w, r)
			}
		}),
		"www.ag.example": robotsAnd("", nil),
	}}
	for _, tt := range []struct{ path, want, ends string }{
		{"/page", "200", "http://ag.example/page"},
		{"/moved", "200", "http://ag.example/page"},
		{"/relative", "200", "http://ag.example/page"},
		{"/other", "200", "http://www.ag.example/page"},
		{"/307", "200", "http://ag.example/page"},
		{"/308", "200", "http://ag.example/page"},
		{"/300", "300", "http://ag.example/300"},
		{"/304", "305", "http://ag.example/304"},
		{"/nowhere", "302", "http://ag.example/nowhere"},
		{"/broken", "302", "http://ag.example/broken"},
		{"/mail", index.OutcomeAddress, ""},
		{"/file", index.OutcomeAddress, ""},
		{"/script", index.OutcomeAddress, ""},
		{"/long", index.OutcomeAddress, ""},
		{"/circle", index.OutcomeLoop, ""},
		{"/a", index.OutcomeLoop, ""},
		{"/count?n=10", "200", "http://ag.example/count?n=0"},
		{"/count?n=11", index.OutcomeLoop, ""},
		{"/wall", "200", "http://ag.example/wall"},
		{"/cookies", index.OutcomeLoop, ""},
	} {
		c := client(t, fetch.Options{Contact: contact, Network: w})
		a, err := c.Get(t.Context(), fetch.Request{URL: "http://ag.example" + tt.path})
		if got := outcome(t, a, err); got != tt.want || a.URL != tt.ends {
			t.Errorf("%s: %s at %q, want %s at %q", tt.path, got, a.URL, tt.want, tt.ends)
		}
		var failed *fetch.Error
		if hops := a.Hops; err == nil {
			if last := hops[len(hops)-1]; last.URL != a.URL || last.Status != a.Status || !last.Date.Equal(a.Captured) {
				t.Errorf("%s: last hop %s %d", tt.path, last.URL, last.Status)
			}
		} else if errors.As(err, &failed) && (len(failed.Hops) == 0 || len(failed.Hops) > fetch.MaxRedirects+1) {
			t.Errorf("%s: %d hops", tt.path, len(failed.Hops))
		}
	}
}

// What one host sets or is told, no other host hears of.
func TestNothingCrossesHosts(t *testing.T) {
	w := &web{t: t, sites: map[string]http.HandlerFunc{}}
	for _, host := range []string{"ag.example", "www.ag.example", "other.example"} {
		w.sites[host] = robotsAnd("", func(rw http.ResponseWriter, r *http.Request) {
			http.SetCookie(rw, &http.Cookie{Name: "own", Value: host})
			http.SetCookie(rw, &http.Cookie{Name: "wide", Value: host, Domain: "ag.example"})
			http.SetCookie(rw, &http.Cookie{Name: "safe", Value: host, Secure: true})
			if to := r.URL.Query().Get("to"); to != "" {
				http.Redirect(rw, r, to, http.StatusFound)
			}
		})
	}
	c := client(t, fetch.Options{Contact: contact, Network: w})
	for _, address := range []string{
		"http://user:secret@ag.example/?to=http://joe:pw@www.ag.example/a",
		"http://www.ag.example/?to=http://other.example/b",
		"https://ag.example/c",
		"http://ag.example/d",
	} {
		if _, err := c.Get(t.Context(), fetch.Request{URL: address, ETag: `"1"`}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, host := range []string{"ag.example", "www.ag.example", "other.example"} {
		for _, e := range w.of(host) {
			for name := range e.header {
				if !slices.Contains([]string{"User-Agent", "Accept", "Accept-Encoding", "Cookie", "If-None-Match"}, name) {
					t.Errorf("%s%s: %s was sent", host, e.path, name)
				}
			}
			if e.path != "/robots.txt" {
				got = append(got, strings.TrimSpace(fmt.Sprint(host, e.path, " ", e.header.Get("Cookie"), " ", e.header.Get("If-None-Match"))))
			} else if e.header.Get("Cookie")+e.header.Get("If-None-Match") != "" {
				t.Errorf("%s: robots.txt was asked for with %v", host, e.header)
			}
		}
	}
	want := []string{
		`ag.example/?to=http://joe:pw@www.ag.example/a  "1"`,
		`ag.example/c own=ag.example; wide=ag.example; safe=ag.example "1"`,
		`ag.example/d own=ag.example; wide=ag.example "1"`,
		`www.ag.example/a`,
		`www.ag.example/?to=http://other.example/b own=www.ag.example; wide=www.ag.example "1"`,
		`other.example/b`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A host that sets cookies without end does not fill memory or requests.
func TestCookiesAreBounded(t *testing.T) {
	n, most := 0, 0
	w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": robotsAnd("", func(rw http.ResponseWriter, r *http.Request) {
		most = max(most, len(r.Header.Get("Cookie")))
		for range 30 {
			n++
			http.SetCookie(rw, &http.Cookie{Name: fmt.Sprint("c", n), Value: strings.Repeat("x", 1000)})
		}
	})}}
	c := client(t, fetch.Options{Contact: contact, Network: w})
	for i := range 20 {
		get(t, c, fmt.Sprint("http://ag.example/", i))
	}
	if most == 0 || most > 4<<10 {
		t.Errorf("%d bytes of cookies", most)
	}
}

// Validators go back only if they can be what the server sent, and confirm what is held.
func TestConditionalRequests(t *testing.T) {
	const date = "Sun, 06 Nov 1994 08:49:37 GMT"
	for name, tt := range map[string]struct {
		request     fetch.Request
		etag, since string
		notModified bool
	}{
		"none":              {fetch.Request{}, "", "", false},
		"tag":               {fetch.Request{ETag: `"v1"`}, `"v1"`, "", true},
		"weak tag":          {fetch.Request{ETag: `W/"v1"`}, `W/"v1"`, "", false},
		"date":              {fetch.Request{LastModified: date}, "", date, false},
		"both":              {fetch.Request{ETag: `"v1"`, LastModified: date}, `"v1"`, date, true},
		"no quotes":         {fetch.Request{ETag: `v1`}, "", "", false},
		"quotes inside":     {fetch.Request{ETag: `"v"1"`}, "", "", false},
		"half a quote":      {fetch.Request{ETag: `"`}, "", "", false},
		"a smuggled line":   {fetch.Request{ETag: "\"v1\r\nX: y\""}, "", "", false},
		"a very long tag":   {fetch.Request{ETag: `"` + strings.Repeat("x", 5000) + `"`}, "", "", false},
		"no date":           {fetch.Request{LastModified: "yesterday"}, "", "", false},
		"a smuggled header": {fetch.Request{LastModified: date + "\r\nX: y"}, "", "", false},
	} {
		w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": robotsAnd("", func(rw http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == `"v1"` {
				rw.WriteHeader(http.StatusNotModified)
			}
		})}}
		tt.request.URL = "http://ag.example/page"
		a, err := client(t, fetch.Options{Contact: contact, Network: w}).Get(t.Context(), tt.request)
		if err != nil || a.NotModified() != tt.notModified || a.NotModified() && a.Body != nil {
			t.Errorf("%s: %d, %v", name, a.Status, err)
		}
		sent := w.of("ag.example")[1].header
		if sent.Get("If-None-Match") != tt.etag || sent.Get("If-Modified-Since") != tt.since {
			t.Errorf("%s: sent %v", name, sent)
		}
	}
}

// colly shows the parts of a page that were asked for, in whatever charset, and links
// against where the page came from.
func TestSelect(t *testing.T) {
	const page = `<html><body><a class="next" href="?page=2">Próxima «»</a><a href="/x">x</a></body></html>`
	latin := strings.NewReplacer("ó", "\xf3", "«", "\xab", "»", "\xbb").Replace(page)
	for name, tt := range map[string]struct {
		contentType, body string
		want              string
	}{
		"utf-8":           {"text/html; charset=utf-8", page, "Próxima «»"},
		"undeclared":      {"text/html", page, "Próxima «»"},
		"windows-1252":    {"text/html; charset=windows-1252", latin, "Próxima «»"},
		"lying":           {"text/html; charset=iso-8859-1", page, "Próxima «»"},
		"unknown charset": {"text/html; charset=klingon", latin, "Próxima «»"},
		"no content type": {"", page, "Próxima «»"},
		"no page":         {"application/pdf", page, ""},
		"too deep a page": {"text/html", strings.Repeat("<div>", 5000) + page, ""},
	} {
		w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": robotsAnd("", func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/old" {
				http.Redirect(rw, r, "/news/", http.StatusMovedPermanently)
				return
			}
			rw.Header()["Content-Type"] = nil
			if tt.contentType != "" {
				rw.Header().Set("Content-Type", tt.contentType)
			}
			fmt.Fprint(rw, tt.body)
		})}}
		var got string
		a, err := client(t, fetch.Options{Contact: contact, Network: w}).Get(t.Context(), fetch.Request{
			URL: "http://ag.example/old",
			Select: []fetch.Selection{
				{Selector: "a.next", Found: func(e *colly.HTMLElement) {
					got = e.Text
					if link := e.Request.AbsoluteURL(e.Attr("href")); link != "http://ag.example/news/?page=2" {
						t.Errorf("%s: link %s", name, link)
					}
				}},
				{Selector: "a[", Found: func(*colly.HTMLElement) { t.Error("found nonsense") }},
			},
		})
		if err != nil || string(a.Body) != tt.body || a.ContentType != tt.contentType {
			t.Errorf("%s: %q of %q, %v", name, a.Body, a.ContentType, err)
		}
		if got != tt.want && name != "too deep a page" { // that is for the parser to say
			t.Errorf("%s: %q", name, got)
		}
	}
}

// The environment changes nothing (colly reads COLLY_*).
func TestEnvironmentIsIgnored(t *testing.T) {
	for name, value := range map[string]string{
		"ALLOWED_DOMAINS": "none.example", "DISALLOWED_DOMAINS": "ag.example", "CACHE_DIR": t.TempDir(), "DETECT_CHARSET": "y",
		"DISABLE_COOKIES": "y", "FOLLOW_REDIRECTS": "n", "IGNORE_ROBOTSTXT": "y", "MAX_BODY_SIZE": "3", "MAX_DEPTH": "0",
		"MAX_REQUESTS": "1", "PARSE_HTTP_ERROR_RESPONSE": "n", "USER_AGENT": "another", "TRACE_HTTP": "y",
	} {
		t.Setenv("COLLY_"+name, value)
	}
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": robotsAnd("User-agent: *\nDisallow: /x", func(rw http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("a"); err != nil {
			http.SetCookie(rw, &http.Cookie{Name: "a", Value: "b"})
			http.Redirect(rw, r, r.URL.Path, http.StatusFound)
			return
		}
		rw.WriteHeader(http.StatusNotFound)
		fmt.Fprint(rw, "the whole of it")
	})}}
	c := client(t, fetch.Options{Contact: contact, Network: w})
	for range 3 {
		a, err := c.Get(t.Context(), fetch.Request{URL: "http://ag.example/a"})
		if err != nil || a.Status != 404 || string(a.Body) != "the whole of it" {
			t.Errorf("%d %q %v", a.Status, a.Body, err)
		}
	}
	if got := get(t, c, "http://ag.example/x"); got != index.OutcomeRobots {
		t.Error(got)
	}
	w.judge("ag.example", 0, c.Agent(), "/x")
}

// TestOutcomes sorts failures.
func TestOutcomes(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	expired := x509.NewCertPool()
	for name, tt := range map[string]struct {
		address, want string
		options       fetch.Options
	}{
		"nobody listens":        {closed.URL, "network", fetch.Options{AllowPrivate: true}},
		"untrusted":             {secure.URL, "tls", fetch.Options{AllowPrivate: true}},
		"https without TLS":     {strings.Replace(plain.URL, "http:", "https:", 1), "tls", fetch.Options{AllowPrivate: true}},
		"http with TLS":         {strings.Replace(secure.URL, "https:", "http:", 1), "200", fetch.Options{AllowPrivate: true}}, // Go answers 400 in plain words
		"private":               {plain.URL, "address", fetch.Options{}},
		"unknown name":          {"http://ag.example/", "name", fetch.Options{Network: failing{&net.DNSError{Err: "no such host", Name: "ag.example", IsNotFound: true}}}},
		"names can't be asked":  {"http://ag.example/", "network", fetch.Options{Network: failing{&net.DNSError{Err: "server misbehaving", Name: "ag.example", IsTemporary: true}}}},
		"names take too long":   {"http://ag.example/", "timeout", fetch.Options{Network: failing{&net.DNSError{Err: "i/o timeout", Name: "ag.example", IsTimeout: true}}}},
		"connecting takes long": {"http://ag.example/", "timeout", fetch.Options{Network: failing{&net.OpError{Op: "dial", Err: slowDial{}}}}},
		"anything else":         {"http://ag.example/", "network", fetch.Options{Network: failing{errors.New("broken pipe")}}},
	} {
		tt.options.Contact = contact
		c := client(t, tt.options)
		if name == "untrusted" {
			c.Trust(expired)
		}
		v, err := c.Robots(t.Context(), tt.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Outcome; got != tt.want && (tt.want != "200" || !v.Known) {
			t.Errorf("%s: %s (%s), want %s", name, got, v.Reason, tt.want)
		}
	}
}

// failing is a network that is down in one way.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

type slowDial struct{}

func (slowDial) Error() string { return "i/o timeout" }
func (slowDial) Timeout() bool { return true }

// TestAddressGuard asks for addresses that are never asked, written in all ways.
func TestAddressGuard(t *testing.T) {
	c := client(t, fetch.Options{Contact: contact})
	for _, address := range []string{
		"http://127.0.0.1/", "http://127.8.9.1:8080/", "http://[::1]/", "http://0.0.0.0/", "http://[::]/",
		"http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://[fd00::1]/", "http://[fe80::1]/",
		"http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://100.64.0.1/", "http://100.100.100.200/",
		"http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:a9fe:a9fe]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
		"http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/",
		"http://224.0.0.1/", "http://255.255.255.255/", "http://240.0.0.1/", "http://198.18.0.1/", "http://192.0.2.1/", "http://[2001:db8::1]/", "http://[ff02::1]/",
		"ftp://ag.example/", "file:///etc/passwd", "gopher://ag.example/", "javascript:alert(1)", "data:text/html,x", "/news", "ag.example", "", "http://", "http:///x", "http:ag.example", "http://[::1", "http://a b/", "http://%zz/",
		"http://ag.example/" + strings.Repeat("x", 9000), "https://\u200d.example/",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		a, err := c.Get(ctx, fetch.Request{URL: address})
		cancel()
		if got := outcome(t, a, err); got != index.OutcomeAddress {
			t.Errorf("%s: %s, %v", address, got, err)
		}
	}
}

func TestUserAgent(t *testing.T) {
	for _, tt := range []struct {
		product, version, contact, want string
	}{
		{"Agora", "1.2.3", contact, "Agora/1.2.3 (+https://agora.example/about)"},
		{"Agora", "", "", "Agora"},
		{"Agora", "v1 (x)\r\nX: y", "", "Agora/v1--x---X--y"},
		{"Agora", "1", "press@agora.example", "Agora/1 (+press@agora.example)"},
		{"", "1", "", ""},
		{"Agora 2", "1", "", ""},
		{"Agora", "1", "https://agora.example/\r\nX: y", ""},
		{"Agora", "1", "a (b)", ""},
	} {
		c, err := fetch.New(fetch.Options{Product: tt.product, Version: tt.version, Contact: tt.contact})
		if (err != nil) != (tt.want == "") || err == nil && c.Agent() != tt.want {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}
