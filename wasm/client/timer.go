package client

import "time"

// later runs f in a goroutine of the engine's after some seconds.
func (e *Engine) later(seconds int64, f func()) {
	e.ports.Clock.AfterFunc(time.Duration(seconds)*time.Second, func() { e.start(f) })
}

// SystemClock is the [Clock] of the machine.
type SystemClock struct{}

// Now implements [Clock].
func (SystemClock) Now() time.Time { return time.Now() }

// AfterFunc implements [Clock].
func (SystemClock) AfterFunc(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}
