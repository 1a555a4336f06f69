package warc

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Repair cuts a file that ends within a record, as a crash leaves it, to its last whole
// record and returns how many bytes it cut; the cut is durable. A sound file is left as
// it is, and so is damage before the last whole record. It fails with ErrFormat for other
// files and for those whose records share one gzip member.
func Repair(path string) (cutBytes int64, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, fmt.Errorf("repair WARC file: %w", err)
	}
	defer func() {
		if closeErr := f.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("repair %s: %w", path, closeErr)
		}
	}()
	size, end, err := wholeLength(f)
	if err != nil || end == size {
		if err != nil {
			err = fmt.Errorf("repair %s: %w", path, err)
		}
		return 0, err
	}
	if err := f.Truncate(end); err != nil {
		return 0, fmt.Errorf("repair %s: %w", path, err)
	}
	if err := f.Sync(); err != nil {
		return 0, fmt.Errorf("repair %s: %w", path, err)
	}
	return size - end, nil
}

// wholeLength returns the size of a file and where its last whole record ends; the two
// are equal unless the tail is torn.
func wholeLength(f *os.File) (size, end int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, 0, err
	}
	size = info.Size()
	r, err := NewReader(f)
	if err != nil {
		return size, size, err
	}
	for {
		record, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return size, size, nil
		case errors.Is(err, ErrTorn):
			return size, end, nil
		case MayContinue(err):
		case err != nil:
			return size, size, err
		case record.Offset < 0:
			return size, size, fmt.Errorf("its records share a gzip member: %w", ErrFormat)
		default:
			end = record.Offset + record.Length
		}
	}
}
