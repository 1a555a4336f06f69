package main

import (
	"context"
	"encoding/json"
	"io"

	"agora/cmd/agora/terminal"
	"agora/index"
)

// showCommand shows one release.
type showCommand struct {
	ID      string `arg:"" name:"id-or-url" help:"Id of the release, or an address that it had."`
	Version int    `help:"The release as it was in this version." placeholder:"N"`
	JSON    bool   `name:"json" help:"Print it as JSON."`
}

// Run reads the store; it needs no index.
func (c *showCommand) Run(ctx context.Context, a *app) (err error) {
	store, err := a.openStore(ctx, false)
	if err != nil {
		return err
	}
	defer closeAfter(store, &err)
	id, err := store.Find(ctx, c.ID)
	if err != nil {
		return err
	}
	var r index.Release
	if c.Version > 0 {
		r, err = store.Version(ctx, id, c.Version)
	} else {
		r, err = store.Release(ctx, id)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(a.Stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}
	_, err = io.WriteString(a.Stdout, terminal.Describe(r, terminal.Width(a.Stdout)))
	return err
}
