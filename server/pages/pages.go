// Package pages makes the content of the pages that people read, each a typed struct
// beside the name of the template that shows it.
//
// It knows no routes, no statuses and no HTML: package server renders what it returns and
// answers its errors.
package pages

import (
	"errors"
	"fmt"
	"time"

	"agora/index"
	"agora/server/api"
)

// Page is the content of one page and the template that shows it.
type Page interface {
	Head() *Frame
	Template() string
}

// Frame is what every page has around its content.
type Frame struct {
	Title       string
	Description string
	Query       string // in the search box at the top
	OwnSearch   bool   // the page has a search box of its own
	NoIndex     bool   // search engines should not list this page
	Path        string // of the page's one address; "" where it has many

	Modified time.Time // for Last-Modified; zero leaves it out

	// Set by whoever renders the page.
	Demo      bool
	Program   string // name and version
	Canonical string
}

// Head returns the frame itself, for pages that embed it.
func (f *Frame) Head() *Frame { return f }

// ErrorPage says what went wrong and what to do next.
type ErrorPage struct {
	Frame
	Status int
	Detail string
}

// Template names the page's template.
func (ErrorPage) Template() string { return "error.html" }

// Blank returns one page of every kind with nothing in it: to try their templates with.
func Blank() []Page {
	return []Page{&SearchPage{}, &ReleasePage{}, &StatePage{}, &TopicPage{}, &SourcesPage{}, &SourcePage{}, &ChangesPage{}, &CoalitionsPage{}, &ErrorPage{}}
}

// Pages makes pages from an archive. It is safe for use by many goroutines.
type Pages struct {
	searcher index.Searcher
	store    index.Store
	holdings *api.Holdings
	now      func() time.Time
}

// New returns the pages of an archive.
func New(searcher index.Searcher, store index.Store, holdings *api.Holdings, now func() time.Time) *Pages {
	return &Pages{searcher: searcher, store: store, holdings: holdings, now: now}
}

// NotHeld says that a thing asked for is not there, in words for the reader.
type NotHeld struct {
	What, Name string // "release", "va-123"
	Cause      error
}

// Error says what was looked for.
func (e *NotHeld) Error() string { return fmt.Sprintf("find %s %q: %v", e.What, e.Name, e.Cause) }

// Unwrap gives the cause.
func (e *NotHeld) Unwrap() error { return e.Cause }

// Held names the thing asked for in an ErrNotFound; other errors stay as they are.
func Held(what, name string, err error) error {
	if errors.Is(err, index.ErrNotFound) {
		return &NotHeld{what, name, err}
	}
	return err
}

// Moved sends the reader to another path of this site for good.
type Moved struct{ Path string }

// Error says where to.
func (m *Moved) Error() string { return "moved to " + m.Path }
