package sqlite_test

import (
	"syscall"
	"testing"
)

// mount puts a small file system in memory on dir for the time of the test. It skips where that is not allowed.
func mount(t *testing.T, dir string, flags uintptr, options string) {
	t.Helper()
	if err := syscall.Mount("sotto-test", dir, "tmpfs", flags, options); err != nil {
		t.Skipf("mount a file system for the test: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}
