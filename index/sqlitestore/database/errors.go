package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"agora/index"
)

// Failure wraps err with what was being done and, where SQLite's code says what the
// caller can do about it, with the error of package index that means it. The text is one
// line that names the file and the way out. A nil error stays nil.
func (d *Database) Failure(doing string, err error) error { return failure(d.path, doing, err) }

func failure(path, doing string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || isOurs(err) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if errors.Is(err, sql.ErrConnDone) || errors.Is(err, errClosed) || err.Error() == "sql: database is closed" {
		return fmt.Errorf("%s: archive %s is closed: %w", doing, path, index.ErrUnavailable)
	}
	var fault *sqlite.Error
	if !errors.As(err, &fault) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	advice, meaning := meaningOf(fault.Code())
	if meaning == nil {
		return fmt.Errorf("%s: archive %s: %w", doing, path, err)
	}
	return fmt.Errorf("%s: archive %s %w: %s (%s)", doing, path, meaning, advice, strings.ReplaceAll(fault.Error(), "\n", " "))
}

// errClosed is the answer of a database after Close.
var errClosed = errors.New("closed")

// isOurs tells whether err says already what the caller can do.
func isOurs(err error) bool {
	var reader *index.ReaderChangedError
	if errors.As(err, &reader) {
		return true
	}
	for _, known := range []error{index.ErrNotFound, index.ErrInvalid, index.ErrReadOnly, index.ErrDamaged, index.ErrNewer} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// isBusy tells whether another connection was in the way.
func isBusy(err error) bool {
	var fault *sqlite.Error
	return errors.As(err, &fault) && fault.Code()&0xff == lib.SQLITE_BUSY
}

// meaningOf tells what a result code of SQLite means for the caller, nil where nothing
// in particular. https://www.sqlite.org/rescode.html
func meaningOf(code int) (advice string, meaning error) {
	switch code {
	case lib.SQLITE_IOERR_WRITE, lib.SQLITE_IOERR_FSYNC, lib.SQLITE_IOERR_SHMSIZE, lib.SQLITE_IOERR_TRUNCATE:
		return "check that its disk has room and is healthy", index.ErrReadOnly
	}
	switch code & 0xff {
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return "put a backup in its place", index.ErrDamaged
	case lib.SQLITE_FULL:
		return "its disk is full: make room and try again", index.ErrReadOnly
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_AUTH:
		return "check who may write the file and its folder", index.ErrReadOnly
	case lib.SQLITE_CANTOPEN:
		return "check that its folder exists and may be written", index.ErrReadOnly
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return "another program has been writing it for long: wait for it or stop it", index.ErrLocked
	}
	return "", nil
}
