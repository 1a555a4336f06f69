package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agora/crawler/fetch"
	"agora/index"
)

// get asks for an address and returns the outcome: a status, or a stored code.
func get(t *testing.T, c *fetch.Client, address string) string {
	t.Helper()
	a, err := c.Get(t.Context(), fetch.Request{URL: address})
	return outcome(t, a, err)
}

func outcome(t *testing.T, a fetch.Answer, err error) string {
	t.Helper()
	var failed *fetch.Error
	switch {
	case err == nil:
		return fmt.Sprint(a.Status)
	case errors.As(err, &failed):
		return failed.Outcome
	}
	t.Errorf("fetch: %v", err)
	return ""
}

// TestGuests runs a pass over 56 hosts with a clock that jumps to whatever is waited for:
// none is asked too early, for what it closed, or under two names, and all are done when
// the slowest is.
func TestGuests(t *testing.T) {
	const pages = 12
	pass := func(t *testing.T, count int) (w *web, took time.Duration) {
		w = &web{t: t, sites: map[string]http.HandlerFunc{}, takes: map[string]time.Duration{}}
		for i := range count {
			host := fmt.Sprintf("ag%02d.example", i)
			robots := "User-agent: *\nDisallow: /private\n"
			if i == 0 {
				robots += "Crawl-delay: 20\n"
			}
			w.sites[host] = robotsAnd(robots, func(rw http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/news/3" {
					http.Redirect(rw, r, "/moved", http.StatusMovedPermanently)
				}
			})
			w.takes[host] = time.Duration(i) * 20 * time.Millisecond
		}
		c := client(t, fetch.Options{Version: "1.2", Contact: contact, MinDelay: 3 * time.Second, Network: w})
		begun := time.Now()
		var wait sync.WaitGroup
		for host := range w.sites {
			for worker := range 3 {
				wait.Go(func() {
					for page := worker; page < pages; page += 3 {
						if got := get(t, c, fmt.Sprintf("https://%s/news/%d", host, page)); got != "200" {
							t.Errorf("%s: %s", host, got)
						}
						if got := get(t, c, fmt.Sprintf("https://%s/private/%d", host, page)); got != index.OutcomeRobots {
							t.Errorf("%s: %s", host, got)
						}
					}
				})
			}
		}
		wait.Wait()
		return w, time.Since(begun)
	}
	var alone, together time.Duration
	synctest.Test(t, func(t *testing.T) { _, alone = pass(t, 1) })
	synctest.Test(t, func(t *testing.T) {
		var w *web
		w, together = pass(t, 56)
		for i := range 56 {
			pause := max(3*time.Second, 5*time.Duration(i)*20*time.Millisecond)
			if i == 0 {
				pause = 20 * time.Second
			}
			host := fmt.Sprintf("ag%02d.example", i)
			w.judge(host, pause, "Agora/1.2 (+"+contact+")", "/private")
			if n := len(w.of(host)); n != 1+pages+1 {
				t.Errorf("%s was asked %d times", host, n)
			}
		}
		t.Logf("%d requests to 56 hosts: slowest alone %v, all together %v", len(w.log), alone, together)
	})
	if together > alone+time.Second {
		t.Errorf("56 hosts took %v, the slowest alone %v", together, alone)
	}
}

