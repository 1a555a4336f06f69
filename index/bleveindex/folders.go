package bleveindex

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

// currentFolder returns the name of the folder in use, "" in a new index.
func currentFolder(dir string) (string, error) {
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

// nextFolder returns a name that no folder in dir has.
func nextFolder(dir string) (string, error) {
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

// setCurrent makes name the folder in use, durably and at once.
func setCurrent(dir, name string) error {
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

// sweep removes what rebuilds that were cut short have left in dir.
func sweep(dir, current string) error {
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

// openScorch opens the index in a folder, or makes it. A broken file may make the library
// panic; that is damage like any other.
func openScorch(path string, queue *bleve.AnalysisQueue) (s *scorch.Scorch, err error) {
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
		return nil, fmt.Errorf("open index: %w", openError(err))
	}
	return opened.(*scorch.Scorch), nil
}

// openError says what an error of opening means to the caller.
func openError(err error) error {
	switch {
	case errors.Is(err, bolt.ErrTimeout):
		return fmt.Errorf("%w: %w", index.ErrLocked, err)
	case unwritable(err):
		return fmt.Errorf("%w: %w", index.ErrReadOnly, err)
	}
	return fmt.Errorf("%w: %w", index.ErrDamaged, err)
}

// writeError says what an error of writing means to the caller.
func writeError(err error) error {
	if unwritable(err) {
		return fmt.Errorf("%w: %w", index.ErrReadOnly, err)
	}
	return err
}

func unwritable(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// Remove deletes the index in dir so that it can be built anew. It must not be open.
func Remove(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove index: %w", writeError(err))
	}
	return nil
}
