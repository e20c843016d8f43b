package client_test

import (
	"errors"
	"fmt"
	"testing"

	"sotto/wasm/client"
)

type coded struct{}

func (coded) Error() string { return "no storage" }
func (coded) Code() string  { return "storage-unavailable" }
func (coded) Unwrap() error { return client.ErrStorageFailed }

func TestOpening(t *testing.T) {
	for _, c := range []struct {
		err  error
		code string
	}{
		{fmt.Errorf("open the database: %w", client.ErrStorageFull), client.CodeStorageFull},
		{fmt.Errorf("open the database: %w", client.ErrStorageCorrupt), client.CodeCorrupt},
		{fmt.Errorf("open the database: %w", client.ErrStorageFailed), client.CodeStorageFailed},
		{fmt.Errorf("open: %w", coded{}), "storage-unavailable"},
	} {
		var named interface{ Code() string }
		if err := client.Opening(c.err); !errors.As(err, &named) || named.Code() != c.code || !errors.Is(err, c.err) {
			t.Errorf("%v: got %v, want the code %s", c.err, err, c.code)
		}
	}
	if other := errors.New("no keys"); client.Opening(other) != other {
		t.Error("an error that is none of a store's was changed")
	}
}