// TestPause is about how long a host is left alone after an exchange.
func TestPause(t *testing.T) {
	for name, tt := range map[string]struct {
		options fetch.Options
		robots  string
		takes   time.Duration
		host    string
		want    time.Duration
	}{
		"shortest":                    {fetch.Options{MinDelay: 3 * time.Second}, "", 100 * time.Millisecond, "", 3 * time.Second},
		"five response times":         {fetch.Options{MinDelay: 3 * time.Second}, "", 2 * time.Second, "", 10 * time.Second},
		"at most half a minute":       {fetch.Options{MinDelay: 3 * time.Second}, "", 20 * time.Second, "", 30 * time.Second},
		"longer where we want it":     {fetch.Options{MinDelay: 40 * time.Second}, "", 20 * time.Second, "", 40 * time.Second},
		"longest that we want":        {fetch.Options{MinDelay: time.Hour}, "", 0, "", time.Hour},
		"as the host asks":            {fetch.Options{MinDelay: 3 * time.Second}, "Crawl-delay: 12.5", 0, "", 12500 * time.Millisecond},
		"as the host asks, at most":   {fetch.Options{MinDelay: 3 * time.Second}, "Crawl-delay: 3000", 0, "", 300 * time.Second},
		"less than ours":              {fetch.Options{MinDelay: 3 * time.Second}, "Crawl-delay: 1", 0, "", 3 * time.Second},
		"none":                        {fetch.Options{}, "", 20 * time.Second, "", 0},
		"none, but for the host":      {fetch.Options{}, "Crawl-delay: 4", 0, "", 4 * time.Second},
		"no contact":                  {fetch.Options{Contact: "-"}, "", 0, "", 10 * time.Second},
		"no contact, slow host":       {fetch.Options{Contact: "-", MinDelay: 3 * time.Second}, "", 3 * time.Second, "", 15 * time.Second},
		"no contact, loopback":        {fetch.Options{Contact: "-", MinDelay: time.Second}, "", 0, "127.0.0.1:8081", time.Second},
		"no contact, IPv6 loopback":   {fetch.Options{Contact: "-", MinDelay: time.Second}, "", 0, "[::1]", time.Second},
		"no contact, private network": {fetch.Options{Contact: "-", MinDelay: time.Second}, "", 0, "192.168.1.7", time.Second},
		"no contact, localhost":       {fetch.Options{Contact: "-", MinDelay: time.Second}, "", 0, "localhost:8081", time.Second},
		"no contact, intranet name":   {fetch.Options{Contact: "-", MinDelay: time.Second}, "", 0, "wiki", time.Second},
		"no contact, private name":    {fetch.Options{Contact: "-", MinDelay: time.Second}, "", 0, "private.example", time.Second},
		"no contact, mixed name":      {fetch.Options{Contact: "-", MinDelay: time.Second}, "", 0, "mixed.example", 10 * time.Second},
		"no contact, public address":  {fetch.Options{Contact: "-", MinDelay: time.Second}, "", 0, "8.8.8.8", 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := tt.host
				if host == "" {
					host = "ag.example"
				}
				w := &web{t: t, sites: map[string]http.HandlerFunc{host: robotsAnd("User-agent: *\n"+tt.robots, nil)}, takes: map[string]time.Duration{host: tt.takes}}
				o := tt.options
				o.Network, o.Resolver = w, names{}
				switch o.Contact {
				case "":
					o.Contact = contact
				case "-":
					o.Contact = ""
				}
				c := client(t, o)
				for i := range 3 {
					if got := get(t, c, fmt.Sprintf("http://%s/%d", host, i)); got != "200" {
						t.Errorf("answered %s", got)
					}
				}
				var last time.Time
				for i, e := range w.of(host) {
					if gap := e.begun.Sub(last); i > 0 && gap != tt.want {
						t.Errorf("%s after %v, want %v", e.path, gap, tt.want)
					}
					last = e.ended
				}
			})
		})
	}
}

// names knows a name with private addresses, and one that has both kinds.
type names struct{}

func (names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	switch host {
	case "private.example":
		return []netip.Addr{netip.MustParseAddr("10.1.2.3"), netip.MustParseAddr("fd00::1")}, nil
	case "mixed.example":
		return []netip.Addr{netip.MustParseAddr("10.1.2.3"), netip.MustParseAddr("2001:500::1")}, nil
	}
	return nil, errors.New("not known")
}

