package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"

	"agora/crawler/warc"
)

// maxExpansion bounds how much larger an unpacked file may be: web pages shrink to a
// tenth, and nothing honest to less than a hundredth.
const maxExpansion = 100

// Unpack replaces files whose records can't be read alone, because the whole file is
// one gzip member, by plain copies in a temporary folder, so that captures can be taken
// in order of time. The function that is returned takes the copies away.
func Unpack(files []File, fail Fail) (cleanUp func(), err error) {
	folder := ""
	cleanUp = func() {
		if folder != "" {
			_ = os.RemoveAll(folder) // what is left is the system's to clear
		}
	}
	for i, f := range files {
		if f.format != formatWARC || !strings.HasSuffix(strings.ToLower(f.path), ".gz") || !isOneMember(f.path) {
			continue
		}
		if folder == "" {
			if folder, err = os.MkdirTemp("", "agora-import-"); err != nil {
				return cleanUp, fmt.Errorf("make a temporary folder: %w", err)
			}
		}
		copied, err := unpack(folder, f.path)
		if err != nil {
			// The file itself is read as far as it goes; only the order of time is lost.
			fail(f.path, fmt.Errorf("it can't be unpacked, so its captures are taken as they stand: %w", err))
			continue
		}
		files[i].shown, files[i].path = f.path, copied
	}
	return cleanUp, nil
}

// isOneMember tells whether the first record of a file has no offset of its own.
func isOneMember(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	reader, err := warc.NewReader(file)
	if err != nil {
		return false
	}
	record, err := reader.Next()
	return err == nil && record.Offset < 0
}

// unpack writes the plain form of a compressed file into folder.
func unpack(folder, path string) (name string, err error) {
	source, err := os.Open(path)
	if err != nil {
		return "", reason(err)
	}
	defer source.Close()
	info, err := source.Stat()
	if err != nil {
		return "", reason(err)
	}
	target, err := os.CreateTemp(folder, "*.warc")
	if err != nil {
		return "", reason(err)
	}
	defer func() {
		if closeErr := target.Close(); closeErr != nil && err == nil {
			err = closeErr
		}
	}()
	unzipped, err := gzip.NewReader(source)
	if err != nil {
		return "", err
	}
	most := maxExpansion * info.Size()
	written, err := io.Copy(target, io.LimitReader(unzipped, most+1))
	if err == nil && written > most {
		err = errors.New("it grows to more than a hundred times its size")
	}
	return target.Name(), err
}
