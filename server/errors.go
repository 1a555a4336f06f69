package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"agora/index"
	"agora/server/pages"
	"agora/server/wording"
)

// style is the form in which an address answers, failures included.
type style int

const (
	stylePage style = iota
	styleJSON
	styleText
)

// styleOf tells the style of an address that no handler answers for.
func styleOf(r *http.Request) style {
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/"):
		return styleJSON
	case strings.HasPrefix(r.URL.Path, "/static/"), r.URL.Path == "/favicon.ico":
		return styleText
	}
	return stylePage
}

// What can go wrong here rather than in a store or an engine.
var (
	errMethod   = errors.New("method not allowed")
	errTooLarge = errors.New("request too large")
	errTooMany  = errors.New("too many requests")
	errBusy     = fmt.Errorf("all places for exports are taken: %w", index.ErrUnavailable)
	errPanic    = errors.New("handler panicked")
)

// failure is what a reader is told: never an internal cause.
type failure struct {
	Status     int
	Code       string // stable word for programs
	Title      string
	Detail     string
	RetryAfter time.Duration
}

// retryAfter is what those are told who come while something is busy: long enough for an
// ordinary answer to be finished.
const retryAfter = 5 * time.Second

// explain is the one table from errors to statuses and words.
func explain(err error) failure {
	var missing *pages.NotHeld
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &missing):
		return failure{Status: http.StatusNotFound, Code: "not_found", Title: "Not found", Detail: fmt.Sprintf("There is no %s %q here.", missing.What, wording.Shorten(missing.Name, 120))}
	case errors.Is(err, index.ErrNotFound):
		return failure{Status: http.StatusNotFound, Code: "not_found", Title: "Not found", Detail: "What this address names is not held in the archive."}
	case errors.Is(err, errMethod):
		return failure{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Title: "Method not allowed", Detail: "This address answers " + methods + " only."}
	case errors.Is(err, errTooLarge), errors.As(err, &tooLarge):
		return failure{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Title: "Request too large", Detail: "The request is larger than this site takes. Shorten the question or send no body."}
	case errors.Is(err, errTooMany):
		return failure{Status: http.StatusTooManyRequests, Code: "too_many_requests", Title: "Too many requests", Detail: "You already have as many exports running as one reader may. Wait until one is finished.", RetryAfter: retryAfter}
	case errors.Is(err, index.ErrCursorExpired):
		return failure{Status: http.StatusBadRequest, Code: "cursor_expired", Title: "This page of results has expired", Detail: "Results by relevance are held for some minutes. Ask again from the first page."}
	case errors.Is(err, index.ErrInvalid):
		return failure{Status: http.StatusBadRequest, Code: "invalid", Title: "This can't be read", Detail: ownWords(err, index.ErrInvalid)}
	case errors.Is(err, index.ErrUnsupported):
		return failure{Status: http.StatusBadRequest, Code: "unsupported", Title: "This can't be answered yet", Detail: ownWords(err, index.ErrUnsupported)}
	case errors.Is(err, index.ErrUnavailable), errors.Is(err, index.ErrLocked), errors.Is(err, context.DeadlineExceeded):
		return failure{Status: http.StatusServiceUnavailable, Code: "unavailable", Title: "Not available at the moment", Detail: "The archive is busy or being rebuilt. Nothing is lost; please try again in a moment.", RetryAfter: retryAfter}
	}
	return failure{Status: http.StatusInternalServerError, Code: "internal", Title: "Something went wrong here", Detail: "The fault is on this site and has been noted. Please try again later."}
}

// fail answers a request that failed; internal causes go to the log alone.
func (s *site) fail(w http.ResponseWriter, r *http.Request, as style, err error) {
	var to *pages.Moved
	if errors.As(err, &to) {
		http.Redirect(w, r, to.Path, http.StatusMovedPermanently)
		return
	}
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the reader has gone
	}
	f := explain(err)
	if f.Status >= http.StatusInternalServerError {
		s.Logger.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "query", wording.Shorten(r.URL.RawQuery, 500), "status", f.Status, "error", err)
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
	}
	w.Header().Set("Cache-Control", "no-store")
	switch as {
	case styleJSON:
		s.problem(w, r, f)
	case styleText:
		send(w, r, f.Status, "text/plain; charset=utf-8", []byte(f.Title+"\n"+f.Detail+"\n"))
	case stylePage:
		s.errorPage(w, r, f)
	}
}

// problem writes a failure as RFC 9457 says, with "code" as a member of our own.
func (s *site) problem(w http.ResponseWriter, r *http.Request, f failure) {
	body, err := json.Marshal(struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
		Code   string `json:"code"`
	}{"about:blank", http.StatusText(f.Status), f.Status, f.Detail, f.Code})
	if err != nil { // five plain members: can't happen
		http.Error(w, http.StatusText(f.Status), f.Status)
		return
	}
	send(w, r, f.Status, "application/problem+json", append(body, '\n'))
}

// errorPage writes a failure as a page; should that fail too, as plain text.
func (s *site) errorPage(w http.ResponseWriter, r *http.Request, f failure) {
	p := &pages.ErrorPage{Frame: pages.Frame{Title: f.Title, NoIndex: true}, Status: f.Status, Detail: f.Detail}
	p.Query = wording.Shorten(r.URL.Query().Get("q"), index.MaxQueryBytes)
	body, err := s.render(p)
	if err != nil {
		s.Logger.ErrorContext(r.Context(), "error page failed", "error", err)
		send(w, r, f.Status, "text/plain; charset=utf-8", []byte(f.Title+"\n"+f.Detail+"\n"))
		return
	}
	send(w, r, f.Status, "text/html; charset=utf-8", body)
}

// ownWords is what an error says beside its sentinel, which the status says already.
func ownWords(err, sentinel error) string {
	return wording.Sentence(strings.TrimSuffix(err.Error(), ": "+sentinel.Error()))
}
