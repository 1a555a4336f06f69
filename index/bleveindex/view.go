package bleveindex

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"agora/index"
	"agora/index/bleveindex/columns"
	"agora/index/bleveindex/folders"
	"agora/index/bleveindex/postings"
)

// stateKey is where the index keeps its state among its internal values.
const stateKey = "agora"

// storedState is the state in its stored form, JSON.
type storedState struct {
	Store      string `json:"store"`
	Sequence   int64  `json:"sequence"`
	Schema     int    `json:"schema"`
	Vocabulary string `json:"vocabulary"` // that the records were written with
}

// view is a snapshot of the index with everything that searches need of it. It never
// changes. Merges in the background change segments but not what they say, so a view
// stays right until the next write; it holds on to the files that it reads.
type view struct {
	snapshot *scorch.IndexSnapshot
	content  postings.Snapshot
	numbers  []uint64 // of its segments
	state    index.EngineState

	mutex      sync.Mutex
	references int
}

// newView reads the current snapshot of an index. Columns of segments in before are
// taken over: a segment never changes.
func newView(s *scorch.Scorch, before *view) (*view, error) {
	reader, err := s.Reader()
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok || snapshot == nil {
		return nil, fmt.Errorf("read index: %w", index.ErrUnavailable)
	}
	v := &view{snapshot: snapshot, references: 1}
	if err := v.load(before); err != nil {
		snapshot.Close()
		return nil, err
	}
	return v, nil
}

func (v *view) load(before *view) (err error) {
	if v.state, err = stateOf(v.snapshot); err != nil {
		return err
	}
	known := map[uint64]postings.Segment{}
	if before != nil {
		for i, s := range before.content.Segments {
			known[before.numbers[i]] = s
		}
	}
	var titles, texts, count int
	for _, s := range v.snapshot.Segments() {
		c, kept := known[s.Id()].Columns, known[s.Id()].Kept
		if c == nil {
			if c, err = folders.LoadColumns(s.Segment()); err != nil {
				return err
			}
			kept = postings.NewKept(c.Count)
		}
		v.content.Segments = append(v.content.Segments, postings.Segment{Data: s.Segment(), Deleted: s.Deleted(), Columns: c, Kept: kept})
		v.numbers = append(v.numbers, s.Id())
		v.state.Releases += int(s.Count())
		count += int(s.Count())
		title, text := c.Lengths(s.Deleted())
		titles += title
		texts += text
	}
	v.content.Releases = v.state.Releases
	v.content.TitleAverage = max(1, float64(titles)/float64(max(1, count)))
	v.content.TextAverage = max(1, float64(texts)/float64(max(1, count)))
	return nil
}

// stateOf reads the state that a snapshot holds.
func stateOf(snapshot *scorch.IndexSnapshot) (index.EngineState, error) {
	b, err := snapshot.GetInternal([]byte(stateKey))
	if err != nil {
		return index.EngineState{}, fmt.Errorf("read state of index: %w", err)
	}
	if len(b) == 0 {
		return index.EngineState{}, fmt.Errorf("read state of index: it is missing: %w", index.ErrDamaged)
	}
	var stored storedState
	if err := json.Unmarshal(b, &stored); err != nil {
		return index.EngineState{}, fmt.Errorf("read state of index: %w: %w", index.ErrDamaged, err)
	}
	if stored.Schema != Schema || stored.Vocabulary != columns.Vocabulary() {
		return index.EngineState{}, fmt.Errorf("read index of schema %d (this program's is %d): %w", stored.Schema, Schema, index.ErrSchema)
	}
	return index.EngineState{Lineage: stored.Store, Sequence: stored.Sequence, Schema: stored.Schema}, nil
}

func encodeState(lineage string, sequence int64) []byte {
	b, err := json.Marshal(storedState{Store: lineage, Sequence: sequence, Schema: Schema, Vocabulary: columns.Vocabulary()})
	if err != nil {
		panic(err) // strings and numbers
	}
	return b
}

// acquire keeps the view open until release.
func (v *view) acquire() {
	v.mutex.Lock()
	v.references++
	v.mutex.Unlock()
}

func (v *view) release() error {
	v.mutex.Lock()
	v.references--
	last := v.references == 0
	v.mutex.Unlock()
	if !last {
		return nil
	}
	return v.snapshot.Close()
}
