//go:build !unix

package server

import (
	"errors"
	"time"
)

// RaiseFiles does nothing: the system has no such limit.
func RaiseFiles(uint64) error { return nil }

// OwnProcessor is not known here.
func OwnProcessor() (time.Duration, error) {
	return 0, errors.New("own processor time: not known on this system")
}
