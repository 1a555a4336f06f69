package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"agora/cmd/agora/bench"
	"agora/index"
)

// benchCommand measures how quick an archive is on this machine.
type benchCommand struct {
	Releases   int      `help:"How many releases to make, by rule, about 3 kB each." default:"13000" placeholder:"N"`
	From       string   `help:"Real texts for them, cycled: JSON lines as for an import, .gz or not." placeholder:"FILE" type:"existingfile"`
	Seed       uint64   `help:"Another seed makes other releases." default:"1"`
	Queries    []string `help:"Only questions of these classes, such as 'phrase' or 'and 3'; an unknown one is answered with the list." placeholder:"CLASS"`
	Repeat     int      `help:"How often each question is asked." default:"100" placeholder:"N"`
	Total      int      `help:"Memory is measured after so many questions." default:"10000" placeholder:"N"`
	Changes    int      `help:"How many releases change at once, five times over, to see how soon they are found; 0 changes none." default:"1000" placeholder:"N"`
	Keep       string   `help:"Keep the archive in this folder, or use the one that was kept there." placeholder:"DIR" type:"path"`
	Rebuild    bool     `help:"Build the index of a kept archive anew."`
	JSON       bool     `name:"json" help:"Print the figures as JSON."`
	CPUProfile string   `name:"cpuprofile" hidden:"" help:"Write a profile of the questions." type:"path"`
}

// errBenchStopped is told where nothing is kept of what was done.
var errBenchStopped = errors.New("stopped; the archive that was made is removed")

// Run makes the archive, in a temporary folder unless it is to be kept, and measures it.
func (c *benchCommand) Run(ctx context.Context, a *app) (err error) {
	if c.Releases < 1 || c.Repeat < 1 || c.Changes < 0 || c.Total < 0 {
		return fmt.Errorf("%w: releases and repeat are 1 or more, changes and total 0 or more", errUsage)
	}
	if err := bench.KnownClasses(c.Queries); err != nil {
		return err
	}
	corpus := bench.Corpus{Seed: c.Seed, Releases: c.Releases, From: c.From}
	own := *a
	own.Data = c.Keep
	if c.Keep == "" {
		if own.Data, err = os.MkdirTemp("", "agora-bench-"); err != nil {
			return fmt.Errorf("make a folder for the archive: %w", err)
		}
		defer func() {
			if errors.Is(err, context.Canceled) {
				err = errBenchStopped
			}
			err = errors.Join(err, os.RemoveAll(own.Data))
		}()
	}
	if err := corpus.Claim(own.Data); err != nil {
		return err
	}
	report, err := c.measure(ctx, &own, corpus)
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(a.Stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(report)
	}
	return report.Write(a.Stdout)
}

// measure builds what is missing and measures, in the order in which figures are told.
func (c *benchCommand) measure(ctx context.Context, a *app, corpus bench.Corpus) (bench.Report, error) {
	r := bench.Report{
		Releases: c.Releases, Seed: c.Seed, Texts: "made", Processors: runtime.GOMAXPROCS(0), Go: runtime.Version(), Skipped: []string{},
	}
	if c.From != "" {
		r.Texts = filepath.Base(c.From)
	}
	if err := c.build(ctx, a, corpus, &r); err != nil {
		return r, err
	}
	var err error
	if r.Stored.Bytes, err = sizeOf(a.storePath(), a.storePath()+"-wal"); err != nil {
		return r, err
	}
	if r.Indexed.Bytes, err = sizeOf(a.indexPath()); err != nil {
		return r, err
	}
	r.Stored.Each, r.Indexed.Each = float64(r.Stored.Bytes)/float64(c.Releases), float64(r.Indexed.Bytes)/float64(c.Releases)
	ar, err := c.first(ctx, a, corpus, &r)
	if err != nil {
		return r, err
	}
	err = errors.Join(c.ask(ctx, a, ar, &r), ar.Close())
	return r, err
}

// benchOpen opens the archive of a corpus, its index in step.
func (a *app) benchOpen(ctx context.Context, corpus bench.Corpus) (*archive, error) {
	ar, _, err := a.openArchive(ctx, "bench", true)
	if err != nil {
		return nil, err
	}
	ar.store = bench.WithMatters(ar.store, corpus)
	ar.Searcher = a.newSearcher(ar.store, ar.engine)
	return ar, nil
}

