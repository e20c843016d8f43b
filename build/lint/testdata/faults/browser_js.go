package faults

import "fmt"

// BrowserVet has the fault that go vet finds.
func BrowserVet() string {
	return fmt.Sprintf("%d", "not a number")
}

// BrowserStatic has the fault that staticcheck finds.
func BrowserStatic(b bool) bool { return b == true }