// TestRefusals is about what follows 403, 429, 503 and Retry-After: how long each request
// to the same host came after the one before it, or what came instead.
func TestRefusals(t *testing.T) {
	type answer struct {
		status     int
		retryAfter string
	}
	soon := time.Date(2000, 1, 1, 0, 2, 0, 0, time.UTC) // clocks of tests begin at midnight
	for name, tt := range map[string]struct {
		answers []answer
		want    string // pauses in seconds before the second request and on, or the outcome
	}{
		"too many":                      {[]answer{{429, ""}, {429, ""}, {429, ""}, {200, ""}, {200, ""}}, "30 60 120 3"},
		"unavailable":                   {[]answer{{503, ""}, {503, ""}, {200, ""}, {503, ""}, {200, ""}}, "30 60 3 30"},
		"forbidden":                     {[]answer{{403, ""}, {403, ""}, {403, ""}, {403, ""}, {200, ""}}, "3 3 30 60"},
		"forbidden here and there":      {[]answer{{403, ""}, {403, ""}, {404, ""}, {403, ""}, {403, ""}, {200, ""}}, "3 3 3 3 3"},
		"failures say nothing":          {[]answer{{429, ""}, {500, ""}, {429, ""}, {200, ""}}, "30 3 60"},
		"longer than a pass waits":      {[]answer{{429, ""}, {429, ""}, {429, ""}, {429, ""}, {429, ""}, {200, ""}}, "30 60 120 240 later"},
		"seconds":                       {[]answer{{429, "7"}, {503, "100"}, {200, ""}}, "7 100"},
		"seconds, shorter than a pause": {[]answer{{429, "1"}, {200, ""}}, "3"},
		"at once":                       {[]answer{{429, "0"}, {200, ""}}, "3"},
		"a date":                        {[]answer{{503, soon.Format(http.TimeFormat)}, {200, ""}}, "117"},
		"a date that is over":           {[]answer{{503, soon.Add(-time.Hour).Format(http.TimeFormat)}, {200, ""}}, "3"},
		"a day":                         {[]answer{{503, "86400"}, {200, ""}}, "later"},
		"for ever":                      {[]answer{{503, "99999999999999999999"}, {200, ""}}, "later"},
		"nonsense":                      {[]answer{{503, "soon"}, {200, ""}}, "30"},
		"of an answer that has no use":  {[]answer{{200, "100"}, {404, "100"}, {200, ""}}, "3 3"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				left := tt.answers
				w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": robotsAnd("", func(rw http.ResponseWriter, _ *http.Request) {
					if left[0].retryAfter != "" {
						rw.Header().Set("Retry-After", left[0].retryAfter)
					}
					rw.WriteHeader(left[0].status)
					left = left[1:]
				})}}
				c := client(t, fetch.Options{Contact: contact, MinDelay: 3 * time.Second, Network: w})
				var got []string
				var last time.Time
				for i, a := range tt.answers {
					answer, err := c.Get(t.Context(), fetch.Request{URL: "http://ag.example/" + fmt.Sprint(i)})
					if o := outcome(t, answer, err); o != fmt.Sprint(a.status) {
						got = append(got, o)
						var failed *fetch.Error
						if errors.As(err, &failed) && !failed.Until.After(time.Now()) {
							t.Errorf("later than %v, which is over", failed.Until)
						}
						break
					}
					log := w.of("ag.example")
					if e := log[len(log)-1]; i > 0 {
						got = append(got, fmt.Sprint(e.begun.Sub(last).Seconds()))
					}
					last = time.Now()
				}
				if strings.Join(got, " ") != tt.want {
					t.Errorf("%v, want %s", got, tt.want)
				}
			})
		})
	}
}

// A redirect may ask to wait before it is followed, also to another host.
func TestRedirectsAskToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{t: t, sites: map[string]http.HandlerFunc{
			"ag.example": robotsAnd("", func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Retry-After", "50")
				http.Redirect(rw, r, "http://www.ag.example/new", http.StatusFound)
			}),
			"www.ag.example": robotsAnd("", nil),
		}}
		c := client(t, fetch.Options{Contact: contact, MinDelay: 3 * time.Second, Network: w})
		if got := get(t, c, "http://ag.example/old"); got != "200" {
			t.Errorf("answered %s", got)
		}
		last := w.of("www.ag.example")[1]
		if gap := last.begun.Sub(w.of("ag.example")[1].ended); gap < 50*time.Second {
			t.Errorf("followed after %v", gap)
		}
	})
}

