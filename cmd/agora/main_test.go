package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"agora/index"
	"agora/index/query"
	"agora/server"
)

// newApp returns an app on a new data folder that speaks to nobody.
func newApp(t testing.TB) *app {
	t.Helper()
	return &app{
		Data: filepath.Join(t.TempDir(), "archive"), Stdin: strings.NewReader(""), Stdout: new(bytes.Buffer), Stderr: new(bytes.Buffer),
		Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	}
}

func TestExitCodes(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		ctx      context.Context
		err      error
		want     int
		wantSaid string
	}{
		{t.Context(), nil, exitDone, ""},
		{t.Context(), errors.New("no luck"), exitFailed, "agora: no luck\n"},
		{t.Context(), fmt.Errorf("%w: two lines", errPartly), exitPartly, "agora: done in part: two lines\n"},
		{t.Context(), fmt.Errorf("%w: no such state", index.ErrInvalid), exitUsage, "agora: not valid: no such state\n"},
		{t.Context(), fmt.Errorf("%w: --office", errUsage), exitUsage, "agora: wrong usage: --office\n"},
		{t.Context(), &lockedError{what: "the index", holder: holder{}}, exitLocked, "agora: the index is in use by another process; wait for it or stop it\n"},
		{t.Context(), fmt.Errorf("open: %w", index.ErrDamaged), exitDamaged, "agora: open: damaged\n"},
		{t.Context(), fmt.Errorf("open: %w", index.ErrNewer), exitDamaged, "agora: open: made by a newer program\n"},
		{t.Context(), fmt.Errorf("write: %w", index.ErrReadOnly), exitFailed, "agora: write: cannot be written\n"},
		{cancelled, fmt.Errorf("save: %w", context.Canceled), exitFailed, "agora: stopped; what was done is kept, and the same command goes on from here\n"},
	}
	for _, tt := range tests {
		var said bytes.Buffer
		if code := finish(tt.ctx, tt.err, &said); code != tt.want || said.String() != tt.wantSaid {
			t.Errorf("%v: exit %d, said %q; want %d, %q", tt.err, code, said.String(), tt.want, tt.wantSaid)
		}
	}
}

// TestNewerArchive opens an archive that a newer program has changed: nothing is touched,
// and the exit code is that of an archive that can't be used.
func TestNewerArchive(t *testing.T) {
	a := newApp(t)
	store, err := a.openStore(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", a.storePath())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	code := run(t.Context(), []string{"--data", a.Data, "search", "x"}, a.Stdin, a.Stdout, &said)
	if code != exitDamaged || !strings.Contains(said.String(), "newer program") || strings.Count(said.String(), "\n") != 1 {
		t.Errorf("exit %d, said %q", code, said.String())
	}
}

// TestTerminalEqualsAPI holds that search --json and the API give one answer.
func TestTerminalEqualsAPI(t *testing.T) {
	a := newApp(t)
	input := filepath.Join(t.TempDir(), "releases.jsonl")
	writeReleases(t, input, 50)
	if code := run(t.Context(), []string{"--data", a.Data, "import", input}, a.Stdin, a.Stdout, a.Stderr); code != exitDone {
		t.Fatalf("import: exit %d: %s", code, a.Stderr)
	}
	for _, parameters := range []string{
		"", "q=lanterns+oil&state=VA&state=-TX", "q=%22lantern+keeper+number+7%22", "year=2020&sort=oldest&limit=3",
		"q=lantern&facets=state,topic,kind&interval=month", "q=state:VA+state:OR", "from=2020-02-01&undated=include",
	} {
		values, err := url.ParseQuery(parameters)
		if err != nil {
			t.Fatal(err)
		}
		q, err := query.FromValues(values, true)
		if err != nil {
			t.Fatal(err)
		}
		here, err := a.answer(t.Context(), q, values)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(untimed(t, here), untimed(t, overHTTP(t, a, parameters))); diff != "" {
			t.Errorf("%s: terminal and API differ (-terminal +API)\n%s", parameters, diff)
		}
	}
}

// overHTTP asks the API of the app's archive.
func overHTTP(t *testing.T, a *app, parameters string) index.Answer {
	t.Helper()
	ar, _, err := a.openArchive(t.Context(), "test", false)
	if err != nil {
		t.Fatal(err)
	}
	defer ar.Close()
	handler, err := server.New(server.Options{Searcher: ar.Searcher, Store: ar.store, Logger: a.Logger, Now: a.Now})
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/releases?"+parameters, http.NoBody))
	var answer index.Answer
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %v", recorder.Body, err)
	}
	return answer
}

// untimed is an answer as JSON without what differs from one question to the next: how
// long it took, and the cursor, which by relevance names a snapshot of its own.
func untimed(t *testing.T, answer index.Answer) map[string]any {
	t.Helper()
	answer.TookMS = 0
	if answer.Next != "" && fmt.Sprint(answer.Query["sort"]) == string(index.SortRelevance) {
		answer.Next = "a cursor"
	}
	content, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(content, &members); err != nil {
		t.Fatal(err)
	}
	return members
}

// TestShortCommandsTakeTurns runs searches at the same time: each owns the index for a
// moment and none is refused.
func TestShortCommandsTakeTurns(t *testing.T) {
	a := newApp(t)
	input := filepath.Join(t.TempDir(), "releases.jsonl")
	writeReleases(t, input, 50)
	if code := run(t.Context(), []string{"--data", a.Data, "import", input}, a.Stdin, a.Stdout, a.Stderr); code != exitDone {
		t.Fatalf("import: exit %d: %s", code, a.Stderr)
	}
	var group errgroup.Group
	for range 4 {
		group.Go(func() error {
			output, err := exec.CommandContext(t.Context(), "agora", "--data", a.Data, "search", "lanterns").CombinedOutput()
			if err != nil || !strings.HasPrefix(string(output), "50 releases") {
				return fmt.Errorf("%w: %s", err, output)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}
