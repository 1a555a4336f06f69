// Command agora is the searchable archive of what the attorneys general of the United
// States tell the public: it imports and reads their releases, keeps them with their
// evidence, and serves search over them as pages and API.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/lmittmann/tint"

	"agora/cmd/agora/terminal"
	"agora/index"
)

func main() { os.Exit(mainCode()) }

// mainCode runs the program and returns its exit code; a second signal ends it at once.
func mainCode() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// run parses args, runs the command that they name and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var cli commandLine
	code := -1
	parser, err := kong.New(&cli,
		kong.Name("agora"),
		kong.Description("The searchable archive of what the attorneys general of the United States tell the public."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(c int) { code = c }),
		kong.DefaultEnvars("AGORA"),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "agora:", err)
		return exitUsage
	}
	parsed, err := parser.Parse(args)
	if code >= 0 { // --help has been answered
		return code
	}
	if err != nil {
		fmt.Fprintf(stderr, "agora: %v; see agora --help%s\n", err, questionHint(args))
		return exitUsage
	}
	bars := terminal.Is(stderr)
	a := &app{
		Data: cli.Data, Stdin: stdin, Stdout: stdout, Stderr: stderr, Terminal: bars, Now: time.Now,
		Logger: slog.New(tint.NewTextHandler(stderr, &tint.Options{Level: cli.LogLevel, TimeFormat: time.TimeOnly, NoColor: !bars})),
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(a)
	return finish(ctx, err, stderr)
}

// questionHint helps with a question whose words look like flags: "search gas -tax".
func questionHint(args []string) string {
	if slices.Contains(args, "search") || slices.Contains(args, "export") {
		return "; a question with a - goes in quotes ('gas -tax') or after --"
	}
	return ""
}

// commandLine is everything that can be asked of the program; each command is a file.
type commandLine struct {
	Data     string     `help:"Folder of the archive." default:"agora-data" placeholder:"DIR" type:"path"`
	LogLevel slog.Level `help:"Least level of log lines: debug, info, warn, error." default:"info"`

	Run     runCommand     `cmd:"" default:"withargs" help:"Crawl on schedule, keep the index in step, and serve (the default command)."`
	Crawl   crawlCommand   `cmd:"" help:"Ask the offices that are due for what is new."`
	Import  importCommand  `cmd:"" help:"Take in files, without network."`
	Serve   serveCommand   `cmd:"" help:"Serve site and API over what is held, beside an import."`
	Search  searchCommand  `cmd:"" help:"Search in the terminal."`
	Show    showCommand    `cmd:"" help:"Show one release."`
	Offices officesCommand `cmd:"" help:"The catalogue of offices."`
	Reread  rereadCommand  `cmd:"" help:"Read all captures again with today's code, without network."`
	Index   indexCommand   `cmd:"" help:"The search index against the store."`
	Export  exportCommand  `cmd:"" help:"Write releases as JSONL or CSV."`
	Backup  backupCommand  `cmd:"" help:"Copy the archive while it is in use."`
	Verify  verifyCommand  `cmd:"" help:"Check captures, store and index against each other."`
	Demo    demoCommand    `cmd:"" help:"Serve a built-in sample of invented releases."`
	Bench   benchCommand   `cmd:"" help:"Measure how quick searching is on this machine, on releases made by rule."`
	Version versionCommand `cmd:"" help:"Version, commit, Go and engines."`
}

// app is what every command gets: where to work and how to speak.
type app struct {
	Data           string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Terminal       bool // stderr is a terminal
	Now            func() time.Time
	Logger         *slog.Logger
}

// progress tells how far an action on units has come, on stderr.
func (a *app) progress(action, unit string) *terminal.Progress {
	return terminal.NewProgress(a.Stderr, a.Terminal, a.Now, action, unit)
}

func (a *app) storePath() string    { return filepath.Join(a.Data, "archive.db") }
func (a *app) capturesPath() string { return filepath.Join(a.Data, "captures") }
func (a *app) indexPath() string    { return filepath.Join(a.Data, "index.bleve") }

// Exit codes, as promised to scripts.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitPartly  = 3
	exitLocked  = 4
	exitDamaged = 5
)

// errPartly ends a command that did its work but for failures that it has named.
var errPartly = errors.New("done in part")

// errUsage marks a wrong use that only the command could see.
var errUsage = errors.New("wrong usage")

// finish says what went wrong, in one line, and returns the exit code: the one table
// from errors to codes.
func finish(ctx context.Context, err error, stderr io.Writer) int {
	code := exitFailed
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errPartly):
		code = exitPartly
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "agora: stopped; what was done is kept, and the same command goes on from here")
		return exitFailed
	case errors.Is(err, errUsage), errors.Is(err, index.ErrInvalid):
		code = exitUsage
	case errors.Is(err, index.ErrLocked):
		code = exitLocked
	case errors.Is(err, index.ErrDamaged), errors.Is(err, index.ErrNewer):
		code = exitDamaged
	}
	fmt.Fprintln(stderr, "agora:", err)
	return code
}
