package server

import (
	"net/http"
	"strings"

	"agora/index"
	"agora/server/pages"
	"agora/web"
)

// healthy says that the process answers; it asks nothing of the archive.
func (s *site) healthy(*http.Request) (string, error) { return "ok\n", nil }

// robots asks crawlers to read releases and leave searches alone, which are endless.
func (s *site) robots(*http.Request) (string, error) {
	lines := "User-agent: *\nDisallow: /api/\nDisallow: /*?\n"
	if s.Demo {
		lines = "User-agent: *\nDisallow: /\n" // nothing here is true
	}
	return lines, nil
}

// static serves an asset, which never changes under its path.
func (s *site) static(w http.ResponseWriter, r *http.Request) {
	asset, ok := s.assets.ByPath(r.URL.Path)
	if !ok {
		s.fail(w, r, styleText, &pages.NotHeld{What: "file", Name: strings.TrimPrefix(r.URL.Path, web.StaticPath), Cause: index.ErrNotFound})
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	send(w, r, http.StatusOK, asset.Type, asset.Content)
}
