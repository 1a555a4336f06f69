// Package web holds what the site looks like: the templates of its pages and its static
// files, embedded, the latter under addresses that change with their content.
//
// It knows no page's data and answers no request: package server does both.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed templates static
var files embed.FS

// StaticPath is where a site serves its assets.
const StaticPath = "/static/"

// Templates returns the templates of the pages, one file a page beside layout.html and
// parts.html, which all pages share.
func Templates() (fs.FS, error) { return fs.Sub(files, "templates") }

// Asset is a static file.
type Asset struct {
	Name    string // "site.css"
	Path    string // "/static/site.1a2b3c4d5e6f.css": another content has another path
	Type    string // media type
	Content []byte
}

// Assets are the static files, found by name and by path.
type Assets struct {
	byName, byPath map[string]Asset
}

// assetTypes are the media types of the files under static; others are refused, so that
// nothing is served with a guessed type.
func assetTypes() map[string]string {
	return map[string]string{
		".css": "text/css; charset=utf-8",
		".js":  "text/javascript; charset=utf-8",
		".svg": "image/svg+xml",
		".png": "image/png",
	}
}

// ReadAssets reads the embedded files.
func ReadAssets() (Assets, error) {
	a := Assets{byName: map[string]Asset{}, byPath: map[string]Asset{}}
	types := assetTypes()
	err := fs.WalkDir(files, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		ext := path.Ext(name)
		if types[ext] == "" {
			return fmt.Errorf("media type of %s is not known", name)
		}
		sum := sha256.Sum256(content)
		base := strings.TrimPrefix(name, "static/")
		asset := Asset{
			Name: base, Type: types[ext], Content: content,
			Path: StaticPath + strings.TrimSuffix(base, ext) + "." + hex.EncodeToString(sum[:6]) + ext,
		}
		a.byName[asset.Name], a.byPath[asset.Path] = asset, asset
		return nil
	})
	if err != nil {
		return Assets{}, fmt.Errorf("read static files: %w", err)
	}
	return a, nil
}

// Path returns the path of the named file; a name that is not there is an error, so that
// a template that misspells one fails its test.
func (a Assets) Path(name string) (string, error) {
	asset, ok := a.byName[name]
	if !ok {
		return "", fmt.Errorf("find static file %s: %w", name, fs.ErrNotExist)
	}
	return asset.Path, nil
}

// ByPath returns the file served under path.
func (a Assets) ByPath(path string) (Asset, bool) {
	asset, ok := a.byPath[path]
	return asset, ok
}