// build fills the store and builds the index, as far as that isn't done.
func (c *benchCommand) build(ctx context.Context, a *app, corpus bench.Corpus, r *bench.Report) (err error) {
	defer giveBack()
	favorThroughput()
	ar, err := a.benchOpen(ctx, corpus)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ar.Close()) }()
	progress := a.progress("saving", "releases")
	r.Save, err = work(func() (int, error) { return bench.Fill(ctx, ar.store, corpus, progress.Report) })
	progress.End()
	if err == nil {
		err = bench.FillPasses(ctx, ar.store, corpus, a.Now())
	}
	if err != nil {
		return fmt.Errorf("fill the store: %w", err)
	}
	state, err := ar.engine.State(ctx)
	if err != nil {
		return err
	}
	latest, err := ar.store.Sequence(ctx)
	if err != nil {
		return err
	}
	if follows, err := index.Follows(ctx, ar.store, state); err != nil || follows && state.Sequence == latest && !c.Rebuild {
		return err
	}
	progress = a.progress("indexing", "releases")
	r.Index, err = work(func() (int, error) {
		done, err := index.Rebuild(ctx, ar.store, ar.engine, "asked for", progress.Report)
		return done.Releases, err
	})
	progress.End()
	if err != nil {
		return err
	}
	// A write of nothing has the engine remove what its merges have left.
	if state, err = ar.engine.State(ctx); err != nil {
		return err
	}
	return ar.engine.Apply(ctx, nil, state.Lineage, state.Sequence)
}

// work measures a piece of work on releases; nil where there were none.
func work(do func() (int, error)) (*bench.Work, error) {
	processor, start := bench.Processor(), time.Now()
	n, err := do()
	if err != nil || n == 0 {
		return nil, err
	}
	taken, used := time.Since(start).Seconds(), (bench.Processor() - processor).Seconds()
	return &bench.Work{Releases: n, Seconds: taken, Rate: float64(n) / taken, Processor: used * 1000 / float64(n)}, nil
}

// giveBack sets the collector as a server has it and returns the memory of building, so
// that it doesn't count for memory of searching.
func giveBack() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(100)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(math.MaxInt64)
	}
	debug.FreeOSMemory()
}

// warmOpens is how often a warm start is measured.
const warmOpens = 5

// first measures first answers, cold and warm, and leaves the archive open.
func (c *benchCommand) first(ctx context.Context, a *app, corpus bench.Corpus, r *bench.Report) (*archive, error) {
	var ar *archive
	once := func() (bench.First, error) {
		if ar != nil {
			if err := ar.Close(); err != nil {
				return bench.First{}, err
			}
		}
		return bench.FirstAnswer(ctx, func() (s index.Searcher, err error) {
			if ar, err = a.benchOpen(ctx, corpus); err != nil {
				return s, err
			}
			return ar.Searcher, a.sync(ctx, ar)
		})
	}
	if err := bench.Forget(a.Data); err != nil {
		r.Skipped = append(r.Skipped, "a cold start: pages of files can't be dropped here ("+err.Error()+")")
	} else {
		cold, err := once()
		if err != nil {
			return nil, err
		}
		r.Cold = &cold
	}
	for range warmOpens {
		warm, err := once()
		if err != nil {
			return nil, err
		}
		r.Warm = append(r.Warm, warm)
	}
	return ar, nil
}

// ask measures questions, memory and changes on an open archive.
func (c *benchCommand) ask(ctx context.Context, a *app, ar *archive, r *bench.Report) (err error) {
	progress := a.progress("asking", "questions")
	err = c.profiled(func() error {
		r.Asked, err = bench.Ask(ctx, ar.Searcher, c.Queries, c.Repeat, progress.Report)
		return err
	})
	progress.End()
	if err != nil {
		return err
	}
	if r.Coverage, err = bench.Coverage(ctx, ar.Searcher); err != nil {
		return err
	}
	r.After = max(c.Total, r.Asked.All.Samples)
	progress = a.progress("asking on", "questions")
	err = bench.Exercise(ctx, ar.Searcher, r.After-r.Asked.All.Samples, progress.Report)
	progress.End()
	if err != nil {
		return err
	}
	if memory, err := bench.ReadMemory(); err != nil {
		r.Skipped = append(r.Skipped, "memory: the system doesn't tell here")
	} else {
		r.Memory = &memory
	}
	if c.Changes == 0 {
		r.Skipped = append(r.Skipped, "changes: none were asked for")
		return nil
	}
	progress = a.progress("changing", "rounds")
	defer progress.End()
	changed, err := bench.Change(ctx, bench.Archive{Store: ar.store, Engine: ar.engine, Searcher: ar.Searcher}, c.Changes, r.Asked, progress.Report)
	r.Changed = &changed
	return err
}

// profiled runs do under a profile where one is asked for.
func (c *benchCommand) profiled(do func() error) error {
	if c.CPUProfile == "" {
		return do()
	}
	return writeProfile(c.CPUProfile, do)
}

func writeProfile(path string, do func() error) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer closeAfter(file, &err)
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return do()
}

// sizeOf adds up files and folders; what isn't there has none.
func sizeOf(paths ...string) (size int64, err error) {
	for _, path := range paths {
		err := filepath.WalkDir(path, func(_ string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || entry.IsDir() {
				return err
			}
			info, err := entry.Info()
			if err == nil {
				size += info.Size()
			}
			return err
		})
		if err != nil {
			return size, err
		}
	}
	return size, nil
}
