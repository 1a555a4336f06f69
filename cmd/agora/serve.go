package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/index"
	"agora/server"
)

// serveFlags are shared by the commands that serve.
type serveFlags struct {
	Addr    string `help:"Address to listen on (127.0.0.1:8080)." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	BaseURL string `name:"base-url" help:"Address of the site as people see it, for absolute links." placeholder:"URL"`
}

// serveCommand serves what is held.
type serveCommand struct {
	serveFlags
}

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context, a *app) error {
	return a.serve(ctx, "serve", c.serveFlags, false, nil)
}

// runCommand crawls on schedule and serves what it collects.
type runCommand struct {
	serveFlags
	crawlFlags
}

// scheduleEvery is how often the schedule is looked at; the busiest office is due every
// quarter of an hour.
const scheduleEvery = time.Minute

// Run holds the collector's lock until ctx ends.
func (c *runCommand) Run(ctx context.Context, a *app) (err error) {
	catalogue, err := c.catalogue()
	if err != nil {
		return err
	}
	taken, err := a.acquire(collectLock, "run")
	if err != nil {
		return err
	}
	defer closeAfter(taken, &err)
	return a.serve(ctx, "run", c.serveFlags, false, func(ctx context.Context, store index.Store) (err error) {
		collector, closeWeb, err := a.newCollector(ctx, catalogue, store, store, c.crawlFlags, nil)
		if err != nil {
			return err
		}
		defer func() {
			if closeErr := closeWeb(); err == nil {
				err = closeErr
			}
		}()
		tick := time.NewTicker(scheduleEvery)
		defer tick.Stop()
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error { return collector.Run(ctx, tick.C) })
		group.Go(func() error { return a.followMatters(ctx, store) })
		return group.Wait()
	})
}

// Matters are looked for every ten seconds at most, and with at most a tenth of the time: a
// first crawl brings releases of all years in any order, and each is compared with the days
// around it.
const (
	mattersEvery = 10 * time.Second
	mattersShare = 10
)

// followMatters joins what several offices tell while they are crawled, until ctx ends.
func (a *app) followMatters(ctx context.Context, store index.Store) error {
	for seen := int64(-1); ; {
		began := a.Now()
		latest, err := store.Sequence(ctx)
		if err == nil && latest != seen { // else nothing is new, or the next look says why
			a.joinMatters(ctx, store)
			seen = latest
		}
		pause := time.NewTimer(max(mattersEvery, (mattersShare-1)*a.Now().Sub(began)))
		select {
		case <-ctx.Done():
			pause.Stop()
			return nil
		case <-pause.C:
		}
	}
}

// followEvery is how often the owner of the index looks for new sequences.
const followEvery = time.Second

// Bounds of a connection, so that a slow or silent guest can't hold one for ever.
const (
	headerTimeout   = 10 * time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 10 * time.Second
	maxHeaderBytes  = 64 << 10
)

// serve opens the archive, listens, and follows the store until ctx ends, with work going
// on beside that where it isn't nil. The site answers while an index is still being built,
// and says that it is behind.
func (a *app) serve(ctx context.Context, command string, flags serveFlags, demo bool, work func(context.Context, index.Store) error) (err error) {
	ar, taken, err := a.openArchive(ctx, command, true)
	if err != nil {
		return err
	}
	defer closeAfter(ar, &err)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", flags.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another address with --addr", flags.Addr, err)
	}
	address := listener.Addr().String()
	if err := taken.announce(address); err != nil {
		return err
	}
	handler, err := server.New(server.Options{
		Searcher: ar.Searcher, Store: ar.store, BaseURL: strings.TrimRight(flags.BaseURL, "/"), Demo: demo,
		Logger: a.Logger, Now: a.Now, Version: programVersion(),
	})
	if err != nil {
		return err
	}
	site := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	a.Logger.Info("serving", "address", "http://"+address, "archive", a.Data)

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := site.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error { return a.follow(ctx, ar) })
	if work != nil {
		group.Go(func() error { return work(ctx, ar.store) })
	}
	group.Go(func() error {
		<-ctx.Done()
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		if err := site.Shutdown(closing); err != nil {
			return site.Close()
		}
		return nil
	})
	return group.Wait()
}

// follow keeps the index in step until ctx ends. A failure is logged and tried again: a
// site that shows an older archive, and says so, is better than none.
func (a *app) follow(ctx context.Context, ar *archive) error {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	failing := ""
	for {
		err := a.sync(ctx, ar)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			failing = ""
		case errors.Is(err, index.ErrDamaged):
			return err
		case err.Error() != failing: // once, not every second
			failing = err.Error()
			a.Logger.Error("bring the index in step", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
