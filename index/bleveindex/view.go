package bleveindex

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
	"agora/index/bleveindex/columns"
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
			if c, err = loadColumns(s.Segment()); err != nil {
				return err
			}
			kept = &postings.Kept{}
		}
		v.content.Segments = append(v.content.Segments, postings.Segment{Data: s.Segment(), Deleted: s.Deleted(), Columns: c, Kept: kept})
		v.numbers = append(v.numbers, s.Id())
		v.state.Releases += int(s.Count())
		count += c.Count
		titles += c.TitleTotal
		texts += c.TextTotal
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

// savedFrom is from how many documents on columns are saved: those of fewer are read from
// the records as quickly.
const savedFrom = 512

// savedSuffix makes the name of the saved columns from that of the segment's file.
const savedSuffix = ".columns"

// loadColumns returns the columns of a segment: the saved ones, else built, and then saved
// where the segment is a file. They are bound to its content by its checksum: numbers of
// segments come again after a crash. That they can't be saved costs time only.
func loadColumns(s zap.Segment) (*columns.Columns, error) {
	persisted, ok := s.(interface {
		Path() string
		CRC() uint32
	})
	if !ok || s.Count() < savedFrom {
		return readColumns(s)
	}
	path := persisted.Path() + savedSuffix
	if c, err := columns.Open(path, uint64(persisted.CRC()), int(s.Count())); err == nil {
		return c, nil
	}
	c, err := readColumns(s)
	if err != nil || c.Save(path, uint64(persisted.CRC())) != nil {
		return c, err
	}
	if c, err := columns.Open(path, uint64(persisted.CRC()), int(s.Count())); err == nil {
		return c, nil // mapped, so that what was built need not stay in memory
	}
	return c, nil
}

// sweepColumns removes saved columns whose segments are gone. A view that is still held has
// its own open.
func sweepColumns(folder string) error {
	saved, err := filepath.Glob(filepath.Join(folder, "*"+savedSuffix+"*"))
	if err != nil {
		return err
	}
	for _, path := range saved {
		segment, rest, _ := strings.Cut(path, savedSuffix)
		if _, err := os.Stat(segment); errors.Is(err, fs.ErrNotExist) || rest != "" {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// readColumns builds the columns of a segment from its stored records.
func readColumns(s zap.Segment) (c *columns.Columns, err error) {
	defer func() {
		if r := recover(); r != nil {
			c, err = nil, fmt.Errorf("read records: %v: %w", r, index.ErrDamaged)
		}
	}()
	c, err = columns.Build(int(s.Count()), func(doc int, use func(id, record []byte)) error {
		var id []byte
		return s.VisitStoredFields(uint64(doc), func(field string, _ byte, value []byte, _ []uint64) bool {
			switch field {
			case "_id":
				id = value
			case postings.RecordField:
				use(id, value)
				return false
			}
			return true
		})
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", index.ErrDamaged, err)
	}
	return c, nil
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
