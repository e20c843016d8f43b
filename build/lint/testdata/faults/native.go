//go:build !js

package faults

import "fmt"

// NativeVet has the fault that go vet finds.
func NativeVet() string {
	return fmt.Sprintf("%d", "not a number")
}

// NativeStatic has the fault that staticcheck finds.
func NativeStatic(b bool) bool { return b == true }
