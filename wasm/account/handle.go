package account

import "errors"

// MaxHandle is the longest handle, in bytes.
const MaxHandle = 32

// ErrHandle is a name that cannot be a handle.
var ErrHandle = errors.New("a handle has 1 to 32 of a-z, 0-9 and, between them, . _ -")

// Handle is a name the relay hands out for an account: a pointer, never a proof. Lower-case ASCII, so that no two
// look alike.
type Handle string

// ParseHandle checks a handle. It returns [ErrHandle].
func ParseHandle(s string) (Handle, error) {
	if len(s) == 0 || len(s) > MaxHandle || !alphanumeric(s[0]) || !alphanumeric(s[len(s)-1]) {
		return "", ErrHandle
	}
	for i := range len(s) {
		if c := s[i]; !alphanumeric(c) && c != '.' && c != '_' && c != '-' {
			return "", ErrHandle
		}
	}
	return Handle(s), nil
}

func alphanumeric(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
