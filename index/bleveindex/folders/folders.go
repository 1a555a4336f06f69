package folders

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"
	bolt "go.etcd.io/bbolt/errors"

	"agora/index"
)

const (
	currentFile  = "current"
	folderPrefix = "index-"
	// lockWait is how long Open waits for another process to let go of the index.
	lockWait = "300ms"
)

// Current returns the name of the folder in use, "" in a new index.
func Current(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, currentFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(string(b))
	if _, err := folderNumber(name); err != nil {
		return "", fmt.Errorf("read %s: %w", currentFile, index.ErrDamaged)
	}
	return name, nil
}

func folderNumber(name string) (int, error) {
	digits, ok := strings.CutPrefix(name, folderPrefix)
	if !ok {
		return 0, fs.ErrInvalid
	}
	return strconv.Atoi(digits)
}

// Next returns a name that no folder in dir has.
func Next(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	highest := 0
	for _, e := range entries {
		if n, err := folderNumber(e.Name()); err == nil {
			highest = max(highest, n)
		}
	}
	return folderPrefix + strconv.Itoa(highest+1), nil
}

// SetCurrent makes name the folder in use, durably and at once.
func SetCurrent(dir, name string) error {
	f, err := os.CreateTemp(dir, currentFile+"-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(name + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, currentFile))
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	return syncFolder(dir)
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Sweep removes what rebuilds that were cut short have left in dir.
func Sweep(dir, current string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		_, err := folderNumber(e.Name())
		rubble := err == nil && e.Name() != current || strings.HasPrefix(e.Name(), currentFile+"-")
		if !rubble {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// OpenScorch opens the index in a folder, or makes it. A broken file may make the library
// panic; that is damage like any other.
func OpenScorch(path string, queue *bleve.AnalysisQueue) (s *scorch.Scorch, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("open index: %v: %w", r, index.ErrDamaged)
		}
	}()
	config := map[string]any{"path": path, "bolt_timeout": lockWait}
	opened, err := scorch.NewScorch(scorch.Name, config, queue)
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	if err := opened.Open(); err != nil {
		return nil, fmt.Errorf("open index: %w", OpenError(err))
	}
	return opened.(*scorch.Scorch), nil
}

// OpenError says what an error of opening means to the caller.
func OpenError(err error) error {
	switch {
	case errors.Is(err, bolt.ErrTimeout):
		return fmt.Errorf("%w: %w", index.ErrLocked, err)
	case unwritable(err):
		return fmt.Errorf("%w: %w", index.ErrReadOnly, err)
	}
	return fmt.Errorf("%w: %w", index.ErrDamaged, err)
}

// WriteError says what an error of writing means to the caller.
func WriteError(err error) error {
	if unwritable(err) {
		return fmt.Errorf("%w: %w", index.ErrReadOnly, err)
	}
	return err
}

func unwritable(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
