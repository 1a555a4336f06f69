package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"agora/index"
)

// indexCommand is about the search index, which is derived from the store.
type indexCommand struct {
	Status  indexStatusCommand  `cmd:"" help:"How far the index has come."`
	Check   indexCheckCommand   `cmd:"" help:"Compare the index with the store."`
	Rebuild indexRebuildCommand `cmd:"" help:"Build the index anew from the store."`
}

// indexStatusCommand tells how far the index has come.
type indexStatusCommand struct {
	JSON bool `name:"json" help:"Print it as JSON."`
}

// indexStatus is the answer of index status.
type indexStatus struct {
	Store    string `json:"store"` // id of the archive
	Sequence int64  `json:"sequence"`
	Releases int    `json:"releases"`
	Index    struct {
		Sequence int64 `json:"sequence"`
		Releases int   `json:"releases"`
		Schema   int   `json:"schema"`
	} `json:"index"`
	InStep bool   `json:"in_step"`
	Owner  string `json:"owner"` // the process that has the index open; "" for none
}

// Run reads the state here, or asks the process that owns the index.
func (c *indexStatusCommand) Run(ctx context.Context, a *app) error {
	status, err := a.indexStatus(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(a.Stdout).Encode(status)
	}
	state := "in step"
	if !status.InStep {
		state = "behind"
	}
	fmt.Fprintf(a.Stdout, "store  %d releases, sequence %d\nindex  %d releases, sequence %d, schema %d: %s\n",
		status.Releases, status.Sequence, status.Index.Releases, status.Index.Sequence, status.Index.Schema, state)
	if status.Owner != "" {
		fmt.Fprintf(a.Stdout, "open in %s\n", status.Owner)
	}
	return nil
}

func (a *app) indexStatus(ctx context.Context) (status indexStatus, err error) {
	store, err := a.openStore(ctx, false)
	if err != nil {
		return status, err
	}
	defer closeAfter(store, &err)
	status.Store = store.ID()
	if status.Sequence, err = store.Sequence(ctx); err != nil {
		return status, err
	}
	if status.Releases, err = store.Count(ctx); err != nil {
		return status, err
	}
	state, ownedBy, err := a.engineState(ctx)
	if err != nil {
		return status, err
	}
	status.Index.Sequence, status.Index.Releases, status.Index.Schema = state.Sequence, state.Releases, state.Schema
	status.Owner = ownedBy
	id, _ := state.Store()
	status.InStep = state.Sequence == status.Sequence && id == status.Store
	if status.InStep && ownedBy == "" { // an owner that answers has looked itself
		status.InStep, err = index.Follows(ctx, store, state)
	}
	return status, err
}

// engineState returns the state of the index and who else has it open.
func (a *app) engineState(ctx context.Context) (state index.EngineState, ownedBy string, err error) {
	taken, err := a.acquireIndex(ctx, "index status")
	if owning, ok := owner(err); ok {
		body, err := owning.ask(ctx, "/readyz", nil)
		if err != nil {
			return state, "", err
		}
		defer body.Close()
		err = json.NewDecoder(body).Decode(&struct {
			Index *index.EngineState `json:"index"`
		}{&state})
		return state, owning.holder.String(), err
	}
	if err != nil {
		return state, "", err
	}
	defer closeAfter(taken, &err)
	engine, err := a.openEngine(ctx)
	if err != nil {
		return state, "", err
	}
	defer closeAfter(engine, &err)
	state, err = engine.State(ctx)
	return state, "", err
}

// indexCheckCommand compares the index with the store.
type indexCheckCommand struct{}

// Run prints a line for each difference and fails if there is one.
func (c *indexCheckCommand) Run(ctx context.Context, a *app) (err error) {
	ar, _, err := a.openArchive(ctx, "index check", false)
	if err != nil {
		return err
	}
	defer closeAfter(ar, &err)
	if err := a.sync(ctx, ar); err != nil {
		return err
	}
	differences, err := a.compareIndex(ctx, ar)
	if err != nil {
		return err
	}
	if differences > 0 {
		return fmt.Errorf("the index differs from the store in %d places (above); agora index rebuild mends it", differences)
	}
	fmt.Fprintln(a.Stdout, "the index equals the store")
	return nil
}

// compareIndex prints what the index lacks or has too much, release by release, and how
// the counts of each office differ.
func (a *app) compareIndex(ctx context.Context, ar *archive) (differences int, err error) {
	inIndex := map[string]bool{}
	for id, err := range ar.engine.Select(ctx, index.Query{Sort: index.SortNewest}) {
		if err != nil {
			return differences, err
		}
		if inIndex[id] {
			differences++
			fmt.Fprintf(a.Stdout, "%s is in the index twice\n", id)
		}
		inIndex[id] = true
	}
	_, releases, err := ar.store.All(ctx)
	if err != nil {
		return differences, err
	}
	for r, err := range releases {
		if err != nil {
			return differences, err
		}
		if !inIndex[r.ID] {
			differences++
			fmt.Fprintf(a.Stdout, "%s is not in the index\n", r.ID)
		}
		delete(inIndex, r.ID)
	}
	for id := range inIndex {
		differences++
		fmt.Fprintf(a.Stdout, "%s is in the index and not in the store\n", id)
	}
	found, err := ar.engine.Search(ctx, index.Query{Sort: index.SortNewest, Limit: 1, Facets: []index.Field{index.FieldState}})
	if err != nil {
		return differences, err
	}
	counts, err := ar.store.OfficeCounts(ctx)
	if err != nil {
		return differences, err
	}
	for _, held := range counts {
		at := slices.IndexFunc(found.Facets[index.FieldState], func(c index.Count) bool { return c.Value == held.Office })
		indexed := 0
		if at >= 0 {
			indexed = found.Facets[index.FieldState][at].Count
		}
		if indexed != held.Held {
			differences++
			fmt.Fprintf(a.Stdout, "%s has %d releases in the store and %d in the index\n", held.Office, held.Held, indexed)
		}
	}
	return differences, nil
}

// indexRebuildCommand builds the index anew.
type indexRebuildCommand struct{}

// Run rebuilds; a process that serves must be stopped first, or left to do it itself.
func (c *indexRebuildCommand) Run(ctx context.Context, a *app) (err error) {
	favorThroughput()
	ar, _, err := a.openArchive(ctx, "index rebuild", false)
	if err != nil {
		return err
	}
	defer closeAfter(ar, &err)
	progress := a.progress("indexing", "releases")
	done, err := index.Rebuild(ctx, ar.store, ar.engine, "asked for", progress.Report)
	progress.End()
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "%d releases indexed\n", done.Releases)
	return nil
}
