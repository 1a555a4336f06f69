package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Memory is what a process holds, in bytes.
type Memory struct {
	Resident  int64 `json:"resident_bytes"`
	Anonymous int64 `json:"anonymous_bytes"` // not backed by a file: what can't be given back
	Mapped    int64 `json:"mapped_bytes"`    // the rest: pages of files, shared with the cache of the system
}

// ReadMemory returns what this process holds. Only Linux tells (proc(5), smaps_rollup).
func ReadMemory() (Memory, error) {
	content, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return Memory{}, fmt.Errorf("read memory: %w", err)
	}
	return parseMemory(string(content))
}

func parseMemory(rollup string) (Memory, error) {
	read := map[string]int64{}
	for line := range strings.Lines(rollup) {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		if kB, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64); err == nil {
			read[name] = kB << 10
		}
	}
	m := Memory{Resident: read["Rss"], Anonymous: read["Anonymous"]}
	m.Mapped = m.Resident - m.Anonymous
	if m.Resident == 0 {
		return m, fmt.Errorf("read memory: it says nothing of Rss")
	}
	return m, nil
}
