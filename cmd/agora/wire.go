package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"agora/crawler/enrich"
	"agora/crawler/intake"
	"agora/crawler/office"
	"agora/index"
	"agora/index/bleveindex"
	"agora/index/highlight"
	"agora/index/sqlitestore"
	"agora/index/suggest"
)

// This is the only file that names the store and the engine.

// storeName and engineName are what version tells of them.
const (
	storeName  = "SQLite (modernc.org/sqlite)"
	engineName = "Bleve (scorch)"
)

// errNoArchive tells a new user what to do.
var errNoArchive = errors.New("there is no archive yet; load one with agora import FILE, or see agora demo")

// openStore opens the archive's store, which must exist unless create.
func (a *app) openStore(ctx context.Context, create bool) (index.Store, error) {
	if _, err := os.Stat(a.storePath()); errors.Is(err, os.ErrNotExist) {
		if !create {
			return nil, fmt.Errorf("open %s: %w", a.Data, errNoArchive)
		}
		if err := a.makeDataFolder(); err != nil {
			return nil, err
		}
	}
	if err := a.emptied(); err != nil {
		return nil, err
	}
	return sqlitestore.Open(ctx, a.storePath(), sqlitestore.Options{Now: a.Now})
}

// emptied tells an archive that lost its store from a new one: captures lie beside an
// empty or missing file.
func (a *app) emptied() error {
	info, err := os.Stat(a.storePath())
	if err == nil && info.Size() > 0 || err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if captures, err := os.ReadDir(a.capturesPath()); err != nil || len(captures) == 0 {
		return nil
	}
	return fmt.Errorf("open %s: %w: it is empty or missing, although there are captures; put a backup in its place, or move captures and index away to begin anew", a.storePath(), index.ErrDamaged)
}

// openEngine opens the index; one that can't be used (another version, damaged) is
// derived data, and is removed and built anew by the Sync that follows.
func (a *app) openEngine(ctx context.Context) (index.Engine, error) {
	options := bleveindex.Options{Logger: a.Logger, Now: a.Now}
	engine, err := bleveindex.Open(ctx, a.indexPath(), options)
	if errors.Is(err, index.ErrSchema) || errors.Is(err, index.ErrDamaged) {
		a.Logger.Warn("building the index anew", "reason", err)
		if err := bleveindex.Remove(a.indexPath()); err != nil {
			return nil, err
		}
		engine, err = bleveindex.Open(ctx, a.indexPath(), options)
	}
	if err != nil {
		return nil, err
	}
	return engine, nil
}

// newSearcher joins a store and its engine.
func (a *app) newSearcher(store index.Store, engine index.Engine) index.Searcher {
	return index.Searcher{Store: store, Log: store, Engine: engine, Highlight: highlight.New, Advise: suggest.Adviser(engine), Judged: &index.Judged{}, Now: a.Now}
}

// newIntake makes a collector for an open store, with the built-in catalogue.
func (a *app) newIntake(store index.Store, progress index.Progress) (*intake.Intake, error) {
	catalogue, err := office.Embedded()
	if err != nil {
		return nil, fmt.Errorf("read the built-in catalogue: %w", err)
	}
	return a.newIntakeOf(catalogue, store, progress)
}

// newIntakeOf makes a collector that knows the offices of a catalogue.
func (a *app) newIntakeOf(catalogue office.Catalogue, store index.Store, progress index.Progress) (*intake.Intake, error) {
	enricher, err := enrich.New(catalogue)
	if err != nil {
		return nil, fmt.Errorf("read the built-in rules: %w", err)
	}
	return &intake.Intake{
		Store: store, Captures: a.capturesPath(), Catalogue: catalogue, Enricher: enricher,
		Program: "Agora/" + programVersion(), Now: a.Now, Logger: a.Logger, Progress: progress,
	}, nil
}
