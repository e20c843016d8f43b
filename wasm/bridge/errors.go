package bridge

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// The codes of the bridge itself.
const (
	codeInternal  = "internal"
	codeUnknownOp = "unknown-op"
	codeBadArgs   = "bad-args"
)

// failure is an error of the bridge itself.
type failure struct{ code, message string }

// Error says what is wrong. It holds nothing of a value.
func (f failure) Error() string { return f.message }

// Code is the code for JavaScript.
func (f failure) Code() string { return f.code }

// codeOf gives the code that an error carries.
func codeOf(err error) string {
	var coded interface{ Code() string }
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return codeInternal
}

// panicked makes an error of a panic that was just recovered from. A panic's value may quote what it failed on, so
// only its type and the place are told.
func panicked(value any) error {
	return failure{code: codeInternal, message: fmt.Sprintf("panic: %T at %s", value, panicPlace())}
}

// panicPlace finds the function that panicked: the first below the runtime's own.
func panicPlace() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	below := false
	for {
		frame, more := frames.Next()
		switch inRuntime := strings.HasPrefix(frame.Function, "runtime."); {
		case frame.Function == "runtime.gopanic":
			below = true
		case below && !inRuntime:
			return fmt.Sprintf("%s:%d", frame.Function, frame.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
