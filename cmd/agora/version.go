package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"agora/crawler/enrich"
	"agora/crawler/extract"
)

// version is set by a release build with -ldflags "-X main.version=1.2.3".
var version = "dev"

func programVersion() string { return version }

// versionCommand tells what the program is made of.
type versionCommand struct {
	JSON bool `name:"json" help:"Print it as JSON."`
}

// Run prints version, commit, Go, engines and the versions of what reads pages.
func (c *versionCommand) Run(_ context.Context, a *app) error {
	about := struct {
		Version string `json:"version"`
		Commit  string `json:"commit"`
		Go      string `json:"go"`
		Store   string `json:"store"`
		Engine  string `json:"engine"`
		Reader  string `json:"reader"`
		Rules   string `json:"rules"`
	}{programVersion(), commit(), runtime.Version(), storeName, engineName, extract.Version, enrich.Version}
	if c.JSON {
		return json.NewEncoder(a.Stdout).Encode(about)
	}
	_, err := fmt.Fprintf(a.Stdout, "agora %s (commit %s, %s)\nstore %s, engine %s, reader %s, rules %s\n",
		about.Version, about.Commit, about.Go, about.Store, about.Engine, about.Reader, about.Rules)
	return err
}

// commit returns the commit that the program was built from, if the build recorded it.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "unknown"
}