// Who waits stops at once when told to, and leaves the turn to the next.
func TestWaitingEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": robotsAnd("User-agent: *\nCrawl-delay: 100", nil)}}
		c := client(t, fetch.Options{Contact: contact, Network: w})
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		for range 3 {
			wait.Go(func() {
				if _, err := c.Get(ctx, fetch.Request{URL: "http://ag.example/a"}); !errors.Is(err, context.Canceled) {
					t.Errorf("ended with %v", err)
				}
			})
		}
		synctest.Wait()
		why, until := c.Waiting("http://ag.example/a")
		if why != "pause that robots.txt asks for" || time.Until(until) != 100*time.Second {
			t.Errorf("waits for %q until %v", why, until)
		}
		begun := time.Now()
		cancel()
		wait.Wait()
		if time.Since(begun) != 0 {
			t.Errorf("ended after %v", time.Since(begun))
		}
		if why, _ := c.Waiting("ag.example"); why != "" {
			t.Errorf("still waits for %q", why)
		}
		if got := get(t, c, "http://ag.example/b"); got != "200" {
			t.Errorf("answered %s", got)
		}
	})
}

// The clock is the one that is given, and nobody sleeps behind its back.
func TestClockIsGiven(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 600_700_800, time.UTC)
	var waits []string
	w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": robotsAnd("", nil)}}
	c := client(t, fetch.Options{Contact: contact, MinDelay: 3 * time.Second, Network: w,
		Now: func() time.Time { return now },
		Wait: func(_ context.Context, d time.Duration) error {
			waits = append(waits, d.String())
			now = now.Add(d)
			return nil
		},
	})
	for range 2 {
		a, err := c.Get(t.Context(), fetch.Request{URL: "http://ag.example/a"})
		if err != nil || !a.Captured.Equal(now.Truncate(time.Millisecond)) {
			t.Errorf("captured %v, %v", a.Captured, err)
		}
	}
	if got := strings.Join(waits, " "); got != "3s 3s" {
		t.Errorf("waited %s", got)
	}
}

// What was known of a host is forgotten when nothing of it counts any more, so that what
// is loaded does not grow with the years; a network that was away is tried again at once.
func TestOldHostsAreForgotten(t *testing.T) {
	now := time.Now()
	store := &memory{hosts: map[string]index.Host{}}
	for name, h := range map[string]index.Host{
		"old.example":     {Robots: []index.RobotsFile{{Origin: "http://old.example", Fetched: now.Add(-48 * time.Hour), Outcome: "ok", Status: 200}}},
		"bare.example":    {},
		"fresh.example":   {Robots: []index.RobotsFile{{Origin: "http://fresh.example", Fetched: now.Add(-time.Hour), Outcome: "ok", Status: 200, Body: []byte("User-agent: *\nDisallow: /")}}},
		"closed.example":  {Robots: []index.RobotsFile{{Origin: "http://closed.example", Fetched: now, Outcome: "503", Status: 503}}},
		"away.example":    {Robots: []index.RobotsFile{{Origin: "http://away.example", Fetched: now, Outcome: "network"}}},
		"refused.example": {Failures: 3},
		"later.example":   {Next: now.Add(time.Hour)},
		"future.example":  {Next: now.AddDate(20, 0, 0)},
	} {
		h.Name = name
		store.hosts[name] = h
	}
	c := client(t, fetch.Options{Contact: contact, Network: everywhere{robotsAnd("", nil)}, Hosts: store})
	if n := c.Known(); n != 6 {
		t.Errorf("%d hosts are known", n)
	}
	for name, want := range map[string]string{
		"old.example": "200", "bare.example": "200", "fresh.example": "robots", "closed.example": "no-robots",
		"away.example": "200", "refused.example": "200", "later.example": "later", "future.example": "later",
	} {
		a, err := c.Get(t.Context(), fetch.Request{URL: "http://" + name + "/"})
		if got := outcome(t, a, err); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		var failed *fetch.Error
		if name == "future.example" && errors.As(err, &failed) && failed.Until.After(now.Add(25*time.Hour)) {
			t.Errorf("not before %v", failed.Until)
		}
	}
}

