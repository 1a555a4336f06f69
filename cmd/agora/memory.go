package main

import (
	"os"
	"runtime/debug"
)

// Long work allocates much that lives briefly. Collecting less often makes an import a
// fifth quicker; the soft limit keeps its memory below what a small machine has.
const (
	busyCollection = 300     // percent of growth between collections; Go's own is 100
	busyMemory     = 1 << 30 // bytes at which collections become frequent again
)

// favorThroughput sets the collector for a command that works through much data and then
// ends. What the user sets in GOGC or GOMEMLIMIT holds.
func favorThroughput() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(busyCollection)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(busyMemory)
	}
}

// crawlMemory is the soft limit of a crawl: it lasts for hours beside other work and lets
// its memory be collected more often instead.
const crawlMemory = 192 << 20

// favorMemory sets the collector for a crawl and returns what takes that back: the index
// that follows may need more.
func favorMemory() (restore func()) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	before := debug.SetMemoryLimit(crawlMemory)
	return func() { debug.SetMemoryLimit(before) }
}
