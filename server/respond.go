package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"agora/index"
	"agora/server/api"
	"agora/server/pages"
	"agora/web"
)

// answerWithin bounds the work on one page or answer: longer than any honest question
// takes, short enough that a stuck one does not hold its place for long.
const answerWithin = 15 * time.Second

// parseTemplates parses every page's template together with the layout and the parts.
func parseTemplates(assets web.Assets) (map[string]*template.Template, error) {
	files, err := web.Templates()
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		return nil, err
	}
	parsed := make(map[string]*template.Template, len(names))
	for _, name := range names {
		if name == "layout.html" || name == "parts.html" {
			continue
		}
		t, err := template.New("layout.html").Funcs(template.FuncMap{"asset": assets.Path}).
			Option("missingkey=error").ParseFS(files, "layout.html", "parts.html", name)
		if err != nil {
			return nil, fmt.Errorf("parse template %s: %w", name, err)
		}
		parsed[name] = t
	}
	return parsed, nil
}

// render makes a page's HTML, whole or not at all.
func (s *site) render(p pages.Page) ([]byte, error) {
	t, ok := s.templates[p.Template()]
	if !ok {
		return nil, fmt.Errorf("render %s: no such template", p.Template())
	}
	f := p.Head()
	f.Demo, f.Program = s.Demo, strings.TrimSpace("Agora "+s.Version)
	if s.BaseURL != "" && f.Path != "" {
		f.Canonical = strings.TrimSuffix(s.BaseURL, "/") + f.Path
	}
	var b bytes.Buffer
	b.Grow(64 << 10)
	if err := t.ExecuteTemplate(&b, "layout.html", p); err != nil {
		return nil, fmt.Errorf("render %s: %w", p.Template(), err)
	}
	return b.Bytes(), nil
}

// page turns the maker of a page into a handler.
func (s *site) page(build func(r *http.Request) (pages.Page, error)) http.Handler {
	return s.answer(stylePage, func(w http.ResponseWriter, r *http.Request) error {
		p, err := build(r)
		if err != nil {
			return err
		}
		body, err := s.render(p)
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-cache")
		if m := p.Head().Modified; !m.IsZero() { // one release: it changes seldom
			w.Header().Set("Last-Modified", m.UTC().Format(http.TimeFormat))
			w.Header().Set("Cache-Control", "public, max-age=60")
		}
		sendTagged(w, r, "text/html; charset=utf-8", body, body)
		return nil
	})
}

// answerJSON turns the maker of an answer into a handler.
func answerJSON[T any](s *site, build func(r *http.Request) (T, error)) http.Handler {
	return s.answer(styleJSON, func(w http.ResponseWriter, r *http.Request) error {
		v, err := build(r)
		if err != nil {
			return err
		}
		body, err := encoded(v)
		if err != nil {
			return err
		}
		tagged := body
		if lasting, timed := withoutTime(v); timed {
			if tagged, err = encoded(lasting); err != nil {
				return err
			}
		}
		w.Header().Set("Cache-Control", "no-cache")
		sendTagged(w, r, "application/json", body, tagged)
		return nil
	})
}

// encoded writes an answer as JSON.
func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // it is served as JSON with nosniff, never inside a page
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return b.Bytes(), nil
}

// withoutTime takes out of an answer how long it took, which differs between answers that
// say the same; timed tells whether there was anything to take out.
func withoutTime(v any) (lasting any, timed bool) {
	switch answer := v.(type) {
	case index.Answer:
		answer.TookMS = 0
		return answer, true
	case api.Facets:
		answer.TookMS = 0
		return answer, true
	}
	return v, false
}

// text turns the maker of a line or two into a handler.
func (s *site) text(build func(r *http.Request) (string, error)) http.Handler {
	return s.answer(styleText, func(w http.ResponseWriter, r *http.Request) error {
		body, err := build(r)
		if err != nil {
			return err
		}
		send(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte(body))
		return nil
	})
}

// answer bounds the time of a handler and passes its error to the one place for errors.
func (s *site) answer(as style, h func(w http.ResponseWriter, r *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
		defer cancel()
		if err := h(w, r.WithContext(ctx)); err != nil {
			s.fail(w, r, as, err)
		}
	})
}

// stream turns an export into a handler. It may run for long; what fails after the first
// byte breaks the connection, so that nobody takes a part for the whole.
func (s *site) stream(export func(w http.ResponseWriter, r *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leave, err := s.exports.enter(clientOf(r))
		if err != nil {
			s.fail(w, r, styleJSON, err)
			return
		}
		defer leave()
		err = export(w, r)
		switch {
		case err == nil:
		case api.Begun(err):
			s.Logger.ErrorContext(r.Context(), "export broken off", "path", r.URL.Path, "error", err)
			panic(http.ErrAbortHandler)
		default:
			s.fail(w, r, styleJSON, err)
		}
	})
}

// sendTagged sends a body, or word that the reader has it already. The tag is a digest of
// tagged, which is what matters in the body; it is weak because of that, and because the
// body may be compressed on its way.
func sendTagged(w http.ResponseWriter, r *http.Request, mediaType string, body, tagged []byte) {
	sum := sha256.Sum256(tagged)
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	w.Header().Set("ETag", tag)
	if matchesTag(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	send(w, r, http.StatusOK, mediaType, body)
}

// matchesTag compares weakly (RFC 9110 §13.1.2). If-Modified-Since alone is not honoured:
// a better reading changes a page without a time of its own.
func matchesTag(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(tag, "W/") {
			return candidate != ""
		}
	}
	return false
}

// send writes a complete answer.
func send(w http.ResponseWriter, r *http.Request, status int, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who has gone needs no answer
	}
}
