package index

import (
	"errors"
	"fmt"
)

// What can go wrong in a store or an engine, by what the caller can do about it. They
// are wrapped with what failed and on what; one table in cmd turns them into exit codes
// and one in server into statuses.
var (
	ErrNotFound      = errors.New("not found")
	ErrInvalid       = errors.New("not valid")                    // the caller's input; the message says which part
	ErrCursorExpired = errors.New("cursor has expired")           // ask again from the first page
	ErrLocked        = errors.New("in use by another process")    // the message says by whom
	ErrDamaged       = errors.New("damaged")                      // restore a backup or rebuild
	ErrNewer         = errors.New("made by a newer program")      // use that program
	ErrForeign       = errors.New("belongs to another archive")   // an index of another store
	ErrAhead         = errors.New("is ahead of the archive")      // an index that knows sequences the store lacks
	ErrSchema        = errors.New("has another format")           // an index of another version: rebuild
	ErrReadOnly      = errors.New("cannot be written")            // permissions or a full disk
	ErrUnavailable   = errors.New("not available at the moment")  // closing, rebuilding, over budget
	ErrUnsupported   = errors.New("not supported by this engine") // said in a warning where it is part of a query
)

// ReaderChangedError says that a capture can't be compared: the last capture of the
// release's version was read by other code. Read that capture again, hand the result to
// Store.Reread, and repeat the observation.
type ReaderChangedError struct {
	ReleaseID string
	CaptureID int64  // the capture to read again
	Reader    string // the code that read it
}

// Error says which capture has to be read again.
func (e *ReaderChangedError) Error() string {
	return fmt.Sprintf("release %s: capture %d was read by %s and must be read again first", e.ReleaseID, e.CaptureID, e.Reader)
}
