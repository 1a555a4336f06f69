package export

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"agora/index"
)

// JSONL writes each release as one line of JSON, the object of the public interface, in
// UTF-8 and without HTML escapes. It returns how many lines it wrote. It stops at the
// first error, of the stream or of the writer; the lines written before are whole. A line
// goes to w in one Write.
func JSONL(w io.Writer, releases iter.Seq2[index.Release, error]) (n int, err error) {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for r, err := range releases {
		if err != nil {
			return n, fmt.Errorf("read releases: %w", err)
		}
		if err := encoder.Encode(complete(r)); err != nil {
			return n, fmt.Errorf("write release %s: %w", r.ID, err)
		}
		n++
	}
	return n, nil
}

// complete makes empty lists of those that are always known. Topics and kinds stay as
// they are: there, null says that nobody has determined them.
func complete(r index.Release) index.Release {
	r.Tags = known(r.Tags)
	r.Facts = known(r.Facts)
	r.Attachments = known(r.Attachments)
	r.Candidates = known(r.Candidates)
	r.Evidence = known(r.Evidence)
	if r.Coalition != nil {
		c := *r.Coalition
		c.Leads, c.Members, c.Others = known(c.Leads), known(c.Members), known(c.Others)
		r.Coalition = &c
	}
	return r
}

func known[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
