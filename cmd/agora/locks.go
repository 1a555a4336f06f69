package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"agora/index"
)

// Two locks let processes share a data folder: collect.lock is held by the one that
// collects (run, crawl, import, reread), index.lock by the one that owns the index. A
// lock file holds one JSON object that says who has it; it counts only while the
// operating system's lock on the file is held, so a dead process leaves none behind.
const (
	collectLock = "collect.lock"
	indexLock   = "index.lock"
)

// holder is the content of a lock file.
type holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Address string    `json:"address,omitempty"` // where the owner of the index answers, host:port
	Since   time.Time `json:"since"`
}

func (h holder) String() string {
	if h.PID == 0 {
		return "another process"
	}
	return fmt.Sprintf("agora %s (process %d, since %s)", h.Command, h.PID, h.Since.Local().Format("15:04:05"))
}

// lockedError says who holds a lock; it is an index.ErrLocked.
type lockedError struct {
	what   string
	holder holder
}

func (e *lockedError) Error() string {
	return fmt.Sprintf("%s is in use by %s; wait for it or stop it", e.what, e.holder)
}
func (e *lockedError) Unwrap() error { return index.ErrLocked }

// lock is a lock that this process holds.
type lock struct {
	file *flock.Flock
	me   holder
}

// acquire takes the named lock of the data folder for command, or fails with a
// *lockedError at once.
func (a *app) acquire(name, command string) (*lock, error) {
	if err := a.makeDataFolder(); err != nil {
		return nil, err
	}
	path := filepath.Join(a.Data, name)
	file := flock.New(path)
	taken, err := file.TryLock()
	if err != nil {
		return nil, a.folderError("lock the archive", err)
	}
	if !taken {
		what := "the archive in " + a.Data
		if name == indexLock {
			what = "the index in " + a.Data
		}
		return nil, &lockedError{what: what, holder: readHolder(path)}
	}
	l := &lock{file: file, me: holder{PID: os.Getpid(), Command: command, Since: index.Instant(a.Now())}}
	if err := l.write(); err != nil {
		return nil, err
	}
	return l, nil
}

// Short commands own the index for a moment, one after another: who finds it taken by
// one of them waits for its turn.
const (
	turnTimeout = 5 * time.Second
	turnPause   = 20 * time.Millisecond
)

// acquireIndex takes the index for command. A server that owns it answers in its place
// and is not waited for.
func (a *app) acquireIndex(ctx context.Context, command string) (*lock, error) {
	giveUp := time.Now().Add(turnTimeout) // the system's clock: other processes are waited for
	for {
		taken, err := a.acquire(indexLock, command)
		var locked *lockedError
		if !errors.As(err, &locked) || locked.holder.Address != "" || time.Now().After(giveUp) {
			return taken, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(turnPause):
		}
	}
}

// announce writes the address at which the owner of the index answers.
func (l *lock) announce(address string) error {
	l.me.Address = address
	return l.write()
}

// write says who has the lock, over what is there and in one write, so that a reader at
// any moment finds a whole object.
func (l *lock) write() (err error) {
	content, err := json.Marshal(l.me)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(l.file.Path(), os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write lock: %w", err)
	}
	defer closeAfter(file, &err)
	line := fmt.Sprintf("%-*s\n", lockWidth, content)
	if _, err := file.WriteAt([]byte(line), 0); err != nil {
		return fmt.Errorf("write lock: %w", err)
	}
	return file.Truncate(int64(len(line)))
}

// lockWidth is the width to which the object is padded: no holder is shorter than the
// one before.
const lockWidth = 200

// Close gives the lock back. The file stays: removing it would let two processes hold
// locks on different files of the same name.
func (l *lock) Close() error { return l.file.Close() }

// readHolder reads who holds a lock; the zero holder where the file does not say.
func readHolder(path string) holder {
	var h holder
	content, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(content, &h) != nil {
		return holder{}
	}
	return h
}

// makeDataFolder makes the data folder where it is missing.
func (a *app) makeDataFolder() error {
	if err := os.MkdirAll(a.Data, 0o755); err != nil {
		return a.folderError("make the data folder", err)
	}
	return nil
}

// folderError says in one line why the data folder can't be used.
func (a *app) folderError(action string, err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return fmt.Errorf("%s: %s %w (%w); use a folder that you may write to with --data", action, a.Data, index.ErrReadOnly, err)
}
