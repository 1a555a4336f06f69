//go:build unix

package bench

import (
	"syscall"
	"time"
)

// Processor is what the process has used of all processors: on a busy machine the time
// that can be compared.
func Processor() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
