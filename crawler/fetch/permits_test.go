package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agora/crawler/fetch"
	"agora/index"
)

// TestRobotsAnswers is about what the answer to robots.txt means (RFC 9309 §2.3.1).
func TestRobotsAnswers(t *testing.T) {
	const closed = "User-agent: agora\nDisallow: /\n"
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			fmt.Fprint(w, closed) // only counts where there is success
		}
	}
	for name, tt := range map[string]struct {
		robots http.HandlerFunc // of the host, for whatever but a page
		want   string           // of a page
		cause  string
	}{
		"closed":            {status(200), index.OutcomeRobots, ""},
		"success of a sort": {status(203), index.OutcomeRobots, ""},
		"no content":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, "200", ""},
		"empty":             {func(w http.ResponseWriter, _ *http.Request) {}, "200", ""},
		"not found":         {status(404), "200", ""},
		"gone":              {status(410), "200", ""},
		"not authorised":    {status(401), "200", ""},
		"forbidden":         {status(403), "200", ""},
		"a teapot":          {status(418), "200", ""},
		"too many":          {status(429), index.OutcomeNoRobots, "429"},
		"broken":            {status(500), index.OutcomeNoRobots, "500"},
		"not there now":     {status(503), index.OutcomeNoRobots, "503"},
		"own invention":     {status(599), index.OutcomeNoRobots, "599"},
		"five redirects":    {redirects(5, closed), index.OutcomeRobots, ""},
		"six redirects":     {redirects(6, closed), "200", ""},
		"in a circle":       {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, "200", ""},
		"to nowhere": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "%zz")
			w.WriteHeader(http.StatusMovedPermanently)
		}, "200", ""},
		"to a mail address": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "mailto:a@b.example")
			w.WriteHeader(http.StatusMovedPermanently)
		}, "200", ""},
		"to another host": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://other.example/robots.txt", http.StatusMovedPermanently)
		}, index.OutcomeRobots, ""},
		"to a host that is not there": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://none.example/", http.StatusMovedPermanently)
		}, index.OutcomeNoRobots, "network"},
		"packed": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			send(w, pack(t, "gzip", []byte(closed)))
		}, index.OutcomeRobots, ""},
		"packed in no known way": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "zip")
			fmt.Fprint(w, closed)
		}, index.OutcomeNoRobots, "coding"},
		"very long": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, closed, strings.Repeat("# nothing\n", 1<<20))
		}, index.OutcomeRobots, ""},
		"a page": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html><body>Disallow: /</body>") }, "200", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &web{t: t, sites: map[string]http.HandlerFunc{
					"ag.example": func(rw http.ResponseWriter, r *http.Request) {
						if r.URL.Path != "/news/1" {
							tt.robots(rw, r)
						}
					},
					"other.example": robotsAnd(closed, nil),
				}}
				c := client(t, fetch.Options{Contact: contact, MinDelay: time.Second, Network: w})
				a, err := c.Get(t.Context(), fetch.Request{URL: "http://ag.example/news/1"})
				if got := outcome(t, a, err); got != tt.want {
					t.Errorf("%s, want %s", got, tt.want)
				}
				if asked := strings.Join(w.asked("ag.example"), " "); tt.want != "200" && strings.Contains(asked, "/news/1") {
					t.Error("the page was asked for")
				}
				var failed *fetch.Error
				if tt.cause != "" && (!errors.As(err, &failed) || failed.Cause != tt.cause || !failed.Until.After(time.Now())) {
					t.Errorf("failed with %+v", failed)
				}
				v, err := c.Robots(t.Context(), "http://ag.example/news/1")
				if err != nil || v.Known != (tt.cause == "") || v.Allowed != (tt.want == "200") || v.Outcome != tt.cause {
					t.Errorf("verdict %+v, %v", v, err)
				}
				w.judge("ag.example", time.Second, "Agora (+"+contact+")")
			})
		})
	}
}

// redirects leads on n times before it answers.
func redirects(n int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if n == 0 {
			fmt.Fprint(w, body)
			return
		}
		n--
		http.Redirect(w, r, fmt.Sprintf("/robots/%d", n), http.StatusFound)
	}
}

// What can't be had is tried again: after a minute, then less and less often, at most
// hourly, or when the host says so. What was had is kept for a day.
func TestRobotsAreAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		status, wait := http.StatusInternalServerError, ""
		w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				if wait != "" {
					rw.Header().Set("Retry-After", wait)
				}
				rw.WriteHeader(status)
			}
		}}}
		c := client(t, fetch.Options{Contact: contact, Network: w})
		ask := func() string { return get(t, c, "http://ag.example/news/1") }
		for _, minutes := range []int{1, 2, 4, 8, 16, 32, 60, 60} {
			before := len(w.of("ag.example"))
			if got := ask(); got != index.OutcomeNoRobots {
				t.Errorf("answered %s", got)
			}
			time.Sleep(time.Duration(minutes)*time.Minute - time.Millisecond)
			ask()
			if n := len(w.of("ag.example")) - before; n != 1 {
				t.Errorf("asked %d times within %d minutes", n, minutes)
			}
			time.Sleep(time.Millisecond)
		}
		status, wait = http.StatusServiceUnavailable, "7200"
		ask()
		status, wait = http.StatusOK, ""
		time.Sleep(2*time.Hour - time.Second)
		if got := ask(); got != index.OutcomeNoRobots {
			t.Errorf("answered %s", got)
		}
		time.Sleep(time.Second)
		if got := ask(); got != "200" {
			t.Errorf("answered %s", got)
		}
		before := len(w.of("ag.example"))
		time.Sleep(24*time.Hour - time.Second)
		ask()
		status = http.StatusInternalServerError
		time.Sleep(time.Second)
		if got := ask(); got != index.OutcomeNoRobots { // the old one is too old
			t.Errorf("answered %s", got)
		}
		if got := w.asked("ag.example")[before:]; len(got) != 2 || got[0] != "/news/1" || got[1] != "/robots.txt" {
			t.Errorf("asked for %v", got)
		}
	})
}

