package api

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"time"

	"agora/index"
	"agora/index/export"
)

// exportPatience is how long a reader may take for a piece before the export ends.
const exportPatience = time.Minute

// begunError is a failure after the first byte: no status can tell of it any more.
type begunError struct{ error }

func (e begunError) Unwrap() error { return e.error }

// Begun tells whether an export failed after its first byte was written.
func Begun(err error) bool {
	var begun begunError
	return errors.As(err, &begun)
}

// ExportJSONL streams all that a question finds, a release a line.
func (a *API) ExportJSONL(w http.ResponseWriter, r *http.Request) error {
	return a.export(w, r, "application/x-ndjson", "agora.jsonl", export.JSONL)
}

// ExportCSV streams all that a question finds as a table.
func (a *API) ExportCSV(w http.ResponseWriter, r *http.Request) error {
	return a.export(w, r, "text/csv; charset=utf-8", "agora.csv", export.CSV)
}

// export streams what a question finds. The headers name a sequence of the archive from
// which the change log can be applied to the export to keep a mirror. An export is
// complete: limit, cursor and the like are taken as everywhere, so that the parameters of
// any search can be used as they are, and change nothing.
func (a *API) export(w http.ResponseWriter, r *http.Request, mediaType, file string,
	write func(io.Writer, iter.Seq2[index.Release, error]) (int, error)) error {
	q, err := question(r)
	if err != nil {
		return err
	}
	state, err := a.Searcher.Engine.State(r.Context())
	if err != nil {
		return fmt.Errorf("read index: %w", err)
	}
	h := w.Header()
	lazy := &beginning{w: w, connection: http.NewResponseController(w), begin: func() {
		h.Set("Content-Type", mediaType)
		h.Set("Content-Disposition", `attachment; filename="`+file+`"`)
		h.Set("Cache-Control", "no-store")
		h.Set("Agora-Archive", a.Store.ID())
		h.Set("Agora-Sequence", strconv.FormatInt(state.Sequence, 10))
		w.WriteHeader(http.StatusOK)
	}}
	if r.Method == http.MethodHead {
		lazy.start()
		return nil
	}
	_, err = write(lazy, index.Selected(r.Context(), a.Store, a.Searcher.Engine, q))
	if err != nil && lazy.begun {
		return begunError{err}
	}
	if err != nil {
		return err
	}
	lazy.start() // also an empty export has its headers
	return nil
}

// beginning calls begin before the first byte, so that a failure until then still gets
// its own status, and gives the reader time for every piece anew.
type beginning struct {
	w          io.Writer
	connection *http.ResponseController
	begin      func()
	begun      bool
}

func (b *beginning) start() {
	if !b.begun {
		b.begun = true
		b.begin()
	}
}

func (b *beginning) Write(p []byte) (int, error) {
	b.start()
	_ = b.connection.SetWriteDeadline(time.Now().Add(exportPatience)) // not every writer has one
	return b.w.Write(p)
}
