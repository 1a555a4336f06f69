// Package server shows an archive to people and programs: pages that work without
// scripts, and a JSON interface that takes the same parameters.
//
// It keeps nothing but counts of what was asked, and collects nothing. Questions go through
// index.Searcher, everything else is read from the store; routes.go alone knows the router;
// errors.go alone decides what a reader is told when something fails; metrics.go tells
// machines how archive and site are. What pages say is made in package pages, the
// answers of the JSON interface in package api; how pages look lies in package web.
package server

import (
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"agora/index"
	"agora/index/suggest"
	"agora/server/api"
	"agora/server/pages"
	"agora/server/pages/matter"
	"agora/web"
)

// Options are what a site is made of.
type Options struct {
	Searcher index.Searcher
	Store    index.Store
	BaseURL  string // of absolute links: "https://agora.example"; "" leaves them out
	Demo     bool   // marks every page: what it shows is invented
	Version  string // of the program, shown at the foot of pages
	Logger   *slog.Logger
	Now      func() time.Time // nil: time.Now
}

// site is a set of handlers over one archive. It is safe for use by many goroutines.
type site struct {
	Options
	assets    web.Assets
	templates map[string]*template.Template
	pages     *pages.Pages
	api       *api.API
	holdings  *api.Holdings
	exports   *turnstile
	traffic   *traffic
}

// New returns the handler of all of a site's addresses.
func New(o Options) (http.Handler, error) {
	if o.Store == nil || o.Searcher.Engine == nil {
		return nil, errors.New("make server: a store and an engine are needed")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := checkBaseURL(o.BaseURL); err != nil {
		return nil, err
	}
	assets, err := web.ReadAssets()
	if err != nil {
		return nil, fmt.Errorf("make server: %w", err)
	}
	templates, err := parseTemplates(assets)
	if err != nil {
		return nil, fmt.Errorf("make server: %w", err)
	}
	holdings := api.NewHoldings(o.Searcher, o.Now)
	traffic, err := newTraffic()
	if err != nil {
		return nil, fmt.Errorf("make server: %w", err)
	}
	s := &site{
		Options: o, assets: assets, templates: templates,
		pages:    pages.New(o.Searcher, o.Store, holdings, o.Now),
		api:      &api.API{Searcher: o.Searcher, Store: o.Store, Holdings: holdings, Completer: suggest.NewCompleter(o.Searcher.Engine, o.Searcher.Store)},
		exports:  newTurnstile(exportsAtOnce, exportsOfOneClient),
		holdings: holdings, traffic: traffic,
	}
	// Templates are completed by their first use: it must fail here rather than before a
	// reader, and must not make the first reader wait.
	for _, p := range append(pages.Blank(), &matter.Page{}) {
		if _, err := s.render(p); err != nil {
			return nil, fmt.Errorf("make server: %w", err)
		}
	}
	return s.handler()
}

// checkBaseURL refuses what absolute links could not be made from.
func checkBaseURL(base string) error {
	if base == "" {
		return nil
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("make server: base URL %q is not an http or https address: %w", base, index.ErrInvalid)
	}
	return nil
}
