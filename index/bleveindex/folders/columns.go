package folders

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
	"agora/index/bleveindex/columns"
	"agora/index/bleveindex/documents"
)

// savedFrom is from how many documents on columns are saved: those of fewer are read from
// the records as quickly.
const savedFrom = 512

// savedSuffix makes the name of the saved columns from that of the segment's file.
const savedSuffix = ".columns"

// LoadColumns returns the columns of a segment: the saved ones, else built, and then saved
// where the segment is a file. They are bound to its content by its checksum: numbers of
// segments come again after a crash. That they can't be saved costs time only.
func LoadColumns(s zap.Segment) (*columns.Columns, error) {
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

// SweepColumns removes saved columns whose segments are gone. A view that is still held has
// its own open.
func SweepColumns(folder string) error {
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
			case documents.RecordField:
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
