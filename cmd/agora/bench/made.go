package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"agora/index"
)

// madeFile says in a kept folder what was made there: one JSON object. It is written
// first, so that a folder without it is somebody's own.
const madeFile = "bench.json"

type made struct {
	Rules    string `json:"rules"` // version of the rules of making
	Seed     uint64 `json:"seed"`
	Releases int    `json:"releases"`
	From     string `json:"from"`
}

// Claim makes the folder dir, which may exist, the place of the corpus. A folder that has
// something else in it is ErrInvalid.
func (c Corpus) Claim(dir string) error {
	want := made{readerVersion, c.Seed, c.Releases, filepath.Base(c.From)}
	if c.From == "" {
		want.From = ""
	}
	path := filepath.Join(dir, madeFile)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return claimNew(dir, path, want)
	}
	if err != nil {
		return err
	}
	var held made
	if err := json.Unmarshal(content, &held); err != nil {
		return fmt.Errorf("read %s: %w: %w", path, index.ErrInvalid, err)
	}
	if held != want {
		return fmt.Errorf("use %s: %w: it keeps %d releases of seed %d (from %q, %s), not those asked for; name another folder", dir, index.ErrInvalid, held.Releases, held.Seed, held.From, held.Rules)
	}
	return nil
}

func claimNew(dir, path string, want made) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("use %s: %w: there are other files in it", dir, index.ErrInvalid)
	}
	content, err := json.Marshal(want)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(content, '\n'), 0o600)
}