// Many that want a page of a host at once ask for its robots.txt once, and its answers go
// to whoever keeps them.
func TestRobotsAreAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.Redirect(rw, r, "/robots", http.StatusMovedPermanently)
			}
		}}, takes: map[string]time.Duration{"ag.example": time.Second}}
		var mu sync.Mutex
		var kept []string
		c := client(t, fetch.Options{Contact: contact, Network: w, OnRobots: func(x fetch.Exchange) {
			mu.Lock()
			defer mu.Unlock()
			kept = append(kept, fmt.Sprint(x.URL, " ", x.Status))
			if !bytes.HasPrefix(x.Request, []byte("GET /robots")) || !bytes.HasPrefix(x.Response, []byte("HTTP/1.1 ")) {
				t.Errorf("exchange %q %q", x.Request, x.Response)
			}
		}})
		impatient, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if _, err := c.Get(impatient, fetch.Request{URL: "http://ag.example/x"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended with %v", err)
		}
		var wait sync.WaitGroup
		for i := range 10 {
			wait.Go(func() {
				a, err := c.Get(t.Context(), fetch.Request{URL: fmt.Sprintf("http://ag.example/%d", i)})
				if err != nil || len(a.Hops) != 1 {
					t.Errorf("%d hops, %v", len(a.Hops), err)
				}
			})
		}
		wait.Wait()
		if got := strings.Join(kept, ", "); got != "http://ag.example/robots.txt 301, http://ag.example/robots 200" {
			t.Error(got)
		}
		if n := len(w.of("ag.example")); n != 12 { // who left did not wait for an answer
			t.Errorf("asked %d times", n)
		}
	})
}

// Each hop of a redirect obeys the host that it is on.
func TestRedirectsObeyRobots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{t: t, sites: map[string]http.HandlerFunc{
			"ag.example": robotsAnd("User-agent: *\nDisallow: /closed", func(rw http.ResponseWriter, r *http.Request) {
				http.Redirect(rw, r, r.URL.Query().Get("to"), http.StatusFound)
			}),
			"closed.example": robotsAnd("User-agent: *\nDisallow: /", nil),
			"broken.example": func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusInternalServerError) },
		}}
		c := client(t, fetch.Options{Contact: contact, Network: w})
		for to, want := range map[string]string{
			"/closed/page":            index.OutcomeRobots,
			"http://closed.example/a": index.OutcomeRobots,
			"http://broken.example/a": index.OutcomeNoRobots,
		} {
			a, err := c.Get(t.Context(), fetch.Request{URL: "http://ag.example/?to=" + to})
			var failed *fetch.Error
			if got := outcome(t, a, err); got != want || !errors.As(err, &failed) || len(failed.Hops) != 1 || failed.Hops[0].Status != 302 {
				t.Errorf("%s: %s, %+v", to, got, failed)
			}
		}
		w.judge("ag.example", 0, "Agora (+"+contact+")", "/closed")
		w.judge("closed.example", 0, "Agora (+"+contact+")", "/a")
		w.judge("broken.example", 0, "Agora (+"+contact+")", "/a")
	})
}

// A verdict says what a dry run shows.
func TestVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{t: t, sites: map[string]http.HandlerFunc{"ag.example": robotsAnd("User-agent: Agora/9\nDisallow: /a\nCrawl-delay: 7\nSitemap: /s.xml", nil)}}
		c := client(t, fetch.Options{Contact: contact, Network: w})
		v, err := c.Robots(t.Context(), "http://ag.example/a/b")
		if err != nil || v.String() != "disallowed" || v.Rule != "Disallow: /a" || v.CrawlDelay != 7*time.Second || v.Sitemaps[0] != "/s.xml" || v.Status != 200 {
			t.Errorf("%+v, %v", v, err)
		}
		if v, err = c.Robots(t.Context(), "http://ag.example/b"); err != nil || v.String() != "allowed" || v.Rule != "" {
			t.Errorf("%+v, %v", v, err)
		}
		if v, err = c.Robots(t.Context(), "http://none.example/b"); err != nil || v.String() != "unknown" || v.Outcome != "network" || !strings.Contains(v.Reason, "no site") || v.Until.IsZero() {
			t.Errorf("%+v, %v", v, err)
		}
		if _, err = c.Robots(t.Context(), "ftp://ag.example/"); err == nil {
			t.Error("ftp is asked")
		}
		if n := len(w.of("ag.example")); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}
