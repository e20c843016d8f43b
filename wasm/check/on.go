//go:build attack

package check

import (
	"runtime"
	"slices"
	"sync"
)

// Site is a place in the code where a check was about to refuse.
type Site struct {
	Check Name
	File  string
	Line  int
}

var state struct {
	sync.Mutex
	off   map[Name]bool
	asked []Site
}

// Off says whether a check was taken away, and notes that it was asked for, which it is where it is about to refuse.
func Off(n Name) bool {
	_, file, line, _ := runtime.Caller(1)
	site := Site{Check: n, File: file, Line: line}
	state.Lock()
	defer state.Unlock()
	if !slices.Contains(state.asked, site) {
		state.asked = append(state.asked, site)
	}
	return state.off[n]
}

// Gone is [Off] where what a check keeps up is left undone with it: nothing is refused there, and nothing noted.
func Gone(n Name) bool {
	state.Lock()
	defer state.Unlock()
	return state.off[n]
}

// Watch forgets what was asked for, takes the named checks away, and gives what puts them back.
func Watch(names ...Name) (restore func()) {
	off := map[Name]bool{}
	for _, n := range names {
		off[n] = true
	}
	state.Lock()
	defer state.Unlock()
	before := state.off
	state.off, state.asked = off, nil
	return func() {
		state.Lock()
		defer state.Unlock()
		state.off = before
	}
}

// Without takes checks away until the test ends.
func Without(t interface{ Cleanup(func()) }, names ...Name) { t.Cleanup(Watch(names...)) }

// Asked gives the places where a check was about to refuse since the last [Watch], in order.
func Asked() []Site {
	state.Lock()
	defer state.Unlock()
	return slices.Clone(state.asked)
}