// http and https, with their ports or without, are one host; other ports are another.
func TestOneHostOfTwoSchemes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": robotsAnd("", nil), "ag.example:8080": robotsAnd("", nil)}}
		c := client(t, fetch.Options{Contact: contact, MinDelay: 3 * time.Second, Network: w})
		for _, address := range []string{"http://ag.example/a", "https://ag.example/b", "https://AG.example:443/c", "HTTP://ag.example.:80/d"} {
			if got := get(t, c, address); got != "200" {
				t.Errorf("%s: %s", address, got)
			}
		}
		w.judge("ag.example", 3*time.Second, "Agora (+"+contact+")")
		if n := len(w.of("ag.example")); n != 6 { // robots.txt is asked of each scheme
			t.Errorf("asked %d times", n)
		}
		before := time.Now()
		if got := get(t, c, "http://ag.example:8080/"); got != "200" || time.Since(before) != 3*time.Second {
			t.Errorf("another port: %s after %v", got, time.Since(before))
		}
	})
}

// TestRestart kills a client and starts another on what is stored: pauses, refusals and
// robots.txt still count.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &memory{}
		status := http.StatusOK
		w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": robotsAnd("User-agent: *\nDisallow: /x\nCrawl-delay: 5", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(status) })}}
		options := fetch.Options{Product: "Agora", Contact: contact, MinDelay: 3 * time.Second, Network: w, Hosts: store}
		start := func() *fetch.Client {
			c, err := fetch.New(options)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		c := start()
		for i := range 10 {
			get(t, c, fmt.Sprintf("http://ag.example/%d", i))
		}
		if store.saves != 1 { // robots.txt
			t.Errorf("%d saves for 10 pages", store.saves)
		}
		c = start() // the first was killed
		if got := get(t, c, "http://ag.example/x"); got != index.OutcomeRobots {
			t.Errorf("closed page: %s", got)
		}
		status = http.StatusTooManyRequests
		get(t, c, "http://ag.example/a")
		get(t, c, "http://ag.example/b")
		get(t, c, "http://ag.example/c") // three in a row: two minutes
		c = start()
		before := time.Now()
		status = http.StatusOK
		if got := get(t, c, "http://ag.example/d"); got != "200" || time.Since(before) != 120*time.Second {
			t.Errorf("after refusals: %s after %v", got, time.Since(before))
		}
		w.judge("ag.example", 5*time.Second, "Agora (+"+contact+")", "/x")
		if n := strings.Count(strings.Join(w.asked("ag.example"), " "), "robots"); n != 1 {
			t.Errorf("robots.txt was asked for %d times", n)
		}
		if h := store.hosts["ag.example"]; h.Failures != 0 {
			t.Errorf("%d failures after success", h.Failures)
		}

		// Without pauses nothing is waited for after a restart, but for what hosts ask.
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if next := store.hosts["ag.example"].Next; time.Until(next) != 5*time.Second {
			t.Errorf("next request in %v", time.Until(next))
		}
		time.Sleep(time.Hour)
		options.MinDelay = 0
		before = time.Now()
		get(t, start(), "http://ag.example/e")
		if time.Since(before) != 5*time.Second {
			t.Errorf("asked after %v", time.Since(before))
		}
		time.Sleep(22*time.Hour + 58*time.Minute)
		w.sites["ag.example"] = robotsAnd("", nil)
		before = time.Now()
		get(t, start(), "http://ag.example/f")
		if time.Since(before) != 5*time.Second { // the old robots.txt counts until the new one is there
			t.Errorf("asked after %v", time.Since(before))
		}
		before = time.Now()
		get(t, start(), "http://ag.example/g")
		if time.Since(before) != 0 {
			t.Errorf("asked after %v", time.Since(before))
		}
	})
}

// A host may send us to as many others as it likes; we don't remember them all.
func TestHostsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		many := everywhere{robotsAnd("", nil)}
		c := client(t, fetch.Options{Contact: contact, Network: many})
		for i := range 3 * fetch.MaxHosts {
			if got := get(t, c, fmt.Sprintf("http://h%d.example/", i)); got != "200" {
				t.Fatal(got)
			}
		}
		if n := c.Known(); n > fetch.MaxHosts {
			t.Errorf("remembers %d hosts", n)
		}
	})
}
