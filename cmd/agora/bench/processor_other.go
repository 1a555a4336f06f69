//go:build !unix

package bench

import "time"

// Processor is not known here.
func Processor() time.Duration { return 0 }
