//go:build !linux

package bench

import "errors"

// Forget is not possible here.
func Forget(string) error { return errors.ErrUnsupported }
