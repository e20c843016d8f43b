//go:build unix

package server

import (
	"fmt"
	"syscall"
	"time"
)

// RaiseFiles lets this process and those that it starts have as many open files as the system allows, and says how
// many that is. It returns an error when that is less than the wanted number.
func RaiseFiles(want uint64) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("limit of open files: %w", err)
	}
	if limit.Cur < want {
		limit.Cur = limit.Max
		if limit.Max < want { // the superuser may raise it
			limit.Cur, limit.Max = want, want
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
			return fmt.Errorf("raise the limit of open files to %d (ulimit -n): %w", want, err)
		}
	}
	return nil
}

// OwnProcessor gives the processor time that this process has used.
func OwnProcessor() (time.Duration, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, fmt.Errorf("own processor time: %w", err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), nil
}
